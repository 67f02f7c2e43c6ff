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
                      'rollup_end')
                  OR c.relnamespace = '@extschema@'::regnamespace AND c.relname IN (
                      'sg_energy_types',
                      'sg_load_curve')
            UNION ALL
            SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner, COALESCE(p.proacl, acldefault('f', p.proowner))
            FROM pg_proc AS p
            WHERE p.pronamespace = 'smartgrid'::regnamespace AND p.proname IN (
                      'default_energy_types',
                      'energy_types',
                      'entry_effects',
                      'fill_rollups',
                      'kpis',
                      'load_after',
                      'open_sums',
                      'quarter_hour',
                      'report_account',
                      'report_area',
                      'report_bar',
                      'report_bought',
                      'report_bucket_label',
                      'report_buckets',
                      'report_card',
                      'report_chart',
                      'report_count',
                      'report_currency',
                      'report_curves',
                      'report_decimals',
                      'report_dot',
                      'report_escape',
                      'report_evidence',
                      'report_figures',
                      'report_grid',
                      'report_kpi',
                      'report_kpi_card',
                      'report_kpi_word',
                      'report_kwh',
                      'report_legend',
                      'report_line',
                      'report_magnitude',
                      'report_mix',
                      'report_money',
                      'report_name',
                      'report_number',
                      'report_parties',
                      'report_period',
                      'report_price',
                      'report_price_events',
                      'report_row',
                      'report_scale',
                      'report_steps',
                      'report_style',
                      'report_sums',
                      'report_table',
                      'report_ticks',
                      'report_time',
                      'report_trades',
                      'report_type_word',
                      'report_x',
                      'report_y',
                      'scaled_sum',
                      'set_energy_type',
                      'utilization_after',
                      'library_version',
                      'api_objects',
                      'api_present')
                  OR p.pronamespace = '@extschema@'::regnamespace AND p.proname IN (
                      'sg_kpis',
                      'sg_load_curve',
                      'sg_report',
                      'sg_rebuild_rollups',
                      'sg_set_energy_type',
                      'sg_set_time_zone',
                      'sg_time_zone',
                      'sg_help',
                      'sg_version',
                      'sg_create_api')
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
    smartgrid.load_after(integer, timestamptz),
    smartgrid.open_sums(),
    smartgrid.quarter_hour(timestamptz),
    smartgrid.report_account(integer, bigint, text, integer, integer, text, tstzrange),
    smartgrid.report_area(numeric[], numeric[], numeric[], numeric, numeric, integer),
    smartgrid.report_bar(numeric, text),
    smartgrid.report_bought(integer, bigint, tstzrange, timestamptz[]),
    smartgrid.report_bucket_label(timestamptz, timestamptz, interval, text),
    smartgrid.report_buckets(tstzrange),
    smartgrid.report_card(text, text, text),
    smartgrid.report_chart(text, text, text, text, text, integer, numeric, numeric, numeric, integer, tstzrange, text, text, text, numeric[], text[]),
    smartgrid.report_count(numeric, text, text),
    smartgrid.report_currency(text),
    smartgrid.report_curves(integer, text, integer, integer, text, bigint, numeric[], tstzrange, text, text, boolean),
    smartgrid.report_decimals(numeric, integer),
    smartgrid.report_dot(timestamptz, numeric, tstzrange, numeric, numeric, integer, text),
    smartgrid.report_escape(text),
    smartgrid.report_evidence(integer, boolean, tstzrange, text, jsonb),
    smartgrid.report_figures(text, integer, integer, text, boolean, tstzrange, text),
    smartgrid.report_grid(integer, integer, boolean, boolean, tstzrange, jsonb),
    smartgrid.report_kpi(numeric, text, integer, integer, text),
    smartgrid.report_kpi_card(jsonb, text, integer, integer, text, text),
    smartgrid.report_kpi_word(text),
    smartgrid.report_kwh(numeric, integer),
    smartgrid.report_legend(text[], text[]),
    smartgrid.report_line(numeric[], numeric[], numeric, numeric, integer),
    smartgrid.report_magnitude(numeric, numeric),
    smartgrid.report_mix(text, integer, tstzrange, text),
    smartgrid.report_money(numeric, integer, text),
    smartgrid.report_name(text),
    smartgrid.report_number(numeric, integer),
    smartgrid.report_parties(integer, text, integer, integer, text, tstzrange),
    smartgrid.report_period(tstzrange, text),
    smartgrid.report_price(numeric, integer),
    smartgrid.report_price_events(integer, tstzrange),
    smartgrid.report_row(text, text[]),
    smartgrid.report_scale(numeric, numeric),
    smartgrid.report_steps(numeric[], numeric[], numeric, numeric, integer),
    smartgrid.report_style(),
    smartgrid.report_sums(integer, tstzrange),
    smartgrid.report_table(text, text, text[], text),
    smartgrid.report_ticks(tstzrange, text),
    smartgrid.report_time(timestamptz, text),
    smartgrid.report_trades(integer, integer, integer, text, bigint, tstzrange),
    smartgrid.report_type_word(text),
    smartgrid.report_x(timestamptz, tstzrange),
    smartgrid.report_y(numeric, numeric, numeric, integer),
    smartgrid.scaled_sum(numeric, integer),
    smartgrid.utilization_after(integer, timestamptz),
    @extschema@.sg_kpis(tstzrange, text),
    @extschema@.sg_load_curve(text, tstzrange, interval, text),
    @extschema@.sg_report(tstzrange, text),
    @extschema@.sg_rebuild_rollups(text),
    @extschema@.sg_set_energy_type(text, boolean, numeric, text),
    @extschema@.sg_set_time_zone(text),
    @extschema@.sg_time_zone(),
    smartgrid.library_version(),
    @extschema@.sg_help(text), @extschema@.sg_version()
TO PUBLIC;
-- What it makes is the caller's own, and who may make it PostgreSQL says.
GRANT EXECUTE ON FUNCTION smartgrid.api_objects(text, oid), smartgrid.api_present(oid), @extschema@.sg_create_api(text, text) TO PUBLIC;
