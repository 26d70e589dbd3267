#!/bin/bash
# What bounds a draw: perf over httpd's child and PostgreSQL while wrk draws
# from one hot campaign. Prints each program's share of the CPU, the threads of
# the child, the mean batch, and the symbols that cost most. Run as root (perf).
#   BENCH_SECONDS (8)   CONNECTIONS (64)   SYMBOLS per program (25)
#
# SPDX-License-Identifier: Apache-2.0
set -uo pipefail
source "$(dirname "$0")/lib.sh"
: "${BENCH_SECONDS:=8}" "${CONNECTIONS:=64}" "${SYMBOLS:=25}" "${THREADS:=256}"
source "$(dirname "$0")/peers.sh"
source "$(dirname "$0")/kuji.sh"

# One value of /metrics.
metric() {
    curl -s "http://127.0.0.1:$a_port/metrics" |
        awk -v m="$1" '$1 == m { print $2 }'
}

# CPU seconds of a process and its threads so far.
cpu_of() { awk '{ print ($14 + $15) / 100 }' "/proc/$1/stat"; }

# Thread by thread, the busiest first: seconds of CPU since it began.
threads_of() {
    local t
    for t in "/proc/$1/task"/*; do
        awk -v n="$(cat "$t/comm")" '{ printf "%8.2f s  %s %s\n",
            ($14 + $15) / 100, n, $1 }' "$t/stat"
    done | sort -rn | head -n 8
}

make_dir profile
pg_start 'shared_buffers = 1GB' 'max_wal_size = 8GB' 'max_connections = 200'
start_a
reset_a
run_a 1 "$CONNECTIONS"
reset_a
child=$(pgrep -P "$a_pid" | head -n 1)
batches=$(metric kuji_batch_size_count) draws=$(metric kuji_batch_size_sum)
httpd_before=$(cpu_of "$child")
perf record -q -a -g -F 499 -o "$dir/perf.data" -- sleep "$BENCH_SECONDS" \
    >/dev/null 2>&1 &
perf_pid=$!
run_a "$BENCH_SECONDS" "$CONNECTIONS"
wait $perf_pid
printf '%.0f draws/s, p50 %.2f ms, p99 %.2f ms; httpd %.2f CPU\n' "$rate" \
    "$p50" "$p99" "$(bc -l <<<"($(cpu_of "$child") - $httpd_before) / $BENCH_SECONDS")"
[ -z "$batches" ] || awk -v b="$(metric kuji_batch_size_count)" -v c="$batches" \
    -v d="$(metric kuji_batch_size_sum)" -v e="$draws" 'BEGIN {
        printf "mean batch %.1f draws\n", (d - e) / (b - c) }'
echo "child's threads:"
threads_of "$child"
echo "share of all samples by program:"
perf report -i "$dir/perf.data" --sort comm --no-children -g none 2>/dev/null |
    grep -E '^ +[0-9]' | head -n 8
for program in apache2 httpd postgres; do
    perf report -i "$dir/perf.data" --comm "$program" --sort dso,symbol \
        --no-children -g none 2>/dev/null | grep -E '^ +[0-9]' |
        head -n "$SYMBOLS" >"$dir/symbols"
    [ -s "$dir/symbols" ] || continue
    echo "$program:"
    cat "$dir/symbols"
done
[ -z "${PERF_DATA:-}" ] || cp "$dir/perf.data" "$PERF_DATA"
