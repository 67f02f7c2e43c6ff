-- Statements of account.

CREATE FUNCTION smartgrid.statement(grid_id integer, participant_id bigint, period tstzrange,
    OUT part text, OUT at timestamptz, OUT entry_id bigint, OUT kind text, OUT counterparty text, OUT trade_id bigint,
    OUT energy bigint, OUT price bigint, OUT money bigint,
    OUT balance bigint, OUT earnings bigint, OUT unsold bigint, OUT stored bigint, OUT consumed bigint,
    OUT height bigint, OUT hash text, OUT booked_at timestamptz, OUT about bigint,
    OUT due bigint) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- By the booking: so nothing that is counted runs below zero, and each statement opens where the one before it closed.
    -- Two branches, so that each finds its entries by index.
    WITH own AS (
        SELECT l.entry_id, l.at, l.kind, l.energy, l.price, l.money, l.trade_id, l.booked_at, l.counterparty_id AS other_id,
               false AS as_counterparty
        FROM smartgrid.ledger AS l
        WHERE l.participant_id = statement.participant_id AND l.grid_id = statement.grid_id
        UNION ALL
        SELECT l.entry_id, l.at, l.kind, l.energy, l.price, l.money, l.trade_id, l.booked_at, l.participant_id, true
        FROM smartgrid.ledger AS l
        WHERE l.counterparty_id = statement.participant_id AND l.counterparty_id > 0 AND l.grid_id = statement.grid_id
    ), effect AS (
        SELECT o.*,
               o.energy * COALESCE(k.energy, 0) AS energy_effect, o.money * COALESCE(k.money, 0) AS money_effect,
               o.money * COALESCE(k.balance, 0) AS balance_change, o.money * COALESCE(k.earnings, 0) AS earnings_change,
               o.energy * COALESCE(k.unsold, 0) AS unsold_change, o.energy * COALESCE(k.stored, 0) AS stored_change,
               o.energy * COALESCE(k.consumed, 0) AS consumed_change, o.money * COALESCE(k.due, 0) AS due_change
        FROM own AS o LEFT JOIN smartgrid.entry_effects() AS k ON k.kind = o.kind AND k.as_counterparty = o.as_counterparty
    ), opening AS (
        SELECT COALESCE(sum(e.balance_change), 0) AS balance, COALESCE(sum(e.earnings_change), 0) AS earnings,
               COALESCE(sum(e.unsold_change), 0) AS unsold, COALESCE(sum(e.stored_change), 0) AS stored,
               COALESCE(sum(e.consumed_change), 0) AS consumed, COALESCE(sum(e.due_change), 0) AS due
        FROM effect AS e
        WHERE e.booked_at <= lower(statement.period) AND NOT e.booked_at <@ statement.period
    ), running AS (
        SELECT e.*,
               o.balance + sum(e.balance_change) OVER w AS balance, o.earnings + sum(e.earnings_change) OVER w AS earnings,
               o.unsold + sum(e.unsold_change) OVER w AS unsold, o.stored + sum(e.stored_change) OVER w AS stored,
               o.consumed + sum(e.consumed_change) OVER w AS consumed, o.due + sum(e.due_change) OVER w AS due
        FROM effect AS e CROSS JOIN opening AS o
        WHERE e.booked_at <@ statement.period
        WINDOW w AS (ORDER BY e.entry_id)
    ), last AS (
        SELECT r.* FROM running AS r ORDER BY r.entry_id DESC LIMIT 1
    )
    SELECT s.part, s.at, s.entry_id, s.kind, s.counterparty, s.trade_id, s.energy, s.price, s.money,
           s.balance::bigint, s.earnings::bigint, s.unsold::bigint, s.stored::bigint, s.consumed::bigint, s.height, s.hash,
           s.booked_at, s.about, s.due::bigint
    FROM (SELECT 1 AS place, 'opening' AS part, NULLIF(lower(statement.period), '-infinity') AS at, NULL::bigint AS entry_id,
                 NULL::text AS kind, NULL::text AS counterparty, NULL::bigint AS trade_id,
                 NULL::bigint AS energy, NULL::bigint AS price, NULL::bigint AS money,
                 o.balance, o.earnings, o.unsold, o.stored, o.consumed, NULL::bigint AS height, NULL::text AS hash,
                 NULL::timestamptz AS booked_at, NULL::bigint AS about, o.due
          FROM opening AS o
          UNION ALL
          SELECT 2, 'entry', r.at, r.entry_id, smartgrid.shown_kind(r.kind), p.principal,
                 CASE WHEN r.kind IN (@kind=hold@, @kind=trade@, @kind=release@) THEN r.trade_id END,
                 r.energy_effect, r.price, r.money_effect, r.balance, r.earnings, r.unsold, r.stored, r.consumed,
                 b.height, encode(b.hash, 'hex'), r.booked_at,
                 CASE WHEN r.kind NOT IN (@kind=hold@, @kind=trade@, @kind=release@) THEN NULLIF(r.trade_id, 0) END, r.due
          FROM running AS r
               LEFT JOIN smartgrid.participant AS p ON p.participant_id = r.other_id
               LEFT JOIN LATERAL (SELECT k.height, k.hash FROM smartgrid.block AS k
                                  WHERE k.grid_id = statement.grid_id AND k.last_entry >= r.entry_id
                                  ORDER BY k.last_entry LIMIT 1) AS b ON true
          UNION ALL
          SELECT 3, 'closing', NULLIF(upper(statement.period), 'infinity'), NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                 COALESCE(l.balance, o.balance), COALESCE(l.earnings, o.earnings), COALESCE(l.unsold, o.unsold),
                 COALESCE(l.stored, o.stored), COALESCE(l.consumed, o.consumed), b.height, encode(b.hash, 'hex'),
                 NULL, NULL, COALESCE(l.due, o.due)
          FROM opening AS o
               LEFT JOIN last AS l ON true
               LEFT JOIN LATERAL (SELECT k.height, k.hash FROM smartgrid.block AS k
                                  WHERE k.grid_id = statement.grid_id ORDER BY k.height DESC LIMIT 1) AS b ON true) AS s
    ORDER BY s.place, s.entry_id;
END;
COMMENT ON FUNCTION smartgrid.statement(integer, bigint, tstzrange)
    IS 'a participant''s statement of account for what was booked in a period: energy units, price in money units per kWh, money units';

CREATE FUNCTION @extschema@.sg_statement(principal text, period tstzrange)
    RETURNS TABLE (part text, at timestamptz, entry_id bigint, kind text, counterparty text, trade_id bigint,
                   energy bigint, price bigint, money bigint,
                   balance bigint, earnings bigint, unsold bigint, stored bigint, consumed bigint,
                   height bigint, hash text, booked_at timestamptz, about bigint, due bigint)
    LANGUAGE c STABLE PARALLEL UNSAFE COST 10000 ROWS 100 AS 'MODULE_PATHNAME', 'sg_statement';
COMMENT ON FUNCTION @extschema@.sg_statement(text, tstzrange)
    IS 'a statement of account: opening, every entry that was booked in the period with its effect (energy units, money units) and what was held after it, closing; height and hash of the block that seals each; no row where the participant does not exist or is hidden';
