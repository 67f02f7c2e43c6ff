-- What sealed entries add up to by quarter-hour: what time series are read from.

-- Figures are numeric, for sums of bigint may pass bigint.
CREATE TABLE smartgrid.rollup (
    grid_id integer NOT NULL,
    quarter_start timestamptz NOT NULL CHECK (quarter_start = smartgrid.quarter_hour(quarter_start)),
    entries numeric NOT NULL,
    payments numeric NOT NULL,
    load_change numeric NOT NULL,
    produced numeric NOT NULL,
    consumed numeric NOT NULL,
    charged numeric NOT NULL,
    discharged numeric NOT NULL,
    held numeric NOT NULL,
    traded numeric NOT NULL,
    released numeric NOT NULL,
    written_off numeric NOT NULL,
    consumed_value numeric NOT NULL,
    revenue numeric NOT NULL,
    trade_money numeric NOT NULL,
    topups numeric NOT NULL,
    withdrawals numeric NOT NULL,
    payouts numeric NOT NULL,
    refunds numeric NOT NULL,
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
COMMENT ON COLUMN smartgrid.rollup.entries IS 'number of ledger entries; reversals are entries, and are taken off the sums that follow';
COMMENT ON COLUMN smartgrid.rollup.payments IS 'of these, those that move no energy';
COMMENT ON COLUMN smartgrid.rollup.load_change IS 'what they change in the grid load, energy units';
COMMENT ON COLUMN smartgrid.rollup.produced IS 'produced, energy units';
COMMENT ON COLUMN smartgrid.rollup.consumed IS 'consumed, without trades, energy units';
COMMENT ON COLUMN smartgrid.rollup.charged IS 'charged into storage, energy units';
COMMENT ON COLUMN smartgrid.rollup.discharged IS 'discharged from storage, energy units';
COMMENT ON COLUMN smartgrid.rollup.held IS 'taken off the grid by trades that were offered, energy units';
COMMENT ON COLUMN smartgrid.rollup.traded IS 'delivered by trades that were completed, energy units';
COMMENT ON COLUMN smartgrid.rollup.released IS 'given back to the grid by trades that were cancelled or taken back, energy units';
COMMENT ON COLUMN smartgrid.rollup.written_off IS 'written off, energy units';
COMMENT ON COLUMN smartgrid.rollup.consumed_value IS 'sum of price * energy of the consumption, money units per kWh * energy units';
COMMENT ON COLUMN smartgrid.rollup.revenue IS 'paid to the grid for consumption, money units';
COMMENT ON COLUMN smartgrid.rollup.trade_money IS 'paid for completed trades, money units';
COMMENT ON COLUMN smartgrid.rollup.topups IS 'topped up, money units';
COMMENT ON COLUMN smartgrid.rollup.withdrawals IS 'withdrawn, money units';
COMMENT ON COLUMN smartgrid.rollup.payouts IS 'paid to producers out of the grid''s revenue, money units';
COMMENT ON COLUMN smartgrid.rollup.refunds IS 'paid back to consumers, money units';
COMMENT ON COLUMN smartgrid.rollup.price_low IS 'lowest price of consumption, money units per kWh; NULL: none was consumed';
COMMENT ON COLUMN smartgrid.rollup.price_high IS 'highest price of consumption, money units per kWh; NULL: none was consumed';
COMMENT ON COLUMN smartgrid.rollup.peak_load IS 'highest grid load after one of the entries, in the order of their ids, energy units';
COMMENT ON COLUMN smartgrid.rollup.peak_at IS 'the time of that entry';
COMMENT ON CONSTRAINT rollup_price_check ON smartgrid.rollup IS 'there are both prices or none, the lower one first';

ALTER TABLE smartgrid.rollup ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_readers ON smartgrid.rollup FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_readers ON smartgrid.rollup IS 'for operators of the grid and auditors';

CREATE TRIGGER replace_derived_row BEFORE INSERT ON smartgrid.rollup
    FOR EACH ROW EXECUTE FUNCTION smartgrid.replace_derived_row('grid_id', 'quarter_start');
COMMENT ON TRIGGER replace_derived_row ON smartgrid.rollup IS 'a replicated row replaces the one that an update has derived';
ALTER TABLE smartgrid.rollup ENABLE REPLICA TRIGGER replace_derived_row;

-- Which production is of which type: rows, so that a new type is no new column.
CREATE TABLE smartgrid.rollup_production (
    grid_id integer NOT NULL,
    quarter_start timestamptz NOT NULL CHECK (quarter_start = smartgrid.quarter_hour(quarter_start)),
    energy_type smallint NOT NULL CHECK (smartgrid.energy_type_name(energy_type) IS NOT NULL),
    produced numeric NOT NULL,
    PRIMARY KEY (grid_id, quarter_start, energy_type)
) WITH (fillfactor = 90);
COMMENT ON TABLE smartgrid.rollup_production IS 'what was produced by each energy type in each quarter-hour, of the entries in smartgrid.rollup; follows from the ledger';
COMMENT ON COLUMN smartgrid.rollup_production.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.rollup_production.quarter_start IS 'when the quarter-hour begins';
COMMENT ON COLUMN smartgrid.rollup_production.energy_type IS 'code of the energy type, see smartgrid.energy_type_name()';
COMMENT ON COLUMN smartgrid.rollup_production.produced IS 'produced by this type, energy units; what nothing was produced of has no row';

ALTER TABLE smartgrid.rollup_production ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_readers ON smartgrid.rollup_production FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_readers ON smartgrid.rollup_production IS 'for operators of the grid and auditors';

CREATE TRIGGER replace_derived_row BEFORE INSERT ON smartgrid.rollup_production
    FOR EACH ROW EXECUTE FUNCTION smartgrid.replace_derived_row('grid_id', 'quarter_start', 'energy_type');
COMMENT ON TRIGGER replace_derived_row ON smartgrid.rollup_production IS 'a replicated row replaces the one that an update has derived';
ALTER TABLE smartgrid.rollup_production ENABLE REPLICA TRIGGER replace_derived_row;

-- How far they go. A grid without a row has none.
CREATE TABLE smartgrid.rollup_end (
    grid_id integer NOT NULL PRIMARY KEY,
    last_entry bigint NOT NULL,
    load numeric NOT NULL
);
COMMENT ON TABLE smartgrid.rollup_end IS 'up to which entry smartgrid.rollup and smartgrid.rollup_production have the entries of a grid';
COMMENT ON COLUMN smartgrid.rollup_end.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.rollup_end.last_entry IS 'the last ledger entry that is in them';
COMMENT ON COLUMN smartgrid.rollup_end.load IS 'grid load after that entry, energy units';

ALTER TABLE smartgrid.rollup_end ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_readers ON smartgrid.rollup_end FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_readers ON smartgrid.rollup_end IS 'for operators of the grid and auditors';

CREATE TRIGGER replace_derived_row BEFORE INSERT ON smartgrid.rollup_end
    FOR EACH ROW EXECUTE FUNCTION smartgrid.replace_derived_row('grid_id');
COMMENT ON TRIGGER replace_derived_row ON smartgrid.rollup_end IS 'a replicated row replaces the one that an update has derived';
ALTER TABLE smartgrid.rollup_end ENABLE REPLICA TRIGGER replace_derived_row;
