#!/bin/sh
# LIFF's SDK from npm, as its lock file says, and the one file that a page loads.
#
#   liff.sh fetch SOURCE DIRECTORY       npm ci there
#   liff.sh bundle DIRECTORY NAME FILE   one script of NAME and what it imports
#
# SPDX-License-Identifier: Apache-2.0
set -eu

fetch() {
    command -v npm >/dev/null || {
        echo "liff.sh: npm is needed to fetch LIFF's SDK (Debian: nodejs npm)" >&2
        exit 1
    }
    cp "$1"/package.json "$1"/package-lock.json "$1"/*.js "$2"/
    npm --prefix "$2" ci --ignore-scripts --no-audit --no-fund \
        --loglevel=error >/dev/null
}

bundle() {
    "$1"/node_modules/.bin/esbuild "$1/$2" --bundle --minify --format=iife \
        --target=es2018 --charset=utf8 --log-level=warning --outfile="$3.new"
    mv -f "$3.new" "$3"
}

"$@"
