# Consumption while a reporting snapshot is held open for the whole run, which
# keeps dead versions of hot rows: the last minute (or tenth) against the first.
# Three minutes (or tenths) without a snapshot beforehand, for comparison.
# shellcheck shell=bash disable=SC2154

window=$((snapshot_seconds / 10))
((window <= 60)) || window=60
((window >= 1)) || window=1

measure_decay() { # name, seconds
    local name=$1 length=$2 out
    ours consume
    out=$(PGOPTIONS="-c synchronous_commit=on" pgbench -n -c 32 -j "$cores" "${options[@]}" -T "$length" -P "$window" 2>&1) ||
        sg_die "pgbench failed: $out"
    mapfile -t figures < <(sed -n 's/^progress: .* s, \([0-9.]*\) tps.*/\1/p' <<<"$out")
    sg_say "  $name, every $window s: ${figures[*]}" >&2
    record "snapshot/$name: first $window s/32/on" "${figures[0]}"
    record "snapshot/$name: last $window s of $length/32/on" "${figures[-1]}"
    row "snapshot/$name: first $window s/32/on" calls/s
    row "snapshot/$name: last $window s of $length/32/on" calls/s "first=snapshot/$name: first $window s/32/on"
}

measure_decay "no snapshot" $((3 * window))

mkfifo "$SG_WORK/tmp/report"
psql -X -q <"$SG_WORK/tmp/report" >/dev/null &
reporter=$!
exec 8>"$SG_WORK/tmp/report"
echo "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM sg_ledger;" >&8
sleep 1
measure_decay "with snapshot" "$snapshot_seconds"
exec 8>&-
wait "$reporter"
