-- The report page: what the books say of a grid's participants, trades and evidence.
--
-- Kinds of entries by code: 0 production, 1 consumption, 2 charge, 3 discharge, 4 hold, 5 trade, 6 release, 7 topup,
-- 8 withdrawal (src/ledger/entry_kind.def).  Row-level security decides which rows there are.

-- What each participant did in a period: energy units and money units.
CREATE FUNCTION smartgrid.report_sums(of_grid integer, period tstzrange,
    OUT participant_id bigint, OUT produced numeric, OUT consumed numeric, OUT charged numeric, OUT discharged numeric,
    OUT sold numeric, OUT bought numeric, OUT paid numeric, OUT earned numeric) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.party_id,
           COALESCE(sum(e.energy) FILTER (WHERE e.kind = 0), 0), COALESCE(sum(e.energy) FILTER (WHERE e.kind = 1), 0),
           COALESCE(sum(e.energy) FILTER (WHERE e.kind = 2), 0), COALESCE(sum(e.energy) FILTER (WHERE e.kind = 3), 0),
           COALESCE(sum(e.energy) FILTER (WHERE e.kind = 5 AND NOT e.as_buyer), 0), COALESCE(sum(e.energy) FILTER (WHERE e.as_buyer), 0),
           COALESCE(sum(e.money) FILTER (WHERE e.kind = 1 OR e.as_buyer), 0), COALESCE(sum(e.money) FILTER (WHERE e.kind = 5 AND NOT e.as_buyer), 0)
    FROM (SELECT l.participant_id AS party_id, l.kind, l.energy, l.money, false AS as_buyer
          FROM smartgrid.ledger AS l
          WHERE l.grid_id = of_grid AND l.at >= lower(period) AND l.at <= upper(period) AND l.at <@ period AND l.kind IN (0, 1, 2, 3, 5)
          UNION ALL
          SELECT l.counterparty_id, l.kind, l.energy, l.money, true
          FROM smartgrid.ledger AS l
          WHERE l.grid_id = of_grid AND l.at >= lower(period) AND l.at <= upper(period) AND l.at <@ period AND l.kind = 5) AS e
    GROUP BY e.party_id;
END;
COMMENT ON FUNCTION smartgrid.report_sums(integer, tstzrange)
    IS 'what each participant did in a period, of the entries that the caller sees: energy units, paid and earned in money units';

-- The most active participants, for readers of the whole grid: one pass over the period's entries for all three tables.
CREATE FUNCTION smartgrid.report_parties(of_grid integer, prefix text, energy_scale integer, money_scale integer, currency text, period tstzrange,
    OUT storages text, OUT parties text)
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown CONSTANT integer := 10;
    found record;
    money text := smartgrid.report_currency(currency);
BEGIN
    WITH sums AS MATERIALIZED (
        SELECT s.*, n.principal FROM smartgrid.report_sums(of_grid, period) AS s
             LEFT JOIN smartgrid.participant AS n ON n.participant_id = s.participant_id
    ), total AS (
        SELECT sum(s.produced) AS produced, sum(s.consumed + s.bought) AS used, max(s.produced) AS most_produced, max(s.consumed + s.bought) AS most_used,
               smartgrid.report_decimals(smartgrid.scaled_sum(max(s.produced), energy_scale), least(energy_scale, 2)) AS decimals,
               smartgrid.report_decimals(smartgrid.scaled_sum(max(s.consumed + s.bought), energy_scale), least(energy_scale, 2)) AS used_decimals
        FROM sums AS s
    ), producers AS (
        SELECT s.*, row_number() OVER (ORDER BY s.produced DESC, s.sold DESC, s.principal) AS place, count(*) OVER () AS parties
        FROM sums AS s WHERE s.produced > 0 OR s.sold > 0
    ), consumers AS (
        SELECT s.*, s.consumed + s.bought AS used,
               row_number() OVER (ORDER BY s.consumed + s.bought DESC, s.principal) AS place, count(*) OVER () AS parties
        FROM sums AS s WHERE s.consumed + s.bought > 0
    ), facilities AS (
        SELECT st.participant_id, n.principal, st.capacity, st.stored_amount, s.charged, s.discharged,
               row_number() OVER (ORDER BY COALESCE(s.charged, 0) + COALESCE(s.discharged, 0) DESC, st.capacity DESC, n.principal) AS place,
               count(*) OVER () AS parties
        FROM smartgrid.storage AS st
             LEFT JOIN sums AS s ON s.participant_id = st.participant_id
             LEFT JOIN smartgrid.participant AS n ON n.participant_id = st.participant_id
        WHERE st.grid_id = of_grid
    )
    SELECT (SELECT max(p.parties) FROM producers AS p) AS producers,
           (SELECT string_agg(smartgrid.report_row('hnbnnn',
                       smartgrid.report_name(p.principal)
                       || COALESCE(' <span class="quiet">' || lower(smartgrid.report_type_word(smartgrid.energy_type_name(d.energy_type))) || '</span>', ''),
                       smartgrid.report_number(smartgrid.scaled_sum(p.produced, energy_scale), t.decimals),
                       smartgrid.report_bar(100 * p.produced / NULLIF(t.most_produced, 0), 'fill-' || COALESCE(smartgrid.energy_type_name(d.energy_type), 'use')),
                       smartgrid.report_number(100 * p.produced / NULLIF(t.produced, 0), 1),
                       smartgrid.report_number(smartgrid.scaled_sum(p.sold, energy_scale), t.decimals),
                       smartgrid.report_number(smartgrid.scaled_sum(p.earned, money_scale), least(money_scale, 2))), '' ORDER BY p.place)
            FROM producers AS p CROSS JOIN total AS t
                 LEFT JOIN smartgrid.producer AS d ON d.participant_id = p.participant_id
            WHERE p.place <= shown) AS producer_rows,
           (SELECT max(c.parties) FROM consumers AS c) AS consumers,
           (SELECT string_agg(smartgrid.report_row('hnbnnn', smartgrid.report_name(c.principal),
                       smartgrid.report_number(smartgrid.scaled_sum(c.used, energy_scale), t.used_decimals),
                       smartgrid.report_bar(100 * c.used / t.most_used, 'fill-use'),
                       smartgrid.report_number(100 * c.used / t.used, 1),
                       smartgrid.report_number(smartgrid.scaled_sum(c.bought, energy_scale), t.used_decimals),
                       smartgrid.report_number(smartgrid.scaled_sum(c.paid, money_scale), least(money_scale, 2))), '' ORDER BY c.place)
            FROM consumers AS c CROSS JOIN total AS t
            WHERE c.place <= shown) AS consumer_rows,
           (SELECT max(s.parties) FROM facilities AS s) AS storages,
           (SELECT string_agg(smartgrid.report_row('hnnnnb', smartgrid.report_name(s.principal),
                       smartgrid.report_number(smartgrid.scaled_sum(COALESCE(s.charged, 0), energy_scale), least(energy_scale, 2)),
                       smartgrid.report_number(smartgrid.scaled_sum(COALESCE(s.discharged, 0), energy_scale), least(energy_scale, 2)),
                       smartgrid.report_number(smartgrid.scaled_sum(s.capacity, energy_scale), least(energy_scale, 2)),
                       smartgrid.report_number(smartgrid.scaled_sum(s.stored_amount, energy_scale), least(energy_scale, 2)),
                       smartgrid.report_bar(100 * s.stored_amount::numeric / s.capacity, 'fill-charge')), '' ORDER BY s.place)
            FROM facilities AS s WHERE s.place <= shown) AS storage_rows
    INTO found;

    storages := '';
    parties := '';
    IF found.storages > 0 THEN
        storages := smartgrid.report_table(
            CASE WHEN found.storages > shown THEN 'The ' || shown || ' most used of ' || smartgrid.report_count(found.storages, 'storage facility', 'storage facilities')
                 ELSE 'Storage facilities' END || ', kWh', 'hnnnnb',
            ARRAY['Facility', 'Charged', 'Discharged', 'Capacity', 'Stored now', 'of capacity'], found.storage_rows);
    END IF;
    IF found.producers > 0 OR found.consumers > 0 THEN
        parties := '<h3 id="' || prefix || '-participants">Participants</h3><div class="two"><div>'
            || CASE WHEN found.producers > 0 THEN smartgrid.report_table(
                   CASE WHEN found.producers > shown THEN 'Top ' || shown || ' of ' || smartgrid.report_count(found.producers, 'producer', 'producers') ELSE 'Producers' END,
                   'hnbnnn', ARRAY['Producer', 'Produced, kWh', 'compared with the first', 'Share, %', 'Sold to members, kWh', 'Earned, ' || money], found.producer_rows) ELSE '' END
            || '</div><div>'
            || CASE WHEN found.consumers > 0 THEN smartgrid.report_table(
                   CASE WHEN found.consumers > shown THEN 'Top ' || shown || ' of ' || smartgrid.report_count(found.consumers, 'consumer', 'consumers') ELSE 'Consumers' END,
                   'hnbnnn', ARRAY['Consumer', 'Used, kWh', 'compared with the first', 'Share, %', 'Bought from members, kWh', 'Paid, ' || money], found.consumer_rows) ELSE '' END
            || '</div></div>';
    END IF;
END
$$;
COMMENT ON FUNCTION smartgrid.report_parties(integer, text, integer, integer, text, tstzrange)
    IS 'storage facilities, and the participants that produced and used most, as tables; for readers of the whole grid';

-- Trades; own: only this participant's.
CREATE FUNCTION smartgrid.report_trades(of_grid integer, energy_scale integer, money_scale integer, currency text, own bigint, period tstzrange) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown CONSTANT integer := 10;
    found record;
    partners record;
    money text := smartgrid.report_currency(currency);
BEGIN
    SELECT count(*) FILTER (WHERE t.created_at <@ period) AS offered,
           count(*) FILTER (WHERE t.status = 1 AND t.closed_at <@ period) AS completed,
           count(*) FILTER (WHERE t.status = 2 AND t.closed_at <@ period) AS cancelled,
           count(*) FILTER (WHERE t.status = 0) AS pending,
           COALESCE(sum(t.amount) FILTER (WHERE t.status = 1 AND t.closed_at <@ period), 0) AS energy,
           COALESCE(sum(t.cost) FILTER (WHERE t.status = 1 AND t.closed_at <@ period), 0) AS cost,
           COALESCE(sum(t.amount) FILTER (WHERE t.status = 0), 0) AS held
    INTO found
    FROM smartgrid.trade AS t
    WHERE t.grid_id = of_grid AND (own IS NULL OR own IN (t.seller_id, t.buyer_id));
    IF found.offered + found.completed + found.cancelled + found.pending = 0 THEN
        RETURN '<div class="box"><p>No trade was offered, completed or cancelled in this period.</p></div>';
    END IF;

    WITH pairs AS (
        SELECT t.seller_id, t.buyer_id, count(*) AS trades, sum(t.amount) AS energy, sum(t.cost) AS cost
        FROM smartgrid.trade AS t
        WHERE t.grid_id = of_grid AND t.status = 1 AND t.closed_at <@ period AND (own IS NULL OR own IN (t.seller_id, t.buyer_id))
        GROUP BY t.seller_id, t.buyer_id
    ), ranked AS (
        SELECT p.*, row_number() OVER (ORDER BY p.energy DESC, p.cost DESC, p.seller_id, p.buyer_id) AS place, count(*) OVER () AS pairs
        FROM pairs AS p
    )
    SELECT max(r.pairs) AS pairs,
           string_agg(smartgrid.report_row('htnnnn', smartgrid.report_name(smartgrid.party_name(r.seller_id)),
                          smartgrid.report_name(smartgrid.party_name(r.buyer_id)),
                          smartgrid.report_number(r.trades, 0),
                          smartgrid.report_number(smartgrid.scaled_sum(r.energy, energy_scale), least(energy_scale, 2)),
                          smartgrid.report_price(r.cost / smartgrid.scaled_sum(r.energy, energy_scale), money_scale),
                          smartgrid.report_number(smartgrid.scaled_sum(r.cost, money_scale), least(money_scale, 2))), '' ORDER BY r.place) AS pair_rows
    INTO partners
    FROM ranked AS r WHERE r.place <= shown;

    RETURN '<div class="box"><p>In this period ' || smartgrid.report_count(found.offered, 'trade was offered', 'trades were offered') || ', '
        || smartgrid.report_number(found.completed, 0) || ' completed and ' || smartgrid.report_number(found.cancelled, 0) || ' cancelled; '
        || smartgrid.report_number(found.pending, 0) || CASE WHEN found.pending = 1 THEN ' is' ELSE ' are' END || ' pending now'
        || CASE WHEN found.pending > 0 THEN CASE WHEN found.pending = 1 THEN ' and holds ' ELSE ' and hold ' END || smartgrid.report_kwh(found.held, energy_scale) ELSE '' END || '.'
        || CASE WHEN found.energy > 0
                THEN ' Completed: <b>' || smartgrid.report_kwh(found.energy, energy_scale) || '</b> for <b>' || smartgrid.report_money(found.cost, money_scale, currency)
                     || '</b>, ' || smartgrid.report_price(found.cost / smartgrid.scaled_sum(found.energy, energy_scale), money_scale) || ' ' || money || ' per kWh on average.'
                ELSE '' END
        || '</p></div>'
        || CASE WHEN partners.pairs > 0 THEN smartgrid.report_table(
               CASE WHEN partners.pairs > shown THEN 'Completed trades: the ' || shown || ' largest of ' || smartgrid.report_count(partners.pairs, 'pair', 'pairs')
                    ELSE 'Completed trades' END,
               'htnnnn', ARRAY['Seller', 'Buyer', 'Trades', 'kWh', money || ' per kWh', 'Cost, ' || money], partners.pair_rows) ELSE '' END;
END
$$;
COMMENT ON FUNCTION smartgrid.report_trades(integer, integer, integer, text, bigint, tstzrange)
    IS 'trades of a period: how many, and who traded most with whom; own: of this participant, NULL: of all';

-- A participant's own figures: cards, and the accounts from the beginning to the end of the period.
CREATE FUNCTION smartgrid.report_account(of_grid integer, own bigint, prefix text, energy_scale integer, money_scale integer, currency text, period tstzrange) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    a record;
    is_producer boolean;
    is_consumer boolean;
    is_storage boolean;
    account text;
BEGIN
    SELECT EXISTS (SELECT FROM smartgrid.producer AS p WHERE p.participant_id = own),
           EXISTS (SELECT FROM smartgrid.consumer AS c WHERE c.participant_id = own),
           EXISTS (SELECT FROM smartgrid.storage AS s WHERE s.participant_id = own)
    INTO is_producer, is_consumer, is_storage;
    -- Two branches, so that each finds its entries by index; sums with a name of their own are those of the period.
    SELECT COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 0), 0) AS produced,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 1), 0) AS consumed,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 2), 0) AS charged,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 3), 0) AS discharged,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 4), 0) AS held,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 6), 0) AS released,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.kind = 5 AND NOT e.as_buyer), 0) AS sold,
           COALESCE(sum(e.energy) FILTER (WHERE e.inside AND e.as_buyer), 0) AS bought,
           COALESCE(sum(e.money) FILTER (WHERE e.inside AND e.kind = 1), 0) AS paid_to_grid,
           COALESCE(sum(e.money) FILTER (WHERE e.inside AND e.as_buyer), 0) AS paid_to_sellers,
           COALESCE(sum(e.money) FILTER (WHERE e.inside AND e.kind = 5 AND NOT e.as_buyer), 0) AS earned,
           COALESCE(sum(e.money) FILTER (WHERE e.inside AND e.kind = 7), 0) AS topups,
           COALESCE(sum(e.money) FILTER (WHERE e.inside AND e.kind = 8), 0) AS withdrawals,
           COALESCE(sum(CASE WHEN e.kind = 7 THEN e.money WHEN e.kind = 1 OR e.as_buyer THEN -e.money END) FILTER (WHERE e.earlier), 0) AS opening_balance,
           COALESCE(sum(CASE WHEN e.as_buyer THEN 0 WHEN e.kind = 5 THEN e.money WHEN e.kind = 8 THEN -e.money END) FILTER (WHERE e.earlier), 0) AS opening_earnings,
           COALESCE(sum(CASE WHEN e.kind IN (0, 6) THEN e.energy WHEN e.kind = 4 THEN -e.energy END) FILTER (WHERE e.earlier), 0) AS opening_unsold,
           COALESCE(sum(CASE WHEN e.kind = 2 THEN e.energy WHEN e.kind = 3 THEN -e.energy END) FILTER (WHERE e.earlier), 0) AS opening_stored
    INTO a
    FROM (SELECT l.kind, l.energy, l.money, false AS as_buyer, l.at <@ period AS inside, l.at <= lower(period) AND NOT l.at <@ period AS earlier
          FROM smartgrid.ledger AS l WHERE l.participant_id = own AND l.grid_id = of_grid
          UNION ALL
          SELECT l.kind, l.energy, l.money, true, l.at <@ period, l.at <= lower(period) AND NOT l.at <@ period
          FROM smartgrid.ledger AS l WHERE l.counterparty_id = own AND l.counterparty_id > 0 AND l.grid_id = of_grid AND l.kind = 5) AS e;

    account := '<ul class="cards">'
        || CASE WHEN is_producer THEN
               smartgrid.report_card('Produced', smartgrid.report_kwh(a.produced, energy_scale), smartgrid.report_kwh(a.sold, energy_scale) || ' sold')
               || smartgrid.report_card('Earned', smartgrid.report_money(a.earned, money_scale, currency),
                      CASE WHEN a.sold > 0 THEN smartgrid.report_price(a.earned / smartgrid.scaled_sum(a.sold, energy_scale), money_scale) || ' per kWh sold' ELSE 'nothing sold' END)
               ELSE '' END
        || CASE WHEN is_consumer THEN
               smartgrid.report_card('Used', smartgrid.report_kwh(a.consumed + a.bought, energy_scale),
                   smartgrid.report_kwh(a.consumed, energy_scale) || ' from the grid, ' || smartgrid.report_kwh(a.bought, energy_scale) || ' bought from members')
               || smartgrid.report_card('Paid', smartgrid.report_money(a.paid_to_grid + a.paid_to_sellers, money_scale, currency),
                      CASE WHEN a.consumed + a.bought > 0 THEN smartgrid.report_price((a.paid_to_grid + a.paid_to_sellers) / smartgrid.scaled_sum(a.consumed + a.bought, energy_scale), money_scale)
                           || ' per kWh used' ELSE 'nothing used' END)
               || smartgrid.report_card('Balance at the end', smartgrid.report_money(a.opening_balance + a.topups - a.paid_to_grid - a.paid_to_sellers, money_scale, currency),
                      smartgrid.report_money(a.topups, money_scale, currency) || ' topped up')
               ELSE '' END
        || CASE WHEN is_storage THEN
               smartgrid.report_card('Charged', smartgrid.report_kwh(a.charged, energy_scale), smartgrid.report_kwh(a.discharged, energy_scale) || ' discharged')
               || smartgrid.report_card('Stored at the end', smartgrid.report_kwh(a.opening_stored + a.charged - a.discharged, energy_scale), '')
               ELSE '' END
        || '</ul>';

    account := account || '<h3 id="' || prefix || '-account">Statement of account</h3><div class="two">'
        || CASE WHEN is_consumer THEN smartgrid.report_table('Balance, ' || smartgrid.report_currency(currency), 'hn', ARRAY['Item', 'Amount'],
               smartgrid.report_row('hn', 'Opening balance', smartgrid.report_number(smartgrid.scaled_sum(a.opening_balance, money_scale), money_scale))
               || smartgrid.report_row('hn', 'Topped up', smartgrid.report_number(smartgrid.scaled_sum(a.topups, money_scale), money_scale))
               || smartgrid.report_row('hn', 'Paid for energy from the grid', smartgrid.report_number(smartgrid.scaled_sum(-a.paid_to_grid, money_scale), money_scale))
               || smartgrid.report_row('hn', 'Paid to members', smartgrid.report_number(smartgrid.scaled_sum(-a.paid_to_sellers, money_scale), money_scale))
               || smartgrid.report_row('hn', '<b>Closing balance</b>', '<b>' || smartgrid.report_number(smartgrid.scaled_sum(
                      a.opening_balance + a.topups - a.paid_to_grid - a.paid_to_sellers, money_scale), money_scale) || '</b>')) ELSE '' END
        || CASE WHEN is_producer THEN smartgrid.report_table('Earnings, ' || smartgrid.report_currency(currency), 'hn', ARRAY['Item', 'Amount'],
               smartgrid.report_row('hn', 'Opening earnings', smartgrid.report_number(smartgrid.scaled_sum(a.opening_earnings, money_scale), money_scale))
               || smartgrid.report_row('hn', 'Earned by trades', smartgrid.report_number(smartgrid.scaled_sum(a.earned, money_scale), money_scale))
               || smartgrid.report_row('hn', 'Withdrawn', smartgrid.report_number(smartgrid.scaled_sum(-a.withdrawals, money_scale), money_scale))
               || smartgrid.report_row('hn', '<b>Closing earnings</b>', '<b>' || smartgrid.report_number(smartgrid.scaled_sum(
                      a.opening_earnings + a.earned - a.withdrawals, money_scale), money_scale) || '</b>'))
            || smartgrid.report_table('Unsold energy, kWh', 'hn', ARRAY['Item', 'Energy'],
               smartgrid.report_row('hn', 'Unsold before', smartgrid.report_number(smartgrid.scaled_sum(a.opening_unsold, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', 'Produced', smartgrid.report_number(smartgrid.scaled_sum(a.produced, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', 'Offered in trades', smartgrid.report_number(smartgrid.scaled_sum(-a.held, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', 'Back from cancelled trades', smartgrid.report_number(smartgrid.scaled_sum(a.released, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', '<b>Unsold after</b>', '<b>' || smartgrid.report_number(smartgrid.scaled_sum(
                      a.opening_unsold + a.produced - a.held + a.released, energy_scale), least(energy_scale, 3)) || '</b>')) ELSE '' END
        || CASE WHEN is_storage THEN smartgrid.report_table('Stored energy, kWh', 'hn', ARRAY['Item', 'Energy'],
               smartgrid.report_row('hn', 'Stored before', smartgrid.report_number(smartgrid.scaled_sum(a.opening_stored, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', 'Charged', smartgrid.report_number(smartgrid.scaled_sum(a.charged, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', 'Discharged', smartgrid.report_number(smartgrid.scaled_sum(-a.discharged, energy_scale), least(energy_scale, 3)))
               || smartgrid.report_row('hn', '<b>Stored after</b>', '<b>' || smartgrid.report_number(smartgrid.scaled_sum(
                      a.opening_stored + a.charged - a.discharged, energy_scale), least(energy_scale, 3)) || '</b>')) ELSE '' END
        || '</div>';
    RETURN account;
END
$$;
COMMENT ON FUNCTION smartgrid.report_account(integer, bigint, text, integer, integer, text, tstzrange)
    IS 'a participant''s own figures of a period, and its accounts from the beginning to the end of it';

CREATE FUNCTION smartgrid.report_card(label text, figure text, note text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- The unit, behind the no-break space, smaller than its figure; a long figure is broken at its thousands.
    SELECT '<li><b>' || label || '</b><strong>' || regexp_replace(replace(figure, ',', ',<wbr/>'), '&#160;(.*)$', '&#160;<small>\1</small>') || '</strong>'
           || CASE WHEN note <> '' THEN '<span>' || note || '</span>' ELSE '' END || '</li>';
END;
COMMENT ON FUNCTION smartgrid.report_card(text, text, text) IS 'a card with one figure; its texts are HTML';

-- What is sealed, and the invariants.  checks: what sg_check() says of this grid, or NULL.
CREATE FUNCTION smartgrid.report_evidence(of_grid integer, whole boolean, period tstzrange, time_zone text, checks jsonb,
    OUT overview text, OUT details text)
    LANGUAGE plpgsql STABLE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    last_block record;
    blocks bigint;
    block_rows text;
    unsealed bigint;
    empty boolean;
    failed integer;
    invariants integer;
BEGIN
    SELECT b.height, b.sealed_at, b.last_entry, encode(b.hash, 'hex') AS hash INTO last_block
    FROM smartgrid.block AS b WHERE b.grid_id = of_grid ORDER BY b.height DESC LIMIT 1;
    blocks := COALESCE(last_block.height + 1, 0);
    SELECT count(*) INTO unsealed FROM smartgrid.ledger AS l
    WHERE l.grid_id = of_grid AND l.entry_id > COALESCE(last_block.last_entry, 0) AND l.at <@ period;
    empty := whole AND blocks = 0 AND NOT EXISTS (SELECT FROM smartgrid.participant AS p WHERE p.grid_id = of_grid);
    SELECT string_agg(smartgrid.report_row('htnt', smartgrid.report_number(b.height, 0), smartgrid.report_time(b.sealed_at, time_zone),
                          smartgrid.report_number(b.entries, 0), '<code>' || encode(b.hash, 'hex') || '</code>'), '' ORDER BY b.height DESC)
    INTO block_rows
    FROM (SELECT k.height, k.sealed_at, k.entries, k.hash FROM smartgrid.block AS k
          WHERE k.grid_id = of_grid ORDER BY k.height DESC LIMIT 5) AS b;

    details := '<div class="box"><p>'
        || CASE WHEN empty THEN '<span class="pill good">Nothing to seal</span> Nobody takes part in this grid yet.'
                WHEN blocks = 0 THEN '<span class="pill warn">Not sealed</span> This ledger has no sealed block yet.'
                WHEN unsealed = 0 THEN '<span class="pill good">Sealed</span> All entries of this period' || CASE WHEN whole THEN '' ELSE ' that concern this account' END || ' are sealed.'
                ELSE '<span class="pill warn">Partly sealed</span> ' || smartgrid.report_count(unsealed, 'entry', 'entries') || ' of this period'
                     || CASE WHEN unsealed = 1 THEN ' is' ELSE ' are' END || ' not sealed yet.' END || '</p>'
        || CASE WHEN blocks > 0 THEN
               '<p>' || smartgrid.report_count(blocks, 'block', 'blocks') || ', the last one sealed on ' || smartgrid.report_time(last_block.sealed_at, time_zone)
               || '. Its hash commits to every entry before it; who keeps a copy can prove later that nothing was changed:<br/><code>'
               || last_block.hash || '</code></p>'
               || smartgrid.report_table(CASE WHEN blocks > 5 THEN 'The last 5 blocks' ELSE 'Blocks' END, 'htnt',
                                         ARRAY['Height', 'Sealed', 'Entries', 'SHA-256'], block_rows) ELSE '' END
        || '</div>';
    overview := CASE WHEN empty THEN '<span class="pill good">nothing to seal</span>' WHEN blocks = 0 THEN '<span class="pill warn">not sealed</span>' WHEN unsealed = 0 THEN '<span class="pill good">sealed</span>'
                     ELSE '<span class="pill warn">partly sealed</span>' END;

    IF checks IS NOT NULL THEN
        SELECT count(*), count(*) FILTER (WHERE NOT c.ok) INTO invariants, failed FROM jsonb_to_recordset(checks) AS c (ok boolean);
        details := details || '<div class="box"><p>'
            || CASE WHEN failed = 0 THEN '<span class="pill good">' || invariants || ' of ' || invariants || ' hold</span> Every invariant of the books holds at the time of this report.'
                    ELSE '<span class="pill bad">' || failed || ' of ' || invariants || ' violated</span> The books contradict themselves: see sg_verify_ledger().' END
            || '</p><details' || CASE WHEN failed > 0 THEN ' open=""' ELSE '' END || '><summary>Invariants</summary>'
            || smartgrid.report_table('Both sides in units of the grid (energy, money) or numbers of rows', 'hnnt', ARRAY['Invariant', 'Left side', 'Right side', 'Result'],
                   (SELECT string_agg(smartgrid.report_row('hnnt', smartgrid.report_escape(c.invariant), smartgrid.report_number(c.left_side, 0),
                                          smartgrid.report_number(c.right_side, 0),
                                          CASE WHEN c.ok THEN '<span class="pill good">holds</span>' ELSE '<span class="pill bad">violated</span>' END), '' ORDER BY c.place)
                    FROM jsonb_to_recordset(checks) AS c (place integer, invariant text, left_side numeric, right_side numeric, ok boolean)))
            || '</details></div>';
        overview := overview || CASE WHEN failed = 0 THEN ' <span class="pill good">books balance</span>' ELSE ' <span class="pill bad">' || failed || ' violated</span>' END;
    END IF;
END
$$;
COMMENT ON FUNCTION smartgrid.report_evidence(integer, boolean, tstzrange, text, jsonb)
    IS 'seal status and invariants of a grid, as a pill for an overview and as a chapter';
