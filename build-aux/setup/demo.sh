# bootstrap demo: PostgreSQL, httpd and five campaigns in one directory.
#
# SPDX-License-Identifier: Apache-2.0

. "$source_dir/build-aux/setup/place.sh"
. "$source_dir/build-aux/setup/postgres.sh"
. "$source_dir/build-aux/setup/httpd.sh"
. "$source_dir/build-aux/setup/load.sh"

demo_usage() {
    cat <<'TEXT'
usage: ./bootstrap demo [--port N] [--dir D] [--no-install]
       ./bootstrap demo --stop [--dir D]

  --port N      listen on 127.0.0.1:N (default 8080)
  --dir D       keep everything in D (default var/demo)
  --no-install  install no package
  --stop        stop the demo's httpd and PostgreSQL; the data stays
TEXT
}

demo_options() {
    demo_port=8080 demo_dir=$source_dir/var/demo
    demo_install=yes demo_action=start
    while [ $# -gt 0 ]; do
        case $1 in
        --port=* | --dir=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" && continue ;;
        --port) demo_port=${2:-} && shift ;;
        --dir) demo_dir=${2:-} && shift ;;
        --no-install) demo_install=no ;;
        --stop) demo_action=stop ;;
        -h | --help) demo_usage && exit 0 ;;
        *) demo_usage >&2 && exit 2 ;;
        esac
        shift || { demo_usage >&2 && exit 2; }
    done
    [[ $demo_port =~ ^[0-9]{1,5}$ ]] &&
        [ "$demo_port" -ge 1 ] && [ "$demo_port" -le 65535 ] ||
        die "--port: a number from 1 to 65535"
    [ -n "$demo_dir" ] || die "--dir: a directory"
}

demo_packages() {
    [ "$demo_install" = yes ] || return 0
    packages_install $packages_build $packages_run $(packages_node)
}

demo_install_tree() {
    quiet "$state/logs/install.log" make -C "$source_dir/var/build" install \
        prefix="$state/inst" httpd_libexecdir="$state/inst/modules"
}

demo_database() {
    if [ ! -s "$PG_DATA/PG_VERSION" ]; then
        pg_create "$web_user" <"$source_dir/conf/demo/postgresql.conf"
    fi
    pg_place_socket
    pg_start "$PG_DATA/server.log"
    pg_create_operator_roles
}

demo_report() {
    local slug
    echo "http://127.0.0.1:$demo_port/"
    for slug in demo-odds demo-box demo-moment demo-raffle demo-daily; do
        echo "http://127.0.0.1:$demo_port/k/$slug"
    done
    say "the console: http://127.0.0.1:$demo_port/admin"
    say "accounts and the API token: $demo_dir/credentials.json"
    say "serial codes of demo-daily: $codes_file"
    say "stop it with: ./bootstrap demo --stop"
}

demo_start() {
    demo_packages
    place_choose
    httpd_check_port
    say "building in var/build"
    build_tree "$source_dir/var/build"
    place_make
    cd "$state"
    demo_install_tree
    say "starting PostgreSQL"
    demo_database
    say "loading the demo's data"
    load_schema
    load_keys
    load_places
    load_tenant
    load_accounts
    load_campaigns
    say "starting httpd"
    httpd_write_conf
    httpd_restart
    demo_report
}

demo_stop() {
    place_find || {
        say "no demo in $demo_dir"
        return 0
    }
    cd "$state"
    httpd_stop
    pg_stop
    say "stopped; the data stays in $demo_dir"
}

demo_main() {
    demo_options "$@"
    umask 022
    case $demo_action in
    start) demo_start ;;
    stop) demo_stop ;;
    esac
}
