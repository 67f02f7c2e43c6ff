-- The report page: its figures by hand, as values and as they stand on it; well-formed, escaped, with a policy that lets
-- nothing in; who sees what; whatever the period, the number of grids, or the session's settings.

\ir lib/begin.sql
SELECT no_plan();

-------------------------------------------------------------------------------------------------------- chart geometry
SELECT is((SELECT format('%s %s %s %s', low, high, trim_scale(step), decimals) FROM smartgrid.report_scale(l, h)), wanted, format('scale %s to %s', l, h))
FROM (VALUES (0, 7.8, '0 8 2 0'), (0, 0, '0 1 0.25 2'), (-3.9, 5.8, '-5 7.5 2.5 1'), (0, 1e-6, '0 0.000001 0.00000025 8'),
             (0, 123456789, '0 150000000 50000000 0')) AS c (l, h, wanted);
SELECT is((SELECT format('%s %s', m.factor, (m.word).html) FROM smartgrid.report_magnitude(l, h) AS m), wanted, format('labels from %s to %s', l, h))
FROM (VALUES (0, 999999, '1 '), (-1000000, 0, '1000000 million '), (0, 2500000000, '1000000000 billion '), (0, 4e18, '1000000000000000000 10<sup>18</sup>&#160;')) AS c (l, h, wanted);
SELECT cmp_ok((SELECT max((s.high - s.low) / s.step) FROM generate_series(1, 999) AS n CROSS JOIN smartgrid.report_scale(0, n)  AS s), '<=', 5::numeric, 'few steps');
SELECT is_empty($$SELECT n FROM generate_series(1, 999) AS n CROSS JOIN smartgrid.report_scale(-n / 7.0, n) AS s WHERE s.low > -n / 7.0 OR s.high < n$$, 'both ends are on the axis');
SELECT is(smartgrid.report_steps('{0,250,500,750,1000}', '{1,2,NULL,4}', 0, 4, 100), 'M0,75V75H250V50H500M750,0V0H1000', 'steps with a gap');
SELECT is(smartgrid.report_area('{0,250,500,750,1000}', '{0,1,0,0}', '{1,2,0,4}', 0, 4, 100), 'M0,100V75H250V50H500V75H250V100H0ZM750,100V0H1000V100H750Z', 'an area with a gap');
SELECT is(smartgrid.report_line('{0,500,1000}', '{0,NULL,4}', 0, 4, 100), 'M0,100L1000,0', 'a line');
SELECT is(smartgrid.report_steps('{0,1000}', '{NULL}', 0, 4, 100), '', 'nothing to draw');
SELECT is((SELECT string_agg(format('%s %s', t.x, t.label), ', ') FROM smartgrid.report_ticks(p::tstzrange, 'Europe/Berlin') AS t), wanted, p)
FROM (VALUES ('[2026-06-01 00:00+02,2026-06-02 00:00+02)', '0 00:00, 125 03:00, 250 06:00, 375 09:00, 500 12:00, 625 15:00, 750 18:00, 875 21:00, 1000 00:00'),
             ('[2026-03-29 00:00+01,2026-03-30 00:00+02)', '0 00:00, 86.96 03:00, 217.39 06:00, 347.83 09:00, 478.26 12:00, 608.7 15:00, 739.13 18:00, 869.57 21:00, 1000 00:00'),
             ('[2026-10-25 00:00+02,2026-10-26 00:00+01)', '0 00:00, 160 03:00, 280 06:00, 400 09:00, 520 12:00, 640 15:00, 760 18:00, 880 21:00, 1000 00:00')) AS c (p, wanted);
SELECT is((SELECT count(*) FROM smartgrid.report_ticks(p::tstzrange, 'UTC')), 0::bigint, 'no ticks on an axis without ends: ' || p)
FROM unnest('{"[-infinity,infinity]","[2026-01-01,infinity)","(,2026-01-01)","(,)",empty}'::text[]) AS p;
SELECT ok((SELECT count(*) BETWEEN 3 AND 14 FROM smartgrid.report_ticks(tstzrange('2000-01-01', '2000-01-01'::timestamptz + length), 'UTC')), length::text || ' has some ticks, and few')
FROM unnest('{1 minute,5 minutes,15 minutes,1 hour,2 hours,5 hours,1 day,2 days,7 days,14 days,30 days,90 days,365 days,400 days,3 years,10 years,100 years,2000 years}'::interval[]) AS l (length);

--------------------------------------------------------------------------------------------------------------- a grid
CREATE ROLE sgt_oskar LOGIN IN ROLE smartgrid_operator;
CREATE ROLE sgt_audrey LOGIN IN ROLE smartgrid_auditor;
CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;
CREATE ROLE sgt_nobody LOGIN;
CREATE ROLE ben LOGIN;
CREATE ROLE dora LOGIN;
CREATE FUNCTION pg_temp.village() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'Tom & "Jerry''s" <grid>' $$;
CREATE FUNCTION pg_temp.day() RETURNS tstzrange LANGUAGE sql IMMUTABLE AS $$ SELECT tstzrange('2026-06-01 00:00+02', '2026-06-02 00:00+02') $$;
\o /dev/null
SELECT sg_create_grid(pg_temp.village(), base_price => 30, energy_scale => 3, money_scale => 2, currency => 'E&R');
SELECT set_config('smartgrid.grid', pg_temp.village(), true);
SELECT sg_set_time_zone('Europe/Berlin');
SET LOCAL smartgrid.principal = '</script><b>evil</b>';
SELECT sg_register_producer(5000, 'solar'), sg_register_consumer(3000);
SET LOCAL smartgrid.principal = 'cara & co';
SELECT sg_register_producer(5000, 'wind'), sg_register_storage(1000, 600, 600);
SET LOCAL smartgrid.principal = 'ben';
SELECT sg_register_consumer(3000);
SET LOCAL smartgrid.principal = 'dora';
SELECT sg_register_consumer(3000);
RESET smartgrid.principal;
-- The price of ben's 1500 Wh: 30 + 30 * 6000 / (2 * 10000) = 39, so 58 cents, and half a cent is carried; the load is 4500 then.
SELECT sg_post_readings('{</script><b>evil</b>,cara & co,ben,ben,cara & co,cara & co}', '{production,production,topup,consumption,charge,discharge}',
                        '{4000,2000,5000,1500,500,200}',
                        ARRAY['2026-06-01 10:05Z', '2026-06-01 10:20Z', '2026-06-01 10:25Z', '2026-06-01 10:30Z', '2026-06-01 10:40Z', '2026-06-01 11:10Z']::timestamptz[]);
SET LOCAL smartgrid.principal = '</script><b>evil</b>';
SELECT sg_create_trade('ben', 1000, 25) AS sold, sg_create_trade('ben', 100, 25) AS cancelled \gset
SET LOCAL smartgrid.principal = 'ben';
SELECT sg_complete_trade(:sold), sg_cancel_trade(:cancelled);
RESET smartgrid.principal;
UPDATE smartgrid.ledger SET at = '2026-06-01 12:00Z' WHERE trade_id > 0;
-- Each entry was booked when it happened; what is otherwise comes below.
UPDATE smartgrid.ledger SET booked_at = at;
UPDATE smartgrid.grid SET created_at = least(created_at, (SELECT min(booked_at) FROM smartgrid.ledger));
UPDATE smartgrid.trade SET created_at = '2026-06-01 12:00Z', closed_at = '2026-06-01 12:00Z';
UPDATE smartgrid.price_event SET at = '2026-05-01 12:00Z';
UPDATE smartgrid.capacity_event SET at = '2026-05-01 12:00Z';
SELECT sg_seal();
\o

------------------------------------------------------------------------------------------------------ figures as values
-- Of the grid for the caller; forged: what somebody may say of itself.
CREATE FUNCTION pg_temp.context(period tstzrange DEFAULT pg_temp.day()) RETURNS smartgrid.report_context LANGUAGE sql AS $$
    SELECT smartgrid.report_context(g.grid_id, context.period) FROM smartgrid.grid AS g WHERE g.name = pg_temp.village()
$$;
CREATE FUNCTION pg_temp.forged(who text, period tstzrange DEFAULT pg_temp.day()) RETURNS smartgrid.report_context LANGUAGE plpgsql AS $$
DECLARE
    forged smartgrid.report_context := pg_temp.context(forged.period);
BEGIN
    forged.whole := who IS NULL;
    forged.own := (SELECT i.id FROM participant_id AS i WHERE i.principal = who);
    RETURN forged;
END $$;
CREATE TEMPORARY TABLE participant_id AS SELECT p.principal, p.participant_id AS id FROM smartgrid.participant AS p JOIN smartgrid.grid AS g USING (grid_id) WHERE g.name = pg_temp.village();
GRANT SELECT ON participant_id TO PUBLIC;
SELECT results_eq('SELECT grid, prefix, single, with_hints, whole, own, energy_scale, money_scale, currency, time_zone, bucket, table_bucket FROM pg_temp.context()',
    $$VALUES (pg_temp.village(), 'g1', true, true, true, NULL::bigint, 3, 2, 'E&R', 'Europe/Berlin', interval '15 minutes', interval '1 hour')$$, 'the context of a reader');
SELECT results_eq('SELECT emergency_mode, load, capacity, utilization, base_price, low_watermark, high_watermark FROM smartgrid.report_state(pg_temp.context())',
    'VALUES (false, 3.2, 10.0, 32.0, 0.30, 2.0, 8.0)', 'the state of now');
SELECT results_eq($$SELECT to_char(bucket_start AT TIME ZONE 'UTC', 'HH24:MI'), production, produced, consumed, traded, charged, discharged, demand, load, price_avg, revenue
                    FROM smartgrid.report_curve(pg_temp.context(), '1 hour') WHERE produced + consumed + traded + charged + discharged > 0$$,
    $$VALUES ('10:00', '{"solar": 4, "wind": 2}'::jsonb, 6.0, 1.5, 0.0, 0.5, 0.0, 1.5, 4.0, 0.39, 0.58),
             ('11:00', '{}', 0, 0, 0, 0, 0.2, 0, 4.2, NULL, 0),
             ('12:00', '{}', 0, 0, 1.0, 0, 0, 1.0, 3.2, NULL, 0)$$, 'the curve: kWh and currency');
SELECT results_eq('SELECT energy_type, energy, round(share, 1), renewable, co2_g_per_kwh FROM smartgrid.report_mix(pg_temp.context(), ARRAY(SELECT b FROM smartgrid.report_curve(pg_temp.context(), $$1 hour$$) AS b))',
    $$VALUES ('solar', 4.0, 66.7, true, 41::numeric), ('wind', 2.0, 33.3, true, 11)$$, 'what it was produced of');
SELECT is(smartgrid.report_load_before(pg_temp.context()), 0::numeric, 'the load before');
SELECT results_eq('SELECT upper(pg_temp.day()) - spell_end, base_price, emergency_mode FROM smartgrid.report_spells(pg_temp.context())', $$VALUES (interval '0', 0.3, false)$$, 'one base price all day');
SELECT bag_eq('SELECT principal, produced, consumed, charged, discharged, sold, bought, paid, earned FROM smartgrid.report_parties(pg_temp.context())',
    $$VALUES ('</script><b>evil</b>', 4.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.25),
             ('cara & co', 2.0, 0, 0.5, 0.2, 0, 0, 0, 0),
             ('ben', 0, 1.5, 0, 0, 0, 1.0, 0.83, 0)$$, 'what each did');
SELECT results_eq('SELECT place, parties_in_all, principal, energy_type, produced, compared, round(share, 1), sold, earned
                   FROM smartgrid.report_producers(ARRAY(SELECT p FROM smartgrid.report_parties(pg_temp.context()) AS p), 1)',
    $$VALUES (1::bigint, 2::bigint, '</script><b>evil</b>', 'solar', 4.0, 100.0, 66.7, 1.0, 0.25)$$, 'the largest producer, of two');
SELECT results_eq('SELECT place, parties_in_all, principal, used, compared, share, bought, paid
                   FROM smartgrid.report_consumers(ARRAY(SELECT p FROM smartgrid.report_parties(pg_temp.context()) AS p), 10)',
    $$VALUES (1::bigint, 1::bigint, 'ben', 2.5, 100.0, 100.0, 1.0, 0.83)$$, 'the consumer');
SELECT results_eq('SELECT principal, charged, discharged, capacity, stored, filled
                   FROM smartgrid.report_facilities(pg_temp.context(), ARRAY(SELECT p FROM smartgrid.report_parties(pg_temp.context()) AS p), 10)',
    $$VALUES ('cara & co', 0.5, 0.2, 1.0, 0.3, 30.0)$$, 'the storage facility');
SELECT results_eq('SELECT offered, completed, cancelled, reversed, pending, energy, cost, price, held FROM smartgrid.report_trade_sums(pg_temp.context())',
    'VALUES (2::bigint, 1::bigint, 1::bigint, 0::bigint, 0::bigint, 1.0, 0.25, 0.25, 0.0)', 'trades');
SELECT results_eq('SELECT pairs_in_all, seller, buyer, trades, energy, price, cost FROM smartgrid.report_trade_pairs(pg_temp.context(), 10)',
    $$VALUES (1::bigint, '</script><b>evil</b>', 'ben', 1::bigint, 1.0, 0.25, 0.25)$$, 'who traded with whom');
SELECT results_eq('SELECT is_producer, is_consumer, is_storage, used, paid, paid_price FROM smartgrid.report_account(pg_temp.forged($$ben$$))',
    'VALUES (false, true, false, 2.5, 0.83, 0.332)', 'what a consumer did');
SELECT results_eq('SELECT produced, sold, earned, payouts, earned_price FROM smartgrid.report_account(pg_temp.forged($$</script><b>evil</b>$$))',
    'VALUES (4.0, 1.0, 0.25, 0.0, 0.25)', 'a producer');
SELECT results_eq('SELECT charged, discharged FROM smartgrid.report_account(pg_temp.forged($$cara & co$$))', 'VALUES (0.5, 0.2)', 'a storage facility');
CREATE FUNCTION pg_temp.items(who text, account text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(concat(i.item, ' ', i.amount), ', ' ORDER BY i.place) FROM smartgrid.report_items(pg_temp.forged(who)) AS i WHERE i.account = items.account
$$;
SELECT is(pg_temp.items('ben', 'balance'), 'Opening balance 0, Topped up 50.00, Paid for energy from the grid -0.58, Paid to members -0.25, Closing balance 49.17', 'an account of money');
SELECT is(pg_temp.items('</script><b>evil</b>', 'earnings'), 'Opening earnings 0, Earned by trades 0.25, Withdrawn 0, Closing earnings 0.25', 'of earnings');
SELECT is(pg_temp.items('</script><b>evil</b>', 'unsold'), 'Unsold before 0, Produced 4.000, Offered in trades -1.100, Back from cancelled trades 0.100, Unsold after 3.000', 'of energy');
SELECT is(pg_temp.items('cara & co', 'stored'), 'Stored before 0, Charged 0.500, Discharged -0.200, Stored after 0.300', 'of storage');
SAVEPOINT owes;
SELECT set_config('smartgrid.principal', 'ben', true), set_config('smartgrid.reference', '', true);
SELECT sg_record_payment('ben', -700, 'out'), sg_pay_due(300), sg_record_payment('ben', 500, 'in');
UPDATE smartgrid.ledger SET (at, booked_at) = ('2026-06-01 10:20:00+00', '2026-06-01 10:20:00+00') WHERE kind > 25;
SELECT is(pg_temp.items('ben', 'due'), 'Due before 0, Paid by bank -5.00, Paid out by bank 7.00, Paid from the balance -3.00, Due after -1.00', 'of what it owes');
SELECT is(pg_temp.items('ben', 'balance'), 'Opening balance 0, Topped up 50.00, Paid for energy from the grid -0.58, Paid to members -0.25, Paid of what was due -3.00, Closing balance 46.17', 'and has paid of it');
SELECT matches((smartgrid.report_own(pg_temp.forged('ben'))).chapter::text, 'Due, .*Paid by bank.*Due after', 'as a table');
SELECT doesnt_match((smartgrid.report_own(pg_temp.forged('cara & co'))).chapter::text, 'Due after', 'of who owes something');
ROLLBACK TO owes;
CREATE FUNCTION pg_temp.ends_as_statements(period tstzrange) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT results_eq(format($q$SELECT p.principal, i.account, i.place, i.amount
                                FROM participant_id AS p CROSS JOIN LATERAL smartgrid.report_items(pg_temp.forged(p.principal, %L)) AS i
                                WHERE i.place IN (1, 8) ORDER BY 1, 2, 3$q$, period),
        format($q$SELECT p.principal, a.account, CASE s.part WHEN 'opening' THEN 1 ELSE 8 END, a.amount
                  FROM participant_id AS p CROSS JOIN LATERAL smartgrid.statement((pg_temp.context()).grid_id, p.id, %L) AS s
                       CROSS JOIN LATERAL (VALUES ('balance', s.balance / 100.0), ('earnings', s.earnings / 100.0), ('unsold', s.unsold / 1000.0),
                                                  ('stored', s.stored / 1000.0), ('due', s.due / 100.0)) AS a (account, amount)
                  WHERE s.part <> 'entry' ORDER BY 1, 2, 3$q$, period), 'accounts begin and end as statements do: ' || period)
$$;
SELECT pg_temp.ends_as_statements(p::tstzrange) FROM unnest('{"[2026-06-01 00:00+02,2026-06-02 00:00+02)","(2026-06-01 10:05Z,2026-06-01 10:30Z]","[2026-06-01 10:30Z,2027-01-01)"}'::text[]) AS p;
SELECT results_eq('SELECT blocks, hash, unsealed, nothing_to_seal FROM smartgrid.report_seal(pg_temp.context())',
    'SELECT 1::bigint, b.hash, 0::bigint, false FROM sg_blocks AS b WHERE b.grid = pg_temp.village()', 'the seal');
SELECT results_eq('SELECT height, entries FROM smartgrid.report_blocks(pg_temp.context(), 5)', 'SELECT b.height, b.entries::bigint FROM sg_blocks AS b WHERE b.grid = pg_temp.village()', 'blocks');

-- Whatever somebody says of itself, it sees what it may.
SET LOCAL SESSION AUTHORIZATION dora;
SELECT is((pg_temp.context()).whole, false, 'dora does not read the grid');
SELECT is((pg_temp.context()).own, (SELECT id FROM participant_id WHERE principal = 'dora'), 'but is a participant');
SELECT is_empty('SELECT * FROM smartgrid.report_parties(pg_temp.forged(NULL))', 'dora as a reader: participants');
SELECT is_empty('SELECT * FROM smartgrid.report_facilities(pg_temp.forged(NULL), $${}$$, 10)', 'dora as a reader: storage');
SELECT is_empty('SELECT * FROM smartgrid.report_trades(pg_temp.forged(NULL))', 'dora as a reader: trades');
SELECT is((SELECT sum(b.produced + b.demand + b.charged) FROM smartgrid.report_curve(pg_temp.forged(NULL), '1 day') AS b), 0::numeric, 'dora as a reader: the curve');
SELECT is((SELECT max(b.load) FROM smartgrid.report_curve(pg_temp.forged(NULL), '1 day') AS b), NULL, 'dora as a reader: the load');
SELECT is(smartgrid.report_load_before(pg_temp.forged(NULL)), NULL, 'dora as a reader: the load before');
SELECT results_eq('SELECT is_consumer, used, paid FROM smartgrid.report_account(pg_temp.forged($$ben$$))', 'VALUES (false, 0::numeric, 0::numeric)', 'dora as ben');
SELECT is((SELECT max(abs(i.amount)) FROM smartgrid.report_items(pg_temp.forged('ben')) AS i), 0::numeric, 'dora as ben: accounts');
SELECT is_empty('SELECT * FROM smartgrid.report_corrections(pg_temp.forged(NULL))', 'dora as a reader: corrections');
SELECT is((SELECT sum(b.energy) FROM smartgrid.report_bought(pg_temp.forged('ben'), ARRAY[lower(pg_temp.day())]) AS b), NULL, 'dora as ben: what he bought');
SELECT ok((g.section).html !~ 'evil|ben|cara', 'dora as a reader: the whole section') FROM smartgrid.report_grid(pg_temp.forged(NULL), NULL) AS g;
SELECT ok((g.section).html !~ 'evil|ben|cara', 'dora as ben: the whole section') FROM smartgrid.report_grid(pg_temp.forged('ben'), NULL) AS g;
SET LOCAL SESSION AUTHORIZATION DEFAULT;

CREATE TEMPORARY TABLE page (who text PRIMARY KEY, html text, doc xml);
GRANT ALL ON page TO PUBLIC;
CREATE FUNCTION pg_temp.parsed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The page is HTML that is XML, too: whatever is not closed, or not escaped, is an error here.
    NEW.doc := XMLPARSE(DOCUMENT substr(NEW.html, strpos(NEW.html, E'\n') + 1));
    RETURN NEW;
END $$;
CREATE TRIGGER parsed BEFORE INSERT ON page FOR EACH ROW EXECUTE FUNCTION pg_temp.parsed();
CREATE FUNCTION pg_temp.found(who text, path text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT array_to_string(xpath(path, p.doc)::text[], '|') FROM page AS p WHERE p.who = found.who
$$;
-- A card's figure, with a blank for the no-break space.
CREATE FUNCTION pg_temp.card(who text, label text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT replace(pg_temp.found(who, format('string(//ul[@class="cards"]/li[b="%s"]/strong)', label)), E'\u00a0', ' ')
$$;
-- Ids that are there twice, and links to none.
CREATE FUNCTION pg_temp.astray(who text) RETURNS text LANGUAGE sql STABLE AS $$
    WITH id AS (SELECT i::text AS id FROM page AS p, unnest(xpath('//@id', p.doc)) AS i WHERE p.who = astray.who)
    SELECT string_agg(a.id, ', ')
    FROM (SELECT id FROM id GROUP BY id HAVING count(*) > 1
          UNION ALL
          (SELECT substr(h::text, 2) FROM page AS p, unnest(xpath('//a/@href', p.doc)) AS h WHERE p.who = astray.who
           EXCEPT SELECT id FROM id)) AS a
$$;
SET LOCAL smartgrid.grid = 'default';

SET LOCAL SESSION AUTHORIZATION sgt_oskar;
INSERT INTO page SELECT 'operator', sg_report(pg_temp.day(), pg_temp.village());
INSERT INTO page SELECT 'both grids', sg_report(pg_temp.day());
INSERT INTO page SELECT 'last 24 hours', sg_report();
SET LOCAL SESSION AUTHORIZATION sgt_audrey;
INSERT INTO page SELECT 'auditor', sg_report(pg_temp.day(), pg_temp.village());
SET LOCAL SESSION AUTHORIZATION ben;
INSERT INTO page SELECT 'ben', sg_report(pg_temp.day());
SET LOCAL SESSION AUTHORIZATION dora;
INSERT INTO page SELECT 'dora', sg_report(pg_temp.day());
SET LOCAL SESSION AUTHORIZATION sgt_nobody;
INSERT INTO page SELECT 'nobody', sg_report(pg_temp.day());
INSERT INTO page SELECT 'public', sg_report(pg_temp.day(), pg_temp.village());
SET LOCAL SESSION AUTHORIZATION sgt_gateway;
INSERT INTO page SELECT 'gateway', sg_report(pg_temp.day());
SET LOCAL smartgrid.principal = '</script><b>evil</b>';
INSERT INTO page SELECT 'evil', sg_report(pg_temp.day());
RESET smartgrid.principal;
SET LOCAL SESSION AUTHORIZATION DEFAULT;

------------------------------------------------------------------------------------------------ what every page keeps to
SELECT ok(html LIKE E'<!DOCTYPE html>\n<html lang="en">%', who || ': is HTML and says its language') FROM page;
SELECT ok(html ~ '^[\n -~]*$', who || ': ASCII, whatever it is saved as') FROM page;
SELECT is(pg_temp.found(who, 'string(/html/head/meta[@http-equiv]/@content)'),
          format($$default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'$$,
                 encode(sha256(convert_to(replace(replace(pg_temp.found(who, '/html/head/style/text()'), '&gt;', '>'), '&amp;', '&'), 'UTF8')), 'base64')),
          who || ': the policy allows the one style sheet') FROM page;
SELECT is(pg_temp.found(who, 'count(//style)'), '1', who || ': one style sheet') FROM page;
SELECT is(pg_temp.found(who, $$//script | //link | //img | //iframe | //object | //embed | //form | //base | //use | //image | //foreignObject
                              | //@style | //@src | //@*[starts-with(name(), 'on')] | //a[not(starts-with(@href, '#'))]$$), '',
          who || ': nothing that would run or load') FROM page;
SELECT ok(html !~* 'url\(|@import|javascript:|https?:', who || ': no address') FROM page;
SELECT is(pg_temp.astray(who), NULL, who || ': every id once, every link leads to one') FROM page;
SELECT is(pg_temp.found(who, 'count(//h1)'), '1', who || ': one main heading') FROM page;
SELECT is_empty(format($$
    SELECT level, before FROM (SELECT h::text AS level, lag(h::text) OVER (ORDER BY n) AS before
                               FROM page, unnest(xpath('//*[self::h1 or self::h2 or self::h3 or self::h4]', doc)) WITH ORDINALITY AS u (h, n) WHERE who = %L) AS headings
    WHERE substr(level, 3, 1)::integer > substr(before, 3, 1)::integer + 1$$, who), who || ': headings leave no level out') FROM page;
SELECT is(pg_temp.found(who, $$//svg[not(@aria-hidden) and not(@role = 'img') and not(ancestor::svg[@role = 'img'])]$$), '', who || ': every drawing is named or hidden') FROM page;
SELECT is(pg_temp.found(who, $$//svg[@role = 'img'][not(string-length(title) > 5) or not(string-length(desc) > 20) or not(@aria-labelledby = concat(title/@id, ' ', desc/@id))]$$), '',
          who || ': every chart has a title and a description') FROM page;
SELECT is(pg_temp.found(who, '//table[not(string-length(caption) > 3)] | //th[not(@scope)] | //thead/tr/th[string-length(.) = 0] | //tr[count(*) != count(ancestor::table/thead/tr/th)]'), '',
          who || ': every table has a caption, scopes and headings') FROM page;
SELECT ok(html !~ 'NaN|Infinity|NULL', who || ': no figure that is none') FROM page;

------------------------------------------------------------------------------------------------------------- escaping
SELECT is(pg_temp.found('operator', 'string(//h1)'), 'Tom &amp; "Jerry''s" &lt;grid&gt;', 'the grid''s name');
SELECT is(pg_temp.found('operator', 'count(//bdi[. = "</script><b>evil</b>"])'), '2', 'a name as text: producer and seller');
SELECT is(pg_temp.found('operator', 'count(//b[. = "evil"])'), '0', 'and not as HTML');
SELECT ok(pg_temp.card('operator', 'Revenue') = '0.58 E&amp;R', 'the currency');

------------------------------------------------------------------------------------------------------ figures, by hand
SELECT is(pg_temp.card('operator', label), wanted, label)
FROM (VALUES ('Produced', '6.00 kWh'), ('Demand', '2.50 kWh'), ('Average price', '0.3900 E&amp;R/kWh'), ('Revenue', '0.58 E&amp;R'), ('Peak demand', '6.00 kW')) AS c (label, wanted);
-- 41 g for the two thirds that are solar, 11 for the wind.
SELECT is(pg_temp.found('operator', 'string(//ul[@class="cards"]/li[starts-with(b, "CO")]/strong)'), E'31.0\u00a0g/kWh', 'CO2 intensity');
SELECT is(pg_temp.found('operator', 'string(//ul[@class="cards"]/li[b="Produced"]/span)'), E'100.0\u00a0% renewable', 'renewable share');
SELECT is(pg_temp.found('operator', '//table[caption="Production by energy type"]/tbody/tr/td[1]/text()'), '4.00|2.00', 'by energy type');
SELECT is(pg_temp.found('operator', '//table[caption="Production by energy type"]/tbody/tr/td[2]/text()'), E'66.7\u00a0%|33.3\u00a0%', 'shares');
SELECT is(pg_temp.found('operator', '//table[caption="Storage facilities, kWh"]/tbody/tr/*//text()'), 'cara &amp; co|0.50|0.20|1.00|0.30', 'storage');
SELECT is(pg_temp.found('operator', '//table[caption="Producers"]/tbody/tr[1]/td/text()'), '4.00|66.7|1.00|0.25', 'the largest producer');
SELECT is(pg_temp.found('operator', '//table[caption="Consumers"]/tbody/tr/*//text()'), 'ben|2.50|100.0|1.00|0.83', 'the only consumer');
SELECT is(pg_temp.found('operator', '//table[caption="Completed trades"]/tbody/tr/*//text()'), '&lt;/script&gt;&lt;b&gt;evil&lt;/b&gt;|ben|1|1.00|0.2500|0.25', 'trades');
SELECT ok(pg_temp.found('operator', 'string(//p[starts-with(., "In this period 2")])') LIKE E'%2\u00a0trades were offered, 1 completed and 1 cancelled; 0 are pending now%', 'and offers');
SELECT is(pg_temp.found('operator', '//table[caption="All key figures of the period"]/tbody/tr/th/b'),
          (SELECT string_agg('<b>' || (smartgrid.report_kpi_word(kpi)).html || '</b>', '|') FROM sg_kpis(pg_temp.day(), pg_temp.village())), 'all key figures');
SELECT is(pg_temp.found('operator', 'string(//h2[1])'), 'Monday, 1 June 2026', 'the day is the grid''s day');
SELECT is(pg_temp.found('operator', 'count(//details/div/table[contains(caption, "end of each hour")]/tbody/tr)'), '24', 'figures by hour');
SELECT is(pg_temp.found('operator', E'//tr[th="Mon 1 Jun, 12:00\u201313:00"]/td/text()'), E'6.00|1.50|0.00|0.50|0.00|4.00|40.0|0.3900|0.3900\u00a0\u2013 0.3900|0.58', 'the hour from 12 to 13');
SELECT is(pg_temp.found('operator', 'count(//figure)'), '4', 'production, load, price and storage');
SELECT is(pg_temp.found('operator', 'count((//figure)[1]//svg[@class="hints"]/rect)'), '96', 'a hint for each quarter-hour');
SELECT is(pg_temp.found('operator', '//path[@class="fill-solar"]/@d'), 'M500,240V0H510.42V240H500Z', 'the sun, 4 kWh in the quarter-hour from 12:00');
SELECT is(pg_temp.found('operator', '//path[@class="fill-wind"]/@d'), 'M510.42,240V120H520.83V240H510.42Z', 'the wind, half of that after it');
SELECT is(pg_temp.found('operator', 'count(//table[contains(caption, "Both sides")]/tbody/tr[td="holds"])'), (SELECT count(*)::text FROM sg_check() WHERE grid = pg_temp.village()), 'invariants');
SELECT ok(pg_temp.found('operator', '//code[1]/text()') LIKE (SELECT hash FROM sg_blocks WHERE grid = pg_temp.village()) || '%', 'the hash of the last block');
SELECT is(pg_temp.found('operator', '//span[starts-with(@class, "pill")]/text()'), (SELECT format('sealed|books balance|Sealed|%1$s of %1$s hold', count(*)) || repeat('|holds', count(*)::integer) FROM sg_check() WHERE grid = pg_temp.village()), 'what is evident');

------------------------------------------------------------------------------------------------------------- who sees
SELECT is((SELECT html FROM page WHERE who = 'auditor'), (SELECT html FROM page WHERE who = 'operator'), 'an auditor sees what the operator sees');
SELECT ok(html ~ '>ben<' AND html ~ 'evil' AND html !~ 'cara' AND html !~ 'dora', 'a member sees itself and its partner') FROM page WHERE who = 'ben';
SELECT ok(html !~ 'cara|evil|ben|Revenue|books balance|Key figures', 'another sees nobody') FROM page WHERE who = 'dora';
SELECT is(pg_temp.card('ben', label), wanted, 'ben: ' || label)
FROM (VALUES ('Used', '2.50 kWh'), ('Paid', '0.83 E&amp;R'), ('Balance at the end', '49.17 E&amp;R'), ('Produced', ''), ('Demand', '')) AS c (label, wanted);
SELECT is(pg_temp.found('ben', '//table[starts-with(caption, "Balance")]/tbody/tr/td//text()'), '0.00|50.00|−0.58|−0.25|49.17', 'ben: statement of account');
SELECT is(pg_temp.found('ben', '//path[@class="line-demand"]/@d') ~ 'M0,240.*V120H.*V0H|M0,240.*', true, 'ben: what was used');
SELECT is(pg_temp.card('dora', 'Used'), '0.00 kWh', 'dora: nothing');
SELECT is(pg_temp.card('evil', label), wanted, 'evil, through a gateway: ' || label)
FROM (VALUES ('Produced', '4.00 kWh'), ('Earned', '0.25 E&amp;R'), ('Used', '0.00 kWh')) AS c (label, wanted);
SELECT is(pg_temp.found('evil', '//table[starts-with(caption, "Unsold")]/tbody/tr/td//text()'), '0.000|4.000|−1.100|0.100|3.000', 'evil: unsold energy');
SELECT ok(html ~ 'There is no grid that you operate' AND html !~ 'evil', 'who takes no part gets an empty page') FROM page WHERE who IN ('nobody', 'gateway');
SELECT ok(html ~ 'what is public' AND html ~ 'Evidence' AND html !~ 'evil|ben|cara|Trades between', 'of a grid that is not theirs: what is public') FROM page WHERE who = 'public';
SELECT is(pg_temp.found('both grids', 'string(//h1)'), '2 grids', 'who reads two grids gets both');
SELECT is(pg_temp.found('both grids', 'count(//section[@class="grid"])') || pg_temp.found('both grids', 'count(//nav//tbody/tr)'), '22', 'with an overview that leads to each');
SELECT is(pg_temp.found('both grids', '//dl[@class="facts"]/div/dd/text()') ~ '^31 May 2026, 22:00.*UTC; below, that of each grid', true, 'times that hold for both');
SELECT is(pg_temp.found('both grids', '//nav//tbody/tr/td[6]/span[1]/text()'), 'sealed|nothing to seal', 'and whether they are sealed');
SELECT is(pg_temp.found('both grids', '//section[@id="g2"]/ul/li/span/text()'),
          E'nothing produced|0\u00a0kWh consumed, 0\u00a0kWh traded|no demand|nothing produced|'
          'nothing produced|nothing consumed|paid for energy from the grid', 'a grid in which nothing happened');
SELECT ok(html ~ 'Nothing was produced' AND html ~ 'No trade was offered', 'a period in which nothing happened') FROM page WHERE who = 'last 24 hours';

---------------------------------------------------------------------------------------------- periods, grids, settings
INSERT INTO page SELECT 'a year', sg_report('[2026-01-01 00:00+01,2027-01-01 00:00+01)', pg_temp.village());
SELECT is(pg_temp.found('a year', 'count((//figure)[1]//svg[@class="hints"]/rect)'), '365', 'a year by the day');
SELECT is(pg_temp.found('a year', 'count(//details/div/table[contains(caption, "end of each month")]/tbody/tr)'), '12', 'its figures by the month');
SELECT is(pg_temp.found('a year', 'string(//h2[1])'), '2026', 'its name');
INSERT INTO page SELECT 'spring', sg_report('[2026-03-29 00:00+01,2026-03-30 00:00+02)', pg_temp.village());
INSERT INTO page SELECT 'autumn', sg_report('[2026-10-25 00:00+02,2026-10-26 00:00+01)', pg_temp.village());
UPDATE smartgrid.ledger SET at = at - interval '63 days 23:00';
\o /dev/null
SELECT sg_rebuild_rollups(pg_temp.village());
\o
INSERT INTO page SELECT 'spring with entries', sg_report('[2026-03-29 00:00+01,2026-03-30 00:00+02)', pg_temp.village());
SELECT is(pg_temp.found('spring with entries', 'count((//figure)[1]//svg[@class="hints"]/rect)'), '92', 'the day of 23 hours');
SELECT is(pg_temp.found('spring', 'count(//details/div/table[contains(caption, "end of each hour")]/tbody/tr)'), '23', 'has 23 rows');
SELECT is(pg_temp.found('autumn', 'count(//details/div/table[contains(caption, "end of each hour")]/tbody/tr)'), '25', 'the day of 25 hours has 25');
INSERT INTO page SELECT 'tomorrow', sg_report(tstzrange(now() + interval '1 day', now() + interval '2 days'), pg_temp.village());
SELECT is(pg_temp.card('tomorrow', 'Produced'), '–', 'of a day that has not begun nothing is known');
SELECT ok(html !~ 'NaN|Infinity|NULL', 'nor said') FROM page WHERE who = 'tomorrow';
INSERT INTO page SELECT 'today', sg_report(tstzrange(now() - interval '6 hours', now() + interval '18 hours'), pg_temp.village());
SELECT ok(html !~ 'NaN|Infinity|NULL', 'a day that is not over') FROM page WHERE who = 'today';
SELECT is(pg_temp.card('today', 'Produced'), '0.00 kWh', 'has what it has until now');
INSERT INTO page SELECT 'an instant', sg_report('[2026-06-01 10:05Z,2026-06-01 10:05Z]', pg_temp.village());
INSERT INTO page SELECT 'a century', sg_report('[1950-01-01,2050-01-01)', pg_temp.village());
SELECT is(pg_temp.card('a century', 'Produced'), '6.00 kWh', 'a century');

-- 4 kWh are reported for a time after that at which they were used: the load is drawn from 1 to -2 to 2 kWh.
\o /dev/null
SELECT sg_create_grid('late', energy_scale => 3);
SET LOCAL smartgrid.grid = 'late';
SET LOCAL smartgrid.principal = 'ben';
SELECT sg_register_producer(5000, 'wind'), sg_register_consumer(3000), sg_add_consumer_balance('ben', 1000000);
RESET smartgrid.principal;
SELECT sg_post_readings('{ben,ben,ben}', '{production,production,consumption}', '{1000,4000,3000}',
                        ARRAY['2026-06-01 09:00Z', '2026-06-01 10:40Z', '2026-06-01 10:10Z']::timestamptz[]);
SET LOCAL smartgrid.grid = 'default';
\o
INSERT INTO page SELECT 'late', sg_report('[2026-06-01 10:00Z,2026-06-01 11:00Z)', 'late');
SELECT is(pg_temp.found('late', '//svg[@class="marks"]/path[@class="line-load"]/@d'), 'M0,90L250,180L500,180L750,60L1000,60', 'a load below zero, from the beginning of the period');
SELECT is(pg_temp.found('late', '//path[@class="fill-load"]/@d'), 'M0,90L250,180L500,180L750,60L1000,60V120H0Z', 'is filled to zero');
SELECT ok(pg_temp.found('late', '//span[@class="unit"]/text()') LIKE '%below zero where%', 'and explained');
SELECT is(pg_temp.found('late', '//figure[contains(., "Price")]//ul/li/text()'), 'Average paid', 'a legend of what is drawn');

------------------------------------------------------------------------------------------- when it was booked, and corrections
-- A top-up of now, and readings of last month: what happened belongs to that month, what was booked to now.
CREATE FUNCTION pg_temp.june() RETURNS tstzrange LANGUAGE sql IMMUTABLE AS $$ SELECT '[2026-06-01 00:00Z,2026-07-01 00:00Z)'::tstzrange $$;
CREATE FUNCTION pg_temp.now() RETURNS tstzrange LANGUAGE sql STABLE AS $$ SELECT tstzrange(now() - interval '1 hour', now() + interval '1 hour') $$;
CREATE FUNCTION pg_temp.booked(who text, account text, period tstzrange) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    context smartgrid.report_context := smartgrid.report_context((SELECT g.grid_id FROM smartgrid.grid AS g WHERE g.name = 'booked'), booked.period);
BEGIN
    context.whole := false;
    context.own := (SELECT p.participant_id FROM smartgrid.participant AS p WHERE p.grid_id = context.grid_id AND p.principal = who);
    RETURN (SELECT string_agg(concat(i.item, ' ', i.amount), ', ' ORDER BY i.place) FROM smartgrid.report_items(context) AS i WHERE i.account = booked.account);
END $$;
CREATE FUNCTION pg_temp.did(who text, period tstzrange) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    context smartgrid.report_context := smartgrid.report_context((SELECT g.grid_id FROM smartgrid.grid AS g WHERE g.name = 'booked'), did.period);
BEGIN
    context.own := (SELECT p.participant_id FROM smartgrid.participant AS p WHERE p.grid_id = context.grid_id AND p.principal = who);
    RETURN (SELECT concat_ws(' ', a.produced, a.used, a.sold, a.charged, a.discharged, a.paid, a.earned) FROM smartgrid.report_account(context) AS a);
END $$;
CREATE FUNCTION pg_temp.party(who text, period tstzrange) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ', p.produced, p.consumed + p.bought, p.sold, p.charged, p.discharged, p.paid, p.earned)
    FROM smartgrid.report_parties(smartgrid.report_context((SELECT g.grid_id FROM smartgrid.grid AS g WHERE g.name = 'booked'), party.period)) AS p WHERE p.principal = who
$$;
\o /dev/null
SELECT sg_create_grid('booked', base_price => 30, energy_scale => 3, money_scale => 2, currency => 'EUR', price_rule => 'flat');
SET LOCAL smartgrid.grid = 'booked';
SET LOCAL smartgrid.principal = 'sun';
SELECT sg_register_producer(5000, 'solar'), sg_register_storage(1000, 600, 600);
SET LOCAL smartgrid.principal = 'ben';
SELECT sg_register_consumer(3000);
RESET smartgrid.principal;
SELECT sg_post_readings('{ben,sun,ben,sun,sun}', '{topup,production,consumption,charge,discharge}', '{5000,4000,1000,500,200}',
                        ARRAY[now(), '2026-06-10 10:00Z', '2026-06-10 10:15Z', '2026-06-10 10:30Z', '2026-06-10 10:45Z']);
\o
SELECT is(pg_temp.did('ben', pg_temp.june()), '0 1.000 0 0 0 0.30 0', 'ben used and paid in June');
SELECT is(pg_temp.booked('ben', 'balance', pg_temp.june()), 'Opening balance 0, Topped up 0, Paid for energy from the grid 0, Paid to members 0, Closing balance 0',
          'but nothing was booked then, and no balance is below zero');
SELECT is(pg_temp.booked('ben', 'balance', pg_temp.now()), 'Opening balance 0, Topped up 50.00, Paid for energy from the grid -0.30, Paid to members 0, Closing balance 49.70',
          'it was booked now');
SELECT is(pg_temp.booked('sun', 'unsold', pg_temp.now()), 'Unsold before 0, Produced 4.000, Offered in trades 0, Back from cancelled trades 0, Unsold after 4.000', 'energy as well');

\o /dev/null
SET LOCAL smartgrid.principal = 'sun';
SELECT sg_create_trade('ben', 1000, 25) AS sold \gset
SET LOCAL smartgrid.principal = 'ben';
SELECT sg_complete_trade(:sold);
RESET smartgrid.principal;
CREATE TEMPORARY TABLE entry AS SELECT entry_id, kind FROM sg_ledger WHERE grid = 'booked';
SELECT sg_correct_reading(entry_id, 800, 'meter') FROM entry WHERE kind = 'consumption';
SELECT sg_correct_reading(entry_id, 3500, 'meter') FROM entry WHERE kind = 'production';
SELECT sg_reverse_entry(entry_id, 'meter') FROM entry WHERE kind IN ('charge', 'discharge') ORDER BY entry_id DESC;
SELECT sg_reverse_entry(entry_id, 'agreed') FROM entry WHERE kind = 'trade';
SELECT sg_pay_producer('sun', 20), sg_pay_producer('sun', 1);
SELECT sg_reverse_entry((sg_last_entry()).entry_id, 'too much');
SELECT sg_refund('ben', 1000), sg_write_off(100, 'lost');
\o
SELECT is(pg_temp.did('ben', pg_temp.june()), '0 0.800 0 0 0 0.24 0', 'what is taken back is taken off in June');
SELECT is(pg_temp.did('sun', pg_temp.june()), '3.500 0 0 0.000 0.000 0 0', 'of production and storage, too');
SELECT is(pg_temp.did('ben', pg_temp.now()), '0 0.000 0 0 0 0.00 0', 'and the trade of now');
SELECT is(pg_temp.did('sun', pg_temp.now()), '0 0 0.000 0 0 0 0.20', 'by which nothing was earned; the rest was paid by the grid');
SELECT is(pg_temp.party('ben', pg_temp.june()), '0.000 0.800 0.000 0.000 0.000 0.24 0.00', 'among all participants, too: ben');
SELECT is(pg_temp.party('sun', pg_temp.june()), '3.500 0.000 0.000 0.000 0.000 0.00 0.00', 'sun');
SELECT is(pg_temp.party('sun', pg_temp.now()), '0.000 0.000 0.000 0.000 0.000 0.00 0.20', 'and what it was paid');
SELECT is(pg_temp.booked('ben', 'balance', pg_temp.now()),
          'Opening balance 0, Topped up 50.00, Paid for energy from the grid -0.54, Paid to members -0.25, Paid back -10.00, Corrections 0.55, Closing balance 39.76', 'each has its item: money of a consumer');
SELECT is(pg_temp.booked('sun', 'earnings', pg_temp.now()),
          'Opening earnings 0, Earned by trades 0.25, Paid by the grid 0.21, Withdrawn 0, Corrections -0.26, Closing earnings 0.20', 'of a producer');
SELECT is(pg_temp.booked('sun', 'unsold', pg_temp.now()),
          'Unsold before 0, Produced 7.500, Offered in trades -1.000, Back from cancelled trades 0, Corrections -3.000, Unsold after 3.500', 'energy of a producer');
SELECT is(pg_temp.booked('sun', 'stored', pg_temp.now()), 'Stored before 0, Charged 0.500, Discharged -0.200, Corrections -0.300, Stored after 0.000', 'of a storage facility');
SELECT is((SELECT concat_ws(' ', balance, earnings) FROM sg_consumers FULL JOIN sg_producers USING (grid, principal) WHERE grid = 'booked' AND principal = p), w, 'as the account of ' || p)
FROM (VALUES ('ben', '3976'), ('sun', '20')) AS a (p, w);
SELECT results_eq($$SELECT kind, is_reversal, entries, energy, money FROM smartgrid.report_corrections(smartgrid.report_context((SELECT grid_id FROM smartgrid.grid WHERE name = 'booked'), pg_temp.now()))$$,
    $$VALUES ('payout', false, 2::bigint, 0.000, 0.21), ('refund', false, 1, 0, 10.00), ('write_off', false, 1, 0.100, 0),
             ('charge', true, 1, 0.500, 0), ('consumption', true, 1, 1.000, 0.30), ('discharge', true, 1, 0.200, 0),
             ('payout', true, 1, 0, 0.01), ('production', true, 1, 4.000, 0), ('trade', true, 1, 1.000, 0.25)$$, 'what was corrected and paid');
SELECT results_eq($$SELECT offered, completed, cancelled, reversed, pending, energy FROM smartgrid.report_trade_sums(smartgrid.report_context((SELECT grid_id FROM smartgrid.grid WHERE name = 'booked'), pg_temp.now()))$$,
    'VALUES (1::bigint, 0::bigint, 0::bigint, 1::bigint, 0::bigint, 0.000)', 'a trade that is taken back is not completed');
INSERT INTO page SELECT 'corrected', sg_report(pg_temp.now(), 'booked');
SELECT is(pg_temp.found('corrected', '//table[starts-with(caption, "Booked in")]/tbody/tr/th/text()'),
          'Paid to producers|Paid back to consumers|Written off|Charge taken back|Consumption taken back|Discharge taken back|Payout taken back|Production taken back|Trade taken back', 'corrections have a chapter');
SELECT ok(pg_temp.found('corrected', 'string(//p[starts-with(., "In this period 1")])') LIKE E'%0 completed and 0 cancelled, and 1 taken back;%', 'trades taken back are told');
INSERT INTO page SELECT 'corrected month', sg_report(pg_temp.june(), 'booked');
SELECT is(pg_temp.found('corrected month', 'count(//h3[.="Corrections and payments"])') || ' ' || pg_temp.card('corrected month', 'Produced') || ' ' || pg_temp.card('corrected month', 'Demand')
          || ' ' || pg_temp.card('corrected month', 'Revenue'), '0 3.50 kWh 0.80 kWh 0.24 EUR', 'and the month has what is left');
-- The reader is a member of the grid.
CREATE ROLE sun LOGIN;
SET LOCAL SESSION AUTHORIZATION sun;
INSERT INTO page SELECT 'sun', sg_report(pg_temp.now(), 'booked');
SET LOCAL SESSION AUTHORIZATION DEFAULT;
SELECT is(pg_temp.card('sun', 'Earned') || ' ' || pg_temp.found('sun', 'string(//ul[@class="cards"]/li[b="Earned"]/span)'), E'0.20 EUR nothing sold, 0.20\u00a0EUR paid by the grid', 'sun: earned');
SELECT is(pg_temp.found('sun', '//table[starts-with(caption, "Earnings")]/tbody/tr/td//text()'), '0.00|0.25|0.21|0.00|−0.26|0.20', 'sun: statement');
SET LOCAL smartgrid.grid = 'default';

UPDATE smartgrid.pool SET load = load + 1 WHERE grid_id = (SELECT grid_id FROM smartgrid.grid WHERE name = pg_temp.village()) AND load > 0;
INSERT INTO page SELECT 'violated', sg_report(pg_temp.day(), pg_temp.village());
SELECT is(pg_temp.found('violated', 'count(//details[@open]//tr[td="violated"])') || ' ' || pg_temp.found('violated', '//p[@class="pills"]/span[2]/text()'), '1 1 violated', 'a violated invariant is in the open');
UPDATE smartgrid.pool SET load = load - 1 WHERE grid_id = (SELECT grid_id FROM smartgrid.grid WHERE name = pg_temp.village()) AND load > 0;

\o /dev/null
SELECT sg_create_grid('grid ' || to_char(n, 'FM00')) FROM generate_series(5, 50) AS n;
\o
INSERT INTO page SELECT 'fifty', sg_report(pg_temp.day());
SELECT is(pg_temp.found('fifty', 'count(//section[@class="grid"])') || ' ' || pg_temp.found('fifty', 'count(//nav//tbody/tr)'), '50 50', 'fifty grids and a table of contents');
SELECT is(pg_temp.astray('fifty'), NULL, 'whose links lead to each');
SELECT cmp_ok((SELECT length(html) FROM page WHERE who = 'fifty'), '<', 2000000, 'in less than two megabytes');

CREATE TEMPORARY TABLE before AS SELECT sg_report(pg_temp.day(), pg_temp.village()) AS html;
SET LOCAL TimeZone = 'Pacific/Chatham';
SET LOCAL DateStyle = 'SQL, DMY';
SET LOCAL IntervalStyle = 'sql_standard';
SET LOCAL extra_float_digits = -10;
SET LOCAL bytea_output = 'escape';
SET LOCAL xmloption = 'document';
SET LOCAL quote_all_identifiers = on;
SET LOCAL search_path = pg_temp, public;
CREATE FUNCTION pg_temp.lower(anyrange) RETURNS text LANGUAGE sql AS $$ SELECT 'planted' $$;
SELECT public.is(public.sg_report(pg_temp.day(), pg_temp.village()), (SELECT html FROM before), 'the same data is the same page, whatever the session''s settings');
SET LOCAL search_path = public;

--------------------------------------------------------------------------------------------------------------- errors
SELECT throws_ok($$SELECT sg_report('empty')$$, 'SG108', 'period must not be empty');
SELECT throws_ok($$SELECT sg_report('[2026-01-01,)')$$, 'SG108', 'period must have a lower and an upper bound');
SELECT throws_ok($$SELECT sg_report('(,2026-01-01)')$$, 'SG108', 'period must have a lower and an upper bound');
SELECT throws_ok($$SELECT sg_report('[-infinity,2026-01-01)')$$, 'SG108', 'period must have a lower and an upper bound');
SELECT throws_ok($$SELECT sg_report(NULL, 'none')$$, 'SG101', 'grid "none" does not exist');

SELECT * FROM finish();
ROLLBACK;
