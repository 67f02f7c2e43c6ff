-- The invariants of sg_check() in SQL, and what they need: a second implementation, which names every kind of entry by its code.

-- Each entry as the kind that it is or takes back, with a sign.
CREATE VIEW sgtest.signed AS
SELECT l.entry_id, l.grid_id, l.participant_id, l.counterparty_id, l.kind AS stored_kind, COALESCE(r.kind, l.kind) AS kind,
       CASE WHEN r.kind IS NULL THEN 1 ELSE -1 END AS sign, CASE WHEN r.kind IS NULL THEN l.entry_id ELSE l.trade_id END AS cause,
       l.energy, l.price, l.money
FROM smartgrid.ledger AS l
     LEFT JOIN (VALUES (12, 0), (13, 1), (14, 2), (15, 3), (16, 7), (17, 8), (18, 9), (19, 10), (20, 11), (21, 5)) AS r (reversal, kind)
         ON r.reversal = l.kind;

CREATE FUNCTION sgtest.ledger_balances(grids integer[],
    OUT participant_id bigint, OUT produced numeric, OUT unsold numeric, OUT earnings numeric,
    OUT consumed numeric, OUT balance numeric, OUT stored numeric, OUT carry numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.participant_id,
           sum(CASE WHEN e.kind = 0 THEN e.sign * e.energy ELSE 0 END),
           sum(CASE WHEN e.kind IN (0, 6) THEN e.sign * e.energy WHEN e.kind = 4 THEN -e.energy
                    WHEN e.stored_kind = 21 AND NOT e.as_buyer THEN e.energy ELSE 0 END),
           sum(CASE WHEN e.kind IN (5, 9) AND NOT e.as_buyer THEN e.sign * e.money WHEN e.kind = 8 THEN -e.sign * e.money ELSE 0 END),
           sum(CASE WHEN e.kind = 1 OR e.as_buyer THEN e.sign * e.energy ELSE 0 END),
           sum(CASE WHEN e.kind = 7 THEN e.sign * e.money WHEN e.kind IN (1, 10) OR e.as_buyer THEN -e.sign * e.money ELSE 0 END),
           sum(CASE WHEN e.kind = 2 THEN e.sign * e.energy WHEN e.kind = 3 THEN -e.sign * e.energy ELSE 0 END),
           sum(CASE WHEN e.kind = 1 AND e.cause > g.exact_after
                    THEN e.sign * (e.energy::numeric * e.price - e.money * 10::numeric ^ g.energy_scale) ELSE 0 END)
    FROM (SELECT s.*, false AS as_buyer
          FROM sgtest.signed AS s WHERE s.grid_id = ANY (grids)
          UNION ALL
          SELECT s.entry_id, s.grid_id, s.counterparty_id, s.participant_id, s.stored_kind, s.kind, s.sign, s.cause, s.energy, s.price, s.money, true
          FROM sgtest.signed AS s WHERE s.grid_id = ANY (grids) AND s.kind = 5) AS e
         JOIN smartgrid.grid AS g ON g.grid_id = e.grid_id
    GROUP BY e.participant_id;
END;

CREATE FUNCTION sgtest.invariants(grids integer[],
    OUT grid text, OUT invariant text, OUT left_side numeric, OUT right_side numeric, OUT ok boolean) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH ledger AS (
        SELECT l.grid_id, l.kind, sum(l.sign * l.energy) AS energy, sum(l.sign * l.money) AS money,
               sum(l.energy) FILTER (WHERE l.stored_kind = 21) AS released
        FROM sgtest.signed AS l WHERE l.grid_id = ANY (grids) GROUP BY l.grid_id, l.kind
    ), pool AS (
        SELECT p.grid_id, sum(p.load) AS load, sum(p.capacity) AS capacity, sum(p.revenue) AS revenue
        FROM smartgrid.pool AS p WHERE p.grid_id = ANY (grids) GROUP BY p.grid_id
    ), producer AS (
        SELECT p.grid_id, sum(p.capacity) FILTER (WHERE p.active) AS capacity, sum(p.earnings) AS earnings,
               count(*) FILTER (WHERE b.participant_id IS NULL AND (p.total_produced, p.unsold, p.earnings) <> (0, 0, 0)
                                OR (p.total_produced, p.unsold, p.earnings) <> (b.produced, b.unsold, b.earnings)) AS differing
        FROM smartgrid.producer AS p
             LEFT JOIN sgtest.ledger_balances(grids) AS b ON b.participant_id = p.participant_id
        WHERE p.grid_id = ANY (grids) GROUP BY p.grid_id
    ), consumer AS (
        SELECT c.grid_id, sum(c.balance) AS balance,
               count(*) FILTER (WHERE b.participant_id IS NULL AND (c.total_consumed, c.balance) <> (0, 0)
                                OR (c.total_consumed, c.balance) <> (b.consumed, b.balance)) AS differing,
               count(*) FILTER (WHERE c.cost_carry <> coalesce(b.carry, 0)) AS costs_differing
        FROM smartgrid.consumer AS c
             LEFT JOIN sgtest.ledger_balances(grids) AS b ON b.participant_id = c.participant_id
        WHERE c.grid_id = ANY (grids) GROUP BY c.grid_id
    ), storage AS (
        SELECT s.grid_id, sum(s.stored_amount) AS stored,
               count(*) FILTER (WHERE s.stored_amount <> coalesce(b.stored, 0)) AS differing
        FROM smartgrid.storage AS s
             LEFT JOIN sgtest.ledger_balances(grids) AS b ON b.participant_id = s.participant_id
        WHERE s.grid_id = ANY (grids) GROUP BY s.grid_id
    ), trade AS (
        SELECT t.grid_id, sum(t.amount) FILTER (WHERE t.status = 0) AS held,
               sum(t.cost) FILTER (WHERE t.status = 1) AS paid
        FROM smartgrid.trade AS t WHERE t.grid_id = ANY (grids) GROUP BY t.grid_id
    ), dangling AS (
        SELECT r.grid_id, count(*) AS rows
        FROM (SELECT p.grid_id, p.participant_id FROM smartgrid.producer AS p
              UNION ALL SELECT c.grid_id, c.participant_id FROM smartgrid.consumer AS c
              UNION ALL SELECT s.grid_id, s.participant_id FROM smartgrid.storage AS s
              UNION ALL SELECT l.grid_id, CASE WHEN l.kind NOT IN (11, 20) THEN l.participant_id END FROM smartgrid.ledger AS l
                        WHERE l.kind NOT IN (11, 20) OR l.participant_id <> 0
              UNION ALL SELECT l.grid_id, l.counterparty_id FROM smartgrid.ledger AS l WHERE l.counterparty_id > 0) AS r
             LEFT JOIN smartgrid.participant AS n ON n.participant_id = r.participant_id AND n.grid_id = r.grid_id
        WHERE r.grid_id = ANY (grids) AND n.participant_id IS NULL GROUP BY r.grid_id
    ), dangling_trade AS (
        SELECT t.grid_id, count(*) AS rows
        FROM smartgrid.trade AS t
             LEFT JOIN smartgrid.producer AS s ON s.participant_id = t.seller_id AND s.grid_id = t.grid_id
             LEFT JOIN smartgrid.consumer AS b ON b.participant_id = t.buyer_id AND b.grid_id = t.grid_id
        WHERE t.grid_id = ANY (grids) AND (s.participant_id IS NULL OR b.participant_id IS NULL) GROUP BY t.grid_id
    ), sums AS (
        SELECT g.grid_id, g.name,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 0), 0) AS reported,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 1), 0) AS consumed,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 2), 0) AS charged,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 3), 0) AS discharged,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 4), 0) AS offered,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 5), 0) AS traded,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 6), 0) + coalesce(max(l.released), 0) AS released,
               coalesce(max(l.energy) FILTER (WHERE l.kind = 11), 0) AS written_off,
               coalesce(max(l.money) FILTER (WHERE l.kind = 9), 0) AS payouts,
               coalesce(max(l.money) FILTER (WHERE l.kind = 10), 0) AS refunds,
               coalesce(max(l.money) FILTER (WHERE l.kind = 1), 0) AS paid_to_grid,
               coalesce(max(l.money) FILTER (WHERE l.kind = 5), 0) AS paid_to_sellers,
               coalesce(max(l.money) FILTER (WHERE l.kind = 7), 0) AS topups,
               coalesce(max(l.money) FILTER (WHERE l.kind = 8), 0) AS withdrawals
        FROM smartgrid.grid AS g LEFT JOIN ledger AS l ON l.grid_id = g.grid_id
        WHERE g.grid_id = ANY (grids) GROUP BY g.grid_id, g.name
    )
    SELECT s.name, i.invariant, i.left_side, i.right_side, i.left_side = i.right_side
    FROM sums AS s
         LEFT JOIN pool USING (grid_id)
         LEFT JOIN producer USING (grid_id)
         LEFT JOIN consumer USING (grid_id)
         LEFT JOIN storage USING (grid_id)
         LEFT JOIN trade USING (grid_id)
         LEFT JOIN dangling USING (grid_id)
         LEFT JOIN dangling_trade USING (grid_id)
         CROSS JOIN LATERAL (VALUES
            (1, 'money: top-ups = balances + held + earnings + withdrawals + refunds + dues + revenue',
             s.topups, coalesce(consumer.balance, 0) + coalesce(producer.earnings, 0) + s.withdrawals + s.refunds + coalesce(pool.revenue, 0)),
            (2, 'energy: reported + discharged = consumed + charged + traded + held + written off + load',
             s.reported + s.discharged,
             s.consumed + s.charged + s.traded + coalesce(trade.held, 0) + s.written_off + coalesce(pool.load, 0)),
            (3, 'grid capacity = capacities of active producers',
             coalesce(pool.capacity, 0), coalesce(producer.capacity, 0)),
            (4, 'grid revenue = paid for consumption + fees + imbalance paid - imbalance received - payouts',
             coalesce(pool.revenue, 0), s.paid_to_grid - s.payouts),
            (5, 'held by pending trades = offered - traded - released',
             coalesce(trade.held, 0), s.offered - s.traded - s.released),
            (6, 'cost of completed trades = paid to sellers',
             coalesce(trade.paid, 0), s.paid_to_sellers),
            (7, 'stored = charged - discharged',
             coalesce(storage.stored, 0), s.charged - s.discharged),
            (8, 'producers that differ from the ledger = 0', coalesce(producer.differing, 0), 0),
            (9, 'consumers that differ from the ledger = 0', coalesce(consumer.differing, 0), 0),
            (10, 'storage facilities that differ from the ledger = 0', coalesce(storage.differing, 0), 0),
            (11, 'consumers whose costs are not energy * price = 0', coalesce(consumer.costs_differing, 0), 0),
            (12, 'reversals and write-offs with their reason = those of the ledger',
             (SELECT count(*) FROM smartgrid.reversal AS r WHERE r.grid_id = s.grid_id),
             (SELECT count(*) FROM smartgrid.ledger AS l WHERE l.grid_id = s.grid_id AND l.kind BETWEEN 11 AND 21)),
            (13, 'rows without their participant = 0', coalesce(dangling.rows, 0), 0),
            (14, 'trades without their producer or consumer = 0', coalesce(dangling_trade.rows, 0), 0),
            (15, 'operator roles that do not exist = 0',
             (SELECT count(*) FROM smartgrid.grid AS g
              WHERE g.grid_id = s.grid_id AND NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = g.operator_role)), 0)
         ) AS i (place, invariant, left_side, right_side)
    ORDER BY s.name COLLATE "C", i.place;
END;
