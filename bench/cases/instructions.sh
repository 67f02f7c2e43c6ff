# Instructions per call: bench/instructions.sh has a cluster of its own.
# shellcheck shell=bash disable=SC2154

counts=$(bash "$bench/instructions.sh")
while read -r name count; do
    record "instructions/$name/1/off" "$count"
    [[ $name == *-per-* ]] && unit=row || unit=call
    row "instructions/$name/1/off" "instructions/$unit" "simple-update=instructions/simple-update/1/off"
done <<<"$counts"
