# Growth: a long ledger. Its rows are copied in beside the extension's
# functions, which sg_check() would complain of: a database of its own.
# shellcheck shell=bash disable=SC2154

create_database ledger_short "$participants" 1
createdb --template=ledger_short ledger_long
psql -X -q -c "ALTER DATABASE ledger_long SET smartgrid.grid = 'g1'"
psql -X -q -d ledger_long -v rows="$ledger_rows" -v participants="$participants" >/dev/null <<'SQL'
-- Every participant in turn, again and again, as meters report.
INSERT INTO smartgrid.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind, booked_at)
SELECT participant_id, 0, 1, 100, 100, 0, now() - interval '1 year' + turn * interval '1 minute', grid_id, 1, now() - interval '1 year' + turn * interval '1 minute'
FROM generate_series(1, :rows / :participants) AS turn, smartgrid.consumer
ORDER BY turn, participant_id;
SELECT setval('smartgrid.ledger_entry_id_seq', max(entry_id)) FROM smartgrid.ledger;
VACUUM ANALYZE smartgrid.ledger;
SQL
settle
for ((round = 1; round <= rounds; round++)); do
    for sync in $syncs; do
        for length in short long; do
            ours consume@1 report@1
            measure "ledger/$length/8/$sync" "${options[@]}" "ledger_$length"
        done
    done
    # A participant's own page, as a role without rights.
    for length in short long; do
        measure "ledger/own page, $length/1/on" -M prepared -U c1 -T "$seconds" -f "$bench/scripts/ledger_page.sql" "ledger_$length"
    done
done
for sync in $syncs; do
    row "ledger/short/8/$sync" calls/s
    row "ledger/long/8/$sync" calls/s "short=ledger/short/8/$sync"
done
row "ledger/own page, short/1/on" calls/s
row "ledger/own page, long/1/on" calls/s "short=ledger/own page, short/1/on"
