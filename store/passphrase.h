/* A campaign's passphrases (合言葉): compared by keyed digest, kept sealed for
 * whoever edits them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PASSPHRASE_H
#define KUJI_STORE_PASSPHRASE_H

#include "core/phrase.h"
#include "store/act.h"

/** Longest list, in bytes. */
#define KUJI_PHRASES_BYTES_MAX (64 * 1024)

/** The list as it was written (core/phrase.h), "" and version 0 where there is
 * none. KUJI_ENOTFOUND. */
apr_status_t kuji_passphrase_get(const char **text, int *version,
                                 const kuji_act_t *act, const char *slug,
                                 apr_pool_t *pool);

/** Makes text the campaign's list; none: nobody passes. The same list again
 * changes nothing. In any status but closed. expected: the version that was
 * shown. KUJI_EINVAL with *line (0: the list is too long), KUJI_ENOTFOUND,
 * KUJI_ESTATE, KUJI_ECONFLICT. The audit log learns how many there are. */
apr_status_t kuji_passphrase_set(int *line, const char **why,
                                 const kuji_act_t *act, const char *slug,
                                 int expected, const char *text,
                                 apr_pool_t *pool);

#endif
