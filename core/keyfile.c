/* Reading the key file. Strict: a file that is not plainly right is refused,
 * because whatever is sealed with a wrong key is lost.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/keyfile.h"

#include "core/error.h"
#include "core/seal.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define HEX_LEN (2 * (apr_size_t)KUJI_KEY_LEN)
#define ID_MAX 0x7fffffffu
#define PURPOSE_MAX 64

/* What remains of one line. */
typedef struct cursor_t {
    const char *at, *end;
} cursor_t;

static int take_word(cursor_t *line, const char *word)
{
    apr_size_t len = strlen(word);

    if ((apr_size_t)(line->end - line->at) < len ||
        memcmp(line->at, word, len) != 0) {
        return 0;
    }
    line->at += len;
    return 1;
}

/* Digits without leading zero, then one space. */
static int take_id(cursor_t *line, uint32_t *id)
{
    uint64_t value = 0;
    const char *start = line->at;

    while (line->at < line->end && *line->at >= '0' && *line->at <= '9') {
        value = value * 10 + (uint64_t)(*line->at++ - '0');
        if (value > ID_MAX) {
            return 0;
        }
    }
    *id = (uint32_t)value;
    return value > 0 && *start != '0' && take_word(line, " ");
}

/* All that remains: one key in hex. */
static int take_key(cursor_t *line, unsigned char key[KUJI_KEY_LEN])
{
    apr_size_t len;

    return (apr_size_t)(line->end - line->at) == HEX_LEN &&
           sodium_hex2bin(key, KUJI_KEY_LEN, line->at, HEX_LEN, NULL, &len,
                          NULL) == 0 &&
           len == KUJI_KEY_LEN;
}

static const char *add_numbered(kuji_numbered_key_t *list, int *count,
                                cursor_t *line)
{
    kuji_numbered_key_t *key = &list[*count];
    int i;

    if (*count == KUJI_KEYFILE_MAX) {
        return "more than 8 keys of one kind";
    }
    if (!take_id(line, &key->id)) {
        return "a key's number is not 1 to 2147483647";
    }
    if (!take_key(line, key->key)) {
        return "a key is not 64 hexadecimal digits";
    }
    for (i = 0; i < *count; i++) {
        if (list[i].id == key->id) {
            return "two keys of one kind have the same number";
        }
    }
    ++*count;
    return NULL;
}

static const char *add_checkpoint(kuji_keyfile_t *keys, int *seen,
                                  cursor_t *line)
{
    unsigned char seed[KUJI_SIGN_SEED_LEN];

    if (*seen) {
        return "more than one checkpoint key";
    }
    if (!take_key(line, seed)) {
        return "a key is not 64 hexadecimal digits";
    }
    kuji_signer_init(&keys->signer, seed);
    sodium_memzero(seed, sizeof(seed));
    *seen = 1;
    return NULL;
}

static const char *add_line(kuji_keyfile_t *keys, int *has_checkpoint,
                            cursor_t line)
{
    if (line.at == line.end || *line.at == '#') {
        return NULL;
    }
    if (take_word(&line, "master ")) {
        return add_numbered(keys->masters, &keys->nmasters, &line);
    }
    if (take_word(&line, "cookie ")) {
        return add_numbered(keys->cookies, &keys->ncookies, &line);
    }
    if (take_word(&line, "checkpoint ")) {
        return add_checkpoint(keys, has_checkpoint, &line);
    }
    return "a line is neither master, cookie, checkpoint nor comment";
}

/* The next line without its end; 0 when there is none. */
static int next_line(cursor_t *line, cursor_t *file)
{
    const char *newline;

    if (file->at == file->end) {
        return 0;
    }
    newline = memchr(file->at, '\n', (size_t)(file->end - file->at));
    line->at = file->at;
    line->end = newline ? newline : file->end;
    file->at = newline ? newline + 1 : file->end;
    return 1;
}

static const char *parse(kuji_keyfile_t *keys, cursor_t file)
{
    const char *why = NULL;
    int has_checkpoint = 0;
    cursor_t line;

    if (!next_line(&line, &file) || !take_word(&line, "kuji-keys 1") ||
        line.at != line.end) {
        return "the first line is not \"kuji-keys 1\"";
    }
    while (!why && next_line(&line, &file)) {
        why = add_line(keys, &has_checkpoint, line);
    }
    if (why) {
        return why;
    }
    if (keys->nmasters == 0) {
        return "no master key";
    }
    if (keys->ncookies == 0) {
        return "no cookie key";
    }
    return has_checkpoint ? NULL : "no checkpoint key";
}

apr_status_t kuji_keyfile_parse(kuji_keyfile_t *keys, const char **why,
                                const char *text, apr_size_t len)
{
    cursor_t file = {text, text + len};

    memset(keys, 0, sizeof(*keys));
    *why = parse(keys, file);
    if (*why) {
        sodium_memzero(keys, sizeof(*keys));
        return KUJI_EINVAL;
    }
    return APR_SUCCESS;
}

const unsigned char *kuji_keyfile_master(const kuji_keyfile_t *keys,
                                         uint32_t id)
{
    int i;

    for (i = 0; i < keys->nmasters; i++) {
        if (keys->masters[i].id == id) {
            return keys->masters[i].key;
        }
    }
    return NULL;
}

static void tenant_purpose(char purpose[PURPOSE_MAX], const char *tenant_uuid)
{
    snprintf(purpose, PURPOSE_MAX, "tenant:%s", tenant_uuid);
}

void kuji_keyfile_seal_tenant(unsigned char *out, const kuji_keyfile_t *keys,
                              const unsigned char nonce[24],
                              const char *tenant_uuid,
                              const unsigned char data_key[KUJI_KEY_LEN])
{
    char purpose[PURPOSE_MAX];

    tenant_purpose(purpose, tenant_uuid);
    kuji_seal(out, keys->masters[0].key, keys->masters[0].id, nonce, purpose,
              data_key, KUJI_KEY_LEN);
}

apr_status_t kuji_keyfile_open_tenant(unsigned char data_key[KUJI_KEY_LEN],
                                      const kuji_keyfile_t *keys,
                                      const char *tenant_uuid,
                                      const unsigned char *blob, apr_size_t len)
{
    const unsigned char *master =
        kuji_keyfile_master(keys, kuji_seal_key_id(blob, len));
    char purpose[PURPOSE_MAX];

    if (!master || len != KUJI_KEY_LEN + KUJI_SEAL_OVERHEAD) {
        return KUJI_ECRYPT;
    }
    tenant_purpose(purpose, tenant_uuid);
    return kuji_unseal(data_key, master, purpose, blob, len);
}
