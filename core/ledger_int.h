/* Shared by core/ledger_*.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_LEDGER_INT_H
#define KUJI_CORE_LEDGER_INT_H

#include "core/ledger.h"

/** "draw", "entry", ... */
const char *kuji_ledger__kind_name(kuji_leaf_e kind);

/** Reads a draw or entry leaf without a JSON parser. 0: it is none, or not
 * canonical; the full reader then says what is wrong, if anything. */
int kuji_ledger__scan(kuji_leaf_t *leaf, const char *bytes, apr_size_t len,
                      apr_pool_t *pool);

#endif
