/* CP932: Shift_JIS as Windows and Excel write and read it (IANA: Windows-31J).
 *
 * A table of our own: glibc's converter is a module that is loaded from disk
 * and that small installations lack, and it sends half of what follows to
 * nowhere. Duplicates go where Windows sends them: JIS X 0208, then NEC's row
 * 13, then IBM's extensions. Characters that other systems write for the same
 * sign are taken for the one that CP932 has:
 *
 *   wave dash U+301C         as U+FF5E   ～
 *   minus sign U+2212        as U+FF0D   －
 *   double bar U+2016        as U+2225   ∥
 *   em dash U+2014           as U+2015   ―
 *   cent, pound, not         as U+FFE0, U+FFE1, U+FFE2
 *   broken bar U+00A6        as U+FFE4   ￤
 *   yen U+00A5               as U+FFE5   ￥ (0x5C is a backslash elsewhere)
 *   overline U+203E          as U+FFE3   ￣
 *   no-break space U+00A0    as a space
 *
 * The user-defined area (F040 .. F9FC) means something else on every machine:
 * it is in neither direction.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CP932_H
#define KUJI_CORE_CP932_H

#include <apr_pools.h>
#include <stdint.h>

/** 〓, what Japanese print sets for a character that is not in the case. */
#define KUJI_CP932_GETA 0x81ac

typedef struct kuji_cp932_t kuji_cp932_t; /* 256 KiB; read only once made */

const kuji_cp932_t *kuji_cp932_create(apr_pool_t *pool);

/** Writes c; returns 1 or 2, or 0 where CP932 has no such character. */
apr_size_t kuji_cp932_write(unsigned char out[2], const kuji_cp932_t *table,
                            uint32_t c);

/** Reads the character that begins at `at` (left > 0 bytes to read); returns
 * how many bytes it has, 0 for what is none. */
apr_size_t kuji_cp932_next(uint32_t *c, const kuji_cp932_t *table,
                           const unsigned char *at, apr_size_t left);

/** The UTF-8 of len bytes, zero-terminated in pool; NULL for what is not
 * CP932. */
const char *kuji_cp932_utf8(apr_size_t *out_len, const kuji_cp932_t *table,
                            const char *bytes, apr_size_t len,
                            apr_pool_t *pool);

#endif
