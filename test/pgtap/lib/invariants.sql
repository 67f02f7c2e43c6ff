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
    OUT consumed numeric, OUT balance numeric, OUT stored numeric, OUT carry numeric, OUT due numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.participant_id,
           sum(CASE WHEN e.kind = 0 THEN e.sign * e.energy ELSE 0 END),
           sum(CASE WHEN e.kind IN (0, 6) THEN e.sign * e.energy WHEN e.kind = 4 THEN -e.energy
                    WHEN e.stored_kind = 21 AND NOT e.as_buyer THEN e.energy ELSE 0 END),
           sum(CASE WHEN e.kind IN (5, 9) AND NOT e.as_buyer THEN e.sign * e.money WHEN e.kind = 8 THEN -e.sign * e.money ELSE 0 END),
           sum(CASE WHEN e.kind = 1 OR e.as_buyer THEN e.sign * e.energy ELSE 0 END),
           sum(CASE WHEN e.kind = 7 THEN e.sign * e.money WHEN e.kind IN (1, 10, 28) OR e.as_buyer THEN -e.sign * e.money ELSE 0 END),
           sum(CASE WHEN e.kind = 2 THEN e.sign * e.energy WHEN e.kind = 3 THEN -e.sign * e.energy ELSE 0 END),
           sum(CASE WHEN e.kind = 1 AND e.cause > g.exact_after
                    THEN e.sign * (e.energy::numeric * e.price - e.money * 10::numeric ^ g.energy_scale) ELSE 0 END),
           sum(CASE WHEN e.kind IN (24, 27) THEN e.money WHEN e.kind IN (25, 26, 28) THEN -e.money ELSE 0 END)
    FROM (SELECT s.*, false AS as_buyer
          FROM sgtest.signed AS s WHERE s.grid_id = ANY (grids)
          UNION ALL
          SELECT s.entry_id, s.grid_id, s.counterparty_id, s.participant_id, s.stored_kind, s.kind, s.sign, s.cause, s.energy, s.price, s.money, true
          FROM sgtest.signed AS s WHERE s.grid_id = ANY (grids) AND s.kind = 5) AS e
         JOIN smartgrid.grid AS g ON g.grid_id = e.grid_id
    GROUP BY e.participant_id;
END;

-- What sealed entries add up to by quarter-hour, as smartgrid.rollup and smartgrid.rollup_production have it, but for peaks.
CREATE VIEW sgtest.quarter AS
SELECT q.grid_id, q.quarter_start, to_jsonb(q) AS sums,
       (SELECT jsonb_object_agg(t.energy_type, t.produced)
        FROM (SELECT p.energy_type, sum(s.sign * s.energy) AS produced
              FROM sgtest.signed AS s JOIN smartgrid.ledger AS l USING (entry_id) JOIN smartgrid.producer AS p ON p.participant_id = s.participant_id
                   JOIN smartgrid.rollup_end AS e ON e.grid_id = s.grid_id AND s.entry_id <= e.last_entry
              WHERE s.kind = 0 AND s.grid_id = q.grid_id AND smartgrid.quarter_hour(l.at) = q.quarter_start
              GROUP BY p.energy_type) AS t WHERE t.produced <> 0) AS production
FROM (SELECT s.grid_id, smartgrid.quarter_hour(l.at) AS quarter_start, count(*) AS entries, count(*) FILTER (WHERE s.kind BETWEEN 7 AND 10 OR s.kind BETWEEN 22 AND 28) AS payments,
             coalesce(sum(smartgrid.load_change(l.kind, l.energy)), 0) AS load_change,
             coalesce(sum(s.sign * s.energy) FILTER (WHERE s.kind = 0), 0) AS produced,
             coalesce(sum(s.sign * s.energy) FILTER (WHERE s.kind = 1), 0) AS consumed,
             coalesce(sum(s.sign * s.energy) FILTER (WHERE s.kind = 2), 0) AS charged,
             coalesce(sum(s.sign * s.energy) FILTER (WHERE s.kind = 3), 0) AS discharged,
             coalesce(sum(s.sign * s.energy) FILTER (WHERE s.kind = 4), 0) AS held,
             coalesce(sum(s.sign * s.energy) FILTER (WHERE s.kind = 5), 0) AS traded,
             coalesce(sum(s.energy) FILTER (WHERE s.kind = 6 OR s.stored_kind = 21), 0) AS released,
             coalesce(sum(s.sign * s.energy) FILTER (WHERE s.kind = 11), 0) AS written_off,
             coalesce(sum(s.sign * s.energy::numeric * s.price) FILTER (WHERE s.kind = 1), 0) AS consumed_value,
             coalesce(sum(s.sign * s.money) FILTER (WHERE s.kind = 1), 0) AS revenue,
             coalesce(sum(s.sign * s.money) FILTER (WHERE s.kind = 5), 0) AS trade_money,
             coalesce(sum(s.sign * s.money) FILTER (WHERE s.kind = 7), 0) AS topups,
             coalesce(sum(s.sign * s.money) FILTER (WHERE s.kind = 8), 0) AS withdrawals,
             coalesce(sum(s.sign * s.money) FILTER (WHERE s.kind = 9), 0) AS payouts,
             coalesce(sum(s.sign * s.money) FILTER (WHERE s.kind = 10), 0) AS refunds,
             min(s.price) FILTER (WHERE s.kind = 1) AS price_low, max(s.price) FILTER (WHERE s.kind = 1) AS price_high
      FROM sgtest.signed AS s JOIN smartgrid.ledger AS l USING (entry_id)
           JOIN smartgrid.rollup_end AS e ON e.grid_id = s.grid_id AND s.entry_id <= e.last_entry
      GROUP BY s.grid_id, smartgrid.quarter_hour(l.at)) AS q;
CREATE VIEW sgtest.differing_quarter AS
SELECT grid_id, count(*) AS rows
FROM (SELECT r.grid_id, r.quarter_start, to_jsonb(r) - 'peak_load' - 'peak_at' AS sums,
             (SELECT jsonb_object_agg(p.energy_type, p.produced) FROM smartgrid.rollup_production AS p
              WHERE p.grid_id = r.grid_id AND p.quarter_start = r.quarter_start AND p.produced <> 0) AS production
      FROM smartgrid.rollup AS r) AS has
     FULL JOIN sgtest.quarter AS q USING (grid_id, quarter_start)
WHERE has.sums IS DISTINCT FROM q.sums OR has.production IS DISTINCT FROM q.production
GROUP BY grid_id;

-- Shares on record, with the identifier that their point has now; keys of consumers and storage only.
CREATE VIEW sgtest.named_share AS
SELECT s.grid_id, n.name, s.valid_from, s.valid_to, s.factor, CASE WHEN p.kind IN (0, 3) THEN s.key ELSE 0 END AS key
FROM smartgrid.share AS s JOIN smartgrid.point AS p USING (point_id)
     JOIN smartgrid.point_name AS n ON n.point_id = s.point_id AND n.superseded_at = 'infinity'
WHERE s.superseded_at = 'infinity';

-- Of a table, rows of no grid.
CREATE VIEW sgtest.without_grid AS
SELECT count(*) AS rows
FROM (SELECT grid_id FROM smartgrid.participant UNION ALL SELECT grid_id FROM smartgrid.ledger UNION ALL SELECT grid_id FROM smartgrid.producer
      UNION ALL SELECT grid_id FROM smartgrid.consumer UNION ALL SELECT grid_id FROM smartgrid.storage UNION ALL SELECT grid_id FROM smartgrid.due UNION ALL SELECT grid_id FROM smartgrid.trade
      UNION ALL SELECT grid_id FROM smartgrid.pool UNION ALL SELECT grid_id FROM smartgrid.point UNION ALL SELECT grid_id FROM smartgrid.point_name
      UNION ALL SELECT grid_id FROM smartgrid.point_period UNION ALL SELECT grid_id FROM smartgrid.recording UNION ALL SELECT grid_id FROM smartgrid.entry_digest
      UNION ALL SELECT grid_id FROM smartgrid.allocation UNION ALL SELECT grid_id FROM smartgrid.share) AS r
WHERE NOT EXISTS (SELECT FROM smartgrid.grid AS g WHERE g.grid_id = r.grid_id);

CREATE FUNCTION sgtest.next_id(sequence regclass) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    id bigint;
BEGIN
    EXECUTE format('SELECT last_value + is_called::integer FROM %s', sequence) INTO id;
    RETURN id;
END $$;
CREATE VIEW sgtest.behind AS
SELECT count(*) FILTER (WHERE sgtest.next_id(sequence) <= id) AS sequences
FROM (SELECT 'smartgrid.grid_id_seq'::regclass, max(grid_id) FROM smartgrid.grid
      UNION ALL SELECT 'smartgrid.participant_id_seq', max(participant_id) FROM smartgrid.participant
      UNION ALL SELECT 'smartgrid.ledger_entry_id_seq', max(entry_id) FROM smartgrid.ledger
      UNION ALL SELECT 'smartgrid.trade_id_seq', max(trade_id) FROM smartgrid.trade
      UNION ALL SELECT 'smartgrid.price_event_id_seq', max(event_id) FROM smartgrid.price_event
      UNION ALL SELECT 'smartgrid.capacity_event_id_seq', max(event_id) FROM smartgrid.capacity_event
      UNION ALL SELECT 'smartgrid.metrics_id_seq', max(metrics_id) FROM smartgrid.metrics) AS s (sequence, id);

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
    ), due AS (
        SELECT d.grid_id, sum(d.due) AS due, count(*) FILTER (WHERE d.due <> coalesce(b.due, 0)) AS differing
        FROM smartgrid.due AS d
             LEFT JOIN sgtest.ledger_balances(grids) AS b ON b.participant_id = d.participant_id
        WHERE d.grid_id = ANY (grids) GROUP BY d.grid_id
    ), trade AS (
        SELECT t.grid_id, sum(t.amount) FILTER (WHERE t.status = 0) AS held,
               sum(t.cost) FILTER (WHERE t.status = 1) AS paid
        FROM smartgrid.trade AS t WHERE t.grid_id = ANY (grids) GROUP BY t.grid_id
    ), dangling AS (
        SELECT r.grid_id, count(*) AS rows
        FROM (SELECT p.grid_id, p.participant_id FROM smartgrid.producer AS p
              UNION ALL SELECT c.grid_id, c.participant_id FROM smartgrid.consumer AS c
              UNION ALL SELECT s.grid_id, s.participant_id FROM smartgrid.storage AS s
              UNION ALL SELECT d.grid_id, d.participant_id FROM smartgrid.due AS d
              UNION ALL SELECT l.grid_id, CASE WHEN l.kind NOT IN (11, 20, 22, 23) THEN l.participant_id END FROM smartgrid.ledger AS l
                        WHERE l.kind NOT IN (11, 20, 22, 23) OR l.participant_id <> 0
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
               coalesce(max(l.money) FILTER (WHERE l.kind = 8), 0) AS withdrawals,
               coalesce(max(l.money) FILTER (WHERE l.kind = 28), 0) AS dues,
               coalesce(sum(CASE WHEN l.kind IN (24, 27) THEN l.money WHEN l.kind IN (25, 26, 28) THEN -l.money END), 0) AS due
        FROM smartgrid.grid AS g LEFT JOIN ledger AS l ON l.grid_id = g.grid_id
        WHERE g.grid_id = ANY (grids) GROUP BY g.grid_id, g.name
    )
    (SELECT s.name, i.invariant, i.left_side, i.right_side, i.left_side = i.right_side
    FROM sums AS s
         LEFT JOIN pool USING (grid_id)
         LEFT JOIN producer USING (grid_id)
         LEFT JOIN consumer USING (grid_id)
         LEFT JOIN storage USING (grid_id)
         LEFT JOIN due USING (grid_id)
         LEFT JOIN trade USING (grid_id)
         LEFT JOIN dangling USING (grid_id)
         LEFT JOIN dangling_trade USING (grid_id)
         CROSS JOIN LATERAL (VALUES
            (1, 'money: top-ups = balances + held + earnings + withdrawals + refunds + dues + revenue',
             s.topups, coalesce(consumer.balance, 0) + coalesce(producer.earnings, 0) + s.withdrawals + s.refunds + s.dues + coalesce(pool.revenue, 0)),
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
            (7.5, 'due = bill - credit - payment + payment_out - dues', coalesce(due.due, 0), s.due),
            (8, 'producers that differ from the ledger = 0', coalesce(producer.differing, 0), 0),
            (9, 'consumers that differ from the ledger = 0', coalesce(consumer.differing, 0), 0),
            (10, 'storage facilities that differ from the ledger = 0', coalesce(storage.differing, 0), 0),
            (10.5, 'dues that differ from the ledger = 0', coalesce(due.differing, 0), 0),
            (11, 'consumers whose costs are not energy * price = 0', coalesce(consumer.costs_differing, 0), 0),
            (12, 'reversals and write-offs with their reason = those of the ledger',
             (SELECT count(*) FROM smartgrid.reversal AS r WHERE r.grid_id = s.grid_id),
             (SELECT count(*) FROM smartgrid.ledger AS l WHERE l.grid_id = s.grid_id AND l.kind BETWEEN 11 AND 21)),
            (13, 'entries without their digest, digests without their entry = 0',
             (SELECT count(*)
              FROM (SELECT l.entry_id FROM smartgrid.ledger AS l WHERE l.grid_id = s.grid_id AND l.kind BETWEEN 22 AND 25) AS e
                   FULL JOIN (SELECT d.entry_id FROM smartgrid.entry_digest AS d WHERE d.grid_id = s.grid_id) AS d USING (entry_id)
              WHERE e.entry_id IS NULL OR d.entry_id IS NULL), 0),
            (13.5, 'payments without their entry, entries without their payment = 0',
             (SELECT count(*) FROM smartgrid.payment AS p
              WHERE p.grid_id = s.grid_id
                    AND NOT EXISTS (SELECT FROM smartgrid.ledger AS l
                                    WHERE (l.entry_id, l.grid_id, l.participant_id, l.kind) = (p.entry_id, p.grid_id, p.participant_id, CASE sign(p.money) WHEN 1 THEN 26 ELSE 27 END)
                                          AND l.money = abs(p.money::numeric)))
             + (SELECT count(*) FROM smartgrid.ledger AS l
                WHERE l.grid_id = s.grid_id AND l.kind IN (26, 27)
                      AND NOT EXISTS (SELECT FROM smartgrid.payment AS p
                                      WHERE (p.entry_id, p.grid_id, p.participant_id) = (l.entry_id, l.grid_id, l.participant_id)
                                            AND p.money::numeric = CASE l.kind WHEN 26 THEN l.money ELSE -l.money::numeric END)), 0),
            (13.51, 'final runs without their entry, entries without their final run = 0',
             (SELECT count(*) FROM smartgrid.run AS r
              WHERE r.grid_id = s.grid_id AND r.finalized_at < 'infinity'
                    AND NOT EXISTS (SELECT FROM smartgrid.ledger AS l JOIN smartgrid.entry_digest AS e USING (entry_id, grid_id)
                                    WHERE (l.entry_id, l.grid_id, l.kind, l.trade_id, l.participant_id, e.digest)
                                          = (r.entry_id, r.grid_id, 23, r.run_id, 0, r.digest)))
             + (SELECT count(*) FROM smartgrid.ledger AS l
                WHERE l.grid_id = s.grid_id AND l.kind = 23
                      AND l.entry_id NOT IN (SELECT r.entry_id FROM smartgrid.run AS r WHERE r.grid_id = l.grid_id AND r.finalized_at < 'infinity')), 0),
            (13.52, 'final runs whose sums differ from their lines = 0',
             (SELECT count(*) FROM smartgrid.run AS r
              WHERE r.grid_id = s.grid_id AND r.finalized_at < 'infinity'
                    AND (r.charges, r.credits) IS DISTINCT FROM
                        ((SELECT coalesce(sum(l.money), 0) FROM smartgrid.run_line AS l WHERE (l.run_id, l.grid_id, l.side) = (r.run_id, r.grid_id, 0)),
                         (SELECT coalesce(sum(l.money), 0) FROM smartgrid.run_line AS l WHERE (l.run_id, l.grid_id, l.side) = (r.run_id, r.grid_id, 1)))), 0),
            (13.6, 'documents without their entry, bills and credits without their document = 0',
             (SELECT count(*) FROM smartgrid.document AS d
              WHERE d.grid_id = s.grid_id
                    AND (sha256(convert_to(d.body::text, 'UTF8')) <> d.digest
                         OR NOT EXISTS (SELECT FROM smartgrid.ledger AS l JOIN smartgrid.entry_digest AS e USING (entry_id)
                                        WHERE (l.entry_id, l.grid_id, e.grid_id, l.participant_id, l.trade_id, e.digest)
                                              = (d.entry_id, d.grid_id, d.grid_id, d.participant_id, d.document_id, d.digest)
                                              AND CASE l.kind WHEN 24 THEN l.money WHEN 25 THEN -l.money END = CASE d.side WHEN 0 THEN d.gross ELSE -d.gross END)))
             + (SELECT count(*) FROM smartgrid.ledger AS l
                WHERE l.grid_id = s.grid_id AND l.kind IN (24, 25) AND l.entry_id NOT IN (SELECT d.entry_id FROM smartgrid.document AS d WHERE d.grid_id = l.grid_id)), 0),
            (13.7, 'gaps in the numbers of documents = 0',
             (SELECT count(*) FROM (SELECT n.prefix, n.year, q FROM smartgrid.document_number AS n, generate_series(n.first, n.last) AS q WHERE n.grid_id = s.grid_id) AS n
                   FULL JOIN (SELECT d.prefix, d.year, d.sequence AS q FROM smartgrid.document AS d WHERE d.grid_id = s.grid_id) AS d USING (prefix, year, q)
              WHERE n IS NULL OR d IS NULL), 0),
            (13.8, 'documents that do not sum to the lines of their run = 0',
             (SELECT count(*) FROM smartgrid.document AS d JOIN smartgrid.grid AS g USING (grid_id)
              WHERE d.grid_id = s.grid_id AND d.cancels_id = 0 AND d.document_id NOT IN (SELECT c.cancels_id FROM smartgrid.document AS c)
                    AND (SELECT ROW(sum((l ->> 'money')::numeric), sum((l ->> 'net')::numeric)) FROM json_array_elements(d.body -> 'lines') AS l)
                        IS DISTINCT FROM (SELECT ROW(sum(r.money) / 10::numeric ^ g.money_scale, d.net / 10::numeric ^ g.money_scale) FROM smartgrid.run_line AS r
                                          WHERE (r.run_id, r.participant_id, r.side) = (d.run_id, d.participant_id, d.side))), 0),
            (14, 'rows without their participant = 0', coalesce(dangling.rows, 0), 0),
            (15, 'trades without their producer or consumer = 0', coalesce(dangling_trade.rows, 0), 0),
            (16, 'operator roles that do not exist = 0',
             (SELECT count(*) FROM smartgrid.grid AS g
              WHERE g.grid_id = s.grid_id AND NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = g.operator_role)), 0),
            (17, 'stripes and accounts below zero = 0',
             (SELECT count(*) FROM smartgrid.pool AS p WHERE p.grid_id = s.grid_id AND least(p.load, p.capacity, p.revenue) < 0)
             + (SELECT count(*) FROM smartgrid.producer AS p WHERE p.grid_id = s.grid_id AND least(p.total_produced, p.unsold, p.earnings) < 0)
             + (SELECT count(*) FROM smartgrid.consumer AS c WHERE c.grid_id = s.grid_id AND least(c.total_consumed, c.balance, c.cost_carry) < 0)
             + (SELECT count(*) FROM smartgrid.storage AS t WHERE t.grid_id = s.grid_id AND t.stored_amount < 0), 0),
            (18, 'newest price events that differ from the grid = 0',
             (SELECT count(*) FROM smartgrid.grid AS g
                   LEFT JOIN smartgrid.price_event AS e ON e.event_id = (SELECT max(n.event_id) FROM smartgrid.price_event AS n WHERE n.grid_id = g.grid_id)
              WHERE g.grid_id = s.grid_id
                    AND (g.base_price, g.emergency_mode, g.price_rule::smallint) IS DISTINCT FROM (e.base_price, e.emergency_mode, e.price_rule)), 0),
            (19, 'entries that were booked before the grid was made = 0',
             (SELECT count(*) FROM smartgrid.ledger AS l JOIN smartgrid.grid AS g USING (grid_id)
              WHERE l.grid_id = s.grid_id AND l.booked_at < g.created_at AND l.entry_id > g.exact_after), 0),
            (20, 'rows of metering points without point, identifier or owner = 0',
             (SELECT count(*) FROM smartgrid.point AS p
              WHERE p.grid_id = s.grid_id AND (p.point_id, p.grid_id) NOT IN (SELECT n.point_id, n.grid_id FROM smartgrid.point_name AS n WHERE n.superseded_at = 'infinity'))
             + (SELECT count(*) FROM smartgrid.point_name AS n
                WHERE n.grid_id = s.grid_id AND (n.point_id, n.grid_id) NOT IN (SELECT p.point_id, p.grid_id FROM smartgrid.point AS p))
             + (SELECT count(*) FROM smartgrid.point_period AS d
                WHERE d.grid_id = s.grid_id
                      AND ((d.point_id, d.grid_id) NOT IN (SELECT p.point_id, p.grid_id FROM smartgrid.point AS p)
                           OR d.owner_id > 0 AND (d.owner_id, d.grid_id) NOT IN (SELECT o.participant_id, o.grid_id FROM smartgrid.participant AS o))), 0),
            (21, 'periods of metering points that overlap = 0',
             (SELECT count(*) FROM smartgrid.point_period AS d
              WHERE d.grid_id = s.grid_id AND d.superseded_at = 'infinity'
                    AND EXISTS (SELECT FROM smartgrid.point_period AS e
                                WHERE e.point_id = d.point_id AND e.superseded_at = 'infinity' AND e.valid_from < d.valid_from AND e.valid_to > d.valid_from)), 0),
            (22, 'intervals that no batch accounts for = 0',
             (SELECT count(*) FROM smartgrid.interval_day AS d
              WHERE d.grid_id = s.grid_id
                    AND NOT EXISTS (SELECT FROM smartgrid.batch AS b WHERE b.batch_id = d.batch_id AND b.grid_id = s.grid_id AND d.day BETWEEN b.first_day AND b.last_day)
                    AND NOT EXISTS (SELECT FROM smartgrid.interval_pack AS p WHERE p.pack_id = d.batch_id AND p.grid_id = s.grid_id AND p.day = d.day))
             + (SELECT count(*) FROM smartgrid.interval_pack AS p
                WHERE p.grid_id = s.grid_id
                      AND (NOT EXISTS (SELECT FROM unnest(p.batches) AS i (id) WHERE i.id <> 0)
                           OR EXISTS (SELECT FROM unnest(p.batches) AS i (id) WHERE i.id <> 0
                                      AND NOT EXISTS (SELECT FROM smartgrid.batch AS b
                                                      WHERE b.batch_id = i.id AND b.grid_id = s.grid_id AND p.day BETWEEN b.first_day AND b.last_day))))
             + (SELECT count(*) FROM smartgrid.open_slot AS o
                WHERE o.grid_id = s.grid_id
                      AND NOT EXISTS (SELECT FROM smartgrid.batch AS b WHERE b.batch_id = o.batch_id AND b.grid_id = s.grid_id AND o.day BETWEEN b.first_day AND b.last_day)), 0),
            (23, 'versions of packed days out of order = 0',
             (SELECT count(*) FROM smartgrid.interval_day AS d
              WHERE d.grid_id = s.grid_id
                    AND CASE WHEN d.version = 1 THEN false
                             ELSE NOT EXISTS (SELECT FROM smartgrid.interval_day AS e
                                              WHERE (e.day, e.point_id, e.version, e.grid_id) = (d.day, d.point_id, d.version - 1, d.grid_id) AND e.recorded_at <= d.recorded_at) END), 0),
            (24, 'packed days and open slots without point, or not of the slots of their day = 0',
             (SELECT count(*)
              FROM smartgrid.interval_day AS d
                   CROSS JOIN LATERAL (SELECT coalesce((SELECT z.time_zone FROM smartgrid.grid_zone AS z WHERE z.grid_id = d.grid_id), 'UTC') AS zone,
                                              split_part(d.data::text, ' ', 1)::interval AS utc_offset, split_part(d.data::text, ' ', 2) AS shape) AS q
                   CROSS JOIN LATERAL (SELECT d.day::timestamp AT TIME ZONE q.zone AS starts, (d.day + 1)::timestamp AT TIME ZONE q.zone AS ends) AS f
              WHERE d.grid_id = s.grid_id
                    AND (q.shape !~ '^[0-9]+x[0-9]+$'
                         OR split_part(q.shape, 'x', 1)::integer * split_part(q.shape, 'x', 2)::integer <> extract(epoch FROM f.ends - f.starts) / 60
                         OR d.day::timestamp - f.starts AT TIME ZONE 'UTC' <> q.utc_offset))
             + (SELECT count(*) FROM smartgrid.interval_day AS d
                WHERE d.grid_id = s.grid_id AND (d.point_id, d.grid_id) NOT IN (SELECT p.point_id, p.grid_id FROM smartgrid.point AS p))
             + (SELECT count(*)
                FROM smartgrid.open_slot AS o
                     CROSS JOIN LATERAL (SELECT coalesce((SELECT z.time_zone FROM smartgrid.grid_zone AS z WHERE z.grid_id = o.grid_id), 'UTC') AS zone) AS q
                     CROSS JOIN LATERAL (SELECT o.day::timestamp AT TIME ZONE q.zone AS starts, (o.day + 1)::timestamp AT TIME ZONE q.zone AS ends) AS f
                WHERE o.grid_id = s.grid_id
                      AND (o.start < f.starts OR o.start >= f.ends OR mod(extract(epoch FROM o.start - f.starts), o.minutes * 60) <> 0))
             + (SELECT count(*) FROM smartgrid.open_slot AS o, smartgrid.open_values(o.data) AS v
                WHERE o.grid_id = s.grid_id AND (v.point_id, o.grid_id) NOT IN (SELECT p.point_id, p.grid_id FROM smartgrid.point AS p)), 0),
            (25, 'shares of no metering point, or beyond 100 percent = 0',
             (SELECT count(*) FROM smartgrid.share AS h
              WHERE h.grid_id = s.grid_id AND (h.point_id, h.grid_id) NOT IN (SELECT p.point_id, p.grid_id FROM smartgrid.point AS p))
             + (SELECT count(DISTINCT n.name)
                FROM sgtest.named_share AS n
                WHERE n.grid_id = s.grid_id
                      AND EXISTS (SELECT FROM sgtest.named_share AS a
                                  WHERE a.name = n.name
                                        AND (SELECT sum(b.factor) FROM sgtest.named_share AS b
                                             WHERE b.name = n.name AND b.valid_from <= a.valid_from AND a.valid_from < b.valid_to) > 1e18))
             + (SELECT count(*)
                WHERE EXISTS (SELECT FROM sgtest.named_share AS a
                              WHERE a.grid_id = s.grid_id
                                    AND (SELECT sum(b.key) FROM sgtest.named_share AS b
                                         WHERE b.grid_id = s.grid_id AND b.key > 0 AND b.valid_from <= a.valid_from AND a.valid_from < b.valid_to) > 1e18)),
             0),
            (26, 'quarter-hours whose sums differ from their entries = 0',
             (SELECT coalesce(sum(d.rows), 0) FROM sgtest.differing_quarter AS d WHERE d.grid_id = s.grid_id), 0)
         ) AS i (place, invariant, left_side, right_side)
    ORDER BY s.name COLLATE "C", i.place)
    UNION ALL
    SELECT NULL, d.invariant, d.left_side, 0, d.left_side = 0
    FROM (VALUES ('rows without their grid = 0', (SELECT rows FROM sgtest.without_grid)),
                 ('sequences behind the rows = 0', (SELECT sequences FROM sgtest.behind)),
                 ('triggers and rules that do not fire = 0',
                  (SELECT count(*) FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
                   WHERE c.relnamespace = 'smartgrid'::regnamespace AND NOT t.tgisinternal AND t.tgname NOT IN ('note_change', 'replace_seed_row', 'replace_derived_row'))
                  + (SELECT count(*) FROM pg_rules AS r WHERE r.schemaname = 'smartgrid'))) AS d (invariant, left_side);
END;
