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

-- Functions may be called by everyone, whatever the default privileges say: each checks its caller itself.
GRANT EXECUTE ON FUNCTION
    @extschema@.sg_principal(), @extschema@.sg_grid(),
    smartgrid.own_participants(), smartgrid.readable_grids(), smartgrid.party_name(bigint), smartgrid.grid_state(integer),
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
    @extschema@.sg_create_trade(text, bigint, bigint), @extschema@.sg_complete_trade(bigint), @extschema@.sg_cancel_trade(bigint),
    @extschema@.sg_get_trade_info(bigint),
    @extschema@.sg_add_consumer_balance(text, bigint), @extschema@.sg_withdraw_earnings(bigint),
    @extschema@.sg_set_base_price(bigint), @extschema@.sg_toggle_emergency_mode(),
    @extschema@.sg_record_metrics(bigint, bigint, bigint, bigint), @extschema@.sg_record_metrics(tstzrange), @extschema@.sg_get_metrics(bigint),
    @extschema@.sg_last_entry(), @extschema@.sg_check()
TO PUBLIC;
