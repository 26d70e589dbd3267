/* SPDX-License-Identifier: Apache-2.0 */
#include "store/shop.h"

#include "core/kana.h"
#include "core/utf8.h"
#include "store/audit.h"
#include "store/rows.h"
#include "store/vault.h"

#include <apr_strings.h>
#include <string.h>

#define NAME_MAX_BYTES 100

int kuji_passcode_normalise(char *out, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t left = strlen(text), used;
    int count = 0;
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        used = kuji_utf8_next(&c, at, left);
        if (used == 0) {
            return 0;
        }
        c = kuji_kana_width(c);
        if (c == ' ' || kuji_kana_is_hyphen(c)) {
            continue;
        }
        c = c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
        if (count == KUJI_PASSCODE_MAX ||
            !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) {
            return 0;
        }
        out[count++] = (char)c;
    }
    out[count] = '\0';
    return count >= KUJI_PASSCODE_MIN;
}

typedef struct shop_t {
    const kuji_act_t *act;
    const char **why, *slug;
    const char *name;     /* NULL: unchanged */
    const char *passcode; /* normalised; NULL: unchanged */
    int64_t id;
    int disabled; /* -1: unchanged */
    kuji_rows_t rows;
    /* of the transaction */
    int64_t campaign_id;
    const char *uuid;
} shop_t;

static apr_status_t open_campaign(shop_t *s, kuji_conn_t *conn,
                                  apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, s->act->tenant);
    kuji_args_text(&args, s->slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_SHOP_CAMPAIGN, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        *s->why = "there is no such campaign";
        rv = KUJI_ENOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        s->campaign_id = kuji_pg_int(res, 0, 0);
        s->uuid = kuji_pg_text(res, 0, 1);
    }
    return rv;
}

static apr_status_t read_row(void *item, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    kuji_shop_t *row = item;

    (void)pool;
    row->id = kuji_pg_int(res, i, 0);
    row->name = kuji_pg_text(res, i, 1);
    row->disabled = kuji_pg_bool(res, i, 2);
    row->redeemed = kuji_pg_int(res, i, 3);
    return APR_SUCCESS;
}

static apr_status_t list(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    shop_t *s = baton;
    kuji_args_t args;
    apr_status_t rv = open_campaign(s, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, s->campaign_id);
    return kuji_rows_read(&s->rows, conn, KUJI_Q_SHOP_LIST, &args, pool);
}

apr_status_t kuji_shop_list(const kuji_shop_t **shops, int *count,
                            const kuji_act_t *act, const char *slug,
                            apr_pool_t *pool)
{
    const char *why;
    shop_t s = {.act = act,
                .why = &why,
                .slug = slug,
                .rows = KUJI_ROWS(kuji_shop_t, read_row)};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, list, &s, pool);

    *shops = s.rows.items;
    *count = s.rows.count;
    return rv;
}

static apr_status_t digest(unsigned char out[KUJI_DIGEST_LEN], const shop_t *s,
                           kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_vault_t *vault = NULL;
    apr_status_t rv = kuji_vault_open(&vault, s->act, conn, pool);

    if (rv == APR_SUCCESS) {
        kuji_vault_passcode(out, vault, s->campaign_id, s->passcode);
    }
    kuji_vault_close(vault);
    return rv;
}

/* Why a shop could not be stored so. */
static apr_status_t explain(const shop_t *s, kuji_conn_t *conn,
                            const unsigned char code[KUJI_DIGEST_LEN],
                            apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, s->campaign_id);
    kuji_args_text(&args, s->name ? s->name : "");
    kuji_args_bytes(&args, code, KUJI_DIGEST_LEN);
    kuji_args_int(&args, s->id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_SHOP_TAKEN, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (kuji_pg_bool(res, 0, 0)) {
        *s->why = "name: the campaign has a shop of that name";
        return KUJI_ECONFLICT;
    }
    if (kuji_pg_bool(res, 0, 1)) {
        *s->why = "passcode: another shop has it";
        return KUJI_ECONFLICT;
    }
    *s->why = "a campaign has at most 500 shops";
    return kuji_pg_int(res, 0, 2) >= KUJI_SHOPS_MAX ? KUJI_ETOOBIG
                                                    : APR_SUCCESS;
}

static apr_status_t note(const shop_t *s, kuji_conn_t *conn, const char *what,
                         const char *name, apr_pool_t *pool)
{
    return kuji_audit_add(s->act, conn, what,
                          apr_pstrcat(pool, "campaign:", s->uuid, NULL),
                          json_pack("{s:s}", "shop", name), pool);
}

static apr_status_t add(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    shop_t *s = baton;
    unsigned char code[KUJI_DIGEST_LEN];
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = open_campaign(s, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = digest(code, s, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        kuji_args_init(&args, pool);
        kuji_args_int(&args, s->campaign_id);
        kuji_args_uuid(&args, s->act->tenant);
        kuji_args_text(&args, s->name);
        kuji_args_bytes(&args, code, sizeof code);
        kuji_args_int(&args, KUJI_SHOPS_MAX);
        rv = kuji_pg_query(&res, conn, KUJI_Q_SHOP_ADD, &args, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) == 0) {
        rv = explain(s, conn, code, pool);
        return rv == APR_SUCCESS ? KUJI_ECONFLICT : rv;
    }
    return note(s, conn, "shop.add", s->name, pool);
}

apr_status_t kuji_shop_add(const char **why, const kuji_act_t *act,
                           const char *slug, const char *name,
                           const char *passcode, apr_pool_t *pool)
{
    char clean[KUJI_PASSCODE_MAX + 1];
    shop_t s = {.act = act, .why = why, .slug = slug, .name = name};

    if (!name[strspn(name, " \t\r\n")] || strlen(name) > NAME_MAX_BYTES) {
        *why = "name: must be 1 to 100 bytes";
        return KUJI_EINVAL;
    }
    if (!kuji_passcode_normalise(clean, passcode)) {
        *why = "passcode: must be 4 to 32 letters and digits";
        return KUJI_EINVAL;
    }
    s.passcode = clean;
    return kuji_pg_transact(act->pg, act->tenant, add, &s, pool);
}

static apr_status_t change(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    shop_t *s = baton;
    unsigned char code[KUJI_DIGEST_LEN];
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = open_campaign(s, conn, pool);

    if (rv == APR_SUCCESS && s->passcode) {
        rv = digest(code, s, conn, pool);
        rv = rv == APR_SUCCESS ? explain(s, conn, code, pool) : rv;
        /* The number of shops does not change. */
        rv = rv == KUJI_ETOOBIG ? APR_SUCCESS : rv;
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, s->campaign_id);
    kuji_args_int(&args, s->id);
    kuji_args_bytes(&args, s->passcode ? code : NULL, sizeof code);
    if (s->disabled < 0) {
        kuji_args_text(&args, NULL);
    }
    else {
        kuji_args_bool(&args, s->disabled);
    }
    rv = kuji_pg_query(&res, conn, KUJI_Q_SHOP_CHANGE, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        *s->why = "there is no such shop";
        rv = KUJI_ENOTFOUND;
    }
    return rv == APR_SUCCESS ? note(s, conn,
                                    s->passcode   ? "shop.passcode"
                                    : s->disabled ? "shop.disable"
                                                  : "shop.enable",
                                    kuji_pg_text(res, 0, 0), pool)
                             : rv;
}

apr_status_t kuji_shop_passcode(const char **why, const kuji_act_t *act,
                                const char *slug, int64_t id,
                                const char *passcode, apr_pool_t *pool)
{
    char clean[KUJI_PASSCODE_MAX + 1];
    shop_t s = {.act = act, .why = why, .slug = slug, .id = id, .disabled = -1};

    if (!kuji_passcode_normalise(clean, passcode)) {
        *why = "passcode: must be 4 to 32 letters and digits";
        return KUJI_EINVAL;
    }
    s.passcode = clean;
    return kuji_pg_transact(act->pg, act->tenant, change, &s, pool);
}

apr_status_t kuji_shop_disable(const char **why, const kuji_act_t *act,
                               const char *slug, int64_t id, int disabled,
                               apr_pool_t *pool)
{
    shop_t s = {
        .act = act, .why = why, .slug = slug, .id = id, .disabled = disabled};

    return kuji_pg_transact(act->pg, act->tenant, change, &s, pool);
}
