# Builds out of tree, so that the checkout stays as it is.
#
# SPDX-License-Identifier: Apache-2.0

build_jobs() {
    nproc 2>/dev/null || echo 1
}

# make, with what it says in a file and on the screen only if it fails.
quiet() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 </dev/null || {
        tail -n 40 "$log" >&2
        die "failed: $* (the whole of it: $log)"
    }
}

# build_tree DIRECTORY CONFIGURE-OPTIONS…: all, and what build_targets adds.
build_tree() {
    local dir=$1 target
    shift
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    if [ -e "$source_dir/config.status" ]; then
        die "$source_dir is configured in place; run make distclean there"
    fi
    if [ ! -x "$source_dir/configure" ]; then
        (cd "$source_dir" && quiet "$dir/autoreconf.log" autoreconf -fi)
    fi
    cd "$dir"
    if [ ! -f Makefile ] || [ "$*" != "$(cat options 2>/dev/null)" ]; then
        quiet configure.log "$source_dir/configure" "$@"
        echo "$*" >options
    fi
    # One after the other: two goals at once make the same objects twice.
    for target in all ${build_targets:-}; do
        quiet make.log make -j"$(build_jobs)" "$target"
    done
    cd "$source_dir"
}
