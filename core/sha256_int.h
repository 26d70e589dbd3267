/* Shared by sha256.c and sha256_cpu.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_SHA256_INT_H
#define KUJI_CORE_SHA256_INT_H

#include <stddef.h>
#include <stdint.h>

/** Whether this CPU has what kuji_sha256__compress needs. */
int kuji_sha256__supported(void);

/** FIPS 180-4 6.2.2 over count blocks of 64 bytes. */
void kuji_sha256__compress(uint32_t state[8], const unsigned char *blocks,
                           size_t count);

#endif
