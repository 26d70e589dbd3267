# bootstrap check and check-full: packages, builds, and the suite over them.
#
# SPDX-License-Identifier: Apache-2.0

check_usage() {
    cat <<'TEXT'
usage: ./bootstrap check      [--no-install] [AREA|FILE...]
       ./bootstrap check-full [--no-install]

An AREA is a directory of t/: guard, unit, sql, api and so on; without one
the whole suite runs. --no-install installs no package.
TEXT
}

# The programs that only tests need.
build_targets=check-programs

check_options() {
    check_install=yes
    check_what=()
    while [ $# -gt 0 ]; do
        case $1 in
        --no-install) check_install=no ;;
        -h | --help) check_usage && exit 0 ;;
        -*) check_usage >&2 && exit 2 ;;
        *) check_what+=("$1") ;;
        esac
        shift
    done
}

check_packages() {
    [ "$check_install" = yes ] || return 0
    packages_install $packages_build $packages_run $packages_check \
        $packages_browser $(packages_node) "$@"
}

# The programs of Node.js that the browser's tests use, as their lock file
# says, once per checkout.
check_node_modules() {
    local dir=$source_dir/t/browser
    [ -f "$dir/package-lock.json" ] || return 0
    cmp -s "$dir/package-lock.json" "$dir/node_modules/.installed" && return 0
    say "installing the browser tests' npm packages"
    quiet "$source_dir/var/npm.log" env PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 \
        npm --prefix "$dir" ci --no-audit --no-fund
    cp "$dir/package-lock.json" "$dir/node_modules/.installed"
}

# suite BUILD-DIRECTORY [AREA…]
suite() {
    local dir=$1
    shift
    "$source_dir/t/run" --build "$dir" "$@"
}

check_main() {
    check_options "$@"
    mkdir -p "$source_dir/var"
    check_packages
    check_node_modules
    say "building with gcc, warnings are errors"
    build_tree "$source_dir/var/check" --enable-werror CC=gcc
    suite "$source_dir/var/check" "${check_what[@]}"
}

# What `check` does, and all that takes longer.
full_main() {
    local var=$source_dir/var
    check_options "$@"
    mkdir -p "$var"
    check_packages $packages_full
    check_node_modules

    say "building with clang, warnings are errors"
    build_tree "$var/clang" --enable-werror CC=clang-14
    say "the distribution builds, installs and uninstalls"
    quiet "$var/distcheck.log" make -C "$var/clang" distcheck \
        TEST_AREAS="guard unit fuzz"
    say "unit tests under valgrind"
    build_tree "$var/check" --enable-werror CC=gcc
    KUJI_VALGRIND=1 suite "$var/check" unit fuzz
    say "the suite with ASan and UBSan"
    build_tree "$var/sanitizers" --enable-werror --enable-sanitizers CC=gcc
    suite "$var/sanitizers"
    say "the suite, with the long faults"
    KUJI_FAULT_LONG=1 suite "$var/check"
}
