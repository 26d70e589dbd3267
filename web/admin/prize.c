/* One prize's form.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"
#include "web/admin/live.h"
#include "web/admin/picks.h"
#include "web/admin/prize_kind.h"

#include "core/config.h"

#include <apr_strings.h>

#define NAME_MAX_BYTES 300
#define TEXT_MAX 20000
/** Rows of a release schedule; some are always empty. */
#define RELEASES_MAX 60
#define RELEASES_SPARE 3

static const char *const kinds[] = {"parcel", "gift_code", "coupon",
                                    "link",   "message",   NULL};
static const char *const words[] = {"grade", "description", "name_en",
                                    "description_en", NULL};

/* The prize of the path, or nothing for a new one. */
typedef struct form_t {
    kuji_desk_t desk; /* first: what is shown again is this form */
    const json_t *prize;
    apr_size_t place;
} form_t;

static const char *numbered(const kuji_desk_t *desk, const char *name,
                            unsigned i)
{
    return apr_psprintf(desk->page.pool, "%s_%u", name, i);
}

static unsigned release_rows(const form_t *f)
{
    unsigned rows, i;

    rows = (unsigned)json_array_size(json_object_get(f->prize, "releases"));
    for (i = rows; f->desk.page.form && i < RELEASES_MAX; i++) {
        if (kuji_console_get(&f->desk.page,
                             numbered(&f->desk, "release_units", i))) {
            rows = i + 1;
        }
    }
    rows += RELEASES_SPARE;
    return rows < RELEASES_MAX ? rows : RELEASES_MAX;
}

static void show_releases(form_t *f)
{
    const json_t *list = json_object_get(f->prize, "releases"), *release;
    kuji_desk_t *desk = &f->desk;
    unsigned rows = release_rows(f), i;

    for (i = 0; i < rows; i++) {
        release = json_array_get(list, i);
        kuji_desk_show_time(desk, numbered(desk, "release_at", i),
                            json_object_get(release, "at"));
        kuji_desk_show_int(desk, numbered(desk, "release_units", i),
                           json_object_get(release, "units"));
    }
}

/* A new prize's moments last the whole period. */
static const json_t *moment_of(const form_t *f, const char *name,
                               const char *period)
{
    return f->prize ? json_object_get(f->prize, name)
                    : json_object_get(f->desk.config, period);
}

static void show_fields(form_t *f)
{
    kuji_desk_t *desk = &f->desk;
    const json_t *p = f->prize;
    const char *kind = kuji_desk_member(p, "kind");
    unsigned i;

    kuji_console_field(&desk->page, "name", kuji_desk_member(p, "name"));
    kuji_console_field(&desk->page, "code", kuji_desk_member(p, "code"));
    kuji_console_select(&desk->page, "kind", *kind ? kind : "parcel", kinds,
                        "admin.kind");
    kuji_desk_show_int(desk, "units", json_object_get(p, "units"));
    kuji_desk_show_int(desk, "weight", json_object_get(p, "weight"));
    kuji_desk_show_time(desk, "from", moment_of(f, "from", "opens_at"));
    kuji_desk_show_time(desk, "until", moment_of(f, "until", "closes_at"));
    show_releases(f);
    kuji_prize_kind_show(desk, p);
    for (i = 0; words[i]; i++) {
        kuji_console_field(&desk->page, words[i],
                           kuji_desk_member(p, words[i]));
    }
}

/* The rows of the schedule as the template goes through them: the two fields
 * of each side by side. */
static json_t *schedule(const form_t *f)
{
    const json_t *fields = json_object_get(f->desk.page.data, "field");
    json_t *rows = json_array(), *at;
    unsigned i;

    for (i = 0;
         (at = json_object_get(fields, numbered(&f->desk, "release_at", i)));
         i++) {
        json_array_append_new(
            rows,
            json_pack("{s:O, s:O}", "at", at, "units",
                      json_object_get(fields,
                                      numbered(&f->desk, "release_units", i))));
    }
    return rows;
}

/* What the other prizes have taken of the odds. */
static void add_room(form_t *f)
{
    const json_t *prize;
    json_int_t total, used = 0;
    apr_size_t i;

    total = json_integer_value(json_object_get(f->desk.config, "odds_total"));
    json_array_foreach(json_object_get(f->desk.config, "prizes"), i, prize)
    {
        if (prize != f->prize) {
            used += json_integer_value(json_object_get(prize, "weight"));
        }
    }
    json_object_update_new(
        f->desk.page.data,
        json_pack("{s:s, s:s, s:b}", "odds_total",
                  kuji_desk_count(&f->desk, total), "odds_room",
                  kuji_desk_count(&f->desk, total - used),
                  kuji_method_name(f->desk.view->method), 1));
}

static int show(kuji_desk_t *desk, int status)
{
    form_t *f = (form_t *)desk;
    const kuji_pick_field_t picture = {"image",
                                       kuji_desk_member(f->prize, "image")};
    apr_status_t rv = kuji_console_picks(&desk->page, &picture, 1);

    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk->page, rv, "listing images");
    }
    if (!json_object_size(json_object_get(desk->page.data, "field"))) {
        show_fields(f);
    }
    kuji_live_show(desk, desk->is_draft);
    add_room(f);
    json_object_set_new(desk->page.data, "schedule", schedule(f));
    kuji_prize_kind_sections(desk, kuji_desk_member(f->prize, "kind"));
    json_object_set_new(desk->page.data, "locked",
                        json_boolean(!desk->is_draft));
    if (f->prize) {
        json_object_set_new(
            desk->page.data, "prize",
            json_pack("{s:s, s:s}", "code", kuji_desk_member(f->prize, "code"),
                      "name", kuji_desk_member(f->prize, "name")));
    }
    return kuji_console_send(&desk->page, status, "prize");
}

/* Finds the path's prize; a path without one is a new prize's. */
static int find(form_t *f)
{
    const char *code = f->desk.page.web->name;
    const json_t *list = json_object_get(f->desk.config, "prizes"), *prize;

    f->prize = NULL;
    f->place = json_array_size(list);
    if (!code) {
        return DECLINED;
    }
    json_array_foreach(list, f->place, prize)
    {
        if (!strcmp(kuji_desk_member(prize, "code"), code)) {
            f->prize = prize;
            return DECLINED;
        }
    }
    return kuji_console_failure(&f->desk.page, KUJI_ENOTFOUND, "a prize");
}

int kuji_console_prize_page(kuji_web_t *web)
{
    form_t f;
    int done = kuji_desk_open(&f.desk, web, "prizes");

    if (done != DECLINED || (done = find(&f)) != DECLINED) {
        return done;
    }
    return show(&f.desk, HTTP_OK);
}

static int is_code(const char *code)
{
    return kuji_manifest_code_ok(code);
}

static void check_code(form_t *f, const char *code)
{
    const json_t *prize;
    apr_size_t i;

    if (code && !is_code(code)) {
        kuji_console_error(&f->desk.page, "code", "admin.error.prize_code",
                           NULL);
        return;
    }
    json_array_foreach(json_object_get(f->desk.config, "prizes"), i, prize)
    {
        if (code && prize != f->prize &&
            !strcmp(kuji_desk_member(prize, "code"), code)) {
            kuji_console_error(&f->desk.page, "code",
                               "admin.error.prize_code_taken", NULL);
        }
    }
}

/* What a program has planned may be longer than the form. */
static void keep_rest(const form_t *f, json_t *list, unsigned rows)
{
    const json_t *all = json_object_get(f->prize, "releases");
    apr_size_t i;

    for (i = rows; i < json_array_size(all); i++) {
        json_array_append(list, json_array_get(all, i));
    }
}

/* A row counts where it says both; half a row is wrong. */
static void take_releases(form_t *f, json_t *prize, int64_t units)
{
    kuji_desk_t *desk = &f->desk;
    json_t *list = json_array();
    unsigned rows = release_rows(f), i;
    int64_t sum = 0, at, some;
    int given;

    for (i = 0; i < rows; i++) {
        const char *when = numbered(desk, "release_at", i);
        const char *many = numbered(desk, "release_units", i);

        some = kuji_desk_int(desk, many, 1, KUJI_INT_MAX, &given);
        if (!given && !kuji_console_get(&desk->page, when)) {
            continue;
        }
        at = kuji_desk_time(
            desk, when,
            json_object_get(
                json_array_get(json_object_get(f->prize, "releases"), i),
                "at"));
        if (!given) {
            kuji_console_error(&desk->page, many, "admin.error.missing", NULL);
        }
        sum += some;
        if (sum > units) {
            kuji_console_error(&desk->page, many, "admin.error.releases", NULL);
        }
        json_array_append_new(list,
                              json_pack("{s:I, s:I}", "at", (json_int_t)at,
                                        "units", (json_int_t)some));
    }
    keep_rest(f, list, rows);
    if (json_array_size(list)) {
        json_object_set_new(prize, "releases", list);
    }
    else {
        json_decref(list);
        json_object_del(prize, "releases");
    }
}

static void take_weight(form_t *f, json_t *prize)
{
    const json_t *other;
    int64_t total, used = 0, weight;
    json_t *data;
    apr_size_t i;

    total = json_integer_value(json_object_get(f->desk.config, "odds_total"));
    json_array_foreach(json_object_get(f->desk.config, "prizes"), i, other)
    {
        if (other != f->prize) {
            used += json_integer_value(json_object_get(other, "weight"));
        }
    }
    weight = kuji_desk_int(&f->desk, "weight", 0, KUJI_INT_MAX, NULL);
    if (weight > total - used) {
        data =
            json_pack("{s:s, s:s}", "total", kuji_desk_count(&f->desk, total),
                      "room", kuji_desk_count(&f->desk, total - used));
        kuji_console_error(&f->desk.page, "weight", "admin.error.weight", data);
        json_decref(data);
    }
    json_object_set_new(prize, "weight", json_integer(weight));
}

static void take_moments(form_t *f, json_t *prize)
{
    const json_t *c = f->desk.config;
    int64_t from =
        kuji_desk_time(&f->desk, "from", moment_of(f, "from", "opens_at"));
    int64_t until =
        kuji_desk_time(&f->desk, "until", moment_of(f, "until", "closes_at"));

    if (!f->desk.page.errors &&
        (from >= until ||
         from < json_integer_value(json_object_get(c, "opens_at")) ||
         until > json_integer_value(json_object_get(c, "closes_at")))) {
        kuji_console_error(&f->desk.page, "until", "admin.error.moment", NULL);
    }
    json_object_set_new(prize, "from", json_integer(from));
    json_object_set_new(prize, "until", json_integer(until));
}

/* What the manifest will hold. */
static void take_promise(form_t *f, json_t *prize)
{
    kuji_desk_t *desk = &f->desk;
    const char *name = kuji_desk_text(desk, "name", NAME_MAX_BYTES);
    const char *code = kuji_desk_text(desk, "code", 32);
    const char *kind = kuji_desk_choice(desk, "kind", kinds);
    int64_t units = kuji_desk_int(desk, "units", 1, KUJI_INT_MAX, NULL);

    check_code(f, code);
    json_object_set_new(prize, "name", json_string(name ? name : ""));
    json_object_set_new(prize, "code", json_string(code ? code : ""));
    json_object_set_new(prize, "kind", json_string(kind ? kind : ""));
    json_object_set_new(prize, "units", json_integer(units));
    if (desk->view->method == KUJI_ODDS) {
        take_weight(f, prize);
        take_releases(f, prize, units);
    }
    if (desk->view->method == KUJI_MOMENT) {
        take_moments(f, prize);
    }
}

/* Only by another hand than the page's is it none that is there. */
static void take_image(form_t *f, json_t *prize)
{
    const char *name = kuji_console_get(&f->desk.page, "image");

    json_object_del(prize, "image");
    if (name) {
        json_object_set_new(prize, "image", json_string(name));
    }
}

/* What the prize was called when others named it. */
static void rename_sold_out(form_t *f, json_t *config, const json_t *prize)
{
    if (f->prize && !strcmp(kuji_desk_member(config, "sold_out"),
                            kuji_desk_member(f->prize, "code"))) {
        json_object_set(config, "sold_out", json_object_get(prize, "code"));
    }
}

int kuji_console_prize(kuji_web_t *web)
{
    const kuji_desk_next_t next = {show, "/prizes", "prize_saved"};
    form_t f;
    json_t *config, *list, *prize;
    unsigned i;
    int done = kuji_desk_open_form(&f.desk, web, "prizes");

    if (done != DECLINED || (done = find(&f)) != DECLINED) {
        return done;
    }
    config = kuji_desk_copy(&f.desk);
    list = json_object_get(config, "prizes");
    show_fields(&f);
    if (!f.prize) {
        json_array_append_new(list, json_object());
    }
    prize = json_array_get(list, f.place);
    if (f.desk.is_draft) {
        take_promise(&f, prize);
        rename_sold_out(&f, config, prize);
    }
    kuji_prize_kind_take(&f.desk, prize, f.prize);
    for (i = 0; words[i]; i++) {
        kuji_desk_optional(&f.desk, words[i], prize, words[i], TEXT_MAX);
    }
    take_image(&f, prize);
    if (kuji_live_asked(&f.desk)) {
        return kuji_live_answer(&f.desk, config, show);
    }
    return f.desk.page.errors ? show(&f.desk, HTTP_UNPROCESSABLE_ENTITY)
                              : kuji_desk_save(&f.desk, config, &next);
}
