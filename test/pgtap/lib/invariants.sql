-- The invariants of sg_check() in SQL, and what they need: those of version 0.2.0, whose sg_check() was made of them.

CREATE FUNCTION sgtest.ledger_balances(grids integer[],
    OUT participant_id bigint, OUT produced numeric, OUT unsold numeric, OUT earnings numeric,
    OUT consumed numeric, OUT balance numeric, OUT stored numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.participant_id,
           sum(CASE WHEN e.kind = 0 THEN e.energy ELSE 0 END),
           sum(CASE WHEN e.kind IN (0, 6) THEN e.energy WHEN e.kind = 4 THEN -e.energy ELSE 0 END),
           sum(CASE WHEN e.kind = 5 AND NOT e.as_buyer THEN e.money WHEN e.kind = 8 THEN -e.money ELSE 0 END),
           sum(CASE WHEN e.kind = 1 OR e.as_buyer THEN e.energy ELSE 0 END),
           sum(CASE WHEN e.kind = 7 THEN e.money WHEN e.kind = 1 OR e.as_buyer THEN -e.money ELSE 0 END),
           sum(CASE WHEN e.kind = 2 THEN e.energy WHEN e.kind = 3 THEN -e.energy ELSE 0 END)
    FROM (SELECT l.participant_id, l.kind, l.energy, l.money, false AS as_buyer
          FROM smartgrid.ledger AS l WHERE l.grid_id = ANY (grids)
          UNION ALL
          SELECT l.counterparty_id, l.kind, l.energy, l.money, true
          FROM smartgrid.ledger AS l WHERE l.grid_id = ANY (grids) AND l.kind = 5) AS e
    GROUP BY e.participant_id;
END;

CREATE FUNCTION sgtest.invariants(grids integer[],
    OUT grid text, OUT invariant text, OUT left_side numeric, OUT right_side numeric, OUT ok boolean) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH ledger AS (
        SELECT l.grid_id, l.kind, sum(l.energy) AS energy, sum(l.money) AS money
        FROM smartgrid.ledger AS l WHERE l.grid_id = ANY (grids) GROUP BY l.grid_id, l.kind
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
                                OR (c.total_consumed, c.balance) <> (b.consumed, b.balance)) AS differing
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
              UNION ALL SELECT l.grid_id, l.participant_id FROM smartgrid.ledger AS l
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
               coalesce(max(l.energy) FILTER (WHERE l.kind = 6), 0) AS released,
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
            (1, 'money: top-ups = balances + earnings + withdrawals + revenue',
             s.topups, coalesce(consumer.balance, 0) + coalesce(producer.earnings, 0) + s.withdrawals + coalesce(pool.revenue, 0)),
            (2, 'energy: reported + discharged = consumed + charged + traded + held + load',
             s.reported + s.discharged, s.consumed + s.charged + s.traded + coalesce(trade.held, 0) + coalesce(pool.load, 0)),
            (3, 'grid capacity = capacities of active producers',
             coalesce(pool.capacity, 0), coalesce(producer.capacity, 0)),
            (4, 'grid revenue = paid for consumption',
             coalesce(pool.revenue, 0), s.paid_to_grid),
            (5, 'held by pending trades = offered - traded - released',
             coalesce(trade.held, 0), s.offered - s.traded - s.released),
            (6, 'cost of completed trades = paid to sellers',
             coalesce(trade.paid, 0), s.paid_to_sellers),
            (7, 'stored = charged - discharged',
             coalesce(storage.stored, 0), s.charged - s.discharged),
            (8, 'producers that differ from the ledger = 0', coalesce(producer.differing, 0), 0),
            (9, 'consumers that differ from the ledger = 0', coalesce(consumer.differing, 0), 0),
            (10, 'storage facilities that differ from the ledger = 0', coalesce(storage.differing, 0), 0),
            (11, 'rows without their participant = 0', coalesce(dangling.rows, 0), 0),
            (12, 'trades without their producer or consumer = 0', coalesce(dangling_trade.rows, 0), 0),
            (13, 'operator roles that do not exist = 0',
             (SELECT count(*) FROM smartgrid.grid AS g
              WHERE g.grid_id = s.grid_id AND NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = g.operator_role)), 0)
         ) AS i (place, invariant, left_side, right_side)
    ORDER BY s.name COLLATE "C", i.place;
END;
