/* SPDX-License-Identifier: Apache-2.0 */
#include "core/line_config.h"

#include <apr_strings.h>
#include <string.h>

#define CHANNEL_MAX 20
#define SECRET_MAX 200
#define BASE_MAX 200

const char *const kuji_line_prompts[] = {"none", "normal", "aggressive", NULL};

static int is_channel(const char *id)
{
    size_t len = strlen(id);

    return len >= 1 && len <= CHANNEL_MAX && strspn(id, "0123456789") == len;
}

/* LINE's are 32 hex digits; it promises no form, so only what would break a
 * form or a header is refused. */
static int is_secret(const char *secret)
{
    size_t len = strlen(secret), i;

    for (i = 0; i < len; i++) {
        if (secret[i] <= ' ' || secret[i] > '~') {
            return 0;
        }
    }
    return len <= SECRET_MAX;
}

/* "host[:port]" and nothing behind it. */
static int is_authority(const char *text)
{
    size_t len = strlen(text);

    return len > 0 && len == strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "abcdefghijklmnopqrstuvwxyz"
                                          "0123456789.-:[]");
}

static int is_loopback(const char *authority)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    size_t i, len;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        len = strlen(names[i]);
        if (strncmp(authority, names[i], len) == 0 &&
            (!authority[len] || authority[len] == ':')) {
            return 1;
        }
    }
    return 0;
}

int kuji_line_is_base(const char *base)
{
    if (strlen(base) > BASE_MAX) {
        return 0;
    }
    if (strncmp(base, "https://", 8) == 0) {
        return is_authority(base + 8);
    }
    return strncmp(base, "http://", 7) == 0 && is_authority(base + 7) &&
           is_loopback(base + 7);
}

static int is_prompt(const char *prompt)
{
    int i;

    for (i = 0; kuji_line_prompts[i]; i++) {
        if (strcmp(kuji_line_prompts[i], prompt) == 0) {
            return 1;
        }
    }
    return 0;
}

const char *kuji_line_config_wrong(const kuji_line_config_t *config)
{
    if (!is_channel(config->channel)) {
        return "channel";
    }
    if (config->secret && !is_secret(config->secret)) {
        return "secret";
    }
    if (!kuji_line_is_base(config->access)) {
        return "access";
    }
    if (!kuji_line_is_base(config->api)) {
        return "api";
    }
    return is_prompt(config->bot_prompt) ? NULL : "bot_prompt";
}

json_t *kuji_line_config_doc(const kuji_line_config_t *config)
{
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:b, s:b}", "channel", config->channel, "access",
        config->access, "api", config->api, "bot_prompt", config->bot_prompt,
        "friendship", config->friendship, "profile", config->profile);
}

static const char *text_of(const json_t *doc, const char *name,
                           const char *otherwise, apr_pool_t *pool)
{
    const char *text = json_string_value(json_object_get(doc, name));

    return text ? apr_pstrdup(pool, text) : otherwise;
}

void kuji_line_config_read(kuji_line_config_t *config, const json_t *doc,
                           apr_pool_t *pool)
{
    config->channel = text_of(doc, "channel", "", pool);
    config->secret = NULL;
    config->access = text_of(doc, "access", KUJI_LINE_ACCESS, pool);
    config->api = text_of(doc, "api", KUJI_LINE_API, pool);
    config->bot_prompt = text_of(doc, "bot_prompt", "none", pool);
    config->friendship = json_is_true(json_object_get(doc, "friendship"));
    config->profile = json_is_true(json_object_get(doc, "profile"));
}
