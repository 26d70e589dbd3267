/* Which passwords are refused, and why.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/password.h"
#include "t/unit/unit.h"

#include <string.h>

static const struct {
    const char *password, *flaw;
} cases[] = {
    {"correct horse battery", NULL},
    {"abcdef-ghjkmn-pqrstu-v23456", NULL},
    {"kuji4life!", "short"},
    {"elevenchars", "short"},
    /* twelve characters, whatever their bytes; 72 bytes at most */
    {"さくら通りの夏祭り福引", "short"},
    {"さくら通りの夏祭り大福引", NULL},
    {"一二三四五六七八九十百千万億兆京垓春夏秋冬東西南", NULL},
    {"一二三四五六七八九十百千万億兆京垓春夏秋冬東西南北", "long"},
    {"aaaaaaaaaaaa", "simple"},
    {"abababababab", "simple"},
    {"xk7!xk7!xk7!xk7!", "simple"},
    {"123456789012", "simple"},
    {"abcdefghijkl", "simple"},
    {"zyxwvutsrqpon", "simple"},
    {"109876543210", "simple"},
    /* as they are, whatever the case, several times, decorated */
    {"leavemealone", "common"},
    {"LeaveMeAlone", "common"},
    {"passwordpassword", "common"},
    {"password123!", "common"},
    {"!!Password2026", "common"},
    {"123dragon-dragon", NULL},
    {"--dragondragon99", "common"},
    {"1q2w3e4r5t6y", "common"},
    /* words that are in it, with words that are not */
    {"password for the shop", NULL},
    {"tanaka@example.jp", "login"},
    {"TANAKA@example.jp2026!", "login"},
    {"tanaka@example.jptanaka@example.jp", "login"},
    {"tanaka@example.jp and more", NULL},
};

START_TEST(flaws)
{
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *got = kuji_flaw_name(
            kuji_password_flaw(cases[i].password, "Tanaka@example.jp"));

        ck_assert_msg(!got == !cases[i].flaw &&
                          (!got || strcmp(got, cases[i].flaw) == 0),
                      "%s: %s", cases[i].password, got ? got : "allowed");
    }
}
END_TEST

/* bsearch needs them so. */
START_TEST(list_is_sorted)
{
    int i;

    for (i = 1; i < KUJI_COMMON_COUNT; i++) {
        ck_assert_str_lt(kuji_common_passwords[i - 1],
                         kuji_common_passwords[i]);
    }
    ck_assert_ptr_nonnull(kuji_common_passwords[KUJI_COMMON_COUNT - 1]);
}
END_TEST

/* Each entry that is long enough is refused, and each that is not, with digits
 * behind it. */
START_TEST(list_is_used)
{
    char longer[64];
    int i;

    for (i = 0; i < KUJI_COMMON_COUNT; i++) {
        const char *word = kuji_common_passwords[i];

        if (strlen(word) >= KUJI_PASSWORD_MIN) {
            ck_assert_int_ge(kuji_password_flaw(word, "x"), KUJI_FLAW_SIMPLE);
        }
        if (strlen(word) >= 4 &&
            strspn(word, "abcdefghijklmnopqrstuvwxyz") == strlen(word)) {
            strcpy(longer, word);
            strcat(longer, "20261122");
            ck_assert_int_ge(kuji_password_flaw(longer, "x"), KUJI_FLAW_SIMPLE);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("password");

    UNIT_TEST(suite, flaws);
    UNIT_TEST(suite, list_is_sorted);
    UNIT_TEST(suite, list_is_used);
    return unit_main(suite);
}
