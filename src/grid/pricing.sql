-- Base prices and emergency mode, from when to when.

CREATE SEQUENCE smartgrid.price_event_id_seq;
COMMENT ON SEQUENCE smartgrid.price_event_id_seq IS 'identifiers of changes of price and mode';

CREATE TABLE smartgrid.price_event (
    event_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.price_event_id_seq') PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    base_price bigint NOT NULL CHECK (base_price > 0),
    grid_id integer NOT NULL,
    emergency_mode boolean NOT NULL,
    price_rule smallint NOT NULL
);
ALTER SEQUENCE smartgrid.price_event_id_seq OWNED BY smartgrid.price_event.event_id;
COMMENT ON TABLE smartgrid.price_event IS 'every change of base price, emergency mode and price rule, the first state of each grid included';
COMMENT ON COLUMN smartgrid.price_event.event_id IS 'identifier';
COMMENT ON COLUMN smartgrid.price_event.at IS 'when the change was made';
COMMENT ON COLUMN smartgrid.price_event.base_price IS 'base price from then on, money units per kWh';
COMMENT ON COLUMN smartgrid.price_event.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.price_event.emergency_mode IS 'emergency mode from then on';
COMMENT ON COLUMN smartgrid.price_event.price_rule IS 'code of the rule of pricing from then on, see smartgrid.price_rule()';

CREATE INDEX price_event_grid_idx ON smartgrid.price_event (grid_id, at);
COMMENT ON INDEX smartgrid.price_event_grid_idx IS 'price history of a grid by time';

ALTER TABLE smartgrid.price_event REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.price_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.price_event FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.price_event IS 'the price history is public';

-- That of the grid that exists from the start, as in grid/grid.sql.
INSERT INTO smartgrid.price_event (at, base_price, grid_id, emergency_mode, price_rule)
SELECT created_at, base_price, grid_id, emergency_mode, price_rule FROM smartgrid.grid;
-- As of grid_id_seq.
SELECT pg_catalog.setval('smartgrid.price_event_id_seq', 1);

CREATE TRIGGER replace_seed_row BEFORE INSERT ON smartgrid.price_event
    FOR EACH ROW EXECUTE FUNCTION smartgrid.replace_seed_row();
COMMENT ON TRIGGER replace_seed_row ON smartgrid.price_event IS 'a restored or replicated row replaces the one that CREATE EXTENSION made';
ALTER TABLE smartgrid.price_event ENABLE ALWAYS TRIGGER replace_seed_row;

CREATE VIEW @extschema@.sg_prices WITH (security_invoker = true) AS
SELECT e.event_id, g.name AS grid, e.at,
       e.base_price, smartgrid.scaled(e.base_price, g.money_scale) AS base_price_currency,
       e.emergency_mode, g.currency, smartgrid.price_rule(e.price_rule) AS price_rule
FROM smartgrid.price_event AS e JOIN smartgrid.grid AS g ON g.grid_id = e.grid_id;
COMMENT ON VIEW @extschema@.sg_prices IS 'every change of base price, emergency mode and price rule';
COMMENT ON COLUMN @extschema@.sg_prices.event_id IS 'identifier of the change (key)';
COMMENT ON COLUMN @extschema@.sg_prices.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_prices.at IS 'when the change was made';
COMMENT ON COLUMN @extschema@.sg_prices.base_price IS 'base price from then on, money units per kWh';
COMMENT ON COLUMN @extschema@.sg_prices.base_price_currency IS 'base price from then on, currency per kWh';
COMMENT ON COLUMN @extschema@.sg_prices.emergency_mode IS 'emergency mode from then on';
COMMENT ON COLUMN @extschema@.sg_prices.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_prices.price_rule IS 'rule of pricing from then on: load, scarcity or flat';
