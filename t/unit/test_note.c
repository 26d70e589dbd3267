/* Signed notes: the published example of Go's checksum database, RFC 8032's
 * Ed25519, and our own checkpoints.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/note.h"
#include "t/unit/unit.h"
#include "t/unit/vectors.h"

#include <apr_strings.h>
#include <string.h>

#define VKEY                                                                   \
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define TEXT                                                                   \
    "If you think cryptography is the answer to your problem,\n"               \
    "then you don't know what your problem is.\n"
#define LINE                                                                   \
    "\xE2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInN"  \
    "IuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
#define OTHER                                                                  \
    "\xE2\x80\x94 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2ti" \
    "OHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"

static apr_status_t verify(const char *note)
{
    apr_size_t len;

    return kuji_note_verify(&len, note, strlen(note), VKEY, unit_pool);
}

static const struct {
    const char *note;
    apr_status_t want;
} notes[] = {
    {TEXT "\n" LINE, APR_SUCCESS},
    {TEXT "\n" OTHER LINE, APR_SUCCESS},
    {TEXT "\n" OTHER, KUJI_EVERIFY},
    {"x" TEXT "\n" LINE, KUJI_EVERIFY},
    {TEXT TEXT "\n" LINE, KUJI_EVERIFY},
    {"", KUJI_EINVAL},
    {TEXT, KUJI_EINVAL},
    {TEXT "\n", KUJI_EINVAL},
    {TEXT LINE, KUJI_EINVAL},
    {TEXT "\n\n" LINE, KUJI_EVERIFY},
    {TEXT "\n" LINE "x", KUJI_EINVAL},
    {TEXT "\n" LINE "- PeterNeumann AAAA\n", KUJI_EINVAL},
    {TEXT "\n" LINE "\xE2\x80\x94 a+b AAAAAAA=\n", KUJI_EINVAL},
    {TEXT "\n" LINE "\xE2\x80\x94 ab AAAA\n", KUJI_EINVAL},
    {TEXT "\n" LINE "\xE2\x80\x94 ab AAAAAAA\n", KUJI_EINVAL},
    {TEXT "\n" LINE "\xE2\x80\x94 ab AAAAAAA=\n", APR_SUCCESS},
    {TEXT "\n" LINE "\xE2\x80\x94 \xE3\x80\x80 AAAAAAA=\n", KUJI_EINVAL},
    {TEXT "\n" LINE "\xE2\x80\x94 PeterNeumann x08gowAA\n", KUJI_EVERIFY},
    {"\t" TEXT "\n" LINE, KUJI_EINVAL},
    {"\xFF" TEXT "\n" LINE, KUJI_EINVAL},
};

START_TEST(test_notes)
{
    for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
        ck_assert_msg(verify(notes[i].note) == notes[i].want,
                      "note %d: %d, not %d", (int)i, verify(notes[i].note),
                      notes[i].want);
    }
}
END_TEST

/* As Go's own test: no part of the vkey is a vkey, nor is any that differs in
 * one character. */
START_TEST(test_vkey)
{
    const apr_size_t size = strlen(VKEY);
    unsigned char key[KUJI_SIGN_PUBLIC_LEN];
    const char *name;
    char mangled[] = VKEY;

    ck_assert_int_eq(kuji_note_vkey_parse(&name, key, VKEY, unit_pool),
                     APR_SUCCESS);
    ck_assert_str_eq(name, "PeterNeumann");
    ck_assert_str_eq(kuji_note_vkey(name, key, unit_pool), VKEY);
    for (apr_size_t i = 0; i < size; i++) {
        for (apr_size_t len = 0; len <= size - i; len++) {
            ck_assert_int_eq(
                kuji_note_vkey_parse(&name, key,
                                     apr_pstrmemdup(unit_pool, &VKEY[i], len),
                                     unit_pool) == APR_SUCCESS,
                len == size);
        }
        mangled[i]++;
        ck_assert_int_eq(kuji_note_vkey_parse(&name, key, mangled, unit_pool),
                         KUJI_EINVAL);
        mangled[i]--;
    }
}
END_TEST

static const char *const bad_vkeys[] = {
    "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/"
    "LDE4izWy10TWBADKEY==",
    "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"};

START_TEST(test_bad_vkeys)
{
    unsigned char key[KUJI_SIGN_PUBLIC_LEN];
    const char *name;

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(
            kuji_note_vkey_parse(&name, key, bad_vkeys[i], unit_pool),
            KUJI_EINVAL);
    }
}
END_TEST

/* RFC 8032 7.1, TEST 1 and TEST 3. */
START_TEST(test_ed25519)
{
    static const char *const vectors[][4] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
         "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
         "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
         "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"}};

    for (int i = 0; i < 2; i++) {
        unsigned char signature[crypto_sign_BYTES];
        kuji_signer_t signer;
        apr_size_t len, ignored;
        unsigned char *message = unit_hex(vectors[i][2], &len);

        kuji_signer_init(&signer, unit_hex(vectors[i][0], &ignored));
        ck_assert_mem_eq(signer.public_key, unit_hex(vectors[i][1], &ignored),
                         KUJI_SIGN_PUBLIC_LEN);
        crypto_sign_detached(signature, NULL, message, len, signer.secret);
        ck_assert_mem_eq(signature, unit_hex(vectors[i][3], &ignored),
                         sizeof(signature));
    }
}
END_TEST

#define ORIGIN "kuji.example/k/summer"

START_TEST(test_checkpoint)
{
    unsigned char seed[KUJI_SIGN_SEED_LEN] = {1}, root[KUJI_HASH_LEN] = {2};
    char note[KUJI_NOTE_MAX], again[KUJI_NOTE_MAX];
    kuji_checkpoint_t checkpoint;
    kuji_signer_t signer;
    const char *vkey;
    apr_size_t len;

    kuji_signer_init(&signer, seed);
    vkey = kuji_note_vkey(ORIGIN, signer.public_key, unit_pool);
    len = kuji_note_sign(note, &signer, ORIGIN, 1234567, root);
    ck_assert_int_eq(len, strlen(note));
    kuji_note_sign(again, &signer, ORIGIN, 1234567, root);
    ck_assert_str_eq(note, again);
    ck_assert_int_eq(kuji_note_open(&checkpoint, note, len, vkey, unit_pool),
                     APR_SUCCESS);
    ck_assert_str_eq(checkpoint.origin, ORIGIN);
    ck_assert_int_eq(checkpoint.size, 1234567);
    ck_assert_mem_eq(checkpoint.root, root, KUJI_HASH_LEN);
    for (apr_size_t i = 0; i < len; i++) {
        note[i] ^= 1;
        ck_assert_int_ne(
            kuji_note_open(&checkpoint, note, len, vkey, unit_pool),
            APR_SUCCESS);
        note[i] ^= 1;
    }
}
END_TEST

/* The longest origin fits, with the largest size. */
START_TEST(test_longest)
{
    unsigned char seed[KUJI_SIGN_SEED_LEN] = {1}, root[KUJI_HASH_LEN] = {2};
    char origin[KUJI_ORIGIN_MAX + 1] = {0}, note[KUJI_NOTE_MAX];
    kuji_checkpoint_t checkpoint;
    kuji_signer_t signer;
    apr_size_t len;

    memset(origin, 'o', KUJI_ORIGIN_MAX);
    kuji_signer_init(&signer, seed);
    len = kuji_note_sign(note, &signer, origin, KUJI_INT_MAX, root);
    ck_assert_int_lt(len, KUJI_NOTE_MAX);
    ck_assert_int_eq(
        kuji_note_open(&checkpoint, note, len,
                       kuji_note_vkey(origin, signer.public_key, unit_pool),
                       unit_pool),
        APR_SUCCESS);
    ck_assert_int_eq(checkpoint.size, KUJI_INT_MAX);
}
END_TEST

/* Well signed but no checkpoint of ours. */
static const char *const texts[] = {
    "o\n1\n",
    "o\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    "o\n9007199254740992\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    "o\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    "o\n1\nAAAA\n",
    "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nextension\n",
    "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"};

static const char *sign_text(const kuji_signer_t *signer, const char *text)
{
    unsigned char signature[4 + crypto_sign_BYTES];
    char encoded[128];
    const char *vkey = kuji_note_vkey("o", signer->public_key, unit_pool);

    sodium_hex2bin(signature, 4, vkey + 2, 8, NULL, NULL, NULL);
    crypto_sign_detached(signature + 4, NULL, (const unsigned char *)text,
                         strlen(text), signer->secret);
    sodium_bin2base64(encoded, sizeof(encoded), signature, sizeof(signature),
                      sodium_base64_VARIANT_ORIGINAL);
    return apr_pstrcat(unit_pool, text, "\n\xE2\x80\x94 o ", encoded, "\n",
                       NULL);
}

START_TEST(test_not_ours)
{
    const int count = sizeof(texts) / sizeof(texts[0]);
    unsigned char seed[KUJI_SIGN_SEED_LEN] = {7};
    kuji_checkpoint_t checkpoint;
    kuji_signer_t signer;

    kuji_signer_init(&signer, seed);
    for (int i = 0; i < count; i++) {
        const char *note = sign_text(&signer, texts[i]);

        ck_assert_int_eq(
            kuji_note_open(&checkpoint, note, strlen(note),
                           kuji_note_vkey("o", signer.public_key, unit_pool),
                           unit_pool),
            i == count - 1 ? APR_SUCCESS : KUJI_EINVAL);
    }
}
END_TEST

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* The checkpoints that kuji1.py signed with its own Ed25519 are ours to the
 * byte. */
START_TEST(test_known)
{
    const json_t *campaigns =
        json_object_get(unit_vectors("kuji1.json"), "campaigns");
    unsigned char seed[KUJI_SIGN_SEED_LEN];
    kuji_signer_t signer;

    crypto_hash_sha256(seed, (const unsigned char *)"checkpoint key", 14);
    kuji_signer_init(&signer, seed);
    for (size_t i = 0; i < json_array_size(campaigns); i++) {
        const json_t *c = json_array_get(campaigns, i);
        const char *note = text_of(c, "checkpoint");
        char again[KUJI_NOTE_MAX];
        kuji_checkpoint_t checkpoint;

        ck_assert(!kuji_note_open(&checkpoint, note, strlen(note),
                                  text_of(c, "vkey"), unit_pool));
        ck_assert_str_eq(
            kuji_note_vkey(checkpoint.origin, signer.public_key, unit_pool),
            text_of(c, "vkey"));
        kuji_note_sign(again, &signer, checkpoint.origin, checkpoint.size,
                       checkpoint.root);
        ck_assert_str_eq(again, note);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("note");

    UNIT_TEST(suite, test_notes);
    UNIT_TEST(suite, test_vkey);
    UNIT_TEST(suite, test_bad_vkeys);
    UNIT_TEST(suite, test_ed25519);
    UNIT_TEST(suite, test_checkpoint);
    UNIT_TEST(suite, test_longest);
    UNIT_TEST(suite, test_not_ours);
    UNIT_TEST(suite, test_known);
    return unit_main(suite);
}
