# Sourced by check.sh: the harnesses, and the counting of what they say.
# shellcheck shell=bash

SG_TESTS=                       # the tree's copy that the unprivileged user works in
SG_HARNESSES=()                 # in the order they ran
declare -A SG_PASSED=() SG_FAILED=() SG_SKIPPED=() SG_NOTE=() SG_SEEN=()

sg_result() { # harness test passed|failed|skipped [remark]
    local harness=$1 mark=ok
    SG_SEEN[$2]=1
    case " ${SG_HARNESSES[*]-} " in *" $harness "*) ;; *) SG_HARNESSES+=("$harness") ;; esac
    case $3 in
    passed) SG_PASSED[$harness]=$((${SG_PASSED[$harness]:-0} + 1)) ;;
    failed) SG_FAILED[$harness]=$((${SG_FAILED[$harness]:-0} + 1)) mark='FAILED' ;;
    skipped) SG_SKIPPED[$harness]=$((${SG_SKIPPED[$harness]:-0} + 1)) mark='skipped' ;;
    esac
    printf '%-10s %-40s %s%s\n' "$harness" "$2" "$mark" "${4:+ ($4)}"
}

sg_summary() { # fails where a test did
    local harness name passed=0 failed=0
    for name in ${T:-}; do
        [ -n "${SG_SEEN[$name]:-}" ] || sg_result missing "$name" failed "no test of this name"
    done
    echo
    for harness in "${SG_HARNESSES[@]}"; do
        printf '%-10s %3d passed, %d failed%s%s\n' "$harness" \
            "${SG_PASSED[$harness]:-0}" "${SG_FAILED[$harness]:-0}" \
            "${SG_SKIPPED[$harness]:+, ${SG_SKIPPED[$harness]} skipped}" \
            "${SG_NOTE[$harness]:+ (${SG_NOTE[$harness]})}"
        passed=$((passed + ${SG_PASSED[$harness]:-0}))
        failed=$((failed + ${SG_FAILED[$harness]:-0}))
    done
    if [ $((passed + failed)) -eq 0 ]; then
        echo "there is no test" >&2
        failed=1
    fi
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

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
    if "${build[@]}"; then
        sg_tests_prepare
        for harness in "$@"; do
            sg_harness "$harness"
        done
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
    mkdir -p "$SG_TESTS/out"
    sg_give "$SG_TESTS"
    # Versions to update from. What is installed elsewhere has the current one only.
    cp "$SG_ROOT"/test/releases/*.sql "$SG_STAGE$("$SG_PG_CONFIG" --sharedir)/extension/"
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

sg_harness() { # name
    local -a names=()
    case $1 in
    static) names=(warnings meta) ;;
    regress) mapfile -t names < <(sg_select sql .sql) ;;
    isolation) mapfile -t names < <(sg_select test/isolation/specs .spec) ;;
    pgtap) mapfile -t names < <(sg_select test/pgtap .sql) ;;
    tap) mapfile -t names < <(sg_select test/tap .pl) ;;
    esac
    if [ "$1" = static ]; then
        [ -n "${T:-}" ] || sg_harness_static
    elif [ ${#names[@]} -gt 0 ]; then
        "sg_harness_$1" "${names[@]}"
    fi
}

sg_timed() { sg_run timeout -k 10 "${SG_TIMEOUT:-900}" "$@"; }

# A cluster of its own for each harness; a failure to start is a failed test.
sg_harness_cluster() { # harness [setting ...]
    unset PGDATABASE PGOPTIONS
    sg_cluster_start "$@" && return 0
    sg_result "$1" "cluster" failed
    return 1
}

sg_show() { # title file [lines]
    [ -s "$2" ] || return 0
    printf -- '--- %s\n' "$1"
    tail -n "${3:-60}" "$2"
    printf -- '---\n'
}

# A crash is easily lost among the lines that follow it.
sg_show_log() { # harness [what failed]
    local log=$SG_WORK/log/$1.log
    grep -E 'PANIC|TRAP|terminated by signal|Failed process' "$log" >"$SG_WORK/log/crash" || true
    sg_show "$1: the server crashed" "$SG_WORK/log/crash" 20
    sg_show "${2:-$1}: server log" "$log" 20
}

# ---- static: what needs no server ----

sg_harness_static() {
    sg_static_compilers
    # One line a check: its title, and a command for the tree's root that says what is wrong and fails if something is.
    sg_static "META.json agrees with the control file" perl test/lib/check_meta.pl .
    sg_static "what was released is as it was" perl test/lib/check_releases.pl .
    sg_static "installation parts say how things are" perl test/lib/check_parts.pl .
    sg_static "links in the documents" perl test/lib/check_links.pl .
    sg_static "facts that are said in several places" perl test/lib/check_facts.pl .
}

sg_static() { # title command ...
    local title=$1 out=$SG_WORK/log/static
    shift
    if (cd "$SG_ROOT" && "$@") >"$out" 2>&1 </dev/null; then
        sg_result static "$title" passed
    else
        sg_result static "$title" failed
        sg_show "$title" "$out"
    fi
}

sg_static_compilers() {
    local own other out=$SG_WORK/log/static
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
        sg_show "$other" "$out"
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

sg_harness_regress() { # name ...
    sg_pg_regress regress "$SG_TESTS" "$(dirname "$("$SG_PG_CONFIG" --pgxs)")/../test/regress/pg_regress" \
        "$@"
}

sg_harness_isolation() { # name ...
    sg_pg_regress isolation "$SG_TESTS/test/isolation" \
        "$(dirname "$("$SG_PG_CONFIG" --pgxs)")/../test/isolation/pg_isolation_regress" \
        --load-extension=smartgrid "$@"
}

sg_pg_regress() { # harness inputdir program [option ...] name ...
    local harness=$1 input=$2 program=$3 name word out=$SG_TESTS/out/$1 log=$SG_WORK/log/$1 said
    local -a names=()
    shift 3
    for word in "$@"; do
        case $word in -*) ;; *) names+=("$word") ;; esac
    done
    # sg_seal() also waits for an ANALYZE of the ledger that writes what it has found, which no step expects.
    sg_harness_cluster "$harness" "autovacuum = $([ "$harness" = isolation ] && echo off || echo on)" || return 0

    # A test without expected output fails and shows what came out; the program
    # itself would give up altogether.
    mkdir -p "$input/expected" "$out"
    for name in "${names[@]}"; do
        [ -e "$input/expected/$name.out" ] || : >"$input/expected/$name.out"
    done
    sg_give "$input/expected" "$out"

    sg_timed "$program" --inputdir="$input" --outputdir="$out" --bindir="$SG_BINDIR" \
        --dbname=contrib_regression "$@" >"$log" 2>&1 || true
    for name in "${names[@]}"; do
        said=$(awk -v name="$name" '
            $1 == "test" && $2 == name           { print ($4 == "ok" ? "passed" : "failed"), $5 " " $6; exit }
            $1 == "ok" && $4 == name             { print "passed", $5 " " $6; exit }
            $1 == "not" && $5 == name            { print "failed", $6 " " $7; exit }' "$log")
        case $said in
        passed*) sg_result "$harness" "$name" passed "${said#passed }" ;;
        *) sg_result "$harness" "$name" failed ;;
        esac
    done
    if [ "${SG_FAILED[$harness]:-0}" -gt 0 ]; then
        sg_show "$harness: what it said" "$log" 20
        sg_show "$harness: differences" "$out/regression.diffs" 200
        sg_show_log "$harness"
    fi
    sg_keep_results "$harness" "$out/results"
    sg_cluster_stop "$harness" immediate || true
}

# So that new output can be read, and copied to expected/ where it is right.
sg_keep_results() { # harness directory
    local to=$SG_ROOT/build/results/$1
    if [ -d "$2" ] && mkdir -p "$to" 2>/dev/null && [ -w "$to" ]; then
        cp -R "$2/." "$to/"
    fi
}

# ---- pgTAP: each file in a database of its own that has both extensions ----

sg_harness_pgtap() { # name ...
    local name log=$SG_WORK/log/pgtap-template assertions=0 count
    sg_harness_cluster pgtap || return 0
    if ! sg_run createdb pgtap_template >"$log" 2>&1 ||
        ! sg_run psql -X -q -d pgtap_template -v ON_ERROR_STOP=1 \
            -c 'SET client_min_messages = warning' \
            -c 'CREATE EXTENSION pgtap' -c 'CREATE EXTENSION smartgrid' >"$log" 2>&1; then
        sg_result pgtap "create extensions" failed
        sg_show pgtap "$log"
        return 0
    fi
    for name in "$@"; do
        log=$SG_WORK/log/pgtap-$name
        sg_run createdb -T pgtap_template "pgtap_$name"
        if SG_RUN_DIR=tests sg_timed pg_prove --norc -d "pgtap_$name" "test/pgtap/$name.sql" >"$log" 2>&1 &&
            ! grep -q '^Result: NOTESTS' "$log"; then
            count=$(sed -n 's/^Files=1, Tests=\([0-9]*\).*/\1/p' "$log")
            assertions=$((assertions + count))
            sg_result pgtap "$name" passed "$count assertions, $(sed -n 's/^Files=.*Tests=[0-9]*, *\([0-9]*\) wallclock.*/\1/p' "$log") s"
        else
            sg_result pgtap "$name" failed
            sg_show "pgtap $name" "$log" 80
            sg_show_log pgtap "pgtap $name"
        fi
        sg_run dropdb --force --if-exists "pgtap_$name"
    done
    SG_NOTE[pgtap]="$assertions assertions passed in whole files"
    sg_cluster_stop pgtap immediate || true
}

# ---- TAP: each file makes its own clusters (SmartgridCluster.pm) ----

sg_harness_tap() { # name ...
    local name log dir assertions=0 count src
    src=$(dirname "$("$SG_PG_CONFIG" --pgxs)")/../test
    for name in "$@"; do
        log=$SG_WORK/log/tap-$name
        dir=$SG_TESTS/out/tap/$name
        mkdir -p "$dir/tmp_check/log"
        sg_give "$SG_TESTS/out/tap"
        if SG_RUN_DIR=tests sg_timed env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE \
            PERL5LIB="$SG_TESTS/test/lib:$src/perl" PG_REGRESS="$src/regress/pg_regress" \
            TEMP_CONFIG="$SG_WORK/settings.conf" TESTDIR="$dir" \
            TESTDATADIR="$dir/tmp_check" TESTLOGDIR="$dir/tmp_check/log" \
            prove --norc "test/tap/$name.pl" >"$log" 2>&1; then
            if grep -q 'skipped:' "$log"; then
                sg_result tap "$name" skipped "$(sed -n 's/.*skipped: *//p' "$log" | head -n 1)"
            else
                count=$(sed -n 's/^Files=1, Tests=\([0-9]*\).*/\1/p' "$log")
                assertions=$((assertions + count))
                sg_result tap "$name" passed "$count assertions, $(sed -n 's/^Files=.*Tests=[0-9]*, *\([0-9]*\) wallclock.*/\1/p' "$log") s"
            fi
        else
            sg_result tap "$name" failed
            sg_show "tap $name" "$log" 60
            grep -vE '^(\[[^]]*\]\([^)]*\) )? *ok [0-9]+' "$dir/tmp_check/log/regress_log_$name" >"$log.rest" 2>/dev/null || true
            sg_show "tap $name: log, without what passed" "$log.rest" 40
        fi
        sg_keep_results . "$dir/results"
    done
    SG_NOTE[tap]="$assertions assertions passed in whole files"
}
