# The tests' httpd and what it needs to answer: keys, two tenants, tokens.
#
# SPDX-License-Identifier: Apache-2.0

# make_site NAME: a tenant, and a token that may do everything.
make_site() {
    local token
    kujictl tenant create "$1" "$1.test" "Site $1" >/dev/null
    token=$(kujictl token create "$1" suite --scopes read,draw,write)
    printf '%s' "$token" >"$KUJI_SCRATCH/token.$1"
}

# make_tls: a CA that lives as long as the run, the server's certificate and
# three clients': an admin's, one that names nobody, another CA's.
make_tls() {
    local dir=$KUJI_SCRATCH/tls name
    mkdir "$dir"
    export KUJI_CLIENT_CA=$dir/ca.pem
    for name in ca other-ca; do
        make_key "$dir/$name" -x509 -days 2 -subj "/CN=$name"
    done
    make_certificate ca server localhost
    make_certificate ca holder certified
    make_certificate ca nobody nobody-at-all
    make_certificate other-ca forger certified
}

# make_key FILE REQUEST-OPTION…: FILE.pem, key first.
make_key() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout "$1.key" -out "$1.crt" "${@:2}" 2>/dev/null
    cat "$1.key" "$1.crt" >"$1.pem"
}

# make_certificate CA NAME COMMON-NAME
make_certificate() {
    local dir=$KUJI_SCRATCH/tls
    make_key "$dir/$2" -subj "/CN=$3"
    openssl x509 -req -days 2 -in "$dir/$2.crt" -CA "$dir/$1.crt" \
        -CAkey "$dir/$1.key" -CAcreateserial -out "$dir/$2.signed" 2>/dev/null \
        -extfile <(printf 'subjectAltName=DNS:localhost')
    cat "$dir/$2.key" "$dir/$2.signed" >"$dir/$2.pem"
}

make_sites() {
    export KUJI_TEST_KEYS=$KUJI_SCRATCH/keys
    export KUJI_KEYFILE=$KUJI_TEST_KEYS KUJI_DATABASE=$KUJI_TEST_CONNINFO
    kujictl keys init "$KUJI_TEST_KEYS" >/dev/null
    make_site first
    make_site second
}

# start_mail: a mail server that keeps everything below mail/.
start_mail() {
    local i
    mkdir "$KUJI_SCRATCH/mail"
    python3 t/lib/smtpd.py "$KUJI_SCRATCH/mail" 2>"$KUJI_SCRATCH/mail/log" &
    mail_pid=$!
    for ((i = 0; i < 100; i++)); do
        [ ! -s "$KUJI_SCRATCH/mail/port" ] || break
        sleep 0.1
    done
    KUJI_MAIL_PORT=$(cat "$KUJI_SCRATCH/mail/port") ||
        die "the mail server does not start"
    export KUJI_MAIL_PORT
}

# Whether one of the planned files talks to httpd.
needs_httpd() {
    local file
    for file in "${files[@]}"; do
        case $file in
        t/guard/* | t/sql/* | ../programs/* | sql/*) ;;
        *) return 0 ;;
        esac
    done
    return 1
}

# A port with free ones behind it, which the virtual hosts get. Apache::Test's
# own choice is the same for every suite that starts at that moment.
choose_port() {
    local port i
    while :; do
        port=$((12000 + (RANDOM % 900) * 20))
        for ((i = 0; i < 8; i++)); do
            ! (exec 3<>"/dev/tcp/127.0.0.1/$((port + i))") 2>/dev/null || break
        done
        [ "$i" -lt 8 ] || break
    done
    echo "$port"
}

start_httpd() {
    local conf=$KUJI_SCRATCH/base.conf
    needs_httpd || return 0
    make_sites
    make_tls
    start_mail
    sed -e "s|@MODULES@|$(apxs -q LIBEXECDIR)|" \
        -e "s|@KUJI_MODULE@|$KUJI_MODULE|" t/lib/base.conf.in >"$conf"
    export APACHE_TEST_NO_STICKY_PREFERENCES=1
    perl t/TEST -start-httpd -httpd "$KUJI_SRC/t/lib/httpd-wrap" \
        -httpd_conf "$conf" -t_dir "$KUJI_SRC/t" -top_dir "$KUJI_SRC" \
        -port "$(choose_port)" -startup_timeout 60 \
        >"$KUJI_SCRATCH/httpd.log" 2>&1 || {
        cat "$KUJI_SCRATCH/httpd.log" >&2
        tail -n 20 t/logs/error_log >&2 || true
        die "httpd does not start"
    }
    httpd_started=yes
    sed -n 's/^server \(.*\) listening (\(.*\))$/\2 \1/p' \
        "$KUJI_SCRATCH/httpd.log" >"$KUJI_SCRATCH/sites"
}

stop_httpd() {
    [ "${httpd_started:-no}" = yes ] || return 0
    cd "$KUJI_SRC"
    perl t/TEST -stop-httpd >>"$KUJI_SCRATCH/httpd.log" 2>&1 || true
    kill "$mail_pid" 2>/dev/null || true
}
