/* What a winner gives about themselves, and how it is made alike so that it is
 * found however it was typed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PERSON_H
#define KUJI_CORE_PERSON_H

#include <apr_pools.h>
#include <jansson.h>

/** Fields of one claim, and bytes of one of them, at most. */
#define KUJI_PERSON_FIELDS_MAX 20
#define KUJI_PERSON_VALUE_MAX 1000
/** Bytes of an identifier that was made alike. */
#define KUJI_IDENTIFIER_MAX 400

typedef enum kuji_identifier_e {
    KUJI_IDENTIFIER_NAME, /* name or reading, whole or one of its words */
    KUJI_IDENTIFIER_PHONE,
    KUJI_IDENTIFIER_MAIL,
    KUJI_IDENTIFIER_LAST
} kuji_identifier_e;

/** "name", "phone", "mail": also the label of its digest. */
const char *kuji_identifier_label(kuji_identifier_e kind);

/** Full-width ASCII and half-width katakana to the usual width, hiragana to
 * katakana, separate voicing marks joined, lower case, nothing between; a
 * phone number: digits, +81 as 0. Of NFKC (UAX 15) this is what Japanese
 * keyboards produce. out has room for KUJI_IDENTIFIER_MAX + 1. KUJI_EINVAL: no
 * identifier of that kind (or malformed UTF-8), KUJI_ETOOBIG. */
apr_status_t kuji_identifier_normalise(char *out, kuji_identifier_e kind,
                                       const char *text, apr_size_t len);

typedef struct kuji_identifier_t {
    kuji_identifier_e kind;
    const char *text; /* normalised */
} kuji_identifier_t;

/** By what the person of checked data may be looked for: name, kana and their
 * words, phone, mail. *list in pool, duplicates left out. */
void kuji_person_identifiers(const kuji_identifier_t **list, int *count,
                             const json_t *data, apr_pool_t *pool);

/** An object of 1 .. KUJI_PERSON_FIELDS_MAX strings by names of [a-z0-9_]
 * (1 .. 32), none empty, none over KUJI_PERSON_VALUE_MAX bytes, without control
 * characters but line feeds. KUJI_EINVAL with *why, one English sentence that
 * names the field and never its value. */
apr_status_t kuji_person_check(const char **why, const json_t *data,
                               apr_pool_t *pool);

/** A parcel's tracking number as carriers write it: letters, digits, hyphens,
 * 1 .. KUJI_TRACKING_MAX; full-width forms become ASCII. out has room for
 * KUJI_TRACKING_MAX + 1. KUJI_EINVAL. */
#define KUJI_TRACKING_MAX 64
apr_status_t kuji_person_tracking(char *out, const char *text, apr_size_t len);

#endif
