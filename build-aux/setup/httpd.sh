# The demo's httpd: its own configuration, one pid file, 127.0.0.1 only.
#
# SPDX-License-Identifier: Apache-2.0

httpd_program=/usr/sbin/apache2

httpd_pid_file() {
    echo "$state/logs/httpd.pid"
}

httpd_pid() {
    pid_of "$(httpd_pid_file)" "$state/conf/httpd.conf"
}

httpd_port_busy() {
    (exec 3<>"/dev/tcp/127.0.0.1/$demo_port") 2>/dev/null
}

# Whether the port is free, or is our own httpd's already.
httpd_check_port() {
    httpd_port_busy || return 0
    if httpd_pid >/dev/null &&
        grep -qx "Listen 127.0.0.1:$demo_port" "$state/conf/httpd.conf"; then
        return 0
    fi
    die "port $demo_port is in use; choose another: ./bootstrap demo --port N"
}

# The module's directory is httpd's own; ours is loaded from inst/.
httpd_write_conf() {
    local user_lines=
    is_root && user_lines="User $web_user
Group $(id -gn "$web_user")"
    conf_text=$(<"$source_dir/conf/demo/httpd.conf.in")
    conf_text=${conf_text//@STATE@/"$state"}
    conf_text=${conf_text//@PORT@/"$demo_port"}
    conf_text=${conf_text//@MODULES@/"$(apxs -q LIBEXECDIR)"}
    conf_text=${conf_text//@USER_LINES@/"$user_lines"}
    conf_text=${conf_text//@SOCKET@/"$PG_SOCKET"}
    conf_text=${conf_text//@PG_PORT@/"$PG_PORT"}
    conf_text=${conf_text//@KEY_FILE@/"$key_file"}
    printf '%s\n' "$conf_text" >"$state/conf/httpd.conf"
    cp "$source_dir/conf/demo/neighbour.html" "$state/neighbour/index.html"
}

httpd_control() {
    "$httpd_program" -d "$state" -f "$state/conf/httpd.conf" "$@"
}

httpd_stop() {
    local pid
    if ! pid=$(httpd_pid); then
        rm -f "$(httpd_pid_file)"
        return 0
    fi
    kill -TERM "$pid"
    wait_gone "$pid" 30 || die "httpd ($pid) does not stop"
}

# A new build's module is only loaded by a new process.
httpd_restart() {
    local i
    httpd_stop
    httpd_control -t 2>"$state/logs/configtest.log" || {
        cat "$state/logs/configtest.log" >&2
        die "httpd refuses $state/conf/httpd.conf"
    }
    httpd_control -k start
    for ((i = 0; i < 100; i++)); do
        [ "$(httpd_ask /readyz)" = 200 ] && return
        sleep 0.1
    done
    tail -n 20 "$state/logs/error.log" >&2
    die "httpd does not get ready; its log is $state/logs/error.log"
}

# The status that a path answers with.
httpd_ask() {
    curl -s -o /dev/null -m 5 -w '%{http_code}' \
        "http://127.0.0.1:$demo_port$1" || true
}
