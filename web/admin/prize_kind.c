/* A prize's form: what only its kind has. Nothing of it is in the manifest.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/prize_kind.h"

#include "core/config.h"

#include <apr_strings.h>

#define TEXT_MAX 20000
#define URL_MAX 2000

static const char *const names[] = {"url",        "message",  "message_en",
                                    "terms",      "terms_en", "valid_from",
                                    "valid_until"};
#define NAMES (sizeof names / sizeof *names)
/** Those that are times. */
#define TIMES 5

void kuji_prize_kind_show(kuji_desk_t *desk, const json_t *prize)
{
    unsigned i;

    for (i = 0; i < TIMES; i++) {
        kuji_console_field(&desk->page, names[i],
                           kuji_desk_member(prize, names[i]));
    }
    for (; i < NAMES; i++) {
        kuji_desk_show_time(desk, names[i], json_object_get(prize, names[i]));
    }
}

static void take_time(kuji_desk_t *desk, json_t *prize, const json_t *was,
                      const char *name)
{
    if (kuji_console_get(&desk->page, name)) {
        json_object_set_new(prize, name,
                            json_integer(kuji_desk_time(
                                desk, name, json_object_get(was, name))));
    }
}

static void take_coupon(kuji_desk_t *desk, json_t *prize, const json_t *was)
{
    json_int_t from, until;

    kuji_desk_optional(desk, "terms", prize, "terms", TEXT_MAX);
    kuji_desk_optional(desk, "terms_en", prize, "terms_en", TEXT_MAX);
    take_time(desk, prize, was, "valid_from");
    take_time(desk, prize, was, "valid_until");
    from = json_integer_value(json_object_get(prize, "valid_from"));
    until = json_integer_value(json_object_get(prize, "valid_until"));
    if (json_object_get(prize, "valid_until") && from >= until &&
        !desk->page.errors) {
        kuji_console_error(&desk->page, "valid_until", "admin.error.validity",
                           NULL);
    }
}

static void take_link(kuji_desk_t *desk, json_t *prize)
{
    const char *url;

    kuji_desk_optional(desk, "url", prize, "url", URL_MAX);
    url = json_string_value(json_object_get(prize, "url"));
    if (url && !kuji_config_is_link(url)) {
        kuji_console_error(&desk->page, "url", "admin.error.link", NULL);
    }
}

static void take_message(kuji_desk_t *desk, json_t *prize)
{
    kuji_desk_optional(desk, "message", prize, "message", TEXT_MAX);
    kuji_desk_optional(desk, "message_en", prize, "message_en", TEXT_MAX);
}

/* A draft's form has the fields of all kinds, and all are checked; what its
 * kind does not have is not kept. */
void kuji_prize_kind_take(kuji_desk_t *desk, json_t *prize, const json_t *was)
{
    const char *kind = kuji_desk_member(prize, "kind");
    int coupon = strcmp(kind, "coupon") == 0, link = strcmp(kind, "link") == 0;
    int message = strcmp(kind, "message") == 0;
    json_t *dropped = json_object();
    unsigned i;

    for (i = 0; i < NAMES; i++) {
        json_object_del(prize, names[i]);
    }
    if (coupon || desk->is_draft) {
        take_coupon(desk, coupon ? prize : dropped, was);
    }
    if (link || desk->is_draft) {
        take_link(desk, link ? prize : dropped);
    }
    if (message || desk->is_draft) {
        take_message(desk, message ? prize : dropped);
    }
    json_decref(dropped);
}

void kuji_prize_kind_sections(kuji_desk_t *desk, const char *kind)
{
    static const char *const kinds[] = {"coupon", "link", "message"};
    const char *name;
    unsigned i;

    for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        name = apr_pstrcat(desk->page.pool, "for_", kinds[i], NULL);
        /* A draft's kind may be changed on the same page. */
        if (desk->is_draft || strcmp(kinds[i], kind) == 0) {
            json_object_set_new(desk->page.data, name, json_true());
        }
    }
}
