-- Payments by bank of what participants owe, or are owed.

CREATE TABLE smartgrid.payment (
    participant_id bigint NOT NULL,
    money bigint NOT NULL CHECK (money <> 0),
    entry_id bigint NOT NULL,
    grid_id integer NOT NULL,
    key text COLLATE "C" NOT NULL CHECK (pg_catalog.octet_length(key) BETWEEN 1 AND 64),
    PRIMARY KEY (grid_id, key)
);
COMMENT ON TABLE smartgrid.payment IS 'payments by bank, each once by its key';
COMMENT ON COLUMN smartgrid.payment.participant_id IS 'who has paid, or was paid';
COMMENT ON COLUMN smartgrid.payment.money IS 'what came in, money units; below 0: what went out';
COMMENT ON COLUMN smartgrid.payment.entry_id IS 'its ledger entry';
COMMENT ON COLUMN smartgrid.payment.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.payment.key IS 'what tells it from others, 1 to 64 bytes, as the bank''s reference';

ALTER TABLE smartgrid.payment ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.payment FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.payment IS 'one''s own; all for operators of the grid and auditors';

CREATE FUNCTION @extschema@.sg_record_payment(target text, money bigint, key text) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_record_payment';
COMMENT ON FUNCTION @extschema@.sg_record_payment(text, bigint, text)
    IS 'a payment by bank: money units of what a participant owes came in, or, below 0, went out to it; once for each key (gateway or operator)';
