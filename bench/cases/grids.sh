# Growth: the number of grids that the participants are spread over.
# shellcheck shell=bash disable=SC2154

for n in $grid_counts; do
    create_database "grids_$n" "$participants" "$n"
done
settle
smallest=${grid_counts%% *}
for ((round = 1; round <= rounds; round++)); do
    for sync in $syncs; do
        for n in $grid_counts; do
            ours grid_consume
            measure "grids/$n/8/$sync" "${options[@]}" -D "grids=$n" "grids_$n"
        done
    done
done
for sync in $syncs; do
    for n in $grid_counts; do
        row "grids/$n/8/$sync" calls/s "$smallest grid=grids/$smallest/8/$sync"
    done
done
