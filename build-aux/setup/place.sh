# Where the demo lives and whose it is.
#
# An ordinary user runs everything as itself. root must not: PostgreSQL runs
# as postgres, httpd's children as www-data, and both have to reach their
# files. A checkout below /root is closed to them; then the files go to
# /var/lib and the demo's directory is a link to them.
#
# SPDX-License-Identifier: Apache-2.0

place_users() {
    if is_root; then
        PG_USER=postgres web_user=www-data
        id "$PG_USER" >/dev/null 2>&1 || die "no account postgres: install postgresql-15"
        id "$web_user" >/dev/null 2>&1 || die "no account www-data"
    else
        PG_USER=$(id -un)
        web_user=$PG_USER
    fi
}

# place_reachable DIR: by both accounts.
place_reachable() {
    as_user "$PG_USER" test -x "$1" 2>/dev/null &&
        as_user "$web_user" test -x "$1" 2>/dev/null
}

place_names() {
    PG_PORT=5432
    PG_DATA=$state/pg
    PG_SOCKET=$state/socket
    pg_socket_fits "$PG_SOCKET" ||
        PG_SOCKET=/tmp/kuji-$(id -u)-$(short_hash "$state")
    key_file=$state/keys
    codes_file=$state/codes.txt
    credentials=$state/credentials.json
}

# Says where, makes the directory itself and nothing in it.
place_choose() {
    local parent elsewhere
    place_users
    parent=$(dirname "$demo_dir")
    mkdir -p "$parent" || die "cannot make $parent"
    demo_dir=$(cd "$parent" && pwd)/$(basename "$demo_dir")
    if [ ! -e "$demo_dir" ]; then
        rm -f "$demo_dir"
        mkdir "$demo_dir"
    fi
    if ! place_reachable "$demo_dir"; then
        elsewhere=/var/lib/kuji-demo-$(short_hash "$demo_dir")
        [ -L "$demo_dir" ] || rmdir "$demo_dir" 2>/dev/null ||
            die "$demo_dir is closed to $PG_USER and $web_user, and not empty"
        mkdir -p -m 0755 "$elsewhere"
        ln -sfn "$elsewhere" "$demo_dir"
    fi
    state=$(cd "$demo_dir" && pwd -P)
    # It goes into httpd's configuration, a connection string and a URI.
    [[ $state =~ ^[A-Za-z0-9/._+,-]+$ ]] ||
        die "$state: only A-Z a-z 0-9 . _ + , - can be in the path; choose with --dir"
    place_names
}

place_make() {
    mkdir -p "$state/logs" "$state/conf" "$state/neighbour"
    [ -d "$PG_DATA" ] || install -d -m 0700 -o "$PG_USER" "$PG_DATA"
}

# A short path in /tmp must be ours before a socket goes there.
pg_place_socket() {
    if [ ! -d "$PG_SOCKET" ]; then
        install -d -m 0755 -o "$PG_USER" "$PG_SOCKET"
    fi
    [ "$(stat -c %U "$PG_SOCKET")" = "$PG_USER" ] && [ ! -L "$PG_SOCKET" ] ||
        die "$PG_SOCKET belongs to somebody else"
}

# For --stop: the demo that is there.
place_find() {
    [ -d "$demo_dir/pg" ] || return 1
    place_users
    state=$(cd "$demo_dir" && pwd -P)
    place_names
}
