/* Any bytes as a manifest and leaves (one a line, replayed), as each leaf by
 * itself, as a signed note and as a vkey.
 *
 * What a reader takes, the writer must give back byte for byte.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/canon.h"
#include "core/note.h"
#include "core/replay.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define VKEY                                                                   \
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* text is not zero-terminated, as when it lies in a read buffer. */
typedef void line_fn(void *baton, const char *text, apr_size_t len);

static void each_line(const char *text, apr_size_t size, line_fn *fn,
                      void *baton)
{
    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        apr_size_t len = end ? (apr_size_t)(end - text) : size;

        fn(baton, text, len);
        len += end != NULL;
        text += len;
        size -= len;
    }
}

static void read_leaf(void *baton, const char *text, apr_size_t len)
{
    apr_pool_t *pool = baton;
    kuji_leaf_t leaf;
    const char *why = NULL, *again;
    apr_size_t again_len;
    json_t *value;

    if (kuji_ledger_read(&leaf, &why, text, len, pool)) {
        if (!why) {
            abort();
        }
        return;
    }
    /* by may hold U+0000, which a C string cuts off. */
    if (memmem(text, len, "\\u0000", 6)) {
        return;
    }
    if (kuji_canon_load(&value, &why, text, len, pool) ||
        kuji_ledger_write(&again, &again_len, &leaf, pool) ||
        again_len != len || memcmp(again, text, len) != 0) {
        abort();
    }
}

static void preview(void *baton, const char *text, apr_size_t len)
{
    kuji_replay_preview(baton, text, len);
}

static void replay_leaf(void *baton, const char *text, apr_size_t len)
{
    kuji_replay_leaf(baton, text, len);
}

static void check_sums(const kuji_replay_report_t *report)
{
    for (int i = 0; i < report->manifest->nprizes; i++) {
        const kuji_stock_t *s = &report->state->stock[i];

        if (s->left < 0 || s->awarded < 0 ||
            s->awarded + s->left !=
                report->manifest->prizes[i].units + s->added) {
            abort();
        }
    }
}

/* A million moments are as good as 2^26 and cost less time. */
static int affordable(const kuji_manifest_t *m)
{
    int64_t units = 0;

    for (int i = 0; i < m->nprizes && units < 1000000; i++) {
        units += m->prizes[i].units;
    }
    return m->method != KUJI_MOMENT || units < 1000000;
}

static void replay(const char *text, apr_size_t size, apr_pool_t *pool)
{
    const char *end = memchr(text, '\n', size), *why = NULL;
    kuji_replay_t *r;

    if (kuji_replay_make(&r, &why, text, end ? (apr_size_t)(end - text) : size,
                         pool)) {
        if (!why) {
            abort();
        }
        return;
    }
    if (!affordable(kuji_replay_report(r)->manifest)) {
        return;
    }
    each_line(text, size, preview, r);
    if (!kuji_replay_start(r)) {
        each_line(text, size, replay_leaf, r);
        check_sums(kuji_replay_report(r));
    }
}

/* Once: it costs more than most inputs. */
static void begin(void)
{
    static int begun;

    if (!begun && (apr_initialize() || sodium_init() < 0)) {
        abort();
    }
    begun = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *name;
    unsigned char public_key[KUJI_SIGN_PUBLIC_LEN];
    kuji_checkpoint_t checkpoint;
    apr_size_t len;
    apr_pool_t *pool;

    begin();
    apr_pool_create(&pool, NULL);
    replay(text, size, pool);
    each_line(text, size, read_leaf, pool);
    kuji_note_verify(&len, text, size, VKEY, pool);
    kuji_note_open(&checkpoint, text, size, VKEY, pool);
    kuji_note_vkey_parse(&name, public_key, apr_pstrmemdup(pool, text, size),
                         pool);
    apr_pool_destroy(pool);
    return 0;
}
