/* SPDX-License-Identifier: Apache-2.0 */
#include "web/number.h"

#include <apr_strings.h>
#include <string.h>

const char *kuji_number_text(int64_t value, apr_pool_t *pool)
{
    const char *digits =
        apr_psprintf(pool, "%" APR_INT64_T_FMT, (apr_int64_t)value);
    apr_size_t sign = value < 0, len = strlen(digits) - sign, i;
    char *text = apr_palloc(pool, 2 * strlen(digits) + 1), *at = text;

    for (i = 0; i < len + sign; i++) {
        if (i > sign && (len + sign - i) % 3 == 0) {
            *at++ = ',';
        }
        *at++ = digits[i];
    }
    *at = '\0';
    return text;
}

const char *kuji_number_share(int64_t part, int64_t whole, apr_pool_t *pool)
{
    double percent;

    if (part < 0 || whole <= 0 || part > whole) {
        return NULL;
    }
    percent = 100.0 * (double)part / (double)whole;
    return apr_psprintf(pool, percent < 9.95 && part ? "%.1f%%" : "%.0f%%",
                        percent);
}
