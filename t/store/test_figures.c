/* Figures against a recount of the ledger: whatever was drawn, voided, raffled,
 * by many threads, over the ends of hours and days.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/figures.h"
#include "core/seal.h"
#include "queue/queue.h"
#include "store/code.h"
#include "store/mark.h"
#include "store/raffle.h"
#include "store/traffic.h"
#include "t/store/house.h"

#include <apr_strings.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define HOUR 3600000
#define BOX                                                                     \
    "\"blanks\":100000,\"prizes\":[{\"code\":\"A\",\"name\":\"一等\","        \
    "\"kind\":\"parcel\",\"units\":50000},{\"code\":\"B\",\"name\":\"二等\"," \
    "\"kind\":\"parcel\",\"units\":50000}]"
#define RAFFLE                                                                 \
    "\"alternates\":3,\"prizes\":[{\"code\":\"A\",\"name\":\"一等\","        \
    "\"kind\":\"parcel\",\"units\":2}]"

static int64_t id_of(house_t *h, const char *slug)
{
    return house_view(h, slug)->id;
}

/* The statement's %s are the campaign's id. */
static const char *with_id(house_t *h, const char *slug, const char *format)
{
    const char *id = apr_psprintf(unit_pool, "%" APR_INT64_T_FMT,
                                  (apr_int64_t)id_of(h, slug));

    return apr_psprintf(unit_pool, format, id, id, id);
}

static const kuji_figures_t *read_figures(house_t *h, const char *slug,
                                          kuji_figures_by_e by)
{
    const kuji_figures_t *figures;

    HOUSE_OK(kuji_figures_read(&figures, &h->act, slug, by, 1000, unit_pool));
    return figures;
}

/* What happened is moved into the past, so that the next draw's quarter, hour
 * or day is another one. By whole quarters. */
static void age(house_t *h, const char *slug, int quarters)
{
    int64_t ms = quarters * (int64_t)KUJI_QUARTER_MS;
    const char *id = with_id(h, slug, "%s");

    house_sql(
        h, apr_psprintf(unit_pool,
                        "UPDATE kuji.ledger SET leaf = replace(leaf, "
                        "leaf::jsonb ->> 't', ((leaf::jsonb ->> 't')::int8 - "
                        "%" APR_INT64_T_FMT ")::text) "
                        "WHERE campaign_id = %s AND i > 0;"
                        "UPDATE kuji.mark SET quarter = quarter + 1000000 "
                        "WHERE campaign_id = %s;"
                        "UPDATE kuji.mark SET quarter = quarter - 1000000 - %d "
                        "WHERE campaign_id = %s;"
                        "UPDATE kuji.campaign SET last_t = last_t - "
                        "%" APR_INT64_T_FMT " WHERE id = %s",
                        (apr_int64_t)ms, id, id, quarters, id, (apr_int64_t)ms,
                        id));
}

/* "hour:draws:wins …" (or days, in Tokyo), counted leaf by leaf. */
static const char *recount(house_t *h, const char *slug, kuji_figures_by_e by)
{
    return house_ask(
        h, apr_psprintf(
               unit_pool,
               "SELECT string_agg(concat_ws(':', span, d, w), ' ' ORDER BY "
               "span) FROM (SELECT ((j ->> 't')::int8 + 9 * 3600000) / %d AS "
               "span, count(*) FILTER (WHERE j ->> 'kind' IN ('draw', "
               "'entry')) AS d, count(*) FILTER (WHERE j ->> 'kind' IN "
               "('draw', 'substitute') AND j ->> 'prize' IS NOT NULL) + "
               "coalesce(sum(jsonb_array_length(j -> 'winners')), 0) AS w "
               "FROM kuji.ledger, LATERAL (SELECT leaf::jsonb AS j) p WHERE "
               "campaign_id = %s AND i > 0 GROUP BY 1) r WHERE d + w > 0",
               by == KUJI_FIGURES_BY_DAY ? 24 * HOUR : HOUR,
               with_id(h, slug, "%s")));
}

static const char *told(house_t *h, const char *slug, kuji_figures_by_e by)
{
    const kuji_figures_t *f = read_figures(h, slug, by);
    int64_t length = by == KUJI_FIGURES_BY_DAY ? 24 * HOUR : HOUR;
    const char *text = NULL;
    int i;

    for (i = 0; i < f->nspans; i++) {
        const kuji_figures_span_t *s = &f->spans[i];

        ck_assert(i == 0 || s->from == f->spans[i - 1].from + length);
        if (s->draws || s->wins) {
            text = apr_psprintf(unit_pool,
                                "%s%s%" APR_INT64_T_FMT ":%" APR_INT64_T_FMT
                                ":%" APR_INT64_T_FMT,
                                text ? text : "", text ? " " : "",
                                (apr_int64_t)((s->from + 9 * HOUR) / length),
                                (apr_int64_t)s->draws, (apr_int64_t)s->wins);
        }
    }
    return text;
}

static void agrees(house_t *h, const char *slug)
{
    ck_assert_str_eq(told(h, slug, KUJI_FIGURES_BY_HOUR),
                     recount(h, slug, KUJI_FIGURES_BY_HOUR));
    ck_assert_str_eq(told(h, slug, KUJI_FIGURES_BY_DAY),
                     recount(h, slug, KUJI_FIGURES_BY_DAY));
}

static int64_t claims(house_t *h, const char *slug)
{
    return apr_atoi64(house_ask(
        h, with_id(h, slug,
                   "SELECT count(*) FROM kuji.claim WHERE campaign_id = %s")));
}

/* -- many threads ---------------------------------------------------------- */

enum { THREADS = 16, EACH = 40 };

typedef struct caller_t {
    house_t *h;
    kuji_queue_t *queue;
    const kuji_campaign_t *campaign;
    int number, round, drawn;
} caller_t;

static void fill(kuji_draw_ask_t *ask, const kuji_campaign_t *campaign,
                 const char *id)
{
    memset(ask, 0, sizeof(*ask));
    ask->campaign = campaign;
    ask->participant = id;
    ask->participant_len = strlen(id);
    ask->count = 1;
    kuji_seal_digest(ask->participant_digest, campaign->digest_key,
                     "participant", id, strlen(id));
    kuji_seal_digest(ask->key_digest, campaign->digest_key, "key", id,
                     strlen(id));
    kuji_seal_digest(ask->body_digest, campaign->digest_key, "body", id,
                     strlen(id));
}

/* Two threads ask with each key. */
static void *call(void *baton)
{
    caller_t *c = baton;
    const kuji_draw_answer_t *answer;
    kuji_draw_ask_t ask;
    apr_pool_t *pool;
    char id[64];
    int i;

    apr_pool_create_unmanaged_ex(&pool, NULL, NULL);
    for (i = 0; i < EACH; i++) {
        snprintf(id, sizeof(id), "c%d-%d-%d", c->round, c->number / 2, i);
        fill(&ask, c->campaign, id);
        if (kuji_queue_draw(&answer, c->queue, &ask, pool) == APR_SUCCESS) {
            c->drawn += answer->outcome == KUJI_DRAWN;
        }
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
    return NULL;
}

static int draw_at_once(house_t *h, const char *slug, int round)
{
    kuji_queue_config_t config = {256, 50, 2, apr_time_from_sec(5)};
    const kuji_campaign_t *campaign;
    const kuji_tenant_t *tenant;
    kuji_queue_t *queue;
    pthread_t threads[THREADS];
    caller_t callers[THREADS];
    apr_pool_t *pool;
    int i, drawn = 0;

    apr_pool_create(&pool, unit_pool);
    HOUSE_OK(kuji_cache_tenant(&tenant, h->cache, h->tenant_name, pool));
    HOUSE_OK(kuji_cache_campaign(&campaign, h->cache, tenant, slug, pool));
    HOUSE_OK(kuji_queue_create(&queue, &config, h->act.pg, h->act.keys, pool));
    for (i = 0; i < THREADS; i++) {
        callers[i] = (caller_t){h, queue, campaign, i, round, 0};
        pthread_create(&threads[i], NULL, call, &callers[i]);
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        drawn += callers[i].drawn;
    }
    apr_pool_destroy(pool);
    return drawn;
}

static void make_box(house_t *h)
{
    int round, drawn = 0;
    static const int quarters[] = {1, 3, 4, 96};

    house_publish(h, "box", 10 * HOUR, BOX);
    for (round = 0; round < 5; round++) {
        drawn += draw_at_once(h, "box", round);
        ck_assert_int_eq(drawn, (round + 1) * THREADS / 2 * EACH);
        if (round < 4) {
            age(h, "box", quarters[round]);
        }
    }
}

START_TEST(test_recount)
{
    house_t *h = house_make();
    const kuji_figures_t *f;
    kuji_event_t e;
    int64_t won;
    int i;

    make_box(h);
    agrees(h, "box");
    won = claims(h, "box");
    f = read_figures(h, "box", KUJI_FIGURES_BY_DAY);
    ck_assert_int_eq(f->view->draws, 5 * THREADS / 2 * EACH);
    ck_assert_int_eq(f->passed, f->view->draws);
    ck_assert_int_eq(f->won, won);
    ck_assert_int_eq(f->prizes[0].won + f->prizes[1].won, won);
    ck_assert_int_eq(atoi(house_ask(h, with_id(h, "box",
                                               "SELECT count(*) FROM kuji.mark "
                                               "WHERE campaign_id = %s"))),
                     5);

    /* voids, the units given back or not, in a quarter of their own */
    age(h, "box", 7);
    for (i = 0; i < 3; i++) {
        HOUSE_OK(kuji_event_void(
            &e, &h->why, &h->act, "box",
            (uint64_t)apr_atoi64(house_ask(
                h, with_id(h, "box",
                           "SELECT min(n) FROM kuji.claim WHERE campaign_id = "
                           "%s AND state = 'won'"))),
            i < 2, "error", NULL, unit_pool));
    }
    agrees(h, "box");
    age(h, "box", 1);
    draw_at_once(h, "box", 9);
    agrees(h, "box");
    f = read_figures(h, "box", KUJI_FIGURES_BY_DAY);
    ck_assert_int_eq(f->won, claims(h, "box"));
    ck_assert_int_eq(f->nclaims, 2);
    ck_assert_str_eq(f->claims[0].name, "won");
    ck_assert_int_eq(f->claims[0].count, f->won - 3);
    ck_assert_str_eq(f->claims[1].name, "void");
    ck_assert_int_eq(f->claims[1].count, 3);
    ck_assert_int_eq(f->claimed, 0);
}
END_TEST

static void make_raffle(house_t *h)
{
    uint64_t alternate;
    kuji_event_t e;
    const char *n;

    house_publish(h, "raffle", 2500, RAFFLE);
    ck_assert_int_eq(house_draw(h, "raffle", 9), 9);
    age(h, "raffle", 5);
    ck_assert_int_eq(house_draw(h, "raffle", 4), 4);
    house_wait(h, house_view(h, "raffle")->closes_at);
    HOUSE_OK(kuji_raffle_run(&e, &h->why, &h->act, "raffle", NULL, unit_pool));
    n = house_ask(h, with_id(h, "raffle",
                             "SELECT min(n) FROM kuji.claim "
                             "WHERE campaign_id = %s"));
    HOUSE_OK(kuji_raffle_substitute(&e, &alternate, &h->why, &h->act, "raffle",
                                    (uint64_t)apr_atoi64(n), "unreachable",
                                    NULL, unit_pool));
}

START_TEST(test_raffle)
{
    house_t *h = house_make();
    const kuji_figures_t *f;

    make_raffle(h);
    agrees(h, "raffle");
    f = read_figures(h, "raffle", KUJI_FIGURES_BY_HOUR);
    ck_assert_int_eq(f->won, 3);
    ck_assert_int_eq(f->view->draws, 13);
}
END_TEST

/* -- campaigns from before ------------------------------------------------- */

static char *backfill_sql(void)
{
    const char *root = getenv("KUJI_SRC");
    char *text = apr_palloc(unit_pool, 65536);
    FILE *f = fopen(apr_pstrcat(unit_pool, root ? root : ".",
                                "/sql/deploy/figures_backfill.sql", NULL),
                    "rb");
    size_t len;

    ck_assert_msg(f, "sql/deploy/figures_backfill.sql is not here");
    len = fread(text, 1, 65535, f);
    ck_assert_uint_lt(len, 65535);
    text[len] = '\0';
    fclose(f);
    return text;
}

#define COUNTED                                                                \
    "SELECT concat_ws('|', (SELECT string_agg(concat_ws(':', pos, returned, "  \
    "awarded), ' ' ORDER BY pos) FROM kuji.prize WHERE campaign_id = %s), "    \
    "(SELECT string_agg(concat_ws(':', pos, state, count), ' ' ORDER BY pos, " \
    "state) FROM kuji.claim_count WHERE campaign_id = %s))"

START_TEST(test_backfill)
{
    static const char *const slugs[] = {"box", "raffle"};
    house_t *h = house_make();
    const char *before[2], *sql = backfill_sql();
    kuji_event_t e;
    int i, twice;

    make_box(h);
    make_raffle(h);
    HOUSE_OK(kuji_event_void(
        &e, &h->why, &h->act, "box",
        (uint64_t)apr_atoi64(house_ask(
            h, with_id(h, "box",
                       "SELECT max(n) FROM kuji.claim WHERE campaign_id = "
                       "%s"))),
        1, "error", NULL, unit_pool));
    for (i = 0; i < 2; i++) {
        before[i] = house_ask(h, with_id(h, slugs[i], COUNTED));
        house_sql(h, with_id(h, slugs[i],
                             "DELETE FROM kuji.mark WHERE campaign_id = %s;"
                             "UPDATE kuji.prize SET returned = 0 WHERE "
                             "campaign_id = %s;"
                             "DELETE FROM kuji.claim_count WHERE campaign_id "
                             "= %s"));
    }
    for (twice = 0; twice < 2; twice++) {
        house_sql(h, sql);
        for (i = 0; i < 2; i++) {
            ck_assert_str_eq(house_ask(h, with_id(h, slugs[i], COUNTED)),
                             before[i]);
            agrees(h, slugs[i]);
        }
    }
}
END_TEST

/* -- visits, refusals ------------------------------------------------------ */

static const kuji_campaign_t *cached(house_t *h, const char *slug)
{
    const kuji_campaign_t *campaign;
    const kuji_tenant_t *tenant;

    HOUSE_OK(kuji_cache_tenant(&tenant, h->cache, h->tenant_name, unit_pool));
    HOUSE_OK(kuji_cache_campaign(&campaign, h->cache, tenant, slug, unit_pool));
    return campaign;
}

static void comes(kuji_traffic_t *t, const kuji_campaign_t *campaign)
{
    kuji_traffic_visit(t, campaign);
    kuji_traffic_visit(t, campaign);
    kuji_traffic_refusal(t, campaign, KUJI_DRAWN);
    kuji_traffic_refusal(t, campaign, KUJI_REPEATED);
    kuji_traffic_refusal(t, campaign, KUJI_REFUSED_LIMIT);
    kuji_traffic_refusal(t, campaign, KUJI_REFUSED_LIMIT);
    kuji_traffic_refusal(t, campaign, KUJI_REFUSED_CODE_USED);
}

static void counted(house_t *h, int times)
{
    const kuji_figures_t *f = read_figures(h, "box", KUJI_FIGURES_BY_HOUR);
    int64_t visits = 0, refused = 0;
    int i;

    ck_assert_int_eq(f->visits, 2 * times);
    ck_assert_int_eq(f->refused, 3 * times);
    ck_assert_int_eq(f->passed, 2 * times);
    ck_assert_int_eq(f->nrefusals, 2);
    ck_assert_str_eq(f->refusals[0].name, "limit-reached");
    ck_assert_int_eq(f->refusals[0].count, 2 * times);
    ck_assert_str_eq(f->refusals[1].name, "code-used");
    ck_assert_int_eq(f->refusals[1].count, times);
    for (i = 0; i < f->nspans; i++) {
        visits += f->spans[i].visits;
        refused += f->spans[i].refused;
    }
    ck_assert_int_eq(visits, 2 * times);
    ck_assert_int_eq(refused, 3 * times);
}

START_TEST(test_traffic)
{
    house_t *h = house_make(), *other = house_make();
    kuji_pg_config_t nowhere = {.conninfo = "host=/nonexistent dbname=none",
                                .max = 1,
                                .wait = apr_time_from_msec(100)};
    kuji_traffic_t *t;
    kuji_pg_t *away;

    house_publish(h, "box", HOUR, BOX);
    house_publish(other, "box", HOUR, BOX);
    HOUSE_OK(kuji_traffic_create(&t, unit_pool));
    HOUSE_OK(kuji_traffic_flush(t, h->act.pg, unit_pool));
    ck_assert_int_eq(read_figures(h, "box", KUJI_FIGURES_BY_DAY)->visits, 0);
    comes(t, cached(h, "box"));
    comes(t, cached(other, "box"));
    ck_assert_int_eq(read_figures(h, "box", KUJI_FIGURES_BY_DAY)->visits, 0);
    HOUSE_OK(kuji_traffic_flush(t, h->act.pg, unit_pool));
    HOUSE_OK(kuji_traffic_flush(t, h->act.pg, unit_pool));
    counted(h, 1);
    counted(other, 1);
    /* what cannot be added is kept, and what comes meanwhile */
    HOUSE_OK(kuji_pg_create(&away, &nowhere, unit_pool));
    comes(t, cached(h, "box"));
    ck_assert_int_eq(kuji_traffic_flush(t, away, unit_pool), KUJI_EBUSY);
    comes(t, cached(h, "box"));
    ck_assert_int_eq(kuji_traffic_flush(t, away, unit_pool), KUJI_EBUSY);
    counted(h, 1);
    HOUSE_OK(kuji_traffic_flush(t, h->act.pg, unit_pool));
    counted(h, 3);
    counted(other, 1);
}
END_TEST

/* More campaigns than there is room for: those that have a place keep it. */
START_TEST(test_many_campaigns)
{
    house_t *h = house_make();
    kuji_campaign_t campaign;
    kuji_traffic_t *t;
    int i;

    house_publish(h, "box", HOUR, BOX);
    HOUSE_OK(kuji_traffic_create(&t, unit_pool));
    comes(t, cached(h, "box"));
    campaign = *cached(h, "box");
    for (i = 0; i < 2 * KUJI_TRAFFIC_CAMPAIGNS; i++) {
        campaign.id = 1000000000 + i;
        kuji_traffic_visit(t, &campaign);
    }
    comes(t, cached(h, "box"));
    HOUSE_OK(kuji_traffic_flush(t, h->act.pg, unit_pool));
    counted(h, 2);
}
END_TEST

/* -- the rest of the page -------------------------------------------------- */

START_TEST(test_claims)
{
    house_t *h = house_make();
    const kuji_figures_t *f;

    house_publish(h, "box", HOUR, BOX);
    while (claims(h, "box") < 8) {
        house_draw(h, "box", 20);
    }
    house_sql(h, with_id(h, "box",
                         "UPDATE kuji.claim c SET state = "
                         "(ARRAY['claimed', 'claimed', 'expired', 'claimed'])"
                         "[o] FROM (SELECT n, row_number() OVER (ORDER BY n) "
                         "AS o FROM kuji.claim WHERE campaign_id = %s) r "
                         "WHERE campaign_id = %s AND c.n = r.n AND o <= 4"));
    house_sql(h, with_id(h, "box",
                         "UPDATE kuji.claim SET state = 'shipped', "
                         "updated_at = updated_at + 1 WHERE campaign_id = %s "
                         "AND n = (SELECT min(n) FROM kuji.claim WHERE "
                         "campaign_id = %s AND state = 'claimed')"));
    f = read_figures(h, "box", KUJI_FIGURES_BY_DAY);
    ck_assert_int_eq(f->claimed, 3);
    ck_assert_int_eq(f->claims[0].count, f->won - 4);
    ck_assert_int_eq(f->nclaims, 4);
    ck_assert_int_eq(f->prizes[0].recent, f->prizes[0].won);
    ck_assert_int_eq(f->prizes[0].runout, KUJI_RUNOUT_UNKNOWN);
    ck_assert_int_lt(f->recent_ms, HOUR);
}
END_TEST

START_TEST(test_codes)
{
    house_t *h = house_make();
    const kuji_figures_t *f;
    kuji_code_batch_t *batch;

    house_publish(h, "box", HOUR, BOX);
    HOUSE_OK(kuji_code_batch_open(&batch, &h->why, &h->act, "box", "spring", 2,
                                  unit_pool));
    HOUSE_OK(kuji_code_import(batch, 1, "AAAABBBB", 8));
    HOUSE_OK(kuji_code_import(batch, 2, "CCCCDDDD", 8));
    HOUSE_OK(kuji_code_import(batch, 3, "EEEEFFFF", 8));
    HOUSE_OK(kuji_code_batch_finish(batch, NULL));
    f = read_figures(h, "box", KUJI_FIGURES_BY_DAY);
    ck_assert_int_eq(f->codes, 3);
    ck_assert_int_eq(f->code_draws, 6);
    ck_assert_int_eq(f->code_draws_disabled, 0);
    house_sql(h, with_id(h, "box",
                         "UPDATE kuji.code_batch SET disabled = true "
                         "WHERE campaign_id = %s"));
    f = read_figures(h, "box", KUJI_FIGURES_BY_DAY);
    ck_assert_int_eq(f->code_draws, 6);
    ck_assert_int_eq(f->code_draws_disabled, 6);
}
END_TEST

START_TEST(test_nothing)
{
    house_t *h = house_make(), *other = house_make();
    const kuji_figures_t *f;
    const char *uuid;
    json_t *config =
        json_loads(house_config(h, "draft", "box", HOUR, BOX), 0, NULL);

    HOUSE_OK(kuji_campaign_create(&uuid, &h->why, &h->act, config, unit_pool));
    json_decref(config);
    f = read_figures(h, "draft", KUJI_FIGURES_BY_DAY);
    ck_assert_int_eq(f->nspans, 0);
    ck_assert_ptr_null(f->prizes);
    ck_assert_int_eq(f->nclaims, 0);
    ck_assert_int_eq(read_figures(h, "draft", KUJI_FIGURES_BY_HOUR)->nspans, 0);
    house_publish(h, "box", HOUR, BOX);
    f = read_figures(h, "box", KUJI_FIGURES_BY_HOUR);
    ck_assert_int_eq(f->nspans, 0);
    ck_assert_ptr_nonnull(f->prizes);
    ck_assert_int_eq(kuji_figures_read(&f, &other->act, "box",
                                       KUJI_FIGURES_BY_DAY, 10, unit_pool),
                     KUJI_ENOTFOUND);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("figures");

    UNIT_TEST(suite, test_recount);
    UNIT_TEST(suite, test_raffle);
    UNIT_TEST(suite, test_backfill);
    UNIT_TEST(suite, test_traffic);
    UNIT_TEST(suite, test_many_campaigns);
    UNIT_TEST(suite, test_claims);
    UNIT_TEST(suite, test_codes);
    UNIT_TEST(suite, test_nothing);
    return unit_main(suite);
}
