-- Last: who may read and call what 0.3.0 added.

-- No rights by default: what the database's default privileges have handed out goes, whoever it went to.
DO $rights$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        WITH added (kind, object, owner, acl) AS (
            SELECT 'TABLE', c.oid::regclass::text, c.relowner, c.relacl
            FROM pg_class AS c
            WHERE c.relnamespace = 'smartgrid'::regnamespace AND c.relname IN (
                      '')
                  OR c.relnamespace = '@extschema@'::regnamespace AND c.relname IN (
                      '')
            UNION ALL
            SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner, COALESCE(p.proacl, acldefault('f', p.proowner))
            FROM pg_proc AS p
            WHERE p.pronamespace = 'smartgrid'::regnamespace AND p.proname IN (
                      'api_objects',
                      'api_present',
                      '')
                  OR p.pronamespace = '@extschema@'::regnamespace AND p.proname IN (
                      'sg_create_api',
                      '')
        )
        SELECT a.kind, a.object, x.privilege_type,
               CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee
        FROM added AS a CROSS JOIN LATERAL aclexplode(a.acl) AS x
        WHERE x.grantee <> a.owner
    LOOP
        EXECUTE format('REVOKE %s ON %s %s FROM %s', granted.privilege_type, granted.kind, granted.object, granted.grantee);
    END LOOP;
END
$rights$;

-- What it makes is the caller's own, and who may make it PostgreSQL says.
GRANT EXECUTE ON FUNCTION smartgrid.api_objects(text, oid), smartgrid.api_present(oid), @extschema@.sg_create_api(text, text) TO PUBLIC;
