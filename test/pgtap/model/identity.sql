-- Who is calling, in which grid, with which rights, and the helpers that raise.

CREATE FUNCTION model.need(condition boolean, code text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF condition IS NOT TRUE THEN
        RAISE EXCEPTION USING ERRCODE = code, MESSAGE = 'the model expects ' || code;
    END IF;
END $$;

-- A total that a bigint must hold.
CREATE FUNCTION model.fits(VARIADIC figures numeric[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    figure numeric;
BEGIN
    FOREACH figure IN ARRAY figures LOOP
        PERFORM model.need(figure <= 9223372036854775807, '22003');
    END LOOP;
END $$;

CREATE FUNCTION model.is_name(given text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT given IS NOT NULL AND given <> '' AND octet_length(convert_to(given, 'UTF8')) <= 128
$$;

CREATE FUNCTION model.current_role(c model.context) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(c.role, CASE WHEN c.gateway THEN 'sgprop_gateway' ELSE session_user::text END)
$$;

CREATE FUNCTION model.is_superuser(c model.context) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT c.role IS NULL AND c.gateway IS NOT TRUE
$$;

CREATE FUNCTION model.is_member(c model.context, wanted text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT model.is_superuser(c)
        OR EXISTS (SELECT FROM model.role AS r
                   WHERE r.name = model.current_role(c) AND (r.name = wanted OR wanted = ANY (r.member_of)))
$$;

CREATE FUNCTION model.is_operator(c model.context, grid_role text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT model.is_member(c, 'smartgrid_operator') OR model.is_member(c, grid_role)
$$;

-- In its own role: what a gateway has switched to is none.
CREATE FUNCTION model.is_gateway(c model.context) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT model.is_member(c, 'smartgrid_gateway')
$$;

CREATE FUNCTION model.reads_all(c model.context, grid_role text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT model.is_operator(c, grid_role) OR model.is_member(c, 'smartgrid_auditor')
$$;

-- The calling principal; NULL in a gateway session that names none.
CREATE FUNCTION model.principal_if_set(c model.context) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found_one text;
BEGIN
    IF c.gateway THEN
        found_one := nullif(c.principal, '');
        IF found_one IS NULL AND coalesce(c.claims, '') <> '' THEN
            BEGIN
                PERFORM model.need(coalesce(jsonb_typeof(c.claims::jsonb -> 'sub'), 'null') IN ('string', 'null'), 'SG102');
                found_one := nullif(c.claims::jsonb ->> 'sub', '');
            EXCEPTION WHEN invalid_text_representation THEN
                PERFORM model.need(false, 'SG102');
            END;
        END IF;
        found_one := coalesce(found_one, nullif(c.subject, ''));
    ELSIF coalesce(c.principal, '') <> '' THEN
        PERFORM model.need(model.is_superuser(c), 'SG102');
        found_one := c.principal;
    ELSE
        found_one := model.current_role(c);
    END IF;
    PERFORM model.need(found_one IS NULL OR model.is_name(found_one), 'SG108');
    RETURN found_one;
END $$;

CREATE FUNCTION model.who(c model.context) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found_one text := model.principal_if_set(c);
BEGIN
    PERFORM model.need(found_one IS NOT NULL, 'SG102');
    RETURN found_one;
END $$;

-- For reading: a session without a principal owns nothing, and that is no error.
CREATE FUNCTION model.who_if_any(c model.context) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN model.who(c);
EXCEPTION WHEN SQLSTATE 'SG102' THEN
    RETURN NULL;
END $$;

-- Who corrects: the principal, or the role if none is set.
CREATE FUNCTION model.who_or_role(c model.context) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(model.who_if_any(c), model.current_role(c))
$$;

CREATE FUNCTION model.here(c model.context) RETURNS model.grid
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.need(c.asking IS NOT TRUE, 'XXASK');
    SELECT * INTO g FROM model.grid AS x WHERE x.name = coalesce(nullif(c.grid, ''), 'default');
    PERFORM model.need(FOUND, 'SG101');
    RETURN g;
END $$;

-- The grid for an operator's function: nobody else learns whether it exists.
CREATE FUNCTION model.operated(c model.context) RETURNS model.grid
LANGUAGE plpgsql STABLE AS $$
DECLARE
    g model.grid;
BEGIN
    PERFORM model.need(c.asking IS NOT TRUE, 'XXASK');
    SELECT * INTO g FROM model.grid AS x WHERE x.name = coalesce(nullif(c.grid, ''), 'default');
    PERFORM model.need(model.is_operator(c, coalesce(g.operator_role, '')), 'SG100');
    PERFORM model.need(g.name IS NOT NULL, 'SG101');
    RETURN g;
END $$;

CREATE FUNCTION model.writes(c model.context) RETURNS void
LANGUAGE sql AS $$
    SELECT model.need(c.read_only IS NOT TRUE, '25006')
$$;

CREATE FUNCTION model.principal(c model.context) RETURNS text
LANGUAGE sql AS $$
    SELECT model.who(c)
$$;

CREATE FUNCTION model.grid(c model.context) RETURNS text
LANGUAGE sql AS $$
    SELECT (model.here(c)).name
$$;
