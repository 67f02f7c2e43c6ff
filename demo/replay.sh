#!/usr/bin/env bash
# Replays recorded readings (demo/README.md has the format), in the cluster that
# the environment leads to (PGHOST, PGPORT; superuser postgres). ZONE: the time
# zone by whose days and months the figures are, if not the file's own offset.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: $0 file.csv" >&2; exit 2; }
data=$(realpath -- "$1")
report=${REPORT:+$(realpath -- "$REPORT")}
cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")"
export PGCLIENTENCODING=UTF8 PGUSER=postgres

psql() { command psql -X -q -P pager=off -v ON_ERROR_STOP=1 "$@"; }

psql -d postgres -c 'CREATE DATABASE replay'
psql -d replay -f replay_setup.sql -f replay_read.sql

# Bytes in, one COPY: NUL, which no text of PostgreSQL can hold, becomes another
# control character, and LATIN1 stands for bytes as they are.
tr '\000' '\001' <"$data" | LC_ALL=C sed -f lines.sed | LC_ALL=C awk '{ print NR "\t" $0 }' |
    psql -d replay -c "COPY replay.line (number, bytes) FROM STDIN WITH (ENCODING 'LATIN1')"
problem=$(psql -d replay -A -t -c 'SELECT replay.header_problem()')
if [ -n "$problem" ]; then
    echo "$(basename -- "$data"): $problem" >&2
    exit 65     # EX_DATAERR
fi
if [ -n "${ZONE:-}" ] && [ "$(psql -d replay -A -t -v zone="$ZONE" <<<"SELECT count(*) FROM pg_timezone_names WHERE name = :'zone'")" != 1 ]; then
    echo "ZONE=$ZONE is no time zone: see pg_timezone_names, as Australia/Sydney" >&2
    exit 65
fi
psql -d replay -v name="$(basename -- "$data")" -v zone="${ZONE:-}" -f replay_parse.sql

psql -d replay -f replay_post.sql

file_sums=$(psql -d replay -A -t -c 'SELECT number FROM replay.bad_line ORDER BY number' |
    LC_ALL=C awk -f sums.awk - "$data")
psql -d replay -v file_sums="$file_sums" -f replay_closing.sql

# Sealed, so that the report reads its curves from rollups however long the file is.
psql -d replay -U replay_operator -c 'SELECT height FROM sg_seal()' >/dev/null
if [ -n "$report" ]; then
    psql -d replay -U replay_operator -A -t >"$report" -c \
        'SELECT sg_report(CASE WHEN count(*) > 0 THEN tstzrange(min(starts), max(ends)) END, sg_grid()) FROM replay.period'
fi
