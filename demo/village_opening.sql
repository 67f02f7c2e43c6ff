-- Everybody registers; those without a role of their own through the application.
\connect - anna
SELECT sg_register_producer(ceil(roof_kw * 250)::bigint, 'solar'), sg_register_consumer(2000)
FROM village.member WHERE principal = sg_principal() \g /dev/null
\connect - ben
SELECT sg_register_consumer(2000) \g /dev/null
\connect - miller
SELECT sg_register_producer(3750, 'wind') \g /dev/null
\connect - utility
SELECT sg_register_producer(8000, 'natural-gas') \g /dev/null
\connect - village_app
DO $$
DECLARE
    member record;
BEGIN
    FOR member IN SELECT principal, roof_kw FROM village.member WHERE NOT own_role ORDER BY house LOOP
        EXECUTE format('SET LOCAL smartgrid.principal = %L', member.principal);
        PERFORM sg_register_consumer(2000);
        IF member.roof_kw IS NOT NULL THEN
            PERFORM sg_register_producer(ceil(member.roof_kw * 250)::bigint, 'solar');
        END IF;
        COMMIT;
    END LOOP;
    SET LOCAL smartgrid.principal = 'battery-barn';
    PERFORM sg_register_storage(75000, 5000, 5000);
    COMMIT;
    SET LOCAL smartgrid.principal = 'battery-school';
    PERFORM sg_register_storage(40000, 3000, 3000);
    COMMIT;
END
$$;
CALL village.top_up();
\pset tuples_only on
\pset format unaligned
\echo
\echo 'A June workday in a village: 40 households, 12 solar roofs, a wind turbine, 2 batteries.'
\echo
\echo 'Roles that connect:  anna, ben   households     miller   wind turbine    utility  outside line'
\echo '                     oskar       operator       audrey   auditor'
\echo '                     village_app  application and payment gateway of the other 38 households'
\echo
\echo '  hour   load in % of capacity   EUR/kWh     sun   wind  import    use  battery  (kWh)'
