/* A CONFIG while it is being written: what is missing, what may change when,
 * and what one edit did to it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config_int.h"

#include <string.h>

/** Weights are parts of this unless the organiser says otherwise: a hundredth
 * of a percent. */
#define ODDS_TOTAL 10000

const char *kuji_config__text(const json_t *config, const char *name)
{
    const char *text = json_string_value(json_object_get(config, name));

    return text ? text : "";
}

unsigned kuji_config_missing(const json_t *config)
{
    const json_t *privacy = json_object_get(config, "privacy");
    const char *purpose = kuji_config__text(privacy, "purpose");
    unsigned missing = 0;

    if (!json_array_size(json_object_get(config, "prizes"))) {
        missing |= KUJI_CONFIG_NO_PRIZES;
    }
    if (!purpose[strspn(purpose, " \t\r\n")]) {
        missing |= KUJI_CONFIG_NO_PURPOSE;
    }
    if (!json_is_integer(json_object_get(privacy, "retention_days"))) {
        missing |= KUJI_CONFIG_NO_RETENTION;
    }
    return missing;
}

/* A manifest's document with what it leaves to CONFIG. */
static json_t *promise(const json_t *config)
{
    static const kuji_config_facts_t nobody = {"", "", "", {0}};
    json_t *doc = kuji_config_manifest(config, &nobody);
    json_t *kinds = json_array(), *prize;
    size_t i;

    json_array_foreach(json_object_get(config, "prizes"), i, prize)
    {
        json_array_append(kinds, json_object_get(prize, "kind"));
    }
    json_object_set_new(doc, "kinds", kinds);
    json_object_set(doc, "gates", json_object_get(config, "gates"));
    if (json_object_get(config, "purchase")) {
        json_object_set(doc, "purchase", json_object_get(config, "purchase"));
    }
    /* Whether two addresses are one person decides what limits count. */
    json_object_set_new(
        doc, "email_fold",
        json_boolean(json_is_true(json_object_get(config, "email_fold"))));
    return doc;
}

int kuji_config_same_promise(const json_t *a, const json_t *b)
{
    json_t *of_a = promise(a), *of_b = promise(b);
    int same = of_a && of_b && json_equal(of_a, of_b);

    json_decref(of_a);
    json_decref(of_b);
    return same;
}

static void fit_member(json_t *object, const char *name, int wanted,
                       json_t *fallback)
{
    if (!wanted) {
        json_object_del(object, name);
    }
    else if (fallback && !json_object_get(object, name)) {
        json_object_set(object, name, fallback);
    }
    json_decref(fallback);
}

static void fit_prize(json_t *prize, const json_t *config, int method)
{
    const json_t *opens = json_object_get(config, "opens_at");
    const json_t *closes = json_object_get(config, "closes_at");

    fit_member(prize, "weight", method == KUJI_ODDS, json_integer(0));
    fit_member(prize, "releases", method == KUJI_ODDS, NULL);
    fit_member(prize, "from", method == KUJI_MOMENT,
               json_incref((json_t *)opens));
    fit_member(prize, "until", method == KUJI_MOMENT,
               json_incref((json_t *)closes));
}

void kuji_config_fit(json_t *config)
{
    int method = kuji_method_parse(kuji_config__text(config, "method"));
    json_t *prize;
    size_t i;

    fit_member(config, "odds_total", method == KUJI_ODDS,
               json_integer(ODDS_TOTAL));
    fit_member(config, "sold_out", method == KUJI_ODDS, json_string("blank"));
    fit_member(config, "blanks", method == KUJI_BOX, json_integer(0));
    fit_member(config, "alternates", method == KUJI_RAFFLE, NULL);
    fit_member(config, "beacon", method == KUJI_RAFFLE, NULL);
    json_array_foreach(json_object_get(config, "prizes"), i, prize)
    {
        fit_prize(prize, config, method);
    }
}

json_t *kuji_config_diff(const json_t *from, const json_t *to)
{
    json_t *patch = json_object(), *value, *old;
    const char *name;

    json_object_foreach((json_t *)to, name, value)
    {
        old = json_object_get(from, name);
        if (json_is_object(old) && json_is_object(value)) {
            json_t *inner = kuji_config_diff(old, value);

            if (json_object_size(inner)) {
                json_object_set(patch, name, inner);
            }
            json_decref(inner);
        }
        else if (!old || !json_equal(old, value)) {
            json_object_set(patch, name, value);
        }
    }
    json_object_foreach((json_t *)from, name, value)
    {
        if (!json_object_get(to, name)) {
            json_object_set_new(patch, name, json_null());
        }
    }
    return patch;
}

void kuji_config_merge(json_t *target, const json_t *patch)
{
    const char *name;
    json_t *value, *old;

    json_object_foreach((json_t *)patch, name, value)
    {
        if (json_is_null(value)) {
            json_object_del(target, name);
            continue;
        }
        if (!json_is_object(value)) {
            json_object_set(target, name, value);
            continue;
        }
        old = json_object_get(target, name);
        if (!json_is_object(old)) {
            old = json_object();
            json_object_set_new(target, name, old);
        }
        kuji_config_merge(old, value);
    }
}
