/* Manifests: what is read from a good one, and each way to be a bad one.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/manifest.h"
#include "t/unit/unit.h"

#include <apr_strings.h>
#include <string.h>

#define COMMON                                                                 \
    "\"campaign\":\"01234567-89ab-cdef-0123-456789abcdef\","                   \
    "\"closes_at\":2000,\"commitment\":"                                       \
    "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\","    \
    "\"limits\":{\"draws\":null,\"draws_per_day\":5,"                          \
    "\"draws_per_participant\":null,\"draws_per_participant_day\":1,"          \
    "\"wins_per_participant\":2},\"opens_at\":1000,"                           \
    "\"origin\":\"kuji.example:8443/k/summer\",\"slug\":\"summer\","           \
    "\"software\":{\"name\":\"mod_kuji\",\"version\":\"1\"},"                  \
    "\"tenant\":\"Acme\",\"timezone\":\"Asia/Tokyo\",\"title\":\"T\","         \
    "\"version\":\"kuji-manifest/1\""

#define ODDS                                                                   \
    "{" COMMON ",\"method\":\"odds\",\"odds_total\":100,\"sold_out\":\"B\","   \
    "\"prizes\":[{\"code\":\"A\",\"name\":\"a\",\"units\":10,\"weight\":1,"    \
    "\"releases\":[{\"at\":5,\"units\":4},{\"at\":6,\"units\":6}]},"           \
    "{\"code\":\"B\",\"name\":\"b\",\"units\":1,\"weight\":99}]}"
#define BOX                                                                    \
    "{" COMMON ",\"method\":\"box\",\"blanks\":3,"                             \
    "\"prizes\":[{\"code\":\"A\",\"name\":\"a\",\"units\":10}]}"
#define MOMENT                                                                 \
    "{" COMMON ",\"method\":\"moment\","                                       \
    "\"prizes\":[{\"code\":\"A\",\"name\":\"a\",\"units\":10,"                 \
    "\"from\":1000,\"until\":2000}]}"
#define RAFFLE                                                                 \
    "{" COMMON ",\"method\":\"raffle\",\"alternates\":2,"                      \
    "\"beacon\":{\"chain_hash\":\"ab\",\"round\":7,\"time\":2000},"            \
    "\"prizes\":[{\"code\":\"A\",\"name\":\"a\",\"units\":10}]}"

static json_t *document(const char *text)
{
    json_error_t error;
    json_t *doc = json_loads(text, JSON_ALLOW_NUL, &error);

    ck_assert_msg(doc != NULL, "%s at %d", error.text, error.position);
    return doc;
}

static const kuji_manifest_t *good(const char *text)
{
    const kuji_manifest_t *m, *again;
    const char *why = NULL;
    json_t *doc = document(text);

    ck_assert_msg(!kuji_manifest_build(&m, &why, doc, unit_pool), "%s", why);
    json_decref(doc);
    ck_assert(!kuji_manifest_parse(&again, &why, m->bytes, m->len, unit_pool));
    ck_assert_mem_eq(m->hash, again->hash, KUJI_HASH_LEN);
    return m;
}

START_TEST(test_odds)
{
    const kuji_manifest_t *m = good(ODDS);

    ck_assert_int_eq(m->method, KUJI_ODDS);
    ck_assert_int_eq(m->uuid[0], 0x01);
    ck_assert_int_eq(m->uuid[15], 0xEF);
    ck_assert_int_eq(m->commitment[1], 0x11);
    ck_assert_str_eq(m->slug, "summer");
    ck_assert_int_eq(m->opens_at, 1000);
    ck_assert_int_eq(m->limits.draws, 0);
    ck_assert_int_eq(m->limits.draws_per_day, 5);
    ck_assert_int_eq(m->limits.wins_per_participant, 2);
    ck_assert_int_eq(m->odds_total, 100);
    ck_assert_int_eq(m->sold_out, 1);
    ck_assert_int_eq(m->nprizes, 2);
    ck_assert_int_eq(m->prizes[0].nreleases, 2);
    ck_assert_int_eq(m->prizes[0].releases[1].units, 6);
    ck_assert_int_eq(m->prizes[1].weight, 99);
    ck_assert_int_eq(m->prizes[1].nreleases, 0);
    ck_assert_int_eq(kuji_manifest_prize(m, "B"), 1);
    ck_assert_int_eq(kuji_manifest_prize(m, "b"), KUJI_BLANK);
}
END_TEST

START_TEST(test_others)
{
    ck_assert_int_eq(good(BOX)->blanks, 3);
    ck_assert_int_eq(good(MOMENT)->prizes[0].until, 2000);
    ck_assert_int_eq(good(RAFFLE)->alternates, 2);
    ck_assert_int_eq(good(RAFFLE)->beacon->round, 7);
}
END_TEST

START_TEST(test_methods)
{
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(kuji_method_parse(kuji_method_name(i)), i);
    }
    ck_assert_int_eq(kuji_method_parse("luck"), -1);
}
END_TEST

/* base with `from` replaced by `to` is refused, and the complaint has `why`. */
static const struct {
    const char *base, *from, *to, *why;
} bad[] = {
    {ODDS, "manifest/1", "manifest/2", "version"},
    {ODDS, "\"odds\"", "\"luck\"", "method"},
    {ODDS, "\"title\":\"T\"", "\"title\":1", "title"},
    {ODDS, "\"title\":\"T\",", "", "title is missing"},
    {ODDS, "\"title\":\"T\"", "\"title\":\"T\",\"x\":1", "field too many"},
    {ODDS, "89ab-", "89AB-", "campaign"},
    {ODDS, "89ab-", "89abc", "campaign"},
    {ODDS, "abcdef\"", "abcdef0\"", "campaign"},
    {ODDS, "\"slug\":\"summer\"", "\"slug\":\"winter\"", "origin"},
    {ODDS, "kuji.example:8443/k/summer", "Kuji.example/k/summer", "origin"},
    {ODDS, "kuji.example:8443/k/summer", "/k/summer", "origin"},
    {ODDS, "/k/summer\",\"slug\":\"summer\"", "/k/sum+er\",\"slug\":\"sum+er\"",
     "character"},
    {ODDS, "/k/summer\",\"slug\":\"summer\"", "/k/sum er\",\"slug\":\"sum er\"",
     "character"},
    {ODDS, "/k/summer\",\"slug\":\"summer\"", "/k/\",\"slug\":\"\"",
     "slug must not"},
    {ODDS, "/k/summer\",\"slug\":\"summer\"", "/k/a/b\",\"slug\":\"a/b\"",
     "character"},
    {ODDS, "/k/summer\",\"slug\":\"summer\"",
     "/k/a\\u0000b\",\"slug\":\"a\\u0000b\"", "U+0000"},
    {ODDS, "/k/summer\",\"slug\":\"summer\"",
     "/k/a\xC3\xA9\",\"slug\":\"a\xC3\xA9\"", "character"},
    {ODDS, "00112233", "0011223G", "commitment"},
    {ODDS, "00112233", "001122", "commitment"},
    {ODDS, "\"opens_at\":1000", "\"opens_at\":2000", "closes_at"},
    {ODDS, "\"opens_at\":1000", "\"opens_at\":-1", "opens_at"},
    {ODDS, "\"opens_at\":1000", "\"opens_at\":\"1000\"", "opens_at"},
    {ODDS, "\"draws\":null", "\"draws\":0", "limits: draws"},
    {ODDS, "\"draws\":null", "\"draws\":true", "limits: draws"},
    {ODDS, "\"draws\":null,", "", "limits: draws is missing"},
    {ODDS, "{\"name\":\"mod_kuji\",\"version\":\"1\"}", "\"mod_kuji\"",
     "software"},
    {ODDS, "\"weight\":99", "\"weight\":100", "odds_total"},
    {ODDS, "\"weight\":99", "\"weight\":-1", "prize 1: weight"},
    {ODDS, "\"weight\":99", "\"from\":1000,\"until\":1500,\"weight\":99",
     "field too many"},
    {ODDS, "\"odds_total\":100", "\"odds_total\":0", "odds_total"},
    {ODDS, "\"odds_total\":100", "\"odds_total\":100,\"blanks\":0",
     "field too many"},
    {ODDS, "\"sold_out\":\"B\"", "\"sold_out\":\"C\"", "sold_out"},
    {ODDS, "\"sold_out\":\"B\"", "\"sold_out\":null", "sold_out"},
    {ODDS, "{\"code\":\"B\"", "{\"code\":\"A\"", "prize 1: code"},
    {ODDS, "{\"code\":\"B\"", "{\"code\":\"blank\"", "prize 1: code"},
    {ODDS, "{\"code\":\"B\"", "{\"code\":\"\"", "prize 1: code"},
    {ODDS, "{\"code\":\"B\"", "{\"code\":\"B_\"", "prize 1: code"},
    {ODDS, "{\"code\":\"B\"", "{\"code\":\"123456789012345678901234567890123\"",
     "prize 1: code"},
    {ODDS, "\"units\":1,", "\"units\":0,", "prize 1: units"},
    {ODDS, "\"units\":6", "\"units\":7", "a release: units"},
    {ODDS, "\"units\":6", "\"units\":0", "a release: units"},
    {ODDS, "[{\"at\":5,\"units\":4},{\"at\":6,\"units\":6}]", "[]", "releases"},
    {ODDS, "[{\"at\":5,\"units\":4},{\"at\":6,\"units\":6}]", "null",
     "releases"},
    {BOX, "[{\"code\":\"A\",\"name\":\"a\",\"units\":10}]", "[]", "prizes"},
    {BOX, "[{\"code\":\"A\",\"name\":\"a\",\"units\":10}]", "[1]",
     "prize 0 is no object"},
    {BOX, "\"blanks\":3", "\"blanks\":-1", "blanks"},
    {BOX, "\"blanks\":3", "\"blanks\":9007199254740982", "blanks"},
    {BOX, "\"blanks\":3,", "", "blanks is missing"},
    {BOX, "\"units\":10", "\"units\":10,\"weight\":1", "field too many"},
    {MOMENT, "\"from\":1000", "\"from\":999", "from"},
    {MOMENT, "\"until\":2000", "\"until\":2001", "until"},
    {MOMENT, "\"until\":2000", "\"until\":1000", "until"},
    {MOMENT, "\"until\":2000", "\"until\":2000,\"releases\":[]",
     "field too many"},
    {RAFFLE, "\"time\":2000", "\"time\":1999", "beacon: time"},
    {RAFFLE, "\"round\":7", "\"round\":\"7\"", "beacon: round"},
    {RAFFLE, "\"alternates\":2", "\"alternates\":-1", "alternates"},
    {RAFFLE, "\"alternates\":2,", "", "alternates is missing"},
};

static char *replaced(const char *base, const char *from, const char *to)
{
    const char *at = strstr(base, from);
    apr_size_t head = (apr_size_t)(at - base);
    char *out = apr_pcalloc(unit_pool, strlen(base) + strlen(to) + 1);

    ck_assert_msg(at != NULL, "%s", from);
    memcpy(out, base, head);
    strcpy(out + head, to);
    strcat(out, at + strlen(from));
    return out;
}

START_TEST(test_bad)
{
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *why = NULL;
        const kuji_manifest_t *m;
        json_t *doc = document(replaced(bad[i].base, bad[i].from, bad[i].to));

        ck_assert_msg(kuji_manifest_build(&m, &why, doc, unit_pool) ==
                          KUJI_EINVAL,
                      "%d: %s was taken", (int)i, bad[i].to);
        ck_assert_msg(why && strstr(why, bad[i].why), "%d: %s, not %s", (int)i,
                      why, bad[i].why);
        json_decref(doc);
    }
}
END_TEST

/* The bytes themselves: canonical or nothing. */
START_TEST(test_bytes)
{
    const kuji_manifest_t *m = good(BOX), *again;
    const char *why = NULL;
    char *spaced = apr_psprintf(unit_pool, "%s\n", m->bytes);

    ck_assert_int_eq(
        kuji_manifest_parse(&again, &why, spaced, m->len + 1, unit_pool),
        KUJI_EINVAL);
    ck_assert(strstr(why, "canonical"));
    ck_assert_int_eq(
        kuji_manifest_parse(&again, NULL, m->bytes, m->len - 1, unit_pool),
        KUJI_EINVAL);
    ck_assert_int_eq(kuji_manifest_parse(&again, NULL, "[]", 2, unit_pool),
                     KUJI_EINVAL);
}
END_TEST

/* Titles are any well-formed Unicode, zero bytes too. */
START_TEST(test_any_title)
{
    const kuji_manifest_t *m = good(
        "{" COMMON ",\"method\":\"box\",\"blanks\":0,\"prizes\":[{\"code\":"
        "\"A\",\"name\":\"\\u0000\\ud83c\\udf81\",\"units\":10}]}");

    ck_assert(strstr(m->bytes, "\"\\u0000\xF0\x9F\x8E\x81\""));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("manifest");

    UNIT_TEST(suite, test_odds);
    UNIT_TEST(suite, test_others);
    UNIT_TEST(suite, test_methods);
    UNIT_TEST(suite, test_bad);
    UNIT_TEST(suite, test_bytes);
    UNIT_TEST(suite, test_any_title);
    return unit_main(suite);
}
