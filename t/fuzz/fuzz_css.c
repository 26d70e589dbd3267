/* Any bytes as added CSS: what comes out holds no '<', fetches nothing but
 * images of ours, and every rule in it begins with the container or is an
 * at-rule of the list.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/css.h"

#include <apr_general.h>
#include <ctype.h>
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

/* Outside strings, whose quotes are never written as such inside; "0url(" is
 * a number of a strange unit. */
static void check_urls(const char *at)
{
    int quoted = 0, in_word = 0;

    for (; *at; at++) {
        quoted ^= *at == '"';
        if (!quoted && !in_word && !strncmp(at, "url(", 4) &&
            strncmp(at, "url(\"../../i/", 13)) {
            abort();
        }
        in_word = isalnum((unsigned char)*at) || strchr("_-\\", *at) ||
                  (unsigned char)*at >= 0x80;
    }
    if (quoted) {
        abort();
    }
}

static void check(const kuji_css_t *css)
{
    const char *at = css->text;

    if (strlen(at) != css->len || css->len > KUJI_CSS_OUT_MAX ||
        strchr(at, '<') || css->nfaults > KUJI_CSS_FAULTS_MAX) {
        abort();
    }
    check_urls(at);
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
