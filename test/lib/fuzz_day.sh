#!/usr/bin/env bash
# libFuzzer on what reads packed days and packed slots of many points (test/fuzz),
# with the address and undefined behaviour sanitizers, from the corpora that are
# kept in test/fuzz/day and test/fuzz/open; half of the time each.
#
#   SECONDS_TO_RUN=60 test/lib/fuzz_day.sh      (make fuzz-day SECONDS=60)
#
# An input that fails is kept in build/fuzz, and what is found on the way in
# build/fuzz/day and build/fuzz/open. What of it is worth keeping, a new corpus:
#
#   build/day_fuzz -merge=1 new_directory test/fuzz/day build/fuzz/day
set -euo pipefail
# shellcheck source=test/lib/packages.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/packages.sh"
root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)

sg_ensure_packages debian:clang=clang
cd "$root"
# shellcheck source=test/lib/codec_sources.sh
source test/lib/codec_sources.sh
fuzz() {
    local name=$1
    shift
    mkdir -p "build/fuzz/$name"
    clang -std=gnu99 -O1 -g -Wall -Wextra -Werror -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Isrc -Itest/fuzz \
        -o "build/${name}_fuzz" "$@"
    "build/${name}_fuzz" -max_total_time=$((${SECONDS_TO_RUN:-60} / 2)) -max_len=4096 -timeout=10 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix=build/fuzz/ "build/fuzz/$name" "test/fuzz/$name"
}
fuzz day "${sg_day_sources[@]}"
fuzz open "${sg_open_sources[@]}"
