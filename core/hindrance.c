/* SPDX-License-Identifier: Apache-2.0 */
#include "core/hindrance.h"

#include "core/config.h"
#include "core/gates.h"
#include "core/pay_config.h"
#include "core/purchase.h"

#include <stddef.h>

/* In the order of their bits. */
static const char *const sentences[] = {
    "the campaign is published already",
    "the campaign is archived",
    "closes_at has passed",
    "prizes: there is none",
    "privacy: purpose is needed to publish",
    "privacy: retention_days is needed to publish",
    "the gate passphrase has no passphrase yet",
    "the gate email needs a mail server",
    "purchase: goods with a name and a price of their own are needed to "
    "publish: a draw is never sold",
    "purchase: goods names a fee for a draw, which is never sold",
    "purchase: sold_alone is needed to publish: the goods are sold at this "
    "price without a draw too",
    "the gate purchase needs a payment provider that takes its currency",
    "the gate code has no code yet",
    "the gate line has no channel of LINE yet",
};

static unsigned of_config(const json_t *config)
{
    unsigned missing = kuji_config_missing(config), found = 0;

    found |= missing & KUJI_CONFIG_NO_PRIZES ? KUJI_HINDER_NO_PRIZES : 0;
    found |= missing & KUJI_CONFIG_NO_PURPOSE ? KUJI_HINDER_NO_PURPOSE : 0;
    found |= missing & KUJI_CONFIG_NO_RETENTION ? KUJI_HINDER_NO_RETENTION : 0;
    return found;
}

static int is_payable(const json_t *config, const char *provider)
{
    const kuji_pay_config_t settings = {.provider = provider};
    kuji_purchase_t purchase;

    return provider && kuji_purchase_read(&purchase, config) &&
           kuji_pay_config_takes(&settings, purchase.currency);
}

static unsigned of_purchase(const json_t *config, const char *provider)
{
    static const unsigned bits[] = {[KUJI_PURCHASE_LAWFUL] = 0,
                                    [KUJI_PURCHASE_NO_GOODS] =
                                        KUJI_HINDER_NO_GOODS,
                                    [KUJI_PURCHASE_FEE] = KUJI_HINDER_FEE,
                                    [KUJI_PURCHASE_TIED] = KUJI_HINDER_TIED};
    unsigned found = bits[kuji_purchase_law(config)];

    return found & KUJI_HINDER_NO_GOODS || is_payable(config, provider)
               ? found
               : found | KUJI_HINDER_NO_PROVIDER;
}

static unsigned of_gates(unsigned gates, const kuji_hindrance_facts_t *facts)
{
    unsigned found = 0;

    if (gates & KUJI_GATE_PASSPHRASE && !facts->has_passphrase) {
        found |= KUJI_HINDER_NO_PASSPHRASE;
    }
    if (gates & KUJI_GATE_EMAIL && !facts->can_mail) {
        found |= KUJI_HINDER_NO_MAIL;
    }
    if (gates & KUJI_GATE_CODE && !facts->has_codes) {
        found |= KUJI_HINDER_NO_CODES;
    }
    if (gates & KUJI_GATE_LINE && !facts->has_line) {
        found |= KUJI_HINDER_NO_LINE;
    }
    return found;
}

unsigned kuji_hindrances(const json_t *config,
                         const kuji_hindrance_facts_t *facts)
{
    return (facts->published ? KUJI_HINDER_PUBLISHED : 0) |
           (facts->archived ? KUJI_HINDER_ARCHIVED : 0) |
           (facts->over ? KUJI_HINDER_OVER : 0) | of_config(config) |
           of_gates(kuji_gates_of(config), facts) |
           (kuji_gates_of(config) & KUJI_GATE_PURCHASE
                ? of_purchase(config, facts->provider)
                : 0);
}

const char *kuji_hindrance_why(unsigned hindrances)
{
    unsigned i;

    for (i = 0; i < sizeof(sentences) / sizeof(*sentences); i++) {
        if (hindrances & (1u << i)) {
            return sentences[i];
        }
    }
    return NULL;
}

apr_status_t kuji_hindrance_status(unsigned hindrances)
{
    static const unsigned states = KUJI_HINDER_PUBLISHED |
                                   KUJI_HINDER_ARCHIVED | KUJI_HINDER_NO_MAIL |
                                   KUJI_HINDER_NO_PROVIDER;
    /* the one that is told: the lowest bit */
    unsigned told = hindrances & (~hindrances + 1) & KUJI_HINDER_REFUSES;

    return !told ? APR_SUCCESS : told & states ? KUJI_ESTATE : KUJI_EINVAL;
}
