/* Mail: addresses, messages, replies, the organiser's words.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/mail_address.h"
#include "core/mail_message.h"
#include "core/mail_reply.h"
#include "core/mail_text.h"
#include "t/unit/unit.h"

#include <apr_strings.h>
#include <string.h>

#define F KUJI_MAIL_FOLD

/* Local parts of RFC 3696 3 (with its errata), names of RFC 3492 7.1 and the
 * root's own test domains, what UTS 46 maps, and what people type. text NULL:
 * refused. */
static const struct {
    const char *typed, *text, *identity;
    unsigned fold;
} addresses[] = {
    {"taro@example.com", "taro@example.com", "taro@example.com", 0},
    {" Taro@Example.COM\r\n", "Taro@example.com", "taro@example.com", 0},
    {"\xe3\x80\x80ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro@example.com",
     "taro@example.com", 0},
    {"customer/department=shipping@example.com",
     "customer/department=shipping@example.com",
     "customer/department=shipping@example.com", 0},
    {"$A12345@example.com", "$A12345@example.com", "$a12345@example.com", 0},
    {"!def!xyz%abc@example.com", "!def!xyz%abc@example.com",
     "!def!xyz%abc@example.com", 0},
    {"_somename@example.com", "_somename@example.com", "_somename@example.com",
     0},
    {"user+mailbox@example.com", "user+mailbox@example.com",
     "user+mailbox@example.com", 0},
    {"user+mailbox@example.com", "user+mailbox@example.com", "user@example.com",
     F},
    {"+user@example.com", "+user@example.com", "+user@example.com", F},
    {"a.b@gmail.com", "a.b@gmail.com", "a.b@gmail.com", 0},
    {"A.b+x@GoogleMail.com", "A.b+x@googlemail.com", "ab@gmail.com", F},
    {"a.b@example.com", "a.b@example.com", "a.b@example.com", F},
    /* as carriers once gave them out */
    {"taro..y@docomo.ne.jp", "\"taro..y\"@docomo.ne.jp", "taro..y@docomo.ne.jp",
     0},
    {"taro.@ezweb.ne.jp", "\"taro.\"@ezweb.ne.jp", "taro.@ezweb.ne.jp", F},
    /* IDN */
    {"a@例え.テスト", "a@xn--r8jz45g.xn--zckzah", "a@xn--r8jz45g.xn--zckzah",
     0},
    {"a@日本語。ＪＰ", "a@xn--wgv71a119e.jp", "a@xn--wgv71a119e.jp", 0},
    {"a@B\xc3\xbc"
     "cher.example",
     "a@xn--bcher-kva.example", "a@xn--bcher-kva.example", 0},
    {"a@bu\xcc\x88"
     "cher.example", /* the same, decomposed */
     "a@xn--bcher-kva.example", "a@xn--bcher-kva.example", 0},
    {"a@fa\xc3\x9f.de", "a@xn--fa-hia.de", "a@xn--fa-hia.de", 0},
    {"a@xn--r8jz45g.xn--zckzah", "a@xn--r8jz45g.xn--zckzah",
     "a@xn--r8jz45g.xn--zckzah", 0},
    /* none */
    {"", NULL, NULL, 0},
    {"@", NULL, NULL, 0},
    {"taro", NULL, NULL, 0},
    {"taro@", NULL, NULL, 0},
    {"@example.com", NULL, NULL, 0},
    {"taro@localhost", NULL, NULL, 0},
    {"taro@example..com", NULL, NULL, 0},
    {"taro@example.com.", NULL, NULL, 0},
    {"taro@-example.com", NULL, NULL, 0},
    {"taro@exa_mple.com", NULL, NULL, 0},
    {"taro@192.0.2.1", NULL, NULL, 0},
    {"taro@[192.0.2.1]", NULL, NULL, 0},
    {"ta ro@example.com", NULL, NULL, 0},
    {"taro@exam ple.com", NULL, NULL, 0},
    {".taro@example.com", NULL, NULL, 0},
    {"\"taro\"@example.com", NULL, NULL, 0},
    {"Taro <taro@example.com>", NULL, NULL, 0},
    {"a@b.example,c@d.example", NULL, NULL, 0},
    {"taro(x)@example.com", NULL, NULL, 0},
    {"太郎@example.com", NULL, NULL, 0},
    {"taro@example.com\r\nRCPT TO:<x@y.example>", NULL, NULL, 0},
    {"taro\r\n@example.com", NULL, NULL, 0},
    {"a@xn--zz.example", NULL, NULL, 0},
    {"\xff@example.com", NULL, NULL, 0},
};

START_TEST(addresses_are_read)
{
    unsigned i;

    for (i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        kuji_mail_address_t a;
        const char *typed = addresses[i].typed;
        apr_status_t rv =
            kuji_mail_address_read(&a, typed, strlen(typed), addresses[i].fold);

        ck_assert_msg((rv == APR_SUCCESS) == (addresses[i].text != NULL),
                      "%s: %d", typed, rv);
        if (addresses[i].text) {
            ck_assert_str_eq(a.text, addresses[i].text);
            ck_assert_str_eq(a.identity, addresses[i].identity);
            ck_assert_str_eq(a.domain, strrchr(addresses[i].identity, '@') + 1);
        }
    }
}
END_TEST

START_TEST(addresses_have_ends)
{
    kuji_mail_address_t a;
    char typed[400];

    memset(typed, 'a', sizeof typed);
    memcpy(typed + 64, "@example.com", 13);
    ck_assert_int_eq(kuji_mail_address_read(&a, typed, 76, 0), APR_SUCCESS);
    memset(typed, 'a', 65);
    memcpy(typed + 65, "@example.com", 13);
    ck_assert_int_eq(kuji_mail_address_read(&a, typed, 77, 0), KUJI_ETOOBIG);
    ck_assert_int_eq(kuji_mail_address_read(&a, typed, 2000, 0), KUJI_ETOOBIG);
}
END_TEST

static const kuji_mail_t plain = {
    .from = "kuji@example.jp",
    .to = "taro@example.com",
    .subject = "Hello",
    .body = "Hi\n",
    .language = "en",
    .id = "00000000-0000-4000-8000-000000000001",
    .date = INT64_C(784111777000), /* RFC 9110's favourite second */
};

static const char *message_of(const kuji_mail_t *mail)
{
    const char *text;
    apr_size_t len;

    ck_assert_int_eq(kuji_mail_message(&text, &len, mail, unit_pool),
                     APR_SUCCESS);
    ck_assert_uint_eq(strlen(text), len);
    return text;
}

START_TEST(a_message)
{
    ck_assert_str_eq(message_of(&plain),
                     "Date: Sun, 6 Nov 1994 08:49:37 +0000\r\n"
                     "From: <kuji@example.jp>\r\n"
                     "Subject: Hello\r\n"
                     "To: <taro@example.com>\r\n"
                     "Message-ID: <00000000-0000-4000-8000-000000000001@"
                     "example.jp>\r\n"
                     "Auto-Submitted: auto-generated\r\n"
                     "MIME-Version: 1.0\r\n"
                     "Content-Type: text/plain; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: base64\r\n"
                     "Content-Language: en\r\n"
                     "\r\n"
                     "SGkNCg==\r\n");
}
END_TEST

START_TEST(dates)
{
    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {
        {0, "Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n"},
        {INT64_C(951782400000), "Date: Tue, 29 Feb 2000 00:00:00 +0000\r\n"},
        {INT64_C(1709164799999), "Date: Wed, 28 Feb 2024 23:59:59 +0000\r\n"},
        {INT64_C(4107542400000), "Date: Mon, 1 Mar 2100 00:00:00 +0000\r\n"},
        {INT64_C(253402300799000), "Date: Fri, 31 Dec 9999 23:59:59 +0000\r\n"},
    };
    unsigned i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        kuji_mail_t m = plain;

        m.date = cases[i].ms;
        ck_assert_msg(
            strncmp(message_of(&m), cases[i].text, strlen(cases[i].text)) == 0,
            "%s", message_of(&m));
    }
}
END_TEST

/* No line longer than RFC 2047 and RFC 2045 allow, every line ends in CR LF,
 * and no header that is not ours. */
static void check_lines(const char *text)
{
    static const char *const known[] = {
        "Date: ",
        "From: ",
        "Subject: ",
        "To: ",
        "Message-ID: ",
        "Auto-Submitted: ",
        "MIME-Version: ",
        "Content-Type: ",
        "Content-Transfer-Encoding: ",
        "Content-Language",
        " ",
        "List-Unsubscribe",
    };
    int in_header = 1;
    unsigned i;

    while (*text) {
        apr_size_t len = strcspn(text, "\r\n");

        ck_assert_msg(text[len] == '\r' && text[len + 1] == '\n', "%s", text);
        if (len == 0) {
            in_header = 0;
        }
        ck_assert_msg(len <= 76 || !strstr(text, "=?"), "%.*s", (int)len, text);
        for (i = 0; in_header && i < sizeof known / sizeof *known; i++) {
            if (strncmp(text, known[i], strlen(known[i])) == 0) {
                break;
            }
        }
        ck_assert_msg(i < sizeof known / sizeof *known, "%.*s", (int)len, text);
        text += len + 2;
    }
}

START_TEST(nothing_becomes_a_header)
{
    static const char *const hostile[] = {
        "Hi\r\nBcc: x@y.example",
        "a\nb",
        "=?UTF-8?B?QQ==?=",
        "\r\n\r\nbody",
        "\342\200\250Bcc: a@b.c",
        "nul",
        "\xff\xfe",
        "\x1b[31m",
        "",
        "a\tb\x7f",
    };
    unsigned i;

    for (i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        kuji_mail_t m = plain;

        m.subject = m.from_name = m.body = hostile[i];
        check_lines(message_of(&m));
        ck_assert_ptr_null(strstr(message_of(&m), "\nBcc"));
    }
}
END_TEST

START_TEST(hostile_parts_are_refused)
{
    static const char *const bad[] = {
        "a@b\r\nBcc: c@d", "a b@c.d", "a@b>", "<a@b", "\xc3\xa4@b.c", "nobody"};
    const char *text;
    apr_size_t len;
    unsigned i;
    kuji_mail_t m;

    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        m = plain;
        m.to = bad[i];
        ck_assert_int_eq(kuji_mail_message(&text, &len, &m, unit_pool),
                         KUJI_EINVAL);
        m = plain;
        m.from = bad[i];
        ck_assert_int_eq(kuji_mail_message(&text, &len, &m, unit_pool),
                         KUJI_EINVAL);
        m = plain;
        m.id = bad[i][0] == 'n' ? "" : bad[i];
        ck_assert_int_eq(kuji_mail_message(&text, &len, &m, unit_pool),
                         KUJI_EINVAL);
    }
    m = plain;
    m.unsubscribe = "https://example.jp/>\r\nBcc: x";
    ck_assert_int_eq(kuji_mail_message(&text, &len, &m, unit_pool),
                     KUJI_EINVAL);
    m.unsubscribe = "https://example.jp/u?x=1";
    ck_assert_ptr_nonnull(
        strstr(message_of(&m), "List-Unsubscribe: <https://example.jp/u?x=1>"));
    ck_assert_ptr_null(strstr(message_of(&plain), "List-"));
}
END_TEST

/* Words are folded between characters, never within. */
START_TEST(long_subjects)
{
    char subject[KUJI_MAIL_SUBJECT_MAX + 2] = "";
    const char *text;
    kuji_mail_t m = plain;
    int i;

    for (i = 0; strlen(subject) + 4 < KUJI_MAIL_SUBJECT_MAX; i++) {
        strcat(subject, i % 3 ? "福" : "a");
        m.subject = m.from_name = subject;
        text = message_of(&m);
        check_lines(text);
        for (text = strstr(text, "=?UTF-8?B?"); text;
             text = strstr(text + 1, "=?UTF-8?B?")) {
            unsigned char bytes[80];
            size_t got;

            ck_assert_int_eq(sodium_base642bin(bytes, sizeof bytes, text + 10,
                                               strcspn(text + 10, "?"), NULL,
                                               &got, NULL,
                                               sodium_base64_VARIANT_ORIGINAL),
                             0);
            ck_assert_int_ne(bytes[0] & 0xc0, 0x80);
        }
    }
}
END_TEST

/* All of a field's encoded words, put together again. */
static const char *words_of(const char *text, const char *field)
{
    const char *at = strstr(text, field), *end = strstr(at, ">\r\n");
    char *out = apr_pcalloc(unit_pool, 4 * KUJI_MAIL_SUBJECT_MAX), *to = out;
    size_t got;

    for (at = strstr(at, "=?UTF-8?B?"); at && at < end;
         at = strstr(at + 1, "=?UTF-8?B?")) {
        ck_assert_int_eq(sodium_base642bin((unsigned char *)to, 60, at + 10,
                                           strcspn(at + 10, "?"), NULL, &got,
                                           NULL,
                                           sodium_base64_VARIANT_ORIGINAL),
                         0);
        to += got;
    }
    return out;
}

/* What names and titles make too long is cut between characters: the mail goes
 * all the same. */
START_TEST(too_long_is_cut)
{
    char name[4 * KUJI_MAIL_SUBJECT_MAX] = "";
    kuji_mail_t m = plain;
    const char *cut;
    int i;

    for (i = 0; i < KUJI_MAIL_SUBJECT_MAX; i++) {
        strcat(name, "福");
    }
    m.subject = m.from_name = name;
    check_lines(message_of(&m));
    cut = words_of(message_of(&m), "From: ");
    ck_assert_uint_le(strlen(cut), KUJI_MAIL_SUBJECT_MAX);
    ck_assert_uint_gt(strlen(cut), KUJI_MAIL_SUBJECT_MAX - 4);
    ck_assert_str_eq(cut + strlen(cut) - 6, "福…");
    ck_assert_int_eq(strncmp(cut, name, strlen(cut) - 3), 0);
}
END_TEST

START_TEST(too_much_is_refused)
{
    char *body = apr_palloc(unit_pool, KUJI_MAIL_BODY_MAX + 2);
    kuji_mail_t m = plain;
    const char *text;
    apr_size_t len;

    memset(body, 'a', KUJI_MAIL_BODY_MAX + 1);
    body[KUJI_MAIL_BODY_MAX + 1] = '\0';
    m.body = body;
    ck_assert_int_eq(kuji_mail_message(&text, &len, &m, unit_pool),
                     KUJI_ETOOBIG);
    body[KUJI_MAIL_BODY_MAX] = '\0';
    check_lines(message_of(&m));
}
END_TEST

START_TEST(replies)
{
    static const struct {
        const char *line;
        int code;
        const char *text;
    } cases[] = {
        {"250 OK\r\n", 250, "250"},
        {"250-PIPELINING\r\n", 250, "250"},
        {"550 5.1.1 <taro@example.com>: unknown\r\n", 550, "550 5.1.1"},
        {"451 4.7.123 later", 451, "451 4.7.123"},
        {"550 4.1.1 classes differ", 550, "550"},
        {"552 5.2.2", 552, "552 5.2.2"},
        {"550 5.1.", 550, "550"},
        {"550 5.1234.1 x", 550, "550"},
        {"550 5.1.1x", 550, "550"},
        {"421\r\n", 421, "421"},
        {"taro@example.com", 0, ""},
        {"999 x", 0, ""},
        {"25", 0, ""},
        {"2500 x", 0, ""},
        {"", 0, ""},
    };
    unsigned i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        kuji_mail_reply_t r;

        kuji_mail_reply_read(&r, cases[i].line, strlen(cases[i].line));
        ck_assert_int_eq(r.code, cases[i].code);
        ck_assert_str_eq(r.text, cases[i].text);
    }
}
END_TEST

START_TEST(words)
{
    static const struct {
        const char *subject, *body;
        int good;
    } cases[] = {
        {"{{campaign}}", "{{#grade}}{{grade}} {{/grade}}{{prize}} {{link}}", 1},
        {"a", "", 1},
        {"a\nb", "", 0},
        {"{{code}}", "", 0}, /* another kind's */
        {"a", "{{>layout}}", 0},
        {"a", "{{campaign.title}}", 0},
        {"a", "{{.}}", 0},
        {"a", "{{#grade}}", 0},
        {"a", "{{<x}}{{/x}}", 0},
    };
    json_t *data = json_pack("{s:s, s:i}", "prize", "\"<A> & B\"", "number", 7);
    const char *out, *why;
    unsigned i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        why = NULL;
        ck_assert_msg(
            (kuji_mail_text_check(&why, KUJI_MAIL_WIN, cases[i].subject,
                                  cases[i].body, unit_pool) == APR_SUCCESS) ==
                cases[i].good,
            "%s / %s: %s", cases[i].subject, cases[i].body, why ? why : "");
        ck_assert_int_eq(why == NULL, cases[i].good);
    }
    ck_assert_int_eq(kuji_mail_text_render(&out,
                                           "{{prize}} {{{prize}}} {{number}}",
                                           data, unit_pool),
                     APR_SUCCESS);
    ck_assert_str_eq(out, "\"<A> & B\" \"<A> & B\" 7");
    json_decref(data);
}
END_TEST

START_TEST(texts_of_a_config)
{
    static const struct {
        const char *mail, *why;
    } cases[] = {
        {"{}", NULL},
        {"{\"win\":{\"ja\":{\"subject\":\"x\"},\"en\":{}}}", NULL},
        {"{\"win\":{\"ja\":{\"subject\":\"{{code}}\"}}}",
         "mail.win: ja {{code}} is nothing that this mail can say"},
        {"{\"test\":{}}", "mail has a field too many"},
        {"{\"win\":{\"fr\":{}}}", "mail.win has"},
        {"{\"win\":{\"ja\":{\"subject\":7}}}", "mail.win.ja"},
        {"[]", "mail"},
    };
    unsigned i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *mail = json_loads(cases[i].mail, 0, NULL);
        const char *why = NULL;

        kuji_mail_texts_check(&why, mail, unit_pool);
        ck_assert_msg(
            !why == !cases[i].why &&
                (!why || !strncmp(why, cases[i].why, strlen(cases[i].why))),
            "%s: %s", cases[i].mail, why ? why : "");
        json_decref(mail);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mail");

    UNIT_TEST(suite, addresses_are_read);
    UNIT_TEST(suite, addresses_have_ends);
    UNIT_TEST(suite, a_message);
    UNIT_TEST(suite, dates);
    UNIT_TEST(suite, nothing_becomes_a_header);
    UNIT_TEST(suite, hostile_parts_are_refused);
    UNIT_TEST(suite, long_subjects);
    UNIT_TEST(suite, too_long_is_cut);
    UNIT_TEST(suite, too_much_is_refused);
    UNIT_TEST(suite, replies);
    UNIT_TEST(suite, words);
    UNIT_TEST(suite, texts_of_a_config);
    return unit_main(suite);
}
