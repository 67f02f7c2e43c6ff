#!/usr/bin/env bash
# make images: the pictures in the documents, which are kept in the repository.
# doc/images/report.png is the top of the report of the demo's village, as
# headless Chromium draws it. Look at it before you keep it.
set -euo pipefail
here=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../test/lib/cluster.sh
source "$here/../test/lib/cluster.sh"
image=$SG_ROOT/doc/images/report.png
most=300000     # bytes, for who clones this

sg_ensure_packages build browser
sg_begin
sg_stage
sg_cluster_start images "synchronous_commit = off"
export PATH="$SG_BINDIR:$PATH"
export REPORT=$SG_WORK/report.html
bash "$here/village.sh" >"$SG_WORK/log/village"

# Down to the charts of load and price, which end above the window's end. No
# sandbox of Chromium's own: it needs rights that containers do not give.
chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-background-networking \
    --hide-scrollbars --user-data-dir="$SG_WORK/chromium" --virtual-time-budget=10000 \
    --window-size=1160,1432 --screenshot="$SG_WORK/report.png" "file://$REPORT" >"$SG_WORK/log/chromium" 2>&1 ||
    { tail -n 20 "$SG_WORK/log/chromium" >&2; exit 1; }
[ "$(stat -c %s "$SG_WORK/report.png")" -le "$most" ] || sg_die "the picture has more than $most bytes"
mkdir -p "$(dirname "$image")"
cp "$SG_WORK/report.png" "$image"
sg_say "$image"
