# The servers that the tests talk to, all below the scratch directory.
#
# SPDX-License-Identifier: Apache-2.0

prepare_environment() {
    umask 022
    export KUJI_SCRATCH HOME=$KUJI_SCRATCH
    export KUJI_SRC=$KUJI_SCRATCH/src
    export KUJI_DATA=$KUJI_SCRATCH/inst/share/mod_kuji
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
    deploy_schema
    export KUJI_TEST_CONNINFO="host=$PG_SOCKET port=$PG_PORT dbname=kuji user=kuji_web"
    export KUJI_STORE_CONNINFO="host=$PG_SOCKET port=$PG_PORT dbname=kuji_store user=kuji_web"
    export KUJI_STORE_OWNER_CONNINFO="host=$PG_SOCKET port=$PG_PORT dbname=kuji_store user=postgres"
}


# One database for each kind of test, so that none sees another's rows.
deploy_schema() {
    local name
    pg_psql postgres -c 'CREATE DATABASE kuji'
    "$KUJI_DATA/sql/deploy.sh" \
        "db:pg://postgres@/kuji?host=$PG_SOCKET&port=$PG_PORT" \
        >"$KUJI_SCRATCH/deploy.log" 2>&1 || {
        cat "$KUJI_SCRATCH/deploy.log" >&2
        die "the schema does not deploy"
    }
    for name in kuji_sql kuji_store; do
        pg_psql postgres -c "CREATE DATABASE $name TEMPLATE kuji"
    done
    pg_psql kuji_sql -c 'CREATE EXTENSION pgtap'
    # What belongs to one database only, for its copies.
    for name in kuji_sql kuji_store; do
        pg_psql postgres -At -v name="$name" <<'SQL'
SELECT format('ALTER ROLE %I IN DATABASE %I SET %s = %L', r.rolname, :'name',
              split_part(c, '=', 1), substr(c, strpos(c, '=') + 1))
FROM pg_db_role_setting s
JOIN pg_roles r ON r.oid = s.setrole
JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = 'kuji'
CROSS JOIN unnest(s.setconfig) AS c
\gexec
SQL
    done
}

stop_database() {
    pg_stop immediate || true
}

finish() {
    local status=$?
    trap - EXIT INT TERM
    stop_httpd
    stop_database
    exit "$status"
}
