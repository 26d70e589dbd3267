/* Cookies: found once, signed, bound to a tenant, rotated.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "web/cookie.h"

#include <string.h>

#define TENANT "0f8fad5b-d9cb-469f-a165-70867728950e"
#define OTHER "7c9e6679-7425-40de-944b-e07fc1f90ae7"
#define ID "AAECAwQFBgcICQoLDA0ODw"
#define NOW 1700000000
/* Made by another implementation (HMAC-SHA256 of Python's standard library)
 * with key 1 = 01 01 …, so that cookies of yesterday stay good. */
#define KNOWN                                                                  \
    "v1.1.1800000000." ID ".MspfddYqlb3HuGwfEeQIMRUvd3S2_nVxU0NYnJ08Gnw"

static const struct {
    const char *header, *value; /* NULL: KUJI_ENOTFOUND, "": KUJI_EINVAL */
} headers[] = {
    {"kuji=1", "1"},        {"a=b; kuji=1", "1"},    {"a=b;kuji=1;c=d", "1"},
    {"kuji=1 ; c=d", "1"},  {"kuji=1; kuji=1", "1"}, {"kuji=a=b", "a=b"},
    {"kuji=1; kuji=2", ""}, {"kuji=1; kuji=12", ""}, {"", NULL},
    {"kuji", NULL},         {"xkuji=1", NULL},       {"kujix=1", NULL},
    {"Kuji=1", NULL},       {"a=kuji=1", NULL},      {";;; ;", NULL},
};

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

static apr_status_t verify(const char *tenant, const char *value, int64_t now,
                           int *current)
{
    char id[KUJI_COOKIE_ID_LEN + 1];
    int64_t expires;
    apr_status_t rv =
        kuji_cookie_verify(id, &expires, current, &keys, tenant, value, now);

    if (rv == APR_SUCCESS) {
        ck_assert_str_eq(id, ID);
        ck_assert_int_eq(expires, 1800000000);
    }
    return rv;
}

START_TEST(finds)
{
    const char *value = NULL;
    const char *want = headers[_i].value;
    apr_status_t rv =
        kuji_cookie_find(&value, headers[_i].header, "kuji", unit_pool);

    if (want && *want) {
        ck_assert_int_eq(rv, APR_SUCCESS);
        ck_assert_str_eq(value, want);
    }
    else {
        ck_assert_int_eq(rv, want ? KUJI_EINVAL : KUJI_ENOTFOUND);
    }
}
END_TEST

START_TEST(signs_as_ever)
{
    char out[KUJI_COOKIE_MAX];
    int current = 0;

    make_keys(1, 0);
    kuji_cookie_sign(out, &keys, TENANT, ID, 1800000000);
    ck_assert_str_eq(out, KNOWN);
    ck_assert_int_eq(verify(TENANT, KNOWN, NOW, &current), APR_SUCCESS);
    ck_assert_int_eq(current, 1);
}
END_TEST

START_TEST(refuses_every_other_byte)
{
    char value[sizeof(KNOWN)];
    size_t i;
    int current;

    make_keys(1, 0);
    for (i = 0; i < sizeof(KNOWN) - 1; i++) {
        strcpy(value, KNOWN);
        value[i] ^= 1;
        ck_assert_int_ne(verify(TENANT, value, NOW, &current), APR_SUCCESS);
        strcpy(value, KNOWN);
        value[i] = '\0';
        ck_assert_int_ne(verify(TENANT, value, NOW, &current), APR_SUCCESS);
    }
}
END_TEST

START_TEST(belongs_to_one_tenant)
{
    int current;

    make_keys(1, 0);
    ck_assert_int_eq(verify(OTHER, KNOWN, NOW, &current), KUJI_EVERIFY);
}
END_TEST

START_TEST(expires)
{
    int current;

    make_keys(1, 0);
    ck_assert_int_eq(verify(TENANT, KNOWN, 1799999999, &current), APR_SUCCESS);
    ck_assert_int_eq(verify(TENANT, KNOWN, 1800000000, &current), KUJI_EINVAL);
}
END_TEST

START_TEST(survives_a_rotation)
{
    int current = 1;

    make_keys(2, 1);
    ck_assert_int_eq(verify(TENANT, KNOWN, NOW, &current), APR_SUCCESS);
    ck_assert_int_eq(current, 0);
    make_keys(2, 0);
    ck_assert_int_eq(verify(TENANT, KNOWN, NOW, &current), KUJI_EVERIFY);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cookie");
    TCase *table = tcase_create("finds");

    tcase_add_checked_fixture(table, unit_setup, unit_teardown);
    tcase_add_loop_test(table, finds, 0, sizeof(headers) / sizeof(headers[0]));
    suite_add_tcase(suite, table);
    UNIT_TEST(suite, signs_as_ever);
    UNIT_TEST(suite, refuses_every_other_byte);
    UNIT_TEST(suite, belongs_to_one_tenant);
    UNIT_TEST(suite, expires);
    UNIT_TEST(suite, survives_a_rotation);
    return unit_main(suite);
}
