/* Any bytes as a list of codes, in two pieces: each line's field lies within
 * bounds, lines are numbered upwards, and where it is cut makes no difference.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/code_list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct sum_t {
    int64_t line;
    uint64_t hash;
} sum_t;

static apr_status_t on_line(void *baton, int64_t line, const char *text,
                            apr_size_t len)
{
    sum_t *s = baton;
    apr_size_t i;

    if (line <= s->line || len > KUJI_CODE_LINE_MAX ||
        memchr(text, '\n', len) || memchr(text, '\r', len)) {
        abort();
    }
    s->line = line;
    for (i = 0; i < len; i++) {
        s->hash = (s->hash ^ (unsigned char)text[i]) * 1099511628211u;
    }
    s->hash = (s->hash ^ (uint64_t)line) * 1099511628211u;
    return APR_SUCCESS;
}

static uint64_t read_cut(const char *bytes, size_t size, size_t cut)
{
    sum_t sum = {0, 14695981039346656037u};
    kuji_code_list_t list = {.fn = on_line, .baton = &sum};

    kuji_code_list_feed(&list, bytes, cut);
    kuji_code_list_feed(&list, bytes + cut, size - cut);
    kuji_code_list_end(&list);
    return sum.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t cut = size ? data[0] % (size + 1) : 0;

    if (read_cut((const char *)data, size, cut) !=
        read_cut((const char *)data, size, 0)) {
        abort();
    }
    return 0;
}
