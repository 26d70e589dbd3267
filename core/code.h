/* Serial codes (design.md 2): normalising what people type, the alphabet
 * without look-alikes, the check symbol.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CODE_H
#define KUJI_CORE_CODE_H

#include "core/manifest.h"

#define KUJI_CODE_MAX 64

/** Upper-cases, folds full-width and other forms to ASCII (NFKC), drops spaces
 * and hyphens (all Unicode dashes and the long-vowel mark too), maps
 * look-alikes (O to 0, I and L to 1). out has room for KUJI_CODE_MAX + 1.
 * KUJI_EINVAL for anything else than letters and digits afterwards, or nothing,
 * or more than KUJI_CODE_MAX.
 */
apr_status_t kuji_code_normalise(char *out, const char *text, apr_size_t len);

/** Makes a code of `symbols` symbols (8 .. 32) plus one check symbol from
 * random bytes (one per symbol; the alphabet has 32 symbols, so the low five
 * bits are exact). out has room for symbols + 2. */
void kuji_code_make(char *out, const unsigned char *random, int symbols);

/** Whether the check symbol fits (only for codes we made). */
int kuji_code_check(const char *normalised);

#endif
