-- Application APIs: plain views and functions in a schema of the user's.
--
-- API layers such as PostGraphile hide what belongs to an extension. So
-- sg_create_api() makes wrappers that do not: their owner is the caller, their
-- types are built in, and they work with the rights of whoever uses them.
-- What there is to be wrapped comes from the catalog, so that a later version
-- has its new functions and views in the API, too.
--
-- Two functions are pages of HTML. Their result is of a domain of the schema
-- that is called as the media type of a page is: by that PostgREST, from
-- version 12 on, knows what it serves.
--
-- Its own objects are told by the last line of their comments: a dump carries
-- it, it goes with the object, and nobody has to keep a list.

CREATE FUNCTION smartgrid.api_objects(schema text, role oid,
    OUT kind text, OUT name text, OUT arguments text, OUT source oid, OUT granted boolean, OUT definition text, OUT comment text)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- What has to be known of single objects: whom they are for, and what an API calls them. Any other view or function that
    -- reads is for everybody, one that writes for operators, and its name is what follows sg_ (a reader's begins with a verb).
    WITH rule (kind, wrapped, audience, name) AS (
        VALUES ('function', 'sg_register_producer', 'member', NULL::text),
               ('function', 'sg_register_consumer', 'member', NULL),
               ('function', 'sg_register_storage', 'member', NULL),
               ('function', 'sg_report_production', 'member', NULL),
               ('function', 'sg_consume_energy', 'member', NULL),
               ('function', 'sg_charge_storage', 'member', NULL),
               ('function', 'sg_discharge_storage', 'member', NULL),
               ('function', 'sg_create_trade', 'member', NULL),
               ('function', 'sg_complete_trade', 'member', NULL),
               ('function', 'sg_cancel_trade', 'member', NULL),
               ('function', 'sg_withdraw_earnings', 'member', NULL),
               ('function', 'sg_withdraw_balance', 'member', NULL),
               ('function', 'sg_pay_due', 'member', NULL),
               ('function', 'sg_add_consumer_balance', 'gateway', NULL),
               ('function', 'sg_record_payment', 'gateway', NULL),
               ('function', 'sg_post_readings', 'gateway', NULL),
               ('function', 'sg_import', 'gateway', NULL),
               ('function', 'sg_post_intervals', 'gateway', NULL),
               ('function', 'sg_post_days', 'gateway', NULL),
               ('function', 'sg_withdraw_batch', 'gateway', NULL),
               ('function', 'sg_pack_intervals', 'gateway', NULL),
               ('function', 'sg_post_registers', 'gateway', NULL),
               ('function', 'sg_substitute', 'gateway', NULL),
               ('function', 'sg_create_grid', 'general operator', NULL),
               ('function', 'sg_alter_grid', 'general operator', NULL),
               ('function', 'sg_get_metrics', 'reader', NULL),
               ('function', 'sg_check', 'reader', 'check_invariants'),
               ('function', 'sg_verify_ledger', 'reader', NULL),
               ('function', 'sg_verify_batches', 'reader', NULL),
               ('function', 'sg_run_problems', 'reader', NULL),
               ('function', 'sg_run_basis', 'reader', NULL),
               ('function', 'sg_verify_run', 'reader', NULL),
               ('function', 'sg_run_steps', 'reader', 'get_run_steps'),
               ('function', 'sg_run_changes', 'reader', 'get_run_changes'),
               ('function', 'sg_run_of_day', 'reader', NULL),
               ('function', 'sg_batch_lines', 'reader', NULL),
               ('view', 'sg_metrics', 'reader', NULL),
               ('view', 'sg_register_readings', 'reader', NULL),
               ('function', 'sg_grid', NULL, 'get_current_grid'),
               ('function', 'sg_allocate', NULL, 'get_allocation'),
               ('function', 'sg_export', NULL, 'export_intervals'),
               ('function', 'sg_issue', NULL, 'issue_documents'),
               ('function', 'sg_render_document', NULL, 'render_document'),
               ('function', 'sg_validate', NULL, 'validate_intervals'),
               ('function', 'sg_seal', NULL, 'seal_ledger'),
               ('function', 'sg_record_metrics(tstzrange)', NULL, 'record_period_metrics'),
               ('view', 'sg_document_vat', NULL, 'document_vat_groups'),
               ('view', 'sg_ledger', NULL, 'ledger_entries'),
               ('view', 'sg_producer_directory', NULL, 'listed_producers'),
               ('view', 'sg_load_curve', NULL, 'load_curve_points'),
               -- GraphQL has types of the names Interval and Point already
               ('view', 'sg_intervals', NULL, 'metered_intervals'),
               ('view', 'sg_points', NULL, 'metering_points'),
               -- of one session, of psql, of whoever makes the API or maintains the database
               ('function', 'sg_last_entry', 'nobody', NULL),
               ('function', 'sg_help', 'nobody', NULL),
               ('function', 'sg_create_api', 'nobody', NULL),
               ('function', 'sg_rebuild_rollups', 'nobody', NULL)
    ), html (name, wrapped, arguments, parameters, call) AS (
        -- What is HTML, besides: a function that says so by the type of its result. For PostgREST alone, GraphQL has no pages.
        VALUES ('report', 'sg_report', 'tstzrange, text', 'period tstzrange DEFAULT NULL, grid text DEFAULT NULL', '$1, $2'),
               ('document', 'sg_render_document', 'text', 'number text', '$1, ''html''')
    ), member AS (
        SELECT d.classid, d.objid, e.extnamespace AS namespace, n.nspname
        FROM pg_extension AS e JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
             JOIN pg_namespace AS n ON n.oid = e.extnamespace
        WHERE e.extname = 'smartgrid'
    ), plain AS (
        -- Types that every client has. The name of a table (regclass) is none of them.
        SELECT array_agg(t.oid) AS types FROM pg_type AS t WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typname NOT LIKE 'reg%'
    ), found AS MATERIALIZED (
        SELECT 'function' AS kind, p.oid, p.proname AS wrapped, oidvectortypes(p.proargtypes) AS arguments, p.provolatile = 'v' AS writes,
               obj_description(p.oid, 'pg_proc') AS description,
               COALESCE(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype <@ (SELECT plain.types FROM plain) AS usable,
               has_function_privilege(api_objects.role, p.oid, 'EXECUTE') AS permitted,
               format('(%s) RETURNS %s LANGUAGE sql %s PARALLEL %s %s',
                      pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
                      CASE p.provolatile WHEN 'v' THEN 'VOLATILE' WHEN 's' THEN 'STABLE' ELSE 'IMMUTABLE' END,
                      CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END,
                      format(CASE WHEN p.proretset OR p.prorettype = 'record'::regtype THEN 'BEGIN ATOMIC SELECT * FROM %I.%I(%s); END'
                                  ELSE 'RETURN %I.%I(%s)' END,
                             m.nspname, p.proname, (SELECT string_agg(CASE WHEN p.provariadic <> 0 AND i = p.pronargs THEN 'VARIADIC $' ELSE '$' END || i, ', ' ORDER BY i)
                                                     FROM generate_series(1, p.pronargs) AS i))) AS definition
        FROM member AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid AND p.pronamespace = m.namespace
        WHERE p.prokind = 'f'
        UNION ALL
        SELECT 'view', c.oid, c.relname, '', false,
               obj_description(c.oid, 'pg_class'),
               ARRAY(SELECT a.atttypid FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0) <@ (SELECT plain.types FROM plain),
               has_table_privilege(api_objects.role, c.oid, 'SELECT'),
               format(' WITH (security_invoker = true) AS SELECT %s FROM %I.%I',
                      (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                       FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), m.nspname, c.relname)
        FROM member AS m JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid AND c.relnamespace = m.namespace
        WHERE c.relkind = 'v'
    ), held AS (
        SELECT COALESCE(bool_or(r.rolname = 'smartgrid_operator'), false) AS general_operator,
               COALESCE(bool_or(r.rolname = 'smartgrid_operator' OR r.rolname IN (SELECT g.operator_role FROM smartgrid.grid AS g)), false) AS operator,
               COALESCE(bool_or(r.rolname = 'smartgrid_auditor'), false) AS auditor,
               COALESCE(bool_or(r.rolname = 'smartgrid_gateway'), false) AS gateway,
               COALESCE(bool_or(r.oid = api_objects.role AND r.rolbypassrls), false) AS unrestricted
        FROM pg_roles AS r
        WHERE pg_has_role(api_objects.role, r.oid, 'USAGE')
              OR r.rolname = 'smartgrid_gateway' AND pg_has_role(api_objects.role, r.oid, 'MEMBER')     -- inherited or not
    ), object AS (
        SELECT f.kind, f.oid, f.wrapped, f.arguments, f.definition, f.description,
               COALESCE(r.name,
                        CASE WHEN f.kind = 'view' OR f.writes OR f.wrapped ~ '^sg_(get|quote|prove|verify)(_|$)' THEN substr(f.wrapped, 4)
                             ELSE 'get_' || substr(f.wrapped, 4) END) AS name,
               f.permitted AND CASE a.audience
                                    WHEN 'everybody' THEN true
                                    -- who audits and does nothing else changes nothing
                                    WHEN 'member' THEN h.operator OR h.gateway OR NOT h.auditor
                                    WHEN 'gateway' THEN h.gateway OR h.operator
                                    WHEN 'reader' THEN h.operator OR h.auditor OR h.unrestricted
                                    WHEN 'operator' THEN h.operator
                                    WHEN 'general operator' THEN h.general_operator
                               END AS granted
        FROM held AS h CROSS JOIN found AS f
             LEFT JOIN rule AS r ON r.kind = f.kind AND r.wrapped IN (f.wrapped, format('%s(%s)', f.wrapped, f.arguments))
             CROSS JOIN LATERAL (SELECT COALESCE(r.audience, CASE WHEN f.writes THEN 'operator' ELSE 'everybody' END) AS audience) AS a
        WHERE f.usable AND a.audience <> 'nobody'
    ), col AS (
        SELECT o.oid, o.name AS view, o.granted, a.attnum, a.attname::text AS name, col_description(o.oid, a.attnum) AS description
        FROM object AS o JOIN pg_attribute AS a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE o.kind = 'view'
    ), key AS (
        -- As the comments of the columns have it: (key), or (key, with another column and another).
        SELECT c.oid, c.view, c.granted, array_agg(c.name ORDER BY c.attnum) AS columns
        FROM col AS c
        WHERE c.description ~ '\(key(,? with [^)]+)?\)'
              OR EXISTS (SELECT FROM col AS o
                         WHERE o.oid = c.oid
                               AND c.name = ANY (regexp_split_to_array(substring(o.description FROM '\(key,? with ([^)]+)\)'), ', | and ')))
        GROUP BY c.oid, c.view, c.granted
    ), reference AS (
        -- A column that has the name of the key of one other view refers to it.
        SELECT c.oid, c.attnum, c.name, min(k.view) AS view
        FROM col AS c JOIN key AS k ON k.columns = ARRAY[c.name]
        GROUP BY c.oid, c.attnum, c.name
        HAVING count(*) = 1 AND min(k.oid::bigint) <> c.oid::bigint AND bool_and(k.granted)
    )
    SELECT o.kind, o.name, o.arguments, o.oid, o.granted,
           format(CASE o.kind WHEN 'view' THEN 'VIEW %I.%I%s' ELSE 'FUNCTION %I.%I%s' END, api_objects.schema, o.name, o.definition),
           -- PostGraphile reads the lines that begin with @. Nothing can be written through a view, though a simple one looks like it.
           concat_ws(E'\n',
               (SELECT '@primaryKey ' || array_to_string(k.columns, ',') FROM key AS k WHERE k.oid = o.oid AND o.kind = 'view'),
               (SELECT string_agg(format('@foreignKey (%s) references %s (%s)', r.name, r.view, r.name), E'\n' ORDER BY r.attnum)
                FROM reference AS r WHERE r.oid = o.oid AND o.kind = 'view'),
               CASE WHEN o.kind = 'view' AND pg_relation_is_updatable(o.oid, false) <> 0 THEN
                   E'@omit create,update,delete\n@behavior -insert -update -delete'
               END,
               o.description, '', format('Wrapper of %s%s, made by sg_create_api().', o.wrapped, CASE o.kind WHEN 'function' THEN '()' END))
    FROM object AS o
    UNION ALL
    SELECT 'function', g.name, g.arguments, o.oid, o.granted,
           format('FUNCTION %I.%I(%s) RETURNS %I."text/html" LANGUAGE sql STABLE PARALLEL UNSAFE RETURN %I.%I(%s)',
                  api_objects.schema, g.name, g.parameters, api_objects.schema, n.nspname, o.wrapped, g.call),
           concat_ws(E'\n', '@omit execute', '@behavior -queryField', 'as a page: ' || o.description, '',
                     format('Wrapper of %s(), made by sg_create_api().', o.wrapped))
    FROM html AS g JOIN object AS o ON o.kind = 'function' AND o.wrapped = g.wrapped
         JOIN pg_proc AS p ON p.oid = o.oid JOIN pg_namespace AS n ON n.oid = p.pronamespace
    UNION ALL
    SELECT 'domain', 'text/html', '', NULL, bool_or(o.granted), format('DOMAIN %I."text/html" AS text', api_objects.schema),
           E'a page of HTML; PostgREST serves what functions return of it as such\n\nMedia type, made by sg_create_api().'
    FROM html AS g JOIN object AS o ON o.kind = 'function' AND o.wrapped = g.wrapped
    HAVING count(*) > 0;
END;
COMMENT ON FUNCTION smartgrid.api_objects(text, oid)
    IS 'what sg_create_api(schema, role) wraps: each function and view, whether the role gets it, and its definition and comment in the schema';

-- A stranger's object is not taken for one that sg_create_api() made, whatever its comment says.
CREATE FUNCTION smartgrid.api_present(namespace oid,
    OUT kind text, OUT name text, OUT arguments text, OUT reference text, OUT owner oid, OUT acl aclitem[], OUT made boolean)
    RETURNS SETOF record
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT o.kind, o.name, o.arguments,
           format('%s %I.%I%s', upper(o.kind), n.nspname, o.name, CASE o.kind WHEN 'function' THEN format('(%s)', o.arguments) END),
           o.owner, o.acl,
           o.kind IN ('view', 'function', 'domain') AND COALESCE(o.comment LIKE '%, made by sg\_create\_api().', false)
           AND (o.owner = n.nspowner OR EXISTS (SELECT FROM pg_roles AS r WHERE r.oid = o.owner AND (r.rolsuper OR r.rolname = current_user)))
    FROM (SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'relation' END, c.relname::text, '', c.relowner, c.relacl,
                 obj_description(c.oid, 'pg_class')
          FROM pg_class AS c WHERE c.relnamespace = api_present.namespace
          UNION ALL
          SELECT CASE p.prokind WHEN 'f' THEN 'function' ELSE 'routine' END, p.proname::text, oidvectortypes(p.proargtypes), p.proowner,
                 COALESCE(p.proacl, acldefault('f', p.proowner)), obj_description(p.oid, 'pg_proc')
          FROM pg_proc AS p WHERE p.pronamespace = api_present.namespace
          UNION ALL
          SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, t.typname::text, '', t.typowner,
                 CASE t.typtype WHEN 'd' THEN COALESCE(t.typacl, acldefault('T', t.typowner)) END, obj_description(t.oid, 'pg_type')
          FROM pg_type AS t WHERE t.typnamespace = api_present.namespace AND t.typrelid = 0) AS o (kind, name, arguments, owner, acl, comment)
         JOIN pg_namespace AS n ON n.oid = api_present.namespace;
END;
COMMENT ON FUNCTION smartgrid.api_present(oid)
    IS 'what a schema has: relations, types and functions, and which of them sg_create_api() has made';

CREATE FUNCTION smartgrid.api_lock(namespace oid) RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'sg_api_lock';
COMMENT ON FUNCTION smartgrid.api_lock(oid)
    IS 'locks a schema for sg_create_api(), to the end of the transaction; for who may create objects there; false if it has been dropped';

CREATE FUNCTION @extschema@.sg_create_api(schema text, role text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    longest CONSTANT integer := current_setting('max_identifier_length');
    for_role oid;
    namespace oid;
    others text;
    grants jsonb;       -- what others were granted on objects that have to be made anew
    present record;
    wanted record;
    part record;
    stays boolean;
BEGIN
    IF current_setting('transaction_read_only')::boolean THEN
        RAISE EXCEPTION 'cannot execute sg_create_api() in a read-only transaction' USING ERRCODE = 'read_only_sql_transaction';
    END IF;
    FOR part IN SELECT * FROM (VALUES ('schema', sg_create_api.schema), ('role', sg_create_api.role)) AS a (name, value) LOOP
        IF part.value IS NULL THEN
            RAISE EXCEPTION 'argument "%" must not be NULL', part.name USING ERRCODE = 'SG108';
        ELSIF part.value = '' THEN
            RAISE EXCEPTION '% must not be empty', part.name USING ERRCODE = 'SG108';
        ELSIF octet_length(part.value) > longest THEN
            RAISE EXCEPTION '% is too long', part.name
                USING ERRCODE = 'SG108', DETAIL = format('It has %s bytes; at most %s are allowed.', octet_length(part.value), longest);
        END IF;
    END LOOP;
    IF sg_create_api.schema LIKE 'pg\_%' OR sg_create_api.schema IN ('information_schema', 'smartgrid')
       OR EXISTS (SELECT FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
                  WHERE e.extname = 'smartgrid' AND n.nspname = sg_create_api.schema)
    THEN
        RAISE EXCEPTION 'schema "%" is not for an API', sg_create_api.schema
            USING ERRCODE = 'SG108', HINT = 'Name a schema of its own, for example "api".';
    END IF;
    SELECT r.oid INTO for_role FROM pg_roles AS r WHERE r.rolname = sg_create_api.role;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'role "%" does not exist', sg_create_api.role
            USING ERRCODE = 'SG108', HINT = 'Create the role first: the one that requests run under, not the one that logs in for them.';
    END IF;

    LOOP
        -- What others have made meanwhile counts, though the snapshot of this transaction may be older.
        namespace := to_regnamespace(quote_ident(sg_create_api.schema));
        IF namespace IS NULL THEN
            BEGIN
                EXECUTE format('CREATE SCHEMA %I', sg_create_api.schema);
                EXECUTE format('COMMENT ON SCHEMA %I IS %L', sg_create_api.schema, 'API of smartgrid, made by sg_create_api()');
                namespace := to_regnamespace(quote_ident(sg_create_api.schema));
                -- What default privileges gave away: who may create objects there would add to the API.
                FOR part IN
                    SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
                    FROM pg_namespace AS n CROSS JOIN LATERAL aclexplode(n.nspacl) AS a WHERE n.oid = namespace AND a.grantee <> n.nspowner
                LOOP
                    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %s', sg_create_api.schema, part.grantee);
                END LOOP;
            EXCEPTION
                WHEN duplicate_schema OR unique_violation THEN
                    CONTINUE;
            END;
        END IF;
        IF has_schema_privilege('public', namespace, 'CREATE') THEN
            RAISE EXCEPTION 'everybody may create objects in schema "%"', sg_create_api.schema
                USING ERRCODE = 'SG108',
                      DETAIL = 'A function that anybody puts there would be a part of the API.',
                      HINT = format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, or name another schema.', sg_create_api.schema);
        END IF;
        -- Two at once would make the same objects.
        EXIT WHEN smartgrid.api_lock(namespace);
    END LOOP;

    -- A function of a name that is needed is in the way whatever its arguments are: API layers would not know which is meant.
    WITH w AS MATERIALIZED (SELECT * FROM smartgrid.api_objects(sg_create_api.schema, for_role))
    SELECT string_agg(p.reference, ', ' ORDER BY p.reference) INTO others
    FROM smartgrid.api_present(namespace) AS p
    WHERE NOT p.made
          AND EXISTS (SELECT FROM w WHERE w.granted AND w.name = p.name AND (w.kind = 'function') = (p.kind IN ('function', 'routine')));
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'schema "%" has objects in the way that sg_create_api() did not make', sg_create_api.schema
            USING ERRCODE = 'SG105',
                  DETAIL = format('Found: %s.', others),
                  HINT = 'Rename or drop them, or name another schema.';
    END IF;

    SELECT jsonb_agg(jsonb_build_object(
               'kind', p.kind, 'name', p.name, 'privilege', a.privilege_type,
               'grantee', CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
               'option', CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END))
    INTO grants
    FROM smartgrid.api_present(namespace) AS p CROSS JOIN LATERAL aclexplode(p.acl) AS a
    WHERE p.made AND a.grantee NOT IN (p.owner, for_role);

    -- What the extension no longer has goes, and what this role should not have, unless another role has it.
    FOR present IN
        WITH w AS MATERIALIZED (SELECT * FROM smartgrid.api_objects(sg_create_api.schema, for_role))
        SELECT p.reference, w.kind IS NOT NULL AND EXISTS (SELECT FROM aclexplode(p.acl) AS a
                                                           WHERE a.grantee NOT IN (p.owner, for_role)) AS needed
        FROM smartgrid.api_present(namespace) AS p
             LEFT JOIN w ON w.kind = p.kind AND w.name = p.name AND w.arguments = p.arguments
        WHERE p.made AND w.granted IS NOT TRUE
        ORDER BY p.kind <> 'function', p.kind <> 'view'
    LOOP
        EXECUTE format(CASE WHEN present.needed THEN 'REVOKE ALL ON %1$s FROM %2$I' ELSE 'DROP %1$s' END,
                       CASE WHEN present.needed THEN regexp_replace(present.reference, '^VIEW', 'TABLE') ELSE present.reference END,
                       sg_create_api.role);
    END LOOP;

    FOR wanted IN
        WITH w AS MATERIALIZED (SELECT * FROM smartgrid.api_objects(sg_create_api.schema, for_role)),
             p AS MATERIALIZED (SELECT * FROM smartgrid.api_present(namespace) AS p WHERE p.made)
        SELECT w.*, p.reference IS NOT NULL AS present, p.owner,
               COALESCE(p.reference, format('%s %I.%I%s', upper(w.kind), sg_create_api.schema, w.name,
                                            CASE w.kind WHEN 'function' THEN format('(%s)', w.arguments) END)) AS reference
        FROM w LEFT JOIN p ON p.kind = w.kind AND p.name = w.name AND p.arguments = w.arguments
        WHERE w.granted OR p.made
        ORDER BY w.kind <> 'domain', w.kind <> 'view', w.name
    LOOP
        -- Replaced if that can be, so that grants and objects that depend on it stay.
        stays := wanted.present;
        IF stays AND wanted.kind <> 'domain' THEN
            BEGIN
                EXECUTE 'CREATE OR REPLACE ' || wanted.definition;
            EXCEPTION
                WHEN invalid_table_definition OR invalid_function_definition THEN
                    EXECUTE 'DROP ' || wanted.reference;
                    stays := false;
            END;
        END IF;
        IF NOT stays THEN
            EXECUTE 'CREATE ' || wanted.definition;
            IF wanted.present AND wanted.owner <> (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = current_user) THEN
                EXECUTE format('ALTER %s OWNER TO %I', wanted.reference, pg_get_userbyid(wanted.owner));
            END IF;
            -- No rights by default, but those that others gave on what was there under this name.
            FOR part IN
                SELECT format('REVOKE ALL ON %s FROM %s', regexp_replace(p.reference, '^VIEW', 'TABLE'),
                              CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END) AS statement
                FROM smartgrid.api_present(namespace) AS p CROSS JOIN LATERAL aclexplode(p.acl) AS a
                WHERE p.kind = wanted.kind AND p.name = wanted.name AND p.arguments = wanted.arguments AND a.grantee <> p.owner
                UNION ALL
                SELECT format('GRANT %s ON %s TO %s%s', g ->> 'privilege', regexp_replace(wanted.reference, '^VIEW', 'TABLE'),
                              g ->> 'grantee', g ->> 'option')
                FROM jsonb_array_elements(grants) AS g
                WHERE g ->> 'kind' = wanted.kind AND g ->> 'name' = wanted.name
            LOOP
                EXECUTE part.statement;
            END LOOP;
        END IF;
        EXECUTE format('COMMENT ON %s IS %L', wanted.reference, wanted.comment);
        IF wanted.kind = 'view' THEN
            FOR part IN
                SELECT a.attname, col_description(wanted.source, a.attnum) AS description
                FROM pg_attribute AS a WHERE a.attrelid = wanted.source AND a.attnum > 0 AND NOT a.attisdropped
            LOOP
                EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', sg_create_api.schema, wanted.name, part.attname, part.description);
            END LOOP;
        END IF;
        IF wanted.granted THEN
            EXECUTE format('GRANT %s ON %s TO %I', CASE wanted.kind WHEN 'view' THEN 'SELECT' WHEN 'domain' THEN 'USAGE' ELSE 'EXECUTE' END,
                           regexp_replace(wanted.reference, '^VIEW', 'TABLE'), sg_create_api.role);
        END IF;
    END LOOP;

    IF NOT has_schema_privilege(for_role, namespace, 'USAGE') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', sg_create_api.schema, sg_create_api.role);
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION @extschema@.sg_create_api(text, text)
    IS 'makes, or brings up to date, a schema of plain views and functions for API layers, with what the role should have: as participant, operator, auditor or gateway';
