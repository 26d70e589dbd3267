/* Any bytes as added CSS: what comes out holds no '<', fetches nothing but
 * images of ours, and every rule in it begins with the container or is an
 * at-rule of the list.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/css.h"

#include <apr_general.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines end where a rule does, so each says what it is at its start. */
static void check_line(const char *line)
{
    static const char *const starts[] = {"." KUJI_CSS_SCOPE " ",
                                         "@media ",
                                         "@supports ",
                                         "@keyframes " KUJI_CSS_SCOPE "-",
                                         "}",
                                         "from",
                                         "to",
                                         NULL};
    int i;

    for (i = 0; starts[i]; i++) {
        if (!strncmp(line, starts[i], strlen(starts[i]))) {
            return;
        }
    }
    if (*line && !strchr("0123456789.+-", *line)) {
        abort();
    }
}

static void check(const kuji_css_t *css)
{
    const char *at = css->text;
    const char *urls = css->text;

    if (strlen(at) != css->len || css->len > KUJI_CSS_OUT_MAX ||
        strchr(at, '<') || css->nfaults > KUJI_CSS_FAULTS_MAX) {
        abort();
    }
    while ((urls = strstr(urls, "url("))) {
        if (strncmp(urls, "url(\"../../i/", 13)) {
            /* a class or a word may end in these letters */
            if (urls == css->text || strchr(":, (/*-+\"", urls[-1])) {
                abort();
            }
        }
        urls += 4;
    }
    for (; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        check_line(at);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool;
    kuji_css_t css;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    kuji_css_clean(&css, (const char *)data, size, pool);
    check(&css);
    apr_pool_destroy(pool);
    return 0;
}
