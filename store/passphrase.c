/* SPDX-License-Identifier: Apache-2.0 */
#include "store/passphrase.h"

#include "store/append.h"
#include "store/audit.h"
#include "store/vault.h"

#include <apr_strings.h>
#include <string.h>

typedef struct phrases_t {
    const kuji_act_t *act;
    const char *slug;
    const char *text;
    const kuji_phrase_t *list;
    int count;
    int expected, version; /* that was shown, that there is */
    const char **why;
} phrases_t;

static const char *purpose_of(const char *uuid, apr_pool_t *pool)
{
    return kuji_vault_purpose("passphrase", uuid, 0, pool);
}

/* NULL: there is none. */
static apr_status_t read_list(const char **text, phrases_t *p,
                              kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_vault_t *vault = NULL;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_text(&args, p->slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PASSPHRASE_GET, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        rv = KUJI_ENOTFOUND;
    }
    *text = NULL;
    if (rv == APR_SUCCESS) {
        p->version = (int)kuji_pg_int(res, 0, 2);
    }
    if (rv == APR_SUCCESS && !PQgetisnull(res, 0, 1)) {
        rv = kuji_vault_open(&vault, p->act, conn, pool);
    }
    if (rv == APR_SUCCESS && vault) {
        rv = kuji_vault_text(text, vault,
                             purpose_of(kuji_pg_text(res, 0, 0), pool), res, 0,
                             1, pool);
    }
    kuji_vault_close(vault);
    return rv;
}

static apr_status_t get(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    phrases_t *p = baton;

    return read_list(&p->text, p, conn, pool);
}

apr_status_t kuji_passphrase_get(const char **text, int *version,
                                 const kuji_act_t *act, const char *slug,
                                 apr_pool_t *pool)
{
    phrases_t p = {.act = act, .slug = slug};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, get, &p, pool);

    *text = p.text ? p.text : "";
    *version = p.version;
    return rv;
}

/* Days and digests, each list in the order of the other. */
static apr_status_t add_list(kuji_args_t *args, phrases_t *p,
                             kuji_vault_t *vault, const char *uuid,
                             apr_pool_t *pool)
{
    int64_t *days = apr_palloc(pool, (p->count + 1) * sizeof(*days));
    const unsigned char **digests =
        apr_palloc(pool, (p->count + 1) * sizeof(*digests));
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < p->count && rv == APR_SUCCESS; i++) {
        unsigned char *digest = apr_palloc(pool, KUJI_DIGEST_LEN);

        rv = kuji_vault_digest(digest, vault, uuid, "passphrase",
                               p->list[i].text, strlen(p->list[i].text));
        days[i] = p->list[i].day;
        digests[i] = digest;
    }
    kuji_args_int_array(args, days, p->count);
    kuji_args_bytes_array(args, digests, NULL, KUJI_DIGEST_LEN, p->count);
    return rv;
}

static apr_status_t write_list(phrases_t *p, kuji_append_t *a)
{
    kuji_vault_t *vault = NULL;
    const unsigned char *sealed;
    apr_size_t len;
    kuji_args_t args;
    apr_status_t rv = kuji_vault_open(&vault, p->act, a->conn, a->pool);

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_uuid(&args, p->act->tenant);
    if (rv == APR_SUCCESS) {
        rv = add_list(&args, p, vault, a->uuid, a->pool);
    }
    if (rv == APR_SUCCESS) {
        kuji_vault_seal(&sealed, &len, vault, purpose_of(a->uuid, a->pool),
                        p->text, strlen(p->text), a->pool);
        kuji_args_bytes(&args, sealed, len);
        rv =
            kuji_pg_query(NULL, a->conn, KUJI_Q_PASSPHRASE_SET, &args, a->pool);
    }
    kuji_vault_close(vault);
    return rv;
}

/* *same: it is the list that there is. */
static apr_status_t compare(int *same, phrases_t *p, kuji_conn_t *conn,
                            apr_pool_t *pool)
{
    const char *there;
    apr_status_t rv = read_list(&there, p, conn, pool);

    *same = rv == APR_SUCCESS && strcmp(there ? there : "", p->text) == 0;
    if (rv == APR_SUCCESS && p->version != p->expected) {
        *p->why = "somebody else has changed the passphrases";
        return KUJI_ECONFLICT;
    }
    return rv;
}

static apr_status_t set(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    phrases_t *p = baton;
    kuji_append_t a;
    int same = 0;
    apr_status_t rv = kuji_append_lock(&a, p->why, p->act, conn, p->slug, pool);

    if (rv == APR_SUCCESS && strcmp(a.status, "closed") == 0) {
        *p->why = "the campaign is closed";
        rv = KUJI_ESTATE;
    }
    if (rv == APR_SUCCESS) {
        rv = compare(&same, p, conn, pool);
    }
    if (rv == APR_SUCCESS && !same) {
        rv = write_list(p, &a);
    }
    return rv == APR_SUCCESS && !same
               ? kuji_audit_add(p->act, conn, "passphrases",
                                apr_pstrcat(pool, "campaign:", a.uuid, NULL),
                                json_pack("{s:i}", "count", p->count), pool)
               : rv;
}

apr_status_t kuji_passphrase_set(int *line, const char **why,
                                 const kuji_act_t *act, const char *slug,
                                 int expected, const char *text,
                                 apr_pool_t *pool)
{
    phrases_t p = {.act = act,
                   .slug = slug,
                   .text = text,
                   .expected = expected,
                   .why = why};
    apr_status_t rv = KUJI_EINVAL;

    *line = 0;
    if (strlen(text) <= KUJI_PHRASES_BYTES_MAX) {
        rv = kuji_phrase_list(&p.list, &p.count, line, text, pool);
    }
    if (rv != APR_SUCCESS) {
        *why = *line ? apr_psprintf(pool, "line %d is no passphrase", *line)
                     : "the list is longer than 65536 bytes";
        return rv;
    }
    return kuji_pg_transact(act->pg, act->tenant, set, &p, pool);
}
