-- The roles that the extension knows, and the schema of its tables.

DO $roles$
DECLARE
    wanted record;
    attributes text;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES ('smartgrid_operator', 'administers every grid of smartgrid'),
                              ('smartgrid_gateway', 'acts for principals of smartgrid'),
                              ('smartgrid_auditor', 'reads everything of smartgrid, changes nothing')) AS roles (name, purpose)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted.name);
            EXECUTE format('COMMENT ON ROLE %I IS %L', wanted.name, wanted.purpose);
        END IF;
        SELECT concat_ws(', ',
                         CASE WHEN rolcanlogin THEN 'LOGIN' END,
                         CASE WHEN rolsuper THEN 'SUPERUSER' END,
                         CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
                         CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
                         CASE WHEN rolreplication THEN 'REPLICATION' END)
        INTO attributes FROM pg_roles WHERE rolname = wanted.name;
        IF attributes <> '' THEN
            RAISE EXCEPTION 'role "%" exists already and has dangerous attributes', wanted.name
                USING ERRCODE = 'invalid_role_specification',
                      DETAIL = format('It has %s; smartgrid grants rights to its members and expects a plain NOLOGIN role.', attributes),
                      HINT = format('If the role is meant for smartgrid, run ALTER ROLE %I NOLOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION; otherwise rename it.', wanted.name);
        END IF;
    END LOOP;
END
$roles$;

CREATE SCHEMA smartgrid;
COMMENT ON SCHEMA smartgrid IS 'tables and internal functions of the extension smartgrid; people read the sg_ views';
