/* A tenant's settings for LINE: what can be, there and back as a document,
 * which LIFF id and which audiences follow from it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/line_config.h"
#include "t/unit/unit.h"

#include <string.h>

static kuji_line_config_t plain(void)
{
    kuji_line_config_t config;

    kuji_line_config_read(&config, NULL, unit_pool);
    config.channel = "1234567890";
    return config;
}

static const char *wrong_with(const char *name, const char *value)
{
    kuji_line_config_t config = plain();
    int i;

    for (i = 0; kuji_line_texts[i]; i++) {
        if (strcmp(kuji_line_texts[i], name) == 0) {
            *kuji_line_text(&config, i) = value;
        }
    }
    return kuji_line_config_wrong(&config);
}

static const struct {
    const char *name, *value;
    int fits;
} cases[] = {
    {"channel", "1", 1},
    {"channel", "", 0},
    {"channel", "123456789012345678901", 0},
    {"channel", "12a", 0},
    {"liff", "", 1},
    {"liff", "1234567890-AbcdEfgh", 1},
    {"liff", "1234567890", 0},
    {"liff", "1234567890-", 0},
    {"liff", "-AbcdEfgh", 0},
    {"liff", "1234567890-Abcd\"><", 0},
    {"bot", "", 1},
    {"bot", "987", 1},
    {"bot", "@shop", 0},
    {"friend", "", 1},
    {"friend", "@shop", 1},
    {"friend", "@", 0},
    {"friend", "shop", 0},
    {"friend", "https://lin.ee/abc", 1},
    {"friend", "https://", 0},
    {"friend", "http://lin.ee/abc", 0},
    {"friend", "javascript:alert(1)", 0},
    {"friend", "https://lin.ee/\"x", 0},
    {"keyword", "", 1},
    {"keyword", "くじ", 1},
    {"keyword", "a b", 1},
    {"keyword", " a", 0},
    {"keyword", "a ", 0},
    {"keyword", "a\nb", 0},
    {"access", "https://access.line.me", 1},
    {"access", "", 0},
    {"api", "https://api.line.me/", 0},
    {"api", "https://api.line.me?x", 0},
    {"api", "http://127.0.0.1:8080", 1},
    {"api", "http://[::1]:8080", 1},
    {"api", "http://127.0.0.1.example", 0},
    {"api", "http://api.line.me", 0},
    {"api", "file:///etc/passwd", 0},
    {"bot_prompt", "normal", 1},
    {"bot_prompt", "loud", 0},
    /* half a Mini App */
    {"mini_review", "12", 0},
    {"mini_review_liff", "12-abc", 0},
};

START_TEST(test_wrong)
{
    const char *wrong;
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        wrong = wrong_with(cases[i].name, cases[i].value);
        ck_assert_msg(cases[i].fits == !wrong, "%s=%s: %s", cases[i].name,
                      cases[i].value, wrong ? wrong : "fits");
    }
}
END_TEST

START_TEST(test_keyword_length)
{
    char word[KUJI_LINE_KEYWORD_MAX + 2];

    memset(word, 'x', sizeof(word) - 1);
    word[KUJI_LINE_KEYWORD_MAX + 1] = '\0';
    ck_assert_str_eq(wrong_with("keyword", word), "keyword");
    word[KUJI_LINE_KEYWORD_MAX] = '\0';
    ck_assert_ptr_null(wrong_with("keyword", word));
}
END_TEST

START_TEST(test_secrets)
{
    kuji_line_config_t config = plain();

    ck_assert_ptr_null(kuji_line_config_wrong(&config));
    config.secret = "0123456789abcdef";
    config.bot_secret = "";
    ck_assert_ptr_null(kuji_line_config_wrong(&config));
    config.bot_secret = "a b";
    ck_assert_str_eq(kuji_line_config_wrong(&config), "bot_secret");
    config.secret = "a\r\nX: y";
    ck_assert_str_eq(kuji_line_config_wrong(&config), "secret");
}
END_TEST

START_TEST(test_half_app)
{
    kuji_line_config_t config = plain();

    config.mini[KUJI_LINE_DEVELOPING].channel = "1";
    ck_assert_str_eq(kuji_line_config_wrong(&config), "mini_developing_liff");
    config.mini[KUJI_LINE_DEVELOPING].liff = "1-a";
    ck_assert_ptr_null(kuji_line_config_wrong(&config));
    config.mini[KUJI_LINE_PUBLISHED].liff = "3-a";
    ck_assert_str_eq(kuji_line_config_wrong(&config), "mini_published");
}
END_TEST

START_TEST(test_document)
{
    kuji_line_config_t config = plain(), back;
    json_t *doc;
    int i;

    config.secret = config.bot_secret = "never";
    config.profile = 1;
    for (i = 0; kuji_line_texts[i]; i++) {
        *kuji_line_text(&config, i) = kuji_line_texts[i];
    }
    doc = kuji_line_config_doc(&config);
    kuji_line_config_read(&back, doc, unit_pool);
    json_decref(doc);
    for (i = 0; kuji_line_texts[i]; i++) {
        ck_assert_str_eq(*kuji_line_text(&back, i), kuji_line_texts[i]);
    }
    ck_assert_str_eq(back.mini[KUJI_LINE_REVIEW].liff, "mini_review_liff");
    ck_assert_str_eq(back.friend, "friend");
    ck_assert_ptr_null(back.secret);
    ck_assert_ptr_null(back.bot_secret);
    ck_assert_int_eq(back.profile, 1);
    ck_assert_int_eq(back.friendship, 0);
}
END_TEST

/* What is empty is not written, so that the row's checks see what is there. */
START_TEST(test_empty)
{
    kuji_line_config_t config = plain();
    json_t *doc = kuji_line_config_doc(&config);

    ck_assert_uint_eq(json_object_size(doc), 3);
    ck_assert_ptr_null(json_object_get(doc, "bot"));
    ck_assert_ptr_nonnull(json_object_get(doc, "channel"));
    json_decref(doc);
}
END_TEST

START_TEST(test_liff)
{
    kuji_line_config_t config = plain();
    const char *audiences[KUJI_LINE_AUDIENCES + 1];

    ck_assert_str_eq(kuji_line_liff(&config, NULL), "");
    kuji_line_audiences(audiences, &config);
    ck_assert_ptr_null(audiences[0]);
    config.mini[KUJI_LINE_REVIEW] = (kuji_line_app_t){"2", "2-b"};
    config.mini[KUJI_LINE_PUBLISHED] = (kuji_line_app_t){"3", "3-c"};
    ck_assert_str_eq(kuji_line_liff(&config, NULL), "3-c");
    ck_assert_str_eq(kuji_line_liff(&config, "developing"), "");
    config.liff = "1-a";
    ck_assert_str_eq(kuji_line_liff(&config, NULL), "1-a");
    ck_assert_str_eq(kuji_line_liff(&config, "nonsense"), "1-a");
    ck_assert_str_eq(kuji_line_liff(&config, "review"), "2-b");
    kuji_line_audiences(audiences, &config);
    ck_assert_str_eq(audiences[0], "1234567890");
    ck_assert_str_eq(audiences[1], "2");
    ck_assert_str_eq(audiences[2], "3");
    ck_assert_ptr_null(audiences[3]);
}
END_TEST

START_TEST(test_friend_url)
{
    kuji_line_config_t config = plain();

    ck_assert_str_eq(kuji_line_friend_url(&config, unit_pool), "");
    config.friend = "@shop";
    ck_assert_str_eq(kuji_line_friend_url(&config, unit_pool),
                     "https://line.me/R/ti/p/%40shop");
    config.friend = "https://lin.ee/abc";
    ck_assert_str_eq(kuji_line_friend_url(&config, unit_pool),
                     "https://lin.ee/abc");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("line_config");

    UNIT_TEST(suite, test_wrong);
    UNIT_TEST(suite, test_keyword_length);
    UNIT_TEST(suite, test_secrets);
    UNIT_TEST(suite, test_half_app);
    UNIT_TEST(suite, test_document);
    UNIT_TEST(suite, test_empty);
    UNIT_TEST(suite, test_liff);
    UNIT_TEST(suite, test_friend_url);
    return unit_main(suite);
}
