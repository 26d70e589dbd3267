# A private PostgreSQL cluster: no TCP, one unix socket, nothing of the
# system's own clusters touched. Sourced by the demo and by t/run.
#
#   PG_USER    the account that runs it        PG_DATA  its data directory
#   PG_SOCKET  the socket's directory          PG_PORT  names the socket
#
# SPDX-License-Identifier: Apache-2.0

pg_bindir() {
    local dir
    for dir in /usr/lib/postgresql/{17,16,15}/bin; do
        [ -x "$dir/postgres" ] && [ -x "$dir/initdb" ] && echo "$dir" && return
    done
    pg_config --bindir
}

# A unix socket's path stops at 107 bytes; a checkout may lie deeper.
pg_socket_fits() {
    local path="$1/.s.PGSQL.$PG_PORT.lock"
    [ ${#path} -le 107 ]
}

# Who may be whom, by the kernel's word about the socket's other end: the
# cluster's own account, root and the caller are anyone, httpd's account is
# the module. No password, and no other account of the machine gets in.
pg_write_hba() {
    local web_user=$1 who role
    {
        echo "local all all peer map=kuji"
    } >"$PG_DATA/pg_hba.conf"
    {
        for who in root "$PG_USER" "$(id -un)"; do
            for role in postgres "$who" kuji_owner kuji_web kuji_read; do
                echo "kuji $who $role"
            done
        done
        echo "kuji $web_user kuji_web"
    } | sort -u >"$PG_DATA/pg_ident.conf"
    chown "$PG_USER" "$PG_DATA/pg_hba.conf" "$PG_DATA/pg_ident.conf"
}

# pg_create WEB_USER: initdb; further settings come on stdin.
pg_create() {
    local web_user=$1
    as_user "$PG_USER" "$(pg_bindir)/initdb" -D "$PG_DATA" -U postgres \
        -E UTF8 --locale=C.UTF-8 --auth=peer --no-sync >/dev/null ||
        die "initdb failed in $PG_DATA"
    {
        echo "listen_addresses = ''"
        echo "unix_socket_directories = '$PG_SOCKET'"
        echo "port = $PG_PORT"
        echo "logging_collector = off"
        echo "log_line_prefix = '%m [%p] %q%u@%d '"
        echo "client_connection_check_interval = 1000"
        cat
    } >"$PG_DATA/kuji.conf"
    echo "include 'kuji.conf'" >>"$PG_DATA/postgresql.conf"
    pg_write_hba "$web_user"
}

pg_running() {
    pid_of "$PG_DATA/postmaster.pid" "$PG_DATA" >/dev/null
}

# pg_start LOG
pg_start() {
    pg_running && return
    # The number in it is nobody's, or somebody else's.
    rm -f "$PG_DATA/postmaster.pid"
    as_user "$PG_USER" "$(pg_bindir)/pg_ctl" -D "$PG_DATA" -l "$1" -w -t 120 \
        start >/dev/null || {
        tail -n 20 "$1" >&2
        die "PostgreSQL did not start; its log is $1"
    }
}

# pg_stop [MODE]
pg_stop() {
    pg_running || return 0
    as_user "$PG_USER" "$(pg_bindir)/pg_ctl" -D "$PG_DATA" -m "${1:-fast}" \
        -w -t 120 stop >/dev/null
}

# psql as the cluster's superuser: pg_psql DATABASE ARGUMENTS…
pg_psql() {
    local database=$1
    shift
    "$(pg_bindir)/psql" -X -q -v ON_ERROR_STOP=1 -h "$PG_SOCKET" -p "$PG_PORT" \
        -U postgres -d "$database" "$@"
}

# The caller and root get a role of their own name, so that plain `psql -h`
# works for whoever looks after this cluster.
pg_create_operator_roles() {
    local who
    for who in root "$PG_USER" "$(id -un)"; do
        [ "$who" = postgres ] || echo "$who"
    done | sort -u | while read -r who; do
        pg_psql postgres -v who="$who" <<'SQL'
SELECT format('CREATE ROLE %I SUPERUSER LOGIN', :'who')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'who') \gexec
SQL
    done
}
