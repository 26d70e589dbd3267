/* The key file: what is read, and what is refused.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "core/error.h"
#include "core/keyfile.h"
#include "core/seal.h"

#include <apr_strings.h>
#include <string.h>

#define KEY_A "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEY_B "ffeeddccbbaa99887766554433221100FFEEDDCCBBAA99887766554433221100"
/* RFC 8032, 7.1, test 1 */
#define SIGN "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define SIGN_PUBLIC                                                            \
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

#define HEAD "kuji-keys 1\n"
#define MASTER "master 1 " KEY_A "\n"
#define CHECKPOINT "checkpoint " SIGN "\n"
#define COOKIE "cookie 1 " KEY_B "\n"

static const char uuid[] = "6f9619ff-8b86-4011-b42d-00cf4fc964ff";

static apr_status_t parse(kuji_keyfile_t *keys, const char **why,
                          const char *text)
{
    return kuji_keyfile_parse(keys, why, text, strlen(text));
}

START_TEST(reads_every_kind)
{
    kuji_keyfile_t keys;
    const char *why;
    apr_size_t len;

    ck_assert_int_eq(parse(&keys, &why,
                           HEAD "# newest first\n\nmaster 2147483647 " KEY_B
                                "\n" CHECKPOINT MASTER COOKIE
                                "cookie 2 " KEY_A),
                     APR_SUCCESS);
    ck_assert_ptr_null(why);
    ck_assert_int_eq(keys.nmasters, 2);
    ck_assert_uint_eq(keys.masters[0].id, 2147483647);
    ck_assert_mem_eq(keys.masters[0].key, unit_hex(KEY_B, &len), 32);
    ck_assert_int_eq(keys.ncookies, 2);
    ck_assert_uint_eq(keys.cookies[1].id, 2);
    ck_assert_mem_eq(keys.cookies[1].key, unit_hex(KEY_A, &len), 32);
    ck_assert_mem_eq(keys.signer.public_key, unit_hex(SIGN_PUBLIC, &len), 32);
    ck_assert_mem_eq(kuji_keyfile_master(&keys, 1), unit_hex(KEY_A, &len), 32);
    ck_assert_ptr_null(kuji_keyfile_master(&keys, 2));
    ck_assert_ptr_null(kuji_keyfile_master(&keys, 0));
}
END_TEST

static const char *const refused[] = {
    "",
    "\n" HEAD MASTER CHECKPOINT COOKIE,
    "kuji-keys 2\n" MASTER CHECKPOINT COOKIE,
    "kuji-keys 1 \n" MASTER CHECKPOINT COOKIE,
    "kuji-keys 1\r\n" MASTER CHECKPOINT COOKIE,
    HEAD CHECKPOINT COOKIE,
    HEAD MASTER COOKIE,
    HEAD MASTER CHECKPOINT,
    HEAD MASTER CHECKPOINT CHECKPOINT COOKIE,
    HEAD MASTER MASTER CHECKPOINT COOKIE,
    HEAD MASTER CHECKPOINT COOKIE COOKIE,
    HEAD "master 0 " KEY_A "\n" CHECKPOINT COOKIE,
    HEAD "master 01 " KEY_A "\n" CHECKPOINT COOKIE,
    HEAD "master -1 " KEY_A "\n" CHECKPOINT COOKIE,
    HEAD "master 2147483648 " KEY_A "\n" CHECKPOINT COOKIE,
    HEAD "master 18446744073709551617 " KEY_A "\n" CHECKPOINT COOKIE,
    HEAD "master  1 " KEY_A "\n" CHECKPOINT COOKIE,
    HEAD "master " KEY_A "\n" CHECKPOINT COOKIE,
    HEAD "master 1 " KEY_A "0\n" CHECKPOINT COOKIE,
    HEAD "master 1 " KEY_A " \n" CHECKPOINT COOKIE,
    HEAD "master 1 0g" KEY_A "\n" CHECKPOINT COOKIE,
    HEAD "master 1 0011\n" CHECKPOINT COOKIE,
    HEAD "master 1 \n" CHECKPOINT COOKIE,
    HEAD MASTER "checkpoint 1 " SIGN "\n" COOKIE,
    HEAD MASTER CHECKPOINT COOKIE "session 1 " KEY_A "\n",
    HEAD MASTER CHECKPOINT COOKIE " # indented\n",
};

START_TEST(refuses)
{
    kuji_keyfile_t keys;
    const char *why = NULL;
    kuji_keyfile_t zero;

    memset(&zero, 0, sizeof(zero));
    ck_assert_int_eq(parse(&keys, &why, refused[_i]), KUJI_EINVAL);
    ck_assert_ptr_nonnull(why);
    ck_assert_ptr_null(strstr(why, "000102"));
    ck_assert_msg(memcmp(&keys, &zero, sizeof(keys)) == 0,
                  "keys are left behind");
}
END_TEST

START_TEST(refuses_more_than_it_holds)
{
    const char *text = HEAD CHECKPOINT COOKIE;
    kuji_keyfile_t keys;
    const char *why;
    int i;

    for (i = 1; i <= KUJI_KEYFILE_MAX; i++) {
        text = apr_psprintf(unit_pool, "%smaster %d " KEY_A "\n", text, i);
    }
    ck_assert_int_eq(parse(&keys, &why, text), APR_SUCCESS);
    ck_assert_int_eq(keys.nmasters, KUJI_KEYFILE_MAX);
    text = apr_psprintf(unit_pool, "%smaster %d " KEY_A "\n", text, i);
    ck_assert_int_eq(parse(&keys, &why, text), KUJI_EINVAL);
}
END_TEST

/* The master key is rotated: what the old one sealed still opens, and the new
 * one seals. */
START_TEST(tenant_keys_survive_a_rotation)
{
    unsigned char data_key[KUJI_KEY_LEN] = {9}, opened[KUJI_KEY_LEN];
    unsigned char blob[KUJI_KEY_LEN + KUJI_SEAL_OVERHEAD];
    unsigned char nonce[KUJI_NONCE_LEN] = {8};
    kuji_keyfile_t before, after, without;
    const char *why;

    parse(&before, &why, HEAD MASTER CHECKPOINT COOKIE);
    parse(&after, &why, HEAD "master 2 " KEY_B "\n" MASTER CHECKPOINT COOKIE);
    parse(&without, &why, HEAD "master 2 " KEY_B "\n" CHECKPOINT COOKIE);

    kuji_keyfile_seal_tenant(blob, &before, nonce, uuid, data_key);
    ck_assert_int_eq(
        kuji_keyfile_open_tenant(opened, &after, uuid, blob, sizeof(blob)),
        APR_SUCCESS);
    ck_assert_mem_eq(opened, data_key, sizeof(opened));
    ck_assert_int_eq(
        kuji_keyfile_open_tenant(opened, &without, uuid, blob, sizeof(blob)),
        KUJI_ECRYPT);

    kuji_keyfile_seal_tenant(blob, &after, nonce, uuid, data_key);
    ck_assert_uint_eq(kuji_seal_key_id(blob, sizeof(blob)), 2);
    ck_assert_int_eq(
        kuji_keyfile_open_tenant(opened, &without, uuid, blob, sizeof(blob)),
        APR_SUCCESS);
}
END_TEST

START_TEST(tenant_keys_belong_to_one_tenant)
{
    unsigned char data_key[KUJI_KEY_LEN] = {9}, opened[KUJI_KEY_LEN];
    unsigned char blob[KUJI_KEY_LEN + KUJI_SEAL_OVERHEAD];
    unsigned char nonce[KUJI_NONCE_LEN] = {8};
    kuji_keyfile_t keys;
    const char *why;

    parse(&keys, &why, HEAD MASTER CHECKPOINT COOKIE);
    kuji_keyfile_seal_tenant(blob, &keys, nonce, uuid, data_key);
    ck_assert_int_eq(kuji_keyfile_open_tenant(
                         opened, &keys, "6f9619ff-8b86-4011-b42d-00cf4fc964fe",
                         blob, sizeof(blob)),
                     KUJI_ECRYPT);
    ck_assert_int_eq(
        kuji_keyfile_open_tenant(opened, &keys, uuid, blob, sizeof(blob) - 1),
        KUJI_ECRYPT);
    ck_assert_int_eq(kuji_keyfile_open_tenant(opened, &keys, uuid, blob, 0),
                     KUJI_ECRYPT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keyfile");
    TCase *cases = tcase_create("refuses");

    tcase_add_checked_fixture(cases, unit_setup, unit_teardown);
    tcase_add_loop_test(cases, refuses, 0,
                        (int)(sizeof(refused) / sizeof(refused[0])));
    suite_add_tcase(suite, cases);
    UNIT_TEST(suite, reads_every_kind);
    UNIT_TEST(suite, refuses_more_than_it_holds);
    UNIT_TEST(suite, tenant_keys_survive_a_rotation);
    UNIT_TEST(suite, tenant_keys_belong_to_one_tenant);
    return unit_main(suite);
}
