# Runs and documents of the points of the metering cases, which come before: a
# tariff of five components, against count(*) of the row table.
# shellcheck shell=bash disable=SC2154

settlement_take() {
    local name figure
    while IFS='|' read -r name figure; do
        record "metering/$name/1/on" "$figure"
    done < <(psql -X -q -A -t -d metering -c 'DELETE FROM taken RETURNING name, round(ms, 3)')
}

# Private memory of a session at most while it settles, beyond what it had before, in MB.
settlement_memory() {
    local client pid now base='' most=0
    PGAPPNAME=settling psql -X -q -d metering -v ON_ERROR_STOP=1 -v days="$meter_days" >/dev/null <<'SQL' &
SELECT count(*) FROM sg_runs;
SELECT pg_sleep(1);
SET timezone = 'Europe/Vienna';
SET client_min_messages = warning;
SELECT sg_settle(tstzrange('2023-01-02', date '2023-01-02' + :days), accept => '{measured,substituted,estimated,calculated,missing}');
SQL
    client=$!
    while [ -z "${pid:-}" ]; do
        pid=$(psql -X -q -A -t -d metering -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'settling' AND query LIKE '%pg_sleep%'")
    done
    while kill -0 "$client" 2>/dev/null; do
        now=$(awk '/^RssAnon:/ { print $2 }' "/proc/$pid/status" 2>/dev/null) || break
        base=${base:-$now}
        most=$((now > most ? now : most))
        sleep 0.02
    done
    wait "$client"
    awk -v most="$most" -v base="$base" 'BEGIN { printf "%.1f", (most - base) / 1024 }'
}

psql -X -q -d metering -v ON_ERROR_STOP=1 -v points="$meter_points" -v days="$meter_days" -f "$bench/settlement_setup.sql" >/dev/null
for ((round = 1; round <= rounds; round++)); do
    psql -X -q -d metering -v ON_ERROR_STOP=1 -v days="$meter_days" -f "$bench/settlement.sql" >/dev/null
    settlement_take
done
record "metering/settle memory/1/on" "$(settlement_memory)"

run=$(psql -X -q -A -t -d metering -v ON_ERROR_STOP=1 -c "SELECT run FROM sg_runs WHERE grid = 'default'")
psql -X -q -d metering -v ON_ERROR_STOP=1 -c "SELECT sg_finalize($run)" >/dev/null
for ((round = 1; round <= rounds; round++)); do
    psql -X -q -d metering -v ON_ERROR_STOP=1 -v run="$run" -f "$bench/settlement_documents.sql" >/dev/null
    settlement_take
done

row metering/settle/1/on ms "count(*) of row table=metering/settle count/1/on" "a tenth of the points=metering/settle a tenth/1/on"
row "metering/settle count/1/on" ms
row "metering/settle a tenth/1/on" ms
row "metering/verify run/1/on" ms "settle=metering/settle/1/on"
row "metering/settle memory/1/on" MB
row metering/documents/1/on documents/s
row "metering/documents issued/1/on" documents/s
row "metering/documents rendered/1/on" documents/s
