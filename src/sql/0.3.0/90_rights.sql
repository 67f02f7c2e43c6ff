-- Last: who may read and call what 0.3.0 added.

-- No rights by default: what the database's default privileges have handed out goes, whoever it went to.
DO $rights$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        WITH added (kind, object, owner, acl) AS (
            SELECT 'TABLE', c.oid::regclass::text, c.relowner, c.relacl
            FROM pg_class AS c
            WHERE c.relnamespace = 'smartgrid'::regnamespace AND c.relname IN (
                      'capacity_event',
                      'capacity_event_id_seq',
                      'energy_type_factor',
                      'grid_zone',
                      'rollup',
                      'rollup_end',
                      '')
                  OR c.relnamespace = '@extschema@'::regnamespace AND c.relname IN (
                      'sg_energy_types',
                      'sg_load_curve',
                      '')
            UNION ALL
            SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner, COALESCE(p.proacl, acldefault('f', p.proowner))
            FROM pg_proc AS p
            WHERE p.pronamespace = 'smartgrid'::regnamespace AND p.proname IN (
                      'default_energy_types',
                      'energy_types',
                      'fill_rollups',
                      'first_open_entry',
                      'kpis',
                      'load_after',
                      'quarter_hour',
                      'set_energy_type',
                      'scaled_sum',
                      'utilization_after',
                      '')
                  OR p.pronamespace = '@extschema@'::regnamespace AND p.proname IN (
                      'sg_kpis',
                      'sg_load_curve',
                      'sg_rebuild_rollups',
                      'sg_set_energy_type',
                      'sg_set_time_zone',
                      'sg_time_zone',
                      '')
        )
        SELECT a.kind, a.object, x.privilege_type,
               CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee
        FROM added AS a CROSS JOIN LATERAL aclexplode(a.acl) AS x
        WHERE x.grantee <> a.owner
    LOOP
        EXECUTE format('REVOKE %s ON %s %s FROM %s', granted.privilege_type, granted.kind, granted.object, granted.grantee);
    END LOOP;
END
$rights$;

GRANT SELECT ON
    smartgrid.capacity_event,
    smartgrid.energy_type_factor,
    smartgrid.grid_zone,
    smartgrid.rollup,
    smartgrid.rollup_end,
    @extschema@.sg_energy_types,
    @extschema@.sg_load_curve
TO PUBLIC;
-- Each checks its caller itself.
GRANT EXECUTE ON FUNCTION
    smartgrid.default_energy_types(),
    smartgrid.energy_types(integer),
    smartgrid.first_open_entry(),
    smartgrid.load_after(integer, timestamptz),
    smartgrid.quarter_hour(timestamptz),
    smartgrid.scaled_sum(numeric, integer),
    smartgrid.utilization_after(integer, timestamptz),
    @extschema@.sg_kpis(tstzrange, text),
    @extschema@.sg_load_curve(text, tstzrange, interval, text),
    @extschema@.sg_rebuild_rollups(text),
    @extschema@.sg_set_energy_type(text, boolean, numeric, text),
    @extschema@.sg_set_time_zone(text),
    @extschema@.sg_time_zone()
TO PUBLIC;
