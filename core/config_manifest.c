/* Turning a CONFIG into a manifest's document.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config_int.h"

#include <string.h>

const char *const kuji_config__limits[KUJI_CONFIG_LIMITS] = {
    "draws",
    "draws_per_day",
    "draws_per_participant",
    "draws_per_participant_day",
    "wins_per_participant",
};

/* Takes one field over as it is, absent where it is absent. */
static int copy(json_t *to, const json_t *from, const char *name)
{
    json_t *value = json_object_get(from, name);

    return value ? json_object_set(to, name, value) : 0;
}

static int copy_all(json_t *to, const json_t *from, const char *const *names)
{
    int rv = 0;

    for (; *names; names++) {
        rv |= copy(to, from, *names);
    }
    return rv;
}

static json_t *manifest_limits(const json_t *config)
{
    const json_t *given = json_object_get(config, "limits");
    json_t *limits = json_object();
    unsigned i;

    for (i = 0; i < KUJI_CONFIG_LIMITS; i++) {
        json_t *value = json_object_get(given, kuji_config__limits[i]);

        json_object_set_new(limits, kuji_config__limits[i],
                            value ? json_incref(value) : json_null());
    }
    return limits;
}

static json_t *manifest_prizes(const json_t *config)
{
    static const char *const names[] = {"code",     "name", "units", "weight",
                                        "releases", "from", "until", NULL};
    json_t *prizes = json_array(), *prize, *out;
    size_t i;

    json_array_foreach(json_object_get(config, "prizes"), i, prize)
    {
        out = json_object();
        copy_all(out, prize, names);
        json_array_append_new(prizes, out);
    }
    return prizes;
}

static int add_default(json_t *doc, const char *name, json_t *value)
{
    if (json_object_get(doc, name)) {
        json_decref(value);
        return 0;
    }
    return json_object_set_new(doc, name, value);
}

/* What an organiser may leave out though the manifest always says it. */
static int add_defaults(json_t *doc)
{
    const char *method = json_string_value(json_object_get(doc, "method"));

    if (method && strcmp(method, "raffle") == 0) {
        return add_default(doc, "alternates", json_integer(0)) ||
               add_default(doc, "beacon", json_null());
    }
    if (method && strcmp(method, "odds") == 0) {
        return add_default(doc, "sold_out", json_string("blank"));
    }
    return 0;
}

json_t *kuji_config_manifest(const json_t *config,
                             const kuji_config_facts_t *facts)
{
    static const char *const names[] = {"slug",       "title",     "method",
                                        "opens_at",   "closes_at", "timezone",
                                        "odds_total", "sold_out",  "blanks",
                                        "alternates", "beacon",    NULL};
    static const char digits[] = "0123456789abcdef";
    char hex[2 * KUJI_HASH_LEN + 1] = "";
    json_t *doc;
    int i;

    for (i = 0; i < KUJI_HASH_LEN; i++) {
        hex[2 * i] = digits[facts->commitment[i] >> 4];
        hex[2 * i + 1] = digits[facts->commitment[i] & 15];
    }
    doc = json_pack(
        "{s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:o, s:o, s:o}", "version",
        "kuji-manifest/1", "campaign", facts->campaign, "tenant", facts->tenant,
        "commitment", hex, "software", "name", "mod_kuji", "version",
        KUJI_VERSION, "limits", manifest_limits(config), "prizes",
        manifest_prizes(config), "origin",
        json_sprintf("%s/k/%s", facts->host,
                     json_string_value(json_object_get(config, "slug"))));
    if (doc && (copy_all(doc, config, names) || add_defaults(doc))) {
        json_decref(doc);
        doc = NULL;
    }
    return doc;
}
