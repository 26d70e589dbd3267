/* kujictl keys, key: the key file.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/tenant.h"
#include "tools/ctl.h"

#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** Three lines of a key each, and room for their words. */
#define LINE_MAX_BYTES 128

/* "master 3 <64 hex>\n", random, into line. */
static void make_line(char *line, const char *words)
{
    unsigned char key[KUJI_KEY_LEN];
    char hex[2 * KUJI_KEY_LEN + 1];

    randombytes_buf(key, sizeof(key));
    sodium_bin2hex(hex, sizeof(hex), key, sizeof(key));
    snprintf(line, LINE_MAX_BYTES, "%s %s\n", words, hex);
    sodium_memzero(key, sizeof(key));
    sodium_memzero(hex, sizeof(hex));
}

static int write_all(int fd, const char *text, apr_size_t len)
{
    ssize_t n;

    for (; len > 0; text += n, len -= (apr_size_t)n) {
        n = write(fd, text, len);
        if (n < 0 && errno == EINTR) {
            n = 0;
        }
        if (n < 0) {
            return -1;
        }
    }
    return 0;
}

/* A rename or a new name is durable once its directory is. */
static int sync_directory(ctl_t *ctl, const char *path)
{
    int fd = open(dirname(apr_pstrdup(ctl->pool, path)),
                  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int bad = fd < 0 || fsync(fd) != 0;

    if (fd >= 0) {
        close(fd);
    }
    return bad ? -1 : 0;
}

/* Creates a new file, 0600, with these parts. */
static int create_file(ctl_t *ctl, const char *path, const char *const *parts,
                       const apr_size_t *lens, int count)
{
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    int i, bad;

    if (fd < 0) {
        return ctl_complain(ctl, "%s cannot be created: %s", path,
                            strerror(errno));
    }
    bad = fchmod(fd, 0600);
    for (i = 0; i < count && !bad; i++) {
        bad = write_all(fd, parts[i], lens[i]);
    }
    bad = bad || fsync(fd) != 0;
    if (close(fd) != 0 || bad) {
        unlink(path);
        return ctl_complain(ctl, "%s cannot be written", path);
    }
    return CTL_OK;
}

static int init(ctl_t *ctl, int argc, const char **argv)
{
    static const char *const words[] = {"master 1", "checkpoint", "cookie 1"};
    static const char head[] = "kuji-keys 1\n";
    char lines[3][LINE_MAX_BYTES];
    const char *parts[4] = {head};
    apr_size_t lens[4] = {sizeof(head) - 1};
    int i, code = ctl_parse(ctl, argc, argv, 1, NULL);

    if (code != CTL_OK) {
        return code;
    }
    for (i = 0; i < 3; i++) {
        make_line(lines[i], words[i]);
        parts[i + 1] = lines[i];
        lens[i + 1] = strlen(lines[i]);
    }
    code = create_file(ctl, argv[0], parts, lens, 4);
    sodium_memzero(lines, sizeof(lines));
    if (code == CTL_OK && sync_directory(ctl, argv[0]) != 0) {
        code =
            ctl_complain(ctl, "the directory of %s cannot be synced", argv[0]);
    }
    return code;
}

/* Runs do_one for every tenant with act.tenant set. */
static int each_tenant(ctl_t *ctl, int *count,
                       int do_one(ctl_t *ctl, const char *name))
{
    const kuji_tenant_row_t *tenants;
    int i, code = ctl_open(ctl), failed = 0;
    apr_status_t rv;

    *count = 0;
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_tenant_list(&tenants, count, ctl->act.pg, ctl->pool);
    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, NULL);
    }
    for (i = 0; i < *count; i++) {
        ctl->act.tenant = tenants[i].id;
        failed |= do_one(ctl, tenants[i].name) != CTL_OK;
    }
    return failed ? CTL_FAILED : CTL_OK;
}

static int check_one(ctl_t *ctl, const char *name)
{
    const kuji_tenant_row_t *tenant;
    apr_status_t rv = kuji_tenant_find(&tenant, ctl->act.pg, name, ctl->pool);

    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, NULL);
    }
    if (kuji_tenant_key_check(ctl->act.keys, tenant) != APR_SUCCESS) {
        return ctl_complain(ctl, "the key file does not open the key of %s",
                            name);
    }
    return CTL_OK;
}

static int check(ctl_t *ctl, int argc, const char **argv)
{
    int count, code = ctl_parse(ctl, argc, argv, 0, NULL);

    if (code == CTL_OK) {
        code = ctl_open_keys(ctl);
    }
    if (code == CTL_OK) {
        code = each_tenant(ctl, &count, check_one);
    }
    if (code == CTL_OK) {
        printf("the key file opens the keys of all %d tenants\n", count);
    }
    return code;
}

/* Writes path anew with line in front of the first master key. The old file is
 * there until the new one is on the disk. */
static int replace(ctl_t *ctl, const char *path, const char *line,
                   const char *text, apr_size_t len)
{
    const char *next = apr_pstrcat(ctl->pool, path, ".new", NULL);
    const char *master = memmem(text, len, "\nmaster ", 8);
    const char *parts[3] = {text, line, NULL};
    apr_size_t lens[3];
    struct stat st;
    int code;

    if (!master || stat(path, &st) != 0) {
        return ctl_complain(ctl, "the key file %s has no master key", path);
    }
    parts[2] = master + 1;
    lens[0] = (apr_size_t)(parts[2] - text);
    lens[1] = strlen(line);
    lens[2] = len - lens[0];
    code = create_file(ctl, next, parts, lens, 3);
    if (code != CTL_OK) {
        return code;
    }
    if (chown(next, st.st_uid, st.st_gid) != 0 || rename(next, path) != 0 ||
        sync_directory(ctl, path) != 0) {
        code = ctl_complain(ctl, "%s cannot replace %s: %s", next, path,
                            strerror(errno));
        unlink(next);
    }
    return code;
}

static int add_master(ctl_t *ctl)
{
    const kuji_keyfile_t *keys = ctl->act.keys;
    char line[LINE_MAX_BYTES], words[32];
    const char *text;
    apr_size_t len;
    uint32_t id = 0;
    int i, code;

    if (keys->nmasters == KUJI_KEYFILE_MAX) {
        return ctl_complain(ctl, "the key file is full: take out the oldest "
                                 "master key, after kujictl key check");
    }
    for (i = 0; i < keys->nmasters; i++) {
        id = keys->masters[i].id > id ? keys->masters[i].id : id;
    }
    if (id == INT32_MAX) {
        return ctl_complain(ctl, "there is no number left for a master key");
    }
    snprintf(words, sizeof(words), "master %u", id + 1);
    code = ctl_read_keyfile(ctl, &text, &len, ctl->keyfile);
    if (code == CTL_OK) {
        make_line(line, words);
        code = replace(ctl, ctl->keyfile, line, text, len);
        sodium_memzero(line, sizeof(line));
    }
    return code == CTL_OK ? ctl_open_keys(ctl) : code;
}

static int reseal_one(ctl_t *ctl, const char *name)
{
    int changed;
    apr_status_t rv = kuji_tenant_reseal(&changed, &ctl->act, ctl->pool);

    if (rv == KUJI_ECRYPT) {
        return ctl_complain(ctl, "the key file does not open the key of %s",
                            name);
    }
    return rv == APR_SUCCESS ? CTL_OK : ctl_failed(ctl, rv, NULL);
}

static int rotate(ctl_t *ctl, int argc, const char **argv)
{
    int add_only = 0, reseal_only = 0, count;
    const ctl_option_t options[] = {{"add-only", NULL, &add_only},
                                    {"reseal-only", NULL, &reseal_only},
                                    {NULL, NULL, NULL}};
    int code = ctl_parse(ctl, argc, argv, 0, options);

    if (code == CTL_OK && add_only && reseal_only) {
        code = ctl_usage(ctl, "only one of --add-only and --reseal-only");
    }
    if (code == CTL_OK) {
        code = ctl_open_keys(ctl);
    }
    /* The key file is left alone where the rest could not follow. */
    if (code == CTL_OK && !add_only) {
        code = each_tenant(ctl, &count, check_one);
    }
    if (code == CTL_OK && !reseal_only) {
        code = add_master(ctl);
    }
    if (code != CTL_OK || add_only) {
        return code;
    }
    code = each_tenant(ctl, &count, reseal_one);
    if (code == CTL_OK) {
        printf("master key %u seals the keys of all %d tenants\n",
               ctl->act.keys->masters[0].id, count);
    }
    return code;
}

const ctl_command_t ctl_keys_commands[] = {
    {"keys", "init", "FILE", init},
    {"key", "check", "", check},
    {"key", "rotate", "[--add-only | --reseal-only]", rotate},
    {NULL, NULL, NULL, NULL},
};
