/* The list of disposable domains: found from the first to the last, and what is
 * below one; nobody else's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "core/disposable.h"

#include <apr_strings.h>
#include <string.h>

START_TEST(knows_every_line)
{
    const char *line = strstr(kuji_disposable__text, "\n\n") + 2;
    int count = 0;

    for (; *line; line = strchr(line, '\n') + 1, count++) {
        char domain[256];

        apr_cpystrn(domain, line, (apr_size_t)(strchr(line, '\n') - line) + 1);
        ck_assert_msg(kuji_is_disposable(domain), "%s", domain);
    }
    ck_assert_int_gt(count, 100000);
}
END_TEST

START_TEST(knows_what_is_below)
{
    ck_assert(kuji_is_disposable("mailinator.com"));
    ck_assert(kuji_is_disposable("a.b.mailinator.com"));
    ck_assert(!kuji_is_disposable("notmailinator.com.example"));
}
END_TEST

START_TEST(knows_nobody_else)
{
    static const char *const good[] = {"gmail.com",
                                       "yahoo.co.jp",
                                       "docomo.ne.jp",
                                       "ezweb.ne.jp",
                                       "icloud.com",
                                       "softbank.ne.jp",
                                       "outlook.jp",
                                       "example.com",
                                       "com",
                                       "",
                                       "#",
                                       "zzzzzz.zzz",
                                       "0.0"};
    unsigned i;

    for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
        ck_assert_msg(!kuji_is_disposable(good[i]), "%s", good[i]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("disposable");

    UNIT_TEST(suite, knows_every_line);
    UNIT_TEST(suite, knows_what_is_below);
    UNIT_TEST(suite, knows_nobody_else);
    return unit_main(suite);
}
