/* Writing draw and entry leaves without allocation: the hot path, at about a
 * hundred nanoseconds a leaf. Fields stand in canonical order here once and for
 * all; nothing in them ever needs an escape.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/ledger.h"
#include "core/sha256.h"

#include <sodium.h>
#include <string.h>

#define PUT(at, text)                                                          \
    (memcpy((at), (text), sizeof(text) - 1), (at) + sizeof(text) - 1)

static char *put_number(char *at, uint64_t value)
{
    char digits[20];
    int i = sizeof(digits);

    do {
        digits[--i] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    memcpy(at, digits + i, sizeof(digits) - i);
    return at + sizeof(digits) - i;
}

static char *put_hex(char *at, const unsigned char *bytes, int len)
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < len; i++) {
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 15];
    }
    return at;
}

static char *put_tail(char *at, int64_t t,
                      const unsigned char who[KUJI_HASH_LEN])
{
    at = put_number(PUT(at, ",\"t\":"), (uint64_t)t);
    at = put_hex(PUT(at, ",\"who\":\""), who, KUJI_HASH_LEN);
    at = PUT(at, "\"}");
    *at = '\0';
    return at;
}

apr_size_t kuji_ledger_draw(char *out, uint64_t i, uint64_t n,
                            const char *prize, int64_t t,
                            const unsigned char who[KUJI_HASH_LEN])
{
    char *at = put_number(PUT(out, "{\"i\":"), i);

    at = put_number(PUT(at, ",\"kind\":\"draw\",\"n\":"), n);
    at = PUT(at, ",\"prize\":");
    if (prize) {
        apr_size_t len = strlen(prize);

        at = PUT(at, "\"");
        memcpy(at, prize, len);
        at = PUT(at + len, "\"");
    }
    else {
        at = PUT(at, "null");
    }
    return (apr_size_t)(put_tail(at, t, who) - out);
}

apr_size_t kuji_ledger_entry(char *out, uint64_t i, uint64_t n, int64_t t,
                             const unsigned char who[KUJI_HASH_LEN])
{
    char *at = put_number(PUT(out, "{\"i\":"), i);

    at = put_number(PUT(at, ",\"kind\":\"entry\",\"n\":"), n);
    return (apr_size_t)(put_tail(at, t, who) - out);
}

void kuji_ledger_who(unsigned char who[KUJI_HASH_LEN],
                     const unsigned char salt[KUJI_SALT_LEN], const void *id,
                     apr_size_t len)
{
    kuji_sha256_prefixed(who, salt, KUJI_SALT_LEN, id, len);
}
