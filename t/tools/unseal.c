/* What the database keeps sealed, opened, so that a test can look for it where
 * it must not be. Never installed.
 *
 *   unseal KEYFILE < rows
 *
 * A row is "tenant data-key campaign seed K": uuids, and the sealed forms in
 * hex. Prints "name hex" a line: every master key, each tenant's data key, each
 * campaign's seed and K.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/keyfile.h"
#include "core/seal.h"

#include <apr_general.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEALED_LEN (KUJI_KEY_LEN + KUJI_SEAL_OVERHEAD)

static void die(const char *what)
{
    fprintf(stderr, "unseal: %s\n", what);
    exit(EXIT_FAILURE);
}

static void print(const char *name, const unsigned char key[KUJI_KEY_LEN])
{
    char hex[2 * KUJI_KEY_LEN + 1];

    sodium_bin2hex(hex, sizeof(hex), key, KUJI_KEY_LEN);
    printf("%s %s\n", name, hex);
}

static void read_keys(kuji_keyfile_t *keys, const char *name)
{
    char text[8192];
    const char *why;
    FILE *file = fopen(name, "r");
    int i;

    if (!file) {
        die("the key file does not open");
    }
    if (kuji_keyfile_parse(keys, &why, text,
                           fread(text, 1, sizeof(text), file))) {
        die(why);
    }
    fclose(file);
    for (i = 0; i < keys->nmasters; i++) {
        print("master", keys->masters[i].key);
    }
}

static void open_one(const unsigned char data_key[KUJI_KEY_LEN],
                     const char *label, const char *campaign, const char *hex)
{
    unsigned char blob[SEALED_LEN], key[KUJI_KEY_LEN];
    char purpose[64];
    size_t len;

    snprintf(purpose, sizeof(purpose), "%s:%s", label, campaign);
    if (sodium_hex2bin(blob, sizeof(blob), hex, strlen(hex), NULL, &len,
                       NULL) ||
        kuji_unseal(key, data_key, purpose, blob, len)) {
        die("a campaign's secret does not open");
    }
    print(label, key);
}

static void open_row(const kuji_keyfile_t *keys, const char *const field[5])
{
    unsigned char blob[SEALED_LEN], data_key[KUJI_KEY_LEN];
    size_t len;

    if (sodium_hex2bin(blob, sizeof(blob), field[1], strlen(field[1]), NULL,
                       &len, NULL) ||
        kuji_keyfile_open_tenant(data_key, keys, field[0], blob, len)) {
        die("a tenant's data key does not open");
    }
    print("data", data_key);
    open_one(data_key, "seed", field[2], field[3]);
    open_one(data_key, "K", field[2], field[4]);
}

int main(int argc, const char *const *argv)
{
    static char text[5][256];
    static const char *const field[5] = {text[0], text[1], text[2], text[3],
                                         text[4]};
    kuji_keyfile_t keys;

    if (argc != 2 || sodium_init() < 0) {
        die("usage: unseal KEYFILE < rows");
    }
    read_keys(&keys, argv[1]);
    while (scanf("%255s %255s %255s %255s %255s", text[0], text[1], text[2],
                 text[3], text[4]) == 5) {
        open_row(&keys, field);
    }
    return EXIT_SUCCESS;
}
