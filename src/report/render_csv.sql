-- Documents as CSV: a line for each of theirs, below one of names.

CREATE FUNCTION smartgrid.render_csv(body jsonb) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT array_to_string('{number,kind,issue_date,line,point,tariff,component,from,to,tier,quantity,unit,price,gross,money,net,category,rate,quality}'::text[], ',')
           || string_agg(E'\n' || (SELECT string_agg(CASE WHEN c.value ~ '[",\n\r]' OR c.value ~ '^\s|\s$' THEN '"' || replace(c.value, '"', '""') || '"' ELSE COALESCE(c.value, '') END,
                                                    ',' ORDER BY c.place)
                                   FROM unnest(ARRAY[body ->> 'number', body ->> 'kind', body ->> 'issue_date', l.place::text, l.o ->> 'point', l.o ->> 'tariff',
                                                     l.o ->> 'component', l.o ->> 'from', l.o ->> 'to', l.o ->> 'tier', l.o ->> 'quantity', l.o ->> 'unit', l.o ->> 'price',
                                                     COALESCE(l.o ->> 'gross', 'false'), l.o ->> 'money', l.o ->> 'net', l.o ->> 'category', l.o ->> 'rate', l.o ->> 'quality'])
                                        WITH ORDINALITY AS c (value, place)), '' ORDER BY l.place)
           || E'\n'
    FROM jsonb_array_elements(body -> 'lines') WITH ORDINALITY AS l (o, place);
END;
COMMENT ON FUNCTION smartgrid.render_csv(jsonb) IS 'the lines of a document as CSV';
