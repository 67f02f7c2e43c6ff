# Sourced by the scripts that need the extension in a throw-away cluster: the
# checks, the coverage run, the demo.
#
#   source test/lib/cluster.sh
#   sg_ensure_packages build            # also: pgtap tap coverage (packages.sh)
#   sg_begin                            # work directory, unprivileged user, traps
#   sg_stage                            # build, install below the work directory
#   sg_cluster_start main [settings]    # exports PGHOST, PGPORT, PGUSER
#   sg_run psql -d postgres -c '...'    # as the unprivileged user
#   sg_cluster_stop main                # or leave it to the end of the script
#
# Nothing is installed into the system: the server finds the extension through
# settings that lead below the work directory, which is removed at the end.
# Servers listen on a socket in there and nowhere else.
# shellcheck shell=bash

SG_ROOT=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=test/lib/packages.sh
source "$SG_ROOT/test/lib/packages.sh"

# What a caller's make or psql left in the environment is not meant for ours.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
while IFS= read -r sg_name; do
    [ "$sg_name" = PG_CONFIG ] || unset "$sg_name"
done < <(compgen -e | grep '^PG')
umask 022

SG_WORK=          # throw-away directory, owned by the unprivileged user
SG_STAGE=         # root of the staged installation
SG_USER=          # who runs the servers
SG_AS=()          # the words before a command that make it run as that user
SG_CHILD=         # process group of the command in the foreground
SG_JOB_PIDS=()    # scripts in the background that run commands of their own (jobs.sh)
SG_TEMPLATE=      # data directory that clusters are copies of, made when the first one is needed
SG_START=()       # further options of pg_ctl start

sg_begin() {
    sg_server_found || sg_die "no PostgreSQL server with development files found"
    sg_user
    SG_WORK=$(mktemp -d "${SG_TMP:-/tmp}/smartgrid.XXXXXX")
    trap sg_end EXIT
    trap 'sg_interrupted 130' INT
    trap 'sg_interrupted 143' TERM
    trap 'sg_interrupted 129' HUP
    mkdir "$SG_WORK/socket" "$SG_WORK/home" "$SG_WORK/tmp" "$SG_WORK/log"
    sg_give "$SG_WORK"
    export LC_ALL=C.UTF-8
}

# A server refuses to run as root, so root lends its work to somebody else.
sg_user() {
    SG_USER=$(id -un)
    [ "$(id -u)" -eq 0 ] || return 0
    for SG_USER in postgres nobody; do
        if id -u "$SG_USER" >/dev/null 2>&1; then
            SG_AS=(setpriv "--reuid=$SG_USER" "--regid=$(id -g "$SG_USER")" --init-groups)
            return 0
        fi
    done
    sg_die "root needs an unprivileged user (postgres or nobody) to run the server as"
}

sg_give() { # file ...
    [ ${#SG_AS[@]} -eq 0 ] || chown -R "$SG_USER:$(id -g "$SG_USER")" "$@"
}

# Runs a command as the unprivileged user, in a directory that user can enter,
# in a process group of its own so that an interrupted script can end it whole.
sg_run() { # command ...
    local status=0
    (cd "$SG_WORK/${SG_RUN_DIR:-.}" && exec setsid "${SG_AS[@]}" \
        env HOME="$SG_WORK/home" TMPDIR="$SG_WORK/tmp" PATH="$SG_BINDIR:$PATH" "$@") &
    SG_CHILD=$!
    wait "$SG_CHILD" || status=$?
    SG_CHILD=
    return "$status"
}

sg_interrupted() { # exit status
    trap '' INT TERM HUP
    [ -z "$SG_CHILD" ] || kill -TERM -- "-$SG_CHILD" 2>/dev/null || true
    if [ ${#SG_JOB_PIDS[@]} -gt 0 ]; then
        kill -TERM "${SG_JOB_PIDS[@]}" 2>/dev/null || true
        wait "${SG_JOB_PIDS[@]}" 2>/dev/null || true
    fi
    exit "$1"
}

# Stops whatever runs below the work directory, tests' own clusters included.
sg_end() {
    local pidfile
    [ -n "$SG_WORK" ] && [ -d "$SG_WORK" ] || return 0
    cd / || true
    while IFS= read -r pidfile; do
        sg_run pg_ctl stop -D "$(dirname "$pidfile")" -m immediate -s >/dev/null 2>&1 || true
    done < <(find "$SG_WORK" -name postmaster.pid 2>/dev/null)
    rm -rf "$SG_WORK"
    SG_WORK=
}

# Builds in build/<major>[-flavour] of the tree (or below the work directory,
# where the tree belongs to somebody else, or make would stumble over a space in
# its name) and installs below the work directory. One folder per major and flavour, because objects of one server
# version must never be linked for another.
sg_stage() { # [flavour [make variable ...]]
    local flavour=${1:-} dir="build/$SG_MAJOR" want
    shift || true
    dir+=${flavour:+-$flavour}
    if [[ $SG_ROOT != *[[:space:]]* ]] && mkdir -p "$SG_ROOT/$dir" 2>/dev/null && [ -w "$SG_ROOT/$dir" ]; then
        SG_BUILD=$SG_ROOT/$dir
    else
        SG_BUILD=$SG_WORK/$dir
        mkdir -p "$SG_BUILD"
    fi
    local -a vars=("PG_CONFIG=$SG_PG_CONFIG" "WERROR=${WERROR-1}" "$@")
    [ -z "${CC:-}" ] || vars+=("CC=$CC")
    [ -z "${COPT:-}" ] || vars+=("COPT=$COPT")
    (
        flock 9 || exit 1     # two checks at once, in one clone
        want=$(cd "$SG_ROOT" && printf '%s\n' "${vars[@]}" "$("$SG_PG_CONFIG" --version)" &&
            find src -type f ! -name '*.[od]' -print | sort)
        if [ "$(cat "$SG_BUILD/.built-from" 2>/dev/null)" != "$want" ]; then
            find "$SG_BUILD" -mindepth 1 ! -name .lock -delete
            printf '%s\n' "$want" >"$SG_BUILD/.built-from"
        fi
        sg_copy_tree "$SG_BUILD" Makefile smartgrid.control src &&
            make -s -C "$SG_BUILD" -j "$(nproc)" "${vars[@]}" all &&
            make -s -C "$SG_BUILD" "${vars[@]}" install "DESTDIR=$SG_WORK/stage"
    ) 9>"$SG_BUILD/.lock" || return 1
    SG_STAGE=$SG_WORK/stage
    sg_settings >"$SG_WORK/settings.conf"
    chmod 644 "$SG_WORK/settings.conf"
}

# Copies sources with their times, so that make sees what changed.
sg_copy_tree() { # to, file ...
    local to=$1
    shift
    tar -C "$SG_ROOT" -cf - --exclude=.git --exclude=./build \
        --exclude='*.o' --exclude='*.so' --exclude='*.d' --exclude='./smartgrid--*.sql' "$@" | tar -C "$to" -xf - --no-same-owner
}

# The settings of every cluster of ours: how it finds the staged extension (a
# patch of Debian's in 15 to 17, PostgreSQL's own from 18 on), and the rest.
sg_settings() {
    local lib share known
    lib=$SG_STAGE$("$SG_PG_CONFIG" --pkglibdir)
    share=$SG_STAGE$("$SG_PG_CONFIG" --sharedir)
    known=$("$SG_BINDIR/postgres" --describe-config | cut -f1)
    case $known in
    *extension_control_path*) echo "extension_control_path = '$share:\$system'" ;;
    *extension_destdir*) echo "extension_destdir = '$SG_STAGE'" ;;
    *) sg_die "this server can load an extension from its own directories only: use make install, make installcheck" ;;
    esac
    cat <<CONF
dynamic_library_path = '$lib:\$libdir'
fsync = off
max_prepared_transactions = 10
log_line_prefix = '%m [%p] %q%u@%d '
lc_messages = 'C'
CONF
}

sg_initdb() { # directory
    sg_run initdb -D "$1" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$1.initdb" 2>&1 || {
        cat "$1.initdb" >&2
        return 1
    }
}

# Copying a data directory takes a third of the time of initdb.
sg_template() {
    (
        flock 9 || exit 1
        [ -e "$SG_TEMPLATE.made" ] || { sg_initdb "$SG_TEMPLATE" && : >"$SG_TEMPLATE.made"; }
    ) 9>"$SG_TEMPLATE.lock"
}

sg_data_directory() { # directory
    if [ -z "$SG_TEMPLATE" ]; then
        sg_initdb "$1"
    else
        sg_template && sg_run cp -RPp --sparse=always "$SG_TEMPLATE" "$1"
    fi
}

# Settings of one cluster follow as lines of postgresql.conf, after ours.
sg_cluster_start() { # name [setting ...]
    local name=$1 data=$SG_WORK/$1 socket=$SG_WORK/socket/$1
    shift
    sg_data_directory "$data" || return 1
    mkdir -p "$socket"
    sg_give "$socket"
    {
        cat "$SG_WORK/settings.conf"
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$socket'"
        [ $# -eq 0 ] || printf '%s\n' "$@"
    } >>"$data/postgresql.conf"
    sg_run pg_ctl start -w -s "${SG_START[@]}" -D "$data" -l "$SG_WORK/log/$name.log" </dev/null >/dev/null || {
        tail -n 20 "$SG_WORK/log/$name.log" >&2
        return 1
    }
    export PGHOST=$socket PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
}

sg_cluster_stop() { # name [mode]
    sg_run pg_ctl stop -w -s -D "$SG_WORK/$1" -m "${SG_STOP_MODE:-${2:-fast}}"
}
