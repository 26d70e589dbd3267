/* Tokens of channels, and what else is kept of each for a while.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/line_int.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/** Longest that a token is kept, whatever its server says, seconds. */
#define KEPT_MOST 86400
/** Before its end, so that a request on its way is still in time. */
#define MARGIN apr_time_from_sec(60)

static void wipe(kuji_line_kept_t *kept)
{
    if (kept->token) {
        sodium_memzero(kept->token, strlen(kept->token));
        free(kept->token);
    }
    memset(kept, 0, sizeof(*kept));
}

void kuji_line__forget_all(kuji_line_t *line)
{
    int i;

    for (i = 0; i < KUJI_LINE_KEPT; i++) {
        wipe(&line->kept[i]);
    }
}

/* A channel at an address under a secret: another secret is another one. */
static void key_of(unsigned char out[KUJI_LINE_KEY_LEN],
                   const kuji_line_bot_t *bot)
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, KUJI_LINE_KEY_LEN);
    crypto_generichash_update(&state, (const unsigned char *)bot->base,
                              strlen(bot->base) + 1);
    crypto_generichash_update(&state, (const unsigned char *)bot->id,
                              strlen(bot->id) + 1);
    crypto_generichash_update(&state, (const unsigned char *)bot->secret,
                              strlen(bot->secret) + 1);
    crypto_generichash_final(&state, out, KUJI_LINE_KEY_LEN);
}

kuji_line_kept_t *kuji_line__kept(kuji_line_t *line, const kuji_line_bot_t *bot)
{
    unsigned char key[KUJI_LINE_KEY_LEN];
    int i, oldest = 0;

    key_of(key, bot);
    for (i = 0; i < KUJI_LINE_KEPT; i++) {
        if (memcmp(line->kept[i].key, key, sizeof(key)) == 0) {
            line->kept[i].used = apr_time_now();
            return &line->kept[i];
        }
        if (line->kept[i].used < line->kept[oldest].used) {
            oldest = i;
        }
    }
    wipe(&line->kept[oldest]);
    memcpy(line->kept[oldest].key, key, sizeof(key));
    line->kept[oldest].used = apr_time_now();
    return &line->kept[oldest];
}

static const char *find(kuji_line_t *line, const kuji_line_bot_t *bot,
                        apr_pool_t *pool)
{
    const kuji_line_kept_t *kept;
    const char *token = NULL;

    apr_thread_mutex_lock(line->mutex);
    kept = kuji_line__kept(line, bot);
    if (kept->token && apr_time_now() < kept->until) {
        token = apr_pstrdup(pool, kept->token);
    }
    apr_thread_mutex_unlock(line->mutex);
    return token;
}

static void keep(kuji_line_t *line, const kuji_line_bot_t *bot,
                 const char *token, json_int_t seconds)
{
    kuji_line_kept_t *kept;
    char *copy = strdup(token);

    apr_thread_mutex_lock(line->mutex);
    kept = kuji_line__kept(line, bot);
    if (kept->token) {
        sodium_memzero(kept->token, strlen(kept->token));
        free(kept->token);
    }
    if (seconds < 0 || seconds > KEPT_MOST) {
        seconds = seconds < 0 ? 0 : KEPT_MOST;
    }
    kept->token = copy;
    kept->until = apr_time_now() + apr_time_from_sec(seconds) - MARGIN;
    apr_thread_mutex_unlock(line->mutex);
}

void kuji_line__drop_token(kuji_line_t *line, const kuji_line_bot_t *bot,
                           const char *token)
{
    kuji_line_kept_t *kept;

    apr_thread_mutex_lock(line->mutex);
    kept = kuji_line__kept(line, bot);
    /* Another thread may have asked for a new one meanwhile. */
    if (kept->token && strcmp(kept->token, token) == 0) {
        kept->until = 0;
    }
    apr_thread_mutex_unlock(line->mutex);
}

/* Two threads may both ask: LINE gives as many as one likes. */
kuji_line_end_e kuji_line__token(const char **token, const char **why,
                                 kuji_line_t *line, const kuji_line_bot_t *bot,
                                 apr_pool_t *pool)
{
    const kuji_uri_pair_t form[] = {{"grant_type", "client_credentials"},
                                    {"client_id", bot->id},
                                    {"client_secret", bot->secret},
                                    {NULL, NULL}};
    const kuji_line_call_t call = {.method = "POST",
                                   .path = "/oauth2/v3/token",
                                   .form = form,
                                   .repeatable = 1,
                                   .stop = bot->stop};
    json_t *doc;
    kuji_line_end_e end;

    if ((*token = find(line, bot, pool))) {
        return KUJI_LINE_DONE;
    }
    end = kuji_line__call(&doc, why, line, bot->base, &call, pool);
    if (end != KUJI_LINE_DONE) {
        return end;
    }
    *token = kuji_line__word(doc, "access_token");
    if (!**token) {
        *why = "LINE gave no token";
        return KUJI_LINE_AWAY;
    }
    keep(line, bot, *token,
         json_integer_value(json_object_get(doc, "expires_in")));
    return KUJI_LINE_DONE;
}
