# Reads, against pgbench's select-only. The own ledger page is read by a role
# without rights, under row-level security.
# shellcheck shell=bash disable=SC2154

# A page to read: 50 of 200 entries of c1.
psql -X -q -c "SET smartgrid.principal = 'c1'" -c "SELECT count(sg_report_production(1)) FROM generate_series(1, 200)" >/dev/null
for ((round = 1; round <= rounds; round++)); do
    for clients in $read_clients; do
        for read in price status ledger_page; do
            measure "reads/$read/$clients/-" -M prepared -U c1 -T "$seconds" -f "$bench/scripts/$read.sql"
        done
        measure "reads/select-only/$clients/-" -M prepared -S -T "$seconds"
    done
done
for clients in $read_clients; do
    for read in price status ledger_page; do
        row "reads/$read/$clients/-" calls/s "select-only=reads/select-only/$clients/-"
    done
    row "reads/select-only/$clients/-" transactions/s
done
