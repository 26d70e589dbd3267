/* From configuration to a running process: what post_config and child_init do.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_START_H
#define KUJI_START_H

#include "web/web.h"

/** As root, before privileges drop: keys, libraries, shared memory, templates.
 */
int kuji_start_server(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                      server_rec *s);

/** In each child, before it serves. */
void kuji_start_child(apr_pool_t *pchild, server_rec *s);

/** This child's process; NULL where the module is not mounted or could not
 * start (the log says why). */
kuji_process_t *kuji_process(void);

#endif
