/* SPDX-License-Identifier: Apache-2.0 */
#include "core/pay.h"

#include <string.h>

static const char *const drivers[] = {"line_offline", "line_online", "paypay"};
static const char *const states[] = {
    "unknown",    "absent",    "waiting",         "agreed",
    "authorized", "captured",  "partly_refunded", "refunded",
    "voided",     "cancelled", "expired",         "failed"};

static int find(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const char *kuji_pay_driver_name(kuji_pay_driver_e driver)
{
    return drivers[driver];
}

int kuji_pay_driver_read(const char *name)
{
    return find(drivers, sizeof(drivers) / sizeof(drivers[0]), name);
}

const char *kuji_pay_state_name(kuji_pay_state_e state)
{
    return states[state];
}

int kuji_pay_state_read(const char *name)
{
    return find(states, sizeof(states) / sizeof(states[0]), name);
}

kuji_pay_end_e kuji_pay_end(kuji_pay_result_t *result, kuji_pay_end_e end,
                            const char *reason)
{
    result->reason = reason;
    return end;
}
