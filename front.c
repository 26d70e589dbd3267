/* The hooks' bodies: which requests are ours, and their way in.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "front.h"
#include "config.h"
#include "start.h"
#include "web/mask.h"
#include "web/request.h"
#include "web/response.h"
#include "web/route.h"
#include "web/stats.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <mod_status.h>

#define SCHEME "kuji:"

static const kuji_site_t *site_of(const server_rec *s)
{
    kuji_server_config_t *config =
        ap_get_module_config(s->module_config, &kuji_module);

    return &config->site;
}

int kuji_front_mask(request_rec *r)
{
    if (site_of(r->server)->tenant && strchr(r->the_request, '?')) {
        r->the_request = kuji_mask_url(r->the_request, r->pool);
    }
    return DECLINED;
}

/* What httpd refuses by itself never came by the hook above, and it may not
 * even be known whose host was meant. */
int kuji_front_mask_log(request_rec *r)
{
    if (r->the_request && strchr(r->the_request, '?') &&
        (site_of(r->server)->tenant || r->status == HTTP_BAD_REQUEST ||
         r->status == HTTP_REQUEST_URI_TOO_LARGE)) {
        r->the_request = kuji_mask_url(r->the_request, r->pool);
    }
    return DECLINED;
}

/* One a request, made by whichever hook needs it first. */
static kuji_web_t *make_web(request_rec *r)
{
    kuji_web_t *web = ap_get_module_config(r->request_config, &kuji_module);

    if (!web) {
        web = apr_pcalloc(r->pool, sizeof(*web));
        web->r = r;
        ap_set_module_config(r->request_config, &kuji_module, web);
    }
    return web;
}

/* The query as sent goes to our own code alone; everybody else, logs first,
 * sees it masked. */
static void mask_query(request_rec *r)
{
    if (!r->args) {
        return;
    }
    make_web(r)->args = r->args;
    r->args = kuji_mask_query(r->args, r->pool);
    r->parsed_uri.query = r->args;
    r->unparsed_uri = kuji_mask_url(r->unparsed_uri, r->pool);
    r->the_request = kuji_mask_url(r->the_request, r->pool);
}

/* httpd writes it behind each line about the request in its error log: that of
 * our own page, from a browser that does not know Referrer-Policy. */
static void mask_referer(request_rec *r)
{
    const char *referer = apr_table_get(r->headers_in, "Referer");

    if (referer && strchr(referer, '?')) {
        apr_table_setn(r->headers_in, "Referer",
                       kuji_mask_url(apr_pstrdup(r->pool, referer), r->pool));
    }
}

int kuji_front_translate(request_rec *r)
{
    const kuji_dir_config_t *dir =
        ap_get_module_config(r->per_dir_config, &kuji_module);
    apr_size_t len;

    if (dir->on != 1 || !r->uri) {
        return DECLINED;
    }
    len = strlen(dir->prefix);
    if (strncmp(r->uri, dir->prefix, len) ||
        (r->uri[len] && r->uri[len] != '/')) {
        return DECLINED;
    }
    mask_query(r);
    mask_referer(r);
    r->filename = apr_pstrcat(r->pool, SCHEME, r->uri, NULL);
    return OK;
}

int kuji_front_is_ours(const request_rec *r)
{
    return r->filename && !strncmp(r->filename, SCHEME, sizeof(SCHEME) - 1);
}

int kuji_front_claim(request_rec *r)
{
    return kuji_front_is_ours(r) ? OK : DECLINED;
}

static void fill(kuji_web_t *web)
{
    request_rec *r = web->r;
    const kuji_dir_config_t *dir =
        ap_get_module_config(r->per_dir_config, &kuji_module);

    web->process = kuji_process();
    web->site = site_of(r->server);
    web->prefix = kuji_front_is_ours(r) ? dir->prefix : "";
    web->path = r->uri + strlen(web->prefix);
    if (!*web->path) {
        web->path = "/";
    }
    web->language = kuji_request_language(web);
    kuji_route_area(web);
}

kuji_web_t *kuji_front_web(request_rec *r)
{
    kuji_web_t *web = make_web(r);

    if (!web->site) {
        fill(web);
    }
    return web;
}

int kuji_front_handle(request_rec *r)
{
    kuji_web_t *web;

    if (!kuji_front_is_ours(r)) {
        return DECLINED;
    }
    web = kuji_front_web(r);
    /* Methods are checked by the routes, all of them. */
    r->allowed = -1;
    if (!web->process) {
        return kuji_problem(web, KUJI_PROBLEM_BUSY, NULL);
    }
    kuji_stats_request(web->process->stats);
    return kuji_route_run(web);
}

int kuji_front_status(request_rec *r, int flags)
{
    kuji_process_t *process = kuji_process();

    if (process) {
        kuji_status_section(r, flags, process->stats);
    }
    return OK;
}
