\echo Use "ALTER EXTENSION smartgrid UPDATE" to load this file. \quit

-- What 0.4.0 changes. It grows until 0.4.0 is released, and never afterwards.
--
-- Text that a part of the installation has is not said again here: make puts it
-- in place of lines like these, in the first column (src/install/parts.awk).
--
--     -- take: grid/pricing.sql                           its functions and views, replaced, and all its comments
--     -- take: series/rollup.sql smartgrid.rollup_end     what makes this new table: its indexes, policies ..., too
--     -- take whole: market/order.sql                     all of a part that is new
--
-- doc/development.md, "SQL and updates", says which changes need what.

-- take: install/guard.sql

-- Between the two: what goes or is altered, then the parts that are written for
-- it, in an order in which each finds what it uses.

-- Functions that get other arguments are made anew, for defaults would make calls of both forms ambiguous. The wrappers
-- that sg_create_api() made of them go first.
DO $wrappers$
DECLARE
    wrapper record;
    calls jsonb := '{}';    -- by schema: what makes them again
    schema text;
BEGIN
    FOR wrapper IN
        SELECT p.oid::regprocedure::text AS function, n.nspname AS schema,
               (SELECT jsonb_object_agg(format('SELECT @extschema@.sg_create_api(%L, %L);', n.nspname, pg_get_userbyid(a.grantee)), true)
                FROM aclexplode(p.proacl) AS a WHERE a.grantee NOT IN (0, p.proowner)) AS calls
        FROM pg_proc AS p
             JOIN pg_language AS l ON l.oid = p.prolang AND l.lanname = 'sql'
             JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE p.prosqlbody IS NOT NULL
              AND obj_description(p.oid, 'pg_proc') LIKE '%, made by sg\_create\_api().'
              AND EXISTS (SELECT FROM pg_depend AS d JOIN pg_proc AS changed ON changed.oid = d.refobjid
                          WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_proc'::regclass
                                AND p.proargtypes = changed.proargtypes AND p.prorettype = changed.prorettype
                                AND changed.oid = ANY (ARRAY[
                                    '@extschema@.sg_create_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer)'::regprocedure,
                                    '@extschema@.sg_alter_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer)'::regprocedure,
                                    '@extschema@.sg_post_readings(text[], text[], bigint[], timestamptz[])'::regprocedure,
                                    '@extschema@.sg_post_readings(regclass)'::regprocedure,
                                    '@extschema@.sg_statement(text, tstzrange)'::regprocedure,
                                    '@extschema@.sg_load_curve(text, tstzrange, interval, text)'::regprocedure,
                                    '@extschema@.sg_last_entry()'::regprocedure]::oid[]))
        ORDER BY 1
    LOOP
        EXECUTE 'DROP FUNCTION ' || wrapper.function;
        calls := calls || jsonb_build_object(wrapper.schema, coalesce(calls -> wrapper.schema, '{}') || coalesce(wrapper.calls, '{}'));
    END LOOP;
    -- ALTER EXTENSION keeps notices from who has not turned them off.
    IF current_setting('client_min_messages') = 'warning' THEN
        PERFORM set_config('client_min_messages', 'notice', true);
    END IF;
    FOR schema IN SELECT jsonb_object_keys(calls) ORDER BY 1 LOOP
        RAISE NOTICE 'schema "%" lacks the functions of its API that have other arguments now', schema
            USING HINT = format('Run %s', coalesce((SELECT string_agg(k, ' ' ORDER BY k) FROM jsonb_object_keys(calls -> schema) AS k),
                                                   format('sg_create_api() for schema "%s" and each of its roles again.', schema)));
    END LOOP;
    IF current_setting('client_min_messages') = 'notice' THEN
        PERFORM set_config('client_min_messages', 'warning', true);
    END IF;
END
$wrappers$;
DROP FUNCTION @extschema@.sg_create_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer);
DROP FUNCTION @extschema@.sg_alter_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer);
DROP FUNCTION @extschema@.sg_last_entry();
DROP FUNCTION @extschema@.sg_post_readings(text[], text[], bigint[], timestamptz[]);
DROP FUNCTION @extschema@.sg_post_readings(regclass);
DROP FUNCTION @extschema@.sg_statement(text, tstzrange);
-- Calls that are remembered.
-- take whole: call/request.sql

-- take: admin/grid_admin.sql

-- The operator role is kept by its name: a dump can be restored where it does not exist. Its place is that of the price
-- rule, for the library reads the columns before the name as one struct.
ALTER TABLE smartgrid.grid ALTER COLUMN operator_role DROP NOT NULL;     -- from 18 on that has a name of its own
ALTER TABLE smartgrid.grid RENAME COLUMN operator_role TO price_rule;
ALTER TABLE smartgrid.grid
    ADD COLUMN operator_role text COLLATE "C" CHECK (operator_role <> ''),
    ADD COLUMN registration text NOT NULL DEFAULT 'open' CHECK (registration IN ('open', 'operator')),
    ADD COLUMN max_amount bigint NOT NULL DEFAULT 1000000000000000 CHECK (max_amount >= 1),
    ADD COLUMN exact_after bigint NOT NULL DEFAULT 0 CHECK (exact_after >= 0);
ALTER TABLE smartgrid.grid ALTER COLUMN operator_role TYPE text COLLATE "C" USING pg_get_userbyid(price_rule::oid);
DROP FUNCTION smartgrid.api_objects(text, oid);
CREATE OR REPLACE VIEW @extschema@.sg_grids WITH (security_invoker = true) AS
SELECT g.name AS grid,
       g.operator_role,
       s.total_capacity, smartgrid.scaled(s.total_capacity, g.energy_scale) AS total_capacity_kwh,
       s.current_load, smartgrid.scaled(s.current_load, g.energy_scale) AS current_load_kwh,
       s.utilization,
       s.base_price, smartgrid.scaled(s.base_price, g.money_scale) AS base_price_currency,
       s.dynamic_price, smartgrid.scaled(s.dynamic_price, g.money_scale) AS dynamic_price_currency,
       s.emergency_mode,
       r.revenue, smartgrid.scaled(r.revenue, g.money_scale) AS revenue_currency,
       g.currency, g.energy_scale::integer AS energy_scale, g.money_scale::integer AS money_scale,
       g.low_watermark, g.high_watermark,
       g.max_topup, smartgrid.scaled(g.max_topup, g.money_scale) AS max_topup_currency,
       g.stripes, g.created_at
FROM smartgrid.grid AS g
     CROSS JOIN LATERAL smartgrid.grid_state(g.grid_id) AS s
     LEFT JOIN LATERAL (SELECT COALESCE(pg_catalog.sum(p.revenue), 0)::bigint AS revenue
                        FROM smartgrid.pool AS p WHERE p.grid_id = g.grid_id) AS r
         ON g.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]);
ALTER TABLE smartgrid.grid ALTER COLUMN operator_role SET NOT NULL;
-- take: grid/grid.sql smartgrid.price_rule
ALTER TABLE smartgrid.grid ALTER COLUMN price_rule TYPE integer USING 0, ALTER COLUMN price_rule SET DEFAULT 0, ALTER COLUMN price_rule SET NOT NULL,
    ADD CONSTRAINT grid_price_rule_check CHECK (smartgrid.price_rule(price_rule) IS NOT NULL);
-- Rows are updated in the form that they keep: a subscriber gets these updates, but no rows that are written anew.
UPDATE smartgrid.grid AS g
SET max_amount = greatest(g.max_amount, g.base_price,
                          (SELECT max(p.capacity) FROM smartgrid.producer AS p WHERE p.grid_id = g.grid_id),
                          (SELECT max(c.consumption_limit) FROM smartgrid.consumer AS c WHERE c.grid_id = g.grid_id),
                          (SELECT max(greatest(t.capacity, t.charge_rate, t.discharge_rate)) FROM smartgrid.storage AS t WHERE t.grid_id = g.grid_id)),
    exact_after = coalesce((SELECT max(l.entry_id) FROM smartgrid.ledger AS l WHERE l.grid_id = g.grid_id), 0);
-- take: grid/grid.sql
ALTER TABLE smartgrid.grid ENABLE ALWAYS TRIGGER replace_seed_row;
ALTER TABLE smartgrid.price_event ENABLE ALWAYS TRIGGER replace_seed_row;
-- take: grid/capacity.sql replace_derived_row
-- take: grid/status.sql

-- Columns of structs are written into every row: the expressions make the tables anew.
ALTER TABLE smartgrid.price_event ADD COLUMN price_rule smallint;
ALTER TABLE smartgrid.price_event ALTER COLUMN price_rule TYPE smallint USING 0, ALTER COLUMN price_rule SET NOT NULL;
-- take: grid/pricing.sql
ALTER TABLE smartgrid.producer ADD COLUMN deactivated_at timestamptz;
ALTER TABLE smartgrid.producer ALTER COLUMN deactivated_at TYPE timestamptz USING 'infinity', ALTER COLUMN deactivated_at SET NOT NULL;
ALTER TABLE smartgrid.consumer ADD COLUMN cost_carry bigint CHECK (cost_carry >= 0), ADD COLUMN deactivated_at timestamptz;
ALTER TABLE smartgrid.consumer ALTER COLUMN cost_carry TYPE bigint USING 0, ALTER COLUMN cost_carry SET NOT NULL,
    ALTER COLUMN deactivated_at TYPE timestamptz USING 'infinity', ALTER COLUMN deactivated_at SET NOT NULL;
-- What was reported stays, though a capacity or limit becomes less.
ALTER TABLE smartgrid.producer DROP CONSTRAINT producer_check,
    ADD CONSTRAINT producer_current_production_check CHECK (current_production >= 0);
ALTER TABLE smartgrid.producer RENAME CONSTRAINT producer_check1 TO producer_check;
ALTER TABLE smartgrid.consumer DROP CONSTRAINT consumer_check,
    ADD CONSTRAINT consumer_current_usage_check CHECK (current_usage >= 0);
-- take: grid/participant.sql participant_identity producer_identity consumer_identity storage_identity smartgrid.due due_identity
UPDATE smartgrid.producer SET deactivated_at = now() WHERE NOT active;
UPDATE smartgrid.consumer SET deactivated_at = now() WHERE NOT active;
-- take: grid/participant.sql
-- Up to here, entries were booked when they happened, as far as the books know.
ALTER TABLE smartgrid.ledger ADD COLUMN booked_at timestamptz;
ALTER TABLE smartgrid.ledger ALTER COLUMN booked_at TYPE timestamptz USING at, ALTER COLUMN booked_at SET NOT NULL;

-- What the views tell the planner has one prefix.
ALTER FUNCTION smartgrid.whole_grid(bigint) RENAME TO hint_whole_grid;
ALTER FUNCTION smartgrid.whole_grid_support(internal) RENAME TO hint_whole_grid_support;
ALTER FUNCTION smartgrid.any_party(bigint) RENAME TO hint_any_party;
ALTER FUNCTION smartgrid.any_party_support(internal) RENAME TO hint_any_party_support;
ALTER FUNCTION smartgrid.further_rows_support(internal) RENAME TO hint_further_rows_support;
-- take: ledger/planning.sql

-- Codes: what is one is said by the library, so that the next is no change of the table.
ALTER TABLE smartgrid.producer DROP CONSTRAINT producer_energy_type_check,
    ADD CONSTRAINT producer_energy_type_check CHECK (smartgrid.energy_type_name(energy_type) IS NOT NULL);
ALTER TABLE smartgrid.energy_type_factor DROP CONSTRAINT energy_type_factor_energy_type_check,
    ADD CONSTRAINT energy_type_factor_energy_type_check CHECK (smartgrid.energy_type_name(energy_type) IS NOT NULL);
-- take: booking/trade.sql smartgrid.trade_status trade_identity
ALTER TABLE smartgrid.trade DROP CONSTRAINT trade_status_check,
    ADD CONSTRAINT trade_status_check CHECK (smartgrid.trade_status(status) IS NOT NULL);
-- Last, as in every call.
ALTER TABLE smartgrid.ledger DROP CONSTRAINT ledger_kind_check,
    ADD CONSTRAINT ledger_kind_check CHECK (smartgrid.entry_kind(kind) IS NOT NULL);

-- Effects of entries have a column more.
DROP FUNCTION smartgrid.statement(integer, bigint, tstzrange);
DROP FUNCTION smartgrid.entry_effects();
-- take: ledger/effect.sql
-- take: ledger/ledger.sql smartgrid.shown_kind smartgrid.is_first_half smartgrid.entry_digest
-- take: evidence/statement.sql
-- take: series/metrics.sql smartgrid.period_metrics

-- Production by type is rows. What was added up already is brought into the new form.
ALTER TABLE smartgrid.rollup RENAME TO rollup_0_3_0;
DO $constraints$
DECLARE
    kept record;
BEGIN
    FOR kept IN SELECT c.conname FROM pg_constraint AS c WHERE c.conrelid = 'smartgrid.rollup_0_3_0'::regclass LOOP
        EXECUTE format('ALTER TABLE smartgrid.rollup_0_3_0 RENAME CONSTRAINT %I TO %I', kept.conname, kept.conname || '_0_3_0');
    END LOOP;
END
$constraints$;
ALTER FUNCTION smartgrid.open_sums() RENAME TO open_sums_0_3_0;
-- take: series/rollup.sql smartgrid.rollup smartgrid.rollup_production
INSERT INTO smartgrid.rollup (grid_id, quarter_start, entries, payments, load_change, produced, consumed, charged, discharged,
    held, traded, released, written_off, consumed_value, revenue, trade_money, topups, withdrawals, payouts, refunds,
    price_low, price_high, peak_load, peak_at)
SELECT r.grid_id, r.quarter_start, r.entries, r.payments, r.produced + r.discharged + r.released - r.consumed - r.charged - r.held,
       r.produced, r.consumed, r.charged, r.discharged, r.held, r.traded, r.released, 0, r.consumed_value, r.revenue, r.trade_money,
       r.topups, r.withdrawals, 0, 0, r.price_low, r.price_high, r.peak_load, r.peak_at
FROM smartgrid.rollup_0_3_0 AS r
ORDER BY r.grid_id, r.quarter_start;
INSERT INTO smartgrid.rollup_production (grid_id, quarter_start, energy_type, produced)
SELECT r.grid_id, r.quarter_start, t.energy_type, t.produced
FROM smartgrid.rollup_0_3_0 AS r
     CROSS JOIN LATERAL (VALUES (0, r.solar), (1, r.wind), (2, r.hydro), (3, r.nuclear), (4, r.geothermal), (5, r.biomass),
                                (6, r.natural_gas)) AS t (energy_type, produced)
WHERE t.produced <> 0
ORDER BY r.grid_id, r.quarter_start, t.energy_type;
-- The library of this version has added nothing to the old ones: what was sealed with it, and by the update to 0.3.0.
SELECT smartgrid.fill_rollups(b.grid_id)
FROM (SELECT k.grid_id, max(k.last_entry) AS last_entry FROM smartgrid.block AS k GROUP BY k.grid_id) AS b
     LEFT JOIN smartgrid.rollup_end AS e ON e.grid_id = b.grid_id
WHERE e.last_entry IS NULL OR e.last_entry < b.last_entry;
CREATE TRIGGER replace_derived_row BEFORE INSERT ON smartgrid.rollup_end
    FOR EACH ROW EXECUTE FUNCTION smartgrid.replace_derived_row('grid_id');
ALTER TABLE smartgrid.rollup_end ENABLE REPLICA TRIGGER replace_derived_row;
-- take: series/rollup.sql
-- take: series/rebuild.sql

-- Time series can be of one principal, and have the columns of the view; a new energy type is a column, too.
DROP FUNCTION @extschema@.sg_load_curve(text, tstzrange, interval, text);
-- take: series/history.sql
-- take: series/open_sums.sql
-- take: series/curve.sql
DROP FUNCTION smartgrid.open_sums_0_3_0();
ALTER EXTENSION smartgrid DROP TABLE smartgrid.rollup_0_3_0;
DROP TABLE smartgrid.rollup_0_3_0;

DROP FUNCTION smartgrid.kpis(integer, bigint, numeric, numeric[], bigint, bigint, numeric, numeric, timestamptz, numeric, timestamptz);
-- take: series/kpis.sql

-- What else names energy types, kinds of entries and statuses.
-- take: grid/energy_type.sql
-- take: series/energy_factor.sql
-- take: booking/registration.sql
-- take whole: booking/alter.sql
-- take: booking/account.sql
-- take: booking/trade.sql
-- take: booking/posting.sql
-- take: ledger/ledger.sql
-- take: evidence/canonical.sql

-- The report is made anew: nothing but sg_report() is called by others.
DROP FUNCTION
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
    smartgrid.report_y(numeric, numeric, numeric, integer);

-- Corrections.
-- take whole: booking/reversal.sql
-- take whole: booking/correction.sql
-- take whole: booking/refund.sql
-- take whole: booking/payout.sql
-- take whole: booking/write_off.sql

-- The packed day.
-- take whole: metering/day.sql

-- Metering points.
-- take whole: metering/recording.sql
-- take whole: metering/point.sql
-- take whole: metering/value_series.sql

-- Intervals.
-- take whole: metering/batch.sql
-- take whole: metering/load.sql
-- take whole: metering/pack.sql
-- take whole: metering/withdraw.sql
-- take whole: metering/register.sql
-- take whole: metering/interval.sql
-- take whole: metering/grid_balance.sql
-- take whole: metering/validate.sql
-- take whole: metering/substitute.sql
-- take whole: metering/import.sql
-- take whole: metering/export.sql

-- Sharing.
-- take whole: settlement/allocation.sql
-- take whole: settlement/share.sql
-- take whole: settlement/allocate.sql
-- take whole: settlement/community.sql
-- take whole: settlement/due.sql
-- take whole: settlement/payment.sql
-- take whole: settlement/holiday.sql
-- take whole: settlement/tariff.sql
-- take whole: settlement/assignment.sql
-- take whole: settlement/price.sql
-- take whole: settlement/run.sql

-- The blocks that there are stay of the first form.
ALTER TABLE smartgrid.block
    ADD COLUMN form smallint NOT NULL DEFAULT 1 CHECK (form IN (1, 2)),
    ADD COLUMN reserved numeric(38) NOT NULL DEFAULT 0,
    ADD COLUMN due numeric(38) NOT NULL DEFAULT 0,
    ADD COLUMN sums text COLLATE "C" NOT NULL DEFAULT '',
    DROP CONSTRAINT block_totals_check;
ALTER TABLE smartgrid.block
    ALTER COLUMN form DROP DEFAULT,
    ALTER COLUMN reserved DROP DEFAULT,
    ALTER COLUMN due DROP DEFAULT,
    ALTER COLUMN sums DROP DEFAULT,
    ADD CONSTRAINT block_totals_check CHECK ('NaN' NOT IN (load, held, balances, earnings, revenue, stored, produced, consumed,
                                                           charged, discharged, traded, topups, withdrawals, reserved, due));
-- take: evidence/block.sql
-- take whole: evidence/batches.sql
-- take: evidence/check.sql

-- What one grid's rows are replicated by. Tables that are only inserted into have no key with the grid.
ALTER TABLE smartgrid.block REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.block_detail REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.capacity_event REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.ledger REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.metrics REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.price_event REPLICA IDENTITY FULL;

-- The report, which asks all of the above.
-- take whole: report/context.sql
-- take whole: report/html.sql
-- take whole: report/format.sql
-- take whole: report/template.sql
-- take whole: report/figures_energy.sql
-- take whole: report/figures_books.sql
-- take whole: report/figures_metering.sql
-- take whole: report/chart.sql
-- take whole: report/table.sql
-- take whole: report/style.sql
-- take whole: report/energy.sql
-- take whole: report/books.sql
-- take whole: report/heat_map.sql
-- take whole: report/metering.sql
-- take: report/report.sql

-- take: api/api.sql
-- take: api/help.sql

-- take: install/rights.sql
