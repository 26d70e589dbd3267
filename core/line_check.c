/* Which settings for LINE can be.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/line_config.h"

#include <string.h>

#define CHANNEL_MAX 20
#define LIFF_MAX 64
#define SECRET_MAX 200
#define BASE_MAX 200
#define BASIC_ID_MAX 40
#define SLUG_MAX 63

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static int is_made_of(const char *text, const char *letters, size_t most)
{
    size_t len = strlen(text);

    return len >= 1 && len <= most && strspn(text, letters) == len;
}

static int is_channel(const char *id)
{
    return is_made_of(id, DIGITS, CHANNEL_MAX);
}

/* The channel's id, a hyphen, and a word. That the channel is the owner's
 * stands in no documentation, so it is not asked for. */
static int is_liff(const char *id)
{
    size_t digits = strspn(id, DIGITS);

    return digits >= 1 && digits <= CHANNEL_MAX && id[digits] == '-' &&
           is_made_of(id + digits + 1, DIGITS LETTERS, LIFF_MAX);
}

/* Printable ASCII without a space; "" as well. */
static int is_plain(const char *text, size_t most)
{
    size_t len = strlen(text), i;

    for (i = 0; i < len; i++) {
        if (text[i] <= ' ' || text[i] > '~') {
            return 0;
        }
    }
    return len <= most;
}

/* LINE's are 32 hex digits; it promises no form, so only what would break a
 * form or a header is refused. */
static int is_secret(const char *secret)
{
    return is_plain(secret, SECRET_MAX);
}

/* "host[:port]" and nothing behind it. */
static int is_authority(const char *text)
{
    return is_made_of(text, LETTERS DIGITS ".-:[]", BASE_MAX);
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

static int is_friend(const char *friend)
{
    if (*friend == '@') {
        return is_made_of(friend + 1, LETTERS DIGITS "._-", BASIC_ID_MAX);
    }
    return strncmp(friend, "https://", 8) == 0 && friend[8] &&
           is_plain(friend, BASE_MAX) && !strpbrk(friend, "\"'<>\\");
}

/* A line of text, as somebody types it on a phone. */
static int is_keyword(const char *word)
{
    size_t len = strlen(word), i;

    for (i = 0; i < len; i++) {
        if ((unsigned char)word[i] < ' ' || word[i] == 0x7f) {
            return 0;
        }
    }
    return len <= KUJI_LINE_KEYWORD_MAX && word[0] != ' ' &&
           word[len - 1] != ' ';
}

static int is_slug(const char *slug)
{
    return is_made_of(slug, DIGITS "abcdefghijklmnopqrstuvwxyz-", SLUG_MAX);
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

/* In the order of kuji_line_texts. */
static const struct {
    int (*fits)(const char *text);
    int needed;
} rules[] = {
    {is_channel, 1},        {is_liff, 0},           {is_channel, 0},
    {is_liff, 0},           {is_channel, 0},        {is_liff, 0},
    {is_channel, 0},        {is_liff, 0},           {is_channel, 0},
    {is_friend, 0},         {is_keyword, 0},        {is_slug, 0},
    {kuji_line_is_base, 1}, {kuji_line_is_base, 1}, {is_prompt, 1},
};

/* A Mini App's channel and its LIFF id are of no use without each other. */
static const char *half_app(const kuji_line_config_t *config)
{
    static const char *const names[] = {
        "mini_developing",  "mini_developing_liff", "mini_review",
        "mini_review_liff", "mini_published",       "mini_published_liff"};
    int i;

    for (i = 0; i < KUJI_LINE_APPS; i++) {
        if (!*config->mini[i].channel != !*config->mini[i].liff) {
            return names[2 * i + (*config->mini[i].channel ? 1 : 0)];
        }
    }
    return NULL;
}

const char *kuji_line_config_wrong(const kuji_line_config_t *config)
{
    kuji_line_config_t copy = *config;
    const char *text;
    int i;

    for (i = 0; kuji_line_texts[i]; i++) {
        text = *kuji_line_text(&copy, i);
        if ((*text || rules[i].needed) && !rules[i].fits(text)) {
            return kuji_line_texts[i];
        }
    }
    if (config->secret && !is_secret(config->secret)) {
        return "secret";
    }
    if (config->bot_secret && !is_secret(config->bot_secret)) {
        return "bot_secret";
    }
    return half_app(config);
}
