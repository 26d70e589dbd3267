/* Any bytes as the settings for LINE and for payments, as the database keeps
 * and a form sends them: what is not refused goes to https, or to this very
 * machine, breaks no header, and reads again as what it was; and as the
 * signature of a webhook, which they never are.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/line_config.h"
#include "core/pay_config.h"
#include "core/paysign.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int holds)
{
    if (!holds) {
        abort();
    }
}

static int begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void check_base(const char *base)
{
    demand(begins(base, "https://") || begins(base, "http://127.0.0.1") ||
           begins(base, "http://localhost") || begins(base, "http://[::1]"));
    demand(!strpbrk(strstr(base, "://") + 3, "/?#@\\ \"<>\r\n"));
}

static void read_line(const json_t *doc, apr_pool_t *pool)
{
    kuji_line_config_t config, again;
    const char *audiences[KUJI_LINE_AUDIENCES + 1];
    json_t *copy;
    int i;

    kuji_line_config_read(&config, doc, pool);
    if (kuji_line_config_wrong(&config)) {
        return;
    }
    check_base(config.access);
    check_base(config.api);
    demand(strspn(config.channel, "0123456789") == strlen(config.channel));
    demand(!strpbrk(kuji_line_friend_url(&config, pool), " \"<>\r\n"));
    kuji_line_audiences(audiences, &config);
    copy = kuji_line_config_doc(&config);
    kuji_line_config_read(&again, copy, pool);
    for (i = 0; kuji_line_texts[i]; i++) {
        demand(strcmp(*kuji_line_text(&config, i),
                      *kuji_line_text(&again, i)) == 0);
    }
    json_decref(copy);
}

static void read_pay(const json_t *doc, apr_pool_t *pool)
{
    kuji_pay_config_t config, again;
    json_t *copy;

    kuji_pay_config_read(&config, doc, pool);
    if (kuji_pay_config_wrong(&config)) {
        return;
    }
    check_base(config.base);
    demand(!strpbrk(config.key, " \r\n") && !strpbrk(config.merchant, " \r\n"));
    copy = kuji_pay_config_doc(&config);
    kuji_pay_config_read(&again, copy, pool);
    demand(strcmp(config.base, again.base) == 0 &&
           strcmp(config.key, again.key) == 0 &&
           strcmp(config.version, again.version) == 0);
    json_decref(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static apr_pool_t *pool;
    json_t *doc;

    if (!pool && (apr_initialize() || apr_pool_create(&pool, NULL))) {
        abort();
    }
    doc = json_loadb((const char *)data, size, 0, NULL);
    read_line(doc, pool);
    read_pay(doc, pool);
    json_decref(doc);
    demand(kuji_webhook_verify(
               "secret", "body", 4,
               apr_pstrmemdup(pool, (const char *)data, size)) != APR_SUCCESS);
    apr_pool_clear(pool);
    return 0;
}
