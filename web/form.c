/* Strict parsing of forms. ap_parse_form_data lets %00 through and
 * decodes bad escapes to garbage; here either makes the whole form invalid.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/form.h"

#include <apr_strings.h>
#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/* Length of the well-formed sequence at p (Unicode 15, table 3-7), or 0. */
static apr_size_t utf8_sequence(const unsigned char *p, apr_size_t left)
{
    unsigned char low = 0x80, high = 0xbf;
    apr_size_t need, i;

    if (p[0] < 0x80) {
        return p[0] != 0;
    }
    if (p[0] < 0xc2 || p[0] > 0xf4) {
        return 0;
    }
    need = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (left < need) {
        return 0;
    }
    if (p[0] == 0xe0) {
        low = 0xa0;
    }
    else if (p[0] == 0xed) {
        high = 0x9f; /* no surrogates */
    }
    else if (p[0] == 0xf0) {
        low = 0x90;
    }
    else if (p[0] == 0xf4) {
        high = 0x8f;
    }
    if (p[1] < low || p[1] > high) {
        return 0;
    }
    for (i = 2; i < need; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return need;
}

int kuji_utf8_ok(const char *bytes, apr_size_t len)
{
    const unsigned char *p = (const unsigned char *)bytes;
    apr_size_t i = 0;

    while (i < len) {
        apr_size_t step = utf8_sequence(p + i, len - i);

        if (!step) {
            return 0;
        }
        i += step;
    }
    return 1;
}

/* Decodes text into pool; NULL for a bad escape, a zero byte, bad UTF-8. */
static const char *decode(const char *text, apr_size_t len, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, len + 1);
    apr_size_t i, o = 0;

    for (i = 0; i < len; i++) {
        char c = text[i];

        if (c == '+') {
            c = ' ';
        }
        else if (c == '%') {
            int high = i + 2 < len ? hex_value(text[i + 1]) : -1;
            int low = high >= 0 ? hex_value(text[i + 2]) : -1;

            if (low < 0) {
                return NULL;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        out[o++] = c;
    }
    out[o] = '\0';
    return kuji_utf8_ok(out, o) ? out : NULL;
}

static apr_status_t parse_field(kuji_form_field_t *field, const char *text,
                                apr_size_t len, apr_pool_t *pool)
{
    const char *equals = memchr(text, '=', len);
    apr_size_t name_len = equals ? (apr_size_t)(equals - text) : len;

    field->name = decode(text, name_len, pool);
    field->value = equals ? decode(equals + 1, len - name_len - 1, pool) : "";
    return field->name && field->value ? APR_SUCCESS : KUJI_EINVAL;
}

static int count_fields(const char *text, apr_size_t len)
{
    int count = 1;
    apr_size_t i;

    for (i = 0; i < len && count <= KUJI_FORM_FIELDS_MAX; i++) {
        count += text[i] == '&';
    }
    return count;
}

apr_status_t kuji_form_parse(const kuji_form_t **form, const char *text,
                             apr_size_t len, apr_pool_t *pool)
{
    kuji_form_t *f = apr_pcalloc(pool, sizeof(*f));
    kuji_form_field_t *fields;
    apr_size_t start = 0;
    int count = count_fields(text, len);

    if (count > KUJI_FORM_FIELDS_MAX) {
        return KUJI_ETOOBIG;
    }
    f->fields = fields = apr_pcalloc(pool, (apr_size_t)count * sizeof(*fields));
    while (start < len) {
        const char *end = memchr(text + start, '&', len - start);
        apr_size_t field_len =
            end ? (apr_size_t)(end - text) - start : len - start;

        if (field_len) {
            apr_status_t rv =
                parse_field(&fields[f->count++], text + start, field_len, pool);
            if (rv != APR_SUCCESS) {
                return rv;
            }
        }
        start += field_len + 1;
    }
    *form = f;
    return APR_SUCCESS;
}

const char *kuji_form_get(const kuji_form_t *form, const char *name)
{
    int i;

    for (i = 0; i < form->count; i++) {
        if (!strcmp(form->fields[i].name, name)) {
            return form->fields[i].value;
        }
    }
    return NULL;
}
