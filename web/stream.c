/* SPDX-License-Identifier: Apache-2.0 */
#include "web/stream.h"
#include "core/error.h"

#include <http_log.h>
#include <http_protocol.h>
#include <util_filter.h>

APLOG_USE_MODULE(kuji);

static apr_status_t pass(kuji_web_t *web, apr_bucket_brigade *bb)
{
    apr_status_t rv = ap_pass_brigade(web->r->output_filters, bb);

    apr_brigade_cleanup(bb);
    return rv == APR_SUCCESS && web->r->connection->aborted ? APR_ECONNABORTED
                                                            : rv;
}

apr_status_t kuji_stream_write(kuji_web_t *web, apr_bucket_brigade *bb,
                               const char *bytes, apr_size_t len)
{
    apr_status_t rv = apr_brigade_write(bb, NULL, NULL, bytes, len);

    return rv == APR_SUCCESS ? pass(web, bb) : rv;
}

apr_status_t kuji_stream_flush(kuji_web_t *web, apr_bucket_brigade *bb)
{
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_flush_create(bb->bucket_alloc));
    return pass(web, bb);
}

void kuji_stream_break(kuji_web_t *web, apr_bucket_brigade *bb, apr_status_t rv,
                       const char *what)
{
    char buf[200];

    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, web->r, "KJ0302: %s: %s", what,
                  kuji_strerror(rv, buf, sizeof(buf)));
    apr_brigade_cleanup(bb);
    APR_BRIGADE_INSERT_TAIL(bb, ap_bucket_error_create(HTTP_BAD_GATEWAY, NULL,
                                                       web->r->pool,
                                                       bb->bucket_alloc));
    web->r->connection->keepalive = AP_CONN_CLOSE;
}

void kuji_stream_end(kuji_web_t *web, apr_bucket_brigade *bb)
{
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(bb->bucket_alloc));
    (void)ap_pass_brigade(web->r->output_filters, bb);
}
