/* Checking a CONFIG and turning it into a manifest's document. What the two
 * have in common is checked once, by core/manifest.c, on a manifest made for
 * the purpose; here is what only CONFIG has.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config.h"
#include "core/error.h"
#include "core/fields.h"
#include "core/image.h"

#include <apr_strings.h>
#include <string.h>

/** Longest text of a page, in bytes; titles and names are shorter. */
#define TEXT_MAX 20000
#define NAME_MAX_BYTES 300
#define PRIZES_MAX 200
/** kuji_moments_make refuses more. */
#define MOMENTS_MAX ((int64_t)1 << 26)

static const char *const limit_names[] = {
    "draws",
    "draws_per_day",
    "draws_per_participant",
    "draws_per_participant_day",
    "wins_per_participant",
};

static const char *const words_of_prize[] = {"grade", "description", "name_en",
                                             "description_en", NULL};
static const char *const words_of_texts[] = {
    "lead",  "description", "button",  "win", "lose",
    "rules", "organiser",   "contact", NULL};
static const char *const kinds[] = {"parcel", "gift_code", "coupon",
                                    "link",   "message",   NULL};
static const char *const gates[] = {"open", "code", "api", NULL};
static const char *const themes[] = {"ennichi", "yuki", "wakaba", "mono", NULL};

static int is_one_of(const char *const *list, const char *text)
{
    for (; *list; list++) {
        if (strcmp(*list, text) == 0) {
            return 1;
        }
    }
    return 0;
}

static void choice(kuji_fields_t *f, const char *name,
                   const char *const *allowed)
{
    if (!is_one_of(allowed, kuji_fields_word(f, name))) {
        kuji_fields_wrong(f, name, "is not one of the values it can have");
    }
}

static void text(kuji_fields_t *f, const char *name, apr_size_t max)
{
    if (strlen(kuji_fields_word(f, name)) > max) {
        kuji_fields_wrong(f, name, "is too long");
    }
}

static void texts(kuji_fields_t *f, const char *const *names)
{
    for (; *names; names++) {
        if (kuji_fields_has(f, *names)) {
            text(f, *names, TEXT_MAX);
        }
    }
}

static void image(kuji_fields_t *f, const char *name)
{
    const char *value = kuji_fields_word(f, name);

    if (!kuji_image_name_read(NULL, NULL, value, strlen(value))) {
        kuji_fields_wrong(f, name, "must be the name of an image");
    }
}

static void check_title(kuji_fields_t *f, const char *name)
{
    const char *value = kuji_fields_word(f, name);

    if (!value[strspn(value, " \t\r\n")]) {
        kuji_fields_wrong(f, name, "is empty");
    }
    else if (strlen(value) > NAME_MAX_BYTES) {
        kuji_fields_wrong(f, name, "is longer than 300 bytes");
    }
}

static void check_slug(kuji_fields_t *f)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const char *slug = kuji_fields_word(f, "slug");
    apr_size_t len = strlen(slug);

    if (len < 1 || len > 63 || strspn(slug, allowed) != len || *slug == '-') {
        kuji_fields_wrong(f, "slug",
                          "must be 1 to 63 of a-z, 0-9 and hyphen, and not "
                          "begin with a hyphen");
    }
}

static void check_gates(kuji_fields_t *f)
{
    const json_t *list = kuji_fields_array(f, "gates"), *gate;
    size_t i;

    if (list && json_array_size(list) == 0) {
        kuji_fields_wrong(f, "gates", "is empty");
    }
    json_array_foreach(list, i, gate)
    {
        if (!json_is_string(gate) ||
            !is_one_of(gates, json_string_value(gate))) {
            kuji_fields_wrong(f, "gates",
                              "holds something else than open, "
                              "code and api");
        }
    }
}

static void take_any(kuji_fields_t *f, const char *const *names)
{
    for (; *names; names++) {
        if (kuji_fields_has(f, *names)) {
            kuji_fields_any(f, *names);
        }
    }
}

static void check_prize(kuji_fields_t *parent, const json_t *prize, size_t i)
{
    /* the manifest's part of it is checked there */
    static const char *const manifest_fields[] = {
        "code", "units", "weight", "releases", "from", "until", NULL};
    kuji_fields_t f;

    kuji_fields_init(
        &f, prize, apr_psprintf(parent->pool, "prizes[%lu]", (unsigned long)i),
        parent->why, parent->pool);
    take_any(&f, manifest_fields);
    check_title(&f, "name");
    choice(&f, "kind", kinds);
    texts(&f, words_of_prize);
    if (kuji_fields_has(&f, "image")) {
        image(&f, "image");
    }
    kuji_fields_end(&f);
}

static void check_prizes(kuji_fields_t *f)
{
    const json_t *list = kuji_fields_array(f, "prizes"), *prize;
    size_t i;

    if (json_array_size(list) > PRIZES_MAX) {
        kuji_fields_wrong(f, "prizes", "are more than 200");
        return;
    }
    json_array_foreach(list, i, prize)
    {
        check_prize(f, prize, i);
    }
}

static void check_limits(kuji_fields_t *parent)
{
    kuji_fields_t f;
    unsigned i;

    if (!kuji_fields_has(parent, "limits")) {
        return;
    }
    kuji_fields_init(&f, kuji_fields_any(parent, "limits"), "limits",
                     parent->why, parent->pool);
    for (i = 0; i < sizeof(limit_names) / sizeof(*limit_names); i++) {
        if (kuji_fields_has(&f, limit_names[i])) {
            kuji_fields_limit(&f, limit_names[i]);
        }
    }
    kuji_fields_end(&f);
}

static void check_texts(kuji_fields_t *parent)
{
    static const char *const languages[] = {"ja", "en"};
    kuji_fields_t f, in;
    unsigned i;

    if (!kuji_fields_has(parent, "texts")) {
        return;
    }
    kuji_fields_init(&f, kuji_fields_any(parent, "texts"), "texts", parent->why,
                     parent->pool);
    for (i = 0; i < 2; i++) {
        if (!kuji_fields_has(&f, languages[i])) {
            continue;
        }
        kuji_fields_init(&in, kuji_fields_any(&f, languages[i]),
                         i ? "texts.en" : "texts.ja", parent->why,
                         parent->pool);
        texts(&in, words_of_texts);
        kuji_fields_end(&in);
    }
    kuji_fields_end(&f);
}

static void check_privacy(kuji_fields_t *parent)
{
    static const char *const purposes[] = {"purpose", "purpose_en", NULL};
    kuji_fields_t f;

    if (!kuji_fields_has(parent, "privacy")) {
        return;
    }
    kuji_fields_init(&f, kuji_fields_any(parent, "privacy"), "privacy",
                     parent->why, parent->pool);
    texts(&f, purposes);
    if (kuji_fields_has(&f, "retention_days")) {
        kuji_fields_int(&f, "retention_days", 0, 36500);
    }
    kuji_fields_end(&f);
}

static void check_page(kuji_fields_t *f)
{
    check_texts(f);
    check_privacy(f);
    if (kuji_fields_has(f, "show_left")) {
        kuji_fields_bool(f, "show_left");
    }
    if (kuji_fields_has(f, "claim_days")) {
        kuji_fields_int(f, "claim_days", 1, 3650);
    }
    if (kuji_fields_has(f, "theme")) {
        choice(f, "theme", themes);
    }
}

/* A manifest as it would be published, but for the secrets' commitment and the
 * tenant. */
static apr_status_t check_manifest(const char **why, const json_t *config,
                                   apr_pool_t *pool)
{
    static const kuji_config_facts_t facts = {
        .campaign = "00000000-0000-4000-8000-000000000000",
        .tenant = "tenant",
        .host = "host.example"};
    const kuji_manifest_t *m;
    json_t *doc = kuji_config_manifest(config, &facts);
    int64_t units = 0;
    apr_status_t rv;
    int i;

    if (!doc) {
        *why = "the campaign lacks a field that every manifest has";
        return KUJI_EINVAL;
    }
    rv = kuji_manifest_build(&m, why, doc, pool);
    json_decref(doc);
    if (rv != APR_SUCCESS || m->method != KUJI_MOMENT) {
        return rv;
    }
    for (i = 0; i < m->nprizes && units <= MOMENTS_MAX; i++) {
        units += m->prizes[i].units < MOMENTS_MAX ? m->prizes[i].units
                                                  : MOMENTS_MAX + 1;
    }
    if (units > MOMENTS_MAX) {
        *why = "prizes: more than 67108864 winning moments";
        return KUJI_EINVAL;
    }
    return APR_SUCCESS;
}

/* The name of a field that holds a number with a fraction, or NULL. */
static const char *find_real(const char *name, const json_t *value)
{
    const char *key, *found = NULL;
    json_t *item;
    size_t i;

    if (json_is_real(value)) {
        return name;
    }
    json_array_foreach(value, i, item)
    {
        found = found ? found : find_real(name, item);
    }
    json_object_foreach((json_t *)value, key, item)
    {
        found = found ? found : find_real(key, item);
    }
    return found;
}

apr_status_t kuji_config_check(const char **why, const json_t *config,
                               apr_pool_t *pool)
{
    static const char *const manifest_fields[] = {
        "method",   "opens_at", "closes_at",  "timezone", "odds_total",
        "sold_out", "blanks",   "alternates", "beacon",   NULL};
    const char *real = find_real("", config);
    kuji_fields_t f;
    apr_status_t rv;

    *why = NULL;
    if (real) {
        *why = apr_pstrcat(pool, real, ": must be a whole number", NULL);
        return KUJI_EINVAL;
    }
    kuji_fields_init(&f, config, "campaign", why, pool);
    check_slug(&f);
    check_title(&f, "title");
    take_any(&f, manifest_fields);
    check_gates(&f);
    check_limits(&f);
    check_prizes(&f);
    check_page(&f);
    rv = kuji_fields_end(&f);
    return rv == APR_SUCCESS ? check_manifest(why, config, pool) : rv;
}

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

    for (i = 0; i < sizeof(limit_names) / sizeof(*limit_names); i++) {
        json_t *value = json_object_get(given, limit_names[i]);

        json_object_set_new(limits, limit_names[i],
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
