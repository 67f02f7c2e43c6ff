-- What sealed entries add up to by quarter-hour, and the history of capacities: what time series are read from.

CREATE SEQUENCE smartgrid.capacity_event_id_seq;

CREATE TABLE smartgrid.capacity_event (
    event_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.capacity_event_id_seq') PRIMARY KEY,
    at timestamptz NOT NULL,
    change bigint NOT NULL CHECK (change <> 0),
    participant_id bigint NOT NULL,
    grid_id integer NOT NULL
);
ALTER SEQUENCE smartgrid.capacity_event_id_seq OWNED BY smartgrid.capacity_event.event_id;
CREATE INDEX capacity_event_grid_idx ON smartgrid.capacity_event (grid_id, at);
COMMENT ON TABLE smartgrid.capacity_event IS 'every change of a grid''s capacity; they add up to that of now';
COMMENT ON COLUMN smartgrid.capacity_event.event_id IS 'identifier';
COMMENT ON COLUMN smartgrid.capacity_event.at IS 'when it changed; for what was there before 0.3.0, when the grid was created';
COMMENT ON COLUMN smartgrid.capacity_event.change IS 'what came or, below zero, went, energy units';
COMMENT ON COLUMN smartgrid.capacity_event.participant_id IS 'the producer whose capacity it is; 0: all that were there before 0.3.0';
COMMENT ON COLUMN smartgrid.capacity_event.grid_id IS 'the grid';

-- date_bin() of some minor releases is wrong before its origin.
CREATE FUNCTION smartgrid.quarter_hour(at timestamptz) RETURNS timestamptz
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_quarter_hour';
COMMENT ON FUNCTION smartgrid.quarter_hour(timestamptz) IS 'the start of the quarter-hour of a time';

-- Figures are numeric, for sums of bigint may pass bigint.
CREATE TABLE smartgrid.rollup (
    grid_id integer NOT NULL,
    quarter_start timestamptz NOT NULL CHECK (quarter_start = smartgrid.quarter_hour(quarter_start)),
    entries numeric NOT NULL,
    payments numeric NOT NULL,
    produced numeric NOT NULL,
    solar numeric NOT NULL,
    wind numeric NOT NULL,
    hydro numeric NOT NULL,
    nuclear numeric NOT NULL,
    geothermal numeric NOT NULL,
    biomass numeric NOT NULL,
    natural_gas numeric NOT NULL,
    consumed numeric NOT NULL,
    charged numeric NOT NULL,
    discharged numeric NOT NULL,
    held numeric NOT NULL,
    traded numeric NOT NULL,
    released numeric NOT NULL,
    consumed_value numeric NOT NULL,
    revenue numeric NOT NULL,
    trade_money numeric NOT NULL,
    topups numeric NOT NULL,
    withdrawals numeric NOT NULL,
    price_low bigint,
    price_high bigint,
    peak_load numeric NOT NULL,
    peak_at timestamptz NOT NULL,
    PRIMARY KEY (grid_id, quarter_start),
    CONSTRAINT rollup_price_check CHECK ((price_low IS NULL) = (price_high IS NULL) AND price_low <= price_high)
) WITH (fillfactor = 90);
COMMENT ON TABLE smartgrid.rollup IS 'what the sealed ledger entries of a grid add up to in each quarter-hour; follows from the ledger';
COMMENT ON COLUMN smartgrid.rollup.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.rollup.quarter_start IS 'when the quarter-hour begins';
COMMENT ON COLUMN smartgrid.rollup.entries IS 'number of ledger entries';
COMMENT ON COLUMN smartgrid.rollup.payments IS 'of these, top-ups and withdrawals';
COMMENT ON COLUMN smartgrid.rollup.produced IS 'produced, energy units';
COMMENT ON COLUMN smartgrid.rollup.solar IS 'produced by solar, energy units';
COMMENT ON COLUMN smartgrid.rollup.wind IS 'produced by wind, energy units';
COMMENT ON COLUMN smartgrid.rollup.hydro IS 'produced by hydro, energy units';
COMMENT ON COLUMN smartgrid.rollup.nuclear IS 'produced by nuclear, energy units';
COMMENT ON COLUMN smartgrid.rollup.geothermal IS 'produced by geothermal, energy units';
COMMENT ON COLUMN smartgrid.rollup.biomass IS 'produced by biomass, energy units';
COMMENT ON COLUMN smartgrid.rollup.natural_gas IS 'produced by natural-gas, energy units';
COMMENT ON COLUMN smartgrid.rollup.consumed IS 'consumed, without trades, energy units';
COMMENT ON COLUMN smartgrid.rollup.charged IS 'charged into storage, energy units';
COMMENT ON COLUMN smartgrid.rollup.discharged IS 'discharged from storage, energy units';
COMMENT ON COLUMN smartgrid.rollup.held IS 'taken off the grid by trades that were offered, energy units';
COMMENT ON COLUMN smartgrid.rollup.traded IS 'delivered by trades that were completed, energy units';
COMMENT ON COLUMN smartgrid.rollup.released IS 'given back to the grid by trades that were cancelled, energy units';
COMMENT ON COLUMN smartgrid.rollup.consumed_value IS 'sum of price * energy of the consumption, money units per kWh * energy units';
COMMENT ON COLUMN smartgrid.rollup.revenue IS 'paid to the grid for consumption, money units';
COMMENT ON COLUMN smartgrid.rollup.trade_money IS 'paid for completed trades, money units';
COMMENT ON COLUMN smartgrid.rollup.topups IS 'topped up, money units';
COMMENT ON COLUMN smartgrid.rollup.withdrawals IS 'withdrawn, money units';
COMMENT ON COLUMN smartgrid.rollup.price_low IS 'lowest price of consumption, money units per kWh; NULL: none was consumed';
COMMENT ON COLUMN smartgrid.rollup.price_high IS 'highest price of consumption, money units per kWh; NULL: none was consumed';
COMMENT ON COLUMN smartgrid.rollup.peak_load IS 'highest grid load after one of the entries, in the order of their ids, energy units';
COMMENT ON COLUMN smartgrid.rollup.peak_at IS 'the time of that entry';

-- How far they go. A grid without a row has none.
CREATE TABLE smartgrid.rollup_end (
    grid_id integer NOT NULL PRIMARY KEY,
    last_entry bigint NOT NULL,
    load numeric NOT NULL
);
COMMENT ON TABLE smartgrid.rollup_end IS 'up to which entry smartgrid.rollup has the entries of a grid';
COMMENT ON COLUMN smartgrid.rollup_end.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.rollup_end.last_entry IS 'the last ledger entry that is in it';
COMMENT ON COLUMN smartgrid.rollup_end.load IS 'grid load after that entry, energy units';

ALTER TABLE smartgrid.capacity_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE smartgrid.rollup ENABLE ROW LEVEL SECURITY;
ALTER TABLE smartgrid.rollup_end ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_readers ON smartgrid.capacity_event FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
CREATE POLICY grid_readers ON smartgrid.rollup FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
CREATE POLICY grid_readers ON smartgrid.rollup_end FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));

COMMENT ON SEQUENCE smartgrid.capacity_event_id_seq IS 'identifiers of changes of capacity';
COMMENT ON INDEX smartgrid.capacity_event_grid_idx IS 'changes of a grid''s capacity by time';
COMMENT ON CONSTRAINT rollup_price_check ON smartgrid.rollup IS 'there are both prices or none, the lower one first';
COMMENT ON POLICY grid_readers ON smartgrid.capacity_event IS 'for operators of the grid and auditors';
COMMENT ON POLICY grid_readers ON smartgrid.rollup IS 'for operators of the grid and auditors';
COMMENT ON POLICY grid_readers ON smartgrid.rollup_end IS 'for operators of the grid and auditors';

SELECT pg_extension_config_dump('smartgrid.capacity_event', '');
SELECT pg_extension_config_dump('smartgrid.capacity_event_id_seq', '');
SELECT pg_extension_config_dump('smartgrid.rollup', '');
SELECT pg_extension_config_dump('smartgrid.rollup_end', '');

CREATE FUNCTION @extschema@.sg_rebuild_rollups(grid text DEFAULT NULL) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000000 AS 'MODULE_PATHNAME', 'sg_rebuild_rollups';
COMMENT ON FUNCTION @extschema@.sg_rebuild_rollups(text)
    IS 'makes the sums by quarter-hour of a grid (NULL: the current one) anew from its sealed entries; returns how many quarter-hours there are (operator)';

CREATE FUNCTION smartgrid.fill_rollups(grid_id integer) RETURNS bigint
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE COST 1000000 AS 'MODULE_PATHNAME', 'sg_fill_rollups';
COMMENT ON FUNCTION smartgrid.fill_rollups(integer) IS 'makes the sums by quarter-hour of a grid, for the script that updates the extension; returns how many there are';

-- Those of the blocks that there are.
SELECT smartgrid.fill_rollups(g.grid_id)
FROM (SELECT DISTINCT b.grid_id FROM smartgrid.block AS b) AS g;

-- The capacity that there was before, as of when the grid was created. Registrations wait, so that none is missed: from the
-- end of this transaction on the library notes them.
LOCK TABLE smartgrid.producer IN SHARE MODE;
INSERT INTO smartgrid.capacity_event (at, change, participant_id, grid_id)
SELECT g.created_at, c.capacity, 0, g.grid_id
FROM smartgrid.grid AS g
     JOIN (SELECT p.grid_id, sum(p.capacity)::bigint AS capacity FROM smartgrid.pool AS p GROUP BY p.grid_id) AS c ON c.grid_id = g.grid_id
WHERE c.capacity > 0
ORDER BY g.grid_id;
