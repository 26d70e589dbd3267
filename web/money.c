/* SPDX-License-Identifier: Apache-2.0 */
#include "web/money.h"

#include "core/money.h"
#include "web/number.h"
#include "web/render.h"

#include <apr_strings.h>
#include <string.h>

const char *kuji_money_text(kuji_web_t *web, int64_t amount,
                            const char *currency)
{
    apr_pool_t *pool = web->r->pool;
    const char *plain = kuji_money_write(amount, currency, pool), *text;
    json_t *data;

    if (!plain) {
        return "";
    }
    data =
        json_pack("{s:s}", "amount",
                  apr_pstrcat(pool, kuji_number_text(apr_atoi64(plain), pool),
                              strchr(plain, '.'), NULL));
    text = kuji_render_text(web, apr_pstrcat(pool, "money.", currency, NULL),
                            data);
    json_decref(data);
    return text;
}
