# shellcheck shell=bash
# The peers b, c, d and e: for each start_X, reset_X before a run, run_X SECONDS
# CONNECTIONS, check_X ACKNOWLEDGED CONNECTIONS, stop_X. run_X leaves rate, p50
# and p99 (ms) and acked, or dies: one answer other than 201 and the figure is
# none.
#
# SPDX-License-Identifier: Apache-2.0

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
token=kuji_benchbenchbenchbenchbenchbenchbenchbenchbench
digest=$(printf %s "$token" | sha256sum | cut -d' ' -f1)
path=/api/v1/campaigns/hot/draws
# As long as a real one, so that every peer sends as many bytes.
checkpoint='127.0.0.1:8080/k/hot\n1000000\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n\n— 127.0.0.1:8080/k/hot 3q2+71TTDyHFZWN1VUKQYfgnY3OZp3yA0jvLCrTJqTZQHtF0Vs3xXnxp2b1bGmT8P7g0cNfdpyQwqcSlpJgUBnkWnBVv\n'

# wrk_run URL TOKEN SECONDS CONNECTIONS
wrk_run() {
    local out other errors tag
    tag=$(printf '%08x' $((RANDOM << 17 ^ RANDOM << 2 ^ $$ & 3)))
    out=$(wrk -t2 -c"$4" -d"$3s" --timeout 20s -s "$here/wrk.lua" "$1" -- \
        "$2" "$tag") || die "wrk: $out"
    read -r _ acked other errors rate p50 p99 < <(grep '^WRK ' <<<"$out")
    [ -n "${p99:-}" ] || die "wrk said: $out"
    [ "$other" = 0 ] && [ "$errors" = 0 ] && [ "$acked" -gt 0 ] ||
        die "no figure: $acked times 201, $other others, $errors socket errors$(
            grep -s '^WRK-FIRST' <<<"$out")"
}

# ---- b: httpd's ceiling ----
start_b() {
    local port
    port=$(free_port)
    {
        httpd_base b "$port"
        httpd_event "$THREADS"
        echo "LoadModule ceiling_module \"$BUILD/t/bench/.libs/mod_ceiling.so\""
        echo "CeilingTokenDigest $digest"
    } >"$dir/b.conf"
    httpd_start b "$dir/b.conf"
    b_pid=$httpd_pid b_url=http://127.0.0.1:$port$path
    wait_port "$port" "$dir/b/error_log"
}
reset_b() { :; }
run_b() { wrk_run "$b_url" "$token" "$@"; }
check_b() { :; }
stop_b() { stop_server "$b_pid"; }

# ---- c: PHP, PDO, a row lock ----
php_module() {
    local f
    for f in "$MODULES"/libphp*.so; do
        [ -f "$f" ] && echo "$f" && return
    done
    die "peer c needs libapache2-mod-php and php-pgsql"
}

start_c() {
    local port
    port=$(free_port)
    peer_database c
    {
        httpd_base c "$port"
        cat <<CONF
LoadModule mpm_prefork_module "$MODULES/mod_mpm_prefork.so"
LoadModule alias_module "$MODULES/mod_alias.so"
LoadModule env_module "$MODULES/mod_env.so"
LoadModule setenvif_module "$MODULES/mod_setenvif.so"
LoadModule php_module "$(php_module)"
ServerLimit 64
StartServers 64
MinSpareServers 1
MaxSpareServers 64
MaxRequestWorkers 64
SetEnvIf Authorization "(.+)" HTTP_AUTHORIZATION=\$1
SetEnv TOKEN_DIGEST $digest
SetEnv DSN "pgsql:host=$pg_host;port=$pg_port;dbname=c"
SetEnv CHECKPOINT "$checkpoint"
php_admin_value opcache.enable 1
php_admin_value opcache.validate_timestamps 0
Alias $path "$here/draw.php"
<Directory "$here">
    Require all granted
    SetHandler application/x-httpd-php
</Directory>
CONF
    } >"$dir/c.conf"
    httpd_start c "$dir/c.conf"
    c_pid=$httpd_pid c_url=http://127.0.0.1:$port$path
    wait_port "$port" "$dir/c/error_log"
}
reset_c() { peer_empty c; }
# More connections than processes would only wait for each other's keep-alive.
run_c() { wrk_run "$c_url" "$token" "$1" "$(($2 < 64 ? $2 : 64))"; }
check_c() { peer_count c "$@"; }
stop_c() { stop_server "$c_pid"; }

peer_database() {
    psql -qAtc "select 1 from pg_database where datname = '$1'" postgres |
        grep -q 1 && return
    createdb "$1"
    psql -qv ON_ERROR_STOP=1 -f "$here/draw.sql" "$1" >/dev/null ||
        die "draw.sql"
}

peer_empty() {
    psql -qv ON_ERROR_STOP=1 -c 'TRUNCATE draw' \
        -c 'UPDATE campaign SET next_n = 1' -c 'VACUUM FULL campaign' \
        -c 'VACUUM FULL prize' -c ANALYZE "$1" || die "emptying $1"
}

# As many rows as answers or, for requests cut off by the end, a few more.
peer_count() {
    local rows highest
    IFS='|' read -r rows highest < <(psql -qAtc 'SELECT count(*),
        coalesce(max(n), 0) FROM draw' "$1")
    [ "$rows" -ge "$2" ] && [ "$rows" -le $(($2 + $3)) ] &&
        [ "$rows" = "$highest" ] ||
        die "$1: $2 acknowledged, $rows rows, highest n $highest"
}

# ---- d: pgbench, one draw a transaction, the best of 8, 32 and 64 ----
start_d() { peer_database d; }
reset_d() { peer_empty d; }
run_d() {
    local clients best=0 log
    for clients in ${D_CLIENTS:-8 32 64}; do
        log=$dir/d.$clients
        rm -f "$log".*
        pgbench -n -M prepared -f "$here/draw.pgbench" -c "$clients" -j 2 \
            -T "$1" -l --log-prefix="$log" d >"$dir/d.out" 2>&1 ||
            die_log "$dir/d.out" "pgbench"
        rate=$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$dir/d.out")
        echo "#   d with $clients clients: $rate/s" >&2
        awk "BEGIN { exit !($rate > $best) }" || continue
        best=$rate best_log=$log
    done
    rate=$best
    read -r p50 p99 < <(cat "$best_log".* | awk '{ print $3 }' | sort -n |
        awk '{ v[NR] = $1 } END { print v[int(NR / 2) + 1] / 1e3,
            v[int(NR * 0.99) + 1] / 1e3 }')
    rm -f "$dir"/d.[0-9]*
    acked=0
}
check_d() { :; }
stop_d() { :; }

# ---- e: nginx, Lua, a Redis script, appendfsync always ----
nginx_modules() {
    local d
    for d in /usr/lib/nginx/modules /usr/share/nginx/modules; do
        [ -f "$d/ngx_http_lua_module.so" ] && echo "$d" && return
    done
    die "peer e needs nginx, libnginx-mod-http-lua and lua-nginx-redis"
}

start_e() {
    local port sha
    port=$(free_port)
    as_user mkdir -p "$dir/e"
    spawn "$dir/e/redis.log" redis-server --port 0 --unixsocket "$dir/e/s" \
        --dir "$dir/e" --save '' --appendonly yes --appendfsync always \
        --daemonize no
    redis_pid=$spawned
    # The last round's file is read first; there is no answer until then.
    until [ "$(redis-cli -s "$dir/e/s" ping 2>/dev/null)" = PONG ]; do
        kill -0 "$spawned" 2>/dev/null || die "redis does not start"
        sleep 0.1
    done
    sha=$(redis-cli -s "$dir/e/s" -x script load <"$here/draw.lua")
    sed -e "s|@DIR@|$dir/e|g" -e "s|@SOURCE@|$here|g" -e "s|@PORT@|$port|" \
        -e "s|@MODULES@|$(nginx_modules)|" -e "s|@SHA@|$sha|" \
        -e "s|@TOKEN_DIGEST@|$digest|" -e "s|@SOCKET@|$dir/e/s|" \
        "$here/nginx.conf" >"$dir/e.conf"
    spawn "$dir/e/out" env CHECKPOINT="$checkpoint" nginx -p "$dir/e" \
        -e "$dir/e/error.log" -c "$dir/e.conf"
    e_pid=$spawned e_url=http://127.0.0.1:$port$path
    wait_port "$port" "$dir/e/error.log"
}
# What the warm-up left stays in the append-only file only until it is rewritten.
reset_e() {
    redis-cli -s "$dir/e/s" flushall sync >/dev/null
    redis-cli -s "$dir/e/s" hset left A 1000000000 B 1000000000 \
        C 1000000000 D 1000000000 >/dev/null
}
run_e() { wrk_run "$e_url" "$token" "$@"; }
check_e() {
    local rows highest
    rows=$(redis-cli -s "$dir/e/s" xlen ledger)
    highest=$(redis-cli -s "$dir/e/s" get n)
    [ "$rows" -ge "$1" ] && [ "$rows" -le $(($1 + $2)) ] &&
        [ "$rows" = "$highest" ] ||
        die "e: $1 acknowledged, $rows entries, highest n $highest"
}
stop_e() {
    stop_server "$e_pid"
    stop_server "$redis_pid"
}
