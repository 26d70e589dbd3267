/* SPDX-License-Identifier: Apache-2.0 */
#include "core/claim.h"

#include <string.h>

static const char *const states[KUJI_CLAIM_LAST] = {
    "won", "claimed", "shipped", "redeemed", "delivered", "expired", "void"};
static const char *const kinds[KUJI_KIND_LAST] = {"parcel", "gift_code",
                                                  "coupon", "link", "message"};

const char *const kuji_claim_backs[] = {"absent",  "address", "refused",
                                        "damaged", "other",   NULL};
const char *const kuji_claim_faults[] = {"used", "unknown", "expired", "other",
                                         NULL};

/* In the shop staff hands over what lies there; everything that needs an
 * address is the owner's. */
static const struct {
    kuji_kind_e kind;
    kuji_claim_e from, to;
    unsigned by;
} steps[] = {
    {KUJI_KIND_PARCEL, KUJI_CLAIM_WON, KUJI_CLAIM_CLAIMED,
     KUJI_BY_WINNER | KUJI_BY_OWNER},
    {KUJI_KIND_PARCEL, KUJI_CLAIM_WON, KUJI_CLAIM_DELIVERED,
     KUJI_BY_STAFF | KUJI_BY_OWNER},
    {KUJI_KIND_PARCEL, KUJI_CLAIM_CLAIMED, KUJI_CLAIM_SHIPPED, KUJI_BY_OWNER},
    {KUJI_KIND_PARCEL, KUJI_CLAIM_CLAIMED, KUJI_CLAIM_DELIVERED,
     KUJI_BY_STAFF | KUJI_BY_OWNER},
    {KUJI_KIND_PARCEL, KUJI_CLAIM_SHIPPED, KUJI_CLAIM_DELIVERED, KUJI_BY_OWNER},
    {KUJI_KIND_PARCEL, KUJI_CLAIM_SHIPPED, KUJI_CLAIM_CLAIMED,
     KUJI_BY_STAFF | KUJI_BY_OWNER},
    {KUJI_KIND_GIFT_CODE, KUJI_CLAIM_WON, KUJI_CLAIM_CLAIMED, KUJI_BY_WINNER},
    {KUJI_KIND_GIFT_CODE, KUJI_CLAIM_WON, KUJI_CLAIM_DELIVERED, KUJI_BY_WINNER},
    {KUJI_KIND_GIFT_CODE, KUJI_CLAIM_CLAIMED, KUJI_CLAIM_DELIVERED,
     KUJI_BY_WINNER | KUJI_BY_JOB},
    {KUJI_KIND_COUPON, KUJI_CLAIM_WON, KUJI_CLAIM_REDEEMED,
     KUJI_BY_STAFF | KUJI_BY_OWNER | KUJI_BY_SHOP},
    {KUJI_KIND_LINK, KUJI_CLAIM_WON, KUJI_CLAIM_DELIVERED, KUJI_BY_WINNER},
    {KUJI_KIND_MESSAGE, KUJI_CLAIM_WON, KUJI_CLAIM_DELIVERED, KUJI_BY_WINNER},
};

static int find(const char *const *list, int count, const char *name)
{
    int i;

    for (i = 0; i < count && (!name || strcmp(list[i], name) != 0); i++) {
    }
    return i;
}

const char *kuji_claim_name(kuji_claim_e state)
{
    return states[state];
}

kuji_claim_e kuji_claim_state(const char *name)
{
    return (kuji_claim_e)find(states, KUJI_CLAIM_LAST, name);
}

kuji_kind_e kuji_claim_kind(const char *name)
{
    return (kuji_kind_e)find(kinds, KUJI_KIND_LAST, name);
}

kuji_claim_by_e kuji_claim_role(const char *role)
{
    static const char *const roles[] = {"staff", "editor", "owner"};
    int i = find(roles, 3, role);

    return i < 3 ? (kuji_claim_by_e)(KUJI_BY_STAFF << i) : KUJI_BY_NOBODY;
}

int kuji_claim_is_reason(const char *const *reasons, const char *reason)
{
    while (*reasons && strcmp(*reasons, reason) != 0) {
        reasons++;
    }
    return *reasons != NULL;
}

int kuji_claim_may(kuji_kind_e kind, kuji_claim_e from, kuji_claim_e to,
                   kuji_claim_by_e by)
{
    unsigned i;

    if (to == KUJI_CLAIM_VOID) {
        return from != KUJI_CLAIM_VOID &&
               (by & (KUJI_BY_EDITOR | KUJI_BY_OWNER));
    }
    if (to == KUJI_CLAIM_EXPIRED) {
        return from == KUJI_CLAIM_WON && (by & (KUJI_BY_JOB | KUJI_BY_OWNER));
    }
    for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        if (steps[i].kind == kind && steps[i].from == from &&
            steps[i].to == to) {
            return (steps[i].by & by) != 0;
        }
    }
    return 0;
}
