#!/usr/bin/env bash
# Runs a command in the environment of a throw-away cluster that has the
# extension as it is in the tree now: PGHOST, PGPORT, PGUSER and PGDATABASE lead
# to a database where CREATE EXTENSION smartgrid was done.
#
#   test/lib/with_cluster.sh psql -f my.sql
#   SETTINGS='fsync = on' test/lib/with_cluster.sh pgbench -i
#
# The command is run by the caller (not by the server's user), in the caller's
# directory. SETTINGS are further lines of postgresql.conf; DATABASE=name is the
# database's name (default smartgrid); EXTENSIONS more to create.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/cluster.sh"

[ $# -gt 0 ] || sg_die "usage: $0 command [argument ...]"
sg_ensure_packages build
sg_begin
sg_stage
sg_cluster_start main "${SETTINGS:-}"
PGDATABASE=${DATABASE:-smartgrid}
sg_run createdb "$PGDATABASE"
for extension in smartgrid ${EXTENSIONS:-}; do
    sg_run psql -X -q -v ON_ERROR_STOP=1 -c "CREATE EXTENSION $extension CASCADE"
done
status=0
PATH="$SG_BINDIR:$PATH" "$@" || status=$?
if [ "$status" -ne 0 ] && [ -n "${SHOW_LOG:-}" ]; then
    tail -n 40 "$SG_WORK/log/main.log" >&2
fi
exit "$status"
