/* What stands between a campaign and its publication, by what is stored.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_HINDRANCE_H
#define KUJI_STORE_HINDRANCE_H

#include "core/hindrance.h"
#include "store/act.h"

/** *found: bits of core/hindrance.h. can_mail: whether the installation can
 * send mail, which the database does not know. KUJI_ENOTFOUND. */
apr_status_t kuji_hindrances_get(unsigned *found, const char **why,
                                 const kuji_act_t *act, const char *slug,
                                 int can_mail, apr_pool_t *pool);

/** The same inside a transaction, and the CONFIG, which goes with pool. */
apr_status_t kuji_hindrances_read(unsigned *found, const json_t **config,
                                  const char **why, const kuji_act_t *act,
                                  kuji_conn_t *conn, const char *slug,
                                  int can_mail, apr_pool_t *pool);

#endif
