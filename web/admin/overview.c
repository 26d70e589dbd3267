/* A campaign's page: its life from top to bottom, with what the next step still
 * needs.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"
#include "web/admin/missing.h"
#include "web/participant/words.h"

#include "core/gates.h"
#include "store/gift.h"
#include "store/proof.h"
#include "store/shop.h"

#include <apr_strings.h>
#include <sodium.h>

/* Neither done nor undone: there to be looked at. */
#define LINK (-1)

/* One thing that a step needs or offers; the text admin.life.NAME. It leads to
 * its page where the reader may go there. */
static void add_item(kuji_desk_t *desk, json_t *step, const char *name,
                     const char *path, int done)
{
    const char *text = apr_pstrcat(desk->page.pool, "admin.life.", name,
                                   done > 0 ? "_done" : "", NULL);
    json_t *item = json_pack("{s:s, s:b, s:b}", "text",
                             kuji_render_text(desk->page.web, text, NULL),
                             "done", done > 0, "link", done == LINK);
    const char *href = kuji_missing_href(desk, path);

    if (href) {
        json_object_set_new(item, "href", json_string(href));
    }
    json_array_append_new(json_object_get(step, "items"), item);
}

/* state: "past", "now" or "next". */
static json_t *add_step(kuji_desk_t *desk, const char *name, const char *state)
{
    const char *title = apr_pstrcat(desk->page.pool, "admin.life.", name, NULL);
    const char *label =
        apr_pstrcat(desk->page.pool, "admin.life.state.", state, NULL);
    json_t *step = json_pack(
        "{s:s, s:s, s:b, s:s, s:s, s:[]}", "id", name, "state", state, name, 1,
        "title", kuji_render_text(desk->page.web, title, NULL), "label",
        kuji_render_text(desk->page.web, label, NULL), "items");

    json_array_append_new(json_object_get(desk->page.data, "life"), step);
    return step;
}

static int has_kind(const kuji_desk_t *desk, const char *kind)
{
    int i;

    for (i = 0; i < desk->view->nprizes; i++) {
        if (!strcmp(desk->view->prizes[i].kind, kind)) {
            return 1;
        }
    }
    return 0;
}

/* Whether each prize of a kind has that member. */
static int all_have(const kuji_desk_t *desk, const char *kind,
                    const char *member)
{
    const json_t *prize;
    apr_size_t i;
    int all = 1;

    json_array_foreach(json_object_get(desk->config, "prizes"), i, prize)
    {
        all &= strcmp(kuji_desk_member(prize, "kind"), kind) != 0 ||
               *kuji_desk_member(prize, member);
    }
    return all;
}

static apr_status_t need_shops(kuji_desk_t *desk, json_t *step)
{
    const kuji_shop_t *shops;
    int count = 0;
    apr_status_t rv = kuji_shop_list(&shops, &count, &desk->act,
                                     desk->view->slug, desk->page.pool);

    add_item(desk, step, "need_shops", "/shops", count > 0);
    return rv;
}

/* Gift codes that run out, and winners who wait for one. */
static apr_status_t need_gifts(kuji_desk_t *desk, json_t *step)
{
    const kuji_gift_pool_t *pools;
    int count = 0, i, enough = 1;
    int64_t owed = 0;
    apr_status_t rv = kuji_gift_pools(&pools, &count, &desk->act,
                                      desk->view->slug, desk->page.pool);

    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        enough &= pools[i].has_pool && pools[i].left > pools[i].warn_at;
        owed += pools[i].owed;
    }
    add_item(desk, step, "need_gifts", "/gifts", enough && !owed);
    if (owed) {
        json_object_set_new(desk->page.data, "gifts_owed",
                            json_integer((json_int_t)owed));
    }
    return rv;
}

/* What each kind of prize asks for besides. */
static apr_status_t need_kinds(kuji_desk_t *desk, json_t *step)
{
    apr_status_t rv = APR_SUCCESS;

    if (has_kind(desk, "link")) {
        add_item(desk, step, "need_links", "/prizes",
                 all_have(desk, "link", "url"));
    }
    if (has_kind(desk, "message")) {
        add_item(desk, step, "need_messages", "/prizes",
                 all_have(desk, "message", "message"));
    }
    if (has_kind(desk, "coupon")) {
        rv = need_shops(desk, step);
    }
    return rv == APR_SUCCESS && has_kind(desk, "gift_code")
               ? need_gifts(desk, step)
               : rv;
}

/* What a gate asks for besides. */
static void need_gates(kuji_desk_t *desk, json_t *step, unsigned found)
{
    unsigned gates = kuji_gates_of(desk->config);

    if (gates & KUJI_GATE_PASSPHRASE) {
        add_item(desk, step, "need_passphrase", "/passphrases",
                 !(found & KUJI_HINDER_NO_PASSPHRASE));
    }
    if (gates & KUJI_GATE_EMAIL) {
        add_item(desk, step, "need_mail", "/edit#g-gate",
                 !(found & KUJI_HINDER_NO_MAIL));
    }
    if (gates & KUJI_GATE_PURCHASE) {
        add_item(desk, step, "need_goods", "/edit#f-goods",
                 !(found & (KUJI_HINDER_NO_GOODS | KUJI_HINDER_FEE |
                            KUJI_HINDER_TIED)));
        add_item(desk, step, "need_provider", "/edit#f-currency",
                 !(found & KUJI_HINDER_NO_PROVIDER));
    }
    if (gates & KUJI_GATE_CODE) {
        add_item(desk, step, "need_codes", "/codes",
                 !(found & KUJI_HINDER_NO_CODES));
    }
    if (gates & KUJI_GATE_LINE) {
        add_item(desk, step, "need_line", "/edit#g-gate",
                 !(found & KUJI_HINDER_NO_LINE));
    }
}

/* What must be there and what should be. */
static apr_status_t prepare(kuji_desk_t *desk)
{
    unsigned found = 0;
    apr_status_t rv = kuji_missing_show(desk, &found);
    json_t *step = add_step(
        desk, "prepare",
        desk->is_draft && found & KUJI_HINDER_REFUSES ? "now" : "past");

    add_item(desk, step, "need_prizes", "/prizes",
             !(found & KUJI_HINDER_NO_PRIZES));
    add_item(desk, step, "need_purpose", "/texts#f-purpose",
             !(found & KUJI_HINDER_NO_PURPOSE));
    add_item(desk, step, "need_retention", "/texts#f-retention_days",
             !(found & KUJI_HINDER_NO_RETENTION));
    if (desk->is_draft) {
        add_item(desk, step, "need_period", "/edit",
                 !(found & KUJI_HINDER_OVER));
    }
    if (has_kind(desk, "parcel")) { /* it asks for the usual at least */
        add_item(desk, step, "need_claim_fields", "/claim-form", 1);
    }
    need_gates(desk, step, found);
    return rv == APR_SUCCESS ? need_kinds(desk, step) : rv;
}

static apr_status_t add_hash(kuji_desk_t *desk)
{
    const kuji_proof_leaf_t *leaf;
    unsigned char hash[32];
    char hex[65];
    int count;
    apr_status_t rv = kuji_proof_leaves(&leaf, &count, &desk->act,
                                        desk->view->id, 0, 1, desk->page.pool);

    if (rv == APR_SUCCESS && count == 1) {
        crypto_hash_sha256(hash, (const unsigned char *)leaf[0].bytes,
                           leaf[0].len);
        sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
        json_object_set_new(
            desk->page.data, "manifest",
            json_pack("{s:s, s:o, s:o}", "hash", hex, "href",
                      json_sprintf("%s/k/%s/manifest.json",
                                   desk->page.web->prefix, desk->view->slug),
                      "page",
                      json_sprintf("%s/k/%s", desk->page.web->prefix,
                                   desk->view->slug)));
    }
    return rv;
}

static apr_status_t live(kuji_desk_t *desk)
{
    const kuji_campaign_view_t *v = desk->view;
    int open = !desk->is_draft && v->phase != KUJI_PHASE_CLOSED, ready;
    json_t *step;
    apr_status_t rv = prepare(desk);

    ready = json_is_true(json_object_get(desk->page.data, "ready"));
    step = add_step(desk, "rehearse",
                    !desk->is_draft ? "past"
                    : ready         ? "now"
                                    : "next");
    add_item(desk, step, "preview", "/preview", LINK);
    add_item(desk, step, "forecast", "/forecast", LINK);
    add_step(desk, "publish", desk->is_draft ? "next" : open ? "now" : "past");
    add_step(desk, "end",
             v->closed_at                    ? "past"
             : v->phase == KUJI_PHASE_CLOSED ? "now"
                                             : "next");
    step = add_step(desk, "deliver",
                    v->phase == KUJI_PHASE_CLOSED ? "now" : "next");
    if (v->method == KUJI_RAFFLE) {
        add_item(desk, step, "raffle", "/raffle", v->raffled_at > 0);
    }
    add_item(desk, step, "winners", "/winners", LINK);
    add_item(desk, step, "claims", "/claims", LINK);
    return rv == APR_SUCCESS && !desk->is_draft ? add_hash(desk) : rv;
}

static void add_stock(kuji_desk_t *desk)
{
    json_t *rows = json_array();
    int i;

    for (i = 0; i < desk->view->nprizes; i++) {
        const kuji_prize_view_t *p = &desk->view->prizes[i];

        json_array_append_new(
            rows, json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I}", "code",
                            p->code, "name", p->name, "planned",
                            kuji_desk_count(desk, p->planned), "awarded",
                            kuji_desk_count(desk, p->awarded), "left",
                            kuji_desk_count(desk, p->left), "left_n",
                            (json_int_t)p->left, "planned_n",
                            (json_int_t)p->planned));
    }
    json_object_set_new(desk->page.data, "stock", rows);
}

static void add_facts(kuji_desk_t *desk)
{
    const kuji_campaign_view_t *v = desk->view;
    const char *method = apr_pstrcat(desk->page.pool, "admin.method.",
                                     kuji_method_name(v->method), NULL);

    json_object_update_new(
        desk->page.data,
        json_pack(
            "{s:o, s:o, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:b}",
            "opens", kuji_console_time(&desk->page, v->opens_at, v->timezone),
            "closes", kuji_console_time(&desk->page, v->closes_at, v->timezone),
            "timezone", v->timezone, "method",
            kuji_render_text(desk->page.web, method, NULL), "draws",
            kuji_desk_count(desk, v->draws), "may_pause",
            v->phase == KUJI_PHASE_OPEN || v->phase == KUJI_PHASE_BEFORE ||
                v->phase == KUJI_PHASE_SOLD_OUT,
            "may_resume", v->phase == KUJI_PHASE_PAUSED, "may_close",
            !desk->is_draft && !v->closed_at &&
                (v->method != KUJI_RAFFLE || v->raffled_at),
            "over", v->phase == KUJI_PHASE_CLOSED, "raffle",
            v->method == KUJI_RAFFLE, "may_raffle",
            v->method == KUJI_RAFFLE && v->phase == KUJI_PHASE_CLOSED &&
                !v->raffled_at,
            "may_archive", desk->is_draft || v->closed_at > 0));
    json_object_set_new(desk->page.data, "link",
                        json_string(kuji_desk_link(desk)));
    if (v->closed_at) {
        json_object_set_new(
            desk->page.data, "closed",
            kuji_console_time(&desk->page, v->closed_at, v->timezone));
    }
}

int kuji_console_overview(kuji_web_t *web)
{
    kuji_desk_t desk;
    apr_status_t rv;
    int done = kuji_desk_open(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    json_object_set_new(desk.page.data, "life", json_array());
    rv = live(&desk);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk.page, rv, "reading a campaign");
    }
    add_facts(&desk);
    add_stock(&desk);
    return kuji_console_send(&desk.page, HTTP_OK, "overview");
}
