# Sourced by run.sh: measuring, and the table.
#
# A figure has a key, section/case/clients/synchronous_commit, and one value for
# each round; the table shows medians, and of the ratios the median over rounds.
# shellcheck shell=bash disable=SC2154

results=$SG_WORK/results        # key, value: one line for each measurement
rows=$SG_WORK/rows              # key, unit, label=key of a reference ...: one line for each row of the table
: >"$results"
: >"$rows"

row() { # key, unit [label=reference key ...]
    (IFS=$'\t' && printf '%s\n' "$*") >>"$rows"
}

record() { # key value
    printf '%s\t%s\n' "$1" "$2" >>"$results"
    sg_say "  $1: $2" >&2
}

# Transactions per second.
tps() { # clients, synchronous_commit, option of pgbench ...
    local clients=$1 sync=$2 out
    shift 2
    out=$(PGOPTIONS="-c synchronous_commit=${sync/-/on}" pgbench -n -c "$clients" -j $((clients < cores ? clients : cores)) "$@" 2>&1) ||
        sg_die "pgbench $* failed: $out"
    sed -n 's/^tps = \([0-9.]*\).*/\1/p' <<<"$out"
}

measure() { # key, option of pgbench ...; the key names clients and synchronous_commit
    local key=$1 clients sync value
    IFS=/ read -r _ _ clients sync <<<"$key"
    shift
    value=$(tps "$clients" "$sync" "$@")
    record "$key" "$value"
}

# The options for a script of ours: prepared, as the gateway, for a while.
ours() { # script ... (script@weight for a mix)
    local script
    options=(-M prepared -U bench_gateway -T "$seconds" -D "participants=$participants")
    for script in "$@"; do
        options+=(-f "$bench/scripts/${script/@/.sql@}")
        [[ $script == *@* ]] || options[-1]+=.sql
    done
}

create_database() { # name participants grids
    createdb "$1"
    psql -X -q -d "$1" -v participants="$2" -v grids="$3" -f "$bench/setup.sql" >/dev/null
}

# A checkpoint now rather than in the middle of a measurement.
settle() {
    psql -X -q -d postgres -c CHECKPOINT
}

print_table() {
    echo '| section | case | clients | synchronous_commit | median | unit | min - max | ratio (median over rounds) |'
    echo '|---|---|---|---|---|---|---|---|'
    awk -F '\t' -f "$bench/table.awk" "$results" "$rows"
}
