-- Readings, many in one call.

CREATE FUNCTION model.post_reading(
    c model.context, who text, kind text, amount numeric, at timestamptz, may_be_final boolean
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    g        model.grid := model.here(c);
    final_at timestamptz := CASE WHEN may_be_final THEN at END;
BEGIN
    PERFORM model.need(model.is_name(who), 'SG108');
    CASE kind
        WHEN 'production' THEN PERFORM model.produce(c, g, who, amount, at, final_at);
        WHEN 'consumption' THEN PERFORM model.consume(c, g, who, amount, NULL, 0, at, final_at);
        WHEN 'charge' THEN PERFORM model.charge(c, g, who, amount, 0, at);
        WHEN 'discharge' THEN PERFORM model.discharge(c, g, who, amount, 0, at);
        WHEN 'topup' THEN PERFORM model.topup(c, g, who, amount, at);
    END CASE;
END $$;

CREATE FUNCTION model.is_list(list anyarray, n int) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT list IS NOT NULL AND coalesce(array_ndims(list), 1) = 1 AND cardinality(list) = n
       AND array_position(list, NULL) IS NULL
$$;

-- The readings that fail: position and SQLSTATE.
CREATE FUNCTION model.post_readings(
    c model.context, principals text[], kinds text[], amounts bigint[], at timestamptz[] DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    g        model.grid;
    n        int := cardinality(principals);
    operator boolean;
    result   jsonb := '[]';
BEGIN
    PERFORM model.writes(c);
    PERFORM model.need(model.is_list(principals, n) AND model.is_list(kinds, n) AND model.is_list(amounts, n), 'SG108');
    PERFORM model.need(at IS NULL OR model.is_list(at, n), 'SG108');
    PERFORM model.need(kinds <@ '{production,consumption,charge,discharge,topup}', 'SG108');
    PERFORM model.need(NOT coalesce(at && '{infinity,-infinity}', false), 'SG108');
    PERFORM model.need(c.asking IS NOT TRUE, 'XXASK');
    SELECT * INTO g FROM model.grid AS x WHERE x.name = coalesce(nullif(c.grid, ''), 'default');
    operator := model.is_operator(c, coalesce(g.operator_role, ''));
    PERFORM model.need(operator OR model.is_gateway(c), 'SG102');
    g := model.here(c);
    FOR i IN 1..n LOOP
        BEGIN
            PERFORM model.post_reading(c, principals[i], kinds[i], amounts[i], at[i], operator);
            IF amounts[i] = 0 THEN
                PERFORM nextval('model.empty_readings');
            END IF;
        EXCEPTION WHEN OTHERS THEN
            PERFORM nextval('model.refused_readings');
            result := result || jsonb_build_object('ord', i, 'sqlstate', SQLSTATE);
        END;
    END LOOP;
    RETURN result;
END $$;
