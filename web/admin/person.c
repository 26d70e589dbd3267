/* /admin/people/…: what is held of one person, correcting, erasing. Whoever has
 * drawn goes by the number of a draw; who has not, by the participant's digest.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/person.h"
#include "store/secret.h"
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

static void add_mails(kuji_claims_page_t *p, const kuji_person_t *person)
{
    apr_pool_t *pool = p->page.pool;
    json_t *list = json_array();
    int i;

    for (i = 0; i < person->nmails; i++) {
        const kuji_person_mail_t *mail = &person->mails[i];

        json_array_append_new(
            list,
            json_pack("{s:I, s:s, s:s, s:s, s:o}", "n", (json_int_t)mail->n,
                      "kind",
                      kuji_render_text(p->page.web,
                                       apr_pstrcat(pool, "admin.mail.kind.",
                                                   mail->kind, NULL),
                                       NULL),
                      "name", mail->state, "label",
                      kuji_render_text(p->page.web,
                                       apr_pstrcat(pool, "admin.mail.state.",
                                                   mail->state, NULL),
                                       NULL),
                      "at",
                      kuji_claims_time(p, mail->ended_at ? mail->ended_at
                                                         : mail->created_at)));
    }
    json_object_update_new(p->page.data,
                           json_pack("{s:b, s:o}", "mails_any",
                                     person->nmails > 0, "mails", list));
    if (person->address) {
        json_object_update_new(
            p->page.data,
            json_pack("{s:s, s:o}", "address", person->address, "confirmed_at",
                      kuji_claims_time(p, person->verified_at)));
    }
    if (person->line) {
        json_object_update_new(
            p->page.data,
            json_pack("{s:{s:s, s:s*, s:o}}", "line", "id",
                      person->line->subject, "name",
                      *person->line->name ? person->line->name : NULL, "at",
                      kuji_claims_time(p, person->line->verified_at)));
    }
}

/* Who goes by the digest in the address. KUJI_ENOTFOUND: it is none. */
static apr_status_t read_who(unsigned char who[KUJI_DIGEST_LEN],
                             const kuji_web_t *web)
{
    return kuji_uuid_parse(who, web->id) == APR_SUCCESS ? APR_SUCCESS
                                                        : KUJI_ENOTFOUND;
}

static apr_status_t read_person(const kuji_person_t **person,
                                const kuji_claims_page_t *p)
{
    unsigned char who[KUJI_DIGEST_LEN];
    const kuji_web_t *web = p->page.web;
    apr_status_t rv;

    if (!web->id) {
        return kuji_person_get(person, &p->act, p->view->slug, (uint64_t)web->n,
                               p->page.pool);
    }
    rv = read_who(who, web);
    return rv == APR_SUCCESS
               ? kuji_person_mine(person, &p->act, p->view->slug, who,
                                  KUJI_PERSON_DRAWS_MAX, p->page.pool)
               : rv;
}

/* What has to be typed before somebody without a number is erased. */
static const char *word_of(const kuji_person_t *person,
                           const kuji_claims_page_t *p)
{
    return person->address ? person->address : p->view->slug;
}

static void add_whose(kuji_claims_page_t *p, const kuji_person_t *person)
{
    const kuji_web_t *web = p->page.web;
    const char *base = apr_pstrcat(p->page.pool, web->prefix, "/admin/people/",
                                   p->view->slug, "/", NULL);

    if (web->id) {
        json_object_update_new(
            p->page.data,
            json_pack("{s:b, s:s, s:o}", "gate", 1, "word", word_of(person, p),
                      "self", json_sprintf("%sgate/%s", base, web->id)));
    }
    else {
        json_object_update_new(
            p->page.data,
            json_pack("{s:I, s:o}", "n", (json_int_t)web->n, "self",
                      json_sprintf("%s%" APR_INT64_T_FMT, base,
                                   (apr_int64_t)web->n)));
    }
}

static int show(kuji_claims_page_t *p, int status)
{
    const kuji_person_t *person;
    json_t *list = json_array();
    int i;
    apr_status_t rv = read_person(&person, p);

    if (rv != APR_SUCCESS) {
        json_decref(list);
        return kuji_console_failure(&p->page, rv, "reading a person");
    }
    for (i = 0; i < person->count; i++) {
        json_array_append_new(list, draw_data(p, &person->list[i]));
    }
    add_consents(p, person);
    add_mails(p, person);
    add_whose(p, person);
    if (!json_object_get(json_object_get(p->page.data, "field"), "confirm")) {
        kuji_console_field(&p->page, "confirm", NULL);
    }
    json_object_update_new(p->page.data,
                           json_pack("{s:b, s:b, s:I, s:I, s:b, s:o}", "known",
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

/* What became of an erasure. */
static int answer(kuji_claims_page_t *p, apr_status_t rv,
                  const kuji_erasure_t *receipt)
{
    if (rv == APR_SUCCESS) {
        return erased(p, receipt);
    }
    if (rv != KUJI_ESTATE) {
        return kuji_console_failure(&p->page, rv, "erasing a person");
    }
    kuji_console_refuse(&p->page, "admin.person.erased_already", NULL);
    return show(p, HTTP_CONFLICT);
}

int kuji_console_person_erase(kuji_web_t *web)
{
    kuji_claims_page_t p;
    kuji_erasure_t receipt = {NULL, 0, 0, 0};
    const char *why = NULL;
    int done = kuji_claims_open(&p, web, "people", 0);

    if (done != DECLINED || (done = kuji_console_form(&p.page)) != DECLINED) {
        return done;
    }
    if (!kuji_claims_confirmed(&p.page, web->n)) {
        return show(&p, HTTP_UNPROCESSABLE_ENTITY);
    }
    return answer(&p,
                  kuji_person_erase(&receipt, &why, &p.act, web->slug,
                                    (uint64_t)web->n, p.page.pool),
                  &receipt);
}

/* Whether the form's field `confirm` says the word; else the field gets an
 * error. */
static int is_confirmed(kuji_claims_page_t *p, const kuji_person_t *person)
{
    const char *typed = kuji_console_get(&p->page, "confirm");
    const char *word = word_of(person, p);
    json_t *data;

    if (typed && strcmp(typed, word) == 0) {
        return 1;
    }
    data = json_pack("{s:s}", "word", word);
    kuji_console_field(&p->page, "confirm", NULL);
    kuji_console_error(&p->page, "confirm", "admin.person.confirm_word_wrong",
                       data);
    json_decref(data);
    return 0;
}

int kuji_console_person_gate_erase(kuji_web_t *web)
{
    unsigned char who[1][KUJI_DIGEST_LEN];
    kuji_claims_page_t p;
    kuji_erasure_t receipt = {NULL, 0, 0, 0};
    const kuji_person_t *person;
    const char *why = NULL;
    apr_status_t rv;
    int done = kuji_claims_open(&p, web, "people", 0);

    if (done != DECLINED || (done = kuji_console_form(&p.page)) != DECLINED) {
        return done;
    }
    if ((rv = read_who(who[0], web)) == APR_SUCCESS) {
        rv = read_person(&person, &p);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&p.page, rv, "reading a person");
    }
    if (!is_confirmed(&p, person)) {
        return show(&p, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv = kuji_person_erase_mine(&receipt, &why, &p.act, web->slug,
                                (const unsigned char(*)[KUJI_DIGEST_LEN])who, 1,
                                p.page.pool);
    /* Meanwhile, by somebody else: there is nobody left to show. */
    return rv == KUJI_ESTATE ? kuji_console_failure(&p.page, KUJI_ENOTFOUND,
                                                    "erasing a person")
                             : answer(&p, rv, &receipt);
}
