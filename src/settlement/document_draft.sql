-- What documents say, worked out from the lines of a run and the parties, before they have numbers.
--
-- Everything here is exact numeric arithmetic; money is in money units until it is written into a document.

-- Rounded half away from zero, and rounded down.
CREATE FUNCTION smartgrid.quotient_rounded(dividend numeric, divisor numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT sign(dividend) * div(2 * abs(dividend) + divisor, 2 * divisor);
END;
COMMENT ON FUNCTION smartgrid.quotient_rounded(numeric, numeric) IS 'dividend / divisor as a whole number, rounded half away from zero; divisor > 0';

CREATE FUNCTION smartgrid.quotient_floor(dividend numeric, divisor numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT div(dividend, divisor) - CASE WHEN mod(dividend, divisor) < 0 THEN 1 ELSE 0 END;
END;
COMMENT ON FUNCTION smartgrid.quotient_floor(numeric, numeric) IS 'dividend / divisor as a whole number, rounded down; divisor > 0';

CREATE FUNCTION smartgrid.document_party(details jsonb, called text, country text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT jsonb_strip_nulls(jsonb_build_object('id', called, 'name', COALESCE(details ->> 'name', called),
        'street', details -> 'street', 'zip', details -> 'zip', 'city', details -> 'city', 'country', COALESCE(details ->> 'country', country),
        'vat_id', details -> 'vat_id', 'tax_id', details -> 'tax_id', 'email', details -> 'email', 'iban', replace(details ->> 'iban', ' ', '')));
END;
COMMENT ON FUNCTION smartgrid.document_party(jsonb, text, text)
    IS 'what a document says of a party: called so by the community, of that country unless it says another';

CREATE FUNCTION smartgrid.quality_word(qualities text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN 'calculated' = ANY (qualities) THEN 'calculated'
                WHEN 'estimated' = ANY (qualities) OR 'missing' = ANY (qualities) AND cardinality(qualities) > 1 THEN 'estimated'
                WHEN 'substituted' = ANY (qualities) THEN 'substituted'
                WHEN 'measured' = ANY (qualities) THEN 'measured'
                WHEN 'missing' = ANY (qualities) THEN 'missing' END;
END;
COMMENT ON FUNCTION smartgrid.quality_word(text[]) IS 'the one word for the qualities in a sum; NULL: there are none';

-- The last instants of the date of issue and of the run say which parties hold: a change on the day itself counts.
CREATE FUNCTION smartgrid.document_frame(of_run bigint, issued date,
    OUT grid_id integer, OUT zone text, OUT issuer jsonb, OUT issued_until timestamptz, OUT run_until timestamptz)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT r.grid_id, z.zone, smartgrid.party_at(r.grid_id, 0, i.until), i.until, r.period_to - interval '1 microsecond'
    FROM smartgrid.run AS r
         CROSS JOIN LATERAL (SELECT COALESCE((SELECT t.time_zone FROM smartgrid.grid_zone AS t WHERE t.grid_id = r.grid_id), 'UTC')) AS z (zone)
         CROSS JOIN LATERAL (SELECT ((issued + 1)::timestamp AT TIME ZONE z.zone) - interval '1 microsecond') AS i (until)
    WHERE r.run_id = of_run;
END;
COMMENT ON FUNCTION smartgrid.document_frame(bigint, date) IS 'what is common to the documents of a run that are issued on a date';

-- For whom: participants and sides that have lines with money in the run and no valid document of it.
CREATE FUNCTION smartgrid.document_addressees(of_run bigint, issued date,
    OUT participant_id bigint, OUT side smallint, OUT participant text, OUT party jsonb, OUT seller_vat_id text, OUT buyer_vat_id text,
    OUT category text, OUT rate numeric)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
    SELECT a.participant_id, a.side, a.participant, p.party, i.seller_vat_id, i.buyer_vat_id,
           CASE WHEN i.seller_vat_id IS NULL THEN 'O' ELSE COALESCE(v.vat ->> 'category', 'O') END,
           CASE WHEN i.seller_vat_id IS NOT NULL THEN (v.vat ->> 'rate')::numeric END
    FROM (SELECT l.participant_id, l.side, l.participant
          FROM smartgrid.run_line AS l
          WHERE l.run_id = of_run AND l.money <> 0
          GROUP BY l.participant_id, l.side, l.participant) AS a
         CROSS JOIN smartgrid.document_frame(of_run, issued) AS f
         CROSS JOIN LATERAL (SELECT smartgrid.party_at(f.grid_id, a.participant_id, f.issued_until)) AS p (party)
         CROSS JOIN LATERAL (SELECT CASE a.side WHEN 0 THEN f.issuer ELSE p.party END ->> 'vat_id',
                                    CASE a.side WHEN 0 THEN p.party ELSE f.issuer END ->> 'vat_id') AS i (seller_vat_id, buyer_vat_id)
         CROSS JOIN LATERAL (SELECT smartgrid.party_at(f.grid_id, CASE a.side WHEN 0 THEN 0 ELSE a.participant_id END, f.run_until) -> 'vat') AS v (vat)
    WHERE NOT EXISTS (SELECT FROM smartgrid.document AS d
                      WHERE d.run_id = of_run AND d.participant_id = a.participant_id AND d.side = a.side AND d.cancels_id = 0
                            AND NOT EXISTS (SELECT FROM smartgrid.document AS c WHERE c.cancels_id = d.document_id AND c.cancels_id > 0));
END;
COMMENT ON FUNCTION smartgrid.document_addressees(bigint, date)
    IS 'who gets documents of a run: side, party, VAT ids of who sells and who buys, default VAT group';

/*
 * The lines of these documents with their VAT groups.  Prices that include VAT: the net sum of the group is its gross sum
 * / (1 + rate / 100), rounded; each line has its own net rounded down, and what is left over goes to the largest remainders,
 * ties to the earlier line.
 */
CREATE FUNCTION smartgrid.document_drafted_lines(of_run bigint, issued date,
    OUT participant_id bigint, OUT side smallint, OUT line integer, OUT category text, OUT rate numeric, OUT own boolean, OUT net numeric)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
    SELECT r.participant_id, r.side, r.line, r.category, r.rate, r.own,
           CASE WHEN NOT r.gross THEN r.money
                ELSE r.floor + CASE WHEN r.place <= smartgrid.quotient_rounded(r.group_gross * 100, 100 + r.rate) - r.group_floor THEN 1 ELSE 0 END END
    FROM (SELECT g.*, row_number() OVER (PARTITION BY g.participant_id, g.side, g.category, g.rate, g.gross
                                         ORDER BY g.money * 100 - g.floor * (100 + g.rate) DESC, g.line) AS place,
                 sum(g.money) OVER (PARTITION BY g.participant_id, g.side, g.category, g.rate, g.gross) AS group_gross,
                 sum(g.floor) OVER (PARTITION BY g.participant_id, g.side, g.category, g.rate, g.gross) AS group_floor
          FROM (SELECT c.*, smartgrid.quotient_floor(c.money * 100, 100 + c.rate) AS floor
                FROM (SELECT l.participant_id, l.side, l.line, l.gross, l.money::numeric AS money, l.vat_category IS NOT NULL AS own,
                             COALESCE(l.vat_category, a.category) AS category,
                             trim_scale(CASE WHEN COALESCE(l.vat_category, a.category) <> 'S' THEN 0
                                             WHEN l.vat_category IS NOT NULL THEN COALESCE(l.vat_rate, 0) ELSE COALESCE(a.rate, 0) END) AS rate
                      FROM smartgrid.document_addressees(of_run, issued) AS a
                           JOIN smartgrid.run_line AS l ON l.run_id = of_run AND l.participant_id = a.participant_id AND l.side = a.side
                      WHERE l.money <> 0) AS c) AS g) AS r;
END;
COMMENT ON FUNCTION smartgrid.document_drafted_lines(bigint, date)
    IS 'lines of the documents of a run: VAT group, whether the tariff says it, and what they come to without VAT, money units';

-- VAT is computed for each group; of prices that include it, it is what is left of them.
CREATE FUNCTION smartgrid.document_drafted_groups(of_run bigint, issued date,
    OUT participant_id bigint, OUT side smallint, OUT category text, OUT rate numeric, OUT net numeric, OUT vat numeric, OUT first_line integer)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
    SELECT d.participant_id, d.side, d.category, d.rate, sum(d.net),
           round(COALESCE(sum(l.money) FILTER (WHERE NOT l.gross), 0) * d.rate * 0.01) + COALESCE(sum(l.money - d.net) FILTER (WHERE l.gross), 0),
           min(d.line)
    FROM smartgrid.document_drafted_lines(of_run, issued) AS d
         JOIN smartgrid.run_line AS l ON l.run_id = of_run AND l.line = d.line
    GROUP BY d.participant_id, d.side, d.category, d.rate;
END;
COMMENT ON FUNCTION smartgrid.document_drafted_groups(bigint, date) IS 'VAT groups of the documents of a run, money units';

CREATE FUNCTION smartgrid.document_community(of_run bigint, OUT participant_id bigint, OUT figures jsonb)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL UNSAFE ROWS 1000
BEGIN ATOMIC
    SELECT e.participant_id, jsonb_strip_nulls(jsonb_build_object(
        'consumed', CASE WHEN e.consumed > 0 THEN smartgrid.scaled_sum(e.consumed, g.energy_scale) END,
        'covered', CASE WHEN e.consumed > 0 THEN smartgrid.scaled_sum(e.covered, g.energy_scale) END,
        'rest', CASE WHEN e.consumed > 0 THEN smartgrid.scaled_sum(e.consumed - e.covered, g.energy_scale) END,
        'self_sufficiency', CASE WHEN e.consumed > 0 THEN round(smartgrid.quotient_rounded(e.covered * 10000, e.consumed) / 100, 2) END,
        'produced', CASE WHEN e.produced > 0 THEN smartgrid.scaled_sum(e.produced, g.energy_scale) END,
        'delivered', CASE WHEN e.produced > 0 THEN smartgrid.scaled_sum(e.delivered, g.energy_scale) END,
        'surplus', CASE WHEN e.produced > 0 THEN smartgrid.scaled_sum(e.produced - e.delivered, g.energy_scale) END))
    FROM smartgrid.run AS r
         JOIN smartgrid.grid AS g ON g.grid_id = r.grid_id
         CROSS JOIN LATERAL smartgrid.document_energy(r.grid_id, r.period_from, r.period_to, r.as_of) AS e
    WHERE r.run_id = of_run;
END;
COMMENT ON FUNCTION smartgrid.document_community(bigint) IS 'what participants had of the community in the period of a run, kWh and percent';

-- Corrections refer to the valid documents of the runs of the period before them.
CREATE FUNCTION smartgrid.document_references(of_run bigint, participant_id bigint, side smallint) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT COALESCE(jsonb_agg(jsonb_build_object('number', d.number, 'issue_date', d.issue_date) ORDER BY d.document_id), '[]')
    FROM smartgrid.run AS r
         JOIN smartgrid.run AS e ON e.grid_id = r.grid_id AND e.period_from = r.period_from AND e.period_to = r.period_to
                                    AND e.state = 1 AND e.number < r.number
         JOIN smartgrid.document AS d ON d.run_id = e.run_id
    WHERE r.run_id = of_run AND d.participant_id = document_references.participant_id AND d.side = document_references.side AND d.cancels_id = 0
          AND NOT EXISTS (SELECT FROM smartgrid.document AS c WHERE c.cancels_id = d.document_id AND c.cancels_id > 0);
END;
COMMENT ON FUNCTION smartgrid.document_references(bigint, bigint, smallint) IS 'documents that a document of a correction refers to';

-- The lines of a run that has just been made are not in the statistics yet: joins that the planner takes to be of one row, and are of all documents
-- with all lines, would make 200 documents take a minute. Functions that are called for each of them are not worth to be compiled each time.
CREATE FUNCTION smartgrid.document_drafts(of_run bigint, issued date,
    OUT participant_id bigint, OUT side smallint, OUT kind smallint, OUT prefix text, OUT digits integer, OUT first bigint,
    OUT net numeric, OUT vat numeric, OUT participant text, OUT refused text, OUT body jsonb)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL UNSAFE ROWS 1000 SET enable_nestloop = off SET jit = off
BEGIN ATOMIC
    WITH line AS (SELECT * FROM smartgrid.document_drafted_lines(of_run, issued)),
         sums AS (SELECT v.participant_id, v.side, sum(v.net) AS net, sum(v.vat) AS vat,
                         jsonb_agg(jsonb_strip_nulls(jsonb_build_object('category', v.category, 'rate', CASE WHEN v.category <> 'O' THEN v.rate END,
                                       'net', smartgrid.scaled_sum(v.net, g.money_scale), 'vat', smartgrid.scaled_sum(v.vat, g.money_scale),
                                       'gross', smartgrid.scaled_sum(v.net + v.vat, g.money_scale))) ORDER BY v.first_line) AS groups
                  FROM smartgrid.document_drafted_groups(of_run, issued) AS v
                       CROSS JOIN smartgrid.run AS r
                       JOIN smartgrid.grid AS g ON g.grid_id = r.grid_id
                  WHERE r.run_id = of_run
                  GROUP BY v.participant_id, v.side),
         lines AS (SELECT d.participant_id, d.side, bool_or(d.own AND d.category IN ('S', 'AE')) AS says_vat, bool_or(d.category = 'AE') AS is_reverse,
                          jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                              'point', NULLIF(l.point, ''), 'tariff', l.tariff, 'component', l.component,
                              'from', (l.valid_from AT TIME ZONE f.zone)::date, 'to', ((l.valid_to - interval '1 microsecond') AT TIME ZONE f.zone)::date,
                              'tier', NULLIF(l.tier, 0), 'quantity', trim_scale(l.quantity), 'unit', l.unit, 'price', trim_scale(l.price),
                              'gross', CASE WHEN l.gross THEN true END,
                              'money', smartgrid.scaled(l.money, g.money_scale), 'net', smartgrid.scaled_sum(d.net, g.money_scale),
                              'category', d.category, 'rate', CASE WHEN d.category <> 'O' THEN d.rate END,
                              'qualities', CASE WHEN l.qualities <> '{}' THEN to_jsonb(l.qualities) END,
                              'quality', smartgrid.quality_word(l.qualities))) ORDER BY d.line) AS lines
                   FROM line AS d
                        JOIN smartgrid.run_line AS l ON l.run_id = of_run AND l.line = d.line
                        JOIN smartgrid.grid AS g ON g.grid_id = l.grid_id
                        CROSS JOIN smartgrid.document_frame(of_run, issued) AS f
                   GROUP BY d.participant_id, d.side),
         energy AS MATERIALIZED (SELECT * FROM smartgrid.document_community(of_run))
    SELECT a.participant_id, a.side, k.kind, COALESCE(f.issuer #>> ARRAY['prefix', k.name], k.prefix), COALESCE((f.issuer ->> 'digits')::integer, 5),
           COALESCE((f.issuer ->> 'start')::bigint, 1), s.net, s.vat, a.participant,
           CASE WHEN l.says_vat AND a.seller_vat_id IS NULL THEN 'vat_id of who sells'
                WHEN l.is_reverse AND a.buyer_vat_id IS NULL THEN 'vat_id of who buys' END,
           jsonb_strip_nulls(jsonb_build_object(
               'form', 1, 'kind', k.name, 'type', k.type, 'side', smartgrid.run_side(a.side),
               'run', jsonb_build_object('run', r.run_id, 'kind', smartgrid.run_kind(r.kind), 'number', r.number),
               'issue_date', issued, 'due_date', CASE WHEN s.net + s.vat > 0 THEN issued + COALESCE((f.issuer ->> 'due_days')::integer, 14) END,
               'period', jsonb_build_object('from', (r.period_from AT TIME ZONE f.zone)::date,
                                            'to', ((r.period_to - interval '1 microsecond') AT TIME ZONE f.zone)::date),
               'language', COALESCE(a.party ->> 'language', f.issuer ->> 'language', 'en'), 'currency', g.currency,
               'money_scale', g.money_scale, 'energy_scale', g.energy_scale,
               'references', CASE WHEN r.number > 0 THEN smartgrid.document_references(of_run, a.participant_id, a.side) END,
               'issuer', smartgrid.document_party(f.issuer, g.name, NULL),
               'participant', smartgrid.document_party(a.party, a.participant, f.issuer ->> 'country'),
               'texts', f.issuer -> 'texts', 'lines', l.lines, 'groups', s.groups,
               'net', smartgrid.scaled_sum(s.net, g.money_scale), 'vat', smartgrid.scaled_sum(s.vat, g.money_scale),
               'gross', smartgrid.scaled_sum(s.net + s.vat, g.money_scale), 'community', NULLIF(e.figures, '{}')))
    FROM smartgrid.document_addressees(of_run, issued) AS a
         JOIN sums AS s ON s.participant_id = a.participant_id AND s.side = a.side
         JOIN lines AS l ON l.participant_id = a.participant_id AND l.side = a.side
         CROSS JOIN smartgrid.document_frame(of_run, issued) AS f
         CROSS JOIN smartgrid.run AS r
         JOIN smartgrid.grid AS g ON g.grid_id = r.grid_id
         JOIN smartgrid.document_kinds() AS k
            ON k.side = a.side AND CASE WHEN a.side = 1 AND COALESCE(a.party ->> 'producer_documents', f.issuer ->> 'producer_documents') = 'statement'
                                        THEN k.negative IS NULL ELSE k.negative = (s.net + s.vat < 0) END
         LEFT JOIN energy AS e ON e.participant_id = a.participant_id
    WHERE r.run_id = of_run AND s.net + s.vat <> 0
    ORDER BY a.participant, a.participant_id, a.side;
END;
COMMENT ON FUNCTION smartgrid.document_drafts(bigint, date)
    IS 'the documents of a run that are to be issued, without their numbers: sums in money units; refused: what is missing for its VAT';

CREATE FUNCTION smartgrid.document_negated(element jsonb, keys text[]) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT element || COALESCE((SELECT jsonb_object_agg(k.key, - (element ->> k.key)::numeric) FROM unnest(keys) AS k (key) WHERE element ? k.key), '{}');
END;
COMMENT ON FUNCTION smartgrid.document_negated(jsonb, text[]) IS 'an object whose numbers of these keys have the opposite sign';

-- What cancels a document says what it said, to the same parties, with the opposite sign; its run is that of the document.
CREATE FUNCTION smartgrid.document_reversal(of_document bigint, why text, issued date,
    OUT participant_id bigint, OUT side smallint, OUT kind smallint, OUT prefix text, OUT digits integer, OUT first bigint,
    OUT net numeric, OUT vat numeric, OUT participant text, OUT refused text, OUT body jsonb)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT d.participant_id, d.side, o.kind, COALESCE(f.issuer #>> ARRAY['prefix', o.name], o.prefix), COALESCE((f.issuer ->> 'digits')::integer, 5),
           COALESCE((f.issuer ->> 'start')::bigint, 1), - d.net::numeric, - d.vat::numeric, b.body #>> '{participant,id}', NULL::text,
           jsonb_strip_nulls(smartgrid.document_negated(b.body, '{net,vat,gross}') || jsonb_build_object(
               'kind', o.name, 'type', o.type, 'issue_date', issued,
               'due_date', CASE WHEN d.gross < 0 THEN issued + COALESCE((f.issuer ->> 'due_days')::integer, 14) END,
               'cancels', jsonb_build_object('number', d.number, 'issue_date', d.issue_date), 'reason', why,
               'references', jsonb_build_array(jsonb_build_object('number', d.number, 'issue_date', d.issue_date)),
               'lines', (SELECT jsonb_agg(smartgrid.document_negated(l.o, '{quantity,money,net}') ORDER BY l.place)
                         FROM jsonb_array_elements(b.body -> 'lines') WITH ORDINALITY AS l (o, place)),
               'groups', (SELECT jsonb_agg(smartgrid.document_negated(v.o, '{net,vat,gross}') ORDER BY v.place)
                          FROM jsonb_array_elements(b.body -> 'groups') WITH ORDINALITY AS v (o, place))))
    FROM smartgrid.document AS d
         CROSS JOIN LATERAL (SELECT d.body::jsonb) AS b (body)
         JOIN smartgrid.document_kinds() AS k ON k.kind = d.kind
         JOIN smartgrid.document_kinds() AS o ON o.kind = k.opposite
         CROSS JOIN LATERAL smartgrid.document_frame(d.run_id, issued) AS f
    WHERE d.document_id = of_document;
END;
COMMENT ON FUNCTION smartgrid.document_reversal(bigint, text, date) IS 'the document that cancels another, without its number: sums in money units';
