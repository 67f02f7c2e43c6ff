-- Trees over leaves of bytes.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

-- Trees as in RFC 6962: the test vectors that Certificate Transparency publishes.
CREATE TEMPORARY TABLE vector AS SELECT ARRAY['', '\x00', '\x10', '\x2021', '\x3031', '\x40414243', '\x5051525354555657',
                                              '\x606162636465666768696a6b6c6d6e6f']::bytea[] AS leaves;
SELECT n, encode(smartgrid.merkle_root(leaves[:n]), 'hex') AS root FROM vector, generate_series(0, 8) AS n ORDER BY n;
CREATE FUNCTION pg_temp.hex(digests bytea[]) RETURNS TABLE (n bigint, hash text)
    LANGUAGE sql AS $$ SELECT n, encode(d, 'hex') FROM unnest(digests) WITH ORDINALITY AS p (d, n) $$;
SELECT size, place, n, hash
FROM vector, (VALUES (1, 0), (8, 0), (8, 5), (3, 2), (5, 1)) AS paths (size, place), pg_temp.hex(smartgrid.merkle_path(leaves[:size], place))
ORDER BY size, place, n;
SELECT from_size, to_size, n, hash
FROM vector, (VALUES (1, 1), (1, 8), (6, 8), (2, 5)) AS proofs (from_size, to_size),
     pg_temp.hex(smartgrid.merkle_consistency(leaves, from_size, to_size))
ORDER BY from_size, to_size, n;
-- All of them hold, and none for another place, size or leaf.
SELECT p.size = q.size AND p.place = q.place AND p.place = l AS same, count(*), bool_and(holds) AS all_hold, bool_or(holds) AS some_hold
FROM vector,
     (SELECT size, place FROM generate_series(1, 8) AS size, generate_series(0, size - 1) AS place) AS p,
     (SELECT size, place FROM generate_series(1, 8) AS size, generate_series(0, size - 1) AS place) AS q,
     generate_series(0, 7) AS l,
     LATERAL (SELECT smartgrid.merkle_check_path(smartgrid.merkle_leaf(leaves[l + 1]), q.place, q.size, smartgrid.merkle_path(leaves[:p.size], p.place),
                                                 smartgrid.merkle_root(leaves[:q.size])) AS holds) AS c
GROUP BY 1 ORDER BY 1;
SELECT p.a = q.a AND p.b = q.b AS same, count(*), bool_and(holds) AS all_hold, bool_or(holds) AS some_hold
FROM vector,
     (SELECT a, b FROM generate_series(1, 8) AS b, generate_series(1, b - 1) AS a) AS p,
     (SELECT a, b FROM generate_series(1, 8) AS b, generate_series(1, b - 1) AS a) AS q,
     LATERAL (SELECT smartgrid.merkle_check_consistency(q.a, q.b, smartgrid.merkle_consistency(leaves, p.a, p.b),
                                                        smartgrid.merkle_root(leaves[:q.a]), smartgrid.merkle_root(leaves[:q.b])) AS holds) AS c
GROUP BY 1 ORDER BY 1;
SELECT smartgrid.merkle_path('{}', 0);
SELECT smartgrid.merkle_path('{a}', -1);
SELECT smartgrid.merkle_consistency('{a}', 2, 1);
SELECT smartgrid.merkle_root('{a,NULL}');
SELECT smartgrid.merkle_check_path('\x00', 0, 1, '{}', sha256(''));

DROP EXTENSION smartgrid;
