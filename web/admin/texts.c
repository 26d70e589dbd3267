/* What a campaign says beyond its manifest, personal data included: it may be
 * mended while the campaign runs.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"
#include "web/admin/live.h"

#include "core/config.h"

#include <apr_strings.h>

#define TEXT_MAX 20000

static const char *const names[] = {
    "lead",  "description", "button",  "win",     "lose",
    "rules", "organiser",   "contact", "consent", "marketing_consent",
    NULL};
static const char *const languages[] = {"ja", "en", NULL};

static const char *field_name(const kuji_desk_t *desk, unsigned language,
                              const char *name)
{
    return apr_pstrcat(desk->page.pool, languages[language], "_", name, NULL);
}

static void show_fields(kuji_desk_t *desk)
{
    const json_t *texts = json_object_get(desk->config, "texts"), *in;
    const json_t *privacy = json_object_get(desk->config, "privacy");
    unsigned l, i;

    for (l = 0; languages[l]; l++) {
        in = json_object_get(texts, languages[l]);
        for (i = 0; names[i]; i++) {
            kuji_console_field(&desk->page, field_name(desk, l, names[i]),
                               kuji_desk_member(in, names[i]));
        }
    }
    kuji_console_field(&desk->page, "purpose",
                       kuji_desk_member(privacy, "purpose"));
    kuji_console_field(&desk->page, "purpose_en",
                       kuji_desk_member(privacy, "purpose_en"));
    kuji_desk_show_int(desk, "retention_days",
                       json_object_get(privacy, "retention_days"));
    kuji_desk_show_int(desk, "claim_days",
                       json_object_get(desk->config, "claim_days"));
}

static int show(kuji_desk_t *desk, int status)
{
    if (!json_object_size(json_object_get(desk->page.data, "field"))) {
        show_fields(desk);
    }
    kuji_live_show(desk, 0);
    json_object_set_new(
        desk->page.data, "show_left",
        json_boolean(
            desk->page.form
                ? kuji_console_get(&desk->page, "show_left") != NULL
                : !json_is_false(json_object_get(desk->config, "show_left"))));
    kuji_console_show_reveal(desk);
    return kuji_console_send(&desk->page, status, "texts");
}

/* The object of that name, made where there is none. */
static json_t *child(json_t *object, const char *name)
{
    json_t *found = json_object_get(object, name);

    if (!json_is_object(found)) {
        found = json_object();
        json_object_set_new(object, name, found);
    }
    return found;
}

static void drop_empty(json_t *object, const char *name)
{
    if (!json_object_size(json_object_get(object, name))) {
        json_object_del(object, name);
    }
}

static void take_texts(kuji_desk_t *desk, json_t *config)
{
    json_t *texts = child(config, "texts");
    unsigned l, i;

    for (l = 0; languages[l]; l++) {
        json_t *in = child(texts, languages[l]);

        for (i = 0; names[i]; i++) {
            kuji_desk_optional(desk, field_name(desk, l, names[i]), in,
                               names[i], TEXT_MAX);
        }
        drop_empty(texts, languages[l]);
    }
    drop_empty(config, "texts");
}

static void take_privacy(kuji_desk_t *desk, json_t *config)
{
    json_t *privacy = child(config, "privacy");
    int given;
    int64_t days;

    kuji_desk_optional(desk, "purpose", privacy, "purpose", TEXT_MAX);
    kuji_desk_optional(desk, "purpose_en", privacy, "purpose_en", TEXT_MAX);
    days = kuji_desk_int(desk, "retention_days", 0, KUJI_RETENTION_MAX, &given);
    json_object_del(privacy, "retention_days");
    if (given) {
        json_object_set_new(privacy, "retention_days", json_integer(days));
    }
    drop_empty(config, "privacy");
}

/* Without it, winners have until their data is erased. */
static void take_claim_days(kuji_desk_t *desk, json_t *config)
{
    int given;
    int64_t days =
        kuji_desk_int(desk, "claim_days", 1, KUJI_CLAIM_DAYS_MAX, &given);

    json_object_del(config, "claim_days");
    if (given) {
        json_object_set_new(config, "claim_days", json_integer(days));
    }
}

/* What is promised to be told cannot be taken back while it runs. */
static void still_there(kuji_desk_t *desk, const json_t *config)
{
    unsigned missing = desk->is_draft ? 0 : kuji_config_missing(config);

    if (missing & KUJI_CONFIG_NO_PURPOSE) {
        kuji_console_error(&desk->page, "purpose", "admin.error.missing", NULL);
    }
    if (missing & KUJI_CONFIG_NO_RETENTION) {
        kuji_console_error(&desk->page, "retention_days", "admin.error.missing",
                           NULL);
    }
}

int kuji_console_texts_page(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "texts");

    return done == DECLINED ? show(&desk, HTTP_OK) : done;
}

int kuji_console_texts(kuji_web_t *web)
{
    const kuji_desk_next_t next = {show, "/texts", "saved"};
    kuji_desk_t desk;
    json_t *config;
    int done = kuji_desk_open_form(&desk, web, "texts");

    if (done != DECLINED) {
        return done;
    }
    config = kuji_desk_copy(&desk);
    show_fields(&desk);
    take_texts(&desk, config);
    take_privacy(&desk, config);
    take_claim_days(&desk, config);
    still_there(&desk, config);
    json_object_set_new(
        config, "show_left",
        json_boolean(kuji_console_get(&desk.page, "show_left") != NULL));
    kuji_console_take_reveal(&desk, config);
    if (kuji_live_asked(&desk)) {
        return kuji_live_answer(&desk, config, show);
    }
    return desk.page.errors ? show(&desk, HTTP_UNPROCESSABLE_ENTITY)
                            : kuji_desk_save(&desk, config, &next);
}
