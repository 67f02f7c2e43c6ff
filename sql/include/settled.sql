-- A final run of a month with lines of every kind, as sg_settle() and sg_finalize() would leave them.
CREATE FUNCTION settled(period tstzrange, lines jsonb, correction integer DEFAULT 0) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    run bigint;
BEGIN
    INSERT INTO smartgrid.run (grid_id, state, kind, number, period_from, period_to, as_of, as_of_named, basis_from, made_at, finalized_at, entry_id, charges, credits,
                               accept, replaces, digest)
    VALUES (1, 1, sign(correction), correction, lower(period), upper(period), now(), false, lower(period), now(), now(), 1, 0, 0, '{measured}', '{}', sha256(''))
    RETURNING run_id INTO run;
    INSERT INTO smartgrid.participant (grid_id, principal) SELECT DISTINCT 1, l ->> 'who' FROM jsonb_array_elements(lines) AS l ON CONFLICT DO NOTHING;
    INSERT INTO smartgrid.run_line (run_id, line, grid_id, participant_id, participant, side, point_id, point, valid_from, valid_to, tariff, component, base, place, tier,
                                    quantity, unit, price, money, gross, vat_category, vat_rate, qualities)
    SELECT run, row_number() OVER (ORDER BY l ->> 'who' COLLATE "C", l -> 'side' NULLS FIRST, l ->> 'point' COLLATE "C" NULLS LAST, n), 1, p.participant_id, p.principal,
           COALESCE((l ->> 'side')::smallint, 0), CASE WHEN l ? 'point' THEN 1 ELSE 0 END, COALESCE(l ->> 'point', ''),
           COALESCE((l ->> 'from')::timestamptz, lower(period)), COALESCE((l ->> 'to')::timestamptz, upper(period)), 'village', l ->> 'what', '', n, COALESCE((l ->> 'tier')::integer, 0),
           COALESCE((l ->> 'quantity')::numeric, 1), COALESCE(l ->> 'unit', 'piece'), (l ->> 'price')::numeric, (l ->> 'money')::bigint, COALESCE((l ->> 'gross')::boolean, false),
           l ->> 'category', (l ->> 'rate')::numeric, ARRAY(SELECT jsonb_array_elements_text(COALESCE(l -> 'qualities', '[]')))
    FROM jsonb_array_elements(lines) WITH ORDINALITY AS e (l, n) JOIN smartgrid.participant AS p ON p.grid_id = 1 AND p.principal = l ->> 'who';
    RETURN run;
END $$;
