/* Digests of what a request brings, and what a refusal means.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/entry.h"
#include "core/code.h"
#include "store/draw.h"

#include <apr_strings.h>
#include <stdio.h>

/* A code that cannot be normalised stays as typed behind a mark that no code
 * has: it matches nothing, yet its request has a body to compare. */
static const char *plain_code(const char *code, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, KUJI_CODE_MAX + 1);

    if (kuji_code_normalise(out, code, strlen(code)) == APR_SUCCESS) {
        return out;
    }
    return apr_pstrcat(pool, "!", code, NULL);
}

/* A form's key counts per participant: id 00 key. */
static void digest_key(kuji_draw_ask_t *ask, const unsigned char *secret,
                       const kuji_entry_t *e, apr_pool_t *pool)
{
    apr_size_t id_len = e->key_per_participant ? ask->participant_len + 1 : 0;
    apr_size_t key_len = strlen(e->key);
    char *text = apr_palloc(pool, id_len + key_len + 1);

    memcpy(text, e->participant, id_len);
    memcpy(text + id_len, e->key, key_len);
    kuji_seal_digest(ask->key_digest, secret, "key", text, id_len + key_len);
}

/* participant 00 code 00 count; no code: a mark that no code has. */
static void digest_body(kuji_draw_ask_t *ask, const unsigned char *secret,
                        const char *code, apr_pool_t *pool)
{
    apr_size_t code_len = strlen(code), used = ask->participant_len + 1;
    char *text = apr_palloc(pool, used + code_len + 16);

    memcpy(text, ask->participant, used);
    memcpy(text + used, code, code_len + 1);
    used += code_len + 1;
    used += (apr_size_t)snprintf(text + used, 14, "%d", ask->count);
    kuji_seal_digest(ask->body_digest, secret, "body", text, used);
}

static void make_ask(kuji_draw_ask_t *ask, const kuji_web_t *web,
                     const kuji_entry_t *e)
{
    const kuji_campaign_t *campaign = web->campaign;
    const unsigned char *secret = campaign->digest_key;
    apr_pool_t *pool = web->r->pool;
    const char *code = e->code ? plain_code(e->code, pool) : NULL;

    memset(ask, 0, sizeof(*ask));
    ask->campaign = campaign;
    ask->token_id = web->token ? web->token->id : 0;
    ask->participant = e->participant;
    ask->participant_len = strlen(e->participant);
    ask->count = e->count;
    kuji_seal_digest(ask->participant_digest, secret, "participant",
                     ask->participant, ask->participant_len);
    digest_key(ask, secret, e, pool);
    digest_body(ask, secret, code ? code : "-", pool);
    if (code && (campaign->gates & KUJI_GATE_CODE)) {
        ask->has_code = 1;
        kuji_seal_digest(ask->code_digest, secret, "code", code, strlen(code));
    }
    if (e->consents) {
        ask->nconsents = e->consents->count;
        memcpy(ask->consents, e->consents->digests, sizeof(ask->consents));
    }
    if (e->link) {
        ask->has_link = 1;
        memcpy(ask->link_digest, e->link, KUJI_DIGEST_LEN);
        kuji_seal_digest(ask->session_digest, secret, "session", e->session,
                         strlen(e->session));
    }
}

apr_status_t kuji_entry_find(const char **path, kuji_web_t *web,
                             const kuji_entry_t *entry)
{
    kuji_act_t act = {.pg = web->process->pg, .tenant = web->tenant->id};
    kuji_draw_ask_t ask;
    uint64_t n = 0;
    apr_status_t rv;

    make_ask(&ask, web, entry);
    rv = kuji_draw_by_key(&n, &act, web->campaign->id, ask.key_digest,
                          ask.body_digest, web->r->pool);
    *path = apr_psprintf(web->r->pool, "/k/%s/draws/%" APR_UINT64_T_FMT,
                         web->campaign->slug, (apr_uint64_t)n);
    return rv;
}

apr_status_t kuji_entry_draw(const kuji_draw_answer_t **answer, kuji_web_t *web,
                             const kuji_entry_t *e)
{
    const kuji_campaign_t *campaign = web->campaign;
    apr_pool_t *pool = web->r->pool;
    kuji_draw_ask_t ask;
    apr_status_t rv;

    make_ask(&ask, web, e);
    rv = kuji_queue_draw(answer, web->process->queue, &ask, pool);
    if (rv == APR_SUCCESS) {
        kuji_traffic_refusal(web->process->traffic, campaign,
                             (*answer)->outcome);
    }
    return rv;
}

int kuji_entry_is_mistyped(const kuji_web_t *web, const char *code)
{
    char plain[KUJI_CODE_MAX + 1];

    return web->campaign->codes_checked &&
           (kuji_code_normalise(plain, code, strlen(code)) != APR_SUCCESS ||
            !kuji_code_check(plain));
}

int kuji_entry_is_drawn(const kuji_draw_answer_t *answer)
{
    return answer->outcome == KUJI_DRAWN || answer->outcome == KUJI_REPEATED;
}

kuji_problem_e kuji_entry_problem(const char **detail,
                                  const kuji_draw_answer_t *answer,
                                  apr_pool_t *pool)
{
    *detail = NULL;
    switch (answer->outcome) {
    case KUJI_KEY_OTHER_BODY:
        *detail = "this key was used before with another body";
        return KUJI_PROBLEM_KEY_REUSED;
    case KUJI_REFUSED_PAUSED:
        *detail = "the campaign is paused";
        return KUJI_PROBLEM_NOT_OPEN;
    case KUJI_REFUSED_NOT_OPEN:
        return KUJI_PROBLEM_NOT_OPEN;
    case KUJI_REFUSED_CLOSED:
        return KUJI_PROBLEM_CLOSED;
    case KUJI_REFUSED_SOLD_OUT:
        return KUJI_PROBLEM_SOLD_OUT;
    case KUJI_REFUSED_LIMIT:
        if (answer->limit) {
            *detail = apr_pstrcat(pool, "limit ", answer->limit, NULL);
        }
        return KUJI_PROBLEM_LIMIT_REACHED;
    case KUJI_REFUSED_CODE_UNKNOWN:
        return KUJI_PROBLEM_CODE_UNKNOWN;
    case KUJI_REFUSED_CODE_USED:
        return KUJI_PROBLEM_CODE_USED;
    case KUJI_REFUSED_PASSPHRASE:
        return KUJI_PROBLEM_PASSPHRASE;
    case KUJI_REFUSED_LINK:
        return KUJI_PROBLEM_LINK_NEEDED;
    case KUJI_REFUSED_LINK_USED:
        return KUJI_PROBLEM_LINK_USED;
    case KUJI_REFUSED_LINK_EXPIRED:
        return KUJI_PROBLEM_LINK_EXPIRED;
    case KUJI_REFUSED_COUNT:
        *detail = "count must be 1 where wins are limited";
        return KUJI_PROBLEM_COUNT;
    case KUJI_REFUSED_TOKEN:
        return KUJI_PROBLEM_UNAUTHORISED;
    case KUJI_DRAWN:
    case KUJI_REPEATED:
    case KUJI_OUTCOME_COUNT:
        break;
    }
    return KUJI_PROBLEM_INTERNAL;
}
