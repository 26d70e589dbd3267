/* The words for our status codes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"

static const char *const words[] = {
    [KUJI_EINVAL - KUJI_E_START] = "not well-formed or not allowed",
    [KUJI_ETOOBIG - KUJI_E_START] = "larger than allowed",
    [KUJI_ECRYPT - KUJI_E_START] = "key missing or wrong, or bytes damaged",
    [KUJI_ENOTFOUND - KUJI_E_START] = "not found",
    [KUJI_EVERIFY - KUJI_E_START] = "does not verify",
    [KUJI_EBUSY - KUJI_E_START] = "busy, nothing was done",
    [KUJI_EUNKNOWN - KUJI_E_START] = "the fate of the commit is not known",
    [KUJI_EDATABASE - KUJI_E_START] = "the database refused a statement",
    [KUJI_ECONFLICT - KUJI_E_START] = "conflicts with an earlier change",
    [KUJI_ESTATE - KUJI_E_START] = "not possible in this state",
    [KUJI_ELOCKED - KUJI_E_START] = "locked by somebody else, nothing was done",
};

const char *kuji_strerror(apr_status_t rv, char *buf, apr_size_t size)
{
    int i = rv - KUJI_E_START;

    if (i > 0 && i < (int)(sizeof(words) / sizeof(words[0]))) {
        return words[i];
    }
    return apr_strerror(rv, buf, size);
}
