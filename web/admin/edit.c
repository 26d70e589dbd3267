/* What a campaign is: name, period, method, who may draw how often. A new one
 * begins here; from publication on this is fixed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"
#include "web/admin/live.h"

#include "core/config.h"

#include <apr_strings.h>

#define NAME_MAX_BYTES 300
#define ZONE_MAX 64
#define FIRST_DAYS 14
#define DAY_MS ((int64_t)86400000)

/* drand's quicknet: a round each three seconds since then. */
#define QUICKNET                                                               \
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
#define QUICKNET_GENESIS ((int64_t)1692803367)
#define QUICKNET_SECONDS 3
/** Between the end and the round: whoever draws last does not know it yet. */
#define BEACON_AFTER_SECONDS 60

static const char *const methods[] = {"odds", "box", "moment", "raffle", NULL};
/* None of them: open. */
static const char *const gates[] = {"code", "passphrase", "email", "line",
                                    "api",  "purchase",   NULL};
static const char *const zones[] = {"Asia/Tokyo",       "UTC",
                                    "Asia/Seoul",       "Asia/Shanghai",
                                    "Asia/Taipei",      "Asia/Singapore",
                                    "Asia/Bangkok",     "Australia/Sydney",
                                    "Pacific/Honolulu", "America/Los_Angeles",
                                    "America/New_York", "Europe/London",
                                    "Europe/Paris",     NULL};
static const char *const limits[] = {"draws_per_participant",
                                     "draws_per_participant_day",
                                     "wins_per_participant",
                                     "draws_per_day",
                                     "draws",
                                     NULL};

/* blank, and each prize by its code and name. */
static void show_sold_out(kuji_desk_t *desk)
{
    static const char *const blank[] = {"blank", NULL};
    const char *now = kuji_desk_member(desk->config, "sold_out");
    const json_t *prize;
    json_t *field, *options;
    apr_size_t i;

    kuji_console_select(&desk->page, "sold_out", *now ? now : "blank", blank,
                        "admin.edit.sold_out_options");
    field =
        json_object_get(json_object_get(desk->page.data, "field"), "sold_out");
    options = json_object_get(field, "options");
    now = kuji_desk_member(field, "value");
    json_array_foreach(json_object_get(desk->config, "prizes"), i, prize)
    {
        const char *code = kuji_desk_member(prize, "code");

        json_array_append_new(
            options, json_pack("{s:s, s:s, s:b}", "value", code, "label",
                               kuji_desk_member(prize, "name"), "selected",
                               !strcmp(code, now)));
    }
}

/* A zone that is none of ours comes from the API and stays. */
static void show_zone(kuji_desk_t *desk)
{
    const char *now = kuji_desk_member(desk->config, "timezone"), **list;
    unsigned count = sizeof zones / sizeof *zones, i;
    json_t *options = json_array();

    list = apr_pcalloc(desk->page.pool, (count + 1) * sizeof *list);
    list[0] = now;
    for (i = 0; zones[i]; i++) {
        list[i + 1] = zones[i];
    }
    kuji_console_field(&desk->page, "timezone", now);
    now = kuji_desk_member(
        json_object_get(json_object_get(desk->page.data, "field"), "timezone"),
        "value");
    for (i = 0; list[i]; i++) {
        if (i == 0 || strcmp(list[i], list[0])) {
            json_array_append_new(
                options, json_pack("{s:s, s:s, s:b}", "value", list[i], "label",
                                   list[i], "selected", !strcmp(list[i], now)));
        }
    }
    json_object_set_new(
        json_object_get(json_object_get(desk->page.data, "field"), "timezone"),
        "options", options);
}

static void show_rules(kuji_desk_t *desk)
{
    const json_t *c = desk->config, *given = json_object_get(c, "limits");
    unsigned i;

    kuji_console_select(&desk->page, "method", kuji_desk_member(c, "method"),
                        methods, "admin.method");
    kuji_desk_show_int(desk, "odds_total", json_object_get(c, "odds_total"));
    show_sold_out(desk);
    kuji_desk_show_int(desk, "blanks", json_object_get(c, "blanks"));
    kuji_desk_show_int(desk, "alternates", json_object_get(c, "alternates"));
    kuji_console_field(&desk->page, "beacon",
                       json_is_object(json_object_get(c, "beacon")) ? "yes"
                                                                    : "");
    json_object_set_new(
        json_object_get(json_object_get(desk->page.data, "field"), "beacon"),
        "checked",
        json_boolean(desk->page.form
                         ? kuji_console_get(&desk->page, "beacon") != NULL
                         : json_is_object(json_object_get(c, "beacon"))));
    kuji_desk_choices(desk, "gate", gates, "admin.gate",
                      json_object_get(c, "gates"));
    json_object_set_new(
        desk->page.data, "email_fold",
        json_boolean(desk->page.form
                         ? kuji_console_get(&desk->page, "email_fold") != NULL
                         : json_is_true(json_object_get(c, "email_fold"))));
    kuji_console_show_purchase(desk);
    for (i = 0; limits[i]; i++) {
        kuji_desk_show_int(desk, limits[i], json_object_get(given, limits[i]));
    }
}

static int show(kuji_desk_t *desk, int status);

static void show_fields(kuji_desk_t *desk)
{
    const json_t *c = desk->config;

    kuji_console_field(&desk->page, "title", kuji_desk_member(c, "title"));
    kuji_console_field(&desk->page, "slug", kuji_desk_member(c, "slug"));
    show_zone(desk);
    kuji_desk_show_time(desk, "opens_at", json_object_get(c, "opens_at"));
    kuji_desk_show_time(desk, "closes_at", json_object_get(c, "closes_at"));
    show_rules(desk);
}

static int show(kuji_desk_t *desk, int status)
{
    if (!json_object_size(json_object_get(desk->page.data, "field"))) {
        show_fields(desk);
    }
    if (desk->is_draft) {
        kuji_live_show(desk, 1);
    }
    json_object_set_new(desk->page.data, "locked",
                        json_boolean(desk->view && !desk->is_draft));
    json_object_set_new(desk->page.data, "is_new",
                        json_boolean(desk->view == NULL));
    json_object_set_new(desk->page.data, "host",
                        json_string(desk->page.web->tenant->host));
    return kuji_console_send(&desk->page, status, "edit");
}

/* As core/config.c has it: said here at the field. */
static void check_slug(kuji_desk_t *desk, const char *slug)
{
    apr_size_t len = slug ? strlen(slug) : 0;

    if (slug &&
        (len > 63 || *slug == '-' ||
         strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)) {
        kuji_console_error(&desk->page, "slug", "admin.error.slug", NULL);
    }
}

/* The round that comes a minute after the end. */
static json_t *beacon_after(int64_t closes_at)
{
    int64_t wanted = closes_at / 1000 + BEACON_AFTER_SECONDS;
    int64_t round =
        (wanted - QUICKNET_GENESIS + QUICKNET_SECONDS - 1) / QUICKNET_SECONDS +
        1;

    if (wanted <= QUICKNET_GENESIS) {
        return json_null();
    }
    return json_pack(
        "{s:s, s:I, s:I}", "chain_hash", QUICKNET, "round", (json_int_t)round,
        "time",
        (json_int_t)((QUICKNET_GENESIS + (round - 1) * QUICKNET_SECONDS) *
                     1000));
}

static void take_beacon(kuji_desk_t *desk, json_t *config, int64_t closes_at)
{
    const json_t *old = json_object_get(config, "beacon");

    if (!kuji_console_get(&desk->page, "beacon")) {
        json_object_del(config, "beacon");
    }
    else if (!json_is_object(old) ||
             closes_at != json_integer_value(
                              json_object_get(desk->config, "closes_at"))) {
        json_object_set_new(config, "beacon", beacon_after(closes_at));
    }
}

static void take_int(kuji_desk_t *desk, json_t *config, const char *name,
                     int64_t min)
{
    int given;
    int64_t value = kuji_desk_int(desk, name, min, KUJI_INT_MAX, &given);

    if (given) {
        json_object_set_new(config, name, json_integer(value));
    }
    else {
        json_object_del(config, name);
    }
}

static void take_method(kuji_desk_t *desk, json_t *config, int64_t closes_at)
{
    const char *method = kuji_desk_choice(desk, "method", methods);
    const char *sold_out = kuji_console_get(&desk->page, "sold_out");

    if (!method) {
        return;
    }
    json_object_set_new(config, "method", json_string(method));
    if (!strcmp(method, "odds")) {
        take_int(desk, config, "odds_total", 1);
        json_object_set_new(config, "sold_out",
                            json_string(sold_out ? sold_out : "blank"));
    }
    else if (!strcmp(method, "box")) {
        take_int(desk, config, "blanks", 0);
    }
    else if (!strcmp(method, "raffle")) {
        take_int(desk, config, "alternates", 0);
        take_beacon(desk, config, closes_at);
    }
}

static void take_gates(kuji_desk_t *desk, json_t *config)
{
    json_t *chosen = kuji_desk_chosen(desk, "gate", gates);

    if (json_array_size(chosen) == 0) {
        json_array_append_new(chosen, json_string("open"));
    }
    json_object_set_new(config, "gates", chosen);
    if (kuji_console_get(&desk->page, "email_fold")) {
        json_object_set_new(config, "email_fold", json_true());
    }
    else {
        json_object_del(config, "email_fold");
    }
    kuji_console_take_purchase(desk, config);
}

static void take_limits(kuji_desk_t *desk, json_t *config)
{
    json_t *object = json_object();
    unsigned i;

    for (i = 0; limits[i]; i++) {
        take_int(desk, object, limits[i], 1);
    }
    json_object_set_new(config, "limits", object);
}

/* Moments that lasted the whole period go on doing so. */
static void move_moments(const kuji_desk_t *desk, json_t *config)
{
    static const char *const names[][2] = {{"from", "opens_at"},
                                           {"until", "closes_at"}};
    json_t *prize;
    apr_size_t i;
    unsigned k;

    json_array_foreach(json_object_get(config, "prizes"), i, prize)
    {
        for (k = 0; k < 2; k++) {
            if (json_equal(json_object_get(prize, names[k][0]),
                           json_object_get(desk->config, names[k][1]))) {
                json_object_set(prize, names[k][0],
                                json_object_get(config, names[k][1]));
            }
        }
    }
}

static void take_period(kuji_desk_t *desk, json_t *config)
{
    const char *zone = kuji_console_get(&desk->page, "timezone");
    int64_t opens, closes;

    if (zone && strlen(zone) > ZONE_MAX) {
        kuji_console_error(&desk->page, "timezone", "admin.error.choice", NULL);
    }
    else if (zone) {
        desk->zone = kuji_zone_load(zone, desk->page.pool);
        json_object_set_new(config, "timezone", json_string(zone));
    }
    opens = kuji_desk_time(desk, "opens_at",
                           json_object_get(desk->config, "opens_at"));
    closes = kuji_desk_time(desk, "closes_at",
                            json_object_get(desk->config, "closes_at"));
    if (!desk->page.errors && opens >= closes) {
        kuji_console_error(&desk->page, "closes_at", "admin.error.period",
                           NULL);
    }
    json_object_set_new(config, "opens_at", json_integer(opens));
    json_object_set_new(config, "closes_at", json_integer(closes));
    move_moments(desk, config);
    take_method(desk, config, closes);
}

static void take(kuji_desk_t *desk, json_t *config)
{
    const char *title, *slug;

    show_fields(desk);
    title = kuji_desk_text(desk, "title", NAME_MAX_BYTES);
    slug = kuji_desk_text(desk, "slug", 63);
    check_slug(desk, slug);
    json_object_set_new(config, "title", json_string(title ? title : ""));
    json_object_set_new(config, "slug", json_string(slug ? slug : ""));
    take_period(desk, config);
    take_gates(desk, config);
    take_limits(desk, config);
    kuji_config_fit(config);
}

int kuji_console_edit_page(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "edit");

    return done == DECLINED ? show(&desk, HTTP_OK) : done;
}

int kuji_console_edit(kuji_web_t *web)
{
    const kuji_desk_next_t next = {show, "", "saved"};
    kuji_desk_t desk;
    json_t *config;
    int done = kuji_desk_open_form(&desk, web, "edit");

    if (done != DECLINED) {
        return done;
    }
    config = kuji_desk_copy(&desk);
    take(&desk, config);
    if (kuji_live_asked(&desk)) {
        return kuji_live_answer(&desk, config, show);
    }
    return desk.page.errors ? show(&desk, HTTP_UNPROCESSABLE_ENTITY)
                            : kuji_desk_save(&desk, config, &next);
}

static apr_status_t drop(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

/* A campaign before it is one: two weeks from the day after tomorrow. */
static void begin(kuji_desk_t *desk, kuji_web_t *web)
{
    int64_t now = apr_time_as_msec(web->r->request_time), opens;
    json_t *config;

    desk->act = kuji_console_act(web);
    desk->is_draft = 1;
    desk->zone = kuji_zone_load("Asia/Tokyo", desk->page.pool);
    opens = kuji_zone_next_day(desk->zone, now + DAY_MS);
    config = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:[s], s:[], s:{s:i}}",
                       "title", "", "slug", "", "method", "odds", "timezone",
                       "Asia/Tokyo", "opens_at", (json_int_t)opens, "closes_at",
                       (json_int_t)(opens + FIRST_DAYS * DAY_MS), "gates",
                       "open", "prizes", "limits", "draws_per_participant", 1);
    apr_pool_cleanup_register(desk->page.pool, config, drop,
                              apr_pool_cleanup_null);
    kuji_config_fit(config);
    desk->config = config;
}

int kuji_console_new_page(kuji_web_t *web)
{
    kuji_desk_t desk = {.view = NULL};
    int done = kuji_console_open(&desk.page, web, "campaigns");

    if (done != DECLINED) {
        return done;
    }
    begin(&desk, web);
    return show(&desk, HTTP_OK);
}

int kuji_console_new(kuji_web_t *web)
{
    kuji_desk_t desk = {.view = NULL};
    const char *uuid, *why = NULL;
    json_t *config;
    apr_status_t rv;
    int done = kuji_console_open(&desk.page, web, "campaigns");

    if (done != DECLINED ||
        (done = kuji_console_form(&desk.page)) != DECLINED) {
        return done;
    }
    begin(&desk, web);
    config = kuji_desk_copy(&desk);
    take(&desk, config);
    if (desk.page.errors) {
        return show(&desk, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv = kuji_campaign_create(&uuid, &why, &desk.act, config, desk.page.pool);
    if (rv == KUJI_ECONFLICT) {
        kuji_console_error(&desk.page, "slug", "admin.error.slug_taken", NULL);
        return show(&desk, HTTP_CONFLICT);
    }
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "creating a campaign", show);
    }
    web->slug = kuji_desk_member(config, "slug");
    return kuji_desk_done(&desk, "", "created", NULL);
}
