/* Words, uniform numbers and derived keys against the known answers, and the
 * HMAC below them against RFC 4231.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/bytes.h"
#include "core/error.h"
#include "t/unit/unit.h"
#include "t/unit/vectors.h"

#include <string.h>

static uint64_t number(const json_t *array, size_t i)
{
    return (uint64_t)json_integer_value(json_array_get(array, i));
}

static const unsigned char *bytes_of(const json_t *object, const char *name)
{
    apr_size_t len;

    return unit_hex(json_string_value(json_object_get(object, name)), &len);
}

static void start(kuji_words_t *w, uint64_t n)
{
    unsigned char prefix[20] = "kuji/1 draw";

    kuji_be64(prefix + 12, n);
    kuji_words_start(w, prefix, sizeof(prefix));
}

/* RFC 4231 test cases 1, 2, 3, 6 and 7: keys as short and as long as HMAC
 * takes. Ours are 32 bytes. */
START_TEST(test_hmac)
{
    static const struct {
        const char *key, *data, *mac;
    } cases[] = {
        {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
         "dddddddddddddddddddddddddddddddd",
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a6520"
         "4b6579202d2048617368204b6579204669727374",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        apr_size_t key_len, data_len, mac_len;
        const unsigned char *key = unit_hex(cases[i].key, &key_len);
        const unsigned char *data = unit_hex(cases[i].data, &data_len);
        const unsigned char *want = unit_hex(cases[i].mac, &mac_len);
        crypto_auth_hmacsha256_state state;
        unsigned char mac[32];

        crypto_auth_hmacsha256_init(&state, key, key_len);
        crypto_auth_hmacsha256_update(&state, data, data_len);
        crypto_auth_hmacsha256_final(&state, mac);
        ck_assert_mem_eq(mac, want, sizeof(mac));
    }
}
END_TEST

/* [n, R, value, words taken] */
START_TEST(test_uniform)
{
    const json_t *group =
        json_object_get(unit_vectors("kuji1.json"), "uniform");
    const json_t *cases = json_object_get(group, "cases");
    unsigned most = 0;
    kuji_words_t w;

    kuji_words_init(&w, bytes_of(group, "key"));
    ck_assert_int_gt(json_array_size(cases), 3000);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *c = json_array_get(cases, i);
        unsigned taken;

        start(&w, number(c, 0));
        ck_assert_uint_eq(kuji_words_uniform(&w, number(c, 1)), number(c, 2));
        taken = (w.block - 1) * 4 + w.used;
        ck_assert_uint_eq(taken, number(c, 3));
        most = taken > most ? taken : most;
    }
    ck_assert_uint_eq(most, 3);
}
END_TEST

START_TEST(test_stream)
{
    const json_t *group = json_object_get(unit_vectors("kuji1.json"), "stream");
    const json_t *ranges = json_object_get(group, "ranges");
    const json_t *values = json_object_get(group, "values");
    kuji_words_t w;

    kuji_words_init(&w, bytes_of(group, "key"));
    start(&w, (uint64_t)json_integer_value(json_object_get(group, "n")));
    ck_assert_int_gt(json_array_size(ranges), 16);
    for (size_t i = 0; i < json_array_size(ranges); i++) {
        ck_assert_uint_eq(kuji_words_uniform(&w, number(ranges, i)),
                          number(values, i));
    }
}
END_TEST

START_TEST(test_derived)
{
    const json_t *campaigns =
        json_object_get(unit_vectors("kuji1.json"), "campaigns");

    for (size_t i = 0; i < json_array_size(campaigns); i++) {
        const json_t *c = json_array_get(campaigns, i);
        const char *bytes = json_string_value(json_object_get(c, "manifest"));
        const unsigned char *seed = bytes_of(c, "seed");
        unsigned char commitment[KUJI_HASH_LEN], k[KUJI_KEY_LEN];
        const kuji_manifest_t *m;

        ck_assert_int_eq(
            kuji_manifest_parse(&m, NULL, bytes, strlen(bytes), unit_pool),
            APR_SUCCESS);
        ck_assert_mem_eq(m->hash, bytes_of(c, "hash"), KUJI_HASH_LEN);
        kuji_manifest_commitment(commitment, m->uuid, seed);
        ck_assert_mem_eq(commitment, m->commitment, KUJI_HASH_LEN);
        kuji_manifest_key(k, m, seed);
        ck_assert_mem_eq(k, bytes_of(c, "k"), KUJI_KEY_LEN);
    }
}
END_TEST

static const kuji_prize_t prizes[] = {{.code = "A", .units = 1}};

/* An empty box decides nothing and stays as it is. */
START_TEST(test_sold_out)
{
    const unsigned char k[KUJI_KEY_LEN] = {0};
    kuji_manifest_t m = {
        .method = KUJI_BOX, .nprizes = 1, .prizes = prizes, .blanks = 1};
    kuji_state_t state;
    int first, second;

    kuji_state_init(&state, &m, unit_pool);
    first = kuji_draw_decide(&m, NULL, k, &state, 1, 0);
    second = kuji_draw_decide(&m, NULL, k, &state, 2, 0);
    ck_assert_int_eq(first + second, KUJI_BLANK);
    ck_assert_int_eq(kuji_draw_decide(&m, NULL, k, &state, 3, 0),
                     KUJI_SOLD_OUT);
    ck_assert_int_eq(state.stock[0].awarded, 1);
    ck_assert_int_eq(state.blanks_left, 0);
}
END_TEST

START_TEST(test_available)
{
    static const kuji_release_t releases[] = {{100, 2}, {200, 3}};
    static const kuji_prize_t scheduled[] = {
        {.code = "A", .units = 9, .nreleases = 2, .releases = releases}};
    kuji_manifest_t m = {
        .method = KUJI_ODDS, .nprizes = 1, .prizes = scheduled};
    kuji_state_t state;

    kuji_state_init(&state, &m, unit_pool);
    ck_assert_int_eq(kuji_draw_available(&m, &state, 0, 99), 0);
    ck_assert_int_eq(kuji_draw_available(&m, &state, 0, 100), 2);
    ck_assert_int_eq(kuji_draw_available(&m, &state, 0, 200), 5);
    state.stock[0] = (kuji_stock_t){.left = 4, .awarded = 5};
    ck_assert_int_eq(kuji_draw_available(&m, &state, 0, 200), 0);
    state.stock[0] = (kuji_stock_t){.left = 5, .awarded = 5, .added = 1};
    ck_assert_int_eq(kuji_draw_available(&m, &state, 0, 200), 1);
    state.stock[0] = (kuji_stock_t){.left = 1, .awarded = 9, .added = 20};
    ck_assert_int_eq(kuji_draw_available(&m, &state, 0, 200), 1);
}
END_TEST

/* Sorted by (time, prize, unit), each unit once, all in its window; and too
 * many units are refused. */
START_TEST(test_moments)
{
    static const kuji_prize_t timed[] = {
        {.code = "A", .units = 5000, .from = 1000, .until = 100000000},
        {.code = "B", .units = 5000, .from = 1000, .until = 1010},
        {.code = "C", .units = (1 << 26) - 9999, .from = 1, .until = 2}};
    const unsigned char k[KUJI_KEY_LEN] = {1};
    kuji_manifest_t m = {.method = KUJI_MOMENT,
                         .nprizes = 2,
                         .prizes = timed,
                         .opens_at = 0,
                         .closes_at = 100000000};
    unsigned char seen[2][5000] = {{0}};
    kuji_moments_t moments;

    ck_assert_int_eq(kuji_moments_make(&moments, &m, k), APR_SUCCESS);
    ck_assert_uint_eq(moments.count, 10000);
    for (size_t i = 0; i < moments.count; i++) {
        const kuji_moment_t *a = &moments.list[i], *b = a - (i > 0);

        ck_assert_int_ge(a->time, timed[a->prize].from);
        ck_assert_int_lt(a->time, timed[a->prize].until);
        ck_assert_int_eq(seen[a->prize][a->unit]++, 0);
        ck_assert(i == 0 || b->time < a->time ||
                  (b->time == a->time &&
                   (b->prize < a->prize ||
                    (b->prize == a->prize && b->unit < a->unit))));
    }
    kuji_moments_free(&moments);
    m.nprizes = 3;
    ck_assert_int_eq(kuji_moments_make(&moments, &m, k), KUJI_ETOOBIG);
}
END_TEST

START_TEST(test_who)
{
    const unsigned char salt[KUJI_SALT_LEN] = {0};
    unsigned char who[KUJI_HASH_LEN], want[KUJI_HASH_LEN];
    unsigned char joined[KUJI_SALT_LEN + 5] = {0};

    memcpy(joined + KUJI_SALT_LEN, "alice", 5);
    crypto_hash_sha256(want, joined, sizeof(joined));
    kuji_ledger_who(who, salt, "alice", 5);
    ck_assert_mem_eq(who, want, KUJI_HASH_LEN);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("draw");

    UNIT_TEST(suite, test_hmac);
    UNIT_TEST(suite, test_uniform);
    UNIT_TEST(suite, test_stream);
    UNIT_TEST(suite, test_derived);
    UNIT_TEST(suite, test_sold_out);
    UNIT_TEST(suite, test_available);
    UNIT_TEST(suite, test_moments);
    UNIT_TEST(suite, test_who);
    return unit_main(suite);
}
