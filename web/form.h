/* application/x-www-form-urlencoded, parsed strictly; pure, so that the fuzzer
 * can call it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_FORM_H
#define KUJI_WEB_FORM_H

#include <apr_pools.h>
#include "core/error.h"

#define KUJI_FORM_FIELDS_MAX 256

typedef struct kuji_form_field_t {
    const char *name, *value; /* decoded, zero-terminated, valid UTF-8 */
} kuji_form_field_t;

typedef struct kuji_form_t {
    int count;
    const kuji_form_field_t *fields; /* in the order sent, names may repeat */
} kuji_form_t;

/** *form in pool, text need not outlive the call. KUJI_EINVAL: a bad escape, a
 * zero byte, invalid UTF-8; KUJI_ETOOBIG: over KUJI_FORM_FIELDS_MAX fields. */
apr_status_t kuji_form_parse(const kuji_form_t **form, const char *text,
                             apr_size_t len, apr_pool_t *pool);

/** The first field of that name, or NULL. */
const char *kuji_form_get(const kuji_form_t *form, const char *name);

/** Whether bytes are well-formed UTF-8 without a zero byte. */
int kuji_utf8_ok(const char *bytes, apr_size_t len);

#endif
