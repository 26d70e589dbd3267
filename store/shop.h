/* Shops that redeem a campaign's coupons, each known by a passcode that its
 * staff types on the winner's phone. Of the passcode only a keyed digest is
 * kept.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_SHOP_H
#define KUJI_STORE_SHOP_H

#include "core/seal.h"
#include "store/act.h"

#define KUJI_SHOPS_MAX 500
/** Characters of a passcode. */
#define KUJI_PASSCODE_MIN 4
#define KUJI_PASSCODE_MAX 32

typedef struct kuji_shop_t {
    int64_t id;
    const char *name;
    int disabled;
    int64_t redeemed; /* coupons */
} kuji_shop_t;

/** By name. KUJI_ENOTFOUND. */
apr_status_t kuji_shop_list(const kuji_shop_t **shops, int *count,
                            const kuji_act_t *act, const char *slug,
                            apr_pool_t *pool);

/** A passcode as it is compared: widths and capitals alike, no blanks, no
 * hyphens. out has room for KUJI_PASSCODE_MAX + 1; 0: it is none (letters and
 * digits, KUJI_PASSCODE_MIN .. _MAX). */
int kuji_passcode_normalise(char *out, const char *text);

/** name: 1 .. 100 bytes. KUJI_EINVAL, KUJI_ENOTFOUND, KUJI_ECONFLICT (the
 * campaign has a shop of that name, or one with that passcode), KUJI_ETOOBIG.
 * act needs keys, as below. */
apr_status_t kuji_shop_add(const char **why, const kuji_act_t *act,
                           const char *slug, const char *name,
                           const char *passcode, apr_pool_t *pool);

/** Another passcode; the old one opens nothing from then on. As above. */
apr_status_t kuji_shop_passcode(const char **why, const kuji_act_t *act,
                                const char *slug, int64_t id,
                                const char *passcode, apr_pool_t *pool);

/** disabled 1: its passcode redeems nothing, 0: it does again. */
apr_status_t kuji_shop_disable(const char **why, const kuji_act_t *act,
                               const char *slug, int64_t id, int disabled,
                               apr_pool_t *pool);

#endif
