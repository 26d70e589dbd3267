#!/bin/bash
# The store's tests alone, against a private PostgreSQL that is gone after.
#
#   t/store/run.sh BUILD-DIR [COMMAND…]
#
# COMMAND (default: the tests of store, then those of job) runs with
# KUJI_STORE_CONNINFO set.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail

source_dir=$(cd "$(dirname "$0")/../.." && pwd)
. "$source_dir/build-aux/setup/common.sh"
. "$source_dir/build-aux/setup/postgres.sh"

[ $# -ge 1 ] || die "usage: t/store/run.sh BUILD-DIR [COMMAND...]"
build_dir=$(cd "$1" && pwd)
shift

PG_USER=$(id -un)
is_root && PG_USER=www-data
scratch=$(mktemp -d /tmp/kuji-store-XXXXXX)
PG_DATA=$scratch/pg PG_SOCKET=$scratch PG_PORT=5432
chmod 0755 "$scratch"
is_root && chown "$PG_USER:" "$scratch"

stop() {
    local status=$?
    trap - EXIT INT TERM
    pg_stop immediate || true
    rm -rf "$scratch"
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

pg_create "$PG_USER" <<'CONF'
fsync = off
log_min_messages = warning
CONF
pg_start "$scratch/pg.log"
pg_psql postgres -c 'CREATE DATABASE kuji'
"$source_dir/sql/deploy.sh" \
    "db:pg://postgres@/kuji?host=$PG_SOCKET&port=$PG_PORT"
export KUJI_SCRATCH=$scratch
export KUJI_STORE_CONNINFO="host=$PG_SOCKET port=$PG_PORT dbname=kuji user=kuji_web"
if [ $# -gt 0 ]; then
    "$@"
else
    for program in "$build_dir"/t/store/test_* "$build_dir"/t/job/test_*; do
        if [ -x "$program" ] && [ -f "$program" ]; then
            "$program"
        fi
    done
fi
