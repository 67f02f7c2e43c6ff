-- Documents as people read them: words, figures and dates in the language of a document.
--
-- What is rendered of a document that was issued stays as it is, byte for byte. It is made of the frozen copy alone, depends
-- on no setting, and what is in these parts (render_*.sql) is never changed for documents of the form that they have: a page
-- that has to look different is one of another form ("form" of the copy).

CREATE FUNCTION smartgrid.render_words(language text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT jsonb_object_agg('t_' || t.key, jsonb_build_object('html', t.value)) FROM smartgrid.document_texts() AS t WHERE t.language = render_words.language;
END;
COMMENT ON FUNCTION smartgrid.render_words(text) IS 'the fixed texts of a language as values of a filling, t_ before their keys';

CREATE FUNCTION smartgrid.render_figure(figure numeric, least_decimals integer, most_decimals integer, words jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW(CASE WHEN round(figure, most_decimals) < 0 THEN '&#8722;' ELSE '' END
               || translate(to_char(abs(round(figure, d.decimals)), 'FM' || repeat('999,', 15) || '990' || CASE WHEN d.decimals > 0 THEN '.' || repeat('0', d.decimals) ELSE '' END),
                            ',.', (words #>> '{t_thousands,html}') || (words #>> '{t_decimal,html}')))::smartgrid.report_html
    FROM (SELECT greatest(least_decimals, least(most_decimals, min_scale(figure)))) AS d (decimals)
    WHERE figure IS NOT NULL;
END;
COMMENT ON FUNCTION smartgrid.render_figure(numeric, integer, integer, jsonb) IS 'a figure with so many decimals as it needs, within limits; NULL if there is none';

CREATE FUNCTION smartgrid.render_date(day text, words jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT to_char(make_date(split_part(day, '-', 1)::integer, split_part(day, '-', 2)::integer, split_part(day, '-', 3)::integer)::timestamp,
                   words #>> '{t_date,html}');
END;
COMMENT ON FUNCTION smartgrid.render_date(text, jsonb) IS 'a date of a document, written there as YYYY-MM-DD';

CREATE FUNCTION smartgrid.render_days(first text, last text, words jsonb) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW(smartgrid.render_date(first, words) || CASE WHEN first <> last THEN '&#8201;&#8211;&#8201;' || smartgrid.render_date(last, words) ELSE '' END)::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.render_days(text, text, jsonb) IS 'days from one to another';

CREATE FUNCTION smartgrid.render_iban(iban text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT btrim(regexp_replace(iban, '(.{4})', '\1 ', 'g'));
END;
COMMENT ON FUNCTION smartgrid.render_iban(text) IS 'an account number in groups of four';

CREATE FUNCTION smartgrid.render_paragraphs(value text) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<p>{{line}}</p>', jsonb_agg(jsonb_build_object('line', l.line) ORDER BY l.place))
    FROM string_to_table(value, E'\n') WITH ORDINALITY AS l (line, place)
    WHERE l.line <> '';
END;
COMMENT ON FUNCTION smartgrid.render_paragraphs(text) IS 'a text as paragraphs, one for each of its lines; NULL if there are none';
