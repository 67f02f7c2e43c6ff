#!/usr/bin/env bash
# Instructions that a backend executes per call, the protocol included, counted
# by valgrind's callgrind: two runs of different length, their difference, so
# that starting up and filling caches cancel. One line each: name, instructions.
# Without a number of stripes, one stripe of the grid is in use.
#
#   KEEP=directory   keep the longer run's profiles there (callgrind_annotate)
set -euo pipefail
bench=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../test/lib/cluster.sh
source "$bench/../test/lib/cluster.sh"

sg_ensure_packages build valgrind
command -v valgrind >/dev/null || sg_die "valgrind is missing, please install it"
sg_begin
sg_stage "" >&2
export PATH="$SG_BINDIR:$PATH"

participants=10000
few=200
many=1200
per=1
sg_cluster_start count "autovacuum = off" "max_wal_size = 10GB"
createdb bench
export PGDATABASE=bench
psql -X -q -v participants=$participants -v grids=1 -f "$bench/setup.sql" >/dev/null
psql -X -q -f "$bench/naive.sql"
psql -X -q -v sizes=10000 -v participants=$participants -v directory="$SG_WORK/tmp" -f "$bench/readings.sql"
pgbench -i -q bench >/dev/null 2>&1
# The same grid after a busy time: as many stripes are in use as there are.
for stripes in 16 64; do
    createdb -T bench "bench$stripes"
    psql -X -q -d "bench$stripes" -c "ALTER DATABASE bench$stripes SET smartgrid.grid = 'g1'" -c "SELECT sg_alter_grid('g1', stripes => $stripes)" >/dev/null
    PGDATABASE=bench$stripes pgbench -n -c $((stripes + 16)) -j 2 -T 3 -M prepared -U bench_gateway -D "participants=$participants" \
        -f "$bench/scripts/consume.sql" -f "$bench/scripts/report.sql" >/dev/null 2>&1
done
sg_cluster_stop count

profiles=$SG_WORK/tmp
sg_run valgrind --tool=callgrind --callgrind-out-file="$profiles/profile.%p" \
    postgres -D "$SG_WORK/count" >"$SG_WORK/log/valgrind.log" 2>&1 &
for _ in {1..120}; do
    ! pg_isready -q || break
    sleep 1
done

# Only the backend that ran the script is done, so only its profile is there
# (and that of pgbench's first connection, which is smaller).
count_run() { # transactions, option of pgbench ...
    local transactions=$1
    shift
    rm -f "$profiles"/profile.*
    pgbench -n -c 1 -M prepared -t "$transactions" "$@" >/dev/null 2>"$SG_WORK/log/pgbench" || {
        cat "$SG_WORK/log/pgbench" >&2
        return 1
    }
    sleep 2
    cat "$profiles"/profile.* | awk '/^(summary|totals):/ && $2 > most { most = $2 } END { print most }'
}

count() { # name, option of pgbench ...
    local name=$1 short long
    shift
    short=$(count_run "$few" "$@")
    long=$(count_run "$many" "$@")
    echo "$name $(((long - short) / (many - few) / per))"
    # shellcheck disable=SC2012
    [ -z "${KEEP:-}" ] || cp "$(ls -S "$profiles"/profile.* | head -n 1)" "$KEEP/$name"
}

ours() { # name script
    count "$1" -U bench_gateway -D "participants=$participants" -f "$bench/scripts/$2.sql"
}

PGOPTIONS="-c synchronous_commit=off"
export PGOPTIONS
count simple-update -N
count simple-update-statements -f "$bench/scripts/simple_update_statements.sql"
# The principal set once for the connection, and set with every call.
PGOPTIONS+=" -c smartgrid.principal=c7"
count consume -U bench_gateway -f "$bench/scripts/consume_fixed.sql"
# A new reference for each call, and another setting for each call.
count consume-reference -U bench_gateway -f "$bench/scripts/consume_reference.sql"
count consume-setting -U bench_gateway -f "$bench/scripts/consume_setting.sql"
count report -U bench_gateway -f "$bench/scripts/report_fixed.sql"
count naive-consume -U bench_gateway -f "$bench/scripts/naive_consume_fixed.sql"
count floor -U bench_gateway -f "$bench/scripts/topup_fixed.sql"
count price -U bench_gateway -f "$bench/scripts/price.sql"
for stripes in 16 64; do
    export PGDATABASE=bench$stripes
    for script in consume report price; do
        [ "$script" = price ] && file=price || file=${script}_fixed
        count "$script-$stripes-stripes" -U bench_gateway -f "$bench/scripts/$file.sql"
    done
    ours "consume-random-principal-$stripes-stripes" consume
done
export PGDATABASE=bench
ours consume-random-principal consume
ours naive-consume-random-principal naive_consume
few=1 many=3 per=10000
count post-10000-per-reading -U bench_gateway -D n=10000 -f "$bench/scripts/post.sql"
count COPY-10000-per-row -M simple -D "file='$SG_WORK/tmp/rows.10000'" -f "$bench/scripts/copy.sql"
sg_cluster_stop count
