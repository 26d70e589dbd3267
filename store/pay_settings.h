/* A tenant's settings for payments, the provider's secret sealed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PAY_SETTINGS_H
#define KUJI_STORE_PAY_SETTINGS_H

#include "core/pay_config.h"
#include "store/act.h"

typedef struct kuji_pay_settings_t {
    kuji_pay_config_t config; /* secret: as asked for below */
    int version;              /* 0: there are none */
    int64_t updated_at;       /* ms */
} kuji_pay_settings_t;

/** All in pool. with_secret: the secret is opened, for who calls the provider;
 * it is wiped with pool. Else it is NULL. KUJI_ENOTFOUND: none yet (defaults
 * are set all the same); KUJI_ECRYPT. */
apr_status_t kuji_pay_settings(kuji_pay_settings_t *settings,
                               const kuji_act_t *act, int with_secret,
                               apr_pool_t *pool);

/** Saves checked settings over version `expected` (0: none yet); a secret of
 * NULL or "" stays what it was, as long as the API's address does.
 * KUJI_ECONFLICT: somebody was faster. KUJI_EINVAL: a secret is needed, and
 * none is given. KUJI_ESTATE: another provider, place or account, while
 * payments are under way that only the one of before can tell about. One audit
 * row, which never says the secret. */
apr_status_t kuji_pay_settings_save(const kuji_pay_config_t *config,
                                    int expected, const kuji_act_t *act,
                                    apr_pool_t *pool);

#endif
