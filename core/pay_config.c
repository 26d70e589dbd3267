/* SPDX-License-Identifier: Apache-2.0 */
#include "core/pay_config.h"

#include "core/line_config.h"

#include <apr_strings.h>
#include <string.h>

#define KEY_MAX 100
#define SECRET_MAX 200

const char *const kuji_pay_providers[] = {"paypay", "line_pay", NULL};
const char *const kuji_pay_environments[] = {"production", "sandbox", "other",
                                             NULL};
const char *const kuji_pay_versions[] = {"v4", "v3", NULL};

/* PayPay's own SDKs left api.paypay.ne.jp and stg-api.sandbox.paypay.ne.jp in
 * 2026 and call them deprecated (paypayopa-sdk-node 2.2.0, paypayopa-sdk-java
 * pull 236, paypayopa-sdk-php pull 399). Who still needs them says "other". */
static const struct {
    const char *provider, *environment, *base;
} places[] = {
    {"line_pay", "production", "https://api-pay.line.me"},
    {"line_pay", "sandbox", "https://sandbox-api-pay.line.me"},
    {"paypay", "production", "https://apigw.paypay.ne.jp"},
    {"paypay", "sandbox", "https://apigw.sandbox.paypay.ne.jp"},
};

static int is_one_of(const char *const *list, const char *word)
{
    for (; *list; list++) {
        if (strcmp(*list, word) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Visible ASCII: what would break a header is refused, nothing else. */
static int is_word(const char *text, size_t min, size_t max)
{
    size_t len = strlen(text), i;

    for (i = 0; i < len; i++) {
        if (text[i] <= ' ' || text[i] > '~') {
            return 0;
        }
    }
    return len >= min && len <= max;
}

const char *kuji_pay_config_wrong(const kuji_pay_config_t *c)
{
    if (!is_one_of(kuji_pay_providers, c->provider)) {
        return "provider";
    }
    if (!is_one_of(kuji_pay_environments, c->environment)) {
        return "environment";
    }
    if (!kuji_line_is_base(c->base)) {
        return "base";
    }
    if (!is_one_of(kuji_pay_versions, c->version)) {
        return "version";
    }
    if (!is_word(c->key, 1, KEY_MAX)) {
        return "key";
    }
    if (!is_word(c->merchant, 0, KEY_MAX)) {
        return "merchant";
    }
    return c->secret && !is_word(c->secret, 0, SECRET_MAX) ? "secret" : NULL;
}

json_t *kuji_pay_config_doc(const kuji_pay_config_t *c)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "provider", c->provider,
                     "environment", c->environment, "base", c->base, "version",
                     c->version, "key", c->key, "merchant", c->merchant);
}

static const char *text_of(const json_t *doc, const char *name,
                           const char *otherwise, apr_pool_t *pool)
{
    const char *text = json_string_value(json_object_get(doc, name));

    return text ? apr_pstrdup(pool, text) : otherwise;
}

void kuji_pay_config_read(kuji_pay_config_t *c, const json_t *doc,
                          apr_pool_t *pool)
{
    c->provider = text_of(doc, "provider", "paypay", pool);
    c->environment = text_of(doc, "environment", "production", pool);
    c->base = text_of(doc, "base", "", pool);
    c->version = text_of(doc, "version", "v4", pool);
    c->key = text_of(doc, "key", "", pool);
    c->merchant = text_of(doc, "merchant", "", pool);
    c->secret = NULL;
    kuji_pay_config_place(c);
}

void kuji_pay_config_place(kuji_pay_config_t *c)
{
    size_t i;

    for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
        if (strcmp(places[i].provider, c->provider) == 0 &&
            strcmp(places[i].environment, c->environment) == 0) {
            c->base = places[i].base;
        }
    }
}

static int is_paypay(const kuji_pay_config_t *c)
{
    return strcmp(c->provider, "paypay") == 0;
}

int kuji_pay_config_takes(const kuji_pay_config_t *c, const char *currency)
{
    static const char *const line[] = {"TWD", "THB", "USD", NULL};

    return is_paypay(c) ? strcmp(currency, "JPY") == 0
                        : is_one_of(line, currency);
}

kuji_pay_driver_e kuji_pay_config_driver(const kuji_pay_config_t *c,
                                         int counter)
{
    return is_paypay(c) ? KUJI_PAY_PAYPAY
           : counter    ? KUJI_PAY_LINE_OFFLINE
                        : KUJI_PAY_LINE_ONLINE;
}
