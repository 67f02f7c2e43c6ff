#!/usr/bin/env bash
# make demo: a village's day and month, or a replay of recorded readings (DATA=file.csv),
# in a throw-away cluster that is gone afterwards. PSQL=1 opens psql before that.
set -euo pipefail
here=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../test/lib/cluster.sh
source "$here/../test/lib/cluster.sh"

if [ -n "${DATA:-}" ]; then
    if [ ! -f "$DATA" ] || [ ! -r "$DATA" ]; then
        sg_die "DATA=$DATA is not a file that can be read"
    fi
    show=("$here/replay.sh" "$DATA")
    PGDATABASE=replay
else
    show=("$here/village.sh")
    PGDATABASE=village
fi
database=$PGDATABASE

# What is left, where make was called: the report, and an invoice of the village's month.
export REPORT='' INVOICE=''
if [ -w . ]; then
    REPORT=$PWD/grid-report.html
    [ -n "${DATA:-}" ] || INVOICE=$PWD/invoice.html
fi

sg_ensure_packages build
sg_begin
sg_say "Building smartgrid for PostgreSQL $SG_MAJOR ..."
sg_stage
sg_say "Starting a throw-away cluster (user $SG_USER, no network, removed at the end) ..."
sg_cluster_start demo "synchronous_commit = off"
export PATH="$SG_BINDIR:$PATH"

status=0
bash "${show[@]}" || status=$?
if [ "$status" -ne 0 ]; then
    if [ "$status" -ne 65 ]; then       # 65: the file is to blame, and was told so
        sg_say "The demo failed. The end of the server's log:" >&2
        tail -n 20 "$SG_WORK/log/demo.log" >&2
    fi
    exit "$status"
fi

if [ -n "$REPORT" ]; then
    sg_say "The report of it, to open in a browser: $REPORT"
    [ -z "$INVOICE" ] || sg_say "An invoice of its month: $INVOICE"
else
    sg_say "No report was written: the directory $PWD is not writable."
fi

look_around() {
    sg_say "psql on database $database; \\q stops the cluster."
    psql -d "$database" || true
}
if [ -n "${PSQL:-}" ]; then
    look_around
elif [ -t 0 ] && [ -t 1 ]; then
    # Nobody may be there: a terminal that stays silent does not keep the cluster.
    sg_say "Press p within 20 seconds for psql in this very cluster, any other key to stop it."
    key=
    read -r -s -n 1 -t 20 key || true
    [ "$key" != p ] || look_around
else
    sg_say "The cluster stops now. make demo PSQL=1${DATA:+ DATA=$DATA} ends in psql instead."
fi
