/* A tenant's settings for LINE, checked.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_LINE_CONFIG_H
#define KUJI_CORE_LINE_CONFIG_H

#include <apr_pools.h>
#include <jansson.h>

/** Where LINE is; a stand-in is somewhere else. */
#define KUJI_LINE_ACCESS "https://access.line.me"
#define KUJI_LINE_API "https://api.line.me"

/** One of a Mini App's three internal channels; "" where there is none. */
typedef struct kuji_line_app_t {
    const char *channel; /* its id, 1 .. 20 digits */
    const char *liff;    /* its LIFF id: "1234567890-AbcdEfgh" */
} kuji_line_app_t;

/** The channels of a Mini App, by where the app is on its way. */
enum { KUJI_LINE_DEVELOPING, KUJI_LINE_REVIEW, KUJI_LINE_PUBLISHED };
#define KUJI_LINE_APPS 3

/** All of one provider: a user has one id in all of them. */
typedef struct kuji_line_config_t {
    const char *channel; /* id of the LINE Login channel, 1 .. 20 digits */
    const char *secret;  /* its secret; NULL: not told, "": there is none */
    const char *liff;    /* LIFF id of an app of that channel; "" none */
    kuji_line_app_t mini[KUJI_LINE_APPS];
    const char *bot;        /* id of the Messaging API channel; "" none */
    const char *bot_secret; /* its secret; NULL: not told, "": there is none */
    const char *friend; /* the account's basic id ("@shop") or its add-friend
                           address (https); "" none */
    const char
        *keyword; /* a message that is answered with the campaign's
                     address, at most KUJI_LINE_KEYWORD_MAX bytes; "" none
                   */
    const char *keyword_campaign; /* slug of the campaign that is meant; ""
                                     the one that opened last */
    const char *access;           /* base address of the log-in's pages */
    const char *api; /* base address of the API, the Messaging API's too */
    const char *bot_prompt; /* "none", "normal", "aggressive" */
    int friendship;         /* only friends of the linked account take part */
    int profile;            /* name and picture are asked for and kept */
} kuji_line_config_t;

#define KUJI_LINE_KEYWORD_MAX 100

/** The choices of bot_prompt; NULL ends them. */
extern const char *const kuji_line_prompts[];

/** Whether it may be the base address of a service: https without a path, or
 * http of this very machine. */
int kuji_line_is_base(const char *base);

/** The names of all members that are texts and no secrets; NULL ends them. */
extern const char *const kuji_line_texts[];
/** The member of that index. */
const char **kuji_line_text(kuji_line_config_t *config, int i);

/** The name of the first member that cannot be, or NULL. Base addresses are
 * https without a path, or http of this very machine. */
const char *kuji_line_config_wrong(const kuji_line_config_t *config);

/** Everything but the secrets, flat, a new reference. */
json_t *kuji_line_config_doc(const kuji_line_config_t *config);

/** From such a document; what is missing gets its default. Strings in pool. */
void kuji_line_config_read(kuji_line_config_t *config, const json_t *doc,
                           apr_pool_t *pool);

/** The LIFF id that a page is to begin with. app: "developing", "review",
 * "published", or NULL (another word is as NULL): the Login channel's own, and
 * where it has none, the published Mini App's. "" where there is none. */
const char *kuji_line_liff(const kuji_line_config_t *config, const char *app);
/** Whether app (may be NULL) is one of those three words. */
int kuji_line_is_app(const char *app);

/** Whom an ID token of LIFF may be for: channels that have a LIFF id; NULL ends
 * them. */
#define KUJI_LINE_AUDIENCES (1 + KUJI_LINE_APPS)
void kuji_line_audiences(const char *out[KUJI_LINE_AUDIENCES + 1],
                         const kuji_line_config_t *config);

/** Where one becomes a friend of the account; "" where nothing is set. */
const char *kuji_line_friend_url(const kuji_line_config_t *config,
                                 apr_pool_t *pool);

#endif
