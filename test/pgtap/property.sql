-- Random calls against an independent model of the rules.
--
-- model/*.sql is what doc/reference says, written once more, in PL/pgSQL on plain tables, and shares nothing with the
-- extension. Each call is made on both sides; result, SQLSTATE and the whole visible state must agree. A difference is told with the call, both
-- answers and the seed, and is taken back on both sides, so that the run goes on.
--
--   SMARTGRID_PROPERTY_CALLS=20000 SMARTGRID_PROPERTY_SEED=0.123 pg_prove ... property.sql
--
-- The database must be a throw-away one and its user a superuser. Roles named sgprop... are created and dropped.

\set QUIET on
\set ON_ERROR_STOP on
\set ON_ERROR_ROLLBACK off
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;

\set calls 2400
\set seed 0.42
\getenv calls SMARTGRID_PROPERTY_CALLS
\getenv seed SMARTGRID_PROPERTY_SEED

CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS smartgrid;

\ir model/tables.sql
\ir model/identity.sql
\ir model/prices.sql
\ir model/participants.sql
\ir model/energy.sql
\ir model/trades.sql
\ir model/money.sql
\ir model/readings.sql
\ir model/corrections.sql
\ir model/requests.sql
\ir model/operators.sql
\ir model/reading.sql
\ir model/generator.sql
\ir model/state.sql
\ir model/runner.sql
\ir model/views.sql
\ir model/sums.sql
\ir model/edges.sql
\ir model/setup.sql

SELECT no_plan();
SELECT diag(format('property: seed %s, %s calls', :'seed', :'calls'));
SELECT setseed(:'seed'::double precision) \g /dev/null

-- Grids of different scales and prices, made on both sides.
SELECT model.compare(ROW ('create_grid', $$'sgprop "Süd" grid', 'sgprop_operators', 25, 3, 2, 'EUR'$$, NULL)::model.call),
       model.compare(ROW ('create_grid', $$'sgprop mWh', base_price => 300000, energy_scale => 6, money_scale => 6,
                                          max_topup => 1000000000, max_amount => 5000000000, price_rule => 'scarcity', low_watermark => 12.5, high_watermark => 66.67,
                                          stripes => 3$$, NULL)::model.call),
       model.compare(ROW ('create_grid', $$'sgprop huge', 'sgprop_operators', 7, 18, 0, 'SEK', 30, 55.5,
                                          9223372036854775807, 1, 'open', 9223372036854775807, 'flat'$$, NULL)::model.call) \g /dev/null

CALL model.edges();

SELECT s FROM model.script(:calls) AS s \gexec

SELECT is(model.any_difference(), NULL, 'at the end both sides show the same state');
SELECT is(model.ledger_difference(), NULL, 'the ledger tells what the model did, entry by entry');
SELECT is(model.series_difference(), NULL, 'time series tell what the model did');
CALL model.tame_prices();
SELECT is(model.views_difference(c.context), NULL, format('views as %s sees them', c.title)) FROM model.callers() AS c;
SELECT is(model.statement_difference(), NULL, 'statements of account end with what the model has');
SELECT count(*) FROM model.grid AS g, LATERAL sg_seal(g.name) \g /dev/null
SELECT is((SELECT format('grid %L: %s', g.name, to_jsonb(v)) FROM model.grid AS g, LATERAL sg_verify_ledger(g.name) AS v
           WHERE v.ok IS NOT TRUE LIMIT 1), NULL, 'every ledger, sealed and replayed, fits');
SELECT is(model.series_difference(), NULL, 'time series are the same of what is sealed');
SELECT is((SELECT last_value FROM model.mismatches), 0::bigint, 'no call differed from the model');

-- A generator that only makes failing calls, or never some failure, would prove nothing.
SELECT cmp_ok((SELECT last_value FROM model.calls), '>=', (:calls + 3)::bigint, 'all calls were made');
SELECT cmp_ok((SELECT sum(count) FROM model.counted WHERE state = '00000'), '>=',
              0.4 * (SELECT sum(count) FROM model.counted), 'four calls in ten succeed, or more');
SELECT cmp_ok(coalesce((SELECT sum(count) FROM model.counted AS c WHERE c.name = w.call AND c.state = '00000'), 0), '>=',
              greatest(1, floor(w.least * :calls / 2400.0)), format('sg_%s() succeeded often enough', w.call))
FROM model.weight AS w ORDER BY w.call;
SELECT cmp_ok(coalesce((SELECT sum(count) FROM model.counted AS c WHERE c.state = o.state), 0), '>=',
              greatest(1, floor(o.least * :calls / 2400.0)), format('%s was raised often enough', o.state))
FROM model.outcome AS o WHERE o.state <> 'other' ORDER BY o.state;
SELECT is((SELECT sum(count) FROM model.counted WHERE state = 'other'), 0::numeric, 'no other SQLSTATE was raised');
SELECT cmp_ok((SELECT last_value FROM model.undone), '>=', :calls / 120::bigint, 'errors took back several calls at once');
SELECT cmp_ok((SELECT last_value FROM model.savepoints), '>=', :calls / 60::bigint, 'savepoints were used');
SELECT cmp_ok((SELECT last_value FROM model.remembered), '>=', :calls / 12::bigint, 'calls were remembered');
SELECT cmp_ok((SELECT last_value FROM model.answered), '>=', :calls / 60::bigint, 'calls were made again under their reference');
SELECT cmp_ok((SELECT last_value FROM model.refused_references), '>=', :calls / 120::bigint, 'references were used for another call');
SELECT cmp_ok((SELECT last_value FROM model.refused_readings), '>=', :calls / 40::bigint, 'readings of batches were refused');
SELECT cmp_ok((SELECT last_value FROM model.empty_readings), '>=', :calls / 240::bigint, 'readings of 0 were posted');
SELECT cmp_ok((SELECT last_value FROM model.final_readings), '>=', :calls / 1200::bigint, 'final readings were posted');
SELECT cmp_ok((SELECT last_value FROM model.corrections_only_as_a_whole), '>=', 1::bigint,
              'readings were corrected that could not be taken back');
SELECT cmp_ok(count(DISTINCT (e.kind, e.reversed)), '>=', 20::bigint, 'entries of nearly every kind were written and taken back')
FROM model.entry AS e WHERE e.kind NOT IN ('hold', 'release');
SELECT cmp_ok((SELECT count(DISTINCT e.participant) FROM model.entry AS e), '>=', 12::bigint, 'twelve principals took part');
SELECT diag(string_agg(format('%s %s', c.state, c.count), ', ' ORDER BY c.state))
FROM (SELECT state, sum(count) AS count FROM model.counted GROUP BY state) AS c;
SELECT * FROM finish();

\ir model/teardown.sql
