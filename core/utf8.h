/* One character of UTF-8 at a time.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_UTF8_H
#define KUJI_CORE_UTF8_H

#include <apr_pools.h>
#include <stdint.h>

/** Reads the character that begins at `at` (left > 0 bytes to read); returns
 * how many bytes it has, 0 if they are not well-formed UTF-8 (RFC 3629). */
apr_size_t kuji_utf8_next(uint32_t *c, const unsigned char *at,
                          apr_size_t left);

/** Writes c (no surrogate, at most U+10FFFF); returns 1 .. 4. */
apr_size_t kuji_utf8_write(unsigned char out[4], uint32_t c);

/** text by NFKC (Unicode 15): full-width forms, half-width kana, circled
 * letters and the like as the plain ones; fold: by case too. In pool; NULL: no
 * UTF-8, or no memory. */
const char *kuji_utf8_plain(const char *text, apr_size_t len, int fold,
                            apr_pool_t *pool);

#endif
