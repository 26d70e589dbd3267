/* SPDX-License-Identifier: Apache-2.0 */
#include "core/digestmap.h"

#include <string.h>

void kuji_digestmap_init(kuji_digestmap_t *map, int max, apr_pool_t *pool)
{
    uint32_t size = 16;

    while (size < (uint32_t)max * 2) {
        size *= 2;
    }
    map->mask = size - 1;
    map->slots = apr_pcalloc(pool, size * sizeof(*map->slots));
    map->digests =
        apr_palloc(pool, ((apr_size_t)max + 1) * sizeof(*map->digests));
}

static uint32_t slot_of(const kuji_digestmap_t *map,
                        const unsigned char *digest)
{
    uint32_t at;

    memcpy(&at, digest, sizeof(at));
    for (at &= map->mask; map->slots[at]; at = (at + 1) & map->mask) {
        if (memcmp(map->digests[map->slots[at] - 1], digest, KUJI_DIGEST_LEN) ==
            0) {
            break;
        }
    }
    return at;
}

int kuji_digestmap_find(const kuji_digestmap_t *map,
                        const unsigned char digest[KUJI_DIGEST_LEN])
{
    return map->slots[slot_of(map, digest)] - 1;
}

int kuji_digestmap_add(kuji_digestmap_t *map,
                       const unsigned char digest[KUJI_DIGEST_LEN], int index)
{
    uint32_t at = slot_of(map, digest);

    if (!map->slots[at]) {
        map->slots[at] = index + 1;
        map->digests[index] = digest;
    }
    return map->slots[at] - 1;
}
