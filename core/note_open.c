/* Reading what others hand us: vkeys, signed notes, checkpoints. As strict as
 * the Go checksum database's reader, after which C2SP's text was written.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/note.h"
#include "core/note_int.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define ALGORITHM_ED25519 1
#define SIGNATURES_MAX 100
#define DASH "\xE2\x80\x94 "

static int is_utf8(const char *text, apr_size_t len)
{
    json_t *string = json_stringn(text, len);
    int ok = string != NULL;

    json_decref(string);
    return ok;
}

/* A key's name: not empty, no plus, no white space of Unicode's. */
static int name_ok(const char *name)
{
    static const char *const spaces[] = {
        "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8",
        "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

    for (const char *p = name; *p; p++) {
        if ((unsigned char)*p <= ' ' || *p == '+' || *p == 0x7F) {
            return 0;
        }
        /* U+2000 .. U+200A */
        if (!strncmp(p, "\xE2\x80", 2) && (unsigned char)p[2] >= 0x80 &&
            (unsigned char)p[2] <= 0x8A) {
            return 0;
        }
    }
    for (apr_size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
        if (strstr(name, spaces[i])) {
            return 0;
        }
    }
    return *name && is_utf8(name, strlen(name));
}

/* Exactly len bytes. */
static apr_status_t from_base64(unsigned char *out, apr_size_t len,
                                const char *text)
{
    size_t got = 0;
    const char *end;

    if (sodium_base642bin(out, len, text, strlen(text), NULL, &got, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        *end || got != len) {
        return KUJI_EINVAL;
    }
    return APR_SUCCESS;
}

apr_status_t
kuji_note_vkey_parse(const char **name,
                     unsigned char public_key[KUJI_SIGN_PUBLIC_LEN],
                     const char *vkey, apr_pool_t *pool)
{
    unsigned char key[1 + KUJI_SIGN_PUBLIC_LEN], id[4];
    char *made = apr_pstrdup(pool, vkey), hex[9];
    char *first = strchr(made, '+');
    char *second = first ? strchr(first + 1, '+') : NULL;

    if (!second || from_base64(key, sizeof(key), second + 1) ||
        key[0] != ALGORITHM_ED25519) {
        return KUJI_EINVAL;
    }
    *first = *second = '\0';
    kuji_note__key_id(id, made, key + 1);
    sodium_bin2hex(hex, sizeof(hex), id, sizeof(id));
    if (strcmp(hex, first + 1) != 0 || !name_ok(made)) {
        return KUJI_EINVAL;
    }
    *name = made;
    memcpy(public_key, key + 1, KUJI_SIGN_PUBLIC_LEN);
    return APR_SUCCESS;
}

typedef struct known_t {
    const char *name;
    unsigned char public_key[KUJI_SIGN_PUBLIC_LEN], id[4];
    const char *text;
    apr_size_t text_len;
    int good;
} known_t;

static int is_ours(const known_t *known, const char *name,
                   const unsigned char *id)
{
    return !strcmp(name, known->name) && !memcmp(id, known->id, 4);
}

/* One line without its newline. Signatures by other keys are allowed and not
 * looked at; a bad one by ours is never excused by a good one. */
static apr_status_t check_line(known_t *known, const char *line,
                               apr_pool_t *pool)
{
    char *name, *encoded;
    unsigned char *bytes;
    size_t len = 0;
    const char *end;

    if (strncmp(line, DASH, sizeof(DASH) - 1) != 0) {
        return KUJI_EINVAL;
    }
    name = apr_pstrdup(pool, line + sizeof(DASH) - 1);
    encoded = strchr(name, ' ');
    if (!encoded) {
        return KUJI_EINVAL;
    }
    *encoded++ = '\0';
    bytes = apr_palloc(pool, strlen(encoded) + 1);
    if (!name_ok(name) ||
        sodium_base642bin(bytes, strlen(encoded), encoded, strlen(encoded),
                          NULL, &len, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        *end || len < 5) {
        return KUJI_EINVAL;
    }
    if (!is_ours(known, name, bytes)) {
        return APR_SUCCESS;
    }
    known->good = 1;
    return len == 4 + crypto_sign_BYTES &&
                   !crypto_sign_verify_detached(
                       bytes + 4, (const unsigned char *)known->text,
                       known->text_len, known->public_key)
               ? APR_SUCCESS
               : KUJI_EVERIFY;
}

/* The text ends at the last empty line; what follows are signature lines. */
static const char *find_signatures(const char *note, apr_size_t len)
{
    for (apr_size_t i = len; i >= 2; i--) {
        if (note[i - 1] == '\n' && note[i - 2] == '\n') {
            return note + i;
        }
    }
    return NULL;
}

static apr_status_t check_bytes(const char *note, apr_size_t len)
{
    for (apr_size_t i = 0; i < len; i++) {
        if ((unsigned char)note[i] < ' ' && note[i] != '\n') {
            return KUJI_EINVAL;
        }
    }
    return is_utf8(note, len) ? APR_SUCCESS : KUJI_EINVAL;
}

apr_status_t kuji_note_verify(apr_size_t *text_len, const char *note,
                              apr_size_t len, const char *vkey,
                              apr_pool_t *pool)
{
    const char *at = find_signatures(note, len);
    known_t known = {.name = NULL};
    apr_status_t rv =
        kuji_note_vkey_parse(&known.name, known.public_key, vkey, pool);

    if (rv || !at || at == note + len || note[len - 1] != '\n' ||
        check_bytes(note, len)) {
        return KUJI_EINVAL;
    }
    kuji_note__key_id(known.id, known.name, known.public_key);
    known.text = note;
    *text_len = known.text_len = (apr_size_t)(at - note) - 1;
    for (int count = 0; at < note + len && !rv; count++) {
        const char *newline = memchr(at, '\n', (apr_size_t)(note + len - at));

        rv = count < SIGNATURES_MAX
                 ? check_line(
                       &known,
                       apr_pstrmemdup(pool, at, (apr_size_t)(newline - at)),
                       pool)
                 : KUJI_EINVAL;
        at = newline + 1;
    }
    return rv || known.good ? rv : KUJI_EVERIFY;
}

/* Decimal without leading zeros, at most 2^53 - 1. */
static apr_status_t read_size(uint64_t *size, const char *text)
{
    apr_size_t len = strlen(text);

    if (len < 1 || len > 16 || strspn(text, "0123456789") != len ||
        (text[0] == '0' && len > 1)) {
        return KUJI_EINVAL;
    }
    *size = (uint64_t)apr_atoi64(text);
    return *size <= (uint64_t)KUJI_INT_MAX ? APR_SUCCESS : KUJI_EINVAL;
}

apr_status_t kuji_note_open(kuji_checkpoint_t *checkpoint, const char *note,
                            apr_size_t len, const char *vkey, apr_pool_t *pool)
{
    char *origin, *size, *root;
    apr_size_t text_len;
    apr_status_t rv = kuji_note_verify(&text_len, note, len, vkey, pool);

    if (rv) {
        return rv;
    }
    origin = apr_pstrmemdup(pool, note, text_len - 1);
    size = strchr(origin, '\n');
    root = size ? strchr(size + 1, '\n') : NULL;
    if (!root || strchr(root + 1, '\n') || size == origin) {
        return KUJI_EINVAL;
    }
    *size++ = *root++ = '\0';
    checkpoint->origin = origin;
    rv = read_size(&checkpoint->size, size);
    return rv ? rv : from_base64(checkpoint->root, KUJI_HASH_LEN, root);
}
