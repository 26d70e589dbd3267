/* SPDX-License-Identifier: Apache-2.0 */
#include "store/mark.h"

int kuji_mark_is_due(int64_t last_t, int64_t t)
{
    return last_t / KUJI_QUARTER_MS != t / KUJI_QUARTER_MS;
}

void kuji_mark_args(kuji_args_t *args, int64_t campaign_id, int64_t t,
                    apr_pool_t *pool)
{
    kuji_args_init(args, pool);
    kuji_args_int(args, campaign_id);
    kuji_args_int(args, t / KUJI_QUARTER_MS);
}
