/* Our SHA-256 against FIPS 180's examples and libsodium, by the CPU's
 * instructions and without them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/sha256.h"
#include "t/unit/unit.h"

#include <string.h>

#define LONGEST 600

/* Runs check twice: as this CPU does it, and by libsodium. */
static void both(void (*check)(void))
{
    check();
    kuji_sha256_use_cpu(0);
    ck_assert(!kuji_sha256_cpu());
    check();
    kuji_sha256_use_cpu(1);
}

static void check_examples(void)
{
    static const struct {
        const char *text, *hash;
    } examples[] = {
        {"abc",
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijkl"
         "mnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"}};

    for (int i = 0; i < 3; i++) {
        unsigned char hash[KUJI_HASH_LEN];
        char hex[2 * KUJI_HASH_LEN + 1];

        kuji_sha256_prefixed(hash, examples[i].text, 1, examples[i].text + 1,
                             strlen(examples[i].text) - 1);
        sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
        ck_assert_str_eq(hex, examples[i].hash);
    }
}

/* Every length over several blocks. */
static void check_lengths(void)
{
    unsigned char bytes[LONGEST + 1], hash[KUJI_HASH_LEN], want[KUJI_HASH_LEN];

    for (int i = 0; i <= LONGEST; i++) {
        bytes[i] = (unsigned char)(i * 7 + i / 11);
    }
    for (apr_size_t len = 0; len <= LONGEST; len++) {
        kuji_sha256_prefixed(hash, bytes, 1, bytes + 1, len);
        crypto_hash_sha256(want, bytes, len + 1);
        ck_assert_mem_eq(hash, want, KUJI_HASH_LEN);
        kuji_sha256(hash, bytes, len + 1);
        ck_assert_mem_eq(hash, want, KUJI_HASH_LEN);
    }
    for (apr_size_t len = 0; len < 64; len++) {
        kuji_sha256_prefixed(hash, bytes, len, bytes + len, LONGEST - len);
        crypto_hash_sha256(want, bytes, LONGEST);
        ck_assert_mem_eq(hash, want, KUJI_HASH_LEN);
    }
}

static void check_hmac(void)
{
    unsigned char key[KUJI_KEY_LEN], message[200];
    unsigned char mac[KUJI_HASH_LEN], want[KUJI_HASH_LEN];
    kuji_hmac_t hmac;

    for (int round = 0; round < 100; round++) {
        memset(key, round * 5, sizeof(key));
        key[round % KUJI_KEY_LEN] ^= 0xA5;
        memset(message, 255 - round, sizeof(message));
        kuji_hmac_init(&hmac, key);
        for (apr_size_t len = 0; len <= sizeof(message); len++) {
            kuji_hmac(mac, &hmac, message, len);
            crypto_auth_hmacsha256(want, message, len, key);
            ck_assert_mem_eq(mac, want, sizeof(mac));
        }
    }
}

START_TEST(test_examples)
{
    both(check_examples);
}
END_TEST

START_TEST(test_lengths)
{
    both(check_lengths);
}
END_TEST

START_TEST(test_hmac)
{
    both(check_hmac);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sha256");

    UNIT_TEST(suite, test_examples);
    UNIT_TEST(suite, test_lengths);
    UNIT_TEST(suite, test_hmac);
    return unit_main(suite);
}
