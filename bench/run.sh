#!/usr/bin/env bash
# make bench: measures the extension against references in the same throw-away
# cluster, and prints one table. bench/README.md says how to read it.
#
#   QUICK=1             a subset, in less than 3 minutes
#   CASES="single ..."  some of: single batch participants grids ledger curve reads snapshot notify metering sharing settlement (both after metering) instructions
#   SINGLE_AT="32/off ..." where single is measured: clients, synchronous_commit
#   ROUNDS SECONDS_EACH PARTICIPANTS LEDGER_ROWS SNAPSHOT_SECONDS METER_POINTS METER_DAYS   other sizes
# shellcheck disable=SC2034     # the cases use what is set here
set -euo pipefail
shopt -s inherit_errexit
bench=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../test/lib/cluster.sh
source "$bench/../test/lib/cluster.sh"

cores=$(nproc)
if [ -n "${QUICK:-}" ]; then
    cases=${CASES:-single batch participants ledger reads snapshot}
    rounds=${ROUNDS:-3} seconds=${SECONDS_EACH:-1} participants=${PARTICIPANTS:-20000}
    ledger_rows=${LEDGER_ROWS:-1000000} snapshot_seconds=${SNAPSHOT_SECONDS:-20}
    single_at=${SINGLE_AT:-"8/off 32/on"} syncs=off read_clients=8 batch_sizes=10000 participant_counts="1000 $participants" grid_counts="1 10"
    meter_points=${METER_POINTS:-1000} meter_days=${METER_DAYS:-5}
else
    meter_points=${METER_POINTS:-10000} meter_days=${METER_DAYS:-31}
    cases=${CASES:-single batch participants grids ledger curve reads snapshot notify metering sharing settlement instructions}
    rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-5} participants=${PARTICIPANTS:-100000}
    ledger_rows=${LEDGER_ROWS:-20000000} snapshot_seconds=${SNAPSHOT_SECONDS:-600}
    single_at=${SINGLE_AT:-"1/on 8/on 32/on 1/off 8/off 32/off"} syncs="on off" read_clients="1 8" batch_sizes="1000 10000 100000" participant_counts="1000 100000 1000000" grid_counts="1 10 1000"
fi

sg_ensure_packages build
sg_begin
# shellcheck source=lib.sh
source "$bench/lib.sh"
sg_say "Building smartgrid for PostgreSQL $SG_MAJOR ..."
sg_stage ""
export PATH="$SG_BINDIR:$PATH"

settings=(
    "fsync = on"
    "shared_buffers = 1GB"
    "max_wal_size = 32GB"
    "checkpoint_timeout = 1h"
    "max_connections = 100"
    "autovacuum = on"
)
sg_cluster_start bench "${settings[@]}"
create_database bench "$participants" 1
psql -X -q -d bench -f "$bench/naive.sql"
pgbench -i -q -s $(((participants + 99999) / 100000)) bench >/dev/null 2>&1
export PGDATABASE=bench

for case in $cases; do
    sg_say "Measuring: $case" >&2
    settle
    # shellcheck source=/dev/null
    source "$bench/cases/$case.sh"
done

memory=$(awk '/MemTotal/ { printf "%d", $2 / 1048576 + 0.5 }' /proc/meminfo)
version=$(postgres --version)
echo
echo "${version#* }; $cores cores, $memory GB; $(printf '%s; ' "${settings[@]}")$rounds rounds of $seconds s, $participants participants"
echo
print_table
