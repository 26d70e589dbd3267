#!/bin/bash
# make bench-admin: the console with a campaign of 10,000,000 draws of 60 days
# behind it. Pages: answers a second, and how long one takes; exports: rows and
# bytes a second, and by how much httpd grows. Codes: the same of making them
# and of importing them, here with a database that keeps what it has promised.
#   BENCH_DRAWS    draws loaded (10000000)
#   BENCH_SECONDS  of one run (5)
#   BENCH_CODES    serial codes made, and imported (5000000)
#   BENCH_ONLY     some of: list dashboard export codes
#   BENCH_THEN     a command that is run at the end, with URL and COOKIE set
# A page or an export that is not there is an error.
#
# SPDX-License-Identifier: Apache-2.0
set -uo pipefail
source "$(dirname "$0")/lib.sh"
: "${BENCH_DRAWS:=10000000}" "${BENCH_SECONDS:=5}"
: "${BENCH_CODES:=5000000}" "${BENCH_ONLY:=list dashboard export codes}" "${BENCH_THEN:=}"
: "${THREADS:=64}"
source "$(dirname "$0")/peers.sh"
source "$(dirname "$0")/kuji.sh"
source "$(dirname "$0")/more.sh"

wanted() { [[ " $BENCH_ONLY " == *" $1 "* ]]; }
password=correct-horse-battery-9

# An owner's cookie, as the log-in page gives it.
log_in() {
    echo "$password" >"$dir/password"
    [ "$(id -u)" != 0 ] || chown "$RUN_AS:" "$dir/password"
    kujictl admin create "$tenant" bench --role owner \
        --password-file "$dir/password"
    cookie=$(curl -sS -o "$dir/login.out" -D - -H "Origin: $url" \
        --data-urlencode login=bench --data-urlencode "password=$password" \
        "$url/admin/login" | sed -n 's/^[Ss]et-[Cc]ookie: \([^;]*\).*/\1/p')
    [ -n "$cookie" ] || die_log "$dir/login.out" "the log-in page gives no cookie"
}

# What the module would have left behind, had it drawn all that.
load() {
    local start=$SECONDS since setting
    # What is measured from here on reads; the load need not be durable.
    for setting in fsync full_page_writes autovacuum; do
        psql -qc "ALTER SYSTEM SET $setting = off" postgres
    done
    psql -qAtc 'SELECT pg_reload_conf()' postgres >"$dir/reloaded"
    since=$((($(date +%s) - 60 * 86400) * 1000))
    fill_campaign full "$BENCH_DRAWS" "$since"
    echo "# $BENCH_DRAWS draws loaded in $((SECONDS - start)) s"
    start=$SECONDS
    psql -qXv ON_ERROR_STOP=1 -f "$root/sql/deploy/figures_backfill.sql" kuji ||
        die "figures_backfill.sql"
    echo "# their marks made in $((SECONDS - start)) s"
    start=$SECONDS
    kuji_sql "INSERT INTO kuji.traffic (campaign_id, quarter, tenant_id, what, count)
        SELECT m.campaign_id, m.quarter, m.tenant_id, w.what,
               ($BENCH_DRAWS / 5760 * w.times)::int + m.quarter % 97
          FROM kuji.mark AS m, (VALUES ('visit', 1.9), ('limit-reached', 0.2),
               ('code-used', 0.05), ('closed', 0)) AS w (what, times)" ||
        die "traffic"
    kuji_sql "UPDATE kuji.claim SET state = 'redeemed'
               WHERE n % 8 = 0" || die "claims"
    kuji_sql 'VACUUM ANALYZE' && psql -qc CHECKPOINT postgres
    echo "# $(kuji_sql 'SELECT count(*) FROM kuji.mark') marks," \
        "$(kuji_sql "SELECT count(*) FROM kuji.claim WHERE state <> 'won'")" \
        "claims changed in $((SECONDS - start)) s"
}

# ms PATH: how long one answer takes, which must be a page.
ms() {
    local status seconds
    read -r status seconds < <(curl -sS -o "$dir/page" \
        -w '%{http_code} %{time_total}\n' -H "Cookie: $cookie" "$url$1")
    [ "$status" = 200 ] || die_log "$dir/page" "$1: $status"
    awk -v s="$seconds" 'BEGIN { printf "%.1f\n", s * 1000 }'
}

# page NAME PATH [AT MOST, MS]: the first answer, the slowest of thirty, a
# second's worth.
page() {
    local i first slowest rate
    first=$(ms "$2") || exit 1
    slowest=$(for ((i = 0; i < 30; i++)); do ms "$2" || exit 1; done |
        sort -g | tail -n 1)
    [ -n "$slowest" ] || exit 1
    rate=$(wrk -t 1 -c 4 -d "${BENCH_SECONDS}s" -H "Cookie: $cookie" "$url$2" |
        awk '/^Requests\/sec/ { r = $2 } /Non-2xx/ { bad = 1 }
            END { if (bad || r == "") exit 1; print r }') ||
        die "$2: wrk was given other answers"
    printf '%-28s %8.0f/s   first %7.1f ms   slowest of 30 %7.1f ms\n' "$1" \
        "$rate" "$first" "$slowest"
    awk -v a="$first" -v b="$slowest" -v m="${3:-0}" \
        'BEGIN { exit (m && (a > m || b > m)) }' || missed=1
}

# export NAME FORMAT: the whole table once.
export_all() {
    local path=/admin/campaigns/full/exports/$1.$2?encoding=utf-8
    local before after status bytes seconds rows
    before=$(child_kb)
    read -r status bytes seconds < <(curl -sS -o "$dir/export" \
        -w '%{http_code} %{size_download} %{time_total}\n' \
        -H "Cookie: $cookie" "$url$path")
    after=$(child_kb)
    [ "$status" = 200 ] || die_log "$dir/export" "$path: $status"
    rows=$(wc -l <"$dir/export")
    rm "$dir/export"
    awk -v n="$1.$2" -v r="$rows" -v b="$bytes" -v s="$seconds" \
        -v kb=$((after - before)) 'BEGIN {
        printf "%-28s %8.0f rows/s %6.1f MB/s   %d rows   httpd grew %d kB\n",
            n, r / s, b / s / 1e6, r, kb
        exit (kb >= 20 * 1024) }' || missed=1
}

# The most that a child had of memory while a command ran, kB: peak.
watch_child() {
    local kb pid
    peak=0
    "$@" &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        kb=$(child_kb)
        [ "$kb" -le "$peak" ] || peak=$kb
        sleep 0.2
    done
    wait "$pid"
}

# ask_codes OUT DATA…: one POST; its status and seconds are in $dir/asked.
ask_codes() {
    local out=$1
    shift
    curl -sS -o "$dir/$out" -w '%{http_code} %{time_total}\n' \
        -H "Cookie: $cookie" -H 'Sec-Fetch-Site: same-origin' "$@" \
        >"$dir/asked"
}

# told NAME COUNT OUT AT_MOST: what came of it, against what the database has.
told() {
    local status seconds stored
    read -r status seconds <"$dir/asked"
    [ "$status" = 200 ] || die_log "$dir/$3" "$1: $status"
    stored=$(kuji_sql "SELECT b.size || ' ' || (SELECT count(*) FROM kuji.code
        AS c WHERE c.batch_id = b.id) FROM kuji.code_batch AS b
        WHERE name = '$1'")
    [ "$stored" = "$2 $2" ] || die "$1: $stored of $2 codes are stored"
    awk -v n="codes, $1" -v c="$2" -v s="$seconds" -v kb=$((peak - before)) \
        -v most="$4" 'BEGIN {
        printf "%-28s %8.0f codes/s   %d in %.1f s   httpd grew %d kB\n",
            n, c / s, c, s, kb
        exit (kb >= 20 * 1024 || s > most * c / 1000000) }' || missed=1
}

# 1,000,000 in 60 s at most, made or imported; the second import of the same
# list stores nothing and leaves nothing.
codes() {
    local before peak path batches
    kuji_campaign coded
    path=$url/admin/campaigns/coded/codes
    # once, for what a child needs once
    ask_codes made --data-urlencode make_name=first -d count=20000 \
        -d symbols=12 -d make_uses=1 "$path/make"
    before=$(child_kb)
    watch_child ask_codes made --data-urlencode make_name=made \
        -d "count=$BENCH_CODES" -d symbols=12 -d make_uses=1 "$path/make"
    told made "$BENCH_CODES" made 60
    [ "$(wc -l <"$dir/made")" = $((BENCH_CODES + 1)) ] || die "made: a short file"
    seq -f 'OWN-%010.0f' 1 "$BENCH_CODES" >"$dir/own"
    before=$(child_kb)
    watch_child ask_codes faults -H 'Content-Type: text/csv' \
        -T "$dir/own" -X POST "$path/import?name=imported&uses=1"
    told imported "$BENCH_CODES" faults 60
    batches=$(kuji_sql 'SELECT count(*) FROM kuji.code_batch')
    before=$(child_kb)
    watch_child ask_codes faults -H 'Content-Type: text/csv' \
        -T "$dir/own" -X POST "$path/import?name=again&uses=1"
    awk -v kb=$((peak - before)) -v s="$(cut -d ' ' -f 2 "$dir/asked")" \
        -v c="$(wc -l <"$dir/faults")" 'BEGIN {
        printf "%-28s %8.0f codes/s   %d faults told in %.1f s   httpd grew %d kB\n",
            "codes, imported again", c / s, c - 1, s, kb
        exit (kb >= 20 * 1024) }' || missed=1
    [ "$(kuji_sql 'SELECT count(*) FROM kuji.code_batch')" = "$batches" ] ||
        die "importing in vain left a batch"
    rm "$dir/made" "$dir/own" "$dir/faults"
}

main() {
    missed=0
    make_dir bench-admin
    pg_start 'shared_buffers = 1GB' 'max_wal_size = 16GB' 'maintenance_work_mem = 256MB'
    start_a
    url=http://127.0.0.1:$a_port
    log_in
    wanted codes && codes
    [ "$BENCH_ONLY" = codes ] || load
    wanted list && page 'list' /admin/campaigns
    if wanted dashboard; then
        page 'dashboard by day' '/admin/campaigns/full/figures' 300
        page 'dashboard by hour' '/admin/campaigns/full/figures?by=hour' 300
    fi
    if wanted export; then
        for what in draws winners claims; do export_all "$what" csv; done
        export_all draws jsonl
    fi
    [ -z "$BENCH_THEN" ] || URL=$url COOKIE=$cookie bash -c "$BENCH_THEN"
    stop_a
    return "$missed"
}
main "$@"
