# Single calls against pgbench's own transactions, the naive design and the floor.
# shellcheck shell=bash disable=SC2154

mix=(consume@60 report@30 trade@5 topup@5)
naive_mix=("${mix[@]/#/naive_}")
if [ -n "${QUICK:-}" ]; then
    variants="consume floor naive-consume simple-update"
else
    variants="consume report mix floor naive-consume naive-report naive-mix simple-update tpcb-like"
fi

for ((round = 1; round <= rounds; round++)); do
    for at in $single_at; do
        for variant in $variants; do
            case $variant in
            simple-update) options=(-M prepared -N -T "$seconds") ;;
            tpcb-like) options=(-M prepared -T "$seconds") ;;
            floor) ours topup ;;
            mix) ours "${mix[@]}" ;;
            naive-mix) ours "${naive_mix[@]}" ;;
            *) ours "${variant/-/_}" ;;
            esac
            measure "single/$variant/$at" "${options[@]}"
        done
    done
done

for at in $single_at; do
    references=("simple-update=single/simple-update/$at" "tpcb-like=single/tpcb-like/$at")
    for variant in consume report mix; do
        row "single/$variant/$at" calls/s "${references[@]}" "naive=single/naive-$variant/$at" "floor=single/floor/$at"
    done
    for variant in floor naive-consume naive-report naive-mix; do
        row "single/$variant/$at" calls/s "${references[@]}"
    done
    row "single/simple-update/$at" transactions/s
    row "single/tpcb-like/$at" transactions/s
done
