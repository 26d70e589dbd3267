/* SPDX-License-Identifier: Apache-2.0 */
#include "store/publish.h"

#include "core/config.h"
#include "store/append.h"
#include "store/audit.h"
#include "store/hindrance.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

typedef struct publish_t {
    const kuji_act_t *act;
    const char *slug;
    const kuji_manifest_t *m;
    kuji_secret_t *secret;
    const json_t *config; /* released with pool */
    int can_mail;
    const char **why;
    const char *warning;
} publish_t;

/* What hinders, by what the database says in this transaction. */
static apr_status_t read_config(publish_t *p, kuji_append_t *a)
{
    unsigned found;
    apr_status_t rv =
        kuji_hindrances_read(&found, &p->config, p->why, p->act, a->conn,
                             p->slug, p->can_mail, a->pool);

    if (rv == APR_SUCCESS) {
        *p->why = p->warning = kuji_hindrance_why(found);
        rv = kuji_hindrance_status(found);
    }
    return rv == APR_SUCCESS ? kuji_config_check(p->why, p->config, a->pool)
                             : rv;
}

/* The seed is made here and nowhere else. */
static apr_status_t make_manifest(publish_t *p, kuji_append_t *a)
{
    kuji_config_facts_t facts = {.campaign = a->uuid};
    unsigned char uuid[KUJI_UUID_LEN];
    kuji_args_t args;
    PGresult *res;
    json_t *doc;
    apr_status_t rv;

    kuji_args_init(&args, a->pool);
    kuji_args_uuid(&args, p->act->tenant);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_CAMPAIGN_TENANT, &args, a->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1 || kuji_uuid_parse(uuid, a->uuid) != APR_SUCCESS) {
        return KUJI_EDATABASE;
    }
    facts.tenant = kuji_pg_text(res, 0, 0);
    facts.host = kuji_pg_text(res, 0, 1);
    randombytes_buf(p->secret->seed, sizeof(p->secret->seed));
    kuji_manifest_commitment(facts.commitment, uuid, p->secret->seed);
    doc = kuji_config_manifest(p->config, &facts);
    if (!doc) {
        return APR_ENOMEM;
    }
    rv = kuji_manifest_build(&p->m, p->why, doc, a->pool);
    json_decref(doc);
    return rv;
}

static apr_status_t store_manifest(publish_t *p, kuji_append_t *a)
{
    kuji_args_t args;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_uuid(&args, p->act->tenant);
    kuji_args_text(&args, p->m->bytes);
    kuji_args_bytes(&args, p->m->hash, sizeof(p->m->hash));
    return kuji_pg_query(NULL, a->conn, KUJI_Q_CAMPAIGN_MANIFEST_INSERT, &args,
                         a->pool);
}

static apr_status_t store_prizes(publish_t *p, kuji_append_t *a)
{
    int count = p->m->nprizes, i;
    const char **codes = apr_palloc(a->pool, sizeof(*codes) * count);
    const char **kinds = apr_palloc(a->pool, sizeof(*kinds) * count);
    int64_t *units = apr_palloc(a->pool, sizeof(*units) * count);
    const json_t *list = json_object_get(p->config, "prizes");
    kuji_args_t args;

    for (i = 0; i < count; i++) {
        codes[i] = p->m->prizes[i].code;
        units[i] = p->m->prizes[i].units;
        kinds[i] = json_string_value(
            json_object_get(json_array_get(list, (size_t)i), "kind"));
    }
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_uuid(&args, p->act->tenant);
    kuji_args_text_array(&args, codes, count);
    kuji_args_text_array(&args, kinds, count);
    kuji_args_int_array(&args, units, count);
    return kuji_pg_query(NULL, a->conn, KUJI_Q_CAMPAIGN_PRIZES_INSERT, &args,
                         a->pool);
}

static apr_status_t store_secrets(publish_t *p, kuji_append_t *a)
{
    apr_status_t rv = kuji_secret_tenant(p->secret, p->act, a->conn, a->pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_manifest_key(p->secret->k, p->m, p->secret->seed);
    return kuji_secret_store(p->secret, p->act, a->conn, a->id, a->uuid,
                             a->pool);
}

static apr_status_t set_published(publish_t *p, kuji_append_t *a)
{
    kuji_args_t args;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    if (p->m->method == KUJI_BOX) {
        kuji_args_int(&args, p->m->blanks);
    }
    else {
        kuji_args_null_int(&args);
    }
    return kuji_pg_query(NULL, a->conn, KUJI_Q_CAMPAIGN_PUBLISH, &args,
                         a->pool);
}

static apr_status_t publish(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    static apr_status_t (*const steps[])(publish_t *, kuji_append_t *) = {
        read_config,  make_manifest, store_manifest,
        store_prizes, store_secrets, set_published};
    publish_t *p = baton;
    kuji_append_t a;
    char hex[2 * KUJI_HASH_LEN + 1];
    unsigned i;
    apr_status_t rv = kuji_append_lock(&a, p->why, p->act, conn, p->slug, pool);

    for (i = 0; i < sizeof(steps) / sizeof(*steps) && rv == APR_SUCCESS; i++) {
        rv = steps[i](p, &a);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    a.t = 0; /* leaf 0 has no time */
    kuji_append_bytes(&a, p->m->bytes, p->m->len);
    rv = kuji_append_flush(&a);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    sodium_bin2hex(hex, sizeof(hex), p->m->hash, sizeof(p->m->hash));
    return kuji_audit_add(p->act, conn, "campaign.publish",
                          apr_pstrcat(pool, "campaign:", a.uuid, NULL),
                          json_pack("{s:s}", "manifest", hex), pool);
}

apr_status_t kuji_publish(const kuji_manifest_t **manifest, const char **why,
                          const kuji_act_t *act, const char *slug, int can_mail,
                          apr_pool_t *pool)
{
    publish_t p = {.act = act, .slug = slug, .can_mail = can_mail, .why = why};
    apr_status_t rv = kuji_secret_create(&p.secret, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_pg_transact(act->pg, act->tenant, publish, &p, pool);
        kuji_secret_wipe(p.secret);
    }
    if (rv == APR_SUCCESS) {
        *why = p.warning;
    }
    if (manifest) {
        *manifest = p.m;
    }
    return rv;
}
