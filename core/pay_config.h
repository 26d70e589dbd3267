/* A tenant's settings for payments, checked.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PAY_CONFIG_H
#define KUJI_CORE_PAY_CONFIG_H

#include "core/pay.h"

#include <jansson.h>

typedef struct kuji_pay_config_t {
    const char *provider;    /* "line_pay", "paypay" */
    const char *environment; /* "production", "sandbox", "other" */
    const char *base;        /* origin of the API; that of the environment,
                                but for "other" */
    const char *version;     /* LINE Pay Online's path prefix, "v3" or "v4"; at
                                the counter it is v4 always */
    const char *key;         /* LINE Pay's channel id, PayPay's API key */
    const char *merchant;    /* PayPay's merchant id; "": none */
    const char *secret;      /* NULL: not told, "": there is none */
} kuji_pay_config_t;

/** Their choices; NULL ends them. */
extern const char *const kuji_pay_providers[];
extern const char *const kuji_pay_environments[];
extern const char *const kuji_pay_versions[];

/** The name of the first member that cannot be, or NULL. */
const char *kuji_pay_config_wrong(const kuji_pay_config_t *config);

/** Everything but the secret, a new reference. */
json_t *kuji_pay_config_doc(const kuji_pay_config_t *config);

/** From such a document; what is missing gets its default. Strings in pool. */
void kuji_pay_config_read(kuji_pay_config_t *config, const json_t *doc,
                          apr_pool_t *pool);

/** Sets base to the environment's; "other" keeps it. */
void kuji_pay_config_place(kuji_pay_config_t *config);

/** Whether the provider takes that currency: LINE Pay TWD, THB and USD since it
 * ended in Japan on 2025-04-30, PayPay JPY. */
int kuji_pay_config_takes(const kuji_pay_config_t *config,
                          const char *currency);

/** Which driver is at work at the counter, or on the campaign's page. */
kuji_pay_driver_e kuji_pay_config_driver(const kuji_pay_config_t *config,
                                         int counter);

#endif
