-- Who is calling, and what they may see.

CREATE FUNCTION @extschema@.sg_principal() RETURNS text
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'sg_principal';
COMMENT ON FUNCTION @extschema@.sg_principal() IS 'the principal that calls: text of at most 128 bytes';

CREATE FUNCTION smartgrid.own_participants() RETURNS bigint[]
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_own_participants';
COMMENT ON FUNCTION smartgrid.own_participants() IS 'participant ids of the calling principal in all grids; empty, never an error, where no principal is known';

CREATE FUNCTION smartgrid.own_participant(n integer) RETURNS bigint
    LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'sg_own_participant';
COMMENT ON FUNCTION smartgrid.own_participant(integer) IS 'the n-th of own_participants(), from 1; -1 where there is none';

CREATE FUNCTION smartgrid.readable_grids() RETURNS integer[]
    LANGUAGE c STABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_readable_grids';
COMMENT ON FUNCTION smartgrid.readable_grids() IS 'ids of the grids whose every row the caller may see, as operator or auditor';
