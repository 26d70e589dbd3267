/* SPDX-License-Identifier: Apache-2.0 */
#include "core/money.h"

#include <apr_strings.h>
#include <string.h>

int kuji_money_places(const char *currency)
{
    static const struct {
        const char *name;
        int places;
    } known[] = {{"JPY", 0}, {"THB", 2}, {"TWD", 2}, {"USD", 2}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].name, currency) == 0) {
            return known[i].places;
        }
    }
    return -1;
}

const char *kuji_money_write(int64_t amount, const char *currency,
                             apr_pool_t *pool)
{
    int places = kuji_money_places(currency), i;
    int64_t unit = 1;

    if (places < 0 || amount < 0 || amount > KUJI_MONEY_MAX) {
        return NULL;
    }
    for (i = 0; i < places; i++) {
        unit *= 10;
    }
    if (amount % unit == 0) {
        return apr_psprintf(pool, "%" APR_INT64_T_FMT, amount / unit);
    }
    return apr_psprintf(pool, "%" APR_INT64_T_FMT ".%0*d", amount / unit,
                        places, (int)(amount % unit));
}

/* Appends the digits at text to *amount, `most` of them; more may follow where
 * they may, and are zeros. Returns how many there were, or -1. */
static int take(int64_t *amount, const char *text, int most, int may_follow)
{
    int n;

    for (n = 0; text[n] >= '0' && text[n] <= '9'; n++) {
        if (n < most) {
            *amount = *amount * 10 + (text[n] - '0');
        }
        else if (!may_follow || text[n] != '0') {
            return -1;
        }
    }
    return n;
}

apr_status_t kuji_money_read(int64_t *amount, const char *text,
                             const char *currency)
{
    int places = kuji_money_places(currency), minus = *text == '-', n;
    int64_t value = 0;

    text += minus;
    n = take(&value, text, 15, 0);
    if (places < 0 || n < 1 || (text[0] == '0' && n > 1)) {
        return KUJI_EINVAL;
    }
    text += n;
    n = 0;
    if (*text == '.') {
        n = take(&value, ++text, places, 1);
        if (n < 1) {
            return KUJI_EINVAL;
        }
        text += n;
    }
    for (; n < places; n++) {
        value *= 10;
    }
    if (*text || value > KUJI_MONEY_MAX) {
        return KUJI_EINVAL;
    }
    *amount = minus ? -value : value;
    return APR_SUCCESS;
}
