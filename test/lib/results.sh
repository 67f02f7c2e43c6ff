# Sourced by harness.sh: counts what the tests say, and ends a run with what the
# failed ones have to show.
# shellcheck shell=bash

SG_HARNESSES=()                 # in the order in which they reported
SG_FAILURES=()                  # "harness/test" of each that failed
SG_REPORT=                      # in a job (jobs.sh): the file that takes its results to the script that waits for it
declare -A SG_PASSED=() SG_FAILED=() SG_SKIPPED=() SG_ASSERTIONS=() SG_SEEN=()

sg_result() { # harness test passed|failed|skipped [remark]
    local harness=$1 test=$2 mark=ok remark=${4:-}
    if [ -n "$SG_REPORT" ]; then
        printf '%s\037%s\037%s\037%s\n' "$1" "$2" "$3" "${remark//$'\n'/ }" >>"$SG_REPORT"
        return
    fi
    SG_SEEN[$test]=1
    case " ${SG_HARNESSES[*]-} " in *" $harness "*) ;; *) SG_HARNESSES+=("$harness") ;; esac
    case $3 in
    passed) SG_PASSED[$harness]=$((${SG_PASSED[$harness]:-0} + 1)) ;;
    failed)
        SG_FAILED[$harness]=$((${SG_FAILED[$harness]:-0} + 1)) mark='FAILED'
        SG_FAILURES+=("$(sg_failure_name "$harness" "$test")")
        ;;
    skipped) SG_SKIPPED[$harness]=$((${SG_SKIPPED[$harness]:-0} + 1)) mark='skipped' ;;
    esac
    [[ $remark =~ ^([0-9]+)\ assertions ]] &&
        SG_ASSERTIONS[$harness]=$((${SG_ASSERTIONS[$harness]:-0} + BASH_REMATCH[1]))
    printf '%-10s %-40s %s%s\n' "$harness" "$test" "$mark" "${remark:+ ($remark)}"
}

sg_failure_name() { # harness test
    printf '%s/%s' "$1" "${2//\//_}"
}

# Keeps what a test that failed has to show: standard input, below a title if
# there is one. Nothing is no title either.
sg_show() { # harness test [title]
    local file text
    text=$(cat)
    [ -n "$text" ] || return 0
    file=$SG_WORK/failed/$(sg_failure_name "$1" "$2")
    mkdir -p "${file%/*}"
    printf '%s%s\n' "${3:+-- $3$'\n'}" "$text" >>"$file"
}

# The end of a run: what the failed tests show, their names, "N passed, N failed".
sg_summary() { # fails if a test did
    local harness name passed=0 failed=0
    for name in ${T:-}; do
        [ -n "${SG_SEEN[$name]:-}" ] || sg_test_exists "$name" || sg_result missing "$name" failed "no test of this name"
    done
    echo
    for harness in "${SG_HARNESSES[@]}"; do
        printf '%-10s %3d passed, %d failed%s%s\n' "$harness" \
            "${SG_PASSED[$harness]:-0}" "${SG_FAILED[$harness]:-0}" \
            "${SG_SKIPPED[$harness]:+, ${SG_SKIPPED[$harness]} skipped}" \
            "${SG_ASSERTIONS[$harness]:+ (${SG_ASSERTIONS[$harness]} assertions passed in whole files)}"
        passed=$((passed + ${SG_PASSED[$harness]:-0}))
        failed=$((failed + ${SG_FAILED[$harness]:-0}))
    done
    sg_show_failures
    if [ $((passed + failed)) -eq 0 ]; then
        echo "there is no test" >&2
        failed=1
    fi
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

# A test of another harness than those that ran is no mistake: T is one list for all of them.
sg_test_exists() { # name
    local file
    for file in "$SG_ROOT"/{sql,test/pgtap}/"$1".sql "$SG_ROOT/test/isolation/specs/$1.spec" "$SG_ROOT/test/tap/$1.pl"; do
        [ ! -e "$file" ] || return 0
    done
    return 1
}

# The first lines of each difference; of very many failures only the names. Whole
# they are in build/results/failed, if the tree may be written to.
sg_show_failures() {
    local name file lines kept= left=${SG_SHOWN_LINES:-400} first=40
    [ ${#SG_FAILURES[@]} -gt 0 ] || return 0
    if [ -n "${SG_WORK:-}" ] && [ -d "$SG_WORK/failed" ]; then
        sg_keep_results failed "$SG_WORK/failed" && kept=build/results/failed
    fi
    for name in "${SG_FAILURES[@]}"; do
        file=${SG_WORK:-}/failed/$name
        if [ ! -f "$file" ] || [ "$left" -le 0 ]; then continue; fi
        printf '\n---- %s\n' "$name"
        lines=$(wc -l <"$file")
        head -n "$first" "$file" | sg_narrow
        [ "$lines" -le "$first" ] || printf '(%d more lines%s)\n' $((lines - first)) "${kept:+ in $kept/$name}"
        left=$((left - (lines < first ? lines : first)))
    done
    printf '\nfailed:'
    printf ' %s' "${SG_FAILURES[@]}"
    printf '%s\n' "${kept:+ (see $kept)}"
}

sg_narrow() {
    local line
    while IFS= read -r line; do
        [ ${#line} -le 240 ] || line=${line:0:240}...
        printf '%s\n' "$line"
    done
}

# So that new output can be read, and copied to expected/ where it is right.
sg_keep_results() { # name directory; fails if the tree may not be written to
    local to=$SG_ROOT/build/results/$1
    [ -d "$2" ] && mkdir -p "$to" 2>/dev/null && [ -w "$to" ] && cp -R "$2/." "$to/"
}
