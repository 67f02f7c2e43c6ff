# Sourced by check.sh: the harnesses.
# shellcheck shell=bash

# shellcheck source=test/lib/results.sh
source "$SG_ROOT/test/lib/results.sh"
# shellcheck source=test/lib/jobs.sh
source "$SG_ROOT/test/lib/jobs.sh"

SG_TESTS=                       # the tree's copy that the unprivileged user works in

# Runs the harnesses after a build by the caller's words, and sums up.
sg_check() { # build command ... -- harness ...
    local -a build=()
    local harness
    while [ "$1" != -- ]; do
        build+=("$1")
        shift
    done
    shift
    sg_say "$("$SG_PG_CONFIG" --version), servers run as $SG_USER"
    rm -rf "$SG_ROOT/build/results/failed" 2>/dev/null || true
    if "${build[@]}"; then
        sg_tests_prepare
        for harness in "$@"; do
            sg_jobs_of "$harness"
        done
        sg_jobs_run
    else
        sg_result build "build with -Wall -Wextra -Werror" failed "${CC:-$("$SG_PG_CONFIG" --cc)}"
    fi
    sg_summary
}

# A copy, because the unprivileged user may not enter the clone.
sg_tests_prepare() {
    SG_TESTS=$SG_WORK/tests
    mkdir "$SG_TESTS"
    sg_copy_tree "$SG_TESTS" .
    mkdir -p "$SG_TESTS/out/tap"
    sg_give "$SG_TESTS"
    # Versions to update from. What is installed elsewhere has the current one only.
    cp "$SG_ROOT"/test/releases/*.sql "$SG_STAGE$("$SG_PG_CONFIG" --sharedir)/extension/"
    # Compiling takes longer than what most tests ask for; those that want it set this themselves.
    echo "jit_above_cost = -1" >>"$SG_WORK/settings.conf"
    SG_TEMPLATE=$SG_WORK/template
}

# Names of the tests there are, thinned out by T.
sg_select() { # directory suffix
    local file name
    for file in "$SG_TESTS/$1"/*"$2"; do
        [ -f "$file" ] || continue
        name=$(basename "$file" "$2")
        case " ${T:-$name} " in *" $name "*) echo "$name" ;; esac
    done
}

sg_jobs_of() { # harness
    local name
    local -a names=()
    case $1 in
    static)
        [ -z "${T:-}" ] || return 0
        sg_job static "warnings" sg_static_compilers
        sg_harness_static
        ;;
    regress)
        mapfile -t names < <(sg_select sql .sql)
        [ ${#names[@]} -eq 0 ] || sg_job regress "regress" sg_regress regress "${names[@]}"
        ;;
    isolation)
        mapfile -t names < <(sg_select test/isolation/specs .spec)
        sg_isolation_jobs "${names[@]}"
        ;;
    pgtap) for name in $(sg_select test/pgtap .sql); do sg_job pgtap "$name" sg_pgtap "$name"; done ;;
    tap) for name in $(sg_select test/tap .pl); do sg_job tap "$name" sg_tap "$name"; done ;;
    esac
}

sg_timed() { # command ...; says on standard error if it takes too long
    local status=0
    sg_run timeout -k 10 "${SG_TIMEOUT:-900}" "$@" || status=$?
    [ "$status" -ne 124 ] || echo "given up after ${SG_TIMEOUT:-900} seconds" >&2
    return "$status"
}

# A cluster of its own for each job; a failure to start is a failed test.
sg_harness_cluster() { # harness name [setting ...]
    local harness=$1 name=$2 out=$SG_WORK/log/$2.start
    shift 2
    unset PGDATABASE PGOPTIONS
    sg_cluster_start "$name" "$@" >"$out" 2>&1 && return 0
    sg_result "$harness" "cluster of $name" failed
    sg_show "$harness" "cluster of $name" <"$out"
    return 1
}

# A crash is easily lost among the lines that follow it.
sg_crash() { # log; what it says of crashes, if there were any
    grep -E 'PANIC|TRAP|terminated by signal|Failed process' "$1" | head -n 8 || true
}

# ---- static: what needs no server ----

sg_harness_static() {
    # One line a check: its title, and a command for the tree's root that says what is wrong and fails if something is.
    sg_static "META.json agrees with the control file" perl test/lib/check_meta.pl .
    sg_static "what was released is as it was" perl test/lib/check_releases.pl .
    sg_static "installation parts say how things are" perl test/lib/check_parts.pl .
    sg_static "links in the documents" perl test/lib/check_links.pl .
    sg_static "a failed run ends with its differences" bash test/lib/check_harness.sh
    sg_static "floors use only what they may" perl test/lib/check_floors.pl .
    sg_static "planted violations of floors are found" perl test/lib/check_floors_finds.pl .
    sg_static "packed days come back, damaged ones are refused" bash test/lib/check_day_codec.sh .
    sg_static "energy is shared out as a second implementation says" bash test/lib/check_allocation.sh .
    sg_static "facts that are said in several places" perl test/lib/check_facts.pl .
}

sg_static() { # title command ...
    sg_job static "$1" sg_static_check "$@"
}

sg_static_check() { # title command ...
    local title=$1 out
    out=$(mktemp "$SG_WORK/log/static.XXXXXX")
    shift
    if (cd "$SG_ROOT" && "$@") >"$out" 2>&1 </dev/null; then
        sg_result static "$title" passed
    else
        sg_result static "$title" failed
        sg_show static "$title" <"$out"
    fi
}

sg_static_compilers() {
    local own other out=$SG_WORK/log/warnings
    if [ -n "${WERROR-1}" ]; then
        sg_result static "built with -Wall -Wextra -Werror" passed "${CC:-$("$SG_PG_CONFIG" --cc)}"
    else
        sg_result static "built with -Wall -Wextra -Werror" skipped "WERROR is empty"
    fi

    own=$(${CC:-$("$SG_PG_CONFIG" --cc)} --version | head -n 1)
    case $own in
    *clang*) other=$(sg_first_command gcc cc) ;;
    *) other=$(sg_first_command clang "$(sed -n 's/^CLANG = *//p' "$(dirname "$("$SG_PG_CONFIG" --pgxs)")/../Makefile.global")") ;;
    esac
    if [ -z "$other" ]; then
        sg_result static "the other compiler's warnings" skipped "none installed"
    elif make -s -C "$SG_BUILD" PG_CONFIG="$SG_PG_CONFIG" WERROR=1 CC="$other" syntax >"$out" 2>&1; then
        sg_result static "the other compiler's warnings" passed "$other"
    else
        sg_result static "the other compiler's warnings" failed "$other"
        sg_show static "the other compiler's warnings" <"$out"
    fi
}

sg_first_command() { # name ...
    local name
    for name in "$@"; do
        [ -n "$name" ] && command -v "$name" && return 0
    done
    return 0
}

# ---- pg_regress, isolation tester ----

sg_regress() { # name of the cluster, test ...
    local cluster=$1
    shift
    sg_pg_regress regress "$cluster" "$SG_TESTS" ../test/regress/pg_regress "" "$@"
}

sg_isolation() { # name of the cluster, test ...
    local cluster=$1
    shift
    sg_pg_regress isolation "$cluster" "$SG_TESTS/test/isolation" ../test/isolation/pg_isolation_regress \
        --load-extension=smartgrid "$@"
}

# As many runs as jobs at once, each with its share of the tests and a cluster.
sg_isolation_jobs() { # name ...
    local runs share run=0
    runs=$(sg_jobs_at_once)
    share=$((($# + runs - 1) / runs))
    [ "$share" -ge 10 ] || share=$#
    while [ $# -gt 0 ]; do
        run=$((run + 1))
        sg_job isolation "isolation$run" sg_isolation "isolation$run" "${@:1:share}"
        shift $(($# < share ? $# : share))
    done
}

sg_pg_regress() { # harness cluster inputdir program option name ...
    local harness=$1 cluster=$2 input=$3 program=$4 option=$5 name out=$SG_TESTS/out/$2 log=$SG_WORK/log/$2.said said first= crash settings=
    shift 5
    program=$(dirname "$("$SG_PG_CONFIG" --pgxs)")/$program
    # sg_seal() also waits for an ANALYZE of the ledger that writes what it has found, which no step expects.
    # What waits there is to wait, however slow the machine is.
    [ "$harness" = isolation ] && settings=$'autovacuum = off\nsmartgrid.row_wait = 10s'
    sg_harness_cluster "$harness" "$cluster" "$settings" || return 0

    # A test without expected output fails and shows what came out; the program
    # itself would give up altogether.
    mkdir -p "$input/expected" "$out"
    for name in "$@"; do
        [ -e "$input/expected/$name.out" ] || : >"$input/expected/$name.out"
    done
    sg_give "$input/expected" "$out"

    sg_timed "$program" --inputdir="$input" --outputdir="$out" --bindir="$SG_BINDIR" \
        --dbname=contrib_regression ${option:+"$option"} "$@" >"$log" 2>&1 || true
    crash=$(sg_crash "$SG_WORK/log/$cluster.log")
    for name in "$@"; do
        said=$(awk -v name="$name" '
            $1 == "test" && $2 == name           { print ($4 == "ok" ? "passed" : "failed"), $5 " " $6; exit }
            $1 == "ok" && $4 == name             { print "passed", $5 " " $6; exit }
            $1 == "not" && $5 == name            { print "failed", $6 " " $7; exit }' "$log")
        case $said in
        passed*) sg_result "$harness" "$name" passed "${said#passed }" ;;
        *)
            sg_result "$harness" "$name" failed
            [ -n "$first" ] || sg_show "$harness" "$name" "the server crashed" <<<"$crash"
            first=$name
            sg_difference "$name" "$out/regression.diffs" "$log" | sg_show "$harness" "$name"
            ;;
        esac
    done
    if [ -n "$crash" ] && [ -z "$first" ]; then
        sg_result "$harness" "the server of $cluster" failed "it crashed"
        sg_show "$harness" "the server of $cluster" <<<"$crash"
    fi
    sg_keep_results "$harness" "$out/results" || true
    sg_cluster_stop "$cluster" immediate || true
}

# What one test contributed to the differences; if nothing, the end of what pg_regress said.
sg_difference() { # name differences log
    awk -v name="$1" '
        /^diff /    { mine = $NF ~ "/" name "\\.out$"; next }
        mine' "$2" 2>/dev/null | grep . || tail -n 20 "$3"
}

# ---- pgTAP: each file in a cluster of its own whose database has both extensions ----

sg_pgtap() { # name
    local name=$1 cluster=pgtap-$1 log=$SG_WORK/log/pgtap-$1.said crash count
    sg_harness_cluster pgtap "$cluster" || return 0
    if ! sg_run psql -X -q -d postgres -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' \
        -c 'CREATE EXTENSION pgtap' -c 'CREATE EXTENSION smartgrid' >"$log" 2>&1; then
        sg_result pgtap "$name" failed "the extensions cannot be created"
        sg_show pgtap "$name" <"$log"
    elif SG_RUN_DIR=tests sg_timed pg_prove --norc --verbose -d postgres "test/pgtap/$name.sql" >"$log" 2>&1 &&
        ! grep -q '^Result: NOTESTS' "$log" && [ -z "$(sg_crash "$SG_WORK/log/$cluster.log")" ]; then
        sg_result pgtap "$name" passed "$(sg_prove_counts "$log")"
    else
        sg_result pgtap "$name" failed
        sg_crash "$SG_WORK/log/$cluster.log" | sg_show pgtap "$name" "the server crashed"
        perl "$SG_ROOT/test/lib/tap_failures.pl" "$log" | sg_show pgtap "$name"
    fi
    sg_cluster_stop "$cluster" immediate || true
    rm -rf "${SG_WORK:?}/$cluster"
}

sg_prove_counts() { # log
    sed -n 's/^Files=1, Tests=\([0-9]*\), *\([0-9]*\) wallclock.*/\1 assertions, \2 s/p' "$1"
}

# ---- TAP: each file makes its own clusters (SmartgridCluster.pm) ----

sg_tap() { # name
    local name=$1 log=$SG_WORK/log/tap-$1.said dir=$SG_TESTS/out/tap/$1 src file text
    src=$(dirname "$("$SG_PG_CONFIG" --pgxs)")/../test
    sg_template || true
    mkdir -p "$dir/tmp_check/log"
    sg_give "$dir"
    if SG_RUN_DIR=tests sg_timed env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE \
        PERL5LIB="$SG_TESTS/test/lib:$src/perl" PG_REGRESS="$src/regress/pg_regress" \
        TEMP_CONFIG="$SG_WORK/settings.conf" SG_TEMPLATE="$SG_TEMPLATE" PG_TEST_PORT_DIR="$SG_WORK/tmp/ports" \
        TESTDIR="$dir" TESTDATADIR="$dir/tmp_check" TESTLOGDIR="$dir/tmp_check/log" \
        prove --norc "test/tap/$name.pl" >"$log" 2>&1; then
        if grep -q 'skipped:' "$log"; then
            sg_result tap "$name" skipped "$(sed -n 's/.*skipped: *//p' "$log" | head -n 1)"
        else
            sg_result tap "$name" passed "$(sg_prove_counts "$log")"
        fi
    else
        sg_result tap "$name" failed
        for file in "$dir/tmp_check/log/regress_log_$name" "$log"; do
            text=$(perl "$SG_ROOT/test/lib/tap_failures.pl" "$file" 2>/dev/null) || true
            [ -z "$text" ] || break
        done
        sg_show tap "$name" <<<"$text"
        { grep '^given up' "$log" || true; } | sg_show tap "$name"
        for file in "$dir"/tmp_check/log/*.log; do
            [ ! -e "$file" ] || sg_crash "$file" | sg_show tap "$name" "$(basename "$file"), a server that the test may have killed itself"
        done
    fi
    sg_keep_results . "$dir/results" || true
    rm -rf "$dir"
}
