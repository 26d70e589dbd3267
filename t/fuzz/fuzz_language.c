/* Any bytes as Accept-Language: one of our languages comes of it, and a choice
 * that is put in front wins.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/language.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text, *chosen;
    apr_pool_t *pool;

    apr_pool_create(&pool, NULL);
    text = apr_pstrmemdup(pool, (const char *)data, size);
    chosen = kuji_language_preferred(text);
    if (strcmp(chosen, "ja") != 0 && strcmp(chosen, "en") != 0) {
        abort();
    }
    (void)kuji_language_of_text(text);
    text = apr_pstrcat(pool, "*;q=0, en;q=1, ", text, NULL);
    if (strcmp(kuji_language_preferred(text), "en") != 0) {
        abort();
    }
    apr_pool_destroy(pool);
    return 0;
}
