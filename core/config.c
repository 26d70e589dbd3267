/* Checking a CONFIG. What it has in common with the manifest is checked once,
 * by core/manifest.c, on a manifest made for the purpose; here is what only
 * CONFIG has.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config_int.h"
#include "core/error.h"
#include "core/fields.h"
#include "core/gates.h"
#include "core/image.h"
#include "core/mail_text.h"

#include <apr_strings.h>
#include <string.h>

/** Longest text of a page, in bytes; titles and names are shorter. */
#define TEXT_MAX 20000
#define NAME_MAX_BYTES 300
#define PRIZES_MAX 200
/** kuji_moments_make refuses more. */
#define MOMENTS_MAX ((int64_t)1 << 26)

static const char *const words_of_prize[] = {"grade", "description", "name_en",
                                             "description_en", NULL};
static const char *const words_of_texts[] = {
    "lead",  "description", "button",  "win",     "lose",
    "rules", "organiser",   "contact", "consent", "marketing_consent",
    NULL};
static const char *const kinds[] = {"parcel", "gift_code", "coupon",
                                    "link",   "message",   NULL};
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
    unsigned seen = 0, bit;
    size_t i;

    if (list && json_array_size(list) == 0) {
        kuji_fields_wrong(f, "gates", "is empty");
    }
    json_array_foreach(list, i, gate)
    {
        bit =
            json_is_string(gate) ? kuji_gate_parse(json_string_value(gate)) : 0;
        if (!bit || seen & bit) {
            kuji_fields_wrong(f, "gates",
                              "holds a gate twice or something else than "
                              "open, code, api, passphrase, email, line and "
                              "purchase");
            return;
        }
        seen |= bit;
    }
    if (kuji_fields_has(f, "email_fold")) {
        kuji_fields_bool(f, "email_fold");
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
    kuji_config__prize_kind(&f);
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
    for (i = 0; i < KUJI_CONFIG_LIMITS; i++) {
        if (kuji_fields_has(&f, kuji_config__limits[i])) {
            kuji_fields_limit(&f, kuji_config__limits[i]);
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
        kuji_fields_int(&f, "retention_days", 0, KUJI_RETENTION_MAX);
    }
    kuji_fields_end(&f);
}

static void check_page(kuji_fields_t *f)
{
    check_texts(f);
    check_privacy(f);
    kuji_config__claim_fields(f);
    if (kuji_fields_has(f, "show_left")) {
        kuji_fields_bool(f, "show_left");
    }
    if (kuji_fields_has(f, "claim_days")) {
        kuji_fields_int(f, "claim_days", 1, KUJI_CLAIM_DAYS_MAX);
    }
    if (kuji_fields_has(f, "mail")) {
        kuji_mail_texts_check(f->why, kuji_fields_any(f, "mail"), f->pool);
    }
    if (kuji_fields_has(f, "theme")) {
        choice(f, "theme", themes);
    }
    kuji_config__reveal(f);
}

/* A draft may be without prizes for a while: one that any method takes stands
 * in for them, so that the rest is checked all the same. */
static void stand_in(json_t *doc, const json_t *config)
{
    json_t *prizes = json_object_get(doc, "prizes"), *prize;
    int method = kuji_method_parse(kuji_config__text(config, "method"));

    if (json_array_size(prizes)) {
        return;
    }
    prize = json_pack("{s:s, s:s, s:i}", "code", "x", "name", "x", "units", 1);
    if (method == KUJI_ODDS) {
        json_object_set_new(prize, "weight", json_integer(0));
    }
    else if (method == KUJI_MOMENT) {
        json_object_set(prize, "from", json_object_get(config, "opens_at"));
        json_object_set(prize, "until", json_object_get(config, "closes_at"));
    }
    json_array_append_new(prizes, prize);
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
    stand_in(doc, config);
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
    kuji_config__purchase(&f, config);
    check_page(&f);
    rv = kuji_fields_end(&f);
    return rv == APR_SUCCESS ? check_manifest(why, config, pool) : rv;
}
