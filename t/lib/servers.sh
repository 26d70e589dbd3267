# The servers that the tests talk to, all below the scratch directory.
#
# SPDX-License-Identifier: Apache-2.0

prepare_environment() {
    umask 022
    export KUJI_SCRATCH HOME=$KUJI_SCRATCH
    export KUJI_SRC=$KUJI_SCRATCH/src
    export KUJI_MODULE=$KUJI_SCRATCH/inst/modules/mod_kuji.so
    export PATH="$KUJI_SCRATCH/inst/bin:$PATH:/usr/sbin"
    export LC_ALL=C.UTF-8
    PG_USER=$(id -un)
    PG_DATA=$KUJI_SCRATCH/pg
    PG_SOCKET=$KUJI_SCRATCH
    PG_PORT=5432
    export PGHOST=$PG_SOCKET PGPORT=$PG_PORT PGUSER=postgres
    cd "$KUJI_SCRATCH"
}

# Processes are killed here, machines are not: fsync would only cost time.
start_database() {
    pg_create "$PG_USER" <<'CONF'
fsync = off
max_connections = 200
shared_buffers = 128MB
log_min_messages = warning
CONF
    pg_start "$KUJI_SCRATCH/pg.log"
    pg_create_operator_roles
}

stop_database() {
    pg_stop immediate || true
}

start_httpd() {
    :
}

finish() {
    local status=$?
    trap - EXIT
    stop_database
    exit "$status"
}
