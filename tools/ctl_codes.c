/* kujictl codes: making serial codes, or taking an organiser's own.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/code.h"
#include "tools/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static apr_status_t print_code(void *baton, const char *code)
{
    return puts(code) == EOF ? APR_EGENERAL : APR_SUCCESS;
}

/* Opens a batch by the arguments that both commands have. */
static int open_batch(ctl_t *ctl, kuji_code_batch_t **batch, const char *tenant,
                      const char *slug, const char *name, const char *uses)
{
    const char *why = NULL;
    int64_t n = 1;
    apr_status_t rv;
    int code = uses ? ctl_number(ctl, &n, "--uses", uses) : CTL_OK;

    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, tenant);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_code_batch_open(batch, &why, &ctl->act, slug, name, n, ctl->pool);
    return rv == APR_SUCCESS ? CTL_OK : ctl_failed(ctl, rv, why);
}

static int generate(ctl_t *ctl, int argc, const char **argv)
{
    const char *symbols_text = NULL, *uses = NULL, *name = "kujictl";
    const ctl_option_t options[] = {{"symbols", &symbols_text, NULL},
                                    {"uses", &uses, NULL},
                                    {"name", &name, NULL},
                                    {NULL, NULL, NULL}};
    kuji_code_batch_t *batch;
    int64_t count = 0, symbols = 12;
    apr_status_t rv, end;
    int code = ctl_parse(ctl, argc, argv, 3, options);

    if (code == CTL_OK) {
        code = ctl_number(ctl, &count, "COUNT", argv[2]);
    }
    if (code == CTL_OK && symbols_text) {
        code = ctl_number(ctl, &symbols, "--symbols", symbols_text);
    }
    if (code == CTL_OK && (symbols < 8 || symbols > 32)) {
        code = ctl_usage(ctl, "--symbols must be 8 to 32");
    }
    if (code == CTL_OK) {
        code = open_batch(ctl, &batch, argv[0], argv[1], name, uses);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_code_generate(batch, count, (int)symbols, print_code, NULL);
    end = kuji_code_batch_finish(batch, NULL);
    if (rv == APR_SUCCESS && fflush(stdout) == 0 && end == APR_SUCCESS) {
        return CTL_OK;
    }
    return ctl_failed(ctl, rv == APR_SUCCESS ? end : rv,
                      rv == APR_EGENERAL || end == APR_SUCCESS
                          ? "not all codes were made or written: the printed "
                            "ones are good"
                          : NULL);
}

/* Codes of the standard input, one a line; a line of any length is one. */
static apr_status_t read_codes(kuji_code_batch_t *batch)
{
    apr_status_t rv = APR_SUCCESS;
    char *line = NULL;
    size_t size = 0;
    int64_t number = 0;
    ssize_t len;

    while (rv == APR_SUCCESS && (len = getline(&line, &size, stdin)) >= 0) {
        while (len > 0 && memchr("\r\n", line[len - 1], 2)) {
            len--;
        }
        number++;
        if (len > 0) {
            rv = kuji_code_import(batch, number, line, (apr_size_t)len);
        }
    }
    free(line);
    return rv;
}

static int import(ctl_t *ctl, int argc, const char **argv)
{
    const char *uses = NULL, *name = "kujictl";
    const ctl_option_t options[] = {
        {"uses", &uses, NULL}, {"name", &name, NULL}, {NULL, NULL, NULL}};
    kuji_code_batch_t *batch;
    kuji_code_counts_t counts;
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 2, options);

    if (code == CTL_OK) {
        code = open_batch(ctl, &batch, argv[0], argv[1], name, uses);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = read_codes(batch);
    if (ferror(stdin)) {
        return ctl_complain(ctl, "the standard input cannot be read");
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_code_batch_finish(batch, &counts);
    }
    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, NULL);
    }
    return ctl_print(ctl, json_pack("{s:I, s:I, s:I}", "stored",
                                    (json_int_t)counts.stored, "duplicate",
                                    (json_int_t)counts.duplicate, "malformed",
                                    (json_int_t)counts.malformed));
}

const ctl_command_t ctl_codes_commands[] = {
    {"codes", "generate",
     "TENANT SLUG COUNT [--symbols N] [--uses N] [--name NAME]", generate},
    {"codes", "import", "TENANT SLUG [--uses N] [--name NAME] < FILE", import},
    {NULL, NULL, NULL, NULL},
};
