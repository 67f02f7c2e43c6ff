-- The report page: texts, numbers and times for people.
--
-- All its source and, in a UTF-8 database, all its output is ASCII: whatever a
-- psql writes the page with, it is what it says in its first line.

CREATE FUNCTION smartgrid.report_escape(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    escaped text := replace(replace(replace(replace(replace(
        value, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
BEGIN
    IF escaped ~ '^[ -~]*$' THEN
        RETURN escaped;
    END IF;
    -- HTML has no control characters, and those that turn the direction of writing make one name look like another: each
    -- is shown as unknown. In UTF-8 the others are written by their number.
    SELECT string_agg(CASE WHEN s.c ~ '[[:cntrl:]]' THEN '&#65533;'
                           WHEN octet_length(s.c) = 1 OR getdatabaseencoding() <> 'UTF8' THEN s.c
                           WHEN ascii(s.c) BETWEEN 8234 AND 8238 OR ascii(s.c) BETWEEN 8294 AND 8297 THEN '&#65533;'
                           ELSE '&#' || ascii(s.c) || ';' END, '' ORDER BY s.place)
    INTO escaped
    FROM string_to_table(escaped, NULL) WITH ORDINALITY AS s (c, place);
    RETURN escaped;
END
$$;
COMMENT ON FUNCTION smartgrid.report_escape(text) IS 'a value as text or attribute of HTML';

CREATE FUNCTION smartgrid.report_name(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- Isolated, so that a name written from right to left does not turn what stands beside it.
    SELECT COALESCE('<bdi>' || smartgrid.report_escape(value) || '</bdi>', '<span class="quiet">not shown</span>');
END;
COMMENT ON FUNCTION smartgrid.report_name(text) IS 'a name of a participant or grid in HTML; NULL: not shown';

CREATE FUNCTION smartgrid.report_number(figure numeric, decimals integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT COALESCE(replace(to_char(round(figure, decimals),
                                    'FM' || repeat('999,', 15) || '990'
                                    || CASE WHEN decimals > 0 THEN '.' || repeat('0', decimals) ELSE '' END),
                            '-', '&#8722;'),
                    '&#8211;');
END;
COMMENT ON FUNCTION smartgrid.report_number(numeric, integer) IS 'a figure with separated thousands; a dash where there is none';

CREATE FUNCTION smartgrid.report_decimals(figure numeric, most integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT least(most, CASE WHEN abs(COALESCE(figure, 0)) >= 1000 THEN 0 WHEN abs(COALESCE(figure, 0)) >= 20 THEN 1 ELSE 2 END);
END;
COMMENT ON FUNCTION smartgrid.report_decimals(numeric, integer)
    IS 'how many decimals suit figures of the size of this one: at most so many, fewer for large ones';

CREATE FUNCTION smartgrid.report_count(figure numeric, singular text, plural text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(figure, 0) || '&#160;' || CASE WHEN figure = 1 THEN singular ELSE plural END;
END;
COMMENT ON FUNCTION smartgrid.report_count(numeric, text, text) IS 'a number of things with their name';

CREATE FUNCTION smartgrid.report_time(at timestamptz, time_zone text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT COALESCE(to_char(at AT TIME ZONE time_zone, 'FMDD Mon YYYY, HH24:MI'), '&#8211;');
END;
COMMENT ON FUNCTION smartgrid.report_time(timestamptz, text) IS 'a time in a time zone, to the minute';

CREATE FUNCTION smartgrid.report_period(period tstzrange, time_zone text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN b.first <> date_trunc('day', b.first) OR b.until <> date_trunc('day', b.until)
            THEN to_char(b.first, 'FMDD Mon YYYY, HH24:MI') || ' &#8211; ' || to_char(b.until, 'FMDD Mon YYYY, HH24:MI')
        WHEN b.until = b.first + interval '1 day' THEN to_char(b.first, 'FMDay, FMDD FMMonth YYYY')
        WHEN b.first = date_trunc('year', b.first) AND b.until = b.first + interval '1 year' THEN to_char(b.first, 'YYYY')
        WHEN b.first = date_trunc('month', b.first) AND b.until = b.first + interval '1 month' THEN to_char(b.first, 'FMMonth YYYY')
        ELSE to_char(b.first, 'FMDD Mon YYYY') || ' &#8211; ' || to_char(b.until - interval '1 day', 'FMDD Mon YYYY')
    END
    FROM (SELECT lower(period) AT TIME ZONE time_zone, upper(period) AT TIME ZONE time_zone) AS b (first, until);
END;
COMMENT ON FUNCTION smartgrid.report_period(tstzrange, text)
    IS 'a bounded period in a time zone; whole days, months and years without their hours';

CREATE FUNCTION smartgrid.report_bucket_label(bucket_start timestamptz, bucket_end timestamptz, bucket interval, time_zone text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN bucket < interval '1 day' THEN to_char(bucket_start AT TIME ZONE time_zone, 'Dy FMDD Mon, HH24:MI') || '&#8211;'
                                                    || to_char(bucket_end AT TIME ZONE time_zone, 'HH24:MI')
                WHEN bucket < interval '1 month' THEN to_char(bucket_start AT TIME ZONE time_zone, 'Dy FMDD Mon YYYY')
                WHEN bucket < interval '1 year' THEN to_char(bucket_start AT TIME ZONE time_zone, 'FMMonth YYYY')
                ELSE to_char(bucket_start AT TIME ZONE time_zone, 'YYYY') END;
END;
COMMENT ON FUNCTION smartgrid.report_bucket_label(timestamptz, timestamptz, interval, text) IS 'a bucket of a curve in a time zone';

-- The time steps of the charts, and those of the table of figures, for a period of this length.
CREATE FUNCTION smartgrid.report_buckets(period tstzrange,
    OUT bucket interval, OUT bucket_word text, OUT table_bucket interval, OUT table_word text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT b.bucket, b.word, b.table_bucket, b.table_word
    FROM (VALUES (49, interval '15 minutes', 'quarter-hour', interval '1 hour', 'hour'),
                 (361, interval '1 hour', 'hour', interval '1 day', 'day'),
                 (1489, interval '1 day', 'day', interval '1 day', 'day'),
                 (9625, interval '1 day', 'day', interval '1 month', 'month'),
                 (175345, interval '1 month', 'month', interval '1 year', 'year'),
                 (NULL, interval '1 year', 'year', interval '1 year', 'year')) AS b (hours, bucket, word, table_bucket, table_word)
    WHERE b.hours IS NULL OR extract(epoch FROM upper(period) - lower(period)) <= b.hours * 3600
    ORDER BY b.hours LIMIT 1;
END;
COMMENT ON FUNCTION smartgrid.report_buckets(tstzrange)
    IS 'time steps that suit a period of this length: of the charts, and of the table of figures; with their names';

CREATE FUNCTION smartgrid.report_kwh(units numeric, energy_scale integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(k.kwh, smartgrid.report_decimals(k.kwh, energy_scale)) || '&#160;kWh'
    FROM smartgrid.scaled_sum(units, energy_scale) AS k (kwh);
END;
COMMENT ON FUNCTION smartgrid.report_kwh(numeric, integer) IS 'energy units as kWh with their unit';

CREATE FUNCTION smartgrid.report_currency(currency text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN currency = 'XXX' THEN 'money' ELSE smartgrid.report_escape(currency) END;
END;
COMMENT ON FUNCTION smartgrid.report_currency(text) IS 'a currency code in HTML; XXX, no currency, is called money';

CREATE FUNCTION smartgrid.report_money(units numeric, money_scale integer, currency text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(smartgrid.scaled_sum(units, money_scale), least(money_scale, 2))
           || CASE WHEN currency = 'XXX' THEN '' ELSE '&#160;' || smartgrid.report_currency(currency) END;
END;
COMMENT ON FUNCTION smartgrid.report_money(numeric, integer, text) IS 'money units with their currency';

-- Averages of whole money units are finer than these.
CREATE FUNCTION smartgrid.report_price(units numeric, money_scale integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(smartgrid.scaled_sum(units, money_scale), least(money_scale + 2, 4));
END;
COMMENT ON FUNCTION smartgrid.report_price(numeric, integer) IS 'a price in money units per kWh as currency per kWh';
