# doc/tariff.schema.json and the extension agree about random components, right ones and broken ones: what the schema refuses is
# SG108, and what it lets pass is set, unless it is one of the few things that no schema can say.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use JSON::PP ();
use JsonSchema;
use PostgreSQL::Test::Utils;
use Test::More;

my $COMPONENTS = 500;
my $BEYOND = qr/has an upto that is not above|is the last tier|which all but the last tier have|has a cap below its floor|must be unique|must be the name of a component/;
my $json = JSON::PP->new->canonical->allow_nonref;
my $schema = JsonSchema->new($json->decode(slurp_file('doc/tariff.schema.json')));

# A generator of its own: the same numbers with every Perl.
my $state = 13;
sub below { $state = ($state * 1103515245 + 12345) % 2147483648; return int($state / 65536) % $_[0] }
sub one_of { return $_[below(scalar @_)] }
sub some { my ($most, $make) = @_; return [map { $make->() } 0 .. below($most)] }
sub maybe { my ($object, %make) = @_; for my $name (sort keys %make) { $object->{$name} = $make{$name}->() if below(3) == 0 } return $object }

my @of = qw(energy covered rest demand point participant percent);
my %make;
%make = (
    kinds        => sub { some(3, sub { one_of(qw(consumption production exchange storage)) }) },
    classes      => sub { some(2, sub { one_of(qw(household business)) }) },
    pay          => sub { one_of(qw(charge credit)) },
    price        => sub { one_of(0, 1, -3, 0.151, 1234.5, 999999999) },
    per          => sub { one_of(qw(month day year run)) },
    prorate      => sub { one_of(qw(days none)) },
    days_of      => sub { one_of(qw(month period)) },
    index        => sub { maybe({series => 'spot'}, factor => $make{price}, cap => sub { one_of(1, 2.5) }, floor => sub { one_of(0, -1.5) }) },
    when         => sub { maybe({}, months => sub { some(3, sub { 1 + below(12) }) }, days => sub { some(3, sub { 1 + below(7) }) },
                                times => sub { some(2, sub { one_of('07:00-20:00', '22:00-06:00', '00:00-24:00', '23:59-00:00') }) },
                                holidays => sub { one_of(qw(as_sunday only ignore)) }, marked => sub { 'peaks' }) },
    tiers        => sub { one_of([{price => 1}], [{upto => 10, price => 0}, {price => 0.2}], [{upto => 0.5, price => 1}, {upto => 7, price => 2}, {price => -3}]) },
    tier_per     => sub { one_of(qw(month day run)) },
    demand       => sub { maybe(one_of({}, {measure => 'max'}, {measure => 'mean', n => 3, distinct_days => JSON::PP::true()}, {at => 'community_peak'}, {measure => 'mean', n => 1}),
                                interval => sub { one_of('15 minutes', '1 hour', '24 hours') }, ratchet_percent => sub { one_of(0, 80, 99.5, 100) },
                                ratchet_months => sub { 1 + below(36) }, ratchet_calendar_months => sub { [6, 7] }) },
    over         => sub { one_of(qw(point participant)) },
    on           => sub { ['Base'] },
    vat          => sub { one_of({category => 'S', rate => 20}, {category => 'S', rate => 5.5}, {category => 'O'}, {category => 'Z', rate => 0}, {category => 'AE'}, {category => 'E'}) },
    round        => sub { 'step' },
    price_digits => sub { below(13) },
);
my @all = qw(kinds classes pay price per prorate days_of index when tiers tier_per demand over on vat round price_digits);
my %of_keys = (
    (map { $_ => [qw(kinds classes pay index when over vat round price_digits)] } qw(energy covered rest)),
    demand      => [qw(kinds classes pay per index when demand over vat)],
    point       => [qw(kinds classes pay per prorate days_of index over vat round price_digits)],
    participant => [qw(kinds classes pay per prorate days_of index vat round price_digits)],
    percent     => [qw(pay vat)],
);

# A component as it should be, though not all that comes out of it is.
sub component
{
    my $of = one_of(@of);
    my $component = {name => 'A', of => $of};
    delete $component->{of} if $of eq 'energy' && below(2);
    maybe($component, map { $_ => $make{$_} } @{ $of_keys{$of} });
    if ($of =~ /energy|covered|rest|demand/ && below(3) == 0)
    {
        $component->{tiers} = $make{tiers}->();
        $component->{tier_per} = $make{tier_per}->() if $of ne 'demand' && below(2);
    }
    else
    {
        $component->{price} = $make{price}->();
    }
    $component->{on} = ['Base'] if $of eq 'percent';
    return $component;
}

sub nasty
{
    return one_of(undef, 0, -1, 1, 13, 37, 1.5, 1e15, -1e15, '', 'x', '1', 'point', 'mean', 'S', '24:00-07:00', '07:00-07:00', 'x' x 129, [], ['x'], [0], [7.5], {}, {price => 1},
                  JSON::PP::true(), JSON::PP::false());
}

# Breaks something somewhere in a value: takes a member away, adds one, or puts something else in the place of one.
sub broken
{
    my ($value) = @_;
    if (ref $value eq 'HASH')
    {
        my @names = sort keys %$value;
        my $what = below(6);
        if ($what == 0 && @names) { delete $value->{one_of(@names)} }
        elsif ($what == 1) { $value->{one_of(qw(prise upto rate n unit))} = nasty() }
        elsif ($what == 2) { my $name = one_of(@all); $value->{$name} = $make{$name}->() }
        elsif (@names) { my $name = one_of(@names); $value->{$name} = broken($value->{$name}) }
        return $value;
    }
    if (ref $value eq 'ARRAY' && @$value && below(2))
    {
        my $i = below(scalar @$value);
        $value->[$i] = broken($value->[$i]);
        return $value;
    }
    return nasty();
}

my @lists;
for my $n (1 .. $COMPONENTS)
{
    my $component = component();
    $component = broken($component) if $n % 2 == 0;
    push @lists, $json->encode([{name => 'Base', price => 1}, $component]);
}

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->create_grid_database('grid');
$node->safe_psql('grid', <<'SQL');
CREATE FUNCTION try(components jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM sg_set_tariff('t', '2024-01-01 00:00Z', components);
    RETURN '';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SQL
my $values = join ",\n", map { "($_, \$json\$$lists[$_]\$json\$)" } 0 .. $#lists;
my @said = map { s/^\d+ //r } split /\n/, $node->safe_psql('grid', "SELECT n || ' ' || try(c::jsonb) FROM (VALUES $values) AS v (n, c) ORDER BY n");
is(scalar @said, scalar @lists, 'each list is tried');

my %count = (right => 0, wrong => 0, beyond => 0);
for my $i (0 .. $#lists)
{
    my $holds = $schema->holds($schema->{root}, $json->decode($lists[$i]));
    my $beyond = $holds && $said[$i] =~ $BEYOND;
    $count{$beyond ? 'beyond' : $holds ? 'right' : 'wrong'}++;
    next if $beyond || $said[$i] eq ($holds ? '' : $said[$i]) && ($holds || $said[$i] =~ /^SG108 components/);
    fail("$lists[$i]: the schema " . ($holds ? 'takes it' : 'does not') . ", the extension says '$said[$i]'");
}
note join ', ', map { "$count{$_} $_" } sort keys %count;
cmp_ok($count{right}, '>', $COMPONENTS / 4, 'many are right');
cmp_ok($count{wrong}, '>', $COMPONENTS / 4, 'many are wrong');
cmp_ok($count{beyond}, '<', $COMPONENTS / 20, 'few are beyond the schema');

# The checker itself, for a schema that says yes to everything would agree with an extension that does.
ok($schema->holds($schema->{root}, $json->decode('[{"name": "A", "price": 1}]')), 'a right one');
ok(!$schema->holds($schema->{root}, $json->decode($_)), "wrong: $_")
    for '{}', '[]', '[{"name": "A"}]', '[{"name": "A", "price": "1"}]', '[{"name": "A", "price": 1, "when": {"times": ["7:00-20:00"]}}]',
    '[{"name": "A", "price": 1, "of": "point", "when": {}}]';

$node->stop;
done_testing();
