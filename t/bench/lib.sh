# shellcheck shell=bash
# Shared by the benchmark and the fault suite: a private directory, an
# unprivileged user, free ports, servers that are stopped by pid.
#
# SPDX-License-Identifier: Apache-2.0

# Where the build is; the Makefile says so, else the directory called from.
: "${BUILD:=$PWD}"
: "${HTTPD:=/usr/sbin/apache2}"
: "${MODULES:=$(apxs -q LIBEXECDIR 2>/dev/null || echo /usr/lib/apache2/modules)}"
: "${PG_BIN:=$(pg_config --bindir)}"
: "${RUN_AS:=www-data}"
BUILD=$(cd "$BUILD" && pwd)
PATH=$PATH:$PG_BIN:/usr/sbin:/sbin
server_pids=()

die() {
    echo "$0: $*" >&2
    exit 1
}

# The last lines of a server's log go with its failure.
die_log() {
    tail -n 15 "$1" >&2
    shift
    die "$@"
}

# dir: everything of this run, the user's own, on a disk.
make_dir() {
    dir=$(mktemp -d "${TMPDIR:-/tmp}/kuji-$1.XXXXXX") || exit 1
    chmod 755 "$dir"
    [ "$(id -u)" != 0 ] || chown "$RUN_AS:" "$dir"
    case $(stat -f -c %T "$dir") in
    tmpfs | ramfs) die "$dir is memory, fsync means nothing there: set TMPDIR" ;;
    esac
    trap 'finish' EXIT
    trap 'exit 130' INT TERM
}

finish() {
    local i
    for ((i = ${#server_pids[@]} - 1; i >= 0; i--)); do
        stop_server "${server_pids[i]}"
    done
    if [ -n "${KEEP:-}" ]; then
        echo "# kept $dir"
    else
        rm -rf "$dir"
    fi
}

as_user() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid="$RUN_AS" --regid="$RUN_AS" --clear-groups \
            env HOME="$dir" "$@"
    else
        "$@"
    fi
}

# spawn LOG COMMAND...: a server in the foreground of its own process; its pid
# is left in $spawned. In a session of its own, because a stopping httpd signals
# its whole process group.
spawn() {
    local log=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        setsid setpriv --reuid="$RUN_AS" --regid="$RUN_AS" --clear-groups \
            env HOME="$dir" "$@" >>"$log" 2>&1 </dev/null &
    else
        setsid "$@" >>"$log" 2>&1 </dev/null &
    fi
    spawned=$!
    server_pids+=("$spawned")
}

# stop_server PID [SIGNAL]: and wait until it is gone.
stop_server() {
    local i
    kill -"${2:-TERM}" "$1" 2>/dev/null || return 0
    for ((i = 0; i < 300; i++)); do
        kill -0 "$1" 2>/dev/null || break
        # A child of ours stays a zombie until it is waited for.
        [ "$(ps -o stat= -p "$1" | cut -c1)" != Z ] || break
        sleep 0.1
    done
    [ "$i" -lt 300 ] || kill -KILL "$1"
    wait "$1" 2>/dev/null
    return 0
}

free_port() {
    local p
    while :; do
        p=$((20000 + RANDOM % 12000))
        (: <>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || break
    done
    echo "$p"
}

# wait_port PORT LOG: until something listens there.
wait_port() {
    local i
    for ((i = 0; i < 200; i++)); do
        (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
        kill -0 "$spawned" 2>/dev/null || break
        sleep 0.05
    done
    die_log "$2" "nothing listens on port $1"
}

# ---- PostgreSQL: one private cluster ----

# pg_start [SETTING=VALUE...]: unix socket in $dir/s, durable commits.
pg_start() {
    local setting
    pg_host=$dir/s pg_port=$(free_port) pg_data=$dir/pg
    as_user mkdir -p "$pg_host"
    as_user initdb -D "$pg_data" -U postgres -A trust -E UTF8 --locale=C \
        --no-instructions --no-sync >"$dir/initdb.log" 2>&1 ||
        die_log "$dir/initdb.log" "initdb failed"
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$pg_host'"
        echo "port = $pg_port"
        echo "fsync = on"
        echo "synchronous_commit = on"
        echo "full_page_writes = on"
        for setting; do echo "$setting"; done
    } >>"$pg_data/postgresql.conf"
    export PGHOST=$pg_host PGPORT=$pg_port PGUSER=postgres
    pg_up
}

pg_up() {
    local i
    spawn "$dir/pg.log" "$PG_BIN/postgres" -D "$pg_data"
    pg_pid=$spawned
    for ((i = 0; i < 300; i++)); do
        psql -qAtc 'select 1' postgres >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    die_log "$dir/pg.log" "PostgreSQL does not start"
}

# ---- httpd ----

# httpd_start NAME CONF: returns its pid in $httpd_pid.
httpd_start() {
    as_user "$HTTPD" -t -f "$2" >"$dir/$1.test" 2>&1 ||
        die_log "$dir/$1.test" "httpd refuses $2"
    spawn "$dir/$1.out" "$HTTPD" -f "$2" -DFOREGROUND
    httpd_pid=$spawned
}

# httpd_base NAME PORT: the configuration every httpd of ours shares.
httpd_base() {
    as_user mkdir -p "$dir/$1"
    cat <<CONF
ServerRoot "$dir/$1"
PidFile "$dir/$1/pid"
DefaultRuntimeDir "$dir/$1"
ErrorLog "$dir/$1/error_log"
LogLevel warn
ServerName 127.0.0.1
Listen 127.0.0.1:$2
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 60
Timeout 60
LoadModule authz_core_module "$MODULES/mod_authz_core.so"
<Directory />
    AllowOverride None
    Require all denied
</Directory>
CONF
    [ "$(id -u)" != 0 ] || chown -R "$RUN_AS:" "$dir/$1"
}

# One process with enough threads that keep-alive connections are not dropped
# and that waiting draws may fill half of them.
httpd_event() {
    cat <<CONF
LoadModule mpm_event_module "$MODULES/mod_mpm_event.so"
ServerLimit 1
StartServers 1
ThreadLimit $1
ThreadsPerChild $1
MaxRequestWorkers $1
MinSpareThreads 1
MaxSpareThreads $1
MaxConnectionsPerChild 0
CONF
}

# median: of the numbers on stdin, one a line.
median() {
    sort -g | awk '{ v[NR] = $1 }
        END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
