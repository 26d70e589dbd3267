/* The known answers of t/vectors, which kuji1.py works out on its own, and the
 * ledgers that tampered.py spoils.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_T_VECTORS_H
#define KUJI_T_VECTORS_H

#include "core/replay.h"

/** A whole document of t/vectors; released with unit_pool. */
const json_t *unit_vectors(const char *file);

/** One campaign of the vectors: its ledger's lines, leaf 0 first. */
typedef struct unit_ledger_t {
    int count;
    const char **leaves; /* in unit_pool */
} unit_ledger_t;

unit_ledger_t unit_ledger(const json_t *campaign);

/** Reads the ledger twice, as a verifier does; the report tells the rest.
 * Aborts the test where not even the manifest is one. */
const kuji_replay_report_t *unit_replay(const unit_ledger_t *ledger,
                                        const char *manifest);

#endif
