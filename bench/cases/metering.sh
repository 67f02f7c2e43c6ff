# Intervals of meters against a plain table and against a table with a row for
# each interval, in a database of its own: loading, bytes, WAL, corrections.
# shellcheck shell=bash disable=SC2154

metering_file=$SG_WORK/tmp/metering.copy
createdb metering
psql -X -q -d metering -v points="$meter_points" -f "$bench/metering.sql" >/dev/null

metering_key() { # name
    printf 'metering/%s/1/on' "$1"
}

for ((round = 1; round <= meter_days; round++)); do
    psql -X -q -d metering -v ON_ERROR_STOP=1 -v day="date '2023-01-01' + $round" -v file="'$metering_file'" -v quarter="$round" \
        -f "$bench/metering_day.sql" >/dev/null
    while IFS='|' read -r name ms; do
        record "$(metering_key "$name")" "$ms"
    done < <(psql -X -q -A -t -d metering -c 'DELETE FROM taken RETURNING name, round(ms, 3)')
done
psql -X -q -d metering -c 'VACUUM ANALYZE'
while IFS='|' read -r name value; do
    record "$(metering_key "$name")" "$value"
done < <(psql -X -q -A -t -d metering <<SQL
SELECT 'bytes an interval', pg_total_relation_size('smartgrid.interval_day') / sum(c.n) FROM (SELECT sum(sg_day_slots(data)) AS n FROM smartgrid.interval_day) AS c
GROUP BY ();
SELECT 'bytes an interval, row table', pg_total_relation_size('row_table')::numeric / count(*) FROM row_table;
SQL
)

metering_row() { # name unit [label=name ...]
    local name=$1 unit=$2 references=()
    shift 2
    for reference in "$@"; do
        references+=("${reference%%=*}=$(metering_key "${reference#*=}")")
    done
    row "$(metering_key "$name")" "$unit" "${references[@]}"
}
metering_row COPY ms
metering_row staged ms COPY=COPY
metering_row call ms COPY=COPY
metering_row lines ms COPY=COPY
metering_row again ms "loading=call"
metering_row "again wal" bytes
metering_row "staged wal" "bytes/interval" "row table=upsert wal"
metering_row "upsert wal" "bytes/interval"
metering_row corrected ms "row table with versions=corrected rows"
metering_row "corrected rows" ms
metering_row quarter ms "COPY=quarter COPY"
metering_row "quarter COPY" ms
metering_row "bytes an interval" bytes "row table=bytes an interval, row table"
metering_row "bytes an interval, row table" bytes
