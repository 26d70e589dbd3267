/* Reading KujiKeyFile into locked memory.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_KEYS_H
#define KUJI_KEYS_H

#include "core/keyfile.h"

/** *keys is sodium_malloc'ed, read-only from now on, freed with p. Returns NULL
 * or what is wrong (text that names no key): mode wider than 0600, an owner
 * other than root and the server's user, no key file of ours. */
const char *kuji_keys_read(kuji_keyfile_t **keys, const char *path,
                           apr_pool_t *p);

/** NULL, or why the file of that directive is not to be trusted: it must be the
 * server's own or root's, and nobody else's to read. */
const char *kuji_keys_check(int fd, const char *directive, const char *path,
                            apr_pool_t *p);

#endif
