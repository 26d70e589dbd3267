/* SPDX-License-Identifier: Apache-2.0 */
#include "core/address.h"

#include <string.h>

typedef struct block_t {
    unsigned char ip[4];
    int bits;
} block_t;

/* What is not public of IPv4. */
static const block_t special4[] = {
    {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10},
    {{127, 0, 0, 0}, 8},    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},
    {{192, 0, 0, 0}, 24},   {{192, 0, 2, 0}, 24},   {{192, 88, 99, 0}, 24},
    {{192, 168, 0, 0}, 16}, {{198, 18, 0, 0}, 15},  {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 3}};

/* Of IPv6 only 2000::/3 is, and of that not these. */
static const block_t special6[] = {{{0x20, 0x01, 0x00, 0x00}, 23},
                                   {{0x20, 0x01, 0x0d, 0xb8}, 32},
                                   {{0x3f, 0xff, 0x00, 0x00}, 20}};

static int is_in(const unsigned char *ip, const block_t *block)
{
    int whole = block->bits / 8, rest = block->bits % 8;

    return memcmp(ip, block->ip, (size_t)whole) == 0 &&
           (rest == 0 || (ip[whole] ^ block->ip[whole]) >> (8 - rest) == 0);
}

static int is_in_any(const unsigned char *ip, const block_t *blocks,
                     size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (is_in(ip, &blocks[i])) {
            return 1;
        }
    }
    return 0;
}

static int is_public4(const unsigned char *ip)
{
    return !is_in_any(ip, special4, sizeof(special4) / sizeof(*special4));
}

/* The IPv4 address inside, or NULL. */
static const unsigned char *inner(const unsigned char *ip)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0,    0,
                                             0, 0, 0, 0, 0xff, 0xff};
    static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};

    if (memcmp(ip, mapped, sizeof(mapped)) == 0 ||
        memcmp(ip, nat64, sizeof(nat64)) == 0) {
        return ip + 12;
    }
    return ip[0] == 0x20 && ip[1] == 0x02 ? ip + 2 : NULL;
}

int kuji_address_is_public(const unsigned char *ip, size_t len)
{
    const unsigned char *v4 = len == 4 ? ip : len == 16 ? inner(ip) : NULL;

    if (v4) {
        return is_public4(v4);
    }
    return len == 16 && ip[0] >> 5 == 1 &&
           !is_in_any(ip, special6, sizeof(special6) / sizeof(*special6));
}
