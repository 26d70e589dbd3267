/* A log-in on LINE: code, tokens, and whose they are.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/line_int.h"

#include <apr_strings.h>
#include <string.h>

kuji_line_end_e kuji_line_exchange(kuji_line_tokens_t *tokens, const char **why,
                                   kuji_line_t *line,
                                   const kuji_line_channel_t *channel,
                                   const char *code, const char *redirect_uri,
                                   const char *verifier, apr_pool_t *pool)
{
    const kuji_uri_pair_t form[] = {{"grant_type", "authorization_code"},
                                    {"code", code},
                                    {"redirect_uri", redirect_uri},
                                    {"client_id", channel->id},
                                    {"client_secret", channel->secret},
                                    {"code_verifier", verifier},
                                    {NULL, NULL}};
    const kuji_line_call_t call = {
        .method = "POST", .path = "/oauth2/v2.1/token", .form = form};
    json_t *doc;
    kuji_line_end_e end =
        kuji_line__call(&doc, why, line, channel->base, &call, pool);

    if (end != KUJI_LINE_DONE) {
        return end;
    }
    tokens->access = kuji_line__word(doc, "access_token");
    tokens->id = kuji_line__word(doc, "id_token");
    if (!*tokens->access) {
        *why = "LINE gave no access token";
        return KUJI_LINE_AWAY;
    }
    return KUJI_LINE_DONE;
}

/* The claim, which was found to be one of ours. */
static const char *audience_of(const kuji_jwt_t *jwt)
{
    const json_t *aud = json_object_get(jwt->claims, "aud");

    return json_string_value(json_is_array(aud) ? json_array_get(aud, 0) : aud);
}

/* LINE's own word on a token, for when its keys cannot be had. It compares a
 * nonce only if one is sent; the other claims are checked here again. A 200
 * alone says nothing: the answer has to speak of the same user. */
static kuji_line_end_e ask_line(const char **why, kuji_line_t *line,
                                const kuji_line_channel_t *channel,
                                const char *id_token, const kuji_jwt_t *jwt,
                                const char *nonce, apr_pool_t *pool)
{
    const kuji_uri_pair_t form[] = {{"id_token", id_token},
                                    {"client_id", audience_of(jwt)},
                                    {"nonce", nonce},
                                    {NULL, NULL}};
    const kuji_line_call_t call = {.method = "POST",
                                   .path = "/oauth2/v2.1/verify",
                                   .form = form,
                                   .repeatable = 1};
    json_t *doc;
    kuji_line_end_e end =
        kuji_line__call(&doc, why, line, channel->base, &call, pool);

    if (end == KUJI_LINE_DONE &&
        strcmp(kuji_line__word(doc, "sub"),
               kuji_line__word(jwt->claims, "sub")) != 0) {
        *why = "LINE says nothing about the token";
        return KUJI_LINE_AWAY;
    }
    return end;
}

static kuji_line_end_e verify_es256(const char **why, kuji_line_t *line,
                                    const kuji_line_channel_t *channel,
                                    const char *id_token, const kuji_jwt_t *jwt,
                                    const char *nonce, apr_pool_t *pool)
{
    unsigned char x[KUJI_P256_LEN], y[KUJI_P256_LEN];
    kuji_line_end_e end =
        kuji_line__key(x, y, why, line, channel->base, jwt->kid, pool);

    if (end == KUJI_LINE_AWAY) {
        return ask_line(why, line, channel, id_token, jwt, nonce, pool);
    }
    if (end == KUJI_LINE_DONE &&
        kuji_jwt_verify_es256(jwt, x, y) != APR_SUCCESS) {
        *why = "the ID token's signature does not hold";
        return KUJI_LINE_REFUSED;
    }
    return end;
}

/* The documentation names HS256 for log-ins on the web and ES256 for the rest.
 * On the web either is good, each with its own kind of key. */
static kuji_line_end_e verify(const char **why, kuji_line_t *line,
                              const kuji_line_channel_t *channel,
                              const char *id_token, const kuji_jwt_t *jwt,
                              const char *nonce, apr_pool_t *pool)
{
    if (strcmp(jwt->alg, "ES256") == 0) {
        return verify_es256(why, line, channel, id_token, jwt, nonce, pool);
    }
    if (!channel->secret) {
        *why = "the ID token is not signed by a key of LINE's";
        return KUJI_LINE_REFUSED;
    }
    if (kuji_jwt_verify_hs256(jwt, channel->secret, strlen(channel->secret)) !=
        APR_SUCCESS) {
        *why = "the ID token is not signed by the channel's secret";
        return KUJI_LINE_REFUSED;
    }
    return KUJI_LINE_DONE;
}

kuji_line_end_e
kuji_line_identify(const char **subject, const char **why, kuji_line_t *line,
                   const kuji_line_channel_t *channel, const char *id_token,
                   const kuji_jwt_expect_t *expect, apr_pool_t *pool)
{
    const kuji_jwt_t *jwt;
    kuji_jwt_flaw_e flaw;
    kuji_line_end_e end;

    if (kuji_jwt_parse(&jwt, id_token, pool) != APR_SUCCESS) {
        *why = "no ID token";
        return KUJI_LINE_REFUSED;
    }
    /* Claims first: they cost nothing, and a wrong one needs no key. */
    flaw = kuji_jwt_check(subject, jwt, expect);
    if (flaw != KUJI_JWT_FINE) {
        *why = apr_pstrcat(pool, "an ID token's claim does not fit: ",
                           kuji_jwt_flaw_name(flaw), NULL);
        return KUJI_LINE_REFUSED;
    }
    end = verify(why, line, channel, id_token, jwt, expect->nonce, pool);
    return end;
}

kuji_line_end_e kuji_line_check_access(const char **why, kuji_line_t *line,
                                       const kuji_line_channel_t *channel,
                                       const char *access, apr_pool_t *pool)
{
    const kuji_line_call_t call = {
        .method = "GET",
        .path = apr_pstrcat(pool, "/oauth2/v2.1/verify?access_token=",
                            kuji_uri_escape(access, pool), NULL),
        .repeatable = 1};
    json_t *doc;
    kuji_line_end_e end =
        kuji_line__call(&doc, why, line, channel->base, &call, pool);

    if (end != KUJI_LINE_DONE) {
        return end;
    }
    if (strcmp(kuji_line__word(doc, "client_id"), channel->id) != 0 ||
        json_integer_value(json_object_get(doc, "expires_in")) <= 0) {
        *why = "the access token is another channel's, or over";
        return KUJI_LINE_REFUSED;
    }
    return KUJI_LINE_DONE;
}

kuji_line_end_e kuji_line_profile(kuji_line_profile_t *profile,
                                  const char **why, kuji_line_t *line,
                                  const kuji_line_channel_t *channel,
                                  const char *access, apr_pool_t *pool)
{
    const kuji_line_call_t call = {.method = "GET",
                                   .path = "/v2/profile",
                                   .access = access,
                                   .repeatable = 1};
    json_t *doc;
    kuji_line_end_e end =
        kuji_line__call(&doc, why, line, channel->base, &call, pool);

    if (end == KUJI_LINE_DONE) {
        profile->subject = kuji_line__word(doc, "userId");
        profile->name = kuji_line__word(doc, "displayName");
        profile->picture = kuji_line__word(doc, "pictureUrl");
    }
    return end;
}

kuji_line_end_e kuji_line_is_friend(int *is_friend, const char **why,
                                    kuji_line_t *line,
                                    const kuji_line_channel_t *channel,
                                    const char *access, apr_pool_t *pool)
{
    const kuji_line_call_t call = {.method = "GET",
                                   .path = "/friendship/v1/status",
                                   .access = access,
                                   .repeatable = 1};
    json_t *doc;
    kuji_line_end_e end =
        kuji_line__call(&doc, why, line, channel->base, &call, pool);

    if (end == KUJI_LINE_DONE &&
        !json_is_boolean(json_object_get(doc, "friendFlag"))) {
        *why = "LINE does not say whether they are friends";
        return KUJI_LINE_AWAY;
    }
    *is_friend = end == KUJI_LINE_DONE &&
                 json_is_true(json_object_get(doc, "friendFlag"));
    return end;
}

kuji_line_end_e kuji_line_revoke(const char **why, kuji_line_t *line,
                                 const kuji_line_channel_t *channel,
                                 const char *access, apr_pool_t *pool)
{
    const kuji_uri_pair_t form[] = {{"access_token", access},
                                    {"client_id", channel->id},
                                    {"client_secret", channel->secret},
                                    {NULL, NULL}};
    const kuji_line_call_t call = {.method = "POST",
                                   .path = "/oauth2/v2.1/revoke",
                                   .form = form,
                                   .repeatable = 1};
    json_t *doc;

    return kuji_line__call(&doc, why, line, channel->base, &call, pool);
}
