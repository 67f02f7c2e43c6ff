-- One call on both sides. A difference is told at once and taken back on both sides, so that the run goes on from a state
-- in which they agree.

CREATE FUNCTION model.ask_extension(
    statement text, INOUT c model.context, OUT state text, OUT message text
)
LANGUAGE plpgsql AS $$
BEGIN
    state := '00000';
    BEGIN
        IF c.gateway THEN
            SET LOCAL SESSION AUTHORIZATION sgprop_gateway;
        END IF;
        PERFORM set_config('smartgrid.principal', coalesce(c.principal, ''), true),
                set_config('request.jwt.claims', coalesce(c.claims, ''), true),
                set_config('jwt.claims.sub', coalesce(c.subject, ''), true),
                set_config('smartgrid.grid', coalesce(c.grid, ''), true),
                set_config('smartgrid.reference', coalesce(c.reference, ''), true),
                set_config('request.headers', coalesce(c.headers, ''), true);
        IF c.role IS NOT NULL THEN
            PERFORM set_config('role', c.role, true);
        END IF;
        IF c.read_only THEN
            SET LOCAL transaction_read_only = on;
        END IF;
        c.began := clock_timestamp();
        EXECUTE statement INTO c.result;
        c.ended := clock_timestamp();
        IF c.read_only THEN
            -- Only an abort makes the transaction writable again.
            RAISE EXCEPTION USING ERRCODE = 'RB001';
        END IF;
        IF c.role IS NOT NULL THEN
            SET LOCAL ROLE NONE;
        END IF;
        IF c.gateway THEN
            SET LOCAL SESSION AUTHORIZATION DEFAULT;
        END IF;
        PERFORM set_config('smartgrid.principal', '', true), set_config('request.jwt.claims', '', true),
                set_config('jwt.claims.sub', '', true), set_config('smartgrid.grid', '', true),
                set_config('smartgrid.reference', '', true), set_config('request.headers', '', true);
    EXCEPTION
        WHEN SQLSTATE 'RB001' THEN
            NULL;
        WHEN OTHERS THEN
            state := SQLSTATE;
            message := SQLERRM;
            c.result := NULL;
    END;
END $$;

CREATE FUNCTION model.ask_model(
    asked model.call, c model.context, OUT state text, OUT message text, OUT result jsonb
)
LANGUAGE plpgsql AS $$
BEGIN
    state := '00000';
    result := model.once(c, asked.name, asked.arguments);
EXCEPTION WHEN OTHERS THEN
    state := SQLSTATE;
    message := SQLERRM;
    result := NULL;
END $$;

-- The entry that was written last by this session, if it was not rolled back.
CREATE FUNCTION model.last_entry_differs() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    m      model.entry;
    answer jsonb;
    wanted jsonb;
BEGIN
    -- After a difference that was taken back nobody knows what the extension wrote.
    IF (SELECT s.last_value FROM model.doubtful AS s) = (SELECT s.last_value FROM model.entries AS s) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO m FROM model.entry AS e WHERE e.id = (SELECT s.last_value FROM model.last_entry AS s);
    SELECT to_jsonb(e) INTO answer FROM sg_last_entry() AS e;
    answer := model.normal(answer);
    IF m.id IS NULL THEN
        RETURN 'last entry: none expected, got ' || answer::text;
    END IF;
    wanted := jsonb_build_object('entry_id', m.entry_id, 'kind', m.kind, 'grid', m.grid, 'participant', m.participant,
                                 'counterparty', m.counterparty, 'energy', m.energy, 'price', m.price, 'money', m.money,
                                 'trade_id', m.trade, 'about', m.about);
    IF answer @> wanted AND (answer ->> 'at')::timestamptz BETWEEN m.began AND m.ended
       AND (answer ->> 'booked_at')::timestamptz BETWEEN m.booked_after AND m.booked_until THEN
        RETURN NULL;
    END IF;
    RETURN format('last entry: extension %s, model %s', answer, wanted || jsonb_build_object('at', tstzrange(m.began, m.ended)));
END $$;

CREATE FUNCTION model.compare(asked model.call) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    number  bigint := nextval('model.calls');
    c       model.context := asked.context;
    theirs  record;
    ours    record;
    answer  jsonb;
    problem text;
    grid    text := coalesce(nullif(c.grid, ''), 'default');
BEGIN
    -- Should the server end in the call: PGOPTIONS='-c log_min_messages=debug1' has it in the log.
    RAISE DEBUG 'call %: SELECT * FROM sg_%(%) by %', number, asked.name, asked.arguments, jsonb_strip_nulls(to_jsonb(c));
    theirs := model.ask_extension(CASE asked.name
        WHEN 'balance_load' THEN 'SELECT coalesce(jsonb_agg(to_jsonb(f)), ''[]'') FROM sg_balance_load() AS f'
        WHEN 'post_readings' THEN format('SELECT coalesce(jsonb_agg(to_jsonb(f) - ''message''), ''[]'') FROM sg_post_readings(%s) AS f', asked.arguments)
        ELSE format('SELECT to_jsonb(f) FROM sg_%s(%s) AS f', asked.name, asked.arguments) END, c);
    c := theirs.c;
    answer := model.normal(c.result);
    RAISE DEBUG 'call %: % %', number, theirs.state, answer;
    BEGIN
        ours := model.ask_model(asked, c);
        IF theirs.state <> ours.state THEN
            problem := 'the SQLSTATE';
        ELSIF answer IS DISTINCT FROM ours.result THEN
            problem := 'the result';
        ELSE
            problem := model.learn_entries();
            -- Others' grids are compared from time to time: a call must leave them alone.
            IF problem IS NOT NULL THEN
                NULL;
            ELSIF number % 25 = 0 THEN
                problem := model.any_difference();
            ELSIF EXISTS (SELECT FROM model.grid AS g WHERE g.name = grid) THEN
                problem := model.difference(grid, false);
            END IF;
            PERFORM set_config('smartgrid.grid', '', true);
            problem := coalesce(problem, model.last_entry_differs());
        END IF;
    END;
    PERFORM nextval(format('model.%I', asked.name || ' ' || coalesce((SELECT o.state FROM model.outcome AS o
                                                                      WHERE o.state = theirs.state), 'other')));
    IF problem IS NOT NULL THEN
        PERFORM nextval('model.mismatches'), setval('model.doubtful', (SELECT s.last_value FROM model.entries AS s));
        RAISE WARNING USING
            MESSAGE = format(E'call %s: SELECT * FROM sg_%s(%s)\n  by %s\n  differs in %s\n  extension: %s %s %s\n  model:     %s %s %s',
                             number, asked.name, asked.arguments, jsonb_strip_nulls(to_jsonb(asked.context)), problem,
                             theirs.state, answer, theirs.message, ours.state, ours.result, ours.message);
        RAISE EXCEPTION USING ERRCODE = 'RB003';
    END IF;
END $$;

CREATE PROCEDURE model.call(asked model.call)
LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT s.last_value FROM model.mismatches AS s) < 25 THEN
        PERFORM model.compare(asked);
    END IF;
EXCEPTION WHEN SQLSTATE 'RB003' THEN
    NULL;
END $$;

CREATE PROCEDURE model.run(calls int)
LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..calls LOOP
        CALL model.call(model.next_call());
    END LOOP;
END $$;

-- Several calls that an error takes back, on both sides at once.
CREATE PROCEDURE model.run_and_undo(calls int)
LANGUAGE plpgsql AS $$
BEGIN
    CALL model.run(calls / 2);
    BEGIN
        CALL model.run(calls - calls / 2);
        RAISE EXCEPTION USING ERRCODE = 'RB002';
    EXCEPTION WHEN SQLSTATE 'RB002' THEN
        PERFORM nextval('model.undone');
    END;
END $$;

-- After a rollback both sides must have gone back to the same state.
CREATE PROCEDURE model.verify(why text)
LANGUAGE plpgsql AS $$
DECLARE
    problem text := coalesce(model.any_difference(), model.last_entry_differs());
BEGIN
    IF why LIKE '%savepoint' THEN
        PERFORM nextval('model.savepoints');
    END IF;
    IF problem IS NOT NULL THEN
        PERFORM nextval('model.mismatches');
        RAISE WARNING 'after call % and %: %', (SELECT s.last_value FROM model.calls AS s), why, problem;
    END IF;
END $$;

-- The script of the whole run, statement by statement: psql sends each by itself, so savepoints are real ones.
CREATE FUNCTION model.script(calls int) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    done    int := 0;
    checked int := 0;
    r       int;
    n       int[];
BEGIN
    WHILE done < calls LOOP
        r := floor(random() * 100);
        n := ARRAY (SELECT 1 + floor(random() * 6 + x * 0)::int FROM generate_series(1, 4) AS x);
        IF r < 45 THEN
            RETURN NEXT format('CALL model.run(%s)', n[1]);
            n[2:4] := '{0,0,0}';
        ELSIF r < 60 THEN
            RETURN NEXT format('CALL model.run_and_undo(%s)', n[1]);
            RETURN NEXT 'CALL model.verify(''an error'')';
            n[2:4] := '{0,0,0}';
        ELSE
            RETURN NEXT 'BEGIN' || model.one_of('', '', ' ISOLATION LEVEL REPEATABLE READ', ' ISOLATION LEVEL SERIALIZABLE');
            RETURN NEXT format('CALL model.run(%s)', n[1]);
            RETURN NEXT 'SAVEPOINT outer_one';
            RETURN NEXT format('CALL model.run(%s)', n[2]);
            IF r < 75 THEN
                RETURN NEXT 'SAVEPOINT "inner one"';
                RETURN NEXT format('CALL model.run(%s)', n[3]);
                RETURN NEXT model.one_of('ROLLBACK TO "inner one"', 'RELEASE "inner one"');
                RETURN NEXT 'CALL model.verify(''the end of the inner savepoint'')';
            ELSE
                n[3] := 0;
            END IF;
            RETURN NEXT model.one_of('ROLLBACK TO outer_one', 'RELEASE outer_one', 'RELEASE outer_one');
            RETURN NEXT 'CALL model.verify(''the end of the savepoint'')';
            RETURN NEXT format('CALL model.run(%s)', n[4]);
            RETURN NEXT model.one_of('COMMIT', 'COMMIT', 'COMMIT', 'ROLLBACK');
            RETURN NEXT 'CALL model.verify(''the end of the transaction'')';
        END IF;
        done := done + (SELECT sum(x) FROM unnest(n) AS x);
        IF done / 100 > checked THEN
            checked := done / 100;
            RETURN NEXT format('SELECT is(model.failed_check(), NULL, %L)', 'sg_check() after ' || done || ' calls');
        END IF;
    END LOOP;
END $$;
