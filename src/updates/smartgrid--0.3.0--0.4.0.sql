\echo Use "ALTER EXTENSION smartgrid UPDATE" to load this file. \quit

-- What 0.4.0 changes. It grows until 0.4.0 is released, and never afterwards.
--
-- Text that a part of the installation has is not said again here: make puts it
-- in place of lines like these, in the first column (src/install/parts.awk).
--
--     -- take: report/text.sql                            its functions and views, replaced, and all its comments
--     -- take: series/rollup.sql smartgrid.rollup_end     what makes this new table: its indexes, policies ..., too
--     -- take whole: market/order.sql                     all of a part that is new
--
-- doc/development.md, "SQL and updates", says which changes need what.

-- take: install/guard.sql

-- Between the two: what goes or is altered, then the parts that are written for
-- it, in an order in which each finds what it uses.

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
-- take: booking/trade.sql smartgrid.trade_status
ALTER TABLE smartgrid.trade DROP CONSTRAINT trade_status_check,
    ADD CONSTRAINT trade_status_check CHECK (smartgrid.trade_status(status) IS NOT NULL);
-- Last, as in every call.
ALTER TABLE smartgrid.ledger DROP CONSTRAINT ledger_kind_check,
    ADD CONSTRAINT ledger_kind_check CHECK (smartgrid.entry_kind(kind) IS NOT NULL);

-- Effects of entries have a column more.
DROP FUNCTION smartgrid.statement(integer, bigint, tstzrange);
DROP FUNCTION smartgrid.entry_effects();
-- take: ledger/effect.sql
-- take: evidence/statement.sql
-- take: series/metrics.sql smartgrid.load_change smartgrid.period_metrics

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
    held, traded, released, consumed_value, revenue, trade_money, topups, withdrawals, price_low, price_high, peak_load, peak_at)
SELECT r.grid_id, r.quarter_start, r.entries, r.payments, r.produced + r.discharged + r.released - r.consumed - r.charged - r.held,
       r.produced, r.consumed, r.charged, r.discharged, r.held, r.traded, r.released, r.consumed_value, r.revenue, r.trade_money,
       r.topups, r.withdrawals, r.price_low, r.price_high, r.peak_load, r.peak_at
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
-- take: series/rollup.sql
-- take: series/rebuild.sql

-- A new energy type is a new column at the end of the time series: then the function is made anew.
DROP FUNCTION IF EXISTS @extschema@.sg_load_curve(text, tstzrange, interval, text);     -- column @outer_type@
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
-- take: booking/account.sql
-- take: booking/trade.sql
-- take: ledger/ledger.sql
-- take: evidence/canonical.sql

-- take: api/api.sql
-- take: api/help.sql

-- take: install/rights.sql
