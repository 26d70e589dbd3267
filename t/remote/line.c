/* kuji-remote-line BASE CHANNEL SECRET: LINE's client, told what to do by lines
 * on its input; a line of tab-separated words for each.
 *
 *   exchange CODE REDIRECT-URI VERIFIER     identify TOKEN NONCE|- [LONGEST]
 *   access TOKEN   profile TOKEN   friend TOKEN   revoke TOKEN
 *   push TO TEXT                            done: LINE took it
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/line.h"
#include "remote/line.h"
#include "remote/line_message.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 5

static kuji_line_t *line;
static kuji_line_channel_t channel;

static kuji_line_end_e do_exchange(const char **out, const char **why,
                                   char **words, apr_pool_t *pool)
{
    kuji_line_tokens_t tokens = {"", ""};
    kuji_line_end_e end = kuji_line_exchange(
        &tokens, why, line, &channel, words[1], words[2], words[3], pool);

    *out = apr_pstrcat(pool, tokens.access, "\t", tokens.id, NULL);
    return end;
}

static kuji_line_end_e do_identify(const char **out, const char **why,
                                   char **words, apr_pool_t *pool)
{
    const char *audiences[] = {channel.id, NULL};
    const kuji_jwt_expect_t expect = {.issuer = KUJI_LINE_ISSUER,
                                      .audiences = audiences,
                                      .nonce = strcmp(words[2], "-") ? words[2]
                                                                     : NULL,
                                      .now = apr_time_sec(apr_time_now()),
                                      .longest = words[3] ? atoi(words[3]) : 0};

    return kuji_line_identify(out, why, line, &channel, words[1], &expect,
                              pool);
}

static kuji_line_end_e do_profile(const char **out, const char **why,
                                  char **words, apr_pool_t *pool)
{
    kuji_line_profile_t profile = {"", "", ""};
    kuji_line_end_e end =
        kuji_line_profile(&profile, why, line, &channel, words[1], pool);

    *out = apr_pstrcat(pool, profile.subject, "\t", profile.name, "\t",
                       profile.picture, NULL);
    return end;
}

static kuji_line_end_e do_friend(const char **out, const char **why,
                                 char **words, apr_pool_t *pool)
{
    int is_friend = 0;
    kuji_line_end_e end =
        kuji_line_is_friend(&is_friend, why, line, &channel, words[1], pool);

    *out = is_friend ? "friend" : "stranger";
    return end;
}

static kuji_line_end_e do_push(const char **out, const char **why, char **words,
                               apr_pool_t *pool)
{
    const kuji_line_bot_t bot = {channel.base, channel.id, channel.secret,
                                 NULL};
    kuji_line_outcome_t outcome;

    kuji_line_push(&outcome, line, &bot, words[1], words[2],
                   "44453d45-768e-40e8-8349-748e797c450f", pool);
    *out = *why = outcome.reason ? outcome.reason : "";
    return outcome.sent == KUJI_LINE_ACCEPTED ? KUJI_LINE_DONE
           : outcome.sent == KUJI_LINE_NO     ? KUJI_LINE_REFUSED
                                              : KUJI_LINE_AWAY;
}

static kuji_line_end_e run(const char **out, const char **why, char **words,
                           apr_pool_t *pool)
{
    if (strcmp(words[0], "exchange") == 0) {
        return do_exchange(out, why, words, pool);
    }
    if (strcmp(words[0], "identify") == 0) {
        return do_identify(out, why, words, pool);
    }
    if (strcmp(words[0], "profile") == 0) {
        return do_profile(out, why, words, pool);
    }
    if (strcmp(words[0], "friend") == 0) {
        return do_friend(out, why, words, pool);
    }
    if (strcmp(words[0], "push") == 0) {
        return do_push(out, why, words, pool);
    }
    if (strcmp(words[0], "access") == 0) {
        return kuji_line_check_access(why, line, &channel, words[1], pool);
    }
    if (strcmp(words[0], "revoke") == 0) {
        return kuji_line_revoke(why, line, &channel, words[1], pool);
    }
    exit(2);
}

static void obey(char *text, apr_pool_t *pool)
{
    static const char *const ends[] = {"done", "refused", "away"};
    char *words[WORDS + 1] = {NULL}, *state = NULL;
    const char *out = "", *why = NULL;
    kuji_line_end_e end;
    int i;

    for (i = 0; i < WORDS; i++) {
        words[i] = apr_strtok(i ? NULL : text, "\t\n", &state);
        if (!words[i]) {
            break;
        }
    }
    end = run(&out, &why, words, pool);
    printf("%s\t%s\n", ends[end], end == KUJI_LINE_DONE ? out : why);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    const kuji_http_config_t config = {.most = 4,
                                       .connect = apr_time_from_sec(2)};
    static char text[16384];
    kuji_http_t *http;
    apr_pool_t *pool, *one;

    if (argc != 4) {
        return 2;
    }
    apr_initialize();
    apr_pool_create(&pool, NULL);
    apr_pool_create(&one, NULL);
    channel.base = argv[1];
    channel.id = argv[2];
    channel.secret = argv[3];
    if (kuji_http_create(&http, &config, pool) != APR_SUCCESS ||
        kuji_line_create(&line, http, pool) != APR_SUCCESS) {
        return 1;
    }
    while (fgets(text, sizeof(text), stdin)) {
        obey(text, one);
        apr_pool_clear(one);
    }
    apr_pool_destroy(one);
    apr_pool_destroy(pool);
    return 0;
}
