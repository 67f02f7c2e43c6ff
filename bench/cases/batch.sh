# Batch posting against COPY of as many rows into an identical table that holds
# the same rows already, and against single calls at one client.
# shellcheck shell=bash disable=SC2154

psql -X -q -v sizes="$batch_sizes" -v participants="$participants" -v directory="$SG_WORK/tmp" -f "$bench/readings.sql"

# Rows per second: some batches, each a transaction.
measure_batches() { # key n user script
    local key=$1 n=$2 user=$3 script=$4 rate
    rate=$(tps 1 on -U "$user" -t $((n < 50000 ? 50000 / n : 1)) -D "n=$n" -D "file='$SG_WORK/tmp/rows.$n'" -f "$bench/scripts/$script.sql")
    record "$key" "$(awk -v rate="$rate" -v n="$n" 'BEGIN { print rate * n }')"
}

for ((round = 1; round <= rounds; round++)); do
    for n in $batch_sizes; do
        measure_batches "batch/post $n readings/1/on" "$n" bench_gateway post
        measure_batches "batch/COPY $n rows/1/on" "$n" postgres copy
    done
    for sync in on off; do
        ours consume@1 report@1
        measure "batch/single calls/1/$sync" "${options[@]}"
    done
done

for n in $batch_sizes; do
    row "batch/post $n readings/1/on" readings/s "COPY=batch/COPY $n rows/1/on" \
        "single calls (synchronous_commit on)=batch/single calls/1/on" "single calls (off)=batch/single calls/1/off"
    row "batch/COPY $n rows/1/on" rows/s
done
row "batch/single calls/1/on" calls/s
row "batch/single calls/1/off" calls/s
