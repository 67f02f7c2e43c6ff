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
