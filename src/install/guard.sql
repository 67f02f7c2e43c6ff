-- First, when the extension is created and when it is updated: notes what there is of it, and refuses what others have
-- prepared for what comes.

-- Everything below is written with qualified names; nothing is looked up in a schema that others can write to.
SET LOCAL search_path TO pg_catalog, pg_temp;

DO $guard$
DECLARE
    api_schema CONSTANT text := '@extschema@';     -- quoted where it has to be
    members CONSTANT jsonb := (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'class', d.classid, 'object', d.objid, 'name', coalesce(p.proname, c.relname),
                   'acl', coalesce(p.proacl, c.relacl), 'initial', i.initprivs)), '[]')
        FROM pg_extension AS e
             JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
             LEFT JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
             LEFT JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
             LEFT JOIN pg_init_privs AS i ON i.classoid = d.classid AND i.objoid = d.objid AND i.objsubid = 0
        WHERE e.extname = 'smartgrid');
    owner_oid oid;
    others text;
BEGIN
    -- For install/rights.sql: what administrators have granted and revoked.
    PERFORM set_config('smartgrid_script.members', members::text, true);

    -- A function of one of the extension's names with other arguments would be called by whoever writes 10 for a bigint.
    IF has_schema_privilege('public', api_schema::regnamespace, 'CREATE') THEN
        RAISE EXCEPTION 'everybody may create objects in schema "%"', (SELECT nspname FROM pg_namespace WHERE oid = api_schema::regnamespace)
            USING ERRCODE = 'insufficient_privilege',
                  DETAIL = 'A function that anybody puts there, of the name of one of smartgrid''s, would run with the rights of its callers.',
                  HINT = format('Run REVOKE CREATE ON SCHEMA %s FROM PUBLIC, then try again.', api_schema::regnamespace)
                         || CASE WHEN members = '[]' THEN ' Or choose another schema: CREATE EXTENSION smartgrid SCHEMA ...' ELSE '' END;
    END IF;

    IF members = '[]' THEN
        -- The tables' schema must be the extension's alone.
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
    END IF;
    -- A function or relation of one of the extension's names, planted beforehand, could be called instead of the extension's.
    SELECT string_agg(planted.name, ', ' ORDER BY planted.name) INTO others
    FROM (SELECT 'pg_proc'::regclass, oid, oid::regprocedure::text FROM pg_proc
          WHERE pronamespace = api_schema::regnamespace AND proname LIKE 'sg\_%'
          UNION ALL
          SELECT 'pg_class'::regclass, oid, oid::regclass::text FROM pg_class
          WHERE relnamespace = api_schema::regnamespace AND relname LIKE 'sg\_%'
          UNION ALL
          SELECT 'pg_type'::regclass, oid, oid::regtype::text FROM pg_type
          WHERE typnamespace = api_schema::regnamespace AND typname LIKE 'sg\_%' AND typrelid = 0) AS planted (class, object, name)
    WHERE NOT members @> jsonb_build_array(jsonb_build_object('class', planted.class::oid, 'object', planted.object));
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" has objects with names that smartgrid reserves', api_schema
            USING ERRCODE = 'duplicate_object',
                  DETAIL = format('Found: %s.', others),
                  HINT = CASE WHEN members = '[]'
                              THEN 'Rename or drop what begins with sg_, or choose another schema: CREATE EXTENSION smartgrid SCHEMA ...'
                              ELSE 'Rename or drop what begins with sg_, then try again.' END;
    END IF;
END
$guard$;
