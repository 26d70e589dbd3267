/* Forecasts: sums, the day that stock runs out, limits, the same answer twice.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config.h"
#include "core/error.h"
#include "core/forecast.h"
#include "t/unit/unit.h"

#include <apr_strings.h>

#define DAY ((int64_t)86400000)

static const kuji_manifest_t *manifest(const char *method, const char *more)
{
    static const kuji_config_facts_t facts = {
        "00000000-0000-4000-8000-000000000000", "t", "h.example", {0}};
    const char *why = NULL;
    const kuji_manifest_t *m;
    json_error_t error;
    json_t *config = json_loads(
        apr_psprintf(unit_pool,
                     "{\"slug\":\"x\",\"title\":\"x\",\"method\":\"%s\","
                     "\"opens_at\":0,\"closes_at\":%" APR_INT64_T_FMT ","
                     "\"timezone\":\"UTC\",\"gates\":[\"open\"],%s}",
                     method, (apr_int64_t)(4 * DAY), more),
        0, &error);
    json_t *doc;

    ck_assert_msg(config, "%s", error.text);
    doc = kuji_config_manifest(config, &facts);
    ck_assert_msg(!kuji_manifest_build(&m, &why, doc, unit_pool), "%s", why);
    json_decref(doc);
    json_decref(config);
    return m;
}

static const int64_t days[] = {0, DAY, 2 * DAY, 3 * DAY, 4 * DAY};

static kuji_forecast_t ask(const kuji_manifest_t *m, int64_t visitors)
{
    const kuji_forecast_ask_t a = {m, days, 4, visitors};
    kuji_forecast_t f;

    ck_assert_int_eq(kuji_forecast(&f, &a, unit_pool), APR_SUCCESS);
    return f;
}

static double awarded(const kuji_forecast_t *f, int prize, int nprizes)
{
    double sum = 0;
    int day;

    for (day = 0; day < f->days; day++) {
        sum += f->awarded[day * nprizes + prize];
    }
    return sum;
}

START_TEST(odds_win_their_share)
{
    const kuji_manifest_t *m = manifest(
        "odds",
        "\"odds_total\":100,\"prizes\":["
        "{\"code\":\"A\",\"name\":\"A\",\"units\":5,\"weight\":10},"
        "{\"code\":\"B\",\"name\":\"B\",\"units\":100000,\"weight\":50}]");
    kuji_forecast_t f = ask(m, 1000);

    ck_assert_int_eq(f.runs, KUJI_FORECAST_RUNS_MAX);
    ck_assert_int_eq(f.days, 4);
    ck_assert_int_eq(f.visitors[0], 1000);
    ck_assert_double_eq(f.draws[3], 1000);
    ck_assert_double_eq(awarded(&f, 0, 2), 5);
    ck_assert_int_eq(f.gone[0], 0);
    ck_assert_double_eq(f.left[0], 0);
    /* 80,000 draws of one half: eight standard errors */
    ck_assert_double_ge(awarded(&f, 1, 2), 2000 - 57);
    ck_assert_double_le(awarded(&f, 1, 2), 2000 + 57);
    ck_assert_int_eq(f.gone[1], -1);
    ck_assert_double_eq(awarded(&f, 1, 2) + f.left[1], 100000);
}
END_TEST

START_TEST(releases_are_waited_for)
{
    const kuji_manifest_t *m =
        manifest("odds", "\"odds_total\":1,\"prizes\":[{\"code\":\"A\","
                         "\"name\":\"A\",\"units\":6,"
                         "\"weight\":1,\"releases\":[{\"at\":0,\"units\":2},"
                         "{\"at\":172800000,\"units\":4}]}]");
    kuji_forecast_t f = ask(m, 10);

    ck_assert_double_eq(f.awarded[0], 2);
    ck_assert_double_eq(f.awarded[1], 0);
    ck_assert_double_eq(f.awarded[2], 4);
    ck_assert_int_eq(f.gone[0], 2);
}
END_TEST

START_TEST(a_box_empties)
{
    const kuji_manifest_t *m =
        manifest("box", "\"blanks\":20,\"prizes\":["
                        "{\"code\":\"A\",\"name\":\"A\",\"units\":10}]");
    kuji_forecast_t f = ask(m, 12);

    ck_assert_double_eq(f.draws[0] + f.draws[1] + f.draws[2], 30);
    ck_assert_double_eq(f.draws[2], 6);
    ck_assert_double_eq(f.draws[3], 0);
    ck_assert_double_eq(awarded(&f, 0, 1), 10);
    ck_assert_int_eq(f.gone[0], 2);
}
END_TEST

START_TEST(moments_are_won_by_whoever_comes)
{
    const kuji_manifest_t *m =
        manifest("moment", "\"prizes\":[{\"code\":\"A\",\"name\":\"A\","
                           "\"units\":8,\"from\":0,\"until\":86400000}]");
    kuji_forecast_t f = ask(m, 1000);
    kuji_forecast_t few = ask(m, 1);

    ck_assert_double_ge(f.awarded[0] + f.awarded[1], 8 - 1e-9);
    ck_assert_double_eq(f.awarded[2], 0);
    ck_assert_double_le(awarded(&few, 0, 1), 4);
    ck_assert_int_eq(few.gone[0], -1);
}
END_TEST

START_TEST(limits_turn_away)
{
    static const char prizes[] =
        "\"blanks\":100000,\"prizes\":["
        "{\"code\":\"A\",\"name\":\"A\",\"units\":10}]";
    kuji_forecast_t f =
        ask(manifest("box", apr_pstrcat(unit_pool,
                                        "\"limits\":{\"draws\":250,"
                                        "\"draws_per_day\":100},",
                                        prizes, NULL)),
            150);

    ck_assert_double_eq(f.draws[0], 100);
    ck_assert_double_eq(f.draws[1], 100);
    ck_assert_double_eq(f.draws[2], 50);
    ck_assert_double_eq(f.draws[3], 0);
    ck_assert_int_eq(f.visitors[3], 150);
}
END_TEST

START_TEST(bounds)
{
    const kuji_manifest_t *m =
        manifest("box", "\"blanks\":100,\"prizes\":["
                        "{\"code\":\"A\",\"name\":\"A\",\"units\":10}]");
    static const int64_t back[] = {0, DAY, DAY};
    kuji_forecast_t f = ask(m, KUJI_FORECAST_DRAWS_MAX / 2), again;
    kuji_forecast_ask_t a = {m, days, 4, 0};
    int i;

    ck_assert_int_eq(f.days, 2);
    ck_assert_int_eq(f.runs, 1);
    again = ask(m, KUJI_FORECAST_DRAWS_MAX / 2);
    for (i = 0; i < 2; i++) {
        ck_assert_double_eq(f.awarded[i], again.awarded[i]);
    }
    ck_assert_int_eq(kuji_forecast(&f, &a, unit_pool), KUJI_EINVAL);
    a.visitors = KUJI_FORECAST_DRAWS_MAX + 1;
    ck_assert_int_eq(kuji_forecast(&f, &a, unit_pool), KUJI_EINVAL);
    a.visitors = 1;
    a.days = 0;
    ck_assert_int_eq(kuji_forecast(&f, &a, unit_pool), KUJI_EINVAL);
    a.days = 2;
    a.starts = back;
    ck_assert_int_eq(kuji_forecast(&f, &a, unit_pool), KUJI_EINVAL);
    a = (kuji_forecast_ask_t){
        manifest("raffle", "\"prizes\":[{\"code\":\"A\",\"name\":\"A\","
                           "\"units\":8}]"),
        days, 4, 1};
    ck_assert_int_eq(kuji_forecast(&f, &a, unit_pool), KUJI_ESTATE);
    a.m = manifest("moment", "\"prizes\":[{\"code\":\"A\",\"name\":\"A\","
                             "\"units\":3000001,\"from\":0,\"until\":9}]");
    ck_assert_int_eq(kuji_forecast(&f, &a, unit_pool), KUJI_ETOOBIG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("forecast");

    UNIT_TEST(suite, odds_win_their_share);
    UNIT_TEST(suite, releases_are_waited_for);
    UNIT_TEST(suite, a_box_empties);
    UNIT_TEST(suite, moments_are_won_by_whoever_comes);
    UNIT_TEST(suite, limits_turn_away);
    UNIT_TEST(suite, bounds);
    return unit_main(suite);
}
