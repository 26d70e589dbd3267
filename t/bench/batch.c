/* The batch alone, without httpd and without the queue: how many draws a second
 * the store decides, hashes, signs and commits at a fixed number of draws a
 * transaction, one connection, every participant and key new. tables.c is the
 * statements without the rest.
 *
 *   batch CONNINFO KEYFILE TENANT SLUG SECONDS SIZE
 *
 * Prints draws/s and the transaction's p50 and p99 in ms.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/batch.h"

#include <apr_dbd.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_MAX_ASKED 4096
#define TRANSACTIONS_MAX 1000000

typedef struct bench_t {
    apr_pool_t *pool;
    kuji_keyfile_t keys;
    kuji_pg_t *pg;
    const kuji_campaign_t *campaign;
    kuji_batch_item_t items[SIZE_MAX_ASKED];
    kuji_batch_item_t *order[SIZE_MAX_ASKED];
    kuji_drawn_t draws[SIZE_MAX_ASKED];
    char ids[SIZE_MAX_ASKED][40];
    float times[TRANSACTIONS_MAX];
    int ntimes;
} bench_t;

static void check(apr_status_t rv, const char *what)
{
    if (rv != APR_SUCCESS) {
        fprintf(stderr, "batch: %s (%d)\n", what, rv);
        exit(1);
    }
}

static void read_keys(bench_t *b, const char *path)
{
    char text[8192];
    const char *why;
    FILE *f = fopen(path, "rb");
    size_t len;

    check(f ? APR_SUCCESS : APR_ENOENT, path);
    len = fread(text, 1, sizeof(text), f);
    fclose(f);
    check(kuji_keyfile_parse(&b->keys, &why, text, len), "the key file");
}

static void find_campaign(bench_t *b, const char *tenant, const char *slug)
{
    const kuji_tenant_t *t;
    kuji_cache_t *cache;

    check(kuji_cache_create(&cache, b->pg, &b->keys, 16, b->pool), "the cache");
    check(kuji_cache_tenant(&t, cache, tenant, b->pool), "the tenant");
    check(kuji_cache_campaign(&b->campaign, cache, t, slug, b->pool),
          "the campaign");
}

static void ask(bench_t *b, int i)
{
    kuji_batch_item_t *item = &b->items[i];
    unsigned char random[16];

    randombytes_buf(random, sizeof(random));
    sodium_bin2hex(b->ids[i], sizeof(b->ids[i]), random, sizeof(random));
    memset(item, 0, sizeof(*item));
    item->ask.campaign = b->campaign;
    item->ask.participant = b->ids[i];
    item->ask.participant_len = 32;
    kuji_seal_digest(item->ask.participant_digest, b->campaign->digest_key,
                     "participant", b->ids[i], 32);
    kuji_seal_digest(item->ask.key_digest, b->campaign->digest_key, "key",
                     b->ids[i], 32);
    kuji_seal_digest(item->ask.body_digest, b->campaign->digest_key, "body",
                     b->ids[i], 32);
    item->ask.count = 1;
    item->answer.draws = &b->draws[i];
    b->order[i] = item;
}

static void run_one(bench_t *b, kuji_conn_t *conn, int size, apr_pool_t *pool)
{
    apr_time_t start;
    int i;

    for (i = 0; i < size; i++) {
        ask(b, i);
    }
    start = apr_time_now();
    check(kuji_batch_run(conn, b->order, size, &b->keys.signer,
                         apr_time_from_sec(10), pool),
          "the batch");
    if (b->ntimes < TRANSACTIONS_MAX) {
        b->times[b->ntimes++] = (apr_time_now() - start) / 1e3f;
    }
    for (i = 0; i < size; i++) {
        check(b->items[i].answer.outcome == KUJI_DRAWN ? APR_SUCCESS
                                                       : APR_EGENERAL,
              "a draw was refused");
    }
}

static int by_value(const void *x, const void *y)
{
    float a = *(const float *)x, b = *(const float *)y;

    return a < b ? -1 : a > b;
}

static void run_all(bench_t *b, int seconds, int size)
{
    kuji_conn_t *conn;
    apr_pool_t *scratch;
    apr_time_t start = apr_time_now(), taken;
    uint64_t draws = 0;

    check(kuji_pg_acquire(&conn, b->pg), "a connection");
    apr_pool_create(&scratch, b->pool);
    while ((taken = apr_time_now() - start) < apr_time_from_sec(seconds)) {
        run_one(b, conn, size, scratch);
        draws += size;
        apr_pool_clear(scratch);
    }
    kuji_pg_release(conn);
    qsort(b->times, b->ntimes, sizeof(float), by_value);
    printf("%.0f %.3f %.3f\n", draws * 1e6 / taken, b->times[b->ntimes / 2],
           b->times[(int)(b->ntimes * 0.99)]);
}

int main(int argc, char **argv)
{
    static bench_t b;
    kuji_pg_config_t config = {.min = 1, .keep = 1, .max = 2};
    int size = argc == 7 ? atoi(argv[6]) : 0;

    if (size < 1 || size > SIZE_MAX_ASKED || sodium_init() < 0) {
        fprintf(stderr, "usage: batch CONNINFO KEYFILE TENANT SLUG SECONDS "
                        "SIZE\n");
        return 2;
    }
    apr_initialize();
    apr_pool_create(&b.pool, NULL);
    check(apr_dbd_init(b.pool), "apr_dbd");
    config.conninfo = argv[1];
    config.wait = apr_time_from_sec(5);
    read_keys(&b, argv[2]);
    check(kuji_pg_create(&b.pg, &config, b.pool), "PostgreSQL");
    find_campaign(&b, argv[3], argv[4]);
    run_all(&b, atoi(argv[5]), size);
    apr_pool_destroy(b.pool);
    return 0;
}
