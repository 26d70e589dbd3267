/* One participant across gates: reading and recording passes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/identity.h"
#include "web/pass.h"
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
    [KUJI_IDENTITY_LINK] = {"link", KUJI_GATE_API},
    [KUJI_IDENTITY_MAIL] = {"mail", KUJI_GATE_EMAIL},
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
static const char *read_pass(kuji_web_t *web, kuji_identity_kind_e kind)
{
    const char *name = kinds[kind].name, *value, *id;
    kuji_pass_scope_t scope;

    if (!(web->campaign->gates & kinds[kind].gate) ||
        !(value = kuji_cookie_get(web, cookie_name(web, name)))) {
        return NULL;
    }
    scope = scope_of(web, name);
    return kuji_pass_verify(&id, web->process->keys, &scope, value,
                            apr_time_sec(web->r->request_time),
                            web->r->pool) == APR_SUCCESS
               ? id
               : NULL;
}

/* "<row>:<participant>" */
static const char *read_link(kuji_identity_t *identity, const char *id)
{
    char *end;
    apr_int64_t row = apr_strtoi64(id, &end, 10);

    if (row <= 0 || *end != ':' || !end[1]) {
        return NULL;
    }
    identity->link = row;
    return end + 1;
}

static void take(kuji_identity_t *identity, kuji_identity_kind_e kind,
                 const char *id)
{
    if (id && kind == KUJI_IDENTITY_LINK) {
        id = read_link(identity, id);
    }
    if (id) {
        identity->ids[kind] = id;
        identity->kind = kind;
        identity->id = id;
        identity->passed |= kinds[kind].gate;
    }
}

const kuji_identity_t *kuji_identity(kuji_web_t *web)
{
    kuji_identity_t *identity;
    int kind;

    if (web->identity || !web->session) {
        return web->identity;
    }
    identity = apr_pcalloc(web->r->pool, sizeof(*identity));
    take(identity, KUJI_IDENTITY_COOKIE, web->session->id);
    for (kind = KUJI_IDENTITY_COOKIE + 1; kind < KUJI_IDENTITY_KINDS; kind++) {
        take(identity, kind, read_pass(web, kind));
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
    unsigned need = web->campaign->gates & (KUJI_GATE_EMAIL | KUJI_GATE_API);

    return need & ~(identity ? identity->passed : 0);
}

void kuji_identity_pass(kuji_web_t *web, kuji_identity_kind_e kind,
                        const char *id, int seconds)
{
    const char *name = kinds[kind].name;
    kuji_pass_scope_t scope;

    kuji_session_start(web);
    scope = scope_of(web, name);
    apr_table_addn(
        web->r->err_headers_out, "Set-Cookie",
        apr_psprintf(
            web->r->pool,
            "%s=%s; Max-Age=%d; Path=%s/k/%s; HttpOnly; "
            "SameSite=Lax%s",
            cookie_name(web, name),
            kuji_pass_sign(web->process->keys, &scope, id,
                           apr_time_sec(web->r->request_time) + seconds,
                           web->r->pool),
            seconds, web->prefix, web->campaign->slug,
            kuji_is_https(web->r) ? "; Secure" : ""));
    kuji_identity(web);
    take(web->identity, kind, apr_pstrdup(web->r->pool, id));
}

int kuji_identity_digest(unsigned char out[KUJI_DIGEST_LEN], kuji_web_t *web,
                         kuji_identity_kind_e kind)
{
    const kuji_identity_t *identity = kuji_identity(web);
    const char *id = identity ? identity->ids[kind] : NULL;

    if (!id) {
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
