#!/usr/bin/env bash
# Random calls of everything in a throw-away cluster: see fuzz.pl.
#
#   SECONDS_TO_RUN=300 SEED=1 test/lib/fuzz.sh      (make fuzz SECONDS=300 SEED=1)
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/cluster.sh"

sg_ensure_packages build tap
sg_begin
sg_stage
sg_cluster_start main "max_connections = 30" "log_min_messages = panic" "log_min_error_statement = panic" \
    "deadlock_timeout = 50ms"
sg_run createdb fuzz
sg_run psql -X -q -d fuzz -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION smartgrid'

kept=
if mkdir -p "$SG_ROOT/build/fuzz" 2>/dev/null && [ -w "$SG_ROOT/build/fuzz" ]; then
    kept=$SG_ROOT/build/fuzz
fi
PGDATABASE=fuzz SG_SERVER_LOG=$SG_WORK/log/main.log SG_FUZZ_DIR=$kept PATH="$SG_BINDIR:$PATH" \
    perl "$SG_ROOT/test/lib/fuzz.pl" "${SECONDS_TO_RUN:-300}"
