/* ES256 by OpenSSL: libsodium has no P-256.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/jwt.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#define POINT_LEN (1 + 2 * KUJI_P256_LEN)

/* NULL where the point is not on the curve. */
static EVP_PKEY *make_key(unsigned char point[POINT_LEN])
{
    char group[] = "prime256v1";
    OSSL_PARAM params[3];
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;

    params[0] =
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
    params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                                  point, POINT_LEN);
    params[2] = OSSL_PARAM_construct_end();
    if (!context || EVP_PKEY_fromdata_init(context) <= 0 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return key;
}

/* r and s of RFC 7518 3.4 as the ASN.1 that OpenSSL reads; 0: too long. */
static int to_asn1(unsigned char **der, const unsigned char *signature)
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, KUJI_P256_LEN, NULL);
    BIGNUM *s = BN_bin2bn(signature + KUJI_P256_LEN, KUJI_P256_LEN, NULL);
    int len = 0;

    *der = NULL;
    if (pair && r && s && ECDSA_SIG_set0(pair, r, s)) {
        len = i2d_ECDSA_SIG(pair, der); /* r and s are the pair's now */
    }
    else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(pair);
    return len > 0 ? len : 0;
}

static int holds(EVP_PKEY *key, const kuji_jwt_t *jwt)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char *der = NULL;
    int len = to_asn1(&der, jwt->signature);
    int good =
        context && len &&
        EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestVerify(context, der, (size_t)len,
                         (const unsigned char *)jwt->signed_part,
                         jwt->signed_len) == 1;

    OPENSSL_free(der);
    EVP_MD_CTX_free(context);
    return good;
}

apr_status_t kuji_jwt_verify_es256(const kuji_jwt_t *jwt,
                                   const unsigned char x[KUJI_P256_LEN],
                                   const unsigned char y[KUJI_P256_LEN])
{
    unsigned char point[POINT_LEN] = {POINT_CONVERSION_UNCOMPRESSED};
    EVP_PKEY *key;
    int good;

    if (strcmp(jwt->alg, "ES256") != 0 ||
        jwt->signature_len != KUJI_ES256_LEN) {
        return KUJI_EVERIFY;
    }
    memcpy(point + 1, x, KUJI_P256_LEN);
    memcpy(point + 1 + KUJI_P256_LEN, y, KUJI_P256_LEN);
    /* The thread's list of errors is mod_ssl's and libcurl's as well. */
    if (!(key = make_key(point))) {
        ERR_clear_error();
        return KUJI_EVERIFY;
    }
    good = holds(key, jwt);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return good ? APR_SUCCESS : KUJI_EVERIFY;
}
