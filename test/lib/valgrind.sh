#!/usr/bin/env bash
# The regression suite with every process of the server below valgrind (make
# check-valgrind). Fails where a test does, and on every report that has a
# function of the extension in its stack; what the server does by itself is left
# out, because a stock server does not tell valgrind about its memory contexts.
#
#   test/lib/valgrind.sh [regress|isolation|pgtap ...]      (default: regress)
#   T="name ..."      only these tests
#
# So it finds the use of what was never set, and of what is not there, but not a
# write past the end of a palloc() inside of its block: for that the server has
# to be built with -DUSE_VALGRIND.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/cluster.sh"
# shellcheck source=test/lib/harness.sh
source "$SG_ROOT/test/lib/harness.sh"

[ $# -gt 0 ] || set -- regress
sg_ensure_packages build pgtap valgrind
sg_begin
mkdir "$SG_WORK/valgrind"
sg_give "$SG_WORK/valgrind"

# pg_ctl starts this instead of the server. Frames are named after the library
# or, with its debug information, after the source: both are looked for below.
cat >"$SG_WORK/valgrind-postgres" <<WRAPPER
#!/bin/sh
exec valgrind --quiet --trace-children=yes --leak-check=no --undef-value-errors=yes --track-origins=${ORIGINS:-no} \
    --num-callers=40 --error-limit=no --read-var-info=no --log-file='$SG_WORK/valgrind/%p.log' \
    '$SG_BINDIR/postgres' "\$@"
WRAPPER
# A program is looked for beside the one that asks: pg_ctl asks for its version.
chmod 755 "$SG_WORK/valgrind-postgres"
SG_START=(-p "$SG_WORK/valgrind-postgres" -t 300)
: "${SG_TIMEOUT:=3600}"
export PGCTLTIMEOUT=300

status=0
sg_check sg_stage valgrind "COPT=-O1 -g -fno-inline" -- "$@" || status=$?

# A report is a run of lines with one prefix, up to an empty one.
report=$SG_WORK/log/valgrind
: >"$report"
find "$SG_WORK/valgrind" -name '*.log' -size +0 -exec cat {} + |
    awk '
        function flush() { if (text ~ /smartgrid\.so|\(src\/|[( ]sg_[a-z_]+ \(/) { print text; found++ } ; all += text != ""; text = "" }
        /^==[0-9]+== *$/ { flush(); next }
        /^==[0-9]+==/    { text = text $0 "\n" }
        END { flush(); printf "valgrind: %d reports, %d of them in the extension\n", all, found; exit found > 0 }' >"$report" || status=1
tail -n 1 "$report"
if ! tail -n 1 "$report" | grep -q ' 0 of them'; then
    head -n 200 "$report"
fi
exit "$status"
