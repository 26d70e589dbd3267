/* Who takes part: one identity of a participant across a campaign's gates.
 *
 * A browser is known by its cookie (web/session.h); what it proved at a gate it
 * keeps as a pass (web/pass.h), for that campaign alone. The strongest says
 * under which id limits are counted: line > e-mail > link > cookie.
 *
 *   cookie   the session's id, 22 characters of base64url
 *   link     the participant string of the program that asked for the link,
 *            unchanged, as in POST …/draws: limits hold over both
 *   e-mail   "mail:" and a keyed digest of the address in hex
 *   LINE     "line:" and a keyed digest of LINE's user id in hex
 *
 * The link of a purchase admits whoever has it and says nothing of who they
 * are: it is no identity.
 *
 * What was drawn under a weaker one before stays with the browser: a result, a
 * claim, the list of one's draws look for all that it holds.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_IDENTITY_H
#define KUJI_WEB_IDENTITY_H

#include "web/pass.h"
#include "web/web.h"

typedef enum kuji_identity_kind_e {
    KUJI_IDENTITY_COOKIE, /* from the weakest on */
    KUJI_IDENTITY_LINK,
    KUJI_IDENTITY_MAIL,
    KUJI_IDENTITY_LINE,
    KUJI_IDENTITY_KINDS
} kuji_identity_kind_e;

struct kuji_identity_t {
    kuji_identity_kind_e kind; /* of the strongest */
    const char *id;            /* its bytes: limits are counted under them */
    const char *ids[KUJI_IDENTITY_KINDS]; /* all that the browser holds; NULL */
    unsigned passed; /* gates whose pass it holds: KUJI_GATE_EMAIL, … */
    unsigned marks;  /* KUJI_PASS_MARK_* of its passes */
    int has_link;
    unsigned char link[KUJI_DIGEST_LEN]; /* the link's digest */
    const struct kuji_link_row_t *row;   /* the link, once it was looked at */
};

/** Of a request with KUJI_ROUTE_CAMPAIGN and KUJI_ROUTE_SESSION. NULL: nobody
 * that is known. The session's, and made once a request. */
const kuji_identity_t *kuji_identity(kuji_web_t *web);

/** The same, with a session made now if there is none. Never NULL. */
const kuji_identity_t *kuji_identity_start(kuji_web_t *web);

/** The link by which the browser came (store/link.h), read once a request;
 * NULL: it came by none, or the link is gone. */
const struct kuji_link_row_t *kuji_identity_link(kuji_web_t *web);

/** Gates of the campaign that ask for a pass which the browser does not hold.
 */
unsigned kuji_identity_missing(kuji_web_t *web);

/** Records that this browser passed a gate of web->campaign and is `id` there
 * (1 .. KUJI_PASS_ID_MAX bytes; a link's is "<digest in hex>:<participant>"),
 * for so many seconds: sets the cookie, starts a session if there is none. Call
 * it before anything is sent. */
void kuji_identity_pass(kuji_web_t *web, kuji_identity_kind_e kind,
                        const char *id, int seconds);

/** To be called before kuji_identity_pass, where there is something to note
 * about it: KUJI_PASS_MARK_MAIL. */
void kuji_identity_mark(kuji_web_t *web, unsigned marks);

/** Which of the browser's ids has this digest in the campaign (as draws keep
 * it); NULL: none. */
const char *kuji_identity_find(kuji_web_t *web,
                               const unsigned char digest[KUJI_DIGEST_LEN]);

/** The digest of one kind's id; 0: the browser has none of that kind, or came
 * by a link that it has not drawn by: a link may be passed on, what was drawn
 * by it may not. */
int kuji_identity_digest(unsigned char out[KUJI_DIGEST_LEN], kuji_web_t *web,
                         kuji_identity_kind_e kind);

#endif
