-- The report page: what the books say of a grid's participants, trades and evidence, as rows of values.  Energy is in kWh,
-- money in the currency, shares in percent.
--
-- Figures are read with the rights of the caller: row-level security decides of which entries they are.  What an entry does
-- to whom, smartgrid.entry_effects() says.

CREATE TYPE smartgrid.report_party AS (
    participant_id bigint,
    principal text,
    produced numeric,
    consumed numeric,
    charged numeric,
    discharged numeric,
    sold numeric,
    bought numeric,
    paid numeric,
    earned numeric
);
COMMENT ON TYPE smartgrid.report_party IS 'what a participant did in a period';
COMMENT ON COLUMN smartgrid.report_party.participant_id IS 'identifier of the participant';
COMMENT ON COLUMN smartgrid.report_party.principal IS 'its name; NULL for those who may not know it';
COMMENT ON COLUMN smartgrid.report_party.produced IS 'produced, kWh';
COMMENT ON COLUMN smartgrid.report_party.consumed IS 'taken from the grid, kWh';
COMMENT ON COLUMN smartgrid.report_party.charged IS 'charged into its storage, kWh';
COMMENT ON COLUMN smartgrid.report_party.discharged IS 'discharged from its storage, kWh';
COMMENT ON COLUMN smartgrid.report_party.sold IS 'sold to members, kWh';
COMMENT ON COLUMN smartgrid.report_party.bought IS 'bought from members, kWh';
COMMENT ON COLUMN smartgrid.report_party.paid IS 'paid to the grid and to members, currency';
COMMENT ON COLUMN smartgrid.report_party.earned IS 'earned by trades, and paid by the grid, currency';

-- A reversal is of the kind that it takes back, with a minus.
CREATE FUNCTION smartgrid.report_effects(OUT kind integer, OUT as_counterparty boolean, OUT name text, OUT sign integer, OUT balance integer, OUT earnings integer,
    OUT unsold integer, OUT stored integer, OUT consumed integer, OUT produced integer, OUT due integer) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 56
BEGIN ATOMIC
    SELECT k.kind, k.as_counterparty, regexp_replace(n.name, '^reversal-', ''), CASE WHEN n.name LIKE 'reversal-%' THEN -1 ELSE 1 END,
           k.balance, k.earnings, k.unsold, k.stored, k.consumed, k.produced, k.due
    FROM smartgrid.entry_effects() AS k CROSS JOIN LATERAL smartgrid.entry_kind(k.kind::smallint) AS n (name);
END;
COMMENT ON FUNCTION smartgrid.report_effects()
    IS 'what an entry of each kind does, as smartgrid.entry_effects(); name: of the kind, of a reversal that of what it takes back, whose sign is -1';

-- One pass over the period's entries.  Of these conditions the planner knows how many there are, of <@ it does not.
CREATE FUNCTION smartgrid.report_parties(context smartgrid.report_context) RETURNS SETOF smartgrid.report_party
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
    WITH moved AS MATERIALIZED (
        SELECT l.participant_id, l.counterparty_id, l.kind, sum(l.energy) AS energy, sum(l.money) AS money
        FROM smartgrid.ledger AS l
        WHERE l.grid_id = context.grid_id AND l.at >= lower(context.period) AND l.at <= upper(context.period)
              AND (l.at > lower(context.period) OR lower_inc(context.period)) AND (l.at < upper(context.period) OR upper_inc(context.period))
        GROUP BY l.participant_id, l.counterparty_id, l.kind
    ), party AS (
        SELECT e.party_id,
               COALESCE(sum(e.energy * k.produced), 0) AS produced,
               COALESCE(sum(e.energy * k.consumed) FILTER (WHERE NOT k.as_counterparty), 0) AS consumed,
               COALESCE(sum(e.energy * k.sign) FILTER (WHERE k.name = 'charge'), 0) AS charged,
               COALESCE(sum(e.energy * k.sign) FILTER (WHERE k.name = 'discharge'), 0) AS discharged,
               COALESCE(sum(e.energy * k.sign) FILTER (WHERE k.name = 'trade' AND NOT k.as_counterparty), 0) AS sold,
               COALESCE(sum(e.energy * k.consumed) FILTER (WHERE k.as_counterparty), 0) AS bought,
               COALESCE(sum(e.money * k.sign) FILTER (WHERE k.name = 'consumption' OR (k.name = 'trade' AND k.as_counterparty)), 0) AS paid,
               COALESCE(sum(e.money * k.sign) FILTER (WHERE k.name IN ('trade', 'payout') AND NOT k.as_counterparty), 0) AS earned
        FROM (SELECT m.participant_id AS party_id, false AS as_counterparty, m.kind, m.energy, m.money FROM moved AS m
              UNION ALL
              SELECT m.counterparty_id, true, m.kind, m.energy, m.money FROM moved AS m WHERE m.counterparty_id > 0) AS e
             JOIN smartgrid.report_effects() AS k ON k.kind = e.kind AND k.as_counterparty = e.as_counterparty
        WHERE e.party_id > 0
        GROUP BY e.party_id
    )
    SELECT p.party_id, n.principal,
           smartgrid.scaled_sum(p.produced, context.energy_scale), smartgrid.scaled_sum(p.consumed, context.energy_scale),
           smartgrid.scaled_sum(p.charged, context.energy_scale), smartgrid.scaled_sum(p.discharged, context.energy_scale),
           smartgrid.scaled_sum(p.sold, context.energy_scale), smartgrid.scaled_sum(p.bought, context.energy_scale),
           smartgrid.scaled_sum(p.paid, context.money_scale), smartgrid.scaled_sum(p.earned, context.money_scale)
    FROM party AS p LEFT JOIN smartgrid.participant AS n ON n.participant_id = p.party_id;
END;
COMMENT ON FUNCTION smartgrid.report_parties(smartgrid.report_context)
    IS 'what each participant did in the period, of the entries that the caller sees: energy in kWh, paid and earned in the currency';

-- Of these lists, place is the rank, and parties how many there are in all.
CREATE FUNCTION smartgrid.report_producers(parties smartgrid.report_party[], shown integer,
    OUT place bigint, OUT parties_in_all bigint, OUT principal text, OUT energy_type text, OUT produced numeric, OUT compared numeric, OUT share numeric,
    OUT sold numeric, OUT earned numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT p.place, p.parties_in_all, p.principal, smartgrid.energy_type_name(d.energy_type), p.produced,
           100 * p.produced / NULLIF(p.most, 0), 100 * p.produced / NULLIF(p.total, 0), p.sold, p.earned
    FROM (SELECT s.*, row_number() OVER (ORDER BY s.produced DESC, s.sold DESC, s.principal) AS place, count(*) OVER () AS parties_in_all,
                 max(s.produced) OVER () AS most, sum(s.produced) OVER () AS total
          FROM unnest(report_producers.parties) AS s WHERE s.produced > 0 OR s.sold > 0) AS p
         LEFT JOIN smartgrid.producer AS d ON d.participant_id = p.participant_id
    WHERE p.place <= shown
    ORDER BY p.place;
END;
COMMENT ON FUNCTION smartgrid.report_producers(smartgrid.report_party[], integer)
    IS 'those that produced most (place 1 first, and how many did at all): kWh, percent of the first and of the sum, kWh sold, earned in the currency';

CREATE FUNCTION smartgrid.report_consumers(parties smartgrid.report_party[], shown integer,
    OUT place bigint, OUT parties_in_all bigint, OUT principal text, OUT used numeric, OUT compared numeric, OUT share numeric,
    OUT bought numeric, OUT paid numeric) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT p.place, p.parties_in_all, p.principal, p.used, 100 * p.used / p.most, 100 * p.used / p.total, p.bought, p.paid
    FROM (SELECT s.*, s.consumed + s.bought AS used, row_number() OVER (ORDER BY s.consumed + s.bought DESC, s.principal) AS place,
                 count(*) OVER () AS parties_in_all, max(s.consumed + s.bought) OVER () AS most, sum(s.consumed + s.bought) OVER () AS total
          FROM unnest(report_consumers.parties) AS s WHERE s.consumed + s.bought > 0) AS p
    WHERE p.place <= shown
    ORDER BY p.place;
END;
COMMENT ON FUNCTION smartgrid.report_consumers(smartgrid.report_party[], integer)
    IS 'those that used most (place 1 first, and how many did at all): kWh, percent of the first and of the sum, kWh bought, paid in the currency';

CREATE FUNCTION smartgrid.report_facilities(context smartgrid.report_context, parties smartgrid.report_party[], shown integer,
    OUT place bigint, OUT parties_in_all bigint, OUT principal text, OUT charged numeric, OUT discharged numeric,
    OUT capacity numeric, OUT stored numeric, OUT filled numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT f.place, f.parties_in_all, f.principal, f.charged, f.discharged, smartgrid.scaled_sum(f.capacity, context.energy_scale),
           smartgrid.scaled_sum(f.stored_amount, context.energy_scale), 100 * f.stored_amount::numeric / f.capacity
    FROM (SELECT n.principal, st.capacity, st.stored_amount, COALESCE(s.charged, 0) AS charged, COALESCE(s.discharged, 0) AS discharged,
                 row_number() OVER (ORDER BY COALESCE(s.charged, 0) + COALESCE(s.discharged, 0) DESC, st.capacity DESC, n.principal) AS place,
                 count(*) OVER () AS parties_in_all
          FROM smartgrid.storage AS st
               LEFT JOIN unnest(report_facilities.parties) AS s ON s.participant_id = st.participant_id
               LEFT JOIN smartgrid.participant AS n ON n.participant_id = st.participant_id
          WHERE st.grid_id = context.grid_id) AS f
    WHERE f.place <= shown
    ORDER BY f.place;
END;
COMMENT ON FUNCTION smartgrid.report_facilities(smartgrid.report_context, smartgrid.report_party[], integer)
    IS 'the storage facilities used most (place 1 first, and how many there are): kWh charged, discharged, of capacity and stored now, percent of the capacity';

CREATE FUNCTION smartgrid.report_trades(context smartgrid.report_context,
    OUT seller_id bigint, OUT buyer_id bigint, OUT amount bigint, OUT cost bigint,
    OUT offered boolean, OUT completed boolean, OUT cancelled boolean, OUT reversed boolean, OUT pending boolean) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT t.seller_id, t.buyer_id, t.amount, t.cost, t.created_at <@ context.period,
           t.status = @status=completed@ AND t.closed_at <@ context.period, t.status = @status=cancelled@ AND t.closed_at <@ context.period,
           t.status = @status=reversed@ AND t.closed_at <@ context.period, t.status = @status=pending@
    FROM smartgrid.trade AS t
    WHERE t.grid_id = context.grid_id AND (context.own IS NULL OR context.own IN (t.seller_id, t.buyer_id));
END;
COMMENT ON FUNCTION smartgrid.report_trades(smartgrid.report_context)
    IS 'trades (energy units, money units): whether offered, completed, cancelled or taken back in the period, or pending now; of the participant whose report it is, if it is somebody''s';

CREATE FUNCTION smartgrid.report_trade_sums(context smartgrid.report_context,
    OUT offered bigint, OUT completed bigint, OUT cancelled bigint, OUT reversed bigint, OUT pending bigint,
    OUT energy numeric, OUT cost numeric, OUT price numeric, OUT held numeric)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.offered, s.completed, s.cancelled, s.reversed, s.pending, s.energy, s.cost, s.cost / NULLIF(s.energy, 0), s.held
    FROM (SELECT count(*) FILTER (WHERE t.offered) AS offered, count(*) FILTER (WHERE t.completed) AS completed,
                 count(*) FILTER (WHERE t.cancelled) AS cancelled, count(*) FILTER (WHERE t.reversed) AS reversed,
                 count(*) FILTER (WHERE t.pending) AS pending,
                 smartgrid.scaled_sum(COALESCE(sum(t.amount) FILTER (WHERE t.completed), 0), context.energy_scale) AS energy,
                 smartgrid.scaled_sum(COALESCE(sum(t.cost) FILTER (WHERE t.completed), 0), context.money_scale) AS cost,
                 smartgrid.scaled_sum(COALESCE(sum(t.amount) FILTER (WHERE t.pending), 0), context.energy_scale) AS held
          FROM smartgrid.report_trades(context) AS t) AS s;
END;
COMMENT ON FUNCTION smartgrid.report_trade_sums(smartgrid.report_context)
    IS 'how many trades were offered, completed, cancelled and taken back in the period and are pending now; kWh, cost in the currency and average price of the completed ones; kWh that the pending ones hold';

CREATE FUNCTION smartgrid.report_trade_pairs(context smartgrid.report_context, shown integer,
    OUT place bigint, OUT pairs_in_all bigint, OUT seller text, OUT buyer text, OUT trades bigint, OUT energy numeric, OUT price numeric, OUT cost numeric)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT p.place, p.pairs_in_all, smartgrid.party_name(p.seller_id), smartgrid.party_name(p.buyer_id), p.trades, p.energy, p.cost / p.energy, p.cost
    FROM (SELECT t.seller_id, t.buyer_id, count(*) AS trades, smartgrid.scaled_sum(sum(t.amount), context.energy_scale) AS energy,
                 smartgrid.scaled_sum(sum(t.cost), context.money_scale) AS cost,
                 row_number() OVER (ORDER BY sum(t.amount) DESC, sum(t.cost) DESC, t.seller_id, t.buyer_id) AS place, count(*) OVER () AS pairs_in_all
          FROM smartgrid.report_trades(context) AS t
          WHERE t.completed
          GROUP BY t.seller_id, t.buyer_id) AS p
    WHERE p.place <= shown
    ORDER BY p.place;
END;
COMMENT ON FUNCTION smartgrid.report_trade_pairs(smartgrid.report_context, integer)
    IS 'who traded most with whom in the period (place 1 first, and how many pairs did at all): completed trades, kWh, average price and cost in the currency';

-- Two branches, so that each finds its entries by index.
CREATE FUNCTION smartgrid.report_account(context smartgrid.report_context,
    OUT is_producer boolean, OUT is_consumer boolean, OUT is_storage boolean, OUT is_debtor boolean,
    OUT produced numeric, OUT consumed numeric, OUT bought numeric, OUT used numeric, OUT sold numeric, OUT charged numeric, OUT discharged numeric,
    OUT paid numeric, OUT paid_price numeric, OUT earned numeric, OUT payouts numeric, OUT earned_price numeric)
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH moved AS (
        SELECT l.kind, false AS as_counterparty, l.energy, l.money
        FROM smartgrid.ledger AS l
        WHERE l.participant_id = context.own AND l.grid_id = context.grid_id AND l.at <@ context.period
        UNION ALL
        SELECT l.kind, true, l.energy, l.money
        FROM smartgrid.ledger AS l
        WHERE l.counterparty_id = context.own AND l.counterparty_id > 0 AND l.grid_id = context.grid_id AND l.at <@ context.period
    ), effect AS (
        SELECT k.as_counterparty, k.name, k.produced, k.consumed, m.energy,
               smartgrid.scaled_sum(m.energy * k.sign, context.energy_scale) AS kwh, smartgrid.scaled_sum(m.money * k.sign, context.money_scale) AS money
        FROM (SELECT m.kind, m.as_counterparty, sum(m.energy) AS energy, sum(m.money) AS money
              FROM moved AS m
              GROUP BY m.kind, m.as_counterparty) AS m
             JOIN smartgrid.report_effects() AS k ON k.kind = m.kind AND k.as_counterparty = m.as_counterparty
    ), summed AS (
        SELECT COALESCE(sum(e.kwh) FILTER (WHERE e.name = 'production'), 0) AS produced,
               COALESCE(sum(e.kwh) FILTER (WHERE e.name = 'consumption'), 0) AS consumed,
               COALESCE(sum(e.kwh) FILTER (WHERE e.name = 'trade' AND e.as_counterparty), 0) AS bought,
               COALESCE(sum(e.kwh) FILTER (WHERE e.name = 'trade' AND NOT e.as_counterparty), 0) AS sold,
               COALESCE(sum(e.kwh) FILTER (WHERE e.name = 'charge'), 0) AS charged,
               COALESCE(sum(e.kwh) FILTER (WHERE e.name = 'discharge'), 0) AS discharged,
               COALESCE(sum(e.money) FILTER (WHERE e.name = 'consumption' OR (e.name = 'trade' AND e.as_counterparty)), 0) AS paid,
               COALESCE(sum(e.money) FILTER (WHERE e.name = 'trade' AND NOT e.as_counterparty), 0) AS earned_by_trades,
               COALESCE(sum(e.money) FILTER (WHERE e.name = 'payout'), 0) AS payouts
        FROM effect AS e
    )
    SELECT EXISTS (SELECT FROM smartgrid.producer AS p WHERE p.participant_id = context.own),
           EXISTS (SELECT FROM smartgrid.consumer AS c WHERE c.participant_id = context.own),
           EXISTS (SELECT FROM smartgrid.storage AS s WHERE s.participant_id = context.own),
           EXISTS (SELECT FROM smartgrid.due AS d WHERE d.participant_id = context.own),
           s.produced, s.consumed, s.bought, s.consumed + s.bought, s.sold, s.charged, s.discharged,
           s.paid, s.paid / NULLIF(s.consumed + s.bought, 0), s.earned_by_trades + s.payouts, s.payouts, s.earned_by_trades / NULLIF(s.sold, 0)
    FROM summed AS s;
END;
COMMENT ON FUNCTION smartgrid.report_account(smartgrid.report_context)
    IS 'of the participant whose report it is: its accounts, and what it did in the period, less what was taken back, in kWh and the currency, with prices in currency per kWh; earned: by trades, and paid out by the grid (payouts)';

-- As statements do, these follow the booking, so that none runs below zero, and each opens where the one before it closed.
CREATE FUNCTION smartgrid.report_items(context smartgrid.report_context, OUT account text, OUT place integer, OUT item text, OUT amount numeric)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
BEGIN ATOMIC
    WITH moved AS (
        SELECT l.kind, false AS as_counterparty, l.booked_at <@ context.period AS inside, l.energy, l.money
        FROM smartgrid.ledger AS l
        WHERE l.participant_id = context.own AND l.grid_id = context.grid_id AND (l.booked_at <@ context.period OR l.booked_at <= lower(context.period))
        UNION ALL
        SELECT l.kind, true, l.booked_at <@ context.period, l.energy, l.money
        FROM smartgrid.ledger AS l
        WHERE l.counterparty_id = context.own AND l.counterparty_id > 0 AND l.grid_id = context.grid_id
              AND (l.booked_at <@ context.period OR l.booked_at <= lower(context.period))
    ), change AS (
        SELECT a.account, m.inside, CASE WHEN k.sign < 0 THEN 'reversal' ELSE k.name END AS kind, a.amount
        FROM (SELECT m.kind, m.as_counterparty, m.inside, smartgrid.scaled_sum(sum(m.energy), context.energy_scale) AS energy,
                     smartgrid.scaled_sum(sum(m.money), context.money_scale) AS money
              FROM moved AS m
              GROUP BY m.kind, m.as_counterparty, m.inside) AS m
             JOIN smartgrid.report_effects() AS k ON k.kind = m.kind AND k.as_counterparty = m.as_counterparty
             CROSS JOIN LATERAL (VALUES ('balance', m.money * k.balance), ('earnings', m.money * k.earnings),
                                        ('unsold', m.energy * k.unsold), ('stored', m.energy * k.stored), ('due', m.money * k.due)) AS a (account, amount)
        WHERE a.amount <> 0
    ), item AS (
        SELECT *
        FROM (VALUES
            ('balance', 1, 'Opening balance', NULL, true),
            ('balance', 2, 'Topped up', 'topup', true),
            ('balance', 3, 'Paid for energy from the grid', 'consumption', true),
            ('balance', 4, 'Paid to members', 'trade', true),
            ('balance', 5, 'Paid back', 'refund', false),
            ('balance', 5, 'Paid of what was due', 'dues', false),
            ('balance', 6, 'Corrections', 'reversal', false),
            ('balance', 8, 'Closing balance', NULL, true),
            ('earnings', 1, 'Opening earnings', NULL, true),
            ('earnings', 2, 'Earned by trades', 'trade', true),
            ('earnings', 3, 'Paid by the grid', 'payout', false),
            ('earnings', 4, 'Withdrawn', 'withdrawal', true),
            ('earnings', 6, 'Corrections', 'reversal', false),
            ('earnings', 8, 'Closing earnings', NULL, true),
            ('unsold', 1, 'Unsold before', NULL, true),
            ('unsold', 2, 'Produced', 'production', true),
            ('unsold', 3, 'Offered in trades', 'hold', true),
            ('unsold', 4, 'Back from cancelled trades', 'release', true),
            ('unsold', 6, 'Corrections', 'reversal', false),
            ('unsold', 8, 'Unsold after', NULL, true),
            ('stored', 1, 'Stored before', NULL, true),
            ('stored', 2, 'Charged', 'charge', true),
            ('stored', 3, 'Discharged', 'discharge', true),
            ('stored', 6, 'Corrections', 'reversal', false),
            ('stored', 8, 'Stored after', NULL, true),
            ('due', 1, 'Due before', NULL, true),
            ('due', 2, 'Billed', 'bill', false),
            ('due', 3, 'Credited', 'credit', false),
            ('due', 4, 'Paid by bank', 'payment', false),
            ('due', 5, 'Paid out by bank', 'payment_out', false),
            ('due', 6, 'Paid from the balance', 'dues', false),
            ('due', 8, 'Due after', NULL, true)) AS i (account, place, item, kind, is_always)
        UNION ALL
        -- Whatever else there is, a statement adds up.
        SELECT o.account, 7, 'Other', o.kind, false
        FROM unnest(ARRAY['balance', 'earnings', 'unsold', 'stored', 'due']) AS a (account) CROSS JOIN LATERAL (
             SELECT DISTINCT c.account, c.kind FROM change AS c
             WHERE c.account = a.account AND c.kind NOT IN ('topup', 'consumption', 'trade', 'refund', 'reversal', 'payout', 'withdrawal', 'production',
                                                            'hold', 'release', 'charge', 'discharge', 'dues', 'bill', 'credit', 'payment', 'payment_out')) AS o
    )
    SELECT i.account, i.place, i.item, s.amount
    FROM item AS i
         CROSS JOIN LATERAL (
            SELECT COALESCE(sum(c.amount), 0) AS amount
            FROM change AS c
            WHERE c.account = i.account AND CASE i.place WHEN 1 THEN NOT c.inside WHEN 8 THEN true ELSE c.inside AND c.kind = i.kind END) AS s
    WHERE i.is_always OR s.amount <> 0
    ORDER BY i.account, i.place, i.kind;
END;
COMMENT ON FUNCTION smartgrid.report_items(smartgrid.report_context)
    IS 'of the participant whose report it is: what was booked in the period on its accounts (balance, earnings and due in the currency, unsold and stored in kWh) from what there was before (place 1) to what there was after (place 8)';

-- The operator's hand in the books: what is neither energy that moved nor its price.
CREATE FUNCTION smartgrid.report_corrections(context smartgrid.report_context,
    OUT kind text, OUT is_reversal boolean, OUT entries bigint, OUT energy numeric, OUT money numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
    SELECT k.name, k.sign < 0, count(*), smartgrid.scaled_sum(sum(l.energy), context.energy_scale), smartgrid.scaled_sum(sum(l.money), context.money_scale)
    FROM smartgrid.ledger AS l
         JOIN (SELECT DISTINCT e.kind, e.name, e.sign FROM smartgrid.report_effects() AS e
               WHERE e.sign < 0 OR e.name IN ('payout', 'refund', 'write_off')) AS k ON k.kind = l.kind
    WHERE l.grid_id = context.grid_id AND l.booked_at <@ context.period
    GROUP BY k.name, k.sign
    ORDER BY k.sign DESC, k.name;
END;
COMMENT ON FUNCTION smartgrid.report_corrections(smartgrid.report_context)
    IS 'what was booked in the period as a reversal of each kind, as a payout, as a refund and as written off: entries, kWh and currency; nothing if there was none';

CREATE FUNCTION smartgrid.report_seal(context smartgrid.report_context,
    OUT blocks bigint, OUT sealed_at timestamptz, OUT hash text, OUT unsealed bigint, OUT nothing_to_seal boolean)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    after_entry bigint;
BEGIN
    SELECT b.height + 1, b.sealed_at, encode(b.hash, 'hex'), b.last_entry INTO blocks, sealed_at, hash, after_entry
    FROM smartgrid.block AS b WHERE b.grid_id = context.grid_id ORDER BY b.height DESC LIMIT 1;
    blocks := COALESCE(blocks, 0);
    after_entry := COALESCE(after_entry, 0);
    -- With the number of that entry known, it is few entries of an index.
    unsealed := (SELECT count(*) FROM smartgrid.ledger AS l
                 WHERE l.grid_id = context.grid_id AND l.entry_id > after_entry AND l.at <@ context.period);
    nothing_to_seal := context.whole AND blocks = 0 AND NOT EXISTS (SELECT FROM smartgrid.participant AS p WHERE p.grid_id = context.grid_id);
END
$$;
COMMENT ON FUNCTION smartgrid.report_seal(smartgrid.report_context)
    IS 'how many blocks there are, time and hash of the last one, how many entries of the period are in none, and whether there is nobody whose entries could be';

CREATE FUNCTION smartgrid.report_blocks(context smartgrid.report_context, shown integer,
    OUT height bigint, OUT sealed_at timestamptz, OUT entries bigint, OUT hash text) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
    SELECT b.height, b.sealed_at, b.entries, encode(b.hash, 'hex')
    FROM smartgrid.block AS b
    WHERE b.grid_id = context.grid_id
    ORDER BY b.height DESC LIMIT shown;
END;
COMMENT ON FUNCTION smartgrid.report_blocks(smartgrid.report_context, integer) IS 'the last blocks, the last one first';
