-- What 0.3.0 adds, run after the parts of the versions before by CREATE EXTENSION, and by itself by ALTER EXTENSION UPDATE.

SET LOCAL search_path TO pg_catalog, pg_temp;

-- As on installation: a function or relation of one of our names, planted beforehand, could be called instead of ours.
DO $guard$
DECLARE
    others text;
BEGIN
    SELECT string_agg(planted.object, ', ' ORDER BY planted.object) INTO others
    FROM (SELECT 'pg_proc'::regclass, oid, oid::regprocedure::text FROM pg_proc
          WHERE pronamespace = '@extschema@'::regnamespace AND proname LIKE 'sg\_%'
          UNION ALL
          SELECT 'pg_class'::regclass, oid, oid::regclass::text FROM pg_class
          WHERE relnamespace = '@extschema@'::regnamespace AND relname LIKE 'sg\_%') AS planted (classid, objid, object)
    WHERE NOT EXISTS (SELECT FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
                      WHERE d.classid = planted.classid AND d.objid = planted.objid AND d.objsubid = 0
                            AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'smartgrid');
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" has objects with names that smartgrid reserves', '@extschema@'
            USING ERRCODE = 'duplicate_object',
                  DETAIL = format('Found: %s.', others),
                  HINT = 'Rename or drop what begins with sg_, then try again.';
    END IF;
END
$guard$;
