/* Integers as big-endian bytes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_BYTES_H
#define KUJI_CORE_BYTES_H

#include <stdint.h>

static inline void kuji_be32(unsigned char *out, uint32_t v)
{
    out[0] = (unsigned char)(v >> 24);
    out[1] = (unsigned char)(v >> 16);
    out[2] = (unsigned char)(v >> 8);
    out[3] = (unsigned char)v;
}

static inline void kuji_be64(unsigned char *out, uint64_t v)
{
    kuji_be32(out, (uint32_t)(v >> 32));
    kuji_be32(out + 4, (uint32_t)v);
}

static inline uint64_t kuji_read_be64(const unsigned char *in)
{
    uint64_t v = 0;

    for (int i = 0; i < 8; i++) {
        v = v << 8 | in[i];
    }
    return v;
}

#endif
