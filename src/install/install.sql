-- Guards, roles and the schema of the tables.

-- Everything below is written with qualified names; nothing is looked up in a schema that others can write to.
SET LOCAL search_path TO pg_catalog, pg_temp;

DO $guard$
DECLARE
    api_schema CONSTANT text := '@extschema@';     -- quoted where it has to be
    owner_oid oid;
    others text;
BEGIN
    -- The tables' schema must be ours alone.
    SELECT pg_get_userbyid(nspowner) INTO others FROM pg_namespace WHERE nspname = 'smartgrid';
    IF FOUND THEN
        RAISE EXCEPTION 'schema "smartgrid" exists already'
            USING ERRCODE = 'duplicate_schema',
                  DETAIL = format('It belongs to role "%s" and is not part of the extension.', others),
                  HINT = 'Rename or drop it, then run CREATE EXTENSION again.';
    END IF;
    -- Whoever owns the schema of the functions could replace them later.
    SELECT nspowner INTO owner_oid FROM pg_namespace WHERE oid = api_schema::regnamespace;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE oid = owner_oid AND rolsuper)
        AND owner_oid <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
        AND owner_oid <> (SELECT datdba FROM pg_database WHERE datname = current_database())
        AND pg_get_userbyid(owner_oid) <> 'pg_database_owner'
    THEN
        RAISE EXCEPTION 'schema "%" belongs to role "%"', api_schema, pg_get_userbyid(owner_oid)
            USING ERRCODE = 'insufficient_privilege',
                  HINT = 'Name a schema of a superuser or of the database''s owner: CREATE EXTENSION smartgrid SCHEMA ...';
    END IF;
    -- A function or relation of one of our names, planted beforehand, could be called instead of ours.
    SELECT string_agg(object, ', ' ORDER BY object) INTO others
    FROM (SELECT oid::regprocedure::text FROM pg_proc
          WHERE pronamespace = api_schema::regnamespace AND proname LIKE 'sg\_%'
          UNION ALL
          SELECT oid::regclass::text FROM pg_class
          WHERE relnamespace = api_schema::regnamespace AND relname LIKE 'sg\_%'
          UNION ALL
          SELECT oid::regtype::text FROM pg_type
          WHERE typnamespace = api_schema::regnamespace AND typname LIKE 'sg\_%' AND typrelid = 0) AS planted (object);
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" has objects with names that smartgrid reserves', api_schema
            USING ERRCODE = 'duplicate_object',
                  DETAIL = format('Found: %s.', others),
                  HINT = 'Rename or drop what begins with sg_, or choose another schema: CREATE EXTENSION smartgrid SCHEMA ...';
    END IF;
END
$guard$;

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
GRANT USAGE ON SCHEMA smartgrid TO PUBLIC;
