-- The trees that proofs are made of.

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
