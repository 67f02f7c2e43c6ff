-- Proofs, made and checked.

CREATE FUNCTION @extschema@.sg_verify_proof(proof jsonb, hash text, earlier_hash text DEFAULT NULL) RETURNS boolean
    LANGUAGE c IMMUTABLE PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'sg_verify_proof';
COMMENT ON FUNCTION @extschema@.sg_verify_proof(jsonb, text, text)
    IS 'whether a proof holds for a published block hash (of the entry''s block, or of the later block), and for an earlier one where it is between blocks; reads no table';
