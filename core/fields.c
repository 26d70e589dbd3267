/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fields.h"
#include "core/error.h"
#include "core/manifest.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

void kuji_fields_init(kuji_fields_t *f, const json_t *object, const char *where,
                      const char **why, apr_pool_t *pool)
{
    f->object = object;
    f->where = where;
    f->taken = 0;
    f->why = why;
    f->pool = pool;
    if (!json_is_object(object) && !*why) {
        *why = apr_pstrcat(pool, where, " is no object", NULL);
    }
}

void kuji_fields_wrong(kuji_fields_t *f, const char *name, const char *what)
{
    if (!*f->why) {
        *f->why = apr_pstrcat(f->pool, f->where, ": ", name, " ", what, NULL);
    }
}

const json_t *kuji_fields_any(kuji_fields_t *f, const char *name)
{
    const json_t *value = json_object_get(f->object, name);

    if (value) {
        f->taken++;
    }
    else {
        kuji_fields_wrong(f, name, "is missing");
    }
    return value;
}

int kuji_fields_has(const kuji_fields_t *f, const char *name)
{
    return json_object_get(f->object, name) != NULL;
}

const char *kuji_fields_text(kuji_fields_t *f, const char *name)
{
    const json_t *value = kuji_fields_any(f, name);

    if (!json_is_string(value)) {
        kuji_fields_wrong(f, name, "must be a string");
        return "";
    }
    return json_string_value(value);
}

const char *kuji_fields_word(kuji_fields_t *f, const char *name)
{
    const char *text = kuji_fields_text(f, name);
    const json_t *value = json_object_get(f->object, name);

    if (json_is_string(value) && json_string_length(value) != strlen(text)) {
        kuji_fields_wrong(f, name, "must not hold U+0000");
        return "";
    }
    return text;
}

static int64_t checked_int(kuji_fields_t *f, const char *name,
                           const json_t *value, int64_t min, int64_t max)
{
    json_int_t number = json_integer_value(value);

    if (!json_is_integer(value)) {
        kuji_fields_wrong(f, name, "must be an integer");
        return min;
    }
    if (number < min || number > max) {
        kuji_fields_wrong(f, name, "is out of range");
        return min;
    }
    return number;
}

int64_t kuji_fields_int(kuji_fields_t *f, const char *name, int64_t min,
                        int64_t max)
{
    return checked_int(f, name, kuji_fields_any(f, name), min, max);
}

int64_t kuji_fields_limit(kuji_fields_t *f, const char *name)
{
    const json_t *value = kuji_fields_any(f, name);

    return json_is_null(value) ? 0
                               : checked_int(f, name, value, 1, KUJI_INT_MAX);
}

int kuji_fields_bool(kuji_fields_t *f, const char *name)
{
    const json_t *value = kuji_fields_any(f, name);

    if (!json_is_boolean(value)) {
        kuji_fields_wrong(f, name, "must be true or false");
    }
    return json_is_true(value);
}

int kuji_fields_is_hex(const char *text)
{
    apr_size_t len = strlen(text);

    return len > 0 && len % 2 == 0 && strspn(text, "0123456789abcdef") == len;
}

void kuji_fields_hex(kuji_fields_t *f, const char *name, unsigned char *out,
                     apr_size_t len)
{
    const char *text = kuji_fields_word(f, name);

    memset(out, 0, len);
    if (strlen(text) != 2 * len || !kuji_fields_is_hex(text)) {
        kuji_fields_wrong(f, name,
                          apr_psprintf(f->pool,
                                       "must be %d lower-case hex digits",
                                       (int)(2 * len)));
        return;
    }
    sodium_hex2bin(out, len, text, 2 * len, NULL, NULL, NULL);
}

const json_t *kuji_fields_array(kuji_fields_t *f, const char *name)
{
    const json_t *value = kuji_fields_any(f, name);

    if (!json_is_array(value)) {
        kuji_fields_wrong(f, name, "must be a list");
        return NULL;
    }
    return value;
}

apr_status_t kuji_fields_end(kuji_fields_t *f)
{
    if (!*f->why && json_object_size(f->object) != f->taken) {
        *f->why = apr_pstrcat(f->pool, f->where, " has a field too many", NULL);
    }
    return *f->why ? KUJI_EINVAL : APR_SUCCESS;
}
