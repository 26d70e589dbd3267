/* What a campaign's rules say in words and numbers.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PARTICIPANT_WORDS_H
#define KUJI_WEB_PARTICIPANT_WORDS_H

#include "web/participant/page.h"

/** "12,345", in pool. */
const char *kuji_words_count(int64_t value, apr_pool_t *pool);
/** weight of total as a percentage without needless zeros, in pool. */
const char *kuji_words_odds(int64_t weight, int64_t total, apr_pool_t *pool);

/** Adds method, limits and limits_any to the page. */
void kuji_words_add_rules(kuji_page_t *page);

/** What a participant can do after a draw: the name of a text. */
const char *kuji_words_next(const kuji_page_t *page);
/** Whether the rules allow this participant another draw some time today. */
int kuji_words_can_repeat(const kuji_page_t *page);

#endif
