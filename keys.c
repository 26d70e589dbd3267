/* The key file is read once, as root, into memory that is neither swapped nor
 * dumped.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "keys.h"

#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <httpd.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unixd.h>

#define FILE_MAX 16384

const char *kuji_keys_check(int fd, const char *directive, const char *path,
                            apr_pool_t *p)
{
    struct stat st;

    if (fstat(fd, &st)) {
        return apr_psprintf(p, "%s %s: %s", directive, path, strerror(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        return apr_psprintf(p, "%s %s is no file", directive, path);
    }
    if (st.st_mode & 077) {
        return apr_psprintf(p, "%s %s: its mode must be 0600", directive, path);
    }
    if (st.st_uid != 0 && st.st_uid != geteuid() &&
        st.st_uid != ap_unixd_config.user_id) {
        return apr_psprintf(p, "%s %s belongs to another user", directive,
                            path);
    }
    return NULL;
}

static apr_status_t free_keys(void *baton)
{
    kuji_keyfile_t **keys = baton;

    sodium_free(*keys);
    *keys = NULL;
    return APR_SUCCESS;
}

/* The whole file, or -1. */
static ssize_t read_all(int fd, char *text)
{
    ssize_t used = 0, got;

    while ((got = read(fd, text + used, (size_t)(FILE_MAX - used))) > 0) {
        used += got;
    }
    return got < 0 || used == FILE_MAX ? -1 : used;
}

static const char *parse(kuji_keyfile_t **out, int fd, const char *path,
                         apr_pool_t *p)
{
    char *text = sodium_malloc(FILE_MAX);
    kuji_keyfile_t *keys = sodium_malloc(sizeof(*keys));
    const char *why = "cannot be read";
    ssize_t len = text && keys ? read_all(fd, text) : -1;

    if (len < 0 || kuji_keyfile_parse(keys, &why, text, (apr_size_t)len)) {
        sodium_free(text);
        sodium_free(keys);
        return apr_psprintf(p, "KujiKeyFile %s: %s", path, why);
    }
    sodium_free(text);
    sodium_mprotect_readonly(keys);
    *out = keys;
    return NULL;
}

const char *kuji_keys_read(kuji_keyfile_t **keys, const char *path,
                           apr_pool_t *p)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const char *error;

    if (fd < 0) {
        return apr_psprintf(p, "KujiKeyFile %s: %s", path, strerror(errno));
    }
    error = kuji_keys_check(fd, "KujiKeyFile", path, p);
    if (!error) {
        error = parse(keys, fd, path, p);
    }
    close(fd);
    if (!error) {
        apr_pool_cleanup_register(p, keys, free_keys, apr_pool_cleanup_null);
    }
    return error;
}
