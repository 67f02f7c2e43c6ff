-- The report page: charts as inline SVG.
--
-- A chart is as wide as its place on the page. The plot is 1000 wide and
-- stretched to that; what must not be stretched (text, dots) stands beside it,
-- at places in percent.  Figures are laid out by arrays: edges has the borders
-- of the buckets, 0 to 1000, one more than there are figures.

CREATE TYPE smartgrid.report_axis AS (low numeric, high numeric, step numeric, decimals integer);
COMMENT ON TYPE smartgrid.report_axis IS 'the axis of a chart''s figures, in their unit';
COMMENT ON COLUMN smartgrid.report_axis.low IS 'figure at its lower end';
COMMENT ON COLUMN smartgrid.report_axis.high IS 'figure at its upper end';
COMMENT ON COLUMN smartgrid.report_axis.step IS 'from label to label';
COMMENT ON COLUMN smartgrid.report_axis.decimals IS 'decimals of the labels';

CREATE FUNCTION smartgrid.report_scale(lowest numeric, highest numeric) RETURNS smartgrid.report_axis
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

-- Labels of an axis have little room: millions and more are written as a small figure, and word goes before the unit.
CREATE FUNCTION smartgrid.report_magnitude(low numeric, high numeric, OUT factor numeric, OUT word smartgrid.report_html)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT trim_scale(power(10::numeric, p.thousands * 3)),
           CASE p.thousands WHEN 0 THEN smartgrid.report_fill('') WHEN 2 THEN smartgrid.report_fill('million ')
                            WHEN 3 THEN smartgrid.report_fill('billion ')
                            ELSE smartgrid.report_fill('10<sup>{{zeros}}</sup>&#160;', jsonb_build_object('zeros', p.thousands * 3)) END
    FROM (SELECT greatest(abs(low), abs(high))) AS m (most)
         CROSS JOIN LATERAL (SELECT CASE WHEN m.most < 1000000 THEN 0 ELSE floor(log(m.most) / 3)::integer END) AS p (thousands);
END;
COMMENT ON FUNCTION smartgrid.report_magnitude(numeric, numeric)
    IS 'by what the labels of an axis between these figures are divided, and how that is said before the unit';

-- Class fill-... of a square, or line-... of a line, beside each word; if that is NULL, nothing.
CREATE FUNCTION smartgrid.report_legend(classes text[], words text[]) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<ul class="legend">{{entries}}</ul>', jsonb_build_object('entries', smartgrid.report_fill($html$
               <li><svg aria-hidden="true" width="14" height="12">
               {{line|<path class="|" d="M0,6H14"/>}}{{square|<rect class="|" width="12" height="12" rx="2"/>}}</svg>{{word}}</li>
           $html$, jsonb_agg(jsonb_build_object('word', u.word, 'line', CASE WHEN u.class LIKE 'line-%' THEN u.class END,
                                                'square', CASE WHEN u.class NOT LIKE 'line-%' THEN u.class END) ORDER BY u.place))))
    FROM unnest(classes, words) WITH ORDINALITY AS u (class, word, place)
    WHERE u.word IS NOT NULL;
END;
COMMENT ON FUNCTION smartgrid.report_legend(text[], text[]) IS 'a legend: classes of the style sheet, and a word for each';

CREATE FUNCTION smartgrid.report_marks(classes text[], paths text[]) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<path vector-effect="non-scaling-stroke" class="{{class}}" d="{{path}}"/>',
               jsonb_agg(jsonb_build_object('class', u.class, 'path', u.path) ORDER BY u.place))
    FROM unnest(classes, paths) WITH ORDINALITY AS u (class, path, place);
END;
COMMENT ON FUNCTION smartgrid.report_marks(text[], text[]) IS 'what is drawn in a chart: classes of the style sheet, and an SVG path for each';

CREATE FUNCTION smartgrid.report_dot(at timestamptz, figure numeric, period tstzrange, low numeric, high numeric, height integer,
    label smartgrid.report_html) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- The label twice, the first time as a halo.
    SELECT smartgrid.report_fill($html$
               <circle class="dot" cx="{{x}}%" cy="{{y}}" r="4"/>
               <text class="note halo{{anchor}}" x="{{x}}%" y="{{y}}" dy="-10">{{label}}</text>
               <text class="note{{anchor}}" x="{{x}}%" y="{{y}}" dy="-10">{{label}}</text>
           $html$, jsonb_build_object('x', trim_scale(a.x / 10), 'y', b.y, 'label', label,
                       'anchor', CASE WHEN a.x > 880 THEN ' end' WHEN a.x < 120 THEN '' ELSE ' middle' END))
    FROM smartgrid.report_x(at, period) AS a (x), smartgrid.report_y(figure, low, high, height) AS b (y);
END;
COMMENT ON FUNCTION smartgrid.report_dot(timestamptz, numeric, tstzrange, numeric, numeric, integer, smartgrid.report_html) IS 'a labelled point of a chart';

-- description: a template of the figures, of {{step}} and {{period}}.  marks: SVG in the stretched plot; notes: SVG beside it.
-- hint: a template of what a bucket says to a mouse; buckets: what report_hints() has of them.
CREATE FUNCTION smartgrid.report_chart(context smartgrid.report_context, name text, title text, description text, figures jsonb, unit text,
    legend smartgrid.report_html, height integer, axis smartgrid.report_axis, marks smartgrid.report_html, notes smartgrid.report_html,
    hint text, buckets jsonb) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    size record;
    decimals integer;
    labels jsonb;
    times jsonb;
BEGIN
    size := smartgrid.report_magnitude(axis.low, axis.high);
    decimals := CASE WHEN size.factor = 1 THEN axis.decimals ELSE scale(trim_scale(axis.step / size.factor)) END;
    SELECT jsonb_agg(jsonb_build_object('y', at.y, 'class', CASE WHEN s.figure = 0 THEN 'zero' END, 'figure', s.figure / size.factor) ORDER BY s.figure)
    INTO labels
    FROM generate_series(axis.low, least(axis.high, axis.low + 100 * axis.step), axis.step) AS s (figure)
         CROSS JOIN LATERAL smartgrid.report_y(s.figure, axis.low, axis.high, height) AS at (y);
    SELECT jsonb_agg(jsonb_build_object('x', trim_scale(t.x) / 10, 'label', t.label, 'class', CASE WHEN t.minor THEN 'minor' END,
                                        'height', height, 'below', height + 5, 'baseline', height + 19) ORDER BY t.x)
    INTO times
    FROM smartgrid.report_ticks(context.period, context.time_zone) AS t;
    RETURN smartgrid.report_fill($html$
        <figure class="chart"><figcaption><h4>{{title}}</h4>{{legend}}<span class="unit">{{magnitude}}{{unit}}</span></figcaption>
        <div class="plot"><svg class="frame" role="img" aria-labelledby="{{id}}-t {{id}}-d" width="100%" height="{{frame_height}}">
        <title id="{{id}}-t">{{title}}</title><desc id="{{id}}-d">{{description}}</desc>
        <g class="axis">{{labels}}{{times}}</g>
        <svg class="marks" width="100%" height="{{height}}" viewBox="0 0 1000 {{height}}" preserveAspectRatio="none">{{marks}}</svg>
        {{notes}}{{hints}}</svg></div></figure>
    $html$, jsonb_build_object('id', context.prefix || '-' || name, 'title', title, 'legend', legend, 'magnitude', size.word, 'unit', unit,
        'height', height, 'frame_height', height + 24, 'marks', marks, 'notes', notes,
        'description', smartgrid.report_fill(description, figures || jsonb_build_object('step', context.bucket_word,
            'period', smartgrid.report_period(context.period, context.time_zone)), context),
        'labels', smartgrid.report_fill(
            '<line x2="100%" y1="{{y}}" y2="{{y}}"{{class| class="|"}}/><text class="y" x="-8" y="{{y}}" dy="4">{{figure ' || decimals || '}}</text>', labels),
        'times', smartgrid.report_fill($svg$
            <line x1="{{x}}%" x2="{{x}}%" y1="{{height}}" y2="{{below}}" class="tick"/><text{{class| class="|"}} x="{{x}}%" y="{{baseline}}">{{label}}</text>
        $svg$, times),
        'hints', smartgrid.report_fill('<svg class="hints" width="100%" height="{{height}}" viewBox="0 0 1000 {{height}}" preserveAspectRatio="none">{{cells}}</svg>',
            CASE WHEN buckets IS NOT NULL THEN jsonb_build_object('height', height, 'cells', smartgrid.report_fill(
                '<rect x="{{x}}" width="{{width}}" height="' || height || '"><title>' || hint || '</title></rect>', buckets, context)) END)));
END
$$;
COMMENT ON FUNCTION smartgrid.report_chart(smartgrid.report_context, text, text, text, jsonb, text, smartgrid.report_html, integer,
    smartgrid.report_axis, smartgrid.report_html, smartgrid.report_html, text, jsonb)
    IS 'a chart over the period: frame, axes and legend around marks';
