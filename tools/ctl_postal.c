/* kujictl postal: Japan Post's list of postal codes, for the whole
 * installation.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/postal.h"
#include "tools/ctl.h"

#include <apr_file_io.h>
#include <apr_strings.h>

/** The whole list has some 18 MB. */
#define LIST_MAX (64 << 20)

static int read_list(ctl_t *ctl, char **bytes, apr_size_t *len,
                     const char *path)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_status_t rv =
        apr_file_open(&file, path, APR_READ | APR_BINARY, 0, ctl->pool);

    if (rv == APR_SUCCESS) {
        rv = apr_file_info_get(&info, APR_FINFO_SIZE, file);
    }
    if (rv == APR_SUCCESS && info.size > LIST_MAX) {
        return ctl_complain(ctl, "%s is larger than 64 MiB", path);
    }
    if (rv == APR_SUCCESS) {
        *len = (apr_size_t)info.size;
        *bytes = apr_palloc(ctl->pool, *len + 1);
        rv = *len ? apr_file_read_full(file, *bytes, *len, NULL) : APR_SUCCESS;
    }
    return rv == APR_SUCCESS ? CTL_OK : ctl_failed(ctl, rv, path);
}

static int import(ctl_t *ctl, int argc, const char **argv)
{
    int sample = 0;
    const ctl_option_t options[] = {{"sample", NULL, &sample},
                                    {NULL, NULL, NULL}};
    const char *why = NULL;
    int64_t count = 0, line = 0;
    char *bytes = NULL;
    apr_size_t len = 0;
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 1, options);

    if (code == CTL_OK) {
        code = read_list(ctl, &bytes, &len, argv[0]);
    }
    if (code == CTL_OK) {
        code = ctl_open(ctl);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_postal_import(&count, &line, &why, ctl->act.pg, bytes, len,
                            sample, ctl->pool);
    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv,
                          why ? apr_psprintf(ctl->pool,
                                             "line %" APR_INT64_T_FMT ": %s",
                                             (apr_int64_t)line, why)
                              : NULL);
    }
    return ctl_print(ctl, json_pack("{s:I, s:b}", "places", (json_int_t)count,
                                    "sample", sample));
}

const ctl_command_t ctl_postal_commands[] = {
    {"postal", "import", "FILE [--sample]", import},
    {NULL, NULL, NULL, NULL},
};
