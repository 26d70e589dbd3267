#!/bin/bash
# The tables alone, at 12, 32 and 128 draws a batch: what PostgreSQL does with
# the batch's statements, on the deployed schema, as kuji_web with row-level
# security on. Prints the medians of draws/s, of the backend's CPU time and of
# the bytes of WAL a draw.
#   TABLES_SECONDS  of one run (4)      TABLES_RUNS  rounds (5)
#   TABLES_BEFORE   SQL file run as superuser after the deployment: a trial
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
source "$(dirname "$0")/lib.sh"
: "${TABLES_SECONDS:=4}" "${TABLES_RUNS:=5}" "${TABLES_BEFORE:=}"
sql=$(cd "$(dirname "$0")/../../sql" && pwd)
tenant=00000000-0000-4000-8000-000000000001

make_dir tables
pg_start shared_buffers=1GB max_wal_size=8GB checkpoint_timeout=30min
psql -qc 'CREATE DATABASE kuji' postgres
"$sql/deploy.sh" "db:pg://postgres@:$pg_port/kuji?host=$pg_host"
[ -z "$TABLES_BEFORE" ] || psql -qX -v ON_ERROR_STOP=1 -f "$TABLES_BEFORE" kuji

# Every run begins with empty tables that nobody has analysed.
campaign() {
    psql -qAtX -v ON_ERROR_STOP=1 kuji <<SQL
SET client_min_messages = warning;
TRUNCATE kuji.tenant, kuji.ledger, kuji.ledger_node, kuji.draw,
         kuji.participant, kuji.code, kuji.claim, kuji.voided CASCADE;
INSERT INTO kuji.tenant (id, name, host, title, data_key, created_at)
VALUES ('$tenant', 'bench', 'bench', 'bench', '', 0);
WITH c AS (INSERT INTO kuji.campaign (tenant_id, uuid, slug, method, status,
                          opens_at, closes_at, timezone, size)
           VALUES ('$tenant', '$tenant', 'bench', 'odds', 'published', 0,
                   4102444800000, 'Asia/Tokyo', 1)
           RETURNING id, tenant_id)
INSERT INTO kuji.prize (campaign_id, tenant_id, pos, code, kind, declared,
                        units_left)
SELECT id, tenant_id, i, 'P' || i, 'message', 1000000000, 1000000000
  FROM c, generate_series(0, 3) i
RETURNING campaign_id;
CHECKPOINT;
SQL
}

wal() { psql -qAtXc "SELECT pg_current_wal_insert_lsn() - '0/0'" kuji; }

for ((round = 1; round <= TABLES_RUNS; round++)); do
    for size in 12 32 128; do
        id=$(campaign | head -n 1)
        before=$(wal)
        figures=$("$BUILD/t/bench/tables" \
            "host=$pg_host port=$pg_port dbname=kuji user=kuji_web" \
            "$tenant" "$id" "$size" "$TABLES_SECONDS")
        draws=$(psql -qAtXc 'SELECT count(*) FROM kuji.draw' kuji)
        echo "$size $figures $((($(wal) - before) / draws))" >>"$dir/results"
    done
done
of() { awk -v s="$1" -v c="$2" '$1 == s { print $c }' "$dir/results" | median; }
for size in 12 32 128; do
    printf 'tables alone, %3d draws a batch: %7.0f draws/s, %5.1f us CPU and %4.0f bytes of WAL a draw\n' \
        "$size" "$(of "$size" 2)" "$(of "$size" 3)" "$(of "$size" 4)"
done
