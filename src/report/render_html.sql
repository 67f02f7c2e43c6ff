-- Documents as pages of HTML: one file, no script, loads nothing, prints on A4.

-- The country is left out where the issuer's is the same.
CREATE FUNCTION smartgrid.render_party(party jsonb, issuer jsonb, words jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<b>{{name name}}</b>{{street|<br/><bdi>|</bdi>}}{{place|<br/><bdi>|</bdi>}}{{country|<br/>|}}{{numbers}}',
        party || jsonb_build_object('place', NULLIF(concat_ws(' ', party ->> 'zip', party ->> 'city'), ''),
            'country', CASE WHEN party -> 'country' <> COALESCE(issuer -> 'country', '""') THEN party -> 'country' END, 'numbers', smartgrid.report_fill('<small>{{word}} <bdi>{{number}}</bdi></small>',
                (SELECT jsonb_agg(jsonb_build_object('word', words -> ('t_' || k.key), 'number', party -> k.key) ORDER BY k.place)
                 FROM unnest('{vat_id,tax_id}'::text[]) WITH ORDINALITY AS k (key, place) WHERE party ? k.key))));
END;
COMMENT ON FUNCTION smartgrid.render_party(jsonb, jsonb, jsonb) IS 'name, address and tax numbers of a party';

-- The issuer's letterhead.
CREATE FUNCTION smartgrid.render_issuer(issuer jsonb, words jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<header class="issuer"><b>{{name name}}</b>{{items}}</header>', issuer || jsonb_build_object(
        'items', smartgrid.report_fill('<span>{{item}}</span>', jsonb_build_object('item', NULLIF(concat_ws(', ', issuer ->> 'street',
            NULLIF(concat_ws(' ', issuer ->> 'zip', issuer ->> 'city'), ''), issuer ->> 'country', issuer ->> 'email',
            (words #>> '{t_vat_id,html}') || ' ' || (issuer ->> 'vat_id'), (words #>> '{t_tax_id,html}') || ' ' || (issuer ->> 'tax_id')), '')))));
END;
COMMENT ON FUNCTION smartgrid.render_issuer(jsonb, jsonb) IS 'the head of the page: who issues the document';

-- Number, dates, and what it refers to.
CREATE FUNCTION smartgrid.render_facts(body jsonb, words jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<dt>{{word}}</dt><dd>{{fact}}</dd>',
        jsonb_agg(jsonb_build_object('word', words -> ('t_' || f.key), 'fact', f.fact) ORDER BY f.place))
    FROM (VALUES
        (1, 'issue_date', to_jsonb(smartgrid.render_date(body ->> 'issue_date', words))),
        (2, 'period', to_jsonb(smartgrid.render_days(body #>> '{period,from}', body #>> '{period,to}', words))),
        (3, 'due_date', to_jsonb(smartgrid.render_date(body ->> 'due_date', words))),
        (4, CASE WHEN body ? 'cancels' THEN 'cancels' ELSE 'references' END, to_jsonb(smartgrid.report_fill('<div>{{number}}, {{date}}</div>',
            (SELECT jsonb_agg(jsonb_build_object('number', r.o -> 'number', 'date', smartgrid.render_date(r.o ->> 'issue_date', words)) ORDER BY r.place)
             FROM jsonb_array_elements(body -> 'references') WITH ORDINALITY AS r (o, place))))),
        (5, 'reason', body -> 'reason')) AS f (place, key, fact)
    WHERE f.fact IS NOT NULL AND f.fact <> 'null';
END;
COMMENT ON FUNCTION smartgrid.render_facts(jsonb, jsonb) IS 'the facts beside the address';

-- A line, as values: the point where it is another than that of the line before, and the days where they are not the document's.
CREATE FUNCTION smartgrid.render_line_values(body jsonb, words jsonb) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT jsonb_agg(jsonb_build_object(
        'heading', CASE WHEN l.is_first AND NOT l.alone THEN smartgrid.report_fill('<tr class="point"><th colspan="5" scope="rowgroup">{{word}}{{point name}}</th></tr>',
                       CASE WHEN l.o ? 'point' THEN jsonb_build_object('point', l.o -> 'point', 'word', smartgrid.report_fill('<small>{{t_point}}</small>', words)) END) END,
        'other', CASE WHEN l.is_first AND NOT l.alone AND NOT l.o ? 'point' THEN words -> 't_no_point' END,
        'component', l.o -> 'component',
        'tier', CASE WHEN l.o ? 'tier' THEN smartgrid.report_fill(', {{t_tier}} {{tier}}', l.o || words) END,
        'days', CASE WHEN (l.o -> 'from', l.o -> 'to') <> (body #> '{period,from}', body #> '{period,to}')
                     THEN smartgrid.render_days(l.o ->> 'from', l.o ->> 'to', words) END,
        'mark', CASE WHEN l.o ->> 'quality' <> 'measured' THEN words -> ('t_' || (l.o ->> 'quality')) END,
        'quantity', smartgrid.render_figure((l.o ->> 'quantity')::numeric, CASE l.o ->> 'unit' WHEN 'piece' THEN 0 ELSE 2 END, 6, words),
        'unit', CASE l.o ->> 'unit' WHEN 'piece' THEN words -> 't_piece' WHEN '%' THEN body -> 'currency' ELSE l.o -> 'unit' END,
        'price', smartgrid.render_figure((l.o ->> 'price')::numeric, 2, 12, words),
        'percent', CASE WHEN l.o ->> 'unit' = '%' AND l.o ? 'price' THEN '%' END,
        'with_vat', CASE WHEN l.o ? 'gross' AND l.o ? 'price' THEN words -> 't_gross_price' END,
        'rate', CASE WHEN l.o ->> 'category' = 'O' THEN to_jsonb('O'::text)
                     ELSE to_jsonb(smartgrid.report_fill('{{rate}}&#160;%', jsonb_build_object('rate', smartgrid.render_figure((l.o ->> 'rate')::numeric, 0, 12, words)))) END,
        'category', CASE WHEN l.o ->> 'category' NOT IN ('S', 'O') THEN l.o -> 'category' END,
        'net', smartgrid.render_figure((l.o ->> 'net')::numeric, (body ->> 'money_scale')::integer, (body ->> 'money_scale')::integer, words)) ORDER BY l.place)
    FROM (SELECT e.o, e.place, (e.o -> 'point') IS DISTINCT FROM lag(e.o -> 'point') OVER (ORDER BY e.place) OR e.place = 1 AS is_first,
                 NOT bool_or(e.o ? 'point') OVER () AS alone
          FROM jsonb_array_elements(body -> 'lines') WITH ORDINALITY AS e (o, place)) AS l;
END;
COMMENT ON FUNCTION smartgrid.render_line_values(jsonb, jsonb) IS 'the lines of a document as values of a filling';

CREATE FUNCTION smartgrid.render_lines(body jsonb, words jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill($html$
        <table class="lines"><thead><tr><th scope="col">{{t_description}}</th><th scope="col" class="n">{{t_quantity}}</th><th scope="col" class="n">{{t_price}} {{currency}}</th>
        <th scope="col" class="n">{{t_vat}}</th><th scope="col" class="n">{{t_net}} {{currency}}</th></tr></thead><tbody>{{rows}}</tbody></table>
    $html$,
    words || jsonb_build_object('currency', body -> 'currency', 'rows', smartgrid.report_fill($html$
        {{heading}}{{other|<tr class="point"><th colspan="5" scope="rowgroup">|</th></tr>}}
        <tr><td><bdi>{{component}}</bdi>{{tier}} {{mark|<span class="mark">|</span>}}{{days|<small>|</small>}}</td><td class="n">{{quantity}}&#160;{{unit}}</td>
        <td class="n">{{price}}{{percent|&#160;|}}{{with_vat|<small>|</small>}}</td><td class="n">{{category||&#160;}}{{rate}}</td><td class="n">{{net}}</td></tr>
    $html$, smartgrid.render_line_values(body, words))));
END;
COMMENT ON FUNCTION smartgrid.render_lines(jsonb, jsonb) IS 'the table of lines, by metering point';

CREATE FUNCTION smartgrid.render_sums(body jsonb, words jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill($html$
        <table class="sums"><thead><tr><th scope="col">{{t_group}}</th><th scope="col" class="n">{{t_net}}</th><th scope="col" class="n">{{t_vat}}</th>
        <th scope="col" class="n">{{t_gross}}</th></tr></thead><tbody>{{groups}}
        <tr class="total"><th scope="row">{{t_total}}</th><td class="n">{{net}}</td><td class="n">{{vat}}</td><td class="n">{{gross}}</td></tr>
        <tr class="pay"><th scope="row" colspan="3">{{pay_word}}</th><td class="n">{{pay}}&#160;{{currency}}</td></tr></tbody></table>
    $html$, words || jsonb_build_object('currency', body -> 'currency',
        'groups', smartgrid.report_fill('<tr><td>{{word}}{{rate|&#160;|&#160;%}}</td><td class="n">{{net}}</td><td class="n">{{vat}}</td><td class="n">{{gross}}</td></tr>',
            (SELECT jsonb_agg(jsonb_build_object('word', words -> ('t_' || (g.o ->> 'category')),
                        'rate', CASE WHEN g.o ->> 'category' = 'S' THEN smartgrid.render_figure((g.o ->> 'rate')::numeric, 0, 12, words) END,
                        'net', smartgrid.render_figure((g.o ->> 'net')::numeric, s.scale, s.scale, words),
                        'vat', smartgrid.render_figure((g.o ->> 'vat')::numeric, s.scale, s.scale, words),
                        'gross', smartgrid.render_figure((g.o ->> 'gross')::numeric, s.scale, s.scale, words)) ORDER BY g.place)
             FROM jsonb_array_elements(body -> 'groups') WITH ORDINALITY AS g (o, place))),
        'net', smartgrid.render_figure((body ->> 'net')::numeric, s.scale, s.scale, words),
        'vat', smartgrid.render_figure((body ->> 'vat')::numeric, s.scale, s.scale, words),
        'gross', smartgrid.render_figure((body ->> 'gross')::numeric, s.scale, s.scale, words),
        'pay', smartgrid.render_figure(abs((body ->> 'gross')::numeric), s.scale, s.scale, words),
        'pay_word', words -> CASE WHEN (body ->> 'side' = 'charge') = ((body ->> 'gross')::numeric > 0)
                                  THEN CASE WHEN body ->> 'side' = 'charge' THEN 't_to_pay' ELSE 't_to_charge' END
                                  ELSE CASE WHEN body ->> 'side' = 'credit' THEN 't_to_receive' ELSE 't_to_credit' END END))
    FROM (SELECT (body ->> 'money_scale')::integer) AS s (scale);
END;
COMMENT ON FUNCTION smartgrid.render_sums(jsonb, jsonb) IS 'VAT groups, and what is to be paid';

-- Whose account the money goes to: the issuer's if the participant owes.
CREATE FUNCTION smartgrid.render_payment(body jsonb, words jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<div class="pay-by"><dl>{{items}}</dl></div>', jsonb_build_object('items',
        smartgrid.report_fill('<dt>{{word}}</dt><dd>{{item}}</dd>',
            jsonb_agg(jsonb_build_object('word', words -> ('t_' || i.key), 'item', i.item) ORDER BY i.place))))
    FROM (SELECT body -> CASE WHEN (body ->> 'side' = 'charge') = ((body ->> 'gross')::numeric > 0) THEN 'issuer' ELSE 'participant' END) AS p (payee)
         CROSS JOIN LATERAL (VALUES
             (1, 'due_date', to_jsonb(smartgrid.render_date(body ->> 'due_date', words))),
             (2, 'to', CASE WHEN p.payee ? 'iban' THEN to_jsonb(smartgrid.report_name(p.payee ->> 'name')) END),
             (3, 'iban', to_jsonb(smartgrid.render_iban(p.payee ->> 'iban'))),
             (4, 'number', CASE WHEN p.payee ? 'iban' THEN body -> 'number' END)) AS i (place, key, item)
    WHERE i.item IS NOT NULL AND i.item <> 'null'
    HAVING count(*) > 0;
END;
COMMENT ON FUNCTION smartgrid.render_payment(jsonb, jsonb) IS 'when and to whom it is to be paid; NULL if that is not known';

CREATE FUNCTION smartgrid.render_community(body jsonb, words jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<h2>{{t_community}}</h2><ul class="figures">{{figures}}</ul>', words || jsonb_build_object('figures',
        smartgrid.report_fill('<li><b>{{word}}</b><span>{{figure}}&#160;{{unit}}</span></li>',
            jsonb_agg(jsonb_build_object('word', words -> ('t_' || f.key), 'unit', f.unit,
                          'figure', smartgrid.render_figure((body -> 'community' ->> f.key)::numeric, 2, 3, words)) ORDER BY f.place))))
    FROM (VALUES (1, 'consumed', 'kWh'), (2, 'covered', 'kWh'), (3, 'rest', 'kWh'), (4, 'self_sufficiency', '%'),
                 (5, 'produced', 'kWh'), (6, 'delivered', 'kWh'), (7, 'surplus', 'kWh')) AS f (place, key, unit)
    WHERE body -> 'community' ? f.key
    HAVING count(*) > 0;
END;
COMMENT ON FUNCTION smartgrid.render_community(jsonb, jsonb) IS 'what the member had of the community; NULL if nothing was measured';

-- What the law, or a careful reader, wants to be told.
CREATE FUNCTION smartgrid.render_notes(body jsonb, words jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<p class="note">{{note}}</p>', jsonb_agg(jsonb_build_object('note', n.note) ORDER BY n.place))
    FROM (VALUES
        (1, CASE WHEN body ->> 'kind' IN ('self_billed', 'self_billed_credit_note') THEN words -> 't_self_billed_note'
                 WHEN body ->> 'kind' = 'statement' THEN words -> 't_statement_note' END),
        (2, CASE WHEN body -> 'groups' @> '[{"category": "AE"}]' THEN words -> 't_AE' END),
        (3, (SELECT to_jsonb(smartgrid.report_fill('{{t_quality}}: {{marks}}', words || jsonb_build_object('marks', ROW(string_agg(
                DISTINCT words #>> ARRAY['t_' || (l.o ->> 'quality'), 'html'], ', '))::smartgrid.report_html)))
             FROM jsonb_array_elements(body -> 'lines') AS l (o) WHERE l.o ? 'quality' HAVING count(*) > 0))) AS n (place, note)
    WHERE n.note IS NOT NULL;
END;
COMMENT ON FUNCTION smartgrid.render_notes(jsonb, jsonb) IS 'notes below the sums; NULL if there are none';

CREATE FUNCTION smartgrid.render_html(body jsonb, digest text) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    words CONSTANT jsonb := smartgrid.render_words(body ->> 'language');
    style CONSTANT smartgrid.report_html := smartgrid.render_style();
BEGIN
    RETURN E'<!DOCTYPE html>\n' || (smartgrid.report_fill($html$
        <html lang="{{language}}"><head><meta charset="utf-8"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{{style_hash}}'; base-uri 'none'; form-action 'none'"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/><meta name="color-scheme" content="light"/>
        <meta name="referrer" content="no-referrer"/><title>{{kind}} {{number}}</title><style>{{style}}</style></head><body><main>{{issuer}}
        <div class="head"><address class="to"><span class="label">{{t_to}}</span>{{participant}}</address>
        <div><h1>{{kind}}</h1><p class="number">{{number}}</p><dl>{{facts}}</dl></div></div>
        {{before|<div class="text">|</div>}}{{lines}}{{sums}}{{payment}}{{notes}}{{after|<div class="text">|</div>}}{{community}}
        <footer>{{footer}}<p>{{t_digest}}: <code>{{digest}}</code></p></footer></main></body></html>
    $html$, words || jsonb_build_object('language', body -> 'language', 'style', style, 'number', body -> 'number', 'digest', digest,
        'style_hash', encode(sha256(convert_to(style.html, 'UTF8')), 'base64'), 'kind', words -> ('t_' || (body ->> 'kind')),
        'issuer', smartgrid.render_issuer(body -> 'issuer', words), 'participant', smartgrid.render_party(body -> 'participant', body -> 'issuer', words),
        'facts', smartgrid.render_facts(body, words), 'lines', smartgrid.render_lines(body, words), 'sums', smartgrid.render_sums(body, words),
        'payment', smartgrid.render_payment(body, words), 'notes', smartgrid.render_notes(body, words),
        'community', smartgrid.render_community(body, words), 'before', smartgrid.render_paragraphs(body #>> '{texts,before}'),
        'after', smartgrid.render_paragraphs(body #>> '{texts,after}'), 'footer', smartgrid.render_paragraphs(body #>> '{texts,footer}')))).html;
END
$$;
COMMENT ON FUNCTION smartgrid.render_html(jsonb, text) IS 'a document as a page of HTML';
