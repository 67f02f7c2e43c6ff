-- Calls that are made once, under a reference.

-- Who calls: the principal; the role, if none is set.
CREATE FUNCTION model.caller(c model.context, OUT caller text, OUT is_role boolean)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    caller := model.principal_if_set(c);
    is_role := caller IS NULL;
    caller := coalesce(caller, model.current_role(c));
END $$;

CREATE FUNCTION model.reference_of(c model.context) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    reference text := nullif(c.reference, '');
BEGIN
    IF reference IS NULL AND c.gateway AND c.headers <> '' THEN
        reference := nullif(c.headers::jsonb ->> 'idempotency-key', '');
    END IF;
    PERFORM model.need(reference IS NULL OR model.is_name(reference), 'SG108');
    RETURN reference;
END $$;

-- What was served in a statement of the client stays served, whatever is taken back: locks of the session do not go back.
CREATE FUNCTION model.served_key(r model.request) RETURNS bigint
LANGUAGE sql AS $$
    SELECT hashtextextended(to_jsonb(ARRAY[r.grid, r.caller, r.is_role::text, r.reference, statement_timestamp()::text])::text, 11)
$$;

CREATE FUNCTION model.is_served(r model.request) RETURNS boolean
LANGUAGE sql AS $$
    SELECT EXISTS (SELECT FROM pg_locks AS l
                   WHERE l.locktype = 'advisory' AND l.pid = pg_backend_pid() AND l.objsubid = 1
                     AND (l.classid::bigint << 32 | l.objid::bigint) = model.served_key(r))
$$;

-- A call as the model answers it: function, result and SQLSTATE are those of the function without a reference, unless it
-- has one and was made already.
CREATE FUNCTION model.once(c model.context, function text, arguments text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    statement CONSTANT text := format('SELECT to_jsonb(model.%I(%s))', function, concat_ws(', ', '$1', nullif(arguments, '')));
    is_reading CONSTANT boolean := function LIKE 'get\_%' OR function IN ('quote', 'principal', 'grid');
    r         model.request;
    found_one model.request;
    code      text;
    result    jsonb;
BEGIN
    IF NOT is_reading THEN
        PERFORM model.writes(c);
        r.reference := model.reference_of(c);
    END IF;
    IF r.reference IS NULL THEN
        EXECUTE statement INTO result USING c;
        RETURN result;
    END IF;

    BEGIN
        c.asking := true;
        EXECUTE statement INTO result USING c;
    EXCEPTION WHEN OTHERS THEN
        code := SQLSTATE;
    END;
    PERFORM model.need(code = 'XXASK', coalesce(code, 'XXNOT'));
    c.asking := false;
    SELECT * INTO r.caller, r.is_role FROM model.caller(c);
    r.grid := CASE WHEN function IN ('create_grid', 'alter_grid') THEN model.first_argument(arguments)
                   ELSE coalesce(nullif(c.grid, ''), 'default') END;

    SELECT * INTO found_one FROM model.request AS x
    WHERE (x.grid, x.caller, x.is_role, x.reference) = (r.grid, r.caller, r.is_role, r.reference);
    IF FOUND THEN
        IF (found_one.function, found_one.arguments) <> (function, arguments) OR model.is_served(r) THEN
            PERFORM nextval('model.refused_references'), model.need(false, 'SG105');
        END IF;
        PERFORM nextval('model.answered'), pg_advisory_lock(model.served_key(r));
        IF found_one.entry IS NOT NULL THEN
            PERFORM setval('model.last_entry', found_one.entry);
        END IF;
        RETURN found_one.result;
    END IF;

    r.entry := (SELECT s.last_value FROM model.entries AS s);
    EXECUTE statement INTO result USING c;
    r.entry := CASE WHEN EXISTS (SELECT FROM model.entry AS e WHERE e.id > r.entry)
                    THEN (SELECT s.last_value FROM model.last_entry AS s) END;
    INSERT INTO model.request
    VALUES (r.grid, r.caller, r.is_role, r.reference, function, arguments, result, r.entry, c.began, c.ended);
    PERFORM nextval('model.remembered'), pg_advisory_lock(model.served_key(r));
    RETURN result;
END $$;

CREATE FUNCTION model.first_argument(arguments text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    given text;
BEGIN
    EXECUTE 'SELECT ' || substring(arguments FROM '^(E?''(?:[^'']|'''')*'')') INTO given;
    RETURN given;
END $$;

-- `before` lies between two calls.
CREATE FUNCTION model.forget_requests(c model.context, before timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    g model.grid;
    n bigint;
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(before IS NOT NULL, 'SG108');
    g := model.operated(c);
    DELETE FROM model.request AS r WHERE r.grid = g.name AND r.made_until <= before;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
