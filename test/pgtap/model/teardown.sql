-- Roles are the cluster's, not the database's.
DO $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT x.name FROM model.role AS x LOOP
        EXECUTE format('DROP ROLE %I', r.name);
    END LOOP;
END $$;
