/* A campaign's looks, version by version: none is ever changed, and one pointer
 * says which of them is shown. Version 0 is what CONFIG says alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_THEME_H
#define KUJI_STORE_THEME_H

#include "core/theme.h"
#include "store/act.h"

/** Adds a version and shows it. expected: the version that was shown when the
 * admin began. KUJI_EINVAL: colours that cannot be told apart, a fault in the
 * CSS, an image that is not there. KUJI_ENOTFOUND: no such campaign.
 * KUJI_ECONFLICT: another version is shown by now. */
apr_status_t kuji_theme_save(int *version, const char **why,
                             const kuji_act_t *act, const char *slug,
                             int expected, const kuji_theme_t *theme,
                             apr_pool_t *pool);

/** Shows an earlier (or later) version again; 0: none. KUJI_ENOTFOUND,
 * KUJI_ECONFLICT. */
apr_status_t kuji_theme_show(const char **why, const kuji_act_t *act,
                             const char *slug, int expected, int version,
                             apr_pool_t *pool);

/** What is shown; *version is 0 and theme is left alone where it is none.
 * KUJI_EDATABASE: a document that does not read. */
apr_status_t kuji_theme_current(kuji_theme_t *theme, int *version,
                                const kuji_act_t *act, const char *slug,
                                apr_pool_t *pool);

typedef struct kuji_theme_row_t {
    int version, is_current;
    int64_t at; /* ms */
    const char
        *actor; /* who saved it: an admin's login, else the act's actor */
} kuji_theme_row_t;

/** Versions below `before` (0: all), the newest first. */
apr_status_t kuji_theme_list(const kuji_theme_row_t **rows, int *count,
                             const kuji_act_t *act, const char *slug,
                             int before, int limit, apr_pool_t *pool);

/** A version's stylesheet. KUJI_ENOTFOUND. */
apr_status_t kuji_theme_sheet_get(const char **sheet, const kuji_act_t *act,
                                  int64_t campaign, int version,
                                  apr_pool_t *pool);

/** What the admin looks at before it is saved, however unfit: the last one
 * only. KUJI_ENOTFOUND; KUJI_EINVAL: an image that is not there. */
apr_status_t kuji_theme_try(const char **why, const kuji_act_t *act,
                            const char *slug, const kuji_theme_t *theme,
                            apr_pool_t *pool);
/** It and its stylesheet. KUJI_ENOTFOUND. */
apr_status_t kuji_theme_tried(kuji_theme_t *theme, const char **sheet,
                              const kuji_act_t *act, const char *slug,
                              apr_pool_t *pool);

#endif
