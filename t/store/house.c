/* SPDX-License-Identifier: Apache-2.0 */
#include "t/store/house.h"

#include "core/seal.h"
#include "store/batch.h"
#include "store/proof.h"
#include "store/publish.h"
#include "store/tenant.h"

#include <apr_dbd.h>
#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

static void on_log(void *baton, int level, apr_status_t rv, const char *text)
{
    house_t *h = baton;

    apr_cpystrn(h->last_log, text, sizeof(h->last_log));
}

/* Keys made for the test. */
static kuji_keyfile_t *make_keys(void)
{
    kuji_keyfile_t *keys = apr_pcalloc(unit_pool, sizeof(*keys));
    unsigned char seed[KUJI_SIGN_SEED_LEN];

    keys->nmasters = keys->ncookies = 1;
    keys->masters[0].id = keys->cookies[0].id = 1;
    randombytes_buf(keys->masters[0].key, KUJI_KEY_LEN);
    randombytes_buf(keys->cookies[0].key, KUJI_KEY_LEN);
    randombytes_buf(seed, sizeof(seed));
    kuji_signer_init(&keys->signer, seed);
    return keys;
}

house_t *house_make(void)
{
    house_t *h = apr_pcalloc(unit_pool, sizeof(*h));
    kuji_pg_config_t config = {.conninfo = getenv("KUJI_STORE_CONNINFO"),
                               .min = 0,
                               .keep = 2,
                               .max = 8,
                               .wait = apr_time_from_sec(5),
                               .log = on_log,
                               .log_baton = h};
    kuji_keyfile_t *keys = make_keys();

    ck_assert_msg(config.conninfo, "KUJI_STORE_CONNINFO is not set");
    HOUSE_OK(apr_dbd_init(unit_pool));
    HOUSE_OK(kuji_pg_create(&h->act.pg, &config, unit_pool));
    h->act.keys = keys;
    h->act.actor = "tester";
    h->tenant_name = apr_psprintf(unit_pool, "t-%08x%08x", randombytes_random(),
                                  randombytes_random());
    HOUSE_OK(kuji_tenant_create(
        &h->act.tenant, &h->why, &h->act, h->tenant_name,
        apr_pstrcat(unit_pool, h->tenant_name, ".example", NULL), "テスト商店",
        unit_pool));
    HOUSE_OK(kuji_cache_create(&h->cache, h->act.pg, keys, 16, unit_pool));
    return h;
}

static PGresult *by_hand(house_t *h, const char *sql)
{
    const char *conninfo = apr_pstrcat(unit_pool, getenv("KUJI_STORE_CONNINFO"),
                                       " user=postgres", NULL);
    PGconn *conn = PQconnectdb(conninfo);
    PGresult *res = PQexec(conn, sql);

    ck_assert_msg(PQresultStatus(res) == PGRES_COMMAND_OK ||
                      PQresultStatus(res) == PGRES_TUPLES_OK,
                  "%.900s: %s", sql, PQerrorMessage(conn));
    PQfinish(conn);
    return res;
}

void house_sql(house_t *h, const char *sql)
{
    PQclear(by_hand(h, sql));
}

const char *house_ask(house_t *h, const char *sql)
{
    PGresult *res = by_hand(h, sql);
    const char *value = PQntuples(res) && !PQgetisnull(res, 0, 0)
                            ? apr_pstrdup(unit_pool, PQgetvalue(res, 0, 0))
                            : NULL;

    PQclear(res);
    return value;
}

int64_t house_now(house_t *h)
{
    return apr_atoi64(house_ask(h, "SELECT kuji_api.now_ms()"));
}

void house_wait(house_t *h, int64_t until)
{
    while (house_now(h) < until) {
        apr_sleep(apr_time_from_msec(50));
    }
}

const char *house_config(house_t *h, const char *slug, const char *method,
                         int64_t closes_in, const char *extra)
{
    apr_int64_t now = house_now(h);

    return apr_psprintf(
        unit_pool,
        "{\"slug\":\"%s\",\"title\":\"夏の抽選会\",\"method\":\"%s\","
        "\"opens_at\":%" APR_INT64_T_FMT ",\"closes_at\":%" APR_INT64_T_FMT ","
        "\"timezone\":\"Asia/Tokyo\",\"gates\":[\"open\"],"
        "\"privacy\":{\"purpose\":\"発送\",\"retention_days\":30},%s}",
        slug, method, now - 60000, now + (apr_int64_t)closes_in, extra);
}

void house_publish(house_t *h, const char *method, int64_t closes_in,
                   const char *extra)
{
    const char *uuid;
    json_error_t error;
    json_t *config = json_loads(
        house_config(h, method, method, closes_in, extra), 0, &error);

    ck_assert_msg(config, "%s", error.text);
    HOUSE_OK(kuji_campaign_create(&uuid, &h->why, &h->act, config, unit_pool));
    HOUSE_OK(kuji_publish(NULL, &h->why, &h->act, method, 1, unit_pool));
    json_decref(config);
}

static const kuji_campaign_t *cached(house_t *h, const char *slug)
{
    const kuji_tenant_t *tenant;
    const kuji_campaign_t *campaign;

    HOUSE_OK(kuji_cache_tenant(&tenant, h->cache, h->tenant_name, unit_pool));
    HOUSE_OK(kuji_cache_campaign(&campaign, h->cache, tenant, slug, unit_pool));
    return campaign;
}

static void fill_ask(house_t *h, kuji_batch_item_t *item,
                     const kuji_campaign_t *campaign)
{
    kuji_draw_ask_t *ask = &item->ask;
    const char *id = apr_psprintf(unit_pool, "p%d", h->drawn++);

    ask->campaign = campaign;
    ask->participant = id;
    ask->participant_len = strlen(id);
    ask->count = 1;
    kuji_seal_digest(ask->participant_digest, campaign->digest_key,
                     "participant", id, strlen(id));
    kuji_seal_digest(ask->key_digest, campaign->digest_key, "key", id,
                     strlen(id));
    kuji_seal_digest(ask->body_digest, campaign->digest_key, "body", id,
                     strlen(id));
    item->answer.draws = apr_pcalloc(unit_pool, sizeof(*item->answer.draws));
}

int house_draw(house_t *h, const char *slug, int count)
{
    const kuji_campaign_t *campaign = cached(h, slug);
    kuji_batch_item_t **items =
        apr_palloc(unit_pool, sizeof(*items) * (apr_size_t)count);
    kuji_conn_t *conn;
    int i, accepted = 0;

    for (i = 0; i < count; i++) {
        items[i] = apr_pcalloc(unit_pool, sizeof(**items));
        fill_ask(h, items[i], campaign);
    }
    HOUSE_OK(kuji_pg_acquire(&conn, h->act.pg));
    HOUSE_OK(kuji_batch_run(conn, items, count, &h->act.keys->signer,
                            apr_time_from_sec(10), unit_pool));
    kuji_pg_release(conn);
    for (i = 0; i < count; i++) {
        accepted += items[i]->answer.outcome == KUJI_DRAWN;
    }
    return accepted;
}

const kuji_campaign_view_t *house_view(house_t *h, const char *slug)
{
    const kuji_campaign_view_t *view;

    HOUSE_OK(kuji_campaign_get(&view, &h->act, slug, unit_pool));
    return view;
}

/* Calls replay's reader with every leaf. */
static void each_leaf(house_t *h, int64_t id, uint64_t size,
                      kuji_replay_t *replay, int preview)
{
    const kuji_proof_leaf_t *leaves;
    apr_pool_t *pool;
    uint64_t at = 0;
    int i, count;

    apr_pool_create(&pool, unit_pool);
    while (at < size) {
        HOUSE_OK(
            kuji_proof_leaves(&leaves, &count, &h->act, id, at, size, pool));
        ck_assert_int_gt(count, 0);
        for (i = 0; i < count; i++) {
            if (preview) {
                kuji_replay_preview(replay, leaves[i].bytes, leaves[i].len);
            }
            else if (kuji_replay_leaf(replay, leaves[i].bytes, leaves[i].len)) {
                ck_abort_msg("leaf %d %s: %s", (int)at + i,
                             kuji_replay_report(replay)->why, leaves[i].bytes);
            }
        }
        at += (uint64_t)count;
        apr_pool_clear(pool);
    }
}

const kuji_replay_report_t *house_replay(house_t *h, const char *slug)
{
    unsigned char root[KUJI_HASH_LEN], counted[KUJI_HASH_LEN];
    int64_t id = house_view(h, slug)->id;
    const kuji_proof_leaf_t *first;
    kuji_replay_t *replay;
    uint64_t size;
    int count;

    HOUSE_OK(kuji_proof_head(&size, root, &h->act, id, unit_pool));
    HOUSE_OK(kuji_proof_leaves(&first, &count, &h->act, id, 0, 1, unit_pool));
    HOUSE_OK(kuji_replay_make(&replay, &h->why, first[0].bytes, first[0].len,
                              unit_pool));
    each_leaf(h, id, size, replay, 1);
    HOUSE_OK(kuji_replay_start(replay));
    each_leaf(h, id, size, replay, 0);
    kuji_tree_root(kuji_replay_report(replay)->tree, counted);
    ck_assert_mem_eq(counted, root, sizeof(root));
    return kuji_replay_report(replay);
}
