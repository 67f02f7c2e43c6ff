-- Key figures against an example that is worked out by hand, and what energy types stand for.

\ir lib/begin.sql
SET LOCAL timezone = 'UTC';
SELECT no_plan();

-- An hour of the first of June: 20 kWh of capacity, base price 20 cents, and 10 kWh of storage.
\o /dev/null
CREATE ROLE kpis_operator IN ROLE smartgrid_operator;
CREATE ROLE kpis_house;
SELECT sg_create_grid('hamlet', base_price => 20, energy_scale => 3, money_scale => 2, currency => 'EUR');
SET smartgrid.grid = 'hamlet';
SELECT set_config('smartgrid.principal', 'roof', true), sg_register_producer(8000, 'solar'), sg_register_storage(10000, 5000, 5000);
SELECT set_config('smartgrid.principal', 'mill', true), sg_register_producer(2000, 'hydro');
SELECT set_config('smartgrid.principal', 'engine', true), sg_register_producer(10000, 'natural-gas');
SELECT set_config('smartgrid.principal', 'kpis_house', true), sg_register_consumer(5000), sg_add_consumer_balance('kpis_house', 1000);
SELECT set_config('smartgrid.principal', 'shop', true), sg_register_consumer(5000), sg_add_consumer_balance('shop', 1000);
SELECT set_config('smartgrid.principal', '', true);
SELECT sg_post_readings('{roof,kpis_house,roof,mill,shop,roof,engine,kpis_house}',
                        '{production,consumption,charge,production,consumption,discharge,production,consumption}',
                        '{4000,1000,2000,1000,2000,1500,3000,3000}',
                        '{2026-06-01 12:00+00,2026-06-01 12:01+00,2026-06-01 12:14:59.999999+00,2026-06-01 12:15+00,2026-06-01 12:20+00,2026-06-01 12:30+00,
                          2026-06-01 12:40+00,2026-06-01 12:41+00}');
SELECT set_config('smartgrid.principal', 'roof', true), sg_create_trade('kpis_house', 500, 18), sg_create_trade('kpis_house', 500, 18);
SELECT set_config('smartgrid.principal', 'kpis_house', true), sg_complete_trade(1), sg_cancel_trade(2);
SELECT set_config('smartgrid.principal', '', true);
-- The trades were agreed upon at a quarter to one.
UPDATE smartgrid.ledger SET at = '2026-06-01 12:45+00' WHERE trade_id > 0;
\o

CREATE FUNCTION pg_temp.kpis(period tstzrange DEFAULT '[2026-06-01 12:00+00, 2026-06-01 13:00+00)') RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(' ', kpi, COALESCE(value::text, 'NULL'), unit, to_char(at, 'HH24:MI')) FROM sg_kpis(period)
$$;
CREATE FUNCTION pg_temp.worked_out() RETURNS SETOF text LANGUAGE sql AS $$
    VALUES
    ('produced 8.000 kWh'),                     -- 4 + 1 + 3
    ('consumed 6.000 kWh'),                     -- 1 + 2 + 3
    ('traded 0.500 kWh'),
    ('demand 6.500 kWh'),
    -- By quarter-hour, demand and production + discharge - charge: 1 and 4 - 2, 2 and 1, 3 and 3 + 1.5, 0.5 and 0. So 1 + 1 + 3 + 0 = 5.
    ('self_consumption 62.50 %'),               -- 5 / 8
    ('self_sufficiency 76.92 %'),               -- 5 / 6.5
    ('renewable_share 62.50 %'),                -- 5 / 8
    ('co2_intensity 207.25 g/kWh'),             -- (4 * 41 + 1 * 24 + 3 * 490) / 8
    ('peak_load 4.500 kWh 12:40'),              -- 4 - 1 - 2 + 1 - 2 + 1.5 + 3
    ('peak_demand 12.000 kW 12:30'),            -- 3 kWh / 0.25 h
    ('average_demand 6.500 kW'),                -- 6.5 kWh / 1 h
    ('load_factor 54.17 %'),                    -- 6.5 / 12
    ('price_avg 0.216667 EUR/kWh'),             -- (1 * 22 + 2 * 21 + 3 * 22) / 6 cents
    ('price_low 0.21 EUR/kWh'),                 -- 20 + 20 * 2 / (2 * 20)
    ('price_high 0.22 EUR/kWh'),                -- 20 + 20 * 4 / (2 * 20); 20 + 20 * 4.5 / (2 * 20), truncated
    ('revenue 1.30 EUR'),                       -- 22 + 42 + 66 cents
    ('storage_cycles 0.1500 cycles'),           -- 1.5 / 10
    ('round_trip_efficiency 75.00 %'),          -- 1.5 / 2
    ('delivery 50.00 %')                        -- 0.5 / (0.5 + 0.5)
$$;
SELECT results_eq('SELECT pg_temp.kpis()', 'SELECT pg_temp.worked_out()', 'as worked out by hand');
SELECT is((SELECT count(*) FROM sg_seal()), 1::bigint, 'sealed');
SELECT results_eq('SELECT pg_temp.kpis()', 'SELECT pg_temp.worked_out()', 'the same from rollups');
SELECT results_eq($$SELECT pg_temp.kpis('(2026-06-01 11:59:59.999999+00, 2026-06-01 12:59:59.999999+00]')$$, 'SELECT pg_temp.worked_out()', 'the same with other bounds');
SELECT results_eq('SELECT kpi FROM sg_kpis()', 'SELECT split_part(w, '' '', 1) FROM pg_temp.worked_out() AS w', 'the same rows where there is nothing');
SELECT is_empty('SELECT kpi FROM sg_kpis(NULL, ''default'') WHERE definition !~ ''^[A-Z].{20,}[.]$'' OR definition IS NULL', 'each has a definition');

-- A period that cuts quarter-hours: 12:01 to 12:35.
SELECT results_eq($$SELECT pg_temp.kpis('[2026-06-01 12:01+00, 2026-06-01 12:35+00)')$$, $$VALUES
    ('produced 1.000 kWh'), ('consumed 3.000 kWh'), ('traded 0.000 kWh'), ('demand 3.000 kWh'),
    -- Demand and production + discharge - charge: 1 and -2, 2 and 1, 0 and 1.5.
    ('self_consumption 100.00 %'), ('self_sufficiency 33.33 %'), ('renewable_share 100.00 %'), ('co2_intensity 24.00 g/kWh'),
    ('peak_load 3.000 kWh 12:01'), ('peak_demand 8.000 kW 12:15'), ('average_demand 5.294 kW'), ('load_factor 66.18 %'),
    ('price_avg 0.213333 EUR/kWh'), ('price_low 0.21 EUR/kWh'), ('price_high 0.22 EUR/kWh'), ('revenue 0.64 EUR'),
    ('storage_cycles 0.1500 cycles'), ('round_trip_efficiency 75.00 %'), ('delivery NULL %')$$, 'a period that cuts quarter-hours');
SELECT results_eq($$SELECT pg_temp.kpis('[2026-05-01 12:00+00, 2026-05-02 12:00+00)')$$, $$VALUES
    ('produced 0.000 kWh'), ('consumed 0.000 kWh'), ('traded 0.000 kWh'), ('demand 0.000 kWh'),
    ('self_consumption NULL %'), ('self_sufficiency NULL %'), ('renewable_share NULL %'), ('co2_intensity NULL g/kWh'),
    ('peak_load NULL kWh'), ('peak_demand 0.000 kW'), ('average_demand 0.000 kW'), ('load_factor NULL %'),
    ('price_avg NULL EUR/kWh'), ('price_low NULL EUR/kWh'), ('price_high NULL EUR/kWh'), ('revenue 0.00 EUR'),
    ('storage_cycles 0.0000 cycles'), ('round_trip_efficiency NULL %'), ('delivery NULL %')$$, 'nothing happened: what is divided by nothing is NULL');

SELECT results_eq($$SELECT count(*), count(value), count(at), count(unit) FROM sg_kpis(tstzrange(now() + interval '1 day', now() + interval '2 days'))$$, 'VALUES (19::bigint, 0::bigint, 0::bigint, 19::bigint)',
                  'of a period that has not begun nothing is known');

-- A member's: what it was a party of.
SET LOCAL ROLE kpis_house;
SELECT results_eq('SELECT pg_temp.kpis()', $$VALUES
    ('produced 0.000 kWh'), ('consumed 4.000 kWh'), ('traded 0.500 kWh'), ('demand 4.500 kWh'),
    ('self_consumption NULL %'), ('self_sufficiency 0.00 %'), ('renewable_share NULL %'), ('co2_intensity NULL g/kWh'),
    ('peak_load NULL kWh'), ('peak_demand 12.000 kW 12:30'), ('average_demand 4.500 kW'), ('load_factor 37.50 %'),
    ('price_avg 0.220000 EUR/kWh'), ('price_low 0.22 EUR/kWh'), ('price_high 0.22 EUR/kWh'), ('revenue 0.88 EUR'),
    ('storage_cycles NULL cycles'), ('round_trip_efficiency NULL %'), ('delivery 50.00 %')$$, 'a member''s');
SELECT is((SELECT count(*) FROM smartgrid.rollup) + (SELECT count(*) FROM smartgrid.rollup_production) + (SELECT count(*) FROM smartgrid.rollup_end) + (SELECT count(*) FROM smartgrid.capacity_event), 0::bigint,
          'who sees no rollup and no capacity');
SELECT is((SELECT string_agg(concat_ws(' ', consumed_kwh, traded_kwh, produced_kwh, price_avg_currency, revenue_currency, currency), ', ' ORDER BY bucket_start)
           FROM sg_load_curve WHERE grid = 'hamlet'),
          '1.000 0.000 0.000 0.220000 0.22 EUR, 3.000 0.000 0.000 0.220000 0.66 EUR, 0.000 0.500 0.000 0.00 EUR', 'a member''s time series');
SELECT is((SELECT count(load) + count(utilization) + count(load_kwh) FROM sg_load_curve), 0::bigint, 'without load');
RESET ROLE;
SELECT is((SELECT string_agg(concat_ws(' ', produced_kwh, consumed_kwh, load_kwh, utilization), ', ' ORDER BY bucket_start) FROM sg_load_curve WHERE grid = 'hamlet'),
          '4.000 1.000 1.000, 1.000 2.000 0.000, 3.000 3.000 1.500, 0.000 0.000 1.000', 'the grid''s: of then no capacity is known');

-- The utilization of then is that by the capacity of then.
UPDATE smartgrid.capacity_event SET at = '2026-06-01 12:10+00' WHERE change = 8000;
UPDATE smartgrid.capacity_event SET at = '2026-06-01 12:15+00' WHERE change = 2000;
SELECT is((SELECT string_agg(concat_ws(' ', load_kwh, utilization), ', ' ORDER BY bucket_start) FROM sg_load_curve WHERE grid = 'hamlet'),
          '1.000 12.50, 0.000 0.00, 1.500 15.00, 1.000 10.00', 'of 8 and 10 kWh');
SELECT is((SELECT string_agg(concat_ws(' ', load, utilization), ', ' ORDER BY bucket_start) FROM sg_load_curve(NULL, '[2026-06-01 12:00+00, 2026-06-01 12:50+00)', '10 minutes')),
          '3000, 2000 20.00, 0 0.00, 1500 15.00, 1000 10.00', 'and by ten minutes');

------------------------------------------------------------------------------------------------------ energy types
SELECT ok(starts_with(string_agg(concat_ws(' ', energy_type, renewable, co2_g_per_kwh, is_default), ', '),
          'solar t 41 t, wind t 11 t, hydro t 24 t, nuclear f 12 t, geothermal t 38 t, biomass t 230 t, natural-gas f 490 t'), 'the defaults')
FROM sg_energy_types WHERE grid = 'hamlet';
SELECT is_empty('SELECT energy_type FROM sg_energy_types WHERE source !~ ''^IPCC AR5 WG III Annex III [(]2014[)], Table A.III.2, ''', 'with their source');
SELECT set_eq('SELECT DISTINCT grid FROM sg_energy_types', ARRAY['default', 'hamlet'], 'of every grid');
SELECT ok(sg_set_energy_type('natural-gas', co2_g_per_kwh => 400, source => 'meter of the engine'), 'a figure of one''s own');
SELECT is((SELECT concat_ws(' ', renewable, co2_g_per_kwh, source, is_default) FROM sg_energy_types WHERE grid = 'hamlet' AND energy_type = 'natural-gas'),
          'f 400 meter of the engine f', 'with its source');
SELECT is((SELECT count(*) FROM sg_energy_types WHERE NOT is_default), 1::bigint, 'of one type in one grid');
SELECT is((SELECT value FROM sg_kpis('[2026-06-01 12:00+00, 2026-06-01 13:00+00)') WHERE kpi = 'co2_intensity'), 173.50, 'counts: (164 + 24 + 3 * 400) / 8');
SELECT ok(sg_set_energy_type('natural-gas', renewable => true), 'renewable gas');
SELECT is((SELECT concat_ws(' ', renewable, co2_g_per_kwh, source, is_default) FROM sg_energy_types WHERE grid = 'hamlet' AND energy_type = 'natural-gas'),
          't 400 meter of the engine f', 'the rest stays');
SELECT is((SELECT value FROM sg_kpis('[2026-06-01 12:00+00, 2026-06-01 13:00+00)') WHERE kpi = 'renewable_share'), 100.00, 'counts');
SELECT ok(sg_set_energy_type('natural-gas', co2_g_per_kwh => 390), 'another figure without a source');
SELECT is((SELECT concat_ws(' ', renewable, co2_g_per_kwh, source, is_default) FROM sg_energy_types WHERE grid = 'hamlet' AND energy_type = 'natural-gas'),
          't 390 operator f', 'has not the source of the one before');
SELECT ok(sg_set_energy_type('natural-gas', false, 490), 'the default figures');
SELECT is((SELECT concat_ws(' ', renewable, co2_g_per_kwh, left(source, 4), is_default) FROM sg_energy_types WHERE grid = 'hamlet' AND energy_type = 'natural-gas'),
          'f 490 IPCC t', 'are the default');
SELECT ok(sg_set_energy_type('wind') AND sg_set_energy_type('wind', true, 11.00), 'what changes nothing');
SELECT is((SELECT count(*) FROM smartgrid.energy_type_factor), 0::bigint, 'leaves no row');
SELECT * FROM finish();
ROLLBACK;
