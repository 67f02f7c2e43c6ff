# Growth: the number of participants. Each database has its own tables.
# shellcheck shell=bash disable=SC2154

for n in $participant_counts; do
    create_database "participants_$n" "$n" 1
done
settle
smallest=${participant_counts%% *}
for ((round = 1; round <= rounds; round++)); do
    for sync in $syncs; do
        for n in $participant_counts; do
            ours consume@1 report@1
            measure "participants/$n participants/8/$sync" "${options[@]}" -D "participants=$n" "participants_$n"
        done
    done
done
for sync in $syncs; do
    for n in $participant_counts; do
        row "participants/$n participants/8/$sync" calls/s "$smallest participants=participants/$smallest participants/8/$sync"
    done
done
