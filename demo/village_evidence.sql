-- The operator seals the day; anybody can prove an entry of theirs, and the auditor recomputes everything.
\connect - oskar
SELECT height FROM sg_seal() \g /dev/null

\connect - audrey
\echo
\echo '── Evidence: the day is sealed; who keeps the hash sees every later change ─────────'
\echo
SELECT format(E'  block %s    %s entries, %s\n             SHA-256 %s\n'
              '  verified   %s', b.height, b.entries, to_char(b.sealed_at, 'YYYY-MM-DD HH24:MI'), b.hash,
              (SELECT CASE WHEN bool_and(v.ok) THEN '✓ sg_verify_ledger() recomputed every block and account' ELSE '✗ CHANGED' END
               FROM sg_verify_ledger() AS v))
FROM sg_blocks AS b WHERE b.grid = sg_grid() ORDER BY b.height;

\connect - ben
SELECT entry_id, energy_kwh FROM sg_ledger WHERE kind = 'consumption' ORDER BY entry_id DESC LIMIT 1 \gset
SELECT hash FROM sg_blocks WHERE grid = sg_grid() ORDER BY height DESC LIMIT 1 \gset
SELECT format('  proven     %s ben''s last entry (%s kWh) is in it: %s hashes, checked without a table',
              CASE WHEN sg_verify_proof(p.proof, :'hash') THEN '✓' ELSE '✗ NOT PROVEN' END, :'energy_kwh',
              jsonb_array_length(p.proof -> 'path'))
FROM sg_prove_entry(:entry_id) AS p (proof);
\connect - audrey
DO $$
BEGIN
    IF NOT (SELECT bool_and(ok) FROM sg_verify_ledger()) THEN
        RAISE EXCEPTION 'the ledger does not agree with its blocks';
    END IF;
END
$$;
