/* Any bytes as the body of LINE's webhook: what is read of it keeps the bounds
 * that the database has, and a text fits into a message.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/line_hook.h"
#include "core/line_text.h"

#include <apr_general.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const kuji_line_event_t *event, apr_pool_t *pool)
{
    const char *out;

    if (!*event->id || strlen(event->id) > 64 || !*event->user ||
        strlen(event->user) > 64 || strlen(event->reply) > 200 ||
        event->at < 0 || (event->kind != KUJI_LINE_TEXT && *event->text)) {
        abort();
    }
    (void)kuji_line_is_keyword(event->text, "kuji", pool);
    if (kuji_line_text_fit(&out, event->text, "https://kuji.example", pool) ==
            APR_SUCCESS &&
        (kuji_line_text_units(out) < 1 ||
         kuji_line_text_units(out) > KUJI_LINE_TEXT_MAX)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const kuji_line_event_t *events;
    static apr_pool_t *pool;
    int count, i;

    if (!pool && (apr_initialize() || apr_pool_create(&pool, NULL))) {
        abort();
    }
    if (kuji_line_hook_read(&events, &count, (const char *)data, size, pool) ==
        APR_SUCCESS) {
        for (i = 0; i < count; i++) {
            check(&events[i], pool);
        }
    }
    apr_pool_clear(pool);
    return 0;
}
