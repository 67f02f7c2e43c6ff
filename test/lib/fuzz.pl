#!/usr/bin/env perl
# Calls every function of the extension, found in the catalog, with arguments
# from pools of nasty values, in many forms of statement, roles and settings,
# from several sessions at once; reads its views and tables on the way.
#
#   fuzz.pl SECONDS        in the database that PGHOST, PGDATABASE ... lead to
#   SEED=n                 repeats the statements of a run (not their timing)
#   SG_SERVER_LOG=file     is searched for crashes
#   SG_FUZZ_DIR=directory  keeps the scripts that failed
#
# Fails on a crash, on an internal error (SQLSTATE class XX), on a session that
# hangs, and where sg_check() or sg_verify_ledger() find something at the end.
use strict;
use warnings;
use File::Temp;
use IPC::Run;
use Time::HiRes qw(time sleep);

@ARGV == 1 && $ARGV[0] =~ /^\d+$/ or die "usage: $0 seconds\n";
my ($seconds) = @ARGV;
my $seed = $ENV{SEED} || int(time) % 1_000_000;
my $sessions = 3;
my $statements_per_session = 150;
my $dir = $ENV{SG_FUZZ_DIR} || File::Temp->newdir;
my (%count, @problems, %called);

sub psql_value
{
    my ($sql) = @_;
    my ($out, $err) = ('', '');
    IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-c', $sql ], '>', \$out, '2>', \$err)
        or die "$sql\n$err";
    chomp $out;
    return $out;
}

sub pick { return $_[ rand @_ ] }
sub chance { return rand() < $_[0] }
sub quoted { my ($text) = @_; $text =~ s/'/''/g; return "'$text'" }

# ---- the database ----

my @principals = ('fuzz_anna', 'fuzz_bert', 'fuzz_carl', 'storage 1', 'M' . "\x{c3}\x{bc}" . 'ller');
my @grids = ('default', 'village', 'alp');
my @logins = (('postgres') x 4, ('fuzz_gateway') x 3, 'fuzz_operator', 'fuzz_village', 'fuzz_gateway', 'fuzz_auditor', 'fuzz_anna', 'fuzz_bert', 'fuzz_both');

sub prepare
{
    my $sql = <<'SQL';
SET client_min_messages = warning;
CREATE ROLE fuzz_operator LOGIN IN ROLE smartgrid_operator;
CREATE ROLE fuzz_village LOGIN;
CREATE ROLE fuzz_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE fuzz_auditor LOGIN IN ROLE smartgrid_auditor;
CREATE ROLE fuzz_anna LOGIN;
CREATE ROLE fuzz_bert LOGIN;
CREATE ROLE fuzz_both LOGIN IN ROLE smartgrid_operator, smartgrid_gateway;
GRANT fuzz_anna, fuzz_bert TO fuzz_gateway;
DO 'BEGIN EXECUTE format($$GRANT CREATE ON SCHEMA public TO fuzz_gateway; GRANT TEMPORARY ON DATABASE %I TO PUBLIC$$, current_database()); END';
SELECT sg_create_grid('village', 'fuzz_village', energy_scale => 3, money_scale => 2, currency => 'EUR', stripes => 4),
       sg_create_grid('alp', base_price => 9223372036854775807, energy_scale => 18, money_scale => 18, max_topup => 9223372036854775807, max_amount => 9223372036854775807);
CREATE TABLE readings (ord bigint, principal text, kind text, amount bigint, at timestamptz);
INSERT INTO readings VALUES (1, 'fuzz_anna', 'production', 5, NULL), (2, 'fuzz_anna', 'consumption', 1, now()), (3, 'nobody', 'charge', 1, now()),
       (NULL, NULL, NULL, NULL, NULL), (4, 'fuzz_bert', 'topup', 9223372036854775807, 'infinity'), (4, 'fuzz_bert', 'discharge', -1, '-infinity');
CREATE TABLE wrong_readings (ord text, principal integer, kind point, amount numeric, at date);
INSERT INTO wrong_readings VALUES ('x', 1, '(1,2)', 'NaN', 'infinity');
CREATE TABLE no_readings ();
CREATE VIEW readings_view AS SELECT r.*, 1 / (amount - 1) AS trap FROM readings AS r;
CREATE VIEW readings_that_call AS SELECT ord, principal, kind, amount, at, (sg_last_entry()).kind AS last_kind FROM readings;
GRANT SELECT ON readings, wrong_readings, no_readings, readings_view, readings_that_call TO PUBLIC;
SQL
    for my $grid (@grids)
    {
        $sql .= "SET smartgrid.grid = '$grid';\n";
        for my $principal (@principals)
        {
            $sql .= "SET smartgrid.principal = '$principal'; SELECT sg_register_producer(100000, 'solar'), sg_register_consumer(5000), "
                . "sg_register_storage(50000, 500, 500), sg_report_production(90000), sg_add_consumer_balance('$principal', 1000000);\n";
        }
        my $price = $grid eq 'alp' ? 2 * 10**17 : 200;    # so that a trade costs something
        $sql .= sprintf "SELECT sg_create_trade('fuzz_anna', 5, %d), sg_create_trade('fuzz_bert', 50, %d), sg_charge_storage(100);\n", $price, $price;
    }
    my ($out, $err);
    $sql .= "RESET smartgrid.principal; SELECT count(*) FROM sg_seal('$_'); SELECT sg_add_consumer_balance('fuzz_anna', 1); SELECT count(*) FROM sg_seal('$_');\n" for @grids;
    IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-U', 'postgres', '-f', '-' ], '<', \$sql, '>', \$out, '2>', \$err)
        or die "cannot prepare: $err";
    return;
}

# ---- what there is ----

my (@functions, @public, @relations, %exists);

sub look_at_catalog
{
    my $rows = psql_value(<<'SQL');
SELECT p.oid::regproc, p.prokind, p.proretset::int, p.provolatile, coalesce(array_to_string(ARRAY(
           SELECT format_type(t.oid, NULL) || ':' || coalesce(p.proargnames[t.n], '')
           FROM unnest(p.proargtypes) WITH ORDINALITY AS t (oid, n) ORDER BY t.n), ';'), ''),
       p.prorettype IN (SELECT oid FROM pg_type WHERE typname IN ('trigger', 'event_trigger', 'internal'))
FROM pg_depend AS d JOIN pg_proc AS p ON p.oid = d.objid
WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
      AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'smartgrid')
ORDER BY 1, 5
SQL
    for my $row (split /\n/, $rows)
    {
        my ($name, $kind, $set, $volatility, $arguments, $hook) = split /\|/, $row;
        next if $hook eq 't' || $kind ne 'f';
        my @arguments = map { my ($type, $argument) = split /:(?=[^:]*$)/; { type => $type, name => $argument // '' } } split /;/, $arguments;
        push @functions, { name => $name, set => $set, volatility => $volatility, arguments => \@arguments };
        $exists{$name} = 1;
    }
    @public = grep { $_->{name} !~ /^smartgrid\./ } @functions;
    @relations = split /\n/, psql_value(<<'SQL');
SELECT c.oid::regclass FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid
WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND c.relkind IN ('r', 'v', 'S')
      AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'smartgrid') ORDER BY 1
SQL
    return;
}

# ---- arguments ----

my @extreme = qw(-9223372036854775808 -9223372036854775807 -2147483648 -1 0 1 2 3 99 100 101 2147483647 2147483648
    4294967295 4294967296 9007199254740993 1000000000000000000 9223372036854775806 9223372036854775807);
my @hash = (
    "repeat('0', 64)", "repeat('f', 64)", "repeat('F', 64)", "repeat('g', 64)", "repeat('a', 63)", "repeat('a', 65)", "repeat('ab', 200)",
    "E'\\\\x' || repeat('ab', 32)", "encode(sha256('x'), 'hex')", "upper(encode(sha256('x'), 'hex'))", "repeat(U&'\\00E9', 64)", "repeat(U&'\\0661', 32)");
my @times = (
    "'infinity'", "'-infinity'", "'4714-11-24 00:00:00+00 BC'", "'294276-12-31 23:59:59.999999+00'", "'1970-01-01 00:00+00'", "'1969-12-31 23:59:59.999999+00'",
    "'2000-01-01'", "'epoch'", 'now()', "now() - interval '1 hour'", "now() + interval '1 hour'", "clock_timestamp() - interval '1 second'", "'2262-04-11 23:47:16.854776+00'",
    "'294247-01-10 04:00:54.775807+00'", "'294247-01-10 04:00:54.775808+00'", 'NULL');
my @ranges = (
    "'empty'", "'(,)'", "'[,]'", "'[infinity,infinity]'", "'[-infinity,infinity]'", "'(-infinity,infinity)'", "'[2020-01-01,2030-01-01)'", "'(2020-01-01,2030-01-01]'",
    "'[2020-01-01,2020-01-01]'", "'[4714-11-24 00:00:00+00 BC,294276-12-31 23:59:59.999999+00]'", "'(,infinity]'", "'[2020-01-01,)'", "'(,2100-01-01)'",
    "tstzrange(now() - interval '1 minute', now())", "tstzrange(now() - interval '1 minute', NULL)", "tstzrange(NULL, now(), '[]')", 'NULL');
my @numbers = (@extreme, "'NaN'", "'Infinity'", "'-Infinity'", '0.00000000001', '99.999999999999', '100.0001', '20', '80', '50', '1e1000', '-1e-1000', '0.5', "1e131071");
my @odd_text = (
    "''", "' '", "'default '", "'DEFAULT'", 'repeat(\'x\', 128)', 'repeat(\'x\', 129)', 'repeat(U&\'\\00FC\', 64)', 'repeat(U&\'\\00FC\', 65)', 'repeat(\'y\', 200000)',
    "U&'\\0001\\0007'", "U&'\\+01F600'", "U&'e\\0301'", "U&'\\FEFF'", "U&'\\202E' || 'x'", "E'a\\nb'", "E'a\\r\\nb'", "E'\\t'", "'a,b'", "'\"'", "''''", "E'\\\\'",
    "'%s%n%d'", '\'$1\'', "'{}'", "'NULL'", "'null'", "'; DROP TABLE x; --'", "'../../etc/passwd'", "'public'", "'solar'", "'production'", "'0'", "'-1'",
    "'postgres'", "'pg_monitor'", "'none'", 'current_user', 'NULL');

sub bigint { return chance(0.75) ? int rand pick(5, 120) : chance(0.15) ? 'NULL' : pick(@extreme) }

sub text
{
    my ($name) = @_;
    return pick(@odd_text) if chance(0.15);
    return pick(real_hash(), @hash) if $name =~ /hash/;
    return quoted(pick(qw(solar wind hydro nuclear geothermal biomass natural-gas))) if $name =~ /type/;
    return pick('NULL', quoted(pick(@grids, 'grid ' . int rand 3))) if $name =~ /^(grid|name)/;
    return quoted(pick('smartgrid_operator', 'fuzz_village', 'fuzz_anna')) if $name =~ /role/;
    return quoted(pick('UTC', 'Europe/Berlin', 'Australia/Sydney', 'America/St_Johns', 'Africa/Monrovia', 'Etc/GMT+5', 'UTC+2', 'CEST')) if $name =~ /zone/;
    return quoted(pick(qw(EUR CHF XXX eur E))) if $name =~ /currency/;
    return quoted(pick(@principals));
}

sub real_hash
{
    return () unless grep { /\bsg_blocks$/ } @relations;
    return '(SELECT b.hash FROM sg_blocks AS b ORDER BY random() LIMIT 1)';
}

sub array_of
{
    my ($type, $element) = @_;
    my $n = chance(0.7) ? int(rand 6) : pick(0, 1, 7, 300);
    return 'NULL' if chance(0.05);
    return "'{}'" if chance(0.05);
    return "ARRAY[[" . $element->() . "::${type}], [NULL]]" if chance(0.05);
    return "('[0:1]={NULL,NULL}'::${type}[])" if chance(0.05);
    return "array_fill(NULL::$type, '{2,2,2}')" if chance(0.03);
    return "array_fill(" . $element->() . "::$type, ARRAY[$n], ARRAY[-5])" if chance(0.1);
    return 'ARRAY[' . join(', ', map { $element->() } 1 .. $n) . "]::${type}[]";
}

# A proof, or one that was meddled with, or something else altogether.
sub jsonb
{
    my @some = ("'{}'", "'null'", "'[]'", "'\"x\"'", "'1'", "'{\"type\":1}'", "'{\"type\":\"smartgrid-entry-1\"}'", "'{\"type\":\"smartgrid-blocks-1\"}'",
        "'{\"type\":\"smartgrid-entry-1\",\"entry\":\"\",\"index\":-1,\"entries\":1e300,\"path\":[null],\"block\":\"\"}'",
        "'{\"type\":\"smartgrid-blocks-1\",\"from\":\"\",\"to\":\"\",\"inclusion\":[[]],\"consistency\":{}}'",
        "(repeat('[', 3000) || repeat(']', 3000))", 'NULL');
    return pick(@some) . '::jsonb' if chance(0.3) || !$exists{sg_prove_entry};
    my $proof = chance(0.5) ? 'sg_prove_entry(' . int(rand 60) . ')' : 'sg_prove_blocks(' . int(rand 4) . ', ' . int(rand 6) . ')';
    return $proof if chance(0.4);
    my $key = pick(qw(type entry index entries path block from to inclusion consistency));
    return "($proof - '$key')" if chance(0.2);
    my $new = pick('null', '-1', '0', '1', '65536', '65537', '4294967296', '9223372036854775807', '9223372036854775808', '1.5', '1e400', '[]', '{}', '""', '"x"', '[""]', '[1]',
        '["' . '0' x 64 . '"]', '[' . join(',', ('"' . 'a' x 64 . '"') x 70) . ']', '"' . ',' x 30 . '"', '"smartgrid-block-1' . ',0' x 23 . '"',
        '"smartgrid-block-1' . ',99999999999999999999999999999999999999999' x 23 . '"', '"\u00e9\ud83d\ude00"');
    return "jsonb_set($proof, '{$key}', '$new')" if chance(0.6);
    return "jsonb_set($proof, '{$key}', to_jsonb(overlay($proof ->> '$key' PLACING '" . pick(',', '-', '0', '9', 'x', ' ', '') . "' FROM " . (1 + int rand 80) . ' FOR ' . int(rand 3) . ')))';
}

my %pool = (
    'bigint' => \&bigint,
    'integer' => sub { return chance(0.6) ? int rand 100 : pick('NULL', grep { abs $_ <= 2147483648 && $_ ne '2147483648' } @extreme) },
    'smallint' => sub { return chance(0.7) ? int rand 11 : pick('NULL', -32768, 32767, -1) },
    'boolean' => sub { return pick('true', 'false', 'true', 'false', 'NULL') },
    'text' => \&text,
    'numeric' => sub { return chance(0.4) ? int rand 101 : pick(@numbers, 'NULL') },
    'timestamp with time zone' => sub { return pick(@times) },
    'tstzrange' => sub { return pick(@ranges) },
    'interval' => sub { return pick("'0'", "'-1 day'", "'178000000 years'", "'1 month -1 day'", "'1 hour'", "'1 hour'", "'15 minutes'", "'7 minutes'", "'1 day'", "'7 days'", "'1 month'", "'1 year'", 'NULL') },
    'regclass' => sub {
        return pick(map({ quoted($_) } 'readings', 'readings', 'readings', 'wrong_readings', 'no_readings', 'readings_view', 'readings_that_call', @relations,
                'pg_class', 'pg_toast.pg_toast_2619', 'information_schema.tables', 'pg_class_oid_index'), '0', '4294967295', "'sg_ledger'", 'NULL');
    },
    'jsonb' => \&jsonb,
    'json' => sub { return '(' . jsonb() . ')::json' },
    'sg_day' => sub { return pick(map({ quoted($_) } '+00:00 1x15 0', '+01:00 4x15 0,12,13e,-', '-03:30 3x5 -1,-2s,-9223372036854775808c', '+00:44:30 2x60 9223372036854775807,5',
        '+02:00 1x60+4x15+2x30 7,1,2,3,4,5,6', '+00:00 3x60 -,-,-', '+01:00 96x15 ' . join(',', map { int rand 500 } 1 .. 96)), 'NULL') },
    'date' => sub { return pick("'2026-01-01'", "'2000-02-29'", "'infinity'", "'-infinity'", "'5874897-12-31'", "'294276-12-31'", "'4714-11-24 BC'", 'NULL') },
    'bytea' => sub { return pick("''", "sha256('x')", "'\\x00'", "decode(repeat('00', 786432), 'hex')", "decode(repeat('ff', 31), 'hex')", 'NULL') },
    'oid' => sub { return pick(0, 1, 10, 16384, 4294967295, 'NULL') },
    'text[]' => sub { return array_of('text', sub { chance(0.5) ? quoted(pick(qw(production consumption charge discharge topup withdrawal hold))) : text('principal') }) },
    'bigint[]' => sub { return array_of('bigint', \&bigint) },
    'integer[]' => sub { return array_of('integer', sub { int rand 5 }) },
    'timestamp with time zone[]' => sub { return array_of('timestamptz', sub { pick(@times) }) },
);

# For sg_post_readings: arrays of one length, most of the time.
sub readings
{
    my $n = int rand 40;
    my @arrays = ([], [], [], []);
    for (1 .. $n)
    {
        push @{ $arrays[0] }, chance(0.9) ? quoted(pick(@principals)) : text('principal');
        push @{ $arrays[1] }, chance(0.95) ? quoted(pick(qw(production consumption charge discharge topup))) : text('kind');
        push @{ $arrays[2] }, bigint();
        push @{ $arrays[3] }, pick(@times);
    }
    pop @{ pick(@arrays) } if chance(0.05);
    my @types = qw(text[] text[] bigint[] timestamptz[]);
    return map { 'ARRAY[' . join(', ', @{ $arrays[$_] }) . "]::$types[$_]" } 0 .. pick(2, 3);
}

sub call
{
    my ($function) = @_;
    my @arguments = @{ $function->{arguments} };
    $called{ $function->{name} }++;
    return $function->{name} . '(' . join(', ', readings()) . ')' if $function->{name} =~ /sg_post_readings$/ && @arguments > 1 && chance(0.8);
    pop @arguments while @arguments && $function->{name} !~ /^smartgrid\./ && chance(0.05);
    return $function->{name} . '(' . join(', ', map {
        my $value = $pool{ $_->{type} } ? $pool{ $_->{type} }->($_->{name}) : 'NULL';
        $value =~ /^(?:'|NULL|-?\d)/ && $value !~ /::/ ? "$value\::$_->{type}" : $value;
    } @arguments) . ')';
}

# ---- statements ----

my $cursor = 0;

sub statement
{
    return 'SELECT * FROM ' . pick(@relations) . pick('', ' LIMIT 1', ' WHERE false') if chance(0.07);
    my $function = pick(chance(0.85) ? @public : @functions);
    # They would make everything slow before long.
    $function = pick(@public) if $function->{name} =~ /create_grid|create_api|balance_load|sg_check|verify_ledger|invariants/ && chance(0.8);
    my $call = call($function);
    my $form = rand;
    return "SELECT * FROM $call" if $form < 0.35;
    return "SELECT $call" if $form < 0.60;
    return "SELECT ($call) IS NULL FROM generate_series(1, 3)" if $form < 0.65 && !$function->{set};
    return "SELECT x FROM generate_series(1, 2) AS n, LATERAL (SELECT n, $call) AS x" if $form < 0.70;
    return "SELECT * FROM $call LIMIT 1" if $form < 0.74;
    return "WITH w AS MATERIALIZED (SELECT $call) SELECT count(*) FROM w" if $form < 0.78;
    return "EXPLAIN (ANALYZE, BUFFERS, VERBOSE) SELECT $call" if $form < 0.82;
    return "SELECT 1 FROM $call AS a FULL JOIN $call AS b ON true LIMIT 5" if $form < 0.85;
    return "CREATE TEMP TABLE IF NOT EXISTS t" . int(rand 1e9) . " AS SELECT to_jsonb(x) FROM $call AS x" if $form < 0.88;
    return "DO " . quoted("BEGIN PERFORM $call; EXCEPTION WHEN OTHERS THEN IF SQLSTATE LIKE 'XX%' THEN RAISE; END IF; END") if $form < 0.94;
    $cursor++;
    return "DECLARE c$cursor SCROLL CURSOR WITH HOLD FOR SELECT * FROM $call; FETCH 2 FROM c$cursor; FETCH PRIOR FROM c$cursor; CLOSE c$cursor" if $form < 0.96;
    return "DECLARE c$cursor CURSOR FOR SELECT $call; FETCH 1 FROM c$cursor" if $form < 0.97;
    return "PREPARE p$cursor AS SELECT $call; EXECUTE p$cursor; EXECUTE p$cursor" if $form < 0.99;
    return "COPY (SELECT $call) TO STDOUT";
}

my @settings = (
    (map { "SET smartgrid.principal = " . quoted($_) } @principals, @principals, 'nobody'),
    (map { "SET smartgrid.reference = '$_'" } 'r1', 'r2', 'r3', 'x' x 129), ('RESET smartgrid.reference') x 6,
    (map { "SET request.headers = " . quoted($_) } '{"idempotency-key": "r1"}', '{"idempotency-key": 1}', '{"idempotency-key"', ''),
    "SET smartgrid.principal = ''", 'RESET smartgrid.principal', (map { "SET smartgrid.grid = '$_'" } @grids, 'nowhere', ''), ('RESET smartgrid.grid') x 2,
    (map { "SET request.jwt.claims = '$_'" } '{"sub":"fuzz_anna"}', '{"sub":1}', '{', '', '[]', '{"sub":{"a":[]}}', 'null', '"x"'), 'RESET request.jwt.claims',
    "SET jwt.claims.sub = 'fuzz_bert'", "SET jwt.claims.sub = ''", "SET TimeZone = 'Asia/Kathmandu'", "SET TimeZone = 'America/St_Johns'", "SET TimeZone = '-15:30'", "SET DateStyle = 'SQL, DMY'",
    "SET DateStyle = 'German'", "SET search_path = ''", "SET search_path = pg_temp, public", 'SET search_path = public', "SET bytea_output = 'escape'", "SET lc_monetary = 'C'", 'SET extra_float_digits = -15',
    "SET IntervalStyle = 'iso_8601'", "SET row_security = off", 'SET row_security = on', "SET client_encoding = 'LATIN1'", "SET client_encoding = 'UTF8'", "SET work_mem = '64kB'", "SET jit_above_cost = 0", "SET enable_indexscan = off",
    "SET default_transaction_read_only = on", 'SET default_transaction_read_only = off', 'SET default_transaction_read_only = off', "SET default_transaction_isolation = 'serializable'",
    "SET default_transaction_isolation = 'repeatable read'", ("SET default_transaction_isolation = 'read committed'") x 3, 'SET ROLE fuzz_anna', 'SET ROLE smartgrid_operator', 'SET ROLE fuzz_auditor', ('RESET ROLE') x 3,
    "SET SESSION AUTHORIZATION fuzz_gateway", ('RESET SESSION AUTHORIZATION') x 2, "SET plan_cache_mode = force_generic_plan", 'SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0',
    "SET standard_conforming_strings = on", "SET smartgrid.seal_wait = '50ms'", "SET smartgrid.seal_wait = 0", "SET smartgrid.nonsense = 1", 'DISCARD PLANS', 'DISCARD TEMP', 'DISCARD SEQUENCES');

sub script
{
    my @lines = (chance(0.8) ? '\\set ON_ERROR_ROLLBACK on' : '\\set ON_ERROR_ROLLBACK off', "SET statement_timeout = '10s'", "SET lock_timeout = '300ms'", "SET smartgrid.seal_wait = '100ms'",
        'SET client_min_messages = error', chance(0.6) ? 'SET smartgrid.principal = ' . quoted(pick(@principals)) : 'SELECT 1');
    my $open = 0;
    for (1 .. $statements_per_session)
    {
        if (chance(0.06)) { push @lines, pick(@settings); next }
        if (!$open && chance(0.07))
        {
            push @lines, 'BEGIN' . pick('', '', ' READ ONLY', ' ISOLATION LEVEL REPEATABLE READ', ' ISOLATION LEVEL SERIALIZABLE', ' ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE');
            $open = 1;
        }
        elsif ($open && chance(0.25))
        {
            my $id = 'fuzz' . int rand 1e9;
            push @lines, pick('SAVEPOINT s', 'SAVEPOINT s', 'ROLLBACK TO s', 'ROLLBACK TO s', 'RELEASE s', "SET CONSTRAINTS ALL IMMEDIATE") if chance(0.6);
            if (chance(0.4)) { push @lines, pick('COMMIT', 'COMMIT', 'ROLLBACK', 'COMMIT AND CHAIN; ROLLBACK', "PREPARE TRANSACTION '$id'; COMMIT PREPARED '$id'", "PREPARE TRANSACTION '$id'; ROLLBACK PREPARED '$id'"); $open = 0 }
        }
        push @lines, statement();
    }
    push @lines, 'ROLLBACK' if $open;
    return map { /^\\/ ? $_ : "$_;" } @lines;
}

# ---- running ----

sub start_session
{
    my ($number) = @_;
    my $file = "$dir/script$number.sql";
    my @lines = script();
    open my $out, '>', $file or die "$file: $!\n";
    print $out map { "$_\n" } @lines;
    close $out or die "$file: $!\n";
    my %session = (file => $file, lines => \@lines, user => pick(@logins), err => '', out => '');
    $session{run} = IPC::Run::start(
        [ 'psql', '-Xq', '-v', 'VERBOSITY=verbose', '-v', 'SHOW_CONTEXT=never', '-o', '/dev/null', '-U', $session{user}, '-f', $file ],
        '<', '/dev/null', '>', '/dev/null', '2>', \$session{err}, IPC::Run::timeout(240));
    return \%session;
}

sub finish_session
{
    my ($session) = @_;
    my $bad = 0;
    if (!eval { $session->{run}->finish; 1 })
    {
        push @problems, "a session hangs ($session->{user})";
        eval { $session->{run}->kill_kill };
        $bad = 1;
    }
    for my $line (split /\n/, $session->{err})
    {
        next unless $line =~ /^psql:.*?:(\d+): (.*)/;
        my ($number, $message) = ($1, $2);
        $count{$1}++ if $message =~ /^(?:ERROR|FATAL|PANIC):\s+(\w{5}):/;
        if ($message =~ /^(?:ERROR|FATAL|PANIC):\s+(?:XX|57P0[1-3])|^PANIC|server closed|connection to server was lost|could not connect/)
        {
            push @problems, "as $session->{user}, line $number of the script: $message\n    " . substr($session->{lines}[ $number - 1 ] // '?', 0, 2000);
            $bad = 1;
        }
    }
    $count{statements} += @{ $session->{lines} };
    if ($bad && $ENV{SG_FUZZ_DIR})
    {
        rename $session->{file}, "$session->{file}.failed" . scalar @problems;
    }
    return;
}

srand $seed;
print "fuzz: SEED=$seed, $seconds seconds\n";
prepare();
look_at_catalog();

my $end = time + $seconds;
my $number = 0;
my @running = map { start_session($number++) } 1 .. $sessions;
while (@running)
{
    my $session = shift @running;
    finish_session($session);
    push @running, start_session($number++) if time < $end && @problems < 20;
}

# A crash is over when the server is there again.
for (1 .. 100)
{
    last if eval { psql_value('SELECT 1') };
    sleep 0.2;
}
psql_value('ROLLBACK PREPARED ' . quoted($_)) for grep { $_ ne '' } split /\n/, psql_value('SELECT gid FROM pg_prepared_xacts');
my $broken = psql_value('SELECT * FROM sg_check() WHERE ok IS NOT TRUE');
push @problems, "sg_check(): $broken" if $broken ne '';
if ($exists{sg_verify_ledger})
{
    for my $grid (split /\n/, psql_value(q{SELECT encode(convert_to(name, 'UTF8'), 'hex') FROM smartgrid.grid}))
    {
        my $wrong = psql_value("SELECT count(*) FROM sg_seal(convert_from('\\x$grid', 'UTF8'))") eq ''
            || psql_value("SELECT * FROM sg_verify_ledger(convert_from('\\x$grid', 'UTF8')) WHERE ok IS NOT TRUE");
        push @problems, "sg_verify_ledger(): $wrong" if $wrong ne '';
    }
}
my @never = grep { !$called{$_} } map { $_->{name} } @functions;
push @problems, 'functions that were never called: ' . join(' ', @never) if @never && $seconds >= 60;
if ($ENV{SG_SERVER_LOG} && open my $log, '<', $ENV{SG_SERVER_LOG})
{
    while (<$log>)
    {
        push @problems, "server log: $_" if /PANIC:|TRAP:|was terminated by signal|AddressSanitizer|runtime error:/;
    }
}

my $entries = psql_value('SELECT count(*) FROM smartgrid.ledger');
my $blocks = $exists{sg_seal} ? psql_value('SELECT count(*) FROM smartgrid.block') : 0;
my $statements = delete $count{statements} // 0;
my $said = join ', ', map { "$_ $count{$_}" } sort { $count{$b} <=> $count{$a} } keys %count;
printf "%d statements over %d functions, %d ledger entries, %d blocks\nerrors: %s\n", $statements, scalar keys %called, $entries, $blocks, $said;
if (@problems)
{
    print "PROBLEM: $_\n" for @problems;
    printf "%d problems, SEED=%d\n", scalar @problems, $seed;
    exit 1;
}
print "no crash, no internal error, the books balance\n";
