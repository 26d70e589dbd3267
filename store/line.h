/* A tenant's settings for LINE, its channels' secrets sealed; and participants
 * who came by it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_LINE_H
#define KUJI_STORE_LINE_H

#include "core/line_config.h"
#include "core/seal.h"
#include "store/consent.h"

typedef struct kuji_line_settings_t {
    kuji_line_config_t config; /* secrets: as asked for below */
    int has_bot_secret;        /* whether or not it was asked for */
    int version;               /* 0: there are none */
    int64_t updated_at;        /* ms */
} kuji_line_settings_t;

/** All in pool. with_secret: the secrets are opened, for who calls LINE
 * (bot_secret is NULL where there is no such channel); they are wiped with
 * pool. Else both are NULL. KUJI_ENOTFOUND: none yet (defaults are set all the
 * same); KUJI_ECRYPT. */
apr_status_t kuji_line_settings(kuji_line_settings_t *settings,
                                const kuji_act_t *act, int with_secret,
                                apr_pool_t *pool);

/** Saves checked settings over version `expected` (0: none yet); a secret of
 * NULL or "" stays what it was, as long as the API's address does.
 * KUJI_ECONFLICT: somebody was faster. KUJI_EINVAL: a secret is needed, and
 * none is given. One audit row, which says which secrets were replaced and
 * never what they are. */
apr_status_t kuji_line_save(const kuji_line_config_t *config, int expected,
                            const kuji_act_t *act, apr_pool_t *pool);

/** One audit row: somebody asked LINE whether the settings are right. found
 * (borrowed): what came of it, nothing secret. */
apr_status_t kuji_line_tested(json_t *found, const kuji_act_t *act,
                              apr_pool_t *pool);

typedef struct kuji_line_person_t {
    const char *subject;         /* LINE's user id */
    const char *name, *picture;  /* "": none is kept. NULL (both): as they were
                                    as long as the consent to it holds, else
                                    none */
    int is_friend;               /* -1: not looked */
    const char *language, *base; /* of messages: "ja" or "en", and where links
                                    begin; NULL: as they were */
} kuji_line_person_t;

/** The participant's id in a tenant's campaigns: "line:" and a keyed digest in
 * hex; in pool. */
apr_status_t kuji_line_identity(const char **id, const char *subject,
                                const kuji_act_t *act, apr_pool_t *pool);

/** Keeps who the participant of that digest is to LINE, sealed, and with it the
 * consents that were given beside the log-in (NULL: none). */
apr_status_t kuji_line_person_put(const kuji_line_person_t *person,
                                  int64_t campaign_id, const char *uuid,
                                  const unsigned char digest[KUJI_DIGEST_LEN],
                                  const kuji_consents_given_t *given,
                                  const kuji_act_t *act, apr_pool_t *pool);

/** The participant ends the consent to it: name and picture are no longer
 * kept. Nothing happens where none holds. */
apr_status_t kuji_line_withdraw(int64_t campaign_id, const char *uuid,
                                const unsigned char digest[KUJI_DIGEST_LEN],
                                const kuji_act_t *act, apr_pool_t *pool);

#endif
