# Sourced by harness.sh: runs jobs, as many at once as there are processors, and
# tells what they said in the order in which they were given.
#
#   sg_job pgtap views sg_pgtap_test views      # harness, name, command
#   sg_jobs_run
#
# A job is a process of its own: what it sets is gone when it ends. Its results
# (sg_result) and what they show (sg_show) are taken over; a job that fails, or
# ends without a result, is a failed test that shows what the job wrote.
# shellcheck shell=bash

SG_JOB_HARNESS=() SG_JOB_NAME=() SG_JOB_COMMAND=()      # given and not yet run
SG_JOB_PIDS=()                                          # of those that run, by number

sg_job() { # harness name command ...
    SG_JOB_HARNESS+=("$1") SG_JOB_NAME+=("$2")
    shift 2
    SG_JOB_COMMAND+=("${*@Q}")
}

sg_jobs_at_once() {
    local processors
    processors=$(nproc)
    echo "${SG_JOBS:-$((processors < 8 ? processors : 8))}"
}

sg_jobs_run() {
    local next=0 told=0 most job dir=$SG_WORK/jobs
    most=$(sg_jobs_at_once)
    mkdir -p "$dir"
    while [ "$told" -lt ${#SG_JOB_NAME[@]} ]; do
        while [ "$next" -lt ${#SG_JOB_NAME[@]} ] && [ ${#SG_JOB_PIDS[@]} -lt "$most" ]; do
            sg_job_start "$next" "$dir/$next"
            next=$((next + 1))
        done
        wait -n "${SG_JOB_PIDS[@]}" || true
        for job in "${!SG_JOB_PIDS[@]}"; do
            kill -0 "${SG_JOB_PIDS[job]}" 2>/dev/null || unset "SG_JOB_PIDS[job]"
        done
        while [ "$told" -lt "$next" ] && [ -z "${SG_JOB_PIDS[told]:-}" ]; do
            sg_job_tell "$told" "$dir/$told"
            told=$((told + 1))
        done
    done
    SG_JOB_HARNESS=() SG_JOB_NAME=() SG_JOB_COMMAND=()
    rm -rf "$dir"
}

sg_job_start() { # number files
    (
        trap - EXIT INT HUP
        trap 'sg_interrupted 143' TERM
        SG_JOB_PIDS=()
        SG_REPORT=$2.report
        eval "${SG_JOB_COMMAND[$1]}"
        echo done >"$2.done"
    ) >"$2.out" 2>&1 </dev/null &
    SG_JOB_PIDS[$1]=$!
}

sg_job_tell() { # number files
    local harness test status remark
    local -a more=()
    if [ ! -s "$2.report" ] || [ ! -e "$2.done" ]; then
        more=("${SG_JOB_HARNESS[$1]}" "${SG_JOB_NAME[$1]}")
        tail -n 40 "$2.out" | sg_show "${more[@]}" "the job ended in the middle"
    fi
    if [ -e "$2.report" ]; then
        while IFS=$'\037' read -r harness test status remark; do
            sg_result "$harness" "$test" "$status" "$remark"
        done <"$2.report"
    fi
    [ ${#more[@]} -eq 0 ] || sg_result "${more[@]}" failed
}
