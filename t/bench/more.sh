# shellcheck shell=bash
# What is asked of the module besides the peers: 256 connections, a campaign of
# 5,000,000 draws, constant memory, the batch alone.
#
# SPDX-License-Identifier: Apache-2.0

# pairs NAME OTHER: alternating runs of two functions that leave rate, p50, p99.
pairs() {
    local round
    for ((round = 1; round <= BENCH_RUNS; round++)); do
        note "$1" "run_$1"
        note "$2" "run_$2"
    done
}

note() {
    psql -qc CHECKPOINT postgres
    sleep 0.5
    "$2"
    echo "$1 $rate $p50 $p99" >>"$dir/results"
    printf '# %-6s %10.0f/s  p50 %8.2f ms  p99 %8.2f ms\n' "$1" "$rate" \
        "$p50" "$p99"
}

# ---- 256 connections against 64; threads for all of them in both ----
run_w64() { reset_a && run_a "$BENCH_SECONDS" 64 && check_a "$acked" 64; }
run_w256() { reset_a && run_a "$BENCH_SECONDS" 256 && check_a "$acked" 256; }

wide() {
    THREADS=640 warm a
    pairs w64 w256
    stop_a
}

# ---- 5,000,000 draws in the campaign against none ----
run_empty() { reset_a && run_a "$BENCH_SECONDS" 64 && check_a "$acked" 64; }
run_full() {
    a_slug=full
    run_a "$BENCH_SECONDS" 64
    check_a "$acked" 64 "$before"
    before=$(kuji_sql "SELECT next_n - 1 FROM kuji.campaign WHERE slug = 'full'")
}

# fill_campaign SLUG DRAWS [SINCE]: decided and hashed by core/, loaded by COPY.
# The draws are of now, or of the time since then (ms).
fill_campaign() {
    local table columns copy copies
    kuji_campaign "$1" "${3:-}"
    as_user mkdir -p "$dir/fill"
    kuji_sql "SELECT c.id, c.uuid, c.tenant_id, encode(t.data_key, 'hex'),
            encode(s.key, 'hex'), (to_timestamp(c.now / 1000) AT TIME ZONE
            c.timezone)::date - DATE '1970-01-01', c.now
          FROM (SELECT *, floor(extract(epoch FROM now()) * 1000)::bigint AS now
                  FROM kuji.campaign WHERE slug = '$1') AS c
          JOIN kuji.tenant AS t ON t.id = c.tenant_id
          JOIN kuji.campaign_secret AS s ON s.campaign_id = c.id" \
        >"$dir/fill/facts" || die "facts of $1"
    kuji_sql "SELECT bytes FROM kuji.manifest JOIN kuji.campaign AS c
         ON c.id = campaign_id WHERE slug = '$1'" >"$dir/fill/manifest"
    as_user "$BUILD/t/bench/fill" "$dir/keys" "$dir/fill/facts" \
        "$dir/fill/manifest" "$dir/fill" "$2" ${3:+"$3"} || die "fill"
    # No table waits for another one's rows, so they go in at once.
    copies=()
    while read -r table columns; do
        # A backslash command of psql ends with its line.
        psql -qXv ON_ERROR_STOP=1 kuji </dev/null \
            -c "\\copy kuji.$table ($columns) FROM '$dir/fill/$table'" &
        copies+=($!)
    done <<'COLUMNS'
ledger campaign_id, i, tenant_id, leaf
draw campaign_id, n, tenant_id, i, first_n, count, key, body, participant
participant campaign_id, tenant_id, last_n, draws, wins, day, day_draws, digest, salt
claim campaign_id, n, tenant_id, pos, updated_at
ledger_node campaign_id, level, idx, tenant_id, hash
COLUMNS
    for copy in "${copies[@]}"; do wait "$copy" || die "COPY"; done
    psql -qX1v ON_ERROR_STOP=1 -f "$dir/fill/update.sql" kuji || die "update"
    rm -r "$dir/fill"
    kuji_sql 'VACUUM ANALYZE' && psql -qc CHECKPOINT postgres
}

full() {
    local draws=${BENCH_FULL:-5000000} start=$SECONDS
    warm a
    fill_campaign full "$draws"
    echo "# $draws draws loaded in $((SECONDS - start)) s"
    before=$draws
    pairs empty full
    a_slug=full
    verify_a
    stop_a
}

# ---- a child's resident memory over 1,000,000 draws ----
child_kb() {
    awk '/^VmRSS/ { print $2 }' "/proc/$(pgrep -P "$a_pid")/status"
}

memory() {
    local draws=0 first='' kb want=${BENCH_DRAWS:-1000000}
    warm a
    reset_a
    # What a child needs once is there after the first tenth.
    while [ "$draws" -lt "$want" ]; do
        run_a 4 64
        draws=$((draws + acked))
        kb=$(child_kb)
        [ -n "$first" ] || [ "$draws" -lt $((want / 10)) ] || first=$kb
        echo "# after $draws draws: $kb kB"
    done
    echo "RSS $first kB after a tenth, $kb kB after $draws draws"
    awk -v a="$first" -v b="$kb" 'BEGIN { exit b > a * 1.05 || b < a * 0.95 }' ||
        missed=1
    stop_a
}

# ---- the batch alone, then its statements alone ----
batch() {
    local size round
    [ -n "${kuji_token:-}" ] || kuji_install
    for ((round = 1; round <= BENCH_RUNS; round++)); do
        for size in 12 32 128; do
            note "b$size" "batch_$size"
        done
    done
}
batch_12() { batch_run 12; }
batch_32() { batch_run 32; }
batch_128() { batch_run 128; }
batch_run() {
    reset_a
    read -r rate p50 p99 < <(as_user "$BUILD/t/bench/batch" "$kuji_conninfo" \
        "$dir/keys" "$tenant" "$a_slug" "$BENCH_SECONDS" "$1")
    [ -n "${p99:-}" ] || die "batch"
}
