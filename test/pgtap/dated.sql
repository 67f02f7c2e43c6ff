-- Dated facts against a plain model: random points are set and ended, at random days; what is on record then, and what was
-- on record at every moment of before, is what an array with a cell for each day says.

\ir lib/begin.sql
SELECT no_plan();
\set calls 400
\set seed 0.42
\getenv calls SMARTGRID_PROPERTY_CALLS
\getenv seed SMARTGRID_PROPERTY_SEED
SELECT setseed(:'seed'::double precision), set_config('sgt.calls', :'calls', true) \g /dev/null
SET LOCAL timezone = 'UTC';

CREATE SCHEMA sgtest;
-- What each day of a point is on record as, after each call: owner, capacity, class. begins: whether a fact begins that day.
CREATE TABLE sgtest.cell (call integer, point text, day integer, owner text, capacity numeric, class text, begins boolean, begins_anew boolean);
CREATE TABLE sgtest.moment (call integer, at timestamptz);

CREATE FUNCTION sgtest.day(n integer) RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz '2024-01-01 00:00Z' + n * interval '1 day' $$;

-- The answer of the model, whose state after the call before is copied first.
CREATE FUNCTION sgtest.model(n integer, what text, p text, d integer, o text, c numeric, k text) RETURNS text
    LANGUAGE plpgsql AS $$
DECLARE
    days CONSTANT integer := 30;
    before sgtest.cell;
    here sgtest.cell;
    until integer;
    is_known boolean;
    ended boolean;
BEGIN
    INSERT INTO sgtest.cell SELECT n, point, day, owner, capacity, class, begins, begins_anew FROM sgtest.cell WHERE call = n - 1;
    is_known := EXISTS (SELECT FROM sgtest.cell WHERE call = n AND point = p);
    IF NOT is_known AND what = 'end' THEN
        RETURN 'SG101';
    END IF;
    SELECT * INTO here FROM sgtest.cell WHERE call = n AND point = p AND day = d;
    SELECT * INTO before FROM sgtest.cell WHERE call = n AND point = p AND day = d - 1;
    IF what = 'end' THEN
        UPDATE sgtest.cell SET owner = NULL, capacity = NULL, class = NULL, begins = false, begins_anew = false WHERE call = n AND point = p AND day >= d;
        RETURN 't';
    END IF;
    ended := coalesce(before.owner IS NOT NULL AND (here.owner IS NULL OR here.begins_anew), false);
    IF ended THEN
        before := NULL;
    END IF;
    IF o IS NULL AND before.owner IS NULL THEN
        RETURN 'SG108';
    END IF;
    IF NOT is_known THEN
        INSERT INTO sgtest.cell SELECT n, p, g, NULL, NULL, NULL, false, false FROM generate_series(0, days) AS g;
    END IF;
    -- The next change: a fact begins, or there is none any more.
    SELECT coalesce(min(x.day), days + 1) INTO until
    FROM sgtest.cell AS x WHERE x.call = n AND x.point = p AND x.day > d AND (x.begins OR x.owner IS NULL AND here.owner IS NOT NULL);
    UPDATE sgtest.cell
    SET owner = coalesce(o, before.owner), capacity = coalesce(c, before.capacity), class = coalesce(k, before.class), begins = day = d,
        begins_anew = ended AND day = d
    WHERE call = n AND point = p AND day >= d AND day < until;
    RETURN 't';
END $$;

CREATE FUNCTION sgtest.extension(what text, p text, d integer, o text, c numeric, k text) RETURNS text
    LANGUAGE plpgsql AS $$
BEGIN
    IF what = 'end' THEN
        RETURN CASE WHEN sg_end_point(p, sgtest.day(d), random() < 0.5) THEN 't' END;
    END IF;
    RETURN CASE WHEN sg_set_point(p, sgtest.day(d), o, 'consumption', capacity => c, class => k, correct => random() < 0.5) THEN 't' END;
EXCEPTION WHEN SQLSTATE 'SG000' THEN
    RETURN SQLSTATE;
END $$;

CREATE FUNCTION sgtest.run(calls integer) RETURNS SETOF text
    LANGUAGE plpgsql AS $$
DECLARE
    what text;
    p text;
    d integer;
    o text;
    c numeric;
    k text;
    wanted text;
    got text;
    again text;
BEGIN
    FOR n IN 1 .. calls
    LOOP
        what := CASE WHEN random() < 0.15 THEN 'end' ELSE 'set' END;
        p := 'P' || floor(random() * 3);
        d := floor(random() * 31);
        o := CASE WHEN random() < 0.5 THEN 'o' || floor(random() * 4) END;
        c := CASE WHEN random() < 0.4 THEN 1 + floor(random() * 3) END;
        k := CASE WHEN random() < 0.4 THEN 'k' || floor(random() * 3) END;
        wanted := sgtest.model(n, what, p, d, o, c, k);
        got := sgtest.extension(what, p, d, o, c, k);
        again := sgtest.extension(what, p, d, o, c, k);
        IF wanted <> got OR wanted <> again THEN
            RETURN NEXT fail(format('call %s, %s %s at %s: %s and %s, not %s', n, what, p, d, got, again, wanted));
        END IF;
        INSERT INTO sgtest.moment SELECT n, smartgrid.recording_moment(g.grid_id) FROM smartgrid.grid AS g WHERE g.name = 'default';
    END LOOP;
END $$;
-- Each call is made twice: the second changes nothing.
SELECT * FROM sgtest.run(current_setting('sgt.calls')::integer);

CREATE VIEW sgtest.was_on_record AS
SELECT m.call, d.point, g.day, d.owner, d.capacity, d.class, d.valid_from = sgtest.day(g.day) AS begins
FROM sgtest.moment AS m
     JOIN sg_point_periods AS d ON d.recorded_at <= m.at AND (d.superseded_at IS NULL OR d.superseded_at > m.at)
     JOIN generate_series(0, 30) AS g (day) ON d.valid_from <= sgtest.day(g.day) AND (d.valid_to IS NULL OR d.valid_to > sgtest.day(g.day));
SELECT cmp_ok((SELECT count(*) FROM sgtest.was_on_record), '>', 1000::bigint, 'something was on record');
SELECT is_empty($$TABLE sgtest.was_on_record
    EXCEPT SELECT call, point, day, owner, capacity, class, begins FROM sgtest.cell WHERE owner IS NOT NULL$$,
    'nothing but what the model has was on record at any moment');
SELECT is_empty($$SELECT call, point, day, owner, capacity, class, begins FROM sgtest.cell WHERE owner IS NOT NULL
    EXCEPT TABLE sgtest.was_on_record$$,
    'all that the model has was on record at that moment');
SELECT is((SELECT count(*) FROM sgtest.was_on_record), (SELECT count(*) FROM sgtest.cell WHERE owner IS NOT NULL), 'and once');
SELECT is_empty('SELECT invariant FROM sg_check() WHERE NOT ok', 'the invariants hold');
SELECT * FROM finish();
ROLLBACK;
