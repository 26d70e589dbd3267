/* Tenants: the operator's customers, each with a data key of its own.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_TENANT_H
#define KUJI_STORE_TENANT_H

#include "store/act.h"

typedef struct kuji_tenant_row_t {
    const char *id, *name, *host, *title, *status;
    const unsigned char *data_key; /* sealed */
    apr_size_t data_key_len;
} kuji_tenant_row_t;

/** name [a-z0-9-]{1,63}; host lower case, with port only if not 443. act's
 * tenant is ignored; its keys seal the new data key. *id: uuid. KUJI_EINVAL,
 * KUJI_ECONFLICT (name or host taken). */
apr_status_t kuji_tenant_create(const char **id, const char **why,
                                const kuji_act_t *act, const char *name,
                                const char *host, const char *title,
                                apr_pool_t *pool);

/** KUJI_ENOTFOUND. */
apr_status_t kuji_tenant_find(const kuji_tenant_row_t **tenant, kuji_pg_t *pg,
                              const char *name, apr_pool_t *pool);

/** All of them, by name, with id and name only: for the operator's tools. */
apr_status_t kuji_tenant_list(const kuji_tenant_row_t **tenants, int *count,
                              kuji_pg_t *pg, apr_pool_t *pool);

/** Seals the tenant's data key anew under the newest master key. *changed 0:
 * it was already. KUJI_ECRYPT: none of our master keys opens it. */
apr_status_t kuji_tenant_reseal(int *changed, const kuji_act_t *act,
                                apr_pool_t *pool);

/** Whether the key file opens the tenant's data key: APR_SUCCESS, KUJI_ECRYPT.
 */
apr_status_t kuji_tenant_key_check(const kuji_keyfile_t *keys,
                                   const kuji_tenant_row_t *tenant);

#endif
