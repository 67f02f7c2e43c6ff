#!/usr/bin/env bash
# A day of the village, and its month by the meters, in the cluster that the environment leads to
# (PGHOST, PGPORT; superuser postgres). Needs a database name that is free.
set -euo pipefail
report=${REPORT:+$(realpath -- "$REPORT")}
invoice=${INVOICE:+$(realpath -- "$INVOICE")}
cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")"
export PGCLIENTENCODING=UTF8 PGUSER=postgres

psql() { command psql -X -q -P pager=off -v ON_ERROR_STOP=1 "$@"; }

psql -d postgres -c 'CREATE DATABASE village'
psql -d village -f village_setup.sql -f village_acts.sql -f village_report.sql

# One psql for the whole day, as psql has no loop of its own; quarter.sql
# changes roles with \connect.
{
    echo '\i village_opening.sql'
    for ((quarter = 0; quarter < 96; quarter++)); do
        printf '\\set quarter %d\n\\set last_of_hour %d\n\\i quarter.sql\n' \
            "$quarter" $((quarter % 4 == 3))
    done
    printf '\\i %s\n' village_closing.sql village_clock.sql village_evidence.sql village_month.sql
} | psql -d village -f -

if [ -n "$report" ]; then
    psql -d village -U oskar -A -t >"$report" \
        -c "SELECT sg_report('[2024-06-20 00:00 Europe/Berlin, 2024-06-21 00:00 Europe/Berlin)', sg_grid())"
fi
if [ -n "$invoice" ]; then
    PGOPTIONS='-c smartgrid.grid=village-energy' psql -d village -U ben -A -t >"$invoice" \
        -c 'SELECT sg_render_document(number) FROM sg_documents ORDER BY issue_date LIMIT 1'
fi
