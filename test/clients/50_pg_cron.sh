#!/usr/bin/env bash
# The jobs of doc/operations.md ("Scheduling") as they stand there, but each
# minute, under the real pg_cron. Takes a minute or two: pg_cron counts in them.
# needs-apt: postgresql-VERSION-cron
# settings: shared_preload_libraries = 'pg_cron'
# settings: cron.use_background_workers = on
set -euo pipefail
document=$(dirname -- "${BASH_SOURCE[0]}")/../../doc/operations.md
failed=0

sql() { # database statement ...
    local database=$1 statement
    local -a options=()
    shift
    for statement in "$@"; do
        options+=(-c "$statement")
    done
    psql -XAtq -v ON_ERROR_STOP=1 -d "$database" "${options[@]}"
}

is() { # actual expected what
    if [ "$1" = "$2" ]; then
        echo "ok: $3"
    else
        printf 'FAILED: %s\n  expected: %s\n  got: %s\n' "$3" "$2" "$1"
        failed=1
    fi
}

# What is fenced as sql in the chapter.
awk '/^## / { inside = $0 == "## Scheduling" } /^```/ { fenced = inside && $0 == "```sql"; next } inside && fenced' \
    "$document" >"$SCRATCH/jobs.sql"

# The database of the document: a load of 90 % of the capacity, and a battery with room for what is above 80 %.
createdb village
sql village 'CREATE EXTENSION smartgrid' \
    "SET smartgrid.principal = 'mill'; SELECT sg_register_producer(1000, 'hydro'), sg_report_production(900)" \
    "SET smartgrid.principal = 'battery'; SELECT sg_register_storage(500, 300, 300)" >/dev/null
sql postgres "\\i $SCRATCH/jobs.sql" >/dev/null
sed -n '/^CREATE TABLE reminder/,/^GRANT/p' "$SCRATCH/jobs.sql" >"$SCRATCH/reminder.sql"
sql village "\\i $SCRATCH/reminder.sql"

# Somebody who may not, and a grid that the job names itself.
sql village "SELECT sg_create_grid('lake')" \
    "SET smartgrid.principal = 'lake mill'; SET smartgrid.grid = 'lake'; SELECT sg_register_producer(100, 'wind'), sg_report_production(100)" \
    "SET smartgrid.principal = 'lake battery'; SELECT sg_register_storage(50, 50, 50)" >/dev/null
sql postgres 'CREATE ROLE passer_by LOGIN' \
    "SELECT cron.schedule_in_database('not allowed', '* * * * *', 'SELECT sg_balance_load()', 'village', 'passer_by')" \
    "SELECT cron.schedule_in_database('lake: balance', '* * * * *', 'SET smartgrid.grid = ''lake''; SELECT sg_balance_load()', 'village', 'village_jobs')" \
    >/dev/null

is "$(sql postgres "SELECT string_agg(jobname, ', ' ORDER BY jobname) FROM cron.job")" \
    'cron log, lake: balance, not allowed, village: balance, village: check, village: gaps, village: metrics, village: preview, village: reminders, village: seal' 'the jobs are scheduled'
sql postgres "SELECT cron.alter_job(jobid, schedule => '* * * * *') FROM cron.job" >/dev/null
# Two runs of each, so that the second one seals what the first one did.
for _ in $(seq 200); do
    unfinished=$(sql postgres "SELECT count(*) FROM cron.job AS j WHERE 2 > (
        SELECT count(*) FROM cron.job_run_details AS d WHERE d.jobid = j.jobid AND d.status IN ('succeeded', 'failed'))")
    [ "$unfinished" != 0 ] || break
    sleep 1
done
sql postgres "SELECT jobname, database, d.username, d.status, d.return_message, d.end_time - d.start_time AS lasted
    FROM cron.job_run_details AS d JOIN cron.job USING (jobid, database) ORDER BY runid" | tee "$RESULTS/runs.txt"
is "$unfinished" 0 'every job has run twice'
is "$(sql postgres "SELECT string_agg(DISTINCT jobname, ', ') FROM cron.job JOIN cron.job_run_details AS d USING (jobid) WHERE d.status = 'failed'")" \
    'not allowed' 'and succeeds, but for that of who may not'
is "$(sql postgres "SELECT DISTINCT return_message ~ 'only an operator may' FROM cron.job_run_details WHERE username = 'passer_by'")" t 'which says why'

is "$(sql village "SELECT string_agg(concat_ws(' ', grid, kind, participant, energy), ', ' ORDER BY grid) FROM sg_ledger WHERE kind = 'charge'")" \
    'default charge battery 100, lake charge lake battery 20' 'the loads are balanced, once'
is "$(sql village "SELECT sum(entries) = (SELECT count(*) FROM sg_ledger WHERE grid = 'default') FROM sg_blocks WHERE grid = 'default'")" t \
    'the ledger is sealed to its end'
is "$(sql village 'SELECT count(*) FROM sg_verify_ledger() WHERE NOT ok')" 0 'and verified'
is "$(sql village "SELECT count(*) >= 2 AND bool_and(upper(period) - lower(period) = interval '1 hour' AND upper(period) = date_trunc('hour', recorded_at))
    FROM sg_metrics WHERE grid = 'default'")" t 'the metrics are those of the hour before'

# What should be right and is not: the nightly check fails, and says so.
sql village 'UPDATE smartgrid.ledger SET energy = energy + 1 WHERE entry_id = 1'
before=$(sql postgres 'SELECT max(runid) FROM cron.job_run_details')
for _ in $(seq 70); do
    said=$(sql postgres "SELECT d.return_message FROM cron.job_run_details AS d JOIN cron.job USING (jobid)
        WHERE jobname = 'village: check' AND runid > $before AND d.status = 'failed'")
    [ -z "$said" ] || break
    sleep 1
done
is "${said%%$'\n'*}" 'ERROR: sg_check() has found something' 'a check that finds something fails'
exit "$failed"
