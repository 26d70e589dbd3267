/* Reading draw and entry leaves fast: nearly all leaves of a ledger are of
 * these two kinds, and in canonical form they can look only one way.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/ledger_int.h"

#include <apr_strings.h>
#include <string.h>

typedef struct scan_t {
    const char *at, *end;
    int bad;
} scan_t;

#define SKIP(s, text) skip((s), (text), sizeof(text) - 1)

static int skip(scan_t *s, const char *text, apr_size_t len)
{
    if ((apr_size_t)(s->end - s->at) < len || memcmp(s->at, text, len) != 0) {
        return 0;
    }
    s->at += len;
    return 1;
}

static void need(scan_t *s, int found)
{
    s->bad |= !found;
}

/* Canonical: no leading zero, at most 2^53 - 1. */
static uint64_t number(scan_t *s)
{
    const char *from = s->at;
    uint64_t value = 0;

    while (s->at < s->end && *s->at >= '0' && *s->at <= '9' &&
           s->at - from < 17) {
        value = value * 10 + (uint64_t)(*s->at++ - '0');
    }
    need(s, s->at > from && (*from != '0' || s->at == from + 1) &&
                value <= (uint64_t)KUJI_INT_MAX);
    return value;
}

/* By table: a branch for each digit costs more than the rest of a leaf. */
static const signed char nibbles[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
    ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
    ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16};

static void hex(scan_t *s, unsigned char out[KUJI_HASH_LEN])
{
    const unsigned char *text = (const unsigned char *)s->at;
    int bad = 0;

    if (s->end - s->at < 2 * KUJI_HASH_LEN) {
        s->bad = 1;
        return;
    }
    for (int i = 0; i < KUJI_HASH_LEN; i++, text += 2) {
        int high = nibbles[text[0]], low = nibbles[text[1]];

        bad |= !high | !low;
        out[i] = (unsigned char)((high - 1) * 16 + low - 1);
    }
    s->at += 2 * KUJI_HASH_LEN;
    need(s, !bad);
}

static const char *code(scan_t *s, apr_pool_t *pool)
{
    const char *from = s->at, *code;

    while (s->at < s->end && *s->at && *s->at != '"') {
        s->at++;
    }
    code = apr_pstrmemdup(pool, from, (apr_size_t)(s->at - from));
    need(s, kuji_manifest_code_ok(code));
    return code;
}

static void draw(scan_t *s, kuji_leaf_t *leaf, apr_pool_t *pool)
{
    leaf->kind = KUJI_LEAF_DRAW;
    leaf->n = number(s);
    if (!SKIP(s, ",\"prize\":null")) {
        need(s, SKIP(s, ",\"prize\":\""));
        leaf->prize = code(s, pool);
        need(s, SKIP(s, "\""));
    }
}

int kuji_ledger__scan(kuji_leaf_t *leaf, const char *bytes, apr_size_t len,
                      apr_pool_t *pool)
{
    scan_t s = {bytes, bytes + len, 0};

    need(&s, SKIP(&s, "{\"i\":"));
    leaf->i = number(&s);
    if (SKIP(&s, ",\"kind\":\"draw\",\"n\":")) {
        draw(&s, leaf, pool);
    }
    else if (SKIP(&s, ",\"kind\":\"entry\",\"n\":")) {
        leaf->kind = KUJI_LEAF_ENTRY;
        leaf->n = number(&s);
    }
    else {
        return 0;
    }
    need(&s, SKIP(&s, ",\"t\":"));
    leaf->t = (int64_t)number(&s);
    need(&s, SKIP(&s, ",\"who\":\""));
    hex(&s, leaf->who);
    need(&s, SKIP(&s, "\"}"));
    return !s.bad && s.at == s.end && leaf->i >= 1 && leaf->n >= 1;
}
