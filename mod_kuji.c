/* The front door: module record, directives, hooks; nothing else.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <httpd.h>
#include <http_config.h>

AP_DECLARE_MODULE(kuji) = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, NULL,
    AP_MODULE_FLAG_NONE,
};
