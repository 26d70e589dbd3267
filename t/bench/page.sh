# shellcheck shell=bash
# The participant's own path beside the API's: page, form, result, 64 people at
# once, each new at every draw.
#
# SPDX-License-Identifier: Apache-2.0

run_page() {
    local out other errors
    reset_a
    out=$(wrk -t64 -c64 -d"${BENCH_SECONDS}s" --timeout 20s \
        -s "$here/page.lua" "http://127.0.0.1:$a_port/k/$a_slug") ||
        die "wrk: $out"
    read -r _ acked other errors rate p50 p99 < <(grep '^WRK ' <<<"$out")
    [ -n "${p99:-}" ] || die "wrk said: $out"
    [ "$other" = 0 ] && [ "$errors" = 0 ] && [ "$acked" -gt 0 ] ||
        die "no figure: $acked results, $other others, $errors socket errors$(
            grep -s '^WRK-FIRST' <<<"$out")"
    check_a "$acked" 64
}

run_api() { reset_a && run_a "$BENCH_SECONDS" 64 && check_a "$acked" 64; }

page() {
    warm a
    pairs api page
    stop_a
}

# A draw is three requests there, one here.
page_verdict() {
    local page api
    page=$(of page 2) api=$(of api 2)
    [ -n "$page" ] && [ -n "$api" ] || return 0
    awk -v p="$page" -v a="$api" 'BEGIN {
        printf "%-14s %8.2f   of the draws, %.2f of the requests\n",
            "page/api", p / a, 3 * p / a }'
}
