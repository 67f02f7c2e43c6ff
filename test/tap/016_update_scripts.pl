# The update to a version that does not exist yet: what its script takes from the parts of the installation, and the rights
# on what is new in it or made anew.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData qw(sqlstate);
use Catalog;

my $tmp = PostgreSQL::Test::Utils::tempdir();
my ($version) = slurp_file('smartgrid.control') =~ /^default_version = '([^']+)'/m;
my $next = "$version.1";

# ---- what a script takes ----
sub write_file
{
    my ($name, $text) = @_;
    open my $out, '>', $name or die "$name: $!\n";
    print $out $text;
    close $out or die "$name: $!\n";
    return;
}

mkdir "$tmp/src";
write_file("$tmp/src/a.sql", <<'SQL');
-- A part.

CREATE SEQUENCE smartgrid.a_id_seq;

/*
 * A table.
 */
CREATE TABLE smartgrid.a (
    b text DEFAULT ';'
);
COMMENT ON TABLE smartgrid.a IS 'a;';
CREATE INDEX a_idx ON smartgrid.a (b);

-- A function; its body has a semicolon.
CREATE FUNCTION smartgrid.a(c text) RETURNS text
    LANGUAGE plpgsql AS $$
BEGIN
    RETURN 'BEGIN ATOMIC';

END;
$$;
CREATE FUNCTION smartgrid.ab() RETURNS text
    LANGUAGE sql
BEGIN ATOMIC
    SELECT 1;   -- one
END;
CREATE VIEW @extschema@.sg_a WITH (security_invoker = true) AS
SELECT 1;   -- one
CREATE TRIGGER t AFTER INSERT ON smartgrid.ab
    FOR EACH ROW EXECUTE FUNCTION smartgrid.t();
SQL

sub expanded
{
    my ($script) = @_;
    write_file("$tmp/script", $script);
    my $status = run_log([ 'awk', '-v', "root=$tmp/src", '-f', 'src/install/parts.awk', "$tmp/script" ], '>', \my $out, '2>', \my $err);
    return ($out, $err, $status);
}

is((expanded("SELECT 1;\n    -- take: a.sql\n"))[0], "SELECT 1;\n    -- take: a.sql\n", 'a script that takes nothing is as it is');
is((expanded("SELECT 1;\n-- take: a.sql\nSELECT 2;\n"))[0], <<'SQL', 'what can be run again');
SELECT 1;
-- a.sql
COMMENT ON TABLE smartgrid.a IS 'a;';
-- A function; its body has a semicolon.
CREATE OR REPLACE FUNCTION smartgrid.a(c text) RETURNS text
    LANGUAGE plpgsql AS $$
BEGIN
    RETURN 'BEGIN ATOMIC';

END;
$$;
CREATE OR REPLACE FUNCTION smartgrid.ab() RETURNS text
    LANGUAGE sql
BEGIN ATOMIC
    SELECT 1;   -- one
END;
CREATE OR REPLACE VIEW @extschema@.sg_a WITH (security_invoker = true) AS
SELECT 1;   -- one
SELECT 2;
SQL
is((expanded("-- take: a.sql smartgrid.a smartgrid.a_id_seq\n"))[0], <<'SQL', 'what names an object');
-- a.sql
CREATE SEQUENCE smartgrid.a_id_seq;
/*
 * A table.
 */
CREATE TABLE smartgrid.a (
    b text DEFAULT ';'
);
COMMENT ON TABLE smartgrid.a IS 'a;';
CREATE INDEX a_idx ON smartgrid.a (b);
-- A function; its body has a semicolon.
CREATE OR REPLACE FUNCTION smartgrid.a(c text) RETURNS text
    LANGUAGE plpgsql AS $$
BEGIN
    RETURN 'BEGIN ATOMIC';

END;
$$;
SQL
is((expanded('-- take: a.sql sg_a'))[0], <<'SQL', 'a view of the schema of the functions');
-- a.sql
CREATE OR REPLACE VIEW @extschema@.sg_a WITH (security_invoker = true) AS
SELECT 1;   -- one
SQL
is(join("\n", grep { /^CREATE/ } split /\n/, (expanded('-- take whole: a.sql'))[0]), <<'SQL' =~ s/\n\z//r, 'all of it');
CREATE SEQUENCE smartgrid.a_id_seq;
CREATE TABLE smartgrid.a (
CREATE INDEX a_idx ON smartgrid.a (b);
CREATE FUNCTION smartgrid.a(c text) RETURNS text
CREATE FUNCTION smartgrid.ab() RETURNS text
CREATE VIEW @extschema@.sg_a WITH (security_invoker = true) AS
CREATE TRIGGER t AFTER INSERT ON smartgrid.ab
SQL
for my $case ([ '-- take: b.sql', qr/there is no .*b\.sql/ ], [ '-- take: a.sql smartgrid.c', qr/a\.sql has nothing of smartgrid\.c/ ],
    [ '-- take a.sql', qr/line 1: not understood/ ], [ '-- take table: a.sql', qr/line 1: not understood/ ])
{
    my (undef, $err, $status) = expanded("$case->[0]\n");
    ok(!$status, "refused: $case->[0]");
    like($err, $case->[1], 'and why');
}

# ---- an installation that has one version more ----
my $settings = slurp_file($ENV{TEMP_CONFIG});
my ($stage) = $settings =~ m{^dynamic_library_path = '(.*?/stage)/}m or die "no stage in $ENV{TEMP_CONFIG}\n";
system_or_bail('cp', '-R', $stage, "$tmp/stage");
chomp(my $control = `find '$tmp/stage' -name smartgrid.control`);
write_file($control, slurp_file($control) =~ s/'\Q$version\E'/'$next'/r);
write_file("$tmp/next.sql", <<'SQL');
-- take: install/guard.sql
CREATE FUNCTION smartgrid.new_unused() RETURNS integer
    LANGUAGE sql RETURN 1;
CREATE FUNCTION smartgrid.new_called() RETURNS integer
    LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE FUNCTION smartgrid.new_used() RETURNS integer
    LANGUAGE plpgsql AS 'BEGIN RETURN smartgrid.new_called(); END';
CREATE FUNCTION @extschema@.sg_add_consumer_balance(target text, amount bigint, reason text) RETURNS boolean
    LANGUAGE sql RETURN @extschema@.sg_add_consumer_balance(target, amount);
CREATE FUNCTION @extschema@.sg_new() RETURNS integer
    LANGUAGE sql RETURN smartgrid.new_used();
CREATE FUNCTION smartgrid.new_table_rows(n integer) RETURNS boolean
    LANGUAGE sql RETURN n > 0;
CREATE TABLE smartgrid.new_public (n integer CHECK (smartgrid.new_table_rows(n)));
ALTER TABLE smartgrid.new_public ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.new_public FOR SELECT USING (true);
CREATE TABLE smartgrid.new_private (n serial);
DROP VIEW @extschema@.sg_prices;
-- take: grid/pricing.sql
-- take: install/rights.sql
SQL
write_file($control =~ s/\.control$/--$version--$next.sql/r,
    (run_command([ 'awk', '-v', 'root=src', '-f', 'src/install/parts.awk', "$tmp/next.sql" ]))[0] . "\n");

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', $settings =~ s/\Q$stage\E/$tmp\/stage/gr);
$node->start;
$node->safe_psql('postgres', 'CREATE ROLE anna');
$node->safe_psql('postgres', "CREATE DATABASE $_") for qw(plain used fresh restored planted);

# Rights as sets, of an object by name.
my $rights = q{SELECT string_agg(concat_ws(' ', CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE x.grantee::regrole::text END, x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END),
        ', ' ORDER BY x.grantee, x.privilege_type) FROM aclexplode((%s)) AS x WHERE x.grantee <> x.grantor};
sub rights_of
{
    my ($db, $object) = @_;
    my ($catalog, $column, $type) = $object =~ /\(/ ? qw(pg_proc proacl regprocedure) : qw(pg_class relacl regclass);
    return $node->safe_psql($db, sprintf $rights, "SELECT $column FROM $catalog WHERE oid = '$object'::$type");
}

sub initial_rights_of
{
    my ($db, $object) = @_;
    my $type = $object =~ /\(/ ? 'regprocedure' : 'regclass';
    return $node->safe_psql($db, sprintf $rights, "SELECT initprivs FROM pg_init_privs WHERE objoid = '$object'::$type AND objsubid = 0");
}

my $old = "CREATE EXTENSION smartgrid VERSION '$version';";
my %expected = (
    'sg_add_consumer_balance(text,bigint,text)' => 'PUBLIC EXECUTE', 'sg_new()' => 'PUBLIC EXECUTE', 'smartgrid.new_used()' => 'PUBLIC EXECUTE',
    'smartgrid.new_called()' => 'PUBLIC EXECUTE', 'smartgrid.new_unused()' => '', 'smartgrid.new_table_rows(integer)' => 'PUBLIC EXECUTE',
    'smartgrid.new_public' => 'PUBLIC SELECT', 'smartgrid.new_private' => '', 'smartgrid.new_private_n_seq' => '', 'sg_prices' => 'PUBLIC SELECT');
$node->safe_psql('plain', "$old ALTER EXTENSION smartgrid UPDATE");
$node->safe_psql('fresh', 'CREATE EXTENSION smartgrid');
is(rights_of('plain', $_), $expected{$_}, "rights on $_") for sort keys %expected;
is(difference(catalog($node, 'plain'), catalog($node, 'fresh')), '', 'as they are where it was never an older version');
is($node->safe_psql('plain', q{SELECT string_agg(c::regclass::text, ' ' ORDER BY c::regclass::text) FROM pg_extension, unnest(extconfig) AS c
        WHERE extname = 'smartgrid' AND c::regclass::text LIKE '%new%'}),
    'smartgrid.new_private smartgrid.new_private_n_seq smartgrid.new_public', 'pg_dump carries the new tables');

# ---- where administrators have had their say, and default privileges give more ----
$node->safe_psql('used', <<"SQL");
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO anna;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO anna;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
$old
REVOKE EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_add_consumer_balance(text, bigint) TO smartgrid_gateway WITH GRANT OPTION;
REVOKE SELECT ON sg_prices FROM PUBLIC;
GRANT SELECT, TRIGGER ON sg_prices TO smartgrid_auditor;
ALTER EXTENSION smartgrid UPDATE;
SQL
my %changed = (%expected, 'sg_add_consumer_balance(text,bigint,text)' => 'smartgrid_gateway EXECUTE*',
    'sg_prices' => 'smartgrid_auditor SELECT, smartgrid_auditor TRIGGER');
is(rights_of('used', $_), $changed{$_}, "used: rights on $_") for sort keys %changed;
is(rights_of('used', 'sg_add_consumer_balance(text,bigint)'), 'smartgrid_gateway EXECUTE*', 'used: what is there stays');
is(initial_rights_of('used', $_), $expected{$_}, "used: initial rights on $_") for sort keys %expected;

# So a dump has what they said.
$node->command_ok([ 'pg_dump', '-Fc', '-f', "$tmp/dump", $node->connstr('used') ], 'dumped');
$node->command_ok([ 'pg_restore', '-d', $node->connstr('restored'), "$tmp/dump" ], 'restored');
is(rights_of('restored', $_), $changed{$_}, "restored: rights on $_") for sort keys %changed;

# ---- what the server says to a function that somebody has made already ----
$node->safe_psql('planted', "$old CREATE FUNCTION smartgrid.new_unused() RETURNS integer LANGUAGE sql RETURN 2");
is(sqlstate($node, 'planted', 'ALTER EXTENSION smartgrid UPDATE'), '42723', 'a planted internal function: refused');
is($node->safe_psql('planted', q{SELECT extversion FROM pg_extension WHERE extname = 'smartgrid'}), $version, 'and nothing changes');

done_testing();
