#!/usr/bin/env bash
# Packed days of every length and width come back, and damaged ones are refused
# or other days (test/fuzz/day_property.c); so do packed slots of many points
# (open_property.c), and what the fuzzers have found worth keeping.
#
#   test/lib/check_day_codec.sh directory
set -euo pipefail
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=test/lib/sanitized.sh
source test/lib/sanitized.sh
# shellcheck source=test/lib/codec_sources.sh
source test/lib/codec_sources.sh
sg_sanitized "$work/day_property" test/fuzz/day_property.c test/fuzz/kept.c "${sg_day_sources[@]}"
sg_sanitized "$work/open_property" test/fuzz/open_property.c test/fuzz/kept.c "${sg_open_sources[@]}"
"$work/day_property" test/fuzz/day/*
"$work/open_property" test/fuzz/open/*
