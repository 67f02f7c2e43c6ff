# What it costs that trades notify (smartgrid.notify_trades): trades alone, the
# mix, and consumption, which never notifies. Somebody listens where it is said.
# shellcheck shell=bash disable=SC2154

mix=(consume@60 report@30 trade@5 topup@5)

notify_trades() { # on|off
    psql -X -q -d postgres -c "ALTER ROLE bench_gateway SET smartgrid.notify_trades = $1"
}

listen_begin() {
    # psql shows what has come after each statement.
    { echo 'LISTEN smartgrid;' && while sleep 0.1; do echo 'SELECT 1;'; done; } | psql -X -q >/dev/null &
    listener=$!
    sleep 0.5
}

listen_end() {
    kill "$listener" 2>/dev/null || true
    wait "$listener" 2>/dev/null || true
}

notify_at="8/on 32/on 8/off 32/off"
for ((round = 1; round <= rounds; round++)); do
    for at in $notify_at; do
        for name in consume trade mix; do
            case $name in
            mix) ours "${mix[@]}" ;;
            *) ours "$name" ;;
            esac
            notify_trades off
            measure "notify/$name silent/$at" "${options[@]}"
            notify_trades on
            measure "notify/$name/$at" "${options[@]}"
            listen_begin
            measure "notify/$name listened to/$at" "${options[@]}"
            listen_end
        done
    done
done
psql -X -q -d postgres -c 'ALTER ROLE bench_gateway RESET smartgrid.notify_trades'

for at in $notify_at; do
    for name in consume trade mix; do
        row "notify/$name silent/$at" calls/s
        row "notify/$name/$at" calls/s "silent=notify/$name silent/$at"
        row "notify/$name listened to/$at" calls/s "silent=notify/$name silent/$at"
    done
done
