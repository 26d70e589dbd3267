/* SPDX-License-Identifier: Apache-2.0 */
#include "core/name.h"

#include "core/person.h"
#include "core/utf8.h"

#include <apr_strings.h>
#include <string.h>

struct kuji_name_query_t {
    const kuji_identifier_t *words;
    int count;
};

/* A family name of one character is common (林, 森), but anywhere in a name it
 * would be in far too many. */
static int is_single(const char *word)
{
    uint32_t c;

    return kuji_utf8_next(&c, (const unsigned char *)word, strlen(word)) ==
           strlen(word);
}

static int is_other_kind(const char *text)
{
    char out[KUJI_IDENTIFIER_MAX + 1];

    return strpbrk(text, "@") || !text[strspn(text, "0123456789")] ||
           kuji_identifier_normalise(out, KUJI_IDENTIFIER_PHONE, text,
                                     strlen(text)) == APR_SUCCESS;
}

void kuji_name_query(const kuji_name_query_t **query, const char *text,
                     apr_pool_t *pool)
{
    kuji_name_query_t *q = apr_pcalloc(pool, sizeof(*q));
    json_t *data = json_object();

    /* json_string refuses what is no UTF-8: then there is no name */
    json_object_set_new(data, "name", json_string(text));
    *query = NULL;
    kuji_person_identifiers(&q->words, &q->count, data, pool);
    json_decref(data);
    if (q->count == 0 || is_other_kind(q->words[0].text)) {
        return;
    }
    if (q->count > 1) { /* the first is all of them together */
        q->words++;
        q->count--;
    }
    *query = q;
}

static int holds(const char *text, const kuji_name_query_t *query)
{
    char name[KUJI_IDENTIFIER_MAX + 1];
    const char *word;
    int i;

    if (!text || kuji_identifier_normalise(name, KUJI_IDENTIFIER_NAME, text,
                                           strlen(text)) != APR_SUCCESS) {
        return 0;
    }
    for (i = 0; i < query->count; i++) {
        word = query->words[i].text;
        if (is_single(word) && query->count == 1
                ? strncmp(name, word, strlen(word)) != 0
                : !strstr(name, word)) {
            return 0;
        }
    }
    return 1;
}

int kuji_name_matches(const kuji_name_query_t *query, const json_t *data)
{
    return holds(json_string_value(json_object_get(data, "name")), query) ||
           holds(json_string_value(json_object_get(data, "kana")), query);
}
