/* Any bytes as a form: what is accepted is clean text, and its canonical
 * escaping reads as the same fields.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *escape(char *out, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; *text; text++) {
        *out++ = '%';
        *out++ = digits[(unsigned char)*text >> 4];
        *out++ = digits[(unsigned char)*text & 15];
    }
    return out;
}

static void check_same(const kuji_form_t *form, const char *text, size_t len,
                       apr_pool_t *pool)
{
    const kuji_form_t *again;
    int i;

    if (kuji_form_parse(&again, text, len, pool) ||
        again->count != form->count) {
        abort();
    }
    for (i = 0; i < form->count; i++) {
        if (strcmp(form->fields[i].name, again->fields[i].name) != 0 ||
            strcmp(form->fields[i].value, again->fields[i].value) != 0) {
            abort();
        }
    }
}

static void check(const kuji_form_t *form, size_t size, apr_pool_t *pool)
{
    char *text = apr_palloc(pool, 3 * size + 2 * (size_t)form->count + 1);
    char *end = text;
    int i;

    if (form->count > KUJI_FORM_FIELDS_MAX) {
        abort();
    }
    for (i = 0; i < form->count; i++) {
        const kuji_form_field_t *field = &form->fields[i];

        if (!kuji_utf8_ok(field->name, strlen(field->name)) ||
            !kuji_utf8_ok(field->value, strlen(field->value)) ||
            !kuji_form_get(form, field->name)) {
            abort();
        }
        end = escape(end, field->name);
        *end++ = '=';
        end = escape(end, field->value);
        *end++ = '&';
    }
    check_same(form, text, (size_t)(end - text), pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const kuji_form_t *form;
    apr_pool_t *pool;

    apr_pool_create(&pool, NULL);
    if (kuji_form_parse(&form, (const char *)data, size, pool) == APR_SUCCESS) {
        check(form, size, pool);
    }
    apr_pool_destroy(pool);
    return 0;
}
