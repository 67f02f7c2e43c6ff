\echo Use "CREATE EXTENSION smartgrid" to load this file. \quit

-- Guards, roles and the schema of the tables.

-- Everything below is written with qualified names; nothing is looked up in a schema that others can write to.
SET LOCAL search_path TO pg_catalog, pg_temp;

DO $guard$
DECLARE
    api_schema CONSTANT text := '@extschema@';     -- quoted where it has to be
    owner_oid oid;
    others text;
BEGIN
    -- The tables' schema must be ours alone.
    SELECT pg_get_userbyid(nspowner) INTO others FROM pg_namespace WHERE nspname = 'smartgrid';
    IF FOUND THEN
        RAISE EXCEPTION 'schema "smartgrid" exists already'
            USING ERRCODE = 'duplicate_schema',
                  DETAIL = format('It belongs to role "%s" and is not part of the extension.', others),
                  HINT = 'Rename or drop it, then run CREATE EXTENSION again.';
    END IF;
    -- Whoever owns the schema of the functions could replace them later.
    SELECT nspowner INTO owner_oid FROM pg_namespace WHERE oid = api_schema::regnamespace;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE oid = owner_oid AND rolsuper)
        AND owner_oid <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
        AND owner_oid <> (SELECT datdba FROM pg_database WHERE datname = current_database())
        AND pg_get_userbyid(owner_oid) <> 'pg_database_owner'
    THEN
        RAISE EXCEPTION 'schema "%" belongs to role "%"', api_schema, pg_get_userbyid(owner_oid)
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'Name a schema of a superuser or of the database''s owner: CREATE EXTENSION smartgrid SCHEMA ...';
    END IF;
    -- A function or relation of one of our names, planted beforehand, could be called instead of ours.
    SELECT string_agg(object, ', ' ORDER BY object) INTO others
    FROM (SELECT oid::regprocedure::text FROM pg_proc
          WHERE pronamespace = api_schema::regnamespace AND proname LIKE 'sg\_%'
          UNION ALL
          SELECT oid::regclass::text FROM pg_class
          WHERE relnamespace = api_schema::regnamespace AND relname LIKE 'sg\_%'
          UNION ALL
          SELECT oid::regtype::text FROM pg_type
          WHERE typnamespace = api_schema::regnamespace AND typname LIKE 'sg\_%' AND typrelid = 0) AS planted (object);
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" has objects with names that smartgrid reserves', api_schema
            USING ERRCODE = 'duplicate_object',
                  DETAIL = format('Found: %s.', others),
                  HINT = 'Rename or drop what begins with sg_, or choose another schema: CREATE EXTENSION smartgrid SCHEMA ...';
    END IF;
END
$guard$;

DO $roles$
DECLARE
    wanted record;
    attributes text;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES ('smartgrid_operator', 'administers every grid of smartgrid'),
                              ('smartgrid_gateway', 'acts for principals of smartgrid'),
                              ('smartgrid_auditor', 'reads everything of smartgrid, changes nothing')) AS roles (name, purpose)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted.name);
            EXECUTE format('COMMENT ON ROLE %I IS %L', wanted.name, wanted.purpose);
        END IF;
        SELECT concat_ws(', ',
                         CASE WHEN rolcanlogin THEN 'LOGIN' END,
                         CASE WHEN rolsuper THEN 'SUPERUSER' END,
                         CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
                         CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
                         CASE WHEN rolreplication THEN 'REPLICATION' END)
        INTO attributes FROM pg_roles WHERE rolname = wanted.name;
        IF attributes <> '' THEN
            RAISE EXCEPTION 'role "%" exists already and has dangerous attributes', wanted.name
                USING ERRCODE = 'invalid_role_specification',
                      DETAIL = format('It has %s; smartgrid grants rights to its members and expects a plain NOLOGIN role.', attributes),
                      HINT = format('If the role is meant for smartgrid, run ALTER ROLE %I NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION; otherwise rename it.', wanted.name);
        END IF;
    END LOOP;
END
$roles$;

CREATE SCHEMA smartgrid;
COMMENT ON SCHEMA smartgrid IS 'tables and internal functions of the extension smartgrid; people read the sg_ views';
GRANT USAGE ON SCHEMA smartgrid TO PUBLIC;

-- Who is calling, and what they may see.

CREATE FUNCTION @extschema@.sg_principal() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_principal';
COMMENT ON FUNCTION @extschema@.sg_principal() IS 'the principal that calls: text of at most 128 bytes';

CREATE FUNCTION smartgrid.own_participants() RETURNS bigint[]
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_own_participants';
COMMENT ON FUNCTION smartgrid.own_participants() IS 'participant ids of the calling principal in all grids; empty, never an error, where no principal is known';

CREATE FUNCTION smartgrid.readable_grids() RETURNS integer[]
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_readable_grids';
COMMENT ON FUNCTION smartgrid.readable_grids() IS 'ids of the grids whose every row the caller may see, as operator or auditor';

CREATE FUNCTION smartgrid.party_name(participant_id bigint) RETURNS text
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_party_name';
COMMENT ON FUNCTION smartgrid.party_name(bigint) IS 'principal of a participant, where the caller may know it: itself, a producer, a partner of a trade, or anyone of a grid it may read';

CREATE FUNCTION smartgrid.shown_name(own boolean, participant_id bigint, principal text) RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'sg_shown_name';
COMMENT ON FUNCTION smartgrid.shown_name(boolean, bigint, text)
    IS 'name of a party: in an entry of one''s own as by party_name(), else the principal';

CREATE FUNCTION smartgrid.readable_parties(principals text[]) RETURNS bigint[]
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_readable_parties';
COMMENT ON FUNCTION smartgrid.readable_parties(text[]) IS 'participant ids of these principals in the grids whose every row the caller may see';

/*
 * How the views read: one UNION ALL of plain table scans, each with its own
 * conditions once the planner has put the constants in, so that a page in the
 * order of the key comes from all of them by index (Merge Append).
 *
 * Own rows: an index on (party, key) is in the order of the key where the
 * party is known to be one value, so the caller's first two participants have
 * scans of their own; who takes part in more grids has the rows of those by a
 * function, to be sorted.  The calls are not sub-selects, so that the planner
 * reckons with the caller's own rows rather than with anybody's.
 *
 * Own rows leave out the grids that are read as a whole.  That is written with
 * coalesce(), whose share the planner takes for a half: from the statistics of
 * a database of one grid it would follow that there are no own rows at all.
 * And the grid, which every row has, comes by a LEFT JOIN, for the planner has
 * no statistics of a UNION ALL and would expect an inner join to lose rows.
 */
CREATE FUNCTION smartgrid.own_participant(n integer) RETURNS bigint
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'sg_own_participant';
COMMENT ON FUNCTION smartgrid.own_participant(integer) IS 'the n-th of own_participants(), from 1; -1 where there is none';

CREATE FUNCTION smartgrid.further_rows_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_further_rows_support';
REVOKE ALL ON FUNCTION smartgrid.further_rows_support(internal) FROM PUBLIC;
COMMENT ON FUNCTION smartgrid.further_rows_support(internal) IS 'planner support of further_entries() and further_trades()';

-- Conditions that are always true, for what they tell the planner (src/planning.c).
CREATE FUNCTION smartgrid.first_readable_key() RETURNS bigint
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_first_readable_key';
COMMENT ON FUNCTION smartgrid.first_readable_key() IS 'the smallest bigint where the caller may see all of some grid, else the largest';

CREATE FUNCTION smartgrid.whole_grid_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_whole_grid_support';
REVOKE ALL ON FUNCTION smartgrid.whole_grid_support(internal) FROM PUBLIC;
COMMENT ON FUNCTION smartgrid.whole_grid_support(internal) IS 'planner support of whole_grid()';
CREATE FUNCTION smartgrid.whole_grid(key bigint) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1 SUPPORT smartgrid.whole_grid_support AS 'MODULE_PATHNAME', 'sg_always';
COMMENT ON FUNCTION smartgrid.whole_grid(bigint) IS 'true; tells the planner that only readers of a whole grid find rows by this key';

CREATE FUNCTION smartgrid.any_party_support(internal) RETURNS internal
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_any_party_support';
REVOKE ALL ON FUNCTION smartgrid.any_party_support(internal) FROM PUBLIC;
COMMENT ON FUNCTION smartgrid.any_party_support(internal) IS 'planner support of any_party()';
CREATE FUNCTION smartgrid.any_party(participant_id bigint) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 1 SUPPORT smartgrid.any_party_support AS 'MODULE_PATHNAME', 'sg_always';
COMMENT ON FUNCTION smartgrid.any_party(bigint) IS 'true; tells the planner the participants of the names that a query asks for';

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

-- Participants: producers, consumers and storage facilities, and their registration.

CREATE SEQUENCE smartgrid.participant_id_seq;

CREATE TABLE smartgrid.participant (
    participant_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.participant_id_seq') PRIMARY KEY,
    grid_id integer NOT NULL,
    principal text COLLATE "C" NOT NULL CHECK (pg_catalog.octet_length(principal) BETWEEN 1 AND 128),
    CONSTRAINT participant_principal_key UNIQUE (principal, grid_id)
);
ALTER SEQUENCE smartgrid.participant_id_seq OWNED BY smartgrid.participant.participant_id;
COMMENT ON TABLE smartgrid.participant IS 'who takes part in a grid: one row per principal and grid';
COMMENT ON COLUMN smartgrid.participant.participant_id IS 'identifier; stays when the principal is renamed';
COMMENT ON COLUMN smartgrid.participant.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.participant.principal IS 'name of the principal, at most 128 bytes';

CREATE TABLE smartgrid.producer (
    participant_id bigint NOT NULL PRIMARY KEY,
    capacity bigint NOT NULL CHECK (capacity > 0),
    current_production bigint NOT NULL CHECK (current_production >= 0 AND current_production <= capacity),
    total_produced bigint NOT NULL CHECK (total_produced >= 0),
    unsold bigint NOT NULL CHECK (unsold >= 0 AND unsold <= total_produced),
    earnings bigint NOT NULL CHECK (earnings >= 0),
    registered_at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    reputation_score smallint NOT NULL CHECK (reputation_score BETWEEN 0 AND 100),
    energy_type smallint NOT NULL CHECK (energy_type BETWEEN 0 AND 6),
    active boolean NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE smartgrid.producer IS 'producers';
COMMENT ON COLUMN smartgrid.producer.participant_id IS 'the participant';
COMMENT ON COLUMN smartgrid.producer.capacity IS 'most that one report may say, energy units';
COMMENT ON COLUMN smartgrid.producer.current_production IS 'the latest report, energy units';
COMMENT ON COLUMN smartgrid.producer.total_produced IS 'sum of all reports, energy units';
COMMENT ON COLUMN smartgrid.producer.unsold IS 'produced and not sold or held by a trade, energy units';
COMMENT ON COLUMN smartgrid.producer.earnings IS 'earned by trades and not withdrawn, money units';
COMMENT ON COLUMN smartgrid.producer.registered_at IS 'when it registered';
COMMENT ON COLUMN smartgrid.producer.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.producer.reputation_score IS 'reputation, 0 to 100';
COMMENT ON COLUMN smartgrid.producer.energy_type IS 'code of the energy type, see smartgrid.energy_type_name()';
COMMENT ON COLUMN smartgrid.producer.active IS 'whether it takes part';

CREATE TABLE smartgrid.consumer (
    participant_id bigint NOT NULL PRIMARY KEY,
    consumption_limit bigint NOT NULL CHECK (consumption_limit > 0),
    total_consumed bigint NOT NULL CHECK (total_consumed >= 0),
    current_usage bigint NOT NULL CHECK (current_usage >= 0 AND current_usage <= consumption_limit),
    balance bigint NOT NULL CHECK (balance >= 0),
    registered_at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    active boolean NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE smartgrid.consumer IS 'consumers';
COMMENT ON COLUMN smartgrid.consumer.participant_id IS 'the participant';
COMMENT ON COLUMN smartgrid.consumer.consumption_limit IS 'most that one call may take, energy units';
COMMENT ON COLUMN smartgrid.consumer.total_consumed IS 'sum of all consumption and completed purchases, energy units';
COMMENT ON COLUMN smartgrid.consumer.current_usage IS 'the latest consumption, energy units';
COMMENT ON COLUMN smartgrid.consumer.balance IS 'money to spend, money units';
COMMENT ON COLUMN smartgrid.consumer.registered_at IS 'when it registered';
COMMENT ON COLUMN smartgrid.consumer.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.consumer.active IS 'whether it takes part';

CREATE TABLE smartgrid.storage (
    participant_id bigint NOT NULL PRIMARY KEY,
    capacity bigint NOT NULL CHECK (capacity > 0),
    stored_amount bigint NOT NULL CHECK (stored_amount >= 0 AND stored_amount <= capacity),
    charge_rate bigint NOT NULL CHECK (charge_rate > 0),
    discharge_rate bigint NOT NULL CHECK (discharge_rate > 0),
    registered_at timestamptz NOT NULL,
    grid_id integer NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE smartgrid.storage IS 'storage facilities';
COMMENT ON COLUMN smartgrid.storage.participant_id IS 'the participant';
COMMENT ON COLUMN smartgrid.storage.capacity IS 'most that it can hold, energy units';
COMMENT ON COLUMN smartgrid.storage.stored_amount IS 'what it holds, energy units';
COMMENT ON COLUMN smartgrid.storage.charge_rate IS 'most that one call may charge, energy units';
COMMENT ON COLUMN smartgrid.storage.discharge_rate IS 'most that one call may discharge, energy units';
COMMENT ON COLUMN smartgrid.storage.registered_at IS 'when it registered';
COMMENT ON COLUMN smartgrid.storage.grid_id IS 'the grid';

ALTER TABLE smartgrid.participant ENABLE ROW LEVEL SECURITY;
ALTER TABLE smartgrid.producer ENABLE ROW LEVEL SECURITY;
ALTER TABLE smartgrid.consumer ENABLE ROW LEVEL SECURITY;
ALTER TABLE smartgrid.storage ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.participant FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
CREATE POLICY own_or_grid_reader ON smartgrid.producer FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
CREATE POLICY own_or_grid_reader ON smartgrid.consumer FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
CREATE POLICY own_or_grid_reader ON smartgrid.storage FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
GRANT SELECT ON smartgrid.participant, smartgrid.producer, smartgrid.consumer, smartgrid.storage TO PUBLIC;

-- Backends keep the ids of principals: changes by SQL are announced to them.
CREATE TRIGGER note_change AFTER UPDATE OR DELETE ON smartgrid.participant
    FOR EACH STATEMENT EXECUTE FUNCTION smartgrid.note_change();

CREATE FUNCTION smartgrid.energy_type_name(energy_type smallint) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_energy_type_name';
COMMENT ON FUNCTION smartgrid.energy_type_name(smallint) IS 'name of an energy type: solar, wind, hydro, nuclear, geothermal, biomass, natural-gas';

CREATE FUNCTION @extschema@.sg_register_producer(capacity bigint, energy_type text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_register_producer';
COMMENT ON FUNCTION @extschema@.sg_register_producer(bigint, text)
    IS 'registers the caller as producer: capacity in energy units; type one of solar, wind, hydro, nuclear, geothermal, biomass, natural-gas';

CREATE FUNCTION @extschema@.sg_register_consumer(consumption_limit bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_register_consumer';
COMMENT ON FUNCTION @extschema@.sg_register_consumer(bigint)
    IS 'registers the caller as consumer: limit of one consumption in energy units';

CREATE FUNCTION @extschema@.sg_register_storage(capacity bigint, charge_rate bigint, discharge_rate bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_register_storage';
COMMENT ON FUNCTION @extschema@.sg_register_storage(bigint, bigint, bigint)
    IS 'registers the caller as storage facility: capacity and most per charge and discharge in energy units';

CREATE FUNCTION @extschema@.sg_update_producer_reputation(target text, new_score integer) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_update_producer_reputation';
COMMENT ON FUNCTION @extschema@.sg_update_producer_reputation(text, integer) IS 'sets a producer''s reputation, 0 to 100 (operator)';

CREATE FUNCTION @extschema@.sg_deactivate_participant(target text, is_producer boolean) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_deactivate_participant';
COMMENT ON FUNCTION @extschema@.sg_deactivate_participant(text, boolean) IS 'deactivates a producer, or else a consumer (operator)';

CREATE FUNCTION @extschema@.sg_reactivate_participant(target text, is_producer boolean) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_reactivate_participant';
COMMENT ON FUNCTION @extschema@.sg_reactivate_participant(text, boolean) IS 'reactivates a producer, or else a consumer (operator)';

CREATE FUNCTION @extschema@.sg_rename_participant(old text, new text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_rename_participant';
COMMENT ON FUNCTION @extschema@.sg_rename_participant(text, text) IS 'moves an account to a new principal (operator)';

CREATE FUNCTION @extschema@.sg_get_producer_info(producer text,
    OUT capacity bigint, OUT current_production bigint, OUT total_produced bigint, OUT energy_type text,
    OUT active boolean, OUT reputation_score integer, OUT unsold bigint, OUT earnings bigint)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_producer_info';
COMMENT ON FUNCTION @extschema@.sg_get_producer_info(text)
    IS 'a producer: energy in energy units, reputation 0 to 100, earnings in money units; NULL where there is none or it is hidden';

CREATE FUNCTION @extschema@.sg_get_consumer_info(consumer text,
    OUT consumption_limit bigint, OUT total_consumed bigint, OUT current_usage bigint, OUT balance bigint, OUT active boolean)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_consumer_info';
COMMENT ON FUNCTION @extschema@.sg_get_consumer_info(text)
    IS 'a consumer: energy in energy units, balance in money units; NULL where there is none or it is hidden';

CREATE FUNCTION @extschema@.sg_get_storage_info(storage text,
    OUT capacity bigint, OUT stored_amount bigint, OUT charge_rate bigint, OUT discharge_rate bigint)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_storage_info';
COMMENT ON FUNCTION @extschema@.sg_get_storage_info(text)
    IS 'a storage facility, all in energy units; NULL where there is none or it is hidden';

CREATE FUNCTION smartgrid.producer_directory(
    OUT participant_id bigint, OUT grid_id integer, OUT principal text, OUT energy_type text, OUT active boolean, OUT reputation_score integer)
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL RESTRICTED COST 1000 ROWS 1000 AS 'MODULE_PATHNAME', 'sg_producer_directory';
COMMENT ON FUNCTION smartgrid.producer_directory() IS 'what everyone may know of every producer; reputation 0 to 100';

CREATE VIEW @extschema@.sg_producer_directory WITH (security_invoker = true) AS
SELECT d.participant_id, g.name AS grid, d.principal, d.energy_type, d.active, d.reputation_score
FROM smartgrid.producer_directory() AS d JOIN smartgrid.grid AS g ON g.grid_id = d.grid_id;
GRANT SELECT ON @extschema@.sg_producer_directory TO PUBLIC;
COMMENT ON VIEW @extschema@.sg_producer_directory IS 'public directory of all producers';
COMMENT ON COLUMN @extschema@.sg_producer_directory.participant_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_producer_directory.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_producer_directory.principal IS 'name of the producer';
COMMENT ON COLUMN @extschema@.sg_producer_directory.energy_type IS 'solar, wind, hydro, nuclear, geothermal, biomass or natural-gas';
COMMENT ON COLUMN @extschema@.sg_producer_directory.active IS 'whether it takes part';
COMMENT ON COLUMN @extschema@.sg_producer_directory.reputation_score IS 'reputation, 0 to 100';

CREATE VIEW @extschema@.sg_producers WITH (security_invoker = true) AS
SELECT p.participant_id, g.name AS grid, n.principal,
       smartgrid.energy_type_name(p.energy_type) AS energy_type, p.active, p.reputation_score::integer AS reputation_score,
       p.capacity, smartgrid.scaled(p.capacity, g.energy_scale) AS capacity_kwh,
       p.current_production, smartgrid.scaled(p.current_production, g.energy_scale) AS current_production_kwh,
       p.total_produced, smartgrid.scaled(p.total_produced, g.energy_scale) AS total_produced_kwh,
       p.unsold, smartgrid.scaled(p.unsold, g.energy_scale) AS unsold_kwh,
       p.earnings, smartgrid.scaled(p.earnings, g.money_scale) AS earnings_currency,
       g.currency, p.registered_at
FROM (SELECT o.*, true AS own FROM smartgrid.producer AS o
      UNION ALL
      SELECT o.*, false FROM smartgrid.producer AS o) AS p
     JOIN smartgrid.participant AS n ON n.participant_id = p.participant_id
     LEFT JOIN smartgrid.grid AS g ON g.grid_id = p.grid_id
WHERE (NOT p.own OR p.participant_id = ANY (smartgrid.own_participants()))
      AND ((p.own AND NOT coalesce(p.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]), false))
           OR (NOT p.own
               AND (SELECT smartgrid.readable_grids()) <> '{}'
               AND p.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
               AND smartgrid.whole_grid(p.participant_id)));
GRANT SELECT ON @extschema@.sg_producers TO PUBLIC;
COMMENT ON VIEW @extschema@.sg_producers IS 'producers: the caller''s own, for operators and auditors all';
COMMENT ON COLUMN @extschema@.sg_producers.participant_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_producers.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_producers.principal IS 'name of the producer';
COMMENT ON COLUMN @extschema@.sg_producers.energy_type IS 'solar, wind, hydro, nuclear, geothermal, biomass or natural-gas';
COMMENT ON COLUMN @extschema@.sg_producers.active IS 'whether it takes part';
COMMENT ON COLUMN @extschema@.sg_producers.reputation_score IS 'reputation, 0 to 100';
COMMENT ON COLUMN @extschema@.sg_producers.capacity IS 'most that one report may say, energy units';
COMMENT ON COLUMN @extschema@.sg_producers.capacity_kwh IS 'most that one report may say, kWh';
COMMENT ON COLUMN @extschema@.sg_producers.current_production IS 'the latest report, energy units';
COMMENT ON COLUMN @extschema@.sg_producers.current_production_kwh IS 'the latest report, kWh';
COMMENT ON COLUMN @extschema@.sg_producers.total_produced IS 'sum of all reports, energy units';
COMMENT ON COLUMN @extschema@.sg_producers.total_produced_kwh IS 'sum of all reports, kWh';
COMMENT ON COLUMN @extschema@.sg_producers.unsold IS 'produced and not sold or held by a trade, energy units';
COMMENT ON COLUMN @extschema@.sg_producers.unsold_kwh IS 'produced and not sold or held by a trade, kWh';
COMMENT ON COLUMN @extschema@.sg_producers.earnings IS 'earned by trades and not withdrawn, money units';
COMMENT ON COLUMN @extschema@.sg_producers.earnings_currency IS 'earned by trades and not withdrawn, currency';
COMMENT ON COLUMN @extschema@.sg_producers.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_producers.registered_at IS 'when it registered';

CREATE VIEW @extschema@.sg_consumers WITH (security_invoker = true) AS
SELECT c.participant_id, g.name AS grid, n.principal, c.active,
       c.consumption_limit, smartgrid.scaled(c.consumption_limit, g.energy_scale) AS consumption_limit_kwh,
       c.total_consumed, smartgrid.scaled(c.total_consumed, g.energy_scale) AS total_consumed_kwh,
       c.current_usage, smartgrid.scaled(c.current_usage, g.energy_scale) AS current_usage_kwh,
       c.balance, smartgrid.scaled(c.balance, g.money_scale) AS balance_currency,
       g.currency, c.registered_at
FROM (SELECT o.*, true AS own FROM smartgrid.consumer AS o
      UNION ALL
      SELECT o.*, false FROM smartgrid.consumer AS o) AS c
     JOIN smartgrid.participant AS n ON n.participant_id = c.participant_id
     LEFT JOIN smartgrid.grid AS g ON g.grid_id = c.grid_id
WHERE (NOT c.own OR c.participant_id = ANY (smartgrid.own_participants()))
      AND ((c.own AND NOT coalesce(c.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]), false))
           OR (NOT c.own
               AND (SELECT smartgrid.readable_grids()) <> '{}'
               AND c.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
               AND smartgrid.whole_grid(c.participant_id)));
GRANT SELECT ON @extschema@.sg_consumers TO PUBLIC;
COMMENT ON VIEW @extschema@.sg_consumers IS 'consumers: the caller''s own, for operators and auditors all';
COMMENT ON COLUMN @extschema@.sg_consumers.participant_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_consumers.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_consumers.principal IS 'name of the consumer';
COMMENT ON COLUMN @extschema@.sg_consumers.active IS 'whether it takes part';
COMMENT ON COLUMN @extschema@.sg_consumers.consumption_limit IS 'most that one call may take, energy units';
COMMENT ON COLUMN @extschema@.sg_consumers.consumption_limit_kwh IS 'most that one call may take, kWh';
COMMENT ON COLUMN @extschema@.sg_consumers.total_consumed IS 'sum of all consumption and completed purchases, energy units';
COMMENT ON COLUMN @extschema@.sg_consumers.total_consumed_kwh IS 'sum of all consumption and completed purchases, kWh';
COMMENT ON COLUMN @extschema@.sg_consumers.current_usage IS 'the latest consumption, energy units';
COMMENT ON COLUMN @extschema@.sg_consumers.current_usage_kwh IS 'the latest consumption, kWh';
COMMENT ON COLUMN @extschema@.sg_consumers.balance IS 'money to spend, money units';
COMMENT ON COLUMN @extschema@.sg_consumers.balance_currency IS 'money to spend, currency';
COMMENT ON COLUMN @extschema@.sg_consumers.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_consumers.registered_at IS 'when it registered';

CREATE VIEW @extschema@.sg_storages WITH (security_invoker = true) AS
SELECT s.participant_id, g.name AS grid, n.principal,
       s.capacity, smartgrid.scaled(s.capacity, g.energy_scale) AS capacity_kwh,
       s.stored_amount, smartgrid.scaled(s.stored_amount, g.energy_scale) AS stored_amount_kwh,
       s.charge_rate, smartgrid.scaled(s.charge_rate, g.energy_scale) AS charge_rate_kwh,
       s.discharge_rate, smartgrid.scaled(s.discharge_rate, g.energy_scale) AS discharge_rate_kwh,
       s.registered_at
FROM (SELECT o.*, true AS own FROM smartgrid.storage AS o
      UNION ALL
      SELECT o.*, false FROM smartgrid.storage AS o) AS s
     JOIN smartgrid.participant AS n ON n.participant_id = s.participant_id
     LEFT JOIN smartgrid.grid AS g ON g.grid_id = s.grid_id
WHERE (NOT s.own OR s.participant_id = ANY (smartgrid.own_participants()))
      AND ((s.own AND NOT coalesce(s.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]), false))
           OR (NOT s.own
               AND (SELECT smartgrid.readable_grids()) <> '{}'
               AND s.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
               AND smartgrid.whole_grid(s.participant_id)));
GRANT SELECT ON @extschema@.sg_storages TO PUBLIC;
COMMENT ON VIEW @extschema@.sg_storages IS 'storage facilities: the caller''s own, for operators and auditors all';
COMMENT ON COLUMN @extschema@.sg_storages.participant_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_storages.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_storages.principal IS 'name of the storage facility';
COMMENT ON COLUMN @extschema@.sg_storages.capacity IS 'most that it can hold, energy units';
COMMENT ON COLUMN @extschema@.sg_storages.capacity_kwh IS 'most that it can hold, kWh';
COMMENT ON COLUMN @extschema@.sg_storages.stored_amount IS 'what it holds, energy units';
COMMENT ON COLUMN @extschema@.sg_storages.stored_amount_kwh IS 'what it holds, kWh';
COMMENT ON COLUMN @extschema@.sg_storages.charge_rate IS 'most that one call may charge, energy units';
COMMENT ON COLUMN @extschema@.sg_storages.charge_rate_kwh IS 'most that one call may charge, kWh';
COMMENT ON COLUMN @extschema@.sg_storages.discharge_rate IS 'most that one call may discharge, energy units';
COMMENT ON COLUMN @extschema@.sg_storages.discharge_rate_kwh IS 'most that one call may discharge, kWh';
COMMENT ON COLUMN @extschema@.sg_storages.registered_at IS 'when it registered';

-- Production, consumption and storage.

CREATE FUNCTION @extschema@.sg_report_production(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_report_production';
COMMENT ON FUNCTION @extschema@.sg_report_production(bigint) IS 'the caller has produced amount energy units and fed them in';

CREATE FUNCTION @extschema@.sg_consume_energy(amount bigint, max_cost bigint DEFAULT NULL) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_consume_energy';
COMMENT ON FUNCTION @extschema@.sg_consume_energy(bigint, bigint)
    IS 'the caller takes amount energy units off the grid and pays the dynamic price, at most max_cost money units where given';

CREATE FUNCTION @extschema@.sg_charge_storage(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_charge_storage';
COMMENT ON FUNCTION @extschema@.sg_charge_storage(bigint) IS 'the caller''s storage facility takes amount energy units off the grid';

CREATE FUNCTION @extschema@.sg_discharge_storage(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_discharge_storage';
COMMENT ON FUNCTION @extschema@.sg_discharge_storage(bigint) IS 'the caller''s storage facility feeds in amount energy units';

CREATE FUNCTION @extschema@.sg_balance_load(OUT principal text, OUT action text, OUT amount bigint) RETURNS SETOF record
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_balance_load';
COMMENT ON FUNCTION @extschema@.sg_balance_load()
    IS 'automated load balancing: charges storage facilities above the high watermark, discharges them below the low one; amount in energy units (operator)';

-- Batch posting of readings.

CREATE FUNCTION @extschema@.sg_post_readings(principals text[], kinds text[], amounts bigint[], at timestamptz[] DEFAULT NULL)
    RETURNS TABLE (ord integer, sqlstate text, message text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_post_readings';
COMMENT ON FUNCTION @extschema@.sg_post_readings(text[], text[], bigint[], timestamptz[])
    IS 'posts production, consumption, charge, discharge (energy units) and topup (money units) readings in order and returns those that failed (gateway, operator)';

CREATE FUNCTION @extschema@.sg_post_readings(source regclass)
    RETURNS TABLE (ord integer, sqlstate text, message text)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10 AS 'MODULE_PATHNAME', 'sg_post_readings_source';
COMMENT ON FUNCTION @extschema@.sg_post_readings(regclass)
    IS 'posts the readings of a table or view with columns principal, kind, amount and ord or at, in that order, and returns those that failed (gateway, operator)';

-- Trades between participants.

CREATE SEQUENCE smartgrid.trade_id_seq;

CREATE TABLE smartgrid.trade (
    trade_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.trade_id_seq') PRIMARY KEY,
    seller_id bigint NOT NULL,
    buyer_id bigint NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    price bigint NOT NULL CHECK (price > 0),
    cost bigint NOT NULL CHECK (cost >= 0),
    created_at timestamptz NOT NULL,
    closed_at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    status smallint NOT NULL CHECK (status BETWEEN 0 AND 2),
    CONSTRAINT trade_parties_check CHECK (seller_id <> buyer_id),
    CONSTRAINT trade_closed_check CHECK ((status = 0) = (closed_at = 'infinity'))
) WITH (fillfactor = 80);
ALTER SEQUENCE smartgrid.trade_id_seq OWNED BY smartgrid.trade.trade_id;
CREATE INDEX trade_seller_idx ON smartgrid.trade (seller_id, buyer_id);
CREATE INDEX trade_seller_page_idx ON smartgrid.trade (seller_id, trade_id);
CREATE INDEX trade_buyer_idx ON smartgrid.trade (buyer_id, trade_id);
COMMENT ON TABLE smartgrid.trade IS 'trades; a pending trade holds its energy';
COMMENT ON COLUMN smartgrid.trade.trade_id IS 'identifier';
COMMENT ON COLUMN smartgrid.trade.seller_id IS 'the producer that sells';
COMMENT ON COLUMN smartgrid.trade.buyer_id IS 'the consumer that may buy';
COMMENT ON COLUMN smartgrid.trade.amount IS 'energy units';
COMMENT ON COLUMN smartgrid.trade.price IS 'money units per kWh';
COMMENT ON COLUMN smartgrid.trade.cost IS 'money units for the whole amount';
COMMENT ON COLUMN smartgrid.trade.created_at IS 'when it was offered';
COMMENT ON COLUMN smartgrid.trade.closed_at IS 'when it was completed or cancelled; infinity while pending';
COMMENT ON COLUMN smartgrid.trade.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.trade.status IS '0 pending, 1 completed, 2 cancelled';

ALTER TABLE smartgrid.trade ENABLE ROW LEVEL SECURITY;
CREATE POLICY party_or_grid_reader ON smartgrid.trade FOR SELECT
    USING (seller_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR buyer_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
GRANT SELECT ON smartgrid.trade TO PUBLIC;

CREATE FUNCTION @extschema@.sg_create_trade(buyer text, amount bigint, price bigint) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_create_trade';
COMMENT ON FUNCTION @extschema@.sg_create_trade(text, bigint, bigint)
    IS 'the caller offers a buyer amount energy units at price money units per kWh; returns the trade''s id';

CREATE FUNCTION @extschema@.sg_complete_trade(trade_id bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_complete_trade';
COMMENT ON FUNCTION @extschema@.sg_complete_trade(bigint) IS 'the buyer accepts a pending trade and pays for it';

CREATE FUNCTION @extschema@.sg_cancel_trade(trade_id bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_cancel_trade';
COMMENT ON FUNCTION @extschema@.sg_cancel_trade(bigint) IS 'seller, buyer or operator cancels a pending trade; its energy goes back';

CREATE FUNCTION @extschema@.sg_get_trade_info(trade_id bigint,
    OUT seller text, OUT buyer text, OUT amount bigint, OUT price bigint, OUT cost bigint, OUT status text,
    OUT completed boolean, OUT created_at timestamptz, OUT completed_at timestamptz)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_trade_info';
COMMENT ON FUNCTION @extschema@.sg_get_trade_info(bigint)
    IS 'a trade of the current grid: amount in energy units, price in money units per kWh, cost in money units; NULL where there is none or it is hidden';

CREATE FUNCTION smartgrid.further_trades(skip integer) RETURNS SETOF smartgrid.trade
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000 SUPPORT smartgrid.further_rows_support AS 'MODULE_PATHNAME', 'sg_further_trades';
COMMENT ON FUNCTION smartgrid.further_trades(integer) IS 'trades of the calling principal but for those of its first so many participants';

-- How it reads: see 10_identity.sql. A trade has one party that is the caller's at most: trade_parties_check.
CREATE VIEW @extschema@.sg_trades WITH (security_invoker = true) AS
SELECT t.trade_id, g.name AS grid,
       smartgrid.shown_name(t.own, t.seller_id, s.principal) AS seller,
       smartgrid.shown_name(t.own, t.buyer_id, b.principal) AS buyer,
       t.amount, smartgrid.scaled(t.amount, g.energy_scale) AS amount_kwh,
       t.price, smartgrid.scaled(t.price, g.money_scale) AS price_currency,
       t.cost, smartgrid.scaled(t.cost, g.money_scale) AS cost_currency,
       g.currency,
       CASE t.status WHEN 0 THEN 'pending' WHEN 1 THEN 'completed' ELSE 'cancelled' END AS status,
       t.created_at,
       CASE WHEN t.status = 1 THEN t.closed_at END AS completed_at,
       CASE WHEN t.status = 2 THEN t.closed_at END AS cancelled_at
FROM (SELECT o.trade_id, o.seller_id, o.buyer_id, o.amount, o.price, o.cost, o.created_at, o.closed_at, o.grid_id, o.status,
             o.seller_id AS first_own, smartgrid.own_participant(2) AS second_own, true AS own,
             NULL::bigint AS seller_by_join, NULL::bigint AS buyer_by_join
      FROM smartgrid.trade AS o
      UNION ALL
      SELECT o.trade_id, o.seller_id, o.buyer_id, o.amount, o.price, o.cost, o.created_at, o.closed_at, o.grid_id, o.status,
             o.buyer_id, smartgrid.own_participant(2), true,
             NULL::bigint, NULL::bigint
      FROM smartgrid.trade AS o
      UNION ALL
      SELECT o.trade_id, o.seller_id, o.buyer_id, o.amount, o.price, o.cost, o.created_at, o.closed_at, o.grid_id, o.status,
             smartgrid.own_participant(1), o.seller_id, true,
             NULL::bigint, NULL::bigint
      FROM smartgrid.trade AS o
      UNION ALL
      SELECT o.trade_id, o.seller_id, o.buyer_id, o.amount, o.price, o.cost, o.created_at, o.closed_at, o.grid_id, o.status,
             smartgrid.own_participant(1), o.buyer_id, true,
             NULL::bigint, NULL::bigint
      FROM smartgrid.trade AS o
      UNION ALL
      SELECT o.trade_id, o.seller_id, o.buyer_id, o.amount, o.price, o.cost, o.created_at, o.closed_at, o.grid_id, o.status,
             smartgrid.own_participant(1), smartgrid.own_participant(2), true,
             NULL::bigint, NULL::bigint
      FROM smartgrid.further_trades(2) AS o
      UNION ALL
      SELECT o.trade_id, o.seller_id, o.buyer_id, o.amount, o.price, o.cost, o.created_at, o.closed_at, o.grid_id, o.status,
             smartgrid.own_participant(1), smartgrid.own_participant(2), false,
             o.seller_id, o.buyer_id
      FROM smartgrid.trade AS o) AS t
     LEFT JOIN smartgrid.grid AS g ON g.grid_id = t.grid_id
     LEFT JOIN smartgrid.participant AS s ON s.participant_id = t.seller_by_join
     LEFT JOIN smartgrid.participant AS b ON b.participant_id = t.buyer_by_join
WHERE t.first_own = smartgrid.own_participant(1)
      AND t.second_own = smartgrid.own_participant(2)
      AND ((t.own AND NOT coalesce(t.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]), false))
           OR (NOT t.own
               AND (SELECT smartgrid.readable_grids()) <> '{}'
               AND t.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
               AND smartgrid.whole_grid(t.trade_id)
               AND smartgrid.any_party(t.seller_id)
               AND smartgrid.any_party(t.buyer_id)));
GRANT SELECT ON @extschema@.sg_trades TO PUBLIC;
COMMENT ON VIEW @extschema@.sg_trades IS 'trades: those the caller sells or buys in, for operators and auditors all';
COMMENT ON COLUMN @extschema@.sg_trades.trade_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_trades.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_trades.seller IS 'name of the producer that sells';
COMMENT ON COLUMN @extschema@.sg_trades.buyer IS 'name of the consumer that may buy';
COMMENT ON COLUMN @extschema@.sg_trades.amount IS 'energy units';
COMMENT ON COLUMN @extschema@.sg_trades.amount_kwh IS 'kWh';
COMMENT ON COLUMN @extschema@.sg_trades.price IS 'money units per kWh';
COMMENT ON COLUMN @extschema@.sg_trades.price_currency IS 'currency per kWh';
COMMENT ON COLUMN @extschema@.sg_trades.cost IS 'cost of the whole amount, money units';
COMMENT ON COLUMN @extschema@.sg_trades.cost_currency IS 'cost of the whole amount, currency';
COMMENT ON COLUMN @extschema@.sg_trades.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_trades.status IS 'pending, completed or cancelled';
COMMENT ON COLUMN @extschema@.sg_trades.created_at IS 'when it was offered';
COMMENT ON COLUMN @extschema@.sg_trades.completed_at IS 'when it was completed; NULL where it was not';
COMMENT ON COLUMN @extschema@.sg_trades.cancelled_at IS 'when it was cancelled; NULL where it was not';

-- Money in and out.

CREATE FUNCTION @extschema@.sg_add_consumer_balance(target text, amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_add_consumer_balance';
COMMENT ON FUNCTION @extschema@.sg_add_consumer_balance(text, bigint)
    IS 'tops up a consumer''s balance by amount money units: the payment gateway''s entry point; REVOKE it from PUBLIC where payments are real';

CREATE FUNCTION @extschema@.sg_withdraw_earnings(amount bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_withdraw_earnings';
COMMENT ON FUNCTION @extschema@.sg_withdraw_earnings(bigint) IS 'the caller takes amount money units of its earnings out';

-- The operator: price, emergency mode and metrics.

CREATE FUNCTION @extschema@.sg_set_base_price(new_price bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_base_price';
COMMENT ON FUNCTION @extschema@.sg_set_base_price(bigint) IS 'sets the base price, money units per kWh (operator)';

CREATE FUNCTION @extschema@.sg_toggle_emergency_mode() RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_toggle_emergency_mode';
COMMENT ON FUNCTION @extschema@.sg_toggle_emergency_mode() IS 'turns emergency mode on or off and returns the new state (operator)';

CREATE SEQUENCE smartgrid.metrics_id_seq;

CREATE TABLE smartgrid.metrics (
    metrics_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.metrics_id_seq') PRIMARY KEY,
    production bigint NOT NULL CHECK (production >= 0),
    consumption bigint NOT NULL CHECK (consumption >= 0),
    peak_load bigint NOT NULL CHECK (peak_load >= 0),
    efficiency bigint NOT NULL CHECK (efficiency BETWEEN 0 AND 100),
    recorded_at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    period tstzrange
);
ALTER SEQUENCE smartgrid.metrics_id_seq OWNED BY smartgrid.metrics.metrics_id;
CREATE INDEX metrics_grid_idx ON smartgrid.metrics (grid_id, recorded_at);
COMMENT ON TABLE smartgrid.metrics IS 'the operator''s records of what the grid did';
COMMENT ON COLUMN smartgrid.metrics.metrics_id IS 'identifier';
COMMENT ON COLUMN smartgrid.metrics.production IS 'energy units produced';
COMMENT ON COLUMN smartgrid.metrics.consumption IS 'energy units consumed and traded';
COMMENT ON COLUMN smartgrid.metrics.peak_load IS 'highest grid load, energy units';
COMMENT ON COLUMN smartgrid.metrics.efficiency IS 'consumption / production, percent';
COMMENT ON COLUMN smartgrid.metrics.recorded_at IS 'when it was recorded';
COMMENT ON COLUMN smartgrid.metrics.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.metrics.period IS 'the period that the figures were derived from the ledger for; NULL where they were given';

ALTER TABLE smartgrid.metrics ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_readers ON smartgrid.metrics FOR SELECT
    USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
GRANT SELECT ON smartgrid.metrics TO PUBLIC;

CREATE FUNCTION @extschema@.sg_record_metrics(production bigint, consumption bigint, peak_load bigint, efficiency bigint) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_record_metrics';
COMMENT ON FUNCTION @extschema@.sg_record_metrics(bigint, bigint, bigint, bigint)
    IS 'records figures in energy units and efficiency in percent; returns the record''s id (operator)';

CREATE FUNCTION @extschema@.sg_record_metrics(period tstzrange) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_record_metrics_period';
COMMENT ON FUNCTION @extschema@.sg_record_metrics(tstzrange)
    IS 'records the figures of a period, derived from the ledger; returns the record''s id (operator)';

CREATE FUNCTION @extschema@.sg_get_metrics(metrics_id bigint,
    OUT production bigint, OUT consumption bigint, OUT peak_load bigint, OUT efficiency bigint,
    OUT recorded_at timestamptz, OUT period tstzrange)
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_get_metrics';
COMMENT ON FUNCTION @extschema@.sg_get_metrics(bigint)
    IS 'a metrics record of the current grid: energy units, efficiency in percent; NULL where there is none or it is hidden';

CREATE VIEW @extschema@.sg_metrics WITH (security_invoker = true) AS
SELECT m.metrics_id, g.name AS grid,
       m.production, smartgrid.scaled(m.production, g.energy_scale) AS production_kwh,
       m.consumption, smartgrid.scaled(m.consumption, g.energy_scale) AS consumption_kwh,
       m.peak_load, smartgrid.scaled(m.peak_load, g.energy_scale) AS peak_load_kwh,
       m.efficiency, m.recorded_at, m.period,
       pg_catalog.lower(m.period) AS period_start, pg_catalog.upper(m.period) AS period_end
FROM smartgrid.metrics AS m JOIN smartgrid.grid AS g ON g.grid_id = m.grid_id;
GRANT SELECT ON @extschema@.sg_metrics TO PUBLIC;
COMMENT ON VIEW @extschema@.sg_metrics IS 'the operator''s metrics records, for operators and auditors';
COMMENT ON COLUMN @extschema@.sg_metrics.metrics_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_metrics.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_metrics.production IS 'energy units produced';
COMMENT ON COLUMN @extschema@.sg_metrics.production_kwh IS 'kWh produced';
COMMENT ON COLUMN @extschema@.sg_metrics.consumption IS 'energy units consumed and traded';
COMMENT ON COLUMN @extschema@.sg_metrics.consumption_kwh IS 'kWh consumed and traded';
COMMENT ON COLUMN @extschema@.sg_metrics.peak_load IS 'highest grid load, energy units';
COMMENT ON COLUMN @extschema@.sg_metrics.peak_load_kwh IS 'highest grid load, kWh';
COMMENT ON COLUMN @extschema@.sg_metrics.efficiency IS 'consumption / production, percent';
COMMENT ON COLUMN @extschema@.sg_metrics.recorded_at IS 'when it was recorded';
COMMENT ON COLUMN @extschema@.sg_metrics.period IS 'the period that the figures were derived for; NULL where they were given';
COMMENT ON COLUMN @extschema@.sg_metrics.period_start IS 'lower bound of the period; NULL where the figures were given';
COMMENT ON COLUMN @extschema@.sg_metrics.period_end IS 'upper bound of the period; NULL where the figures were given';

-- The ledger: one row per effect, append-only.

CREATE SEQUENCE smartgrid.ledger_entry_id_seq;

CREATE TABLE smartgrid.ledger (
    entry_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.ledger_entry_id_seq') PRIMARY KEY,
    participant_id bigint NOT NULL,
    counterparty_id bigint NOT NULL CHECK (counterparty_id >= 0),
    energy bigint NOT NULL CHECK (energy >= 0),
    price bigint NOT NULL CHECK (price >= 0),
    money bigint NOT NULL CHECK (money >= 0),
    trade_id bigint NOT NULL CHECK (trade_id >= 0),
    at timestamptz NOT NULL,
    grid_id integer NOT NULL,
    kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 8)
);
ALTER SEQUENCE smartgrid.ledger_entry_id_seq OWNED BY smartgrid.ledger.entry_id;
CREATE INDEX ledger_participant_idx ON smartgrid.ledger (participant_id, entry_id);
CREATE INDEX ledger_counterparty_idx ON smartgrid.ledger (counterparty_id, entry_id) WHERE counterparty_id > 0;
CREATE INDEX ledger_at_idx ON smartgrid.ledger USING brin (at);
-- A range that is still being filled should not be summarized: each entry would change its summary. VACUUM summarizes
-- ranges that are full; only the first one is summarized from the start, which is undone here.
SELECT pg_catalog.brin_desummarize_range('smartgrid.ledger_at_idx', 0);
COMMENT ON TABLE smartgrid.ledger IS 'one row per effect, never changed: energy moves from one account to another and money the other way';
COMMENT ON COLUMN smartgrid.ledger.entry_id IS 'identifier, in the order of the calls of each participant';
COMMENT ON COLUMN smartgrid.ledger.participant_id IS 'whose entry it is; the seller for hold, trade and release';
COMMENT ON COLUMN smartgrid.ledger.counterparty_id IS 'the buyer for hold, trade and release; 0: none';
COMMENT ON COLUMN smartgrid.ledger.energy IS 'energy units';
COMMENT ON COLUMN smartgrid.ledger.price IS 'money units per kWh; 0: none';
COMMENT ON COLUMN smartgrid.ledger.money IS 'money units';
COMMENT ON COLUMN smartgrid.ledger.trade_id IS 'the trade; 0: none';
COMMENT ON COLUMN smartgrid.ledger.at IS 'when it happened';
COMMENT ON COLUMN smartgrid.ledger.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.ledger.kind IS 'code of the kind of entry, see smartgrid.entry_kind()';

ALTER TABLE smartgrid.ledger ENABLE ROW LEVEL SECURITY;
CREATE POLICY party_or_grid_reader ON smartgrid.ledger FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR counterparty_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
GRANT SELECT ON smartgrid.ledger TO PUBLIC;

CREATE FUNCTION smartgrid.entry_kind(kind smallint) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_entry_kind';
COMMENT ON FUNCTION smartgrid.entry_kind(smallint)
    IS 'name of a kind of ledger entry: production, consumption, charge, discharge, hold, trade, release, topup, withdrawal';

CREATE FUNCTION @extschema@.sg_last_entry(
    OUT entry_id bigint, OUT grid text, OUT at timestamptz, OUT kind text, OUT participant text, OUT counterparty text,
    OUT energy bigint, OUT price bigint, OUT money bigint, OUT trade_id bigint)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'sg_last_entry';
COMMENT ON FUNCTION @extschema@.sg_last_entry()
    IS 'the ledger entry that this session''s last call wrote: energy units, money units, money units per kWh; NULL where there is none or it is hidden';

CREATE FUNCTION smartgrid.further_entries(skip integer) RETURNS SETOF smartgrid.ledger
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 ROWS 1000 SUPPORT smartgrid.further_rows_support AS 'MODULE_PATHNAME', 'sg_further_entries';
COMMENT ON FUNCTION smartgrid.further_entries(integer) IS 'ledger entries of the calling principal but for those of its first so many participants';

-- How it reads: see 10_identity.sql. An entry has one party that is the caller's at most: nobody trades with itself.
CREATE VIEW @extschema@.sg_ledger WITH (security_invoker = true) AS
SELECT l.entry_id, g.name AS grid, l.at, smartgrid.entry_kind(l.kind) AS kind,
       smartgrid.shown_name(l.own, l.participant_id, p.principal) AS participant,
       smartgrid.shown_name(l.own, l.counterparty_id, c.principal) AS counterparty,
       l.energy, smartgrid.scaled(l.energy, g.energy_scale) AS energy_kwh,
       l.price, smartgrid.scaled(l.price, g.money_scale) AS price_currency,
       l.money, smartgrid.scaled(l.money, g.money_scale) AS money_currency,
       g.currency, NULLIF(l.trade_id, 0) AS trade_id
FROM (SELECT o.entry_id, o.participant_id, o.counterparty_id, o.grid_id, o.at, o.kind, o.energy, o.price, o.money, o.trade_id,
             o.participant_id AS first_own, smartgrid.own_participant(2) AS second_own, 1::bigint AS indexed, true AS own,
             NULL::bigint AS participant_by_join, NULL::bigint AS counterparty_by_join
      FROM smartgrid.ledger AS o
      UNION ALL
      SELECT o.entry_id, o.participant_id, o.counterparty_id, o.grid_id, o.at, o.kind, o.energy, o.price, o.money, o.trade_id,
             o.counterparty_id, smartgrid.own_participant(2), o.counterparty_id, true,
             NULL::bigint, NULL::bigint
      FROM smartgrid.ledger AS o
      UNION ALL
      SELECT o.entry_id, o.participant_id, o.counterparty_id, o.grid_id, o.at, o.kind, o.energy, o.price, o.money, o.trade_id,
             smartgrid.own_participant(1), o.participant_id, 1::bigint, true,
             NULL::bigint, NULL::bigint
      FROM smartgrid.ledger AS o
      UNION ALL
      SELECT o.entry_id, o.participant_id, o.counterparty_id, o.grid_id, o.at, o.kind, o.energy, o.price, o.money, o.trade_id,
             smartgrid.own_participant(1), o.counterparty_id, o.counterparty_id, true,
             NULL::bigint, NULL::bigint
      FROM smartgrid.ledger AS o
      UNION ALL
      SELECT o.entry_id, o.participant_id, o.counterparty_id, o.grid_id, o.at, o.kind, o.energy, o.price, o.money, o.trade_id,
             smartgrid.own_participant(1), smartgrid.own_participant(2), 1::bigint, true,
             NULL::bigint, NULL::bigint
      FROM smartgrid.further_entries(2) AS o
      UNION ALL
      SELECT o.entry_id, o.participant_id, o.counterparty_id, o.grid_id, o.at, o.kind, o.energy, o.price, o.money, o.trade_id,
             smartgrid.own_participant(1), smartgrid.own_participant(2), 1::bigint, false,
             o.participant_id, o.counterparty_id
      FROM smartgrid.ledger AS o) AS l
     LEFT JOIN smartgrid.grid AS g ON g.grid_id = l.grid_id
     LEFT JOIN smartgrid.participant AS p ON p.participant_id = l.participant_by_join
     LEFT JOIN smartgrid.participant AS c ON c.participant_id = l.counterparty_by_join
WHERE l.first_own = smartgrid.own_participant(1)
      AND l.second_own = smartgrid.own_participant(2)
      AND l.indexed > 0
      AND ((l.own AND NOT coalesce(l.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]), false))
           OR (NOT l.own
               AND (SELECT smartgrid.readable_grids()) <> '{}'
               AND l.grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[])
               AND smartgrid.whole_grid(l.entry_id)
               AND smartgrid.any_party(l.participant_id)));
GRANT SELECT ON @extschema@.sg_ledger TO PUBLIC;
COMMENT ON VIEW @extschema@.sg_ledger IS 'the ledger: entries that the caller is a party of, for operators and auditors all';
COMMENT ON COLUMN @extschema@.sg_ledger.entry_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_ledger.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_ledger.at IS 'when it happened';
COMMENT ON COLUMN @extschema@.sg_ledger.kind IS 'production, consumption, charge, discharge, hold, trade, release, topup or withdrawal';
COMMENT ON COLUMN @extschema@.sg_ledger.participant IS 'whose entry it is; the seller for hold, trade and release';
COMMENT ON COLUMN @extschema@.sg_ledger.counterparty IS 'the buyer for hold, trade and release; NULL for the other kinds';
COMMENT ON COLUMN @extschema@.sg_ledger.energy IS 'energy units that moved';
COMMENT ON COLUMN @extschema@.sg_ledger.energy_kwh IS 'kWh that moved';
COMMENT ON COLUMN @extschema@.sg_ledger.price IS 'price, money units per kWh; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger.price_currency IS 'price, currency per kWh; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger.money IS 'money units that moved';
COMMENT ON COLUMN @extschema@.sg_ledger.money_currency IS 'currency that moved';
COMMENT ON COLUMN @extschema@.sg_ledger.currency IS 'currency code, ISO 4217; XXX: none';
COMMENT ON COLUMN @extschema@.sg_ledger.trade_id IS 'the trade; NULL: none';

-- The invariants, and the sums over the ledger.
--
-- Kinds of entries by code: 0 production, 1 consumption, 2 charge, 3 discharge, 4 hold, 5 trade, 6 release, 7 topup,
-- 8 withdrawal (LedgerKind in src/ledger.h).

CREATE FUNCTION smartgrid.load_change(kind smallint, energy bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN kind IN (0, 3, 6) THEN energy WHEN kind IN (1, 2, 4) THEN -energy ELSE 0 END;
REVOKE ALL ON FUNCTION smartgrid.load_change(smallint, bigint) FROM PUBLIC;
COMMENT ON FUNCTION smartgrid.load_change(smallint, bigint) IS 'what a ledger entry changes in the grid load, energy units';

-- Walks back from the load of now, so that only entries since the start of the period are read.
CREATE FUNCTION smartgrid.period_metrics(grid_id integer, period tstzrange,
    OUT production bigint, OUT consumption bigint, OUT peak_load bigint, OUT efficiency bigint)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH first AS (
        SELECT min(l.entry_id) AS entry_id
        FROM smartgrid.ledger AS l
        WHERE l.grid_id = period_metrics.grid_id
              AND l.at >= lower(period) AND l.at <= upper(period) AND l.at <@ period
    ), walk AS (
        SELECT l.kind, l.energy, l.at <@ period AS inside,
               (SELECT coalesce(sum(p.load), 0) FROM smartgrid.pool AS p WHERE p.grid_id = period_metrics.grid_id)
               - coalesce(sum(smartgrid.load_change(l.kind, l.energy))
                          OVER (ORDER BY l.entry_id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS load
        FROM smartgrid.ledger AS l
        WHERE l.grid_id = period_metrics.grid_id AND l.entry_id >= (SELECT first.entry_id FROM first)
    ), sums AS (
        SELECT coalesce(sum(energy) FILTER (WHERE kind = 0), 0) AS production,
               coalesce(sum(energy) FILTER (WHERE kind IN (1, 5)), 0) AS consumption,
               coalesce(max(load), 0) AS peak_load
        FROM walk WHERE inside
    )
    SELECT sums.production::bigint, sums.consumption::bigint, sums.peak_load::bigint,
           CASE WHEN sums.production = 0 THEN 0
                ELSE least(div(100 * sums.consumption, sums.production), 100) END::bigint
    FROM sums;
END;
REVOKE ALL ON FUNCTION smartgrid.period_metrics(integer, tstzrange) FROM PUBLIC;
COMMENT ON FUNCTION smartgrid.period_metrics(integer, tstzrange)
    IS 'production, consumption and highest load of a grid in a period, energy units, and efficiency in percent, from the ledger';

-- What the ledger says that each account should hold.
CREATE FUNCTION smartgrid.ledger_balances(grids integer[],
    OUT participant_id bigint, OUT produced numeric, OUT unsold numeric, OUT earnings numeric,
    OUT consumed numeric, OUT balance numeric, OUT stored numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.participant_id,
           sum(CASE WHEN e.kind = 0 THEN e.energy ELSE 0 END),
           sum(CASE WHEN e.kind IN (0, 6) THEN e.energy WHEN e.kind = 4 THEN -e.energy ELSE 0 END),
           sum(CASE WHEN e.kind = 5 AND NOT e.as_buyer THEN e.money WHEN e.kind = 8 THEN -e.money ELSE 0 END),
           sum(CASE WHEN e.kind = 1 OR e.as_buyer THEN e.energy ELSE 0 END),
           sum(CASE WHEN e.kind = 7 THEN e.money WHEN e.kind = 1 OR e.as_buyer THEN -e.money ELSE 0 END),
           sum(CASE WHEN e.kind = 2 THEN e.energy WHEN e.kind = 3 THEN -e.energy ELSE 0 END)
    FROM (SELECT l.participant_id, l.kind, l.energy, l.money, false AS as_buyer
          FROM smartgrid.ledger AS l WHERE l.grid_id = ANY (grids)
          UNION ALL
          SELECT l.counterparty_id, l.kind, l.energy, l.money, true
          FROM smartgrid.ledger AS l WHERE l.grid_id = ANY (grids) AND l.kind = 5) AS e
    GROUP BY e.participant_id;
END;
REVOKE ALL ON FUNCTION smartgrid.ledger_balances(integer[]) FROM PUBLIC;
COMMENT ON FUNCTION smartgrid.ledger_balances(integer[])
    IS 'what the ledger says that each account holds: energy units, earnings and balance in money units';

CREATE FUNCTION smartgrid.invariants(grids integer[],
    OUT grid text, OUT invariant text, OUT left_side numeric, OUT right_side numeric, OUT ok boolean) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH ledger AS (
        SELECT l.grid_id, l.kind, sum(l.energy) AS energy, sum(l.money) AS money
        FROM smartgrid.ledger AS l WHERE l.grid_id = ANY (grids) GROUP BY l.grid_id, l.kind
    ), pool AS (
        SELECT p.grid_id, sum(p.load) AS load, sum(p.capacity) AS capacity, sum(p.revenue) AS revenue
        FROM smartgrid.pool AS p WHERE p.grid_id = ANY (grids) GROUP BY p.grid_id
    ), producer AS (
        SELECT p.grid_id, sum(p.capacity) FILTER (WHERE p.active) AS capacity, sum(p.earnings) AS earnings,
               count(*) FILTER (WHERE b.participant_id IS NULL AND (p.total_produced, p.unsold, p.earnings) <> (0, 0, 0)
                                OR (p.total_produced, p.unsold, p.earnings) <> (b.produced, b.unsold, b.earnings)) AS differing
        FROM smartgrid.producer AS p
             LEFT JOIN smartgrid.ledger_balances(grids) AS b ON b.participant_id = p.participant_id
        WHERE p.grid_id = ANY (grids) GROUP BY p.grid_id
    ), consumer AS (
        SELECT c.grid_id, sum(c.balance) AS balance,
               count(*) FILTER (WHERE b.participant_id IS NULL AND (c.total_consumed, c.balance) <> (0, 0)
                                OR (c.total_consumed, c.balance) <> (b.consumed, b.balance)) AS differing
        FROM smartgrid.consumer AS c
             LEFT JOIN smartgrid.ledger_balances(grids) AS b ON b.participant_id = c.participant_id
        WHERE c.grid_id = ANY (grids) GROUP BY c.grid_id
    ), storage AS (
        SELECT s.grid_id, sum(s.stored_amount) AS stored,
               count(*) FILTER (WHERE s.stored_amount <> coalesce(b.stored, 0)) AS differing
        FROM smartgrid.storage AS s
             LEFT JOIN smartgrid.ledger_balances(grids) AS b ON b.participant_id = s.participant_id
        WHERE s.grid_id = ANY (grids) GROUP BY s.grid_id
    ), trade AS (
        SELECT t.grid_id, sum(t.amount) FILTER (WHERE t.status = 0) AS held,
               sum(t.cost) FILTER (WHERE t.status = 1) AS paid
        FROM smartgrid.trade AS t WHERE t.grid_id = ANY (grids) GROUP BY t.grid_id
    ), dangling AS (
        SELECT r.grid_id, count(*) AS rows
        FROM (SELECT p.grid_id, p.participant_id FROM smartgrid.producer AS p
              UNION ALL SELECT c.grid_id, c.participant_id FROM smartgrid.consumer AS c
              UNION ALL SELECT s.grid_id, s.participant_id FROM smartgrid.storage AS s
              UNION ALL SELECT l.grid_id, l.participant_id FROM smartgrid.ledger AS l
              UNION ALL SELECT l.grid_id, l.counterparty_id FROM smartgrid.ledger AS l WHERE l.counterparty_id > 0) AS r
             LEFT JOIN smartgrid.participant AS n ON n.participant_id = r.participant_id AND n.grid_id = r.grid_id
        WHERE r.grid_id = ANY (grids) AND n.participant_id IS NULL GROUP BY r.grid_id
    ), dangling_trade AS (
        SELECT t.grid_id, count(*) AS rows
        FROM smartgrid.trade AS t
             LEFT JOIN smartgrid.producer AS s ON s.participant_id = t.seller_id AND s.grid_id = t.grid_id
             LEFT JOIN smartgrid.consumer AS b ON b.participant_id = t.buyer_id AND b.grid_id = t.grid_id
        WHERE t.grid_id = ANY (grids) AND (s.participant_id IS NULL OR b.participant_id IS NULL) GROUP BY t.grid_id
    ), sums AS (
        SELECT g.grid_id, g.name,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 0), 0) AS reported,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 1), 0) AS consumed,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 2), 0) AS charged,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 3), 0) AS discharged,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 4), 0) AS offered,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 5), 0) AS traded,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 6), 0) AS released,
               coalesce(max(l.money) FILTER (WHERE l.kind = 1), 0) AS paid_to_grid,
               coalesce(max(l.money) FILTER (WHERE l.kind = 5), 0) AS paid_to_sellers,
               coalesce(max(l.money) FILTER (WHERE l.kind = 7), 0) AS topups,
               coalesce(max(l.money) FILTER (WHERE l.kind = 8), 0) AS withdrawals
        FROM smartgrid.grid AS g LEFT JOIN ledger AS l ON l.grid_id = g.grid_id
        WHERE g.grid_id = ANY (grids) GROUP BY g.grid_id, g.name
    )
    SELECT s.name, i.invariant, i.left_side, i.right_side, i.left_side = i.right_side
    FROM sums AS s
         LEFT JOIN pool USING (grid_id)
         LEFT JOIN producer USING (grid_id)
         LEFT JOIN consumer USING (grid_id)
         LEFT JOIN storage USING (grid_id)
         LEFT JOIN trade USING (grid_id)
         LEFT JOIN dangling USING (grid_id)
         LEFT JOIN dangling_trade USING (grid_id)
         CROSS JOIN LATERAL (VALUES
            (1, 'money: top-ups = balances + earnings + withdrawals + revenue',
             s.topups, coalesce(consumer.balance, 0) + coalesce(producer.earnings, 0) + s.withdrawals + coalesce(pool.revenue, 0)),
            (2, 'energy: reported + discharged = consumed + charged + traded + held + load',
             s.reported + s.discharged, s.consumed + s.charged + s.traded + coalesce(trade.held, 0) + coalesce(pool.load, 0)),
            (3, 'grid capacity = capacities of active producers',
             coalesce(pool.capacity, 0), coalesce(producer.capacity, 0)),
            (4, 'grid revenue = paid for consumption',
             coalesce(pool.revenue, 0), s.paid_to_grid),
            (5, 'held by pending trades = offered - traded - released',
             coalesce(trade.held, 0), s.offered - s.traded - s.released),
            (6, 'cost of completed trades = paid to sellers',
             coalesce(trade.paid, 0), s.paid_to_sellers),
            (7, 'stored = charged - discharged',
             coalesce(storage.stored, 0), s.charged - s.discharged),
            (8, 'producers that differ from the ledger = 0', coalesce(producer.differing, 0), 0),
            (9, 'consumers that differ from the ledger = 0', coalesce(consumer.differing, 0), 0),
            (10, 'storage facilities that differ from the ledger = 0', coalesce(storage.differing, 0), 0),
            (11, 'rows without their participant = 0', coalesce(dangling.rows, 0), 0),
            (12, 'trades without their producer or consumer = 0', coalesce(dangling_trade.rows, 0), 0),
            (13, 'operator roles that do not exist = 0',
             (SELECT count(*) FROM smartgrid.grid AS g
              WHERE g.grid_id = s.grid_id AND NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.oid = g.operator_role)), 0)
         ) AS i (place, invariant, left_side, right_side)
    ORDER BY s.name COLLATE "C", i.place;
END;
REVOKE ALL ON FUNCTION smartgrid.invariants(integer[]) FROM PUBLIC;
COMMENT ON FUNCTION smartgrid.invariants(integer[])
    IS 'the invariants of grids with both sides: energy units, money units, or numbers of rows';

CREATE FUNCTION @extschema@.sg_check(OUT grid text, OUT invariant text, OUT left_side numeric, OUT right_side numeric, OUT ok boolean)
    RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL UNSAFE COST 100000 ROWS 20 AS 'MODULE_PATHNAME', 'sg_check';
COMMENT ON FUNCTION @extschema@.sg_check()
    IS 'every invariant of every grid that the caller may read in full, with both sides (energy units, money units or numbers of rows) and whether they agree';

-- Last: what pg_dump has to carry (every table, and every sequence, or ids would be issued again after a restore), and who may call.

DO $dump$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'smartgrid'::regnamespace AND relkind IN ('r', 'S')
        ORDER BY relname
    LOOP
        PERFORM pg_extension_config_dump(relation, '');
    END LOOP;
END
$dump$;

-- No rights by default: what the database's default privileges have handed out goes, whoever it went to.
DO $rights$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        WITH members (classid, objid) AS (
            SELECT d.classid, d.objid
            FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
            WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'smartgrid'
        ), grants (kind, object, owner, acl) AS (
            SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass::text, c.relowner, c.relacl
            FROM members AS m JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
            WHERE c.relkind IN ('r', 'v', 'S')
            UNION ALL
            SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner, p.proacl
            FROM members AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
            UNION ALL
            SELECT 'SCHEMA', quote_ident(n.nspname), n.nspowner, n.nspacl
            FROM members AS m JOIN pg_namespace AS n ON m.classid = 'pg_namespace'::regclass AND n.oid = m.objid
        )
        SELECT g.kind, g.object, a.privilege_type,
               CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM grants AS g CROSS JOIN LATERAL aclexplode(g.acl) AS a
        WHERE a.grantee <> g.owner
              AND NOT (g.kind <> 'SEQUENCE' AND a.grantee = 0 AND a.privilege_type IN ('SELECT', 'EXECUTE', 'USAGE'))
    LOOP
        EXECUTE format('REVOKE %s ON %s %s FROM %s', granted.privilege_type, granted.kind, granted.object, granted.grantee);
    END LOOP;
END
$rights$;

-- Functions may be called by everyone, whatever the default privileges say: each checks its caller itself.
GRANT EXECUTE ON FUNCTION
    @extschema@.sg_principal(), @extschema@.sg_grid(),
    smartgrid.own_participants(), smartgrid.readable_grids(), smartgrid.party_name(bigint), smartgrid.grid_state(integer),
    smartgrid.own_participant(integer), smartgrid.first_readable_key(),
    smartgrid.whole_grid(bigint), smartgrid.any_party(bigint), smartgrid.readable_parties(text[]), smartgrid.shown_name(boolean, bigint, text),
    smartgrid.further_entries(integer), smartgrid.further_trades(integer),
    smartgrid.scaled(bigint, integer), smartgrid.energy_type_name(smallint), smartgrid.entry_kind(smallint), smartgrid.producer_directory(),
    @extschema@.sg_create_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer),
    @extschema@.sg_alter_grid(text, text, bigint, integer, integer, text, numeric, numeric, bigint, integer),
    @extschema@.sg_get_grid_status(), @extschema@.sg_get_dynamic_price(), @extschema@.sg_quote(bigint),
    @extschema@.sg_register_producer(bigint, text), @extschema@.sg_register_consumer(bigint), @extschema@.sg_register_storage(bigint, bigint, bigint),
    @extschema@.sg_update_producer_reputation(text, integer), @extschema@.sg_deactivate_participant(text, boolean),
    @extschema@.sg_reactivate_participant(text, boolean), @extschema@.sg_rename_participant(text, text),
    @extschema@.sg_get_producer_info(text), @extschema@.sg_get_consumer_info(text), @extschema@.sg_get_storage_info(text),
    @extschema@.sg_report_production(bigint), @extschema@.sg_consume_energy(bigint, bigint),
    @extschema@.sg_charge_storage(bigint), @extschema@.sg_discharge_storage(bigint), @extschema@.sg_balance_load(),
    @extschema@.sg_post_readings(text[], text[], bigint[], timestamptz[]), @extschema@.sg_post_readings(regclass),
    @extschema@.sg_create_trade(text, bigint, bigint), @extschema@.sg_complete_trade(bigint), @extschema@.sg_cancel_trade(bigint),
    @extschema@.sg_get_trade_info(bigint),
    @extschema@.sg_add_consumer_balance(text, bigint), @extschema@.sg_withdraw_earnings(bigint),
    @extschema@.sg_set_base_price(bigint), @extschema@.sg_toggle_emergency_mode(),
    @extschema@.sg_record_metrics(bigint, bigint, bigint, bigint), @extschema@.sg_record_metrics(tstzrange), @extschema@.sg_get_metrics(bigint),
    @extschema@.sg_last_entry(), @extschema@.sg_check()
TO PUBLIC;
