# Copies the sources and the build's products to a scratch directory and goes
# on there without rights.
#
# SPDX-License-Identifier: Apache-2.0

test_user=www-data

# The sources as they are now; a checkout's history and leftovers stay out.
stage_sources() {
    mkdir "$scratch/src"
    tar -C "$source_dir" -cf - --exclude=./.git --exclude=./var \
        --exclude=./autom4te.cache --exclude=./_build --exclude=./_inst \
        --exclude=./t/logs --exclude='*.o' --exclude='*.lo' \
        --exclude=.libs --exclude=.deps . |
        tar -C "$scratch/src" -xf -
}

# The module, the tools and the data, where `make install` puts them, and the
# programs that only tests need.
stage_products() {
    local program
    make -s -C "$build_dir" install check-programs \
        prefix="$scratch/inst" httpd_libexecdir="$scratch/inst/modules" \
        >"$scratch/stage.log" 2>&1 || {
        tail -n 20 "$scratch/stage.log" >&2
        die "make install failed in $build_dir"
    }
    for program in "$build_dir"/t/*/{test,fuzz}_*; do
        [ -f "$program" ] && [ -x "$program" ] || continue
        mkdir -p "$scratch/programs/$(basename "$(dirname "$program")")"
        cp "$program" "$scratch/programs/$(basename "$(dirname "$program")")/"
    done
    cp "$build_dir/t/browser/liff-mock.js" "$scratch/inst/"
    # What tests call, not tests themselves.
    cp "$build_dir/t/fault/kuji-fault-load" \
        "$build_dir"/t/tools/{needles,unseal} \
        "$build_dir"/t/remote/kuji-remote-{call,line,pay} \
        "$scratch/inst/bin/"
}

stage_and_run() {
    local status=0 rest=("$@") options=()
    scratch=$(mktemp -d /tmp/kuji-test-XXXXXX)
    chmod 0755 "$scratch"
    stage_sources
    stage_products
    [ "$keep" = yes ] && options+=(--keep)
    if is_root; then
        chown -R "$test_user:" "$scratch"
    fi
    cd "$scratch"
    as_user "$test_user" "$scratch/src/t/run" --staged "$scratch" \
        "${options[@]}" "${rest[@]}" || status=$?
    if [ "$keep" = yes ] || [ "$status" -ne 0 ]; then
        say "kept: $scratch"
    else
        rm -rf "$scratch"
    fi
    exit "$status"
}
