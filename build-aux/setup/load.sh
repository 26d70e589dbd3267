# The demo's data: schema, keys, one tenant with its admin and token, five
# campaigns. Each step is skipped where its result is there already.
#
# SPDX-License-Identifier: Apache-2.0

load_database=kuji
load_tenant_name=demo
load_admin_login=admin
load_days=30

# kujictl, connected as the module is.
ctl() {
    KUJI_DATABASE="host=$PG_SOCKET port=$PG_PORT dbname=$load_database user=kuji_web" \
        KUJI_KEYFILE=$key_file "$state/inst/bin/kujictl" "$@"
}

# load_lacks QUERY: whether it gives no row.
load_lacks() {
    [ -z "$(pg_psql "$load_database" -At -v name="$load_tenant_name" \
        -v slug="${2:-}" <<<"$1")" ]
}

load_schema() {
    if [ -z "$(pg_psql postgres -At \
        -c "SELECT 1 FROM pg_database WHERE datname = '$load_database'")" ]; then
        pg_psql postgres -c "CREATE DATABASE $load_database"
    fi
    quiet "$state/logs/schema.log" "$state/inst/share/mod_kuji/sql/deploy.sh" \
        "db:pg://postgres@/$load_database?host=$PG_SOCKET&port=$PG_PORT"
}

# The key file outlives the database: tenants made with other keys are lost.
load_keys() {
    [ -s "$key_file" ] || (umask 077 && ctl keys init "$key_file" >/dev/null)
}

# A few places, so that the winners' forms have something to look up.
load_places() {
    if load_lacks "SELECT 1 FROM kuji.postal"; then
        ctl postal import "$state/inst/share/mod_kuji/conf/postal-sample.csv" \
            --sample >/dev/null
    fi
}

load_tenant() {
    if load_lacks "SELECT 1 FROM kuji.tenant WHERE name = :'name'"; then
        ctl tenant create "$load_tenant_name" "127.0.0.1:$demo_port" \
            'さくら通り商店街' >/dev/null
    fi
}

# A value of the credentials file, written at the first start.
load_known() {
    [ -s "$credentials" ] || return 0
    sed -n "s/^ *\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" "$credentials"
}

# The password is in the file before the account is made with it, so that a
# start that was cut short can be repeated.
load_accounts() {
    api_token=$(load_known api_token)
    admin_password=$(load_known admin_password)
    [ -n "$admin_password" ] || admin_password=$(random_word 24)
    load_credentials
    if load_lacks "SELECT 1 FROM kuji.admin JOIN kuji.tenant t
                   ON t.id = tenant_id AND t.name = :'name'"; then
        ctl admin create "$load_tenant_name" "$load_admin_login" \
            --role owner --password-file - <<<"$admin_password" >/dev/null
    fi
    if [ -z "$api_token" ]; then
        api_token=$(ctl token create "$load_tenant_name" demo \
            --scopes read,draw,write)
        load_credentials
    fi
}

load_credentials() {
    (umask 077 && cat >"$credentials.new" <<JSON)
{
  "url": "http://127.0.0.1:$demo_port",
  "api_token": $(json_string "$api_token"),
  "tenant": "$load_tenant_name",
  "admin": "$load_admin_login",
  "admin_password": $(json_string "$admin_password"),
  "operator": null,
  "operator_password": null,
  "pg_host": $(json_string "$PG_SOCKET"),
  "pg_port": $PG_PORT,
  "pg_database": "$load_database",
  "pg_data": $(json_string "$PG_DATA"),
  "httpd_pid_file": $(json_string "$(httpd_pid_file)"),
  "codes_file": $(json_string "$codes_file")
}
JSON
    mv "$credentials.new" "$credentials"
}

# load_campaign FILE: open from now, for a month, to the minute.
load_campaign() {
    local slug text now
    slug=$(basename "$1" .json.in)
    load_lacks "SELECT 1 FROM kuji.campaign WHERE slug = :'slug'
                AND status <> 'draft'" "$slug" || return 0
    now=$(($(date +%s) / 60 * 60))
    text=$(<"$1")
    text=${text//@OPENS_AT@/${now}000}
    text=${text//@CLOSES_AT@/$((now + load_days * 86400))000}
    printf '%s\n' "$text" >"$state/conf/$slug.json"
    if load_lacks "SELECT 1 FROM kuji.campaign WHERE slug = :'slug'" "$slug"; then
        ctl campaign create "$load_tenant_name" \
            "$state/conf/$slug.json" >/dev/null
    fi
    ctl campaign publish "$load_tenant_name" "$slug" >/dev/null
}

load_campaigns() {
    local file
    for file in "$source_dir"/conf/demo/campaigns/*.json.in; do
        load_campaign "$file"
    done
    if [ ! -s "$codes_file" ]; then
        (umask 077 && ctl codes generate "$load_tenant_name" \
            demo-daily 1000 >"$codes_file.new")
        mv "$codes_file.new" "$codes_file"
    fi
}
