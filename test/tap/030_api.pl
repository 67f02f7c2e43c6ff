# A schema made by sg_create_api(): it survives dump and restore and can be brought up to date afterwards, several at once get
# in nobody's way, an upgrade of the extension gets along with it, and it goes with the extension where that is asked for.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;
use GridSession;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->create_grid_database('grid');
fill_roles($node);
fill($node, 'grid');
$node->safe_psql('grid', q{CREATE ROLE web_user; CREATE ROLE reporting; GRANT web_user TO web});

# Everything of the schema but the OIDs.
my $schema_sql = <<'SQL';
SET search_path = pg_catalog;
SELECT 'view', relname, pg_get_viewdef(oid), reloptions, relowner::regrole, relacl, obj_description(oid, 'pg_class')
FROM pg_class WHERE relnamespace = 'api'::regnamespace ORDER BY relname COLLATE "C";
SELECT 'column', attrelid::regclass, attname, col_description(attrelid, attnum)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'api'::regnamespace AND attnum > 0 ORDER BY attrelid::regclass::text COLLATE "C", attnum;
SELECT 'function', pg_get_functiondef(oid), proowner::regrole, proacl, obj_description(oid, 'pg_proc')
FROM pg_proc WHERE pronamespace = 'api'::regnamespace ORDER BY oid::regprocedure::text COLLATE "C";
SELECT 'schema', nspowner::regrole, nspacl, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'api';
SQL
my $oids_sql = q{SELECT string_agg(oid::text, ' ' ORDER BY oid) FROM (SELECT oid FROM pg_class WHERE relnamespace = 'api'::regnamespace
    UNION ALL SELECT oid FROM pg_proc WHERE pronamespace = 'api'::regnamespace) AS o};

# ---- dump and restore ----
$node->safe_psql('grid', <<'SQL');
SELECT sg_create_api('api', role) FROM unnest(ARRAY['web_user', 'olga']) AS role;
GRANT USAGE ON SCHEMA api TO reporting;
GRANT SELECT ON api.trades TO reporting;
CREATE FUNCTION api.consume_a_little() RETURNS boolean LANGUAGE sql RETURN api.consume_energy(1);
SQL
my $before = $node->safe_psql('grid', $schema_sql);
my $dir = $node->basedir;
runs_ok($node, [ 'pg_dump', '-Fc', '-f', "$dir/grid.dump", 'grid' ], 'dumped');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
runs_ok($node, [ 'pg_restore', '--exit-on-error', '-d', 'restored', "$dir/grid.dump" ], 'restored');
is($node->safe_psql('restored', $schema_sql), $before, 'the same schema');
my $oids = $node->safe_psql('restored', $oids_sql);
is($node->safe_psql('restored', q{SELECT sg_create_api('api', 'olga'), sg_create_api('api', 'web_user')}), 't|t', 'brought up to date');
is($node->safe_psql('restored', $schema_sql), $before, 'it is as it was');
is($node->safe_psql('restored', $oids_sql), $oids, 'and nothing was made anew');
my $as_bert = q{BEGIN; SELECT set_config('role', 'web_user', true), set_config('request.jwt.claims', '{"sub": "bert"}', true); };
like($node->safe_psql('restored', $as_bert . 'SELECT api.get_principal(), api.consume_energy(5)', extra_params => [ '-U', 'web' ]), qr/^bert\|t$/m, 'and works');

# ---- several at once ----
$node->safe_psql('postgres', 'CREATE DATABASE busy TEMPLATE restored');
$node->safe_psql('busy', 'DROP SCHEMA api CASCADE');
my @sessions = map { GridSession->new($node, 'busy', name => "session$_") } 1 .. 4;
for my $round (1 .. 3)
{
    $_->send(q{SELECT sg_create_api('api', 'web_user'), sg_create_api('api', 'olga')}) for @sessions;
    is(join(' ', map { ($_->receive)[1] } @sessions), '   ', "four at once, round $round: no error");
}
# One that is not committed yet: the other waits, and finds what it has made.
$sessions[0]->query('BEGIN; DROP SCHEMA api CASCADE');
$sessions[0]->query(q{SELECT sg_create_api('api', 'web_user')});
$sessions[1]->send(q{SELECT sg_create_api('api', 'olga')});
ok($node->poll_query_until('busy', "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = " . $sessions[1]->pid), 'the second one waits');
$sessions[0]->query('COMMIT');
is(($sessions[1]->receive)[1], '', 'and goes on');
is($node->safe_psql('busy', q{SELECT count(*) FROM pg_class WHERE relnamespace = 'api'::regnamespace}),
    $node->safe_psql('grid', q{SELECT count(*) FROM pg_class WHERE relnamespace = 'api'::regnamespace}), 'all of it is there');
# Nobody else can take the lock that they wait for: not by its old name, and not by the function.
$node->safe_psql('busy', 'CREATE ROLE anybody; GRANT anybody TO postgres');
$sessions[2]->query(q{SELECT pg_advisory_lock(hashtextextended('smartgrid api api', 0))});
is(($sessions[0]->query(q{SET lock_timeout = '10s'; SELECT sg_create_api('api', 'web_user')}))[1], '', 'an advisory lock of anybody is nothing to it');
is(($sessions[2]->query(q{SET ROLE anybody; SELECT smartgrid.api_lock('api'::regnamespace)}))[1], '42501', 'its own is for who may create objects there');
is(($sessions[2]->query(q{SELECT smartgrid.api_lock(0)}))[0], 'f', 'and no lock of a schema that is not there');
$_->quit for @sessions;

# ---- an upgrade from before there was sg_create_api(), with wrappers of all views and functions written by hand ----
$node->safe_psql('postgres', 'CREATE DATABASE old');
$node->safe_psql('old', q{CREATE EXTENSION smartgrid VERSION '0.2.0'});
$node->safe_psql('old', <<'SQL');
CREATE SCHEMA byhand;
DO $$
DECLARE
    o record;
BEGIN
    FOR o IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' AND relname LIKE 'sg\_%' LOOP
        EXECUTE format('CREATE VIEW byhand.%I AS SELECT * FROM public.%I', o.relname, o.relname);
    END LOOP;
END $$;
CREATE FUNCTION byhand.quote(amount bigint) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT cost FROM public.sg_quote(amount); END;
ALTER EXTENSION smartgrid UPDATE;
SELECT sg_create_api('api', 'web_user'), sg_create_api('api', 'olga');
SQL
is($node->safe_psql('old', q{SELECT count(*) FROM pg_class WHERE relnamespace = 'api'::regnamespace}),
    $node->safe_psql('grid', q{SELECT count(*) FROM pg_class WHERE relnamespace = 'api'::regnamespace}), 'after an upgrade the API is that of a fresh installation');

# ---- the end ----
is(sqlstate($node, 'grid', 'DROP EXTENSION smartgrid'), '2BP01', 'an API keeps the extension from being dropped');
$node->safe_psql('grid', 'DROP EXTENSION smartgrid CASCADE');
is($node->safe_psql('grid', q{SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'api'::regnamespace),
    (SELECT count(*) FROM pg_proc WHERE pronamespace = 'api'::regnamespace)}), '0|0', 'CASCADE takes it along');
is($node->safe_psql('grid', q{CREATE EXTENSION smartgrid; SELECT sg_create_api('api', 'web_user')}), 't', 'the schema serves the next one');

done_testing();
