/* Looking for people by a part of their name.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_NAME_H
#define KUJI_CORE_NAME_H

#include <apr_pools.h>
#include <jansson.h>

typedef struct kuji_name_query_t kuji_name_query_t;

/** text as a part of a name: its words, made alike as names are
 * (core/person.h). *query in pool; NULL: it is rather a phone number, a mail
 * address or a number, or no name at all. */
void kuji_name_query(const kuji_name_query_t **query, const char *text,
                     apr_pool_t *pool);

/** Whether the name or the kana of a claim's data holds every word that is
 * looked for, anywhere; one character alone must begin it. Any JSON. */
int kuji_name_matches(const kuji_name_query_t *query, const json_t *data);

#endif
