/* SPDX-License-Identifier: Apache-2.0 */
#include "core/password.h"

#include <stdlib.h>
#include <string.h>

#define WORD_MIN 4
#define LOGIN_MAX 200

const char *kuji_flaw_name(kuji_flaw_e flaw)
{
    static const char *const names[] = {NULL,     "short",  "long",
                                        "simple", "common", "login"};

    return names[flaw];
}

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++) {
        count += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return count;
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static void lower(char *out, const char *text, size_t size)
{
    size_t i;

    for (i = 0; text[i] && i + 1 < size; i++) {
        out[i] =
            text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
    }
    out[i] = '\0';
}

/* The length of what text is repetitions of: its own if it is none. */
static size_t period(const char *text, size_t len)
{
    size_t p;

    for (p = 1; p < len; p++) {
        if (len % p == 0 && memcmp(text, text + p, len - p) == 0) {
            return p;
        }
    }
    return len;
}

static int is_row(const char *text, size_t len, int step)
{
    size_t i;

    for (i = 1; i < len; i++) {
        /* 9 is followed by 0, 0 by 9. */
        if (text[i] - text[i - 1] != step &&
            !(text[i] - text[i - 1] == -9 * step && text[i] >= '0' &&
              text[i] <= '9')) {
            return 0;
        }
    }
    return 1;
}

static int is_simple(const char *text, size_t len)
{
    char seen[256] = {0};
    int different = 0;
    size_t i;

    for (i = 0; i < len; i++) {
        different += !seen[(unsigned char)text[i]];
        seen[(unsigned char)text[i]] = 1;
    }
    return different < 5 || period(text, len) <= 4 || is_row(text, len, 1) ||
           is_row(text, len, -1);
}

static int compare(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

/* Whether word[len] is common, or the login. */
static kuji_flaw_e match(const char *word, size_t len, const char *login)
{
    char text[KUJI_PASSWORD_MAX + 1];

    if (len < WORD_MIN) {
        return KUJI_FLAW_NONE;
    }
    memcpy(text, word, len);
    text[len] = '\0';
    if (strcmp(text, login) == 0) {
        return KUJI_FLAW_LOGIN;
    }
    return bsearch(text, kuji_common_passwords, KUJI_COMMON_COUNT,
                   sizeof(kuji_common_passwords[0]), compare)
               ? KUJI_FLAW_COMMON
               : KUJI_FLAW_NONE;
}

/* The word itself, and what it repeats. */
static kuji_flaw_e match_both(const char *word, size_t len, const char *login)
{
    kuji_flaw_e flaw = match(word, len, login);

    return flaw ? flaw : match(word, period(word, len), login);
}

kuji_flaw_e kuji_password_flaw(const char *password, const char *login)
{
    char text[KUJI_PASSWORD_MAX + 1], name[LOGIN_MAX + 1];
    size_t len = strlen(password), from = 0;
    kuji_flaw_e flaw;

    if (characters(password) < KUJI_PASSWORD_MIN) {
        return KUJI_FLAW_SHORT;
    }
    if (len > KUJI_PASSWORD_MAX) {
        return KUJI_FLAW_LONG;
    }
    lower(text, password, sizeof(text));
    lower(name, login, sizeof(name));
    if (is_simple(text, len)) {
        return KUJI_FLAW_SIMPLE;
    }
    flaw = match_both(text, len, name);
    while (len && !is_letter(text[len - 1])) {
        len--;
    }
    while (from < len && !is_letter(text[from])) {
        from++;
    }
    return flaw ? flaw : match_both(text + from, len - from, name);
}
