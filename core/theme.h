/* A campaign's looks: one of the themes that ship, colours of the organiser's
 * own in place of some of its tokens, a logo, a key visual, added CSS.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_THEME_H
#define KUJI_CORE_THEME_H

#include "core/colour.h"
#include "core/css.h"
#include "core/error.h"
#include "core/image.h"

#include <jansson.h>

/** The colours that an organiser may set, in the order of the form: names of
 * tokens (templates/assets/css/themes.css) without their dashes. */
#define KUJI_THEME_TOKENS 15
extern const char *const kuji_theme_tokens[KUJI_THEME_TOKENS];

/** The themes that ship; NULL ends the list. */
extern const char *const kuji_theme_bases[];

/** By day (0) and by night (1): prefers-color-scheme. */
#define KUJI_THEME_MODES 2

typedef struct kuji_theme_t {
    const char *base;
    /* as "#rrggbb"; NULL: the base's */
    const char *colours[KUJI_THEME_MODES][KUJI_THEME_TOKENS];
    const char *logo, *visual; /* images' names, or NULL */
    const char *css;           /* the source of the added CSS, or "" */
} kuji_theme_t;

/** From {"base", "day": {token: "#…"}, "night": {…}, "logo", "visual", "css"};
 * all but base may be missing or null. Strings are copied to pool. KUJI_EINVAL
 * with *why: one English sentence that names the field. */
apr_status_t kuji_theme_read(kuji_theme_t *theme, const char **why,
                             const json_t *doc, apr_pool_t *pool);

/** That document again, a new reference; what is unset is left out. */
json_t *kuji_theme_json(const kuji_theme_t *theme);

/** The colour of a token, the organiser's or else the base's. */
kuji_colour_t kuji_theme_colour(const kuji_theme_t *theme, const char *token,
                                int mode);

/** Two colours that must be told apart: text 4.5 to 1, large text and controls
 * 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11). */
typedef struct kuji_theme_pair_t {
    const char *on, *under; /* tokens */
    int mode;
    double is, least;
} kuji_theme_pair_t;

/** What stands against a theme. */
typedef struct kuji_theme_check_t {
    const kuji_theme_pair_t *pairs; /* all, in the order of the list */
    int npairs, nfailed;            /* is < least */
    kuji_css_t css;
} kuji_theme_check_t;

/** Everything in pool; theme is borrowed. A theme is fit for use where nfailed
 * and css.nfaults are 0. */
void kuji_theme_check(kuji_theme_check_t *check, const kuji_theme_t *theme,
                      apr_pool_t *pool);

/** The stylesheet that a page links behind its own: the tokens and what came
 * of the added CSS, in the last layer. */
const char *kuji_theme_sheet(const kuji_theme_t *theme, const kuji_css_t *css,
                             apr_pool_t *pool);

#endif
