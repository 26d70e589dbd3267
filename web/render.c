/* Pages: what the layout needs besides the handler's data, problems, assets.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/render.h"
#include "web/admin/page.h"
#include "web/language.h"
#include "web/looks.h"
#include "web/request.h"

#include <apr_strings.h>
#include <http_log.h>
#include <httpd.h>

APLOG_USE_MODULE(kuji);

#define DEFAULT_THEME "ennichi"

struct kuji_render_t {
    const kuji_templates_t *templates;
};

apr_status_t kuji_render_create(const kuji_render_t **out, const char **why,
                                const char *dir, const char *override_dir,
                                apr_pool_t *p)
{
    kuji_render_t *render = apr_pcalloc(p, sizeof *render);

    *out = render;
    return kuji_templates_load(&render->templates, why, dir, override_dir, p);
}

const char *kuji_render_text(kuji_web_t *web, const char *name, json_t *data)
{
    const char *text =
        kuji_templates_text(web->process->render->templates, web->language,
                            name, data, web->r->pool);

    return text ? text : "";
}

const char *kuji_render_mail(const kuji_render_t *render, const char *language,
                             const char *name)
{
    return kuji_templates_mail(render->templates, language, name);
}

const char *kuji_render_lang(const kuji_web_t *web, const char *text)
{
    return strcmp(web->language, "ja") == 0 ? NULL
                                            : kuji_language_of_text(text);
}

/* "?lang=en" and what else the query says, a code above all. */
static const char *language_query(kuji_web_t *web, const char *other)
{
    const char *query = apr_pstrcat(web->r->pool, "?lang=", other, NULL);
    const kuji_form_t *form;
    int i;

    if (web->args &&
        !kuji_form_parse(&form, web->args, strlen(web->args), web->r->pool)) {
        for (i = 0; i < form->count; i++) {
            const kuji_form_field_t *field = &form->fields[i];

            if (strcmp(field->name, "lang")) {
                query = apr_pstrcat(
                    web->r->pool, query, "&",
                    ap_escape_urlencoded(web->r->pool, field->name), "=",
                    ap_escape_urlencoded(web->r->pool, field->value), NULL);
            }
        }
    }
    return query;
}

/* The same page in the other language; a form's answer has no address that
 * could be asked for again. */
static json_t *language_link(kuji_web_t *web, const char *other)
{
    if (web->r->method_number == M_GET) {
        return json_string(language_query(web, other));
    }
    if (web->is_admin) {
        return json_sprintf("%s/admin?lang=%s", web->prefix, other);
    }
    return web->campaign ? json_sprintf("%s/k/%s?lang=%s", web->prefix,
                                        web->campaign->slug, other)
                         : json_sprintf("%s/?lang=%s", web->prefix, other);
}

/* A language that was chosen is kept for the next page; true if it was. */
static int keep_language(kuji_web_t *web)
{
    const char *asked = kuji_query_get(web, "lang");
    int chosen = asked && strcmp(asked, web->language) == 0;

    if (chosen) {
        apr_table_addn(web->r->err_headers_out, "Set-Cookie",
                       apr_psprintf(web->r->pool,
                                    KUJI_LANGUAGE_COOKIE
                                    "=%s; Max-Age=31536000; Path=%s/; "
                                    "HttpOnly; SameSite=Lax%s",
                                    web->language, web->prefix,
                                    kuji_is_https(web->r) ? "; Secure" : ""));
    }
    apr_table_mergen(web->r->headers_out, "Vary", "Cookie");
    return chosen;
}

static void set_absent(json_t *data, const char *key, json_t *value)
{
    if (json_object_get(data, key)) {
        json_decref(value);
    }
    else {
        json_object_set_new(data, key, value);
    }
}

static void add_campaign(json_t *data, kuji_web_t *web)
{
    const kuji_campaign_t *c = web->campaign;

    set_absent(data, "campaign",
               json_pack("{s:s, s:s, s:o, s:s*}", "title", c->manifest->title,
                         "slug", c->slug, "href",
                         json_sprintf("%s/k/%s", web->prefix, c->slug),
                         "own_lang",
                         kuji_render_lang(web, c->manifest->title)));
    kuji_looks_add(data, web);
}

static void add_theme(json_t *data, kuji_web_t *web)
{
    if (web->campaign) {
        add_campaign(data, web);
    }
    set_absent(data, "theme", json_string(DEFAULT_THEME));
    set_absent(data, "motif",
               json_pack("{s:b}",
                         json_string_value(json_object_get(data, "theme")), 1));
}

/* What every template may use; a handler's own values stay. */
static void complete(json_t *data, kuji_web_t *web, const char *name)
{
    const char *other = strcmp(web->language, "ja") == 0 ? "en" : "ja";
    const char *assets =
        apr_pstrcat(web->r->pool, web->prefix, "/assets/", NULL);

    set_absent(data, "lang", json_string(web->language));
    set_absent(data, "other_lang", json_string(other));
    set_absent(data, "lang_href", language_link(web, other));
    set_absent(data, "prefix", json_string(web->prefix));
    set_absent(data, "page", json_string(name));
    set_absent(
        data, "asset",
        kuji_templates_asset_urls(web->process->render->templates, assets));
    if (web->tenant) {
        set_absent(data, "tenant",
                   json_pack("{s:s, s:s*}", "title", web->tenant->title,
                             "own_lang",
                             kuji_render_lang(web, web->tenant->title)));
    }
    if (web->is_admin) {
        kuji_console_layout(data, web);
    }
    else {
        add_theme(data, web);
    }
}

int kuji_render_page(kuji_web_t *web, int status, kuji_caching_e caching,
                     const char *name, json_t *data)
{
    const char *area = web->is_admin ? "admin/" : "participant/";
    const char *html, *path = apr_pstrcat(web->r->pool, area, name, NULL);
    apr_size_t len;
    apr_status_t rv;

    complete(data, web, name);
    rv = kuji_templates_render(&html, &len, web->process->render->templates,
                               path, web->language, data, web->r->pool);
    json_decref(data);
    if (rv != APR_SUCCESS) {
        /* Never through a template again. */
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, web->r,
                      "KJ0310: template %s does not render", path);
        html = "<!DOCTYPE html><title>mod_kuji</title>";
        return kuji_send_html(web, HTTP_INTERNAL_SERVER_ERROR,
                              KUJI_CACHE_NO_STORE, html, strlen(html));
    }
    /* One reader's cookie is for no cache to share. */
    if (keep_language(web) && caching > KUJI_CACHE_PRIVATE) {
        caching = KUJI_CACHE_PRIVATE;
    }
    return kuji_send_html(web, status, caching, html, len);
}

/* The console's words for it where it has some of its own. */
static const char *problem_text(kuji_web_t *web, const char *name,
                                const char *part)
{
    const char *path =
        apr_pstrcat(web->r->pool, "problem.", name, ".", part, NULL);
    const char *text = "";

    if (web->is_admin) {
        text = kuji_render_text(
            web, apr_pstrcat(web->r->pool, "admin.", path, NULL), NULL);
    }
    return *text ? text : kuji_render_text(web, path, NULL);
}

static void add_text(json_t *to, const char *key, kuji_web_t *web,
                     const char *name, const char *part)
{
    const char *text = problem_text(web, name, part);

    if (*text) {
        json_object_set_new(to, key, json_string(text));
    }
}

int kuji_render_problem(kuji_web_t *web, const kuji_problem_t *problem)
{
    json_t *data = web->page ? json_deep_copy(web->page) : json_object();
    const char *name = json_string_value(json_object_get(data, "name"));
    const char *what = json_string_value(json_object_get(data, "what"));
    json_t *texts = json_object();

    name = name ? name : problem->name;
    add_text(texts, "title", web, name, "title");
    add_text(texts, "what", web, name, "what");
    /* Busy without anything to send again, say, or which limit it was. */
    add_text(texts, "what", web, name, what ? what : "plain");
    if (json_object_get(data, "safe")) {
        json_object_set_new(
            texts, "safe",
            json_string(kuji_render_text(web, "problem.safe", NULL)));
    }
    json_object_set_new(data, "problem", texts);
    return kuji_render_page(web, problem->status, KUJI_CACHE_NO_STORE,
                            "problem", data);
}

int kuji_render_asset(kuji_web_t *web)
{
    const kuji_render_t *render = web->process->render;
    const kuji_asset_t *asset =
        render ? kuji_templates_asset(render->templates, web->name) : NULL;
    int done;

    if (!asset) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    /* A worker is bound by its script's own policy: the verifier reads the
     * public ledger. */
    if (strncmp(asset->type, "text/javascript", 15) == 0) {
        web->policy = KUJI_POLICY_SCRIPT;
    }
    kuji_headers(web, 0);
    kuji_headers_caching(web, KUJI_CACHE_FOREVER);
    done = kuji_is_fresh(
        web, apr_pstrcat(web->r->pool, "\"", asset->url_name, "\"", NULL), 0);
    return done ? done
                : kuji_send(web, HTTP_OK, asset->type, KUJI_CACHE_FOREVER,
                            asset->bytes, asset->len);
}
