-- Calls that are remembered under a reference (src/call/request.c).

CREATE FUNCTION smartgrid.own_caller(as_role boolean) RETURNS text
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_own_caller';
COMMENT ON FUNCTION smartgrid.own_caller(boolean)
    IS 'the principal that calls, or the role (as_role) that does in a gateway session without a principal; NULL, never an error, where it is not the one asked for';

CREATE TABLE smartgrid.request (
    hash bigint NOT NULL,
    made_at timestamptz NOT NULL,
    entry_id bigint NOT NULL CHECK (entry_id >= 0),
    grid_id integer NOT NULL,
    is_role boolean NOT NULL,
    caller text COLLATE "C" NOT NULL CHECK (pg_catalog.octet_length(caller) BETWEEN 1 AND 128),
    reference text COLLATE "C" NOT NULL CHECK (pg_catalog.octet_length(reference) BETWEEN 1 AND 128),
    function text COLLATE "C" NOT NULL,
    arguments bytea NOT NULL CHECK (pg_catalog.octet_length(arguments) <= 32),
    result text[] NOT NULL,
    PRIMARY KEY (hash, reference, caller, grid_id, is_role)
);
COMMENT ON TABLE smartgrid.request IS 'calls that were made under a reference: the same again gets the same result, and does nothing';
COMMENT ON COLUMN smartgrid.request.hash IS 'hash of the reference (FNV-1a): numbers are compared sooner than texts';
COMMENT ON COLUMN smartgrid.request.made_at IS 'when it was made';
COMMENT ON COLUMN smartgrid.request.entry_id IS 'the last ledger entry that it wrote; 0: none';
COMMENT ON COLUMN smartgrid.request.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.request.is_role IS 'whether the caller is a role, because no principal was set, and not a principal';
COMMENT ON COLUMN smartgrid.request.caller IS 'who called, at most 128 bytes';
COMMENT ON COLUMN smartgrid.request.reference IS 'the reference, at most 128 bytes';
COMMENT ON COLUMN smartgrid.request.function IS 'which function was called';
COMMENT ON COLUMN smartgrid.request.arguments IS 'the arguments, in up to 31 bytes, or SHA-256 of them';
COMMENT ON COLUMN smartgrid.request.result IS 'what it returned: a value, or the columns of each row';

-- EXPLAIN tells statistics to everybody.
ALTER TABLE smartgrid.request ALTER COLUMN hash SET STATISTICS 0;
ALTER TABLE smartgrid.request ALTER COLUMN entry_id SET STATISTICS 0;
ALTER TABLE smartgrid.request ALTER COLUMN caller SET STATISTICS 0;
ALTER TABLE smartgrid.request ALTER COLUMN reference SET STATISTICS 0;
ALTER TABLE smartgrid.request ALTER COLUMN arguments SET STATISTICS 0;
ALTER TABLE smartgrid.request ALTER COLUMN result SET STATISTICS 0;

ALTER TABLE smartgrid.request ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.request FOR SELECT
    USING (caller = (SELECT smartgrid.own_caller(false)) AND NOT is_role
           OR caller = (SELECT smartgrid.own_caller(true)) AND is_role
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.request IS 'one''s own; all for operators of the grid and auditors';

CREATE VIEW @extschema@.sg_requests WITH (security_invoker = true) AS
SELECT g.name AS grid, r.caller, r.reference, r.function, r.made_at
FROM smartgrid.request AS r JOIN smartgrid.grid AS g ON g.grid_id = r.grid_id;
COMMENT ON VIEW @extschema@.sg_requests IS 'calls that are remembered under a reference: one''s own; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_requests.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_requests.caller IS 'who called: the principal, or the role where none was set';
COMMENT ON COLUMN @extschema@.sg_requests.reference IS 'the reference';
COMMENT ON COLUMN @extschema@.sg_requests.function IS 'which function was called';
COMMENT ON COLUMN @extschema@.sg_requests.made_at IS 'when it was made (key, with grid, caller and reference)';

CREATE FUNCTION @extschema@.sg_forget_requests(before timestamptz) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_forget_requests';
COMMENT ON FUNCTION @extschema@.sg_forget_requests(timestamptz)
    IS 'forgets the calls that were made under a reference before a time, and returns how many; made again, they are done again (operator)';
