/* A tenant, a campaign and a queue, without httpd. For queue_load.c and
 * test_queue.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_T_QUEUE_FIXTURE_H
#define KUJI_T_QUEUE_FIXTURE_H

#include "queue/queue.h"

typedef struct queue_fixture_t {
    apr_pool_t *pool;    /* destroyed by stop, with everything else */
    apr_pool_t *serving; /* the queue's */
    kuji_pg_t *pg;
    kuji_keyfile_t keys;
    kuji_cache_t *cache;
    kuji_queue_t *queue;
    const kuji_tenant_t *tenant;
    int quiet; /* do not print what the pool logs */
} queue_fixture_t;

/** Connects by KUJI_STORE_CONNINFO and makes a tenant; aborts on failure. */
void queue_fixture_start(queue_fixture_t *f, const kuji_queue_config_t *config);
void queue_fixture_stop(queue_fixture_t *f);

/** Publishes a campaign: extra is the part of CONFIG from "limits" on, method,
 * gates and prizes included; opens now, for an hour. */
void queue_fixture_campaign(queue_fixture_t *f, const char *slug,
                            const char *extra);

/** Fills in an ask for participant with that key; the body digest goes by
 * participant, code and count. code may be NULL. */
void queue_fixture_ask(queue_fixture_t *f, kuji_draw_ask_t *ask,
                       const char *slug, const char *participant,
                       const char *key, const char *code, int count,
                       apr_pool_t *pool);

#endif
