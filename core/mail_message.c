/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mail_message.h"

#include "core/utf8.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/** RFC 2047 2: a line with an encoded word has 76 characters at most, of which
 * 12 are "=?UTF-8?B??=", and 4 of base64 hold 3 bytes. The first of a field
 * comes behind its name. */
#define FIRST_BYTES 39
#define WORD_BYTES 45
/** RFC 2045 6.8: 76 characters a line. */
#define LINE_BYTES 57
/** ms of the last day that has a year of four digits. */
#define DATE_MAX INT64_C(253402300799000)
#define BASE64 sodium_base64_VARIANT_ORIGINAL
#define BASE64_ROOM 80

typedef struct buffer_t {
    char *text;
    apr_size_t len;
} buffer_t;

static void put(buffer_t *b, const char *text, apr_size_t len)
{
    memcpy(b->text + b->len, text, len);
    b->len += len;
}

static void put_text(buffer_t *b, const char *text)
{
    put(b, text, strlen(text));
}

static void put_base64(buffer_t *b, const char *bytes, apr_size_t len)
{
    char out[BASE64_ROOM];

    sodium_bin2base64(out, sizeof(out), (const unsigned char *)bytes, len,
                      BASE64);
    put_text(b, out);
}

/* Well-formed UTF-8; of control characters line feeds alone stay, where
 * keep_lines says so. */
static char *clean(apr_size_t *out_len, const char *text, int keep_lines,
                   apr_pool_t *pool)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t left = strlen(text), used, to = 0;
    char *out = apr_palloc(pool, 3 * left + 1);
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        used = kuji_utf8_next(&c, at, left);
        if (used == 0) {
            memcpy(out + to, "\xef\xbf\xbd", 3);
            used = 1;
            to += 3;
        }
        else if (c == '\r' && keep_lines) {
            continue;
        }
        else if ((c < 0x20 && !(c == '\n' && keep_lines)) ||
                 (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029) {
            out[to++] = ' ';
        }
        else {
            memcpy(out + to, at, used);
            to += used;
        }
    }
    out[to] = '\0';
    *out_len = to;
    return out;
}

/* The same for a header: one that is too long ends in an ellipsis, since it is
 * what names and titles made of it, and no reason to keep the mail. */
static const char *clean_line(apr_size_t *len, const char *text,
                              apr_pool_t *pool)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    char *out = clean(len, text, 0, pool);

    if (*len > KUJI_MAIL_SUBJECT_MAX) {
        *len = KUJI_MAIL_SUBJECT_MAX - (sizeof(ellipsis) - 1);
        while (((unsigned char)out[*len] & 0xc0) == 0x80) {
            --*len;
        }
        memcpy(out + *len, ellipsis, sizeof(ellipsis));
        *len += sizeof(ellipsis) - 1;
    }
    return out;
}

static int is_plain_header(const char *text)
{
    const char *c;

    for (c = text; *c; c++) {
        if (*c < 0x20 || *c > 0x7e) {
            return 0;
        }
    }
    /* "=?" could be read as an encoded word. */
    return !strstr(text, "=?") && c - text <= 60;
}

/* "Name: " was put. Encoded words never split a character (RFC 2047 5). */
static void put_words(buffer_t *b, const char *text, apr_size_t len)
{
    apr_size_t take, room = FIRST_BYTES;

    while (len > 0) {
        take = len < room ? len : room;
        room = WORD_BYTES;
        while (take < len && ((unsigned char)text[take] & 0xc0) == 0x80) {
            take--;
        }
        put_text(b, "=?UTF-8?B?");
        put_base64(b, text, take);
        put_text(b, "?=");
        text += take;
        len -= take;
        if (len > 0) {
            put_text(b, "\r\n ");
        }
    }
}

static void put_from(buffer_t *b, const kuji_mail_t *mail, apr_pool_t *pool)
{
    apr_size_t len;
    const char *name =
        clean_line(&len, mail->from_name ? mail->from_name : "", pool);

    put_text(b, "From: ");
    if (len) {
        put_words(b, name, len);
        put_text(b, "\r\n ");
    }
    put_text(b, "<");
    put_text(b, mail->from);
    put_text(b, ">\r\n");
}

static void put_subject(buffer_t *b, const kuji_mail_t *mail, apr_pool_t *pool)
{
    apr_size_t len;
    const char *subject = clean_line(&len, mail->subject, pool);

    put_text(b, "Subject: ");
    if (is_plain_header(subject)) {
        put(b, subject, len);
    }
    else {
        put_words(b, subject, len);
    }
    put_text(b, "\r\n");
}

typedef struct day_t {
    int year, month, day; /* month 0 .. 11, day 1 .. 31 */
} day_t;

/* The proleptic Gregorian date of a day since 1970: by eras of 400 years that
 * begin in March, so that a leap day is an era's last. */
static day_t date_of(int64_t days)
{
    int64_t shifted = days + 719468, era = shifted / 146097;
    int64_t of_era = shifted % 146097;
    int64_t year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t from_march = (5 * of_year + 2) / 153;
    day_t d;

    d.day = (int)(of_year - (153 * from_march + 2) / 5 + 1);
    d.month = (int)((from_march + 2) % 12);
    d.year = (int)(year + era * 400 + (from_march >= 10));
    return d;
}

/* RFC 5322 3.3 */
static void put_date(buffer_t *b, int64_t ms)
{
    static const char week[][4] = {"Thu", "Fri", "Sat", "Sun",
                                   "Mon", "Tue", "Wed"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t seconds = ms / 1000, days = seconds / 86400;
    int of_day = (int)(seconds % 86400);
    day_t d = date_of(days);
    char text[64];

    apr_snprintf(text, sizeof(text),
                 "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", week[days % 7],
                 d.day, months[d.month], d.year, of_day / 3600,
                 of_day / 60 % 60, of_day % 60);
    put_text(b, text);
}

static void put_fixed(buffer_t *b, const kuji_mail_t *mail)
{
    put_text(b, "To: <");
    put_text(b, mail->to);
    put_text(b, ">\r\nMessage-ID: <");
    put_text(b, mail->id);
    put_text(b, strrchr(mail->from, '@'));
    put_text(b, ">\r\nAuto-Submitted: auto-generated\r\n"
                "MIME-Version: 1.0\r\n"
                "Content-Type: text/plain; charset=utf-8\r\n"
                "Content-Transfer-Encoding: base64\r\n"
                "Content-Language: ");
    put_text(b, mail->language);
    put_text(b, "\r\n");
    if (mail->unsubscribe) {
        /* RFC 8058 */
        put_text(b, "List-Unsubscribe: <");
        put_text(b, mail->unsubscribe);
        put_text(b, ">\r\nList-Unsubscribe-Post: "
                    "List-Unsubscribe=One-Click\r\n");
    }
}

/* RFC 2045 6.8: the text's own line breaks are CR LF. */
static void put_body(buffer_t *b, const char *body, apr_pool_t *pool)
{
    apr_size_t len = 0, i;
    char *text = apr_palloc(pool, 2 * strlen(body) + 3);

    for (; *body; body++) {
        if (*body == '\n') {
            text[len++] = '\r';
        }
        text[len++] = *body;
    }
    if (len && text[len - 1] != '\n') {
        memcpy(text + len, "\r\n", 2);
        len += 2;
    }
    for (i = 0; i < len; i += LINE_BYTES) {
        put_base64(b, text + i, len - i < LINE_BYTES ? len - i : LINE_BYTES);
        put_text(b, "\r\n");
    }
}

/* One that kuji_mail_address_read has made. */
static int is_address(const char *text)
{
    const char *c;

    for (c = text; *c > 0x20 && *c < 0x7f && *c != '<' && *c != '>'; c++) {
    }
    return !*c && strchr(text, '@') && strlen(text) <= 256;
}

static int is_id(const char *text)
{
    apr_size_t len = strlen(text);

    return len > 0 && len <= 64 &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789-") == len;
}

static int is_link(const char *text)
{
    const char *c;

    for (c = text; *c > 0x20 && *c < 0x7f && *c != '<' && *c != '>'; c++) {
    }
    return !*c && strncmp(text, "https://", 8) == 0 && c - text <= 900;
}

apr_status_t kuji_mail_message(const char **text, apr_size_t *len,
                               const kuji_mail_t *mail, apr_pool_t *pool)
{
    buffer_t b = {NULL, 0};
    apr_size_t body_len;
    const char *body;

    if (mail->date < 0 || mail->date > DATE_MAX || !is_address(mail->from) ||
        !is_address(mail->to) || !is_id(mail->id) ||
        strlen(mail->language) != 2 || !is_id(mail->language) ||
        (mail->unsubscribe && !is_link(mail->unsubscribe))) {
        return KUJI_EINVAL;
    }
    body = clean(&body_len, mail->body, 1, pool);
    if (body_len > KUJI_MAIL_BODY_MAX) {
        return KUJI_ETOOBIG;
    }
    /* Headers, and 4/3 of a body whose line feeds may double, with CR LF. */
    b.text = apr_palloc(pool, 8192 + 3 * body_len);
    put_date(&b, mail->date);
    put_from(&b, mail, pool);
    put_subject(&b, mail, pool);
    put_fixed(&b, mail);
    put_text(&b, "\r\n");
    put_body(&b, body, pool);
    b.text[b.len] = '\0';
    *text = b.text;
    *len = b.len;
    return APR_SUCCESS;
}
