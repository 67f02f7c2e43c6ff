-- From a line of text to a reading, or to what is wrong with it.

-- NULL where the bytes are not UTF-8.
CREATE FUNCTION replay.decode(bytes text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF octet_length(bytes) = length(bytes) THEN
        RETURN bytes;
    END IF;
    RETURN convert_from(convert_to(bytes, 'LATIN1'), 'UTF8');
EXCEPTION
    WHEN character_not_in_repertoire OR untranslatable_character THEN RETURN NULL;
END
$$;

-- The fields of a CSV line (RFC 4180); NULL where its quotes do not match.
CREATE FUNCTION replay.fields(line text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    raw text[];
BEGIN
    IF strpos(line, '"') = 0 THEN
        RETURN string_to_array(line, ',');
    END IF;
    IF line !~ '^("([^"]|"")*"|[^",]*)(,("([^"]|"")*"|[^",]*))*$' THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(piece[1]) INTO raw FROM regexp_matches(line || ',', '("(?:[^"]|"")*"|[^",]*),', 'g') AS piece;
    RETURN ARRAY(SELECT CASE WHEN field LIKE '"%' THEN replace(substr(field, 2, length(field) - 2), '""', '"') ELSE field END
                 FROM unnest(raw) WITH ORDINALITY AS fields (field, position) ORDER BY position);
END
$$;

-- NULL where it is none. Only ISO 8601: no "now", no "01/02/03".
CREATE FUNCTION replay.time(field text) RETURNS timestamptz
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF field !~ '^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?$' THEN
        RETURN NULL;
    END IF;
    RETURN field::timestamptz;
EXCEPTION
    WHEN data_exception THEN RETURN NULL;
END
$$;

-- The offset from UTC at the end of a time, as +10:00; NULL if it has none.
CREATE FUNCTION replay.utc_offset(field text) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN field ~ 'Z$' THEN '+00:00' ELSE part[1] || ':' || COALESCE(part[2], '00') END
    FROM (SELECT regexp_match(field, '[T ].*([+-]\d\d)(?::?(\d\d))?$')) AS found (part)
    WHERE field ~ 'Z$' OR part IS NOT NULL;
$$;

-- A zone that always has this offset: one of pg_timezone_names for full hours, else a rule as in POSIX, which a grid does
-- not take. Both count what is behind UTC.
CREATE FUNCTION replay.zone(utc_offset text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT CASE
        WHEN utc_offset ~ '00:00$' THEN 'UTC'
        WHEN utc_offset ~ '^(\+0\d|\+1[0-4]|-0\d|-1[0-2]):00$'
            THEN format('Etc/GMT%s%s', CASE WHEN utc_offset LIKE '-%' THEN '+' ELSE '-' END, abs(left(utc_offset, 3)::integer))
        ELSE format('<%s>%s', utc_offset, translate(utc_offset, '+-', '-+'))
    END;
$$;

-- What is wrong with a number of kWh; NULL: nothing.
CREATE FUNCTION replay.wrong(name text, field text) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN field ~ '^\s*-\s*(\d+\.?\d*|\.\d+)\s*$' AND field ~ '[1-9]' THEN format('%s is negative: "%s"', name, field)
        WHEN field !~ '^(\d+\.?\d*|\.\d+)$' THEN format('%s is not a decimal number: "%s"', name, left(field, 40))
        WHEN length(ltrim(split_part(field, '.', 1), '0')) > 9 THEN format('%s is out of range: "%s"', name, left(field, 40))
        WHEN rtrim(split_part(field, '.', 2), '0') ~ '....' THEN format('%s is finer than a watt-hour: "%s"', name, left(field, 40))
    END;
$$;

-- The first line must be the header, or nothing in the file is what it seems.
-- NULL where it is.
CREATE FUNCTION replay.header_problem() RETURNS text
    LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN count(*) = 0 THEN 'the file is empty'
        WHEN replay.fields(min(line)) IS DISTINCT FROM '{at,principal,produced_kwh,consumed_kwh}'::text[]
            THEN 'line 1: the header must be at,principal,produced_kwh,consumed_kwh, not: ' || COALESCE(left(min(line), 80), '(not UTF-8)')
    END
    FROM (SELECT replay.decode(bytes) AS line FROM replay.line WHERE number = 1) AS header;
$$;
