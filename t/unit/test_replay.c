/* Replaying: the known campaigns hold, with and without their seed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "t/unit/unit.h"
#include "t/unit/vectors.h"

#include <string.h>

static void ck_root(const kuji_replay_report_t *report, const json_t *campaign)
{
    unsigned char root[KUJI_HASH_LEN];
    char hex[2 * KUJI_HASH_LEN + 1];

    kuji_tree_root(report->tree, root);
    sodium_bin2hex(hex, sizeof(hex), root, sizeof(root));
    ck_assert_str_eq(hex, json_string_value(json_object_get(campaign, "root")));
}

/* fairness.md 4.1 */
static void ck_sums(const kuji_replay_report_t *report)
{
    for (int i = 0; i < report->manifest->nprizes; i++) {
        const kuji_stock_t *stock = &report->state->stock[i];

        ck_assert_int_eq(stock->awarded + stock->left,
                         report->manifest->prizes[i].units + stock->added);
    }
}

START_TEST(test_known)
{
    const json_t *campaigns = json_object_get(unit_vectors(), "campaigns");

    ck_assert_int_ge(json_array_size(campaigns), 16);
    for (size_t i = 0; i < json_array_size(campaigns); i++) {
        const json_t *campaign = json_array_get(campaigns, i);
        unit_ledger_t ledger = unit_ledger(campaign);
        const kuji_replay_report_t *report = unit_replay(&ledger);

        ck_assert_msg(!report->why, "campaign %d, leaf %d: %s", (int)i,
                      (int)report->at, report->why);
        ck_assert(report->closed && report->outcomes);
        ck_assert_uint_eq(report->tree->size, ledger.count);
        ck_root(report, campaign);
        ck_sums(report);
    }
}
END_TEST

/* While a campaign runs: every shorter ledger holds too. */
START_TEST(test_running)
{
    const json_t *campaigns = json_object_get(unit_vectors(), "campaigns");

    for (size_t i = 0; i < json_array_size(campaigns); i++) {
        unit_ledger_t ledger = unit_ledger(json_array_get(campaigns, i));

        for (; ledger.count > 1; ledger.count -= 1 + ledger.count / 5) {
            unit_ledger_t shorter = {ledger.count - 1, ledger.leaves};
            const kuji_replay_report_t *report = unit_replay(&shorter);

            ck_assert_msg(!report->why, "campaign %d, leaf %d: %s", (int)i,
                          (int)report->at, report->why);
            ck_assert(!report->closed && !report->outcomes);
            ck_sums(report);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("replay");

    UNIT_TEST(suite, test_known);
    UNIT_TEST(suite, test_running);
    return unit_main(suite);
}
