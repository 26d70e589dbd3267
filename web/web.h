/* What a request knows while it is answered, and what its process holds.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_WEB_H
#define KUJI_WEB_WEB_H

#include "job/outbox.h"
#include "job/payment.h"
#include "queue/queue.h"
#include "remote/line.h"
#include "store/admin.h"
#include "store/flag.h"
#include "store/traffic.h"
#include "web/admin/known.h"
#include "web/damp.h"
#include "web/gate.h"
#include "web/pace.h"

#include <httpd.h>

/** How a virtual host shows /metrics. */
typedef enum kuji_metrics_e {
    KUJI_METRICS_OFF,
    KUJI_METRICS_LOCAL, /* to clients on a loopback address */
    KUJI_METRICS_ON
} kuji_metrics_e;

/** What web needs of a virtual host's directives; filled by config.c. */
typedef struct kuji_site_t {
    const char *tenant; /* KujiTenant; NULL: this host has none */
    kuji_metrics_e metrics;
    int maintenance; /* KujiMaintenance: all but the console is away */
} kuji_site_t;

typedef struct kuji_kept_t kuji_kept_t;     /* web/consent.h */
typedef struct kuji_render_t kuji_render_t; /* the templates: web/render.h */
typedef struct kuji_stats_t kuji_stats_t;   /* counters: web/stats.h */
typedef struct kuji_throttle_t kuji_throttle_t; /* web/throttle.h */

/** How often a participant may ask for what is held, a minute. */
#define KUJI_OWN_DATA_MOST 20
/** How often one payment may be looked at, a minute. */
#define KUJI_PAY_LOOKS_MOST 20

/** Between two lines of the log about webhooks that LINE has not signed, of one
 * tenant; seconds. */
#define KUJI_UNSIGNED_SECONDS 60

/** Exports of one process at once: each holds a thread for as long as its
 * client takes, and a connection while it reads a page. */
#define KUJI_EXPORTS_MAX 2

/** One per child process, made in child_init. All members may be used by many
 * threads at once. */
typedef struct kuji_process_t {
    apr_pool_t *pool;    /* lives as long as the process */
    kuji_pg_t *pg;       /* for requests and jobs */
    kuji_pg_t *queue_pg; /* for the queue's committers alone */
    kuji_pg_t *reader;   /* connections of exports, KUJI_EXPORTS_MAX */
    kuji_cache_t *cache;
    kuji_queue_t *queue;
    kuji_traffic_t *traffic;
    kuji_flags_t *flags;
    const kuji_keyfile_t *keys;  /* sodium_malloc'ed, read only */
    const kuji_render_t *render; /* NULL: no templates, problems are JSON */
    kuji_stats_t *stats;
    kuji_gate_t *bcrypt; /* who computes a password's hash */
    kuji_known_t *known;
    kuji_http_t *http; /* for other people's servers */
    kuji_line_t *line;
    kuji_kept_t *kept;           /* texts of consents that the database has */
    kuji_pace_t *pace;           /* of participants who ask for their data */
    kuji_pace_t *pay_pace;       /* of looks at one payment */
    kuji_damp_t *unsigned_hooks; /* lines about them */
    kuji_payments_t *payments;   /* looks after those under way */
    kuji_throttle_t *throttle;   /* shared by all processes */
    kuji_outbox_t *outbox;       /* NULL: no mail server */
    kuji_outbox_t *line_outbox;
} kuji_process_t;

/** A participant without an account, known by a signed cookie of ours. */
typedef struct kuji_session_t {
    const char *id;  /* 22 characters base64url; the participant's id */
    int64_t expires; /* seconds since 1970 */
    int is_new;      /* made by this request */
} kuji_session_t;

typedef struct kuji_identity_t kuji_identity_t; /* web/identity.h */

/** One request of ours, in r->pool. */
typedef struct kuji_web_t {
    request_rec *r;
    kuji_process_t *process;
    const kuji_site_t *site;
    const char *prefix; /* mount point without its last slash: "" or "/x" */
    const char *path;   /* below prefix; begins with a slash, decoded */
    const char *args;   /* query string as sent (r->args is masked), or NULL */
    const char
        *language; /* "ja" or "en": ?lang=, cookie, Accept-Language, ja */
    int is_api;    /* problems are JSON whatever Accept says */
    int is_admin;  /* at or below /admin: the console's own pages */

    /* Set by the route before its handler runs, where its flags ask. */
    const kuji_tenant_t *tenant;
    const kuji_campaign_t *campaign; /* with KUJI_ROUTE_CAMPAIGN */
    const kuji_token_t *token;       /* with a scope */
    const kuji_session_t *session;   /* with KUJI_ROUTE_SESSION; NULL: none */
    kuji_identity_t *identity;       /* by kuji_identity() */

    const kuji_admin_t *admin;          /* with KUJI_ROUTE_ADMIN */
    const unsigned char *admin_session; /* digest of its token (32 bytes);
                                           NULL: httpd authenticated it */

    /* From the path's pattern: {slug}, {n}, {name}, {id}. */
    const char *slug;
    int64_t n; /* 1 .. KUJI_INT_MAX */
    const char *name;
    const char *id; /* a uuid, lower case */

    const char *policy; /* a Content-Security-Policy of response.h instead of
                           the usual one, or NULL */

    int retry_after; /* seconds, instead of a problem's usual ones; 0: those */

    /* What a handler knows that a problem's page may show (the key for a
     * retry, ...); released with r->pool, or NULL. */
    json_t *page;
} kuji_web_t;

#endif
