-- What there is to call and to read, and in which version.

CREATE FUNCTION smartgrid.library_version() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_library_version';
COMMENT ON FUNCTION smartgrid.library_version() IS 'version of the library that this session has loaded';

CREATE FUNCTION @extschema@.sg_version() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN e.extversion = l.version THEN e.extversion
                WHEN string_to_array(e.extversion, '.')::integer[] < string_to_array(l.version, '.')::integer[]
                THEN format('%s (library %s: run ALTER EXTENSION smartgrid UPDATE)', e.extversion, l.version)
                ELSE format('%s (library %s: reconnect, and if that does not help install the files of %s)',
                            e.extversion, l.version, e.extversion)
           END
    FROM pg_extension AS e CROSS JOIN (SELECT smartgrid.library_version()) AS l (version)
    WHERE e.extname = 'smartgrid';
END;
COMMENT ON FUNCTION @extschema@.sg_version()
    IS 'version of the extension in this database, and of the library if that is another one, with what to do';

-- From the catalog and its comments, so that it says what there is. Only the order is written down here, by the chapters of
-- doc/reference, whose README.md has the same list; whatever has no place in it comes last.
CREATE FUNCTION @extschema@.sg_help(pattern text DEFAULT NULL)
    RETURNS TABLE (function text, arguments text, returns text, description text)
    LANGUAGE sql STABLE PARALLEL SAFE COST 1000 ROWS 90
BEGIN ATOMIC
    SELECT o.name, o.arguments, o.returns, o.description
    FROM (SELECT p.proname::text,
                 concat(a.required, CASE WHEN a.required IS NULL THEN '[' ELSE ' [, ' END || a.optional || ']'),
                 CASE WHEN p.proretset THEN 'setof ' ELSE '' END || replace(format_type(p.prorettype, NULL), e.extnamespace::regnamespace || '.', ''),
                 obj_description(p.oid, 'pg_proc')
          FROM pg_extension AS e
               JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
               JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid AND p.pronamespace = e.extnamespace
               CROSS JOIN LATERAL (SELECT string_agg(w.words, ', ' ORDER BY w.n) FILTER (WHERE w.n <= p.pronargs - p.pronargdefaults),
                                          string_agg(w.words, ', ' ORDER BY w.n) FILTER (WHERE w.n > p.pronargs - p.pronargdefaults)
                                   FROM (SELECT n, p.proargnames[n] || ' ' ||
                                                     replace(replace(format_type(t.oid, NULL), ' with time zone', 'tz'), e.extnamespace::regnamespace || '.', '')
                                         FROM unnest(p.proargtypes) WITH ORDINALITY AS t (oid, n)) AS w (n, words)) AS a (required, optional)
          WHERE e.extname = 'smartgrid'
          UNION ALL
          SELECT c.relname::text, NULL, 'view', obj_description(c.oid, 'pg_class')
          FROM pg_extension AS e
               JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
               JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relnamespace = e.extnamespace
          WHERE e.extname = 'smartgrid' AND c.relkind = 'v') AS o (name, arguments, returns, description)
         CROSS JOIN (SELECT '%' || replace(regexp_replace(pattern, '([%_\\])', '\\\1', 'g'), '*', '%') || '%') AS w (wanted)
    WHERE pattern IS NULL OR o.name ILIKE w.wanted OR o.description ILIKE w.wanted
    ORDER BY array_position(ARRAY[
                 -- help
                 'sg_help',
                 'sg_version',
                 -- identity
                 'sg_principal',
                 -- grid
                 'sg_grid',
                 -- status
                 'sg_get_grid_status',
                 'sg_get_dynamic_price',
                 'sg_quote',
                 'sg_grids',
                 -- grid admin
                 'sg_create_grid',
                 'sg_alter_grid',
                 -- operator
                 'sg_set_base_price',
                 'sg_toggle_emergency_mode',
                 'sg_prices',
                 -- time zone
                 'sg_set_time_zone',
                 'sg_time_zone',
                 -- registration
                 'sg_register_producer',
                 'sg_register_consumer',
                 'sg_register_storage',
                 'sg_enrol_producer',
                 'sg_enrol_consumer',
                 'sg_enrol_storage',
                 'sg_rename_participant',
                 -- alter
                 'sg_alter_producer',
                 'sg_alter_consumer',
                 'sg_alter_storage',
                 -- account
                 'sg_update_producer_reputation',
                 'sg_deactivate_participant',
                 'sg_reactivate_participant',
                 'sg_get_producer_info',
                 'sg_get_consumer_info',
                 'sg_get_storage_info',
                 'sg_producers',
                 'sg_consumers',
                 'sg_storages',
                 'sg_producer_directory',
                 -- energy
                 'sg_report_production',
                 'sg_consume_energy',
                 -- storage
                 'sg_charge_storage',
                 'sg_discharge_storage',
                 -- balance
                 'sg_balance_load',
                 -- trade
                 'sg_create_trade',
                 'sg_complete_trade',
                 'sg_cancel_trade',
                 'sg_get_trade_info',
                 'sg_trades',
                 -- money
                 'sg_add_consumer_balance',
                 'sg_withdraw_earnings',
                 -- refund
                 'sg_withdraw_balance',
                 'sg_refund',
                 -- payout
                 'sg_pay_producer',
                 -- reversal
                 'sg_reverse_entry',
                 'sg_reversals',
                 -- correction
                 'sg_correct_reading',
                 -- write off
                 'sg_write_off',
                 -- posting
                 'sg_post_readings',
                 -- request
                 'sg_requests',
                 'sg_forget_requests',
                 -- point
                 'sg_set_point',
                 'sg_set_points',
                 'sg_end_point',
                 'sg_rename_point',
                 'sg_exchange_meter',
                 'sg_points',
                 'sg_point_periods',
                 -- load
                 'sg_post_intervals',
                 'sg_post_days',
                 'sg_batches',
                 -- register
                 'sg_post_registers',
                 'sg_register_readings',
                 -- withdraw
                 'sg_withdraw_batch',
                 -- pack
                 'sg_pack_intervals',
                 -- interval
                 'sg_interval_series',
                 'sg_interval_versions',
                 'sg_completeness',
                 'sg_gaps',
                 'sg_intervals',
                 'sg_interval_days',
                 -- grid balance
                 'sg_grid_balance',
                 -- validate
                 'sg_validate',
                 -- substitute
                 'sg_substitute',
                 -- import
                 'sg_import',
                 -- export
                 'sg_export',
                 -- day
                 'sg_day_make',
                 'sg_day_slots',
                 'sg_day_at',
                 'sg_day_quality',
                 'sg_day_qualities',
                 'sg_day_sum',
                 'sg_day_slice',
                 'sg_day_unnest',
                 'sg_days_sum',
                 'sg_days_by_slot',
                 'sg_days_qualities',
                 -- value_series
                 'sg_post_series',
                 'sg_series_values',
                 'sg_series',
                 -- allocation
                 'sg_set_allocation',
                 'sg_allocations',
                 'sg_allocation_periods',
                 -- share
                 'sg_set_share',
                 'sg_shares',
                 'sg_share_periods',
                 -- allocate
                 'sg_allocate',
                 'sg_allocation_sums',
                 -- community
                 'sg_community',
                 -- due
                 'sg_pay_due',
                 'sg_dues',
                 -- payment
                 'sg_record_payment',
                 -- holiday
                 'sg_set_holidays',
                 'sg_holidays',
                 -- tariff
                 'sg_set_tariff',
                 'sg_tariffs',
                 'sg_tariff_versions',
                 -- assignment
                 'sg_assign_tariff',
                 'sg_unassign_tariff',
                 'sg_assignments',
                 'sg_assignment_periods',
                 -- price
                 'sg_price_check',
                 -- run
                 'sg_settle',
                 'sg_finalize',
                 'sg_discard',
                 'sg_run_problems',
                 'sg_run_basis',
                 'sg_run_steps',
                 'sg_run_changes',
                 'sg_run_of_day',
                 'sg_verify_run',
                 'sg_runs',
                 'sg_run_lines',
                 -- ledger
                 'sg_last_entry',
                 'sg_ledger',
                 -- curve
                 'sg_load_curve',
                 -- kpis
                 'sg_kpis',
                 -- energy factor
                 'sg_set_energy_type',
                 'sg_energy_types',
                 -- rebuild
                 'sg_rebuild_rollups',
                 -- metrics
                 'sg_record_metrics',
                 'sg_get_metrics',
                 'sg_metrics',
                 -- check
                 'sg_check',
                 -- seal
                 'sg_seal',
                 'sg_blocks',
                 -- canonical
                 'sg_ledger_lines',
                 -- prove
                 'sg_prove_entry',
                 'sg_prove_blocks',
                 -- proof
                 'sg_verify_proof',
                 -- verify
                 'sg_verify_ledger',
                 -- batches
                 'sg_verify_batches',
                 'sg_batch_lines',
                 -- statement
                 'sg_statement',
                 -- report
                 'sg_report',
                 -- api
                 'sg_create_api'
             ], o.name), o.name, o.returns = 'view', o.arguments;
END;
COMMENT ON FUNCTION @extschema@.sg_help(text)
    IS 'the functions and views with one line each; pattern: part of a name or description, * stands for anything';
