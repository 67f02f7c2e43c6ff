#!/usr/bin/env bash
# Builds the extension and runs its tests in throw-away clusters.
#
#   test/lib/check.sh [static|regress|isolation|pgtap|tap ...]     (default: all)
#   T="name ..."      only the tests of these names (file names without suffix)
#   SG_TIMEOUT=900    seconds until one test (or one pg_regress run) is given up
#   SG_TMP=/tmp       where clusters and all else are while the tests run
#
# A test is one file: a pair of sql/ and expected/, an isolation spec, a pgTAP
# file, a TAP file, or one of the static checks. Every harness runs, whatever
# happened to the one before; as many at once as there are processors (SG_JOBS),
# their results in order. The last line is "N passed, N failed"; before it, what
# the tests that failed have to show. What pg_regress and the isolation tester
# produced is left in build/results.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/cluster.sh"
# shellcheck source=test/lib/harness.sh
source "$SG_ROOT/test/lib/harness.sh"

[ $# -gt 0 ] || set -- static regress isolation pgtap tap
purposes=(build)
for harness in "$@"; do
    case $harness in
    regress | isolation) ;;
    pgtap | static) purposes+=(pgtap tap) ;;
    tap) purposes+=(tap browser) ;;
    *) sg_die "no such harness: $harness (static, regress, isolation, pgtap, tap)" ;;
    esac
done

# Clusters make and remove files by the ten thousand, which takes a quarter of the time on a disk: they are in memory, if
# there is plenty and programs may be run from there.
sg_memory_directory() {
    local directory=/dev/shm gigabyte=1048576 free available program
    free=$(df --output=avail "$directory" 2>/dev/null | tail -n 1) || true
    available=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo 2>/dev/null) || true
    [ "${free:-0}" -ge $((6 * gigabyte)) ] && [ "${available:-0}" -ge $((10 * gigabyte)) ] || return 0
    program=$(mktemp "$directory/smartgrid.XXXXXX" 2>/dev/null) || return 0
    printf '#!/bin/sh\n' >"$program"
    chmod 700 "$program"
    ! "$program" 2>/dev/null || echo "$directory"
    rm -f "$program"
}
[ -n "${SG_TMP:-}" ] || SG_TMP=$(sg_memory_directory)
export SG_TMP

sg_ensure_packages "${purposes[@]}"
sg_begin
sg_check sg_stage -- "$@"
