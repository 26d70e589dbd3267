/* The tables alone: the batch's own statements in pipeline mode over one
 * connection, nothing decided, hashed or signed. One draw in twenty wins.
 *
 *   tables CONNINFO TENANT CAMPAIGN DRAWS-A-BATCH SECONDS
 *
 * prints draws/s and the backend's CPU time a draw in us. The campaign (box or
 * odds, one prize at least) is published and nobody else draws from it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/ledger.h"
#include "core/seal.h"
#include "sql/queries.h"
#include "store/args.h"

#include <apr_general.h>
#include <apr_time.h>
#include <libpq-fe.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH_MAX 1024
#define WINS 20 /* one in */

typedef struct run_t {
    PGconn *conn;
    apr_pool_t *pool; /* of one batch */
    const char *tenant;
    int64_t campaign, next_n, won;
    int size;
    unsigned char participant[BATCH_MAX][KUJI_DIGEST_LEN];
    unsigned char key[BATCH_MAX][KUJI_DIGEST_LEN];
    unsigned char body[BATCH_MAX][KUJI_DIGEST_LEN];
    unsigned char salt[BATCH_MAX][KUJI_SALT_LEN];
    char leaf[BATCH_MAX][KUJI_LEAF_DRAW_MAX];
} run_t;

static const kuji_query_e reads[] = {
    KUJI_Q_TX_BEGIN,   KUJI_Q_DRAW_BEGIN, KUJI_Q_DRAW_LOCK,
    KUJI_Q_DRAW_FACTS, KUJI_Q_DRAW_KEYS,  KUJI_Q_DRAW_PARTICIPANTS,
};
static const kuji_query_e writes[] = {
    KUJI_Q_DRAW_ADD_LEAVES,
    KUJI_Q_DRAW_ADD,
    KUJI_Q_DRAW_ADD_PARTICIPANTS,
    KUJI_Q_DRAW_AWARD,
    KUJI_Q_DRAW_ADD_CLAIMS,
    KUJI_Q_DRAW_UPDATE,
    KUJI_Q_TX_COMMIT,
};
#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

static void die(const char *what, PGconn *conn)
{
    fprintf(stderr, "tables: %s: %s\n", what, conn ? PQerrorMessage(conn) : "");
    exit(EXIT_FAILURE);
}

static void prepare(PGconn *conn, const kuji_query_e *queries, int count)
{
    int i;

    for (i = 0; i < count; i++) {
        const kuji_query_t *q = &kuji_queries[queries[i]];
        PGresult *res = PQprepare(conn, q->label, q->text, 0, NULL);

        if (PQresultStatus(res) != PGRES_COMMAND_OK) {
            die(q->label, conn);
        }
        PQclear(res);
    }
}

static void queue(run_t *run, kuji_query_e query, const kuji_args_t *args)
{
    if (!PQsendQueryPrepared(run->conn, kuji_queries[query].label, args->count,
                             args->values, args->lengths, args->formats, 1)) {
        die(kuji_queries[query].label, run->conn);
    }
}

/* Sends what is queued and reads the answers of count statements. */
static void finish(run_t *run, const kuji_query_e *queries, int count)
{
    int i;

    if (!PQpipelineSync(run->conn)) {
        die("sync", run->conn);
    }
    for (i = 0; i < count; i++) {
        PGresult *res = PQgetResult(run->conn);

        if (PQresultStatus(res) != PGRES_COMMAND_OK &&
            PQresultStatus(res) != PGRES_TUPLES_OK) {
            die(kuji_queries[queries[i]].label, run->conn);
        }
        PQclear(res);
        PQclear(PQgetResult(run->conn)); /* NULL: its end */
    }
    PQclear(PQgetResult(run->conn)); /* the sync */
}

static const unsigned char **rows(run_t *run, unsigned char (*list)[16])
{
    const unsigned char **all = apr_palloc(run->pool, sizeof(*all) * run->size);
    int i;

    for (i = 0; i < run->size; i++) {
        all[i] = list[i];
    }
    return all;
}

static int64_t *numbers(run_t *run, int64_t first, int64_t step)
{
    int64_t *all = apr_palloc(run->pool, sizeof(*all) * run->size);
    int i;

    for (i = 0; i < run->size; i++) {
        all[i] = first + step * i;
    }
    return all;
}

static void begin(run_t *run, kuji_args_t *args)
{
    kuji_args_init(args, run->pool);
    kuji_args_int(args, run->campaign);
}

static void bytes(run_t *run, kuji_args_t *args, unsigned char (*list)[16])
{
    kuji_args_bytes_array(args, rows(run, list), NULL, 16, run->size);
}

static void read_facts(run_t *run)
{
    const int64_t token = 1;
    kuji_args_t args;

    kuji_args_init(&args, run->pool);
    queue(run, KUJI_Q_TX_BEGIN, &args);
    kuji_args_text(&args, run->tenant);
    queue(run, KUJI_Q_DRAW_BEGIN, &args);
    begin(run, &args);
    queue(run, KUJI_Q_DRAW_LOCK, &args);
    kuji_args_int_array(&args, &token, 1);
    queue(run, KUJI_Q_DRAW_FACTS, &args);
    begin(run, &args);
    bytes(run, &args, run->key);
    queue(run, KUJI_Q_DRAW_KEYS, &args);
    begin(run, &args);
    bytes(run, &args, run->participant);
    queue(run, KUJI_Q_DRAW_PARTICIPANTS, &args);
    finish(run, reads, COUNT(reads));
}

static void send_leaves(run_t *run)
{
    const char **leaves = apr_palloc(run->pool, sizeof(*leaves) * run->size);
    kuji_args_t args;
    int i;

    for (i = 0; i < run->size; i++) {
        leaves[i] = run->leaf[i];
    }
    begin(run, &args);
    kuji_args_int(&args, run->next_n);
    kuji_args_uuid(&args, run->tenant);
    kuji_args_text_array(&args, leaves, run->size);
    queue(run, KUJI_Q_DRAW_ADD_LEAVES, &args);
}

static void send_draws(run_t *run)
{
    const unsigned char **none = apr_pcalloc(run->pool, 8 * run->size);
    kuji_args_t args;

    begin(run, &args);
    kuji_args_int(&args, run->next_n);
    kuji_args_uuid(&args, run->tenant);
    kuji_args_int(&args, run->next_n);
    kuji_args_int_array(&args, numbers(run, run->next_n, 1), run->size);
    kuji_args_int_array(&args, numbers(run, 1, 0), run->size);
    bytes(run, &args, run->key);
    bytes(run, &args, run->body);
    bytes(run, &args, run->participant);
    kuji_args_int_array(&args, numbers(run, 0, 0), run->size);
    kuji_args_bytes_array(&args, none, NULL, 16, run->size);
    queue(run, KUJI_Q_DRAW_ADD, &args);
}

static void send_people(run_t *run)
{
    kuji_args_t args;

    begin(run, &args);
    kuji_args_uuid(&args, run->tenant);
    kuji_args_int(&args, 20000);
    bytes(run, &args, run->participant);
    bytes(run, &args, run->salt);
    kuji_args_int_array(&args, numbers(run, run->next_n, 1), run->size);
    kuji_args_int_array(&args, numbers(run, 1, 0), run->size);
    kuji_args_int_array(&args, numbers(run, 0, 0), run->size);
    kuji_args_int_array(&args, numbers(run, 1, 0), run->size);
    queue(run, KUJI_Q_DRAW_ADD_PARTICIPANTS, &args);
}

/* Every twentieth draw wins the first prize. */
static void send_wins(run_t *run)
{
    const int64_t pos = 0;
    int64_t n[BATCH_MAX], p[BATCH_MAX] = {0}, wins = 0;
    kuji_args_t args;
    int i;

    for (i = 0; i < run->size; i++) {
        if ((run->next_n + i) % WINS == 0) {
            n[wins++] = run->next_n + i;
        }
    }
    begin(run, &args);
    kuji_args_int_array(&args, &wins, 1);
    kuji_args_int_array(&args, &pos, wins ? 1 : 0);
    queue(run, KUJI_Q_DRAW_AWARD, &args);
    begin(run, &args);
    kuji_args_uuid(&args, run->tenant);
    kuji_args_int(&args, 1);
    kuji_args_int_array(&args, n, (int)wins);
    kuji_args_int_array(&args, p, (int)wins);
    queue(run, KUJI_Q_DRAW_ADD_CLAIMS, &args);
}

static void send_campaign(run_t *run)
{
    int64_t size = run->next_n + run->size; /* leaf 0 is the manifest */
    unsigned char edge[32 * 64];
    kuji_args_t args;

    randombytes_buf(edge, sizeof(edge));
    begin(run, &args);
    kuji_args_int(&args, size);
    kuji_args_int(&args, size);
    kuji_args_bytes(&args, edge, 32 * __builtin_popcountll(size));
    kuji_args_int(&args, (int64_t)(apr_time_now() / 1000));
    kuji_args_null_int(&args);
    kuji_args_int(&args, 20000);
    kuji_args_int(&args, size);
    queue(run, KUJI_Q_DRAW_UPDATE, &args);
}

static void fill(run_t *run)
{
    unsigned char who[KUJI_HASH_LEN];
    int i;

    randombytes_buf(run->participant, 16 * (size_t)run->size);
    randombytes_buf(run->key, 16 * (size_t)run->size);
    randombytes_buf(run->body, 16 * (size_t)run->size);
    randombytes_buf(run->salt, 16 * (size_t)run->size);
    randombytes_buf(who, sizeof(who));
    for (i = 0; i < run->size; i++) {
        kuji_ledger_draw(run->leaf[i], run->next_n + i, run->next_n + i,
                         (run->next_n + i) % WINS ? NULL : "A",
                         apr_time_now() / 1000, who);
    }
}

static void batch(run_t *run)
{
    kuji_args_t args;

    fill(run);
    read_facts(run);
    send_leaves(run);
    send_draws(run);
    send_people(run);
    send_wins(run);
    send_campaign(run);
    kuji_args_init(&args, run->pool);
    queue(run, KUJI_Q_TX_COMMIT, &args);
    finish(run, writes, COUNT(writes));
    run->next_n += run->size;
    apr_pool_clear(run->pool);
}

static void start(run_t *run, const char *const *argv)
{
    run->conn = PQconnectdb(argv[1]);
    if (PQstatus(run->conn) != CONNECTION_OK) {
        die("connect", run->conn);
    }
    run->tenant = argv[2];
    run->campaign = atoll(argv[3]);
    run->size = atoi(argv[4]);
    run->next_n = 1;
    prepare(run->conn, reads, COUNT(reads));
    prepare(run->conn, writes, COUNT(writes));
    PQenterPipelineMode(run->conn);
}

/* CPU seconds that our backend, a process of this machine, has used. */
static double backend_cpu(const run_t *run)
{
    char path[64];
    unsigned long user = 0, kernel = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/stat", PQbackendPID(run->conn));
    file = fopen(path, "r");
    if (!file) {
        return 0;
    }
    if (fscanf(file,
               "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u"
               " %lu %lu",
               &user, &kernel) != 2) {
        user = kernel = 0;
    }
    fclose(file);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

int main(int argc, const char *const *argv)
{
    static run_t run;
    apr_time_t from, until;

    if (argc != 6 || atoi(argv[4]) < 1 || atoi(argv[4]) > BATCH_MAX ||
        sodium_init() < 0) {
        die("usage: CONNINFO TENANT CAMPAIGN DRAWS SECONDS", NULL);
    }
    apr_initialize();
    apr_pool_create(&run.pool, NULL);
    start(&run, argv);
    from = apr_time_now();
    until = from + apr_time_from_sec(atoi(argv[5]));
    while (apr_time_now() < until) {
        batch(&run);
    }
    printf("%.0f %.2f\n",
           (double)(run.next_n - 1) * APR_USEC_PER_SEC /
               (double)(apr_time_now() - from),
           backend_cpu(&run) * 1e6 / (double)(run.next_n - 1));
    PQfinish(run.conn);
    apr_terminate();
    return EXIT_SUCCESS;
}
