-- Last: who may read and call what 0.2.0 added.

-- No rights by default: what the database's default privileges have handed out goes, whoever it went to.
DO $rights$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        WITH added (kind, object, owner, acl) AS (
            SELECT 'TABLE', c.oid::regclass::text, c.relowner, c.relacl
            FROM pg_class AS c
            WHERE c.oid IN ('smartgrid.block'::regclass, 'smartgrid.block_detail'::regclass, 'smartgrid.seal_point'::regclass,
                            '@extschema@.sg_blocks'::regclass, '@extschema@.sg_ledger_lines'::regclass)
            UNION ALL
            SELECT 'FUNCTION', p.oid::regprocedure::text, p.proowner, COALESCE(p.proacl, acldefault('f', p.proowner))
            FROM pg_proc AS p
            WHERE p.pronamespace = 'smartgrid'::regnamespace AND (p.proname LIKE 'merkle\_%' OR p.proname IN ('statement', 'unix_microseconds'))
                  OR p.pronamespace = '@extschema@'::regnamespace
                     AND p.proname IN ('sg_seal', 'sg_prove_entry', 'sg_prove_blocks', 'sg_verify_proof', 'sg_verify_ledger', 'sg_statement')
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

GRANT SELECT ON smartgrid.block, @extschema@.sg_blocks, @extschema@.sg_ledger_lines TO PUBLIC;
-- Each checks its caller itself.
GRANT EXECUTE ON FUNCTION
    smartgrid.unix_microseconds(timestamptz),
    @extschema@.sg_seal(text),
    @extschema@.sg_prove_entry(bigint), @extschema@.sg_prove_blocks(bigint, bigint, text), @extschema@.sg_verify_proof(jsonb, text, text),
    @extschema@.sg_verify_ledger(text, bigint, bigint, text), @extschema@.sg_statement(text, tstzrange)
TO PUBLIC;
