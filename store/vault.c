/* SPDX-License-Identifier: Apache-2.0 */
#include "store/vault.h"

#include "core/bytes.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

/** A data key is its tenant's only one. */
#define DATA_KEY_ID 1

struct kuji_vault_t {
    kuji_secret_t *secret;
};

apr_status_t kuji_vault_open(kuji_vault_t **vault, const kuji_act_t *act,
                             kuji_conn_t *conn, apr_pool_t *pool)
{
    apr_status_t rv;

    *vault = apr_pcalloc(pool, sizeof(**vault));
    rv = kuji_secret_create(&(*vault)->secret, pool);
    return rv == APR_SUCCESS
               ? kuji_secret_tenant((*vault)->secret, act, conn, pool)
               : rv;
}

void kuji_vault_close(kuji_vault_t *vault)
{
    if (vault) {
        kuji_secret_wipe(vault->secret);
    }
}

const char *kuji_vault_purpose(const char *label, const char *uuid, int64_t n,
                               apr_pool_t *pool)
{
    return apr_psprintf(pool, "%s:%s:%" APR_INT64_T_FMT, label, uuid,
                        (apr_int64_t)n);
}

const char *kuji_vault_gift_purpose(int64_t pool_id,
                                    const unsigned char digest[KUJI_DIGEST_LEN],
                                    apr_pool_t *pool)
{
    char hex[2 * KUJI_DIGEST_LEN + 1];

    sodium_bin2hex(hex, sizeof(hex), digest, KUJI_DIGEST_LEN);
    return apr_psprintf(pool, "gift:%" APR_INT64_T_FMT ":%s",
                        (apr_int64_t)pool_id, hex);
}

void kuji_vault_seal(const unsigned char **blob, apr_size_t *blob_len,
                     const kuji_vault_t *vault, const char *purpose,
                     const char *text, apr_size_t len, apr_pool_t *pool)
{
    unsigned char *out = apr_palloc(pool, len + KUJI_SEAL_OVERHEAD);
    unsigned char nonce[KUJI_NONCE_LEN];

    randombytes_buf(nonce, sizeof(nonce));
    kuji_seal(out, vault->secret->data_key, DATA_KEY_ID, nonce, purpose, text,
              len);
    *blob = out;
    *blob_len = len + KUJI_SEAL_OVERHEAD;
}

apr_status_t kuji_vault_text(const char **text, const kuji_vault_t *vault,
                             const char *purpose, const PGresult *res, int row,
                             int col, apr_pool_t *pool)
{
    const unsigned char *blob;
    unsigned char *out;
    apr_size_t len;
    apr_status_t rv;

    *text = NULL;
    if (PQgetisnull(res, row, col)) {
        return APR_SUCCESS;
    }
    rv = kuji_pg_bytes(&blob, &len, res, row, col, pool);
    if (rv == APR_SUCCESS && len < KUJI_SEAL_OVERHEAD) {
        rv = KUJI_ECRYPT;
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    out = apr_palloc(pool, len - KUJI_SEAL_OVERHEAD + 1);
    rv = kuji_unseal(out, vault->secret->data_key, purpose, blob, len);
    out[len - KUJI_SEAL_OVERHEAD] = '\0';
    *text = rv == APR_SUCCESS ? (const char *)out : NULL;
    return rv;
}

static apr_status_t wipe(void *text)
{
    sodium_memzero(text, strlen(text));
    return APR_SUCCESS;
}

apr_status_t kuji_vault_secret(const char **secret, const kuji_vault_t *vault,
                               const char *purpose, const PGresult *res,
                               int row, int col, apr_pool_t *out,
                               apr_pool_t *pool)
{
    const char *text;
    apr_status_t rv =
        kuji_vault_text(&text, vault, purpose, res, row, col, pool);

    *secret = NULL;
    if (rv == APR_SUCCESS && text) {
        *secret = apr_pstrdup(out, text);
        sodium_memzero((char *)text, strlen(text));
        apr_pool_cleanup_register(out, *secret, wipe, apr_pool_cleanup_null);
    }
    return rv;
}

/* A key of its own for each use of digests. */
static void digest(unsigned char out[KUJI_DIGEST_LEN],
                   const kuji_vault_t *vault, const char *use,
                   const void *context, apr_size_t context_len,
                   const char *label, const char *text, apr_size_t len)
{
    unsigned char key[KUJI_KEY_LEN];

    kuji_seal_derive(key, vault->secret->data_key, use, context, context_len);
    kuji_seal_digest(out, key, label, text, len);
    sodium_memzero(key, sizeof(key));
}

void kuji_vault_identifier(unsigned char out[KUJI_DIGEST_LEN],
                           const kuji_vault_t *vault,
                           const kuji_identifier_t *identifier)
{
    digest(out, vault, "identifier", "", 0,
           kuji_identifier_label(identifier->kind), identifier->text,
           strlen(identifier->text));
}

void kuji_vault_line(unsigned char out[KUJI_DIGEST_LEN],
                     const kuji_vault_t *vault, const char *subject)
{
    digest(out, vault, "line", "", 0, "line", subject, strlen(subject));
}

void kuji_vault_gift(unsigned char out[KUJI_DIGEST_LEN],
                     const kuji_vault_t *vault, int64_t pool_id,
                     const char *code, apr_size_t len)
{
    unsigned char id[8];

    kuji_be64(id, (uint64_t)pool_id);
    digest(out, vault, "gift", id, sizeof(id), "gift", code, len);
}

void kuji_vault_passcode(unsigned char out[KUJI_DIGEST_LEN],
                         const kuji_vault_t *vault, int64_t campaign_id,
                         const char *passcode)
{
    unsigned char id[8];

    kuji_be64(id, (uint64_t)campaign_id);
    digest(out, vault, "passcode", id, sizeof(id), "passcode", passcode,
           strlen(passcode));
}

apr_status_t kuji_vault_digest(unsigned char out[KUJI_DIGEST_LEN],
                               kuji_vault_t *vault, const char *uuid,
                               const char *label, const char *bytes,
                               apr_size_t len)
{
    apr_status_t rv = kuji_secret_digest_key(vault->secret, uuid);

    if (rv == APR_SUCCESS) {
        kuji_seal_digest(out, vault->secret->digest_key, label, bytes, len);
    }
    return rv;
}

apr_status_t kuji_vault_participant(unsigned char out[KUJI_DIGEST_LEN],
                                    kuji_vault_t *vault, const char *uuid,
                                    const char *id, apr_size_t len)
{
    return kuji_vault_digest(out, vault, uuid, "participant", id, len);
}
