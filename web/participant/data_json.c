/* GET /k/{slug}/me/data.json: all that is held of whoever asks, for programs
 * (GDPR article 20; APPI article 33): the page's facts with every receipt.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/held.h"

#include <apr_strings.h>
#include <sodium.h>

/** Newest draws of each id; more than one browser makes. */
#define ROWS 5000

static json_t *time_or_none(const kuji_page_t *page, int64_t ms)
{
    return ms ? json_string(kuji_zone_iso(page->zone, ms, page->pool))
              : json_null();
}

static json_t *receipt_of(const kuji_draw_row_t *row)
{
    char salt[2 * KUJI_SALT_LEN + 1];

    if (!row->has_salt) {
        return json_null();
    }
    sodium_bin2hex(salt, sizeof salt, row->salt, sizeof row->salt);
    return json_pack("{s:s%, s:I, s:s}", "leaf", row->leaf,
                     (size_t)row->leaf_len, "index", (json_int_t)row->i, "salt",
                     salt);
}

static apr_status_t add_draws(json_t *doc, kuji_page_t *page)
{
    const kuji_draw_row_t *rows = NULL;
    json_t *list = json_array();
    int count, i;
    apr_status_t rv = kuji_page_mine(&rows, &count, page, 0, ROWS);

    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        const json_t *draw = NULL;
        json_t *data = kuji_page_draw_data(page, &rows[i]);

        draw = json_object_get(data, "kind");
        json_array_append_new(
            list,
            json_pack("{s:I, s:o, s:s, s:s?, s:o}", "n", (json_int_t)rows[i].n,
                      "time", time_or_none(page, rows[i].read->t), "outcome",
                      json_string_value(draw), "prize", rows[i].won, "receipt",
                      receipt_of(&rows[i])));
        json_decref(data);
    }
    json_object_set_new(doc, "draws", list);
    return rv;
}

static json_t *claim_of(const kuji_page_t *page, const kuji_person_draw_t *draw)
{
    const kuji_claim_t *claim = draw->claim;
    json_t *steps = json_array();
    int i;

    for (i = 0; i < claim->nsteps; i++) {
        json_array_append_new(
            steps, json_pack("{s:s, s:o}", "state", claim->steps[i].state, "at",
                             time_or_none(page, claim->steps[i].at)));
    }
    return json_pack("{s:I, s:s?, s:s?, s:o, s:O?, s:s?, s:s?, s:o}", "n",
                     (json_int_t)draw->n, "prize", draw->prize, "state",
                     draw->state, "steps", steps, "data", claim->data,
                     "tracking", claim->tracking, "gift_code", claim->gift,
                     "erased_at", time_or_none(page, claim->erased_at));
}

static json_t *consent_of(const kuji_page_t *page, const kuji_consent_t *c)
{
    return json_pack("{s:s, s:s, s:s, s:s?, s:s, s:o, s:o}", "kind", c->kind,
                     "language", c->language, "wording", c->wording, "purpose",
                     c->purpose, "page", c->page, "at",
                     time_or_none(page, c->at), "withdrawn_at",
                     time_or_none(page, c->withdrawn_at));
}

/* The address that was confirmed, and what was sent about draws. */
static void add_mails(json_t *addresses, json_t *mails, const kuji_page_t *page,
                      const kuji_held_t *held, int which)
{
    const kuji_person_t *person = held->people[which];
    int i;

    if (kuji_held_address(held, which)) {
        json_array_append_new(
            addresses, json_pack("{s:s, s:s, s:o}", "address", person->address,
                                 "language", person->language, "confirmed_at",
                                 time_or_none(page, person->verified_at)));
    }
    for (i = 0; i < person->nmails; i++) {
        const kuji_person_mail_t *mail = &person->mails[i];

        json_array_append_new(
            mails,
            json_pack("{s:s, s:s, s:I, s:s, s:o, s:o}", "channel",
                      mail->by_line ? "line" : "mail", "kind", mail->kind, "n",
                      (json_int_t)mail->n, "state", mail->state, "at",
                      time_or_none(page, mail->created_at), "ended_at",
                      time_or_none(page, mail->ended_at)));
    }
}

static void add_line(json_t *lines, const kuji_page_t *page,
                     const kuji_person_line_t *line)
{
    if (line) {
        json_array_append_new(
            lines,
            json_pack("{s:s, s:s, s:s, s:o}", "user_id", line->subject, "name",
                      line->name, "picture", line->picture, "logged_in_at",
                      time_or_none(page, line->verified_at)));
    }
}

static void add_people(json_t *doc, const kuji_page_t *page,
                       const kuji_held_t *held)
{
    json_t *claims = json_array(), *consents = json_array();
    json_t *addresses = json_array(), *mails = json_array();
    json_t *lines = json_array();
    json_int_t draws = 0, wins = 0;
    int i, k;

    for (i = 0; i < held->count; i++) {
        const kuji_person_t *person = held->people[i];

        add_mails(addresses, mails, page, held, i);
        add_line(lines, page, person->line);
        draws += person->draws;
        wins += person->wins;
        for (k = 0; k < person->count; k++) {
            if (person->list[k].claim) {
                json_array_append_new(claims, claim_of(page, &person->list[k]));
            }
        }
        for (k = 0; k < person->nconsents; k++) {
            json_array_append_new(consents,
                                  consent_of(page, &person->consents[k]));
        }
    }
    json_object_set_new(doc, "line", lines);
    json_object_update_new(doc, json_pack("{s:o, s:o, s:o, s:o, s:{s:I, s:I}}",
                                          "claims", claims, "consents",
                                          consents, "mail_addresses", addresses,
                                          "mails", mails, "counted", "draws",
                                          draws, "wins", wins));
}

static int answer(kuji_page_t *page, json_t *doc)
{
    kuji_web_t *web = page->web;

    json_decref(page->data);
    apr_table_setn(web->r->headers_out, "Content-Disposition",
                   apr_psprintf(web->r->pool,
                                "attachment; filename=\"my-data-%s.json\"",
                                web->slug));
    return kuji_send_json(web, HTTP_OK, KUJI_CACHE_NO_STORE, doc);
}

int kuji_page_data_json(kuji_web_t *web)
{
    kuji_page_t page;
    kuji_held_t held;
    json_t *doc;
    apr_status_t rv;
    int done = kuji_held_pace(web);

    if (done != DECLINED || (done = kuji_page_open(&page, web)) != DECLINED) {
        return done;
    }
    if ((rv = kuji_page_read(&page)) != APR_SUCCESS) {
        return kuji_page_failure(&page, rv, "reading a campaign");
    }
    if ((done = kuji_held_read(&held, &page, ROWS)) != DECLINED) {
        return done;
    }
    doc = json_pack("{s:s, s:s, s:s}", "campaign", web->slug, "title",
                    page.m->title, "exported_at",
                    kuji_zone_iso(page.zone,
                                  apr_time_as_msec(web->r->request_time),
                                  page.pool));
    if ((rv = add_draws(doc, &page)) != APR_SUCCESS) {
        json_decref(doc);
        return kuji_page_failure(&page, rv, "reading a participant's draws");
    }
    add_people(doc, &page, &held);
    return answer(&page, doc);
}
