/* Characters of UTF-8 (RFC 3629).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_UTF8_H
#define KUJI_CORE_UTF8_H

#include <apr.h>
#include <stdint.h>

/** Reads one character of well-formed UTF-8 from at least one byte; returns its
 * bytes, 0 if there is none. */
apr_size_t kuji_utf8_next(uint32_t *c, const unsigned char *at,
                          apr_size_t left);

/** Writes a code point that is no surrogate; returns its bytes, 4 at most. */
apr_size_t kuji_utf8_put(char *out, uint32_t c);

#endif
