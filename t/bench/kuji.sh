# shellcheck shell=bash
# Peer a: the module itself, on a database of its own, with a new campaign for
# every run.
#
# SPDX-License-Identifier: Apache-2.0

root=$(cd "$here/../.." && pwd)
tenant=bench
number=0

kujictl() {
    as_user "$BUILD/kujictl" --database "$kuji_conninfo" --keys "$dir/keys" \
        "$@" >"$dir/kujictl.out" 2>&1 ||
        die_log "$dir/kujictl.out" "kujictl $*"
}

# Schema, keys, tenant, token: once.
kuji_install() {
    kuji_conninfo="host=$pg_host port=$pg_port dbname=kuji user=kuji_web"
    createdb kuji
    # The sources may be closed to the user, and sqitch writes beside them.
    as_user mkdir -p "$dir/sql"
    cp -r "$root"/sql/{deploy,revert,verify,sqitch.plan,sqitch.conf,deploy.sh} \
        "$dir/sql/"
    as_user sh "$dir/sql/deploy.sh" \
        "db:pg://postgres@/kuji?host=$pg_host&port=$pg_port" \
        >"$dir/deploy.log" 2>&1 || die_log "$dir/deploy.log" "deploy.sh"
    kujictl keys init "$dir/keys"
    kujictl tenant create "$tenant" 127.0.0.1 "$tenant"
    kujictl token create "$tenant" "$tenant" --scopes read,draw,write
    kuji_token=$(grep -o 'kuji_[A-Za-z0-9_-]\{43\}' "$dir/kujictl.out")
    cp -r "$root/templates" "$dir/templates"
    cp "$BUILD"/templates/assets/*.* "$dir/templates/assets/" # made ones
}

# kuji_campaign SLUG [SINCE [GATE]]: open since an hour, or that time in ms; more
# units than anybody will draw.
kuji_campaign() {
    local ms=$(($(date +%s) * 1000)) code prizes=
    local opens=${2:-$((ms - 3600000))}
    while read -r code name weight; do
        prizes+="${prizes:+,}{\"code\":\"$code\",\"name\":\"$name\",
            \"kind\":\"coupon\",\"units\":1000000000,\"weight\":$weight}"
    done <<<$'A 温泉旅行 30\nB 商品券 2000\nC 珈琲豆 50000\nD 割引券 300000'
    cat >"$dir/$1.json" <<JSON
{"slug":"$1","title":"秋の大福引","method":"odds","timezone":"Asia/Tokyo",
 "opens_at":$opens,"closes_at":$((ms + 864000000)),
 "limits":{"draws":null,"draws_per_day":null,"draws_per_participant":null,
  "draws_per_participant_day":null,"wins_per_participant":null},
 "gates":[${3:-\"open\"}],"odds_total":1000000,"sold_out":"blank",
 "privacy":{"purpose":"賞品の引き換え","retention_days":30},"prizes":[$prizes]}
JSON
    kujictl campaign create "$tenant" "$dir/$1.json"
    kujictl campaign publish "$tenant" "$1"
}

start_a() {
    [ -n "${kuji_token:-}" ] || kuji_install
    a_port=$(free_port)
    {
        httpd_base a "$a_port"
        httpd_event "$THREADS"
        cat <<CONF
LoadModule kuji_module "$BUILD/.libs/mod_kuji.so"
KujiDatabase "$kuji_conninfo"
KujiKeyFile "$dir/keys"
KujiTemplateDir "$dir/templates"
KujiMetrics Local
KujiTenant $tenant
${A_DIRECTIVES:-}
<Location />
    Kuji On
</Location>
CONF
    } >"$dir/a.conf"
    httpd_start a "$dir/a.conf"
    a_pid=$httpd_pid
    wait_port "$a_port" "$dir/a/error_log"
}

reset_a() {
    a_slug=hot-$((++number))
    kuji_campaign "$a_slug"
}

run_a() {
    wrk_run "http://127.0.0.1:$a_port/api/v1/campaigns/$a_slug/draws" \
        "$kuji_token" "$@"
}

# check_a ACKNOWLEDGED CONNECTIONS [DRAWS BEFORE]
check_a() {
    local rows highest next size leaves sums
    IFS='|' read -r rows highest next size leaves sums < <(kuji_sql "
        SELECT count(*), max(n), c.next_n, c.size,
               (SELECT count(*) FROM kuji.ledger WHERE campaign_id = c.id),
               (SELECT bool_and(awarded + units_left = declared + added)
                   AND sum(awarded) = (SELECT count(*) FROM kuji.claim
                                        WHERE campaign_id = c.id)
                  FROM kuji.prize WHERE campaign_id = c.id)
          FROM kuji.campaign AS c JOIN kuji.draw AS d ON d.campaign_id = c.id
         WHERE slug = '$a_slug' GROUP BY c.id")
    rows=$((rows - ${3:-0}))
    highest=$((highest - ${3:-0}))
    [ "$rows" -ge "$1" ] && [ "$rows" -le $(($1 + $2)) ] &&
        [ "$rows" = "$highest" ] && [ "$((next - 1 - ${3:-0}))" = "$rows" ] &&
        [ "$size" = "$leaves" ] && [ "$sums" = t ] ||
        die "a: $1 acknowledged, $rows rows, highest n $highest, next $next," \
            "$leaves leaves of $size, sums $sums"
}

kuji_sql() { psql -qXAtv ON_ERROR_STOP=1 -c "$1" kuji; }

# An independent replay of the last run's ledger, over HTTP.
verify_a() {
    local base=http://127.0.0.1:$a_port/k/$a_slug
    "$BUILD/kuji-verify" "$base" >"$dir/verify.out" 2>&1 ||
        die_log "$dir/verify.out" "kuji-verify $base"
    echo "# kuji-verify: $(tail -n 1 "$dir/verify.out")"
}

stop_a() { stop_server "$a_pid"; }
