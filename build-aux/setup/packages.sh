# Debian packages: what each task needs, and how the missing ones get in
# without starting a service or touching a file of the system's configuration.
#
# SPDX-License-Identifier: Apache-2.0

packages_build="autoconf automake libtool pkg-config gcc libc6-dev make
    apache2-dev libapr1-dev libaprutil1-dev libpq-dev libjansson-dev
    libcurl4-openssl-dev libsodium-dev libutf8proc-dev
    libidn2-dev libqrencode-dev libssl-dev"
packages_run="apache2-bin libaprutil1-dbd-pgsql media-types postgresql-15
    sqitch libdbd-pg-perl curl openssl util-linux"
packages_check="check clang-format-14 libapache2-mod-perl2
    libtap-parser-sourcehandler-pgtap-perl libwww-perl perl
    postgresql-15-pgtap python3-aiosmtpd
    python3-cryptography binutils xz-utils
    zbar-tools librsvg2-bin"
packages_browser="chromium fonts-noto-cjk webkit2gtk-driver xvfb xauth"
packages_full="clang-14 valgrind libclang-rt-14-dev libasan8 libubsan1"
packages_bench="wrk libapache2-mod-php php-pgsql nginx libnginx-mod-http-lua
    lua-nginx-redis redis-server linux-perf"

# package_installed NAME
package_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" = "ii " ]
}

# Node.js often comes from elsewhere: the programs count, not the packages.
packages_node() {
    have node || echo nodejs
    have npm || echo npm
}

# packages_missing NAME…
packages_missing() {
    local name
    for name in "$@"; do
        package_installed "$name" || echo "$name"
    done
}

# While packages unpack, nothing of theirs starts. A policy that is there
# already is the system's own, and stays.
services_hold() {
    held_policy=
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        held_policy=/usr/sbin/policy-rc.d
        trap services_release EXIT
        trap 'exit 130' INT TERM
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$held_policy" >/dev/null
        as_root chmod 0755 "$held_policy"
    fi
    if ! package_installed postgresql-common &&
        [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' |
            as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
}

services_release() {
    if [ -n "$held_policy" ]; then
        as_root rm -f "$held_policy"
    fi
}

# packages_install NAME…: those that are lacking. In a subshell, so that its
# traps end with it.
packages_install() (
    mapfile -t missing < <(packages_missing "$@")
    [ ${#missing[@]} -gt 0 ] || exit 0
    have apt-get || die "not a Debian system; install: ${missing[*]}"
    say "installing: ${missing[*]}"
    services_hold
    as_root apt-get -q update || die "apt-get update failed"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
        -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "${missing[@]}" ||
        die "apt-get could not install: ${missing[*]}"
)
