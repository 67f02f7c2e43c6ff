-- Templates of the report: what is escaped, what is not filled, how figures are written; names that would be HTML or marks, in
-- every place that a page has.

\ir lib/begin.sql
SELECT no_plan();

------------------------------------------------------------------------------------------------------ text and numbers
SELECT is(smartgrid.report_escape('plain <b> & "x" ''y'''), 'plain &lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;', 'characters of HTML');
SELECT is(smartgrid.report_escape(E'Zo\u00eb \U0001F33B'), 'Zo&#235; &#127803;', 'other characters by number');
SELECT is(smartgrid.report_escape(E'a\nb\x01\u0085'), 'a&#65533;b&#65533;&#65533;', 'control characters are none of HTML');
SELECT is(smartgrid.report_escape(E'x\u202egnp.exe \u2067\u0623'), 'x&#65533;gnp.exe &#65533;&#1571;', 'neither are those that turn the direction of writing shown');
SELECT is(smartgrid.report_escape(''), '', 'nothing');
SELECT is(smartgrid.report_escape(NULL), NULL, 'NULL');
SELECT is((smartgrid.report_name(NULL)).html, '<span class="quiet">not shown</span>', 'a name that is hidden');
SELECT is((smartgrid.report_number(n, d)).html, wanted, n::text)
FROM (VALUES (1234567.891, 1, '1,234,567.9'), (0.005, 2, '0.01'), (-1234.5, 0, '&#8722;1,235'), (NULL, 2, '&#8211;'), (0, 2, '0.00'), (-0.001, 2, '0.00'),
             (123456789012345678901234567890.5, 1, '123,456,789,012,345,678,901,234,567,890.5')) AS c (n, d, wanted);
SELECT is((smartgrid.report_period(p::tstzrange, z)).html, wanted, wanted)
FROM (VALUES ('[2026-06-01 00:00+02,2026-06-02 00:00+02)', 'Europe/Berlin', 'Monday, 1 June 2026'),
             ('[2026-03-29 00:00+01,2026-03-30 00:00+02)', 'Europe/Berlin', 'Sunday, 29 March 2026'),
             ('[2026-06-01 00:00Z,2026-07-01 00:00Z)', 'UTC', 'June 2026'),
             ('[2026-01-01 00:00Z,2027-01-01 00:00Z)', 'UTC', '2026'),
             ('[2026-06-01 00:00Z,2026-06-08 00:00Z)', 'UTC', '1 Jun 2026 &#8211; 7 Jun 2026'),
             ('[2026-06-01 00:00Z,2026-06-02 00:00Z)', 'Europe/Berlin', '1 Jun 2026, 02:00 &#8211; 2 Jun 2026, 02:00')) AS c (p, z, wanted);

--------------------------------------------------------------------------------------------------------------- formats
CREATE FUNCTION pg_temp.context(energy_scale integer, money_scale integer, currency text) RETURNS smartgrid.report_context LANGUAGE sql AS $$
    SELECT ROW(1, 'grid', 'g1', true, true, true, NULL, energy_scale, money_scale, currency, 'Europe/Berlin', '[2026-06-01,2026-06-02)',
               '15 minutes', 'quarter-hour', '1 hour', 'hour')::smartgrid.report_context
$$;
SELECT is((smartgrid.report_fill('{{x ' || format || '}}', jsonb_build_object('x', x::jsonb, 'class', 'fill-use'), pg_temp.context(3, 4, 'E<R'))).html, wanted, format('%s as %s', x, format))
FROM (VALUES ('1.5', 'energy', '1.50'), ('25.55', 'energy', '25.6'), ('12345.6', 'energy', '12,346'), ('12345.6', 'kwh', '12,346&#160;kWh'),
             ('null', 'kwh', '&#8211;&#160;kWh'), ('1.2345', 'energy2', '1.23'), ('1.2345', 'energy3', '1.235'), ('-0.5', 'energy2', '&#8722;0.50'),
             ('1.23456', '0', '1'), ('1.23456', '3', '1.235'), ('1.23456', 'amount', '1.23'), ('1.23456', 'money', '1.23&#160;E&lt;R'),
             ('1.23456', 'exact', '1.2346'), ('1.23456', 'price', '1.2346'), ('1.23456', 'whole_price', '1.2346'), ('12.34', 'share', '12.3'),
             ('12.34', 'percent', '12.3&#160;%'), ('null', 'percent', '&#8211;&#160;%'), ('1234', 'count', '1,234'), ('41', 'plain', '41'), ('41.5', 'plain', '41.5'),
             ('null', 'count', '&#8211;'), ('"<b>"', 'name', '<bdi>&lt;b&gt;</bdi>'), ('null', 'name', '<span class="quiet">not shown</span>'),
             ('"2026-06-01T10:05:00Z"', 'time', '1 Jun 2026, 12:05'), ('null', 'time', '&#8211;'),
             ('{"value": 12345.6, "unit": "kWh"}', 'figure', '12,346&#160;kWh'), ('{"value": 12.34, "unit": "%"}', 'figure', '12.3&#160;%'),
             ('{"value": 1.23456, "unit": "E<R"}', 'figure', '1.23&#160;E&lt;R'), ('{"value": 1.23456, "unit": "E<R/kWh"}', 'figure', '1.2346&#160;E&lt;R/kWh'),
             ('{"value": 31.04, "unit": "<g>/kWh"}', 'figure', '31.0&#160;&lt;g&gt;/kWh'), ('{"value": null, "unit": "kWh"}', 'figure', '&#8211;'),
             ('{"value": 12345.6, "unit": "kWh"}', 'card', '12,<wbr/>346&#160;<small>kWh</small>'),
             ('33.333', 'bar', '<svg class="bar" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none"><rect class="rail" width="100" height="8"/>'
                               '<rect class="fill-use" width="33.3" height="8"/></svg>')) AS c (x, format, wanted);
SELECT is((smartgrid.report_fill('{{x ' || format || '}}', '{"x": 1.6}', pg_temp.context(0, 0, 'XXX'))).html, wanted, 'no decimals that the scale has not: ' || format)
FROM (VALUES ('energy', '2'), ('energy2', '2'), ('energy3', '2'), ('amount', '2'), ('money', '2'), ('exact', '2'), ('price', '1.60'), ('whole_price', '2')) AS c (format, wanted);
SELECT throws_ok($$SELECT smartgrid.report_fill('{{x none}}', '{"x": 1}', pg_temp.context(3, 2, 'EUR'))$$, '22023', 'the report has no format "none"');

------------------------------------------------------------------------------------------------------------- the filler
SELECT is((smartgrid.report_fill(template, fillings)).html, wanted, description)
FROM (VALUES
    ('plain', '{}'::jsonb, 'plain', 'a template without names'),
    ('', '{}', '', 'an empty one'),
    ('<b title="{{a}}">{{a}}</b>{{n}}', '{"a": "<i> & \"x\" ''y''", "n": 1.50}', '<b title="&lt;i&gt; &amp; &quot;x&quot; &#39;y&#39;">&lt;i&gt; &amp; &quot;x&quot; &#39;y&#39;</b>1.50',
     'text is escaped, as an attribute, too'),
    ('{{a}}{{b}}', '{"a": "{{b}}", "b": "{{a}} }} {{"}', '{{b}}{{a}} }} {{', 'a value is not filled'),
    ('{{a|<i>|</i>}}', '{"a": "x|y}}"}', '<i>x|y}}</i>', 'nor are its bars'),
    ('({{a}})', '{"a": null}', '()', 'null is nothing'),
    ('{{a}}', jsonb_build_object('a', smartgrid.report_fill('<i>{{x}}</i>', '{"x": "<"}')), '<i>&lt;</i>', 'HTML is taken as it is'),
    ('{{a}}', '{"a": "{\"html\": \"<i>\"}"}', '{&quot;html&quot;: &quot;&lt;i&gt;&quot;}', 'text that looks like it is not'),
    ('[{{a| of |}}{{b| and | kWh}}]', '{"a": "<"}', '[ of &lt;]', 'what is optional'),
    ('{{a count|<i>|</i>}}', '{"a": 1000}', '<i>1,000</i>', 'with a format'),
    ('<li>{{a}}</li>', '[{"a": 1}, {"a": "<"}, {"a": null}]', '<li>1</li><li>&lt;</li><li></li>', 'once for each object'),
    ('<li>{{a}}</li>', '[]', NULL, 'of none'),
    ('<li>{{a}}</li>', NULL, NULL, 'of nothing'),
    (E'\n    <p>one\n       two</p>\n  <b>{{a}}</b>\n\n  <i>\n  three</i>\n  ', '{"a": "x\ny"}', '<p>one two</p><b>x&#65533;y</b><i>three</i>', 'lines of a template'),
    (E'one\ntwo', '{}', E'one\ntwo', 'line breaks without indentation stay')) AS c (template, fillings, wanted, description);
SELECT throws_ok($$SELECT smartgrid.report_fill('{{a}} {{b}}', '{"a": 1}')$$, '22023', 'a template of the report has no value for "b"', 'a value that is forgotten');
SELECT throws_ok($$SELECT smartgrid.report_fill('{{a}}', '[{"a": 1}, {"b": 1}]')$$, '22023', 'the report makes no HTML of a value for "a"', 'in another row');
SELECT throws_ok(format($$SELECT smartgrid.report_fill('{{a}}', %L)$$, jsonb_build_object('a', value)), '22023', 'the report makes no HTML of a value for "a"', 'a value that is ' || value::text)
FROM unnest('{true,"{\"b\": 1}","[1, 2]"}'::jsonb[]) AS u (value);
SELECT throws_ok($$SELECT smartgrid.report_fill('{{a}}', jsonb_build_object('a', '<i>'::smartgrid.report_html))$$, '22P02', NULL, 'text is not HTML');
SELECT throws_ok($$SELECT smartgrid.report_with_unit('1'::text, 'kWh')$$, '42883', NULL, 'and not taken for it');
SELECT is((smartgrid.report_table(pg_temp.context(3, 2, '<C>'), smartgrid.report_fill('A & B'), 'htnb', ARRAY['One', 'Two, {{currency}}', 'Three', 'Four'],
               ARRAY['{{a name}}', '{{b}}', '{{c count}}', '{{d bar}}'], '[{"a": "<a>", "b": "<b>", "c": 1234567, "d": 50, "class": "fill-use"}, {"a": null, "b": null, "c": null, "d": null, "class": "fill-use"}]')).html
          ~ ('^<div class="table"><table><caption>A & B</caption><thead><tr><th scope="col">One</th><th scope="col">Two, &lt;C&gt;</th><th scope="col" class="n">Three</th>'
             || '<th scope="col" class="b">Four</th></tr></thead><tbody><tr><th scope="row"><bdi>&lt;a&gt;</bdi></th><td>&lt;b&gt;</td><td class="n">1,<wbr/>234,<wbr/>567</td><td class="b"><svg'),
          true, 'a table');
SELECT is(smartgrid.report_table(pg_temp.context(3, 2, '<C>'), smartgrid.report_fill('none'), 'h', ARRAY['One'], ARRAY['{{a}}'], NULL), NULL, 'a table without rows is none');

-- HTML is made here, and in no other function: whoever adds one has to escape in it.
SELECT bag_eq($$SELECT p.proname::text FROM pg_proc AS p
                WHERE p.pronamespace = 'smartgrid'::regnamespace AND pg_get_functiondef(p.oid) ~ ':: *smartgrid\.report_html'$$,
    '{report_name,report_number,report_with_unit,report_large,report_time,report_period,report_bucket_label,report_kpi_word,report_bar,report_style,report_fill,render_figure,render_sums,render_notes,render_days,render_line_values,render_style}'::text[],
    'who makes HTML');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc AS p
                  WHERE p.pronamespace = 'smartgrid'::regnamespace AND p.proname LIKE 'report\_%' AND p.proname <> 'report_table'
                        AND pg_get_functiondef(p.oid) ~ '\.html *:='$$, 'nobody changes it but where long figures are broken');

-------------------------------------------------------------------------------------------------- names in every place
-- Each is producer, consumer, storage, seller and buyer, in a grid whose name and currency are no better.
CREATE TEMPORARY TABLE hostile (name text PRIMARY KEY, shown text);
INSERT INTO hostile (name)
VALUES ('</script><b>evil</b>'), ('"><svg onload=evil()>'), ($$' onmouseover='evil()$$), ('&lt;b&gt;evil'), ('{{principal name}}'), ('{{grid|<b>|</b>}}'),
       ('}}{{grid name}}{{'), ('{"html": "<b>evil</b>"}'), (E'gpj.\u202elive \u2066evil\u2069'), ('1,000,000,000');
UPDATE hostile SET shown = regexp_replace(name, E'[\u202e\u2066\u2069]', E'\ufffd', 'g');
GRANT SELECT ON hostile TO PUBLIC;
CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;
\o /dev/null
SELECT sg_create_grid('{{period}}</h1><b>evil</b>', base_price => 30, energy_scale => 3, money_scale => 2, currency => '<&"');
SELECT set_config('smartgrid.grid', '{{period}}</h1><b>evil</b>', true);
DO $$
DECLARE
    who text;
    before text := (SELECT max(name) FROM hostile);
BEGIN
    FOR who IN SELECT name FROM hostile ORDER BY name LOOP
        PERFORM set_config('smartgrid.principal', who, true);
        PERFORM sg_register_producer(5000000000, 'solar'), sg_register_consumer(5000000000), sg_register_storage(5000000000, 5000000000, 5000000000);
        PERFORM sg_add_consumer_balance(who, 1000000), sg_report_production(4000000000), sg_charge_storage(1000);
    END LOOP;
    FOR who IN SELECT name FROM hostile ORDER BY name LOOP
        PERFORM set_config('smartgrid.principal', who, true);
        PERFORM set_config('test.trade', sg_create_trade(before, 1000, 25)::text, true);
        PERFORM set_config('smartgrid.principal', before, true);
        PERFORM sg_complete_trade(current_setting('test.trade')::bigint), sg_consume_energy(1000);
        before := who;
    END LOOP;
END $$;
RESET smartgrid.principal;
\o
CREATE TEMPORARY TABLE page (who text PRIMARY KEY, doc xml);
GRANT ALL ON page TO PUBLIC;
-- As XML: what is not closed or not escaped is an error here.
CREATE FUNCTION pg_temp.parsed(html text) RETURNS xml LANGUAGE sql AS $$ SELECT XMLPARSE(DOCUMENT substr(html, strpos(html, E'\n') + 1)) $$;
CREATE FUNCTION pg_temp.names(doc xml, path text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT (xpath('string(.)', n))[1]::text FROM unnest(xpath(path, doc)) AS n
$$;
-- xpath() gives text as XML again.
CREATE FUNCTION pg_temp.as_xml(name text) RETURNS text LANGUAGE sql AS $$ SELECT replace(replace(replace(name, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') $$;
INSERT INTO page SELECT 'operator', pg_temp.parsed(sg_report(tstzrange(now() - interval '1 hour', now() + interval '1 hour'), sg_grid()));
INSERT INTO page SELECT 'all grids', pg_temp.parsed(sg_report(tstzrange(now() - interval '1 hour', now() + interval '1 hour')));
SET LOCAL SESSION AUTHORIZATION sgt_gateway;
DO $$
DECLARE
    who text;
BEGIN
    FOR who IN SELECT name FROM hostile LOOP
        PERFORM set_config('smartgrid.principal', who, true);
        INSERT INTO page SELECT who, pg_temp.parsed(sg_report(tstzrange(now() - interval '1 hour', now() + interval '1 hour'), sg_grid()));
    END LOOP;
END $$;
SET LOCAL SESSION AUTHORIZATION DEFAULT;

SELECT is_empty(format($$SELECT n FROM page, pg_temp.names(doc, '//bdi') AS n WHERE who = %L
                         EXCEPT SELECT pg_temp.as_xml(shown) FROM hostile EXCEPT SELECT pg_temp.as_xml(name) FROM sg_grids AS g (name)$$, who), who || ': names are as they are') FROM page;
SELECT is(xpath('count(//b[contains(., "evil")] | //svg[@onload] | //@*[starts-with(name(), "on")] | //script)', doc)::text, '{0}', who || ': and no more than text') FROM page;
SELECT is(xpath('string(//h1)', doc)::text[], ARRAY['{{period}}&lt;/h1&gt;&lt;b&gt;evil&lt;/b&gt;'], who || ': the grid''s name') FROM page WHERE who <> 'all grids';
SELECT ok(xpath('string(//title)', doc)::text ~ 'Grid report: {{period}}', who || ': in the title') FROM page WHERE who <> 'all grids';
SELECT is((SELECT count(DISTINCT n) FROM page, pg_temp.names(doc, format('//table[starts-with(caption, "%s")]//bdi', caption)) AS n WHERE who = 'operator'), wanted, caption || ': names')
FROM (VALUES ('Producers', 10::bigint), ('Consumers', 10), ('Storage facilities', 10), ('Completed trades', 10)) AS c (caption, wanted);
SELECT ok(array_to_string(xpath('//th/text() | //caption/text()', doc)::text[], ' ') ~ 'Earned, &lt;&amp;"', 'the currency in headings') FROM page WHERE who = 'operator';
SELECT is(array_to_string(xpath('//dd/bdi/text()', doc)::text[], '|'), pg_temp.as_xml(h.shown), h.name || ': its own page') FROM hostile AS h JOIN page AS p ON p.who = h.name;
SELECT is(array_to_string(xpath('//table[starts-with(caption, "Completed")]/tbody/tr/*/bdi/text()', doc)::text[], '|') ~ 'evil|{{|gpj|1,000', true, h.name || ': its partners')
FROM hostile AS h JOIN page AS p ON p.who = h.name;

SELECT * FROM finish();
ROLLBACK;
