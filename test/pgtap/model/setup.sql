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

-- `least` is what 2,400 calls reach at any rate.
ALTER TABLE model.weight ADD COLUMN least int;
INSERT INTO model.weight (call, weight, least)
VALUES ('register_producer', 3, 14),
       ('register_consumer', 3, 14),
       ('register_storage', 3, 12),
       ('report_production', 12, 60),
       ('consume_energy', 14, 45),
       ('charge_storage', 7, 20),
       ('discharge_storage', 6, 12),
       ('create_trade', 12, 28),
       ('complete_trade', 12, 12),
       ('cancel_trade', 3, 6),
       ('add_consumer_balance', 9, 45),
       ('withdraw_earnings', 5, 5),
       ('set_base_price', 2, 8),
       ('toggle_emergency_mode', 2, 8),
       ('record_metrics', 4, 16),
       ('update_producer_reputation', 1.5, 3),
       ('deactivate_participant', 4, 12),
       ('reactivate_participant', 3, 8),
       ('balance_load', 4, 12),
       ('create_grid', 1, 2),
       ('alter_grid', 4, 8),
       ('rename_participant', 2, 2),
       ('get_producer_info', 2, 4),
       ('get_consumer_info', 2, 4),
       ('get_storage_info', 1, 4),
       ('get_trade_info', 2, 4),
       ('get_metrics', 2, 4),
       ('get_grid_status', 1, 4),
       ('get_dynamic_price', 1, 4),
       ('quote', 2, 4),
       ('principal', 1, 3),
       ('enrol_producer', 2, 4),
       ('enrol_consumer', 1.5, 4),
       ('enrol_storage', 1.5, 4),
       ('alter_producer', 2, 6),
       ('alter_consumer', 2, 5),
       ('alter_storage', 2, 5),
       ('reverse_entry', 12, 50),
       ('correct_reading', 7, 30),
       ('withdraw_balance', 2.5, 6),
       ('refund', 3, 6),
       ('pay_producer', 3, 8),
       ('write_off', 2.5, 7),
       ('post_readings', 9, 50),
       ('forget_requests', 2, 3),
       ('grid', 0.5, 1);
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
    FOR r IN SELECT unnest('{last_entry,remembered,answered,refused_references,mismatches,undone,savepoints,refused_readings,final_readings,empty_readings,corrections_only_as_a_whole}'::text[]) AS name LOOP
        PERFORM setval(format('model.%I', r.name), 0);
    END LOOP;
END $$;

CREATE VIEW model.counted AS
SELECT w.call AS name, o.state,
       coalesce(pg_sequence_last_value(format('model.%I', w.call || ' ' || o.state)::regclass) + 1, 0) AS count
FROM model.weight AS w CROSS JOIN model.outcome AS o;
