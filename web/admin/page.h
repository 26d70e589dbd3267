/* What the console's pages have in common: the frame around them, forms that
 * show again what was typed, and a word about what was just changed.
 *
 * A handler opens a page, fills its data and sends it:
 *
 *   kuji_console_page_t page;
 *   int done = kuji_console_open(&page, web, "accounts");
 *   if (done != DECLINED) return done;
 *   kuji_console_field(&page, "login", NULL);
 *   return kuji_console_send(&page, HTTP_OK, "invite");
 *
 * The template templates/admin/invite.mustache begins with {{<layout}} and
 * writes its fields as {{#field.login}}{{<field}}…{{/field}}{{/field.login}}.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_PAGE_H
#define KUJI_WEB_ADMIN_PAGE_H

#include "store/act.h"
#include "store/campaign.h"
#include "web/admin/enter.h"
#include "web/render.h"
#include "web/request.h"
#include "web/route.h"

typedef struct kuji_console_page_t {
    kuji_web_t *web;
    apr_pool_t *pool;        /* the request's */
    const kuji_form_t *form; /* what was sent; NULL: nothing yet */
    json_t *data;            /* of the template; owned until it is sent */
    int errors;              /* fields with an error so far */
} kuji_console_page_t;

/** rail: which entry of the rail is here ("campaigns", "exports", "audit",
 * "accounts", or a campaign's "overview", "prizes", …); NULL: none. DECLINED,
 * or what the handler returns (no templates). */
int kuji_console_open(kuji_console_page_t *page, kuji_web_t *web,
                      const char *rail);

/** The page is about this campaign: the rail shows its parts, the heading its
 * title and phase. */
void kuji_console_campaign(kuji_console_page_t *page,
                           const kuji_campaign_view_t *view);

/** Reads the form that was sent. DECLINED, or the problem that was sent: then
 * page->data is released. */
int kuji_console_form(kuji_console_page_t *page);
/** A field of the form; NULL: absent or empty. */
const char *kuji_console_get(const kuji_console_page_t *page, const char *name);

/** data.field.NAME = {id, name, value, error}: what was sent, or else value
 * (may be NULL). */
void kuji_console_field(kuji_console_page_t *page, const char *name,
                        const char *value);
/** As a field, never showing again what was typed. */
void kuji_console_password(kuji_console_page_t *page, const char *name);
/** A field with options [{value, label, selected}]: values ends with NULL, the
 * labels are the texts LABELS.VALUE. */
void kuji_console_select(kuji_console_page_t *page, const char *name,
                         const char *value, const char *const *values,
                         const char *labels);
/** Sets a field's error, the text of that name over data (borrowed, may be
 * NULL); the field exists. The page then has `has_errors`. */
void kuji_console_error(kuji_console_page_t *page, const char *name,
                        const char *text, json_t *data);
/** An error of the whole form. */
void kuji_console_refuse(kuji_console_page_t *page, const char *text,
                         json_t *data);

/** data.pager = {newer, older}: addresses ("?before=12") or NULL. */
void kuji_console_pager(kuji_console_page_t *page, const char *newer,
                        const char *older);

/** Sends template `name` of templates/admin; data is released. */
int kuji_console_send(kuji_console_page_t *page, int status, const char *name);
/** Releases the data and answers a failure from below. */
int kuji_console_failure(kuji_console_page_t *page, apr_status_t rv,
                         const char *what);

/** After a change: 303 to path (below the mount), where the text flash.NAME
 * over data (released; small, nothing secret; NULL: none) is shown once. */
int kuji_console_done(kuji_web_t *web, const char *path, const char *name,
                      json_t *data);

/** Who acts: web->admin. */
kuji_act_t kuji_console_act(const kuji_web_t *web);

/** {"iso", "text"} of a time, ms, in zone (IANA; NULL: Asia/Tokyo). */
json_t *kuji_console_time(const kuji_console_page_t *page, int64_t ms,
                          const char *zone);

/** What the layout needs: rail, account, title. For web/render. */
void kuji_console_layout(json_t *data, kuji_web_t *web);

#endif
