/* What kuji-verify says.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "tools/verify.h"

#include <apr_strings.h>
#include <stdarg.h>

/* A ledger may hold anything; a terminal must not obey it. */
static const char *harmless(char *text)
{
    for (char *p = text; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7F) {
            *p = '?';
        }
    }
    return text;
}

apr_status_t kuji_verify_differs(kuji_verify_t *v, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fprintf(stderr, "DIFFERS: %s\n",
            harmless(apr_pvsprintf(v->pool, format, args)));
    va_end(args);
    return KUJI_EVERIFY;
}

apr_status_t kuji_verify_failed(kuji_verify_t *v, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fprintf(stderr, "kuji-verify: %s\n",
            harmless(apr_pvsprintf(v->pool, format, args)));
    va_end(args);
    return KUJI_ENOTFOUND;
}

static void report_prizes(const kuji_replay_report_t *report)
{
    printf("%-32s %16s %16s %16s %16s\n", "prize", "declared", "added",
           "awarded", "left");
    for (int i = 0; i < report->manifest->nprizes; i++) {
        const kuji_stock_t *stock = &report->state->stock[i];

        printf("%-32s %16" APR_INT64_T_FMT " %16" APR_INT64_T_FMT
               " %16" APR_INT64_T_FMT " %16" APR_INT64_T_FMT "\n",
               report->manifest->prizes[i].code,
               report->manifest->prizes[i].units, stock->added, stock->awarded,
               stock->left);
    }
    if (report->manifest->method == KUJI_BOX) {
        printf("%-32s %16" APR_INT64_T_FMT " %16s %16s %16" APR_INT64_T_FMT
               "\n",
               "(blank)", report->manifest->blanks, "", "",
               report->state->blanks_left);
    }
}

static void report_outcomes(const kuji_replay_report_t *report)
{
    if (report->outcomes) {
        puts("seed       revealed, opens the commitment; every outcome was "
             "replayed");
    }
    else {
        puts("seed       not revealed yet: everything but the outcomes was "
             "checked");
    }
}

/* What this program could not look into, said as plainly as what it did. */
static void report_unchecked(const kuji_verify_t *v)
{
    const kuji_replay_report_t *report = kuji_replay_report(v->replay);
    const kuji_beacon_t *beacon = report->manifest->beacon;

    if (v->days_needed && !v->days_known) {
        puts("NOT CHECKED limits by day: this computer does not know the "
             "campaign's time zone");
    }
    if (beacon && report->raffled) {
        printf("NOT CHECKED the beacon's own signature: compare the raffle's "
               "randomness with round %" APR_INT64_T_FMT " of %s\n",
               beacon->round,
               harmless(apr_pstrdup(v->pool, beacon->chain_hash)));
    }
}

static void report_notes(const kuji_verify_t *v)
{
    if (v->note) {
        printf("checkpoint %" APR_UINT64_T_FMT " leaves, signed by %s\n",
               v->checkpoint.size, v->checkpoint.origin);
    }
    if (v->old_note) {
        printf("old        %" APR_UINT64_T_FMT " leaves, a prefix of these\n",
               v->old.size);
    }
    if (v->url) {
        printf("proofs     %d of inclusion and %d of consistency from the "
               "server hold\n",
               v->inclusions, v->consistencies);
    }
    if (v->receipt_leaf) {
        printf("receipt    leaf %" APR_UINT64_T_FMT " is in the ledger%s\n",
               v->receipt_index,
               v->participant ? " and is this participant's" : "");
    }
}

void kuji_verify_report(kuji_verify_t *v)
{
    const kuji_replay_report_t *report = kuji_replay_report(v->replay);
    unsigned char root[KUJI_HASH_LEN];
    char hex[2 * KUJI_HASH_LEN + 1];

    kuji_tree_root(report->tree, root);
    sodium_bin2hex(hex, sizeof(hex), root, sizeof(root));
    printf("campaign   %s (%s), %s\n",
           harmless(apr_pstrdup(v->pool, report->manifest->title)),
           report->manifest->origin,
           kuji_method_name(report->manifest->method));
    printf("leaves     %" APR_UINT64_T_FMT "%s\n", report->tree->size,
           report->closed ? ", closed" : "");
    printf("root       %s\n", hex);
    printf("%-10s %" APR_UINT64_T_FMT ", %" APR_UINT64_T_FMT " void\n",
           report->manifest->method == KUJI_RAFFLE ? "entries" : "draws",
           report->draws, report->voids);
    report_prizes(report);
    report_outcomes(report);
    report_notes(v);
    report_unchecked(v);
    puts("ok");
}
