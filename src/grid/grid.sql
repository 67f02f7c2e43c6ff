-- Grids: one row each, read on every call and written rarely.

CREATE SEQUENCE smartgrid.grid_id_seq AS integer;
COMMENT ON SEQUENCE smartgrid.grid_id_seq IS 'identifiers of grids';

CREATE FUNCTION smartgrid.price_rule(code integer) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_price_rule';
COMMENT ON FUNCTION smartgrid.price_rule(integer) IS 'name of a rule of pricing: load, scarcity or flat; NULL if there is none of this code';

CREATE TABLE smartgrid.grid (
    grid_id integer NOT NULL DEFAULT pg_catalog.nextval('smartgrid.grid_id_seq') PRIMARY KEY,
    price_rule integer NOT NULL DEFAULT 0 CHECK (smartgrid.price_rule(price_rule) IS NOT NULL),
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
    operator_role text COLLATE "C" NOT NULL CHECK (operator_role <> ''),
    registration text NOT NULL DEFAULT 'open' CHECK (registration IN ('open', 'operator')),
    max_amount bigint NOT NULL DEFAULT 1000000000000000 CHECK (max_amount >= 1),
    exact_after bigint NOT NULL DEFAULT 0 CHECK (exact_after >= 0),
    CONSTRAINT grid_name_key UNIQUE (name),
    CONSTRAINT grid_watermarks_check CHECK (0 <= low_watermark AND low_watermark <= high_watermark AND high_watermark <= 100)
) WITH (fillfactor = 50);
ALTER SEQUENCE smartgrid.grid_id_seq OWNED BY smartgrid.grid.grid_id;
COMMENT ON TABLE smartgrid.grid IS 'one row per grid (energy community or microgrid)';
COMMENT ON COLUMN smartgrid.grid.grid_id IS 'identifier';
COMMENT ON COLUMN smartgrid.grid.price_rule IS 'code of the rule by which it prices, see smartgrid.price_rule()';
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
COMMENT ON COLUMN smartgrid.grid.operator_role IS 'name of the role whose members administer this grid; a role that does not exist operates nothing';
COMMENT ON COLUMN smartgrid.grid.registration IS 'who registers participants: open (they themselves) or operator';
COMMENT ON COLUMN smartgrid.grid.max_amount IS 'largest capacity, limit, rate and amount of energy, in energy units, and price, in money units per kWh, that a call may name';
COMMENT ON COLUMN smartgrid.grid.exact_after IS 'id of the last ledger entry whose cost was rounded by itself; 0: none';
COMMENT ON CONSTRAINT grid_name_key ON smartgrid.grid IS 'names of grids are unique';
COMMENT ON CONSTRAINT grid_watermarks_check ON smartgrid.grid IS '0 <= low_watermark <= high_watermark <= 100 percent';

ALTER TABLE smartgrid.grid ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.grid FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.grid IS 'grids are public; views leave out what is not';

-- pg_restore, or a subscription, loads the row of the grid "default", which CREATE EXTENSION has made already, once more: that row wins.
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
COMMENT ON FUNCTION smartgrid.replace_seed_row() IS 'lets a restored row replace the one that CREATE EXTENSION made; the extension''s own writes fire no triggers';

-- The same on a logical subscriber, of rows that an update has derived from others there as on the publisher. Nowhere else:
-- sealing writes sums that are to be added to those that there are.
CREATE FUNCTION smartgrid.replace_derived_row() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('session_replication_role') = 'replica' THEN
        EXECUTE format('DELETE FROM smartgrid.%I AS t WHERE (%s) = (%s)', TG_TABLE_NAME,
                       (SELECT string_agg(format('t.%I', a), ', ') FROM unnest(TG_ARGV) AS a),
                       (SELECT string_agg(format('$1.%I', a), ', ') FROM unnest(TG_ARGV) AS a))
        USING NEW;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION smartgrid.replace_derived_row()
    IS 'lets a replicated row replace the one that an update has derived; its arguments are the columns of the key';

-- The grid that exists from the start. The triggers come last: this row is made, not restored.
INSERT INTO smartgrid.grid (operator_role, base_price, max_topup, stripes, energy_scale, money_scale, name, currency, low_watermark, high_watermark)
VALUES ('smartgrid_operator', 100, 1000000, 64, 0, 0, 'default', 'XXX', 20, 80);
-- With wal_level = minimal a sequence is not in the WAL in the transaction that creates it, and would go on from before what
-- it gives out next without telling the WAL: after a crash it would give that out again. This makes it tell.
SELECT pg_catalog.setval('smartgrid.grid_id_seq', 1);

CREATE TRIGGER replace_seed_row BEFORE INSERT ON smartgrid.grid
    FOR EACH ROW EXECUTE FUNCTION smartgrid.replace_seed_row();
COMMENT ON TRIGGER replace_seed_row ON smartgrid.grid IS 'a restored or replicated row replaces the one that CREATE EXTENSION made';
ALTER TABLE smartgrid.grid ENABLE ALWAYS TRIGGER replace_seed_row;
CREATE TRIGGER note_change AFTER UPDATE OR DELETE ON smartgrid.grid
    FOR EACH STATEMENT EXECUTE FUNCTION smartgrid.note_change();
COMMENT ON TRIGGER note_change ON smartgrid.grid IS 'every session forgets what it keeps of the grids';

CREATE FUNCTION @extschema@.sg_grid() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_grid';
COMMENT ON FUNCTION @extschema@.sg_grid() IS 'the current grid: the setting smartgrid.grid';
