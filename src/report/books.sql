-- The report page: the chapters of participants, trades, a participant's own account and evidence.

-- One pass over the period's entries for all three tables.
CREATE FUNCTION smartgrid.report_participants(context smartgrid.report_context, OUT storages smartgrid.report_html, OUT chapter smartgrid.report_html)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown CONSTANT integer := 10;
    money CONSTANT text := smartgrid.report_currency(context);
    cell_decimals CONSTANT integer := least(context.energy_scale, 2);
    parties smartgrid.report_party[];
    producers smartgrid.report_html;
    consumers smartgrid.report_html;
BEGIN
    IF NOT context.whole THEN
        RETURN;
    END IF;
    parties := ARRAY(SELECT p FROM smartgrid.report_parties(context) AS p);
    storages := (
        SELECT smartgrid.report_table(
                   CASE WHEN max(f.parties_in_all) > shown
                        THEN smartgrid.report_fill('The {{shown}} most used of {{all}}, kWh', jsonb_build_object('shown', shown,
                                 'all', smartgrid.report_count(max(f.parties_in_all), 'storage facility', 'storage facilities')))
                        ELSE smartgrid.report_fill('Storage facilities, kWh') END,
                   'hnnnnb', jsonb_build_array('Facility', 'Charged', 'Discharged', 'Capacity', 'Stored now', 'of capacity'),
                   jsonb_agg(jsonb_build_array(smartgrid.report_name(f.principal),
                       smartgrid.report_number(f.charged, cell_decimals), smartgrid.report_number(f.discharged, cell_decimals),
                       smartgrid.report_number(f.capacity, cell_decimals), smartgrid.report_number(f.stored, cell_decimals),
                       smartgrid.report_bar(f.filled, 'fill-charge')) ORDER BY f.place))
        FROM smartgrid.report_facilities(context, parties, shown) AS f);
    producers := (
        SELECT smartgrid.report_table(
                   CASE WHEN max(p.parties_in_all) > shown
                        THEN smartgrid.report_fill('Top {{shown}} of {{all}}', jsonb_build_object('shown', shown,
                                 'all', smartgrid.report_count(max(p.parties_in_all), 'producer', 'producers')))
                        ELSE smartgrid.report_fill('Producers') END,
                   'hnbnnn', jsonb_build_array('Producer', 'Produced, kWh', 'compared with the first', 'Share, %', 'Sold to members, kWh', 'Earned, ' || money),
                   jsonb_agg(jsonb_build_array(
                       smartgrid.report_fill('{{name}}{{type}}', jsonb_build_object('name', smartgrid.report_name(p.principal),
                           'type', CASE WHEN p.energy_type IS NOT NULL THEN smartgrid.report_fill(' <span class="quiet">{{type}}</span>',
                               jsonb_build_object('type', lower(smartgrid.report_type_word(p.energy_type)))) END)),
                       smartgrid.report_number(p.produced, p.decimals),
                       smartgrid.report_bar(p.compared, 'fill-' || COALESCE(p.energy_type, 'use')),
                       smartgrid.report_number(p.share, 1), smartgrid.report_number(p.sold, p.decimals), smartgrid.report_amount(p.earned, context)) ORDER BY p.place))
        FROM (SELECT s.*, smartgrid.report_decimals(max(s.produced) OVER (), cell_decimals) AS decimals
              FROM smartgrid.report_producers(parties, shown) AS s) AS p);
    consumers := (
        SELECT smartgrid.report_table(
                   CASE WHEN max(c.parties_in_all) > shown
                        THEN smartgrid.report_fill('Top {{shown}} of {{all}}', jsonb_build_object('shown', shown,
                                 'all', smartgrid.report_count(max(c.parties_in_all), 'consumer', 'consumers')))
                        ELSE smartgrid.report_fill('Consumers') END,
                   'hnbnnn', jsonb_build_array('Consumer', 'Used, kWh', 'compared with the first', 'Share, %', 'Bought from members, kWh', 'Paid, ' || money),
                   jsonb_agg(jsonb_build_array(smartgrid.report_name(c.principal), smartgrid.report_number(c.used, c.decimals),
                       smartgrid.report_bar(c.compared, 'fill-use'), smartgrid.report_number(c.share, 1),
                       smartgrid.report_number(c.bought, c.decimals), smartgrid.report_amount(c.paid, context)) ORDER BY c.place))
        FROM (SELECT s.*, smartgrid.report_decimals(max(s.used) OVER (), cell_decimals) AS decimals
              FROM smartgrid.report_consumers(parties, shown) AS s) AS c);
    IF producers IS NOT NULL OR consumers IS NOT NULL THEN
        chapter := smartgrid.report_fill('<div class="two"><div>{{producers}}</div><div>{{consumers}}</div></div>',
                                         jsonb_build_object('producers', producers, 'consumers', consumers));
    END IF;
END
$$;
COMMENT ON FUNCTION smartgrid.report_participants(smartgrid.report_context)
    IS 'storage facilities as a table, and the participants that produced and used most as a chapter; NULL if there are none, and for those who do not read the whole grid';

CREATE FUNCTION smartgrid.report_trades_chapter(context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown CONSTANT integer := 10;
    money CONSTANT text := smartgrid.report_currency(context);
    trades record;
    pairs smartgrid.report_html;
BEGIN
    trades := smartgrid.report_trade_sums(context);
    IF trades.offered + trades.completed + trades.cancelled + trades.pending = 0 THEN
        RETURN smartgrid.report_fill('<div class="box"><p>No trade was offered, completed or cancelled in this period.</p></div>');
    END IF;
    pairs := (
        SELECT smartgrid.report_table(
                   CASE WHEN max(p.pairs_in_all) > shown
                        THEN smartgrid.report_fill('Completed trades: the {{shown}} largest of {{all}}', jsonb_build_object('shown', shown,
                                 'all', smartgrid.report_count(max(p.pairs_in_all), 'pair', 'pairs')))
                        ELSE smartgrid.report_fill('Completed trades') END,
                   'htnnnn', jsonb_build_array('Seller', 'Buyer', 'Trades', 'kWh', money || ' per kWh', 'Cost, ' || money),
                   jsonb_agg(jsonb_build_array(smartgrid.report_name(p.seller), smartgrid.report_name(p.buyer), smartgrid.report_number(p.trades, 0),
                       smartgrid.report_number(p.energy, least(context.energy_scale, 2)), smartgrid.report_price(p.price, context),
                       smartgrid.report_amount(p.cost, context)) ORDER BY p.place))
        FROM smartgrid.report_trade_pairs(context, shown) AS p);
    RETURN smartgrid.report_fill($html$
        <div class="box"><p>In this period {{offered}}, {{completed}} completed and {{cancelled}} cancelled;
        {{pending}} {{are}} pending now{{hold}}.{{sums}}</p></div>{{pairs}}
    $html$, jsonb_build_object(
        'offered', smartgrid.report_count(trades.offered, 'trade was offered', 'trades were offered'),
        'completed', smartgrid.report_number(trades.completed, 0), 'cancelled', smartgrid.report_number(trades.cancelled, 0),
        'pending', smartgrid.report_number(trades.pending, 0), 'are', CASE WHEN trades.pending = 1 THEN 'is' ELSE 'are' END,
        'hold', CASE WHEN trades.pending > 0 THEN smartgrid.report_fill(' and {{hold}} {{held}}', jsonb_build_object(
                    'hold', CASE WHEN trades.pending = 1 THEN 'holds' ELSE 'hold' END, 'held', smartgrid.report_kwh(trades.held, context))) END,
        'sums', CASE WHEN trades.energy > 0 THEN smartgrid.report_fill(' Completed: <b>{{energy}}</b> for <b>{{cost}}</b>, {{price}} {{money}} per kWh on average.',
                    jsonb_build_object('energy', smartgrid.report_kwh(trades.energy, context), 'cost', smartgrid.report_money(trades.cost, context),
                                       'price', smartgrid.report_price(trades.price, context), 'money', money)) END,
        'pairs', pairs));
END
$$;
COMMENT ON FUNCTION smartgrid.report_trades_chapter(smartgrid.report_context) IS 'trades of the period: how many, and who traded most with whom';

CREATE FUNCTION smartgrid.report_statement(caption smartgrid.report_html, heading text, decimals integer, items text[], amounts numeric[]) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_table(caption, 'hn', jsonb_build_array('Item', heading), jsonb_agg(
               CASE WHEN u.place < cardinality(items) THEN jsonb_build_array(u.item, smartgrid.report_number(u.amount, decimals))
                    ELSE jsonb_build_array(smartgrid.report_fill('<b>{{item}}</b>', jsonb_build_object('item', u.item)),
                                           smartgrid.report_fill('<b>{{amount}}</b>', jsonb_build_object('amount', smartgrid.report_number(u.amount, decimals)))) END
               ORDER BY u.place))
    FROM unnest(items, amounts) WITH ORDINALITY AS u (item, amount, place);
END;
COMMENT ON FUNCTION smartgrid.report_statement(smartgrid.report_html, text, integer, text[], numeric[])
    IS 'a table of items and amounts, the last of which is what they come to';

-- A participant's own figures.
CREATE FUNCTION smartgrid.report_own(context smartgrid.report_context, OUT cards smartgrid.report_html, OUT chapter smartgrid.report_html)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    a record;
    money CONSTANT text := smartgrid.report_currency(context);
    decimals CONSTANT integer := least(context.energy_scale, 3);
    paid numeric;
    used numeric;
BEGIN
    IF context.own IS NULL THEN
        RETURN;
    END IF;
    a := smartgrid.report_account(context);
    paid := a.paid_to_grid + a.paid_to_members;
    used := a.consumed + a.bought;
    cards := smartgrid.report_fill('<ul class="cards">{{produced}}{{earned}}{{used}}{{paid}}{{balance}}{{charged}}{{stored}}</ul>', jsonb_build_object(
        'produced', CASE WHEN a.is_producer THEN smartgrid.report_card(smartgrid.report_fill('Produced'), smartgrid.report_kwh(a.produced, context),
            smartgrid.report_fill('{{sold}} sold', jsonb_build_object('sold', smartgrid.report_kwh(a.sold, context)))) END,
        'earned', CASE WHEN a.is_producer THEN smartgrid.report_card(smartgrid.report_fill('Earned'), smartgrid.report_money(a.earned, context),
            CASE WHEN a.sold > 0 THEN smartgrid.report_fill('{{price}} per kWh sold', jsonb_build_object('price', smartgrid.report_price(a.earned / a.sold, context)))
                 ELSE smartgrid.report_fill('nothing sold') END) END,
        'used', CASE WHEN a.is_consumer THEN smartgrid.report_card(smartgrid.report_fill('Used'), smartgrid.report_kwh(used, context),
            smartgrid.report_fill('{{consumed}} from the grid, {{bought}} bought from members',
                jsonb_build_object('consumed', smartgrid.report_kwh(a.consumed, context), 'bought', smartgrid.report_kwh(a.bought, context)))) END,
        'paid', CASE WHEN a.is_consumer THEN smartgrid.report_card(smartgrid.report_fill('Paid'), smartgrid.report_money(paid, context),
            CASE WHEN used > 0 THEN smartgrid.report_fill('{{price}} per kWh used', jsonb_build_object('price', smartgrid.report_price(paid / used, context)))
                 ELSE smartgrid.report_fill('nothing used') END) END,
        'balance', CASE WHEN a.is_consumer THEN smartgrid.report_card(smartgrid.report_fill('Balance at the end'), smartgrid.report_money(a.closing_balance, context),
            smartgrid.report_fill('{{topups}} topped up', jsonb_build_object('topups', smartgrid.report_money(a.topups, context)))) END,
        'charged', CASE WHEN a.is_storage THEN smartgrid.report_card(smartgrid.report_fill('Charged'), smartgrid.report_kwh(a.charged, context),
            smartgrid.report_fill('{{discharged}} discharged', jsonb_build_object('discharged', smartgrid.report_kwh(a.discharged, context)))) END,
        'stored', CASE WHEN a.is_storage THEN smartgrid.report_card(smartgrid.report_fill('Stored at the end'), smartgrid.report_kwh(a.stored_after, context), NULL) END));

    chapter := smartgrid.report_fill('<div class="two">{{balance}}{{earnings}}{{unsold}}{{stored}}</div>', jsonb_build_object(
        'balance', CASE WHEN a.is_consumer THEN smartgrid.report_statement(
            smartgrid.report_fill('Balance, {{money}}', jsonb_build_object('money', money)), 'Amount', context.money_scale,
            '{Opening balance,Topped up,Paid for energy from the grid,Paid to members,Closing balance}',
            ARRAY[a.opening_balance, a.topups, -a.paid_to_grid, -a.paid_to_members, a.closing_balance]) END,
        'earnings', CASE WHEN a.is_producer THEN smartgrid.report_statement(
            smartgrid.report_fill('Earnings, {{money}}', jsonb_build_object('money', money)), 'Amount', context.money_scale,
            '{Opening earnings,Earned by trades,Withdrawn,Closing earnings}',
            ARRAY[a.opening_earnings, a.earned, -a.withdrawals, a.closing_earnings]) END,
        'unsold', CASE WHEN a.is_producer THEN smartgrid.report_statement(smartgrid.report_fill('Unsold energy, kWh'), 'Energy', decimals,
            '{Unsold before,Produced,Offered in trades,Back from cancelled trades,Unsold after}',
            ARRAY[a.unsold_before, a.produced, -a.held, a.released, a.unsold_after]) END,
        'stored', CASE WHEN a.is_storage THEN smartgrid.report_statement(smartgrid.report_fill('Stored energy, kWh'), 'Energy', decimals,
            '{Stored before,Charged,Discharged,Stored after}',
            ARRAY[a.stored_before, a.charged, -a.discharged, a.stored_after]) END));
END
$$;
COMMENT ON FUNCTION smartgrid.report_own(smartgrid.report_context)
    IS 'figures of the participant whose report it is as cards, and its accounts from the beginning to the end of the period as a chapter; NULL if it is nobody''s';

-- What is sealed, and the invariants.  checks: what sg_check() says of this grid, or NULL.
CREATE FUNCTION smartgrid.report_evidence(context smartgrid.report_context, checks jsonb, OUT overview smartgrid.report_html, OUT chapter smartgrid.report_html)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown CONSTANT integer := 5;
    seal record;
    class text := 'good';
    verdict text;
    meaning smartgrid.report_html;
    blocks smartgrid.report_html;
    invariants integer;
    failed integer;
BEGIN
    seal := smartgrid.report_seal(context);
    IF seal.nothing_to_seal THEN
        verdict := 'Nothing to seal';
        meaning := smartgrid.report_fill('Nobody takes part in this grid yet.');
    ELSIF seal.blocks = 0 THEN
        class := 'warn';
        verdict := 'Not sealed';
        meaning := smartgrid.report_fill('This ledger has no sealed block yet.');
    ELSIF seal.unsealed = 0 THEN
        verdict := 'Sealed';
        meaning := smartgrid.report_fill('All entries of this period{{of_whom}} are sealed.',
                                         jsonb_build_object('of_whom', CASE WHEN context.whole THEN '' ELSE ' that concern this account' END));
    ELSE
        class := 'warn';
        verdict := 'Partly sealed';
        meaning := smartgrid.report_fill('{{unsealed}} of this period {{are}} not sealed yet.', jsonb_build_object(
            'unsealed', smartgrid.report_count(seal.unsealed, 'entry', 'entries'), 'are', CASE WHEN seal.unsealed = 1 THEN 'is' ELSE 'are' END));
    END IF;
    IF seal.blocks > 0 THEN
        blocks := smartgrid.report_fill($html$
            <p>{{blocks}}, the last one sealed on {{sealed_at}}. Its hash commits to every entry before it;
            who keeps a copy can prove later that nothing was changed:<br/><code>{{hash}}</code></p>{{table}}
        $html$, jsonb_build_object('blocks', smartgrid.report_count(seal.blocks, 'block', 'blocks'),
            'sealed_at', smartgrid.report_time(seal.sealed_at, context.time_zone), 'hash', seal.hash,
            'table', (SELECT smartgrid.report_table(
                          CASE WHEN seal.blocks > shown THEN smartgrid.report_fill('The last {{shown}} blocks', jsonb_build_object('shown', shown))
                               ELSE smartgrid.report_fill('Blocks') END,
                          'htnt', jsonb_build_array('Height', 'Sealed', 'Entries', 'SHA-256'),
                          jsonb_agg(jsonb_build_array(smartgrid.report_number(b.height, 0), smartgrid.report_time(b.sealed_at, context.time_zone),
                              smartgrid.report_number(b.entries, 0), smartgrid.report_fill('<code>{{hash}}</code>', jsonb_build_object('hash', b.hash)))
                              ORDER BY b.height DESC))
                      FROM smartgrid.report_blocks(context, shown) AS b)));
    END IF;
    chapter := smartgrid.report_fill('<div class="box"><p>{{pill}} {{meaning}}</p>{{blocks}}</div>',
        jsonb_build_object('pill', smartgrid.report_pill(class, verdict), 'meaning', meaning, 'blocks', blocks));
    overview := smartgrid.report_pill(class, lower(verdict));

    IF checks IS NOT NULL THEN
        SELECT count(*), count(*) FILTER (WHERE NOT c.ok) INTO invariants, failed FROM jsonb_to_recordset(checks) AS c (ok boolean);
        chapter := smartgrid.report_fill($html$
            {{seal}}<div class="box"><p>{{pill}} {{meaning}}</p><details{{open}}><summary>Invariants</summary>{{table}}</details></div>
        $html$, jsonb_build_object('seal', chapter,
            'pill', CASE WHEN failed = 0 THEN smartgrid.report_pill('good', invariants || ' of ' || invariants || ' hold')
                         ELSE smartgrid.report_pill('bad', failed || ' of ' || invariants || ' violated') END,
            'meaning', CASE WHEN failed = 0 THEN 'Every invariant of the books holds at the time of this report.'
                            ELSE 'The books contradict themselves: see sg_verify_ledger().' END,
            'open', CASE WHEN failed > 0 THEN smartgrid.report_fill(' open=""') END,
            'table', (SELECT smartgrid.report_table(smartgrid.report_fill('Both sides in units of the grid (energy, money) or numbers of rows'),
                          'hnnt', jsonb_build_array('Invariant', 'Left side', 'Right side', 'Result'),
                          jsonb_agg(jsonb_build_array(c.invariant, smartgrid.report_number(c.left_side, 0), smartgrid.report_number(c.right_side, 0),
                              CASE WHEN c.ok THEN smartgrid.report_pill('good', 'holds') ELSE smartgrid.report_pill('bad', 'violated') END) ORDER BY c.place))
                      FROM jsonb_to_recordset(checks) AS c (place integer, invariant text, left_side numeric, right_side numeric, ok boolean))));
        overview := smartgrid.report_fill('{{seal}} {{books}}', jsonb_build_object('seal', overview, 'books',
            CASE WHEN failed = 0 THEN smartgrid.report_pill('good', 'books balance') ELSE smartgrid.report_pill('bad', failed || ' violated') END));
    END IF;
END
$$;
COMMENT ON FUNCTION smartgrid.report_evidence(smartgrid.report_context, jsonb)
    IS 'seal status and invariants of a grid, as pills for an overview and as a chapter';
