/* Answers of unknown length, piece by piece, that a client can tell from
 * broken ones.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_STREAM_H
#define KUJI_WEB_STREAM_H

#include "web/web.h"

/** Sends bytes now; memory does not grow with what was sent. The status of a
 * client that is gone. */
apr_status_t kuji_stream_write(kuji_web_t *web, apr_bucket_brigade *bb,
                               const char *bytes, apr_size_t len);

/** Waits until everything is with the kernel; the answer is not ended yet. */
apr_status_t kuji_stream_flush(kuji_web_t *web, apr_bucket_brigade *bb);

/** Cuts the answer off for a reason of ours, logged here: an error bucket
 * leaves the last chunk out and closes the connection, so that no client takes
 * the part for the whole. what: "streaming a ledger". */
void kuji_stream_break(kuji_web_t *web, apr_bucket_brigade *bb, apr_status_t rv,
                       const char *what);

/** Ends the answer. */
void kuji_stream_end(kuji_web_t *web, apr_bucket_brigade *bb);

#endif
