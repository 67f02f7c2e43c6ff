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

-- What 0.2.0 adds, run after the parts of 0.1.0 by CREATE EXTENSION, and by itself by ALTER EXTENSION UPDATE.

SET LOCAL search_path TO pg_catalog, pg_temp;

-- As on installation: a function or relation of one of our names, planted beforehand, could be called instead of ours.
DO $guard$
DECLARE
    others text;
BEGIN
    SELECT string_agg(planted.object, ', ' ORDER BY planted.object) INTO others
    FROM (SELECT 'pg_proc'::regclass, oid, oid::regprocedure::text FROM pg_proc
          WHERE pronamespace = '@extschema@'::regnamespace AND proname LIKE 'sg\_%'
          UNION ALL
          SELECT 'pg_class'::regclass, oid, oid::regclass::text FROM pg_class
          WHERE relnamespace = '@extschema@'::regnamespace AND relname LIKE 'sg\_%') AS planted (classid, objid, object)
    WHERE NOT EXISTS (SELECT FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
                      WHERE d.classid = planted.classid AND d.objid = planted.objid AND d.objsubid = 0
                            AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'smartgrid');
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" has objects with names that smartgrid reserves', '@extschema@'
            USING ERRCODE = 'duplicate_object',
                  DETAIL = format('Found: %s.', others),
                  HINT = 'Rename or drop what begins with sg_, then try again.';
    END IF;
END
$guard$;

-- Blocks: sealed parts of the ledger (doc/evidence.md).

CREATE TABLE smartgrid.block (
    grid_id integer NOT NULL,
    height bigint NOT NULL CHECK (height >= 0),
    sealed_at timestamptz NOT NULL,
    first_entry bigint NOT NULL,
    last_entry bigint NOT NULL,
    entries integer NOT NULL CHECK (entries BETWEEN 1 AND 65536),
    root bytea NOT NULL CHECK (pg_catalog.octet_length(root) = 32),
    load numeric(38) NOT NULL,
    held numeric(38) NOT NULL,
    balances numeric(38) NOT NULL,
    earnings numeric(38) NOT NULL,
    revenue numeric(38) NOT NULL,
    stored numeric(38) NOT NULL,
    produced numeric(38) NOT NULL,
    consumed numeric(38) NOT NULL,
    charged numeric(38) NOT NULL,
    discharged numeric(38) NOT NULL,
    traded numeric(38) NOT NULL,
    topups numeric(38) NOT NULL,
    withdrawals numeric(38) NOT NULL,
    previous bytea NOT NULL CHECK (pg_catalog.octet_length(previous) = 32),
    history bytea NOT NULL CHECK (pg_catalog.octet_length(history) = 32),
    name text COLLATE "C" NOT NULL,
    hash bytea NOT NULL CHECK (pg_catalog.octet_length(hash) = 32),
    PRIMARY KEY (grid_id, height),
    CONSTRAINT block_range_check CHECK (first_entry <= last_entry AND last_entry - first_entry >= entries - 1),
    CONSTRAINT block_totals_check CHECK ('NaN' NOT IN (load, held, balances, earnings, revenue, stored, produced, consumed,
                                                       charged, discharged, traded, topups, withdrawals))
);
CREATE INDEX block_entry_idx ON smartgrid.block (grid_id, last_entry);
COMMENT ON TABLE smartgrid.block IS 'sealed parts of the ledger of each grid, each chained to the one before';
COMMENT ON COLUMN smartgrid.block.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.block.height IS 'number of the block in its grid, from 0, without gaps';
COMMENT ON COLUMN smartgrid.block.sealed_at IS 'when it was sealed';
COMMENT ON COLUMN smartgrid.block.first_entry IS 'its first ledger entry';
COMMENT ON COLUMN smartgrid.block.last_entry IS 'its last ledger entry';
COMMENT ON COLUMN smartgrid.block.entries IS 'number of its entries, at most 65536';
COMMENT ON COLUMN smartgrid.block.root IS 'RFC 6962 tree hash over the lines of its entries, 32 bytes';
COMMENT ON COLUMN smartgrid.block.load IS 'grid load after it, energy units';
COMMENT ON COLUMN smartgrid.block.held IS 'held by pending trades after it, energy units';
COMMENT ON COLUMN smartgrid.block.balances IS 'balances of all consumers after it, money units';
COMMENT ON COLUMN smartgrid.block.earnings IS 'earnings of all producers after it, money units';
COMMENT ON COLUMN smartgrid.block.revenue IS 'revenue of the grid up to it, money units';
COMMENT ON COLUMN smartgrid.block.stored IS 'in storage after it, energy units';
COMMENT ON COLUMN smartgrid.block.produced IS 'produced up to it, energy units';
COMMENT ON COLUMN smartgrid.block.consumed IS 'consumed up to it, without trades, energy units';
COMMENT ON COLUMN smartgrid.block.charged IS 'charged up to it, energy units';
COMMENT ON COLUMN smartgrid.block.discharged IS 'discharged up to it, energy units';
COMMENT ON COLUMN smartgrid.block.traded IS 'sold by trades up to it, energy units';
COMMENT ON COLUMN smartgrid.block.topups IS 'topped up up to it, money units';
COMMENT ON COLUMN smartgrid.block.withdrawals IS 'withdrawn up to it, money units';
COMMENT ON COLUMN smartgrid.block.previous IS 'hash of the block before, 32 bytes; zeros for the first';
COMMENT ON COLUMN smartgrid.block.history IS 'RFC 6962 tree hash over the hashes of all blocks before, 32 bytes';
COMMENT ON COLUMN smartgrid.block.name IS 'name of the grid when it was sealed';
COMMENT ON COLUMN smartgrid.block.hash IS 'SHA-256 of the block''s line, 32 bytes';

-- Beside the block, because not hashed: what the library needs to go on, and to say which entry differs.
CREATE TABLE smartgrid.block_detail (
    grid_id integer NOT NULL,
    height bigint NOT NULL CHECK (height >= 0),
    peaks bytea NOT NULL,
    fingerprints bytea NOT NULL,
    PRIMARY KEY (grid_id, height)
);
ALTER TABLE smartgrid.block_detail ALTER COLUMN fingerprints SET STORAGE EXTERNAL;
COMMENT ON TABLE smartgrid.block_detail IS 'beside each block: where its tree of blocks stands, and what tells which entry differs';
COMMENT ON COLUMN smartgrid.block_detail.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.block_detail.height IS 'the block';
COMMENT ON COLUMN smartgrid.block_detail.peaks IS 'roots of the perfect subtrees of the tree over all blocks before, 32 bytes each';
COMMENT ON COLUMN smartgrid.block_detail.fingerprints IS 'for each entry 12 bytes: entry_id - first_entry (4 bytes, big-endian), and the first 8 bytes of its leaf hash';

-- Empty but while transactions hold sealing back (src/boundary.c).
CREATE TABLE smartgrid.seal_point (
    grid_id integer NOT NULL,
    next_xid bigint NOT NULL,
    last_entry bigint NOT NULL,
    PRIMARY KEY (grid_id, next_xid)
);
COMMENT ON TABLE smartgrid.seal_point IS 'moments of sealing that open transactions held back, to go on from later';
COMMENT ON COLUMN smartgrid.seal_point.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.seal_point.next_xid IS 'transactions with this full xid or a later one write later entries';
COMMENT ON COLUMN smartgrid.seal_point.last_entry IS 'than this';

ALTER TABLE smartgrid.block ENABLE ROW LEVEL SECURITY;
ALTER TABLE smartgrid.block_detail ENABLE ROW LEVEL SECURITY;
ALTER TABLE smartgrid.seal_point ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.block FOR SELECT USING (true);

SELECT pg_extension_config_dump('smartgrid.block', '');
SELECT pg_extension_config_dump('smartgrid.block_detail', '');
SELECT pg_extension_config_dump('smartgrid.seal_point', '');

CREATE FUNCTION @extschema@.sg_seal(grid text DEFAULT NULL)
    RETURNS TABLE (height bigint, hash text, entries bigint, first_entry bigint, last_entry bigint)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100000 ROWS 1 AS 'MODULE_PATHNAME', 'sg_seal';
COMMENT ON FUNCTION @extschema@.sg_seal(text)
    IS 'seals the entries of a grid (NULL: the current one) since the last block; one row for each new block: height, hash (hexadecimal), number of entries, their first and last id (operator)';

CREATE FUNCTION smartgrid.unix_microseconds(at timestamptz) RETURNS numeric
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_unix_microseconds';
COMMENT ON FUNCTION smartgrid.unix_microseconds(timestamptz) IS 'a time in microseconds since 1970-01-01 00:00:00 UTC, exactly';

CREATE VIEW @extschema@.sg_blocks WITH (security_invoker = true) AS
SELECT g.name AS grid, b.height, b.sealed_at, b.first_entry, b.last_entry, b.entries,
       pg_catalog.encode(b.root, 'hex') AS root,
       b.load, b.held, b.balances, b.earnings, b.revenue, b.stored,
       b.produced, b.consumed, b.charged, b.discharged, b.traded, b.topups, b.withdrawals,
       pg_catalog.encode(b.previous, 'hex') AS previous, pg_catalog.encode(b.history, 'hex') AS history,
       pg_catalog.encode(b.hash, 'hex') AS hash,
       pg_catalog.concat_ws(',', 'smartgrid-block-1', b.grid_id, b.height,
                            smartgrid.unix_microseconds(b.sealed_at),
                            b.first_entry, b.last_entry, b.entries, pg_catalog.encode(b.root, 'hex'),
                            b.load, b.held, b.balances, b.earnings, b.revenue, b.stored,
                            b.produced, b.consumed, b.charged, b.discharged, b.traded, b.topups, b.withdrawals,
                            pg_catalog.encode(b.previous, 'hex'), pg_catalog.encode(b.history, 'hex'), b.name) AS line
FROM smartgrid.block AS b LEFT JOIN smartgrid.grid AS g ON g.grid_id = b.grid_id;
COMMENT ON VIEW @extschema@.sg_blocks IS 'the blocks that the ledger is sealed in, public';
COMMENT ON COLUMN @extschema@.sg_blocks.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_blocks.height IS 'number of the block in its grid, from 0 (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_blocks.sealed_at IS 'when it was sealed';
COMMENT ON COLUMN @extschema@.sg_blocks.first_entry IS 'id of its first entry';
COMMENT ON COLUMN @extschema@.sg_blocks.last_entry IS 'id of its last entry';
COMMENT ON COLUMN @extschema@.sg_blocks.entries IS 'number of its entries';
COMMENT ON COLUMN @extschema@.sg_blocks.root IS 'RFC 6962 tree hash over the lines of its entries, hexadecimal';
COMMENT ON COLUMN @extschema@.sg_blocks.load IS 'grid load after it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.held IS 'held by pending trades after it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.balances IS 'balances of all consumers after it, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.earnings IS 'earnings of all producers after it, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.revenue IS 'revenue of the grid up to it, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.stored IS 'in storage after it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.produced IS 'produced up to it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.consumed IS 'consumed up to it, without trades, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.charged IS 'charged up to it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.discharged IS 'discharged up to it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.traded IS 'sold by trades up to it, energy units';
COMMENT ON COLUMN @extschema@.sg_blocks.topups IS 'topped up up to it, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.withdrawals IS 'withdrawn up to it, money units';
COMMENT ON COLUMN @extschema@.sg_blocks.previous IS 'hash of the block before, hexadecimal; zeros for the first';
COMMENT ON COLUMN @extschema@.sg_blocks.history IS 'RFC 6962 tree hash over the hashes of all blocks before, hexadecimal';
COMMENT ON COLUMN @extschema@.sg_blocks.hash IS 'SHA-256 of line in UTF-8, hexadecimal: what to keep a copy of';
COMMENT ON COLUMN @extschema@.sg_blocks.line IS 'the block''s line, which is hashed';

CREATE VIEW @extschema@.sg_ledger_lines WITH (security_invoker = true) AS
SELECT l.entry_id, smartgrid.unix_microseconds(l.at) AS at, l.grid_id,
       COALESCE(smartgrid.entry_kind(l.kind), l.kind::text) AS kind,
       l.participant_id, l.counterparty_id, l.energy, l.price, l.money, l.trade_id
FROM smartgrid.ledger AS l;
COMMENT ON VIEW @extschema@.sg_ledger_lines IS 'the ledger in the form that is sealed: each row, as a line of CSV, is what is hashed';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.entry_id IS 'identifier (key)';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.at IS 'when it happened, microseconds since 1970-01-01 00:00:00 UTC';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.grid_id IS 'identifier of the grid';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.kind IS 'production, consumption, charge, discharge, hold, trade, release, topup or withdrawal';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.participant_id IS 'whose entry it is; the seller for hold, trade and release';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.counterparty_id IS 'the buyer for hold, trade and release; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.energy IS 'energy units that moved';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.price IS 'price, money units per kWh; 0: none';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.money IS 'money units that moved';
COMMENT ON COLUMN @extschema@.sg_ledger_lines.trade_id IS 'the trade; 0: none';

-- Proofs, and the trees that they are made of.

CREATE FUNCTION smartgrid.merkle_leaf(data bytea) RETURNS bytea
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_leaf';
COMMENT ON FUNCTION smartgrid.merkle_leaf(bytea) IS 'RFC 6962 leaf hash of data, 32 bytes';
CREATE FUNCTION smartgrid.merkle_root(leaves bytea[]) RETURNS bytea
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_root';
COMMENT ON FUNCTION smartgrid.merkle_root(bytea[]) IS 'RFC 6962 tree hash over the data of leaves, 32 bytes';
CREATE FUNCTION smartgrid.merkle_path(leaves bytea[], place integer) RETURNS bytea[]
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_path';
COMMENT ON FUNCTION smartgrid.merkle_path(bytea[], integer) IS 'RFC 6962 audit path of a leaf, counted from 0, in the tree over the data of leaves';
CREATE FUNCTION smartgrid.merkle_consistency(leaves bytea[], from_size integer, to_size integer) RETURNS bytea[]
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_consistency';
COMMENT ON FUNCTION smartgrid.merkle_consistency(bytea[], integer, integer)
    IS 'RFC 6962 consistency proof between the trees over the first from_size and to_size leaves';
CREATE FUNCTION smartgrid.merkle_check_path(leaf bytea, place bigint, size bigint, path bytea[], root bytea) RETURNS boolean
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_check_path';
COMMENT ON FUNCTION smartgrid.merkle_check_path(bytea, bigint, bigint, bytea[], bytea)
    IS 'whether an audit path leads from a leaf hash at a place, counted from 0, to the hash of a tree of this size (RFC 9162 section 2.1.3.2)';
CREATE FUNCTION smartgrid.merkle_check_consistency(from_size bigint, to_size bigint, proof bytea[], from_root bytea, to_root bytea) RETURNS boolean
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_merkle_check_consistency';
COMMENT ON FUNCTION smartgrid.merkle_check_consistency(bigint, bigint, bytea[], bytea, bytea)
    IS 'whether a proof shows that the smaller of two trees begins the larger (RFC 9162 section 2.1.4.2)';

CREATE FUNCTION @extschema@.sg_prove_entry(entry_id bigint) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_prove_entry';
COMMENT ON FUNCTION @extschema@.sg_prove_entry(bigint)
    IS 'the proof that a ledger entry is in the block that seals it; NULL where there is no such entry, it is hidden or not yet sealed';
CREATE FUNCTION @extschema@.sg_prove_blocks(from_height bigint, to_height bigint, grid text DEFAULT NULL) RETURNS jsonb
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_prove_blocks';
COMMENT ON FUNCTION @extschema@.sg_prove_blocks(bigint, bigint, text)
    IS 'the proof that the history of a block of a grid (NULL: the current one) extends that of an earlier block; NULL where there is no such block';
CREATE FUNCTION @extschema@.sg_verify_proof(proof jsonb, hash text, earlier_hash text DEFAULT NULL) RETURNS boolean
    LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_verify_proof';
COMMENT ON FUNCTION @extschema@.sg_verify_proof(jsonb, text, text)
    IS 'whether a proof holds for a published block hash (of the entry''s block, or of the later block), and for an earlier one where it is between blocks; reads no table';

-- Verification of a whole ledger.

CREATE FUNCTION @extschema@.sg_verify_ledger(
    grid text DEFAULT NULL, from_height bigint DEFAULT 0, published_height bigint DEFAULT NULL, published_hash text DEFAULT NULL)
    RETURNS TABLE (height bigint, entries bigint, ok boolean, problem text, entry_id bigint, detail text)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 1000000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_verify_ledger';
COMMENT ON FUNCTION @extschema@.sg_verify_ledger(text, bigint, bigint, text)
    IS 'recomputes the blocks of a grid (NULL: the current one) from a height on, and the accounts; one row for each block with the first thing that differs, then one (height NULL) for what is not yet sealed and the accounts (operator, auditor)';

-- Statements of account.
--
-- Kinds of entries by code: 0 production, 1 consumption, 2 charge, 3 discharge, 4 hold, 5 trade, 6 release, 7 topup,
-- 8 withdrawal (LedgerKind in src/ledger.h).

CREATE FUNCTION smartgrid.statement(grid_id integer, participant_id bigint, period tstzrange,
    OUT part text, OUT at timestamptz, OUT entry_id bigint, OUT kind text, OUT counterparty text, OUT trade_id bigint,
    OUT energy bigint, OUT price bigint, OUT money bigint,
    OUT balance bigint, OUT earnings bigint, OUT unsold bigint, OUT stored bigint, OUT consumed bigint,
    OUT height bigint, OUT hash text) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- Two branches, so that each finds its entries by index.
    WITH own AS (
        SELECT l.entry_id, l.at, l.kind, l.energy, l.price, l.money, l.trade_id, l.counterparty_id AS other_id, false AS as_buyer
        FROM smartgrid.ledger AS l
        WHERE l.participant_id = statement.participant_id AND l.grid_id = statement.grid_id
        UNION ALL
        SELECT l.entry_id, l.at, l.kind, l.energy, l.price, l.money, l.trade_id, l.participant_id, true
        FROM smartgrid.ledger AS l
        WHERE l.counterparty_id = statement.participant_id AND l.counterparty_id > 0 AND l.grid_id = statement.grid_id
    ), effect AS (
        SELECT o.*,
               CASE WHEN o.as_buyer THEN CASE o.kind WHEN 5 THEN -o.energy ELSE 0 END
                    WHEN o.kind IN (0, 3, 6) THEN o.energy
                    WHEN o.kind IN (1, 2, 4) THEN -o.energy
                    ELSE 0 END AS energy_effect,
               CASE WHEN o.as_buyer THEN CASE o.kind WHEN 5 THEN -o.money ELSE 0 END
                    WHEN o.kind IN (5, 7) THEN o.money
                    WHEN o.kind IN (1, 8) THEN -o.money
                    ELSE 0 END AS money_effect,
               CASE WHEN o.kind = 7 THEN o.money WHEN o.kind = 1 OR o.kind = 5 AND o.as_buyer THEN -o.money ELSE 0 END AS balance_change,
               CASE WHEN o.as_buyer THEN 0 WHEN o.kind = 5 THEN o.money WHEN o.kind = 8 THEN -o.money ELSE 0 END AS earnings_change,
               CASE WHEN o.as_buyer THEN 0 WHEN o.kind IN (0, 6) THEN o.energy WHEN o.kind = 4 THEN -o.energy ELSE 0 END AS unsold_change,
               CASE WHEN o.kind = 2 THEN o.energy WHEN o.kind = 3 THEN -o.energy ELSE 0 END AS stored_change,
               CASE WHEN o.kind = 1 OR o.kind = 5 AND o.as_buyer THEN o.energy ELSE 0 END AS consumed_change
        FROM own AS o
    ), opening AS (
        SELECT COALESCE(sum(e.balance_change), 0) AS balance, COALESCE(sum(e.earnings_change), 0) AS earnings,
               COALESCE(sum(e.unsold_change), 0) AS unsold, COALESCE(sum(e.stored_change), 0) AS stored,
               COALESCE(sum(e.consumed_change), 0) AS consumed
        FROM effect AS e
        WHERE e.at <= lower(statement.period) AND NOT e.at <@ statement.period
    ), running AS (
        SELECT e.*,
               o.balance + sum(e.balance_change) OVER w AS balance, o.earnings + sum(e.earnings_change) OVER w AS earnings,
               o.unsold + sum(e.unsold_change) OVER w AS unsold, o.stored + sum(e.stored_change) OVER w AS stored,
               o.consumed + sum(e.consumed_change) OVER w AS consumed
        FROM effect AS e CROSS JOIN opening AS o
        WHERE e.at <@ statement.period
        WINDOW w AS (ORDER BY e.entry_id)
    ), last AS (
        SELECT r.* FROM running AS r ORDER BY r.entry_id DESC LIMIT 1
    )
    SELECT s.part, s.at, s.entry_id, s.kind, s.counterparty, s.trade_id, s.energy, s.price, s.money,
           s.balance::bigint, s.earnings::bigint, s.unsold::bigint, s.stored::bigint, s.consumed::bigint, s.height, s.hash
    FROM (SELECT 1 AS place, 'opening' AS part, NULLIF(lower(statement.period), '-infinity') AS at, NULL::bigint AS entry_id,
                 NULL::text AS kind, NULL::text AS counterparty, NULL::bigint AS trade_id,
                 NULL::bigint AS energy, NULL::bigint AS price, NULL::bigint AS money,
                 o.balance, o.earnings, o.unsold, o.stored, o.consumed, NULL::bigint AS height, NULL::text AS hash
          FROM opening AS o
          UNION ALL
          SELECT 2, 'entry', r.at, r.entry_id, smartgrid.entry_kind(r.kind), p.principal, NULLIF(r.trade_id, 0),
                 r.energy_effect, r.price, r.money_effect, r.balance, r.earnings, r.unsold, r.stored, r.consumed,
                 b.height, encode(b.hash, 'hex')
          FROM running AS r
               LEFT JOIN smartgrid.participant AS p ON p.participant_id = r.other_id
               LEFT JOIN LATERAL (SELECT k.height, k.hash FROM smartgrid.block AS k
                                  WHERE k.grid_id = statement.grid_id AND k.last_entry >= r.entry_id
                                  ORDER BY k.last_entry LIMIT 1) AS b ON true
          UNION ALL
          SELECT 3, 'closing', NULLIF(upper(statement.period), 'infinity'), NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                 COALESCE(l.balance, o.balance), COALESCE(l.earnings, o.earnings), COALESCE(l.unsold, o.unsold),
                 COALESCE(l.stored, o.stored), COALESCE(l.consumed, o.consumed), b.height, encode(b.hash, 'hex')
          FROM opening AS o
               LEFT JOIN last AS l ON true
               LEFT JOIN LATERAL (SELECT k.height, k.hash FROM smartgrid.block AS k
                                  WHERE k.grid_id = statement.grid_id ORDER BY k.height DESC LIMIT 1) AS b ON true) AS s
    ORDER BY s.place, s.entry_id;
END;
COMMENT ON FUNCTION smartgrid.statement(integer, bigint, tstzrange)
    IS 'a participant''s statement of account for a period: energy units, price in money units per kWh, money units';

CREATE FUNCTION @extschema@.sg_statement(principal text, period tstzrange)
    RETURNS TABLE (part text, at timestamptz, entry_id bigint, kind text, counterparty text, trade_id bigint,
                   energy bigint, price bigint, money bigint,
                   balance bigint, earnings bigint, unsold bigint, stored bigint, consumed bigint,
                   height bigint, hash text)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_statement';
COMMENT ON FUNCTION @extschema@.sg_statement(text, tstzrange)
    IS 'a statement of account: opening, every entry of the period with its effect (energy units, money units) and what was held after it, closing; height and hash of the block that seals each; no row where the participant does not exist or is hidden';

-- Last: who may read and call what 0.2.0 added.

-- No rights by default: what the database's default privileges have handed out goes, whoever it went to.
DO $rights$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        WITH added (kind, object, owner, acl) AS (
            SELECT 'TABLE', c.oid::regclass::text, c.relowner, c.relacl
            FROM pg_class AS c
            WHERE c.oid IN ('smartgrid.block'::regclass, 'smartgrid.block_detail'::regclass, 'smartgrid.seal_point'::regclass,
                            '@extschema@.sg_blocks'::regclass, '@extschema@.sg_ledger_lines'::regclass)
            UNION ALL
            SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner, COALESCE(p.proacl, acldefault('f', p.proowner))
            FROM pg_proc AS p
            WHERE p.pronamespace = 'smartgrid'::regnamespace AND (p.proname LIKE 'merkle\_%' OR p.proname IN ('statement', 'unix_microseconds'))
                  OR p.pronamespace = '@extschema@'::regnamespace
                     AND p.proname IN ('sg_seal', 'sg_prove_entry', 'sg_prove_blocks', 'sg_verify_proof', 'sg_verify_ledger', 'sg_statement')
        )
        SELECT a.kind, a.object, x.privilege_type,
               CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee
        FROM added AS a CROSS JOIN LATERAL aclexplode(a.acl) AS x
        WHERE x.grantee <> a.owner
    LOOP
        EXECUTE format('REVOKE %s ON %s %s FROM %s', granted.privilege_type, granted.kind, granted.object, granted.grantee);
    END LOOP;
END
$rights$;

GRANT SELECT ON smartgrid.block, @extschema@.sg_blocks, @extschema@.sg_ledger_lines TO PUBLIC;
-- Each checks its caller itself.
GRANT EXECUTE ON FUNCTION
    smartgrid.unix_microseconds(timestamptz),
    @extschema@.sg_seal(text),
    @extschema@.sg_prove_entry(bigint), @extschema@.sg_prove_blocks(bigint, bigint, text), @extschema@.sg_verify_proof(jsonb, text, text),
    @extschema@.sg_verify_ledger(text, bigint, bigint, text), @extschema@.sg_statement(text, tstzrange)
TO PUBLIC;

-- What 0.3.0 adds, run after the parts of the versions before by CREATE EXTENSION, and by itself by ALTER EXTENSION UPDATE.

SET LOCAL search_path TO pg_catalog, pg_temp;

-- As on installation: a function or relation of one of our names, planted beforehand, could be called instead of ours.
DO $guard$
DECLARE
    others text;
BEGIN
    SELECT string_agg(planted.object, ', ' ORDER BY planted.object) INTO others
    FROM (SELECT 'pg_proc'::regclass, oid, oid::regprocedure::text FROM pg_proc
          WHERE pronamespace = '@extschema@'::regnamespace AND proname LIKE 'sg\_%'
          UNION ALL
          SELECT 'pg_class'::regclass, oid, oid::regclass::text FROM pg_class
          WHERE relnamespace = '@extschema@'::regnamespace AND relname LIKE 'sg\_%') AS planted (classid, objid, object)
    WHERE NOT EXISTS (SELECT FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
                      WHERE d.classid = planted.classid AND d.objid = planted.objid AND d.objsubid = 0
                            AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'smartgrid');
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" has objects with names that smartgrid reserves', '@extschema@'
            USING ERRCODE = 'duplicate_object',
                  DETAIL = format('Found: %s.', others),
                  HINT = 'Rename or drop what begins with sg_, then try again.';
    END IF;
END
$guard$;

-- What a ledger entry does is said once, in src/effect.c: sg_check() and statements of account take it from there.

CREATE FUNCTION smartgrid.entry_effects(OUT kind integer, OUT as_counterparty boolean, OUT energy integer, OUT money integer,
    OUT balance integer, OUT earnings integer, OUT unsold integer, OUT stored integer, OUT consumed integer) RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL SAFE ROWS 18 AS 'MODULE_PATHNAME', 'sg_entry_effects';
COMMENT ON FUNCTION smartgrid.entry_effects()
    IS 'what an entry of each kind does to its participant or counterparty with its energy or money: 1 adds it, -1 takes it, 0 neither; energy and money are what a statement of account shows';

DROP FUNCTION smartgrid.invariants(integer[]);
DROP FUNCTION smartgrid.ledger_balances(integer[]);

CREATE OR REPLACE FUNCTION smartgrid.statement(grid_id integer, participant_id bigint, period tstzrange,
    OUT part text, OUT at timestamptz, OUT entry_id bigint, OUT kind text, OUT counterparty text, OUT trade_id bigint,
    OUT energy bigint, OUT price bigint, OUT money bigint,
    OUT balance bigint, OUT earnings bigint, OUT unsold bigint, OUT stored bigint, OUT consumed bigint,
    OUT height bigint, OUT hash text) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- Two branches, so that each finds its entries by index.
    WITH own AS (
        SELECT l.entry_id, l.at, l.kind, l.energy, l.price, l.money, l.trade_id, l.counterparty_id AS other_id, false AS as_counterparty
        FROM smartgrid.ledger AS l
        WHERE l.participant_id = statement.participant_id AND l.grid_id = statement.grid_id
        UNION ALL
        SELECT l.entry_id, l.at, l.kind, l.energy, l.price, l.money, l.trade_id, l.participant_id, true
        FROM smartgrid.ledger AS l
        WHERE l.counterparty_id = statement.participant_id AND l.counterparty_id > 0 AND l.grid_id = statement.grid_id
    ), effect AS (
        SELECT o.*,
               o.energy * COALESCE(k.energy, 0) AS energy_effect, o.money * COALESCE(k.money, 0) AS money_effect,
               o.money * COALESCE(k.balance, 0) AS balance_change, o.money * COALESCE(k.earnings, 0) AS earnings_change,
               o.energy * COALESCE(k.unsold, 0) AS unsold_change, o.energy * COALESCE(k.stored, 0) AS stored_change,
               o.energy * COALESCE(k.consumed, 0) AS consumed_change
        FROM own AS o LEFT JOIN smartgrid.entry_effects() AS k ON k.kind = o.kind AND k.as_counterparty = o.as_counterparty
    ), opening AS (
        SELECT COALESCE(sum(e.balance_change), 0) AS balance, COALESCE(sum(e.earnings_change), 0) AS earnings,
               COALESCE(sum(e.unsold_change), 0) AS unsold, COALESCE(sum(e.stored_change), 0) AS stored,
               COALESCE(sum(e.consumed_change), 0) AS consumed
        FROM effect AS e
        WHERE e.at <= lower(statement.period) AND NOT e.at <@ statement.period
    ), running AS (
        SELECT e.*,
               o.balance + sum(e.balance_change) OVER w AS balance, o.earnings + sum(e.earnings_change) OVER w AS earnings,
               o.unsold + sum(e.unsold_change) OVER w AS unsold, o.stored + sum(e.stored_change) OVER w AS stored,
               o.consumed + sum(e.consumed_change) OVER w AS consumed
        FROM effect AS e CROSS JOIN opening AS o
        WHERE e.at <@ statement.period
        WINDOW w AS (ORDER BY e.entry_id)
    ), last AS (
        SELECT r.* FROM running AS r ORDER BY r.entry_id DESC LIMIT 1
    )
    SELECT s.part, s.at, s.entry_id, s.kind, s.counterparty, s.trade_id, s.energy, s.price, s.money,
           s.balance::bigint, s.earnings::bigint, s.unsold::bigint, s.stored::bigint, s.consumed::bigint, s.height, s.hash
    FROM (SELECT 1 AS place, 'opening' AS part, NULLIF(lower(statement.period), '-infinity') AS at, NULL::bigint AS entry_id,
                 NULL::text AS kind, NULL::text AS counterparty, NULL::bigint AS trade_id,
                 NULL::bigint AS energy, NULL::bigint AS price, NULL::bigint AS money,
                 o.balance, o.earnings, o.unsold, o.stored, o.consumed, NULL::bigint AS height, NULL::text AS hash
          FROM opening AS o
          UNION ALL
          SELECT 2, 'entry', r.at, r.entry_id, smartgrid.entry_kind(r.kind), p.principal, NULLIF(r.trade_id, 0),
                 r.energy_effect, r.price, r.money_effect, r.balance, r.earnings, r.unsold, r.stored, r.consumed,
                 b.height, encode(b.hash, 'hex')
          FROM running AS r
               LEFT JOIN smartgrid.participant AS p ON p.participant_id = r.other_id
               LEFT JOIN LATERAL (SELECT k.height, k.hash FROM smartgrid.block AS k
                                  WHERE k.grid_id = statement.grid_id AND k.last_entry >= r.entry_id
                                  ORDER BY k.last_entry LIMIT 1) AS b ON true
          UNION ALL
          SELECT 3, 'closing', NULLIF(upper(statement.period), 'infinity'), NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                 COALESCE(l.balance, o.balance), COALESCE(l.earnings, o.earnings), COALESCE(l.unsold, o.unsold),
                 COALESCE(l.stored, o.stored), COALESCE(l.consumed, o.consumed), b.height, encode(b.hash, 'hex')
          FROM opening AS o
               LEFT JOIN last AS l ON true
               LEFT JOIN LATERAL (SELECT k.height, k.hash FROM smartgrid.block AS k
                                  WHERE k.grid_id = statement.grid_id ORDER BY k.height DESC LIMIT 1) AS b ON true) AS s
    ORDER BY s.place, s.entry_id;
END;

-- Energy types: which are renewable, and how much CO2 a kWh stands for.

-- What a grid has instead of the defaults.
CREATE TABLE smartgrid.energy_type_factor (
    grid_id integer NOT NULL,
    energy_type smallint NOT NULL CHECK (energy_type BETWEEN 0 AND 6),
    renewable boolean NOT NULL,
    co2_g_per_kwh numeric NOT NULL CHECK (co2_g_per_kwh >= 0 AND co2_g_per_kwh < 'Infinity'),
    source text NOT NULL CHECK (source <> ''),
    PRIMARY KEY (grid_id, energy_type)
);
COMMENT ON TABLE smartgrid.energy_type_factor IS 'what an energy type stands for in a grid that has other figures than the defaults';
COMMENT ON COLUMN smartgrid.energy_type_factor.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.energy_type_factor.energy_type IS 'code of the energy type, see smartgrid.energy_type_name()';
COMMENT ON COLUMN smartgrid.energy_type_factor.renewable IS 'whether it is renewable';
COMMENT ON COLUMN smartgrid.energy_type_factor.co2_g_per_kwh IS 'greenhouse gases, g CO2-equivalent per kWh';
COMMENT ON COLUMN smartgrid.energy_type_factor.source IS 'where the figures are from';

ALTER TABLE smartgrid.energy_type_factor ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.energy_type_factor FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.energy_type_factor IS 'what a grid counts with is public';
SELECT pg_extension_config_dump('smartgrid.energy_type_factor', '');

-- Medians of the life-cycle emissions in IPCC AR5, Working Group III, Annex III (2014), Table A.III.2: rooftop solar PV,
-- onshore wind, hydropower, nuclear, geothermal, dedicated biomass, combined cycle gas.
CREATE FUNCTION smartgrid.default_energy_types(OUT energy_type smallint, OUT renewable boolean, OUT co2_g_per_kwh numeric, OUT source text)
    RETURNS SETOF record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 7
BEGIN ATOMIC
    SELECT d.energy_type::smallint, d.renewable, d.co2::numeric, 'IPCC AR5 WG III Annex III (2014), Table A.III.2, life-cycle median: ' || d.technology
    FROM (VALUES (0, true, 41, 'solar PV, rooftop'),
                 (1, true, 11, 'wind, onshore'),
                 (2, true, 24, 'hydropower'),
                 (3, false, 12, 'nuclear'),
                 (4, true, 38, 'geothermal'),
                 (5, true, 230, 'biomass, dedicated'),
                 (6, false, 490, 'gas, combined cycle')) AS d (energy_type, renewable, co2, technology);
END;
COMMENT ON FUNCTION smartgrid.default_energy_types() IS 'what energy types stand for where a grid has no figures of its own: g CO2-equivalent per kWh';

CREATE FUNCTION smartgrid.set_energy_type(grid_id integer, energy_type smallint, renewable boolean, co2_g_per_kwh numeric, source text) RETURNS void
    LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
    INSERT INTO smartgrid.energy_type_factor AS f (grid_id, energy_type, renewable, co2_g_per_kwh, source)
    SELECT set_energy_type.grid_id, d.energy_type,
           COALESCE(set_energy_type.renewable, o.renewable, d.renewable),
           COALESCE(set_energy_type.co2_g_per_kwh, o.co2_g_per_kwh, d.co2_g_per_kwh),
           CASE WHEN set_energy_type.source IS NOT NULL THEN set_energy_type.source
                WHEN COALESCE(set_energy_type.co2_g_per_kwh, o.co2_g_per_kwh, d.co2_g_per_kwh) = d.co2_g_per_kwh THEN d.source
                WHEN set_energy_type.co2_g_per_kwh <> COALESCE(o.co2_g_per_kwh, d.co2_g_per_kwh) THEN 'operator'
                ELSE COALESCE(o.source, d.source) END
    FROM smartgrid.default_energy_types() AS d
         LEFT JOIN smartgrid.energy_type_factor AS o ON o.grid_id = set_energy_type.grid_id AND o.energy_type = d.energy_type
    WHERE d.energy_type = set_energy_type.energy_type
    ON CONFLICT ON CONSTRAINT energy_type_factor_pkey
        DO UPDATE SET renewable = EXCLUDED.renewable, co2_g_per_kwh = EXCLUDED.co2_g_per_kwh, source = EXCLUDED.source;
    DELETE FROM smartgrid.energy_type_factor AS f
    USING smartgrid.default_energy_types() AS d
    WHERE f.grid_id = set_energy_type.grid_id AND f.energy_type = set_energy_type.energy_type AND d.energy_type = f.energy_type
          AND (f.renewable, f.co2_g_per_kwh, f.source) = (d.renewable, d.co2_g_per_kwh, d.source);
END;
COMMENT ON FUNCTION smartgrid.set_energy_type(integer, smallint, boolean, numeric, text)
    IS 'sets what an energy type stands for in a grid, NULL keeps; a changed figure without a source is the operator''s; what equals the default is no row';

CREATE FUNCTION smartgrid.energy_types(grid_id integer,
    OUT energy_type smallint, OUT renewable boolean, OUT co2_g_per_kwh numeric, OUT source text, OUT is_default boolean) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 7
BEGIN ATOMIC
    SELECT d.energy_type, COALESCE(f.renewable, d.renewable), COALESCE(f.co2_g_per_kwh, d.co2_g_per_kwh),
           COALESCE(f.source, d.source), f.grid_id IS NULL
    FROM smartgrid.default_energy_types() AS d
         LEFT JOIN smartgrid.energy_type_factor AS f ON f.grid_id = energy_types.grid_id AND f.energy_type = d.energy_type
    ORDER BY d.energy_type;
END;
COMMENT ON FUNCTION smartgrid.energy_types(integer) IS 'what energy types stand for in a grid: g CO2-equivalent per kWh';

CREATE FUNCTION @extschema@.sg_set_energy_type(
    energy_type text, renewable boolean DEFAULT NULL, co2_g_per_kwh numeric DEFAULT NULL, source text DEFAULT NULL) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_energy_type';
COMMENT ON FUNCTION @extschema@.sg_set_energy_type(text, boolean, numeric, text)
    IS 'sets whether an energy type is renewable in the current grid and its g CO2-equivalent per kWh, with the source of the figures; NULL keeps (operator)';

CREATE VIEW @extschema@.sg_energy_types WITH (security_invoker = true) AS
SELECT g.name AS grid, smartgrid.energy_type_name(t.energy_type) AS energy_type, t.renewable, t.co2_g_per_kwh, t.source, t.is_default
FROM smartgrid.grid AS g CROSS JOIN LATERAL smartgrid.energy_types(g.grid_id) AS t;
COMMENT ON VIEW @extschema@.sg_energy_types IS 'what energy types stand for in each grid';
COMMENT ON COLUMN @extschema@.sg_energy_types.grid IS 'name of the grid';
COMMENT ON COLUMN @extschema@.sg_energy_types.energy_type IS 'solar, wind, hydro, nuclear, geothermal, biomass or natural-gas (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_energy_types.renewable IS 'whether it is renewable';
COMMENT ON COLUMN @extschema@.sg_energy_types.co2_g_per_kwh IS 'greenhouse gases, g CO2-equivalent per kWh';
COMMENT ON COLUMN @extschema@.sg_energy_types.source IS 'where the figures are from';
COMMENT ON COLUMN @extschema@.sg_energy_types.is_default IS 'whether the grid has the default figures';

-- The time zone of a grid: when its days and months begin. A table of its own, for the library of 0.2.0 knows the columns
-- of smartgrid.grid.

CREATE TABLE smartgrid.grid_zone (
    grid_id integer NOT NULL PRIMARY KEY,
    time_zone text NOT NULL CHECK (time_zone <> '')
);
COMMENT ON TABLE smartgrid.grid_zone IS 'time zones of the grids that have another than UTC';
COMMENT ON COLUMN smartgrid.grid_zone.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.grid_zone.time_zone IS 'name of the time zone, as in pg_timezone_names';

ALTER TABLE smartgrid.grid_zone ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON smartgrid.grid_zone FOR SELECT USING (true);
COMMENT ON POLICY everyone ON smartgrid.grid_zone IS 'time zones of grids are public';
SELECT pg_extension_config_dump('smartgrid.grid_zone', '');

CREATE FUNCTION @extschema@.sg_set_time_zone(time_zone text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_time_zone';
COMMENT ON FUNCTION @extschema@.sg_set_time_zone(text)
    IS 'sets the time zone whose days and months the figures of the current grid are summed by, as Europe/Berlin (operator)';
CREATE FUNCTION @extschema@.sg_time_zone() RETURNS text
    LANGUAGE c STABLE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'sg_time_zone';
COMMENT ON FUNCTION @extschema@.sg_time_zone() IS 'the time zone of the current grid; UTC where none was set';

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

-- Time series.

CREATE FUNCTION smartgrid.scaled_sum(units numeric, scale integer) RETURNS numeric
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_scaled_sum';
COMMENT ON FUNCTION smartgrid.scaled_sum(numeric, integer) IS 'units / 10^scale, exactly: sums of energy units in kWh, of money units in currency';

CREATE FUNCTION @extschema@.sg_load_curve(
    grid text DEFAULT NULL, period tstzrange DEFAULT NULL, bucket interval DEFAULT '15 minutes', time_zone text DEFAULT NULL)
    RETURNS TABLE (bucket_start timestamptz, bucket_end timestamptz,
                   produced numeric, solar numeric, wind numeric, hydro numeric, nuclear numeric, geothermal numeric, biomass numeric, natural_gas numeric,
                   consumed numeric, charged numeric, discharged numeric, traded numeric,
                   price_avg numeric, price_low bigint, price_high bigint, revenue numeric, load numeric, utilization numeric)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_load_curve';
COMMENT ON FUNCTION @extschema@.sg_load_curve(text, tstzrange, interval, text)
    IS 'a grid''s time series (NULL: the current one; the last 24 hours; its time zone): for each bucket energy units by what became of them, prices of consumption in money units per kWh, revenue in money units, load in energy units and utilization in percent at its end; for those who do not read the grid in full what they were a party of, without load';

CREATE FUNCTION smartgrid.load_after(grid_id integer, quarter_start timestamptz) RETURNS numeric
    LANGUAGE c STABLE STRICT PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'sg_load_after';
COMMENT ON FUNCTION smartgrid.load_after(integer, timestamptz)
    IS 'grid load at the end of a quarter-hour, energy units; NULL for those who do not read the grid in full';
CREATE FUNCTION smartgrid.utilization_after(grid_id integer, quarter_start timestamptz) RETURNS numeric
    LANGUAGE c STABLE STRICT PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'sg_utilization_after';
COMMENT ON FUNCTION smartgrid.utilization_after(integer, timestamptz)
    IS 'load / capacity at the end of a quarter-hour, percent; NULL for those who do not read the grid in full';

CREATE FUNCTION smartgrid.open_sums(OUT grid_id integer, OUT quarter_start timestamptz,
    OUT produced numeric, OUT solar numeric, OUT wind numeric, OUT hydro numeric, OUT nuclear numeric, OUT geothermal numeric, OUT biomass numeric,
    OUT natural_gas numeric, OUT consumed numeric, OUT charged numeric, OUT discharged numeric, OUT traded numeric,
    OUT consumed_value numeric, OUT revenue numeric, OUT price_low bigint, OUT price_high bigint) RETURNS SETOF record
    LANGUAGE c STABLE PARALLEL UNSAFE COST 1000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_open_sums';
COMMENT ON FUNCTION smartgrid.open_sums()
    IS 'sums by grid and quarter-hour over the entries that the caller may see and that are in no smartgrid.rollup that it may read';

/*
 * Rollups, and what is in none yet, for those who read the grid; for anybody
 * else the entries that it is a party of. A condition on grid and bucket_start
 * is applied to the rollups by index; load and utilization are functions, so
 * that it can be.
 */
CREATE VIEW @extschema@.sg_load_curve WITH (security_invoker = true) AS
SELECT g.name AS grid, c.bucket_start,
       CASE WHEN c.bucket_start < '294276-12-31 23:45:00+00' THEN c.bucket_start + '15 minutes'::interval ELSE 'infinity' END AS bucket_end,
       c.produced, smartgrid.scaled_sum(c.produced, g.energy_scale) AS produced_kwh,
       c.solar, smartgrid.scaled_sum(c.solar, g.energy_scale) AS solar_kwh,
       c.wind, smartgrid.scaled_sum(c.wind, g.energy_scale) AS wind_kwh,
       c.hydro, smartgrid.scaled_sum(c.hydro, g.energy_scale) AS hydro_kwh,
       c.nuclear, smartgrid.scaled_sum(c.nuclear, g.energy_scale) AS nuclear_kwh,
       c.geothermal, smartgrid.scaled_sum(c.geothermal, g.energy_scale) AS geothermal_kwh,
       c.biomass, smartgrid.scaled_sum(c.biomass, g.energy_scale) AS biomass_kwh,
       c.natural_gas, smartgrid.scaled_sum(c.natural_gas, g.energy_scale) AS natural_gas_kwh,
       c.consumed, smartgrid.scaled_sum(c.consumed, g.energy_scale) AS consumed_kwh,
       c.charged, smartgrid.scaled_sum(c.charged, g.energy_scale) AS charged_kwh,
       c.discharged, smartgrid.scaled_sum(c.discharged, g.energy_scale) AS discharged_kwh,
       c.traded, smartgrid.scaled_sum(c.traded, g.energy_scale) AS traded_kwh,
       a.price_avg, smartgrid.scaled_sum(a.price_avg, g.money_scale) AS price_avg_currency,
       c.price_low, smartgrid.scaled(c.price_low, g.money_scale) AS price_low_currency,
       c.price_high, smartgrid.scaled(c.price_high, g.money_scale) AS price_high_currency,
       c.revenue, smartgrid.scaled_sum(c.revenue, g.money_scale) AS revenue_currency,
       smartgrid.load_after(c.grid_id, c.bucket_start) AS load,
       smartgrid.scaled_sum(smartgrid.load_after(c.grid_id, c.bucket_start), g.energy_scale) AS load_kwh,
       smartgrid.utilization_after(c.grid_id, c.bucket_start) AS utilization,
       g.currency
FROM (SELECT q.grid_id, q.quarter_start AS bucket_start,
             sum(q.produced) AS produced,
             sum(q.solar) AS solar,
             sum(q.wind) AS wind,
             sum(q.hydro) AS hydro,
             sum(q.nuclear) AS nuclear,
             sum(q.geothermal) AS geothermal,
             sum(q.biomass) AS biomass,
             sum(q.natural_gas) AS natural_gas,
             sum(q.consumed) AS consumed,
             sum(q.charged) AS charged,
             sum(q.discharged) AS discharged,
             sum(q.traded) AS traded,
             sum(q.consumed_value) AS consumed_value, min(q.price_low) AS price_low, max(q.price_high) AS price_high, sum(q.revenue) AS revenue
      FROM (SELECT r.grid_id, r.quarter_start, r.produced, r.solar, r.wind, r.hydro, r.nuclear, r.geothermal, r.biomass, r.natural_gas,
                   r.consumed, r.charged, r.discharged, r.traded, r.consumed_value, r.price_low, r.price_high, r.revenue
            FROM smartgrid.rollup AS r
            WHERE r.entries > r.payments
            UNION ALL
            SELECT o.grid_id, o.quarter_start, o.produced, o.solar, o.wind, o.hydro, o.nuclear, o.geothermal, o.biomass, o.natural_gas,
                   o.consumed, o.charged, o.discharged, o.traded, o.consumed_value, o.price_low, o.price_high, o.revenue
            FROM smartgrid.open_sums() AS o) AS q
      GROUP BY q.grid_id, q.quarter_start) AS c
     JOIN smartgrid.grid AS g ON g.grid_id = c.grid_id
     CROSS JOIN LATERAL (SELECT round(c.consumed_value / NULLIF(c.consumed, 0), 4) AS price_avg) AS a;
COMMENT ON VIEW @extschema@.sg_load_curve
    IS 'time series: a row for each grid and quarter-hour in which energy moved; for operators and auditors of the whole grid, for anybody else of what it was a party of';
COMMENT ON COLUMN @extschema@.sg_load_curve.grid IS 'name of the grid (key, with bucket_start)';
COMMENT ON COLUMN @extschema@.sg_load_curve.bucket_start IS 'when the quarter-hour begins';
COMMENT ON COLUMN @extschema@.sg_load_curve.bucket_end IS 'when it ends, and the next begins';
COMMENT ON COLUMN @extschema@.sg_load_curve.produced IS 'produced, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.produced_kwh IS 'produced, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.solar IS 'produced by solar, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.solar_kwh IS 'produced by solar, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.wind IS 'produced by wind, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.wind_kwh IS 'produced by wind, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.hydro IS 'produced by hydro, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.hydro_kwh IS 'produced by hydro, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.nuclear IS 'produced by nuclear, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.nuclear_kwh IS 'produced by nuclear, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.geothermal IS 'produced by geothermal, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.geothermal_kwh IS 'produced by geothermal, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.biomass IS 'produced by biomass, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.biomass_kwh IS 'produced by biomass, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.natural_gas IS 'produced by natural-gas, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.natural_gas_kwh IS 'produced by natural-gas, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.consumed IS 'consumed, without trades, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.consumed_kwh IS 'consumed, without trades, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.charged IS 'charged into storage, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.charged_kwh IS 'charged into storage, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.discharged IS 'discharged from storage, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.discharged_kwh IS 'discharged from storage, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.traded IS 'delivered by completed trades, energy units';
COMMENT ON COLUMN @extschema@.sg_load_curve.traded_kwh IS 'delivered by completed trades, kWh';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_avg IS 'average price of consumption, weighted by energy, rounded to 4 decimals, money units per kWh; NULL: none was consumed';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_avg_currency IS 'average price of consumption, weighted by energy, rounded to 4 decimals, currency per kWh; NULL: none was consumed';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_low IS 'lowest price of consumption, money units per kWh; NULL: none was consumed';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_low_currency IS 'lowest price of consumption, currency per kWh; NULL: none was consumed';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_high IS 'highest price of consumption, money units per kWh; NULL: none was consumed';
COMMENT ON COLUMN @extschema@.sg_load_curve.price_high_currency IS 'highest price of consumption, currency per kWh; NULL: none was consumed';
COMMENT ON COLUMN @extschema@.sg_load_curve.revenue IS 'paid to the grid for consumption, money units';
COMMENT ON COLUMN @extschema@.sg_load_curve.revenue_currency IS 'paid to the grid for consumption, currency';
COMMENT ON COLUMN @extschema@.sg_load_curve.load IS 'grid load at the end of the quarter-hour, energy units; NULL for those who do not read the grid in full';
COMMENT ON COLUMN @extschema@.sg_load_curve.load_kwh IS 'grid load at the end of the quarter-hour, kWh; NULL for those who do not read the grid in full';
COMMENT ON COLUMN @extschema@.sg_load_curve.utilization IS 'load / capacity at the end of the quarter-hour, percent; NULL for those who do not read the grid in full';
COMMENT ON COLUMN @extschema@.sg_load_curve.currency IS 'currency code, ISO 4217; XXX: none';

-- Key figures.
--
-- sums: of the period's entries, in the order of the columns of smartgrid.rollup from entries to withdrawals.

CREATE FUNCTION smartgrid.kpis(grid_id integer, own_participant bigint, microseconds numeric, sums numeric[], price_low bigint, price_high bigint,
    matched numeric, peak_load numeric, peak_load_at timestamptz, peak_demand numeric, peak_demand_at timestamptz,
    OUT kpi text, OUT value numeric, OUT unit text, OUT at timestamptz, OUT definition text) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 19
BEGIN ATOMIC
    WITH figure AS (
        SELECT g.energy_scale AS es, g.money_scale AS ms, g.currency,
               smartgrid.scaled_sum(sums[3], g.energy_scale) AS produced, smartgrid.scaled_sum(sums[11], g.energy_scale) AS consumed,
               smartgrid.scaled_sum(sums[12], g.energy_scale) AS charged, smartgrid.scaled_sum(sums[13], g.energy_scale) AS discharged,
               smartgrid.scaled_sum(sums[15], g.energy_scale) AS traded, smartgrid.scaled_sum(sums[16], g.energy_scale) AS released,
               smartgrid.scaled_sum(sums[11] + sums[15], g.energy_scale) AS demand,
               smartgrid.scaled_sum(kpis.matched, g.energy_scale) AS matched,
               smartgrid.scaled_sum(kpis.peak_load, g.energy_scale) AS peak_load,
               smartgrid.scaled_sum(kpis.peak_demand, g.energy_scale) * 4 AS peak_demand,
               smartgrid.scaled_sum(sums[11] + sums[15], g.energy_scale) * 3600000000 / microseconds AS average_demand,
               greatest(3, g.energy_scale) AS power_decimals,
               (SELECT sum(smartgrid.scaled_sum(sums[4 + t.energy_type], g.energy_scale)) FILTER (WHERE t.renewable)
                FROM smartgrid.energy_types(g.grid_id) AS t) AS renewable,
               (SELECT sum(smartgrid.scaled_sum(sums[4 + t.energy_type], g.energy_scale)) FROM smartgrid.energy_types(g.grid_id) AS t) AS known,
               (SELECT sum(smartgrid.scaled_sum(sums[4 + t.energy_type], g.energy_scale) * t.co2_g_per_kwh)
                FROM smartgrid.energy_types(g.grid_id) AS t) AS co2,
               (SELECT smartgrid.scaled_sum(sum(s.capacity), g.energy_scale) FROM smartgrid.storage AS s
                WHERE s.grid_id = g.grid_id AND (own_participant IS NULL OR s.participant_id = own_participant)) AS storage_capacity
        FROM smartgrid.grid AS g
        WHERE g.grid_id = kpis.grid_id
    )
    SELECT k.kpi, k.value, k.unit, k.at, k.definition
    FROM figure AS f
         CROSS JOIN LATERAL (VALUES
            (1, 'produced', f.produced, 'kWh', NULL::timestamptz,
             'Energy that producers reported.'),
            (2, 'consumed', f.consumed, 'kWh', NULL,
             'Energy that consumers took from the grid, without trades.'),
            (3, 'traded', f.traded, 'kWh', NULL,
             'Energy that trades delivered when they were completed.'),
            (4, 'demand', f.demand, 'kWh', NULL,
             'Consumed and traded energy.'),
            (5, 'self_consumption', round(100 * f.matched / NULLIF(f.produced, 0), 2), '%', NULL,
             'Share of the production that was used when it was produced: the sum over all quarter-hours of min(demand, production + discharge - charge), at least 0, divided by production.'),
            (6, 'self_sufficiency', round(100 * f.matched / NULLIF(f.demand, 0), 2), '%', NULL,
             'Share of the demand that production and storage of the same quarter-hour covered: the same sum, divided by demand.'),
            (7, 'renewable_share', round(100 * COALESCE(f.renewable, 0) / NULLIF(f.produced, 0), 2), '%', NULL,
             'Production of renewable energy types divided by production; sg_energy_types says which are.'),
            (8, 'co2_intensity', round(f.co2 / NULLIF(f.known, 0), 2), 'g/kWh', NULL,
             'Greenhouse gases in CO2-equivalent per kWh produced, by the factors of sg_energy_types.'),
            (9, 'peak_load', f.peak_load, 'kWh', kpis.peak_load_at,
             'Highest grid load after an entry of the period, and when; only for those who read the grid in full.'),
            (10, 'peak_demand', round(f.peak_demand, f.power_decimals), 'kW', kpis.peak_demand_at,
             'Demand of the quarter-hour with the most, as average power, and when it began.'),
            (11, 'average_demand', round(f.average_demand, f.power_decimals), 'kW', NULL,
             'Demand divided by the length of the period.'),
            (12, 'load_factor', round(100 * f.average_demand / NULLIF(f.peak_demand, 0), 2), '%', NULL,
             'Average demand divided by peak demand.'),
            (13, 'price_avg', smartgrid.scaled_sum(round(sums[17] / NULLIF(sums[11], 0), 4), f.ms), f.currency || '/kWh', NULL,
             'Average price of the consumption, weighted by energy.'),
            (14, 'price_low', smartgrid.scaled(kpis.price_low, f.ms), f.currency || '/kWh', NULL,
             'Lowest price of a consumption.'),
            (15, 'price_high', smartgrid.scaled(kpis.price_high, f.ms), f.currency || '/kWh', NULL,
             'Highest price of a consumption.'),
            (16, 'revenue', smartgrid.scaled_sum(sums[18], f.ms), f.currency, NULL,
             'Money that consumers paid to the grid for consumption.'),
            (17, 'storage_cycles', round(f.discharged / NULLIF(f.storage_capacity, 0), 4), 'cycles', NULL,
             'Energy discharged divided by the capacity of the storage facilities.'),
            (18, 'round_trip_efficiency', round(100 * f.discharged / NULLIF(f.charged, 0), 2), '%', NULL,
             'Energy discharged divided by energy charged; above 100 where what was charged before the period was discharged in it.'),
            (19, 'delivery', round(100 * f.traded / NULLIF(f.traded + f.released, 0), 2), '%', NULL,
             'Energy of completed trades divided by that of completed and cancelled trades.')
         ) AS k (place, kpi, value, unit, at, definition)
    ORDER BY k.place;
END;
COMMENT ON FUNCTION smartgrid.kpis(integer, bigint, numeric, numeric[], bigint, bigint, numeric, numeric, timestamptz, numeric, timestamptz)
    IS 'key figures from the sums of a period: energy units, microseconds, money units per kWh; own_participant: whose storage counts, NULL: all of the grid''s';

CREATE FUNCTION @extschema@.sg_kpis(period tstzrange DEFAULT NULL, grid text DEFAULT NULL)
    RETURNS TABLE (kpi text, value numeric, unit text, at timestamptz, definition text)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 19 AS 'MODULE_PATHNAME', 'sg_kpis';
COMMENT ON FUNCTION @extschema@.sg_kpis(tstzrange, text)
    IS 'key figures of a period (NULL: the last 24 hours) and grid (NULL: the current one), always the same rows in the same order, each with its unit and definition; value is NULL where it is undefined; for those who do not read the grid in full those of what they were a party of';

-- The report page: texts, numbers and times for people.
--
-- All its source and, in a UTF-8 database, all its output is ASCII: whatever a
-- psql writes the page with, it is what it says in its first line.

CREATE FUNCTION smartgrid.report_escape(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    escaped text := replace(replace(replace(replace(replace(
        value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
BEGIN
    IF escaped ~ '^[ -~]*$' THEN
        RETURN escaped;
    END IF;
    -- HTML has no control characters, and those that turn the direction of writing make one name look like another: each
    -- is shown as unknown. In UTF-8 the others are written by their number.
    SELECT string_agg(CASE WHEN s.c ~ '[[:cntrl:]]' THEN '&#65533;'
                           WHEN octet_length(s.c) = 1 OR getdatabaseencoding() <> 'UTF8' THEN s.c
                           WHEN ascii(s.c) BETWEEN 8234 AND 8238 OR ascii(s.c) BETWEEN 8294 AND 8297 THEN '&#65533;'
                           ELSE '&#' || ascii(s.c) || ';' END, '' ORDER BY s.place)
    INTO escaped
    FROM string_to_table(escaped, NULL) WITH ORDINALITY AS s (c, place);
    RETURN escaped;
END
$$;
COMMENT ON FUNCTION smartgrid.report_escape(text) IS 'a value as text or attribute of HTML';

CREATE FUNCTION smartgrid.report_name(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- Isolated, so that a name written from right to left does not turn what stands beside it.
    SELECT COALESCE('<bdi>' || smartgrid.report_escape(value) || '</bdi>', '<span class="quiet">not shown</span>');
END;
COMMENT ON FUNCTION smartgrid.report_name(text) IS 'a name of a participant or grid in HTML; NULL: not shown';

CREATE FUNCTION smartgrid.report_number(figure numeric, decimals integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT COALESCE(replace(to_char(round(figure, decimals),
                                    'FM' || repeat('999,', 15) || '990'
                                    || CASE WHEN decimals > 0 THEN '.' || repeat('0', decimals) ELSE '' END),
                            '-', '&#8722;'),
                    '&#8211;');
END;
COMMENT ON FUNCTION smartgrid.report_number(numeric, integer) IS 'a figure with separated thousands; a dash where there is none';

CREATE FUNCTION smartgrid.report_decimals(figure numeric, most integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT least(most, CASE WHEN abs(COALESCE(figure, 0)) >= 1000 THEN 0 WHEN abs(COALESCE(figure, 0)) >= 20 THEN 1 ELSE 2 END);
END;
COMMENT ON FUNCTION smartgrid.report_decimals(numeric, integer)
    IS 'how many decimals suit figures of the size of this one: at most so many, fewer for large ones';

CREATE FUNCTION smartgrid.report_count(figure numeric, singular text, plural text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(figure, 0) || '&#160;' || CASE WHEN figure = 1 THEN singular ELSE plural END;
END;
COMMENT ON FUNCTION smartgrid.report_count(numeric, text, text) IS 'a number of things with their name';

CREATE FUNCTION smartgrid.report_time(at timestamptz, time_zone text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT COALESCE(to_char(at AT TIME ZONE time_zone, 'FMDD Mon YYYY, HH24:MI'), '&#8211;');
END;
COMMENT ON FUNCTION smartgrid.report_time(timestamptz, text) IS 'a time in a time zone, to the minute';

CREATE FUNCTION smartgrid.report_period(period tstzrange, time_zone text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN b.first <> date_trunc('day', b.first) OR b.until <> date_trunc('day', b.until)
            THEN to_char(b.first, 'FMDD Mon YYYY, HH24:MI') || ' &#8211; ' || to_char(b.until, 'FMDD Mon YYYY, HH24:MI')
        WHEN b.until = b.first + interval '1 day' THEN to_char(b.first, 'FMDay, FMDD FMMonth YYYY')
        WHEN b.first = date_trunc('year', b.first) AND b.until = b.first + interval '1 year' THEN to_char(b.first, 'YYYY')
        WHEN b.first = date_trunc('month', b.first) AND b.until = b.first + interval '1 month' THEN to_char(b.first, 'FMMonth YYYY')
        ELSE to_char(b.first, 'FMDD Mon YYYY') || ' &#8211; ' || to_char(b.until - interval '1 day', 'FMDD Mon YYYY')
    END
    FROM (SELECT lower(period) AT TIME ZONE time_zone, upper(period) AT TIME ZONE time_zone) AS b (first, until);
END;
COMMENT ON FUNCTION smartgrid.report_period(tstzrange, text)
    IS 'a bounded period in a time zone; whole days, months and years without their hours';

CREATE FUNCTION smartgrid.report_bucket_label(bucket_start timestamptz, bucket_end timestamptz, bucket interval, time_zone text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN bucket < interval '1 day' THEN to_char(bucket_start AT TIME ZONE time_zone, 'Dy FMDD Mon, HH24:MI') || '&#8211;'
                                                    || to_char(bucket_end AT TIME ZONE time_zone, 'HH24:MI')
                WHEN bucket < interval '1 month' THEN to_char(bucket_start AT TIME ZONE time_zone, 'Dy FMDD Mon YYYY')
                WHEN bucket < interval '1 year' THEN to_char(bucket_start AT TIME ZONE time_zone, 'FMMonth YYYY')
                ELSE to_char(bucket_start AT TIME ZONE time_zone, 'YYYY') END;
END;
COMMENT ON FUNCTION smartgrid.report_bucket_label(timestamptz, timestamptz, interval, text) IS 'a bucket of a curve in a time zone';

-- The time steps of the charts, and those of the table of figures, for a period of this length.
CREATE FUNCTION smartgrid.report_buckets(period tstzrange,
    OUT bucket interval, OUT bucket_word text, OUT table_bucket interval, OUT table_word text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT b.bucket, b.word, b.table_bucket, b.table_word
    FROM (VALUES (49, interval '15 minutes', 'quarter-hour', interval '1 hour', 'hour'),
                 (361, interval '1 hour', 'hour', interval '1 day', 'day'),
                 (1489, interval '1 day', 'day', interval '1 day', 'day'),
                 (9625, interval '1 day', 'day', interval '1 month', 'month'),
                 (175345, interval '1 month', 'month', interval '1 year', 'year'),
                 (NULL, interval '1 year', 'year', interval '1 year', 'year')) AS b (hours, bucket, word, table_bucket, table_word)
    WHERE b.hours IS NULL OR extract(epoch FROM upper(period) - lower(period)) <= b.hours * 3600
    ORDER BY b.hours LIMIT 1;
END;
COMMENT ON FUNCTION smartgrid.report_buckets(tstzrange)
    IS 'time steps that suit a period of this length: of the charts, and of the table of figures; with their names';

CREATE FUNCTION smartgrid.report_kwh(units numeric, energy_scale integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(k.kwh, smartgrid.report_decimals(k.kwh, energy_scale)) || '&#160;kWh'
    FROM smartgrid.scaled_sum(units, energy_scale) AS k (kwh);
END;
COMMENT ON FUNCTION smartgrid.report_kwh(numeric, integer) IS 'energy units as kWh with their unit';

CREATE FUNCTION smartgrid.report_currency(currency text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN currency = 'XXX' THEN 'money' ELSE smartgrid.report_escape(currency) END;
END;
COMMENT ON FUNCTION smartgrid.report_currency(text) IS 'a currency code in HTML; XXX, no currency, is called money';

CREATE FUNCTION smartgrid.report_money(units numeric, money_scale integer, currency text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(smartgrid.scaled_sum(units, money_scale), least(money_scale, 2))
           || CASE WHEN currency = 'XXX' THEN '' ELSE '&#160;' || smartgrid.report_currency(currency) END;
END;
COMMENT ON FUNCTION smartgrid.report_money(numeric, integer, text) IS 'money units with their currency';

-- Averages of whole money units are finer than these.
CREATE FUNCTION smartgrid.report_price(units numeric, money_scale integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(smartgrid.scaled_sum(units, money_scale), least(money_scale + 2, 4));
END;
COMMENT ON FUNCTION smartgrid.report_price(numeric, integer) IS 'a price in money units per kWh as currency per kWh';

-- The report page: charts as inline SVG.
--
-- A chart is as wide as its place on the page. The plot is 1000 wide and
-- stretched to that; what must not be stretched (text, dots) stands beside it,
-- at places in percent.  Figures are laid out by arrays: edges has the borders
-- of the buckets, 0 to 1000, one more than there are figures.

CREATE FUNCTION smartgrid.report_scale(lowest numeric, highest numeric,
    OUT low numeric, OUT high numeric, OUT step numeric, OUT decimals integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT trim_scale(floor(lowest / n.step) * n.step), trim_scale(ceil(top.figure / n.step) * n.step), trim_scale(n.step), scale(trim_scale(n.step))
    FROM (SELECT CASE WHEN highest > lowest THEN highest ELSE lowest + 1 END) AS top (figure)
         CROSS JOIN LATERAL (SELECT power(10.0, floor(log((top.figure - lowest) / 4)))) AS m (magnitude)
         CROSS JOIN LATERAL (SELECT f.factor * m.magnitude FROM unnest('{1,2,2.5,5,10}'::numeric[]) AS f (factor)
                             WHERE f.factor * m.magnitude >= (top.figure - lowest) / 4
                             ORDER BY f.factor LIMIT 1) AS n (step);
END;
COMMENT ON FUNCTION smartgrid.report_scale(numeric, numeric) IS 'an axis in round steps that has both figures on it';

CREATE FUNCTION smartgrid.report_x(at timestamptz, period tstzrange) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT trim_scale(round(1000 * extract(epoch FROM at - lower(period)) / extract(epoch FROM upper(period) - lower(period)), 2));
END;
COMMENT ON FUNCTION smartgrid.report_x(timestamptz, tstzrange) IS 'place of a time in a chart of a period, 0 to 1000';

CREATE FUNCTION smartgrid.report_y(figure numeric, low numeric, high numeric, height integer) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT trim_scale(round(height * (high - figure) / (high - low), 1));
END;
COMMENT ON FUNCTION smartgrid.report_y(numeric, numeric, numeric, integer) IS 'place of a figure in a chart of this height, from the top';

CREATE FUNCTION smartgrid.report_area(edges numeric[], bottoms numeric[], tops numeric[], low numeric, high numeric, height integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH cell AS (
        SELECT place, x, lead(x) OVER (ORDER BY place) AS next_x,
               smartgrid.report_y(bottom, low, high, height) AS bottom, smartgrid.report_y(top, low, high, height) AS top
        FROM unnest(edges, bottoms, tops) WITH ORDINALITY AS u (x, bottom, top, place)
    ), run AS (
        SELECT c.*, c.place - row_number() OVER (ORDER BY c.place) AS run
        FROM cell AS c WHERE c.top <> c.bottom AND c.next_x IS NOT NULL
    )
    SELECT COALESCE(string_agg(piece, '' ORDER BY run), '')
    FROM (SELECT run, 'M' || min(x) || ',' || (array_agg(bottom ORDER BY place))[1]
                      || string_agg('V' || top || 'H' || next_x, '' ORDER BY place)
                      || string_agg('V' || bottom || 'H' || x, '' ORDER BY place DESC) || 'Z' AS piece
          FROM run GROUP BY run) AS pieces;
END;
COMMENT ON FUNCTION smartgrid.report_area(numeric[], numeric[], numeric[], numeric, numeric, integer)
    IS 'SVG path of the area between two stepped lines; gaps where a figure is NULL';

CREATE FUNCTION smartgrid.report_steps(edges numeric[], figures numeric[], low numeric, high numeric, height integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH cell AS (
        SELECT place, x, lead(x) OVER (ORDER BY place) AS next_x, smartgrid.report_y(figure, low, high, height) AS y
        FROM unnest(edges, figures) WITH ORDINALITY AS u (x, figure, place)
    ), run AS (
        SELECT c.*, c.place - row_number() OVER (ORDER BY c.place) AS run
        FROM cell AS c WHERE c.y IS NOT NULL AND c.next_x IS NOT NULL
    )
    SELECT COALESCE(string_agg(piece, '' ORDER BY run), '')
    FROM (SELECT run, 'M' || min(x) || ',' || (array_agg(y ORDER BY place))[1]
                      || string_agg('V' || y || 'H' || next_x, '' ORDER BY place) AS piece
          FROM run GROUP BY run) AS pieces;
END;
COMMENT ON FUNCTION smartgrid.report_steps(numeric[], numeric[], numeric, numeric, integer)
    IS 'SVG path of a stepped line, for figures of whole buckets; gaps where a figure is NULL';

CREATE FUNCTION smartgrid.report_line(places numeric[], figures numeric[], low numeric, high numeric, height integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT COALESCE('M' || string_agg(x || ',' || smartgrid.report_y(figure, low, high, height), 'L' ORDER BY place), '')
    FROM unnest(places, figures) WITH ORDINALITY AS u (x, figure, place)
    WHERE x IS NOT NULL AND figure IS NOT NULL;
END;
COMMENT ON FUNCTION smartgrid.report_line(numeric[], numeric[], numeric, numeric, integer)
    IS 'SVG path of a line from point to point, for figures of moments';

-- The marks of the time axis, in local time.
CREATE FUNCTION smartgrid.report_ticks(period tstzrange, time_zone text, OUT x numeric, OUT label text, OUT minor boolean) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    WITH local AS (
        SELECT lower(period) AT TIME ZONE time_zone AS first, upper(period) AT TIME ZONE time_zone AS until,
               extract(epoch FROM upper(period) - lower(period)) / 3600 AS hours
        WHERE isfinite(lower(period)) AND isfinite(upper(period))
    ), chosen AS (
        SELECT l.first, l.until, s.step, s.format, date_trunc(s.from_unit, l.first) AS origin
        FROM local AS l
             CROSS JOIN (VALUES (0.02, interval '10 seconds', 'HH24:MI:SS', 'hour'),
                                (0.2, interval '1 minute', 'HH24:MI', 'hour'),
                                (0.6, interval '5 minutes', 'HH24:MI', 'hour'),
                                (1.6, interval '15 minutes', 'HH24:MI', 'hour'),
                                (5, interval '30 minutes', 'HH24:MI', 'day'),
                                (11, interval '1 hour', 'HH24:MI', 'day'),
                                (26, interval '3 hours', 'HH24:MI', 'day'),
                                (50, interval '6 hours', 'HH24:MI', 'day'),
                                (220, interval '1 day', 'FMDD Mon', 'day'),
                                (400, interval '2 days', 'FMDD Mon', 'day'),
                                (1700, interval '7 days', 'FMDD Mon', 'week'),
                                (9625, interval '1 month', 'Mon', 'month'),
                                (26400, interval '3 months', 'Mon YY', 'year'),
                                (105000, interval '1 year', 'YYYY', 'year'),
                                (1050000, interval '10 years', 'YYYY', 'decade'),
                                (NULL, interval '500 years', 'YYYY', 'millennium')) AS s (up_to_hours, step, format, from_unit)
        WHERE s.up_to_hours IS NULL OR l.hours <= s.up_to_hours
        ORDER BY s.up_to_hours LIMIT 1
    )
    SELECT smartgrid.report_x(t.at AT TIME ZONE time_zone, period),
           CASE WHEN c.step = interval '6 hours' AND t.at = date_trunc('day', t.at) THEN to_char(t.at, 'FMDD Mon')
                WHEN c.step = interval '1 month' AND t.at = date_trunc('year', t.at) AND t.at > c.origin THEN to_char(t.at, 'YYYY')
                ELSE to_char(t.at, c.format) END,
           row_number() OVER (ORDER BY t.at) % 2 = 0
    FROM chosen AS c CROSS JOIN LATERAL generate_series(c.origin, c.until, c.step) AS t (at)
    WHERE t.at >= c.first
    ORDER BY t.at;
END;
COMMENT ON FUNCTION smartgrid.report_ticks(tstzrange, text)
    IS 'labelled places of the time axis, 0 to 1000; minor ones may be left out where there is little room';

-- Class fill-... of a square, or line-... of a line, beside each word; where that is NULL, nothing.
CREATE FUNCTION smartgrid.report_legend(classes text[], words text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '<ul class="legend">'
           || string_agg('<li><svg aria-hidden="true" width="14" height="12">'
                         || CASE WHEN class LIKE 'line-%' THEN '<path class="' || class || '" d="M0,6H14"/>'
                                 ELSE '<rect class="' || class || '" width="12" height="12" rx="2"/>' END
                         || '</svg>' || word || '</li>', '' ORDER BY place)
           || '</ul>'
    FROM unnest(classes, words) WITH ORDINALITY AS u (class, word, place);
END;
COMMENT ON FUNCTION smartgrid.report_legend(text[], text[]) IS 'a legend: classes of the style sheet, and a word (HTML) for each';

-- Labels of an axis have little room: millions and more are written as a small figure, and word goes before the unit.
CREATE FUNCTION smartgrid.report_magnitude(low numeric, high numeric, OUT factor numeric, OUT word text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT trim_scale(power(10::numeric, p.thousands * 3)),
           CASE p.thousands WHEN 0 THEN '' WHEN 2 THEN 'million ' WHEN 3 THEN 'billion '
                            ELSE '10<sup>' || p.thousands * 3 || '</sup>&#160;' END
    FROM (SELECT greatest(abs(low), abs(high))) AS m (most)
         CROSS JOIN LATERAL (SELECT CASE WHEN m.most < 1000000 THEN 0 ELSE floor(log(m.most) / 3)::integer END) AS p (thousands);
END;
COMMENT ON FUNCTION smartgrid.report_magnitude(numeric, numeric)
    IS 'by what the labels of an axis between these figures are divided, and how that is said in HTML before the unit';

-- marks: SVG in the stretched plot; notes: SVG beside it; hints: what each bucket says to a mouse.  All texts are HTML.
CREATE FUNCTION smartgrid.report_chart(id text, title text, description text, unit text, legend text, height integer,
    low numeric, high numeric, step numeric, decimals integer, period tstzrange, time_zone text,
    marks text, notes text DEFAULT '', edges numeric[] DEFAULT NULL, hints text[] DEFAULT NULL) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '<figure class="chart"><figcaption><h4>' || title || '</h4>' || legend || '<span class="unit">' || size.word || unit || '</span></figcaption>'
           || '<div class="plot"><svg class="frame" role="img" aria-labelledby="' || id || '-t ' || id || '-d" width="100%" height="' || height + 24 || '">'
           || '<title id="' || id || '-t">' || title || '</title><desc id="' || id || '-d">' || description || '</desc><g class="axis">'
           || (SELECT string_agg('<line x2="100%" y1="' || y || '" y2="' || y || '"' || CASE WHEN figure = 0 THEN ' class="zero"' ELSE '' END || '/>'
                                 || '<text class="y" x="-8" y="' || y || '" dy="4">' || smartgrid.report_number(figure / size.factor, CASE WHEN size.factor = 1 THEN decimals ELSE scale(trim_scale(step / size.factor)) END) || '</text>', ''
                                 ORDER BY figure)
               FROM generate_series(low, least(high, low + 100 * step), step) AS s (figure)
                    CROSS JOIN LATERAL smartgrid.report_y(figure, low, high, height) AS at (y))
           || COALESCE((SELECT string_agg('<line x1="' || x / 10 || '%" x2="' || x / 10 || '%" y1="' || height || '" y2="' || height + 5 || '" class="tick"/>'
                                 || '<text' || CASE WHEN minor THEN ' class="minor"' ELSE '' END || ' x="' || x / 10 || '%" y="' || height + 19 || '">' || label || '</text>', ''
                                 ORDER BY x)
               FROM (SELECT trim_scale(t.x) AS x, t.label, t.minor FROM smartgrid.report_ticks(period, time_zone) AS t) AS ticks), '')
           || '</g><svg class="marks" width="100%" height="' || height || '" viewBox="0 0 1000 ' || height || '" preserveAspectRatio="none">'
           || replace(marks, '<path ', '<path vector-effect="non-scaling-stroke" ') || '</svg>' || notes
           || COALESCE('<svg class="hints" width="100%" height="' || height || '" viewBox="0 0 1000 ' || height || '" preserveAspectRatio="none">'
               || (SELECT string_agg('<rect x="' || x || '" width="' || next_x - x || '" height="' || height || '"><title>' || hint || '</title></rect>', '' ORDER BY place)
                   FROM (SELECT u.place, u.x, u.hint, lead(u.x) OVER (ORDER BY u.place) AS next_x
                         FROM unnest(edges, hints) WITH ORDINALITY AS u (x, hint, place)) AS cells
                   WHERE hint IS NOT NULL)
               || '</svg>', '')
           || '</svg></div></figure>'
    FROM smartgrid.report_magnitude(low, high) AS size;
END;
COMMENT ON FUNCTION smartgrid.report_chart(text, text, text, text, text, integer, numeric, numeric, numeric, integer, tstzrange, text, text, text, numeric[], text[])
    IS 'a chart over a period: frame, axes and legend around marks; its texts are HTML';

CREATE FUNCTION smartgrid.report_dot(at timestamptz, figure numeric, period tstzrange, low numeric, high numeric, height integer, label text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- The label twice, the first time as a halo.
    SELECT '<circle class="dot" cx="' || p.x || '%" cy="' || y || '" r="4"/>' || string_agg('<text class="note' || halo || p.anchor
           || '" x="' || p.x || '%" y="' || y || '" dy="-10">' || label || '</text>', '' ORDER BY halo DESC)
    FROM smartgrid.report_x(at, period) AS a (x), smartgrid.report_y(figure, low, high, height) AS b (y)
         CROSS JOIN LATERAL (SELECT trim_scale(a.x / 10), CASE WHEN a.x > 880 THEN ' end' WHEN a.x < 120 THEN '' ELSE ' middle' END) AS p (x, anchor)
         CROSS JOIN unnest('{" halo",""}'::text[]) AS h (halo)
    GROUP BY p.x, p.anchor, b.y;
END;
COMMENT ON FUNCTION smartgrid.report_dot(timestamptz, numeric, tstzrange, numeric, numeric, integer, text) IS 'a labelled point of a chart';

-- The report page: tables.  Formats have one letter for each column: h a heading of its row, t text, n a number, b a bar.

CREATE FUNCTION smartgrid.report_row(formats text, VARIADIC cells text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '<tr>' || string_agg(CASE substr(formats, place::integer, 1)
                                    WHEN 'h' THEN '<th scope="row">' || COALESCE(cell, '') || '</th>'
                                    WHEN 'n' THEN '<td class="n">' || COALESCE(cell, '&#8211;') || '</td>'
                                    WHEN 'b' THEN '<td class="b">' || COALESCE(cell, '') || '</td>'
                                    ELSE '<td>' || COALESCE(cell, '') || '</td>' END, '' ORDER BY place) || '</tr>'
    FROM unnest(cells) WITH ORDINALITY AS u (cell, place);
END;
COMMENT ON FUNCTION smartgrid.report_row(text, text[]) IS 'a row of a table: the formats of its columns, and HTML for each cell';

CREATE FUNCTION smartgrid.report_table(caption text, formats text, headings text[], body text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '<div class="table"><table><caption>' || caption || '</caption><thead><tr>'
           || string_agg('<th scope="col"' || CASE substr(formats, place::integer, 1) WHEN 'n' THEN ' class="n"' WHEN 'b' THEN ' class="b"' ELSE '' END
                         || '>' || heading || '</th>', '' ORDER BY place)
           || '</tr></thead><tbody>' || body || '</tbody></table></div>'
    FROM unnest(headings) WITH ORDINALITY AS u (heading, place);
END;
COMMENT ON FUNCTION smartgrid.report_table(text, text, text[], text)
    IS 'a table: caption, formats of the columns, headings and rows; all texts are HTML';

CREATE FUNCTION smartgrid.report_bar(percent numeric, class text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '<svg class="bar" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none"><rect class="rail" width="100" height="8"/><rect class="'
           || class || '" width="' || trim_scale(round(least(greatest(COALESCE(percent, 0), 0), 100), 1)) || '" height="8"/></svg>';
END;
COMMENT ON FUNCTION smartgrid.report_bar(numeric, text) IS 'a bar for a share in percent; the figure itself stands beside it';

-- The report page: its one style sheet, which the Content-Security-Policy names by its hash.
--
-- The colours of the energy types can be told apart with every common kind of
-- colour blindness (after Okabe and Ito), and each has a contrast of 3 : 1 or
-- more to the page in light and dark.

CREATE FUNCTION smartgrid.report_style() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT $css$
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --card: #ffffff; --ink: #17212b; --quiet: #55616d; --line: #d9dfe5; --rail: #e8ecf0; --accent: #0b5c8e;
  --good: #0b6b43; --good-back: #e2f3ea; --bad: #a3181f; --bad-back: #fce8e8; --warn: #7a4a00; --warn-back: #fdf0d8;
  --solar: #c27c00; --wind: #3d8fc4; --hydro: #0b4f8a; --nuclear: #b2568a; --geothermal: #b8420a; --biomass: #00805d; --natural-gas: #737b83;
  --demand: #17212b; --load: #0b5c8e; --price: #6b4fa0; --charge: #0b7f86; --discharge: #b8620a;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #10161c; --card: #182029; --ink: #e8edf2; --quiet: #a3afba; --line: #313c47; --rail: #2a343e; --accent: #6db8e8;
    --good: #62d29b; --good-back: #123323; --bad: #ff9b9b; --bad-back: #431a1d; --warn: #f2c060; --warn-back: #3a2c10;
    --solar: #eeb033; --wind: #73c3f0; --hydro: #4a8fd8; --nuclear: #e08fbc; --geothermal: #f0763a; --biomass: #2fb98f; --natural-gas: #9aa3ac;
    --demand: #ffffff; --load: #6db8e8; --price: #b9a1ea; --charge: #4cc3ca; --discharge: #f0a45a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
main, header.top, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
header.top { padding-top: 36px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--card); padding: 8px; }
a { color: var(--accent); }
.mark { display: flex; align-items: center; gap: 8px; margin: 0 0 8px; color: var(--quiet); font-size: 13px; letter-spacing: .04em; }
.mark path { fill: none; stroke: var(--accent); stroke-width: 2; }
.mark circle { fill: var(--accent); }
h1 { font-size: 34px; line-height: 1.15; font-weight: 650; letter-spacing: -.01em; margin: 0 0 6px; overflow-wrap: anywhere; }
.lead { font-size: 19px; margin: 0 0 16px; color: var(--quiet); }
h2 { font-size: 26px; line-height: 1.2; font-weight: 650; margin: 0 0 4px; overflow-wrap: anywhere; }
h3 { font-size: 18px; font-weight: 650; margin: 36px 0 12px; padding-top: 12px; border-top: 1px solid var(--line); }
h4 { font-size: 15px; font-weight: 600; margin: 0; }
.facts { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 0 0 20px; }
.facts div { min-width: 0; }
dt { font-size: 12px; color: var(--quiet); }
dl.box { columns: 2 400px; column-gap: 40px; } dl.box > div { margin: 0 0 8px; break-inside: avoid; } dl.box dt { font-size: 14px; font-weight: 600; color: inherit; }
dd { margin: 0; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; margin: 0; padding: 10px 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
header + main > nav.here { margin-bottom: 24px; }
.pills { margin: 4px 0 10px; }
section.grid { margin: 20px 0 0; }
section.grid + section.grid { margin-top: 64px; padding-top: 32px; border-top: 3px solid var(--line); }
.cards { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 14px; margin: 16px 0; padding: 0; list-style: none; }
.cards li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px 12px; min-width: 0; }
.cards b { display: block; font-size: 13px; font-weight: 500; color: var(--quiet); }
.cards strong { display: block; font-size: 25px; line-height: 1.3; font-weight: 650; letter-spacing: -.01em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.cards strong small { display: inline-block; font-size: 14px; font-weight: 500; color: var(--quiet); letter-spacing: 0; }
.cards span { display: block; font-size: 13px; color: var(--quiet); }
.two { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 14px; }
.two > * { min-width: 0; } .two > :only-child { grid-column: 1 / -1; }
#definitions { margin-top: 48px; } #definitions h2 { margin-bottom: 12px; }
.chart, .box { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; margin: 0 0 14px; }
.box p { margin: 0 0 8px; }
.box > :last-child, .chart > :last-child { margin-bottom: 0; }
figcaption { margin: 0 0 10px; }
.unit { display: block; font-size: 12px; color: var(--quiet); margin-top: 6px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 6px 0 0; padding: 0; font-size: 13px; }
.legend svg { margin-right: 6px; vertical-align: -1px; overflow: visible; }
.plot { padding: 8px 18px 0 58px; }
svg.frame { display: block; overflow: visible; }
.axis line { stroke: var(--line); }
.axis .zero, .axis .tick { stroke: var(--quiet); }
.axis text { font-size: 12px; fill: var(--quiet); text-anchor: middle; font-variant-numeric: tabular-nums; }
.axis text.y { text-anchor: end; }
.two > :not(:only-child) .minor { display: none; }
.note { font-size: 12px; font-weight: 600; fill: var(--ink); } .halo { stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.note.end { text-anchor: end; } .note.middle { text-anchor: middle; }
.dot { fill: var(--card); stroke: var(--ink); stroke-width: 2; }
.marks { overflow: visible; }
.fill-solar { fill: var(--solar); } .fill-wind { fill: var(--wind); } .fill-hydro { fill: var(--hydro); } .fill-nuclear { fill: var(--nuclear); }
.fill-geothermal { fill: var(--geothermal); } .fill-biomass { fill: var(--biomass); } .fill-natural-gas { fill: var(--natural-gas); }
.fill-charge { fill: var(--charge); } .fill-discharge { fill: var(--discharge); } .fill-use { fill: var(--accent); }
.fill-load { fill: var(--load); opacity: .16; } .fill-price { fill: var(--price); opacity: .22; } .fill-emergency { fill: var(--bad); opacity: .2; }
.line-demand, .line-load, .line-price, .line-base, .line-mark { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line-demand { stroke: var(--demand); } .line-load { stroke: var(--load); } .line-price { stroke: var(--price); }
.line-base { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 5 4; }
.line-mark { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 3; }
.hints rect { fill: var(--ink); fill-opacity: 0; } .hints rect:hover { fill-opacity: .1; }
.table { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 18px; margin: 0 0 14px; }
.box .table, details .table { border: 0; padding: 0; margin: 8px 0 0; border-radius: 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; font-size: 15px; padding: 0 0 6px; }
th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
th { font-weight: 500; } thead th { font-size: 12px; color: var(--quiet); vertical-align: bottom; }
tbody th { overflow-wrap: anywhere; min-width: 6em; } tbody th > b { display: block; font-weight: 500; }
td.n, th.n { text-align: right; white-space: nowrap; } th.n { white-space: normal; }
td.b, th.b { min-width: 90px; width: 18%; } td.b .bar { margin-top: .45em; }
th:last-child, td:last-child { padding-right: 0; }
.bar { display: block; width: 100%; height: 8px; border-radius: 4px; } .rail { fill: var(--rail); }
.quiet { color: var(--quiet); } td .quiet, th .quiet { font-size: 13px; }
.pill { display: inline-block; border-radius: 99px; padding: 1px 12px; font-size: 13px; font-weight: 600; }
.good { color: var(--good); background: var(--good-back); } .bad { color: var(--bad); background: var(--bad-back); } .warn { color: var(--warn); background: var(--warn-back); }
code { font: 13px/1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
details { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 18px; margin: 0 0 14px; }
.box details { border: 0; padding: 0; margin: 0; }
summary { cursor: pointer; font-weight: 600; font-size: 15px; }
footer { padding-top: 28px; padding-bottom: 40px; color: var(--quiet); font-size: 13px; }
@media (max-width: 860px) {
  .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .two { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
@media (max-width: 560px) {
  main, header.top, footer { padding-left: 14px; padding-right: 14px; }
  header.top { padding-top: 20px; }
  h1 { font-size: 27px; } .lead { font-size: 17px; }
  .cards { gap: 10px; } .cards li { padding: 10px 12px; } .cards strong { font-size: 20px; }
  .chart, .box, .table, details { padding: 12px; } td.b, th.b { display: none; } th, td { padding-right: 8px; }
  .plot { padding: 6px 10px 0 46px; } .axis text { font-size: 11px; } .axis .minor { display: none; }
}
@media print {
  @page { size: A4; margin: 14mm; }
  body { background: #fff; font-size: 9.5pt; line-height: 1.4; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main, header.top, footer { max-width: none; padding: 0; }
  nav.here, .skip, details:not([open]), .two td.b, .two th.b { display: none; }
  h1 { font-size: 20pt; } h2 { font-size: 15pt; } h3 { font-size: 12pt; margin: 14px 0 8px; padding-top: 8px; } h4, caption, summary { font-size: 10pt; }
  .facts { gap: 2px 24px; margin: 0 0 8px; } .pills { margin: 2px 0 6px; } section.grid { margin: 8px 0 0; } footer { padding-top: 10px; }
  .cards { grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 8px; margin: 8px 0; } .cards li { padding: 7px 10px; } .cards strong { font-size: 13pt; }
  .cards b, .cards span, .cards strong small { font-size: 8pt; }
  .two { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; } .chart, .box, .table { padding: 8px 12px; margin-bottom: 8px; }
  .two .plot { padding-left: 40px; padding-right: 12px; }
  table, .legend, dl.box { font-size: 8.5pt; } th, td { padding: 3px 8px 3px 0; } td .quiet, th .quiet, code { font-size: 8pt; }
  .chart, .box, .table, .cards li, tr { break-inside: avoid; } h2, h3, h4, caption { break-after: avoid; } .table { overflow: visible; }
  section.grid + section.grid { break-before: page; border: 0; margin: 0; padding: 0; }
  a { color: inherit; text-decoration: none; }
}
$css$;
END;
COMMENT ON FUNCTION smartgrid.report_style() IS 'the style sheet of the report';

-- The report page: what a load curve shows of a grid, as charts and as a table.

-- Shades where the emergency price applied, and the base price: what everybody may know of a grid's prices.
CREATE FUNCTION smartgrid.report_price_events(of_grid integer, period tstzrange,
    OUT edges numeric[], OUT base_prices numeric[], OUT emergencies numeric[])
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH spell AS (
        SELECT greatest(e.at, lower(period)) AS first,
               least(COALESCE(lead(e.at) OVER (ORDER BY e.at, e.event_id), 'infinity'), upper(period)) AS until,
               e.base_price, e.emergency_mode
        FROM smartgrid.price_event AS e
        WHERE e.grid_id = of_grid AND e.at < upper(period)
    ), inside AS (
        SELECT smartgrid.report_x(s.first, period) AS x, smartgrid.report_x(s.until, period) AS next_x, s.*
        FROM spell AS s WHERE s.first < s.until
    )
    SELECT COALESCE(array_agg(i.x ORDER BY i.x) || max(i.next_x), '{}'), COALESCE(array_agg(i.base_price::numeric ORDER BY i.x), '{}'),
           COALESCE(array_agg(CASE WHEN i.emergency_mode THEN 1::numeric END ORDER BY i.x), '{}')
    FROM inside AS i;
END;
COMMENT ON FUNCTION smartgrid.report_price_events(integer, tstzrange)
    IS 'spells of one base price and mode in a period: their borders (0 to 1000), base price (money units per kWh), and 1 in an emergency';

-- Energy that a participant bought from others, for each bucket: sg_load_curve() has it with what was sold.
CREATE FUNCTION smartgrid.report_bought(of_grid integer, buyer bigint, period tstzrange, starts timestamptz[]) RETURNS numeric[]
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT array_agg(COALESCE(b.energy, 0) ORDER BY n.place)
    FROM generate_subscripts(starts, 1) AS n (place)
         LEFT JOIN (SELECT width_bucket(l.at, starts) AS place, sum(l.energy) AS energy
                    FROM smartgrid.ledger AS l
                    WHERE l.counterparty_id = buyer AND l.counterparty_id > 0 AND l.grid_id = of_grid AND l.kind = 5 AND l.at <@ period
                    GROUP BY 1) AS b USING (place);
END;
COMMENT ON FUNCTION smartgrid.report_bought(integer, bigint, tstzrange, timestamptz[]) IS 'energy units that a participant bought, in each bucket';

-- of_grid's own row is passed along as its name and scales.  own: the participant that the report is of; NULL: the whole
-- grid.  watermarks: loads in kWh where balancing begins.
CREATE FUNCTION smartgrid.report_curves(of_grid integer, name text, energy_scale integer, money_scale integer, currency text,
    own bigint, watermarks numeric[], period tstzrange, time_zone text, prefix text, with_hints boolean) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- From the bottom up: those that most grids call renewable lie together.
    types CONSTANT text[] := '{hydro,geothermal,biomass,wind,solar,nuclear,natural-gas}';
    width record;
    axis record;
    prices record;
    starts timestamptz[];
    ends timestamptz[];
    by_type numeric[];
    charged numeric[];
    discharged numeric[];
    demand numeric[];
    load numeric[];
    load_before numeric;
    utilization numeric[];
    price_avg numeric[];
    price_low numeric[];
    price_high numeric[];
    edges numeric[];
    bottoms numeric[];
    tops numeric[];
    figures numeric[];
    labels text[];
    hints text[];
    classes text[];
    words text[];
    marks text;
    notes text;
    produced numeric;
    peak numeric;
    lowest numeric;
    peak_place integer;
    charts text := '';
    per_bucket text;
    money_unit text := smartgrid.report_currency(currency) || ' per kWh';
    when_text text := smartgrid.report_period(period, time_zone);
    plot_height CONSTANT integer := 240;
    small_height CONSTANT integer := 180;
BEGIN
    width := smartgrid.report_buckets(period);
    per_bucket := 'kWh per ' || width.bucket_word;
    SELECT array_agg(c.bucket_start ORDER BY c.bucket_start), array_agg(c.bucket_end ORDER BY c.bucket_start),
           ARRAY[array_agg(smartgrid.scaled_sum(c.hydro, energy_scale) ORDER BY c.bucket_start),
                 array_agg(smartgrid.scaled_sum(c.geothermal, energy_scale) ORDER BY c.bucket_start),
                 array_agg(smartgrid.scaled_sum(c.biomass, energy_scale) ORDER BY c.bucket_start),
                 array_agg(smartgrid.scaled_sum(c.wind, energy_scale) ORDER BY c.bucket_start),
                 array_agg(smartgrid.scaled_sum(c.solar, energy_scale) ORDER BY c.bucket_start),
                 array_agg(smartgrid.scaled_sum(c.nuclear, energy_scale) ORDER BY c.bucket_start),
                 array_agg(smartgrid.scaled_sum(c.natural_gas, energy_scale) ORDER BY c.bucket_start)],
           array_agg(smartgrid.scaled_sum(c.charged, energy_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.discharged, energy_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.consumed + CASE WHEN own IS NULL THEN c.traded ELSE 0 END, energy_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.load, energy_scale) ORDER BY c.bucket_start),
           array_agg(c.utilization ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.price_avg, money_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.price_low, money_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.scaled_sum(c.price_high, money_scale) ORDER BY c.bucket_start),
           array_agg(smartgrid.report_bucket_label(c.bucket_start, c.bucket_end, width.bucket, time_zone) ORDER BY c.bucket_start)
    INTO starts, ends, by_type, charged, discharged, demand, load, utilization, price_avg, price_low, price_high, labels
    FROM @extschema@.sg_load_curve(name, period, width.bucket, time_zone) AS c;
    IF own IS NOT NULL THEN
        demand := ARRAY(SELECT u.figure + smartgrid.scaled_sum(u.bought, energy_scale)
                        FROM unnest(demand, smartgrid.report_bought(of_grid, own, period, starts)) WITH ORDINALITY AS u (figure, bought, place)
                        ORDER BY u.place);
    END IF;
    edges := ARRAY(SELECT smartgrid.report_x(s.at, period) FROM unnest(starts) WITH ORDINALITY AS s (at, place) ORDER BY s.place)
             || smartgrid.report_x(ends[cardinality(ends)], period);

    -- Production by type, stacked, and the demand as a line over it.
    bottoms := array_fill(0::numeric, ARRAY[cardinality(starts)]);
    tops := bottoms;
    hints := labels;
    marks := '';
    classes := '{}';
    words := '{}';
    produced := (SELECT sum(figure) FROM unnest(by_type) AS u (figure));
    peak := greatest((SELECT max(total) FROM (SELECT sum(f.figure) AS total
                                              FROM generate_subscripts(types, 1) AS t (type_place),
                                                   unnest(by_type[t.type_place:t.type_place]) WITH ORDINALITY AS f (figure, place)
                                              GROUP BY f.place) AS totals),
                     (SELECT max(figure) FROM unnest(demand) AS u (figure)));
    IF peak > 0 THEN
        axis := smartgrid.report_scale(0, peak);
        FOR n IN 1 .. cardinality(types) LOOP
            figures := ARRAY(SELECT u.figure FROM unnest(by_type[n:n]) WITH ORDINALITY AS u (figure, place) ORDER BY u.place);
            CONTINUE WHEN NOT EXISTS (SELECT FROM unnest(figures) AS u (figure) WHERE u.figure > 0);
            tops := ARRAY(SELECT u.bottom + u.figure FROM unnest(bottoms, figures) WITH ORDINALITY AS u (bottom, figure, place) ORDER BY u.place);
            marks := marks || format('<path class="fill-%s" d="%s"/>', types[n],
                                     smartgrid.report_area(edges, bottoms, tops, axis.low, axis.high, plot_height));
            bottoms := tops;
            classes := ('fill-' || types[n]) || classes;
            words := smartgrid.report_type_word(types[n]) || words;
            hints := ARRAY(SELECT u.hint || CASE WHEN u.figure > 0 THEN E'\n' || smartgrid.report_type_word(types[n]) || ': '
                                                      || smartgrid.report_number(u.figure, least(energy_scale, 2)) || ' kWh' ELSE '' END
                           FROM unnest(hints, figures) WITH ORDINALITY AS u (hint, figure, place) ORDER BY u.place);
        END LOOP;
        hints := ARRAY(SELECT u.hint || E'\n' || CASE WHEN own IS NULL THEN 'Demand: ' ELSE 'Used: ' END
                              || smartgrid.report_number(u.figure, least(energy_scale, 2)) || ' kWh'
                       FROM unnest(hints, demand) WITH ORDINALITY AS u (hint, figure, place) ORDER BY u.place);
        marks := marks || format('<path class="line-demand" d="%s"/>',
                                 smartgrid.report_steps(edges, demand, axis.low, axis.high, plot_height));
        classes := array_append(classes, 'line-demand');
        words := array_append(words, CASE WHEN own IS NULL THEN 'Demand (consumed and traded)' ELSE 'Used (from the grid and bought)' END);
        charts := charts || smartgrid.report_chart(prefix || '-production',
            CASE WHEN own IS NULL THEN 'Production by energy type, and demand' ELSE 'Own production and use' END,
            format('%s in each %s, %s. Produced %s kWh in all; highest figure of a %s %s kWh. The figures are in the table below.',
                   CASE WHEN own IS NULL THEN 'Production by energy type as stacked areas and demand as a line' ELSE 'Production and use of energy' END,
                   width.bucket_word, when_text, smartgrid.report_number(produced, smartgrid.report_decimals(produced, energy_scale)),
                   width.bucket_word, smartgrid.report_number(peak, smartgrid.report_decimals(peak, energy_scale))),
            per_bucket, smartgrid.report_legend(classes, words), plot_height, axis.low, axis.high, axis.step, axis.decimals,
            period, time_zone, marks, '', edges, CASE WHEN with_hints THEN hints END);
    ELSE
        charts := charts || '<div class="box"><p>Nothing was produced, consumed or traded in this period.</p></div>';
    END IF;

    charts := charts || '<div class="two">';
    prices := smartgrid.report_price_events(of_grid, period);

    -- Load of the grid, at the beginning and at the end of each bucket.
    IF EXISTS (SELECT FROM unnest(load) AS u (figure) WHERE u.figure <> 0) THEN
        SELECT smartgrid.scaled_sum(c.load, energy_scale) INTO load_before
        FROM @extschema@.sg_load_curve(name, tstzrange(lower(period) - interval '1 microsecond', lower(period), CASE WHEN lower_inc(period) THEN '[)' ELSE '[]' END)) AS c;
        lowest := least(load_before, (SELECT min(figure) FROM unnest(load) AS u (figure)), 0);
        SELECT u.figure, u.place INTO peak, peak_place
        FROM unnest(load) WITH ORDINALITY AS u (figure, place) WHERE u.figure IS NOT NULL ORDER BY u.figure DESC, u.place LIMIT 1;
        -- Where balancing begins, as long as it does not dwarf the load.
        watermarks := ARRAY(SELECT w.mark FROM unnest(watermarks) AS w (mark) WHERE w.mark BETWEEN peak / 1000 AND peak * 2 ORDER BY w.mark);
        axis := smartgrid.report_scale(lowest, greatest(peak * 1.05, load_before, watermarks[cardinality(watermarks)], 0));
        marks := format('<path class="fill-emergency" d="%s"/>',
                        smartgrid.report_area(prices.edges, array_fill(0::numeric, ARRAY[cardinality(prices.emergencies)]), prices.emergencies, 0, 1, small_height));
        marks := marks || COALESCE((SELECT string_agg('<path class="line-mark" d="M0,' || smartgrid.report_y(w.mark, axis.low, axis.high, small_height) || 'H1000"/>', '')
                                    FROM unnest(watermarks) AS w (mark)), '');
        bottoms := 0::numeric || ARRAY(SELECT smartgrid.report_x(e.at, period) FROM unnest(ends) WITH ORDINALITY AS e (at, place) ORDER BY e.place);
        marks := marks || format('<path class="fill-load" d="%sV%sH0Z"/><path class="line-load" d="%1$s"/>',
                        smartgrid.report_line(bottoms, load_before || load, axis.low, axis.high, small_height),
                        smartgrid.report_y(0, axis.low, axis.high, small_height));
        hints := ARRAY(SELECT u.label || E'\nLoad at its end: ' || smartgrid.report_number(u.load, least(energy_scale, 2)) || ' kWh'
                              || CASE WHEN u.utilization IS NULL THEN '' ELSE ', ' || smartgrid.report_number(u.utilization, 1) || ' % of capacity' END
                       FROM unnest(labels, load, utilization) WITH ORDINALITY AS u (label, load, utilization, place) ORDER BY u.place);
        charts := charts || smartgrid.report_chart(prefix || '-load', 'Load of the grid',
            format('Energy on the grid and not yet taken, at the end of each %s, %s. Highest: %s kWh%s.', width.bucket_word, when_text,
                   smartgrid.report_number(peak, smartgrid.report_decimals(peak, energy_scale)),
                   CASE WHEN lowest < 0 THEN ', lowest: ' || smartgrid.report_number(lowest, smartgrid.report_decimals(lowest, energy_scale)) || ' kWh' ELSE '' END),
            'kWh at the end of each ' || width.bucket_word
                || CASE WHEN lowest < 0 THEN '; below zero where use was reported for an earlier time than the production' ELSE '' END,
            smartgrid.report_legend(ARRAY['line-load'] || CASE WHEN cardinality(watermarks) > 0 THEN ARRAY['line-mark'] ELSE '{}' END
                                    || CASE WHEN 1 = ANY (prices.emergencies) THEN ARRAY['fill-emergency'] ELSE '{}' END,
                                    ARRAY['Load'] || CASE WHEN cardinality(watermarks) > 0 THEN ARRAY['Watermarks of balancing'] ELSE '{}' END
                                    || CASE WHEN 1 = ANY (prices.emergencies) THEN ARRAY['Emergency'] ELSE '{}' END),
            small_height, axis.low, axis.high, axis.step, axis.decimals, period, time_zone, marks,
            smartgrid.report_dot(ends[peak_place], peak, period, axis.low, axis.high, small_height,
                                 smartgrid.report_number(peak, smartgrid.report_decimals(peak, energy_scale))),
            edges, CASE WHEN with_hints THEN hints END);
    END IF;

    -- Prices: the base price is public, what was paid is in the entries.
    figures := ARRAY(SELECT smartgrid.scaled_sum(u.price, money_scale) FROM unnest(prices.base_prices) WITH ORDINALITY AS u (price, place) ORDER BY u.place);
    peak := greatest((SELECT max(figure) FROM unnest(price_high) AS u (figure)), (SELECT max(figure) FROM unnest(figures) AS u (figure)));
    IF peak > 0 THEN
        axis := smartgrid.report_scale(0, peak);
        marks := format('<path class="fill-emergency" d="%s"/><path class="fill-price" d="%s"/><path class="line-base" d="%s"/><path class="line-price" d="%s"/>',
                        smartgrid.report_area(prices.edges, array_fill(0::numeric, ARRAY[cardinality(prices.emergencies)]), prices.emergencies, 0, 1, small_height),
                        smartgrid.report_area(edges, price_low, price_high, axis.low, axis.high, small_height),
                        smartgrid.report_steps(prices.edges, figures, axis.low, axis.high, small_height),
                        smartgrid.report_steps(edges, price_avg, axis.low, axis.high, small_height));
        hints := ARRAY(SELECT u.label || CASE WHEN u.price_avg IS NULL THEN E'\nNothing consumed'
                              ELSE E'\nPaid on average: ' || smartgrid.report_number(u.price_avg, least(money_scale + 2, 4))
                                   || E'\nLowest and highest: ' || smartgrid.report_number(u.price_low, least(money_scale, 4)) || ' and '
                                   || smartgrid.report_number(u.price_high, least(money_scale, 4)) END
                       FROM unnest(labels, price_avg, price_low, price_high) WITH ORDINALITY AS u (label, price_avg, price_low, price_high, place)
                       ORDER BY u.place);
        charts := charts || smartgrid.report_chart(prefix || '-price', 'Price of energy from the grid',
            format('Average price paid for consumption in each %s with its lowest and highest, and the base price, %s. Highest figure: %s %s.',
                   width.bucket_word, when_text, smartgrid.report_number(peak, least(money_scale, 4)), money_unit),
            money_unit,
            smartgrid.report_legend(ARRAY['line-price', 'fill-price', 'line-base'] || CASE WHEN 1 = ANY (prices.emergencies) THEN ARRAY['fill-emergency'] ELSE '{}' END,
                                    ARRAY[CASE WHEN EXISTS (SELECT FROM unnest(price_avg) AS u (figure) WHERE u.figure IS NOT NULL) THEN 'Average paid' END,
                                          CASE WHEN EXISTS (SELECT FROM unnest(price_low, price_high) AS u (low, high) WHERE u.low < u.high) THEN 'Lowest to highest' END,
                                          CASE WHEN cardinality(figures) > 0 THEN 'Base price' END]
                                    || CASE WHEN 1 = ANY (prices.emergencies) THEN ARRAY['Emergency'] ELSE '{}' END),
            small_height, axis.low, axis.high, axis.step, axis.decimals, period, time_zone, marks, '', edges, CASE WHEN with_hints THEN hints END);
    END IF;
    charts := charts || '</div>';

    -- Storage: into it upwards, out of it downwards.
    peak := greatest((SELECT max(figure) FROM unnest(charged) AS u (figure)), (SELECT max(figure) FROM unnest(discharged) AS u (figure)));
    IF peak > 0 THEN
        axis := smartgrid.report_scale(-(SELECT max(figure) FROM unnest(discharged) AS u (figure)), (SELECT max(figure) FROM unnest(charged) AS u (figure)));
        bottoms := array_fill(0::numeric, ARRAY[cardinality(starts)]);
        figures := ARRAY(SELECT -u.figure FROM unnest(discharged) WITH ORDINALITY AS u (figure, place) ORDER BY u.place);
        marks := format('<path class="fill-charge" d="%s"/><path class="fill-discharge" d="%s"/>',
                        smartgrid.report_area(edges, bottoms, charged, axis.low, axis.high, small_height),
                        smartgrid.report_area(edges, figures, bottoms, axis.low, axis.high, small_height));
        hints := ARRAY(SELECT u.label || E'\nCharged: ' || smartgrid.report_number(u.charged, least(energy_scale, 2)) || ' kWh'
                              || E'\nDischarged: ' || smartgrid.report_number(u.discharged, least(energy_scale, 2)) || ' kWh'
                       FROM unnest(labels, charged, discharged) WITH ORDINALITY AS u (label, charged, discharged, place) ORDER BY u.place);
        charts := charts || smartgrid.report_chart(prefix || '-storage', 'Storage: charged and discharged',
            format('Energy that storage facilities took in (above the line) and gave back (below it) in each %s, %s. Charged %s kWh, discharged %s kWh in all.',
                   width.bucket_word, when_text,
                   (SELECT smartgrid.report_number(sum(figure), smartgrid.report_decimals(sum(figure), energy_scale)) FROM unnest(charged) AS u (figure)),
                   (SELECT smartgrid.report_number(sum(figure), smartgrid.report_decimals(sum(figure), energy_scale)) FROM unnest(discharged) AS u (figure))),
            per_bucket, smartgrid.report_legend('{fill-charge,fill-discharge}', ARRAY[CASE WHEN axis.high > 0 THEN 'Charged' END,
                                                       CASE WHEN axis.low < 0 THEN 'Discharged (below the line)' END]),
            small_height, axis.low, axis.high, axis.step, axis.decimals, period, time_zone, marks, '', edges, CASE WHEN with_hints THEN hints END);
    END IF;
    RETURN charts;
END
$$;
COMMENT ON FUNCTION smartgrid.report_curves(integer, text, integer, integer, text, bigint, numeric[], tstzrange, text, text, boolean)
    IS 'charts of a grid''s load curve, or of one participant''s';

CREATE FUNCTION smartgrid.report_type_word(energy_type text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE energy_type WHEN 'natural-gas' THEN 'Natural gas' ELSE initcap(energy_type) END;
END;
COMMENT ON FUNCTION smartgrid.report_type_word(text) IS 'an energy type as people write it';

-- The figures behind the charts, in longer steps where there are many.
CREATE FUNCTION smartgrid.report_figures(name text, energy_scale integer, money_scale integer, currency text,
    whole boolean, period tstzrange, time_zone text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    width record;
    body text;
    decimals integer;
    formats CONSTANT text := 'hnnnnnnnnnn';
BEGIN
    width := smartgrid.report_buckets(period);
    WITH curve AS MATERIALIZED (
        SELECT * FROM @extschema@.sg_load_curve(name, period, width.table_bucket, time_zone)
    ), size AS (
        SELECT smartgrid.report_decimals(smartgrid.scaled_sum(max(greatest(c.produced, c.consumed)), energy_scale), least(energy_scale, 2)) AS decimals FROM curve AS c
    )
    SELECT string_agg(smartgrid.report_row(formats,
               smartgrid.report_bucket_label(c.bucket_start, c.bucket_end, width.table_bucket, time_zone),
               smartgrid.report_number(smartgrid.scaled_sum(c.produced, energy_scale), s.decimals),
               smartgrid.report_number(smartgrid.scaled_sum(c.consumed, energy_scale), s.decimals),
               smartgrid.report_number(smartgrid.scaled_sum(c.traded, energy_scale), s.decimals),
               smartgrid.report_number(smartgrid.scaled_sum(c.charged, energy_scale), s.decimals),
               smartgrid.report_number(smartgrid.scaled_sum(c.discharged, energy_scale), s.decimals),
               smartgrid.report_number(smartgrid.scaled_sum(c.load, energy_scale), s.decimals),
               smartgrid.report_number(c.utilization, 1),
               smartgrid.report_price(c.price_avg, money_scale),
               smartgrid.report_price(c.price_low, money_scale) || '&#160;&#8211; ' || smartgrid.report_price(c.price_high, money_scale),
               smartgrid.report_number(smartgrid.scaled_sum(c.revenue, money_scale), least(money_scale, 2))), '' ORDER BY c.bucket_start)
    INTO body
    FROM curve AS c CROSS JOIN size AS s;
    RETURN '<details><summary>Figures by ' || width.table_word || '</summary>'
           || smartgrid.report_table('Energy in kWh, prices in ' || smartgrid.report_currency(currency) || ' per kWh, '
                                     || CASE WHEN whole THEN 'revenue' ELSE 'paid to the grid' END || ' in ' || smartgrid.report_currency(currency)
                                     || '; load and utilization at the end of each ' || width.table_word,
                                     formats,
                                     ARRAY[initcap(width.table_word), 'Produced', 'Consumed', 'Traded', 'Charged', 'Discharged', 'Load',
                                           'Utilization %', 'Average price', 'Lowest and highest', CASE WHEN whole THEN 'Revenue' ELSE 'Paid' END], body)
           || '</details>';
END
$$;
COMMENT ON FUNCTION smartgrid.report_figures(text, integer, integer, text, boolean, tstzrange, text) IS 'the figures behind the charts as a table';

-- What was produced, by energy type.
CREATE FUNCTION smartgrid.report_mix(name text, energy_scale integer, period tstzrange, time_zone text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    body text;
BEGIN
    WITH mix AS (
        SELECT m.energy_type, sum(m.energy) AS energy
        FROM @extschema@.sg_load_curve(name, period, (smartgrid.report_buckets(period)).table_bucket, time_zone) AS c
             CROSS JOIN LATERAL (VALUES ('solar', c.solar), ('wind', c.wind), ('hydro', c.hydro), ('nuclear', c.nuclear),
                                        ('geothermal', c.geothermal), ('biomass', c.biomass), ('natural-gas', c.natural_gas)) AS m (energy_type, energy)
        GROUP BY m.energy_type
    ), total AS (
        SELECT sum(m.energy) AS energy, smartgrid.report_decimals(smartgrid.scaled_sum(sum(m.energy), energy_scale), energy_scale) AS decimals FROM mix AS m
    )
    SELECT string_agg(smartgrid.report_row('hnnbtn', smartgrid.report_type_word(m.energy_type),
               smartgrid.report_number(smartgrid.scaled_sum(m.energy, energy_scale), t.decimals),
               smartgrid.report_number(100 * m.energy / t.energy, 1) || '&#160;%',
               smartgrid.report_bar(100 * m.energy / t.energy, 'fill-' || m.energy_type),
               CASE WHEN e.renewable THEN 'yes' ELSE 'no' END,
               smartgrid.report_number(e.co2_g_per_kwh, CASE WHEN scale(trim_scale(e.co2_g_per_kwh)) > 0 THEN 1 ELSE 0 END)),
               '' ORDER BY m.energy DESC, m.energy_type)
    INTO body
    FROM mix AS m CROSS JOIN total AS t
         LEFT JOIN @extschema@.sg_energy_types AS e ON e.grid = name AND e.energy_type = m.energy_type
    WHERE m.energy > 0;
    RETURN COALESCE(smartgrid.report_table('Production by energy type', 'hnnbtn',
        ARRAY['Energy type', 'Produced, kWh', 'Share', 'of production', 'Renewable', 'g CO<sub>2</sub>eq per kWh'], body), '');
END
$$;
COMMENT ON FUNCTION smartgrid.report_mix(text, integer, tstzrange, text) IS 'production of a period by energy type as a table';

-- The report page: what the books say of a grid's participants, trades and evidence.
--
-- Kinds of entries by code: 0 production, 1 consumption, 2 charge, 3 discharge, 4 hold, 5 trade, 6 release, 7 topup,
-- 8 withdrawal (LedgerKind in src/ledger.h).  Row-level security decides which rows there are.

-- What each participant did in a period: energy units and money units.
CREATE FUNCTION smartgrid.report_sums(of_grid integer, period tstzrange,
    OUT participant_id bigint, OUT produced numeric, OUT consumed numeric, OUT charged numeric, OUT discharged numeric,
    OUT sold numeric, OUT bought numeric, OUT paid numeric, OUT earned numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.party_id,
           COALESCE(sum(e.energy) FILTER (WHERE e.kind = 0), 0), COALESCE(sum(e.energy) FILTER (WHERE e.kind = 1), 0),
           COALESCE(sum(e.energy) FILTER (WHERE e.kind = 2), 0), COALESCE(sum(e.energy) FILTER (WHERE e.kind = 3), 0),
           COALESCE(sum(e.energy) FILTER (WHERE e.kind = 5 AND NOT e.as_buyer), 0), COALESCE(sum(e.energy) FILTER (WHERE e.as_buyer), 0),
           COALESCE(sum(e.money) FILTER (WHERE e.kind = 1 OR e.as_buyer), 0), COALESCE(sum(e.money) FILTER (WHERE e.kind = 5 AND NOT e.as_buyer), 0)
    FROM (SELECT l.participant_id AS party_id, l.kind, l.energy, l.money, false AS as_buyer
          FROM smartgrid.ledger AS l
          WHERE l.grid_id = of_grid AND l.at >= lower(period) AND l.at <= upper(period) AND l.at <@ period AND l.kind IN (0, 1, 2, 3, 5)
          UNION ALL
          SELECT l.counterparty_id, l.kind, l.energy, l.money, true
          FROM smartgrid.ledger AS l
          WHERE l.grid_id = of_grid AND l.at >= lower(period) AND l.at <= upper(period) AND l.at <@ period AND l.kind = 5) AS e
    GROUP BY e.party_id;
END;
COMMENT ON FUNCTION smartgrid.report_sums(integer, tstzrange)
    IS 'what each participant did in a period, of the entries that the caller sees: energy units, paid and earned in money units';

-- The most active participants, for readers of the whole grid: one pass over the period's entries for all three tables.
CREATE FUNCTION smartgrid.report_parties(of_grid integer, prefix text, energy_scale integer, money_scale integer, currency text, period tstzrange,
    OUT storages text, OUT parties text)
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown CONSTANT integer := 10;
    found record;
    money text := smartgrid.report_currency(currency);
BEGIN
    WITH sums AS MATERIALIZED (
        SELECT s.*, n.principal FROM smartgrid.report_sums(of_grid, period) AS s
             LEFT JOIN smartgrid.participant AS n ON n.participant_id = s.participant_id
    ), total AS (
        SELECT sum(s.produced) AS produced, sum(s.consumed + s.bought) AS used, max(s.produced) AS most_produced, max(s.consumed + s.bought) AS most_used,
               smartgrid.report_decimals(smartgrid.scaled_sum(max(s.produced), energy_scale), least(energy_scale, 2)) AS decimals,
               smartgrid.report_decimals(smartgrid.scaled_sum(max(s.consumed + s.bought), energy_scale), least(energy_scale, 2)) AS used_decimals
        FROM sums AS s
    ), producers AS (
        SELECT s.*, row_number() OVER (ORDER BY s.produced DESC, s.sold DESC, s.principal) AS place, count(*) OVER () AS parties
        FROM sums AS s WHERE s.produced > 0 OR s.sold > 0
    ), consumers AS (
        SELECT s.*, s.consumed + s.bought AS used,
               row_number() OVER (ORDER BY s.consumed + s.bought DESC, s.principal) AS place, count(*) OVER () AS parties
        FROM sums AS s WHERE s.consumed + s.bought > 0
    ), facilities AS (
        SELECT st.participant_id, n.principal, st.capacity, st.stored_amount, s.charged, s.discharged,
               row_number() OVER (ORDER BY COALESCE(s.charged, 0) + COALESCE(s.discharged, 0) DESC, st.capacity DESC, n.principal) AS place,
               count(*) OVER () AS parties
        FROM smartgrid.storage AS st
             LEFT JOIN sums AS s ON s.participant_id = st.participant_id
             LEFT JOIN smartgrid.participant AS n ON n.participant_id = st.participant_id
        WHERE st.grid_id = of_grid
    )
    SELECT (SELECT max(p.parties) FROM producers AS p) AS producers,
           (SELECT string_agg(smartgrid.report_row('hnbnnn',
                       smartgrid.report_name(p.principal)
                       || COALESCE(' <span class="quiet">' || lower(smartgrid.report_type_word(smartgrid.energy_type_name(d.energy_type))) || '</span>', ''),
                       smartgrid.report_number(smartgrid.scaled_sum(p.produced, energy_scale), t.decimals),
                       smartgrid.report_bar(100 * p.produced / NULLIF(t.most_produced, 0), 'fill-' || COALESCE(smartgrid.energy_type_name(d.energy_type), 'use')),
                       smartgrid.report_number(100 * p.produced / NULLIF(t.produced, 0), 1),
                       smartgrid.report_number(smartgrid.scaled_sum(p.sold, energy_scale), t.decimals),
                       smartgrid.report_number(smartgrid.scaled_sum(p.earned, money_scale), least(money_scale, 2))), '' ORDER BY p.place)
            FROM producers AS p CROSS JOIN total AS t
                 LEFT JOIN smartgrid.producer AS d ON d.participant_id = p.participant_id
            WHERE p.place <= shown) AS producer_rows,
           (SELECT max(c.parties) FROM consumers AS c) AS consumers,
           (SELECT string_agg(smartgrid.report_row('hnbnnn', smartgrid.report_name(c.principal),
                       smartgrid.report_number(smartgrid.scaled_sum(c.used, energy_scale), t.used_decimals),
                       smartgrid.report_bar(100 * c.used / t.most_used, 'fill-use'),
                       smartgrid.report_number(100 * c.used / t.used, 1),
                       smartgrid.report_number(smartgrid.scaled_sum(c.bought, energy_scale), t.used_decimals),
                       smartgrid.report_number(smartgrid.scaled_sum(c.paid, money_scale), least(money_scale, 2))), '' ORDER BY c.place)
            FROM consumers AS c CROSS JOIN total AS t
            WHERE c.place <= shown) AS consumer_rows,
           (SELECT max(s.parties) FROM facilities AS s) AS storages,
           (SELECT string_agg(smartgrid.report_row('hnnnnb', smartgrid.report_name(s.principal),
                       smartgrid.report_number(smartgrid.scaled_sum(COALESCE(s.charged, 0), energy_scale), least(energy_scale, 2)),
                       smartgrid.report_number(smartgrid.scaled_sum(COALESCE(s.discharged, 0), energy_scale), least(energy_scale, 2)),
                       smartgrid.report_number(smartgrid.scaled_sum(s.capacity, energy_scale), least(energy_scale, 2)),
                       smartgrid.report_number(smartgrid.scaled_sum(s.stored_amount, energy_scale), least(energy_scale, 2)),
                       smartgrid.report_bar(100 * s.stored_amount::numeric / s.capacity, 'fill-charge')), '' ORDER BY s.place)
            FROM facilities AS s WHERE s.place <= shown) AS storage_rows
    INTO found;

    storages := '';
    parties := '';
    IF found.storages > 0 THEN
        storages := smartgrid.report_table(
            CASE WHEN found.storages > shown THEN 'The ' || shown || ' most used of ' || smartgrid.report_count(found.storages, 'storage facility', 'storage facilities')
                 ELSE 'Storage facilities' END || ', kWh', 'hnnnnb',
            ARRAY['Facility', 'Charged', 'Discharged', 'Capacity', 'Stored now', 'of capacity'], found.storage_rows);
    END IF;
    IF found.producers > 0 OR found.consumers > 0 THEN
        parties := '<h3 id="' || prefix || '-participants">Participants</h3><div class="two"><div>'
            || CASE WHEN found.producers > 0 THEN smartgrid.report_table(
                   CASE WHEN found.producers > shown THEN 'Top ' || shown || ' of ' || smartgrid.report_count(found.producers, 'producer', 'producers') ELSE 'Producers' END,
                   'hnbnnn', ARRAY['Producer', 'Produced, kWh', 'compared with the first', 'Share, %', 'Sold to members, kWh', 'Earned, ' || money], found.producer_rows) ELSE '' END
            || '</div><div>'
            || CASE WHEN found.consumers > 0 THEN smartgrid.report_table(
                   CASE WHEN found.consumers > shown THEN 'Top ' || shown || ' of ' || smartgrid.report_count(found.consumers, 'consumer', 'consumers') ELSE 'Consumers' END,
                   'hnbnnn', ARRAY['Consumer', 'Used, kWh', 'compared with the first', 'Share, %', 'Bought from members, kWh', 'Paid, ' || money], found.consumer_rows) ELSE '' END
            || '</div></div>';
    END IF;
END
$$;
COMMENT ON FUNCTION smartgrid.report_parties(integer, text, integer, integer, text, tstzrange)
    IS 'storage facilities, and the participants that produced and used most, as tables; for readers of the whole grid';

-- Trades; own: only this participant's.
CREATE FUNCTION smartgrid.report_trades(of_grid integer, energy_scale integer, money_scale integer, currency text, own bigint, period tstzrange) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown CONSTANT integer := 10;
    found record;
    partners record;
    money text := smartgrid.report_currency(currency);
BEGIN
    SELECT count(*) FILTER (WHERE t.created_at <@ period) AS offered,
           count(*) FILTER (WHERE t.status = 1 AND t.closed_at <@ period) AS completed,
           count(*) FILTER (WHERE t.status = 2 AND t.closed_at <@ period) AS cancelled,
           count(*) FILTER (WHERE t.status = 0) AS pending,
           COALESCE(sum(t.amount) FILTER (WHERE t.status = 1 AND t.closed_at <@ period), 0) AS energy,
           COALESCE(sum(t.cost) FILTER (WHERE t.status = 1 AND t.closed_at <@ period), 0) AS cost,
           COALESCE(sum(t.amount) FILTER (WHERE t.status = 0), 0) AS held
    INTO found
    FROM smartgrid.trade AS t
    WHERE t.grid_id = of_grid AND (own IS NULL OR own IN (t.seller_id, t.buyer_id));
    IF found.offered + found.completed + found.cancelled + found.pending = 0 THEN
        RETURN '<div class="box"><p>No trade was offered, completed or cancelled in this period.</p></div>';
    END IF;

    WITH pairs AS (
        SELECT t.seller_id, t.buyer_id, count(*) AS trades, sum(t.amount) AS energy, sum(t.cost) AS cost
        FROM smartgrid.trade AS t
        WHERE t.grid_id = of_grid AND t.status = 1 AND t.closed_at <@ period AND (own IS NULL OR own IN (t.seller_id, t.buyer_id))
        GROUP BY t.seller_id, t.buyer_id
    ), ranked AS (
        SELECT p.*, row_number() OVER (ORDER BY p.energy DESC, p.cost DESC, p.seller_id, p.buyer_id) AS place, count(*) OVER () AS pairs
        FROM pairs AS p
    )
    SELECT max(r.pairs) AS pairs,
           string_agg(smartgrid.report_row('htnnnn', smartgrid.report_name(smartgrid.party_name(r.seller_id)),
                          smartgrid.report_name(smartgrid.party_name(r.buyer_id)),
                          smartgrid.report_number(r.trades, 0),
                          smartgrid.report_number(smartgrid.scaled_sum(r.energy, energy_scale), least(energy_scale, 2)),
                          smartgrid.report_price(r.cost / smartgrid.scaled_sum(r.energy, energy_scale), money_scale),
                          smartgrid.report_number(smartgrid.scaled_sum(r.cost, money_scale), least(money_scale, 2))), '' ORDER BY r.place) AS pair_rows
    INTO partners
    FROM ranked AS r WHERE r.place <= shown;

    RETURN '<div class="box"><p>In this period ' || smartgrid.report_count(found.offered, 'trade was offered', 'trades were offered') || ', '
        || smartgrid.report_number(found.completed, 0) || ' completed and ' || smartgrid.report_number(found.cancelled, 0) || ' cancelled; '
        || smartgrid.report_number(found.pending, 0) || CASE WHEN found.pending = 1 THEN ' is' ELSE ' are' END || ' pending now'
        || CASE WHEN found.pending > 0 THEN CASE WHEN found.pending = 1 THEN ' and holds ' ELSE ' and hold ' END || smartgrid.report_kwh(found.held, energy_scale) ELSE '' END || '.'
        || CASE WHEN found.energy > 0
                THEN ' Completed: <b>' || smartgrid.report_kwh(found.energy, energy_scale) || '</b> for <b>' || smartgrid.report_money(found.cost, money_scale, currency)
                     || '</b>, ' || smartgrid.report_price(found.cost / smartgrid.scaled_sum(found.energy, energy_scale), money_scale) || ' ' || money || ' per kWh on average.'
                ELSE '' END
        || '</p></div>'
        || CASE WHEN partners.pairs > 0 THEN smartgrid.report_table(
               CASE WHEN partners.pairs > shown THEN 'Completed trades: the ' || shown || ' largest of ' || smartgrid.report_count(partners.pairs, 'pair', 'pairs')
                    ELSE 'Completed trades' END,
               'htnnnn', ARRAY['Seller', 'Buyer', 'Trades', 'kWh', money || ' per kWh', 'Cost, ' || money], partners.pair_rows) ELSE '' END;
END
$$;
COMMENT ON FUNCTION smartgrid.report_trades(integer, integer, integer, text, bigint, tstzrange)
    IS 'trades of a period: how many, and who traded most with whom; own: of this participant, NULL: of all';

-- A participant's own figures: cards, and the accounts from the beginning to the end of the period.
CREATE FUNCTION smartgrid.report_account(of_grid integer, own bigint, prefix text, energy_scale integer, money_scale integer, currency text, period tstzrange) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    a record;
    is_producer boolean;
    is_consumer boolean;
    is_storage boolean;
    account text;
BEGIN
    SELECT EXISTS (SELECT FROM smartgrid.producer AS p WHERE p.participant_id = own),
           EXISTS (SELECT FROM smartgrid.consumer AS c WHERE c.participant_id = own),
           EXISTS (SELECT FROM smartgrid.storage AS s WHERE s.participant_id = own)
    INTO is_producer, is_consumer, is_storage;
    -- Two branches, so that each finds its entries by index; sums with a name of their own are those of the period.
    SELECT COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 0), 0) AS produced,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 1), 0) AS consumed,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 2), 0) AS charged,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 3), 0) AS discharged,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 4), 0) AS held,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 6), 0) AS released,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 5 AND NOT e.as_buyer), 0) AS sold,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.as_buyer), 0) AS bought,
           COALESCE(sum(e.money) FILTER (WHERE e.inside AND e.kind = 1), 0) AS paid_to_grid,
           COALESCE(sum(e.money) FILTER (WHERE e.inside AND e.as_buyer), 0) AS paid_to_sellers,
           COALESCE(sum(e.money) FILTER (WHERE e.inside AND e.kind = 5 AND NOT e.as_buyer), 0) AS earned,
           COALESCE(sum(e.money) FILTER (WHERE e.inside AND e.kind = 7), 0) AS topups,
           COALESCE(sum(e.money) FILTER (WHERE e.inside AND e.kind = 8), 0) AS withdrawals,
           COALESCE(sum(CASE WHEN e.kind = 7 THEN e.money WHEN e.kind = 1 OR e.as_buyer THEN -e.money END) FILTER (WHERE e.earlier), 0) AS opening_balance,
           COALESCE(sum(CASE WHEN e.as_buyer THEN 0 WHEN e.kind = 5 THEN e.money WHEN e.kind = 8 THEN -e.money END) FILTER (WHERE e.earlier), 0) AS opening_earnings,
           COALESCE(sum(CASE WHEN e.kind IN (0, 6) THEN e.energy WHEN e.kind = 4 THEN -e.energy END) FILTER (WHERE e.earlier), 0) AS opening_unsold,
           COALESCE(sum(CASE WHEN e.kind = 2 THEN e.energy WHEN e.kind = 3 THEN -e.energy END) FILTER (WHERE e.earlier), 0) AS opening_stored
    INTO a
    FROM (SELECT l.kind, l.energy, l.money, false AS as_buyer, l.at <@ period AS inside, l.at <= lower(period) AND NOT l.at <@ period AS earlier
          FROM smartgrid.ledger AS l WHERE l.participant_id = own AND l.grid_id = of_grid
          UNION ALL
          SELECT l.kind, l.energy, l.money, true, l.at <@ period, l.at <= lower(period) AND NOT l.at <@ period
          FROM smartgrid.ledger AS l WHERE l.counterparty_id = own AND l.counterparty_id > 0 AND l.grid_id = of_grid AND l.kind = 5) AS e;

    account := '<ul class="cards">'
        || CASE WHEN is_producer THEN
               smartgrid.report_card('Produced', smartgrid.report_kwh(a.produced, energy_scale), smartgrid.report_kwh(a.sold, energy_scale) || ' sold')
               || smartgrid.report_card('Earned', smartgrid.report_money(a.earned, money_scale, currency),
                      CASE WHEN a.sold > 0 THEN smartgrid.report_price(a.earned / smartgrid.scaled_sum(a.sold, energy_scale), money_scale) || ' per kWh sold' ELSE 'nothing sold' END)
               ELSE '' END
        || CASE WHEN is_consumer THEN
               smartgrid.report_card('Used', smartgrid.report_kwh(a.consumed + a.bought, energy_scale),
                   smartgrid.report_kwh(a.consumed, energy_scale) || ' from the grid, ' || smartgrid.report_kwh(a.bought, energy_scale) || ' bought from members')
               || smartgrid.report_card('Paid', smartgrid.report_money(a.paid_to_grid + a.paid_to_sellers, money_scale, currency),
                      CASE WHEN a.consumed + a.bought > 0 THEN smartgrid.report_price((a.paid_to_grid + a.paid_to_sellers) / smartgrid.scaled_sum(a.consumed + a.bought, energy_scale), money_scale)
                           || ' per kWh used' ELSE 'nothing used' END)
               || smartgrid.report_card('Balance at the end', smartgrid.report_money(a.opening_balance + a.topups - a.paid_to_grid - a.paid_to_sellers, money_scale, currency),
                      smartgrid.report_money(a.topups, money_scale, currency) || ' topped up')
               ELSE '' END
        || CASE WHEN is_storage THEN
               smartgrid.report_card('Charged', smartgrid.report_kwh(a.charged, energy_scale), smartgrid.report_kwh(a.discharged, energy_scale) || ' discharged')
               || smartgrid.report_card('Stored at the end', smartgrid.report_kwh(a.opening_stored + a.charged - a.discharged, energy_scale), '')
               ELSE '' END
        || '</ul>';

    account := account || '<h3 id="' || prefix || '-account">Statement of account</h3><div class="two">'
        || CASE WHEN is_consumer THEN smartgrid.report_table('Balance, ' || smartgrid.report_currency(currency), 'hn', ARRAY['Item', 'Amount'],
               smartgrid.report_row('hn', 'Opening balance', smartgrid.report_number(smartgrid.scaled_sum(a.opening_balance, money_scale), money_scale))
               || smartgrid.report_row('hn', 'Topped up', smartgrid.report_number(smartgrid.scaled_sum(a.topups, money_scale), money_scale))
               || smartgrid.report_row('hn', 'Paid for energy from the grid', smartgrid.report_number(smartgrid.scaled_sum(-a.paid_to_grid, money_scale), money_scale))
               || smartgrid.report_row('hn', 'Paid to members', smartgrid.report_number(smartgrid.scaled_sum(-a.paid_to_sellers, money_scale), money_scale))
               || smartgrid.report_row('hn', '<b>Closing balance</b>', '<b>' || smartgrid.report_number(smartgrid.scaled_sum(
                      a.opening_balance + a.topups - a.paid_to_grid - a.paid_to_sellers, money_scale), money_scale) || '</b>')) ELSE '' END
        || CASE WHEN is_producer THEN smartgrid.report_table('Earnings, ' || smartgrid.report_currency(currency), 'hn', ARRAY['Item', 'Amount'],
               smartgrid.report_row('hn', 'Opening earnings', smartgrid.report_number(smartgrid.scaled_sum(a.opening_earnings, money_scale), money_scale))
               || smartgrid.report_row('hn', 'Earned by trades', smartgrid.report_number(smartgrid.scaled_sum(a.earned, money_scale), money_scale))
               || smartgrid.report_row('hn', 'Withdrawn', smartgrid.report_number(smartgrid.scaled_sum(-a.withdrawals, money_scale), money_scale))
               || smartgrid.report_row('hn', '<b>Closing earnings</b>', '<b>' || smartgrid.report_number(smartgrid.scaled_sum(
                      a.opening_earnings + a.earned - a.withdrawals, money_scale), money_scale) || '</b>'))
            || smartgrid.report_table('Unsold energy, kWh', 'hn', ARRAY['Item', 'Energy'],
               smartgrid.report_row('hn', 'Unsold before', smartgrid.report_number(smartgrid.scaled_sum(a.opening_unsold, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', 'Produced', smartgrid.report_number(smartgrid.scaled_sum(a.produced, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', 'Offered in trades', smartgrid.report_number(smartgrid.scaled_sum(-a.held, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', 'Back from cancelled trades', smartgrid.report_number(smartgrid.scaled_sum(a.released, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', '<b>Unsold after</b>', '<b>' || smartgrid.report_number(smartgrid.scaled_sum(
                      a.opening_unsold + a.produced - a.held + a.released, energy_scale), least(energy_scale, 3)) || '</b>')) ELSE '' END
        || CASE WHEN is_storage THEN smartgrid.report_table('Stored energy, kWh', 'hn', ARRAY['Item', 'Energy'],
               smartgrid.report_row('hn', 'Stored before', smartgrid.report_number(smartgrid.scaled_sum(a.opening_stored, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', 'Charged', smartgrid.report_number(smartgrid.scaled_sum(a.charged, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', 'Discharged', smartgrid.report_number(smartgrid.scaled_sum(-a.discharged, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', '<b>Stored after</b>', '<b>' || smartgrid.report_number(smartgrid.scaled_sum(
                      a.opening_stored + a.charged - a.discharged, energy_scale), least(energy_scale, 3)) || '</b>')) ELSE '' END
        || '</div>';
    RETURN account;
END
$$;
COMMENT ON FUNCTION smartgrid.report_account(integer, bigint, text, integer, integer, text, tstzrange)
    IS 'a participant''s own figures of a period, and its accounts from the beginning to the end of it';

CREATE FUNCTION smartgrid.report_card(label text, figure text, note text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- The unit, behind the no-break space, smaller than its figure; a long figure is broken at its thousands.
    SELECT '<li><b>' || label || '</b><strong>' || regexp_replace(replace(figure, ',', ',<wbr/>'), '&#160;(.*)$', '&#160;<small>\1</small>') || '</strong>'
           || CASE WHEN note <> '' THEN '<span>' || note || '</span>' ELSE '' END || '</li>';
END;
COMMENT ON FUNCTION smartgrid.report_card(text, text, text) IS 'a card with one figure; its texts are HTML';

-- What is sealed, and the invariants.  checks: what sg_check() says of this grid, or NULL.
CREATE FUNCTION smartgrid.report_evidence(of_grid integer, whole boolean, period tstzrange, time_zone text, checks jsonb,
    OUT overview text, OUT details text)
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    last_block record;
    blocks bigint;
    block_rows text;
    unsealed bigint;
    empty boolean;
    failed integer;
    invariants integer;
BEGIN
    SELECT b.height, b.sealed_at, b.last_entry, encode(b.hash, 'hex') AS hash INTO last_block
    FROM smartgrid.block AS b WHERE b.grid_id = of_grid ORDER BY b.height DESC LIMIT 1;
    blocks := COALESCE(last_block.height + 1, 0);
    SELECT count(*) INTO unsealed FROM smartgrid.ledger AS l
    WHERE l.grid_id = of_grid AND l.entry_id > COALESCE(last_block.last_entry, 0) AND l.at <@ period;
    empty := whole AND blocks = 0 AND NOT EXISTS (SELECT FROM smartgrid.participant AS p WHERE p.grid_id = of_grid);
    SELECT string_agg(smartgrid.report_row('htnt', smartgrid.report_number(b.height, 0), smartgrid.report_time(b.sealed_at, time_zone),
                          smartgrid.report_number(b.entries, 0), '<code>' || encode(b.hash, 'hex') || '</code>'), '' ORDER BY b.height DESC)
    INTO block_rows
    FROM (SELECT k.height, k.sealed_at, k.entries, k.hash FROM smartgrid.block AS k
          WHERE k.grid_id = of_grid ORDER BY k.height DESC LIMIT 5) AS b;

    details := '<div class="box"><p>'
        || CASE WHEN empty THEN '<span class="pill good">Nothing to seal</span> Nobody takes part in this grid yet.'
                WHEN blocks = 0 THEN '<span class="pill warn">Not sealed</span> This ledger has no sealed block yet.'
                WHEN unsealed = 0 THEN '<span class="pill good">Sealed</span> All entries of this period' || CASE WHEN whole THEN '' ELSE ' that concern this account' END || ' are sealed.'
                ELSE '<span class="pill warn">Partly sealed</span> ' || smartgrid.report_count(unsealed, 'entry', 'entries') || ' of this period'
                     || CASE WHEN unsealed = 1 THEN ' is' ELSE ' are' END || ' not sealed yet.' END || '</p>'
        || CASE WHEN blocks > 0 THEN
               '<p>' || smartgrid.report_count(blocks, 'block', 'blocks') || ', the last one sealed on ' || smartgrid.report_time(last_block.sealed_at, time_zone)
               || '. Its hash commits to every entry before it; who keeps a copy can prove later that nothing was changed:<br/><code>'
               || last_block.hash || '</code></p>'
               || smartgrid.report_table(CASE WHEN blocks > 5 THEN 'The last 5 blocks' ELSE 'Blocks' END, 'htnt',
                                         ARRAY['Height', 'Sealed', 'Entries', 'SHA-256'], block_rows) ELSE '' END
        || '</div>';
    overview := CASE WHEN empty THEN '<span class="pill good">nothing to seal</span>' WHEN blocks = 0 THEN '<span class="pill warn">not sealed</span>' WHEN unsealed = 0 THEN '<span class="pill good">sealed</span>'
                     ELSE '<span class="pill warn">partly sealed</span>' END;

    IF checks IS NOT NULL THEN
        SELECT count(*), count(*) FILTER (WHERE NOT c.ok) INTO invariants, failed FROM jsonb_to_recordset(checks) AS c (ok boolean);
        details := details || '<div class="box"><p>'
            || CASE WHEN failed = 0 THEN '<span class="pill good">' || invariants || ' of ' || invariants || ' hold</span> Every invariant of the books holds at the time of this report.'
                    ELSE '<span class="pill bad">' || failed || ' of ' || invariants || ' violated</span> The books contradict themselves: see sg_verify_ledger().' END
            || '</p><details' || CASE WHEN failed > 0 THEN ' open=""' ELSE '' END || '><summary>Invariants</summary>'
            || smartgrid.report_table('Both sides in units of the grid (energy, money) or numbers of rows', 'hnnt', ARRAY['Invariant', 'Left side', 'Right side', 'Result'],
                   (SELECT string_agg(smartgrid.report_row('hnnt', smartgrid.report_escape(c.invariant), smartgrid.report_number(c.left_side, 0),
                                          smartgrid.report_number(c.right_side, 0),
                                          CASE WHEN c.ok THEN '<span class="pill good">holds</span>' ELSE '<span class="pill bad">violated</span>' END), '' ORDER BY c.place)
                    FROM jsonb_to_recordset(checks) AS c (place integer, invariant text, left_side numeric, right_side numeric, ok boolean)))
            || '</details></div>';
        overview := overview || CASE WHEN failed = 0 THEN ' <span class="pill good">books balance</span>' ELSE ' <span class="pill bad">' || failed || ' violated</span>' END;
    END IF;
END
$$;
COMMENT ON FUNCTION smartgrid.report_evidence(integer, boolean, tstzrange, text, jsonb)
    IS 'seal status and invariants of a grid, as a pill for an overview and as a chapter';

-- The report page.

CREATE FUNCTION smartgrid.report_kpi(figure numeric, unit text, energy_scale integer, money_scale integer, currency text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN figure IS NULL THEN '&#8211;'
        WHEN unit = 'kWh' THEN smartgrid.report_number(figure, smartgrid.report_decimals(figure, energy_scale)) || '&#160;kWh'
        WHEN unit = currency THEN smartgrid.report_number(figure, least(money_scale, 2)) || CASE WHEN currency = 'XXX' THEN '' ELSE '&#160;' || smartgrid.report_currency(currency) END
        WHEN unit = currency || '/kWh' THEN smartgrid.report_number(figure, least(money_scale + 2, 4)) || '&#160;' || smartgrid.report_currency(currency) || '/kWh'
        WHEN unit = '%' THEN smartgrid.report_number(figure, 1) || '&#160;%'
        ELSE smartgrid.report_number(figure, smartgrid.report_decimals(figure, 2)) || '&#160;' || smartgrid.report_escape(unit) END;
END;
COMMENT ON FUNCTION smartgrid.report_kpi(numeric, text, integer, integer, text) IS 'a figure of sg_kpis() with its unit';

CREATE FUNCTION smartgrid.report_kpi_word(kpi text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE kpi
        WHEN 'co2_intensity' THEN 'CO<sub>2</sub> intensity'
        WHEN 'price_avg' THEN 'Average price'
        WHEN 'price_low' THEN 'Lowest price'
        WHEN 'price_high' THEN 'Highest price'
        WHEN 'self_consumption' THEN 'Self-consumption'
        WHEN 'self_sufficiency' THEN 'Self-sufficiency'
        WHEN 'round_trip_efficiency' THEN 'Round-trip efficiency'
        ELSE smartgrid.report_escape(upper(left(kpi, 1)) || replace(substr(kpi, 2), '_', ' ')) END;
END;
COMMENT ON FUNCTION smartgrid.report_kpi_word(text) IS 'a key figure as people write it';

-- A grid's part of the page.  single: the only one, so that the page's heading has its name; checks: of sg_check().
CREATE FUNCTION smartgrid.report_grid(of_grid integer, place integer, single boolean, with_hints boolean, period tstzrange, checks jsonb,
    OUT overview text, OUT section text, OUT time_zone text, OUT seen_as text)
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    g record;
    k jsonb;
    kpi_rows text;
    evidence record;
    storages text := '';
    parties text := '';
    whole boolean := of_grid = ANY (smartgrid.readable_grids());
    own bigint;
    prefix text := 'g' || place;
    heading text;
BEGIN
    SELECT s.grid, s.energy_scale, s.money_scale, s.currency, s.emergency_mode, s.current_load, s.total_capacity, s.utilization,
           s.dynamic_price, s.base_price, s.total_capacity_kwh, s.low_watermark, s.high_watermark
    INTO g
    FROM smartgrid.grid AS i JOIN @extschema@.sg_grids AS s ON s.grid = i.name WHERE i.grid_id = of_grid;
    time_zone := COALESCE((SELECT z.time_zone FROM smartgrid.grid_zone AS z WHERE z.grid_id = of_grid), 'UTC');
    own := CASE WHEN NOT whole THEN (SELECT p.participant_id FROM smartgrid.participant AS p
                                     WHERE p.grid_id = of_grid AND p.participant_id = ANY (smartgrid.own_participants())) END;
    seen_as := CASE WHEN whole THEN 'the whole grid'
                    WHEN own IS NOT NULL THEN 'the account of ' || smartgrid.report_name(smartgrid.party_name(own)) || ' only'
                    ELSE 'what is public' END;
    heading := CASE WHEN single THEN '<h2>' || smartgrid.report_period(period, time_zone) || '</h2>'
                    ELSE '<h2>' || smartgrid.report_name(g.grid) || '</h2><p class="lead">' || smartgrid.report_period(period, time_zone)
                         || ', ' || smartgrid.report_escape(time_zone) || '</p>' END;
    evidence := smartgrid.report_evidence(of_grid, whole, period, time_zone, checks);
    section := '<section class="grid" id="' || prefix || '" aria-label="' || smartgrid.report_escape(g.grid) || '">' || heading
        || '<p class="pills">' || evidence.overview || '</p><p>' || CASE WHEN g.emergency_mode THEN '<span class="pill bad">Emergency</span> ' ELSE '' END
        || 'At the time of this report the load is ' || smartgrid.report_kwh(g.current_load, g.energy_scale) || ', '
        || smartgrid.report_number(g.utilization, 1) || '&#160;% of a capacity of ' || smartgrid.report_kwh(g.total_capacity, g.energy_scale)
        || ', and the price ' || smartgrid.report_price(g.dynamic_price, g.money_scale) || '&#160;' || smartgrid.report_currency(g.currency)
        || ' per kWh (base price ' || smartgrid.report_price(g.base_price, g.money_scale) || ').</p>';

    SELECT jsonb_object_agg(p.kpi, jsonb_build_object('value', p.value, 'unit', p.unit, 'at', p.at)),
           string_agg(smartgrid.report_row('hn',
                          '<b>' || smartgrid.report_kpi_word(p.kpi) || '</b>'
                          || CASE WHEN single THEN '<span class="quiet">' || smartgrid.report_escape(p.definition) || '</span>' ELSE '' END,
                          smartgrid.report_kpi(p.value, p.unit, g.energy_scale, g.money_scale, g.currency)
                          || CASE WHEN p.at IS NULL THEN '' ELSE '<br/><span class="quiet">' || smartgrid.report_time(p.at, time_zone) || '</span>' END), '' ORDER BY p.place)
    INTO k, kpi_rows
    FROM @extschema@.sg_kpis(period, g.grid) WITH ORDINALITY AS p (kpi, value, unit, at, definition, place);

    IF whole THEN
        section := section || '<ul class="cards">'
            || smartgrid.report_kpi_card(k, 'produced', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'renewable_share'->>'value' IS NULL THEN 'nothing produced'
                        ELSE smartgrid.report_number((k->'renewable_share'->>'value')::numeric, 1) || '&#160;% renewable' END)
            || smartgrid.report_kpi_card(k, 'demand', g.energy_scale, g.money_scale, g.currency,
                   smartgrid.report_kpi((k->'consumed'->>'value')::numeric, 'kWh', g.energy_scale, g.money_scale, g.currency) || ' consumed, '
                   || smartgrid.report_kpi((k->'traded'->>'value')::numeric, 'kWh', g.energy_scale, g.money_scale, g.currency) || ' traded')
            || smartgrid.report_kpi_card(k, 'self_sufficiency', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'self_sufficiency'->>'value' IS NULL THEN 'no demand' ELSE 'of the demand was met when it arose' END)
            || smartgrid.report_kpi_card(k, 'self_consumption', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'self_consumption'->>'value' IS NULL THEN 'nothing produced' ELSE 'of the production was used when it arose' END)
            || smartgrid.report_kpi_card(k, 'peak_demand', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'peak_demand'->>'at' IS NULL THEN '' ELSE smartgrid.report_time((k->'peak_demand'->>'at')::timestamptz, time_zone) END)
            || smartgrid.report_kpi_card(k, 'co2_intensity', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'co2_intensity'->>'value' IS NULL THEN 'nothing produced' ELSE 'of what was produced, over its life cycle' END)
            || smartgrid.report_kpi_card(k, 'price_avg', g.energy_scale, g.money_scale, g.currency,
                   CASE WHEN k->'price_low'->>'value' IS NULL THEN 'nothing consumed'
                        ELSE 'from ' || smartgrid.report_number((k->'price_low'->>'value')::numeric, least(g.money_scale, 4))
                             || ' to ' || smartgrid.report_number((k->'price_high'->>'value')::numeric, least(g.money_scale, 4)) END)
            || smartgrid.report_kpi_card(k, 'revenue', g.energy_scale, g.money_scale, g.currency, 'paid for energy from the grid')
            || '</ul>';
    ELSIF own IS NOT NULL THEN
        section := section || smartgrid.report_account(of_grid, own, prefix, g.energy_scale, g.money_scale, g.currency, period);
    END IF;

    IF whole THEN
        SELECT p.storages, p.parties INTO storages, parties
        FROM smartgrid.report_parties(of_grid, prefix, g.energy_scale, g.money_scale, g.currency, period) AS p;
    END IF;
    IF whole OR own IS NOT NULL THEN
        section := section || '<h3 id="' || prefix || '-energy">Energy and prices</h3>'
            || smartgrid.report_curves(of_grid, g.grid, g.energy_scale, g.money_scale, g.currency, own,
                   ARRAY[g.total_capacity_kwh * g.low_watermark / 100, g.total_capacity_kwh * g.high_watermark / 100], period, time_zone, prefix, with_hints)
            || CASE WHEN whole THEN smartgrid.report_mix(g.grid, g.energy_scale, period, time_zone) ELSE '' END || storages
            || smartgrid.report_figures(g.grid, g.energy_scale, g.money_scale, g.currency, whole, period, time_zone)
            || parties || '<h3 id="' || prefix || '-trades">Trades between members</h3>'
            || smartgrid.report_trades(of_grid, g.energy_scale, g.money_scale, g.currency, own, period);
    END IF;
    IF whole THEN
        section := section || '<h3 id="' || prefix || '-figures">Key figures</h3>' || smartgrid.report_table('All key figures of the period', 'hn', ARRAY['Key figure', 'Value'], kpi_rows);
    END IF;
    section := section || '<h3 id="' || prefix || '-evidence">Evidence</h3>' || evidence.details || '</section>';

    overview := smartgrid.report_row('hnnnnnt', VARIADIC ARRAY['<a href="#' || prefix || '">' || smartgrid.report_name(g.grid) || '</a>']
        || (SELECT array_agg(smartgrid.report_kpi((k->o.kpi->>'value')::numeric, k->o.kpi->>'unit', g.energy_scale, g.money_scale, g.currency) ORDER BY o.place)
                  FROM unnest('{produced,demand,self_sufficiency,renewable_share,revenue}'::text[]) WITH ORDINALITY AS o (kpi, place)) || evidence.overview);
END
$$;
COMMENT ON FUNCTION smartgrid.report_grid(integer, integer, boolean, boolean, tstzrange, jsonb)
    IS 'a grid''s part of the report: a row for the overview, the chapter, the time zone, and what the caller sees of the grid';

CREATE FUNCTION smartgrid.report_kpi_card(kpis jsonb, kpi text, energy_scale integer, money_scale integer, currency text, note text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_card(smartgrid.report_kpi_word(kpi),
               smartgrid.report_kpi((kpis->kpi->>'value')::numeric, kpis->kpi->>'unit', energy_scale, money_scale, currency), note);
END;
COMMENT ON FUNCTION smartgrid.report_kpi_card(jsonb, text, integer, integer, text, text) IS 'a card with a key figure';

CREATE FUNCTION @extschema@.sg_report(period tstzrange DEFAULT NULL, grid text DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE COST 1000000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    span tstzrange := COALESCE(sg_report.period, tstzrange(now() - interval '24 hours', now(), '(]'));
    style text := smartgrid.report_style();
    grids record;
    checks jsonb;
    definitions text;
    part record;
    overview text := '';
    sections text := '';
    single boolean;
    chapters text;
    title text;
    zones text[] := '{}';
    shown_zone text;
    seen_as text;
BEGIN
    IF isempty(span) THEN
        RAISE EXCEPTION 'period must not be empty' USING ERRCODE = 'SG108';
    ELSIF COALESCE(NOT (isfinite(lower(span)) AND isfinite(upper(span))), true) THEN
        RAISE EXCEPTION 'period must have a lower and an upper bound' USING ERRCODE = 'SG108';
    END IF;
    -- One instant is a period, too: what happened at it; a chart needs some width.
    IF lower(span) = upper(span) THEN
        span := tstzrange(lower(span), lower(span) + interval '1 microsecond');
    END IF;

    SELECT array_agg(g.grid_id ORDER BY g.name) AS ids, array_agg(g.name ORDER BY g.name) AS names INTO grids
    FROM smartgrid.grid AS g
    WHERE CASE WHEN sg_report.grid IS NULL
               THEN g.grid_id = ANY (smartgrid.readable_grids())
                    OR EXISTS (SELECT FROM smartgrid.participant AS p
                               WHERE p.grid_id = g.grid_id AND p.participant_id = ANY (smartgrid.own_participants()))
               ELSE g.name = sg_report.grid END;
    IF grids.ids IS NULL AND sg_report.grid IS NOT NULL THEN
        RAISE EXCEPTION 'grid "%" does not exist', sg_report.grid
            USING ERRCODE = 'SG101', HINT = 'The view sg_grids has all grids.';
    END IF;
    single := COALESCE(cardinality(grids.ids) = 1, false);

    -- Once for all grids, as it costs a pass over the ledger.
    SELECT jsonb_object_agg(c.grid, c.rows) INTO checks
    FROM (SELECT k.grid, jsonb_agg(jsonb_build_object('place', k.place, 'invariant', k.invariant, 'left_side', k.left_side,
                                                      'right_side', k.right_side, 'ok', k.ok) ORDER BY k.place) AS rows
          FROM @extschema@.sg_check() WITH ORDINALITY AS k (grid, invariant, left_side, right_side, ok, place)
          GROUP BY k.grid) AS c;

    FOR n IN 1 .. COALESCE(cardinality(grids.ids), 0) LOOP
        part := smartgrid.report_grid(grids.ids[n], n, single, cardinality(grids.ids) <= 4, span, checks->(grids.names[n]::text));
        overview := overview || part.overview;
        sections := sections || part.section;
        zones := zones || part.time_zone;
        seen_as := part.seen_as;
    END LOOP;
    -- Of the page's head: that of all grids, or UTC.
    shown_zone := CASE WHEN zones[1] = ALL (zones) THEN COALESCE(zones[1], 'UTC') ELSE 'UTC' END;
    -- Once for all grids; a single one has them in its table.
    SELECT string_agg('<div><dt>' || smartgrid.report_kpi_word(k.kpi) || '</dt><dd>' || smartgrid.report_escape(k.definition) || '</dd></div>', '' ORDER BY k.place)
    INTO definitions
    FROM @extschema@.sg_kpis(span, grids.names[1]) WITH ORDINALITY AS k (kpi, value, unit, at, definition, place)
    WHERE NOT single AND grids.ids && smartgrid.readable_grids();

    -- The chapters that there are, by their headings.
    SELECT '<nav class="here" aria-label="Chapters"><ul>' || string_agg('<li><a href="#' || c.found[1] || '">' || c.found[2] || '</a></li>', '') || '</ul></nav>'
    INTO chapters
    FROM regexp_matches(sections, '<h3 id="([a-z0-9-]+)">([^<]*)</h3>', 'g') AS c (found);

    title := CASE WHEN single THEN smartgrid.report_escape(grids.names[1]) WHEN grids.ids IS NULL THEN 'No grid' ELSE cardinality(grids.ids) || ' grids' END;
    RETURN '<!DOCTYPE html>' || E'\n' || '<html lang="en"><head><meta charset="utf-8"/>'
        || '<meta http-equiv="Content-Security-Policy" content="default-src ''none''; style-src ''sha256-'
        || encode(sha256(convert_to(style, 'UTF8')), 'base64') || '''; base-uri ''none''; form-action ''none''"/>'
        || '<meta name="viewport" content="width=device-width, initial-scale=1"/><meta name="color-scheme" content="light dark"/>'
        || '<meta name="referrer" content="no-referrer"/><title>Grid report: ' || title || '</title><style>' || style || '</style></head><body>'
        || '<a class="skip" href="#main">To the report</a><header class="top"><p class="mark"><svg aria-hidden="true" width="22" height="22" viewBox="0 0 22 22">'
        || '<path d="M4,11H18M11,4V18M6,6L16,16M16,6L6,16"/><circle cx="11" cy="11" r="4"/></svg>Grid report</p>'
        || '<h1>' || CASE WHEN single THEN smartgrid.report_name(grids.names[1]) ELSE title END || '</h1>'
        || '<dl class="facts"><div><dt>Period</dt><dd>' || smartgrid.report_time(lower(span), shown_zone) || ' &#8211; '
        || smartgrid.report_time(upper(span), shown_zone) || '</dd></div><div><dt>Time zone</dt><dd>'
        || smartgrid.report_escape(shown_zone) || CASE WHEN shown_zone = ALL (zones) THEN '' ELSE '; below, that of each grid' END
        || '</dd></div>' || COALESCE('<div><dt>Shows</dt><dd>' || CASE WHEN single THEN seen_as END || '</dd></div>', '')
        || '<div><dt>Made</dt><dd>' || smartgrid.report_time(now(), shown_zone) || '</dd></div></dl></header><main id="main">'
        || CASE WHEN grids.ids IS NULL THEN '<div class="box"><p>There is no grid that you operate, audit or take part in.</p></div>'
                WHEN single THEN chapters
                ELSE '<nav aria-label="Grids"><h2>Overview</h2>'
                     || smartgrid.report_table('Each grid leads to its chapter', 'hnnnnnt',
                            ARRAY['Grid', 'Produced', 'Demand', 'Self-sufficiency', 'Renewable', 'Revenue', 'Evidence'], overview) || '</nav>' END
        || sections
        || COALESCE('<section id="definitions"><h2>Definitions</h2><dl class="box">' || definitions || '</dl></section>', '')
        || '</main><footer><p>Made by smartgrid in the database from the ledger as it was at ' || smartgrid.report_time(now(), shown_zone) || ' (' || smartgrid.report_escape(shown_zone)
        || '). This page is one file: it loads nothing and runs no program.</p></footer></body></html>';
END
$$;
COMMENT ON FUNCTION @extschema@.sg_report(tstzrange, text)
    IS 'a report of a period (NULL: the last 24 hours) as one HTML page: of a grid, or (NULL) of every grid that the caller reads in full or takes part in; a member''s has the member''s own figures';

-- Application APIs: plain views and functions in a schema of the user's.
--
-- API layers such as PostGraphile hide what belongs to an extension. So
-- sg_create_api() makes wrappers that do not: their owner is the caller, their
-- types are built in, and they work with the rights of whoever uses them.
-- What there is to be wrapped comes from the catalog, so that a later version
-- has its new functions and views in the API, too.
--
-- Its own objects are told by the last line of their comments: a dump carries
-- it, it goes with the object, and nobody has to keep a list.

CREATE FUNCTION smartgrid.api_objects(schema text, role oid,
    OUT kind text, OUT name text, OUT arguments text, OUT source oid, OUT granted boolean, OUT definition text, OUT comment text)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- What has to be known of single objects: whom they are for, and what an API calls them. Any other view or function that
    -- reads is for everybody, one that writes for operators, and its name is what follows sg_ (a reader's begins with a verb).
    WITH rule (kind, wrapped, audience, name) AS (
        VALUES ('function', 'sg_register_producer', 'member', NULL::text),
               ('function', 'sg_register_consumer', 'member', NULL),
               ('function', 'sg_register_storage', 'member', NULL),
               ('function', 'sg_report_production', 'member', NULL),
               ('function', 'sg_consume_energy', 'member', NULL),
               ('function', 'sg_charge_storage', 'member', NULL),
               ('function', 'sg_discharge_storage', 'member', NULL),
               ('function', 'sg_create_trade', 'member', NULL),
               ('function', 'sg_complete_trade', 'member', NULL),
               ('function', 'sg_cancel_trade', 'member', NULL),
               ('function', 'sg_withdraw_earnings', 'member', NULL),
               ('function', 'sg_add_consumer_balance', 'gateway', NULL),
               ('function', 'sg_post_readings', 'gateway', NULL),
               ('function', 'sg_create_grid', 'general operator', NULL),
               ('function', 'sg_alter_grid', 'general operator', NULL),
               ('function', 'sg_get_metrics', 'reader', NULL),
               ('function', 'sg_check', 'reader', 'check_invariants'),
               ('function', 'sg_verify_ledger', 'reader', NULL),
               ('view', 'sg_metrics', 'reader', NULL),
               ('function', 'sg_grid', NULL, 'get_current_grid'),
               ('function', 'sg_seal', NULL, 'seal_ledger'),
               ('function', 'sg_record_metrics(tstzrange)', NULL, 'record_period_metrics'),
               ('view', 'sg_ledger', NULL, 'ledger_entries'),
               ('view', 'sg_producer_directory', NULL, 'listed_producers'),
               ('view', 'sg_load_curve', NULL, 'load_curve_points'),
               -- of one session, of psql, of whoever makes the API or maintains the database
               ('function', 'sg_last_entry', 'nobody', NULL),
               ('function', 'sg_help', 'nobody', NULL),
               ('function', 'sg_create_api', 'nobody', NULL),
               ('function', 'sg_rebuild_rollups', 'nobody', NULL)
    ), member AS (
        SELECT d.classid, d.objid, e.extnamespace AS namespace, n.nspname
        FROM pg_extension AS e JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
             JOIN pg_namespace AS n ON n.oid = e.extnamespace
        WHERE e.extname = 'smartgrid'
    ), plain AS (
        -- Types that every client has. The name of a table (regclass) is none of them.
        SELECT array_agg(t.oid) AS types FROM pg_type AS t WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typname NOT LIKE 'reg%'
    ), found AS MATERIALIZED (
        SELECT 'function' AS kind, p.oid, p.proname AS wrapped, oidvectortypes(p.proargtypes) AS arguments, p.provolatile = 'v' AS writes,
               obj_description(p.oid, 'pg_proc') AS description,
               COALESCE(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype <@ (SELECT plain.types FROM plain) AS usable,
               has_function_privilege(api_objects.role, p.oid, 'EXECUTE') AS permitted,
               format('(%s) RETURNS %s LANGUAGE sql %s PARALLEL %s %s',
                      pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
                      CASE p.provolatile WHEN 'v' THEN 'VOLATILE' WHEN 's' THEN 'STABLE' ELSE 'IMMUTABLE' END,
                      CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END,
                      format(CASE WHEN p.proretset OR p.prorettype = 'record'::regtype THEN 'BEGIN ATOMIC SELECT * FROM %I.%I(%s); END'
                                  ELSE 'RETURN %I.%I(%s)' END,
                             m.nspname, p.proname, (SELECT string_agg(CASE WHEN p.provariadic <> 0 AND i = p.pronargs THEN 'VARIADIC $' ELSE '$' END || i, ', ' ORDER BY i)
                                                     FROM generate_series(1, p.pronargs) AS i))) AS definition
        FROM member AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid AND p.pronamespace = m.namespace
        WHERE p.prokind = 'f'
        UNION ALL
        SELECT 'view', c.oid, c.relname, '', false,
               obj_description(c.oid, 'pg_class'),
               ARRAY(SELECT a.atttypid FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0) <@ (SELECT plain.types FROM plain),
               has_table_privilege(api_objects.role, c.oid, 'SELECT'),
               format(' WITH (security_invoker = true) AS SELECT %s FROM %I.%I',
                      (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                       FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), m.nspname, c.relname)
        FROM member AS m JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid AND c.relnamespace = m.namespace
        WHERE c.relkind = 'v'
    ), held AS (
        SELECT COALESCE(bool_or(r.rolname = 'smartgrid_operator'), false) AS general_operator,
               COALESCE(bool_or(r.rolname = 'smartgrid_operator' OR r.oid IN (SELECT g.operator_role::oid FROM smartgrid.grid AS g)), false) AS operator,
               COALESCE(bool_or(r.rolname = 'smartgrid_auditor'), false) AS auditor,
               COALESCE(bool_or(r.rolname = 'smartgrid_gateway'), false) AS gateway,
               COALESCE(bool_or(r.oid = api_objects.role AND r.rolbypassrls), false) AS unrestricted
        FROM pg_roles AS r WHERE pg_has_role(api_objects.role, r.oid, 'USAGE')
    ), object AS (
        SELECT f.kind, f.oid, f.wrapped, f.arguments, f.definition, f.description,
               COALESCE(r.name,
                        CASE WHEN f.kind = 'view' OR f.writes OR f.wrapped ~ '^sg_(get|quote|prove|verify)(_|$)' THEN substr(f.wrapped, 4)
                             ELSE 'get_' || substr(f.wrapped, 4) END) AS name,
               f.permitted AND CASE a.audience
                                    WHEN 'everybody' THEN true
                                    -- who audits and does nothing else changes nothing
                                    WHEN 'member' THEN h.operator OR h.gateway OR NOT h.auditor
                                    WHEN 'gateway' THEN h.gateway OR h.operator
                                    WHEN 'reader' THEN h.operator OR h.auditor OR h.unrestricted
                                    WHEN 'operator' THEN h.operator
                                    WHEN 'general operator' THEN h.general_operator
                               END AS granted
        FROM held AS h CROSS JOIN found AS f
             LEFT JOIN rule AS r ON r.kind = f.kind AND r.wrapped IN (f.wrapped, format('%s(%s)', f.wrapped, f.arguments))
             CROSS JOIN LATERAL (SELECT COALESCE(r.audience, CASE WHEN f.writes THEN 'operator' ELSE 'everybody' END) AS audience) AS a
        WHERE f.usable AND a.audience <> 'nobody'
    ), col AS (
        SELECT o.oid, o.name AS view, o.granted, a.attnum, a.attname::text AS name, col_description(o.oid, a.attnum) AS description
        FROM object AS o JOIN pg_attribute AS a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE o.kind = 'view'
    ), key AS (
        -- As the comments of the columns have it: (key), or (key, with another column and another).
        SELECT c.oid, c.view, c.granted, array_agg(c.name ORDER BY c.attnum) AS columns
        FROM col AS c
        WHERE c.description ~ '\(key(,? with [^)]+)?\)'
              OR EXISTS (SELECT FROM col AS o
                         WHERE o.oid = c.oid
                               AND c.name = ANY (regexp_split_to_array(substring(o.description FROM '\(key,? with ([^)]+)\)'), ', | and ')))
        GROUP BY c.oid, c.view, c.granted
    ), reference AS (
        -- A column that has the name of the key of one other view refers to it.
        SELECT c.oid, c.attnum, c.name, min(k.view) AS view
        FROM col AS c JOIN key AS k ON k.columns = ARRAY[c.name]
        GROUP BY c.oid, c.attnum, c.name
        HAVING count(*) = 1 AND min(k.oid::bigint) <> c.oid::bigint AND bool_and(k.granted)
    )
    SELECT o.kind, o.name, o.arguments, o.oid, o.granted,
           format(CASE o.kind WHEN 'view' THEN 'VIEW %I.%I%s' ELSE 'FUNCTION %I.%I%s' END, api_objects.schema, o.name, o.definition),
           -- PostGraphile reads the lines that begin with @. Nothing can be written through a view, though a simple one looks like it.
           concat_ws(E'\n',
               (SELECT '@primaryKey ' || array_to_string(k.columns, ',') FROM key AS k WHERE k.oid = o.oid AND o.kind = 'view'),
               (SELECT string_agg(format('@foreignKey (%s) references %s (%s)', r.name, r.view, r.name), E'\n' ORDER BY r.attnum)
                FROM reference AS r WHERE r.oid = o.oid AND o.kind = 'view'),
               CASE WHEN o.kind = 'view' AND pg_relation_is_updatable(o.oid, false) <> 0 THEN
                   E'@omit create,update,delete\n@behavior -insert -update -delete'
               END,
               o.description, '', format('Wrapper of %s%s, made by sg_create_api().', o.wrapped, CASE o.kind WHEN 'function' THEN '()' END))
    FROM object AS o;
END;
COMMENT ON FUNCTION smartgrid.api_objects(text, oid)
    IS 'what sg_create_api(schema, role) wraps: each function and view, whether the role gets it, and its definition and comment in the schema';

-- A stranger's object is not taken for one of ours, whatever its comment says.
CREATE FUNCTION smartgrid.api_present(namespace oid,
    OUT kind text, OUT name text, OUT arguments text, OUT reference text, OUT owner oid, OUT acl aclitem[], OUT made boolean)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT o.kind, o.name, o.arguments,
           format('%s %I.%I%s', upper(o.kind), n.nspname, o.name, CASE o.kind WHEN 'function' THEN format('(%s)', o.arguments) END),
           o.owner, o.acl,
           o.kind IN ('view', 'function') AND COALESCE(o.comment LIKE '%, made by sg\_create\_api().', false)
           AND (o.owner = n.nspowner OR EXISTS (SELECT FROM pg_roles AS r WHERE r.oid = o.owner AND (r.rolsuper OR r.rolname = current_user)))
    FROM (SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'relation' END, c.relname::text, '', c.relowner, c.relacl,
                 obj_description(c.oid, 'pg_class')
          FROM pg_class AS c WHERE c.relnamespace = api_present.namespace
          UNION ALL
          SELECT CASE p.prokind WHEN 'f' THEN 'function' ELSE 'routine' END, p.proname::text, oidvectortypes(p.proargtypes), p.proowner,
                 COALESCE(p.proacl, acldefault('f', p.proowner)), obj_description(p.oid, 'pg_proc')
          FROM pg_proc AS p WHERE p.pronamespace = api_present.namespace
          UNION ALL
          SELECT 'type', t.typname::text, '', t.typowner, NULL, NULL
          FROM pg_type AS t WHERE t.typnamespace = api_present.namespace AND t.typrelid = 0) AS o (kind, name, arguments, owner, acl, comment)
         JOIN pg_namespace AS n ON n.oid = api_present.namespace;
END;
COMMENT ON FUNCTION smartgrid.api_present(oid)
    IS 'what a schema has: relations, types and functions, and which of them sg_create_api() has made';

CREATE FUNCTION @extschema@.sg_create_api(schema text, role text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    longest CONSTANT integer := current_setting('max_identifier_length');
    for_role oid;
    namespace oid;
    others text;
    grants jsonb;       -- what others were granted on objects that have to be made anew
    present record;
    wanted record;
    part record;
    stays boolean;
BEGIN
    IF current_setting('transaction_read_only')::boolean THEN
        RAISE EXCEPTION 'cannot execute sg_create_api() in a read-only transaction' USING ERRCODE = 'read_only_sql_transaction';
    END IF;
    FOR part IN SELECT * FROM (VALUES ('schema', sg_create_api.schema), ('role', sg_create_api.role)) AS a (name, value) LOOP
        IF part.value IS NULL THEN
            RAISE EXCEPTION 'argument "%" must not be NULL', part.name USING ERRCODE = 'SG108';
        ELSIF part.value = '' THEN
            RAISE EXCEPTION '% must not be empty', part.name USING ERRCODE = 'SG108';
        ELSIF octet_length(part.value) > longest THEN
            RAISE EXCEPTION '% is too long', part.name
                USING ERRCODE = 'SG108', DETAIL = format('It has %s bytes; at most %s are allowed.', octet_length(part.value), longest);
        END IF;
    END LOOP;
    IF sg_create_api.schema LIKE 'pg\_%' OR sg_create_api.schema IN ('information_schema', 'smartgrid')
       OR EXISTS (SELECT FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
                  WHERE e.extname = 'smartgrid' AND n.nspname = sg_create_api.schema)
    THEN
        RAISE EXCEPTION 'schema "%" is not for an API', sg_create_api.schema
            USING ERRCODE = 'SG108', HINT = 'Name a schema of its own, for example "api".';
    END IF;
    SELECT r.oid INTO for_role FROM pg_roles AS r WHERE r.rolname = sg_create_api.role;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'role "%" does not exist', sg_create_api.role
            USING ERRCODE = 'SG108', HINT = 'Create the role first: the one that requests run under, not the one that logs in for them.';
    END IF;

    -- Two at once would make the same objects.
    PERFORM pg_advisory_xact_lock(hashtextextended('smartgrid api ' || sg_create_api.schema, 0));
    SELECT n.oid INTO namespace FROM pg_namespace AS n WHERE n.nspname = sg_create_api.schema;
    IF NOT FOUND THEN
        EXECUTE format('CREATE SCHEMA %I', sg_create_api.schema);
        EXECUTE format('COMMENT ON SCHEMA %I IS %L', sg_create_api.schema, 'API of smartgrid, made by sg_create_api()');
        SELECT n.oid INTO STRICT namespace FROM pg_namespace AS n WHERE n.nspname = sg_create_api.schema;
        -- What default privileges gave away: who may create objects there would add to the API.
        FOR part IN
            SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
            FROM pg_namespace AS n CROSS JOIN LATERAL aclexplode(n.nspacl) AS a WHERE n.oid = namespace AND a.grantee <> n.nspowner
        LOOP
            EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %s', sg_create_api.schema, part.grantee);
        END LOOP;
    ELSIF has_schema_privilege('public', namespace, 'CREATE') THEN
        RAISE EXCEPTION 'everybody may create objects in schema "%"', sg_create_api.schema
            USING ERRCODE = 'SG108',
                  DETAIL = 'A function that anybody puts there would be a part of the API.',
                  HINT = format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, or name another schema.', sg_create_api.schema);
    END IF;

    -- A function by one of our names is in the way whatever its arguments are: the API layers would not know which is meant.
    WITH w AS MATERIALIZED (SELECT * FROM smartgrid.api_objects(sg_create_api.schema, for_role))
    SELECT string_agg(p.reference, ', ' ORDER BY p.reference) INTO others
    FROM smartgrid.api_present(namespace) AS p
    WHERE NOT p.made
          AND EXISTS (SELECT FROM w WHERE w.granted AND w.name = p.name AND (w.kind = 'function') = (p.kind IN ('function', 'routine')));
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" has objects in the way that sg_create_api() did not make', sg_create_api.schema
            USING ERRCODE = 'SG105',
                  DETAIL = format('Found: %s.', others),
                  HINT = 'Rename or drop them, or name another schema.';
    END IF;

    SELECT jsonb_agg(jsonb_build_object(
               'kind', p.kind, 'name', p.name, 'privilege', a.privilege_type,
               'grantee', CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
               'option', CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END))
    INTO grants
    FROM smartgrid.api_present(namespace) AS p CROSS JOIN LATERAL aclexplode(p.acl) AS a
    WHERE p.made AND a.grantee NOT IN (p.owner, for_role);

    -- What the extension no longer has goes, and what this role should not have, unless another role has it.
    FOR present IN
        WITH w AS MATERIALIZED (SELECT * FROM smartgrid.api_objects(sg_create_api.schema, for_role))
        SELECT p.reference, w.kind IS NOT NULL AND EXISTS (SELECT FROM aclexplode(p.acl) AS a
                                                           WHERE a.grantee NOT IN (p.owner, for_role)) AS needed
        FROM smartgrid.api_present(namespace) AS p
             LEFT JOIN w ON w.kind = p.kind AND w.name = p.name AND w.arguments = p.arguments
        WHERE p.made AND w.granted IS NOT TRUE
    LOOP
        EXECUTE format(CASE WHEN present.needed THEN 'REVOKE ALL ON %1$s FROM %2$I' ELSE 'DROP %1$s' END,
                       CASE WHEN present.needed THEN regexp_replace(present.reference, '^VIEW', 'TABLE') ELSE present.reference END,
                       sg_create_api.role);
    END LOOP;

    FOR wanted IN
        WITH w AS MATERIALIZED (SELECT * FROM smartgrid.api_objects(sg_create_api.schema, for_role)),
             p AS MATERIALIZED (SELECT * FROM smartgrid.api_present(namespace) AS p WHERE p.made)
        SELECT w.*, p.reference IS NOT NULL AS present, p.owner,
               COALESCE(p.reference, format('%s %I.%I%s', upper(w.kind), sg_create_api.schema, w.name,
                                            CASE w.kind WHEN 'function' THEN format('(%s)', w.arguments) END)) AS reference
        FROM w LEFT JOIN p ON p.kind = w.kind AND p.name = w.name AND p.arguments = w.arguments
        WHERE w.granted OR p.made
        ORDER BY w.kind DESC, w.name
    LOOP
        -- Replaced where that can be, so that grants and objects that depend on it stay.
        stays := wanted.present;
        IF stays THEN
            BEGIN
                EXECUTE 'CREATE OR REPLACE ' || wanted.definition;
            EXCEPTION
                WHEN invalid_table_definition OR invalid_function_definition THEN
                    EXECUTE 'DROP ' || wanted.reference;
                    stays := false;
            END;
        END IF;
        IF NOT stays THEN
            EXECUTE 'CREATE ' || wanted.definition;
            IF wanted.present AND wanted.owner <> (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = current_user) THEN
                EXECUTE format('ALTER %s OWNER TO %I', wanted.reference, pg_get_userbyid(wanted.owner));
            END IF;
            -- No rights by default, but those that others gave on what was there under this name.
            FOR part IN
                SELECT format('REVOKE ALL ON %s FROM %s', regexp_replace(p.reference, '^VIEW', 'TABLE'),
                              CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END) AS statement
                FROM smartgrid.api_present(namespace) AS p CROSS JOIN LATERAL aclexplode(p.acl) AS a
                WHERE p.kind = wanted.kind AND p.name = wanted.name AND p.arguments = wanted.arguments AND a.grantee <> p.owner
                UNION ALL
                SELECT format('GRANT %s ON %s TO %s%s', g ->> 'privilege', regexp_replace(wanted.reference, '^VIEW', 'TABLE'),
                              g ->> 'grantee', g ->> 'option')
                FROM jsonb_array_elements(grants) AS g
                WHERE g ->> 'kind' = wanted.kind AND g ->> 'name' = wanted.name
            LOOP
                EXECUTE part.statement;
            END LOOP;
        END IF;
        EXECUTE format('COMMENT ON %s IS %L', wanted.reference, wanted.comment);
        IF wanted.kind = 'view' THEN
            FOR part IN
                SELECT a.attname, col_description(wanted.source, a.attnum) AS description
                FROM pg_attribute AS a WHERE a.attrelid = wanted.source AND a.attnum > 0 AND NOT a.attisdropped
            LOOP
                EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', sg_create_api.schema, wanted.name, part.attname, part.description);
            END LOOP;
        END IF;
        IF wanted.granted THEN
            EXECUTE format('GRANT %s ON %s TO %I', CASE wanted.kind WHEN 'view' THEN 'SELECT' ELSE 'EXECUTE' END,
                           regexp_replace(wanted.reference, '^VIEW', 'TABLE'), sg_create_api.role);
        END IF;
    END LOOP;

    IF NOT has_schema_privilege(for_role, namespace, 'USAGE') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', sg_create_api.schema, sg_create_api.role);
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION @extschema@.sg_create_api(text, text)
    IS 'makes, or brings up to date, a schema of plain views and functions for API layers, with what the role should have: as participant, operator, auditor or gateway';

-- What there is to call and to read, and in which version.

CREATE FUNCTION smartgrid.library_version() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_library_version';
COMMENT ON FUNCTION smartgrid.library_version() IS 'version of the library that this session has loaded';

CREATE FUNCTION @extschema@.sg_version() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN e.extversion = l.version THEN e.extversion
                WHEN string_to_array(e.extversion, '.')::integer[] < string_to_array(l.version, '.')::integer[]
                THEN format('%s (library %s: run ALTER EXTENSION smartgrid UPDATE)', e.extversion, l.version)
                ELSE format('%s (library %s: reconnect, and if that does not help install the files of %s)',
                            e.extversion, l.version, e.extversion)
           END
    FROM pg_extension AS e CROSS JOIN (SELECT smartgrid.library_version()) AS l (version)
    WHERE e.extname = 'smartgrid';
END;
COMMENT ON FUNCTION @extschema@.sg_version()
    IS 'version of the extension in this database, and of the library where that is another one, with what to do';

-- From the catalog and its comments, so that it says what there is. Only the order is written down here, that of the
-- chapters in doc/reference.md; whatever has no place in it comes last.
CREATE FUNCTION @extschema@.sg_help(pattern text DEFAULT NULL)
    RETURNS TABLE (function text, arguments text, returns text, description text)
    LANGUAGE sql STABLE PARALLEL SAFE COST 1000 ROWS 80
BEGIN ATOMIC
    SELECT o.name, o.arguments, o.returns, o.description
    FROM (SELECT p.proname::text,
                 concat(a.required, CASE WHEN a.required IS NULL THEN '[' ELSE ' [, ' END || a.optional || ']'),
                 CASE WHEN p.proretset THEN 'setof ' ELSE '' END || format_type(p.prorettype, NULL),
                 obj_description(p.oid, 'pg_proc')
          FROM pg_extension AS e
               JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
               JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid AND p.pronamespace = e.extnamespace
               CROSS JOIN LATERAL (SELECT string_agg(w.words, ', ' ORDER BY w.n) FILTER (WHERE w.n <= p.pronargs - p.pronargdefaults),
                                          string_agg(w.words, ', ' ORDER BY w.n) FILTER (WHERE w.n > p.pronargs - p.pronargdefaults)
                                   FROM (SELECT n, p.proargnames[n] || ' ' || replace(format_type(t.oid, NULL), ' with time zone', 'tz')
                                         FROM unnest(p.proargtypes) WITH ORDINALITY AS t (oid, n)) AS w (n, words)) AS a (required, optional)
          WHERE e.extname = 'smartgrid'
          UNION ALL
          SELECT c.relname::text, NULL, 'view', obj_description(c.oid, 'pg_class')
          FROM pg_extension AS e
               JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
               JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relnamespace = e.extnamespace
          WHERE e.extname = 'smartgrid' AND c.relkind = 'v') AS o (name, arguments, returns, description)
         CROSS JOIN (SELECT '%' || replace(regexp_replace(pattern, '([%_\\])', '\\\1', 'g'), '*', '%') || '%') AS w (wanted)
    WHERE pattern IS NULL OR o.name ILIKE w.wanted OR o.description ILIKE w.wanted
    ORDER BY array_position(ARRAY[
                 -- help
                 'sg_help',
                 'sg_version',
                 -- identity
                 'sg_principal',
                 -- grid
                 'sg_grid',
                 'sg_create_grid',
                 'sg_alter_grid',
                 'sg_get_grid_status',
                 'sg_get_dynamic_price',
                 'sg_quote',
                 'sg_grids',
                 'sg_prices',
                 -- participant
                 'sg_register_producer',
                 'sg_register_consumer',
                 'sg_register_storage',
                 'sg_update_producer_reputation',
                 'sg_deactivate_participant',
                 'sg_reactivate_participant',
                 'sg_rename_participant',
                 'sg_get_producer_info',
                 'sg_get_consumer_info',
                 'sg_get_storage_info',
                 'sg_producers',
                 'sg_consumers',
                 'sg_storages',
                 'sg_producer_directory',
                 -- energy
                 'sg_report_production',
                 'sg_consume_energy',
                 'sg_charge_storage',
                 'sg_discharge_storage',
                 'sg_balance_load',
                 -- trade
                 'sg_create_trade',
                 'sg_complete_trade',
                 'sg_cancel_trade',
                 'sg_get_trade_info',
                 'sg_trades',
                 -- money
                 'sg_add_consumer_balance',
                 'sg_withdraw_earnings',
                 -- posting
                 'sg_post_readings',
                 -- operator
                 'sg_set_base_price',
                 'sg_toggle_emergency_mode',
                 'sg_record_metrics',
                 'sg_get_metrics',
                 'sg_metrics',
                 -- ledger
                 'sg_last_entry',
                 'sg_ledger',
                 -- check
                 'sg_check',
                 -- evidence
                 'sg_seal',
                 'sg_blocks',
                 'sg_ledger_lines',
                 'sg_prove_entry',
                 'sg_prove_blocks',
                 'sg_verify_proof',
                 'sg_verify_ledger',
                 'sg_statement',
                 -- series
                 'sg_set_time_zone',
                 'sg_time_zone',
                 'sg_load_curve',
                 'sg_kpis',
                 'sg_set_energy_type',
                 'sg_energy_types',
                 'sg_rebuild_rollups',
                 -- report
                 'sg_report',
                 -- api
                 'sg_create_api'
             ], o.name), o.name, o.returns = 'view', o.arguments;
END;
COMMENT ON FUNCTION @extschema@.sg_help(text)
    IS 'the functions and views with one line each; pattern: part of a name or description, * stands for anything';

-- Comments on what 0.1.0 and 0.2.0 made without one. A range that a CHECK gives a single column is in its definition.

COMMENT ON SEQUENCE smartgrid.grid_id_seq IS 'identifiers of grids';
COMMENT ON SEQUENCE smartgrid.price_event_id_seq IS 'identifiers of changes of price and mode';
COMMENT ON SEQUENCE smartgrid.participant_id_seq IS 'identifiers of participants, of all grids together';
COMMENT ON SEQUENCE smartgrid.trade_id_seq IS 'identifiers of trades, of all grids together';
COMMENT ON SEQUENCE smartgrid.metrics_id_seq IS 'identifiers of metrics records';
COMMENT ON SEQUENCE smartgrid.ledger_entry_id_seq IS 'identifiers of ledger entries, of all grids together; sealing relies on CACHE 1';

COMMENT ON INDEX smartgrid.price_event_grid_idx IS 'price history of a grid by time';
COMMENT ON INDEX smartgrid.trade_seller_idx IS 'whether two participants trade with each other';
COMMENT ON INDEX smartgrid.trade_seller_page_idx IS 'a seller''s trades in order, page by page';
COMMENT ON INDEX smartgrid.trade_buyer_idx IS 'a buyer''s trades in order, page by page';
COMMENT ON INDEX smartgrid.ledger_participant_idx IS 'a participant''s own entries in order, page by page';
COMMENT ON INDEX smartgrid.ledger_counterparty_idx IS 'entries in which a participant is the buyer, in order';
COMMENT ON INDEX smartgrid.ledger_at_idx IS 'entries of a period; small, as entries are written nearly in the order of time';
COMMENT ON INDEX smartgrid.metrics_grid_idx IS 'metrics records of a grid by time';
COMMENT ON INDEX smartgrid.block_entry_idx IS 'the block that seals an entry';

COMMENT ON CONSTRAINT grid_name_key ON smartgrid.grid IS 'names of grids are unique';
COMMENT ON CONSTRAINT grid_watermarks_check ON smartgrid.grid IS '0 <= low_watermark <= high_watermark <= 100 percent';
COMMENT ON CONSTRAINT participant_principal_key ON smartgrid.participant IS 'a principal takes part once in a grid';
COMMENT ON CONSTRAINT producer_check ON smartgrid.producer IS 'nobody produces more than its capacity';
COMMENT ON CONSTRAINT producer_check1 ON smartgrid.producer IS 'nobody has more to sell than it has produced';
COMMENT ON CONSTRAINT consumer_check ON smartgrid.consumer IS 'nobody consumes more at once than its limit';
COMMENT ON CONSTRAINT storage_check ON smartgrid.storage IS 'no facility holds more than its capacity';
COMMENT ON CONSTRAINT trade_parties_check ON smartgrid.trade IS 'nobody trades with itself';
COMMENT ON CONSTRAINT trade_closed_check ON smartgrid.trade IS 'a trade is closed at infinity as long as it is pending, and only then';
COMMENT ON CONSTRAINT block_range_check ON smartgrid.block IS 'a block begins before it ends, with room for its entries';
COMMENT ON CONSTRAINT block_totals_check ON smartgrid.block IS 'every total is a number';

COMMENT ON POLICY everyone ON smartgrid.grid IS 'grids are public; views leave out what is not';
COMMENT ON POLICY everyone ON smartgrid.price_event IS 'the price history is public';
COMMENT ON POLICY everyone ON smartgrid.block IS 'blocks are public: they are evidence';
COMMENT ON POLICY grid_readers ON smartgrid.pool IS 'for operators of the grid and auditors; sums are public through functions';
COMMENT ON POLICY grid_readers ON smartgrid.metrics IS 'for operators of the grid and auditors';
COMMENT ON POLICY own_or_grid_reader ON smartgrid.participant IS 'one''s own; all for operators of the grid and auditors';
COMMENT ON POLICY own_or_grid_reader ON smartgrid.producer IS 'one''s own; all for operators of the grid and auditors';
COMMENT ON POLICY own_or_grid_reader ON smartgrid.consumer IS 'one''s own; all for operators of the grid and auditors';
COMMENT ON POLICY own_or_grid_reader ON smartgrid.storage IS 'one''s own; all for operators of the grid and auditors';
COMMENT ON POLICY party_or_grid_reader ON smartgrid.trade IS 'what one sells or buys; all for operators of the grid and auditors';
COMMENT ON POLICY party_or_grid_reader ON smartgrid.ledger IS 'what one is a party of; all for operators of the grid and auditors';

COMMENT ON TRIGGER replace_seed_row ON smartgrid.grid IS 'a restored row replaces the one that CREATE EXTENSION made';
COMMENT ON TRIGGER replace_seed_row ON smartgrid.price_event IS 'a restored row replaces the one that CREATE EXTENSION made';
COMMENT ON TRIGGER note_change ON smartgrid.grid IS 'every session forgets what it keeps of the grids';
COMMENT ON TRIGGER note_change ON smartgrid.pool IS 'every session forgets which stripes it knows';
COMMENT ON TRIGGER note_change ON smartgrid.participant IS 'every session forgets which participants it knows';

-- Last: who may read and call what 0.3.0 added.

-- No rights by default: what the database's default privileges have handed out goes, whoever it went to.
DO $rights$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        WITH added (kind, object, owner, acl) AS (
            SELECT 'TABLE', c.oid::regclass::text, c.relowner, c.relacl
            FROM pg_class AS c
            WHERE c.relnamespace = 'smartgrid'::regnamespace AND c.relname IN (
                      'capacity_event',
                      'capacity_event_id_seq',
                      'energy_type_factor',
                      'grid_zone',
                      'rollup',
                      'rollup_end')
                  OR c.relnamespace = '@extschema@'::regnamespace AND c.relname IN (
                      'sg_energy_types',
                      'sg_load_curve')
            UNION ALL
            SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner, COALESCE(p.proacl, acldefault('f', p.proowner))
            FROM pg_proc AS p
            WHERE p.pronamespace = 'smartgrid'::regnamespace AND p.proname IN (
                      'default_energy_types',
                      'energy_types',
                      'entry_effects',
                      'fill_rollups',
                      'kpis',
                      'load_after',
                      'open_sums',
                      'quarter_hour',
                      'report_account',
                      'report_area',
                      'report_bar',
                      'report_bought',
                      'report_bucket_label',
                      'report_buckets',
                      'report_card',
                      'report_chart',
                      'report_count',
                      'report_currency',
                      'report_curves',
                      'report_decimals',
                      'report_dot',
                      'report_escape',
                      'report_evidence',
                      'report_figures',
                      'report_grid',
                      'report_kpi',
                      'report_kpi_card',
                      'report_kpi_word',
                      'report_kwh',
                      'report_legend',
                      'report_line',
                      'report_magnitude',
                      'report_mix',
                      'report_money',
                      'report_name',
                      'report_number',
                      'report_parties',
                      'report_period',
                      'report_price',
                      'report_price_events',
                      'report_row',
                      'report_scale',
                      'report_steps',
                      'report_style',
                      'report_sums',
                      'report_table',
                      'report_ticks',
                      'report_time',
                      'report_trades',
                      'report_type_word',
                      'report_x',
                      'report_y',
                      'scaled_sum',
                      'set_energy_type',
                      'utilization_after',
                      'library_version',
                      'api_objects',
                      'api_present')
                  OR p.pronamespace = '@extschema@'::regnamespace AND p.proname IN (
                      'sg_kpis',
                      'sg_load_curve',
                      'sg_report',
                      'sg_rebuild_rollups',
                      'sg_set_energy_type',
                      'sg_set_time_zone',
                      'sg_time_zone',
                      'sg_help',
                      'sg_version',
                      'sg_create_api')
        )
        SELECT a.kind, a.object, x.privilege_type,
               CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee
        FROM added AS a CROSS JOIN LATERAL aclexplode(a.acl) AS x
        WHERE x.grantee <> a.owner
    LOOP
        EXECUTE format('REVOKE %s ON %s %s FROM %s', granted.privilege_type, granted.kind, granted.object, granted.grantee);
    END LOOP;
END
$rights$;

GRANT SELECT ON
    smartgrid.capacity_event,
    smartgrid.energy_type_factor,
    smartgrid.grid_zone,
    smartgrid.rollup,
    smartgrid.rollup_end,
    @extschema@.sg_energy_types,
    @extschema@.sg_load_curve
TO PUBLIC;
-- Each checks its caller itself.
GRANT EXECUTE ON FUNCTION
    smartgrid.default_energy_types(),
    smartgrid.energy_types(integer),
    smartgrid.load_after(integer, timestamptz),
    smartgrid.open_sums(),
    smartgrid.quarter_hour(timestamptz),
    smartgrid.report_account(integer, bigint, text, integer, integer, text, tstzrange),
    smartgrid.report_area(numeric[], numeric[], numeric[], numeric, numeric, integer),
    smartgrid.report_bar(numeric, text),
    smartgrid.report_bought(integer, bigint, tstzrange, timestamptz[]),
    smartgrid.report_bucket_label(timestamptz, timestamptz, interval, text),
    smartgrid.report_buckets(tstzrange),
    smartgrid.report_card(text, text, text),
    smartgrid.report_chart(text, text, text, text, text, integer, numeric, numeric, numeric, integer, tstzrange, text, text, text, numeric[], text[]),
    smartgrid.report_count(numeric, text, text),
    smartgrid.report_currency(text),
    smartgrid.report_curves(integer, text, integer, integer, text, bigint, numeric[], tstzrange, text, text, boolean),
    smartgrid.report_decimals(numeric, integer),
    smartgrid.report_dot(timestamptz, numeric, tstzrange, numeric, numeric, integer, text),
    smartgrid.report_escape(text),
    smartgrid.report_evidence(integer, boolean, tstzrange, text, jsonb),
    smartgrid.report_figures(text, integer, integer, text, boolean, tstzrange, text),
    smartgrid.report_grid(integer, integer, boolean, boolean, tstzrange, jsonb),
    smartgrid.report_kpi(numeric, text, integer, integer, text),
    smartgrid.report_kpi_card(jsonb, text, integer, integer, text, text),
    smartgrid.report_kpi_word(text),
    smartgrid.report_kwh(numeric, integer),
    smartgrid.report_legend(text[], text[]),
    smartgrid.report_line(numeric[], numeric[], numeric, numeric, integer),
    smartgrid.report_magnitude(numeric, numeric),
    smartgrid.report_mix(text, integer, tstzrange, text),
    smartgrid.report_money(numeric, integer, text),
    smartgrid.report_name(text),
    smartgrid.report_number(numeric, integer),
    smartgrid.report_parties(integer, text, integer, integer, text, tstzrange),
    smartgrid.report_period(tstzrange, text),
    smartgrid.report_price(numeric, integer),
    smartgrid.report_price_events(integer, tstzrange),
    smartgrid.report_row(text, text[]),
    smartgrid.report_scale(numeric, numeric),
    smartgrid.report_steps(numeric[], numeric[], numeric, numeric, integer),
    smartgrid.report_style(),
    smartgrid.report_sums(integer, tstzrange),
    smartgrid.report_table(text, text, text[], text),
    smartgrid.report_ticks(tstzrange, text),
    smartgrid.report_time(timestamptz, text),
    smartgrid.report_trades(integer, integer, integer, text, bigint, tstzrange),
    smartgrid.report_type_word(text),
    smartgrid.report_x(timestamptz, tstzrange),
    smartgrid.report_y(numeric, numeric, numeric, integer),
    smartgrid.scaled_sum(numeric, integer),
    smartgrid.utilization_after(integer, timestamptz),
    @extschema@.sg_kpis(tstzrange, text),
    @extschema@.sg_load_curve(text, tstzrange, interval, text),
    @extschema@.sg_report(tstzrange, text),
    @extschema@.sg_rebuild_rollups(text),
    @extschema@.sg_set_energy_type(text, boolean, numeric, text),
    @extschema@.sg_set_time_zone(text),
    @extschema@.sg_time_zone(),
    smartgrid.library_version(),
    @extschema@.sg_help(text), @extschema@.sg_version()
TO PUBLIC;
-- What it makes is the caller's own, and who may make it PostgreSQL says.
GRANT EXECUTE ON FUNCTION smartgrid.api_objects(text, oid), smartgrid.api_present(oid), @extschema@.sg_create_api(text, text) TO PUBLIC;
