/* Tenants, tokens, admins, drafts, codes: what may be said and what is refused;
 * two tenants who never see each other.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/seal.h"
#include "store/admin.h"
#include "store/audit.h"
#include "store/code.h"
#include "store/draw.h"
#include "store/proof.h"
#include "store/publish.h"
#include "store/secret.h"
#include "store/tenant.h"
#include "store/token.h"
#include "t/store/house.h"

#include <apr_strings.h>
#include <string.h>

#define HOUR 3600000
#define ODDS                                                                   \
    "\"odds_total\":100,\"prizes\":[{\"code\":\"A\",\"name\":\"一等\","      \
    "\"kind\":\"parcel\",\"units\":3,\"weight\":20}]"

static apr_status_t create(house_t *h, const char *text)
{
    json_error_t error;
    json_t *config = json_loads(text, 0, &error);
    const char *uuid;
    apr_status_t rv;

    ck_assert_msg(config, "%s: %s", error.text, text);
    rv = kuji_campaign_create(&uuid, &h->why, &h->act, config, unit_pool);
    json_decref(config);
    return rv;
}

START_TEST(test_tenant)
{
    static const char *const bad[][3] = {
        {"", "a.example", "t"},     {"UPPER", "a.example", "t"},
        {"a b", "a.example", "t"},  {"ok", "", "t"},
        {"ok", "A.example", "t"},   {"ok", "a.example/x", "t"},
        {"ok", "a.example", ""},    {"ok", "a.example", "  "},
        {"日本", "a.example", "t"}, {"ok", "a b.example", "t"},
    };
    house_t *h = house_make();
    const kuji_tenant_row_t *t;
    kuji_act_t other = h->act;
    kuji_keyfile_t keys = *h->act.keys;
    const char *id;
    unsigned i;
    int changed;

    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        HOUSE_REFUSED(KUJI_EINVAL,
                      kuji_tenant_create(&id, &h->why, &h->act, bad[i][0],
                                         bad[i][1], bad[i][2], unit_pool));
    }
    HOUSE_REFUSED(KUJI_ECONFLICT,
                  kuji_tenant_create(&id, &h->why, &h->act, h->tenant_name,
                                     "x.example", "t", unit_pool));
    HOUSE_OK(kuji_tenant_find(&t, h->act.pg, h->tenant_name, unit_pool));
    ck_assert_str_eq(t->id, h->act.tenant);
    ck_assert_int_eq(kuji_tenant_find(&t, h->act.pg, "nobody-here", unit_pool),
                     KUJI_ENOTFOUND);

    /* rotation: a new master key in front, the old one behind it */
    HOUSE_OK(kuji_tenant_find(&t, h->act.pg, h->tenant_name, unit_pool));
    keys.masters[1] = keys.masters[0];
    keys.masters[0].id = 2;
    randombytes_buf(keys.masters[0].key, KUJI_KEY_LEN);
    keys.nmasters = 2;
    other.keys = &keys;
    ck_assert_int_eq(kuji_tenant_key_check(h->act.keys, t), APR_SUCCESS);
    HOUSE_OK(kuji_tenant_reseal(&changed, &other, unit_pool));
    ck_assert_int_eq(changed, 1);
    HOUSE_OK(kuji_tenant_reseal(&changed, &other, unit_pool));
    ck_assert_int_eq(changed, 0);
    HOUSE_OK(kuji_tenant_find(&t, h->act.pg, h->tenant_name, unit_pool));
    ck_assert_int_eq(kuji_tenant_key_check(&keys, t), APR_SUCCESS);
    ck_assert_int_eq(kuji_tenant_key_check(h->act.keys, t), KUJI_ECRYPT);
    ck_assert_int_eq(kuji_tenant_reseal(&changed, &h->act, unit_pool),
                     KUJI_ECRYPT);
}
END_TEST

START_TEST(test_token)
{
    static const char *const bad[] = {"", "read,", "admin", "read,read",
                                      "read write"};
    house_t *h = house_make();
    char text[KUJI_TOKEN_LEN + 1];
    unsigned char digest[32];
    const kuji_token_row_t *rows;
    const kuji_token_t *token;
    int64_t id;
    unsigned i;
    int count;

    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        if (i != 1) { /* a comma more is no harm */
            HOUSE_REFUSED(KUJI_EINVAL,
                          kuji_token_create(text, &id, &h->why, &h->act, "x",
                                            bad[i], unit_pool));
        }
    }
    HOUSE_OK(kuji_token_create(text, &id, &h->why, &h->act, "shop", "read,draw",
                               unit_pool));
    ck_assert_uint_eq(strlen(text), KUJI_TOKEN_LEN);
    ck_assert_int_eq(strncmp(text, "kuji_", 5), 0);
    ck_assert_uint_eq(
        strspn(text + 5, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                         "0123456789-_"),
        43);
    kuji_token_digest(digest, text, strlen(text));
    HOUSE_OK(kuji_cache_token(&token, h->cache, digest, 0, unit_pool));
    ck_assert_int_eq(token->id, id);
    ck_assert_uint_eq(token->scopes, KUJI_SCOPE_READ | KUJI_SCOPE_DRAW);
    HOUSE_OK(kuji_token_revoke(&h->why, &h->act, id, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_token_revoke(&h->why, &h->act, id, unit_pool));
    HOUSE_OK(kuji_token_list(&rows, &count, &h->act, unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert(rows[0].revoked_at > 0);
    ck_assert_ptr_null(house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT 1 FROM kuji.audit a WHERE tenant_id = '%s' AND "
                        "a::text LIKE '%%%s%%'",
                        h->act.tenant, text + 5)));
}
END_TEST

START_TEST(test_admin)
{
    house_t *h = house_make();
    char phrase[KUJI_PASSPHRASE_LEN + 1];
    const kuji_admin_t *admin;
    const char *id;

    kuji_admin_passphrase(phrase);
    ck_assert_uint_eq(strlen(phrase), KUJI_PASSPHRASE_LEN);
    HOUSE_REFUSED(KUJI_EINVAL, kuji_admin_create(&id, &h->why, &h->act, "a",
                                                 "short", "owner", unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_admin_create(&id, &h->why, &h->act, "a",
                                                 phrase, "king", unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_admin_create(&id, &h->why, &h->act, "a:b",
                                                 phrase, "owner", unit_pool));
    HOUSE_OK(kuji_admin_create(&id, &h->why, &h->act, "店長", phrase, "owner",
                               unit_pool));
    HOUSE_REFUSED(KUJI_ECONFLICT,
                  kuji_admin_create(&id, &h->why, &h->act, "店長", phrase,
                                    "staff", unit_pool));
    HOUSE_OK(kuji_admin_check(&admin, &h->act, "店長", phrase, unit_pool));
    ck_assert_str_eq(admin->role, "owner");
    ck_assert_int_eq(
        kuji_admin_check(&admin, &h->act, "店長", "not the one", unit_pool),
        KUJI_ENOTFOUND);
    ck_assert_int_eq(
        kuji_admin_check(&admin, &h->act, "nobody", phrase, unit_pool),
        KUJI_ENOTFOUND);
}
END_TEST

/* What is wrong, and a word that the refusal must hold. */
START_TEST(test_config)
{
    static const struct {
        const char *from, *to, *says;
    } cases[] = {
        {"\"slug\":\"x\"", "\"slug\":\"-x\"", "slug"},
        {"\"slug\":\"x\"", "\"slug\":\"X\"", "slug"},
        {"\"slug\":\"x\",", "", "slug"},
        {"夏の抽選会", " ", "title"},
        {"\"gates\":[\"open\"]", "\"gates\":[]", "gates"},
        {"\"gates\":[\"open\"]", "\"gates\":[\"door\"]", "gates"},
        {"Asia/Tokyo", "Asia/Edo", "timezone"},
        {"\"kind\":\"parcel\"", "\"kind\":\"dog\"", "kind"},
        {"\"units\":3", "\"units\":0", "units"},
        {"\"units\":3", "\"units\":1.5", "units"},
        {"\"weight\":20", "\"weight\":101", "weight"},
        {"\"weight\":20,", "\"weight\":20,\"colour\":1,", "field"},
        {"\"odds_total\":100", "\"odds_total\":100,\"blanks\":1", "field"},
        {"\"odds_total\":100", "\"odds_total\":100,\"theme\":\"neon\"",
         "theme"},
        {"\"odds_total\":100", "\"odds_total\":100,\"limits\":{\"draws\":0}",
         "draws"},
        {"\"odds_total\":100",
         "\"odds_total\":100,\"limits\":{\"draws_per_year\":1}", "limits"},
        {"\"odds_total\":100", "\"odds_total\":100,\"texts\":{\"fr\":{}}",
         "texts"},
        {"\"odds_total\":100", "\"odds_total\":100,\"sold_out\":\"Z\"",
         "sold_out"},
        {"\"method\":\"odds\"", "\"method\":\"luck\"", "method"},
    };
    house_t *h = house_make();
    const char *good, *at;
    unsigned i;

    good = house_config(h, "x", "odds", HOUR,
                        "\"odds_total\":100,\"prizes\":[{\"code\":\"A\","
                        "\"name\":\"一等\",\"kind\":\"parcel\","
                        "\"weight\":20,\"units\":3}]");
    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        at = strstr(good, cases[i].from);
        ck_assert_msg(at, "%s", cases[i].from);
        HOUSE_REFUSED(
            KUJI_EINVAL,
            create(h,
                   apr_pstrcat(
                       unit_pool,
                       apr_pstrmemdup(unit_pool, good, (apr_size_t)(at - good)),
                       cases[i].to, at + strlen(cases[i].from), NULL)));
        ck_assert_msg(strstr(h->why, cases[i].says), "case %u: %s", i, h->why);
    }
    HOUSE_OK(create(h, good));
    HOUSE_REFUSED(KUJI_ECONFLICT, create(h, good));
}
END_TEST

START_TEST(test_draft)
{
    house_t *h = house_make();
    json_t *patch = json_pack("{s:s, s:n}", "title", "秋の抽選会", "theme");
    const kuji_campaign_view_t *v, *list;
    int version, count;

    HOUSE_OK(create(h, house_config(h, "d", "odds", HOUR, ODDS)));
    HOUSE_OK(create(h, house_config(h, "e", "odds", HOUR, ODDS)));
    v = house_view(h, "d");
    ck_assert_int_eq(v->phase, KUJI_PHASE_DRAFT);
    ck_assert_int_eq(v->prizes[0].planned, 3);
    HOUSE_OK(kuji_campaign_patch(&version, &h->why, &h->act, "d", 1, patch,
                                 unit_pool));
    ck_assert_int_eq(version, 2);
    ck_assert_str_eq(house_view(h, "d")->title, "秋の抽選会");
    HOUSE_REFUSED(KUJI_ECONFLICT,
                  kuji_campaign_patch(&version, &h->why, &h->act, "d", 1, patch,
                                      unit_pool));
    json_object_set_new(patch, "slug", json_string("e"));
    HOUSE_REFUSED(KUJI_ECONFLICT,
                  kuji_campaign_patch(&version, &h->why, &h->act, "d", 2, patch,
                                      unit_pool));
    json_object_set_new(patch, "slug", json_string("f"));
    json_object_set_new(patch, "odds_total", json_integer(1));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_campaign_patch(&version, &h->why, &h->act,
                                                   "d", 2, patch, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE,
                  kuji_campaign_pause(&h->why, &h->act, "d", 1, unit_pool));
    HOUSE_OK(kuji_publish(NULL, &h->why, &h->act, "d", 1, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_campaign_patch(&version, &h->why, &h->act,
                                                   "d", 3, patch, unit_pool));
    HOUSE_OK(kuji_campaign_pause(&h->why, &h->act, "d", 1, unit_pool));
    ck_assert_int_eq(house_view(h, "d")->phase, KUJI_PHASE_PAUSED);
    HOUSE_REFUSED(KUJI_ESTATE,
                  kuji_campaign_pause(&h->why, &h->act, "d", 1, unit_pool));
    HOUSE_OK(kuji_campaign_list(&list, &count, &h->act, unit_pool));
    ck_assert_int_eq(count, 2);
    json_decref(patch);
}
END_TEST

typedef struct codes_t {
    int count;
    char last[KUJI_CODE_MAX + 1];
    char faults[100];
} codes_t;

static void on_fault(void *baton, int64_t line, kuji_code_fault_e fault)
{
    codes_t *c = baton;
    apr_size_t len = strlen(c->faults);

    apr_snprintf(c->faults + len, sizeof(c->faults) - len, "%d%c ", (int)line,
                 fault == KUJI_CODE_MALFORMED ? 'm' : 'd');
}

static apr_status_t on_code(void *baton, const char *code)
{
    codes_t *c = baton;

    ck_assert(kuji_code_check(code));
    c->count++;
    apr_cpystrn(c->last, code, sizeof(c->last));
    return APR_SUCCESS;
}

START_TEST(test_codes)
{
    house_t *h = house_make();
    kuji_code_batch_t *batch;
    kuji_code_counts_t counts;
    codes_t codes = {0};
    kuji_secret_t *secret;
    unsigned char digest[KUJI_DIGEST_LEN];
    const kuji_tenant_row_t *tenant;
    char hex[2 * KUJI_DIGEST_LEN + 1];

    HOUSE_OK(create(h, house_config(h, "d", "odds", HOUR, ODDS)));
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_code_batch_open(&batch, &h->why, &h->act, "x", "一", 1,
                                       unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_code_batch_open(&batch, &h->why, &h->act,
                                                    "d", "一", 0, unit_pool));
    HOUSE_OK(kuji_code_batch_open(&batch, &h->why, &h->act, "d", "一", 3,
                                  unit_pool));
    HOUSE_OK(kuji_code_generate(batch, 10001, 12, on_code, &codes));
    ck_assert_int_eq(codes.count, 10001);
    kuji_code_report(batch, on_fault, &codes);
    HOUSE_OK(kuji_code_import(batch, 1, codes.last, strlen(codes.last)));
    HOUSE_OK(kuji_code_import(batch, 2, "ａｂ-12 34", strlen("ａｂ-12 34")));
    HOUSE_OK(kuji_code_import(batch, 3, "AB1234", 6));
    HOUSE_OK(kuji_code_import(batch, 4, "あ", strlen("あ")));
    HOUSE_OK(kuji_code_batch_finish(batch, &counts));
    ck_assert_int_eq(counts.stored, 10002);
    ck_assert_int_eq(counts.duplicate, 2);
    ck_assert_int_eq(counts.malformed, 1);
    ck_assert_str_eq(codes.faults, "4m 1d 3d ");
    ck_assert_str_eq(
        house_ask(h,
                  apr_psprintf(unit_pool,
                               "SELECT size || ' ' || uses FROM "
                               "kuji.code_batch WHERE id = %" APR_INT64_T_FMT,
                               (apr_int64_t)kuji_code_batch_id(batch))),
        "10002 3");

    /* the digest is the one that a draw looks for */
    HOUSE_OK(kuji_secret_create(&secret, unit_pool));
    HOUSE_OK(kuji_tenant_find(&tenant, h->act.pg, h->tenant_name, unit_pool));
    HOUSE_OK(kuji_keyfile_open_tenant(secret->data_key, h->act.keys, tenant->id,
                                      tenant->data_key, tenant->data_key_len));
    HOUSE_OK(kuji_secret_digest_key(secret, house_view(h, "d")->uuid));
    kuji_seal_digest(digest, secret->digest_key, "code", "AB1234", 6);
    sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
    ck_assert_str_eq(
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT uses_left FROM kuji.code WHERE "
                                  "tenant_id = '%s' AND digest = '\\x%s'",
                                  h->act.tenant, hex)),
        "3");
}
END_TEST

/* A list that brings nothing leaves nothing: no batch, no word in the log. */
START_TEST(test_codes_in_vain)
{
    house_t *h = house_make();
    kuji_code_batch_t *batch;
    kuji_code_counts_t counts;
    const char *ask = apr_psprintf(
        unit_pool,
        "SELECT (SELECT count(*) FROM kuji.code_batch WHERE tenant_id = '%s') "
        "|| ' ' || (SELECT count(*) FROM kuji.audit WHERE tenant_id = '%s')",
        h->act.tenant, h->act.tenant);
    const char *before;

    HOUSE_OK(create(h, house_config(h, "d", "odds", HOUR, ODDS)));
    HOUSE_OK(kuji_code_batch_open(&batch, &h->why, &h->act, "d", "一", 1,
                                  unit_pool));
    HOUSE_OK(kuji_code_import(batch, 1, "AB1234", 6));
    HOUSE_OK(kuji_code_batch_finish(batch, NULL));
    before = house_ask(h, ask);
    HOUSE_OK(kuji_code_batch_open(&batch, &h->why, &h->act, "d", "二", 1,
                                  unit_pool));
    HOUSE_OK(kuji_code_import(batch, 1, "あ", strlen("あ")));
    HOUSE_OK(kuji_code_import(batch, 2, "ab-1234", 7));
    HOUSE_OK(kuji_code_batch_finish(batch, &counts));
    ck_assert_int_eq(counts.stored, 0);
    ck_assert_int_eq(counts.duplicate, 1);
    ck_assert_int_eq(counts.malformed, 1);
    ck_assert_int_eq(kuji_code_batch_id(batch), 0);
    ck_assert_str_eq(house_ask(h, ask), before);
}
END_TEST

/* Everything of one tenant is nothing to the other, whatever it asks by. */
START_TEST(test_two_tenants)
{
    house_t *h = house_make(), *other = house_make();
    const kuji_campaign_view_t *v;
    const kuji_draw_row_t *draw;
    const kuji_proof_leaf_t *leaves;
    const kuji_token_row_t *tokens;
    const kuji_audit_row_t *rows;
    unsigned char root[KUJI_HASH_LEN];
    char token[KUJI_TOKEN_LEN + 1];
    kuji_event_t e;
    int64_t id, token_id;
    uint64_t size;
    int count, i;

    house_publish(h, "odds", HOUR, ODDS);
    ck_assert_int_eq(house_draw(h, "odds", 5), 5);
    HOUSE_OK(kuji_token_create(token, &token_id, &h->why, &h->act, "x", "read",
                               unit_pool));
    id = house_view(h, "odds")->id;
    ck_assert_int_eq(kuji_campaign_get(&v, &other->act, "odds", unit_pool),
                     KUJI_ENOTFOUND);
    ck_assert_int_eq(kuji_draw_get(&draw, &other->act, id, 1, unit_pool),
                     KUJI_ENOTFOUND);
    ck_assert_int_eq(kuji_proof_head(&size, root, &other->act, id, unit_pool),
                     KUJI_ENOTFOUND);
    HOUSE_OK(
        kuji_proof_leaves(&leaves, &count, &other->act, id, 0, 9, unit_pool));
    ck_assert_int_eq(count, 0);
    HOUSE_OK(kuji_token_list(&tokens, &count, &other->act, unit_pool));
    ck_assert_int_eq(count, 0);
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_token_revoke(&h->why, &other->act, token_id, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_event_void(&e, &h->why, &other->act, "odds", 1, 0,
                                  "error", NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_event_close(&e, &h->why, &other->act, "odds", "early",
                                   NULL, unit_pool));
    HOUSE_OK(
        kuji_audit_list(&rows, &count, &other->act, NULL, 0, 100, unit_pool));
    ck_assert_int_ge(count, 1);
    for (i = 0; i < count; i++) {
        ck_assert_str_eq(rows[i].action, "tenant.create");
    }
    /* the same slug is another campaign */
    house_publish(other, "odds", HOUR, ODDS);
    ck_assert_int_ne(house_view(other, "odds")->id, id);
    ck_assert_int_eq(house_view(other, "odds")->draws, 0);
    ck_assert_int_eq(house_view(h, "odds")->draws, 5);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/campaign");

    UNIT_TEST(suite, test_tenant);
    UNIT_TEST(suite, test_token);
    UNIT_TEST(suite, test_admin);
    UNIT_TEST(suite, test_config);
    UNIT_TEST(suite, test_draft);
    UNIT_TEST(suite, test_codes);
    UNIT_TEST(suite, test_codes_in_vain);
    UNIT_TEST(suite, test_two_tenants);
    return unit_main(suite);
}
