-- The report page: the chapters of participants, trades, a participant's own account and evidence.

-- One pass over the period's entries for all three tables.
CREATE FUNCTION smartgrid.report_participants(context smartgrid.report_context, OUT storages smartgrid.report_html, OUT chapter smartgrid.report_html)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown CONSTANT integer := 10;
    parties smartgrid.report_party[];
    producers record;
    consumers record;
    facilities record;
BEGIN
    IF NOT context.whole THEN
        RETURN;
    END IF;
    parties := ARRAY(SELECT p FROM smartgrid.report_parties(context) AS p);

    SELECT max(f.parties_in_all) AS in_all, jsonb_agg(to_jsonb(f) || '{"class": "fill-charge"}' ORDER BY f.place) AS listed INTO facilities
    FROM smartgrid.report_facilities(context, parties, shown) AS f;
    storages := smartgrid.report_table(context,
        smartgrid.report_fill(CASE WHEN facilities.in_all > shown THEN 'The {{shown}} most used of {{all}}, kWh' ELSE 'Storage facilities, kWh' END,
            jsonb_build_object('shown', shown, 'all', smartgrid.report_count(facilities.in_all, 'storage facility', 'storage facilities'))),
        'hnnnnb', ARRAY['Facility', 'Charged', 'Discharged', 'Capacity', 'Stored now', 'of capacity'],
        ARRAY['{{principal name}}', '{{charged energy2}}', '{{discharged energy2}}', '{{capacity energy2}}', '{{stored energy2}}', '{{filled bar}}'],
        facilities.listed);

    SELECT max(p.parties_in_all) AS in_all, smartgrid.report_decimals(max(p.produced), least(context.energy_scale, 2)) AS decimals,
           jsonb_agg(to_jsonb(p) || jsonb_build_object('class', 'fill-' || COALESCE(p.energy_type, 'use'),
                                                       'type', lower(smartgrid.report_type_word(p.energy_type))) ORDER BY p.place) AS listed
    INTO producers
    FROM smartgrid.report_producers(parties, shown) AS p;
    SELECT max(c.parties_in_all) AS in_all, smartgrid.report_decimals(max(c.used), least(context.energy_scale, 2)) AS decimals,
           jsonb_agg(to_jsonb(c) || '{"class": "fill-use"}' ORDER BY c.place) AS listed
    INTO consumers
    FROM smartgrid.report_consumers(parties, shown) AS c;
    IF producers.listed IS NOT NULL OR consumers.listed IS NOT NULL THEN
        chapter := smartgrid.report_fill('<div class="two"><div>{{producers}}</div><div>{{consumers}}</div></div>', jsonb_build_object(
            'producers', smartgrid.report_table(context,
                smartgrid.report_fill(CASE WHEN producers.in_all > shown THEN 'Top {{shown}} of {{all}}' ELSE 'Producers' END,
                    jsonb_build_object('shown', shown, 'all', smartgrid.report_count(producers.in_all, 'producer', 'producers'))),
                'hnbnnn', ARRAY['Producer', 'Produced, kWh', 'compared with the first', 'Share, %', 'Sold to members, kWh', 'Earned, {{currency}}'],
                ARRAY['{{principal name}}{{type| <span class="quiet">|</span>}}', '{{produced ' || producers.decimals || '}}', '{{compared bar}}',
                      '{{share share}}', '{{sold ' || producers.decimals || '}}', '{{earned amount}}'],
                producers.listed),
            'consumers', smartgrid.report_table(context,
                smartgrid.report_fill(CASE WHEN consumers.in_all > shown THEN 'Top {{shown}} of {{all}}' ELSE 'Consumers' END,
                    jsonb_build_object('shown', shown, 'all', smartgrid.report_count(consumers.in_all, 'consumer', 'consumers'))),
                'hnbnnn', ARRAY['Consumer', 'Used, kWh', 'compared with the first', 'Share, %', 'Bought from members, kWh', 'Paid, {{currency}}'],
                ARRAY['{{principal name}}', '{{used ' || consumers.decimals || '}}', '{{compared bar}}',
                      '{{share share}}', '{{bought ' || consumers.decimals || '}}', '{{paid amount}}'],
                consumers.listed)));
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
    trades record;
    pairs record;
BEGIN
    trades := smartgrid.report_trade_sums(context);
    IF trades.offered + trades.completed + trades.cancelled + trades.reversed + trades.pending = 0 THEN
        RETURN smartgrid.report_fill('<div class="box"><p>No trade was offered, completed or cancelled in this period.</p></div>');
    END IF;
    SELECT max(p.pairs_in_all) AS in_all, jsonb_agg(to_jsonb(p) ORDER BY p.place) AS listed INTO pairs
    FROM smartgrid.report_trade_pairs(context, shown) AS p;
    RETURN smartgrid.report_fill($html$
        <div class="box"><p>In this period {{offered}}, {{completed count}} completed and {{cancelled count}} cancelled{{reversed}}; {{pending}}.{{sums}}</p></div>{{pairs}}
    $html$, to_jsonb(trades) || jsonb_build_object(
        'offered', smartgrid.report_count(trades.offered, 'trade was offered', 'trades were offered'),
        'reversed', smartgrid.report_fill(CASE WHEN trades.reversed > 0 THEN ', and {{reversed count}} taken back' END, to_jsonb(trades), context),
        'pending', smartgrid.report_fill(CASE trades.pending WHEN 0 THEN '{{pending count}} are pending now'
                                                             WHEN 1 THEN '{{pending count}} is pending now and holds {{held kwh}}'
                                                             ELSE '{{pending count}} are pending now and hold {{held kwh}}' END, to_jsonb(trades), context),
        'sums', smartgrid.report_fill(
                    CASE WHEN trades.energy > 0
                         THEN ' Completed: <b>{{energy kwh}}</b> for <b>{{cost money}}</b>, {{price price}} {{currency}} per kWh on average.' END,
                    to_jsonb(trades) || jsonb_build_object('currency', smartgrid.report_currency(context)), context),
        'pairs', smartgrid.report_table(context,
            smartgrid.report_fill(CASE WHEN pairs.in_all > shown THEN 'Completed trades: the {{shown}} largest of {{all}}' ELSE 'Completed trades' END,
                jsonb_build_object('shown', shown, 'all', smartgrid.report_count(pairs.in_all, 'pair', 'pairs'))),
            'htnnnn', ARRAY['Seller', 'Buyer', 'Trades', 'kWh', '{{currency}} per kWh', 'Cost, {{currency}}'],
            ARRAY['{{seller name}}', '{{buyer name}}', '{{trades count}}', '{{energy energy2}}', '{{price price}}', '{{cost amount}}'],
            pairs.listed)), context);
END
$$;
COMMENT ON FUNCTION smartgrid.report_trades_chapter(smartgrid.report_context) IS 'trades of the period: how many, and who traded most with whom';

-- items: of all accounts, as report_items() gives them; format: of the amounts.
CREATE FUNCTION smartgrid.report_statement(context smartgrid.report_context, caption smartgrid.report_html, heading text, format text,
    account text, items jsonb) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN smartgrid.report_table(context, caption, 'hn', ARRAY['Item', heading],
        ARRAY['{{item||}}{{last_item|<b>|</b>}}', '{{amount ' || format || '||}}{{last_amount ' || format || '|<b>|</b>}}'],
        (SELECT jsonb_agg(CASE WHEN i.place < 8 THEN jsonb_build_object('item', i.item, 'amount', i.amount)
                               ELSE jsonb_build_object('last_item', i.item, 'last_amount', i.amount) END ORDER BY i.place, i.item)
         FROM jsonb_to_recordset(items) AS i (account text, place integer, item text, amount numeric) WHERE i.account = report_statement.account));
END
$$;
COMMENT ON FUNCTION smartgrid.report_statement(smartgrid.report_context, smartgrid.report_html, text, text, text, jsonb)
    IS 'the items of one account as a table, the last of which is what they come to';

-- A participant's own figures: what it did follows when that was, its accounts follow the booking.
CREATE FUNCTION smartgrid.report_own(context smartgrid.report_context, OUT cards smartgrid.report_html, OUT chapter smartgrid.report_html)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    a record;
    items jsonb;
    amount jsonb;       -- of each item by account and place
    money CONSTANT jsonb := jsonb_build_object('currency', smartgrid.report_currency(context));
BEGIN
    IF context.own IS NULL THEN
        RETURN;
    END IF;
    a := smartgrid.report_account(context);
    SELECT jsonb_agg(to_jsonb(i) ORDER BY i.account, i.place), jsonb_object_agg(i.account || ' ' || i.place, i.amount) INTO items, amount
    FROM smartgrid.report_items(context) AS i;
    cards := smartgrid.report_cards(context, (
        SELECT jsonb_agg(jsonb_build_object('label', c.label, 'figure', jsonb_build_object('value', c.figure, 'unit', c.unit),
                                            'note', smartgrid.report_fill(c.note, to_jsonb(a) || jsonb_build_object('topups', amount -> 'balance 2'), context))
                         ORDER BY c.place)
        FROM (VALUES
            (1, a.is_producer, 'Produced', a.produced, 'kWh', '{{sold kwh}} sold'),
            (2, a.is_producer, 'Earned', a.earned, context.currency,
             CASE WHEN a.sold > 0 THEN '{{earned_price price}} per kWh sold' ELSE 'nothing sold' END
             || CASE WHEN a.payouts <> 0 THEN ', {{payouts money}} paid by the grid' ELSE '' END),
            (3, a.is_consumer, 'Used', a.used, 'kWh', '{{consumed kwh}} from the grid, {{bought kwh}} bought from members'),
            (4, a.is_consumer, 'Paid', a.paid, context.currency, CASE WHEN a.used > 0 THEN '{{paid_price price}} per kWh used' ELSE 'nothing used' END),
            (5, a.is_consumer, 'Balance at the end', (amount ->> 'balance 8')::numeric, context.currency, '{{topups money}} topped up'),
            (6, a.is_storage, 'Charged', a.charged, 'kWh', '{{discharged kwh}} discharged'),
            (7, a.is_storage, 'Stored at the end', (amount ->> 'stored 8')::numeric, 'kWh', NULL)
        ) AS c (place, shown, label, figure, unit, note)
        WHERE c.shown));
    chapter := smartgrid.report_fill($html$
        <p>What was booked in this period, also of what happened before it.</p><div class="two">{{balance}}{{earnings}}{{unsold}}{{stored}}{{due}}</div>
    $html$, jsonb_build_object(
        'balance', CASE WHEN a.is_consumer THEN
            smartgrid.report_statement(context, smartgrid.report_fill('Balance, {{currency}}', money), 'Amount', 'exact', 'balance', items) END,
        'earnings', CASE WHEN a.is_producer THEN
            smartgrid.report_statement(context, smartgrid.report_fill('Earnings, {{currency}}', money), 'Amount', 'exact', 'earnings', items) END,
        'unsold', CASE WHEN a.is_producer THEN
            smartgrid.report_statement(context, smartgrid.report_fill('Unsold energy, kWh'), 'Energy', 'energy3', 'unsold', items) END,
        'stored', CASE WHEN a.is_storage THEN
            smartgrid.report_statement(context, smartgrid.report_fill('Stored energy, kWh'), 'Energy', 'energy3', 'stored', items) END,
        'due', CASE WHEN a.is_debtor THEN
            smartgrid.report_statement(context, smartgrid.report_fill('Due, {{currency}}', money), 'Amount', 'exact', 'due', items) END));
END
$$;
COMMENT ON FUNCTION smartgrid.report_own(smartgrid.report_context)
    IS 'figures of the participant whose report it is as cards, and what was booked on its accounts in the period as a chapter; NULL if it is nobody''s';

CREATE FUNCTION smartgrid.report_correction_word(kind text, is_reversal boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN is_reversal THEN upper(left(kind, 1)) || replace(substr(kind, 2), '_', '-') || ' taken back'
                WHEN kind = 'payout' THEN 'Paid to producers'
                WHEN kind = 'refund' THEN 'Paid back to consumers'
                ELSE 'Written off' END;
END;
COMMENT ON FUNCTION smartgrid.report_correction_word(text, boolean) IS 'what report_corrections() has, in words';

CREATE FUNCTION smartgrid.report_corrections_chapter(context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN smartgrid.report_table(context, smartgrid.report_fill('Booked in this period, also of what happened before it'), 'hnnn',
        ARRAY['What', 'Entries', 'kWh', '{{currency}}'], ARRAY['{{what}}', '{{entries count}}', '{{energy energy2}}', '{{money exact}}'],
        (SELECT jsonb_agg(to_jsonb(c) || jsonb_build_object('what', smartgrid.report_correction_word(c.kind, c.is_reversal)) ORDER BY c.is_reversal, c.kind)
         FROM smartgrid.report_corrections(context) AS c));
END
$$;
COMMENT ON FUNCTION smartgrid.report_corrections_chapter(smartgrid.report_context)
    IS 'what was taken back, paid out, paid back and written off in the period; NULL if nothing was';

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
    meaning text;
    invariants integer;
    failed integer;
BEGIN
    seal := smartgrid.report_seal(context);
    IF seal.nothing_to_seal THEN
        verdict := 'Nothing to seal';
        meaning := 'Nobody takes part in this grid yet.';
    ELSIF seal.blocks = 0 THEN
        class := 'warn';
        verdict := 'Not sealed';
        meaning := 'This ledger has no sealed block yet.';
    ELSIF seal.unsealed = 0 THEN
        verdict := 'Sealed';
        meaning := CASE WHEN context.whole THEN 'All entries of this period are sealed.' ELSE 'All entries of this period that concern this account are sealed.' END;
    ELSE
        class := 'warn';
        verdict := 'Partly sealed';
        meaning := CASE WHEN seal.unsealed = 1 THEN '{{unsealed}} of this period is not sealed yet.' ELSE '{{unsealed}} of this period are not sealed yet.' END;
    END IF;
    overview := smartgrid.report_pill(class, lower(verdict));
    chapter := smartgrid.report_fill('<div class="box"><p>{{pill}} {{meaning}}</p>{{blocks}}</div>', jsonb_build_object(
        'pill', smartgrid.report_pill(class, verdict),
        'meaning', smartgrid.report_fill(meaning, jsonb_build_object('unsealed', smartgrid.report_count(seal.unsealed, 'entry', 'entries'))),
        'blocks', CASE WHEN seal.blocks > 0 THEN smartgrid.report_fill($html$
                <p>{{blocks}}, the last one sealed on {{sealed_at time}}. Its hash commits to every entry before it;
                who keeps a copy can prove later that nothing was changed:<br/><code>{{hash}}</code></p>{{table}}
            $html$, to_jsonb(seal) || jsonb_build_object('blocks', smartgrid.report_count(seal.blocks, 'block', 'blocks'), 'table', smartgrid.report_table(context,
                smartgrid.report_fill(CASE WHEN seal.blocks > shown THEN 'The last {{shown}} blocks' ELSE 'Blocks' END, jsonb_build_object('shown', shown)),
                'htnt', ARRAY['Height', 'Sealed', 'Entries', 'SHA-256'],
                ARRAY['{{height count}}', '{{sealed_at time}}', '{{entries count}}', '<code>{{hash}}</code>'],
                (SELECT jsonb_agg(to_jsonb(b) ORDER BY b.height DESC) FROM smartgrid.report_blocks(context, shown) AS b))), context) END));
    IF checks IS NULL THEN
        RETURN;
    END IF;

    SELECT count(*), count(*) FILTER (WHERE NOT c.ok) INTO invariants, failed FROM jsonb_to_recordset(checks) AS c (ok boolean);
    overview := smartgrid.report_fill('{{seal}} {{books}}', jsonb_build_object('seal', overview,
        'books', CASE WHEN failed = 0 THEN smartgrid.report_pill('good', 'books balance') ELSE smartgrid.report_pill('bad', failed || ' violated') END));
    chapter := smartgrid.report_fill(CASE WHEN failed = 0 THEN $html$
            {{seal}}<div class="box"><p>{{pill}} Every invariant of the books holds at the time of this report.</p>
            <details><summary>Invariants</summary>{{table}}</details></div>
        $html$ ELSE $html$
            {{seal}}<div class="box"><p>{{pill}} The books contradict themselves: see sg_verify_ledger().</p>
            <details open=""><summary>Invariants</summary>{{table}}</details></div>
        $html$ END, jsonb_build_object('seal', chapter,
            'pill', CASE WHEN failed = 0 THEN smartgrid.report_pill('good', invariants || ' of ' || invariants || ' hold')
                         ELSE smartgrid.report_pill('bad', failed || ' of ' || invariants || ' violated') END,
            'table', smartgrid.report_table(context, smartgrid.report_fill('Both sides in units of the grid (energy, money) or numbers of rows'),
                'hnnt', ARRAY['Invariant', 'Left side', 'Right side', 'Result'],
                ARRAY['{{invariant}}', '{{left_side count}}', '{{right_side count}}', '<span class="pill {{class}}">{{verdict}}</span>'],
                (SELECT jsonb_agg(c.value || CASE WHEN c.value -> 'ok' = 'true' THEN '{"class": "good", "verdict": "holds"}'::jsonb
                                                  ELSE '{"class": "bad", "verdict": "violated"}' END ORDER BY c.place)
                 FROM jsonb_array_elements(checks) WITH ORDINALITY AS c (value, place)))));
END
$$;
COMMENT ON FUNCTION smartgrid.report_evidence(smartgrid.report_context, jsonb)
    IS 'seal status and invariants of a grid, as pills for an overview and as a chapter';
