/* GET and POST /k/{slug}/claims/{n}: what the winner does to get the prize.
 * Nobody else's win: 404.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config.h"
#include "store/gift.h"
#include "web/participant/winner.h"

#include <apr_strings.h>
#include <string.h>

#define HOUR_MS 3600000
#define DAY_HOURS 24

static const char *const kinds[KUJI_KIND_LAST] = {"parcel", "gift_code",
                                                  "coupon", "link", "message"};

const char *kuji_winner_text(const kuji_winner_t *w, const char *group,
                             const char *name)
{
    return kuji_render_text(
        w->page.web,
        apr_pstrcat(w->page.pool, "claim.", group, ".", name, NULL), NULL);
}

const char *kuji_winner_prize_text(const kuji_winner_t *w, const char *name)
{
    const char *english = apr_pstrcat(w->page.pool, name, "_en", NULL);
    const char *text = NULL;

    if (strcmp(w->page.web->language, "en") == 0) {
        text = json_string_value(json_object_get(w->prize, english));
    }
    if (!text || !*text) {
        text = json_string_value(json_object_get(w->prize, name));
    }
    return text && *text ? text : NULL;
}

void kuji_winner_add_end(kuji_winner_t *w, const char *name, int64_t until,
                         int64_t now)
{
    int64_t hours = (until - now) / HOUR_MS;
    json_t *data, *end;

    if (!until) {
        return;
    }
    data =
        json_pack("{s:I}", "count",
                  (json_int_t)(hours < DAY_HOURS ? hours : hours / DAY_HOURS));
    end = kuji_page_time(&w->page, until);
    if (until > now) {
        json_object_set_new(end, "left",
                            json_string(kuji_render_text(
                                w->page.web,
                                hours < 1           ? "claim.left.minutes"
                                : hours < DAY_HOURS ? "claim.left.hours"
                                                    : "claim.left.days",
                                data)));
    }
    json_decref(data);
    json_object_set_new(w->page.data, name, end);
}

static void find_prize(kuji_winner_t *w)
{
    const json_t *prizes = json_object_get(w->page.config, "prizes");
    int i = kuji_manifest_prize(w->page.m, w->row->won);

    w->prize = json_array_get(prizes, (size_t)i);
    w->kind =
        kuji_claim_kind(json_string_value(json_object_get(w->prize, "kind")));
}

/* What was won, with its picture and grade, once the counts are there. */
static apr_status_t read_claim(kuji_winner_t *w)
{
    apr_status_t rv = kuji_page_read(&w->page);
    int i = kuji_manifest_prize(w->page.m, w->row->won);

    if (rv == APR_SUCCESS) {
        rv = kuji_claim_get(&w->claim, &w->act, w->page.web->slug, w->row->n, 1,
                            w->page.pool);
    }
    if (rv == APR_SUCCESS && !w->claim) {
        rv = KUJI_ENOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        json_object_set(
            w->page.data, "prize",
            json_array_get(json_object_get(w->page.data, "prizes"), (size_t)i));
    }
    return rv;
}

/* DECLINED, or what was answered. */
static int begin(kuji_winner_t *w, kuji_web_t *web)
{
    apr_status_t rv;
    int done;

    memset(w, 0, sizeof *w);
    rv = kuji_page_own_draw(&w->row, web);
    if (rv == APR_SUCCESS && !w->row->won) {
        rv = KUJI_ENOTFOUND;
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "reading a win");
    }
    if ((done = kuji_page_open(&w->page, web)) != DECLINED) {
        return done;
    }
    find_prize(w);
    memcpy(w->digest, w->row->participant, sizeof w->digest);
    kuji_page_act(&w->act, web);
    w->act.actor = "winner";
    rv = read_claim(w);
    return rv == APR_SUCCESS ? DECLINED
                             : kuji_page_failure(&w->page, rv, "reading a win");
}

/* A win whose end has come is over, also before the job has said so. */
static const char *state_of(const kuji_winner_t *w)
{
    int64_t due = w->claim->due_at;

    if (w->row->is_void) {
        return "void";
    }
    return strcmp(w->claim->state, "won") == 0 && due &&
                   due <= w->page.view->now
               ? "expired"
               : w->claim->state;
}

static void add_state(kuji_winner_t *w)
{
    const char *state = state_of(w);
    const char *kind = w->kind < KUJI_KIND_LAST ? kinds[w->kind] : "message";

    json_object_update_new(
        w->page.data, json_pack("{s:I, s:s, s:b, s:s, s:b, s:s, s:s}", "n",
                                (json_int_t)w->row->n, "kind", kind,
                                apr_pstrcat(w->page.pool, "is_", kind, NULL), 1,
                                "state", state, state, 1, "state_text",
                                kuji_winner_text(w, kind, state), "page_title",
                                kuji_winner_text(w, "title", kind)));
    kuji_winner_add_end(w, "due", w->claim->due_at, w->page.view->now);
    if (w->claim->tracking) {
        json_object_set_new(w->page.data, "tracking",
                            json_string(w->claim->tracking));
    }
    if (w->claim->gift && strcmp(state, "delivered") == 0) {
        json_object_set_new(w->page.data, "code", json_string(w->claim->gift));
    }
}

/* A link leads away again and again; a message is opened once. */
static void add_opened(kuji_winner_t *w)
{
    const char *state = state_of(w);
    int open = strcmp(state, "won") == 0, opened = !strcmp(state, "delivered");
    const char *message = kuji_winner_prize_text(w, "message");

    if (w->kind == KUJI_KIND_LINK && (open || opened)) {
        json_object_set_new(w->page.data, "link_kind", json_true());
        json_object_set_new(
            w->page.data, "ready",
            json_boolean(kuji_winner_prize_text(w, "url") != NULL));
    }
    if (w->kind == KUJI_KIND_MESSAGE) {
        json_object_set_new(w->page.data, "message_kind", json_boolean(open));
        json_object_set_new(w->page.data, "message",
                            json_string(opened ? message : NULL));
    }
}

int kuji_winner_show(kuji_winner_t *w, int status, const char *page,
                     const char *refused)
{
    add_state(w);
    add_opened(w);
    if (refused) {
        json_object_set_new(
            w->page.data, "refused",
            json_string(kuji_winner_text(w, "refused", refused)));
    }
    if (w->kind == KUJI_KIND_LINK) {
        kuji_policy_form(w->page.web, "https:");
    }
    return kuji_page_send(&w->page, status, KUJI_CACHE_NO_STORE,
                          page ? page : "claim");
}

const char *kuji_winner_path(const kuji_winner_t *w)
{
    return apr_psprintf(w->page.pool, "/k/%s/claims/%" APR_INT64_T_FMT,
                        w->page.web->slug, (apr_int64_t)w->row->n);
}

int kuji_winner_done(kuji_winner_t *w)
{
    json_decref(w->page.data);
    return kuji_redirect(w->page.web, kuji_winner_path(w));
}

int kuji_page_claim(kuji_web_t *web)
{
    kuji_winner_t w;
    int done = begin(&w, web);

    if (done != DECLINED) {
        return done;
    }
    switch (w.kind) {
    case KUJI_KIND_PARCEL:
        return kuji_parcel_show(&w);
    case KUJI_KIND_COUPON:
        return kuji_coupon_show(&w);
    default:
        return kuji_winner_show(&w, HTTP_OK, NULL, NULL);
    }
}

static int refuse_state(kuji_winner_t *w, apr_status_t rv)
{
    return rv == KUJI_ESTATE
               ? kuji_winner_show(w, HTTP_CONFLICT, NULL, "state")
               : kuji_page_failure(&w->page, rv, "claiming a prize");
}

static int open_gift(kuji_winner_t *w)
{
    const char *code, *why;
    apr_status_t rv = kuji_gift_open(&code, &why, &w->act, w->page.web->slug,
                                     w->row->n, w->digest, w->page.pool);

    return rv == APR_SUCCESS ? kuji_winner_done(w) : refuse_state(w, rv);
}

/* The first time makes it delivered; whoever comes again is let through. */
static apr_status_t deliver(kuji_winner_t *w)
{
    const char *why;
    apr_status_t rv;

    if (strcmp(w->claim->state, "delivered") == 0) {
        return APR_SUCCESS;
    }
    rv = kuji_claim_step(&why, &w->act, w->page.web->slug, w->row->n,
                         KUJI_CLAIM_DELIVERED, KUJI_BY_WINNER, w->page.pool);
    if (rv == KUJI_ESTATE) { /* a second tab was first, or it is too late */
        rv = kuji_claim_get(&w->claim, &w->act, w->page.web->slug, w->row->n, 0,
                            w->page.pool);
        if (rv == APR_SUCCESS && strcmp(w->claim->state, "delivered") != 0) {
            rv = KUJI_ESTATE;
        }
    }
    return rv;
}

static int open_link(kuji_winner_t *w)
{
    const char *url = kuji_winner_prize_text(w, "url");
    apr_status_t rv;

    if (!url || !kuji_config_is_link(url)) {
        return kuji_winner_show(w, HTTP_CONFLICT, NULL, "state");
    }
    if ((rv = deliver(w)) != APR_SUCCESS) {
        return refuse_state(w, rv);
    }
    json_decref(w->page.data);
    return kuji_redirect_away(w->page.web, url);
}

static int open_message(kuji_winner_t *w)
{
    apr_status_t rv = deliver(w);

    return rv == APR_SUCCESS ? kuji_winner_done(w) : refuse_state(w, rv);
}

int kuji_page_claim_post(kuji_web_t *web)
{
    kuji_winner_t w;
    apr_status_t rv;
    int done = begin(&w, web);

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_body_form(&w.form, web);
    if (rv != APR_SUCCESS) {
        json_decref(w.page.data);
        return kuji_body_problem(web, rv, "the body must be a form");
    }
    switch (w.kind) {
    case KUJI_KIND_PARCEL:
        return kuji_parcel_post(&w);
    case KUJI_KIND_COUPON:
        return kuji_coupon_post(&w);
    case KUJI_KIND_GIFT_CODE:
        return open_gift(&w);
    case KUJI_KIND_LINK:
        return open_link(&w);
    default:
        return open_message(&w);
    }
}
