/* What one edit of a CONFIG did, and nothing that only says otherwise what was
 * said before. A page's form names each of its settings; where CONFIG leaves
 * one out, saving the page untouched would write down what applies anyway, and
 * from then on a change of the usual would pass this campaign by.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/claim_form.h"
#include "core/config_int.h"
#include "core/gates.h"

#include <string.h>

static int is_named(const char *name, const char *wanted)
{
    return name && strcmp(name, wanted) == 0;
}

static int is_blank(const char *text)
{
    return !text[strspn(text, " \t\r\n")];
}

static int is_usual_text(const char *name, const char *text)
{
    return is_blank(text) ||
           (is_named(name, "sold_out") && strcmp(text, "blank") == 0) ||
           (is_named(name, "reveal") &&
            strcmp(text, kuji_config_reveals[0]) == 0);
}

static int says_nothing(const char *name, const json_t *value);

static int all_say_nothing(const json_t *object)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)object, name, value)
    {
        if (!says_nothing(name, value)) {
            return 0;
        }
    }
    return 1;
}

/* Whether the member is the same as none of that name. */
static int says_nothing(const char *name, const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_NULL:
        return 1;
    case JSON_TRUE:
        return is_named(name, "show_left");
    case JSON_FALSE:
        return !is_named(name, "show_left");
    case JSON_STRING:
        return is_usual_text(name, json_string_value(value));
    case JSON_INTEGER:
        return is_named(name, "alternates") && json_integer_value(value) == 0;
    case JSON_OBJECT:
        return all_say_nothing(value);
    default:
        return 0;
    }
}

/* Browsers send whatever line ends there were as theirs. */
static int same_text(const char *a, const char *b)
{
    for (;; a++, b++) {
        char of_a = *a == '\r' ? '\n' : *a, of_b = *b == '\r' ? '\n' : *b;

        if (of_a != of_b) {
            return 0;
        }
        if (!of_a) {
            return 1;
        }
        a += a[0] == '\r' && a[1] == '\n';
        b += b[0] == '\r' && b[1] == '\n';
    }
}

static int same(const char *name, const json_t *a, const json_t *b);

static int same_members(const json_t *a, const json_t *b)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)a, name, value)
    {
        if (!same(name, value, json_object_get(b, name))) {
            return 0;
        }
    }
    json_object_foreach((json_t *)b, name, value)
    {
        if (!json_object_get(a, name) && !says_nothing(name, value)) {
            return 0;
        }
    }
    return 1;
}

static int same_items(const json_t *a, const json_t *b)
{
    size_t i;

    for (i = 0; i < json_array_size(a); i++) {
        if (!same(NULL, json_array_get(a, i), json_array_get(b, i))) {
            return 0;
        }
    }
    return json_array_size(a) == json_array_size(b);
}

static int same(const char *name, const json_t *a, const json_t *b)
{
    if (says_nothing(name, a) && says_nothing(name, b)) {
        return 1;
    }
    if (json_is_string(a) && json_is_string(b)) {
        return same_text(json_string_value(a), json_string_value(b));
    }
    if (json_is_object(a) && json_is_object(b)) {
        return same_members(a, b);
    }
    if (json_is_array(a) && json_is_array(b)) {
        return same_items(a, b);
    }
    return json_equal(a, b);
}

static int same_words(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Nothing is the usual list. */
static int same_claim_form(const json_t *from, const json_t *to)
{
    kuji_claim_form_t a, b;
    int i;

    kuji_claim_form_read(&a, from);
    kuji_claim_form_read(&b, to);
    for (i = 0; i < a.count && i < b.count; i++) {
        if (a.asks[i].field != b.asks[i].field ||
            a.asks[i].is_required != b.asks[i].is_required ||
            !same_words(a.asks[i].label, b.asks[i].label) ||
            !same_words(a.asks[i].label_en, b.asks[i].label_en)) {
            return 0;
        }
    }
    return a.count == b.count;
}

/* Their order says nothing, and open asks for nothing beside others. */
static unsigned gates_of(const json_t *config)
{
    unsigned gates = kuji_gates_of(config);

    return gates & ~KUJI_GATE_OPEN ? gates & ~KUJI_GATE_OPEN : KUJI_GATE_OPEN;
}

/* `to`, with what says the same as in `from` said as there. */
static json_t *settled(const json_t *from, const json_t *to)
{
    json_t *out = json_copy((json_t *)to), *old, *value;
    const char *name;

    json_object_foreach((json_t *)to, name, value)
    {
        old = json_object_get(from, name);
        if (strcmp(name, "claim_fields") == 0 ? same_claim_form(from, to)
            : strcmp(name, "gates") == 0      ? gates_of(from) == gates_of(to)
                                              : same(name, old, value)) {
            if (old) {
                json_object_set(out, name, old);
            }
            else {
                json_object_del(out, name);
            }
        }
        else if (json_is_object(old) && json_is_object(value)) {
            json_object_set_new(out, name, settled(old, value));
        }
    }
    json_object_foreach((json_t *)from, name, old)
    {
        if (!json_object_get(to, name) && says_nothing(name, old)) {
            json_object_set(out, name, old);
        }
    }
    return out;
}

json_t *kuji_config_edit(const json_t *from, const json_t *to)
{
    json_t *out = settled(from, to), *patch = kuji_config_diff(from, out);

    json_decref(out);
    return patch;
}
