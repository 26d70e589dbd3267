/* A tenant's images: kept once by their content, rewritten before they are kept
 * (core/image.h), never changed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_IMAGE_H
#define KUJI_STORE_IMAGE_H

#include "core/image.h"
#include "store/act.h"

/** A tenant has no more than this. */
#define KUJI_IMAGES_MAX 1000

/** Cleans and keeps an image; *name (in pool) is what it is called from now on.
 * One that is there already is no second one. KUJI_EINVAL: not an image of the
 * four types, or a damaged one. KUJI_ETOOBIG: over KUJI_IMAGE_MAX. KUJI_ESTATE:
 * KUJI_IMAGES_MAX are there. Nothing is kept then. */
apr_status_t kuji_image_add(const char **name, const char **why,
                            const kuji_act_t *act, const void *bytes,
                            apr_size_t len, apr_pool_t *pool);

/** The bytes of the tenant's image of that name, in pool. KUJI_ENOTFOUND. */
apr_status_t kuji_image_get(const char **bytes, apr_size_t *len,
                            const kuji_act_t *act, const char *name,
                            apr_pool_t *pool);

typedef struct kuji_image_row_t {
    const char *name;
    int width, height;
    int64_t len, at; /* bytes; ms */
} kuji_image_row_t;

/** From the newest on, leaving out the first `skip`. */
apr_status_t kuji_image_list(const kuji_image_row_t **rows, int *count,
                             const kuji_act_t *act, int skip, int limit,
                             apr_pool_t *pool);

/** The first of the names that the tenant has no image of, or NULL; inside the
 * current transaction. */
apr_status_t kuji_image_missing(const char **name, const kuji_act_t *act,
                                kuji_conn_t *conn, const char *const *names,
                                int count, apr_pool_t *pool);

#endif
