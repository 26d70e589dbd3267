/* What the console does: the list, copies, the archive, editing what is
 * published, batches of codes, a raffle before and after it is run.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/seal.h"
#include "store/audit.h"
#include "store/batch.h"
#include "store/code.h"
#include "store/publish.h"
#include "store/raffle.h"
#include "store/raffle_view.h"
#include "t/store/house.h"

#include <apr_strings.h>
#include <apr_tables.h>
#include <string.h>

#define HOUR 3600000
#define ODDS                                                                   \
    "\"odds_total\":100,\"prizes\":[{\"code\":\"A\",\"name\":\"一等\","      \
    "\"kind\":\"parcel\",\"units\":3,\"weight\":20},"                          \
    "{\"code\":\"B\",\"name\":\"二等\",\"kind\":\"parcel\",\"units\":4,"     \
    "\"weight\":20}]"

static apr_status_t drop(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, 0, &error);

    ck_assert_msg(json, "%s: %s", error.text, text);
    apr_pool_cleanup_register(unit_pool, json, drop, apr_pool_cleanup_null);
    return json;
}

static void draft(house_t *h, const char *slug, const char *extra)
{
    const char *uuid;

    HOUSE_OK(kuji_campaign_create(
        &uuid, &h->why, &h->act,
        parse(house_config(h, slug, "odds", HOUR, extra)), unit_pool));
}

static apr_status_t patch(house_t *h, const char *slug, int version,
                          const char *text)
{
    int now;

    return kuji_campaign_patch(&now, &h->why, &h->act, slug, version,
                               parse(text), unit_pool);
}

static int found(house_t *h, const char *text, int archived,
                 const kuji_campaign_row_t **rows)
{
    const kuji_campaign_find_t find = {text, archived, 0, 10};
    int count;

    HOUSE_OK(kuji_campaign_find(rows, &count, &h->act, &find, unit_pool));
    return count;
}

START_TEST(test_list)
{
    house_t *h = house_make(), *other = house_make();
    const kuji_campaign_find_t second = {"", 0, 1, 1};
    const kuji_campaign_row_t *rows;
    int count;

    draft(h, "summer-1", ODDS);
    house_publish(h, "odds", HOUR, ODDS);
    ck_assert_int_eq(house_draw(h, "odds", 5), 5);
    ck_assert_int_eq(found(h, "", 0, &rows), 2);
    ck_assert_str_eq(rows[0].view.slug, "odds"); /* opens later, if little */
    ck_assert_int_eq(rows[0].planned, 7);
    ck_assert_int_eq(rows[0].awarded + rows[0].left, 7);
    ck_assert_int_eq(rows[0].today, 5);
    ck_assert_int_eq(rows[0].view.phase, KUJI_PHASE_OPEN);
    ck_assert_int_eq(rows[1].view.phase, KUJI_PHASE_DRAFT);
    ck_assert_int_eq(rows[1].planned, 7);
    ck_assert_int_eq(rows[1].left, 7);
    ck_assert_int_eq(rows[1].today, 0);
    ck_assert_int_eq(found(h, "MMER", 0, &rows), 1);
    ck_assert_int_eq(found(h, "夏の", 0, &rows), 2);
    ck_assert_int_eq(found(h, "%", 0, &rows), 0);
    ck_assert_int_eq(found(h, "'; --", 0, &rows), 0);
    ck_assert_int_eq(found(other, "", 0, &rows), 0);
    HOUSE_OK(kuji_campaign_find(&rows, &count, &h->act, &second, unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert_str_eq(rows[0].view.slug, "summer-1");
    /* yesterday's draws are not today's */
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.campaign SET day = day - 1 WHERE "
                              "tenant_id = '%s'",
                              h->act.tenant));
    ck_assert_int_eq(found(h, "odds", 0, &rows), 1);
    ck_assert_int_eq(rows[0].today, 0);
}
END_TEST

START_TEST(test_archive)
{
    house_t *h = house_make(), *other = house_make();
    const kuji_campaign_row_t *rows;
    kuji_event_t e;

    draft(h, "d", ODDS);
    house_publish(h, "odds", HOUR, ODDS);
    HOUSE_REFUSED(KUJI_ESTATE, kuji_campaign_archive(&h->why, &h->act, "odds",
                                                     1, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE,
                  kuji_campaign_archive(&h->why, &h->act, "d", 0, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND, kuji_campaign_archive(&h->why, &other->act,
                                                        "d", 1, unit_pool));
    HOUSE_OK(kuji_campaign_archive(&h->why, &h->act, "d", 1, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE,
                  kuji_campaign_archive(&h->why, &h->act, "d", 1, unit_pool));
    ck_assert_int_eq(found(h, "", 0, &rows), 1);
    ck_assert_int_eq(found(h, "", 1, &rows), 1);
    ck_assert_str_eq(rows[0].view.slug, "d");
    ck_assert(house_view(h, "d")->archived_at > 0);
    HOUSE_REFUSED(KUJI_ESTATE,
                  kuji_publish(NULL, &h->why, &h->act, "d", 1, unit_pool));
    HOUSE_OK(kuji_campaign_archive(&h->why, &h->act, "d", 0, unit_pool));
    HOUSE_OK(kuji_publish(NULL, &h->why, &h->act, "d", 1, unit_pool));
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "odds", "early", NULL,
                              unit_pool));
    HOUSE_OK(kuji_campaign_archive(&h->why, &h->act, "odds", 1, unit_pool));
}
END_TEST

START_TEST(test_duplicate)
{
    house_t *h = house_make(), *other = house_make();
    const kuji_campaign_view_t *v;
    const char *uuid;
    json_t *config;

    house_publish(h, "raffle", HOUR,
                  "\"alternates\":3,\"beacon\":{\"chain_hash\":"
                  "\"52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600"
                  "c84e971\",\"round\":9,\"time\":9000000000000},\"prizes\":["
                  "{\"code\":\"A\",\"name\":\"一等\",\"kind\":\"parcel\","
                  "\"units\":2}]");
    HOUSE_OK(kuji_campaign_duplicate(&uuid, &h->why, &h->act, "raffle", "again",
                                     "もう一度", unit_pool));
    v = house_view(h, "again");
    ck_assert_str_eq(v->uuid, uuid);
    ck_assert_str_eq(v->title, "もう一度");
    ck_assert_int_eq(v->phase, KUJI_PHASE_DRAFT);
    config = parse(v->config);
    ck_assert_ptr_null(json_object_get(config, "beacon"));
    ck_assert_int_eq(json_integer_value(json_object_get(config, "alternates")),
                     3);
    HOUSE_REFUSED(KUJI_ECONFLICT,
                  kuji_campaign_duplicate(&uuid, &h->why, &h->act, "raffle",
                                          "again", "x", unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL,
                  kuji_campaign_duplicate(&uuid, &h->why, &h->act, "raffle",
                                          "AGAIN", "x", unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_campaign_duplicate(&uuid, &h->why, &other->act, "raffle",
                                          "mine", "x", unit_pool));
}
END_TEST

START_TEST(test_edit_published)
{
    house_t *h = house_make();
    const kuji_audit_row_t *rows;
    int count, version;
    json_t *detail;

    house_publish(h, "odds", HOUR, ODDS);
    version = house_view(h, "odds")->version;
    HOUSE_OK(patch(h, "odds", version,
                   "{\"texts\":{\"ja\":{\"lead\":\"新しい\"}},"
                   "\"claim_fields\":[\"name\",\"address\"]}"));
    ck_assert_int_eq(house_view(h, "odds")->version, version + 1);
    HOUSE_OK(kuji_audit_list(&rows, &count, &h->act, NULL, 0, 1, unit_pool));
    ck_assert_str_eq(rows[0].action, "campaign.edit");
    detail = parse(rows[0].detail);
    ck_assert(json_equal(
        detail, parse(apr_psprintf(
                    unit_pool,
                    "{\"version\":%d,\"before\":{\"texts\":null,"
                    "\"claim_fields\":null},\"after\":{\"texts\":{\"ja\":"
                    "{\"lead\":\"新しい\"}},\"claim_fields\":[\"name\","
                    "\"address\"]}}",
                    version + 1))));
    HOUSE_REFUSED(KUJI_ECONFLICT,
                  patch(h, "odds", version, "{\"show_left\":false}"));
    HOUSE_REFUSED(KUJI_ESTATE,
                  patch(h, "odds", version + 1, "{\"odds_total\":200}"));
    HOUSE_REFUSED(KUJI_ESTATE,
                  patch(h, "odds", version + 1, "{\"gates\":[\"code\"]}"));
    HOUSE_REFUSED(KUJI_EINVAL,
                  patch(h, "odds", version + 1, "{\"privacy\":null}"));
    HOUSE_REFUSED(KUJI_EINVAL, patch(h, "odds", version + 1, "{\"whim\":1}"));
    ck_assert_int_eq(house_view(h, "odds")->version, version + 1);
}
END_TEST

START_TEST(test_publish_lacks)
{
    static const struct {
        const char *patch, *says;
    } cases[] = {{"{\"prizes\":[]}", "prizes"},
                 {"{\"privacy\":{\"purpose\":\" \"}}", "purpose"},
                 {"{\"privacy\":{\"retention_days\":null}}", "retention"}};
    house_t *h = house_make();
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const char *slug = apr_psprintf(unit_pool, "d%u", i);

        draft(h, slug, ODDS);
        HOUSE_OK(patch(h, slug, 1, cases[i].patch));
        HOUSE_REFUSED(KUJI_EINVAL,
                      kuji_publish(NULL, &h->why, &h->act, slug, 1, unit_pool));
        ck_assert_msg(strstr(h->why, cases[i].says), "%s", h->why);
    }
}
END_TEST

/* The texts of the codes that were made. */
static apr_status_t on_code(void *baton, const char *code)
{
    APR_ARRAY_PUSH((apr_array_header_t *)baton, const char *) =
        apr_pstrdup(unit_pool, code);
    return APR_SUCCESS;
}

static int64_t make_batch(house_t *h, const char *slug, int uses,
                          apr_array_header_t *codes)
{
    kuji_code_batch_t *batch;

    HOUSE_OK(kuji_code_batch_open(&batch, &h->why, &h->act, slug, "束", uses,
                                  unit_pool));
    HOUSE_OK(kuji_code_generate(batch, 3, 12, on_code, codes));
    HOUSE_OK(kuji_code_batch_finish(batch, NULL));
    return kuji_code_batch_id(batch);
}

/* One draw with a code by that participant; its outcome. */
static int draw_with(house_t *h, const char *slug, const char *who,
                     const char *code, int count)
{
    const kuji_tenant_t *tenant;
    const kuji_campaign_t *c;
    kuji_batch_item_t *item = apr_pcalloc(unit_pool, sizeof(*item));
    kuji_draw_ask_t *ask = &item->ask;
    char plain[KUJI_CODE_MAX + 1];
    const char *key = apr_psprintf(unit_pool, "k%d", h->drawn++);
    kuji_conn_t *conn;

    HOUSE_OK(kuji_cache_tenant(&tenant, h->cache, h->tenant_name, unit_pool));
    HOUSE_OK(kuji_cache_campaign(&c, h->cache, tenant, slug, unit_pool));
    ask->campaign = c;
    ask->participant = who;
    ask->participant_len = strlen(who);
    ask->count = count;
    kuji_seal_digest(ask->participant_digest, c->digest_key, "participant", who,
                     strlen(who));
    kuji_seal_digest(ask->key_digest, c->digest_key, "key", key, strlen(key));
    kuji_seal_digest(ask->body_digest, c->digest_key, "body", key, strlen(key));
    if (code) {
        HOUSE_OK(kuji_code_normalise(plain, code, strlen(code)));
        ask->has_code = 1;
        kuji_seal_digest(ask->code_digest, c->digest_key, "code", plain,
                         strlen(plain));
    }
    item->answer.draws =
        apr_pcalloc(unit_pool, sizeof(*item->answer.draws) * (apr_size_t)count);
    HOUSE_OK(kuji_pg_acquire(&conn, h->act.pg));
    HOUSE_OK(kuji_batch_run(conn, &item, 1, &h->act.keys->signer,
                            apr_time_from_sec(10), unit_pool));
    kuji_pg_release(conn);
    return item->answer.outcome;
}

START_TEST(test_batches)
{
    house_t *h = house_make(), *other = house_make();
    apr_array_header_t *codes = apr_array_make(unit_pool, 6, sizeof(char *));
    const kuji_code_batch_row_t *rows;
    int64_t one, three;
    int count;

#define CODE(i) APR_ARRAY_IDX(codes, i, const char *)
    draft(h, "d", ODDS);
    HOUSE_OK(patch(h, "d", 1, "{\"gates\":[\"code\"]}"));
    HOUSE_OK(kuji_publish(NULL, &h->why, &h->act, "d", 1, unit_pool));
    one = make_batch(h, "d", 1, codes);
    three = make_batch(h, "d", 3, codes);
    ck_assert_int_eq(draw_with(h, "d", "p", CODE(0), 1), KUJI_DRAWN);
    ck_assert_int_eq(draw_with(h, "d", "p", CODE(3), 2), KUJI_DRAWN);
    ck_assert_int_eq(draw_with(h, "d", "q", CODE(4), 1), KUJI_DRAWN);
    HOUSE_OK(kuji_code_batches(&rows, &count, &h->act, "d", unit_pool));
    ck_assert_int_eq(count, 2);
    ck_assert_int_eq(rows[0].id, three);
    ck_assert_str_eq(rows[0].name, "束");
    ck_assert_int_eq(rows[0].size, 3);
    ck_assert_int_eq(rows[0].uses, 3);
    ck_assert_int_eq(rows[0].spent, 3);
    ck_assert_int_eq(rows[1].id, one);
    ck_assert_int_eq(rows[1].spent, 1);
    ck_assert_int_eq(rows[1].disabled, 0);

    HOUSE_OK(kuji_code_batch_disable(&h->why, &h->act, "d", one, 1, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_code_batch_disable(&h->why, &h->act, "d",
                                                       one, 1, unit_pool));
    ck_assert_int_ne(draw_with(h, "d", "r", CODE(1), 1), KUJI_DRAWN);
    ck_assert_int_eq(draw_with(h, "d", "r", CODE(5), 1), KUJI_DRAWN);
    HOUSE_OK(kuji_code_batch_disable(&h->why, &h->act, "d", one, 0, unit_pool));
    ck_assert_int_eq(draw_with(h, "d", "r", CODE(1), 1), KUJI_DRAWN);
    HOUSE_REFUSED(KUJI_ENOTFOUND, kuji_code_batch_disable(&h->why, &h->act, "d",
                                                          0, 1, unit_pool));
    HOUSE_REFUSED(
        KUJI_ENOTFOUND,
        kuji_code_batch_disable(&h->why, &other->act, "d", one, 1, unit_pool));
    ck_assert_int_eq(
        kuji_code_batches(&rows, &count, &other->act, "d", unit_pool),
        KUJI_ENOTFOUND);
    ck_assert_str_eq(
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT sum(b.size * b.uses - b.spent) - "
                                  "(SELECT sum(uses_left) FROM kuji.code WHERE "
                                  "tenant_id = '%s') FROM kuji.code_batch b "
                                  "WHERE tenant_id = '%s'",
                                  h->act.tenant, h->act.tenant)),
        "0");
#undef CODE
}
END_TEST

#define RAFFLE                                                                 \
    "\"alternates\":3,\"prizes\":[{\"code\":\"A\",\"name\":\"一等\","        \
    "\"kind\":\"parcel\",\"units\":2}]"

static void publish_raffle(house_t *h, int64_t closes_in, const char *gate)
{
    const char *uuid;

    HOUSE_OK(kuji_campaign_create(
        &uuid, &h->why, &h->act,
        parse(house_config(h, "r", "raffle", closes_in, RAFFLE)), unit_pool));
    HOUSE_OK(patch(h, "r", 1,
                   apr_psprintf(unit_pool, "{\"gates\":[\"%s\"]}", gate)));
    HOUSE_OK(kuji_publish(NULL, &h->why, &h->act, "r", 1, unit_pool));
}

START_TEST(test_raffle_preview)
{
    house_t *h = house_make(), *other = house_make();
    apr_array_header_t *codes = apr_array_make(unit_pool, 3, sizeof(char *));
    kuji_raffle_preview_t p;
    kuji_event_t e;
    const char *code;
    int i;

    publish_raffle(h, HOUR, "code");
    make_batch(h, "r", 5, codes);
    code = APR_ARRAY_IDX(codes, 0, const char *);
    /* n: 1 a, 2 b, 3 a, 4 c (b's code), 5 a, 6 d twice, one of them void */
    draw_with(h, "r", "a", code, 1);
    draw_with(h, "r", "b", APR_ARRAY_IDX(codes, 1, const char *), 1);
    draw_with(h, "r", "a", code, 1);
    draw_with(h, "r", "c", APR_ARRAY_IDX(codes, 1, const char *), 1);
    draw_with(h, "r", "a", code, 1);
    for (i = 0; i < 2; i++) {
        draw_with(h, "r", "d", APR_ARRAY_IDX(codes, 2, const char *), 1);
    }
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "r", 7, 0, "duplicate", NULL,
                             unit_pool));
    HOUSE_OK(kuji_raffle_preview(&p, &h->act, "r", unit_pool));
    ck_assert_int_eq(p.entries, 7);
    ck_assert_int_eq(p.voided, 1);
    ck_assert_int_eq(p.participants, 4);
    ck_assert_int_eq(p.nsuspects, 2);
    ck_assert_int_eq(p.listed, 2);
    ck_assert_int_eq(p.suspects[0].kind, KUJI_SUSPECT_PARTICIPANT);
    ck_assert_int_eq(p.suspects[0].entries, 3);
    ck_assert_int_eq(p.suspects[0].listed, 3);
    ck_assert_int_eq(p.suspects[0].n[0], 1);
    ck_assert_int_eq(p.suspects[0].n[1], 3);
    ck_assert_int_eq(p.suspects[0].n[2], 5);
    ck_assert_int_eq(p.suspects[1].kind, KUJI_SUSPECT_CODE);
    ck_assert_int_eq(p.suspects[1].entries, 2);
    ck_assert_int_eq(p.suspects[1].n[0], 2);
    ck_assert_int_eq(p.suspects[1].n[1], 4);
    ck_assert_int_eq(kuji_raffle_preview(&p, &other->act, "r", unit_pool),
                     KUJI_ENOTFOUND);
}
END_TEST

START_TEST(test_raffle_result)
{
    house_t *h = house_make();
    kuji_raffle_result_t r, then;
    uint64_t alternate;
    kuji_event_t e;
    int i;

    publish_raffle(h, 2000, "open");
    ck_assert_int_eq(house_draw(h, "r", 10), 10);
    HOUSE_OK(kuji_raffle_result(&r, &h->act, "r", unit_pool));
    ck_assert_int_eq(r.t, 0);
    ck_assert_int_eq(r.nwinners, 0);
    house_wait(h, house_view(h, "r")->closes_at);
    HOUSE_OK(kuji_raffle_run(&e, &h->why, &h->act, "r", NULL, unit_pool));
    HOUSE_OK(kuji_raffle_result(&r, &h->act, "r", unit_pool));
    ck_assert(r.t > 0 && !r.beacon_signature);
    ck_assert_int_eq(r.nwinners, 2);
    ck_assert_int_eq(r.nalternates, 3);
    for (i = 0; i < 2; i++) {
        ck_assert_str_eq(r.winners[i].prize, "A");
        ck_assert(!r.winners[i].is_void && !r.winners[i].substitute);
        ck_assert_ptr_null(r.alternates[i].prize);
    }
    HOUSE_OK(kuji_raffle_substitute(&e, &alternate, &h->why, &h->act, "r",
                                    r.winners[1].n, "declined", NULL,
                                    unit_pool));
    HOUSE_OK(kuji_raffle_substitute(&e, &alternate, &h->why, &h->act, "r",
                                    alternate, "unreachable", NULL, unit_pool));
    HOUSE_OK(kuji_raffle_result(&then, &h->act, "r", unit_pool));
    ck_assert(!then.winners[0].is_void && then.winners[1].is_void);
    ck_assert_uint_eq(then.winners[1].substitute, r.alternates[0].n);
    ck_assert(then.alternates[0].is_used && then.alternates[0].is_void);
    ck_assert_uint_eq(then.alternates[0].substitute, r.alternates[1].n);
    ck_assert(then.alternates[1].is_used && !then.alternates[1].is_void);
    ck_assert_str_eq(then.alternates[1].prize, "A");
    ck_assert(!then.alternates[2].is_used);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("console");

    UNIT_TEST(suite, test_list);
    UNIT_TEST(suite, test_archive);
    UNIT_TEST(suite, test_duplicate);
    UNIT_TEST(suite, test_edit_published);
    UNIT_TEST(suite, test_publish_lacks);
    UNIT_TEST(suite, test_batches);
    UNIT_TEST(suite, test_raffle_preview);
    UNIT_TEST(suite, test_raffle_result);
    return unit_main(suite);
}
