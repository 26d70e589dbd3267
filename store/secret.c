/* SPDX-License-Identifier: Apache-2.0 */
#include "store/secret.h"

#include "core/seal.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

/** A data key is its tenant's only one. */
#define DATA_KEY_ID 1
#define SEALED_KEY (KUJI_KEY_LEN + KUJI_SEAL_OVERHEAD)

static apr_status_t destroy(void *secret)
{
    sodium_free(secret);
    return APR_SUCCESS;
}

apr_status_t kuji_secret_create(kuji_secret_t **secret, apr_pool_t *pool)
{
    *secret = sodium_malloc(sizeof(**secret));
    if (!*secret) {
        return APR_ENOMEM;
    }
    sodium_memzero(*secret, sizeof(**secret));
    apr_pool_cleanup_register(pool, *secret, destroy, apr_pool_cleanup_null);
    return APR_SUCCESS;
}

void kuji_secret_wipe(kuji_secret_t *secret)
{
    sodium_memzero(secret, sizeof(*secret));
}

apr_status_t kuji_uuid_parse(unsigned char out[KUJI_UUID_LEN], const char *text)
{
    size_t len = 0;
    const char *end;

    if (strlen(text) != 36 || text[8] != '-' || text[13] != '-' ||
        text[18] != '-' || text[23] != '-' ||
        sodium_hex2bin(out, KUJI_UUID_LEN, text, 36, "-", &len, &end) != 0 ||
        len != KUJI_UUID_LEN || end != text + 36) {
        return KUJI_EINVAL;
    }
    return APR_SUCCESS;
}

void kuji_uuid_format(char *out, const unsigned char uuid[KUJI_UUID_LEN])
{
    static const int groups[] = {4, 2, 2, 2, 6};
    char hex[2 * KUJI_UUID_LEN + 1], *from = hex;
    int i;

    sodium_bin2hex(hex, sizeof(hex), uuid, KUJI_UUID_LEN);
    for (i = 0; i < 5; i++) {
        memcpy(out, from, 2 * (size_t)groups[i]);
        from += 2 * groups[i];
        out += 2 * groups[i];
        *out++ = i < 4 ? '-' : '\0';
    }
}

const char *kuji_uuid_make(apr_pool_t *pool)
{
    unsigned char uuid[KUJI_UUID_LEN];
    char *text = apr_palloc(pool, 37);

    randombytes_buf(uuid, sizeof(uuid));
    uuid[6] = (uuid[6] & 0x0f) | 0x40;
    uuid[8] = (uuid[8] & 0x3f) | 0x80;
    kuji_uuid_format(text, uuid);
    return text;
}

apr_status_t kuji_secret_tenant(kuji_secret_t *secret, const kuji_act_t *act,
                                kuji_conn_t *conn, apr_pool_t *pool)
{
    const unsigned char *blob;
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    rv = kuji_pg_query(&res, conn, KUJI_Q_SECRET_TENANT, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    rv = kuji_pg_bytes(&blob, &len, res, 0, 0, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return act->keys ? kuji_keyfile_open_tenant(secret->data_key, act->keys,
                                                act->tenant, blob, len)
                     : KUJI_ECRYPT;
}

apr_status_t kuji_secret_digest_key(kuji_secret_t *secret, const char *uuid)
{
    unsigned char bytes[KUJI_UUID_LEN];
    apr_status_t rv = kuji_uuid_parse(bytes, uuid);

    if (rv == APR_SUCCESS) {
        kuji_seal_derive(secret->digest_key, secret->data_key, "lookup", bytes,
                         sizeof(bytes));
    }
    return rv;
}

static const char *purpose(const char *label, const char *uuid,
                           apr_pool_t *pool)
{
    return apr_pstrcat(pool, label, ":", uuid, NULL);
}

/* Whether this is the seed that the manifest promised. */
static apr_status_t check_seed(const kuji_secret_t *secret,
                               const kuji_manifest_t *m)
{
    unsigned char c[KUJI_HASH_LEN];

    kuji_manifest_commitment(c, m->uuid, secret->seed);
    return sodium_memcmp(c, m->commitment, sizeof(c)) == 0 ? APR_SUCCESS
                                                           : KUJI_EVERIFY;
}

apr_status_t kuji_secret_seed(kuji_secret_t *secret, kuji_conn_t *conn,
                              int64_t campaign_id, const kuji_manifest_t *m,
                              apr_pool_t *pool)
{
    const unsigned char *blob;
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_SECRET_SEED, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ECRYPT;
    }
    rv = kuji_pg_bytes(&blob, &len, res, 0, 0, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (len != SEALED_KEY) {
        return KUJI_ECRYPT;
    }
    rv = kuji_unseal(secret->seed, secret->data_key,
                     purpose("seed", m->campaign, pool), blob, len);
    return rv == APR_SUCCESS ? check_seed(secret, m) : rv;
}

static const unsigned char *sealed(const kuji_secret_t *secret,
                                   const unsigned char *plain,
                                   const char *label, const char *uuid,
                                   apr_pool_t *pool)
{
    unsigned char *out = apr_palloc(pool, SEALED_KEY);
    unsigned char nonce[KUJI_NONCE_LEN];

    randombytes_buf(nonce, sizeof(nonce));
    kuji_seal(out, secret->data_key, DATA_KEY_ID, nonce,
              purpose(label, uuid, pool), plain, KUJI_KEY_LEN);
    return out;
}

apr_status_t kuji_secret_store(const kuji_secret_t *secret,
                               const kuji_act_t *act, kuji_conn_t *conn,
                               int64_t campaign_id, const char *uuid,
                               apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_bytes(&args, sealed(secret, secret->seed, "seed", uuid, pool),
                    SEALED_KEY);
    kuji_args_bytes(&args, sealed(secret, secret->k, "K", uuid, pool),
                    SEALED_KEY);
    return kuji_pg_query(NULL, conn, KUJI_Q_SECRET_INSERT, &args, pool);
}
