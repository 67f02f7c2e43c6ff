# Time series: a year of quarter-hours over a long ledger that is sealed, by
# rollups and by a plain aggregate of the ledger. Its rows are copied in beside
# the extension's functions, as in the case ledger: a database of its own.
# shellcheck shell=bash disable=SC2154

curve_members=1000
create_database curve "$curve_members" 1
psql -X -q -d curve -v rows="$ledger_rows" -v members="$curve_members" >/dev/null <<'SQL'
-- One entry after the other through the year 2025, of every member in turn: half production, half consumption.
INSERT INTO smartgrid.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind, booked_at)
SELECT p.participant_id, 0, 1 + i % 97, CASE WHEN i / :members % 2 = 1 THEN 100 + i % 50 ELSE 0 END,
       CASE WHEN i / :members % 2 = 1 THEN 100 ELSE 0 END, 0,
       '2025-01-01 00:00:00+00'::timestamptz + i * (interval '365 days' / :rows), p.grid_id, i / :members % 2,
       '2025-01-01 00:00:00+00'::timestamptz + i * (interval '365 days' / :rows)
FROM generate_series(0, :rows - 1) AS i
     JOIN (SELECT participant_id, grid_id, row_number() OVER (ORDER BY participant_id) - 1 AS place FROM smartgrid.participant) AS p
         ON p.place = i % :members
ORDER BY i;
VACUUM ANALYZE smartgrid.ledger;
SQL
settle

milliseconds() { # key, script [transactions]
    local tps
    tps=$(tps 1 - -M prepared -t "${3:-10}" -f "$bench/scripts/$2.sql" curve)
    record "$1" "$(awk -v tps="$tps" 'BEGIN { printf "%.3f", 1000 / tps }')"
}

sealing_began=$EPOCHREALTIME
psql -X -q -d curve -c 'SELECT count(*) FROM sg_seal()' >/dev/null
record "curve/sealing, with rollups/1/-" \
    "$(awk -v from="$sealing_began" -v to="$EPOCHREALTIME" -v rows="$ledger_rows" 'BEGIN { printf "%d", rows / (to - from) }')"
psql -X -q -d curve -c 'VACUUM ANALYZE smartgrid.rollup' >/dev/null
for ((round = 1; round <= rounds; round++)); do
    milliseconds "curve/year of quarter-hours/1/-" curve_year
    milliseconds "curve/year of days in Berlin/1/-" curve_year_days
    milliseconds "curve/day of quarter-hours/1/-" curve_day 100
    milliseconds "curve/24 hours that cut quarter-hours/1/-" curve_day_cut 100
    milliseconds "curve/day of the view/1/-" curve_view_day
    milliseconds "curve/key figures of a year/1/-" kpis_year
    milliseconds "curve/plain aggregate, year of quarter-hours/1/-" curve_plain 1
done
row "curve/sealing, with rollups/1/-" entries/s
for name in "year of quarter-hours" "year of days in Berlin" "day of quarter-hours" "24 hours that cut quarter-hours" "day of the view" "key figures of a year"; do
    row "curve/$name/1/-" ms "plain=curve/plain aggregate, year of quarter-hours/1/-"
done
row "curve/plain aggregate, year of quarter-hours/1/-" ms
