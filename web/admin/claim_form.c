/* /admin/campaigns/{slug}/claim-form: what winners of parcels are asked for, in
 * which order, and how long they have.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/claim_form.h"
#include "web/admin/admin.h"
#include "web/admin/desk.h"

#include <apr_strings.h>

#define LABEL_MAX 300

static const char *const uses[] = {"no", "optional", "required", NULL};

static const char *named(const kuji_desk_t *desk, const char *what, int field)
{
    return apr_pstrcat(desk->page.pool, what, "_",
                       kuji_claim_field_name((kuji_claim_field_e)field), NULL);
}

/* The place of a field in the form, or -1. */
static int place_of(const kuji_claim_form_t *form, int field)
{
    int i;

    for (i = 0; i < form->count; i++) {
        if ((int)form->asks[i].field == field) {
            return i;
        }
    }
    return -1;
}

static void show_fields(kuji_desk_t *desk)
{
    kuji_claim_form_t form;
    const kuji_claim_ask_t *note = NULL;
    int field, place, rest;

    kuji_claim_form_read(&form, desk->config);
    rest = form.count;
    for (field = 0; field < KUJI_FIELD_LAST; field++) {
        place = place_of(&form, field);
        kuji_console_select(&desk->page, named(desk, "use", field),
                            place < 0                      ? "no"
                            : form.asks[place].is_required ? "required"
                                                           : "optional",
                            uses, "admin.claim_form.use");
        kuji_console_field(
            &desk->page, named(desk, "order", field),
            apr_itoa(desk->page.pool, 1 + (place < 0 ? rest++ : place)));
        if (field == KUJI_FIELD_NOTE && place >= 0) {
            note = &form.asks[place];
        }
    }
    kuji_console_field(&desk->page, "label", note ? note->label : NULL);
    kuji_console_field(&desk->page, "label_en", note ? note->label_en : NULL);
}

static int order_of(const kuji_desk_t *desk, int field)
{
    const json_t *fields = json_object_get(desk->page.data, "field");

    return atoi(kuji_desk_member(
        json_object_get(fields, named(desk, "order", field)), "value"));
}

/* All fields by their places; of equals the usual order. */
static void sort(int order[KUJI_FIELD_LAST], const kuji_desk_t *desk)
{
    int i, k, field;

    for (i = 0; i < KUJI_FIELD_LAST; i++) {
        field = i;
        for (k = i;
             k > 0 && order_of(desk, order[k - 1]) > order_of(desk, field);
             k--) {
            order[k] = order[k - 1];
        }
        order[k] = field;
    }
}

static int show(kuji_desk_t *desk, int status)
{
    int order[KUJI_FIELD_LAST], i;
    json_t *rows = json_array(), *fields;

    if (!json_object_size(json_object_get(desk->page.data, "field"))) {
        show_fields(desk);
    }
    fields = json_object_get(desk->page.data, "field");
    sort(order, desk);
    for (i = 0; i < KUJI_FIELD_LAST; i++) {
        const char *name = kuji_claim_field_name((kuji_claim_field_e)order[i]);
        const char *label =
            apr_pstrcat(desk->page.pool, "admin.claim_field.", name, NULL);

        json_array_append_new(
            rows,
            json_pack("{s:s, s:s, s:O, s:O}", "name", name, "label",
                      kuji_render_text(desk->page.web, label, NULL), "use",
                      json_object_get(fields, named(desk, "use", order[i])),
                      "order",
                      json_object_get(fields, named(desk, "order", order[i]))));
    }
    json_object_set_new(desk->page.data, "rows", rows);
    return kuji_console_send(&desk->page, status, "claim-form");
}

/* question: what the note asks. */
static json_t *entry(int field, const char *use, json_t *question)
{
    json_t *out = json_pack("{s:s, s:b}", "name",
                            kuji_claim_field_name((kuji_claim_field_e)field),
                            "required", strcmp(use, "required") == 0);

    if (field == KUJI_FIELD_NOTE) {
        json_object_update(out, question);
    }
    return out;
}

static void take(kuji_desk_t *desk, json_t *config)
{
    int order[KUJI_FIELD_LAST], i;
    json_t *list = json_array(), *question = json_object();
    const char *use;

    kuji_desk_optional(desk, "label", question, "label", LABEL_MAX);
    kuji_desk_optional(desk, "label_en", question, "label_en", LABEL_MAX);

    for (i = 0; i < KUJI_FIELD_LAST; i++) {
        kuji_desk_int(desk, named(desk, "order", i), 1, 99, NULL);
    }
    sort(order, desk);
    for (i = 0; i < KUJI_FIELD_LAST; i++) {
        use = kuji_desk_choice(desk, named(desk, "use", order[i]), uses);
        if (use && strcmp(use, "no") != 0) {
            json_array_append_new(list, entry(order[i], use, question));
        }
    }
    json_decref(question);
    if (!json_array_size(list)) {
        kuji_console_refuse(&desk->page, "admin.claim_form.none", NULL);
        desk->page.errors++;
    }
    json_object_set_new(config, "claim_fields", list);
}

int kuji_console_claim_form_page(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "claim_form");

    return done == DECLINED ? show(&desk, HTTP_OK) : done;
}

int kuji_console_claim_form(kuji_web_t *web)
{
    const kuji_desk_next_t next = {show, "/claim-form", "saved"};
    kuji_desk_t desk;
    json_t *config;
    int done = kuji_desk_open_form(&desk, web, "claim_form");

    if (done != DECLINED) {
        return done;
    }
    config = kuji_desk_copy(&desk);
    show_fields(&desk);
    take(&desk, config);
    return desk.page.errors ? show(&desk, HTTP_UNPROCESSABLE_ENTITY)
                            : kuji_desk_save(&desk, config, &next);
}
