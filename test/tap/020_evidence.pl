# The stand-alone checker, which was written from doc/evidence.md alone, agrees
# with the extension: whole ledgers, proofs, proofs that somebody meddled with;
# whatever the settings, the encoding and the age of an entry. And what
# doc/evidence.md shows is true.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use IPC::Run;
use ConsoleTranscript;
use PsqlTranscript;
use Evidence;
use GridData;
use RandomCalls;

my $seed = $ENV{SG_SEED} // 20260101;

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "max_locks_per_transaction = 256");
$node->start;
my $document = PsqlTranscript::read_document('doc/evidence.md');

# ---- the document ----

my ($status, $said) = run_checker('selftest');
is($status, 0, 'the checker knows the published vectors of RFC 6962') or diag $said;
($status) = run_checker('nonsense');
is($status, 2, 'a command that there is not');
($status) = run_checker('ledger', '/nonexistent', '/nonexistent');
is($status, 2, 'a file that there is not');

{
    open my $raw, '<', 'doc/evidence.md' or die $!;
    my @commands = ConsoleTranscript::commands(ConsoleTranscript::parse(do { local $/; <$raw> }));
    cmp_ok(scalar @commands, '>', 10, 'the document has a worked example');
    ConsoleTranscript::run(['test/clients'], @commands);
    is($_->{actual}, $_->{expected}, "doc/evidence.md:$_->{line}: " . (split /\n/, $_->{command})[0]) for @commands;

    my @statements = PsqlTranscript::statements(PsqlTranscript::parse($document));
    cmp_ok(scalar @statements, '>', 10, 'and a session');
    $node->create_grid_database('smartgrid');
    local @ENV{qw(PGHOST PGPORT PGUSER PGDATABASE)} = ($node->host, $node->port, 'postgres', 'smartgrid');
    PsqlTranscript::run(PostgreSQL::Test::Utils::tempdir, ['psql'], @statements);
    is(PsqlTranscript::normalized($_->{actual}), PsqlTranscript::normalized($_->{expected}),
        "doc/evidence.md:$_->{line}: " . (split /\n/, $_->{input})[0]) for @statements;

    # What the checker says of the document's grid.
    ($status, $said) = check_export($node, 'smartgrid', 'default');
    is($status, 0, 'the checker finds the ledger of the session good') or diag $said;
}

# ---- a ledger with everything in it ----

my $odd = "Z\x{c3}\x{bc}rich, \"Nord\"\nHaus 3' \\";    # UTF-8
my $odd_sql = q{convert_from('\x} . unpack('H*', $odd) . q{', 'UTF8')};
$node->create_grid_database('grid');
fill_roles($node);
fill($node, 'grid');
$node->safe_psql('grid', "SELECT sg_create_grid($odd_sql), sg_create_grid('huge', max_topup => 9223372036854775807, max_amount => 9223372036854775807)");
prepare_random_calls($node, 'grid', 'village', 'default');
seal($node, 'grid', $_) for 'default', 'village';
is(seal($node, 'grid', 'default'), '', 'where nothing is new there is no block');
is($node->safe_psql('grid', 'SELECT min(height), count(*) - max(height) FROM sg_blocks GROUP BY grid'), "0|1\n0|1", 'heights begin with 0 and have no gaps');

random_calls($node, 'grid', $_, 150), seal($node, 'grid', $_) for ('default', 'village') x 4;

# Sums beyond 64 bits, and times at the ends of what there is.
$node->safe_psql('grid', <<'SQL');
SET smartgrid.grid = 'huge';
SET smartgrid.principal = 'h1'; SELECT sg_register_consumer(9223372036854775807), sg_register_producer(1000, 'hydro');
SET smartgrid.principal = 'h2'; SELECT sg_register_consumer(9223372036854775807), sg_register_producer(1000, 'hydro');
SET smartgrid.principal = 'h3'; SELECT sg_register_consumer(9223372036854775807);
SELECT sg_add_consumer_balance('h' || n, 9223372036854775807) FROM generate_series(1, 3) AS n;
SQL
# Times as entries of older versions may have them.
$node->safe_psql('grid', <<'SQL');
SET smartgrid.grid = 'huge';
SET smartgrid.principal = 'h1';
SELECT sg_report_production(n) FROM generate_series(1, 6) AS n;
UPDATE smartgrid.ledger AS l SET at = t.at, booked_at = t.at
FROM (VALUES (1, '4714-11-24 00:00:00+00 BC'::timestamptz), (2, '1969-12-31 23:59:59.999999+00'), (3, '1970-01-01 00:00:00+00'),
             (4, '294247-01-10 04:00:54.775807+00'), (5, '294247-01-10 04:00:54.775808+00'), (6, '294276-12-31 23:59:59.999999+00')) AS t (energy, at)
WHERE l.energy = t.energy AND l.kind = 0 AND l.grid_id = (SELECT grid_id FROM smartgrid.grid WHERE name = 'huge');
UPDATE smartgrid.grid SET exact_after = (SELECT max(entry_id) FROM smartgrid.ledger) WHERE name = 'huge';
SQL
is(seal($node, 'grid', 'huge'), '0', 'sums beyond 64 bits are sealed');
is($node->safe_psql('grid', q{SELECT balances, topups FROM sg_blocks WHERE grid = 'huge'}), '27670116110564327421|27670116110564327421', 'and exact');
like($node->safe_psql('grid', q{SELECT min(at), max(at) FROM sg_ledger_lines AS l JOIN smartgrid.grid AS g USING (grid_id) WHERE g.name = 'huge'}),
    qr/^-210866803200000000\|9224318015999999999$/, 'so are all times that there are');

# A grid whose name needs care.
$node->safe_psql('grid', "SELECT set_config('smartgrid.grid', $odd_sql, false); SET smartgrid.principal = 'p1';
    SELECT sg_register_producer(1000, 'solar'), sg_report_production(500); SELECT count(*) FROM sg_seal()");

# One block is not enough.
$node->safe_psql('grid', q{SET smartgrid.grid = 'village';
    SELECT count(*) FROM sg_post_readings(array_fill('p1'::text, '{70000}'), array_fill('production'::text, '{70000}'), array_fill(1::bigint, '{70000}'))});
is($node->safe_psql('grid', q{SELECT entries FROM sg_seal('village')}), "65536\n4464", '70,000 entries are two blocks');
random_calls($node, 'grid', $_, 30) for 'default', 'village';

my @grids = ('default', 'village', 'huge');
for my $grid (@grids, $odd)
{
    my $label = $grid eq $odd ? 'odd name' : $grid;
    my @hashes = split /\n/, $node->safe_psql('grid', "SELECT hash FROM sg_blocks WHERE grid = convert_from('\\x" . unpack('H*', $grid) . "', 'UTF8') ORDER BY height");
    ($status, $said) = check_export($node, 'grid', $grid, map { "$_:$hashes[$_]" } 0 .. $#hashes);
    is($status, 0, "$label: the checker finds the export good") or diag $said;
    like($said, qr/^good: @{[ scalar @hashes ]} blocks with \d+ entries, \d+ entries not sealed yet$/m, "$label: and all of it");
    ($status, $said) = check_export($node, 'grid', $grid, '0:' . '0' x 64);
    is($status, 1, "$label: a published hash that is another is found");
    ($status, $said) = check_export($node, 'grid', $grid, @hashes . ':' . '0' x 64);
    is($status, 1, "$label: and one of a block that is missing");
    is(unverified($node, 'grid', $grid), '', "$label: sg_verify_ledger() finds it good, too") if $grid ne $odd;
}
is($node->safe_psql('grid', "SELECT count(*) FROM sg_verify_ledger($odd_sql) WHERE ok IS NOT TRUE"), '0', 'odd name: sg_verify_ledger() finds it good, too');
is(join("\n", grep { !/\|(final runs|documents) without their entry/ } split /\n/, broken_invariants($node, 'grid')), '',
    'the invariants hold, but that entries of a settlement, which are written by hand, have no runs and documents');

# ---- proofs: what the database says and what the checker says ----

# One checker for many proofs: a line has a number, the hashes, the proof.
my $driver = <<'PYTHON';
import importlib.util, io, json, sys
spec = importlib.util.spec_from_file_location('check_ledger', 'test/clients/check_ledger.py')
c = importlib.util.module_from_spec(spec); spec.loader.exec_module(c)
answers, c.print = [], lambda *a: None
for line in open(sys.argv[1], encoding='utf-8'):
    number, hash, earlier, proof = line.rstrip('\n').split('\t', 3)
    try:
        proof = json.loads(proof)
        if not isinstance(proof, dict):
            raise c.Unusable('')
        if proof.get('type') == 'smartgrid-entry-1':
            c.check_entry_proof(proof, c.parse_hash(hash))
        elif proof.get('type') == 'smartgrid-blocks-1':
            c.check_blocks_proof(proof, c.parse_hash(hash), c.parse_hash(earlier))
        else:
            raise c.Unusable('')
        said = 'good'
    except c.Bad:
        said = 'bad'
    except c.Unusable:
        said = 'unusable'
    print(number + ':' + said)
PYTHON

$node->safe_psql('grid', <<"SQL");
SELECT setseed(@{[ ($seed % 997) / 997 ]});
CREATE TABLE proofs AS
SELECT row_number() OVER () AS n, x.kind, x.hash, x.earlier, x.proof
FROM (SELECT 'entry' AS kind, b.hash, repeat('0', 64) AS earlier, sg_prove_entry(l.entry_id) AS proof
      FROM (SELECT * FROM sg_ledger ORDER BY entry_id <= 65536, random() LIMIT 300) AS l
           JOIN sg_blocks AS b ON b.grid = l.grid AND l.entry_id BETWEEN b.first_entry AND b.last_entry
      UNION ALL
      SELECT 'blocks', b.hash, a.hash, sg_prove_blocks(a.height, b.height, a.grid)
      FROM sg_blocks AS a JOIN sg_blocks AS b ON b.grid = a.grid AND b.height >= a.height) AS x;
CREATE FUNCTION verdict(proof jsonb, hash text, earlier text) RETURNS text LANGUAGE plpgsql AS \$\$
BEGIN
    RETURN sg_verify_proof(proof, hash, CASE WHEN proof ->> 'type' = 'smartgrid-entry-1' THEN NULL ELSE earlier END);
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END \$\$;
SQL
is($node->safe_psql('grid', 'SELECT count(*) FROM proofs WHERE proof IS NULL'), '0', 'everything sealed has a proof');
is($node->safe_psql('grid', 'SELECT count(*) FROM proofs WHERE verdict(proof, hash, earlier) IS DISTINCT FROM $$true$$'), '0', 'sg_verify_proof() finds each good');

# Every proof once as it is, and some others of it. What whoever seals could have sealed and published: lines that
# are no lines, with hashes that fit; entries of another grid or that are none of the block's.
$node->safe_psql('grid', <<'SQL');
CREATE FUNCTION put(line text, field integer, value text) RETURNS text LANGUAGE sql
    RETURN (SELECT array_to_string(f[:field - 1] || value || f[field + 1:], ',') FROM string_to_array(line, ',') AS s (f));
CREATE FUNCTION hash_of(line text) RETURNS text LANGUAGE sql RETURN encode(sha256(convert_to(line, 'UTF8')), 'hex');
CREATE TABLE forged AS
SELECT p.n, p.proof, field, value
FROM (SELECT * FROM proofs WHERE n % 60 = 0 UNION SELECT * FROM (SELECT * FROM proofs WHERE proof ->> 'entry' LIKE '%,batch,%' ORDER BY n LIMIT 3) AS b) AS p, generate_series(1, 24) AS field, (VALUES ('x'), (''), ('0'), ('1'), ('-1'), ('-0'), ('01'), ('+1'), (' 1'), ('1 '), ('1.0'), ('99999999999999999999'), ('booked_at=1'), ('booked_at=-0'), ('batch'), ('digest=' || repeat('0', 64)), ('digest=' || repeat('A', 64)), ('digest=' || repeat('0', 63)), ('digest='), ('booked_at=1,digest=' || repeat('0', 64)), ('production:1:1'), ('production:0:0'), ('trade:1:1;hold:1:1'), ('production:01:1'),
    ('reversal-trade:99999999999999999999:0'), ('reversal-hold:1:0'), (';')) AS v (value);
CREATE TABLE tried AS
SELECT row_number() OVER () AS n, t.hash, t.earlier, t.proof, t.how
FROM (SELECT hash, earlier, proof, 'as it is' AS how FROM proofs
      UNION ALL
      SELECT translate(hash, '0123456789', '1234567890'), earlier, proof, 'other hash' FROM proofs
      UNION ALL
      SELECT hash, translate(earlier, '0123456789', '1234567890'), proof, 'other earlier hash' FROM proofs
      UNION ALL
      SELECT p.hash, p.earlier, jsonb_set(p.proof, ARRAY[key], (value::text::bigint + d)::text::jsonb), format('%s %s', key, d)
      FROM proofs AS p, jsonb_each(p.proof), (VALUES (-1), (1), (100000)) AS v (d) WHERE jsonb_typeof(value) = 'number'
      UNION ALL
      SELECT p.hash, p.earlier, jsonb_set(p.proof, ARRAY[key], w), format('%s shorter, longer, other, reversed', key)
      FROM proofs AS p, jsonb_each(p.proof),
           LATERAL (VALUES (value - 0), (value - -1), (value || to_jsonb(repeat('a', 64))), (to_jsonb(repeat('a', 64)) || value), (value || '"x"'), (value || '1'),
                    (jsonb_set(value, '{0}', to_jsonb(repeat('0', 64)))), ((SELECT jsonb_agg(e ORDER BY o DESC) FROM jsonb_array_elements(value) WITH ORDINALITY AS a (e, o)))) AS v (w)
      WHERE jsonb_typeof(value) = 'array' AND w IS NOT NULL
      UNION ALL
      SELECT p.hash, p.earlier, jsonb_set(p.proof, ARRAY[key], to_jsonb(overlay(value #>> '{}' PLACING c FROM 1 + floor(random() * length(value #>> '{}'))::integer))), format('%s meddled with', key)
      FROM proofs AS p, jsonb_each(p.proof), (VALUES ('0'), ('9'), (','), ('-'), ('x')) AS v (c) WHERE jsonb_typeof(value) = 'string' AND key <> 'type'
      UNION ALL
      -- A line that is good in itself, so that only the path can show it.
      SELECT CASE WHEN p.kind = 'entry' THEN encode(sha256(convert_to(line, 'UTF8')), 'hex') ELSE p.hash END, p.earlier, jsonb_set(p.proof, '{block}', to_jsonb(line)), 'another block'
      FROM proofs AS p, LATERAL (SELECT regexp_replace(p.proof ->> 'block', ',[0-9]+,([0-9a-f]{64}),', ',' || (p.proof ->> 'entries')::integer + 1 || ',\1,')) AS b (line) WHERE p.kind = 'entry'
      UNION ALL
      SELECT hash_of(line), repeat('0', 64), jsonb_set(f.proof, '{block}', to_jsonb(line)), format('forged: field %s of the block is "%s"', f.field, f.value)
      FROM forged AS f, LATERAL (SELECT put(f.proof ->> 'block', f.field, f.value)) AS b (line) WHERE f.proof ? 'block'
      UNION ALL
      SELECT hash_of(line), hash_of(line), jsonb_build_object('type', 'smartgrid-blocks-1', 'from', line, 'to', line, 'inclusion', '[]'::jsonb, 'consistency', '[]'::jsonb),
             format('forged: field %s of both blocks is "%s"', f.field, f.value)
      FROM forged AS f, LATERAL (SELECT put(f.proof ->> 'to', f.field, f.value)) AS b (line) WHERE f.proof ? 'to'
      UNION ALL
      SELECT hash_of(block), repeat('0', 64), jsonb_build_object('type', 'smartgrid-entry-1', 'entry', line, 'index', 0, 'entries', 1, 'path', '[]'::jsonb, 'block', block),
             format('forged: field %s of the only entry is "%s"', f.field, f.value)
      FROM forged AS f, LATERAL (SELECT put(f.proof ->> 'entry', f.field, f.value)) AS e (line),
           LATERAL (SELECT put(put(f.proof ->> 'block', 7, '1'), 8, encode(smartgrid.merkle_leaf(convert_to(line, 'UTF8')), 'hex'))) AS b (block)
      WHERE f.proof ? 'entry' AND f.field <= 12
      UNION ALL
      SELECT p.hash, p.earlier, p.proof - key, format('without %s', key) FROM proofs AS p, jsonb_object_keys(p.proof) AS key
      UNION ALL
      SELECT p.hash, p.earlier, jsonb_set(p.proof, ARRAY[key], v), format('%s = %s', key, left(v::text, 20)) FROM proofs AS p, jsonb_object_keys(p.proof) AS key,
           (VALUES ('null'::jsonb), ('1.5'), ('"1"'), ('{}'), ('[]'), ('-1'), ('1e30'), ('true')) AS w (v) WHERE p.n % 20 = 0
      UNION ALL
      SELECT p.hash, p.earlier, p.proof || '{"more": [1, {}]}', 'further member' FROM proofs AS p WHERE p.n % 20 = 0) AS t;
SQL
{
    local $ENV{PGCLIENTENCODING} = 'UTF8';
    my $dir = PostgreSQL::Test::Utils::tempdir;
    my $lines = $node->safe_psql('grid', q{SELECT concat_ws(E'\t', n, hash, earlier, proof) FROM tried ORDER BY n});
    open my $out, '>', "$dir/proofs" or die $!;
    print $out "$lines\n";
    close $out or die $!;
    my ($answers, $err);
    IPC::Run::run([ 'python3', '-c', $driver, "$dir/proofs" ], '>', \$answers, '2>', \$err) or die "checker failed: $err";
    my %by_checker = map { split /:/ } split /\n/, $answers;
    my (%both, @differ);
    for my $row (split /\n/, $node->safe_psql('grid', 'SELECT n, verdict(proof, hash, earlier), how FROM tried'))
    {
        my ($n, $verdict, $how) = split /\|/, $row, 3;
        my $database = { true => 'good', false => 'bad', SG108 => 'unusable' }->{$verdict} // $verdict;
        $both{$database}++;
        # Whether something is a bad proof or none at all is a matter of taste.
        push @differ, "$how: checker $by_checker{$n}, database $database" if ($by_checker{$n} eq 'good') != ($database eq 'good');
    }
    my %seen;
    is(join("\n", grep { !$seen{$_}++ } @differ), '', 'database and checker have one opinion of each of ' . keys(%by_checker) . ' proofs, good or not');
    cmp_ok($both{$_} // 0, '>', 300, ($both{$_} // 0) . " of them are $_") for qw(good bad);
    cmp_ok($node->safe_psql('grid', q{SELECT count(*) FROM tried WHERE how LIKE 'forged%' AND verdict(proof, hash, earlier) = 'true'}), '>', 20, 'some lines that were made up could have been');
    cmp_ok($node->safe_psql('grid', q{SELECT count(*) FROM tried WHERE how LIKE 'forged%' AND verdict(proof, hash, earlier) = 'false'}), '>', 200, 'others could not');
    is($node->safe_psql('grid', q{SELECT count(*) FROM tried WHERE how LIKE 'another%' AND verdict(proof, hash, earlier) = 'true'}), '0', 'nothing but the truth is good');
}

# ---- other settings, other encoding, another server ----

my $everything = <<'SQL';
SELECT height, hash, line FROM sg_blocks WHERE grid = 'default' ORDER BY height;
SELECT * FROM sg_ledger_lines WHERE entry_id < 200 ORDER BY entry_id;
SELECT sg_prove_entry(3), sg_prove_blocks(1, 3, 'default');
SELECT sg_verify_proof(sg_prove_entry(l.entry_id), b.hash)
FROM sg_ledger AS l JOIN sg_blocks AS b ON b.grid = l.grid AND l.entry_id BETWEEN b.first_entry AND b.last_entry WHERE l.entry_id < 50 ORDER BY l.entry_id;
SELECT * FROM sg_verify_ledger('default') ORDER BY height;
SQL
my $as_always = $node->safe_psql('grid', $everything);
cmp_ok(length $as_always, '>', 10_000, 'there is something to compare');

# Only what differs is shown.
sub is_as_always
{
    my ($got, $what) = @_;
    my %known = map { $_ => 1 } split /\n/, $as_always;
    ok($got eq $as_always, $what) or diag join "\n", grep { !$known{$_} } split /\n/, $got;
    return;
}
my @settings = (
    q{SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'SQL, DMY'},
    q{SET TimeZone = 'America/St_Johns'; SET DateStyle = 'German'; SET IntervalStyle = 'iso_8601'},
    q{SET TimeZone = '-15:30'; SET DateStyle = 'Postgres, MDY'; SET extra_float_digits = -15; SET bytea_output = 'escape'},
    q{SET search_path = ''; SET lc_numeric = 'C.UTF-8'; SET lc_time = 'C.UTF-8'; SET standard_conforming_strings = off; SET escape_string_warning = off},
    q{SET enable_indexscan = off; SET enable_bitmapscan = off; SET jit_above_cost = 0; SET work_mem = '64kB'},
    q{SET enable_seqscan = off; SET max_parallel_workers_per_gather = 4; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0});
for my $settings (@settings)
{
    my $sql = $everything;
    $sql =~ s/\b(sg_\w+)/public.$1/g;
    is_as_always($node->safe_psql('grid', "$settings;\n$sql"), "the same with $settings");
}

my $dir = $node->basedir;
runs_ok($node, [ 'pg_dumpall', '-g', '-f', "$dir/roles.sql" ], 'roles dumped');
runs_ok($node, [ 'pg_dump', '-Fc', '-f', "$dir/grid.dump", 'grid' ], 'dumped');
my $other = SmartgridCluster->new('other');
$other->init(extra => [ '--locale=C', '--encoding=SQL_ASCII' ]);
$other->append_conf('postgresql.conf', "timezone = 'Pacific/Chatham'\ndatestyle = 'sql, dmy'\nlc_messages = 'C'\nbytea_output = 'escape'");
$other->start;
$other->psql('postgres', "\\i $dir/roles.sql", on_error_stop => 0);
for my $encoding ('UTF8', 'SQL_ASCII')
{
    $other->safe_psql('postgres', "CREATE DATABASE \"grid_$encoding\" ENCODING '$encoding' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    runs_ok($other, [ 'pg_restore', '--exit-on-error', '-d', "grid_$encoding", "$dir/grid.dump" ], "restored into a database in $encoding");
    is_as_always($other->safe_psql("grid_$encoding", $everything), "$encoding: the same hashes, lines and proofs");
    is(unverified($other, "grid_$encoding", $_), '', "$encoding: $_ is good") for @grids;
    random_calls($other, "grid_$encoding", 'default', 50);
    seal($other, "grid_$encoding", 'default');
    ($status, $said) = check_export($other, "grid_$encoding", 'default');
    is($status, 0, "$encoding: and goes on") or diag $said;
    like($said, qr/^good: \d\d? blocks with \d{3} entries, 0 entries not sealed yet/, "$encoding: with a block more");
}

# LATIN1 has only some of the characters: the others are left out.
$other->safe_psql('postgres', "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
$other->safe_psql('latin', 'SET client_min_messages = warning; CREATE EXTENSION smartgrid');
{
    local $ENV{PGCLIENTENCODING} = 'UTF8';
    $other->safe_psql('latin', "SELECT sg_create_grid($odd_sql); SELECT set_config('smartgrid.grid', $odd_sql, false); SET smartgrid.principal = 'p1';
        SELECT sg_register_producer(1000, 'solar'), sg_report_production(500); SELECT count(*) FROM sg_seal(); SELECT sg_report_production(7); SELECT count(*) FROM sg_seal()");
    ($status, $said) = check_export($other, 'latin', $odd);
    is($status, 0, 'LATIN1: the checker finds the export good, whose bytes are UTF-8') or diag $said;
    like($said, qr/^good: 2 blocks with 2 entries/, 'LATIN1: all of it');
    is($other->safe_psql('latin', "SELECT count(*) FROM sg_verify_ledger($odd_sql) WHERE ok IS NOT TRUE"), '0', 'LATIN1: sg_verify_ledger() finds it good, too');
    my $proof = $other->safe_psql('latin', "SELECT sg_prove_entry(1)");
    my ($hash) = split /\n/, $other->safe_psql('latin', 'SELECT hash FROM sg_blocks ORDER BY height LIMIT 1');
    ($status, $said) = check_proof($proof, $hash);
    is($status, 0, 'LATIN1: so are proofs') or diag $said;
    is($other->safe_psql('latin', "SELECT sg_verify_proof(sg_prove_entry(1), '$hash')"), 't', 'LATIN1: in the database, too');
}

# ---- a chain that versions before 0.4.0 began, with blocks of the first form ----
{
    $node->create_grid_database('older');
    prepare_random_calls($node, 'older', 'default');
    random_calls($node, 'older', 'default', 100);
    # No kinds that there were not, and nothing that was booked later than it happened.
    $node->safe_psql('older', q{DELETE FROM smartgrid.ledger WHERE kind > 8; TRUNCATE smartgrid.entry_digest, smartgrid.due, smartgrid.payment; UPDATE smartgrid.ledger SET booked_at = at; SELECT count(*) FROM sg_seal();
        UPDATE smartgrid.block SET form = 1, sums = ''; UPDATE smartgrid.block SET hash = sha256(convert_to(v.line, 'UTF8')) FROM sg_blocks AS v});
    random_calls($node, 'older', 'default', 200);
    seal($node, 'older', 'default');
    is($node->safe_psql('older', 'SELECT string_agg(form::text, $$ $$ ORDER BY height) FROM sg_blocks'), '1 2', 'a block of either form');
    my @hashes = split /\n/, $node->safe_psql('older', 'SELECT hash FROM sg_blocks ORDER BY height');
    ($status, $said) = check_export($node, 'older', 'default', "0:$hashes[0]", "1:$hashes[1]");
    is($status, 0, 'the checker reads both') or diag $said;
    is($node->safe_psql('older', 'SELECT string_agg(height::text, $$ $$) FROM sg_verify_ledger() WHERE NOT ok AND height IS NOT NULL'), '', 'so does sg_verify_ledger()');
    is($node->safe_psql('older', "SELECT sg_verify_proof(sg_prove_blocks(0, 1), '$hashes[1]', '$hashes[0]')"), 't', 'and the second is proven to go on from the first');
}

# ---- what is said to those who listen ----
{
    my $sql = "LISTEN smartgrid_block; SET smartgrid.principal = 'p1'; SET smartgrid.grid = 'village'; SELECT sg_report_production(1); SELECT sg_seal();\nSELECT 1;\n";
    IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr('grid'), '-f', '-' ], '<', \$sql, '>', \my $out, '2>', \my $err);
    my ($payload) = $out =~ /Asynchronous notification "smartgrid_block" with payload "(\{.*\})" received/;
    ok(defined $payload, 'sg_seal() notifies') or diag "$out$err";
    is($node->safe_psql('grid', "SELECT (p ->> 'grid', p -> 'height', p -> 'hash', p -> 'last_entry') = (b.grid, to_jsonb(b.height), to_jsonb(b.hash), to_jsonb(b.last_entry))
        FROM (VALUES ('" . ($payload // '{}') . "'::jsonb)) AS v (p) JOIN sg_blocks AS b ON b.grid = 'village' ORDER BY b.height DESC LIMIT 1"), 't', 'with grid, height, hash and last entry of the block');
}

done_testing();
