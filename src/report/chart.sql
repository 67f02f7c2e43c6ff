-- The report page: charts as inline SVG.
--
-- A chart is as wide as its place on the page. The plot is 1000 wide and
-- stretched to that; what must not be stretched (text, dots) stands beside it,
-- at places in percent.  Figures are laid out by arrays: edges has the borders
-- of the buckets, 0 to 1000, one more than there are figures.

CREATE FUNCTION smartgrid.report_scale(lowest numeric, highest numeric,
    OUT low numeric, OUT high numeric, OUT step numeric, OUT decimals integer)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT trim_scale(floor(lowest / n.step) * n.step), trim_scale(ceil(top.figure / n.step) * n.step), trim_scale(n.step), scale(trim_scale(n.step))
    FROM (SELECT CASE WHEN highest > lowest THEN highest ELSE lowest + 1 END) AS top (figure)
         CROSS JOIN LATERAL (SELECT power(10.0, floor(log((top.figure - lowest) / 4)))) AS m (magnitude)
         CROSS JOIN LATERAL (SELECT f.factor * m.magnitude FROM unnest('{1,2,2.5,5,10}'::numeric[]) AS f (factor)
                             WHERE f.factor * m.magnitude >= (top.figure - lowest) / 4
                             ORDER BY f.factor LIMIT 1) AS n (step);
END;
COMMENT ON FUNCTION smartgrid.report_scale(numeric, numeric) IS 'an axis in round steps that has both figures on it';

CREATE FUNCTION smartgrid.report_x(at timestamptz, period tstzrange) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT trim_scale(round(1000 * extract(epoch FROM at - lower(period)) / extract(epoch FROM upper(period) - lower(period)), 2));
END;
COMMENT ON FUNCTION smartgrid.report_x(timestamptz, tstzrange) IS 'place of a time in a chart of a period, 0 to 1000';

CREATE FUNCTION smartgrid.report_y(figure numeric, low numeric, high numeric, height integer) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT trim_scale(round(height * (high - figure) / (high - low), 1));
END;
COMMENT ON FUNCTION smartgrid.report_y(numeric, numeric, numeric, integer) IS 'place of a figure in a chart of this height, from the top';

CREATE FUNCTION smartgrid.report_area(edges numeric[], bottoms numeric[], tops numeric[], low numeric, high numeric, height integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH cell AS (
        SELECT place, x, lead(x) OVER (ORDER BY place) AS next_x,
               smartgrid.report_y(bottom, low, high, height) AS bottom, smartgrid.report_y(top, low, high, height) AS top
        FROM unnest(edges, bottoms, tops) WITH ORDINALITY AS u (x, bottom, top, place)
    ), run AS (
        SELECT c.*, c.place - row_number() OVER (ORDER BY c.place) AS run
        FROM cell AS c WHERE c.top <> c.bottom AND c.next_x IS NOT NULL
    )
    SELECT COALESCE(string_agg(piece, '' ORDER BY run), '')
    FROM (SELECT run, 'M' || min(x) || ',' || (array_agg(bottom ORDER BY place))[1]
                      || string_agg('V' || top || 'H' || next_x, '' ORDER BY place)
                      || string_agg('V' || bottom || 'H' || x, '' ORDER BY place DESC) || 'Z' AS piece
          FROM run GROUP BY run) AS pieces;
END;
COMMENT ON FUNCTION smartgrid.report_area(numeric[], numeric[], numeric[], numeric, numeric, integer)
    IS 'SVG path of the area between two stepped lines; gaps where a figure is NULL';

CREATE FUNCTION smartgrid.report_steps(edges numeric[], figures numeric[], low numeric, high numeric, height integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH cell AS (
        SELECT place, x, lead(x) OVER (ORDER BY place) AS next_x, smartgrid.report_y(figure, low, high, height) AS y
        FROM unnest(edges, figures) WITH ORDINALITY AS u (x, figure, place)
    ), run AS (
        SELECT c.*, c.place - row_number() OVER (ORDER BY c.place) AS run
        FROM cell AS c WHERE c.y IS NOT NULL AND c.next_x IS NOT NULL
    )
    SELECT COALESCE(string_agg(piece, '' ORDER BY run), '')
    FROM (SELECT run, 'M' || min(x) || ',' || (array_agg(y ORDER BY place))[1]
                      || string_agg('V' || y || 'H' || next_x, '' ORDER BY place) AS piece
          FROM run GROUP BY run) AS pieces;
END;
COMMENT ON FUNCTION smartgrid.report_steps(numeric[], numeric[], numeric, numeric, integer)
    IS 'SVG path of a stepped line, for figures of whole buckets; gaps where a figure is NULL';

CREATE FUNCTION smartgrid.report_line(places numeric[], figures numeric[], low numeric, high numeric, height integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT COALESCE('M' || string_agg(x || ',' || smartgrid.report_y(figure, low, high, height), 'L' ORDER BY place), '')
    FROM unnest(places, figures) WITH ORDINALITY AS u (x, figure, place)
    WHERE x IS NOT NULL AND figure IS NOT NULL;
END;
COMMENT ON FUNCTION smartgrid.report_line(numeric[], numeric[], numeric, numeric, integer)
    IS 'SVG path of a line from point to point, for figures of moments';

-- The marks of the time axis, in local time.
CREATE FUNCTION smartgrid.report_ticks(period tstzrange, time_zone text, OUT x numeric, OUT label text, OUT minor boolean) RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    WITH local AS (
        SELECT lower(period) AT TIME ZONE time_zone AS first, upper(period) AT TIME ZONE time_zone AS until,
               extract(epoch FROM upper(period) - lower(period)) / 3600 AS hours
        WHERE isfinite(lower(period)) AND isfinite(upper(period))
    ), chosen AS (
        SELECT l.first, l.until, s.step, s.format, date_trunc(s.from_unit, l.first) AS origin
        FROM local AS l
             CROSS JOIN (VALUES (0.02, interval '10 seconds', 'HH24:MI:SS', 'hour'),
                                (0.2, interval '1 minute', 'HH24:MI', 'hour'),
                                (0.6, interval '5 minutes', 'HH24:MI', 'hour'),
                                (1.6, interval '15 minutes', 'HH24:MI', 'hour'),
                                (5, interval '30 minutes', 'HH24:MI', 'day'),
                                (11, interval '1 hour', 'HH24:MI', 'day'),
                                (26, interval '3 hours', 'HH24:MI', 'day'),
                                (50, interval '6 hours', 'HH24:MI', 'day'),
                                (220, interval '1 day', 'FMDD Mon', 'day'),
                                (400, interval '2 days', 'FMDD Mon', 'day'),
                                (1700, interval '7 days', 'FMDD Mon', 'week'),
                                (9625, interval '1 month', 'Mon', 'month'),
                                (26400, interval '3 months', 'Mon YY', 'year'),
                                (105000, interval '1 year', 'YYYY', 'year'),
                                (1050000, interval '10 years', 'YYYY', 'decade'),
                                (NULL, interval '500 years', 'YYYY', 'millennium')) AS s (up_to_hours, step, format, from_unit)
        WHERE s.up_to_hours IS NULL OR l.hours <= s.up_to_hours
        ORDER BY s.up_to_hours LIMIT 1
    )
    SELECT smartgrid.report_x(t.at AT TIME ZONE time_zone, period),
           CASE WHEN c.step = interval '6 hours' AND t.at = date_trunc('day', t.at) THEN to_char(t.at, 'FMDD Mon')
                WHEN c.step = interval '1 month' AND t.at = date_trunc('year', t.at) AND t.at > c.origin THEN to_char(t.at, 'YYYY')
                ELSE to_char(t.at, c.format) END,
           row_number() OVER (ORDER BY t.at) % 2 = 0
    FROM chosen AS c CROSS JOIN LATERAL generate_series(c.origin, c.until, c.step) AS t (at)
    WHERE t.at >= c.first
    ORDER BY t.at;
END;
COMMENT ON FUNCTION smartgrid.report_ticks(tstzrange, text)
    IS 'labelled places of the time axis, 0 to 1000; minor ones may be left out where there is little room';

-- Class fill-... of a square, or line-... of a line, beside each word; where that is NULL, nothing.
CREATE FUNCTION smartgrid.report_legend(classes text[], words text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '<ul class="legend">'
           || string_agg('<li><svg aria-hidden="true" width="14" height="12">'
                         || CASE WHEN class LIKE 'line-%' THEN '<path class="' || class || '" d="M0,6H14"/>'
                                 ELSE '<rect class="' || class || '" width="12" height="12" rx="2"/>' END
                         || '</svg>' || word || '</li>', '' ORDER BY place)
           || '</ul>'
    FROM unnest(classes, words) WITH ORDINALITY AS u (class, word, place);
END;
COMMENT ON FUNCTION smartgrid.report_legend(text[], text[]) IS 'a legend: classes of the style sheet, and a word (HTML) for each';

-- Labels of an axis have little room: millions and more are written as a small figure, and word goes before the unit.
CREATE FUNCTION smartgrid.report_magnitude(low numeric, high numeric, OUT factor numeric, OUT word text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT trim_scale(power(10::numeric, p.thousands * 3)),
           CASE p.thousands WHEN 0 THEN '' WHEN 2 THEN 'million ' WHEN 3 THEN 'billion '
                            ELSE '10<sup>' || p.thousands * 3 || '</sup>&#160;' END
    FROM (SELECT greatest(abs(low), abs(high))) AS m (most)
         CROSS JOIN LATERAL (SELECT CASE WHEN m.most < 1000000 THEN 0 ELSE floor(log(m.most) / 3)::integer END) AS p (thousands);
END;
COMMENT ON FUNCTION smartgrid.report_magnitude(numeric, numeric)
    IS 'by what the labels of an axis between these figures are divided, and how that is said in HTML before the unit';

-- marks: SVG in the stretched plot; notes: SVG beside it; hints: what each bucket says to a mouse.  All texts are HTML.
CREATE FUNCTION smartgrid.report_chart(id text, title text, description text, unit text, legend text, height integer,
    low numeric, high numeric, step numeric, decimals integer, period tstzrange, time_zone text,
    marks text, notes text DEFAULT '', edges numeric[] DEFAULT NULL, hints text[] DEFAULT NULL) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '<figure class="chart"><figcaption><h4>' || title || '</h4>' || legend || '<span class="unit">' || size.word || unit || '</span></figcaption>'
           || '<div class="plot"><svg class="frame" role="img" aria-labelledby="' || id || '-t ' || id || '-d" width="100%" height="' || height + 24 || '">'
           || '<title id="' || id || '-t">' || title || '</title><desc id="' || id || '-d">' || description || '</desc><g class="axis">'
           || (SELECT string_agg('<line x2="100%" y1="' || y || '" y2="' || y || '"' || CASE WHEN figure = 0 THEN ' class="zero"' ELSE '' END || '/>'
                                 || '<text class="y" x="-8" y="' || y || '" dy="4">' || smartgrid.report_number(figure / size.factor, CASE WHEN size.factor = 1 THEN decimals ELSE scale(trim_scale(step / size.factor)) END) || '</text>', ''
                                 ORDER BY figure)
               FROM generate_series(low, least(high, low + 100 * step), step) AS s (figure)
                    CROSS JOIN LATERAL smartgrid.report_y(figure, low, high, height) AS at (y))
           || COALESCE((SELECT string_agg('<line x1="' || x / 10 || '%" x2="' || x / 10 || '%" y1="' || height || '" y2="' || height + 5 || '" class="tick"/>'
                                 || '<text' || CASE WHEN minor THEN ' class="minor"' ELSE '' END || ' x="' || x / 10 || '%" y="' || height + 19 || '">' || label || '</text>', ''
                                 ORDER BY x)
               FROM (SELECT trim_scale(t.x) AS x, t.label, t.minor FROM smartgrid.report_ticks(period, time_zone) AS t) AS ticks), '')
           || '</g><svg class="marks" width="100%" height="' || height || '" viewBox="0 0 1000 ' || height || '" preserveAspectRatio="none">'
           || replace(marks, '<path ', '<path vector-effect="non-scaling-stroke" ') || '</svg>' || notes
           || COALESCE('<svg class="hints" width="100%" height="' || height || '" viewBox="0 0 1000 ' || height || '" preserveAspectRatio="none">'
               || (SELECT string_agg('<rect x="' || x || '" width="' || next_x - x || '" height="' || height || '"><title>' || hint || '</title></rect>', '' ORDER BY place)
                   FROM (SELECT u.place, u.x, u.hint, lead(u.x) OVER (ORDER BY u.place) AS next_x
                         FROM unnest(edges, hints) WITH ORDINALITY AS u (x, hint, place)) AS cells
                   WHERE hint IS NOT NULL)
               || '</svg>', '')
           || '</svg></div></figure>'
    FROM smartgrid.report_magnitude(low, high) AS size;
END;
COMMENT ON FUNCTION smartgrid.report_chart(text, text, text, text, text, integer, numeric, numeric, numeric, integer, tstzrange, text, text, text, numeric[], text[])
    IS 'a chart over a period: frame, axes and legend around marks; its texts are HTML';

CREATE FUNCTION smartgrid.report_dot(at timestamptz, figure numeric, period tstzrange, low numeric, high numeric, height integer, label text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- The label twice, the first time as a halo.
    SELECT '<circle class="dot" cx="' || p.x || '%" cy="' || y || '" r="4"/>' || string_agg('<text class="note' || halo || p.anchor
           || '" x="' || p.x || '%" y="' || y || '" dy="-10">' || label || '</text>', '' ORDER BY halo DESC)
    FROM smartgrid.report_x(at, period) AS a (x), smartgrid.report_y(figure, low, high, height) AS b (y)
         CROSS JOIN LATERAL (SELECT trim_scale(a.x / 10), CASE WHEN a.x > 880 THEN ' end' WHEN a.x < 120 THEN '' ELSE ' middle' END) AS p (x, anchor)
         CROSS JOIN unnest('{" halo",""}'::text[]) AS h (halo)
    GROUP BY p.x, p.anchor, b.y;
END;
COMMENT ON FUNCTION smartgrid.report_dot(timestamptz, numeric, tstzrange, numeric, numeric, integer, text) IS 'a labelled point of a chart';
