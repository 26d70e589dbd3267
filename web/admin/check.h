/* Is this the admin's password? The one way to ask, for the log-in page as for
 * httpd's AuthBasicProvider and AuthFormProvider: tries are counted first, and
 * few processors are spent on bcrypt at once.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_CHECK_H
#define KUJI_WEB_ADMIN_CHECK_H

#include "store/login.h"
#include "web/web.h"

typedef struct kuji_check_t {
    const char *name, *password; /* as typed */
    kuji_login_t digests;        /* set by kuji_console_check */
    const kuji_admin_t *admin;   /* set where the answer is APR_SUCCESS */
    int64_t wait_ms;             /* > 0: too many tries, wait so long */
} kuji_check_t;

/** APR_SUCCESS; KUJI_ENOTFOUND: wrong (unknown, disabled), or wait_ms says
 * that it was not looked at; KUJI_EBUSY. web->tenant is set. The caller makes
 * the success known (kuji_admin_session_start, kuji_login_succeeded). */
apr_status_t kuji_console_check(kuji_check_t *check, kuji_web_t *web);

/** The same for who asks with every request, as Basic authentication does: a
 * password that was right a moment ago is neither counted nor hashed again. A
 * success is made known. */
apr_status_t kuji_console_check_again(kuji_check_t *check, kuji_web_t *web);

#endif
