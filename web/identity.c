/* One participant across gates: reading and recording passes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/identity.h"

#include "store/link.h"
#include "web/request.h"
#include "web/session.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

/* By kind: the pass's name, and the gate that it passes. */
static const struct {
    const char *name;
    unsigned gate;
} kinds[KUJI_IDENTITY_KINDS] = {
    [KUJI_IDENTITY_COOKIE] = {NULL, 0},
    [KUJI_IDENTITY_LINK] = {"link", KUJI_GATES_BY_LINK},
    [KUJI_IDENTITY_MAIL] = {"mail", KUJI_GATE_EMAIL},
    [KUJI_IDENTITY_LINE] = {"line", KUJI_GATE_LINE},
};

static const char *cookie_name(const kuji_web_t *web, const char *name)
{
    return apr_pstrcat(web->r->pool, "kuji-", name, NULL);
}

static kuji_pass_scope_t scope_of(const kuji_web_t *web, const char *name)
{
    kuji_pass_scope_t scope = {name, web->tenant->id, web->campaign->uuid,
                               web->session->id};

    return scope;
}

/* The id of a pass that counts here, or NULL. */
static const char *read_pass(unsigned *marks, kuji_web_t *web,
                             kuji_identity_kind_e kind)
{
    const char *name = kinds[kind].name, *value, *id;
    kuji_pass_scope_t scope;

    if (!(web->campaign->gates & kinds[kind].gate) ||
        !(value = kuji_cookie_get(web, cookie_name(web, name)))) {
        return NULL;
    }
    scope = scope_of(web, name);
    return kuji_pass_verify(&id, marks, web->process->keys, &scope, value,
                            apr_time_sec(web->r->request_time),
                            web->r->pool) == APR_SUCCESS
               ? id
               : NULL;
}

/* "<digest in hex>:<participant>" */
static const char *read_link(kuji_identity_t *identity, const char *id)
{
    const char *colon = strchr(id, ':');

    if (!colon || colon - id != 2 * KUJI_DIGEST_LEN || !colon[1] ||
        sodium_hex2bin(identity->link, sizeof(identity->link), id,
                       2 * KUJI_DIGEST_LEN, NULL, NULL, NULL)) {
        return NULL;
    }
    identity->has_link = 1;
    identity->row = NULL;
    return colon + 1;
}

static void take(kuji_identity_t *identity, kuji_identity_kind_e kind,
                 const char *id, unsigned marks, unsigned gates)
{
    if (id && kind == KUJI_IDENTITY_LINK) {
        id = read_link(identity, id);
    }
    if (!id) {
        return;
    }
    identity->passed |= kinds[kind].gate & gates;
    /* A purchase says what somebody may do, not who they are. */
    if (kind == KUJI_IDENTITY_LINK && gates & KUJI_GATE_PURCHASE) {
        return;
    }
    identity->ids[kind] = id;
    identity->kind = kind;
    identity->id = id;
    identity->marks |= marks;
}

const kuji_identity_t *kuji_identity(kuji_web_t *web)
{
    kuji_identity_t *identity;
    int kind;

    if (web->identity || !web->session) {
        return web->identity;
    }
    identity = apr_pcalloc(web->r->pool, sizeof(*identity));
    take(identity, KUJI_IDENTITY_COOKIE, web->session->id, 0, 0);
    for (kind = KUJI_IDENTITY_COOKIE + 1; kind < KUJI_IDENTITY_KINDS; kind++) {
        unsigned marks = 0;
        const char *id = read_pass(&marks, web, kind);

        take(identity, kind, id, marks, web->campaign->gates);
    }
    web->identity = identity;
    return identity;
}

const kuji_identity_t *kuji_identity_start(kuji_web_t *web)
{
    kuji_session_start(web);
    return kuji_identity(web);
}

unsigned kuji_identity_missing(kuji_web_t *web)
{
    const kuji_identity_t *identity = kuji_identity(web);
    unsigned need = web->campaign->gates &
                    (KUJI_GATE_EMAIL | KUJI_GATES_BY_LINK | KUJI_GATE_LINE);

    return need & ~(identity ? identity->passed : 0);
}

void kuji_identity_mark(kuji_web_t *web, unsigned marks)
{
    kuji_identity_start(web);
    web->identity->marks |= marks;
}

/* What the browser's earlier passes of that kind leave behind: marks do not go
 * away, and another id is one. */
static unsigned marks_of(kuji_web_t *web, kuji_identity_kind_e kind,
                         const char *id)
{
    unsigned marks = 0;
    const char *before = read_pass(&marks, web, kind);
    const char *colon = strchr(id, ':');

    /* Two links of one participant are no two people. */
    if (before && kind == KUJI_IDENTITY_LINK) {
        before = strchr(before, ':');
        id = colon ? colon : id;
    }
    if (before && strcmp(before, id) != 0 &&
        !(kind == KUJI_IDENTITY_LINK &&
          web->campaign->gates & KUJI_GATE_PURCHASE)) {
        marks |= KUJI_PASS_MARK_DEVICE;
    }
    return marks | web->identity->marks;
}

void kuji_identity_pass(kuji_web_t *web, kuji_identity_kind_e kind,
                        const char *id, int seconds)
{
    const char *name = kinds[kind].name;
    kuji_pass_scope_t scope;
    unsigned marks;

    kuji_identity_start(web);
    scope = scope_of(web, name);
    marks = marks_of(web, kind, id);
    apr_table_addn(
        web->r->err_headers_out, "Set-Cookie",
        apr_psprintf(
            web->r->pool,
            "%s=%s; Max-Age=%d; Path=%s/k/%s; HttpOnly; "
            "SameSite=Lax%s",
            cookie_name(web, name),
            kuji_pass_sign(web->process->keys, &scope, id, marks,
                           apr_time_sec(web->r->request_time) + seconds,
                           web->r->pool),
            seconds, web->prefix, web->campaign->slug,
            kuji_is_https(web->r) ? "; Secure" : ""));
    take(web->identity, kind, apr_pstrdup(web->r->pool, id), marks,
         web->campaign->gates);
}

const kuji_link_row_t *kuji_identity_link(kuji_web_t *web)
{
    kuji_act_t act = {.pg = web->process->pg, .tenant = web->tenant->id};

    if (!kuji_identity(web) || !web->identity->has_link) {
        return NULL;
    }
    if (!web->identity->row) {
        (void)kuji_link_find(&web->identity->row, &act, web->campaign->id,
                             web->identity->link, 0, web->r->pool);
    }
    return web->identity->row;
}

/* Whether it was this browser that drew by its link. */
static int owns_link(kuji_web_t *web)
{
    const kuji_link_row_t *row = kuji_identity_link(web);
    unsigned char session[KUJI_DIGEST_LEN];

    if (!row || !row->taken) {
        return 0;
    }
    kuji_seal_digest(session, web->campaign->digest_key, "session",
                     web->session->id, strlen(web->session->id));
    return sodium_memcmp(session, row->session, sizeof(session)) == 0;
}

int kuji_identity_digest(unsigned char out[KUJI_DIGEST_LEN], kuji_web_t *web,
                         kuji_identity_kind_e kind)
{
    const kuji_identity_t *identity = kuji_identity(web);
    const char *id = identity ? identity->ids[kind] : NULL;

    if (!id || (kind == KUJI_IDENTITY_LINK && !owns_link(web))) {
        return 0;
    }
    kuji_seal_digest(out, web->campaign->digest_key, "participant", id,
                     strlen(id));
    return 1;
}

const char *kuji_identity_find(kuji_web_t *web,
                               const unsigned char digest[KUJI_DIGEST_LEN])
{
    unsigned char own[KUJI_DIGEST_LEN];
    int kind;

    for (kind = KUJI_IDENTITY_KINDS - 1; kind >= 0; kind--) {
        if (kuji_identity_digest(own, web, kind) &&
            sodium_memcmp(own, digest, sizeof(own)) == 0) {
            return web->identity->ids[kind];
        }
    }
    return NULL;
}
