/* Inside of core/css*.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CSS_INT_H
#define KUJI_CORE_CSS_INT_H

#include "core/css.h"

#include <apr_tables.h>
#include <string.h>

typedef enum kuji_css_kind_e {
    CSS_END,
    CSS_SPACE,
    CSS_IDENT,
    CSS_FUNCTION, /* name and its ( */
    CSS_AT,
    CSS_HASH,
    CSS_STRING,
    CSS_URL, /* unquoted */
    CSS_NUMBER,
    CSS_PERCENTAGE,
    CSS_DIMENSION,
    CSS_DELIM,
    CSS_COLON,
    CSS_SEMICOLON,
    CSS_COMMA,
    CSS_OPEN_SQUARE,
    CSS_CLOSE_SQUARE,
    CSS_OPEN_PAREN,
    CSS_CLOSE_PAREN,
    CSS_OPEN_CURLY,
    CSS_CLOSE_CURLY,
    CSS_CDO,
    CSS_CDC,
    CSS_BAD /* string or url */
} kuji_css_kind_e;

typedef struct kuji_css_token_t {
    kuji_css_kind_e kind;
    int line;
    int apart;        /* a comment stands before it */
    char delim;       /* of CSS_DELIM */
    const char *text; /* unescaped; a number as it was written; else "" */
    const char *unit; /* of CSS_DIMENSION */
    const struct kuji_css_token_t *match; /* an opening one's closing one */
} kuji_css_token_t;

/** The tokens of well-formed UTF-8 without control characters, CSS_END last. */
apr_array_header_t *kuji_css__tokens(const char *source, apr_size_t len,
                                     apr_pool_t *pool);

typedef struct kuji_css_work_t {
    apr_pool_t *pool;
    char *out;
    apr_size_t used;
    int full; /* the result is too long */
    int deep; /* at-rules around */
    apr_array_header_t *faults, *images;
    apr_array_header_t *frames; /* names of @keyframes, const char * */
} kuji_css_work_t;

/** Tells of a fault at t. Returns 0. */
int kuji_css__fault(kuji_css_work_t *w, const kuji_css_token_t *t,
                    kuji_css_fault_e fault, const char *what);

/* Writing (css_write.c). */
void kuji_css__put(kuji_css_work_t *w, const char *text);
void kuji_css__put_ident(kuji_css_work_t *w, const char *text);
void kuji_css__put_string(kuji_css_work_t *w, const char *text);

/** The first token of from .. to that is no space, or to. */
static inline const kuji_css_token_t *
kuji_css__skip(const kuji_css_token_t *from, const kuji_css_token_t *to)
{
    while (from < to && from->kind == CSS_SPACE) {
        from++;
    }
    return from;
}

/** Behind a token, and behind the other half of a bracket. */
static inline const kuji_css_token_t *kuji_css__over(const kuji_css_token_t *t)
{
    return t->match ? t->match + 1 : t + 1;
}

int kuji_css__is_in(const char *const *list, unsigned count, const char *word);
#define CSS_IS_IN(list, word)                                                  \
    kuji_css__is_in(list, sizeof(list) / sizeof(*(list)), word)
/** text in lower case (ASCII). */
const char *kuji_css__lower(kuji_css_work_t *w, const char *text);

/** Writes the selectors from .. to, each below the container. 0: a fault, told;
 * what was written is to be taken back. (css_select.c) */
int kuji_css__selectors(kuji_css_work_t *w, const kuji_css_token_t *from,
                        const kuji_css_token_t *to);

/** Writes the declarations from .. to in braces; those at fault are told and
 * left out. How many there are. (css_declare.c) */
int kuji_css__block(kuji_css_work_t *w, const kuji_css_token_t *from,
                    const kuji_css_token_t *to);

/** Writes a property's value. 0: a fault, told. (css_value.c) */
int kuji_css__value(kuji_css_work_t *w, const char *property,
                    const kuji_css_token_t *from, const kuji_css_token_t *to);

/** Whether url, as it stands in CSS, is an image's; its name, or NULL. */
const char *kuji_css__image(const char *url);

/** Functions that a value may use. */
int kuji_css__is_function(const char *name);

#endif
