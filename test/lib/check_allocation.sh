#!/usr/bin/env bash
# Slots are shared out as a second implementation says, and long slots cut into
# short ones (test/fuzz/allocation_property.c).
#
#   test/lib/check_allocation.sh directory
set -euo pipefail
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=test/lib/sanitized.sh
source test/lib/sanitized.sh
sg_sanitized "$work/property" test/fuzz/allocation_property.c src/settlement/{allocation,largest_remainder}.c src/metering/coarse.c
"$work/property"
