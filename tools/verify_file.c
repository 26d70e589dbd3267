/* Files given on the command line.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "tools/verify.h"

#include <errno.h>
#include <string.h>

#define MANIFEST_MAX (16 << 20)
#define NOTE_MAX (64 << 10)

apr_status_t kuji_verify_slurp(kuji_verify_t *v, const char **bytes,
                               apr_size_t *len, const char *file,
                               apr_size_t max)
{
    FILE *in = fopen(file, "rb");
    char *text;
    long size = -1;

    if (in && !fseek(in, 0, SEEK_END)) {
        size = ftell(in);
        rewind(in);
    }
    if (size < 0 || (apr_size_t)size > max) {
        const char *why = size < 0 ? strerror(errno) : "too large";

        if (in) {
            fclose(in);
        }
        return kuji_verify_failed(v, "%s: %s", file, why);
    }
    text = apr_palloc(v->pool, (apr_size_t)size + 1);
    *len = fread(text, 1, (apr_size_t)size, in);
    text[*len] = '\0';
    fclose(in);
    *bytes = text;
    return *len == (apr_size_t)size
               ? APR_SUCCESS
               : kuji_verify_failed(v, "%s: cannot be read", file);
}

static apr_status_t slurp_note(kuji_verify_t *v, const char **note,
                               const char *file)
{
    apr_size_t len;

    return file ? kuji_verify_slurp(v, note, &len, file, NOTE_MAX)
                : APR_SUCCESS;
}

apr_status_t kuji_verify_open_files(kuji_verify_t *v)
{
    apr_status_t rv = kuji_verify_slurp(v, &v->manifest, &v->manifest_len,
                                        v->manifest_file, MANIFEST_MAX);

    if (rv) {
        return rv;
    }
    v->ledger = fopen(v->ledger_file, "rb");
    if (!v->ledger) {
        return kuji_verify_failed(v, "%s: %s", v->ledger_file, strerror(errno));
    }
    return slurp_note(v, &v->note, v->checkpoint_file);
}
