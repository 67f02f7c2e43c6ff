#!/usr/bin/env bash
# What a run says at its end when tests have failed: in a copy of the tree that
# has one broken test for each harness. Prints what is wrong with it; nothing is
# right.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/cluster.sh"

scratch=$(mktemp -d "${SG_TMP:-/tmp}/smartgrid-harness.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree
out=$scratch/out
wrong=0

complain() {
    printf '%s\n' "$@"
    wrong=1
}

# ---- jobs: at once, but told in order; one that says nothing has failed ----

slow() { sleep 0.5 && sg_result jobs slow passed; }
quick() { sg_result jobs quick passed "3 assertions, 0 s"; }
broken() { echo "something is missing"; false; }
(
    # shellcheck source=test/lib/harness.sh
    source "$SG_ROOT/test/lib/harness.sh"
    SG_ROOT=$tree SG_WORK=$scratch/jobs
    mkdir -p "$tree" "$SG_WORK"
    unset T
    sg_job jobs slow slow
    sg_job jobs quick quick
    sg_job jobs broken broken
    SG_JOBS=3 sg_jobs_run
    sg_summary
) >"$out" 2>&1 && complain "a job that failed is no failure"
diff - "$out" <<'EXPECTED' || complain "jobs are told otherwise"
jobs       slow                                     ok
jobs       quick                                    ok (3 assertions, 0 s)
jobs       broken                                   FAILED

jobs         2 passed, 1 failed (3 assertions passed in whole files)

---- jobs/broken
-- the job ended in the middle
something is missing

failed: jobs/broken (see build/results/failed)
2 passed, 1 failed
EXPECTED

# ---- a broken test for each harness ----

sg_server_found
rm -rf "$tree"
mkdir -p "$tree/build"
sg_copy_tree "$tree" .
[ ! -d "$SG_ROOT/build/$SG_MAJOR" ] || cp -a "$SG_ROOT/build/$SG_MAJOR" "$tree/build/"   # so that nothing is compiled

cat >"$tree/sql/broken.sql" <<'SQL'
SELECT 'said ' || n AS said FROM generate_series(1, 50) AS n;
COPY (SELECT 1) TO PROGRAM 'kill -SEGV $PPID';
SQL
echo 'meant' >"$tree/expected/broken.out"
echo 'SELECT 5 AS five;' >"$tree/sql/all_right.sql"
printf '%s\n' 'SELECT 5 AS five;' ' five ' '------' '    5' '(1 row)' '' >"$tree/expected/all_right.out"

printf '%s\n' 'session s' 'step one { SELECT 71; }' 'permutation one' >"$tree/test/isolation/specs/broken.spec"
echo 'SELECT 17;' >"$tree/test/isolation/expected/broken.out"

cat >"$tree/test/pgtap/broken.sql" <<'SQL'
\set QUIET 1
\pset format unaligned
\pset tuples_only true
BEGIN;
SELECT no_plan();
SELECT is(1, 1, 'right');
SELECT is(2 + 2, 5, 'arithmetic');
SELECT is(count(*), 100::bigint, 'right again') FROM generate_series(1, 100);
SELECT * FROM finish();
ROLLBACK;
SQL

cat >"$tree/test/tap/broken.pl" <<'PERL'
use strict;
use warnings;
use SmartgridCluster;
use Test::More;
my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
is($node->safe_psql('postgres', 'SELECT 6 * 7'), 54, 'the question');
subtest 'inside' => sub { is(1, 1, 'right'); is(8, 9, 'deep'); };
ok(1, 'right again') for 1 .. 50;
$node->safe_psql('postgres', 'SELECT nonsense');
PERL

env T="all_right broken" bash -c 'set -euo pipefail
    source "$0/test/lib/cluster.sh"
    source "$SG_ROOT/test/lib/harness.sh"
    sg_begin
    sg_check sg_stage -- regress isolation pgtap tap' "$tree" >"$out" 2>&1 && complain "tests that fail do not fail the run"

# After the last line of the counts. The clock, the paths and a dying script's status (its errno) are not the same every
# time; from 18 on the server names the kind of process, and PostgreSQL::Test writes the options of psql in full.
end=$(sed -n '/^tap  *0 passed, 1 failed$/,$p' "$out" | sed -e 's/^20[0-9-]* [0-9:.]* UTC \[[0-9]*\] //' -e 's/(PID [0-9]*)/(PID)/' -e 's/^([0-9]* more/(N more/' \
    -e '/^\(---\|+++\) \//d' -e "s/'psql -.*/'psql .../" -e 's/ client backend (PID)/ server process (PID)/' \
    -e 's/exited with [0-9]* just/exited with N just/' -e 's/ at \/.* line [0-9]*\.$//')
diff - <(printf '%s\n' "$end") <<EXPECTED || complain "a failed run ends otherwise; it said:" "$(cat "$out")"
tap          0 passed, 1 failed

---- regress/broken
-- the server crashed
LOG:  server process (PID) was terminated by signal 11: Segmentation fault
DETAIL:  Failed process was running: COPY (SELECT 1) TO PROGRAM 'kill -SEGV \$PPID';
@@ -1 +1,60 @@
-meant
+SELECT 'said ' || n AS said FROM generate_series(1, 50) AS n;
+  said   
+---------
$(printf '+ said %d\n' $(seq 1 30))
(N more lines in build/results/failed/regress/broken)

---- isolation/broken
@@ -1 +1,9 @@
-SELECT 17;
+Parsed test spec with 1 sessions
+
+starting permutation: one
+step one: SELECT 71;
+?column?
+--------
+      71
+(1 row)
+

---- pgtap/broken
not ok 2 - arithmetic
# Failed test 2: "arithmetic"
#         have: 4
#         want: 5

---- tap/broken
not ok 1 - the question
#   Failed test 'the question'
#   at test/tap/broken.pl line 8.
#          got: '42'
#     expected: '54'
# Subtest: inside
    not ok 2 - deep
    #   Failed test 'deep'
    #   at test/tap/broken.pl line 9.
    #          got: '8'
    #     expected: '9'
not ok 2 - inside
#   Failed test 'inside'
#   at test/tap/broken.pl line 9.
-- at the end
error running SQL: 'psql:<stdin>:1: ERROR:  column "nonsense" does not exist
LINE 1: SELECT nonsense
               ^'
while running 'psql ...
# Tests were run but no plan was declared and done_testing() was not seen.
# Looks like your test exited with N just after 52.

failed: regress/broken isolation/broken pgtap/broken tap/broken (see build/results/failed)
1 passed, 4 failed
EXPECTED
exit "$wrong"
