#!/usr/bin/env bash
# Line coverage of src/ over the whole suite, per file and in total. Fails where
# a test fails and where the total is below COVERAGE_MIN (90) percent. Where the
# tree is writable, build/coverage holds the figures and pages to browse.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/cluster.sh"
# shellcheck source=test/lib/harness.sh
source "$SG_ROOT/test/lib/harness.sh"

sg_ensure_packages build pgtap tap coverage
sg_begin

# The server's user may not write into the build folder: backends leave their
# counts, which they write when they exit, below the work directory.
export GCOV_PREFIX=$SG_WORK/gcov
mkdir "$GCOV_PREFIX"
sg_give "$GCOV_PREFIX"
# A backend that is killed while it writes them spoils them all.
SG_STOP_MODE=fast

status=0
# -O0: a line is a line; -Wno-cpp: glibc warns that _FORTIFY_SOURCE wants more
sg_check sg_stage coverage "COPT=-O0 --coverage -Wno-cpp" SHLIB_LINK=--coverage -- \
    regress isolation pgtap tap || status=$?
[ -n "$SG_STAGE" ] || exit "$status"

find "$SG_BUILD/src" -name '*.gcda' -delete
[ ! -d "$GCOV_PREFIX$SG_BUILD/src" ] ||
    cp -R "$GCOV_PREFIX$SG_BUILD/src/." "$SG_BUILD/src/"

quietly() { # command ...; what it says matters only where it fails
    "$@" >"$SG_WORK/log/lcov" 2>&1 || {
        cat "$SG_WORK/log/lcov" >&2
        exit 1
    }
}

# --initial counts files that no test ever entered
info=$SG_WORK/coverage
where=(--directory "$SG_BUILD" --base-directory "$SG_BUILD" --no-external)
quietly lcov --capture --initial "${where[@]}" --output-file "$info.none"
quietly lcov --capture "${where[@]}" --output-file "$info.some"
quietly lcov --add-tracefile "$info.none" --add-tracefile "$info.some" --output-file "$info.info"
find "$SG_BUILD/src" -name '*.gcda' -delete

if mkdir -p "$SG_ROOT/build/coverage" 2>/dev/null && [ -w "$SG_ROOT/build/coverage" ]; then
    cp "$info.info" "$SG_ROOT/build/coverage/coverage.info"
    quietly genhtml --output-directory "$SG_ROOT/build/coverage" "$info.info"
    printf '\npages to browse: build/coverage/index.html\n'
fi

printf '\n%-28s %7s %7s %9s\n' file lines run coverage
awk -v min="${COVERAGE_MIN:-90}" '
    /^SF:/ { file = $0; sub(/.*\/src\//, "src/", file) }
    /^LF:/ { lines = substr($0, 4) }
    /^LH:/ { run = substr($0, 4) }
    /^end_of_record/ {
        printf "%-28s %7d %7d %8.1f%%\n", file, lines, run, lines ? 100 * run / lines : 100 | "sort"
        all += lines; all_run += run
    }
    END {
        close("sort")
        total = all ? 100 * all_run / all : 0
        printf "%-28s %7d %7d %8.1f%%\n", "total", all, all_run, total
        if (total < min) { printf "coverage is below %s %%\n", min; exit 1 }
    }' "$info.info" || status=1
exit "$status"
