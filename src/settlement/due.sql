-- What participants owe the grid for what was settled, or are owed (smartgrid.due, grid/participant.sql).

CREATE VIEW @extschema@.sg_dues WITH (security_invoker = true) AS
SELECT g.name AS grid, p.principal AS participant,
       d.due, smartgrid.scaled(d.due, g.money_scale) AS due_currency,
       g.currency
FROM smartgrid.due AS d
     JOIN smartgrid.participant AS p ON p.participant_id = d.participant_id
     JOIN smartgrid.grid AS g ON g.grid_id = d.grid_id;
COMMENT ON VIEW @extschema@.sg_dues
    IS 'what participants owe the grid, or are owed, by its documents: one''s own; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_dues.grid IS 'the grid (key, with participant)';
COMMENT ON COLUMN @extschema@.sg_dues.participant IS 'name of the principal';
COMMENT ON COLUMN @extschema@.sg_dues.due IS 'what it owes the grid, money units; below 0: what the grid owes it';
COMMENT ON COLUMN @extschema@.sg_dues.due_currency IS 'what it owes the grid, currency; below 0: what the grid owes it';
COMMENT ON COLUMN @extschema@.sg_dues.currency IS 'currency code, ISO 4217; XXX: none';

CREATE FUNCTION @extschema@.sg_pay_due(money bigint) RETURNS boolean
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_pay_due';
COMMENT ON FUNCTION @extschema@.sg_pay_due(bigint) IS 'the caller pays money units of what it owes the grid from its balance';
