/* Writes a whole closed campaign of any size into a directory, as its page
 * would publish it: manifest.json, ledger.jsonl, checkpoint, key.
 *
 *   make_ledger METHOD DRAWS DIRECTORY
 *
 * Everything in it is fixed, so the same arguments give the same files.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/ledger.h"
#include "core/note.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPENS INT64_C(1700000000000)
#define DAY INT64_C(86400000)
#define CLOSES (OPENS + 30 * DAY)

typedef struct maker_t {
    const kuji_manifest_t *m;
    unsigned char seed[KUJI_SEED_LEN];
    kuji_state_t state;
    kuji_tree_t tree;
    const char *directory;
    FILE *ledger;
    apr_pool_t *pool;
} maker_t;

static void die(const char *what)
{
    fprintf(stderr, "make_ledger: %s\n", what);
    exit(EXIT_FAILURE);
}

static FILE *create(const maker_t *maker, const char *name)
{
    FILE *out = fopen(
        apr_pstrcat(maker->pool, maker->directory, "/", name, NULL), "wb");

    if (!out) {
        die(name);
    }
    return out;
}

static json_t *prize(const char *code, int64_t units, int method)
{
    json_t *p = json_pack("{s:s,s:s,s:I}", "code", code, "name", code, "units",
                          (json_int_t)units);

    if (method == KUJI_ODDS) {
        json_object_set_new(p, "weight", json_integer(units));
    }
    if (method == KUJI_MOMENT) {
        json_object_set_new(p, "from", json_integer(OPENS));
        json_object_set_new(p, "until", json_integer(CLOSES));
    }
    return p;
}

static void set_method(json_t *doc, int method, int64_t draws)
{
    json_object_set_new(doc, "method",
                        json_string(kuji_method_name((kuji_method_e)method)));
    json_object_set_new(doc, "prizes",
                        json_pack("[o,o,o]", prize("A", 10, method),
                                  prize("B", draws / 100 + 1, method),
                                  prize("C", draws / 10 + 1, method)));
    if (method == KUJI_ODDS) {
        json_object_set_new(doc, "odds_total", json_integer(draws + 12));
        json_object_set_new(doc, "sold_out", json_string("C"));
    }
    if (method == KUJI_BOX) {
        json_object_set_new(doc, "blanks", json_integer(draws));
    }
    if (method == KUJI_RAFFLE) {
        json_object_set_new(doc, "alternates", json_integer(draws / 100));
        json_object_set_new(doc, "beacon", json_null());
    }
}

static void make_manifest(maker_t *maker, int method, int64_t draws)
{
    unsigned char commitment[KUJI_HASH_LEN];
    static const unsigned char uuid[KUJI_UUID_LEN];
    char hex[2 * KUJI_HASH_LEN + 1];
    const char *why = "out of memory";
    json_t *doc;

    memset(maker->seed, 7, KUJI_SEED_LEN);
    kuji_manifest_commitment(commitment, uuid, maker->seed);
    sodium_bin2hex(hex, sizeof(hex), commitment, sizeof(commitment));
    doc = json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:s,s:{s:n,s:n,s:n,s:n,s:n},"
        "s:s,s:{s:s,s:s}}",
        "version", "kuji-manifest/1", "campaign",
        "00000000-0000-0000-0000-000000000000", "tenant", "bench", "slug",
        "many", "origin", "kuji.example/k/many", "title", "many", "opens_at",
        (json_int_t)OPENS, "closes_at", (json_int_t)CLOSES, "timezone",
        "Asia/Tokyo", "limits", "draws", "draws_per_day",
        "draws_per_participant", "draws_per_participant_day",
        "wins_per_participant", "commitment", hex, "software", "name",
        "make_ledger", "version", KUJI_VERSION);
    set_method(doc, method, draws);
    if (kuji_manifest_build(&maker->m, &why, doc, maker->pool)) {
        die(why);
    }
    json_decref(doc);
}

static void append(maker_t *maker, const char *leaf, apr_size_t len)
{
    unsigned char hash[KUJI_HASH_LEN];

    kuji_tree_leaf_hash(hash, leaf, len);
    kuji_tree_append(&maker->tree, hash, NULL, NULL);
    fwrite(leaf, 1, len, maker->ledger);
    putc('\n', maker->ledger);
}

static void make_draws(maker_t *maker, int64_t draws)
{
    const unsigned char salt[KUJI_SALT_LEN] = {0};
    unsigned char k[KUJI_KEY_LEN], who[KUJI_HASH_LEN];
    char leaf[KUJI_LEAF_DRAW_MAX];
    kuji_moments_t moments = {0, NULL};

    kuji_manifest_key(k, maker->m, maker->seed);
    if (maker->m->method == KUJI_MOMENT &&
        kuji_moments_make(&moments, maker->m, k)) {
        die("moments");
    }
    for (int64_t n = 1; n <= draws; n++) {
        int64_t t = OPENS + (CLOSES - OPENS - 1) / draws * n;
        int prize = KUJI_BLANK;

        kuji_ledger_who(who, salt, &n, sizeof(n));
        if (maker->m->method != KUJI_RAFFLE) {
            prize = kuji_draw_decide(maker->m, &moments, k, &maker->state,
                                     (uint64_t)n, t);
        }
        append(
            maker, leaf,
            maker->m->method == KUJI_RAFFLE
                ? kuji_ledger_entry(leaf, maker->tree.size, (uint64_t)n, t, who)
                : kuji_ledger_draw(
                      leaf, maker->tree.size, (uint64_t)n,
                      prize < 0 ? NULL : maker->m->prizes[prize].code, t, who));
    }
    kuji_moments_free(&moments);
}

static void append_leaf(maker_t *maker, kuji_leaf_t *leaf)
{
    const char *bytes;
    apr_size_t len;

    leaf->i = maker->tree.size;
    leaf->t = CLOSES;
    if (kuji_ledger_write(&bytes, &len, leaf, maker->pool)) {
        die("a leaf was refused");
    }
    append(maker, bytes, len);
}

static void make_raffle(maker_t *maker, int64_t draws)
{
    apr_size_t size = (apr_size_t)draws, wins = 0, picked = 0;
    uint64_t *entries = malloc(size * sizeof(*entries));
    kuji_leaf_t leaf = {.kind = KUJI_LEAF_RAFFLE};
    unsigned char root[KUJI_HASH_LEN], kr[KUJI_KEY_LEN];
    kuji_pick_t *picks;

    for (apr_size_t e = 0; entries && e < size; e++) {
        entries[e] = e + 1;
    }
    for (int i = 0; i < maker->m->nprizes; i++) {
        wins += (apr_size_t)maker->state.stock[i].left;
    }
    kuji_tree_root(&maker->tree, root);
    kuji_raffle_key(kr, maker->m, maker->seed, root, NULL);
    picked = kuji_raffle_pick(kr, entries, size,
                              wins + (apr_size_t)maker->m->alternates);
    picks = apr_pcalloc(maker->pool, (picked + 1) * sizeof(*picks));
    for (apr_size_t p = 0; p < picked; p++) {
        int i = 0;

        while (p < wins && maker->state.stock[i].left == 0) {
            i++;
        }
        picks[p].n = entries[p];
        picks[p].prize = p < wins ? maker->m->prizes[i].code : NULL;
        if (p < wins) {
            maker->state.stock[i].left--;
            maker->state.stock[i].awarded++;
        }
    }
    free(entries);
    leaf.nwinners = (int)(picked < wins ? picked : wins);
    leaf.winners = picks;
    leaf.nalternates = (int)picked - leaf.nwinners;
    leaf.alternates = picks + leaf.nwinners;
    append_leaf(maker, &leaf);
}

static void make_close(maker_t *maker)
{
    kuji_pick_t awarded[3];
    kuji_leaf_t leaf = {
        .kind = KUJI_LEAF_CLOSE, .nawarded = 3, .awarded = awarded};

    for (int i = 0; i < 3; i++) {
        awarded[i].prize = maker->m->prizes[i].code;
        awarded[i].n = (uint64_t)maker->state.stock[i].awarded;
    }
    memcpy(leaf.seed, maker->seed, KUJI_SEED_LEN);
    append_leaf(maker, &leaf);
}

static void make_rest(maker_t *maker)
{
    unsigned char root[KUJI_HASH_LEN];
    char note[KUJI_NOTE_MAX];
    kuji_signer_t signer;
    FILE *out = create(maker, "manifest.json");

    fwrite(maker->m->bytes, 1, maker->m->len, out);
    fclose(out);
    kuji_signer_init(&signer, maker->seed);
    kuji_tree_root(&maker->tree, root);
    kuji_note_sign(note, &signer, maker->m->origin, maker->tree.size, root);
    out = create(maker, "checkpoint");
    fputs(note, out);
    fclose(out);
    out = create(maker, "key");
    fprintf(out, "%s\n",
            kuji_note_vkey(maker->m->origin, signer.public_key, maker->pool));
    fclose(out);
}

int main(int argc, char **argv)
{
    int method = argc == 4 ? kuji_method_parse(argv[1]) : -1;
    int64_t draws = argc == 4 ? apr_atoi64(argv[2]) : 0;
    maker_t maker = {.directory = argc == 4 ? argv[3] : NULL};

    if (method < 0 || draws < 1 || draws > INT32_MAX) {
        die("usage: make_ledger odds|box|moment|raffle DRAWS DIRECTORY");
    }
    apr_initialize();
    apr_pool_create(&maker.pool, NULL);
    if (sodium_init() < 0) {
        die("libsodium");
    }
    make_manifest(&maker, method, draws);
    kuji_state_init(&maker.state, maker.m, maker.pool);
    kuji_tree_init(&maker.tree);
    maker.ledger = create(&maker, "ledger.jsonl");
    append(&maker, maker.m->bytes, maker.m->len);
    make_draws(&maker, draws);
    if (method == KUJI_RAFFLE) {
        make_raffle(&maker, draws);
    }
    make_close(&maker);
    if (fclose(maker.ledger)) {
        die("ledger.jsonl");
    }
    make_rest(&maker);
    return EXIT_SUCCESS;
}
