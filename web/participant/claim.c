/* GET and POST /k/{slug}/claims/{n}: what the winner does to get the prize.
 * Nobody else's win: 404.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/claim.h"
#include "core/person.h"
#include "store/claim.h"
#include "store/gift.h"
#include "web/participant/page.h"
#include "web/request.h"

#include <apr_strings.h>
#include <string.h>

/* The fields a campaign may ask for, and what browsers fill them in with. */
static const struct {
    const char *name, *autocomplete, *type;
    int is_default; /* asked for where the campaign does not say */
} fields[] = {
    {"name", "name", "text", 1},
    {"kana", "off", "text", 0},
    {"postal", "postal-code", "text", 1},
    {"address", "street-address", "text", 1},
    {"phone", "tel", "tel", 1},
    {"mail", "email", "email", 0},
};
#define FIELDS (sizeof fields / sizeof *fields)

typedef struct winner_t {
    kuji_page_t page;
    kuji_act_t act;
    const kuji_draw_row_t *row;
    kuji_kind_e kind;
    unsigned char digest[KUJI_DIGEST_LEN];
    const kuji_form_t *form; /* NULL: nothing was sent */
} winner_t;

static int asks(const winner_t *w, unsigned i)
{
    const json_t *list = json_object_get(w->page.config, "claim_fields"), *name;
    size_t k;

    if (!list) {
        return fields[i].is_default;
    }
    json_array_foreach(list, k, name)
    {
        if (strcmp(json_string_value(name), fields[i].name) == 0) {
            return 1;
        }
    }
    return 0;
}

static const char *text(const winner_t *w, const char *group, const char *name)
{
    return kuji_render_text(
        w->page.web,
        apr_pstrcat(w->page.pool, "claim.", group, ".", name, NULL), NULL);
}

static json_t *form_data(const winner_t *w)
{
    json_t *list = json_array();
    const char *value;
    unsigned i;

    for (i = 0; i < FIELDS; i++) {
        if (!asks(w, i)) {
            continue;
        }
        value = w->form ? kuji_form_get(w->form, fields[i].name) : NULL;
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", fields[i].name,
                      "label", text(w, "field", fields[i].name), "type",
                      fields[i].type, "autocomplete", fields[i].autocomplete,
                      "value", value ? value : ""));
    }
    return list;
}

/* DECLINED, or what was answered. */
static int begin(winner_t *w, kuji_web_t *web)
{
    const json_t *prizes = json_object_get(web->campaign->config, "prizes");
    apr_status_t rv;
    int i, done;

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
    i = kuji_manifest_prize(w->page.m, w->row->won);
    w->kind = kuji_claim_kind(json_string_value(
        json_object_get(json_array_get(prizes, (size_t)i), "kind")));
    memcpy(w->digest, w->row->participant, sizeof w->digest);
    kuji_page_act(&w->act, web);
    w->act.keys = web->process->keys;
    w->act.actor = "winner";
    return DECLINED;
}

/* A code that was handed out is shown again and again. */
static apr_status_t add_gift(winner_t *w)
{
    const char *code = NULL, *why;
    apr_status_t rv;

    if (w->kind != KUJI_KIND_GIFT_CODE ||
        strcmp(w->row->claim, "delivered") != 0) {
        return APR_SUCCESS;
    }
    rv = kuji_gift_open(&code, &why, &w->act, w->page.web->slug, w->row->n,
                        w->digest, w->page.pool);
    json_object_set_new(w->page.data, "gift", json_string(code ? code : ""));
    return rv == KUJI_ESTATE ? APR_SUCCESS : rv;
}

static int show(winner_t *w, int status, const char *refused)
{
    static const char *const kinds[KUJI_KIND_LAST] = {
        "parcel", "gift_code", "coupon", "link", "message"};
    const char *state = w->row->is_void ? "void" : w->row->claim;
    const char *kind = w->kind < KUJI_KIND_LAST ? kinds[w->kind] : "message";
    apr_status_t rv = kuji_page_read(&w->page);
    int open = strcmp(state, "won") == 0;

    if (rv == APR_SUCCESS) {
        rv = add_gift(w);
    }
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&w->page, rv, "reading a claim");
    }
    json_object_update_new(
        w->page.data,
        json_pack(
            "{s:I, s:o, s:s, s:s, s:b, s:b, s:s*}", "n", (json_int_t)w->row->n,
            "draw", kuji_page_draw_data(&w->page, w->row), "state_text",
            text(w, kind, state), "page_title", text(w, "title", kind), "form",
            w->kind == KUJI_KIND_PARCEL &&
                (open || strcmp(state, "claimed") == 0),
            "open_gift", w->kind == KUJI_KIND_GIFT_CODE && open, "refused",
            refused));
    json_object_set_new(w->page.data, "fields", form_data(w));
    json_object_set_new(w->page.data, "again", json_boolean(!open));
    return kuji_page_send(&w->page, status, KUJI_CACHE_NO_STORE, "claim");
}

int kuji_page_claim(kuji_web_t *web)
{
    winner_t w;
    int done = begin(&w, web);

    return done == DECLINED ? show(&w, HTTP_OK, NULL) : done;
}

/* What was given, or NULL where a field is missing. */
static json_t *given(const winner_t *w)
{
    json_t *data = json_object();
    const char *value;
    unsigned i;

    for (i = 0; i < FIELDS; i++) {
        if (!asks(w, i)) {
            continue;
        }
        value = kuji_form_get(w->form, fields[i].name);
        if (!value || !value[strspn(value, " \t\r\n")]) {
            json_decref(data);
            return NULL;
        }
        json_object_set_new(data, fields[i].name, json_string(value));
    }
    return data;
}

static apr_status_t submit(winner_t *w, const char **why)
{
    json_t *data = given(w);
    apr_status_t rv;

    if (!data) {
        return KUJI_EINVAL;
    }
    rv = kuji_claim_submit(why, &w->act, w->page.web->slug, w->row->n,
                           w->digest, data, KUJI_BY_WINNER, w->page.pool);
    json_decref(data);
    return rv;
}

int kuji_page_claim_post(kuji_web_t *web)
{
    winner_t w;
    const char *code, *why;
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
    rv = w.kind == KUJI_KIND_GIFT_CODE
             ? kuji_gift_open(&code, &why, &w.act, web->slug, w.row->n,
                              w.digest, w.page.pool)
             : submit(&w, &why);
    if (rv == KUJI_EINVAL) {
        return show(&w, HTTP_UNPROCESSABLE_ENTITY,
                    text(&w, "refused", "field"));
    }
    if (rv == KUJI_ESTATE) {
        return show(&w, HTTP_CONFLICT, text(&w, "refused", "state"));
    }
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&w.page, rv, "claiming a prize");
    }
    json_decref(w.page.data);
    return kuji_redirect(web, apr_psprintf(web->r->pool,
                                           "/k/%s/claims/%" APR_INT64_T_FMT,
                                           web->slug, (apr_int64_t)web->n));
}
