/* kujictl audit.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"
#include "tools/ctl.h"

#include <sodium.h>
#include <stdio.h>

/* A broken chain is a failure: for cron and monitoring. */
static int verify(ctl_t *ctl, int argc, const char **argv)
{
    kuji_audit_report_t report;
    char head[2 * KUJI_HASH_LEN + 1];
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 1, NULL);

    if (code == CTL_OK) {
        code = ctl_open_log(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_audit_verify(&report, &ctl->act, ctl->pool);
    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, NULL);
    }
    if (report.broken) {
        return ctl_complain(ctl,
                            "entry %" APR_INT64_T_FMT
                            " does not follow the one before it: an entry was "
                            "changed or is missing",
                            (apr_int64_t)report.broken);
    }
    sodium_bin2hex(head, sizeof(head), report.head, sizeof(report.head));
    printf("%" APR_INT64_T_FMT " entries\nhead %s\n",
           (apr_int64_t)report.entries, head);
    return CTL_OK;
}

const ctl_command_t ctl_audit_commands[] = {
    {"audit", "verify", "TENANT", verify},
    {NULL, NULL, NULL, NULL},
};
