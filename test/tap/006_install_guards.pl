# CREATE EXTENSION refuses what somebody has prepared, says why and what to do,
# and leaves nothing behind.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', <<'SQL');
CREATE ROLE mallory LOGIN;
CREATE ROLE dora LOGIN;
CREATE DATABASE grid OWNER dora;
SQL

my $leftovers = <<'SQL';
SELECT 'extension' FROM pg_extension WHERE extname = 'smartgrid'
UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname = 'smartgrid'
UNION ALL SELECT 'function ' || oid::regprocedure FROM pg_proc WHERE proname LIKE 'sg\_%'
UNION ALL SELECT 'relation ' || oid::regclass FROM pg_class WHERE relname LIKE 'sg\_%' AND relkind <> 'i'
UNION ALL SELECT 'type ' || oid::regtype FROM pg_type WHERE typname LIKE 'sg\_%' AND typtype <> 'c'
UNION ALL SELECT 'role ' || rolname || CASE WHEN rolcanlogin THEN ' login' ELSE '' END FROM pg_roles WHERE rolname LIKE 'smartgrid%'
ORDER BY 1;
SQL

# Prepares, tries, compares, cleans up.
sub refused
{
    my ($what, %case) = @_;
    my $create = $case{create} // 'CREATE EXTENSION smartgrid';
    $node->safe_psql('grid', $case{before}) if $case{before};
    my $before = $node->safe_psql('grid', $leftovers);

    my $err = '';
    my $status = $node->psql('grid', "\\set VERBOSITY verbose\nSET client_min_messages = warning;\n$create",
        stderr => \$err, stdout => \my $out, extra_params => [ '-U', $case{user} // 'postgres' ]);
    isnt($status, 0, "$what: refused");
    my ($state) = $err =~ /ERROR:\s+(\w{5}):/;
    is($state, $case{state}, "$what: SQLSTATE");
    like($err, $case{message}, "$what: says what is wrong");
    like($err, $case{hint}, "$what: says what to do") if $case{hint};
    is($node->safe_psql('grid', $leftovers), $before, "$what: leaves nothing behind");
    $node->safe_psql('grid', $case{after}) if $case{after};
    return;
}

sub accepted
{
    my ($what, %case) = @_;
    my $create = $case{create} // 'CREATE EXTENSION smartgrid';
    $node->safe_psql('grid', $case{before}) if $case{before};
    is(sqlstate($node, 'grid', "SET client_min_messages = warning; $create"), '00000', "$what: accepted");
    is($node->safe_psql('grid', $case{then}), $case{result}, "$what: works") if $case{then};
    $node->safe_psql('grid', 'SET client_min_messages = warning; DROP EXTENSION IF EXISTS smartgrid');
    $node->safe_psql('grid', $case{after}) if $case{after};
    return;
}

# ---- who ----
refused('a role without rights', user => 'mallory', state => '42501',
    message => qr/permission denied to create extension "smartgrid"/, hint => qr/HINT:\s+Must be superuser/);
refused('the owner of the database', user => 'dora', state => '42501',
    message => qr/permission denied to create extension "smartgrid"/);

# ---- the schema of the tables ----
refused('schema smartgrid of somebody else', state => '42P06',
    before => 'CREATE SCHEMA smartgrid AUTHORIZATION mallory',
    message => qr/schema "smartgrid" exists already.*belongs to role "mallory"/s,
    hint => qr/HINT:.*[Dd]rop/,
    after => 'DROP SCHEMA smartgrid');
refused('schema smartgrid of a superuser', state => '42P06',
    before => 'CREATE SCHEMA smartgrid',
    message => qr/schema "smartgrid" exists already/,
    hint => qr/HINT:.*[Dd]rop/,
    after => 'DROP SCHEMA smartgrid');

# ---- objects of our names ----
my %planted = (
    'a function with our name and arguments' => [
        'CREATE FUNCTION sg_report_production(bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$',
        'sg_report_production(bigint)', 'DROP FUNCTION sg_report_production(bigint)' ],
    'a function with our name and other arguments' => [
        'CREATE FUNCTION sg_report_production(integer) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$',
        'sg_report_production(integer)', 'DROP FUNCTION sg_report_production(integer)' ],
    'a function with a name we may use one day' => [
        'CREATE FUNCTION sg_anything() RETURNS boolean LANGUAGE sql AS $$ SELECT true $$',
        'sg_anything()', 'DROP FUNCTION sg_anything()' ],
    'a procedure' => [
        'CREATE PROCEDURE sg_consume_energy() LANGUAGE sql AS $$ SELECT true $$',
        'sg_consume_energy()', 'DROP PROCEDURE sg_consume_energy()' ],
    'a table' => [ 'CREATE TABLE sg_ledger (a integer)', 'sg_ledger', 'DROP TABLE sg_ledger' ],
    'a view' => [ 'CREATE VIEW sg_grids AS SELECT 1 AS a', 'sg_grids', 'DROP VIEW sg_grids' ],
    'a sequence' => [ 'CREATE SEQUENCE sg_seq', 'sg_seq', 'DROP SEQUENCE sg_seq' ],
    'a domain' => [ 'CREATE DOMAIN sg_amount AS bigint', 'sg_amount', 'DROP DOMAIN sg_amount' ],
    'an enum' => [ q{CREATE TYPE sg_kind AS ENUM ('a')}, 'sg_kind', 'DROP TYPE sg_kind' ],
);
$node->safe_psql('grid', 'GRANT CREATE ON SCHEMA public TO mallory');
for my $what (sort keys %planted)
{
    my ($create, $name, $drop) = @{ $planted{$what} };
    refused("$what in public", state => '42710',
        before => "SET ROLE mallory; $create",
        message => qr/objects with names that smartgrid reserves.*Found: .*\Q$name\E/s,
        hint => qr/HINT:.*CREATE EXTENSION smartgrid SCHEMA/,
        after => $drop);
}
refused('IF NOT EXISTS and CASCADE do not help', state => '42710',
    before => 'SET ROLE mallory; CREATE TABLE sg_ledger (a integer)',
    create => 'CREATE EXTENSION IF NOT EXISTS smartgrid CASCADE',
    message => qr/objects with names that smartgrid reserves/,
    after => 'DROP TABLE sg_ledger');
accepted('the same objects in another schema',
    before => 'CREATE SCHEMA other; CREATE TABLE other.sg_ledger (a integer)',
    then => 'SELECT sg_get_dynamic_price()', result => '100',
    after => 'SET client_min_messages = warning; DROP SCHEMA other CASCADE');
accepted('names that only look like ours',
    before => 'CREATE TABLE sgx (a integer)', after => 'DROP TABLE sgx');

# ---- the schema of the functions ----
for my $schema ('theirs', 'Their Schema')
{
    refused(qq{schema "$schema" of a role that is not the owner of the database}, state => '42501',
        before => qq{CREATE SCHEMA "$schema" AUTHORIZATION mallory},
        create => qq{CREATE EXTENSION smartgrid SCHEMA "$schema"},
        message => qr/schema "+$schema"+ belongs to role "mallory"/,
        hint => qr/HINT:.*CREATE EXTENSION smartgrid SCHEMA/,
        after => qq{DROP SCHEMA "$schema"});
}
refused('public given away', state => '42501',
    before => 'ALTER SCHEMA public OWNER TO mallory',
    message => qr/schema "public" belongs to role "mallory"/,
    hint => qr/HINT:.*CREATE EXTENSION smartgrid SCHEMA/,
    after => 'ALTER SCHEMA public OWNER TO pg_database_owner');
# As in databases that come from PostgreSQL 14: an overload planted there would run with the rights of whoever calls it.
for my $schema ('public', 'Our Schema')
{
    refused(qq{everybody may create in schema $schema}, state => '42501',
        before => qq{CREATE SCHEMA IF NOT EXISTS "$schema"; GRANT CREATE ON SCHEMA "$schema" TO PUBLIC},
        create => qq{CREATE EXTENSION smartgrid SCHEMA "$schema"},
        message => qr/everybody may create objects in schema "\Q$schema\E"/,
        hint => $schema eq 'public' ? qr/HINT:\s+Run REVOKE CREATE ON SCHEMA public FROM PUBLIC, then/
            : qr/HINT:\s+Run REVOKE CREATE ON SCHEMA "Our Schema" FROM PUBLIC, then/);
    accepted("schema $schema after what the hint says",
        before => qq{REVOKE CREATE ON SCHEMA "$schema" FROM PUBLIC},
        create => qq{CREATE EXTENSION smartgrid SCHEMA "$schema"},
        then => qq{SELECT "$schema".sg_get_dynamic_price()}, result => '100',
        after => $schema eq 'public' ? '' : qq{DROP SCHEMA "$schema"});
}
refused('a schema that does not exist', state => '3F000',
    create => 'CREATE EXTENSION smartgrid SCHEMA nowhere',
    message => qr/schema "nowhere" does not exist/);
accepted('a schema of the owner of the database',
    before => 'CREATE SCHEMA doras AUTHORIZATION dora', create => 'CREATE EXTENSION smartgrid SCHEMA doras',
    then => 'SELECT doras.sg_get_dynamic_price()', result => '100', after => 'DROP SCHEMA doras');
accepted('a schema of a superuser',
    before => 'CREATE SCHEMA ours', create => 'CREATE EXTENSION smartgrid SCHEMA ours',
    then => 'SELECT ours.sg_get_dynamic_price()', result => '100', after => 'DROP SCHEMA ours');

# ---- roles ----
# The ones that were made by the accepted installations stay; each case starts without.
my $no_roles = 'DROP ROLE IF EXISTS smartgrid_operator; DROP ROLE IF EXISTS smartgrid_gateway; DROP ROLE IF EXISTS smartgrid_auditor;';
my $quiet = 'SET client_min_messages = warning;';
for my $role ('smartgrid_operator', 'smartgrid_gateway', 'smartgrid_auditor')
{
    for my $attribute ('LOGIN', 'SUPERUSER', 'CREATEROLE', 'BYPASSRLS', 'REPLICATION')
    {
        refused("$role with $attribute", state => '0P000',
            before => "$quiet $no_roles CREATE ROLE $role $attribute",
            message => qr/role "$role" exists already and has dangerous attributes.*\b$attribute\b/s,
            hint => qr/HINT:.*ALTER ROLE $role NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION/);
    }
    # The hint has to work.
    accepted("$role after what the hint says",
        before => "ALTER ROLE $role NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION",
        then => 'SELECT sg_get_dynamic_price()', result => '100');
}
refused('a role with all of them', state => '0P000',
    before => "$quiet $no_roles CREATE ROLE smartgrid_gateway LOGIN SUPERUSER CREATEROLE BYPASSRLS REPLICATION",
    message => qr/LOGIN, SUPERUSER, CREATEROLE, BYPASSRLS, REPLICATION/);
accepted('harmless roles that exist with members',
    before => "$quiet $no_roles CREATE ROLE smartgrid_operator; CREATE ROLE smartgrid_gateway; CREATE ROLE smartgrid_auditor; GRANT smartgrid_operator TO dora",
    then => 'SET ROLE dora; SELECT sg_set_base_price(7)', result => 't');
is($node->safe_psql('grid', $leftovers), "role smartgrid_auditor\nrole smartgrid_gateway\nrole smartgrid_operator",
    'after all that only the roles are left');

# ---- default privileges of who installs ----
accepted('default privileges that take EXECUTE and grant UPDATE',
    before => <<'SQL',
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO mallory;
SQL
    then => q{SELECT has_function_privilege('mallory', 'sg_report_production(bigint)', 'EXECUTE'),
                     has_table_privilege('mallory', 'smartgrid.consumer', 'UPDATE'),
                     has_table_privilege('mallory', 'smartgrid.ledger', 'INSERT'),
                     has_table_privilege('mallory', 'smartgrid.pool', 'TRUNCATE')},
    result => 't|f|f|f',
    after => <<'SQL');
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM mallory;
SQL

done_testing();
