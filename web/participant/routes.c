/* The table of what participants see.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/route.h"

const kuji_route_t kuji_routes_participant[] = {
    {0, NULL, 0, 0, NULL},
};
