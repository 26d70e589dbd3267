#!/bin/sh
# reveals.sh TEMPLATES OUT NAME…: a reveal's script with its runner, and its
# little picture for the console, where no theme lends it colours.
#
# SPDX-License-Identifier: Apache-2.0
set -eu
templates=$1 out=$2
shift 2

# The first theme's colours by day, as sed commands on var(--name).
colours=$(sed -n '/^\.theme-ennichi {/,/^}/s/^ *--\([a-z-]*\): \(#[0-9a-f]*\);/s|var(--\1)|\2|g/p' \
    "$templates/assets/css/themes.css" | awk '!seen[$0]++')
for name in "$@"; do
    cat "$templates/assets/js/reveal/runner.js" \
        "$templates/assets/js/reveal/$name.js" >"$out/reveal-$name.js.new"
    mv -f "$out/reveal-$name.js.new" "$out/reveal-$name.js"
    scene=$templates/participant/scene-$name.mustache
    [ -e "$scene" ] || scene=$templates/participant/$name.mustache
    sed -e '1s|<svg |<svg xmlns="http://www.w3.org/2000/svg" |' -e "$colours" \
        "$scene" >"$out/reveal-$name.svg.new"
    mv -f "$out/reveal-$name.svg.new" "$out/reveal-$name.svg"
done
