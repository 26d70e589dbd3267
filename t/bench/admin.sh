#!/bin/bash
# make bench-admin: the console with a campaign of 10,000,000 draws of 60 days
# behind it. Pages: answers a second, and how long one takes; exports: rows and
# bytes a second, and by how much httpd grows.
#   BENCH_DRAWS    draws loaded (10000000)
#   BENCH_SECONDS  of one run (5)
#   BENCH_ONLY     some of: list dashboard export
#   BENCH_THEN     a command that is run at the end, with URL and COOKIE set
# A page or an export that is not there is an error.
#
# SPDX-License-Identifier: Apache-2.0
set -uo pipefail
source "$(dirname "$0")/lib.sh"
: "${BENCH_DRAWS:=10000000}" "${BENCH_SECONDS:=5}"
: "${BENCH_ONLY:=list dashboard export}" "${BENCH_THEN:=}"
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
    local start=$SECONDS since
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

main() {
    missed=0
    make_dir bench-admin
    # What is measured reads; only the load writes, and need not be durable.
    pg_start 'shared_buffers = 1GB' 'max_wal_size = 16GB' 'maintenance_work_mem = 256MB' \
        'fsync = off' 'full_page_writes = off' 'autovacuum = off'
    start_a
    url=http://127.0.0.1:$a_port
    log_in
    load
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
