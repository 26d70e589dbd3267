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
    const json_t *campaigns =
        json_object_get(unit_vectors("kuji1.json"), "campaigns");

    ck_assert_int_ge(json_array_size(campaigns), 16);
    for (size_t i = 0; i < json_array_size(campaigns); i++) {
        const json_t *campaign = json_array_get(campaigns, i);
        unit_ledger_t ledger = unit_ledger(campaign);
        const kuji_replay_report_t *report =
            unit_replay(&ledger, ledger.leaves[0]);

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
    const json_t *campaigns =
        json_object_get(unit_vectors("kuji1.json"), "campaigns");

    for (size_t i = 0; i < json_array_size(campaigns); i++) {
        unit_ledger_t ledger = unit_ledger(json_array_get(campaigns, i));

        for (; ledger.count > 1; ledger.count -= 1 + ledger.count / 5) {
            unit_ledger_t shorter = {ledger.count - 1, ledger.leaves};
            const kuji_replay_report_t *report =
                unit_replay(&shorter, ledger.leaves[0]);

            ck_assert_msg(!report->why, "campaign %d, leaf %d: %s", (int)i,
                          (int)report->at, report->why);
            ck_assert(!report->closed && !report->outcomes);
            ck_sums(report);
        }
    }
}
END_TEST

/* The lines of one case: its base with a stretch replaced. */
static unit_ledger_t spoilt(const json_t *bases, const json_t *c)
{
    const json_t *base = json_array_get(
        bases, (size_t)json_integer_value(json_object_get(c, "base")));
    const json_t *middle = json_object_get(c, "middle");
    size_t head = (size_t)json_integer_value(json_object_get(c, "head"));
    size_t tail = (size_t)json_integer_value(json_object_get(c, "tail"));
    size_t count = head + json_array_size(middle) + tail;
    unit_ledger_t ledger = {(int)count, NULL};

    ledger.leaves = apr_palloc(unit_pool, count * sizeof(char *));
    for (size_t i = 0; i < count; i++) {
        const json_t *line =
            i < head ? json_array_get(base, i)
            : i < count - tail
                ? json_array_get(middle, i - head)
                : json_array_get(base, json_array_size(base) - (count - i));

        ledger.leaves[i] = json_string_value(line);
    }
    return ledger;
}

static void ck_case(const json_t *bases, const json_t *c)
{
    const json_t *base = json_array_get(
        bases, (size_t)json_integer_value(json_object_get(c, "base")));
    const char *name = json_string_value(json_object_get(c, "name"));
    const char *why = json_string_value(json_object_get(c, "why"));
    int at = (int)json_integer_value(json_object_get(c, "at"));
    unit_ledger_t ledger = spoilt(bases, c);
    const kuji_replay_report_t *report =
        unit_replay(&ledger, json_string_value(json_array_get(base, 0)));

    if (at < 0) {
        ck_assert_msg(!report->why, "%s: leaf %d %s", name, (int)report->at,
                      report->why);
        return;
    }
    ck_assert_msg(report->why != NULL, "%s: not found", name);
    ck_assert_msg(strstr(report->why, why) && (int)report->at == at,
                  "%s: leaf %d %s, not leaf %d %s", name, (int)report->at,
                  report->why, at, why);
}

/* Each rule broken once: found, at the right leaf, for the right reason. */
START_TEST(test_tampered)
{
    const json_t *document = unit_vectors("tampered.json");
    const json_t *cases = json_object_get(document, "cases");

    ck_assert_int_gt(json_array_size(cases), 100);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        ck_case(json_object_get(document, "bases"), json_array_get(cases, i));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("replay");

    UNIT_TEST(suite, test_known);
    UNIT_TEST(suite, test_running);
    UNIT_TEST(suite, test_tampered);
    return unit_main(suite);
}
