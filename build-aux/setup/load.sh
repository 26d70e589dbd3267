# The demo's data: schema, keys, one tenant with its admin and token, five
# campaigns. Each step is skipped where its result is there already.
#
# SPDX-License-Identifier: Apache-2.0

load_database=kuji

load_has() {
    [ "$(pg_psql "$load_database" -At -c "$1")" = t ]
}

load_schema() {
    if [ "$(pg_psql postgres -At -c \
        "SELECT count(*) FROM pg_database WHERE datname = '$load_database'")" = 0 ]; then
        pg_psql postgres -c "CREATE DATABASE $load_database"
    fi
    quiet "$state/logs/schema.log" "$state/inst/share/mod_kuji/sql/deploy.sh" \
        "db:pg://postgres@/$load_database?host=$PG_SOCKET&port=$PG_PORT"
}
