# What members got of the community's energy, against SQL over the row table of
# the metering cases, which come before.
# shellcheck shell=bash disable=SC2154

for ((round = 1; round <= rounds; round++)); do
    psql -X -q -d metering -v ON_ERROR_STOP=1 -v days="$meter_days" -f "$bench/sharing.sql" >/dev/null
    while IFS='|' read -r name ms; do
        record "metering/$name/1/on" "$ms"
    done < <(psql -X -q -A -t -d metering -c 'DELETE FROM taken RETURNING name, round(ms, 3)')
done
row "metering/sharing/1/on" ms "row table=metering/sharing rows/1/on"
row "metering/sharing by day/1/on" ms "row table=metering/sharing rows/1/on"
row "metering/sharing rows/1/on" ms
