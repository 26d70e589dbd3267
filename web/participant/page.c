/* The data that every page of a campaign begins with.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/page.h"
#include "core/line_config.h"
#include "web/looks.h"
#include "web/participant/words.h"
#include "web/request.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

static int is_english(const kuji_page_t *page)
{
    return strcmp(page->web->language, "en") == 0;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text && *text ? text : NULL;
}

const char *kuji_page_config_text(const kuji_page_t *page, const char *name)
{
    const json_t *texts = json_object_get(page->config, "texts");
    const char *text =
        text_of(json_object_get(texts, page->web->language), name);

    return text ? text : text_of(json_object_get(texts, "ja"), name);
}

/* A field that has a sister named x_en. */
static const char *either(const kuji_page_t *page, const json_t *object,
                          const char *name)
{
    const char *english = apr_pstrcat(page->pool, name, "_en", NULL);
    const char *text = is_english(page) ? text_of(object, english) : NULL;

    return text ? text : text_of(object, name);
}

/* What is not in the page's language, by name. */
static void mark(const kuji_page_t *page, json_t *marks, const char *name,
                 const char *text)
{
    const char *lang = kuji_render_lang(page->web, text);

    if (lang) {
        json_object_set_new(marks, name, json_string(lang));
    }
}

json_t *kuji_page_time(const kuji_page_t *page, int64_t ms)
{
    return json_pack(
        "{s:s, s:s}", "iso", kuji_zone_iso(page->zone, ms, page->pool), "text",
        kuji_zone_text(page->zone, ms, page->web->language, page->pool));
}

static void add_texts(kuji_page_t *page)
{
    static const char *const names[] = {"lead",      "description", "rules",
                                        "organiser", "contact",     "consent"};
    json_t *texts = json_object(), *marks = json_object();
    const char *text;
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        text = kuji_page_config_text(page, names[i]);
        json_object_set_new(texts, names[i], json_string(text));
        mark(page, marks, names[i], text);
    }
    json_object_set_new(page->data, "texts", texts);
    json_object_set_new(page->data, "lang_of", marks);
}

static void add_privacy(kuji_page_t *page)
{
    const json_t *privacy = json_object_get(page->config, "privacy");
    const char *purpose = either(page, privacy, "purpose");
    json_int_t days =
        json_integer_value(json_object_get(privacy, "retention_days"));
    json_t *data = json_object();

    json_object_set_new(data, "purpose", json_string(purpose));
    mark(page, data, "own_lang", purpose);
    if (days > 0) {
        json_object_set_new(data, "retention", json_integer(days));
    }
    else if (json_object_get(privacy, "retention_days")) {
        json_object_set_new(data, "retention_none", json_true());
    }
    json_object_set_new(page->data, "privacy", data);
    json_object_set_new(page->data, "consent", json_boolean(purpose != NULL));
}

static void add_prizes(kuji_page_t *page)
{
    const json_t *configured = json_object_get(page->config, "prizes"), *c;
    const kuji_prize_t *p;
    json_t *list = json_array();
    kuji_picture_t image = {NULL, 0, 0};
    const char *name, *text;
    int i;

    for (i = 0; i < page->m->nprizes; i++) {
        p = &page->m->prizes[i];
        c = json_array_get(configured, i);
        name = either(page, c, "name");
        text = either(page, c, "description");
        image.name = text_of(c, "image");
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s*, s:s*, s:s, s:o*, s:s*, s:s*}", "code",
                      p->code, "name", name ? name : p->name, "grade",
                      either(page, c, "grade"), "description", text, "planned",
                      kuji_words_count(p->units, page->pool), "image",
                      kuji_looks_picture(&image, page->web), "own_lang",
                      kuji_render_lang(page->web, name ? name : p->name),
                      "text_lang", kuji_render_lang(page->web, text)));
    }
    json_object_set_new(page->data, "prizes", list);
}

/* true by the gate's word, for its partial. */
void kuji_page_gates(json_t *data, unsigned gates)
{
    unsigned i;

    for (i = 0; kuji_gate_words[i]; i++) {
        json_object_set_new(data, kuji_gate_words[i],
                            json_boolean(gates & 1u << i));
    }
}

/* As people call it: ours by its name, others by their cities'. */
static const char *zone_name(const kuji_page_t *page)
{
    char *name;

    if (strcmp(page->m->timezone, "Asia/Tokyo") == 0) {
        return kuji_render_text(page->web, "rules.tokyo", NULL);
    }
    name = apr_pstrdup(page->pool, page->m->timezone);
    for (char *c = name; (c = strchr(c, '_')); c++) {
        *c = ' ';
    }
    return name;
}

/* Back to what only the LINE app can do: tell friends, read a QR code, close.
 */
static void add_liff_menu(kuji_page_t *page)
{
    const kuji_web_t *web = page->web;
    const char *app = web->campaign->gates & KUJI_GATE_LINE
                          ? kuji_cookie_get(page->web, KUJI_PAGE_LIFF_COOKIE)
                          : NULL;

    if (app) {
        json_object_set_new(page->data, "liff_menu",
                            kuji_line_is_app(app)
                                ? json_sprintf("%s/liff/%s?menu=1&app=%s",
                                               web->prefix, web->campaign->slug,
                                               app)
                                : json_sprintf("%s/liff/%s?menu=1", web->prefix,
                                               web->campaign->slug));
    }
}

int kuji_page_open(kuji_page_t *page, kuji_web_t *web)
{
    if (!web->process->render) {
        return kuji_problem(web, KUJI_PROBLEM_MAINTENANCE,
                            "this installation has no templates");
    }
    memset(page, 0, sizeof *page);
    page->web = web;
    page->pool = web->r->pool;
    page->config = web->campaign->config;
    page->m = web->campaign->manifest;
    page->zone = kuji_zone_load(page->m->timezone, page->pool);
    page->data = json_pack("{s:o, s:o, s:s, s:{s:b}}", "opens",
                           kuji_page_time(page, page->m->opens_at), "closes",
                           kuji_page_time(page, page->m->closes_at), "timezone",
                           zone_name(page), "gate", "open", 1);
    kuji_page_gates(json_object_get(page->data, "gate"), web->campaign->gates);
    add_liff_menu(page);
    add_texts(page);
    add_privacy(page);
    add_prizes(page);
    return DECLINED;
}

void kuji_page_act(kuji_act_t *act, kuji_web_t *web)
{
    memset(act, 0, sizeof *act);
    act->pg = web->process->pg;
    act->tenant = web->tenant->id;
    act->keys = web->process->keys;
}

static void add_counts(kuji_page_t *page, int show)
{
    json_t *list = json_object_get(page->data, "prizes"), *prize;
    const kuji_prize_view_t *v;
    int i;

    for (i = 0; i < page->view->nprizes; i++) {
        v = &page->view->prizes[i];
        prize = json_array_get(list, i);
        json_object_update_new(
            prize,
            json_pack("{s:s, s:s, s:s, s:I, s:b, s:b}", "planned",
                      kuji_words_count(v->planned, page->pool), "awarded",
                      kuji_words_count(v->awarded, page->pool), "left",
                      kuji_words_count(v->left, page->pool), "percent",
                      (json_int_t)(v->planned > 0 ? (long double)v->left * 100 /
                                                        (long double)v->planned
                                                  : 0),
                      "stock", show, "gone", show && v->left == 0));
    }
}

void kuji_page_show(kuji_page_t *page, const kuji_campaign_view_t *view)
{
    const json_t *show = json_object_get(page->config, "show_left");
    const char *phase = kuji_phase_name(view->phase), *key;

    page->view = view;
    key = apr_pstrcat(page->pool, "phase.", phase, NULL);
    json_object_set_new(page->data, "phase",
                        json_pack("{s:s, s:s, s:b}", "name", phase, "label",
                                  kuji_render_text(page->web, key, NULL), phase,
                                  1));
    add_counts(page, !json_is_false(show));
}

apr_status_t kuji_page_read(kuji_page_t *page)
{
    const kuji_campaign_view_t *view;
    kuji_act_t act;
    apr_status_t rv;

    kuji_page_act(&act, page->web);
    rv = kuji_campaign_get(&view, &act, page->web->slug, page->pool);
    if (rv == APR_SUCCESS) {
        kuji_page_show(page, view);
    }
    return rv;
}

int kuji_page_send(kuji_page_t *page, int status, kuji_caching_e caching,
                   const char *name)
{
    return kuji_render_page(page->web, status, caching, name, page->data);
}

int kuji_page_failure(kuji_page_t *page, apr_status_t rv, const char *what)
{
    json_decref(page->data);
    return kuji_failure(page->web, rv, what);
}
