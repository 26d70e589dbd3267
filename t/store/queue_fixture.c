/* SPDX-License-Identifier: Apache-2.0 */
#include "t/store/queue_fixture.h"
#include "store/campaign.h"
#include "store/publish.h"
#include "store/tenant.h"

#include <apr_dbd.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(apr_status_t rv, const char *what, const char *why)
{
    char buf[120];

    if (rv != APR_SUCCESS) {
        fprintf(stderr, "# %s: %s %s\n", what,
                kuji_strerror(rv, buf, sizeof(buf)), why ? why : "");
        abort();
    }
}

static void on_log(void *baton, int level, apr_status_t rv, const char *text)
{
    if (!((queue_fixture_t *)baton)->quiet) {
        fprintf(stderr, "# %d %s\n", level, text);
    }
}

static void make_tenant(queue_fixture_t *f)
{
    kuji_act_t act = {.pg = f->pg, .keys = &f->keys, .actor = "test"};
    const char *id, *why = NULL;
    const char *name =
        apr_psprintf(f->pool, "q-%" APR_TIME_T_FMT, apr_time_now());

    must(kuji_tenant_create(&id, &why, &act, name,
                            apr_pstrcat(f->pool, name, ".test", NULL), "test",
                            f->pool),
         "tenant", why);
    must(kuji_cache_tenant(&f->tenant, f->cache, name, f->pool), "tenant",
         NULL);
}

void queue_fixture_start(queue_fixture_t *f, const kuji_queue_config_t *config)
{
    kuji_pg_config_t pg = {.conninfo = getenv("KUJI_STORE_CONNINFO"),
                           .keep = 4,
                           .max = 16,
                           .wait = apr_time_from_sec(1),
                           .log = on_log,
                           .log_baton = f};

    memset(f, 0, sizeof(*f));
    apr_initialize();
    must(sodium_init() < 0 || !pg.conninfo ? APR_EGENERAL : APR_SUCCESS,
         "KUJI_STORE_CONNINFO", NULL);
    apr_pool_create(&f->pool, NULL);
    apr_dbd_init(f->pool);
    f->keys.nmasters = f->keys.ncookies = 1;
    f->keys.masters[0].id = f->keys.cookies[0].id = 1;
    kuji_signer_init(&f->keys.signer, f->keys.masters[0].key);
    must(kuji_pg_create(&f->pg, &pg, f->pool), "pool", NULL);
    must(kuji_cache_create(&f->cache, f->pg, &f->keys, 16, f->pool), "cache",
         NULL);
    make_tenant(f);
    apr_pool_create(&f->serving, f->pool);
    must(kuji_queue_create(&f->queue, config, f->pg, &f->keys, f->serving),
         "queue", NULL);
}

void queue_fixture_stop(queue_fixture_t *f)
{
    apr_pool_destroy(f->serving);
    apr_pool_destroy(f->pool);
    apr_terminate();
}

void queue_fixture_campaign(queue_fixture_t *f, const char *slug,
                            const char *extra)
{
    kuji_act_t act = {.pg = f->pg,
                      .keys = &f->keys,
                      .tenant = f->tenant->id,
                      .actor = "test"};
    apr_time_t now = apr_time_now() / 1000;
    const char *why = NULL, *uuid;
    const kuji_manifest_t *m;
    json_t *config = json_loads(
        apr_psprintf(f->pool,
                     "{\"slug\":\"%s\",\"title\":\"%s\",\"opens_at\":%" //
                     APR_TIME_T_FMT ",\"closes_at\":%" APR_TIME_T_FMT
                     ",\"timezone\":\"Asia/Tokyo\",\"texts\":{\"ja\":{}},"
                     "\"privacy\":{\"purpose\":\"x\",\"retention_days\":30},"
                     "\"show_left\":true,\"theme\":\"ennichi\",%s}",
                     slug, slug, now - 1000, now + 3600000, extra),
        0, NULL);

    must(config ? APR_SUCCESS : KUJI_EINVAL, slug, "bad JSON");
    must(kuji_campaign_create(&uuid, &why, &act, config, f->pool), slug, why);
    must(kuji_publish(&m, &why, &act, slug, 1, f->pool), slug, why);
    json_decref(config);
}

void queue_fixture_ask(queue_fixture_t *f, kuji_draw_ask_t *ask,
                       const char *slug, const char *participant,
                       const char *key, const char *code, int count,
                       apr_pool_t *pool)
{
    const unsigned char *secret;
    const char *body;

    memset(ask, 0, sizeof(*ask));
    must(kuji_cache_campaign(&ask->campaign, f->cache, f->tenant, slug, pool),
         slug, NULL);
    secret = ask->campaign->digest_key;
    ask->participant = participant;
    ask->participant_len = strlen(participant);
    ask->count = count;
    ask->has_code = code != NULL;
    body =
        apr_psprintf(pool, "%s/%s/%d", participant, code ? code : "-", count);
    kuji_seal_digest(ask->participant_digest, secret, "participant",
                     participant, ask->participant_len);
    kuji_seal_digest(ask->key_digest, secret, "key", key, strlen(key));
    kuji_seal_digest(ask->body_digest, secret, "body", body, strlen(body));
    if (code) {
        kuji_seal_digest(ask->code_digest, secret, "code", code, strlen(code));
    }
}
