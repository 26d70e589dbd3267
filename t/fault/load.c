/* Load for the fault suite: connections that draw with keys of their own,
 * insist on an answer as a good client does, and write down every answer they
 * got, so that it can be held against the database afterwards.
 *
 *   load draw   -P PORT -H HOST -t TOKEN -u PATH -c N -s SECONDS -o LOG -k
 * PREFIX
 *               [-g SECONDS]      after the time is up, for what is still open
 *   load replay (same)           asks for every key of LOG again: 200, same
 * draw load get    -P PORT -H HOST -u PATH -c N -s SECONDS [-w MS]
 *
 * LOG, one answer a line, fields by tab: A key ms attempts n i leaf. Open at
 * the end: U key. Answered otherwise than 201, 200 or 503: X key status body.
 * stdout: one JSON object of counts and latencies in ms.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "t/fault/client.h"

#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LATENCIES_MAX 4000000

typedef struct load_t {
    const char *mode, *host, *token, *path, *log_path, *prefix;
    int port, connections, seconds, grace, wait_ms;
    double end; /* seconds of the monotonic clock */
    pthread_mutex_t lock;
    FILE *log;
    long next_key;
    long acked, repeated, retried, unknown, refused, differing;
    float *latencies;
    long nlatencies;
} load_t;

static load_t load = {.mode = "",
                      .host = "localhost",
                      .token = "",
                      .path = "/",
                      .prefix = "k",
                      .connections = 1,
                      .seconds = 1,
                      .grace = 30,
                      .lock = PTHREAD_MUTEX_INITIALIZER};

static double now(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void nap(int ms)
{
    usleep(ms * 1000);
}

static void count_latency(double seconds)
{
    pthread_mutex_lock(&load.lock);
    if (load.nlatencies < LATENCIES_MAX) {
        load.latencies[load.nlatencies++] = (float)(seconds * 1e3);
    }
    pthread_mutex_unlock(&load.lock);
}

/* One attempt; the key says the participant too, so that a replay can ask in
 * the same words. */
static int post(client_t *c, const char *key)
{
    char request[2048], body[256];
    double start = now(CLOCK_MONOTONIC);
    int len, rv;

    len = snprintf(body, sizeof(body), "{\"participant\":\"p-%s\"}", key);
    len = snprintf(request, sizeof(request),
                   "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s"
                   "\r\nContent-Type: application/json\r\nIdempotency-Key: %s"
                   "\r\nContent-Length: %d\r\n\r\n%s",
                   load.path, load.host, load.token, key, len, body);
    rv = client_ask(c, request, len);
    if (rv == 0 && (c->status == 201 || c->status == 200)) {
        count_latency(now(CLOCK_MONOTONIC) - start);
    }
    return rv;
}

/* The first draw of an answer: n and leaf (caller frees), or NULL. */
static char *read_draw(const client_t *c, json_int_t *n, json_int_t *i)
{
    json_t *doc = json_loadb(c->body, c->body_len, 0, NULL);
    json_t *draw = json_array_get(json_object_get(doc, "draws"), 0);
    json_t *receipt = json_object_get(draw, "receipt");
    const char *leaf = json_string_value(json_object_get(receipt, "leaf"));
    char *copy = leaf ? strdup(leaf) : NULL;

    *n = json_integer_value(json_object_get(draw, "n"));
    *i = json_integer_value(json_object_get(receipt, "index"));
    json_decref(doc);
    return copy;
}

static void note_answer(const client_t *c, const char *key, int attempts)
{
    json_int_t n, i;
    char *leaf = c->status < 300 ? read_draw(c, &n, &i) : NULL;

    pthread_mutex_lock(&load.lock);
    if (leaf) {
        load.acked++;
        load.repeated += c->status == 200;
        fprintf(load.log, "A\t%s\t%.0f\t%d\t%lld\t%lld\t%s\n", key,
                now(CLOCK_REALTIME) * 1e3, attempts, (long long)n, (long long)i,
                leaf);
    }
    else {
        load.refused++;
        fprintf(load.log, "X\t%s\t%d\t%.300s\n", key, c->status, c->body);
    }
    pthread_mutex_unlock(&load.lock);
    free(leaf);
}

/* Insists with one key until there is an answer or the grace is over. */
static void insist(client_t *c, const char *key)
{
    int attempts = 1;

    while (post(c, key) != 0 || c->status == 503) {
        if (now(CLOCK_MONOTONIC) > load.end + load.grace) {
            pthread_mutex_lock(&load.lock);
            load.unknown++;
            fprintf(load.log, "U\t%s\n", key);
            pthread_mutex_unlock(&load.lock);
            return;
        }
        attempts++;
        __atomic_add_fetch(&load.retried, 1, __ATOMIC_RELAXED);
        nap(load.wait_ms ? load.wait_ms : 50);
    }
    note_answer(c, key, attempts);
}

static void *draw_thread(void *number)
{
    client_t *c = malloc(sizeof(*c));
    char key[64];

    client_init(c, load.port, 15);
    while (now(CLOCK_MONOTONIC) < load.end) {
        snprintf(key, sizeof(key), "%s-%ld", load.prefix,
                 __atomic_fetch_add(&load.next_key, 1, __ATOMIC_RELAXED));
        insist(c, key);
    }
    client_close(c);
    free(c);
    return NULL;
}

/* Takes the next acknowledged answer of the log: 0 at its end. */
static int next_logged(char *key, long long *n, char *leaf)
{
    char line[4096];
    int found = 0;

    pthread_mutex_lock(&load.lock);
    while (!found && fgets(line, sizeof(line), load.log)) {
        found = sscanf(line, "A\t%63[^\t]\t%*s\t%*s\t%lld\t%*s\t%1023[^\n]",
                       key, n, leaf) == 3;
    }
    pthread_mutex_unlock(&load.lock);
    return found;
}

static void *replay_thread(void *number)
{
    client_t *c = malloc(sizeof(*c));
    char key[64], leaf[1024];
    long long n;

    client_init(c, load.port, 15);
    while (next_logged(key, &n, leaf)) {
        json_int_t again_n = 0, again_i;
        char *again = NULL;
        int tries = 0;

        while ((post(c, key) != 0 || c->status == 503) && ++tries < 100) {
            nap(50);
        }
        if (c->status == 200) {
            again = read_draw(c, &again_n, &again_i);
        }
        pthread_mutex_lock(&load.lock);
        if (again && again_n == n && strcmp(again, leaf) == 0) {
            load.repeated++;
        }
        else {
            load.differing++;
            fprintf(stderr, "%s was %lld %s, now %d %.300s\n", key, n, leaf,
                    c->status, c->body);
        }
        pthread_mutex_unlock(&load.lock);
        free(again);
    }
    client_close(c);
    free(c);
    return NULL;
}

static void *get_thread(void *number)
{
    client_t *c = malloc(sizeof(*c));
    char request[512];
    int len =
        snprintf(request, sizeof(request),
                 "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", load.path, load.host);

    client_init(c, load.port, 15);
    while (now(CLOCK_MONOTONIC) < load.end) {
        double start = now(CLOCK_MONOTONIC);
        int rv = client_ask(c, request, len);

        count_latency(now(CLOCK_MONOTONIC) - start);
        if (rv == 0 && c->status == 200) {
            __atomic_add_fetch(&load.acked, 1, __ATOMIC_RELAXED);
        }
        else {
            __atomic_add_fetch(&load.refused, 1, __ATOMIC_RELAXED);
        }
        nap(load.wait_ms);
    }
    client_close(c);
    free(c);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return x < y ? -1 : x > y;
}

static double quantile(double q)
{
    return load.nlatencies ? load.latencies[(long)((load.nlatencies - 1) * q)]
                           : 0;
}

static void report(void)
{
    qsort(load.latencies, load.nlatencies, sizeof(float), by_value);
    printf("{\"acked\":%ld,\"repeated\":%ld,\"retried\":%ld,\"unknown\":%ld,"
           "\"refused\":%ld,\"differing\":%ld,\"p50\":%.3f,\"p99\":%.3f,"
           "\"max\":%.3f}\n",
           load.acked, load.repeated, load.retried, load.unknown, load.refused,
           load.differing, quantile(0.5), quantile(0.99), quantile(1));
}

static void options(int argc, char **argv)
{
    int o;

    while ((o = getopt(argc, argv, "P:H:t:u:c:s:o:k:g:w:")) != -1) {
        switch (o) {
        case 'P':
            load.port = atoi(optarg);
            break;
        case 'H':
            load.host = optarg;
            break;
        case 't':
            load.token = optarg;
            break;
        case 'u':
            load.path = optarg;
            break;
        case 'c':
            load.connections = atoi(optarg);
            break;
        case 's':
            load.seconds = atoi(optarg);
            break;
        case 'o':
            load.log_path = optarg;
            break;
        case 'k':
            load.prefix = optarg;
            break;
        case 'g':
            load.grace = atoi(optarg);
            break;
        case 'w':
            load.wait_ms = atoi(optarg);
            break;
        default:
            exit(2);
        }
    }
}

int main(int argc, char **argv)
{
    void *(*run)(void *);
    pthread_t *threads;
    int i;

    load.mode = argc > 1 ? argv[1] : "";
    run = strcmp(load.mode, "draw") == 0     ? draw_thread
          : strcmp(load.mode, "replay") == 0 ? replay_thread
          : strcmp(load.mode, "get") == 0    ? get_thread
                                             : NULL;
    if (!run) {
        fprintf(stderr, "usage: load draw|replay|get OPTIONS\n");
        return 2;
    }
    options(argc - 1, argv + 1);
    signal(SIGPIPE, SIG_IGN);
    if (load.log_path) {
        load.log = fopen(load.log_path, run == draw_thread ? "a" : "r");
    }
    if (run != get_thread && !load.log) {
        fprintf(stderr, "load: no log\n");
        return 2;
    }
    load.latencies = malloc(LATENCIES_MAX * sizeof(float));
    threads = calloc(load.connections, sizeof(*threads));
    load.end = now(CLOCK_MONOTONIC) + load.seconds;
    for (i = 0; i < load.connections; i++) {
        pthread_create(&threads[i], NULL, run, NULL);
    }
    for (i = 0; i < load.connections; i++) {
        pthread_join(threads[i], NULL);
    }
    if (load.log) {
        fclose(load.log);
    }
    report();
    free(threads);
    free(load.latencies);
    return 0;
}
