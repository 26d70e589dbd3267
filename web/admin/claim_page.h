/* What the console's pages about wins share: the campaign they are in, words
 * for prizes and states, and forms that ask for a name before they destroy.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_CLAIM_PAGE_H
#define KUJI_WEB_ADMIN_CLAIM_PAGE_H

#include "store/claim.h"
#include "web/admin/page.h"

typedef struct kuji_claims_page_t {
    kuji_console_page_t page;
    kuji_act_t act;
    const kuji_campaign_view_t *view;
} kuji_claims_page_t;

/** Opens a page about campaign {slug}; data: base, the address of the campaign
 * in the console. DECLINED, or what the handler returns (404: no such campaign;
 * or one that is a draft, unless drafts). */
int kuji_claims_open(kuji_claims_page_t *p, kuji_web_t *web, const char *rail,
                     int drafts);

/** Whether this admin sees personal data. */
int kuji_claims_personal(const kuji_web_t *web);

/** A prize's name by its code (the code where it has none); NULL for NULL. */
const char *kuji_claims_prize(const kuji_claims_page_t *p, const char *code);
/** {"name", "label"} of a claim's state; NULL: {"name": "blank", …}. */
json_t *kuji_claims_state(const kuji_claims_page_t *p, const char *state);
json_t *kuji_claims_time(const kuji_claims_page_t *p, int64_t ms);

/** data.field.NAME, a select: options [{value, label}] (released here), the
 * first of them being `all` (a text) with an empty value. */
void kuji_claims_select(kuji_claims_page_t *p, const char *name,
                        const char *value, const char *all, json_t *options);

/** The claim's steps that `by` may take, as data: [{to, label, tracking}] with
 * the text admin.claims.do.STATE. */
json_t *kuji_claims_steps(const kuji_claims_page_t *p, const char *kind,
                          const char *state, kuji_claim_by_e by);

/** "あて所に届かない": why a parcel came back (claims_back.c). */
const char *kuji_claims_back_text(const kuji_claims_page_t *p,
                                  const char *reason);
/** data.may_back = path, the form's action below the campaign, and its field,
 * where this admin may say that the parcel came back. */
void kuji_claims_add_back(kuji_claims_page_t *p, const kuji_claim_t *claim,
                          const char *path);

/** A receipt number that a form says; 0: it says none. */
int64_t kuji_claims_number(const kuji_console_page_t *page, const char *name);
/** Whether the form's field `confirm` says the draw's number; otherwise its
 * field gets an error. */
int kuji_claims_confirmed(kuji_console_page_t *page, int64_t n);

/** The page of claims (claims.c), and what it says of expired ones
 * (claims_expired.c). */
int kuji_claims_show(kuji_claims_page_t *p, int status);
apr_status_t kuji_claims_add_expired(kuji_claims_page_t *p);

/** The form's text: 1 .. max bytes of the whole body, in a field or, sent as
 * text/csv or text/plain, the body itself. KUJI_EINVAL, KUJI_ETOOBIG. */
#define KUJI_CLAIMS_LIST_MAX (8 * 1024 * 1024)
apr_status_t kuji_claims_list_body(const char **text, apr_size_t *len,
                                   kuji_web_t *web, const char *field);

/** [{label}] of a draw's flags (store/flag.h); NULL: it has none. */
json_t *kuji_claims_flags(const kuji_claims_page_t *p, unsigned reasons);

#endif
