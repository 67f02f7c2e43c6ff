-- Random calls. Most are drawn with an eye on the model's state so that they succeed; the rest miss by one, or wildly.

CREATE FUNCTION model.random_below(n numeric) RETURNS numeric
LANGUAGE sql AS $$
    SELECT floor(random()::numeric * n)
$$;

CREATE FUNCTION model.chance(percent int) RETURNS boolean
LANGUAGE sql AS $$
    SELECT random() * 100 < percent
$$;

CREATE FUNCTION model.one_of(VARIADIC items text[]) RETURNS text
LANGUAGE sql AS $$
    SELECT items[1 + floor(random() * cardinality(items))::int]
$$;

-- `valid` is the largest amount that ought to work, `limits` the figures at whose edge a rule changes its mind.
CREATE FUNCTION model.amount(valid numeric, VARIADIC limits numeric[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    biggest CONSTANT numeric := 9223372036854775807;
    r       int := floor(random() * 100);
    n       numeric;
BEGIN
    valid := greatest(1, least(valid, biggest));
    n := CASE
        WHEN r < 45 THEN 1 + model.random_below(valid)
        WHEN r < 62 THEN 1 + model.random_below(least(valid, 20))
        WHEN r < 72 THEN valid
        WHEN r < 78 THEN valid + 1
        WHEN r < 86 THEN coalesce(limits[1 + floor(random() * cardinality(limits))::int], valid)
                         + floor(random() * 3)::int - 1
        WHEN r < 89 THEN 0
        WHEN r < 91 THEN -1
        WHEN r < 93 THEN NULL
        WHEN r < 95 THEN biggest
        WHEN r < 96 THEN biggest - 1
        WHEN r < 97 THEN -biggest - 1
        WHEN r < 98 THEN 1000000000000
        ELSE 1 + model.random_below(2 * valid)
    END;
    RETURN format('%L::bigint', greatest(-biggest - 1, least(n, biggest)));
END $$;

CREATE FUNCTION model.some_grid() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    r int := floor(random() * 100);
BEGIN
    RETURN CASE
        WHEN r < 33 THEN 'default'
        WHEN r < 57 THEN 'sgprop "Süd" grid'
        WHEN r < 78 THEN 'sgprop mWh'
        WHEN r < 95 THEN 'sgprop huge'
        ELSE (SELECT x.name FROM (SELECT g.name, row_number() OVER (ORDER BY convert_to(g.name, 'UTF8')) AS n
                                  FROM model.grid AS g) AS x
              OFFSET floor(random() * (SELECT count(*) FROM model.grid))::int LIMIT 1)
    END;
END $$;

-- How large a plant is in this grid.
CREATE FUNCTION model.size(grid_name text) RETURNS numeric
LANGUAGE sql AS $$
    SELECT CASE grid_name WHEN 'default' THEN 5000 WHEN 'sgprop "Süd" grid' THEN 2000000
                          WHEN 'sgprop mWh' THEN 4000000000 WHEN 'sgprop huge' THEN 4611686018427387904
                          ELSE 100 END::numeric
$$;

CREATE FUNCTION model.some_name() RETURNS text
LANGUAGE sql AS $$
    SELECT n.principal FROM model.name AS n WHERE n.caller ORDER BY n.position
    OFFSET floor(random() * (SELECT count(*) FROM model.name AS n WHERE n.caller))::int LIMIT 1
$$;

-- A target of an operator or a buyer: usually right, sometimes nobody, sometimes no name at all.
CREATE FUNCTION model.target(likely text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    r int := floor(random() * 100);
BEGIN
    RETURN format('%L::text', CASE
        WHEN r < 80 THEN coalesce(likely, model.some_name())
        WHEN r < 92 THEN model.some_name()
        WHEN r < 94 THEN ''
        WHEN r < 96 THEN NULL
        WHEN r < 97 THEN repeat('x', 129)
        WHEN r < 98 THEN repeat('é', 65)
        ELSE 'sgprop nobody'
    END);
END $$;

-- A principal of the grid with the given part in it, which usually is in working order.
CREATE FUNCTION model.some_producer(grid_name text, working boolean) RETURNS text
LANGUAGE sql AS $$
    WITH fit AS (SELECT p.principal, row_number() OVER (ORDER BY convert_to(p.principal, 'UTF8')) AS n
                 FROM model.producer AS p WHERE p.grid = grid_name AND p.active = working)
    SELECT f.principal FROM fit AS f WHERE f.n = 1 + floor((SELECT random()) * (SELECT count(*) FROM fit))
$$;

CREATE FUNCTION model.some_consumer(grid_name text, working boolean) RETURNS text
LANGUAGE sql AS $$
    WITH fit AS (SELECT p.principal, row_number() OVER (ORDER BY convert_to(p.principal, 'UTF8')) AS n
                 FROM model.consumer AS p WHERE p.grid = grid_name AND p.active = working)
    SELECT f.principal FROM fit AS f WHERE f.n = 1 + floor((SELECT random()) * (SELECT count(*) FROM fit))
$$;

CREATE FUNCTION model.some_storage(grid_name text) RETURNS text
LANGUAGE sql AS $$
    WITH fit AS (SELECT p.principal, row_number() OVER (ORDER BY convert_to(p.principal, 'UTF8')) AS n
                 FROM model.storage AS p WHERE p.grid = grid_name)
    SELECT f.principal FROM fit AS f WHERE f.n = 1 + floor((SELECT random()) * (SELECT count(*) FROM fit))
$$;

CREATE FUNCTION model.some_participant(grid_name text) RETURNS text
LANGUAGE sql AS $$
    WITH fit AS (SELECT n.principal, row_number() OVER (ORDER BY n.position) AS n
                 FROM model.name AS n WHERE model.is_participant(grid_name, n.principal))
    SELECT f.principal FROM fit AS f WHERE f.n = 1 + floor((SELECT random()) * (SELECT count(*) FROM fit))
$$;

CREATE FUNCTION model.some_trade(grid_name text, pending boolean) RETURNS model.trade
LANGUAGE sql AS $$
    WITH fit AS (SELECT t.id, row_number() OVER (ORDER BY t.id) AS n
                 FROM model.trade AS t WHERE t.grid = grid_name AND (t.status = 'pending') = pending)
    SELECT t.* FROM fit AS f JOIN model.trade AS t ON t.id = f.id
    WHERE f.n = 1 + floor((SELECT random()) * (SELECT count(*) FROM fit))
$$;

-- Who registers: three times in four somebody that has not yet.
CREATE FUNCTION model.newcomer(grid_name text, call text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    who text := model.some_name();
BEGIN
    FOR attempt IN 1..6 LOOP
        EXIT WHEN model.chance(5) OR NOT CASE call
            WHEN replace('register_producer', 'register', split_part(call, '_', 1)) THEN EXISTS (SELECT FROM model.producer AS p WHERE p.grid = grid_name AND p.principal = who)
            WHEN replace('register_consumer', 'register', split_part(call, '_', 1)) THEN EXISTS (SELECT FROM model.consumer AS p WHERE p.grid = grid_name AND p.principal = who)
            ELSE EXISTS (SELECT FROM model.storage AS p WHERE p.grid = grid_name AND p.principal = who)
        END;
        who := model.some_name();
    END LOOP;
    RETURN who;
END $$;

-- Why something is corrected.
CREATE FUNCTION model.reason() RETURNS text
LANGUAGE sql AS $$
    SELECT format('%L::text', CASE WHEN model.chance(92) THEN model.one_of('misread', 'the meter''s clock', '"twice"', E'line\nbreak', 'é')
                                   ELSE model.one_of('', NULL, repeat('x', 256), repeat('x', 257), repeat('é', 128), repeat('é', 129)) END)
$$;

-- An entry of one of the kinds, which usually was not taken back yet; all kinds as often, those of lately more often.
CREATE FUNCTION model.some_entry(grid_name text, kinds text[]) RETURNS model.entry
LANGUAGE plpgsql AS $$
DECLARE
    r     int := floor(random() * 100);
    shift double precision := random();
    e     model.entry;
BEGIN
    IF r < 86 THEN
        WITH fit AS (SELECT x.kind, x.id, row_number() OVER (PARTITION BY x.kind ORDER BY x.id DESC) AS n
                     FROM model.entry AS x
                     WHERE x.grid = grid_name AND x.kind = ANY (kinds)
                       AND NOT EXISTS (SELECT FROM model.entry AS y WHERE y.about = x.entry_id)),
             kind AS (SELECT f.kind, count(*) AS most FROM fit AS f GROUP BY f.kind ORDER BY hashtext(f.kind || shift) LIMIT 1)
        SELECT x.* INTO e FROM kind AS k
        JOIN fit AS f ON f.kind = k.kind AND f.n = 1 + floor(shift * shift * least(k.most, 12))
        JOIN model.entry AS x ON x.id = f.id;
    ELSIF r < 92 THEN
        SELECT * INTO e FROM model.entry AS x WHERE x.grid = grid_name ORDER BY x.id DESC OFFSET floor(random() * 30)::int LIMIT 1;
    ELSIF r < 96 THEN
        SELECT * INTO e FROM model.entry AS x WHERE x.grid = grid_name AND x.about IS NOT NULL
        ORDER BY x.id DESC OFFSET floor(random() * 4)::int LIMIT 1;
        SELECT * INTO e FROM model.entry AS x WHERE x.entry_id = e.about AND model.chance(70) OR x.id = e.id ORDER BY x.id LIMIT 1;
    ELSIF r < 98 THEN
        SELECT * INTO e FROM model.entry AS x ORDER BY x.id DESC OFFSET floor(random() * 30)::int LIMIT 1;    -- of any grid
    ELSE
        e.entry_id := model.one_of('0', '-1', '9223372036854775807', NULL)::bigint;
    END IF;
    RETURN e;
END $$;

-- A time of a reading that lies between two calls, so that it is before or after whatever they did.
CREATE FUNCTION model.some_time() RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
    r int := floor(random() * 100);
BEGIN
    RETURN CASE
        WHEN r < 30 THEN '2026-03-29 00:00Z'::timestamptz + interval '15 minutes' * floor(random() * 200)
        WHEN r < 60 THEN (SELECT x.began - interval '10 microseconds' FROM model.entry AS x
                          ORDER BY x.id DESC OFFSET floor(random() * 60)::int LIMIT 1)
        WHEN r < 85 THEN clock_timestamp()
        WHEN r < 92 THEN clock_timestamp() + interval '45 minutes'
        WHEN r < 94 THEN clock_timestamp() + interval '2 hours'
        WHEN r < 97 THEN '2000-01-01 00:00Z'
        ELSE '1999-12-31 23:59:59.999999Z'
    END;
END $$;

-- Arguments of sg_post_readings.
CREATE FUNCTION model.readings(g model.grid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    n          int := floor(random() * 8);
    r          int := floor(random() * 100);
    timed      boolean := model.chance(60);
    principals text[] := '{}';
    kinds      text[] := '{}';
    amounts    text[] := '{}';
    times      text[] := '{}';
    kind       text;
    who        text;
    most       numeric;
    amount     text;
BEGIN
    FOR i IN 1..n LOOP
        kind := model.one_of('production', 'production', 'consumption', 'consumption', 'consumption', 'charge', 'discharge', 'topup');
        who := CASE kind
            WHEN 'production' THEN model.some_producer(g.name, model.chance(CASE WHEN timed THEN 75 ELSE 92 END))
            WHEN 'charge' THEN model.some_storage(g.name)
            WHEN 'discharge' THEN model.some_storage(g.name)
            ELSE model.some_consumer(g.name, model.chance(CASE WHEN timed THEN 75 ELSE 92 END)) END;
        most := CASE kind
            WHEN 'production' THEN (SELECT x.capacity FROM model.producer AS x WHERE x.grid = g.name AND x.principal = who)
            WHEN 'consumption' THEN (SELECT least(x.maximum, g.load / n, greatest(1, x.balance * ('1e' || g.energy_scale)::numeric / model.price(g)))
                                     FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = who)
            WHEN 'charge' THEN (SELECT least(x.charge_rate, x.capacity - x.stored) FROM model.storage AS x WHERE x.grid = g.name AND x.principal = who)
            WHEN 'discharge' THEN (SELECT least(x.discharge_rate, x.stored) FROM model.storage AS x WHERE x.grid = g.name AND x.principal = who)
            ELSE g.max_topup END;
        most := floor(least(most, CASE WHEN kind <> 'topup' THEN g.max_amount END));
        amount := CASE WHEN model.chance(15) THEN '0' ELSE coalesce(substring(model.amount(coalesce(most, 100), g.max_amount) FROM '-?[0-9]+'), '0') END;
        principals := principals || CASE WHEN model.chance(92) THEN coalesce(who, model.some_name())
                                         ELSE model.one_of('', repeat('x', 129), 'sgprop nobody', model.some_name()) END;
        kinds := kinds || kind;
        amounts := amounts || amount;
        times := times || coalesce(model.some_time(), clock_timestamp())::text;
    END LOOP;
    CASE
        WHEN n = 0 THEN NULL;
        WHEN r < 2 THEN amounts[n] := NULL;
        WHEN r < 4 THEN kinds[1] := model.one_of('Topup', 'trade', '', NULL);
        WHEN r < 6 THEN principals := principals || 'sgprop_alice'::text;
        WHEN r < 7 THEN times[n] := 'infinity';
        WHEN r < 8 THEN times := times || 'infinity'::text;
        WHEN r < 9 THEN principals := NULL;
        WHEN r < 10 THEN kinds := ARRAY[kinds];
        ELSE NULL;
    END CASE;
    RETURN concat_ws(', ', format('%L::text[], %L::text[], %L::bigint[]', principals, kinds, amounts),
                     CASE WHEN timed THEN format('%L::timestamptz[]', times) WHEN model.chance(30) THEN 'NULL::timestamptz[]' END);
END $$;

-- A session that posts readings, or should not.
CREATE FUNCTION model.posting(grid_name text) RETURNS model.context
LANGUAGE plpgsql AS $$
DECLARE
    c model.context;
    r int := floor(random() * 100);
BEGIN
    IF r < 50 THEN
        c := model.operating(grid_name);
    ELSE
        c.grid := CASE WHEN model.chance(97) THEN grid_name ELSE 'sgprop none' END;
        c.read_only := model.chance(1);
        c.gateway := true;
        c.role := CASE WHEN r > 94 THEN 'sgprop_harmless' END;
        c.principal := CASE WHEN model.chance(40) THEN model.some_name() END;
    END IF;
    RETURN c;
END $$;

-- A session that acts for a participant.
CREATE FUNCTION model.acting_for(who text, grid_name text) RETURNS model.context
LANGUAGE plpgsql AS $$
DECLARE
    c       model.context;
    other   text := model.some_name();
    r       int := floor(random() * 1000);
    is_role boolean := EXISTS (SELECT FROM model.name AS n WHERE n.principal = who AND n.is_role);
BEGIN
    c.grid := CASE WHEN grid_name = 'default' AND model.chance(30) THEN '' ELSE grid_name END;
    c.read_only := model.chance(1);
    IF model.chance(20) THEN
        -- What only a gateway may say must count for nobody else.
        c.claims := jsonb_build_object('sub', other, 'role', 'web')::text;
    END IF;
    CASE
        WHEN r < 6 THEN
            c.role := coalesce(CASE WHEN is_role THEN who END, 'sgprop_harmless');
            c.principal := other;
        WHEN r < 12 THEN
            c.gateway := true;
            c.claims := NULL;
        WHEN r < 18 THEN
            c.gateway := true;
            c.claims := model.one_of('{"sub": "sgprop_alice"', 'null and void', '[1,', '{"role": "web"}', '{}', '[1]', '"sub"',
                                     '{"sub": 5}', '{"sub": true}', '{"sub": ["sgprop_alice"]}');
        WHEN r < 24 THEN
            c.grid := model.one_of('sgprop none', 'Default', 'default ', ' ');
            c.principal := who;
        WHEN r < 28 THEN
            c.principal := model.one_of(repeat('x', 129), repeat('é', 65));
        WHEN r < 38 THEN
            c.principal := '';
        WHEN r < 400 AND is_role THEN
            c.role := who;
        WHEN r < 500 THEN
            c.gateway := true;
            c.principal := who;
            c.subject := CASE WHEN model.chance(50) THEN other END;
            c.role := CASE WHEN model.chance(40) THEN 'sgprop_harmless' END;
        WHEN r < 560 THEN
            c.gateway := true;
            c.claims := jsonb_build_object('sub', who, 'role', 'web')::text;
            c.subject := CASE WHEN model.chance(50) THEN other END;
            c.role := CASE WHEN model.chance(40) THEN 'sgprop_harmless' END;
        WHEN r < 620 THEN
            c.gateway := true;
            c.claims := model.one_of(NULL, '', '{}', '{"sub": null}', '{"sub": ""}', '["sub"]');
            c.subject := who;
        ELSE
            c.principal := who;
    END CASE;
    RETURN c;
END $$;

-- A session that administers the grid, or pretends to.
CREATE FUNCTION model.operating(grid_name text) RETURNS model.context
LANGUAGE plpgsql AS $$
DECLARE
    c model.context;
    r int := floor(random() * 100);
BEGIN
    c.grid := CASE WHEN grid_name = 'default' AND model.chance(30) THEN '' ELSE grid_name END;
    c.read_only := model.chance(1);
    CASE
        WHEN r < 4 THEN c.role := model.one_of('sgprop_alice', 'sgprop_auditor', 'sgprop_harmless', 'sgprop_gateway');
        WHEN r < 6 THEN c.gateway := true; c.principal := model.some_name();
        WHEN r < 10 THEN
            c.gateway := true;
            c.role := 'sgprop_operator';
            c.principal := CASE WHEN model.chance(50) THEN model.some_name() END;
        WHEN r < 30 THEN c.role := 'sgprop_operator';
        WHEN r < 34 THEN c.role := 'sgprop_grid_operator';
        WHEN r < 60 THEN
            c.role := CASE WHEN EXISTS (SELECT FROM model.grid AS g WHERE g.name = grid_name
                                        AND g.operator_role = 'sgprop_operators')
                           THEN model.one_of('sgprop_grid_operator', 'sgprop bob') END;
        WHEN r < 64 THEN
            c.grid := 'sgprop none';
            c.role := model.one_of('sgprop_operator', 'sgprop_grid_operator', NULL);
        ELSE NULL;
    END CASE;
    RETURN c;
END $$;

-- Anybody who reads.
CREATE FUNCTION model.reading(likely text, grid_name text) RETURNS model.context
LANGUAGE plpgsql AS $$
DECLARE
    c       model.context;
    r       int := floor(random() * 100);
    who     text := coalesce(likely, model.some_name());
    is_role boolean;
BEGIN
    IF r < 15 THEN
        who := model.some_name();
    END IF;
    is_role := EXISTS (SELECT FROM model.name AS n WHERE n.principal = who AND n.is_role);
    c.grid := CASE WHEN model.chance(3) THEN 'sgprop none' ELSE grid_name END;
    c.read_only := model.chance(5);
    CASE
        WHEN r < 50 AND is_role THEN c.role := who;
        WHEN r < 65 THEN c.gateway := true; c.principal := who;
        WHEN r < 70 THEN c.gateway := true; c.claims := jsonb_build_object('sub', who)::text;
        WHEN r < 74 THEN c.gateway := true;
        WHEN r < 78 THEN c.role := 'sgprop_auditor';
        WHEN r < 82 THEN c.role := 'sgprop_operator';
        WHEN r < 86 THEN c.role := 'sgprop_grid_operator';
        WHEN r < 90 THEN c.role := 'sgprop_harmless';
        ELSE c.principal := who;
    END CASE;
    RETURN c;
END $$;

-- Options of sg_create_grid and sg_alter_grid in named notation.
CREATE FUNCTION model.grid_options(wild boolean) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    options text := '';
BEGIN
    IF model.chance(25) THEN
        options := options || format(', operator_role => %L', model.one_of('smartgrid_operator', 'sgprop_operators'));
    END IF;
    IF model.chance(20) THEN
        options := options || format(', base_price => %L::bigint', 1 + floor(random() * 500));
    END IF;
    IF model.chance(10) THEN
        options := options || format(', currency => %L', model.one_of('EUR', 'SEK', 'Żółć'));
    END IF;
    IF model.chance(15) THEN
        options := options || ', low_watermark => 90, high_watermark => 97.25';
    ELSIF model.chance(35) THEN
        options := options || format(', low_watermark => %L, high_watermark => %L',
                                     model.one_of('0', '5', '12.5', '33.33', '40'),
                                     model.one_of('40', '55.5', '66.67', '100', '90'));
    END IF;
    IF model.chance(20) THEN
        options := options || format(', max_topup => %L::bigint',
                                     model.one_of('1000000', '250000', '1000000000', '9223372036854775807'));
    END IF;
    IF model.chance(15) THEN
        options := options || format(', stripes => %L', model.one_of('1', '2', '64', '7', '1024'));
    END IF;
    IF model.chance(12) THEN
        options := options || format(', registration => %L', model.one_of('open', 'open', 'operator'));
    END IF;
    IF model.chance(18) THEN
        options := options || format(', max_amount => %L::bigint', model.one_of('2500', '1800000', '4000000000', '1000000000000000',
                                                                                '1000000000000000', '9223372036854775807'));
    END IF;
    IF model.chance(40) THEN
        options := options || format(', price_rule => %L', model.one_of('load', 'scarcity', 'flat'));
    END IF;
    IF wild THEN
        -- One of these, or none that is named above already.
        options := CASE floor(random() * 17)
            WHEN 0 THEN format(', operator_role => %L', model.one_of('sgprop nobody', '', NULL))
            WHEN 1 THEN format(', base_price => %L::bigint', model.one_of('0', '-1', '9223372036854775807', NULL))
            WHEN 2 THEN format(', energy_scale => %L', model.one_of('-1', '19', '18', '0', '3', NULL))
            WHEN 3 THEN format(', money_scale => %L', model.one_of('-1', '19', '2', '0', '18', NULL))
            WHEN 4 THEN format(', low_watermark => %L', model.one_of('-0.01', '100.01', '99.99', 'NaN', '0', NULL))
            WHEN 5 THEN format(', high_watermark => %L', model.one_of('-1', '100.01', '0', 'NaN', 'Infinity', '100', NULL))
            WHEN 6 THEN format(', max_topup => %L::bigint', model.one_of('0', '-5', '1', NULL))
            WHEN 7 THEN format(', stripes => %L', model.one_of('0', '1025', '-1', '3', NULL))
            WHEN 8 THEN ', low_watermark => 60, high_watermark => 40'
            WHEN 9 THEN ', energy_scale => 5, operator_role => ''sgprop nobody'''
            WHEN 10 THEN ', currency => NULL'
            WHEN 11 THEN ', base_price => 0, stripes => NULL'
            WHEN 12 THEN format(', registration => %L', model.one_of('Open', '', 'closed', NULL))
            WHEN 13 THEN format(', max_amount => %L::bigint', model.one_of('0', '-1', NULL))
            WHEN 14 THEN format(', price_rule => %L', model.one_of('LOAD', '', 'none', NULL))
            WHEN 15 THEN format(', max_amount => 1000, base_price => %L', model.one_of('999', '1000', '1001'))
            ELSE ''
        END;
    END IF;
    RETURN options;
END $$;

CREATE FUNCTION model.grid_name(existing boolean) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    r int := floor(random() * 100);
BEGIN
    RETURN format('%L::text', CASE
        WHEN r < 4 THEN ''
        WHEN r < 7 THEN NULL
        WHEN r < 10 THEN repeat('x', 129)
        WHEN (r < 85) = existing THEN model.some_grid()
        ELSE model.one_of('sgprop five', 'SGPROP five', 'sgprop ''six''', repeat('ß', 64), 'sgprop seven ', 'sgprop 8',
                          'sgprop 9', 'sgprop 10')
    END);
END $$;

CREATE FUNCTION model.period(grid_name text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    r       int := floor(random() * 100);
    first   model.entry;
    last    model.entry;
    swapped model.entry;
BEGIN
    SELECT * INTO first FROM model.entry AS e WHERE e.grid = grid_name ORDER BY e.id
    OFFSET floor(random() * (SELECT count(*) FROM model.entry AS e WHERE e.grid = grid_name))::int LIMIT 1;
    SELECT * INTO last FROM model.entry AS e WHERE e.grid = grid_name ORDER BY e.id
    OFFSET floor(random() * (SELECT count(*) FROM model.entry AS e WHERE e.grid = grid_name))::int LIMIT 1;
    IF model.chance(20) THEN
        -- A short one: perhaps nothing but a top-up is in it.
        SELECT * INTO last FROM model.entry AS e WHERE e.grid = grid_name AND e.id >= first.id ORDER BY e.id
        OFFSET model.chance(50)::int LIMIT 1;
        last := coalesce(last, first);
    END IF;
    IF last.began < first.began THEN
        swapped := first;
        first := last;
        last := swapped;
    END IF;
    RETURN format('%L::tstzrange', CASE
        WHEN r < 3 THEN NULL
        WHEN r < 6 THEN 'empty'
        WHEN r < 9 THEN tstzrange(first.began, NULL)::text
        WHEN r < 12 THEN tstzrange(NULL, last.ended)::text
        WHEN r < 13 THEN '(,)'
        WHEN r < 17 OR first.id IS NULL THEN '[2001-01-01, 2001-02-01)'
        WHEN r < 25 THEN tstzrange(first.began, clock_timestamp() + interval '1 day', '[]')::text
        WHEN r < 60 THEN tstzrange(first.began, last.ended + interval '1 microsecond', '[)')::text
        ELSE tstzrange(first.began - interval '1 microsecond', last.ended, '(]')::text
    END);
END $$;

CREATE FUNCTION model.some_function(grid_name text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    r double precision := random();
BEGIN
    IF model.chance(30) AND (SELECT count(*) FROM model.producer AS p WHERE p.grid = grid_name)
                          + (SELECT count(*) FROM model.consumer AS p WHERE p.grid = grid_name)
                          + (SELECT count(*) FROM model.storage AS p WHERE p.grid = grid_name) < 15 THEN
        RETURN model.one_of('register_producer', 'register_consumer', 'register_storage');
    END IF;
    RETURN (SELECT w.call FROM model.weight AS w
            WHERE w.upto > r * (SELECT max(w.upto) FROM model.weight AS w) ORDER BY w.upto LIMIT 1);
END $$;

CREATE FUNCTION model.fresh_call() RETURNS model.call
LANGUAGE plpgsql AS $$
DECLARE
    g       model.grid;
    size    numeric;
    name    text;
    who     text;
    what    text := '';
    c       model.context;
    p       model.producer;
    b       model.consumer;
    s       model.storage;
    t       model.trade;
    price   numeric;
    can_pay numeric;
    revenue numeric;
    most    numeric;
    e       model.entry;
BEGIN
    who := model.some_grid();
    SELECT * INTO g FROM model.grid AS x WHERE x.name = who;
    IF NOT FOUND THEN
        SELECT * INTO g FROM model.grid AS x WHERE x.name = 'default';
    END IF;
    who := NULL;
    size := least(model.size(g.name), g.max_amount);
    name := model.some_function(g.name);
    IF name IN ('register_producer', 'register_consumer', 'register_storage') AND g.registration = 'operator' AND model.chance(60) THEN
        name := replace(name, 'register', 'enrol');
    END IF;
    IF name IN ('complete_trade', 'cancel_trade')
       AND NOT EXISTS (SELECT FROM model.trade AS x WHERE x.grid = g.name AND x.status = 'pending') THEN
        name := 'create_trade';
    END IF;
    CASE name
    WHEN 'register_producer' THEN
        who := model.newcomer(g.name, name);
        what := model.amount(size);
        IF g.name <> 'sgprop huge' AND length(what) > 24 AND model.chance(80) THEN
            what := model.amount(size);     -- else every grid would be a huge one soon
        END IF;
        what := what || format(', %L::text', CASE WHEN model.chance(90)
            THEN model.one_of('solar', 'wind', 'hydro', 'nuclear', 'geothermal', 'biomass', 'natural-gas')
            ELSE model.one_of('Solar', 'WIND', 'coal', '', 'natural gas', NULL, 'solar ') END);
    WHEN 'register_consumer' THEN
        who := model.newcomer(g.name, name);
        what := model.amount(CASE g.name WHEN 'sgprop huge' THEN size ELSE ceil(size / 4) END);
    WHEN 'register_storage' THEN
        who := model.newcomer(g.name, name);
        what := CASE WHEN model.chance(35)
                     -- Many of one make: balancing has ties to break.
                     THEN format('%L::bigint, %L::bigint, %L::bigint', size, ceil(size / 50), ceil(size / 50))
                     ELSE concat_ws(', ', model.amount(size), model.amount(ceil(size / 5)), model.amount(ceil(size / 5))) END;
    WHEN 'report_production' THEN
        who := coalesce(CASE WHEN model.chance(93) THEN model.some_producer(g.name, model.chance(88)) END, model.some_name());
        SELECT * INTO p FROM model.producer AS x WHERE x.grid = g.name AND x.principal = who;
        what := model.amount(least(coalesce(p.capacity, size), g.max_amount), p.capacity, g.max_amount);
    WHEN 'consume_energy' THEN
        who := coalesce(CASE WHEN model.chance(94) THEN model.some_consumer(g.name, model.chance(88)) END, model.some_name());
        SELECT * INTO b FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = who;
        price := model.price(g);
        can_pay := div(coalesce(b.balance, 0) * ('1e' || g.energy_scale)::numeric, price);
        what := model.amount(least(coalesce(b.maximum, size), g.load, greatest(can_pay, 1), g.max_amount),
                             b.maximum, g.load, can_pay, g.max_amount);
        IF model.chance(30) THEN
            what := what || format(', %L::bigint', least(9223372036854775807, CASE floor(random() * 6)::int
                WHEN 0 THEN NULL
                WHEN 1 THEN 0
                WHEN 2 THEN -1
                WHEN 3 THEN 9223372036854775807
                ELSE model.cost(coalesce(substring(what FROM '^''([0-9]+)''')::numeric, 1), price, g.energy_scale)
                     + floor(random() * 4)::int - 1
            END));
        END IF;
    WHEN 'charge_storage' THEN
        who := coalesce(CASE WHEN model.chance(94) THEN model.some_storage(g.name) END, model.some_name());
        SELECT * INTO s FROM model.storage AS x WHERE x.grid = g.name AND x.principal = who;
        what := model.amount(least(coalesce(s.charge_rate, size), g.load, s.capacity - s.stored, g.max_amount),
                             s.charge_rate, g.load, s.capacity - s.stored);
    WHEN 'discharge_storage' THEN
        who := coalesce(CASE WHEN model.chance(94) THEN model.some_storage(g.name) END, model.some_name());
        SELECT * INTO s FROM model.storage AS x WHERE x.grid = g.name AND x.principal = who;
        what := model.amount(least(coalesce(s.discharge_rate, size), s.stored, g.max_amount), s.discharge_rate, s.stored, s.stored);
    WHEN 'create_trade' THEN
        who := coalesce(CASE WHEN model.chance(95) THEN model.some_producer(g.name, model.chance(88)) END, model.some_name());
        SELECT * INTO p FROM model.producer AS x WHERE x.grid = g.name AND x.principal = who;
        SELECT * INTO b FROM model.consumer AS x WHERE x.grid = g.name AND x.active AND x.principal <> who
        ORDER BY x.balance DESC, convert_to(x.principal, 'UTF8') LIMIT 1;
        what := concat_ws(', ', CASE WHEN model.chance(60) AND b.principal IS NOT NULL THEN format('%L::text', b.principal)
                                     ELSE model.target(model.some_consumer(g.name, model.chance(88))) END,
                          model.amount(ceil(least(coalesce(p.unsold, size), g.load, g.max_amount) / 3), p.unsold, g.load),
                          CASE WHEN g.name = 'sgprop huge' AND model.chance(35) THEN model.amount(size)
                               WHEN model.chance(80) THEN format('%L::bigint', ceil(random() * 2 * least(g.base_price, 1e9)))
                               ELSE model.amount(200, g.max_amount) END);
    WHEN 'complete_trade', 'cancel_trade' THEN
        t := model.some_trade(g.name, model.chance(88));
        IF t.id IS NULL THEN
            t := model.some_trade(g.name, true);
        END IF;
        IF model.chance(4) THEN
            t := model.some_trade(model.some_grid(), true);     -- of another grid, perhaps
        END IF;
        who := CASE WHEN name = 'complete_trade' AND model.chance(80) THEN t.buyer
                    WHEN model.chance(45) THEN t.seller
                    WHEN model.chance(50) THEN t.buyer END;
        who := coalesce(who, model.some_name());
        what := format('%L::bigint', CASE WHEN model.chance(95) THEN coalesce(t.id, 1)
                                          ELSE model.one_of('0', '-1', '9223372036854775807')::bigint END);
    WHEN 'add_consumer_balance' THEN
        what := model.target(model.some_consumer(g.name, model.chance(88))) || ', ' || model.amount(g.max_topup, g.max_topup);
        who := model.some_name();
    WHEN 'withdraw_earnings' THEN
        SELECT x.principal INTO who FROM model.producer AS x WHERE x.grid = g.name AND x.earnings > 0
        ORDER BY x.active DESC, x.earnings DESC, convert_to(x.principal, 'UTF8') LIMIT 1;
        IF model.chance(30) THEN
            who := model.some_producer(g.name, model.chance(80));
        END IF;
        who := coalesce(who, model.some_name());
        SELECT * INTO p FROM model.producer AS x WHERE x.grid = g.name AND x.principal = who;
        what := model.amount(coalesce(p.earnings, 1), p.earnings);
    WHEN 'withdraw_balance', 'refund' THEN
        SELECT x.principal INTO who FROM model.consumer AS x WHERE x.grid = g.name AND x.balance > 0
        ORDER BY x.active DESC, x.balance DESC, convert_to(x.principal, 'UTF8') LIMIT 1;
        IF model.chance(35) THEN
            who := model.some_consumer(g.name, model.chance(80));
        END IF;
        SELECT * INTO b FROM model.consumer AS x WHERE x.grid = g.name AND x.principal = who;
        what := model.amount(ceil(b.balance / 4), b.balance);
        IF name = 'refund' THEN
            what := model.target(who) || ', ' || what;
        END IF;
    WHEN 'pay_producer' THEN
        revenue := model.revenue(g.name);
        what := model.target(model.some_producer(g.name, model.chance(88))) || ', ' || model.amount(ceil(revenue / 4), revenue);
    WHEN 'write_off' THEN
        what := model.amount(least(ceil(g.load / 8), g.max_amount), g.load, g.max_amount) || ', ' || model.reason();
    WHEN 'reverse_entry' THEN
        e := model.some_entry(g.name, '{production,consumption,charge,discharge,topup,withdrawal,payout,refund,write_off,trade}');
        what := format('%L::bigint, %s', e.entry_id, model.reason());
    WHEN 'correct_reading' THEN
        e := model.some_entry(g.name, '{production,consumption,charge,discharge}');
        most := least(g.max_amount, CASE e.kind
            WHEN 'production' THEN (SELECT x.capacity FROM model.producer AS x WHERE x.grid = e.grid AND x.principal = e.participant)
            WHEN 'consumption' THEN (SELECT x.maximum FROM model.consumer AS x WHERE x.grid = e.grid AND x.principal = e.participant)
            WHEN 'charge' THEN (SELECT x.charge_rate FROM model.storage AS x WHERE x.grid = e.grid AND x.principal = e.participant)
            WHEN 'discharge' THEN (SELECT x.discharge_rate FROM model.storage AS x WHERE x.grid = e.grid AND x.principal = e.participant) END);
        what := format('%L::bigint, %s, %s', e.entry_id,
                       model.amount(CASE WHEN model.chance(50) THEN least(e.energy, most) ELSE most END, most, e.energy),
                       model.reason());
    WHEN 'post_readings' THEN
        what := model.readings(g);
    WHEN 'enrol_producer' THEN
        what := concat_ws(', ', model.target(model.newcomer(g.name, name)), model.amount(size, g.max_amount),
                          format('%L::text', model.one_of('solar', 'wind', 'hydro', 'biomass', 'natural-gas', 'Solar')));
    WHEN 'enrol_consumer' THEN
        what := model.target(model.newcomer(g.name, name)) || ', ' || model.amount(ceil(size / 4), g.max_amount);
    WHEN 'enrol_storage' THEN
        what := concat_ws(', ', model.target(model.newcomer(g.name, name)), model.amount(size, g.max_amount),
                          model.amount(ceil(size / 5)), model.amount(ceil(size / 5)));
    WHEN 'alter_producer' THEN
        what := concat_ws(', ', model.target(model.some_producer(g.name, model.chance(80))),
                          CASE WHEN model.chance(95) THEN model.amount(size, g.max_amount) END);
    WHEN 'alter_consumer' THEN
        what := concat_ws(', ', model.target(model.some_consumer(g.name, model.chance(80))),
                          CASE WHEN model.chance(95) THEN model.amount(size, g.max_amount) END);
    WHEN 'alter_storage' THEN
        who := model.some_storage(g.name);
        SELECT * INTO s FROM model.storage AS x WHERE x.grid = g.name AND x.principal = who;
        what := concat_ws(', ', model.target(who),
                          CASE WHEN model.chance(60) THEN 'capacity => ' || model.amount(size, s.stored, g.max_amount) END,
                          CASE WHEN model.chance(50) THEN 'discharge_rate => ' || model.amount(ceil(size / 5), g.max_amount) END,
                          CASE WHEN model.chance(50) THEN 'charge_rate => ' || model.amount(ceil(size / 5), g.max_amount) END);
    WHEN 'set_base_price' THEN
        what := CASE WHEN model.chance(75)
                     THEN format('%L::bigint', least(g.max_amount, ceil(random() * CASE g.name WHEN 'sgprop mWh' THEN 600000 ELSE 400 END)))
                     ELSE model.amount(1000, g.max_amount) END;
    WHEN 'forget_requests' THEN
        what := format('%L::timestamptz', CASE WHEN model.chance(94) THEN (SELECT x.made_after - interval '10 microseconds'
            FROM model.request AS x WHERE x.grid = g.name ORDER BY x.made_after OFFSET floor(random() * 8)::int LIMIT 1)::text
            ELSE model.one_of('infinity', '-infinity', NULL) END);
    WHEN 'toggle_emergency_mode', 'balance_load', 'get_grid_status', 'get_dynamic_price', 'principal', 'grid' THEN
        NULL;
    WHEN 'record_metrics' THEN
        what := CASE WHEN model.chance(60) THEN model.period(g.name)
                     ELSE concat_ws(', ', model.amount(size), model.amount(size), model.amount(size),
                                    CASE WHEN model.chance(85) THEN model.amount(100, 100)
                                         ELSE model.one_of('0', '100', '101', '-1') END) END;
    WHEN 'update_producer_reputation' THEN
        what := model.target(model.some_producer(g.name, model.chance(80))) || ', ' || CASE WHEN model.chance(85)
                THEN floor(random() * 101)::text ELSE model.one_of('-1', '101', 'NULL::int', '2147483647', '0', '100') END;
    WHEN 'deactivate_participant' THEN
        what := model.one_of('true', 'false');
        what := model.target(CASE WHEN what::boolean THEN model.some_producer(g.name, model.chance(90))
                                  ELSE model.some_consumer(g.name, model.chance(90)) END)
                || ', ' || CASE WHEN model.chance(97) THEN what ELSE 'NULL::boolean' END;
    WHEN 'reactivate_participant' THEN
        what := model.one_of('true', 'false');
        what := model.target(CASE WHEN what::boolean THEN model.some_producer(g.name, model.chance(10))
                                  ELSE model.some_consumer(g.name, model.chance(10)) END)
                || ', ' || CASE WHEN model.chance(97) THEN what ELSE 'NULL::boolean' END;
    WHEN 'create_grid' THEN
        what := model.grid_name(false) || model.grid_options(model.chance(40));
    WHEN 'alter_grid' THEN
        what := model.grid_name(true) || model.grid_options(model.chance(40));
    WHEN 'rename_participant' THEN
        who := model.some_participant(g.name);
        what := model.target(who) || ', ' || CASE floor(random() * 10)
            WHEN 0 THEN coalesce(format('%L::text', who), 'NULL::text')
            WHEN 1 THEN model.target(model.some_participant(g.name))
            ELSE format('%L::text', (SELECT n.principal FROM model.name AS n
                                     WHERE NOT model.is_participant(g.name, n.principal) AND n.principal <> session_user
                                     ORDER BY n.caller, n.position DESC
                                     OFFSET CASE WHEN model.chance(30) THEN 1 ELSE 0 END LIMIT 1)) END;
    WHEN 'get_producer_info' THEN
        who := model.some_producer(g.name, model.chance(80));
        what := model.target(who);
    WHEN 'get_consumer_info' THEN
        who := model.some_consumer(g.name, model.chance(80));
        what := model.target(who);
    WHEN 'get_storage_info' THEN
        who := model.some_storage(g.name);
        what := model.target(who);
    WHEN 'get_trade_info' THEN
        t := model.some_trade(g.name, model.chance(40));
        IF model.chance(10) THEN
            t := model.some_trade(model.some_grid(), true);
        END IF;
        who := CASE WHEN model.chance(50) THEN t.buyer ELSE t.seller END;
        what := format('%L::bigint', CASE WHEN model.chance(95) THEN coalesce(t.id, 1) ELSE model.one_of('0', '-1', '9999999')::bigint END);
    WHEN 'get_metrics' THEN
        what := format('%L::bigint', CASE WHEN model.chance(90)
            THEN coalesce((SELECT m.id FROM model.metrics AS m WHERE m.grid = g.name ORDER BY m.id DESC
                           OFFSET floor(random() * 5)::int LIMIT 1), 1)
            ELSE model.one_of('0', '-1', '9999999')::bigint END);
    WHEN 'quote' THEN
        who := model.some_consumer(g.name, model.chance(80));
        what := model.amount(least(greatest(g.load, 100), g.max_amount), g.load, g.max_amount);
    END CASE;

    IF name IN ('set_base_price', 'toggle_emergency_mode', 'record_metrics', 'update_producer_reputation', 'balance_load',
                'deactivate_participant', 'reactivate_participant', 'rename_participant', 'enrol_producer', 'enrol_consumer',
                'enrol_storage', 'alter_producer', 'alter_consumer', 'alter_storage', 'refund', 'pay_producer', 'write_off',
                'reverse_entry', 'correct_reading', 'forget_requests') THEN
        c := model.operating(g.name);
    ELSIF name = 'post_readings' THEN
        c := model.posting(g.name);
    ELSIF name IN ('create_grid', 'alter_grid') THEN
        c := model.operating('default');
    ELSIF name = 'cancel_trade' AND model.chance(20) THEN
        c := model.operating(g.name);
    ELSIF name LIKE 'get%' OR name = 'quote' OR (name = 'cancel_trade' AND model.chance(15)) THEN
        c := model.reading(who, g.name);
    ELSE
        c := model.acting_for(coalesce(who, model.some_name()), g.name);
    END IF;

    RETURN ROW (name, what, c)::model.call;
END $$;

-- One in three calls has a reference; some are made again, or others under the same one, by the same caller or another.
CREATE FUNCTION model.next_call() RETURNS model.call
LANGUAGE plpgsql AS $$
DECLARE
    asked model.call := model.fresh_call();
    c     model.context := asked.context;
    old   model.request;
    r     int := floor(random() * 100);
BEGIN
    IF model.chance(20) THEN
        SELECT * INTO old FROM model.request AS x ORDER BY x.made_after DESC OFFSET floor(random() * 15)::int LIMIT 1;
    END IF;
    IF old.reference IS NOT NULL THEN
        IF r < 60 THEN
            asked.name := old.function;
            asked.arguments := old.arguments;
            c.read_only := false;
        ELSIF r < 70 AND old.function IN ('report_production', 'charge_storage', 'toggle_emergency_mode') THEN
            asked.name := CASE old.function WHEN 'report_production' THEN 'consume_energy' WHEN 'charge_storage' THEN 'discharge_storage'
                                            ELSE 'balance_load' END;
            asked.arguments := old.arguments;
        ELSIF r < 75 AND old.function IN ('report_production', 'consume_energy', 'withdraw_earnings', 'create_trade') THEN
            asked.name := old.function;
            asked.arguments := replace(old.arguments, '1', '2');
        END IF;
        IF r < 92 THEN
            c.role := CASE WHEN old.is_role AND old.caller <> 'sgprop_gateway' THEN old.caller END;
            c.principal := CASE WHEN NOT old.is_role THEN old.caller END;
            c.gateway := old.is_role OR model.chance(70);
            c.claims := NULL;
            c.subject := NULL;
            IF asked.name NOT IN ('create_grid', 'alter_grid') THEN
                c.grid := old.grid;
            END IF;
        END IF;
        c.reference := old.reference;
    ELSIF r < 30 THEN
        c.reference := 'call/' || nextval('model.references');
    ELSIF r < 32 THEN
        c.reference := model.one_of('', repeat('é', 64), repeat('x', 128), repeat('x', 129), 'the same', E'it''s\n"quoted"');
    END IF;
    IF c.gateway AND c.reference IS NOT NULL AND model.chance(30) THEN
        c.headers := jsonb_build_object('host', 'x', 'idempotency-key', c.reference)::text;
        c.reference := CASE WHEN model.chance(10) THEN 'another' WHEN model.chance(50) THEN '' END;
    ELSIF model.chance(5) THEN
        c.headers := model.one_of('{}', '{"Idempotency-Key": "no"}', '{"idempotency-key": ""}', '{"idempotency-key": "by header"}');
    END IF;
    asked.context := c;
    RETURN asked;
END $$;
