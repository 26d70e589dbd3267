/* /admin/people: whom an identifier means, what is held of them, correcting,
 * erasing. What is looked for is in the form's body, never in an address.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/person.h"
#include "web/admin/admin.h"
#include "web/admin/draw.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

static const char *const usual[] = {"name",  "kana",   "postal",   "prefecture",
                                    "city",  "street", "building", "address",
                                    "phone", "mail"};
#define USUAL (sizeof usual / sizeof *usual)

static void add_person_field(json_t *list, const kuji_console_page_t *page,
                             const char *name, const json_t *value)
{
    const char *key =
        apr_pstrcat(page->pool, "admin.person.field.", name, NULL);
    const char *label = kuji_render_text(page->web, key, NULL);

    json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", name,
                                          "label", *label ? label : name,
                                          "value", json_string_value(value)));
}

json_t *kuji_persons_fields(const kuji_console_page_t *page, const json_t *data)
{
    json_t *list = json_array(), *value;
    const char *name;
    unsigned i;

    for (i = 0; i < USUAL; i++) {
        if ((value = json_object_get(data, usual[i]))) {
            add_person_field(list, page, usual[i], value);
        }
    }
    json_object_foreach((json_t *)data, name, value)
    {
        for (i = 0; i < USUAL && strcmp(usual[i], name) != 0; i++) {
        }
        if (i == USUAL) {
            add_person_field(list, page, name, value);
        }
    }
    return list;
}

int kuji_persons_found(kuji_console_page_t *page, const char *q,
                       const char *slug)
{
    const kuji_person_match_t *matches;
    kuji_act_t act = kuji_console_act(page->web);
    json_t *list = json_array();
    const char *why;
    int count = 0, i;
    apr_status_t rv =
        kuji_person_find(&matches, &count, &why, &act, q, slug, page->pool);

    if (rv != APR_SUCCESS && rv != KUJI_EINVAL) {
        json_decref(list);
        return kuji_console_failure(page, rv, "looking for a person");
    }
    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:I, s:o}", "slug", matches[i].slug, "title",
                      matches[i].title ? matches[i].title : matches[i].slug,
                      "n", (json_int_t)matches[i].n, "href",
                      json_sprintf("%s/admin/people/%s/%" APR_UINT64_T_FMT,
                                   page->web->prefix, matches[i].slug,
                                   (apr_uint64_t)matches[i].n)));
    }
    if (rv != APR_SUCCESS) {
        kuji_console_refuse(page, "admin.people.nothing", NULL);
    }
    kuji_console_field(page, "q", NULL);
    json_object_update_new(page->data,
                           json_pack("{s:b, s:b, s:b, s:o}", "searched",
                                     rv == APR_SUCCESS, "any", count > 0,
                                     "many", count == KUJI_PERSON_MATCHES_MAX,
                                     "matches", list));
    return kuji_console_send(
        page, rv == APR_SUCCESS ? HTTP_OK : HTTP_UNPROCESSABLE_ENTITY,
        "people");
}

int kuji_console_people(kuji_web_t *web)
{
    kuji_console_page_t page;
    int done = kuji_console_open(&page, web, "people");

    if (done != DECLINED) {
        return done;
    }
    kuji_console_field(&page, "q", NULL);
    return kuji_console_send(&page, HTTP_OK, "people");
}

int kuji_console_people_search(kuji_web_t *web)
{
    kuji_console_page_t page;
    const char *q;
    int done = kuji_console_open(&page, web, "people");

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    q = kuji_console_get(&page, "q");
    return kuji_persons_found(&page, q ? q : "", NULL);
}

static json_t *draw_data(kuji_claims_page_t *p, const kuji_person_draw_t *draw)
{
    json_t *data = json_pack("{s:I, s:s*, s:o}", "n", (json_int_t)draw->n,
                             "prize", kuji_claims_prize(p, draw->prize),
                             "state", kuji_claims_state(p, draw->state));

    if (draw->claim && draw->claim->data) {
        json_object_update_new(
            data, json_pack("{s:o, s:i}", "given",
                            kuji_persons_fields(&p->page, draw->claim->data),
                            "version", draw->claim->version));
    }
    if (draw->claim) {
        json_object_update_new(data, json_pack("{s:s*, s:s*, s:b}", "tracking",
                                               draw->claim->tracking, "gift",
                                               draw->claim->gift, "erased",
                                               draw->claim->erased_at != 0));
    }
    return data;
}

static json_t *consent_data(kuji_claims_page_t *p, const kuji_consent_t *c)
{
    const char *key =
        apr_pstrcat(p->page.pool, "admin.person.consent.", c->kind, NULL);
    json_t *data = json_pack("{s:s, s:s, s:s*, s:s, s:o}", "kind",
                             kuji_render_text(p->page.web, key, NULL),
                             "wording", c->wording, "purpose", c->purpose,
                             "page", c->page, "at", kuji_claims_time(p, c->at));

    if (c->withdrawn_at) {
        json_object_set_new(data, "withdrawn",
                            kuji_claims_time(p, c->withdrawn_at));
    }
    return data;
}

static void add_consents(kuji_claims_page_t *p, const kuji_person_t *person)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < person->nconsents; i++) {
        json_array_append_new(list, consent_data(p, &person->consents[i]));
    }
    json_object_set_new(p->page.data, "consents_any",
                        json_boolean(person->nconsents > 0));
    json_object_set_new(p->page.data, "consents", list);
}

static int show(kuji_claims_page_t *p, int status)
{
    const kuji_person_t *person;
    json_t *list = json_array();
    int i;
    apr_status_t rv = kuji_person_get(&person, &p->act, p->view->slug,
                                      (uint64_t)p->page.web->n, p->page.pool);

    if (rv != APR_SUCCESS) {
        json_decref(list);
        return kuji_console_failure(&p->page, rv, "reading a person");
    }
    for (i = 0; i < person->count; i++) {
        json_array_append_new(list, draw_data(p, &person->list[i]));
    }
    add_consents(p, person);
    if (!json_object_get(json_object_get(p->page.data, "field"), "confirm")) {
        kuji_console_field(&p->page, "confirm", NULL);
    }
    json_object_update_new(p->page.data,
                           json_pack("{s:I, s:b, s:b, s:I, s:I, s:b, s:o}", "n",
                                     (json_int_t)p->page.web->n, "known",
                                     person->is_known, "salt", person->has_salt,
                                     "draws", (json_int_t)person->draws, "wins",
                                     (json_int_t)person->wins, "cut",
                                     person->is_cut, "list", list));
    return kuji_console_send(&p->page, status, "person");
}

int kuji_console_person(kuji_web_t *web)
{
    kuji_claims_page_t p;
    int done = kuji_claims_open(&p, web, "people", 0);

    return done == DECLINED ? show(&p, HTTP_OK) : done;
}

/* The fields "f_name", … of the form as what a winner gives; empty ones are
 * left out. */
static json_t *form_data(const kuji_form_t *form)
{
    json_t *data = json_object();
    int i;

    for (i = 0; i < form->count; i++) {
        const kuji_form_field_t *f = &form->fields[i];
        char *value, *from, *to;

        if (strncmp(f->name, "f_", 2) != 0 || !*f->value) {
            continue;
        }
        /* Browsers send line ends as CRLF. */
        value = strdup(f->value);
        for (from = to = value; from && *from; from++) {
            if (*from != '\r') {
                *to++ = *from;
            }
        }
        if (value) {
            *to = '\0';
            json_object_set_new(data, f->name + 2, json_string(value));
        }
        free(value);
    }
    return data;
}

int kuji_console_person_correct(kuji_web_t *web)
{
    kuji_claims_page_t p;
    const char *why = NULL, *version;
    json_t *data;
    apr_status_t rv;
    int done = kuji_claims_open(&p, web, "people", 0);

    if (done != DECLINED || (done = kuji_console_form(&p.page)) != DECLINED) {
        return done;
    }
    version = kuji_console_get(&p.page, "version");
    data = form_data(p.page.form);
    rv = kuji_claim_correct(&why, &p.act, web->slug, (uint64_t)web->n,
                            version ? atoi(version) : 0, data, p.page.pool);
    json_decref(data);
    if (rv == APR_SUCCESS) {
        json_decref(p.page.data);
        return kuji_console_done(
            web,
            apr_psprintf(web->r->pool, "/admin/people/%s/%" APR_INT64_T_FMT,
                         web->slug, (apr_int64_t)web->n),
            "person_corrected", json_pack("{s:I}", "n", (json_int_t)web->n));
    }
    if (rv != KUJI_EINVAL && rv != KUJI_ESTATE && rv != KUJI_ECONFLICT) {
        return kuji_console_failure(&p.page, rv, "correcting what was given");
    }
    kuji_console_refuse(&p.page,
                        rv == KUJI_ECONFLICT ? "admin.person.conflict"
                        : rv == KUJI_ESTATE  ? "admin.person.nothing_given"
                                             : "admin.person.bad_field",
                        NULL);
    return show(&p,
                rv == KUJI_EINVAL ? HTTP_UNPROCESSABLE_ENTITY : HTTP_CONFLICT);
}

static int erased(kuji_claims_page_t *p, const kuji_erasure_t *receipt)
{
    json_object_update_new(
        p->page.data, json_pack("{s:s, s:o, s:I, s:I}", "receipt", receipt->id,
                                "at", kuji_claims_time(p, receipt->at), "draws",
                                (json_int_t)receipt->draws, "claims",
                                (json_int_t)receipt->claims));
    return kuji_console_send(&p->page, HTTP_OK, "erased");
}

int kuji_console_person_erase(kuji_web_t *web)
{
    kuji_claims_page_t p;
    kuji_erasure_t receipt = {NULL, 0, 0, 0};
    const char *why = NULL;
    apr_status_t rv;
    int done = kuji_claims_open(&p, web, "people", 0);

    if (done != DECLINED || (done = kuji_console_form(&p.page)) != DECLINED) {
        return done;
    }
    if (!kuji_claims_confirmed(&p.page, web->n)) {
        return show(&p, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv = kuji_person_erase(&receipt, &why, &p.act, web->slug, (uint64_t)web->n,
                           p.page.pool);
    if (rv == APR_SUCCESS) {
        return erased(&p, &receipt);
    }
    if (rv != KUJI_ESTATE) {
        return kuji_console_failure(&p.page, rv, "erasing a person");
    }
    kuji_console_refuse(&p.page, "admin.person.erased_already", NULL);
    return show(&p, HTTP_CONFLICT);
}
