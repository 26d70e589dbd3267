/* GET /k/{slug}/me/data: all that is held of whoever asks, in words; POST: ends
 * their consent to marketing, or (what=profile) to the keeping of name and
 * picture from LINE.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/line.h"
#include "web/participant/held.h"
#include "web/request.h"

#include <apr_strings.h>
#include <string.h>

#define ROWS 200

/* A field of a claim, under the name that its form has for it. */
static void add_field(json_t *list, const kuji_page_t *page, const char *name,
                      const json_t *value)
{
    const char *label = kuji_render_text(
        page->web, apr_pstrcat(page->pool, "claim.field.", name, NULL), NULL);

    json_array_append_new(list, json_pack("{s:s, s:s}", "label",
                                          *label ? label : name, "value",
                                          json_string_value(value)));
}

static json_t *fields_of(const kuji_page_t *page, const json_t *data)
{
    json_t *list = json_array();
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)data, name, value)
    {
        if (json_is_string(value)) {
            add_field(list, page, name, value);
        }
    }
    return list;
}

static const char *text_of(const kuji_page_t *page, const char *group,
                           const char *name)
{
    return kuji_render_text(
        page->web, apr_pstrcat(page->pool, "data.", group, ".", name, NULL),
        NULL);
}

static void add_claims(json_t *list, const kuji_page_t *page,
                       const kuji_person_t *person)
{
    const kuji_person_draw_t *draw;
    const char *name;
    int i;

    for (i = 0; i < person->count; i++) {
        draw = &person->list[i];
        if (!draw->claim) {
            continue;
        }
        name = kuji_held_prize(page, draw->prize);
        json_array_append_new(
            list, json_pack("{s:I, s:s, s:s*, s:s, s:o, s:s*, s:b, s:b}", "n",
                            (json_int_t)draw->n, "prize", name, "own_lang",
                            kuji_render_lang(page->web, name), "state",
                            text_of(page, "state", draw->state), "fields",
                            fields_of(page, draw->claim->data), "tracking",
                            draw->claim->tracking, "has_gift",
                            draw->claim->gift != NULL, "erased",
                            draw->claim->erased_at != 0));
    }
}

/* The address that was confirmed, and what was sent. */
static void add_mails(json_t *addresses, json_t *mails, const kuji_page_t *page,
                      const kuji_held_t *held, int which)
{
    const kuji_person_t *person = held->people[which];
    int i;

    if (kuji_held_address(held, which)) {
        json_array_append_new(
            addresses, json_pack("{s:s, s:o}", "address", person->address, "at",
                                 kuji_page_time(page, person->verified_at)));
    }
    for (i = 0; i < person->nmails; i++) {
        const kuji_person_mail_t *mail = &person->mails[i];

        json_array_append_new(
            mails,
            json_pack("{s:b, s:I, s:s, s:s, s:o}", "by_line", mail->by_line,
                      "n", (json_int_t)mail->n, "kind",
                      text_of(page, "mail_kind", mail->kind), "state",
                      text_of(page, "mail_state", mail->state), "at",
                      kuji_page_time(page, mail->ended_at ? mail->ended_at
                                                          : mail->created_at)));
    }
}

static void add_line(json_t *lines, const kuji_page_t *page,
                     const kuji_person_line_t *line)
{
    if (line) {
        json_array_append_new(
            lines, json_pack("{s:s, s:s*, s:s*, s:o}", "subject", line->subject,
                             "name", *line->name ? line->name : NULL, "picture",
                             *line->picture ? line->picture : NULL, "at",
                             kuji_page_time(page, line->verified_at)));
    }
}

/* Notes what may be withdrawn: by kind, consents that hold. */
static void add_consent(json_t *list, json_t *holds, const kuji_page_t *page,
                        const kuji_consent_t *consent)
{
    json_t *data =
        json_pack("{s:s, s:s*, s:s*, s:o, s:s}", "wording", consent->wording,
                  "own_lang", kuji_render_lang(page->web, consent->wording),
                  "purpose", consent->purpose, "at",
                  kuji_page_time(page, consent->at), "page", consent->page);

    if (consent->withdrawn_at) {
        json_object_set_new(data, "withdrawn",
                            kuji_page_time(page, consent->withdrawn_at));
    }
    else {
        json_object_set_new(holds, consent->kind, json_true());
    }
    json_array_append_new(list, data);
}

static void fill(kuji_page_t *page, const kuji_held_t *held)
{
    json_t *claims = json_array(), *consents = json_array();
    json_t *addresses = json_array(), *mails = json_array();
    json_t *lines = json_array(), *holds = json_object();
    int i, k, cut = 0;

    for (i = 0; i < held->count; i++) {
        const kuji_person_t *person = held->people[i];

        add_claims(claims, page, person);
        add_mails(addresses, mails, page, held, i);
        add_line(lines, page, person->line);
        for (k = 0; k < person->nconsents; k++) {
            add_consent(consents, holds, page, &person->consents[k]);
        }
        cut |= person->is_cut;
    }
    json_object_update_new(
        page->data,
        json_pack("{s:b, s:b, s:b, s:o, s:b, s:o, s:o}", "held",
                  held->count > 0, "claims_any", json_array_size(claims) > 0,
                  "consents_any", json_array_size(consents) > 0, "holds", holds,
                  "cut", cut, "claims", claims, "consents", consents));
    json_object_update_new(
        page->data,
        json_pack("{s:b, s:b, s:o, s:o, s:b, s:o}", "mail_any",
                  json_array_size(addresses) + json_array_size(mails) > 0,
                  "mails_any", json_array_size(mails) > 0, "addresses",
                  addresses, "mails", mails, "line_any",
                  json_array_size(lines) > 0, "lines", lines));
}

int kuji_page_data(kuji_web_t *web)
{
    kuji_page_t page;
    kuji_held_t held;
    apr_status_t rv;
    int done = kuji_held_pace(web);

    if (done != DECLINED || (done = kuji_page_open(&page, web)) != DECLINED) {
        return done;
    }
    rv = kuji_page_read(&page);
    if (rv == APR_SUCCESS) {
        rv = kuji_page_add_mine(&page, 0, ROWS);
    }
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&page, rv, "reading a participant's draws");
    }
    if ((done = kuji_held_read(&held, &page, ROWS)) != DECLINED) {
        return done;
    }
    fill(&page, &held);
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_NO_STORE, "data");
}

static apr_status_t withdraw(kuji_web_t *web, int profile)
{
    unsigned char digest[KUJI_DIGEST_LEN];
    kuji_act_t act = kuji_held_act(web);
    const kuji_campaign_t *c = web->campaign;
    apr_status_t rv = APR_SUCCESS;
    int64_t count;
    int kind;

    for (kind = 0; kind < KUJI_IDENTITY_KINDS && rv == APR_SUCCESS; kind++) {
        if (!kuji_identity_digest(digest, web, (kuji_identity_kind_e)kind)) {
            continue;
        }
        rv = profile ? kuji_line_withdraw(c->id, c->uuid, digest, &act,
                                          web->r->pool)
                     : kuji_consent_withdraw(&count, &act, c->id, digest,
                                             web->r->pool);
    }
    return rv;
}

/* What is withdrawn: without a form it is marketing, as ever. */
static apr_status_t read_what(int *profile, kuji_web_t *web)
{
    const kuji_form_t *form;
    const char *what;
    apr_status_t rv;

    *profile = 0;
    if (!kuji_has_content_type(web->r, "application/x-www-form-urlencoded")) {
        return APR_SUCCESS;
    }
    if ((rv = kuji_body_form(&form, web)) == APR_SUCCESS) {
        what = kuji_form_get(form, "what");
        *profile = what && strcmp(what, "profile") == 0;
    }
    return rv;
}

int kuji_page_data_post(kuji_web_t *web)
{
    apr_status_t rv;
    int profile, done = kuji_held_pace(web);

    if (done != DECLINED) {
        return done;
    }
    if ((rv = read_what(&profile, web)) != APR_SUCCESS) {
        return kuji_body_problem(web, rv, "the body must be a form");
    }
    rv = withdraw(web, profile);
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "withdrawing a consent");
    }
    return kuji_redirect(
        web, apr_pstrcat(web->r->pool, "/k/", web->slug, "/me/data", NULL));
}
