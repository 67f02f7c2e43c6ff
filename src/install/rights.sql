-- Last, when the extension is created and when it is updated: what pg_dump has to carry, and who may read and call.

-- Every table, and every sequence, or ids would be issued again after a restore.
DO $dump$
DECLARE
    relation regclass;
BEGIN
    FOR relation IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'smartgrid'::regnamespace AND relkind IN ('r', 'S')
        ORDER BY relname
    LOOP
        PERFORM pg_extension_config_dump(relation, '');
    END LOOP;
END
$dump$;

/*
 * No statistics of what row-level security hides, for EXPLAIN would tell them:
 * names, energy, money, prices and reasons. Of ids, codes and times there are
 * some, which say what no name is at: without them plans would be bad guesses.
 */
DO $statistics$
DECLARE
    hidden record;
BEGIN
    FOR hidden IN
        SELECT c.oid, c.oid::regclass AS relation, a.attnum, a.attname
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'smartgrid'::regnamespace AND c.relkind = 'r'
              AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND pg_get_expr(p.polqual, p.polrelid) = 'true')
              AND a.atttypid NOT IN ('smallint'::regtype, 'integer'::regtype, 'boolean'::regtype, 'timestamptz'::regtype)
              AND a.attname NOT LIKE '%\_id'
              AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))
        ORDER BY c.relname, a.attnum
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', hidden.relation, hidden.attname);
        DELETE FROM pg_statistic WHERE starelid = hidden.oid AND staattnum = hidden.attnum;
    END LOOP;
END
$statistics$;

/*
 * No rights by default: whatever the database's default privileges have handed
 * out goes, whoever it went to.  Everybody may
 *
 * - read the views, and the tables that have a policy, which says what rows;
 * - call the functions sg_..., which look at their caller themselves, and those
 *   that they, views, policies, constraints, types and operators use with the caller's
 *   rights, or the library with a query.
 *
 * What administrators have granted and revoked (install/guard.sql noted it)
 * stays, and holds for a new function of the same name, too: who may not top up
 * may not do so by other arguments.  It does not become a part of the initial
 * rights, or pg_dump would leave it out.
 */
DO $rights$
DECLARE
    members CONSTANT jsonb := current_setting('smartgrid_script.members');
    member record;
    change record;
    initial aclitem[];
BEGIN
    FOR member IN
        WITH RECURSIVE extension AS (
            SELECT e.extnamespace AS api, d.classid, d.objid
            FROM pg_extension AS e JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
            WHERE e.extname = 'smartgrid'
        ), call (class, object, function) AS (
            -- What an aggregate is made of runs with its owner's rights.
            SELECT d.classid, d.objid, d.refobjid
            FROM pg_depend AS d LEFT JOIN pg_proc AS a ON d.classid = 'pg_proc'::regclass AND a.oid = d.objid AND a.prokind = 'a'
            WHERE d.refclassid = 'pg_proc'::regclass AND d.deptype = 'n' AND a.oid IS NULL
            UNION ALL
            -- What a body in PL/pgSQL calls is not in the catalog.
            SELECT e.classid, p.oid, f.oid
            FROM extension AS e JOIN pg_proc AS p ON e.classid = 'pg_proc'::regclass AND p.oid = e.objid
                 JOIN pg_proc AS f ON f.pronamespace = 'smartgrid'::regnamespace AND strpos(p.prosrc, format('smartgrid.%I(', f.proname)) > 0
        ), used (class, object) AS (
            SELECT 'pg_rewrite'::regclass::oid, r.oid
            FROM extension AS e JOIN pg_rewrite AS r ON e.classid = 'pg_class'::regclass AND r.ev_class = e.objid
            UNION ALL
            SELECT 'pg_policy'::regclass, p.oid
            FROM extension AS e JOIN pg_policy AS p ON e.classid = 'pg_class'::regclass AND p.polrelid = e.objid
            UNION ALL
            SELECT e.classid, e.objid FROM extension AS e WHERE e.classid = 'pg_operator'::regclass
            UNION ALL
            -- A cast of a constant to or from text is worked out with the right to do so.
            SELECT 'pg_proc'::regclass, f.oid
            FROM extension AS e JOIN pg_type AS t ON e.classid = 'pg_type'::regclass AND t.oid = e.objid
                 JOIN pg_proc AS f ON f.oid IN (t.typinput, t.typoutput) AND f.pronamespace = 'smartgrid'::regnamespace
            UNION ALL
            SELECT 'pg_constraint'::regclass, c.oid
            FROM extension AS e JOIN pg_constraint AS c ON e.classid = 'pg_class'::regclass AND c.conrelid = e.objid
            UNION ALL
            SELECT e.classid, p.oid
            FROM extension AS e JOIN pg_proc AS p ON e.classid = 'pg_proc'::regclass AND p.oid = e.objid
            WHERE p.pronamespace = e.api
                  OR p.proname IN ('first_readable_key', 'readable_parties',    -- src/ledger/planning.c
                                   'party_name')
            UNION
            SELECT 'pg_proc'::regclass, c.function
            FROM used AS u JOIN call AS c ON c.class = u.class AND c.object = u.object
        ), object AS (
            SELECT e.classid, e.objid, 'FUNCTION' AS kind, p.oid::regprocedure::text AS reference, p.proname AS name, p.proowner AS owner,
                   p.proacl AS acl, acldefault('f', p.proowner) AS usual,
                   CASE WHEN p.prorettype NOT IN ('internal'::regtype, 'trigger'::regtype)
                             AND (e.classid, e.objid) IN (SELECT u.class, u.object FROM used AS u) THEN 'EXECUTE' END AS everybody
            FROM extension AS e JOIN pg_proc AS p ON e.classid = 'pg_proc'::regclass AND p.oid = e.objid
            UNION ALL
            SELECT e.classid, e.objid, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass::text, c.relname, c.relowner,
                   c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner),
                   CASE WHEN c.relkind = 'v' OR EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid) THEN 'SELECT' END
            FROM extension AS e JOIN pg_class AS c ON e.classid = 'pg_class'::regclass AND c.oid = e.objid
            WHERE c.relkind IN ('r', 'v', 'S')
            UNION ALL
            SELECT e.classid, e.objid, 'SCHEMA', quote_ident(n.nspname), n.nspname, n.nspowner, n.nspacl, acldefault('n', n.nspowner), 'USAGE'
            FROM extension AS e JOIN pg_namespace AS n ON e.classid = 'pg_namespace'::regclass AND n.oid = e.objid
        )
        SELECT o.*, b.object IS NULL AS made
        FROM object AS o
             LEFT JOIN jsonb_to_recordset(members) AS b (class oid, object oid, initial aclitem[])
                 ON b.class = o.classid AND b.object = o.objid
        WHERE b.object IS NULL
              OR ARRAY(SELECT concat_ws(' ', x.grantee, x.privilege_type) FROM aclexplode(coalesce(b.initial, o.usual)) AS x
                       WHERE x.grantee <> x.grantor) <> array_remove(ARRAY['0 ' || o.everybody], NULL)
        ORDER BY o.kind, o.reference
    LOOP
        FOR change IN
            SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee
            FROM aclexplode(coalesce(member.acl, member.usual)) AS x
            WHERE x.grantee <> member.owner
            GROUP BY x.grantee
        LOOP
            EXECUTE format('REVOKE ALL ON %s %s FROM %s', member.kind, member.reference, change.grantee);
        END LOOP;
        IF member.everybody IS NOT NULL THEN
            EXECUTE format('GRANT %s ON %s %s TO PUBLIC', member.everybody, member.kind, member.reference);
        END IF;

        SELECT i.initprivs INTO initial FROM pg_init_privs AS i WHERE i.classoid = member.classid AND i.objoid = member.objid AND i.objsubid = 0;
        CONTINUE WHEN NOT FOUND;
        FOR change IN
            WITH before AS (
                SELECT b.acl, coalesce(b.initial, member.usual) AS initial
                FROM jsonb_to_recordset(members) AS b (class oid, object oid, name text, acl aclitem[], initial aclitem[])
                WHERE b.class = member.classid AND (b.object = member.objid OR member.made AND b.name = member.name) AND b.acl IS NOT NULL
            ), difference AS (
                SELECT 'REVOKE %s ON %s %s FROM %s' AS statement, x.*
                FROM before AS b CROSS JOIN LATERAL aclexplode(b.initial) AS x
                WHERE NOT EXISTS (SELECT FROM aclexplode(b.acl) AS y WHERE (y.grantee, y.privilege_type) = (x.grantee, x.privilege_type))
                UNION
                SELECT CASE WHEN x.is_grantable THEN 'GRANT %s ON %s %s TO %s WITH GRANT OPTION' ELSE 'GRANT %s ON %s %s TO %s' END, x.*
                FROM before AS b CROSS JOIN LATERAL aclexplode(b.acl) AS x
                WHERE NOT EXISTS (SELECT FROM aclexplode(b.initial) AS y
                                  WHERE (y.grantee, y.privilege_type, y.is_grantable) = (x.grantee, x.privilege_type, x.is_grantable))
            )
            SELECT format(d.statement, d.privilege_type, member.kind, member.reference,
                          CASE d.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(d.grantee)) END) AS statement
            FROM difference AS d
            WHERE d.grantee <> d.grantor
        LOOP
            EXECUTE change.statement;
        END LOOP;
        IF FOUND THEN
            UPDATE pg_init_privs AS i SET initprivs = initial WHERE i.classoid = member.classid AND i.objoid = member.objid AND i.objsubid = 0;
        END IF;
    END LOOP;
END
$rights$;
