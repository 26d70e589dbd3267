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

typedef struct kuji_line_config_t {
    const char *channel;    /* id of the LINE Login channel, 1 .. 20 digits */
    const char *secret;     /* its secret; NULL: not told, "": there is none */
    const char *access;     /* base address of the log-in's pages */
    const char *api;        /* base address of the API */
    const char *bot_prompt; /* "none", "normal", "aggressive" */
    int friendship;         /* only friends of the linked account take part */
    int profile;            /* name and picture are asked for and kept */
} kuji_line_config_t;

/** The choices of bot_prompt; NULL ends them. */
extern const char *const kuji_line_prompts[];

/** Whether it may be the base address of a service: https without a path, or
 * http of this very machine. */
int kuji_line_is_base(const char *base);

/** The name of the first member that cannot be, or NULL. Base addresses are
 * https without a path, or http of this very machine. */
const char *kuji_line_config_wrong(const kuji_line_config_t *config);

/** Everything but the secret, a new reference. */
json_t *kuji_line_config_doc(const kuji_line_config_t *config);

/** From such a document; what is missing gets its default. Strings in pool. */
void kuji_line_config_read(kuji_line_config_t *config, const json_t *doc,
                           apr_pool_t *pool);

#endif
