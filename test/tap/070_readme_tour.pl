# What the documents say is true: every psql session in them is run and its
# output compared, and the reference describes everything that is installed.
# That their links lead somewhere is a static check (test/lib/check_links.pl).
use strict;
use warnings;
use Test::More;
use PostgreSQL::Test::Utils;
use SmartgridCluster;
use PsqlTranscript;
use Reference;
use ViewTables;

my $database = 'smartgrid';
my $node = SmartgridCluster->new('documents');

sub in_postgres { return $node->safe_psql('postgres', $_[0]) }

# A document begins in a database with nothing but the extension, and without the roles of the one before.
sub begin_document
{
    in_postgres("DROP DATABASE IF EXISTS $database");
    in_postgres($_)
        foreach split /\n/, in_postgres(q{SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE rolname !~ '^(pg_|smartgrid_)' AND rolname <> current_user});
    in_postgres("CREATE DATABASE $database TEMPLATE smartgrid_new");
    return;
}

# Runs the sessions of a document, of more than so many statements; each statement's output is one test.
sub test_document
{
    my ($file, $least) = @_;
    my @statements = PsqlTranscript::statements(PsqlTranscript::parse(PsqlTranscript::read_document($file)));
    cmp_ok(scalar @statements, '>', $least, "$file has a session");

    local $ENV{PGHOST} = $node->host;
    local $ENV{PGPORT} = $node->port;
    local $ENV{PGUSER} = 'postgres';
    local $ENV{PGDATABASE} = $database;
    PsqlTranscript::run(PostgreSQL::Test::Utils::tempdir, ['psql'], @statements);

    for my $statement (@statements)
    {
        my ($first) = split /\n/, $statement->{input};
        is($statement->{actual_database}, $statement->{database}, "$file:$statement->{line}: the prompt's database");
        is(PsqlTranscript::normalized($statement->{actual}),
            PsqlTranscript::normalized($statement->{expected}),
            "$file:$statement->{line}: $first");
    }
    return;
}

# The chapters of a document by their heading.
sub chapters
{
    my ($text) = @_;
    my (%chapter, $heading, $fenced);
    for my $line (split /\n/, $text)
    {
        $fenced = !$fenced if $line =~ /^```/;
        $heading = $1 if !$fenced && $line =~ /^#+ (.*?)\s*$/;
        $chapter{$heading} .= "$line\n" if defined $heading;
    }
    return %chapter;
}

# The reference has a chapter for each function and view, with the signatures as
# they are, every result column with its type, and for views with its comment.
sub test_reference
{
    my $document = join "\n", map { PsqlTranscript::read_document($_) } Reference::pages();
    my %chapter = chapters($document);
    my $file = 'the reference';

    my $signatures = $node->safe_psql($database, <<'SQL');
SELECT p.proname, p.proname || '('
       || coalesce((SELECT string_agg(a.name || ' ' || format_type(t.oid, NULL), ', ' ORDER BY a.n)
                    FROM unnest(p.proargtypes) WITH ORDINALITY AS t (oid, n)
                         JOIN unnest(p.proargnames) WITH ORDINALITY AS a (name, n) USING (n)), '') || ')'
FROM pg_depend AS d JOIN pg_proc AS p ON p.oid = d.objid
WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND p.proname LIKE 'sg\_%'
      AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'smartgrid')
ORDER BY 1, 2
SQL
    my $results = $node->safe_psql($database, <<'SQL');
SELECT p.proname, a.name, format_type(a.type, NULL)
FROM pg_depend AS d JOIN pg_proc AS p ON p.oid = d.objid
     CROSS JOIN unnest(p.proargnames, p.proargmodes, p.proallargtypes) AS a (name, mode, type)
WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND p.proname LIKE 'sg\_%' AND a.mode = 'o'
      AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'smartgrid')
SQL
    my $settings = $node->safe_psql($database,
        q{SELECT sg_principal(); SELECT name FROM pg_settings WHERE name LIKE 'smartgrid.%'});

    # sg_help() has the order of the chapters, and README.md is the same list.
    my $help = $node->safe_psql($database, $Reference::query);
    my %seen;
    my @order = grep { !$seen{$_}++ } map { (split /\|/)[0] } split /\n/, $help;
    my %page = map { ($_->{name} => $_->{page}) } Reference::entries();
    is_deeply([ sort @order ], [ sort keys %page ], "$file has a chapter for each function and view, and no other");
    for my $page (map { m{([^/]+)$} } Reference::pages())
    {
        is_deeply([ grep { ($page{$_} // '') eq $page } @order ], [ map { $_->{name} } grep { $_->{page} eq $page } Reference::entries() ],
            "sg_help() has the order of $page (src/api/help.sql)");
    }
    is(Reference::current_table(PsqlTranscript::read_document($Reference::contents)), Reference::table($help),
        "$Reference::contents lists them all (test/lib/update_docs.pl makes the table)");

    for my $row (split /\n/, $signatures)
    {
        my ($name, $signature) = split /\|/, $row;
        $signature =~ s/timestamp with time zone/timestamptz/g;
        my $text = $chapter{$name} // '';
        # Defaults are for readers; the catalog writes them differently.
        $text =~ s{ DEFAULT ('[^']*'|[^,)\n])+}{}g;
        $text =~ s/\s+/ /g;
        $text =~ s/\( /(/g;
        $text =~ s/ \)/)/g;
        ok(index($text, $signature) >= 0, "$file describes $signature");
    }
    for my $row (split /\n/, $results)
    {
        my ($name, $column, $type) = split /\|/, $row;
        $type =~ s/^timestamp with time zone$/timestamptz/;
        like($chapter{$name} // '', qr/^\| `\Q$column\E` \| \Q$type\E \|/m, "$file describes $name.$column");
    }
    my %table = ViewTables::tables($node->safe_psql($database, $ViewTables::query));
    is(ViewTables::current($document, $_), $table{$_}, "$file describes $_ (test/lib/update_docs.pl makes the table)")
        for sort keys %table;
    for my $setting (grep { /^smartgrid\./ } split /\n/, $settings)
    {
        like($chapter{'Settings'} // '', qr/^\| `\Q$setting\E` \|/m, "$file describes $setting");
    }
    return;
}

# A newcomer finishes it, and clones it: the numbers are promises.
my $lines = () = PsqlTranscript::read_document('README.md') =~ /\n/g;
cmp_ok($lines, '<', 250, 'README.md is short');
cmp_ok(-s 'doc/images/report.png', '<=', 300_000, 'its picture is small (make images)');

$node->init;
$node->start;
$node->create_grid_database('smartgrid_new');

for my $document (qw(README.md doc/operations.md doc/bi.md doc/api.md doc/identity.md doc/money.md doc/readings.md doc/importing.md doc/metering.md doc/settlement.md))
{
    begin_document();
    test_document($document, 8);
}

begin_document();
# before the sessions, which may drop things
test_reference();
test_document($Reference::contents, 5);
Reference::keep_database(\&in_postgres);
my %functions = map { ("$Reference::directory/$_->{page}" => 1) } Reference::entries();
for my $page (grep { $functions{$_} } Reference::pages())
{
    Reference::copy_database(\&in_postgres);
    test_document($page, 0);
}

$node->stop;
done_testing();
