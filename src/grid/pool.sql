-- The grid load, spread over escrow stripes; rows come into being on first use (src/grid/pool.c).

CREATE TABLE smartgrid.pool (
    grid_id integer NOT NULL,
    stripe integer NOT NULL CHECK (stripe >= 0),
    load bigint NOT NULL CHECK (load >= 0),
    capacity bigint NOT NULL CHECK (capacity >= 0),
    revenue bigint NOT NULL CHECK (revenue >= 0),
    PRIMARY KEY (grid_id, stripe)
) WITH (fillfactor = 10);
COMMENT ON TABLE smartgrid.pool IS 'grid load, capacity and revenue, spread over stripes so that concurrent callers do not wait for each other; a grid''s figure is the sum';
COMMENT ON COLUMN smartgrid.pool.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.pool.stripe IS 'number of the stripe, from 0';
COMMENT ON COLUMN smartgrid.pool.load IS 'this stripe''s part of the grid load, energy units';
COMMENT ON COLUMN smartgrid.pool.capacity IS 'this stripe''s part of the grid capacity, energy units';
COMMENT ON COLUMN smartgrid.pool.revenue IS 'this stripe''s part of the grid''s revenue, money units';

ALTER TABLE smartgrid.pool ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_readers ON smartgrid.pool FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_readers ON smartgrid.pool IS 'for operators of the grid and auditors; sums are public through functions';

CREATE TRIGGER note_change AFTER INSERT OR DELETE OR TRUNCATE ON smartgrid.pool
    FOR EACH STATEMENT EXECUTE FUNCTION smartgrid.note_change();
COMMENT ON TRIGGER note_change ON smartgrid.pool IS 'every session forgets which stripes it knows';
