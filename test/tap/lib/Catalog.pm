# What the catalogs say of the extension, one line a fact, to compare one installation with another.
#
#   use Catalog;
#   is(difference(catalog($node, 'upgraded'), catalog($node, 'fresh')), '', 'they are equal');
package Catalog;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT = qw(catalog difference);

# Without OIDs, without the order in which rights were given or columns were dropped, and without the stamp that 15.20 puts
# on every column (pg_attver).
my $prepare = <<'SQL';
SET search_path = pg_catalog;
CREATE TEMPORARY VIEW member AS
SELECT d.classid, d.objid FROM pg_depend AS d JOIN pg_extension AS e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
WHERE e.extname = 'smartgrid' AND d.deptype = 'e';
CREATE TEMPORARY VIEW relation AS SELECT c.* FROM pg_class AS c JOIN member AS m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid;
CREATE FUNCTION pg_temp.rights(aclitem[]) RETURNS text LANGUAGE sql AS
    $$ SELECT '{' || string_agg(a::text, ',' ORDER BY a::text COLLATE "C") || '}' FROM unnest($1) AS a $$;
CREATE FUNCTION pg_temp.target(anyelement) RETURNS integer LANGUAGE sql AS $$ SELECT NULLIF($1::integer, -1) $$;
SQL
my @facts = split /;\n/, <<'SQL';
SELECT 'extension', extversion, extrelocatable, extnamespace::regnamespace, extowner::regrole,
       (SELECT string_agg(concat_ws(' ', c.r::regclass, NULLIF(w.condition, '')), ', ' ORDER BY c.r::regclass::text COLLATE "C")
        FROM unnest(extconfig) WITH ORDINALITY AS c (r, n) JOIN unnest(extcondition) WITH ORDINALITY AS w (condition, n) USING (n))
FROM pg_extension WHERE extname = 'smartgrid';
SELECT 'member', (i).type, (i).identity FROM (SELECT pg_identify_object(classid, objid, 0) AS i FROM member) AS o;
SELECT 'relation', oid::regclass, relkind, relowner::regrole, relpersistence, relrowsecurity, relforcerowsecurity, reloptions,
       relreplident, reltablespace, pg_temp.rights(relacl), obj_description(oid, 'pg_class')
FROM relation;
SELECT 'column', attrelid::regclass, row_number() OVER (PARTITION BY attrelid ORDER BY attnum), attname, format_type(atttypid, atttypmod),
       attnotnull, attidentity, attgenerated, attstorage, attcompression, attcollation::regcollation, pg_temp.target(attstattarget),
       pg_temp.rights(attacl), ARRAY(SELECT o FROM unnest(attoptions) AS o WHERE o !~ '^pg_attver='), pg_get_expr(adbin, adrelid),
       col_description(attrelid, attnum)
FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid IN (SELECT oid FROM relation) AND attnum > 0 AND NOT attisdropped;
SELECT 'view', oid::regclass, pg_get_viewdef(oid) FROM relation WHERE relkind = 'v';
SELECT 'index', indrelid::regclass, pg_get_indexdef(indexrelid), indisreplident, indisclustered,
       ARRAY(SELECT pg_temp.target(a.attstattarget) FROM pg_attribute AS a WHERE a.attrelid = indexrelid ORDER BY a.attnum),
       obj_description(indexrelid, 'pg_class')
FROM pg_index WHERE indrelid IN (SELECT oid FROM relation);
SELECT 'constraint', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint')
FROM pg_constraint WHERE conrelid IN (SELECT oid FROM relation);
SELECT 'policy', polrelid::regclass, polname, polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid),
       pg_get_expr(polwithcheck, polrelid), obj_description(oid, 'pg_policy')
FROM pg_policy WHERE polrelid IN (SELECT oid FROM relation);
SELECT 'trigger', tgrelid::regclass, tgenabled, pg_get_triggerdef(oid), obj_description(oid, 'pg_trigger')
FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM relation);
SELECT 'rule', ev_class::regclass, rulename, ev_enabled, obj_description(oid, 'pg_rewrite')
FROM pg_rewrite WHERE ev_class IN (SELECT oid FROM relation);
SELECT 'statistics', stxrelid::regclass, pg_get_statisticsobjdef(oid), obj_description(oid, 'pg_statistic_ext')
FROM pg_statistic_ext WHERE stxrelid IN (SELECT oid FROM relation);
SELECT 'sequence', s.seqrelid::regclass, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle,
       (SELECT pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) FROM pg_depend AS d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.deptype = 'a')
FROM pg_sequence AS s WHERE s.seqrelid IN (SELECT oid FROM relation);
SELECT 'function', p.oid::regprocedure, CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END, p.proowner::regrole, pg_temp.rights(p.proacl), obj_description(p.oid, 'pg_proc')
FROM pg_proc AS p JOIN member AS m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid;
SELECT 'aggregate', a.aggfnoid, p.proparallel, p.proargnames, a.aggtransfn, a.aggtranstype::regtype, a.aggtransspace, a.agginitval, a.aggfinalfn,
       a.aggcombinefn, a.aggserialfn, a.aggdeserialfn
FROM pg_aggregate AS a JOIN pg_proc AS p ON p.oid = a.aggfnoid JOIN member AS m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid;
SELECT 'operator', o.oid::regoperator, o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin, o.oprcanmerge, o.oprcanhash,
       obj_description(o.oid, 'pg_operator')
FROM pg_operator AS o JOIN member AS m ON m.classid = 'pg_operator'::regclass AND m.objid = o.oid;
SELECT 'operator class', c.opcname, c.opcintype::regtype, c.opcdefault, obj_description(c.oid, 'pg_opclass'),
       ARRAY(SELECT a.amopopr::regoperator::text FROM pg_amop AS a WHERE a.amopfamily = c.opcfamily ORDER BY 1),
       ARRAY(SELECT a.amproc::regprocedure::text FROM pg_amproc AS a WHERE a.amprocfamily = c.opcfamily ORDER BY 1)
FROM pg_opclass AS c JOIN member AS m ON m.classid = 'pg_opclass'::regclass AND m.objid = c.oid;
SELECT 'operator family', f.opfname, obj_description(f.oid, 'pg_opfamily')
FROM pg_opfamily AS f JOIN member AS m ON m.classid = 'pg_opfamily'::regclass AND m.objid = f.oid;
SELECT 'type', t.oid::regtype, t.typowner::regrole, pg_temp.rights(t.typacl), obj_description(t.oid, 'pg_type'),
       t.typinput, t.typoutput, t.typreceive, t.typsend, t.typlen, t.typalign, t.typstorage
FROM pg_type AS t JOIN member AS m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid;
SELECT 'schema', nspname, nspowner::regrole, pg_temp.rights(nspacl), obj_description(oid, 'pg_namespace')
FROM pg_namespace WHERE nspname = 'smartgrid';
SELECT 'initial rights', (pg_identify_object(p.classoid, p.objoid, p.objsubid)).identity, p.privtype, pg_temp.rights(p.initprivs)
FROM pg_init_privs AS p JOIN member AS m ON m.classid = p.classoid AND m.objid = p.objoid;
SQL

sub catalog
{
    my ($node, $db) = @_;
    my $facts = join "\n", map { "SELECT replace(fact::text, E'\\n', '\\n') FROM ($_) AS fact;" } @facts;
    return [ split /\n/, $node->safe_psql($db, "$prepare$facts") ];
}

# The lines that only one of two catalogs has; of two about the same object no more than where they begin to differ.
sub difference
{
    my ($upgraded, $fresh) = @_;
    my %upgraded = map { $_ => 1 } @$upgraded;
    my %fresh = map { $_ => 1 } @$fresh;
    my @only_upgraded = grep { !$fresh{$_} } sort keys %upgraded;
    my @only_fresh = grep { !$upgraded{$_} } sort keys %fresh;
    return join "\n", (map { 'upgraded: ' . shortened($_, @only_fresh) } @only_upgraded), (map { 'fresh: ' . shortened($_, @only_upgraded) } @only_fresh);
}

sub shortened
{
    my ($line, @others) = @_;
    my ($object) = $line =~ /^(\((?:[^,"]|"[^"]*")*,(?:[^,"]|"[^"]*")*,)/ or return $line;
    my ($other) = grep { index($_, $object) == 0 } @others;
    return $line unless defined $other && length $line > 400;
    (my $same) = ("$line\0$other" =~ /^(.*).*\0\g1/s);
    my $place = length($same) - 100;
    return $place > length $object ? $object . ' ... ' . substr $line, $place, 300 : substr $line, 0, 400;
}

1;
