# The update of a database that has API schemas and rights that were given and taken: functions that are made anew, because their
# arguments or results change, keep their rights; what else depends on them stops the update.
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
$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'CREATE EXTENSION smartgrid');
fill_roles($node);
$node->safe_psql('postgres', 'CREATE ROLE web_user; CREATE ROLE office IN ROLE smartgrid_operator; CREATE ROLE "the auditors" IN ROLE smartgrid_auditor');

# Functions by what they are called now, with the rights others than their owner have.
my $rights = q{SELECT p.proname, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.is_grantable
    FROM pg_proc AS p CROSS JOIN LATERAL aclexplode(p.proacl) AS a
    WHERE p.proname IN ('sg_create_grid', 'sg_alter_grid', 'sg_post_readings', 'sg_statement', 'sg_last_entry') AND a.grantee <> p.proowner
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3};
my $api = q{SELECT p.oid::regprocedure::text, string_agg(a.grantee::regrole::text, ' ' ORDER BY a.grantee::regrole::text)
    FROM pg_proc AS p CROSS JOIN LATERAL aclexplode(p.proacl) AS a WHERE p.pronamespace = 'api'::regnamespace AND a.grantee <> p.proowner GROUP BY 1
    UNION ALL
    SELECT c.oid::regclass::text, string_agg(a.grantee::regrole::text, ' ' ORDER BY a.grantee::regrole::text)
    FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS a WHERE c.relnamespace = 'api'::regnamespace AND a.grantee <> c.relowner GROUP BY 1
    ORDER BY 1};
my $restrict = <<'SQL';
REVOKE EXECUTE ON FUNCTION sg_statement(text, tstzrange), sg_last_entry() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_statement(text, tstzrange) TO smartgrid_auditor, web_user;
SQL
my $make_api = <<'SQL';
SELECT sg_create_api('api', 'web_user'), sg_create_api('api', 'office'), sg_create_api('Our "API"', 'the auditors');
SQL

create_version($node, 'used', '0.3.0', 1);
$node->safe_psql('used', <<"SQL");
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_alter_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer) TO smartgrid_operator WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION sg_post_readings(text[], text[], bigint[], timestamptz[]), sg_post_readings(regclass) TO smartgrid_gateway, web_user;
SQL
$node->safe_psql('used', 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC');
$node->safe_psql('used', <<"SQL");
REVOKE EXECUTE ON FUNCTION sg_alter_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION sg_post_readings(text[], text[], bigint[], timestamptz[]), sg_post_readings(regclass) FROM PUBLIC;
$restrict
$make_api
SQL
my $before = $node->safe_psql('used', $rights);

# ---- what else depends on such a function ----
$node->safe_psql('used', 'CREATE VIEW public.my_last AS SELECT kind FROM sg_last_entry()');
my $said = '';
$node->psql('used', "\\set VERBOSITY verbose\nALTER EXTENSION smartgrid UPDATE", stderr => \$said, stdout => \my $ignored);
like($said, qr/ERROR:\s+2BP01:/, 'a view of one of them stops the update');
like($said, qr/view public\.my_last depends on function public\.sg_last_entry\(\)/, 'which names it');
is($node->safe_psql('used', q{SELECT extversion FROM pg_extension WHERE extname = 'smartgrid'}), '0.3.0', 'nothing has changed');
is($node->safe_psql('used', $rights), $before, 'no right either');
$node->safe_psql('used', 'DROP VIEW public.my_last');

# ---- the update ----
$node->psql('used', 'ALTER EXTENSION smartgrid UPDATE', stderr => \$said, stdout => \$ignored);
is(broken_invariants($node, 'used'), '', 'updated');
is($node->safe_psql('used', $rights), $before, 'functions that are made anew have the rights of before');
my @hints = $said =~ /^(?:.*: )?HINT:\s+Run (.*)$/mg;
is_deeply(\@hints, [ q{SELECT public.sg_create_api('Our "API"', 'the auditors');},
    q{SELECT public.sg_create_api('api', 'office'); SELECT public.sg_create_api('api', 'web_user');} ], 'it says how to bring the APIs up to date');
is($node->safe_psql('used', q{SELECT count(*) FROM pg_proc WHERE pronamespace = 'api'::regnamespace AND proname IN ('post_readings', 'alter_grid', 'get_statement')}),
    '0', 'wrappers of the old form are gone');
$node->safe_psql('used', join "\n", @hints);

# The same, had it never been an older version.
$node->safe_psql('fresh', <<"SQL");
REVOKE EXECUTE ON FUNCTION sg_alter_grid, sg_post_readings(regclass), sg_post_readings(text[], text[], bigint[], timestamptz[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sg_alter_grid TO smartgrid_operator WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION sg_post_readings(regclass), sg_post_readings(text[], text[], bigint[], timestamptz[]) TO smartgrid_gateway, web_user;
$restrict
$make_api
SQL
is($node->safe_psql('used', $api), $node->safe_psql('fresh', $api), 'then they are as new ones are, for the same roles');
is($node->safe_psql('used', $rights), $node->safe_psql('fresh', $rights), 'and so are the rights');
is(sqlstate($node, 'used', q{SET ROLE web_user; SELECT sg_last_entry()}), '42501', 'what was taken is taken');

done_testing();
