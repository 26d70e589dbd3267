/* What the pages about one campaign have in common: the campaign as it is,
 * fields of forms, saving with the version that the form was made from.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_DESK_H
#define KUJI_WEB_ADMIN_DESK_H

#include "web/admin/page.h"
#include "web/zone.h"

typedef struct kuji_desk_t {
    kuji_console_page_t page;
    kuji_act_t act;
    const kuji_campaign_view_t *view; /* NULL: a campaign yet to be made */
    const json_t *config;             /* its CONFIG, in the request's pool */
    const kuji_zone_t *zone;
    int is_draft, can_write; /* can_write: an owner or editor reads this */
} kuji_desk_t;

/** Opens a page and reads the campaign of the path. DECLINED, or the problem
 * that was sent. */
int kuji_desk_open(kuji_desk_t *desk, kuji_web_t *web, const char *rail);
/** The same, and the form that was sent. */
int kuji_desk_open_form(kuji_desk_t *desk, kuji_web_t *web, const char *rail);

/** A copy of CONFIG to be changed, in the request's pool. */
json_t *kuji_desk_copy(const kuji_desk_t *desk);

/** Shows the form (again); releases the data. */
typedef int kuji_desk_show_fn(kuji_desk_t *desk, int status);

typedef struct kuji_desk_next_t {
    kuji_desk_show_fn *show; /* where it was refused */
    const char *path;        /* below the campaign: where to go afterwards */
    const char *flash;       /* what to say there */
} kuji_desk_next_t;

/** Makes config the campaign's, if the form was made from the campaign's
 * current version, and answers. */
int kuji_desk_save(kuji_desk_t *desk, const json_t *config,
                   const kuji_desk_next_t *next);

/** The version that the form was made from, -1 where it does not say. The page
 * shows the same again, so that pressing the button twice overwrites nothing
 * either. */
int kuji_desk_version(kuji_desk_t *desk);
/** Whoever came second is shown what they typed; it is theirs to compare. */
int kuji_desk_conflict(kuji_desk_t *desk, kuji_desk_show_fn *show);

/** What refused or failed: shows the form again with the reason (409 or 422),
 * or answers the failure. why as in store/act.h. */
int kuji_desk_refused(kuji_desk_t *desk, apr_status_t rv, const char *why,
                      const char *what, kuji_desk_show_fn *show);

/** "/admin/campaigns/SLUG" and path, below the mount. */
const char *kuji_desk_path(const kuji_desk_t *desk, const char *path);
/** The participants' page as a link, "https://host/mount/k/SLUG" (qr.c). */
const char *kuji_desk_link(const kuji_desk_t *desk);
/** 303 there, saying flash (its data is released). */
int kuji_desk_done(kuji_desk_t *desk, const char *path, const char *flash,
                   json_t *data);

/* Fields of a form. Each has been put into the page before it is read; a
 * reader marks what is wrong and returns 0, 0 or NULL then. */

void kuji_desk_show_int(kuji_desk_t *desk, const char *name,
                        const json_t *value);
void kuji_desk_show_time(kuji_desk_t *desk, const char *name,
                         const json_t *value);
/** data.choices.KEY = [{name, value, label, checked}]: checkboxes of one name;
 * checked are those that the form sent, else those in the array `chosen`. */
void kuji_desk_choices(kuji_desk_t *desk, const char *name,
                       const char *const *values, const char *labels,
                       const json_t *chosen);

/** A whole number of min .. max; *given (may be NULL: it must be there) says
 * whether there was one. */
int64_t kuji_desk_int(kuji_desk_t *desk, const char *name, int64_t min,
                      int64_t max, int *given);
/** was: what the field showed, or NULL. Forms know no seconds, so what was left
 * as it was keeps them. */
int64_t kuji_desk_time(kuji_desk_t *desk, const char *name, const json_t *was);
/** A text that is not blank and at most max bytes. */
const char *kuji_desk_text(kuji_desk_t *desk, const char *name, apr_size_t max);
/** One of values. */
const char *kuji_desk_choice(kuji_desk_t *desk, const char *name,
                             const char *const *values);
/** Sets or removes a member: an optional text of at most max bytes. */
void kuji_desk_optional(kuji_desk_t *desk, const char *name, json_t *object,
                        const char *member, apr_size_t max);
/** Those of values that the form sent under that name, a new array. */
json_t *kuji_desk_chosen(const kuji_desk_t *desk, const char *name,
                         const char *const *values);

/** Whether the field "confirm" repeats the campaign's title, as danger asks;
 * marks it otherwise. */
int kuji_desk_confirmed(kuji_desk_t *desk);

/** Shows and takes how a result is shown and how many can be drawn at once:
 * the fields reveal and counts (reveal.c). */
void kuji_console_show_reveal(kuji_desk_t *desk);
void kuji_console_take_reveal(kuji_desk_t *desk, json_t *config);

/** The same for what is bought: the fields goods, goods_en, price, currency,
 * gives and sold_alone (edit_purchase.c). */
void kuji_console_show_purchase(kuji_desk_t *desk);
void kuji_console_take_purchase(kuji_desk_t *desk, json_t *config);

/** "12,345", in the request's pool. */
const char *kuji_desk_count(const kuji_desk_t *desk, int64_t value);

/** A browser's line ends are CR LF; texts are kept with LF. In pool. */
const char *kuji_desk_lines(const char *text, apr_pool_t *pool);

/** A member of an object as text, "" where it is none. */
const char *kuji_desk_member(const json_t *object, const char *name);

#endif
