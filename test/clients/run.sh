#!/usr/bin/env bash
# Runs the extension under the clients that people use: drivers, API layers,
# BI tools, schedulers (make check-clients). Too slow for make check, because it
# installs them.
#
#   test/clients/run.sh
#   T="name ..."      only these (file names, with or without suffix)
#   SG_TIMEOUT=900    seconds until one of them is given up
#
# A test is an executable file test/clients/[0-9]*; README.md there says how to
# write one. Programs come from apt, JavaScript from npm: into build/clients,
# where they stay for the next run. Every test has a cluster of its own.
set -euo pipefail
# shellcheck source=test/lib/cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib/cluster.sh"
# shellcheck source=test/lib/harness.sh
source "$SG_ROOT/test/lib/harness.sh"

CLIENTS=$SG_ROOT/build/clients      # the cache of npm, and what it installed

# What a test says of itself in a comment, as words: header needs-apt FILE
header() { # key file
    sed -n "1,40s|^[#/* -]*$1: *||p" "$2" | tr '\n' ' '
}

# The names of the tests there are, thinned out by T.
select_tests() {
    local file name stem
    for file in "$SG_ROOT"/test/clients/[0-9]*; do
        if [ ! -f "$file" ] || [ ! -x "$file" ]; then continue; fi
        name=$(basename "$file")
        stem=${name%.*}
        case " ${T:-$name} " in *" $name "* | *" $stem "*) echo "$name" ;; esac
    done
}

# Its packages as purposes for packages.sh.
purposes() { # file
    local word
    for word in $(header needs-apt "$1") $([ -z "$(header needs-npm "$1")" ] || echo node=nodejs npm=npm); do
        echo "debian:$word"
    done
}

# All at once is quickest. Where something cannot be had, test by test: it fails
# those that need it, and no other.
install_packages() {
    local name
    local -a wanted
    mapfile -t wanted < <(for name in "${tests[@]}"; do purposes "$SG_ROOT/test/clients/$name"; done)
    ! (sg_ensure_packages "${wanted[@]}") || return 0
    for name in "${tests[@]}"; do
        mapfile -t wanted < <(purposes "$SG_ROOT/test/clients/$name")
        (sg_ensure_packages "${wanted[@]}") || sg_say "$name cannot be run here"
    done
}

# Installs the npm packages of one test, once for each list of them. Nothing of
# theirs is run by that. Prints the directory that has the node_modules.
npm_install() { # name word ...
    local to=$CLIENTS/npm/$1 want
    shift
    want=$(printf '%s\n' "$@" "$(node --version)")
    mkdir -p "$to"
    (
        flock 9
        [ "$(cat "$to/.installed" 2>/dev/null)" != "$want" ] || exit 0
        rm -rf "$to/node_modules" "$to/package.json" "$to/package-lock.json"
        echo '{"private": true}' >"$to/package.json"
        npm install --prefix "$to" --cache "$CLIENTS/npm-cache" --ignore-scripts --no-audit --no-fund \
            --no-update-notifier --loglevel=error "$@" >"$to/.log" 2>&1 || exit 1
        printf '%s\n' "$want" >"$to/.installed"
    ) 9>"$to/.lock"
    local status=$?
    [ "$status" -eq 0 ] || cat "$to/.log"
    return "$status"
}

free_port() {
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'
}

# Starts the cluster of one test. On the socket everybody is who he says; there
# are clients that know nothing but TCP: for those it listens on this machine,
# for all that know the password.
cluster_start() { # name settings
    local name=$1 port
    port=$(free_port)
    printf '%s\n' 'local all all trust' 'host all all 127.0.0.1/32 scram-sha-256' >"$SG_WORK/hba.conf"
    sg_cluster_start "$name" "hba_file = '$SG_WORK/hba.conf'" "listen_addresses = '127.0.0.1'" \
        "port = $port" "$2" || return 1
    PGPASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    export PGPORT=$port PGPASSWORD
    sg_run psql -X -q -v ON_ERROR_STOP=1 -c "ALTER ROLE postgres PASSWORD '$PGPASSWORD'" &&
        sg_run createdb clients || return 1
    export PGDATABASE=clients
    sg_run psql -X -q -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION smartgrid'
}

# What the database has to have before the test begins.
setup() { # file
    local word
    for word in $(header setup "$1"); do
        sg_run psql -X -q -v ON_ERROR_STOP=1 -o /dev/null -f "$SG_TESTS/test/clients/$word" || return 1
    done
}

run_test() { # file name
    local name=$1 stem=${1%.*} file=$SG_TESTS/test/clients/$1 scratch out status=0 missing began
    local settings nodes=
    local -a words
    out=$SG_WORK/log/client-$stem
    mapfile -t words < <(purposes "$file")
    missing=$(sg_missing_words "${words[@]}")
    if [ -n "$missing" ]; then
        sg_result clients "$stem" failed "not installed: $missing"
        return
    fi
    read -r -a words <<<"$(header needs-npm "$file")"
    if [ ${#words[@]} -gt 0 ]; then
        if ! npm_install "$stem" "${words[@]}" >"$out" 2>&1; then
            sg_result clients "$stem" failed "npm could not install ${words[*]}"
            sg_show clients "$stem" npm <"$out"
            return
        fi
        # a copy, because the unprivileged user may not enter the clone
        nodes=$SG_WORK/npm-$stem
        cp -R "$CLIENTS/npm/$stem" "$nodes"
    fi
    scratch=$SG_WORK/scratch-$stem
    mkdir -p "$scratch" "$scratch/results"
    sg_give "$scratch"
    settings=$(sed -n '1,40s|^[#/* -]*settings: *||p' "$file")
    if ! cluster_start "$stem" "$settings" >"$out" 2>&1 || ! setup "$file" >"$out" 2>&1; then
        sg_result clients "$stem" failed "no cluster to test in"
        sg_show clients "$stem" <"$out"
        show_log "$stem"
        return
    fi

    began=$SECONDS
    SG_RUN_DIR=scratch-$stem sg_timed env SCRATCH="$scratch" RESULTS="$scratch/results" \
        NODE_PATH="${nodes:+$nodes/node_modules}" SG_TCP_HOST=127.0.0.1 \
        "$file" >"$out" 2>"$out.err" || status=$?
    if [ "$status" -eq 0 ]; then
        compare "$stem" "$file" "$out" || status=$?
    fi
    case $status in
    0) sg_result clients "$stem" passed "$((SECONDS - began)) s" ;;
    77) sg_result clients "$stem" skipped "$(tail -n 1 "$out")" ;;
    *)
        sg_result clients "$stem" failed
        sg_show clients "$stem" <"$out"
        sg_show clients "$stem" errors <"$out.err"
        show_log "$stem"
        ;;
    esac
    sg_keep_results "clients/$stem" "$scratch/results" || true
    sg_cluster_stop "$stem" immediate || true
    rm -rf "${SG_WORK:?}/$stem" "$scratch" ${nodes:+"$nodes"}
}

show_log() { # stem
    sg_crash "$SG_WORK/log/$1.log" | sg_show clients "$1" "the server crashed"
    tail -n 20 "$SG_WORK/log/$1.log" | sg_show clients "$1" "end of the server's log"
}

# Where there is a file of what it should print, it has to print that.
compare() { # stem file output
    local expected
    expected=$SG_TESTS/test/clients/expected/$1.out
    [ -f "$expected" ] || expected=$SG_TESTS/test/clients/expected/$(header expects "$2" | tr -d ' ')
    [ -f "$expected" ] || return 0
    cp "$3" "$3.was"
    diff -u --label expected --label "$1" "$expected" "$3.was" >"$3"
}

mapfile -t tests < <(select_tests)
sg_ensure_packages build
sg_server_found
install_packages
hash -r
sg_begin
sg_say "$("$SG_PG_CONFIG" --version), servers and clients run as $SG_USER"
if sg_stage ""; then
    sg_tests_prepare
    for name in "${tests[@]}"; do
        # shellcheck disable=SC2034 # sg_summary looks whether every name of T was a test
        SG_SEEN["$name"]=1
        run_test "$name"
    done
else
    sg_result build "build with -Wall -Wextra -Werror" failed
fi
sg_summary
