-- How the day is shown. The functions read what their caller may read: the
-- auditor and the operator everything, a member its own.

-- The ledger goes by the real clock; this is the village's.
CREATE VIEW village.ledger WITH (security_invoker = true) AS
SELECT (SELECT max(c.quarter) FROM village.clock AS c WHERE c.began <= l.at) AS quarter, l.*
FROM sg_ledger AS l
WHERE l.grid = 'village';
COMMENT ON VIEW village.ledger IS 'sg_ledger with the quarter-hour of the village''s day; NULL before its start';

CREATE FUNCTION village.bar(percent numeric, width integer) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
    SELECT rpad(repeat('█', eighths / 8) || CASE WHEN eighths % 8 > 0 THEN substr('▏▎▍▌▋▊▉', eighths % 8, 1) ELSE '' END, width, '░')
    FROM (SELECT least(greatest(round(percent * width * 8 / 100), 0), width * 8)::integer) AS rounded (eighths);
$$;

CREATE FUNCTION village.hour_line(at_hour integer) RETURNS text
    LANGUAGE sql STABLE AS $$
    WITH figures AS (
        SELECT sum(l.energy_kwh) FILTER (WHERE l.kind = 'production' AND d.energy_type = 'solar') AS sun,
               sum(l.energy_kwh) FILTER (WHERE l.kind = 'production' AND d.energy_type = 'wind') AS wind,
               sum(l.energy_kwh) FILTER (WHERE l.kind = 'production' AND d.energy_type = 'natural-gas') AS import,
               sum(l.energy_kwh) FILTER (WHERE l.kind IN ('consumption', 'trade')) AS use,
               sum(CASE l.kind WHEN 'charge' THEN l.energy_kwh WHEN 'discharge' THEN -l.energy_kwh END) AS battery,
               count(*) FILTER (WHERE l.kind = 'trade') AS trades
        FROM sg_ledger AS l LEFT JOIN sg_producer_directory AS d ON d.principal = l.participant AND d.grid = l.grid
        WHERE l.at >= (SELECT began FROM village.clock WHERE quarter = at_hour * 4)
    )
    SELECT format('  %s:00  %s %s   %s   %s  %s  %s  %s  %s%s',
        lpad(at_hour::text, 2, '0'), village.bar(g.utilization, 16), lpad(round(g.utilization)::text, 3) || ' %',
        to_char(g.price, 'FM0.0000'),
        to_char(COALESCE(f.sun, 0), '90.0'), to_char(COALESCE(f.wind, 0), '90.0'), to_char(COALESCE(f.import, 0), '90.0'),
        to_char(f.use, '90.0'),
        CASE WHEN COALESCE(f.battery, 0) = 0 THEN '      -' ELSE lpad(to_char(f.battery, 'FMSG90.0'), 7) END,
        CASE WHEN f.trades > 0 THEN '  ' || f.trades || ' trades' END)
        || COALESCE((SELECT string_agg(E'\n           ' || e.what, '' ORDER BY e.what) FROM village.event AS e WHERE e.hour = at_hour), '')
    FROM figures AS f
         CROSS JOIN (SELECT avg(utilization) AS utilization, avg(price) / 10000 AS price
                     FROM village.log WHERE quarter / 4 = at_hour) AS g;
$$;

-- A column chart of 96 values in 48 characters: each holds two columns and two
-- rows as quarter blocks.
CREATE FUNCTION village.chart(figures numeric[], lowest numeric, highest numeric, label text) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE AS $$
    WITH levels AS (
        SELECT ordinality::integer - 1 AS quarter,
               round((least(greatest(figure, lowest), highest) - lowest) * 16 / (highest - lowest))::integer AS level
        FROM unnest(figures) WITH ORDINALITY AS given (figure, ordinality)
    )
    (SELECT CASE WHEN line % 2 = 1 THEN lpad(to_char(lowest + (highest - lowest) * (line + 1) / 8, label), 10) || ' ┤'
                ELSE '           │' END
           || rtrim(string_agg(substr(' ▗▖▄▝▐▞▟▘▚▌▙▀▜▛█',
                  1 + CASE WHEN l.level > 2 * line + 1 THEN 8 ELSE 0 END + CASE WHEN r.level > 2 * line + 1 THEN 4 ELSE 0 END
                    + CASE WHEN l.level > 2 * line THEN 2 ELSE 0 END + CASE WHEN r.level > 2 * line THEN 1 ELSE 0 END, 1),
                  '' ORDER BY l.quarter))
    FROM generate_series(7, 0, -1) AS lines (line)
         JOIN levels AS l ON l.quarter % 2 = 0
         JOIN levels AS r ON r.quarter = l.quarter + 1
    GROUP BY line
    ORDER BY line DESC)
    UNION ALL
    SELECT lpad(to_char(lowest, label), 10) || ' └' || repeat('┬─────', 8) || '┬'
    UNION ALL
    SELECT repeat(' ', 11) || '0     3     6     9     12    15    18    21    24 h';
$$;
