-- Grids: one row each, read on every call and written rarely.

CREATE SEQUENCE smartgrid.grid_id_seq AS integer;

CREATE TABLE smartgrid.grid (
    grid_id integer NOT NULL DEFAULT pg_catalog.nextval('smartgrid.grid_id_seq') PRIMARY KEY,
    operator_role regrole NOT NULL,
    base_price bigint NOT NULL CHECK (base_price > 0),
    max_topup bigint NOT NULL CHECK (max_topup >= 1),
    created_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    stripes integer NOT NULL CHECK (stripes BETWEEN 1 AND 1024),
    energy_scale smallint NOT NULL CHECK (energy_scale BETWEEN 0 AND 18),
    money_scale smallint NOT NULL CHECK (money_scale BETWEEN 0 AND 18),
    emergency_mode boolean NOT NULL DEFAULT false,
    name text COLLATE "C" NOT NULL CHECK (pg_catalog.octet_length(name) BETWEEN 1 AND 128),
    currency text NOT NULL CHECK (currency <> ''),
    low_watermark numeric NOT NULL,
    high_watermark numeric NOT NULL,
    CONSTRAINT grid_name_key UNIQUE (name),
    CONSTRAINT grid_watermarks_check CHECK (0 <= low_watermark AND low_watermark <= high_watermark AND high_watermark <= 100)
) WITH (fillfactor = 50);
ALTER SEQUENCE smartgrid.grid_id_seq OWNED BY smartgrid.grid.grid_id;
COMMENT ON TABLE smartgrid.grid IS 'one row per grid (energy community or microgrid)';
COMMENT ON COLUMN smartgrid.grid.grid_id IS 'identifier';
COMMENT ON COLUMN smartgrid.grid.operator_role IS 'role whose members administer this grid';
COMMENT ON COLUMN smartgrid.grid.base_price IS 'base price, money units per kWh';
COMMENT ON COLUMN smartgrid.grid.max_topup IS 'largest single top-up, money units';
COMMENT ON COLUMN smartgrid.grid.created_at IS 'when the grid was created';
COMMENT ON COLUMN smartgrid.grid.stripes IS 'number of stripes that the grid load is spread over';
COMMENT ON COLUMN smartgrid.grid.energy_scale IS '10^energy_scale energy units are one kWh';
COMMENT ON COLUMN smartgrid.grid.money_scale IS '10^money_scale money units are one unit of the currency';
COMMENT ON COLUMN smartgrid.grid.emergency_mode IS 'whether the emergency price (three times the base price) applies';
COMMENT ON COLUMN smartgrid.grid.name IS 'name, unique, at most 128 bytes';
COMMENT ON COLUMN smartgrid.grid.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN smartgrid.grid.low_watermark IS 'utilization in percent below which automated balancing discharges storage';
COMMENT ON COLUMN smartgrid.grid.high_watermark IS 'utilization in percent above which automated balancing charges storage';

ALTER TABLE smartgrid.grid ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.grid FOR SELECT USING (true);
GRANT SELECT ON smartgrid.grid TO PUBLIC;

CREATE SEQUENCE smartgrid.price_event_id_seq;

CREATE TABLE smartgrid.price_event (
    event_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.price_event_id_seq') PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    base_price bigint NOT NULL CHECK (base_price > 0),
    grid_id integer NOT NULL,
    emergency_mode boolean NOT NULL
);
ALTER SEQUENCE smartgrid.price_event_id_seq OWNED BY smartgrid.price_event.event_id;
CREATE INDEX price_event_grid_idx ON smartgrid.price_event (grid_id, at);
COMMENT ON TABLE smartgrid.price_event IS 'every change of base price and emergency mode, the first state of each grid included';
COMMENT ON COLUMN smartgrid.price_event.event_id IS 'identifier';
COMMENT ON COLUMN smartgrid.price_event.at IS 'when the change was made';
COMMENT ON COLUMN smartgrid.price_event.base_price IS 'base price from then on, money units per kWh';
COMMENT ON COLUMN smartgrid.price_event.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.price_event.emergency_mode IS 'emergency mode from then on';

ALTER TABLE smartgrid.price_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.price_event FOR SELECT USING (true);
GRANT SELECT ON smartgrid.price_event TO PUBLIC;

-- The grid load, spread over escrow stripes; rows come into being on first use (src/pool.c).
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
GRANT SELECT ON smartgrid.pool TO PUBLIC;

-- pg_restore loads the row of the grid "default", which CREATE EXTENSION has made already, once more: the dumped row wins.
CREATE FUNCTION smartgrid.replace_seed_row() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'grid' THEN
        DELETE FROM smartgrid.grid WHERE grid_id = NEW.grid_id AND name = NEW.name;
    ELSE
        DELETE FROM smartgrid.price_event WHERE event_id = NEW.event_id AND grid_id = NEW.grid_id;
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION smartgrid.replace_seed_row() FROM PUBLIC;
COMMENT ON FUNCTION smartgrid.replace_seed_row() IS 'lets a restored row replace the one that CREATE EXTENSION made; the extension''s own writes fire no triggers';

-- Backends keep the grid that they work on, and which stripes there are: changes by SQL are announced to them (C code does so itself).
CREATE FUNCTION smartgrid.note_change() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'sg_note_change';
REVOKE ALL ON FUNCTION smartgrid.note_change() FROM PUBLIC;
COMMENT ON FUNCTION smartgrid.note_change() IS 'makes every backend forget what it keeps of a table''s rows, at commit';
CREATE TRIGGER note_change AFTER UPDATE OR DELETE ON smartgrid.grid
    FOR EACH STATEMENT EXECUTE FUNCTION smartgrid.note_change();
CREATE TRIGGER note_change AFTER INSERT OR DELETE OR TRUNCATE ON smartgrid.pool
    FOR EACH STATEMENT EXECUTE FUNCTION smartgrid.note_change();

CREATE FUNCTION @extschema@.sg_grid() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_grid';
COMMENT ON FUNCTION @extschema@.sg_grid() IS 'the current grid: the setting smartgrid.grid';

CREATE FUNCTION @extschema@.sg_create_grid(
    name text,
    operator_role text DEFAULT 'smartgrid_operator',
    base_price bigint DEFAULT 100,
    energy_scale integer DEFAULT 0,
    money_scale integer DEFAULT 0,
    currency text DEFAULT 'XXX',
    low_watermark numeric DEFAULT 20,
    high_watermark numeric DEFAULT 80,
    max_topup bigint DEFAULT 1000000,
    stripes integer DEFAULT 64
) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_create_grid';
COMMENT ON FUNCTION @extschema@.sg_create_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer)
    IS 'creates a grid; base_price in money units per kWh, watermarks in percent, max_topup in money units (members of smartgrid_operator)';

CREATE FUNCTION @extschema@.sg_alter_grid(
    name text,
    operator_role text DEFAULT NULL,
    base_price bigint DEFAULT NULL,
    energy_scale integer DEFAULT NULL,
    money_scale integer DEFAULT NULL,
    currency text DEFAULT NULL,
    low_watermark numeric DEFAULT NULL,
    high_watermark numeric DEFAULT NULL,
    max_topup bigint DEFAULT NULL,
    stripes integer DEFAULT NULL
) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_alter_grid';
COMMENT ON FUNCTION @extschema@.sg_alter_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer)
    IS 'changes a grid, NULL keeps; base_price in money units per kWh, watermarks in percent, max_topup in money units (members of smartgrid_operator)';

CREATE FUNCTION @extschema@.sg_get_grid_status(
    OUT total_capacity bigint, OUT current_load bigint, OUT utilization numeric,
    OUT base_price bigint, OUT dynamic_price bigint, OUT emergency_mode boolean)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_grid_status';
COMMENT ON FUNCTION @extschema@.sg_get_grid_status()
    IS 'state of the current grid: capacity and load in energy units, utilization in percent, prices in money units per kWh';

CREATE FUNCTION @extschema@.sg_get_dynamic_price() RETURNS bigint
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_dynamic_price';
COMMENT ON FUNCTION @extschema@.sg_get_dynamic_price() IS 'price of the current grid at its load of now, money units per kWh';

CREATE FUNCTION @extschema@.sg_quote(amount bigint,
    OUT price bigint, OUT cost bigint, OUT affordable boolean, OUT available boolean)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_quote';
COMMENT ON FUNCTION @extschema@.sg_quote(bigint)
    IS 'what sg_consume_energy(amount) would do now: amount in energy units, price in money units per kWh, cost in money units; affordable is NULL for a caller that is no consumer';

CREATE FUNCTION smartgrid.grid_state(grid_id integer,
    OUT total_capacity bigint, OUT current_load bigint, OUT utilization numeric,
    OUT base_price bigint, OUT dynamic_price bigint, OUT emergency_mode boolean)
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_grid_state';
COMMENT ON FUNCTION smartgrid.grid_state(integer)
    IS 'sg_get_grid_status() of any grid: capacity and load in energy units, utilization in percent, prices in money units per kWh; dynamic_price is NULL beyond bigint';

CREATE FUNCTION smartgrid.scaled(units bigint, scale integer) RETURNS numeric
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_scaled';
COMMENT ON FUNCTION smartgrid.scaled(bigint, integer) IS 'units / 10^scale, exactly: energy units in kWh, money units in currency';

CREATE VIEW @extschema@.sg_grids WITH (security_invoker = true) AS
SELECT g.name AS grid,
       COALESCE((SELECT o.rolname::text FROM pg_catalog.pg_roles AS o WHERE o.oid = g.operator_role),
                g.operator_role::oid::text) AS operator_role,
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
GRANT SELECT ON @extschema@.sg_grids TO PUBLIC;
COMMENT ON VIEW @extschema@.sg_grids IS 'every grid with its state of now';
COMMENT ON COLUMN @extschema@.sg_grids.grid IS 'name of the grid (key)';
COMMENT ON COLUMN @extschema@.sg_grids.operator_role IS 'role whose members administer this grid';
COMMENT ON COLUMN @extschema@.sg_grids.total_capacity IS 'sum of the capacities of the active producers, energy units';
COMMENT ON COLUMN @extschema@.sg_grids.total_capacity_kwh IS 'sum of the capacities of the active producers, kWh';
COMMENT ON COLUMN @extschema@.sg_grids.current_load IS 'energy on the grid and not yet taken, energy units';
COMMENT ON COLUMN @extschema@.sg_grids.current_load_kwh IS 'energy on the grid and not yet taken, kWh';
COMMENT ON COLUMN @extschema@.sg_grids.utilization IS 'load / capacity, percent';
COMMENT ON COLUMN @extschema@.sg_grids.base_price IS 'base price, money units per kWh';
COMMENT ON COLUMN @extschema@.sg_grids.base_price_currency IS 'base price, currency per kWh';
COMMENT ON COLUMN @extschema@.sg_grids.dynamic_price IS 'price at the load of now, money units per kWh; NULL where it is beyond bigint';
COMMENT ON COLUMN @extschema@.sg_grids.dynamic_price_currency IS 'price at the load of now, currency per kWh; NULL where it is beyond bigint';
COMMENT ON COLUMN @extschema@.sg_grids.emergency_mode IS 'whether the emergency price applies';
COMMENT ON COLUMN @extschema@.sg_grids.revenue IS 'what consumers have paid to the grid, money units; NULL for those who may not read the grid''s books';
COMMENT ON COLUMN @extschema@.sg_grids.revenue_currency IS 'what consumers have paid to the grid, currency; NULL for those who may not read the grid''s books';
COMMENT ON COLUMN @extschema@.sg_grids.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_grids.energy_scale IS '10^energy_scale energy units are one kWh';
COMMENT ON COLUMN @extschema@.sg_grids.money_scale IS '10^money_scale money units are one unit of the currency';
COMMENT ON COLUMN @extschema@.sg_grids.low_watermark IS 'utilization below which balancing discharges storage, percent';
COMMENT ON COLUMN @extschema@.sg_grids.high_watermark IS 'utilization above which balancing charges storage, percent';
COMMENT ON COLUMN @extschema@.sg_grids.max_topup IS 'largest single top-up, money units';
COMMENT ON COLUMN @extschema@.sg_grids.max_topup_currency IS 'largest single top-up, currency';
COMMENT ON COLUMN @extschema@.sg_grids.stripes IS 'number of stripes that the grid load is spread over';
COMMENT ON COLUMN @extschema@.sg_grids.created_at IS 'when the grid was created';

CREATE VIEW @extschema@.sg_prices WITH (security_invoker = true) AS
SELECT e.event_id, g.name AS grid, e.at,
       e.base_price, smartgrid.scaled(e.base_price, g.money_scale) AS base_price_currency,
       e.emergency_mode, g.currency
FROM smartgrid.price_event AS e JOIN smartgrid.grid AS g ON g.grid_id = e.grid_id;
GRANT SELECT ON @extschema@.sg_prices TO PUBLIC;
COMMENT ON VIEW @extschema@.sg_prices IS 'every change of base price and emergency mode';
COMMENT ON COLUMN @extschema@.sg_prices.event_id IS 'identifier of the change (key)';
COMMENT ON COLUMN @extschema@.sg_prices.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_prices.at IS 'when the change was made';
COMMENT ON COLUMN @extschema@.sg_prices.base_price IS 'base price from then on, money units per kWh';
COMMENT ON COLUMN @extschema@.sg_prices.base_price_currency IS 'base price from then on, currency per kWh';
COMMENT ON COLUMN @extschema@.sg_prices.emergency_mode IS 'emergency mode from then on';
COMMENT ON COLUMN @extschema@.sg_prices.currency IS 'currency code, ISO 4217; XXX: none';

-- The grid that exists from the start.  Its triggers come last: this row is made, not restored.
INSERT INTO smartgrid.grid (operator_role, base_price, max_topup, stripes, energy_scale, money_scale, name, currency, low_watermark, high_watermark)
VALUES ('smartgrid_operator', 100, 1000000, 64, 0, 0, 'default', 'XXX', 20, 80);
INSERT INTO smartgrid.price_event (at, base_price, grid_id, emergency_mode)
SELECT created_at, base_price, grid_id, emergency_mode FROM smartgrid.grid;

CREATE TRIGGER replace_seed_row BEFORE INSERT ON smartgrid.grid
    FOR EACH ROW EXECUTE FUNCTION smartgrid.replace_seed_row();
CREATE TRIGGER replace_seed_row BEFORE INSERT ON smartgrid.price_event
    FOR EACH ROW EXECUTE FUNCTION smartgrid.replace_seed_row();
