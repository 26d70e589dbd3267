/* Any bytes as a list of passphrases: what it holds is UTF-8 without spaces.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/phrase.h"
#include "core/utf8.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const kuji_phrase_t *phrases;
    int count, line, i;
    apr_pool_t *pool;

    apr_pool_create(&pool, NULL);
    if (kuji_phrase_list(&phrases, &count, &line,
                         apr_pstrmemdup(pool, (const char *)data, size),
                         pool) == APR_SUCCESS) {
        for (i = 0; i < count; i++) {
            const unsigned char *at = (const unsigned char *)phrases[i].text;
            apr_size_t used, left = strlen(phrases[i].text);
            uint32_t c;

            if (left == 0 || line > (int)size + 1) {
                abort();
            }
            for (; left > 0; at += used, left -= used) {
                used = kuji_utf8_next(&c, at, left);
                if (used == 0 || c <= 0x20 || c == 0x3000) {
                    abort();
                }
            }
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
