/* The stream of words behind a decision, and exact uniform numbers from it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/bytes.h"
#include "core/draw.h"

#include <string.h>

#define WORDS_PER_BLOCK 4

void kuji_words_init(kuji_words_t *w, const unsigned char key[KUJI_KEY_LEN])
{
    kuji_hmac_init(&w->keyed, key);
}

void kuji_words_start(kuji_words_t *w, const void *prefix, apr_size_t len)
{
    memcpy(w->message, prefix, len);
    w->len = len;
    w->block = 0;
    w->used = WORDS_PER_BLOCK;
}

void kuji_words_wipe(kuji_words_t *w)
{
    sodium_memzero(w, sizeof(*w));
}

static uint64_t next_word(kuji_words_t *w)
{
    if (w->used == WORDS_PER_BLOCK) {
        kuji_be32(w->message + w->len, w->block++);
        kuji_hmac(w->words, &w->keyed, w->message, w->len + 4);
        w->used = 0;
    }
    return kuji_read_be64(w->words + 8 * w->used++);
}

uint64_t kuji_words_uniform(kuji_words_t *w, uint64_t r)
{
    /* 2^64 mod r: that many words at the top have no full set of residues
     * below them and would favour the small values. */
    uint64_t over = (0 - r) % r;
    uint64_t word = next_word(w);

    while (over && word >= 0 - over) {
        word = next_word(w);
    }
    return word % r;
}
