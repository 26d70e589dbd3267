/* Reading and building manifests, and the two values derived from one: the
 * commitment and K.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/manifest.h"
#include "core/canon.h"
#include "core/error.h"
#include "core/fields.h"
#include "core/note.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define UNITS_NUMBERED ((int64_t)1 << 32)
#define MANIFEST_VERSION "kuji-manifest/1"

static const char *const methods[] = {"odds", "box", "moment", "raffle"};

const char *kuji_method_name(kuji_method_e method)
{
    return methods[method];
}

int kuji_method_parse(const char *name)
{
    for (int i = 0; i < 4; i++) {
        if (!strcmp(name, methods[i])) {
            return i;
        }
    }
    return -1;
}

int kuji_manifest_prize(const kuji_manifest_t *m, const char *code)
{
    for (int i = 0; i < m->nprizes; i++) {
        if (!strcmp(m->prizes[i].code, code)) {
            return i;
        }
    }
    return KUJI_BLANK;
}

static void read_uuid(kuji_manifest_t *m, kuji_fields_t *f)
{
    static const char form[] = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
    const char *text = m->campaign = kuji_fields_word(f, "campaign");
    int ok = strlen(text) == sizeof(form) - 1;

    for (int i = 0; ok && form[i]; i++) {
        ok = form[i] == '-' ? text[i] == '-'
                            : text[i] && strchr("0123456789abcdef", text[i]);
    }
    if (!ok) {
        kuji_fields_wrong(f, "campaign", "must be a lower-case uuid");
        return;
    }
    sodium_hex2bin(m->uuid, KUJI_UUID_LEN, text, strlen(text), "-", NULL, NULL);
}

/* "<host>/k/<slug>". It names the checkpoint's key too, so nothing that a
 * signed note forbids in a name may be in it (space, plus, control). */
static void read_origin(kuji_manifest_t *m, kuji_fields_t *f)
{
    static const char host_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789"
                                     "-.:[]";
    const char *tail;
    apr_size_t host;

    m->slug = kuji_fields_word(f, "slug");
    m->origin = kuji_fields_word(f, "origin");
    tail = apr_pstrcat(f->pool, "/k/", m->slug, NULL);
    host = strspn(m->origin, host_chars);
    if (host == 0 || strcmp(m->origin + host, tail) != 0 ||
        strlen(m->origin) > KUJI_ORIGIN_MAX ||
        (host > 4 && !memcmp(m->origin + host - 4, ":443", 4))) {
        kuji_fields_wrong(f, "origin", "must be <host>/k/<slug>");
    }
    for (const char *p = m->slug; *p; p++) {
        if (*p <= ' ' || *p >= 0x7F || *p == '+' || *p == '/') {
            kuji_fields_wrong(f, "slug", "has a character that is not allowed");
        }
    }
    if (!*m->slug) {
        kuji_fields_wrong(f, "slug", "must not be empty");
    }
}

static void read_limits(kuji_limits_t *limits, kuji_fields_t *outer)
{
    kuji_fields_t f;

    kuji_fields_init(&f, kuji_fields_any(outer, "limits"), "limits", outer->why,
                     outer->pool);
    limits->draws = kuji_fields_limit(&f, "draws");
    limits->draws_per_day = kuji_fields_limit(&f, "draws_per_day");
    limits->draws_per_participant =
        kuji_fields_limit(&f, "draws_per_participant");
    limits->draws_per_participant_day =
        kuji_fields_limit(&f, "draws_per_participant_day");
    limits->wins_per_participant =
        kuji_fields_limit(&f, "wins_per_participant");
    kuji_fields_end(&f);
}

static void read_releases(kuji_prize_t *prize, kuji_fields_t *outer)
{
    const json_t *list = kuji_fields_array(outer, "releases");
    size_t count = json_array_size(list);
    kuji_release_t *releases =
        apr_pcalloc(outer->pool, (count + 1) * sizeof(*releases));
    int64_t sum = 0;

    if (count == 0) {
        kuji_fields_wrong(outer, "releases", "must not be empty");
    }
    for (size_t i = 0; i < count && !*outer->why; i++) {
        kuji_fields_t f;

        kuji_fields_init(&f, json_array_get(list, i), "a release", outer->why,
                         outer->pool);
        releases[i].at = kuji_fields_int(&f, "at", 0, KUJI_INT_MAX);
        releases[i].units = kuji_fields_int(&f, "units", 1, prize->units - sum);
        sum += releases[i].units;
        kuji_fields_end(&f);
    }
    prize->nreleases = (int)count;
    prize->releases = releases;
}

int kuji_manifest_code_ok(const char *code)
{
    apr_size_t len = strlen(code);

    return len >= 1 && len <= 32 && strcmp(code, "blank") != 0 &&
           strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789-") == len;
}

static void read_prize(kuji_prize_t *prize, const kuji_manifest_t *m,
                       kuji_fields_t *f)
{
    prize->code = kuji_fields_word(f, "code");
    if (!kuji_manifest_code_ok(prize->code)) {
        kuji_fields_wrong(f, "code", "must be [A-Za-z0-9-]{1,32}, not blank");
    }
    prize->name = kuji_fields_text(f, "name");
    /* A moment's unit is numbered in four bytes (fairness.md 2). */
    prize->units = kuji_fields_int(f, "units", 1,
                                   m->method == KUJI_MOMENT ? UNITS_NUMBERED
                                                            : KUJI_INT_MAX);
    if (m->method == KUJI_ODDS) {
        prize->weight = kuji_fields_int(f, "weight", 0, KUJI_INT_MAX);
        if (kuji_fields_has(f, "releases")) {
            read_releases(prize, f);
        }
    }
    if (m->method == KUJI_MOMENT) {
        prize->from = kuji_fields_int(f, "from", m->opens_at, m->closes_at - 1);
        prize->until =
            kuji_fields_int(f, "until", prize->from + 1, m->closes_at);
    }
    kuji_fields_end(f);
}

static void read_prizes(kuji_manifest_t *m, kuji_fields_t *outer)
{
    const json_t *list = kuji_fields_array(outer, "prizes");
    size_t count = json_array_size(list);
    kuji_prize_t *prizes =
        apr_pcalloc(outer->pool, (count + 1) * sizeof(*prizes));
    apr_hash_t *codes = apr_hash_make(outer->pool);

    if (count == 0 || count > INT32_MAX) {
        kuji_fields_wrong(outer, "prizes", "must not be empty");
    }
    for (size_t i = 0; i < count && !*outer->why; i++) {
        kuji_fields_t f;

        kuji_fields_init(&f, json_array_get(list, i),
                         apr_psprintf(outer->pool, "prize %d", (int)i),
                         outer->why, outer->pool);
        read_prize(&prizes[i], m, &f);
        if (apr_hash_get(codes, prizes[i].code, APR_HASH_KEY_STRING)) {
            kuji_fields_wrong(&f, "code", "is not unique");
        }
        apr_hash_set(codes, prizes[i].code, APR_HASH_KEY_STRING, &prizes[i]);
    }
    m->nprizes = (int)count;
    m->prizes = prizes;
}

static void read_odds(kuji_manifest_t *m, kuji_fields_t *f)
{
    const char *sold_out = kuji_fields_word(f, "sold_out");
    int64_t left = m->odds_total =
        kuji_fields_int(f, "odds_total", 1, KUJI_INT_MAX);

    for (int i = 0; i < m->nprizes; i++) {
        if (m->prizes[i].weight > left) {
            kuji_fields_wrong(f, "odds_total",
                              "is less than the sum of the weights");
            return;
        }
        left -= m->prizes[i].weight;
    }
    m->sold_out = *f->why ? KUJI_BLANK : kuji_manifest_prize(m, sold_out);
    if (m->sold_out == KUJI_BLANK && strcmp(sold_out, "blank") != 0) {
        kuji_fields_wrong(f, "sold_out", "names no prize");
    }
}

static void read_box(kuji_manifest_t *m, kuji_fields_t *f)
{
    int64_t left = KUJI_INT_MAX -
                   (m->blanks = kuji_fields_int(f, "blanks", 0, KUJI_INT_MAX));

    for (int i = 0; i < m->nprizes; i++) {
        if (m->prizes[i].units > left) {
            kuji_fields_wrong(f, "blanks", "and units exceed 2^53 - 1");
            return;
        }
        left -= m->prizes[i].units;
    }
}

static void read_raffle(kuji_manifest_t *m, kuji_fields_t *outer)
{
    kuji_beacon_t *beacon = apr_pcalloc(outer->pool, sizeof(*beacon));
    const json_t *value = kuji_fields_any(outer, "beacon");
    kuji_fields_t f;

    m->alternates = kuji_fields_int(outer, "alternates", 0, KUJI_INT_MAX);
    if (json_is_null(value)) {
        return;
    }
    kuji_fields_init(&f, value, "beacon", outer->why, outer->pool);
    beacon->chain_hash = kuji_fields_word(&f, "chain_hash");
    beacon->round = kuji_fields_int(&f, "round", 1, KUJI_INT_MAX);
    beacon->time = kuji_fields_int(&f, "time", m->closes_at, KUJI_INT_MAX);
    kuji_fields_end(&f);
    m->beacon = beacon;
}

static void read_method(kuji_manifest_t *m, kuji_fields_t *f)
{
    switch (m->method) {
    case KUJI_ODDS:
        read_odds(m, f);
        break;
    case KUJI_BOX:
        read_box(m, f);
        break;
    case KUJI_RAFFLE:
        read_raffle(m, f);
        break;
    case KUJI_MOMENT:
        break;
    }
}

static void read_software(kuji_manifest_t *m, kuji_fields_t *outer)
{
    kuji_fields_t f;

    kuji_fields_init(&f, kuji_fields_any(outer, "software"), "software",
                     outer->why, outer->pool);
    m->software_name = kuji_fields_text(&f, "name");
    m->software_version = kuji_fields_text(&f, "version");
    kuji_fields_end(&f);
}

static void read_head(kuji_manifest_t *m, kuji_fields_t *f)
{
    int method = kuji_method_parse(kuji_fields_word(f, "method"));

    if (strcmp(kuji_fields_word(f, "version"), MANIFEST_VERSION) != 0) {
        kuji_fields_wrong(f, "version", "must be " MANIFEST_VERSION);
    }
    if (method < 0) {
        kuji_fields_wrong(f, "method", "must be odds, box, moment or raffle");
        return;
    }
    m->method = (kuji_method_e)method;
    read_uuid(m, f);
    read_origin(m, f);
    m->tenant = kuji_fields_text(f, "tenant");
    m->title = kuji_fields_text(f, "title");
    m->timezone = kuji_fields_word(f, "timezone");
    m->opens_at = kuji_fields_int(f, "opens_at", 0, KUJI_INT_MAX - 1);
    m->closes_at =
        kuji_fields_int(f, "closes_at", m->opens_at + 1, KUJI_INT_MAX);
    kuji_fields_hex(f, "commitment", m->commitment, KUJI_HASH_LEN);
    read_software(m, f);
}

static apr_status_t read_manifest(kuji_manifest_t *m, const char **why,
                                  const json_t *doc, apr_pool_t *pool)
{
    kuji_fields_t f;

    *why = NULL;
    kuji_fields_init(&f, doc, "the manifest", why, pool);
    read_head(m, &f);
    if (!*why) {
        read_limits(&m->limits, &f);
        read_prizes(m, &f);
        read_method(m, &f);
    }
    return kuji_fields_end(&f);
}

apr_status_t kuji_manifest_parse(const kuji_manifest_t **m, const char **why,
                                 const char *bytes, apr_size_t len,
                                 apr_pool_t *pool)
{
    kuji_manifest_t *made = apr_pcalloc(pool, sizeof(*made));
    const char *unheard;
    json_t *doc;
    apr_status_t rv;

    why = why ? why : &unheard;
    *m = NULL;
    rv = kuji_canon_load(&doc, why, bytes, len, pool);
    if (!rv) {
        rv = read_manifest(made, why, doc, pool);
    }
    if (rv) {
        return rv;
    }
    made->bytes = apr_pstrmemdup(pool, bytes, len);
    made->len = len;
    crypto_hash_sha256(made->hash, (const unsigned char *)bytes, len);
    *m = made;
    return APR_SUCCESS;
}

apr_status_t kuji_manifest_build(const kuji_manifest_t **m, const char **why,
                                 const json_t *doc, apr_pool_t *pool)
{
    const char *bytes;
    apr_size_t len;
    apr_status_t rv = kuji_canon_dump(&bytes, &len, doc, pool);

    *m = NULL;
    if (rv) {
        if (why) {
            *why = "a value that canonical JSON does not know";
        }
        return KUJI_EINVAL;
    }
    return kuji_manifest_parse(m, why, bytes, len, pool);
}

void kuji_manifest_commitment(unsigned char out[KUJI_HASH_LEN],
                              const unsigned char uuid[KUJI_UUID_LEN],
                              const unsigned char seed[KUJI_SEED_LEN])
{
    static const unsigned char label[] = "kuji/1 seed";
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, label, sizeof(label));
    crypto_hash_sha256_update(&state, uuid, KUJI_UUID_LEN);
    crypto_hash_sha256_update(&state, seed, KUJI_SEED_LEN);
    crypto_hash_sha256_final(&state, out);
    sodium_memzero(&state, sizeof(state));
}

void kuji_manifest_key(unsigned char k[KUJI_KEY_LEN], const kuji_manifest_t *m,
                       const unsigned char seed[KUJI_SEED_LEN])
{
    static const unsigned char label[] = "kuji/1 key";
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, seed, KUJI_SEED_LEN);
    crypto_auth_hmacsha256_update(&state, label, sizeof(label));
    crypto_auth_hmacsha256_update(&state, m->hash, KUJI_HASH_LEN);
    crypto_auth_hmacsha256_final(&state, k);
    sodium_memzero(&state, sizeof(state));
}
