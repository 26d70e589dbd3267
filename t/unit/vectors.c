/* SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/vectors.h"
#include "t/unit/unit.h"

#include <apr_strings.h>
#include <string.h>

static apr_status_t release(void *document)
{
    json_decref(document);
    return APR_SUCCESS;
}

const json_t *unit_vectors(const char *file)
{
    json_error_t error;
    json_t *document = json_load_file(
        apr_pstrcat(unit_pool, unit_source_dir(), "/t/vectors/", file, NULL), 0,
        &error);

    ck_assert_msg(document != NULL, "%s: %s", file, error.text);
    apr_pool_cleanup_register(unit_pool, document, release,
                              apr_pool_cleanup_null);
    return document;
}

unit_ledger_t unit_ledger(const json_t *campaign)
{
    const json_t *list = json_object_get(campaign, "leaves");
    unit_ledger_t ledger = {(int)json_array_size(list) + 1, NULL};

    ledger.leaves =
        apr_palloc(unit_pool, (apr_size_t)ledger.count * sizeof(char *));
    ledger.leaves[0] = json_string_value(json_object_get(campaign, "manifest"));
    for (int i = 1; i < ledger.count; i++) {
        ledger.leaves[i] =
            json_string_value(json_array_get(list, (size_t)i - 1));
    }
    return ledger;
}

const kuji_replay_report_t *unit_replay(const unit_ledger_t *ledger,
                                        const char *manifest)
{
    const char *why = NULL;
    kuji_replay_t *replay;

    ck_assert_msg(kuji_replay_make(&replay, &why, manifest, strlen(manifest),
                                   unit_pool) == APR_SUCCESS,
                  "%s", why);
    for (int i = 0; i < ledger->count; i++) {
        kuji_replay_preview(replay, ledger->leaves[i],
                            strlen(ledger->leaves[i]));
    }
    ck_assert_int_eq(kuji_replay_start(replay), APR_SUCCESS);
    for (int i = 0; i < ledger->count; i++) {
        if (kuji_replay_leaf(replay, ledger->leaves[i],
                             strlen(ledger->leaves[i]))) {
            break;
        }
    }
    return kuji_replay_report(replay);
}
