# A checker of JSON against a JSON Schema (draft 2020-12), for the keywords that doc/tariff.schema.json has. A keyword that it
# does not know is an error, so that none is passed over.
package JsonSchema;
use strict;
use warnings;
use B ();
use JSON::PP ();

sub new
{
    my ($class, $schema) = @_;
    return bless {root => $schema}, $class;
}

sub type_of
{
    my ($value) = @_;
    return 'null' unless defined $value;
    return 'boolean' if JSON::PP::is_bool($value);
    return {HASH => 'object', ARRAY => 'array'}->{ref $value} if ref $value;
    my $flags = B::svref_2object(\$value)->FLAGS;
    return 'string' if $flags & B::SVf_POK;
    return $value == int $value ? 'integer' : 'number';
}

sub is_number { return type_of($_[0]) =~ /^(?:integer|number)$/ }

sub equal
{
    my ($one, $other) = @_;
    my $json = JSON::PP->new->canonical->allow_nonref;
    return (is_number($one) && is_number($other)) ? $one == $other : $json->encode($one) eq $json->encode($other);
}

sub ref_of
{
    my ($self, $path) = @_;
    my $schema = $self->{root};
    $path =~ s/^#\/// or die "$path is no reference within the schema";
    $schema = $schema->{$_} // die "$path is not there" for split m{/}, $path;
    return $schema;
}

sub members_hold
{
    my ($self, $schema, $value) = @_;
    return !grep { exists $value->{$_} && !$self->holds($schema->{$_}, $value->{$_}) } keys %$schema;
}

my %keyword;
%keyword = (
    '$schema'   => sub { 1 },
    '$defs'     => sub { 1 },
    title       => sub { 1 },
    description => sub { 1 },
    '$ref'      => sub { my ($self, $path, $value) = @_; $self->holds($self->ref_of($path), $value) },
    type        => sub { my (undef, $type, $value) = @_; $type eq 'number' ? is_number($value) : type_of($value) eq $type },
    enum        => sub { my (undef, $values, $value) = @_; scalar grep { equal($_, $value) } @$values },
    const       => sub { my (undef, $const, $value) = @_; equal($const, $value) },
    required    => sub { my (undef, $names, $value) = @_; ref $value ne 'HASH' || !grep { !exists $value->{$_} } @$names },
    properties  => sub { my ($self, $schema, $value) = @_; ref $value ne 'HASH' || $self->members_hold($schema, $value) },
    additionalProperties => sub {
        my (undef, $allowed, $value, $schema) = @_;
        die 'additionalProperties is false, or not there' if $allowed;
        return ref $value ne 'HASH' || !grep { !exists $schema->{properties}{$_} } keys %$value;
    },
    dependentRequired => sub {
        my (undef, $needs, $value) = @_;
        return ref $value ne 'HASH' || !grep { my $name = $_; exists $value->{$name} && grep { !exists $value->{$_} } @{ $needs->{$name} } } keys %$needs;
    },
    items     => sub { my ($self, $schema, $value) = @_; ref $value ne 'ARRAY' || !grep { !$self->holds($schema, $_) } @$value },
    minItems  => sub { my (undef, $min, $value) = @_; ref $value ne 'ARRAY' || @$value >= $min },
    minLength => sub { my (undef, $min, $value) = @_; type_of($value) ne 'string' || length $value >= $min },
    maxLength => sub { my (undef, $max, $value) = @_; type_of($value) ne 'string' || length $value <= $max },
    pattern   => sub { my (undef, $pattern, $value) = @_; type_of($value) ne 'string' || $value =~ /$pattern/ },
    minimum   => sub { my (undef, $min, $value) = @_; !is_number($value) || $value >= $min },
    maximum   => sub { my (undef, $max, $value) = @_; !is_number($value) || $value <= $max },
    exclusiveMinimum => sub { my (undef, $min, $value) = @_; !is_number($value) || $value > $min },
    exclusiveMaximum => sub { my (undef, $max, $value) = @_; !is_number($value) || $value < $max },
    not   => sub { my ($self, $schema, $value) = @_; !$self->holds($schema, $value) },
    allOf => sub { my ($self, $schemas, $value) = @_; !grep { !$self->holds($_, $value) } @$schemas },
    anyOf => sub { my ($self, $schemas, $value) = @_; scalar grep { $self->holds($_, $value) } @$schemas },
    oneOf => sub { my ($self, $schemas, $value) = @_; 1 == grep { $self->holds($_, $value) } @$schemas },
);

# Is a value what a schema says?
sub holds
{
    my ($self, $schema, $value) = @_;
    for my $name (sort keys %$schema)
    {
        my $check = $keyword{$name} // die "$name is a keyword that is not known";
        return 0 unless $check->($self, $schema->{$name}, $value, $schema);
    }
    return 1;
}

1;
