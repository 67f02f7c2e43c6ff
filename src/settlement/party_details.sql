-- Parties of documents: who the members are, and who the community is that writes to them. Dated and versioned
-- (src/metering/dated.h); what is said of a party is one object of JSON (src/settlement/party_keys.c).

CREATE TABLE smartgrid.party (
    participant_id bigint NOT NULL CHECK (participant_id >= 0),
    grid_id integer NOT NULL,
    begins_anew boolean NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    details jsonb NOT NULL CHECK (pg_catalog.jsonb_typeof(details) = 'object'),
    PRIMARY KEY (grid_id, participant_id, valid_from, recorded_at),
    CONSTRAINT party_check CHECK (valid_from < valid_to AND recorded_at < superseded_at),
    CONSTRAINT party_excl EXCLUDE USING gist (
        pg_catalog.int8range(grid_id, grid_id, '[]') WITH OPERATOR(pg_catalog.&&),
        pg_catalog.int8range(participant_id, participant_id, '[]') WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(valid_from, valid_to) WITH OPERATOR(pg_catalog.&&),
        pg_catalog.tstzrange(recorded_at, superseded_at) WITH OPERATOR(pg_catalog.&&))
);
COMMENT ON TABLE smartgrid.party IS 'what documents say of participants and of the community, from when to when, and when that was on record';
COMMENT ON COLUMN smartgrid.party.participant_id IS 'the participant; 0: the issuer, which is the community itself';
COMMENT ON COLUMN smartgrid.party.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.party.begins_anew IS 'whether something ended when it begins; never';
COMMENT ON COLUMN smartgrid.party.valid_from IS 'since when it is so';
COMMENT ON COLUMN smartgrid.party.valid_to IS 'until when, exclusive; infinity where no end is on record';
COMMENT ON COLUMN smartgrid.party.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN smartgrid.party.superseded_at IS 'when something else took its place on record; infinity while it is on record';
COMMENT ON COLUMN smartgrid.party.details IS 'name, address, tax numbers and what else its documents need, as sg_set_party() checked it';
COMMENT ON CONSTRAINT party_check ON smartgrid.party IS 'it begins before it ends, and was on record before something took its place';
COMMENT ON CONSTRAINT party_excl ON smartgrid.party IS 'of a party, one object is on record for each moment at a time';

ALTER TABLE smartgrid.party ENABLE ROW LEVEL SECURITY;
CREATE POLICY issuer ON smartgrid.party FOR SELECT USING (participant_id = 0);
COMMENT ON POLICY issuer ON smartgrid.party IS 'who the community is is public';
CREATE POLICY own_or_grid_reader ON smartgrid.party FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.party IS 'one''s own; all for operators of the grid and auditors';

CREATE FUNCTION smartgrid.party_at(grid_id integer, participant_id bigint, at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT COALESCE((SELECT p.details FROM smartgrid.party AS p
                     WHERE p.grid_id = party_at.grid_id AND p.participant_id = party_at.participant_id AND p.superseded_at = 'infinity'
                           AND p.valid_from <= party_at.at AND p.valid_to > party_at.at), '{}');
END;
COMMENT ON FUNCTION smartgrid.party_at(integer, bigint, timestamptz)
    IS 'what is on record now of a party (0: the issuer) at a time; an empty object if nothing is';

CREATE VIEW @extschema@.sg_parties WITH (security_invoker = true) AS
SELECT g.name AS grid, p.principal AS participant, d.details, d.valid_from, NULLIF(d.valid_to, 'infinity') AS valid_to,
       d.recorded_at, NULLIF(d.superseded_at, 'infinity') AS superseded_at
FROM smartgrid.party AS d
     JOIN smartgrid.grid AS g ON g.grid_id = d.grid_id
     LEFT JOIN smartgrid.participant AS p ON p.participant_id = d.participant_id
WHERE d.participant_id = 0 OR p.participant_id IS NOT NULL;
COMMENT ON VIEW @extschema@.sg_parties
    IS 'what documents say of participants and of the community, with all that was ever on record: one''s own and the issuer; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_parties.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_parties.participant IS 'principal of the participant; NULL: the issuer (key, with grid, valid_from and recorded_at)';
COMMENT ON COLUMN @extschema@.sg_parties.details IS 'name, address, tax numbers and what else its documents need';
COMMENT ON COLUMN @extschema@.sg_parties.valid_from IS 'since when it is so';
COMMENT ON COLUMN @extschema@.sg_parties.valid_to IS 'until when, exclusive; NULL: no end is on record';
COMMENT ON COLUMN @extschema@.sg_parties.recorded_at IS 'since when that is on record';
COMMENT ON COLUMN @extschema@.sg_parties.superseded_at IS 'when something else took its place on record; NULL while it is on record';

CREATE FUNCTION @extschema@.sg_set_party(participant text, valid_from timestamptz, details jsonb, correct boolean DEFAULT false) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_set_party';
COMMENT ON FUNCTION @extschema@.sg_set_party(text, timestamptz, jsonb, boolean)
    IS 'says what documents say of a participant (NULL: the community, which issues them) from a time until the next later change that is on record (operator)';
