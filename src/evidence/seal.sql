-- Sealing.

-- Empty but while transactions hold sealing back (src/evidence/boundary.c).
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

ALTER TABLE smartgrid.seal_point ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION @extschema@.sg_seal(grid text DEFAULT NULL)
    RETURNS TABLE (height bigint, hash text, entries bigint, first_entry bigint, last_entry bigint)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100000 ROWS 1 AS 'MODULE_PATHNAME', 'sg_seal';
COMMENT ON FUNCTION @extschema@.sg_seal(text)
    IS 'seals the entries of a grid (NULL: the current one) since the last block; one row for each new block: height, hash (hexadecimal), number of entries, their first and last id (operator)';
