/* What the store's tests live in: a tenant of their own in the database of
 * KUJI_STORE_CONNINFO, campaigns, draws, and the replay of what came of it.
 * Everything is in unit_pool; a failure fails the test.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_T_STORE_HOUSE_H
#define KUJI_T_STORE_HOUSE_H

#include "core/replay.h"
#include "store/act.h"
#include "store/cache.h"
#include "store/campaign.h"
#include "store/event.h"
#include "t/unit/unit.h"

typedef struct house_t {
    kuji_act_t act;
    kuji_cache_t *cache;
    const char *tenant_name;
    int drawn;       /* participants so far */
    const char *why; /* of the last refusal */
    char last_log[512];
} house_t;

house_t *house_make(void);

/** The database's clock, ms. */
int64_t house_now(house_t *h);

/** A published campaign open since a minute until closes_in ms from now.
 * extra: its method's part of CONFIG, such as "\"blanks\":7,\"prizes\":[…]".
 * The slug is the method's name. */
void house_publish(house_t *h, const char *method, int64_t closes_in,
                   const char *extra);
/** The CONFIG's text of it. */
const char *house_config(house_t *h, const char *slug, const char *method,
                         int64_t closes_in, const char *extra);

/** That many draws (or entries), each by somebody new, in one batch. Returns
 * how many were accepted. */
int house_draw(house_t *h, const char *slug, int count);

const kuji_campaign_view_t *house_view(house_t *h, const char *slug);

/** Reads the ledger back in pages, compares its root with the checkpoint's,
 * and replays it; the report must be without a difference. */
const kuji_replay_report_t *house_replay(house_t *h, const char *slug);

/** One statement by the tests' own hand, as the database's owner: for what the
 * product never does, such as breaking a counter. */
void house_sql(house_t *h, const char *sql);
/** The first column of its first row, or NULL. */
const char *house_ask(house_t *h, const char *sql);

void house_wait(house_t *h, int64_t until);

#define HOUSE_OK(call)                                                         \
    do {                                                                       \
        apr_status_t house_rv = (call);                                        \
        ck_assert_msg(house_rv == APR_SUCCESS, "%s: %d %s %s", #call,          \
                      house_rv - KUJI_E_START, h->why ? h->why : "",           \
                      h->last_log);                                            \
    } while (0)
#define HOUSE_REFUSED(status, call)                                            \
    do {                                                                       \
        apr_status_t house_rv = (h->why = NULL, (call));                       \
        ck_assert_msg(house_rv == (status), "%s: %d instead of %s: %s", #call, \
                      house_rv - KUJI_E_START, #status, h->why ? h->why : ""); \
        ck_assert_msg(h->why && * h->why, "%s says no why", #call);            \
    } while (0)

#endif
