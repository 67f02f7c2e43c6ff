# Sourced through cluster.sh: finds a PostgreSQL server to build against, and on
# Debian and its kin installs what is missing. Looks for the things themselves,
# not for packages, so a server from elsewhere does as well.
# shellcheck shell=bash

SG_PG_CONFIG=     # its pg_config
SG_BINDIR=        # its programs
SG_MAJOR=         # its major version

sg_say() { printf '%s\n' "$*"; }
sg_die() {
    printf 'smartgrid: %s\n' "$*" >&2
    exit 1
}

# The server to use: the caller's PG_CONFIG, else the one in PATH, else the
# newest that Debian's layout knows; it must come with headers and PGXS.
sg_server_found() {
    local candidate
    local -a candidates
    if [ -n "${PG_CONFIG:-}" ]; then
        candidates=("$PG_CONFIG")
    else
        mapfile -t candidates < <(echo pg_config
            printf '%s\n' /usr/lib/postgresql/*/bin/pg_config | sort -t/ -k5,5nr)
    fi
    for candidate in "${candidates[@]}"; do
        candidate=$(command -v "$candidate" 2>/dev/null) || continue
        SG_BINDIR=$("$candidate" --bindir) || continue
        SG_MAJOR=$("$candidate" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
        [ -x "$SG_BINDIR/postgres" ] && [ -f "$("$candidate" --pgxs)" ] &&
            [ -f "$("$candidate" --includedir-server)/postgres.h" ] || continue
        [ "$SG_MAJOR" -ge 15 ] || continue
        SG_PG_CONFIG=$candidate
        return 0
    done
    return 1
}

# The major that a package is for: the server's, or the one Debian would give.
sg_major_wanted() {
    if sg_server_found; then
        echo "$SG_MAJOR"
    elif [ -n "${PG_CONFIG:-}" ]; then
        sg_die "PG_CONFIG=$PG_CONFIG is not the pg_config of a PostgreSQL 15 or newer server with its development files"
    else
        apt-cache show postgresql 2>/dev/null | sed -n 's/^Version: \([0-9]*\).*/\1/p' | head -n 1
    fi
}

# Prints the packages that are missing for the purposes given; VERSION stands
# for the server's major, which may not be known before apt-get update.
sg_missing() { # purpose ...
    local purpose
    for purpose in "$@"; do
        case $purpose in
        build)
            sg_compiler_works || echo gcc libc6-dev
            sg_server_found || echo postgresql-VERSION postgresql-server-dev-VERSION
            ;;
        pgtap)
            sg_server_found && [ -f "$("$SG_PG_CONFIG" --sharedir)/extension/pgtap.control" ] ||
                echo postgresql-VERSION-pgtap
            command -v pg_prove >/dev/null || echo libtap-parser-sourcehandler-pgtap-perl
            ;;
        tap)
            command -v prove >/dev/null && perl -MJSON::PP -e1 2>/dev/null || echo perl
            perl -MIPC::Run -e1 2>/dev/null || echo libipc-run-perl
            python3 -c 'import csv, hashlib, json' 2>/dev/null || echo python3
            ;;
        browser)
            command -v chromium >/dev/null || echo chromium
            ;;
        coverage)
            command -v lcov >/dev/null || echo lcov
            ;;
        lint)
            command -v cppcheck >/dev/null || echo cppcheck
            command -v clang-tidy >/dev/null || echo clang-tidy
            ;;
        valgrind)
            command -v valgrind >/dev/null || echo valgrind
            ;;
        debian:*=*)     # command=package: what has the command will do
            command -v "$(expr "$purpose" : 'debian:\([^=]*\)')" >/dev/null || echo "${purpose#*=}"
            ;;
        debian:*)       # a package by its name
            sg_package_there "${purpose#debian:}" || echo "${purpose#debian:}"
            ;;
        chroot)
            command -v mmdebstrap >/dev/null || echo mmdebstrap
            ;;
        esac
    done
}

sg_package_there() { # name
    [ "$(dpkg-query -W -f '${db:Status-Status}' "${1//VERSION/${SG_MAJOR:-}}" 2>/dev/null)" = installed ]
}

sg_compiler_works() {
    echo '#include <stdio.h>' | "${CC:-gcc}" -fsyntax-only -x c - 2>/dev/null
}

sg_ensure_packages() { # purpose ...
    local missing major log
    local -a root=()
    missing=$(sg_missing_words "$@")
    [ -n "$missing" ] || return 0

    command -v apt-get >/dev/null ||
        sg_die "missing, please install what Debian calls: ${missing//VERSION/15}"
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
            major=$(sg_major_wanted)
            sg_die "packages are missing, and there is neither root nor sudo to install them. As root:
  apt-get update && apt-get install --no-install-recommends ${missing//VERSION/${major:-15}}"
        fi
        root=(sudo)
    fi

    log=$(mktemp)
    sg_say "Updating the package lists"
    "${root[@]}" apt-get update >"$log" 2>&1 || cat "$log" >&2
    major=$(sg_major_wanted)
    [ -n "$major" ] || sg_die "apt knows no package postgresql"
    [ "$major" -ge 15 ] || sg_die "PostgreSQL 15 or newer is needed, this system offers $major"
    missing=${missing//VERSION/$major}
    sg_say "Installing what is missing: $missing"
    # shellcheck disable=SC2086
    if ! sg_without_cluster "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends $missing >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        rm -f "$log"
        sg_die "apt-get could not install $missing"
    fi
    rm -f "$log"
    hash -r

    missing=$(sg_missing_words "$@")
    [ -z "$missing" ] || sg_die "still missing after the installation: ${missing//VERSION/$major}"
}

sg_missing_words() { # purpose ...
    sg_missing "$@" | tr ' ' '\n' | awk '!seen[$0]++' | paste -s -d ' ' -
}

# Debian creates and starts a cluster when a server is installed. We need the
# programs alone, so keep it from that for as long as an installation takes.
sg_without_cluster() { # [sudo] command ...
    local own=/etc/postgresql-common/createcluster.d/smartgrid-no-cluster.conf status=0
    local -a root=()
    [ "$1" != sudo ] || root=(sudo)
    "${root[@]}" mkdir -p "${own%/*}"
    echo 'create_main_cluster = false' | "${root[@]}" tee "$own" >/dev/null
    "$@" || status=$?
    "${root[@]}" rm -f "$own"
    return "$status"
}
