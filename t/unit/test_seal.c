/* Sealing and digests: the draft's vector, and everything that must not open.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "core/error.h"
#include "core/seal.h"

#include <string.h>

/* draft-irtf-cfrg-xchacha-03, A.3.1; its associated data, which holds no zero
 * byte, serves as purpose. */
static const char plain[] =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one "
    "tip for the future, sunscreen would be it.";
static const char purpose[] = "\x50\x51\x52\x53\xc0\xc1\xc2\xc3\xc4\xc5\xc6"
                              "\xc7";
static const char nonce_hex[] =
    "404142434445464748494a4b4c4d4e4f5051525354555657";
static const char key_hex[] =
    "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
static const char sealed_hex[] =
    "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
    "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
    "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
    "21f9664c97637da9768812f615c68b13b52e"
    "c0875924c1c7987947deafd8780acf49";

#define PLAIN_LEN (sizeof(plain) - 1)
#define BLOB_LEN (PLAIN_LEN + KUJI_SEAL_OVERHEAD)

static void make_blob(unsigned char blob[BLOB_LEN])
{
    apr_size_t len;

    kuji_seal(blob, unit_hex(key_hex, &len), 0x01020304,
              unit_hex(nonce_hex, &len), purpose, plain, PLAIN_LEN);
}

START_TEST(seals_as_the_draft_does)
{
    unsigned char blob[BLOB_LEN];
    apr_size_t len;
    const unsigned char *sealed = unit_hex(sealed_hex, &len);

    make_blob(blob);
    ck_assert_mem_eq(blob, "\x01\x01\x02\x03\x04", 5);
    ck_assert_mem_eq(blob + 5, unit_hex(nonce_hex, &len), KUJI_NONCE_LEN);
    ck_assert_mem_eq(blob + 5 + KUJI_NONCE_LEN, sealed, PLAIN_LEN + 16);
    ck_assert_uint_eq(kuji_seal_key_id(blob, BLOB_LEN), 0x01020304);
}
END_TEST

START_TEST(opens_what_it_sealed)
{
    unsigned char blob[BLOB_LEN], out[PLAIN_LEN];
    apr_size_t len;

    make_blob(blob);
    ck_assert_int_eq(
        kuji_unseal(out, unit_hex(key_hex, &len), purpose, blob, BLOB_LEN),
        APR_SUCCESS);
    ck_assert_mem_eq(out, plain, PLAIN_LEN);
}
END_TEST

START_TEST(seals_nothing_at_all)
{
    unsigned char key[KUJI_KEY_LEN] = {1}, nonce[KUJI_NONCE_LEN] = {2};
    unsigned char blob[KUJI_SEAL_OVERHEAD], out[1];

    kuji_seal(blob, key, 1, nonce, "x", "", 0);
    ck_assert_int_eq(kuji_unseal(out, key, "x", blob, sizeof(blob)),
                     APR_SUCCESS);
}
END_TEST

/* Every bit but those of the key's number, which only says where to look. */
START_TEST(refuses_any_changed_bit)
{
    unsigned char blob[BLOB_LEN], out[PLAIN_LEN];
    apr_size_t len;
    unsigned bit;

    make_blob(blob);
    for (bit = 0; bit < BLOB_LEN * 8; bit++) {
        if (bit / 8 >= 1 && bit / 8 < 5) {
            continue;
        }
        blob[bit / 8] ^= (unsigned char)(1u << bit % 8);
        ck_assert_int_eq(
            kuji_unseal(out, unit_hex(key_hex, &len), purpose, blob, BLOB_LEN),
            KUJI_ECRYPT);
        blob[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
}
END_TEST

START_TEST(refuses_another_purpose_key_or_length)
{
    unsigned char blob[BLOB_LEN], out[PLAIN_LEN], other[KUJI_KEY_LEN] = {7};
    apr_size_t len;
    const unsigned char *key = unit_hex(key_hex, &len);

    make_blob(blob);
    ck_assert_int_eq(kuji_unseal(out, key, "seed:1", blob, BLOB_LEN),
                     KUJI_ECRYPT);
    ck_assert_int_eq(kuji_unseal(out, other, purpose, blob, BLOB_LEN),
                     KUJI_ECRYPT);
    for (len = 0; len < BLOB_LEN; len++) {
        ck_assert_int_eq(kuji_unseal(out, key, purpose, blob, len),
                         KUJI_ECRYPT);
    }
}
END_TEST

START_TEST(tells_no_key_of_what_is_no_blob)
{
    unsigned char blob[BLOB_LEN];

    make_blob(blob);
    ck_assert_uint_eq(kuji_seal_key_id(blob, KUJI_SEAL_OVERHEAD - 1), 0);
    ck_assert_uint_eq(kuji_seal_key_id(blob, 0), 0);
    blob[0] = 2;
    ck_assert_uint_eq(kuji_seal_key_id(blob, BLOB_LEN), 0);
}
END_TEST

/* The same MAC, put together by hand. */
static void mac_by_hand(unsigned char mac[32], const unsigned char *key,
                        const char *message, apr_size_t len)
{
    crypto_auth_hmacsha256(mac, (const unsigned char *)message, len, key);
}

START_TEST(derives_by_label_and_context)
{
    unsigned char key[KUJI_KEY_LEN] = {3}, out[KUJI_KEY_LEN], mac[32];

    mac_by_hand(mac, key, "kuji/1 lookup\0abc", 17);
    kuji_seal_derive(out, key, "lookup", "abc", 3);
    ck_assert_mem_eq(out, mac, sizeof(out));
    mac_by_hand(mac, key, "kuji/1 lookup", 14);
    kuji_seal_derive(out, key, "lookup", NULL, 0);
    ck_assert_mem_eq(out, mac, sizeof(out));
}
END_TEST

START_TEST(digests_are_labelled_and_cut)
{
    unsigned char key[KUJI_KEY_LEN] = {4}, out[KUJI_DIGEST_LEN], mac[32];
    unsigned char other[KUJI_DIGEST_LEN];

    mac_by_hand(mac, key, "key\0abc", 7);
    kuji_seal_digest(out, key, "key", "abc", 3);
    ck_assert_mem_eq(out, mac, sizeof(out));
    kuji_seal_digest(other, key, "code", "abc", 3);
    ck_assert_mem_ne(out, other, sizeof(out));
    key[0] = 5;
    kuji_seal_digest(other, key, "key", "abc", 3);
    ck_assert_mem_ne(out, other, sizeof(out));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("seal");

    UNIT_TEST(suite, seals_as_the_draft_does);
    UNIT_TEST(suite, opens_what_it_sealed);
    UNIT_TEST(suite, seals_nothing_at_all);
    UNIT_TEST(suite, refuses_any_changed_bit);
    UNIT_TEST(suite, refuses_another_purpose_key_or_length);
    UNIT_TEST(suite, tells_no_key_of_what_is_no_blob);
    UNIT_TEST(suite, derives_by_label_and_context);
    UNIT_TEST(suite, digests_are_labelled_and_cut);
    return unit_main(suite);
}
