/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mail_address.h"

#include "core/utf8.h"

#include <apr_strings.h>
#include <idn2.h>
#include <string.h>

/** Of what is typed; UTF-8 takes up to four bytes a character. */
#define TYPED_MAX 1024

/* RFC 5322 3.2.3 */
static int is_atext(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static int is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xa0 ||
           c == 0x3000;
}

/* Japanese keyboards write full-width forms. */
static uint32_t narrow(uint32_t c)
{
    return c >= 0xff01 && c <= 0xff5e ? c - 0xff01 + 0x21 : c;
}

/* Trimmed and narrowed. */
static apr_status_t tidy(char *out, const char *text, apr_size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t used, to = 0, end = 0;
    uint32_t c;

    if (len > TYPED_MAX) {
        return KUJI_ETOOBIG;
    }
    for (; len > 0; at += used, len -= used) {
        used = kuji_utf8_next(&c, at, len);
        if (used == 0) {
            return KUJI_EINVAL;
        }
        if (is_blank(c) && to == 0) {
            continue;
        }
        if (narrow(c) != c) {
            out[to++] = (char)narrow(c);
        }
        else {
            memcpy(out + to, at, used);
            to += used;
        }
        end = is_blank(c) ? end : to;
    }
    out[end] = '\0';
    return APR_SUCCESS;
}

/* *plain: it is a dot-atom and needs no quotes. */
static apr_status_t check_local(int *plain, const char *local, apr_size_t len)
{
    apr_size_t i;

    if (len == 0 || local[0] == '.') {
        return KUJI_EINVAL;
    }
    if (len > KUJI_MAIL_LOCAL_MAX) {
        return KUJI_ETOOBIG;
    }
    *plain = local[len - 1] != '.';
    for (i = 0; i < len; i++) {
        if (local[i] != '.' && !is_atext((unsigned char)local[i])) {
            return KUJI_EINVAL;
        }
        if (local[i] == '.' && i + 1 < len && local[i + 1] == '.') {
            *plain = 0;
        }
    }
    return APR_SUCCESS;
}

/* Letters, digits and hyphens between at least two labels, the last of which
 * is no number (that would be an IPv4 address). RFC 5321 2.3.5. */
static apr_status_t check_domain(const char *domain)
{
    static const char ldh[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const char *label = domain;
    apr_size_t len = 0;
    int labels = 0;

    if (strlen(domain) > KUJI_MAIL_DOMAIN_MAX - 2) {
        return KUJI_ETOOBIG;
    }
    for (;; label += len + 1, labels++) {
        len = strcspn(label, ".");
        if (len == 0 || len > 63 || strspn(label, ldh) < len ||
            label[0] == '-' || label[len - 1] == '-') {
            return KUJI_EINVAL;
        }
        if (!label[len]) {
            break;
        }
    }
    return labels == 0 || strspn(label, "0123456789") == len ? KUJI_EINVAL
                                                             : APR_SUCCESS;
}

/* libidn2 leaves out what STD 3 forbids, instead of saying so. */
static int is_typed_domain(const char *typed)
{
    for (; *typed; typed++) {
        if ((signed char)*typed > 0 && !strchr("-.", *typed) &&
            !(*typed >= '0' && *typed <= '9') &&
            !(*typed >= 'A' && *typed <= 'Z') &&
            !(*typed >= 'a' && *typed <= 'z')) {
            return 0;
        }
    }
    return 1;
}

static apr_status_t read_domain(char *out, const char *typed)
{
    char *ascii = NULL;
    apr_status_t rv = KUJI_EINVAL;

    if (is_typed_domain(typed) &&
        idn2_to_ascii_8z(typed, &ascii,
                         IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK) {
        rv = check_domain(ascii);
    }

    if (rv == APR_SUCCESS) {
        strcpy(out, ascii);
    }
    idn2_free(ascii);
    return rv;
}

static int keeps_dots_apart(const char *domain)
{
    return strcmp(domain, "gmail.com") != 0 &&
           strcmp(domain, "googlemail.com") != 0;
}

static void make_identity(kuji_mail_address_t *out, const char *local,
                          apr_size_t len, const char *domain, unsigned fold)
{
    char *to = out->identity;
    int drop_dots = (fold & KUJI_MAIL_FOLD) && !keeps_dots_apart(domain);
    apr_size_t i;

    for (i = 0; i < len; i++) {
        char c = local[i];

        /* An address that begins with a plus has no other name. */
        if ((fold & KUJI_MAIL_FOLD) && c == '+' && to > out->identity) {
            break;
        }
        if (c != '.' || !drop_dots) {
            *to++ = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
        }
    }
    *to++ = '@';
    strcpy(to, drop_dots ? "gmail.com" : domain);
    out->domain = to;
}

apr_status_t kuji_mail_address_read(kuji_mail_address_t *out, const char *text,
                                    apr_size_t len, unsigned fold)
{
    char typed[TYPED_MAX + 1], domain[KUJI_MAIL_DOMAIN_MAX + 1];
    const char *quote;
    char *at;
    int plain = 1;
    apr_status_t rv = tidy(typed, text, len);

    memset(out, 0, sizeof(*out));
    if (rv != APR_SUCCESS) {
        return rv;
    }
    at = strchr(typed, '@');
    if (!at || strlen(typed) < 3) {
        return KUJI_EINVAL;
    }
    rv = check_local(&plain, typed, (apr_size_t)(at - typed));
    if (rv == APR_SUCCESS) {
        rv = read_domain(domain, at + 1);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if ((apr_size_t)(at - typed) + 1 + strlen(domain) > KUJI_MAIL_ADDRESS_MAX) {
        return KUJI_ETOOBIG;
    }
    quote = plain ? "" : "\"";
    apr_snprintf(out->text, sizeof(out->text), "%s%.*s%s@%s", quote,
                 (int)(at - typed), typed, quote, domain);
    make_identity(out, typed, (apr_size_t)(at - typed), domain, fold);
    return APR_SUCCESS;
}
