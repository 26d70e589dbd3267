/* Finding a route and running its steps.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/route.h"
#include "web/admin/enter.h"
#include "web/guard.h"
#include "web/request.h"
#include "web/response.h"
#include "web/session.h"

#include <apr_lib.h>
#include <apr_strings.h>

const kuji_route_t *const kuji_route_tables[] = {
    kuji_routes_api, kuji_routes_public, kuji_routes_participant,
    kuji_routes_admin, NULL};

typedef struct capture_t {
    const char *start;
    apr_size_t len;
} capture_t;

typedef struct captures_t {
    capture_t slug, n, name, id;
} captures_t;

/* Where the capture of "{name}" goes. */
static capture_t *capture_of(captures_t *found, const char *pattern)
{
    switch (pattern[1]) {
    case 's':
        return &found->slug;
    case 'i':
        return &found->id;
    default:
        return pattern[2] == '}' ? &found->n : &found->name;
    }
}

static int match(const char *pattern, const char *path, captures_t *found)
{
    while (*pattern && *path) {
        if (*pattern == '{') {
            capture_t *c = capture_of(found, pattern);

            c->start = path;
            c->len = strcspn(path, "/");
            if (!c->len) {
                return 0;
            }
            path += c->len;
            pattern += strcspn(pattern, "}") + 1;
        }
        else if (*pattern++ != *path++) {
            return 0;
        }
    }
    return !*pattern && !*path;
}

/* n as people write it: digits, no sign, no leading zero. */
static int64_t parse_n(const capture_t *c)
{
    int64_t n = 0;
    apr_size_t i;

    if (!c->len || c->len > 16 || c->start[0] == '0') {
        return 0;
    }
    for (i = 0; i < c->len; i++) {
        if (c->start[i] < '0' || c->start[i] > '9') {
            return 0;
        }
        n = n * 10 + (c->start[i] - '0');
    }
    return n <= KUJI_INT_MAX ? n : 0;
}

/* Campaigns have such names only: anything else, bytes that are no UTF-8 above
 * all, is a path that there is not, and nobody need ask PostgreSQL. */
static int is_slug(const char *text)
{
    const char *c;

    for (c = text; *c; c++) {
        if (!apr_islower(*c) && !apr_isdigit(*c) && (*c != '-' || c == text)) {
            return 0;
        }
    }
    return c > text && c - text <= 63;
}

static const char *text_of(const capture_t *c, apr_pool_t *p)
{
    return c->start ? apr_pstrmemdup(p, c->start, c->len) : NULL;
}

/* A uuid as we write it: lower case, with hyphens. */
static int is_uuid(const char *text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    unsigned i;

    for (i = 0; form[i]; i++) {
        if (form[i] == '-' ? text[i] != '-'
                           : !text[i] || !strchr("0123456789abcdef", text[i])) {
            return 0;
        }
    }
    return !text[i];
}

static int take_captures(kuji_web_t *web, const captures_t *found)
{
    apr_pool_t *p = web->r->pool;

    web->slug = text_of(&found->slug, p);
    web->n = found->n.start ? parse_n(&found->n) : 0;
    web->name = text_of(&found->name, p);
    web->id = text_of(&found->id, p);
    return (!web->slug || is_slug(web->slug)) &&
           (!found->n.start || web->n > 0) && (!web->id || is_uuid(web->id));
}

const kuji_route_t *kuji_route_find(kuji_web_t *web, int method_flag,
                                    unsigned *allow)
{
    const kuji_route_t *const *table, *route;

    *allow = 0;
    for (table = kuji_route_tables; *table; table++) {
        for (route = *table; route->pattern; route++) {
            captures_t found = {.slug = {NULL, 0}};

            if (!match(route->pattern, web->path, &found) ||
                !take_captures(web, &found)) {
                continue;
            }
            if ((int)route->method == method_flag) {
                return route;
            }
            *allow |= route->method;
        }
    }
    return NULL;
}

unsigned kuji_route_roles(const char *path)
{
    const kuji_route_t *route;
    captures_t found;

    for (route = kuji_routes_admin; route->pattern; route++) {
        if (route->method == KUJI_GET && match(route->pattern, path, &found)) {
            return route->flags >> KUJI_ROUTE_ROLES;
        }
    }
    return 0;
}

static int method_flag_of(const request_rec *r)
{
    switch (r->method_number) {
    case M_GET: /* HEAD too */
        return KUJI_GET;
    case M_POST:
        return KUJI_POST;
    case M_PUT:
        return KUJI_PUT;
    case M_PATCH:
        return KUJI_PATCH;
    case M_DELETE:
        return KUJI_DELETE;
    default:
        return 0;
    }
}

static int no_route(kuji_web_t *web, unsigned allow)
{
    if (!allow) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    apr_table_setn(web->r->err_headers_out, "Allow",
                   apr_pstrcat(web->r->pool, /* joined behind ", " */
                               (allow & KUJI_GET) ? ", GET, HEAD" : "",
                               (allow & KUJI_POST) ? ", POST" : "",
                               (allow & KUJI_PUT) ? ", PUT" : "",
                               (allow & KUJI_PATCH) ? ", PATCH" : "",
                               (allow & KUJI_DELETE) ? ", DELETE" : "", NULL) +
                       2);
    return kuji_problem(web, KUJI_PROBLEM_METHOD, NULL);
}

/* A host without tenant, or whose tenant is suspended, has no pages at all. */
static int find_tenant(kuji_web_t *web)
{
    apr_status_t rv = kuji_guard_tenant(web);

    return rv ? kuji_failure(web, rv, "looking up the tenant") : DECLINED;
}

static int run_steps(kuji_web_t *web, const kuji_route_t *route)
{
    apr_status_t rv;
    int done;

    if (route->method != KUJI_GET && !kuji_guard_same_origin(web->r)) {
        return kuji_problem(web, KUJI_PROBLEM_FORBIDDEN,
                            "a request from another site");
    }
    if (route->scope &&
        (done = kuji_guard_token(web, route->scope)) != DECLINED) {
        return done;
    }
    if (route->flags & KUJI_ROUTE_SESSION) {
        kuji_session_read(web);
    }
    if (route->flags >> KUJI_ROUTE_ROLES &&
        (done = kuji_console_enter(web, route->flags >> KUJI_ROUTE_ROLES)) !=
            DECLINED) {
        return done;
    }
    if (route->flags & KUJI_ROUTE_CAMPAIGN) {
        rv = kuji_cache_campaign(&web->campaign, web->process->cache,
                                 web->tenant, web->slug, web->r->pool);
        if (rv) {
            return kuji_failure(web, rv, "reading the campaign");
        }
    }
    return DECLINED;
}

void kuji_route_area(kuji_web_t *web)
{
    web->is_api = !strncmp(web->path, "/api/", 5);
    web->is_admin = !strncmp(web->path, "/admin", 6) &&
                    (!web->path[6] || web->path[6] == '/');
}

int kuji_route_is_door(kuji_web_t *web)
{
    unsigned allow;
    const kuji_route_t *route =
        kuji_route_find(web, method_flag_of(web->r), &allow);

    return web->is_admin && route && !(route->flags >> KUJI_ROUTE_ROLES);
}

int kuji_route_run(kuji_web_t *web)
{
    unsigned allow;
    const kuji_route_t *route =
        kuji_route_find(web, method_flag_of(web->r), &allow);
    int done;

    if (route) {
        web->is_api = (route->flags & KUJI_ROUTE_API) != 0;
    }
    if (!route || !(route->flags & KUJI_ROUTE_ANY_HOST)) {
        if ((done = find_tenant(web)) != DECLINED) {
            return done;
        }
    }
    if (web->site->maintenance && !web->is_admin &&
        !(route && route->flags & KUJI_ROUTE_ANY_HOST)) {
        return kuji_problem(web, KUJI_PROBLEM_MAINTENANCE, NULL);
    }
    if (!route) {
        if (web->is_admin) {
            (void)kuji_console_session(web); /* for the frame of its page */
        }
        return no_route(web, allow);
    }
    if ((done = run_steps(web, route)) != DECLINED) {
        return done;
    }
    return route->handler(web);
}
