/* Taking the fields of a parsed object one by one, strictly: each must be there
 * and of its type, and none may be left over. The first thing wrong sticks, so
 * that a reader takes everything and asks once at the end.
 *
 * For core's own parsers (manifest.c, ledger.c).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_FIELDS_H
#define KUJI_CORE_FIELDS_H

#include <apr_pools.h>
#include <jansson.h>
#include <stdint.h>

typedef struct kuji_fields_t {
    const json_t *object;
    const char *where; /* named in complaints, "the manifest" */
    size_t taken;
    const char **why; /* NULL until something is wrong; shared by sub-objects */
    apr_pool_t *pool;
} kuji_fields_t;

/** *why must be NULL at the start. An object that is none is a complaint. */
void kuji_fields_init(kuji_fields_t *f, const json_t *object, const char *where,
                      const char **why, apr_pool_t *pool);

/** Notes "<where>: <name> <what>" unless something was wrong before. */
void kuji_fields_wrong(kuji_fields_t *f, const char *name, const char *what);

/** The field's value, or NULL with a complaint. */
const json_t *kuji_fields_any(kuji_fields_t *f, const char *name);

/** Whether the field is there; takes nothing. */
int kuji_fields_has(const kuji_fields_t *f, const char *name);

/** "" where it is wrong. text may hold zero bytes. */
const char *kuji_fields_text(kuji_fields_t *f, const char *name);

/** As text, but a string without a zero byte. */
const char *kuji_fields_word(kuji_fields_t *f, const char *name);

/** An integer of min .. max; min where it is wrong. */
int64_t kuji_fields_int(kuji_fields_t *f, const char *name, int64_t min,
                        int64_t max);

/** As int; 0 for null. */
int64_t kuji_fields_limit(kuji_fields_t *f, const char *name);

int kuji_fields_bool(kuji_fields_t *f, const char *name);

/** Exactly len bytes as lower-case hex. */
void kuji_fields_hex(kuji_fields_t *f, const char *name, unsigned char *out,
                     apr_size_t len);

/** An array (NULL with a complaint). */
const json_t *kuji_fields_array(kuji_fields_t *f, const char *name);

/** APR_SUCCESS if nothing was wrong and nothing is left, else KUJI_EINVAL. */
apr_status_t kuji_fields_end(kuji_fields_t *f);

/** Whether text is lower-case hex of any even length > 0. */
int kuji_fields_is_hex(const char *text);

#endif
