-- Calls on behalf of others, for the tests that include this file after BEGIN.
--
-- Tests stay superuser, or pgTAP could not write its results; only the statement under test runs as somebody else.
-- A caller is written login, login/role (SET ROLE) or login@principal (smartgrid.principal, for a gateway).

CREATE SCHEMA sgtest;

-- outcome: the first row of the statement as text, without the parentheses of a row; NULL where there is no row; where
-- it failed, the SQLSTATE. keep: whether the effects stay (those of a failed statement never do).
CREATE FUNCTION sgtest.run(
    keep boolean, who text, statement text, settings jsonb,
    OUT outcome text, OUT message text, OUT detail text, OUT hint text
)
    LANGUAGE plpgsql AS $$
DECLARE
    account CONSTANT text := split_part(who, '@', 1);
    principal CONSTANT text := split_part(who, '@', 2);
    login CONSTANT text := split_part(account, '/', 1);
    switched CONSTANT text := split_part(account, '/', 2);
    answer record;
    rows bigint;
BEGIN
    BEGIN
        PERFORM set_config(s.key, s.value, true) FROM jsonb_each_text(settings) AS s WHERE s.key NOT LIKE 'transaction_%';
        IF principal <> '' THEN
            PERFORM set_config('smartgrid.principal', principal, true);
        END IF;
        IF login <> '' THEN
            PERFORM set_config('session_authorization', login, true);
        END IF;
        IF switched <> '' THEN
            PERFORM set_config('role', switched, true);
        END IF;
        PERFORM set_config(s.key, s.value, true) FROM jsonb_each_text(settings) AS s WHERE s.key LIKE 'transaction_%';
        EXECUTE statement INTO answer;
        GET DIAGNOSTICS rows = ROW_COUNT;
        IF rows > 0 THEN
            outcome := substr(answer::text, 2, length(answer::text) - 2);
        END IF;
        IF NOT keep THEN
            RAISE EXCEPTION USING ERRCODE = 'RB001';
        END IF;
        SET LOCAL SESSION AUTHORIZATION DEFAULT;
        PERFORM set_config(s.key, '', true) FROM jsonb_each_text(settings) AS s;
        PERFORM set_config('smartgrid.principal', '', true);
    EXCEPTION
        WHEN SQLSTATE 'RB001' THEN
            NULL;
        WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS outcome = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
                                    detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    END;
END $$;

-- What a statement does, without doing it.
CREATE FUNCTION sgtest.try(who text, statement text, settings jsonb DEFAULT '{}') RETURNS text
    LANGUAGE sql AS $$ SELECT outcome FROM sgtest.run(false, who, statement, settings) $$;

-- Does it.
CREATE FUNCTION sgtest.keep(who text, statement text, settings jsonb DEFAULT '{}') RETURNS text
    LANGUAGE sql AS $$ SELECT outcome FROM sgtest.run(true, who, statement, settings) $$;

-- What a statement that fails says: message, detail and hint.
CREATE FUNCTION sgtest.complaint(who text, statement text, settings jsonb DEFAULT '{}') RETURNS text
    LANGUAGE sql AS $$
    SELECT concat_ws(E'\n', message, 'DETAIL: ' || NULLIF(detail, ''), 'HINT: ' || NULLIF(hint, ''))
    FROM sgtest.run(false, who, statement, settings)
$$;

-- Does it in a grid; whatever fails here is a fault of the test.
CREATE FUNCTION sgtest.given(who text, statement text, grid text DEFAULT 'default') RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    outcome text := sgtest.keep(who, statement, jsonb_build_object('smartgrid.grid', grid));
BEGIN
    IF outcome ~ '^(SG1|[0-9A-Z]{5}$)' THEN
        RAISE EXCEPTION '% as % failed with %', statement, who, outcome;
    END IF;
END $$;

-- A list of things to try: expected is a result or an SQLSTATE.
CREATE TABLE sgtest.expectation (
    n integer GENERATED ALWAYS AS IDENTITY,
    who text NOT NULL,
    statement text NOT NULL,
    expected text,
    why text NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}'
);
