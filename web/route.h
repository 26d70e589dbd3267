/* Which handler answers a path. Each area brings a table (web/api/routes.c,
 * web/participant/routes.c, …), all end with a NULL pattern.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ROUTE_H
#define KUJI_WEB_ROUTE_H

#include "web/web.h"

/** Answers the request: everything is written, r->status is set. Returns OK, or
 * the value of one of response.h's functions. */
typedef int kuji_handler_fn(kuji_web_t *web);

typedef enum kuji_method_flag_e {
    KUJI_GET = 1, /* and HEAD */
    KUJI_POST = 2,
    KUJI_PUT = 4,
    KUJI_PATCH = 8,
    KUJI_DELETE = 16
} kuji_method_flag_e;

/* Steps that run before the handler, in this order. */
#define KUJI_ROUTE_ANY_HOST 1u /* needs no tenant: health, metrics */
#define KUJI_ROUTE_API 2u      /* for programs: problems are always JSON */
#define KUJI_ROUTE_SESSION 4u  /* reads the participant's cookie */
#define KUJI_ROUTE_CAMPAIGN 8u /* loads {slug}; 404 unless published */
/* For admins logged in whose role is in the mask (KUJI_ROLE_*); others are sent
 * to the log-in page, or get 401 or 403. */
#define KUJI_ROUTE_ADMIN(roles) ((unsigned)(roles) << KUJI_ROUTE_ROLES)
#define KUJI_ROUTE_ROLES 8
/* Every POST, PUT, PATCH, DELETE passes the same-origin check; a scope in the
 * table asks for a bearer token of the tenant. */

typedef struct kuji_route_t {
    kuji_method_flag_e method;
    const char
        *pattern; /* below the mount; {slug} {n} {name} {id} take a segment */
    unsigned flags;
    unsigned scope; /* KUJI_SCOPE_* or 0 */
    kuji_handler_fn *handler;
} kuji_route_t;

extern const kuji_route_t kuji_routes_api[];
extern const kuji_route_t kuji_routes_public[];
extern const kuji_route_t kuji_routes_participant[];
extern const kuji_route_t kuji_routes_admin[];

/** The whole request: finds the route, runs its steps and handler. */
int kuji_route_run(kuji_web_t *web);

/** The route for (method, path), or NULL: then *allow holds the methods that
 * the path does have (0: no such path). Fills web's slug, n, name. */
const kuji_route_t *kuji_route_find(kuji_web_t *web, int method_flag,
                                    unsigned *allow);

/** Sets is_api and is_admin from web->path. */
void kuji_route_area(kuji_web_t *web);

/** Whether the request is for a page of the console that is for everybody: the
 * log-in. */
int kuji_route_is_door(kuji_web_t *web);

/** Which admins may GET path, as KUJI_ROLE_*; 0: it is no admin's page. For
 * links, which lead only where their reader may go. */
unsigned kuji_route_roles(const char *path);

/** Every table, NULL-terminated (for the OpenAPI test). */
extern const kuji_route_t *const kuji_route_tables[];

#endif
