# Single calls against pgbench's own transactions, the naive design and the floor.
# shellcheck shell=bash disable=SC2154

mix=(consume@60 report@30 trade@5 topup@5)
naive_mix=("${mix[@]/#/naive_}")
# Somebody who has consumed and leaves the transaction open, while a command is run.
beside_idle() { # command ...
    local idle
    PGAPPNAME=idle psql -X -q -U bench_gateway -c "BEGIN; SET LOCAL smartgrid.principal = 'idle'; SELECT sg_register_consumer(10);
        SELECT sg_add_consumer_balance('idle', 1000000); SELECT sg_consume_energy(1); SELECT pg_sleep(3600)" >/dev/null 2>&1 &
    idle=$!
    until [ "$(psql -XAtq -c "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'idle' AND wait_event = 'PgSleep'")" = 1 ]; do
        sleep 0.1
    done
    "$@"
    psql -XAtq -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'idle'" >/dev/null
    wait "$idle" || true
}

if [ -n "${QUICK:-}" ]; then
    variants="consume consume-idle floor naive-consume simple-update"
else
    variants="consume consume-idle report mix floor naive-consume naive-report naive-mix simple-update tpcb-like"
fi

for ((round = 1; round <= rounds; round++)); do
    for at in $single_at; do
        for variant in $variants; do
            case $variant in
            simple-update) options=(-M prepared -N -T "$seconds") ;;
            tpcb-like) options=(-M prepared -T "$seconds") ;;
            floor) ours topup ;;
            consume-idle)
                ours consume
                beside_idle measure "single/$variant/$at" "${options[@]}"
                continue
                ;;
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
    row "single/consume-idle/$at" calls/s "consume=single/consume/$at"
    for variant in floor naive-consume naive-report naive-mix; do
        row "single/$variant/$at" calls/s "${references[@]}"
    done
    row "single/simple-update/$at" transactions/s
    row "single/tpcb-like/$at" transactions/s
done
