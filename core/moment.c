/* Winning moments: working them all out and sorting them.
 *
 * The list is secret while the campaign runs, so nothing here leaves a copy in
 * freed memory (qsort would).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/bytes.h"
#include "core/draw.h"
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

#define UNITS_MAX ((int64_t)1 << 26)
#define DIGIT_BITS 11
#define DIGITS (1 << DIGIT_BITS)

static void fill(kuji_moments_t *moments, const kuji_manifest_t *m,
                 const unsigned char k[KUJI_KEY_LEN])
{
    unsigned char prefix[22] = "kuji/1 moment";
    kuji_moment_t *out = moments->list;
    kuji_words_t w;

    kuji_words_init(&w, k);
    for (int i = 0; i < m->nprizes; i++) {
        const kuji_prize_t *prize = &m->prizes[i];
        uint64_t range = (uint64_t)(prize->until - prize->from);

        kuji_be32(prefix + 14, (uint32_t)i);
        for (int64_t j = 0; j < prize->units; j++, out++) {
            kuji_be32(prefix + 18, (uint32_t)j);
            kuji_words_start(&w, prefix, sizeof(prefix));
            out->time = prize->from + (int64_t)kuji_words_uniform(&w, range);
            out->prize = (uint32_t)i;
            out->unit = (uint32_t)j;
        }
    }
    kuji_words_wipe(&w);
}

static apr_size_t digit(const kuji_moment_t *moment, int64_t base, int shift)
{
    return ((uint64_t)(moment->time - base) >> shift) & (DIGITS - 1);
}

/* One stable counting sort by the digit at shift. */
static void sort_digit(kuji_moment_t *to, const kuji_moment_t *from,
                       apr_size_t count, int64_t base, int shift)
{
    apr_size_t start[DIGITS] = {0}, sum = 0;

    for (apr_size_t i = 0; i < count; i++) {
        start[digit(&from[i], base, shift)]++;
    }
    for (int d = 0; d < DIGITS; d++) {
        apr_size_t n = start[d];

        start[d] = sum;
        sum += n;
    }
    for (apr_size_t i = 0; i < count; i++) {
        to[start[digit(&from[i], base, shift)]++] = from[i];
    }
}

/* By time alone: the list was made in the order of (prize, unit), and a radix
 * sort keeps that order among equals. */
static apr_status_t sort(kuji_moments_t *moments, int64_t base, int64_t last)
{
    apr_size_t size = moments->count * sizeof(*moments->list);
    kuji_moment_t *spare = malloc(size);

    if (!spare) {
        return APR_ENOMEM;
    }
    for (int shift = 0; shift < 63 && (last - base) >> shift;
         shift += DIGIT_BITS) {
        kuji_moment_t *sorted = spare;

        sort_digit(sorted, moments->list, moments->count, base, shift);
        spare = moments->list;
        moments->list = sorted;
    }
    sodium_memzero(spare, size);
    free(spare);
    return APR_SUCCESS;
}

apr_status_t kuji_moments_make(kuji_moments_t *moments,
                               const kuji_manifest_t *m,
                               const unsigned char k[KUJI_KEY_LEN])
{
    int64_t count = 0;
    apr_status_t rv;

    moments->count = 0;
    moments->list = NULL;
    for (int i = 0; i < m->nprizes; i++) {
        if (m->prizes[i].units > UNITS_MAX - count) {
            return KUJI_ETOOBIG;
        }
        count += m->prizes[i].units;
    }
    moments->list = malloc((apr_size_t)count * sizeof(*moments->list));
    if (!moments->list) {
        return APR_ENOMEM;
    }
    moments->count = (apr_size_t)count;
    fill(moments, m, k);
    rv = sort(moments, m->opens_at, m->closes_at);
    if (rv) {
        kuji_moments_free(moments);
    }
    return rv;
}

void kuji_moments_free(kuji_moments_t *moments)
{
    if (moments->list) {
        sodium_memzero(moments->list, moments->count * sizeof(*moments->list));
        free(moments->list);
    }
    moments->list = NULL;
    moments->count = 0;
}
