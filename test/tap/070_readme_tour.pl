# What the documents say is true: every psql session in them is run and its
# output compared, and the reference describes everything that is installed.
use strict;
use warnings;
use Test::More;
use PostgreSQL::Test::Utils;
use SmartgridCluster;
use PsqlTranscript;
use ViewTables;

my $database = 'smartgrid';

# A cluster for each document: roles are cluster-wide.
sub cluster_for
{
    my ($name) = @_;
    my $node = SmartgridCluster->new($name);
    $node->init;
    $node->start;
    $node->create_grid_database($database);
    return $node;
}

# Runs the sessions of a document; each statement's output is one test.
sub test_document
{
    my ($node, $file) = @_;
    my @statements = PsqlTranscript::statements(PsqlTranscript::parse(PsqlTranscript::read_document($file)));
    cmp_ok(scalar @statements, '>', 10, "$file has a session");

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
    my ($node, $file) = @_;
    my $document = PsqlTranscript::read_document($file);
    my %chapter = chapters($document);

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

    # sg_help() lists them in the order of the chapters.
    my %seen;
    my @order = grep { !$seen{$_}++ } split /\n/, $node->safe_psql($database, 'SELECT function FROM sg_help()');
    is_deeply(\@order, [ grep { $seen{$_} } $document =~ /^### (sg_\w+)\s*$/mg ], "sg_help() has the order of $file (src/api/help.sql)");

    for my $row (split /\n/, $signatures)
    {
        my ($name, $signature) = split /\|/, $row;
        $signature =~ s/timestamp with time zone/timestamptz/g;
        my $text = $chapter{$name} // '';
        # Defaults are for readers; the catalog writes them differently.
        $text =~ s/ DEFAULT [^,)\n]+//g;
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

# The names that a document's headings are linked by, as GitHub and GitLab make them.
sub anchors
{
    my %chapter = chapters(PsqlTranscript::read_document($_[0]));
    return map { my $name = lc; $name =~ s/[^\w\- ]//g; $name =~ tr/ /-/; ($name => 1) } keys %chapter;
}

# Every link inside the tree leads somewhere.
sub test_links
{
    my ($file) = @_;
    my ($directory) = $file =~ m{^(.*/)} ? $1 : '';
    my $text = PsqlTranscript::read_document($file);
    $text =~ s/^```.*?^```$//msg;
    while ($text =~ /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)
    {
        my ($to, $anchor) = ($1 eq '' ? $file : "$directory$1", $2);
        ok(-e $to, "$file: link to $to");
        my %known = defined $anchor && -f $to ? anchors($to) : ();
        ok($known{$anchor}, "$file: link to $to#$anchor") if defined $anchor;
    }
    return;
}

test_links($_) for qw(README.md CHANGELOG.md doc/reference.md doc/operations.md doc/evidence.md doc/bi.md doc/api.md doc/notifications.md doc/development.md bench/README.md
    test/clients/README.md);

for my $document (qw(README.md doc/reference.md doc/operations.md doc/bi.md doc/api.md))
{
    my ($name) = $document =~ m{(\w+)\.md$};
    my $node = cluster_for($name);
    # before the sessions, which may drop things
    test_reference($node, $document) if $document eq 'doc/reference.md';
    test_document($node, $document);
    $node->stop;
}

done_testing();
