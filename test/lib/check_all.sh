#!/usr/bin/env bash
# make check for every supported major that Debian carries, in one chroot, which
# is built on the first run and kept (SG_CHROOT=directory, 2 GB; just remove it).
#
#   MAJORS="15 17 18"   which ones
#   T="name ..."        only these tests
#
# Harnesses can be named: test/lib/check_all.sh tap isolation
#
# There is no PostgreSQL 16: no suite of Debian has it.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/cluster.sh"

MAJORS=${MAJORS:-15 17 18}
chroot_dir=${SG_CHROOT:-/var/tmp/smartgrid-chroot}
source_dir=/build/smartgrid

[ "$(id -u)" -eq 0 ] || sg_die "check-all works in a chroot and needs root: sudo make check-all"

# Each suite brings one major. The development packages are unpacked only, for
# they would pull in llvm and clang. The newest suite's package lists may be
# older than they say they are good for; their signatures are checked all the same.
build_chroot() {
    local mirror security
    sg_ensure_packages chroot
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
    security=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep security | head -n 1)
    [ -n "$mirror" ] || sg_die "apt has no archive to build a chroot from"

    sg_say "Building the chroot in $chroot_dir (once, about two minutes)"
    [ ! -e "$chroot_dir" ] || [ -O "$chroot_dir" ] || sg_die "$chroot_dir belongs to somebody else"
    rm -rf --one-file-system "$chroot_dir"
    mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --include=postgresql-18,postgresql-17,postgresql-15 \
        --include=postgresql-18-pgtap,postgresql-17-pgtap,postgresql-15-pgtap \
        --include=libtap-parser-sourcehandler-pgtap-perl,libipc-run-perl,python3,chromium \
        --include=make,gcc,clang,libc6-dev,libpq-dev \
        --customize-hook='chroot "$1" sh -c "cd /tmp && for v in 15 17 18; do
            apt-get download postgresql-server-dev-\$v && dpkg -x postgresql-server-dev-\${v}_*.deb / || exit 1
            done; rm -f *.deb"' \
        forky "$chroot_dir" "deb $mirror forky main" "deb $mirror trixie main" "deb $mirror bookworm main" \
        ${security:+"deb $security bookworm-security main"} ||
        sg_die "mmdebstrap failed"
    recipe >"$chroot_dir/.complete"
}

recipe() { declare -f build_chroot | cksum; }

# One run at a time in one chroot: each has its sources in the same place.
exec 8>"${chroot_dir%/}.lock"
flock -n 8 || {
    sg_say "Waiting for another run in $chroot_dir"
    flock 8
}

[ -O "$chroot_dir" ] && [ "$(cat "$chroot_dir/.complete" 2>/dev/null)" = "$(recipe)" ] || build_chroot

rm -rf "$chroot_dir"/tmp/smartgrid*
mkdir -p "$chroot_dir$source_dir"
find "$chroot_dir$source_dir" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
sg_copy_tree "$chroot_dir$source_dir" .

# Mounts and processes of a run, and what it has in memory, live in namespaces of their own and end with it, and with this
# script, however that ends.
in_chroot() { # command ...; as a process that does nothing else
    exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private -- bash -c 8>&- '
        set -e
        dir=$1; shift
        mount -t proc proc "$dir/proc"
        mount --rbind /dev "$dir/dev"
        mount -t tmpfs -o mode=1777 tmpfs "$dir/dev/shm"
        exec chroot "$dir" "$@"' in_chroot "$chroot_dir" "$@"
}

passed=0
failed=0
summary=()
log=$(mktemp)
differences=$(mktemp)
trap 'rm -f "$log" "$differences"' EXIT
for major in $MAJORS; do
    printf '\n==== PostgreSQL %s ====\n' "$major"
    in_chroot /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        "PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config" ${T:+"T=$T"} ${WERROR+"WERROR=$WERROR"} \
        ${SG_JOBS:+"SG_JOBS=$SG_JOBS"} bash "$source_dir/test/lib/check.sh" "$@" 2>&1 </dev/null | tee "$log" || true
    line=$(tail -n 1 "$log" | grep -E '^[0-9]+ passed, [0-9]+ failed$') || line='0 passed, 1 failed'
    version=$(sed -n 's/^\(PostgreSQL [0-9.a-z]*\).*servers run as.*/\1/p' "$log" | head -n 1)
    summary+=("${version:-PostgreSQL $major did not run}: $line")
    passed=$((passed + ${line%% *}))
    line=${line#*, }
    failed=$((failed + ${line%% *}))
    if [ "${line%% *}" -gt 0 ]; then
        printf '\n==== PostgreSQL %s, build/results is in %s ====\n' "$major" "$chroot_dir$source_dir"
        sed -n '/^---- \|^failed:/,$p' "$log"
    fi >>"$differences"
done

cat "$differences"
printf '\n==== all ====\n'
printf '%s\n' "${summary[@]}" "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
