-- The world at the start: roles, principals, the grid `default`, how often which call is drawn.

DO $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT rolname FROM pg_roles WHERE rolname ~* '^ ?sgprop' LOOP
        EXECUTE format('DROP ROLE %I', r.rolname);
    END LOOP;
END $$;

INSERT INTO model.role (name, member_of)
VALUES ('sgprop_operators', '{}'),
       ('sgprop_operator', '{smartgrid_operator}'),
       ('sgprop_grid_operator', '{sgprop_operators}'),
       ('sgprop_auditor', '{smartgrid_auditor}'),
       ('sgprop_gateway', '{smartgrid_gateway, sgprop_harmless, sgprop_operator}'),    -- of the last two by SET ROLE only
       ('sgprop_harmless', '{}');

INSERT INTO model.name (principal, is_role, caller)
VALUES ('sgprop_alice', true, true),
       ('sgprop bob', true, true),              -- an operator of one grid who is a member of it as well
       ('sgprop "carol"', true, true),
       ('sgprop o''brien', true, true),
       ('sgprop_Żółw', true, true),
       ('sgprop_日本電力', true, true),
       ('SGPROP_Alice', true, true),
       (' sgprop; --', true, true),
       (repeat('é', 64), false, true),          -- 128 bytes
       ('back\slash''"$1', false, true),
       ('🌞 solar coop', false, true),
       (E'two\nlines', false, true),
       ('renamed', false, false),
       ('Renamed "2"', false, false),
       (repeat('z', 128), false, false);
INSERT INTO model.name (principal, is_role, caller) VALUES (session_user, false, false);

INSERT INTO model.role (name, member_of)
SELECT n.principal, CASE n.principal WHEN 'sgprop bob' THEN '{sgprop_operators}' ELSE '{}' END::text[]
FROM model.name AS n WHERE n.is_role;

DO $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT x.name FROM model.role AS x LOOP
        EXECUTE format('CREATE ROLE %I %s', r.name, CASE r.name WHEN 'sgprop_gateway' THEN 'NOINHERIT' END);
    END LOOP;
    FOR r IN SELECT x.name, m.parent FROM model.role AS x, unnest(x.member_of) AS m (parent) LOOP
        EXECUTE format('GRANT %I TO %I', r.parent, r.name);
    END LOOP;
END $$;

INSERT INTO model.grid (name, operator_role, base_price, energy_scale, money_scale, currency, low, high, max_topup, stripes)
VALUES ('default', 'smartgrid_operator', 100, 0, 0, 'XXX', 20, 80, 1000000, 64);

-- The model does not know max_amount: it is that of bigint in every grid.
CREATE FUNCTION model.unlimited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.max_amount := 9223372036854775807;
    RETURN NEW;
END $$;
CREATE TRIGGER unlimited BEFORE INSERT ON smartgrid.grid FOR EACH ROW EXECUTE FUNCTION model.unlimited();
UPDATE smartgrid.grid SET max_amount = 9223372036854775807;

-- `least` is what 2,400 calls reach at any rate.
ALTER TABLE model.weight ADD COLUMN least int;
INSERT INTO model.weight (call, weight, least)
VALUES ('register_producer', 3, 20),
       ('register_consumer', 3, 20),
       ('register_storage', 3, 15),
       ('report_production', 12, 80),
       ('consume_energy', 14, 60),
       ('charge_storage', 7, 25),
       ('discharge_storage', 6, 20),
       ('create_trade', 10, 40),
       ('complete_trade', 7, 12),
       ('cancel_trade', 3.5, 10),
       ('add_consumer_balance', 9, 60),
       ('withdraw_earnings', 4, 5),
       ('set_base_price', 2, 10),
       ('toggle_emergency_mode', 2, 10),
       ('record_metrics', 4, 20),
       ('update_producer_reputation', 1.5, 6),
       ('deactivate_participant', 4, 15),
       ('reactivate_participant', 3, 12),
       ('balance_load', 4, 15),
       ('create_grid', 1, 2),
       ('alter_grid', 2, 5),
       ('rename_participant', 2, 3),
       ('get_producer_info', 1.5, 10),
       ('get_consumer_info', 1.5, 10),
       ('get_storage_info', 1, 5),
       ('get_trade_info', 2, 10),
       ('get_metrics', 1.5, 10),
       ('get_grid_status', 1, 5),
       ('get_dynamic_price', 1, 5),
       ('quote', 2, 10),
       ('principal', 1, 5),
       ('grid', 0.5, 2);
UPDATE model.weight AS w
SET upto = (SELECT sum(x.weight) FROM model.weight AS x WHERE x.call <= w.call);

ALTER TABLE model.outcome ADD COLUMN least int;
UPDATE model.outcome AS o
SET least = x.least
FROM (VALUES ('00000', 960), ('SG100', 5), ('SG101', 60), ('SG102', 20), ('SG103', 20), ('SG104', 120), ('SG105', 10),
             ('SG106', 15), ('SG107', 15), ('SG108', 60), ('22003', 5), ('25006', 4)) AS x (state, least)
WHERE x.state = o.state;

DO $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT w.call, o.state FROM model.weight AS w, model.outcome AS o LOOP
        EXECUTE format('CREATE SEQUENCE model.%I MINVALUE 0', r.call || ' ' || r.state);
    END LOOP;
    FOR r IN SELECT unnest('{mismatches,undone,savepoints}'::text[]) AS name LOOP
        PERFORM setval(format('model.%I', r.name), 0);
    END LOOP;
END $$;

CREATE VIEW model.counted AS
SELECT w.call AS name, o.state,
       coalesce(pg_sequence_last_value(format('model.%I', w.call || ' ' || o.state)::regclass) + 1, 0) AS count
FROM model.weight AS w CROSS JOIN model.outcome AS o;
