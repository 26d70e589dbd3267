/* SPDX-License-Identifier: Apache-2.0 */
#include "core/line_config.h"

#include "core/uri.h"

#include <apr_strings.h>
#include <stddef.h>
#include <string.h>

const char *const kuji_line_prompts[] = {"none", "normal", "aggressive", NULL};

const char *const kuji_line_texts[] = {"channel",
                                       "liff",
                                       "mini_developing",
                                       "mini_developing_liff",
                                       "mini_review",
                                       "mini_review_liff",
                                       "mini_published",
                                       "mini_published_liff",
                                       "bot",
                                       "friend",
                                       "keyword",
                                       "keyword_campaign",
                                       "access",
                                       "api",
                                       "bot_prompt",
                                       NULL};

#define MEMBER(name) offsetof(kuji_line_config_t, name)
#define MINI(which) MEMBER(mini[which].channel), MEMBER(mini[which].liff)

const char **kuji_line_text(kuji_line_config_t *config, int i)
{
    static const size_t members[] = {MEMBER(channel),
                                     MEMBER(liff),
                                     MINI(KUJI_LINE_DEVELOPING),
                                     MINI(KUJI_LINE_REVIEW),
                                     MINI(KUJI_LINE_PUBLISHED),
                                     MEMBER(bot),
                                     MEMBER(friend),
                                     MEMBER(keyword),
                                     MEMBER(keyword_campaign),
                                     MEMBER(access),
                                     MEMBER(api),
                                     MEMBER(bot_prompt)};

    return (const char **)(void *)((char *)config + members[i]);
}

static const char *otherwise(const char *name)
{
    if (strcmp(name, "access") == 0) {
        return KUJI_LINE_ACCESS;
    }
    if (strcmp(name, "api") == 0) {
        return KUJI_LINE_API;
    }
    return strcmp(name, "bot_prompt") ? "" : kuji_line_prompts[0];
}

json_t *kuji_line_config_doc(const kuji_line_config_t *config)
{
    kuji_line_config_t copy = *config;
    json_t *doc = json_pack("{s:b, s:b}", "friendship", config->friendship,
                            "profile", config->profile);
    const char *text;
    int i;

    for (i = 0; kuji_line_texts[i]; i++) {
        text = *kuji_line_text(&copy, i);
        if (strcmp(text, otherwise(kuji_line_texts[i])) != 0) {
            json_object_set_new(doc, kuji_line_texts[i], json_string(text));
        }
    }
    return doc;
}

void kuji_line_config_read(kuji_line_config_t *config, const json_t *doc,
                           apr_pool_t *pool)
{
    const char *text;
    int i;

    for (i = 0; kuji_line_texts[i]; i++) {
        text = json_string_value(json_object_get(doc, kuji_line_texts[i]));
        *kuji_line_text(config, i) =
            text ? apr_pstrdup(pool, text) : otherwise(kuji_line_texts[i]);
    }
    config->secret = config->bot_secret = NULL;
    config->friendship = json_is_true(json_object_get(doc, "friendship"));
    config->profile = json_is_true(json_object_get(doc, "profile"));
}

static int find_app(const char *app)
{
    static const char *const names[] = {"developing", "review", "published"};
    int i;

    for (i = 0; app && i < KUJI_LINE_APPS; i++) {
        if (strcmp(app, names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

int kuji_line_is_app(const char *app)
{
    return find_app(app) >= 0;
}

const char *kuji_line_liff(const kuji_line_config_t *config, const char *app)
{
    int i = find_app(app);

    if (i >= 0) {
        return config->mini[i].liff;
    }
    return *config->liff ? config->liff
                         : config->mini[KUJI_LINE_PUBLISHED].liff;
}

void kuji_line_audiences(const char *out[KUJI_LINE_AUDIENCES + 1],
                         const kuji_line_config_t *config)
{
    int i, count = 0;

    if (*config->liff) {
        out[count++] = config->channel;
    }
    for (i = 0; i < KUJI_LINE_APPS; i++) {
        if (*config->mini[i].liff) {
            out[count++] = config->mini[i].channel;
        }
    }
    out[count] = NULL;
}

const char *kuji_line_friend_url(const kuji_line_config_t *config,
                                 apr_pool_t *pool)
{
    if (*config->friend != '@') {
        return config->friend;
    }
    return apr_pstrcat(pool, "https://line.me/R/ti/p/",
                       kuji_uri_escape(config->friend, pool), NULL);
}
