# shellcheck shell=bash
# A campaign that does not need LINE, while LINE is dead: its stand-in takes
# every message and never answers, with the outbox full of them, against an
# empty outbox.
#
# SPDX-License-Identifier: Apache-2.0

: "${BENCH_LINE_ROWS:=100000}"

line_control() {
    curl -fsS -d "$1" "http://127.0.0.1:$line_port/_control" ||
        die "the stand-in of LINE"
}

# console PATH [FIELD=VALUE...]: a form posted, or a page read.
console() {
    local path=$1 field fields=()
    shift
    for field; do fields+=(--data-urlencode "$field"); done
    curl -sS -b "$dir/jar" -c "$dir/jar" -H 'Sec-Fetch-Site: same-origin' \
        "${fields[@]}" "http://127.0.0.1:$a_port$path"
}

line_settings() {
    local expected
    echo 'correct-horse-battery-9' >"$dir/password"
    chmod 644 "$dir/password"
    kujictl admin create "$tenant" owner --role owner \
        --password-file "$dir/password"
    console /admin/login login=owner password=correct-horse-battery-9 >/dev/null
    expected=$(console /admin/line |
        sed -n 's/.*name="expected" value="\([0-9]*\)".*/\1/p')
    console /admin/line "expected=$expected" channel=1 secret=one bot=2 \
        bot_secret=two bot_prompt=none "access=http://127.0.0.1:$line_port" \
        "api=http://127.0.0.1:$line_port" >/dev/null
}

# Somebody who came by LINE; the host that LINE sends them back to has no port.
line_participant() {
    local away back
    away=$(curl -sS -c "$dir/visitor" -o /dev/null -w '%{redirect_url}' \
        "http://127.0.0.1:$a_port/login/line?campaign=line")
    back=$(curl -sS -o /dev/null -w '%{redirect_url}' "$away")
    curl -sS -b "$dir/visitor" -c "$dir/visitor" -o /dev/null \
        "http://127.0.0.1:$a_port/${back#http://127.0.0.1/}"
    [ "$(kuji_sql 'SELECT count(*) FROM kuji.participant_line')" = 1 ] ||
        die "nobody came by LINE"
}

line_begin() {
    line_port=$(free_port)
    spawn "$dir/line.log" /usr/bin/python3 "$root/t/lib/line/server.py" \
        "$line_port"
    wait_port "$line_port" "$dir/line.log"
    line_control '{"set": {"channels": {
        "1": {"secret": "one", "redirect": ["http://127.0.0.1/login/line/callback"]},
        "2": {"secret": "two", "redirect": []}}}}' >/dev/null
    line_settings
    kuji_campaign line '' '"line"'
    line_participant
    line_control '{"clear": true}' >/dev/null
    line_control '{"fault": {"path": "/v2/bot/", "kind": "hang", "times": -1,
        "seconds": 600}}' >/dev/null
}

line_asked() {
    curl -fsS "http://127.0.0.1:$line_port/_control" |
        grep -o '"path": "/v2/bot/profile/' | wc -l
}

run_noline() {
    kuji_sql 'TRUNCATE kuji.outbox'
    reset_a && run_a "$BENCH_SECONDS" 64 && check_a "$acked" 64
}

run_line() {
    local before
    before=$(line_asked)
    kuji_sql "INSERT INTO kuji.outbox (campaign_id, tenant_id, kind, n, channel,
                  participant, created_at, due_at, expires_at)
              SELECT p.campaign_id, p.tenant_id, 'win', g, 'line', p.digest, now,
                     now, now + 604800000
                FROM kuji.participant_line p, kuji_api.now_ms() now,
                     generate_series(1, $BENCH_LINE_ROWS) g"
    kuji_sql "INSERT INTO kuji.claim (campaign_id, n, tenant_id, pos, updated_at)
              SELECT campaign_id, n, tenant_id, 0, created_at FROM kuji.outbox
                  ON CONFLICT DO NOTHING"
    kuji_sql 'VACUUM ANALYZE kuji.outbox'
    reset_a && run_a "$BENCH_SECONDS" 64 && check_a "$acked" 64
    [ "$(line_asked)" -gt "$before" ] || die "LINE was not asked meanwhile"
}

line() {
    warm a
    line_begin
    pairs noline line
    stop_a
}
