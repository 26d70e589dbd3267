/* Any bytes as a typed code: what comes out is clean, short, and stays the
 * same when it is normalised again.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/code.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char out[KUJI_CODE_MAX + 1], again[KUJI_CODE_MAX + 1];
    size_t len;

    if (kuji_code_normalise(out, (const char *)data, size)) {
        return 0;
    }
    len = strlen(out);
    if (len == 0 || len > KUJI_CODE_MAX ||
        strspn(out, "0123456789ABCDEFGHJKMNPQRSTUVWXYZ") != len ||
        kuji_code_normalise(again, out, len) || strcmp(out, again) != 0) {
        abort();
    }
    (void)kuji_code_check(out);
    return 0;
}
