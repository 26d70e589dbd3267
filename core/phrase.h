/* Passphrases (合言葉): what people type, and lists of them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PHRASE_H
#define KUJI_CORE_PHRASE_H

#include "core/error.h"

#include <apr_pools.h>
#include <stdint.h>

/** Longest as typed, in bytes. */
#define KUJI_PHRASE_BYTES_MAX 256
/** Most of one campaign. */
#define KUJI_PHRASES_MAX 400
/** The day of a passphrase that counts every day. */
#define KUJI_PHRASE_ANY_DAY (-1)

typedef struct kuji_phrase_t {
    int day;          /* days since 1970, or KUJI_PHRASE_ANY_DAY */
    const char *text; /* normalised */
} kuji_phrase_t;

/** Folded by NFKC (kana's width too) and case, without spaces and what is not
 * seen, in pool. KUJI_EINVAL: nothing is left, too long, or no UTF-8. */
apr_status_t kuji_phrase_normalise(const char **out, const char *text,
                                   apr_size_t len, apr_pool_t *pool);

/** A list, a passphrase a line: "さくら" counts every day, "2026-12-01 さくら"
 * on that day. Empty lines are passed over. KUJI_EINVAL with *line, from 1:
 * that line is none, or one more than KUJI_PHRASES_MAX. */
apr_status_t kuji_phrase_list(const kuji_phrase_t **phrases, int *count,
                              int *line, const char *text, apr_pool_t *pool);

#endif
