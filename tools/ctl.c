/* What kujictl's command groups share: arguments, complaints, connection, key
 * file.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "tools/ctl.h"

#include "store/tenant.h"

#include <apr_dbd.h>
#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEYFILE_SIZE_MAX 65536

/* On one line, whatever libpq's messages have in them. */
static void say(ctl_t *ctl, const char *format, va_list ap)
{
    char *text = apr_pvsprintf(ctl->pool, format, ap);
    size_t len = strlen(text), i;

    while (len && strchr(" \t\r\n", text[len - 1])) {
        text[--len] = '\0';
    }
    for (i = 0; i < len; i++) {
        text[i] = strchr("\t\r\n", text[i]) ? ' ' : text[i];
    }
    fprintf(stderr, "kujictl: %s\n", text);
}

int ctl_complain(ctl_t *ctl, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    say(ctl, format, ap);
    va_end(ap);
    return CTL_FAILED;
}

int ctl_usage(ctl_t *ctl, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    say(ctl, format, ap);
    va_end(ap);
    fprintf(stderr, "usage: kujictl %s\n", ctl->usage);
    return CTL_USAGE;
}

int ctl_failed(ctl_t *ctl, apr_status_t rv, const char *why)
{
    char buf[200];

    if (why) {
        return ctl_complain(ctl, "%s", why);
    }
    if (ctl->last_log[0]) {
        return ctl_complain(ctl, "%s: %s", kuji_strerror(rv, buf, sizeof(buf)),
                            ctl->last_log);
    }
    return ctl_complain(ctl, "%s", kuji_strerror(rv, buf, sizeof(buf)));
}

/* The option that word names, and where its value begins (NULL: none given
 * with it). */
static const ctl_option_t *option_of(const char **value, const char *word,
                                     const ctl_option_t *options)
{
    apr_size_t len = strcspn(word, "=");

    *value = word[len] ? word + len + 1 : NULL;
    for (; options && options->name; options++) {
        if (strlen(options->name) == len &&
            strncmp(options->name, word, len) == 0) {
            return options;
        }
    }
    return NULL;
}

/* Takes the option at argv[*i]; moves *i to the last word it used. */
static int take(ctl_t *ctl, int *i, int argc, const char **argv,
                const ctl_option_t *options)
{
    const char *value;
    const ctl_option_t *o = option_of(&value, argv[*i] + 2, options);

    if (!o || (o->flag && value)) {
        return ctl_usage(ctl, "%s is not an option of this command", argv[*i]);
    }
    if (o->flag) {
        *o->flag = 1;
        return CTL_OK;
    }
    if (!value) {
        if (*i + 1 == argc) {
            return ctl_usage(ctl, "%s needs a value", argv[*i]);
        }
        value = argv[++*i];
    }
    *o->value = value;
    return CTL_OK;
}

int ctl_parse(ctl_t *ctl, int argc, const char **argv, int words,
              const ctl_option_t *options)
{
    int i, kept = 0, only_words = 0;

    for (i = 0; i < argc; i++) {
        if (only_words || strncmp(argv[i], "--", 2) != 0) {
            argv[kept++] = argv[i];
        }
        else if (argv[i][2] == '\0') {
            only_words = 1;
        }
        else if (take(ctl, &i, argc, argv, options) != CTL_OK) {
            return CTL_USAGE;
        }
    }
    if (kept != words) {
        return ctl_usage(ctl, "%s",
                         kept < words ? "an argument is missing"
                                      : "too many arguments");
    }
    return CTL_OK;
}

int ctl_number(ctl_t *ctl, int64_t *out, const char *name, const char *text)
{
    char *end;

    errno = 0;
    *out = strtoll(text, &end, 10);
    if (errno || *end || end == text || *out < 1 || *out > KUJI_INT_MAX) {
        return ctl_usage(ctl, "%s must be a number from 1 up", name);
    }
    return CTL_OK;
}

static void on_log(void *baton, int level, apr_status_t rv, const char *message)
{
    ctl_t *ctl = baton;

    apr_cpystrn(ctl->last_log, message, sizeof(ctl->last_log));
}

int ctl_open(ctl_t *ctl)
{
    kuji_pg_config_t config = {.min = 0,
                               .keep = 1,
                               .max = 2,
                               .wait = apr_time_from_sec(5),
                               .log = on_log,
                               .log_baton = ctl};
    apr_status_t rv;

    if (ctl->act.pg) {
        return CTL_OK;
    }
    if (!ctl->conninfo) {
        return ctl_usage(ctl, "--database or KUJI_DATABASE is needed");
    }
    config.conninfo = ctl->conninfo;
    rv = apr_dbd_init(ctl->pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_create(&ctl->act.pg, &config, ctl->pool);
    }
    ctl->act.actor = "kujictl";
    return rv == APR_SUCCESS ? CTL_OK : ctl_failed(ctl, rv, NULL);
}

static apr_status_t free_secret(void *memory)
{
    sodium_free(memory);
    return APR_SUCCESS;
}

static void *secret_memory(ctl_t *ctl, apr_size_t size)
{
    void *memory = sodium_malloc(size);

    if (memory) {
        apr_pool_cleanup_register(ctl->pool, memory, free_secret,
                                  apr_pool_cleanup_null);
    }
    return memory;
}

/* What makes a key file unfit to be trusted. */
static const char *unfit(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return "is no file";
    }
    if (st.st_mode & 077) {
        return "can be read or written by others: chmod 600 it";
    }
    if (st.st_uid != 0 && st.st_uid != geteuid()) {
        return "belongs to somebody else";
    }
    return st.st_size > KEYFILE_SIZE_MAX ? "is too large" : NULL;
}

int ctl_read_keyfile(ctl_t *ctl, const char **text, apr_size_t *len,
                     const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const char *why;
    char *memory;
    ssize_t n = -1;

    if (fd < 0) {
        return ctl_complain(ctl, "the key file %s cannot be opened: %s", path,
                            strerror(errno));
    }
    why = unfit(fd);
    memory = secret_memory(ctl, KEYFILE_SIZE_MAX);
    if (!why && memory) {
        n = read(fd, memory, KEYFILE_SIZE_MAX);
    }
    close(fd);
    if (n < 0) {
        return ctl_complain(ctl, "the key file %s %s", path,
                            why ? why : "cannot be read");
    }
    *text = memory;
    *len = (apr_size_t)n;
    return CTL_OK;
}

int ctl_parse_keyfile(ctl_t *ctl, kuji_keyfile_t **keys, const char *text,
                      apr_size_t len)
{
    const char *why = "out of memory";
    apr_status_t rv = APR_ENOMEM;

    *keys = secret_memory(ctl, sizeof(**keys));
    if (*keys) {
        rv = kuji_keyfile_parse(*keys, &why, text, len);
    }
    return rv == APR_SUCCESS ? CTL_OK
                             : ctl_complain(ctl, "the key file: %s", why);
}

int ctl_open_keys(ctl_t *ctl)
{
    const char *text;
    apr_size_t len;
    kuji_keyfile_t *keys;
    int code;

    if (!ctl->keyfile) {
        return ctl_usage(ctl, "--keys or KUJI_KEYFILE is needed");
    }
    code = ctl_read_keyfile(ctl, &text, &len, ctl->keyfile);
    if (code == CTL_OK) {
        code = ctl_parse_keyfile(ctl, &keys, text, len);
    }
    if (code == CTL_OK) {
        ctl->act.keys = keys;
    }
    return code;
}

int ctl_open_tenant(ctl_t *ctl, const char *name)
{
    int code = ctl_open_keys(ctl);

    return code == CTL_OK ? ctl_open_log(ctl, name) : code;
}

int ctl_open_log(ctl_t *ctl, const char *name)
{
    const kuji_tenant_row_t *tenant;
    apr_status_t rv;
    int code = ctl_open(ctl);

    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_tenant_find(&tenant, ctl->act.pg, name, ctl->pool);
    if (rv == KUJI_ENOTFOUND) {
        return ctl_complain(ctl, "there is no tenant %s", name);
    }
    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, NULL);
    }
    ctl->act.tenant = tenant->id;
    return CTL_OK;
}

int ctl_print(ctl_t *ctl, json_t *value)
{
    int bad = !value || json_dumpf(value, stdout, JSON_INDENT(2)) != 0;

    json_decref(value);
    if (bad || fputc('\n', stdout) == EOF || fflush(stdout) != 0) {
        return ctl_complain(ctl, "cannot write to the standard output");
    }
    return CTL_OK;
}
