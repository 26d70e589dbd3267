/* What a participant can tell others about a result: a sentence and the
 * campaign's address. Never the draw's number, a receipt or a gift code.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/page.h"

#include <apr_strings.h>
#include <http_core.h>
#include <httpd.h>

/* The page's address for others, from the name that the site is called by. */
static const char *address(const kuji_web_t *web)
{
    request_rec *r = web->r;

    return ap_construct_url(
        r->pool,
        apr_pstrcat(r->pool, web->prefix, "/k/", web->campaign->slug, NULL), r);
}

void kuji_page_add_share(kuji_page_t *page, const json_t *first)
{
    kuji_web_t *web = page->web;
    const char *url = address(web), *text, *both;
    const char *name = json_object_get(first, "win")     ? "share.text_win"
                       : json_object_get(first, "entry") ? "share.text_entry"
                                                         : "share.text_blank";
    json_t *data =
        json_pack("{s:s, s:s*}", "title", web->campaign->manifest->title,
                  "prize", json_string_value(json_object_get(first, "prize")));

    text = kuji_render_text(web, name, data);
    json_decref(data);
    both = apr_pstrcat(page->pool, text, "\n", url, NULL);
    json_object_set_new(
        page->data, "share",
        json_pack("{s:s, s:s, s:o, s:o}", "text", text, "url", url, "line",
                  json_sprintf("https://line.me/R/share?text=%s",
                               ap_escape_urlencoded(page->pool, both)),
                  "x",
                  json_sprintf("https://x.com/intent/post?text=%s&url=%s",
                               ap_escape_urlencoded(page->pool, text),
                               ap_escape_urlencoded(page->pool, url))));
}
