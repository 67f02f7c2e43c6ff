# The pages of the reference, doc/reference: which there are, the table of all
# functions and views in its README, and the database that the examples of each
# page begin with.
package Reference;

use strict;
use warnings;
use PsqlTranscript;

our $directory = 'doc/reference';
our $contents = "$directory/README.md";

# To be run with psql -At.
our $query = 'SELECT function, returns, description FROM sg_help()';

# The pages, without the contents.
sub pages
{
    return grep { $_ ne $contents } sort glob "$directory/*.md";
}

# The chapters (## word) with functions and views (### sg_...) of the pages, in their order:
# { page => name of the file, chapter => word, name => function or view }.
sub entries
{
    my @entries;
    for my $file (pages())
    {
        my ($page) = $file =~ m{([^/]+)$};
        my ($chapter, $fenced);
        for my $line (split /\n/, PsqlTranscript::read_document($file))
        {
            $fenced = !$fenced if $line =~ /^```/;
            next if $fenced;
            $chapter = $1 if $line =~ /^## (.*?)\s*$/;
            push @entries, { page => $page, chapter => $chapter, name => $1 } if $line =~ /^### (sg_\w+)\s*$/;
        }
    }
    return @entries;
}

# The beginning of a comment: what it is, without units and ranges; of a view whose rows one sees, too.
sub summary
{
    my ($returns, $description) = @_;
    $description =~ s/ \([^)]*:[^)]*\)//g;
    $description =~ s/;.*//;
    $description =~ s/:.*// if $returns ne 'view';
    return $description;
}

# The table of the contents, of the result of the query, in the order of sg_help().
sub table
{
    my ($help) = @_;
    my %entry = map { ($_->{name} => $_) } entries();
    my $table = "| chapter | function or view | |\n|---|---|---|\n";
    my %seen;
    for my $row (split /\n/, $help)
    {
        my ($name, $returns, $description) = split /\|/, $row, 3;
        next if $seen{$name}++ || !$entry{$name};
        my ($page, $chapter) = @{ $entry{$name} }{qw(page chapter)};
        my $anchor = $chapter =~ tr/ /-/r;
        $table .= "| [$chapter]($page#$anchor) | [$name]($page#$name) | " . summary($returns, $description) . " |\n";
    }
    return $table;
}

# The table as it is in the text.
sub current_table
{
    my ($text) = @_;
    return $text =~ /(^\| chapter \| function or view \|.*\n(?:\|.*\n)*)/m ? $1 : '';
}

# The psql session that comes before that of each page.
sub prologue
{
    return PsqlTranscript::statements(PsqlTranscript::parse(PsqlTranscript::read_document($contents)));
}

# After the prologue has run in the database called smartgrid, it is kept, and each page gets a copy of that name.
# The function runs SQL in the database postgres.
sub keep_database { $_[0]->('ALTER DATABASE smartgrid RENAME TO smartgrid_of_the_reference'); return; }

my $copied = 0;

sub copy_database
{
    my ($sql) = @_;
    $sql->('DROP DATABASE smartgrid') if $copied++;
    $sql->('CREATE DATABASE smartgrid TEMPLATE smartgrid_of_the_reference');
    return;
}

1;
