/* Passes: for one gate, tenant, campaign and session only, until they expire.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "web/pass.h"

#include <string.h>

#define TENANT "0f8fad5b-d9cb-469f-a165-70867728950e"
#define CAMPAIGN "7c9e6679-7425-40de-944b-e07fc1f90ae7"
#define SESSION "AAECAwQFBgcICQoLDA0ODw"
#define NOW 1700000000
/* Made by another implementation (HMAC-SHA256 of Python's standard library)
 * with key 1 = 01 01 …, so that passes of yesterday stay good. */
#define KNOWN                                                                  \
    "p1.1.1800000000.1.bWFpbDphYg."                                            \
    "VMMjYD_HGzxG6ymaEII6pt5rIIZMDBRiqV6xcbg1TYQ"

static const kuji_pass_scope_t mine = {"mail", TENANT, CAMPAIGN, SESSION};
static kuji_keyfile_t keys;

static void make_keys(int first, int second)
{
    memset(&keys, 0, sizeof(keys));
    keys.ncookies = second ? 2 : 1;
    keys.cookies[0].id = (uint32_t)first;
    memset(keys.cookies[0].key, first, KUJI_KEY_LEN);
    keys.cookies[1].id = (uint32_t)second;
    memset(keys.cookies[1].key, second, KUJI_KEY_LEN);
}

static apr_status_t verify(const kuji_pass_scope_t *scope, const char *value,
                           int64_t now)
{
    unsigned marks;
    const char *id;
    apr_status_t rv =
        kuji_pass_verify(&id, &marks, &keys, scope, value, now, unit_pool);

    if (rv == APR_SUCCESS) {
        ck_assert_str_eq(id, "mail:ab");
        ck_assert_uint_eq(marks, KUJI_PASS_MARK_DEVICE);
    }
    return rv;
}

START_TEST(signs)
{
    make_keys(1, 2);
    ck_assert_str_eq(
        kuji_pass_sign(&keys, &mine, "mail:ab", 1, 1800000000, unit_pool),
        KNOWN);
    ck_assert_int_eq(verify(&mine, KNOWN, NOW), APR_SUCCESS);
    ck_assert_int_eq(verify(&mine, KNOWN, 1800000000), KUJI_EINVAL);
    make_keys(2, 1);
    ck_assert_int_eq(verify(&mine, KNOWN, NOW), APR_SUCCESS);
    make_keys(3, 0);
    ck_assert_int_eq(verify(&mine, KNOWN, NOW), KUJI_EVERIFY);
}
END_TEST

START_TEST(copied)
{
    static const kuji_pass_scope_t others[] = {
        {"link", TENANT, CAMPAIGN, SESSION},
        {"mail", CAMPAIGN, CAMPAIGN, SESSION},
        {"mail", TENANT, TENANT, SESSION},
        {"mail", TENANT, CAMPAIGN, "AAECAwQFBgcICQoLDA0ODx"},
    };
    unsigned i;

    make_keys(1, 0);
    for (i = 0; i < sizeof(others) / sizeof(*others); i++) {
        ck_assert_int_eq(verify(&others[i], KNOWN, NOW), KUJI_EVERIFY);
    }
}
END_TEST

START_TEST(changed)
{
    char value[] = KNOWN;
    apr_size_t i;

    make_keys(1, 0);
    for (i = 0; value[i]; i++) {
        char was = value[i];

        value[i] = was == 'A' ? 'B' : 'A';
        ck_assert_int_ne(verify(&mine, value, NOW), APR_SUCCESS);
        value[i] = '\0';
        ck_assert_int_ne(verify(&mine, value, NOW), APR_SUCCESS);
        value[i] = was;
    }
    ck_assert_int_eq(verify(&mine, value, NOW), APR_SUCCESS);
}
END_TEST

START_TEST(long_ids)
{
    char id[KUJI_PASS_ID_MAX + 1];
    const char *read;
    unsigned marks;

    make_keys(1, 0);
    memset(id, 0xe3, KUJI_PASS_ID_MAX);
    id[KUJI_PASS_ID_MAX] = '\0';
    ck_assert_int_eq(kuji_pass_verify(&read, &marks, &keys, &mine,
                                      kuji_pass_sign(&keys, &mine, id, 0,
                                                     1800000000, unit_pool),
                                      NOW, unit_pool),
                     APR_SUCCESS);
    ck_assert_str_eq(read, id);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pass");

    UNIT_TEST(suite, signs);
    UNIT_TEST(suite, copied);
    UNIT_TEST(suite, changed);
    UNIT_TEST(suite, long_ids);
    return unit_main(suite);
}
