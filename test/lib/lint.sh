#!/usr/bin/env bash
# Static analysis of src/ (make check-lint): cppcheck with cppcheck.txt and
# clang-tidy with clang-tidy.yaml, both with the server's headers, because
# without them they skip every function that uses something of the server.
# Anything they say is a failure.
set -euo pipefail
# shellcheck source=test/lib/packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/packages.sh"
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)

sg_ensure_packages build lint
sg_server_found || sg_die "no PostgreSQL server with development files found"
headers=$("$SG_PG_CONFIG" --includedir-server)
cd "$root"
status=0
said=$(mktemp)
trap 'rm -f "$said"' EXIT

sg_say "cppcheck"
# Three macros are what the server's headers ask of a compiler; by __cppcheck__ src/ knows who reads it.
cppcheck --quiet --std=c99 --platform=unix64 --library=posix -j "$(nproc)" --max-configs=1 \
    --enable=warning,style,performance,portability --inline-suppr --suppressions-list=test/lib/cppcheck.txt \
    -D__cppcheck__ -D__GNUC__=12 -D__x86_64__ -D__STDC_VERSION__=199901L -DSG_VERSION='""' -I "$headers" -I src \
    --template='{file}:{line}: {severity}: {message} [{id}]' --error-exitcode=1 src || status=1

sg_say "clang-tidy"
find src -name '*.c' -print0 | sort -z |
    # shellcheck disable=SC2016
    xargs -0 -n 4 -P "$(nproc)" bash -c 'headers=$1; shift
        exec clang-tidy --quiet --config-file=test/lib/clang-tidy.yaml "$@" -- -I "$headers" -D_GNU_SOURCE -DSG_VERSION=\"\" -I src 2>&1' \
        lint "$headers" >"$said" || status=1
# It counts what it did not show, which nobody wants to know.
grep -vE '^[0-9]+ warnings?( treated as errors?)?( generated)?\.?$|^Suppressed|^Use -header' "$said" || true

if [ "$status" -eq 0 ]; then
    sg_say "nothing found"
else
    sg_say "see above"
fi
exit "$status"
