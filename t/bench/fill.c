/* Draws a campaign full without a server: decides COUNT draws as the module
 * would, and writes them as COPY text, with the tree's nodes and edge, so that
 * the ledger is a true one and replays. Odds campaigns that nobody drew from
 * yet.
 *
 *   fill KEYFILE FACTS MANIFEST DIR COUNT [SINCE]
 *
 * Draws are of the time t that FACTS says, or come evenly from SINCE (ms) on
 * until then.
 *
 * FACTS is what fill.sh's query says: campaign id, uuid, tenant id, sealed data
 * key, sealed K, today's number, t, separated by |.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/keyfile.h"
#include "core/ledger.h"
#include "core/seal.h"

#include <apr_general.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FACTS_MAX 4096

typedef struct fill_t {
    apr_pool_t *pool;
    const char *dir;
    const char *campaign, *uuid, *tenant;
    int64_t today, t; /* of the draw at hand */
    int64_t since, until;
    unsigned char k[KUJI_KEY_LEN], digest_key[KUJI_KEY_LEN];
    const kuji_manifest_t *manifest;
    kuji_state_t state;
    kuji_tree_t tree;
    FILE *ledger, *draw, *participant, *claim, *node, *update;
} fill_t;

static void fail(const char *what)
{
    fprintf(stderr, "fill: %s\n", what);
    exit(1);
}

static void check(apr_status_t rv, const char *what)
{
    if (rv != APR_SUCCESS) {
        fail(what);
    }
}

/* The whole file, zero-terminated, without a last newline. */
static char *slurp(const char *path, apr_size_t *len, apr_pool_t *pool)
{
    char *text = apr_palloc(pool, 1 << 20);
    FILE *f = fopen(path, "rb");

    if (!f) {
        fail(path);
    }
    *len = fread(text, 1, (1 << 20) - 1, f);
    fclose(f);
    if (*len && text[*len - 1] == '\n') {
        --*len;
    }
    text[*len] = '\0';
    return text;
}

static apr_size_t unhex(unsigned char *out, apr_size_t room, const char *hex)
{
    size_t len;

    if (sodium_hex2bin(out, room, hex, strlen(hex), NULL, &len, NULL) != 0) {
        fail("not hex");
    }
    return len;
}

static void open_secrets(fill_t *f, const char *keyfile, const char *data_key,
                         const char *key)
{
    static kuji_keyfile_t keys;
    unsigned char blob[256], tenant_key[KUJI_KEY_LEN];
    unsigned char id[KUJI_UUID_LEN];
    char purpose[64];
    apr_size_t len;
    const char *why, *text = slurp(keyfile, &len, f->pool);

    check(kuji_keyfile_parse(&keys, &why, text, len), "the key file");
    len = unhex(blob, sizeof(blob), data_key);
    check(kuji_keyfile_open_tenant(tenant_key, &keys, f->tenant, blob, len),
          "the tenant's key");
    len = unhex(blob, sizeof(blob), key);
    snprintf(purpose, sizeof(purpose), "K:%s", f->uuid);
    check(kuji_unseal(f->k, tenant_key, purpose, blob, len), "K");
    memcpy(id, f->manifest->uuid, sizeof(id));
    kuji_seal_derive(f->digest_key, tenant_key, "lookup", id, sizeof(id));
}

static FILE *output(fill_t *f, const char *name)
{
    char path[4096];
    FILE *out;

    snprintf(path, sizeof(path), "%s/%s", f->dir, name);
    out = fopen(path, "wb");
    if (!out) {
        fail(path);
    }
    return out;
}

static void put_hex(FILE *out, const unsigned char *bytes, apr_size_t len)
{
    char hex[2 * KUJI_HASH_LEN + 1];

    sodium_bin2hex(hex, sizeof(hex), bytes, len);
    fprintf(out, "\\\\x%s", hex);
}

static void on_node(void *baton, unsigned level, uint64_t index,
                    const unsigned char hash[KUJI_HASH_LEN])
{
    fill_t *f = baton;

    if (level < KUJI_TREE_STORED_LEVEL) {
        return;
    }
    fprintf(f->node, "%s\t%u\t%" PRIu64 "\t%s\t", f->campaign, level, index,
            f->tenant);
    put_hex(f->node, hash, KUJI_HASH_LEN);
    fputc('\n', f->node);
}

static void append(fill_t *f, const char *leaf, apr_size_t len)
{
    unsigned char hash[KUJI_HASH_LEN];

    kuji_tree_leaf_hash(hash, leaf, len);
    kuji_tree_append(&f->tree, hash, on_node, f);
}

static void put_digest(fill_t *f, FILE *out, const char *label,
                       const char *text)
{
    unsigned char digest[KUJI_DIGEST_LEN];

    kuji_seal_digest(digest, f->digest_key, label, text, strlen(text));
    put_hex(out, digest, sizeof(digest));
}

static void put_participant(fill_t *f, uint64_t n, const char *id,
                            const unsigned char *salt, int won)
{
    FILE *out = f->participant;

    fprintf(out, "%s\t%s\t%" PRIu64 "\t1\t%d\t%" PRId64 "\t1\t", f->campaign,
            f->tenant, n, won, f->today);
    put_digest(f, out, "participant", id);
    fputc('\t', out);
    put_hex(out, salt, KUJI_SALT_LEN);
    fputc('\n', out);
}

static void put_draw(fill_t *f, uint64_t n, const char *id)
{
    FILE *out = f->draw;

    fprintf(out, "%s\t%" PRIu64 "\t%s\t%" PRIu64 "\t%" PRIu64 "\t1\t",
            f->campaign, n, f->tenant, n, n);
    put_digest(f, out, "key", id);
    fputc('\t', out);
    put_digest(f, out, "body", id);
    fputc('\t', out);
    put_digest(f, out, "participant", id);
    fputc('\n', out);
}

static void draw_one(fill_t *f, uint64_t n)
{
    unsigned char salt[KUJI_SALT_LEN], who[KUJI_HASH_LEN];
    char id[32], leaf[KUJI_LEAF_DRAW_MAX];
    int prize = kuji_draw_decide(f->manifest, NULL, f->k, &f->state, n, f->t);
    const char *code = prize >= 0 ? f->manifest->prizes[prize].code : NULL;
    apr_size_t len;

    snprintf(id, sizeof(id), "filled-%" PRIu64, n);
    randombytes_buf(salt, sizeof(salt));
    kuji_ledger_who(who, salt, id, strlen(id));
    len = kuji_ledger_draw(leaf, n, n, code, f->t, who);
    append(f, leaf, len);
    fprintf(f->ledger, "%s\t%" PRIu64 "\t%s\t%s\n", f->campaign, n, f->tenant,
            leaf);
    put_draw(f, n, id);
    put_participant(f, n, id, salt, prize >= 0);
    if (prize >= 0) {
        fprintf(f->claim, "%s\t%" PRIu64 "\t%s\t%d\t%" PRId64 "\n", f->campaign,
                n, f->tenant, prize, f->t);
    }
}

static void put_update(fill_t *f, uint64_t count)
{
    unsigned char edge[KUJI_TREE_EDGE_MAX * KUJI_HASH_LEN];
    char hex[2 * sizeof(edge) + 1];
    int i;

    sodium_bin2hex(hex, sizeof(hex), edge, kuji_tree_pack(&f->tree, edge));
    fprintf(f->update,
            "UPDATE kuji.campaign SET next_n = %" PRIu64 ", size = %" PRIu64
            ", last_t = %" PRId64 ", day = %" PRId64 ", day_draws = %" PRIu64
            ", edge = '\\x%s' WHERE id = %s;\n",
            count + 1, f->tree.size, f->t, f->today, count, hex, f->campaign);
    for (i = 0; i < f->manifest->nprizes; i++) {
        fprintf(f->update,
                "UPDATE kuji.prize SET units_left = %" PRId64
                ", awarded = %" PRId64 " WHERE campaign_id = %s AND pos = %d;"
                "\n",
                f->state.stock[i].left, f->state.stock[i].awarded, f->campaign,
                i);
    }
}

static void open_outputs(fill_t *f)
{
    f->ledger = output(f, "ledger");
    f->draw = output(f, "draw");
    f->participant = output(f, "participant");
    f->claim = output(f, "claim");
    f->node = output(f, "ledger_node");
    f->update = output(f, "update.sql");
}

static void close_outputs(fill_t *f)
{
    FILE *all[] = {f->ledger, f->draw, f->participant,
                   f->claim,  f->node, f->update};
    unsigned i;

    for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (fclose(all[i]) != 0) {
            fail("writing");
        }
    }
}

static void draw_all(fill_t *f, uint64_t count)
{
    double step = (double)(f->until - f->since) / (double)count;
    uint64_t n;

    for (n = 1; n <= count; n++) {
        f->t = f->since + (int64_t)(step * (double)n);
        draw_one(f, n);
    }
}

int main(int argc, char **argv)
{
    static fill_t f;
    char *facts[7], *rest;
    const char *why = NULL, *bytes;
    apr_size_t len;
    uint64_t count;
    int i;

    if (argc < 6 || argc > 7 || sodium_init() < 0) {
        fail("usage: fill KEYFILE FACTS MANIFEST DIR COUNT [SINCE]");
    }
    apr_initialize();
    apr_pool_create(&f.pool, NULL);
    rest = slurp(argv[2], &len, f.pool);
    for (i = 0; i < 7; i++) {
        facts[i] = strsep(&rest, "|");
        if (!facts[i]) {
            fail("facts are missing");
        }
    }
    f.campaign = facts[0], f.uuid = facts[1], f.tenant = facts[2];
    f.today = atoll(facts[5]), f.until = atoll(facts[6]);
    f.since = argc == 7 ? atoll(argv[6]) : f.until;
    f.dir = argv[4];
    count = strtoull(argv[5], NULL, 10);
    bytes = slurp(argv[3], &len, f.pool);
    check(kuji_manifest_parse(&f.manifest, &why, bytes, len, f.pool),
          why ? why : "the manifest");
    if (f.manifest->method != KUJI_ODDS) {
        fail("not an odds campaign");
    }
    open_secrets(&f, argv[1], facts[3], facts[4]);
    open_outputs(&f);
    kuji_state_init(&f.state, f.manifest, f.pool);
    kuji_tree_init(&f.tree);
    append(&f, f.manifest->bytes, f.manifest->len);
    draw_all(&f, count);
    put_update(&f, count);
    close_outputs(&f);
    return 0;
}
