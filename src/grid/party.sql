-- Names of parties, for those who may know them.

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
