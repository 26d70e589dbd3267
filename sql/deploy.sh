#!/bin/sh
# Deploys the schema: deploy.sh URI, as a superuser of PostgreSQL. What
# `kujictl database deploy` runs.
#
#   sql/deploy.sh 'db:pg://postgres@/kuji?host=/run/postgresql'
#
# SPDX-License-Identifier: Apache-2.0
set -eu
test $# -eq 1 || { echo "usage: $0 db:pg://USER@HOST/DATABASE" >&2; exit 2; }
cd "$(dirname "$0")"
# Sqitch signs its registry with a name; a service has none.
: "${SQITCH_FULLNAME:=mod_kuji}" "${SQITCH_EMAIL:=mod_kuji@localhost}"
export SQITCH_FULLNAME SQITCH_EMAIL
sqitch --quiet deploy --verify "$1" || exit 1
