/* Cookies: finding one in a header; ours, signed:
 * v1.<key id>.<expiry>.<id>.<hmac>. The MAC also covers the tenant, so that no
 * host's cookie fits another's. Pure, so that the fuzzer can call it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_COOKIE_H
#define KUJI_WEB_COOKIE_H

#include "core/error.h"
#include "core/keyfile.h"

#define KUJI_COOKIE_ID_LEN 22
/** Longest value of ours, zero byte included. */
#define KUJI_COOKIE_MAX 128

/** The value of cookie `name` in a Cookie header, in pool. KUJI_ENOTFOUND:
 * absent; KUJI_EINVAL: there twice with different values. */
apr_status_t kuji_cookie_find(const char **value, const char *header,
                              const char *name, apr_pool_t *pool);

/** expires: seconds since 1970, below 10^12. id has KUJI_COOKIE_ID_LEN
 * characters; out has room for KUJI_COOKIE_MAX. */
void kuji_cookie_sign(char *out, const kuji_keyfile_t *keys,
                      const char *tenant_id, const char *id, int64_t expires);

/** KUJI_EINVAL malformed or expired, KUJI_EVERIFY not by a key of ours. id:
 * room for KUJI_COOKIE_ID_LEN + 1; *current: signed by the first key. */
apr_status_t kuji_cookie_verify(char *id, int64_t *expires, int *current,
                                const kuji_keyfile_t *keys,
                                const char *tenant_id, const char *value,
                                int64_t now);

#endif
