-- Taking back ledger entries, and why.

CREATE TABLE smartgrid.reversal (
    entry_id bigint NOT NULL PRIMARY KEY,
    about bigint NOT NULL CHECK (about >= 0),
    grid_id integer NOT NULL,
    reason text NOT NULL CHECK (pg_catalog.octet_length(reason) BETWEEN 1 AND 256),
    corrected_by text NOT NULL,
    CONSTRAINT reversal_other_check CHECK (about <> entry_id)
);
COMMENT ON TABLE smartgrid.reversal IS 'why ledger entries were taken back, and energy was written off';
COMMENT ON COLUMN smartgrid.reversal.entry_id IS 'the ledger entry that takes another back, or writes energy off';
COMMENT ON COLUMN smartgrid.reversal.about IS 'the entry that it takes back; 0: none';
COMMENT ON COLUMN smartgrid.reversal.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.reversal.reason IS 'why, 1 to 256 bytes';
COMMENT ON COLUMN smartgrid.reversal.corrected_by IS 'the principal, or the role where none was set, that did so';

COMMENT ON CONSTRAINT reversal_other_check ON smartgrid.reversal IS 'an entry takes back another one';

CREATE UNIQUE INDEX reversal_about_idx ON smartgrid.reversal (about) WHERE about > 0;
COMMENT ON INDEX smartgrid.reversal_about_idx IS 'an entry is taken back once';

ALTER TABLE smartgrid.reversal REPLICA IDENTITY FULL;
ALTER TABLE smartgrid.reversal ENABLE ROW LEVEL SECURITY;
CREATE POLICY who_sees_the_entry ON smartgrid.reversal FOR SELECT
    USING (EXISTS (SELECT FROM smartgrid.ledger AS l WHERE l.entry_id = reversal.entry_id));
COMMENT ON POLICY who_sees_the_entry ON smartgrid.reversal IS 'for the parties of the entry, operators of the grid and auditors';

CREATE FUNCTION @extschema@.sg_reverse_entry(entry_id bigint, reason text) RETURNS bigint
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_reverse_entry';
COMMENT ON FUNCTION @extschema@.sg_reverse_entry(bigint, text)
    IS 'takes a ledger entry back by its opposite, at its time, once; returns the id of the entry that does (operator)';

CREATE VIEW @extschema@.sg_reversals WITH (security_invoker = true) AS
SELECT r.entry_id, NULLIF(r.about, 0) AS about, smartgrid.entry_kind(l.kind) AS kind, r.reason, r.corrected_by, l.booked_at
FROM smartgrid.reversal AS r JOIN smartgrid.ledger AS l ON l.entry_id = r.entry_id;
COMMENT ON VIEW @extschema@.sg_reversals IS 'why ledger entries were taken back, and energy was written off: of entries that the caller may see';
COMMENT ON COLUMN @extschema@.sg_reversals.entry_id IS 'the ledger entry that takes another back, or writes energy off (key)';
COMMENT ON COLUMN @extschema@.sg_reversals.about IS 'id of the entry that it takes back; NULL: none';
COMMENT ON COLUMN @extschema@.sg_reversals.kind IS 'write_off, or reversal- and the kind of the entry that it takes back';
COMMENT ON COLUMN @extschema@.sg_reversals.reason IS 'why';
COMMENT ON COLUMN @extschema@.sg_reversals.corrected_by IS 'the principal, or the role where none was set, that did so';
COMMENT ON COLUMN @extschema@.sg_reversals.booked_at IS 'when';
