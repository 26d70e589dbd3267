/* Draws as JSON (the schema Draw of openapi.json).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_API_ANSWER_H
#define KUJI_WEB_API_ANSWER_H

#include "web/web.h"

/** The whole answer to a draw, in r->pool. */
const char *kuji_answer_write(apr_size_t *len, kuji_web_t *web,
                              const kuji_draw_answer_t *answer);

/** text as a JSON string with its quotes; returns out's end. out has room for
 * 6 * strlen(text) + 2. */
char *kuji_answer_quote(char *out, const char *text);

#endif
