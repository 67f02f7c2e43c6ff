-- Last: what pg_dump has to carry (every table, and every sequence, or ids would be issued again after a restore), and who may call.

DO $dump$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'smartgrid'::regnamespace AND relkind IN ('r', 'S')
        ORDER BY relname
    LOOP
        PERFORM pg_extension_config_dump(relation, '');
    END LOOP;
END
$dump$;

-- No rights by default: what the database's default privileges have handed out goes, whoever it went to.
DO $rights$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        WITH members (classid, objid) AS (
            SELECT d.classid, d.objid
            FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
            WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'smartgrid'
        ), grants (kind, object, owner, acl) AS (
            SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass::text, c.relowner, c.relacl
            FROM members AS m JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
            WHERE c.relkind IN ('r', 'v', 'S')
            UNION ALL
            SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner, p.proacl
            FROM members AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
            UNION ALL
            SELECT 'SCHEMA', quote_ident(n.nspname), n.nspowner, n.nspacl
            FROM members AS m JOIN pg_namespace AS n ON m.classid = 'pg_namespace'::regclass AND n.oid = m.objid
        )
        SELECT g.kind, g.object, a.privilege_type,
               CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM grants AS g CROSS JOIN LATERAL aclexplode(g.acl) AS a
        WHERE a.grantee <> g.owner
              AND NOT (g.kind <> 'SEQUENCE' AND a.grantee = 0 AND a.privilege_type IN ('SELECT', 'EXECUTE', 'USAGE'))
    LOOP
        EXECUTE format('REVOKE %s ON %s %s FROM %s', granted.privilege_type, granted.kind, granted.object, granted.grantee);
    END LOOP;
END
$rights$;

-- Functions may be called by everyone, whatever the default privileges say: each checks its caller itself.
GRANT EXECUTE ON FUNCTION
    @extschema@.sg_principal(), @extschema@.sg_grid(),
    smartgrid.own_participants(), smartgrid.readable_grids(), smartgrid.party_name(bigint), smartgrid.grid_state(integer),
    smartgrid.own_participant(integer), smartgrid.first_readable_key(),
    smartgrid.whole_grid(bigint), smartgrid.any_party(bigint), smartgrid.readable_parties(text[]), smartgrid.shown_name(boolean, bigint, text),
    smartgrid.further_entries(integer), smartgrid.further_trades(integer),
    smartgrid.scaled(bigint, integer), smartgrid.energy_type_name(smallint), smartgrid.entry_kind(smallint), smartgrid.producer_directory(),
    @extschema@.sg_create_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer),
    @extschema@.sg_alter_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer),
    @extschema@.sg_get_grid_status(), @extschema@.sg_get_dynamic_price(), @extschema@.sg_quote(bigint),
    @extschema@.sg_register_producer(bigint, text), @extschema@.sg_register_consumer(bigint), @extschema@.sg_register_storage(bigint, bigint, bigint),
    @extschema@.sg_update_producer_reputation(text, integer), @extschema@.sg_deactivate_participant(text, boolean),
    @extschema@.sg_reactivate_participant(text, boolean), @extschema@.sg_rename_participant(text, text),
    @extschema@.sg_get_producer_info(text), @extschema@.sg_get_consumer_info(text), @extschema@.sg_get_storage_info(text),
    @extschema@.sg_report_production(bigint), @extschema@.sg_consume_energy(bigint, bigint),
    @extschema@.sg_charge_storage(bigint), @extschema@.sg_discharge_storage(bigint), @extschema@.sg_balance_load(),
    @extschema@.sg_post_readings(text[], text[], bigint[], timestamptz[]), @extschema@.sg_post_readings(regclass),
    @extschema@.sg_create_trade(text, bigint, bigint), @extschema@.sg_complete_trade(bigint), @extschema@.sg_cancel_trade(bigint),
    @extschema@.sg_get_trade_info(bigint),
    @extschema@.sg_add_consumer_balance(text, bigint), @extschema@.sg_withdraw_earnings(bigint),
    @extschema@.sg_set_base_price(bigint), @extschema@.sg_toggle_emergency_mode(),
    @extschema@.sg_record_metrics(bigint, bigint, bigint, bigint), @extschema@.sg_record_metrics(tstzrange), @extschema@.sg_get_metrics(bigint),
    @extschema@.sg_last_entry(), @extschema@.sg_check()
TO PUBLIC;
