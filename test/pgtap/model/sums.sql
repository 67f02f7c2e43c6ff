-- What is added up from the ledger, against the model's entries.

-- What a kind of entry is worth in a sum over entries of this kind: 1, -1 of what takes it back.
CREATE FUNCTION model.sign(e model.entry, VARIADIC kinds text[]) RETURNS int
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN e.kind = ANY (kinds) THEN 1 WHEN e.reversed = ANY (kinds) THEN -1 ELSE 0 END
$$;

-- Quarter-hours with readings of times that were given, and everything that ever was.
CREATE FUNCTION model.series_difference() RETURNS text
LANGUAGE sql AS $$
    WITH stretch (period, bucket) AS (
        VALUES (tstzrange('2026-03-29 00:00Z', '2026-04-01 00:00Z'), interval '15 minutes'),
               (tstzrange('2000-01-01 00:00Z', date_trunc('hour', now()) + interval '1 day'), interval '100 years')
    ), theirs AS (
        SELECT g.name AS grid, s.bucket, c.bucket_start, c.bucket_end, c.produced, c.consumed, c.charged, c.discharged, c.traded,
               c.revenue
        FROM model.grid AS g CROSS JOIN stretch AS s
        CROSS JOIN LATERAL sg_load_curve(g.name, s.period, s.bucket) AS c
    )
    SELECT format('series: extension %s, model %s', to_jsonb(t), to_jsonb(m))
    FROM theirs AS t
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(model.sign(e, 'production') * e.energy), 0) AS produced,
               coalesce(sum(model.sign(e, 'consumption') * e.energy), 0) AS consumed,
               coalesce(sum(model.sign(e, 'charge') * e.energy), 0) AS charged,
               coalesce(sum(model.sign(e, 'discharge') * e.energy), 0) AS discharged,
               coalesce(sum(model.sign(e, 'trade') * e.energy), 0) AS traded,
               coalesce(sum(model.sign(e, 'consumption') * e.money), 0) AS revenue
        FROM model.entry AS e
        WHERE e.grid = t.grid AND e.began >= t.bucket_start AND e.ended < t.bucket_end) AS m
    WHERE (t.produced, t.consumed, t.charged, t.discharged, t.traded, t.revenue)
          IS DISTINCT FROM (m.produced, m.consumed, m.charged, m.discharged, m.traded, m.revenue)
    ORDER BY t.grid, t.bucket_start LIMIT 1
$$;

-- A statement over all time has every entry of the participant, never runs below zero, and ends with what there is.
CREATE FUNCTION model.statement_difference() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT g.name AS grid, n.principal, p.earnings, p.unsold, b.balance, b.total, s.stored
             FROM model.grid AS g CROSS JOIN model.name AS n
             LEFT JOIN model.producer AS p ON p.grid = g.name AND p.principal = n.principal
             LEFT JOIN model.consumer AS b ON b.grid = g.name AND b.principal = n.principal
             LEFT JOIN model.storage AS s ON s.grid = g.name AND s.principal = n.principal
             WHERE num_nonnulls(p.grid, b.grid, s.grid) > 0 LOOP
        PERFORM set_config('smartgrid.grid', r.grid, true);
        IF NOT EXISTS (SELECT FROM sg_statement(r.principal, '(,)') AS t
                       WHERE t.part = 'closing'
                         AND (coalesce(t.balance, 0), coalesce(t.earnings, 0), coalesce(t.unsold, 0), coalesce(t.stored, 0),
                              coalesce(t.consumed, 0))
                             = (coalesce(r.balance, 0), coalesce(r.earnings, 0), coalesce(r.unsold, 0), coalesce(r.stored, 0),
                                coalesce(r.total, 0)))
           OR EXISTS (SELECT FROM sg_statement(r.principal, '(,)') AS t WHERE t.balance < 0 OR t.earnings < 0)
           OR (SELECT array_agg(t.entry_id ORDER BY t.entry_id) FROM sg_statement(r.principal, '(,)') AS t WHERE t.part = 'entry')
              IS DISTINCT FROM (SELECT array_agg(e.entry_id ORDER BY e.entry_id) FROM model.entry AS e
                                WHERE e.grid = r.grid AND r.principal IN (e.participant, e.counterparty)) THEN
            RETURN format('statement of %L in grid %L: extension %s, model %s', r.principal, r.grid,
                          (SELECT to_jsonb(t) FROM sg_statement(r.principal, '(,)') AS t WHERE t.part = 'closing'), to_jsonb(r));
        END IF;
    END LOOP;
    PERFORM set_config('smartgrid.grid', '', true);
    RETURN NULL;
END $$;
