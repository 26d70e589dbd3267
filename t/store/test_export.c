/* Exports, the download log, and the walk along the audit log's chain.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"
#include "store/claim.h"
#include "store/export.h"
#include "t/store/house.h"

#include <apr_strings.h>
#include <string.h>

#define HOUR ((int64_t)3600 * 1000)
#define ODDS                                                                    \
    "\"odds_total\":4,\"sold_out\":\"C\",\"prizes\":["                          \
    "{\"code\":\"A\",\"name\":\"一等\",\"kind\":\"parcel\",\"units\":100000," \
    "\"weight\":1},"                                                            \
    "{\"code\":\"C\",\"name\":\"=残念賞\",\"kind\":\"coupon\","              \
    "\"units\":100000,\"weight\":1}]"
#define BOX                                                                    \
    "\"blanks\":1,\"prizes\":["                                                \
    "{\"code\":\"A\",\"name\":\"=A1\",\"kind\":\"parcel\",\"units\":2}]"

/* A file as it arrives; more than fits is only counted. */
typedef struct file_t {
    house_t *h;
    char *bytes;
    apr_size_t len, size;
    int pieces;
    const char *sql; /* done by hand when the first piece comes */
    apr_status_t refuses;
} file_t;

static apr_status_t take(void *baton, const char *bytes, apr_size_t len)
{
    file_t *f = baton;

    if (f->refuses) {
        return f->refuses;
    }
    if (!f->pieces++ && f->sql) {
        house_sql(f->h, f->sql);
    }
    ck_assert_uint_le(f->len + len, f->size);
    memcpy(f->bytes + f->len, bytes, len);
    f->len += len;
    f->bytes[f->len] = '\0';
    return APR_SUCCESS;
}

static file_t *file_of(house_t *h)
{
    file_t *f = apr_pcalloc(unit_pool, sizeof(*f));

    f->h = h;
    f->size = 8 << 20;
    f->bytes = apr_pcalloc(unit_pool, f->size + 1);
    return f;
}

static kuji_pg_t *reader_of(house_t *h)
{
    static const kuji_pg_config_t limits = {.max = 1,
                                            .wait = apr_time_from_sec(2)};
    kuji_pg_config_t config = limits;
    kuji_pg_t *reader;

    config.conninfo = apr_pstrcat(unit_pool, getenv("KUJI_STORE_CONNINFO"),
                                  " application_name=exports", NULL);
    HOUSE_OK(kuji_pg_create(&reader, &config, unit_pool));
    return reader;
}

/* The whole of one export; *end is its row in the log. */
static apr_status_t export(kuji_download_row_t *row, file_t *f,
                           const kuji_export_ask_t *ask)
{
    house_t *h = f->h;
    const kuji_download_row_t *rows;
    kuji_export_t *e;
    apr_status_t rv;
    int count;

    HOUSE_OK(
        kuji_export_start(&e, &h->why, &h->act, reader_of(h), ask, unit_pool));
    rv = kuji_export_run(e, take, f);
    HOUSE_OK(kuji_export_end(e, rv == APR_SUCCESS ? KUJI_DOWNLOAD_COMPLETE
                                : rv == APR_ECONNABORTED
                                    ? KUJI_DOWNLOAD_BROKEN
                                    : KUJI_DOWNLOAD_FAILED));
    HOUSE_OK(kuji_download_list(&rows, &count, &h->act, NULL, 0, 1, unit_pool));
    ck_assert_int_eq(count, 1);
    *row = rows[0];
    return rv;
}

static void is_sum_of(const kuji_download_row_t *row, const file_t *f)
{
    unsigned char sum[KUJI_HASH_LEN];

    crypto_hash_sha256(sum, (const unsigned char *)f->bytes, f->len);
    ck_assert_mem_eq(row->end.sha256, sum, sizeof(sum));
    ck_assert_int_eq(row->end.bytes, (int64_t)f->len);
}

static int lines(const file_t *f)
{
    const char *at = f->bytes;
    int n = 0;

    while ((at = strchr(at, '\n'))) {
        at++;
        n++;
    }
    return n;
}

/* What a file has to be by what the tables say. */
static const char *expected_draws(house_t *h)
{
    return house_ask(
        h,
        apr_psprintf(
            unit_pool,
            "SELECT string_agg(format(E'%%s,%%s,%%s,%%s,%%s,%%s,%%s,%%s,%%s,"
            "\\r\\n', d.n, to_char(to_timestamp((l.leaf::json->>'t')::float8 "
            "/ 1000) AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS'), "
            "CASE WHEN p.code IS NULL THEN 'blank' ELSE 'prize' END, p.code,"
            " CASE WHEN p.code IS NOT NULL THEN '\"''=A1\"' END, c.state, "
            "CASE WHEN v.n IS NULL THEN 'false' ELSE 'true' END, d.first_n, "
            "regexp_replace(l.leaf::json->>'who', '^(0.*)$', '\"\\1\"')), "
            "'' ORDER BY d.n) FROM kuji.draw d JOIN "
            "kuji.ledger l USING (campaign_id, i) LEFT JOIN kuji.claim c ON "
            "c.campaign_id = d.campaign_id AND c.n = d.n LEFT JOIN "
            "kuji.prize p ON p.campaign_id = d.campaign_id AND p.pos = "
            "c.pos LEFT JOIN kuji.voided v ON v.campaign_id = d.campaign_id "
            "AND v.n = d.n WHERE d.tenant_id = '%s'",
            h->act.tenant));
}

START_TEST(draws_byte_for_byte)
{
    house_t *h = house_make();
    kuji_export_ask_t ask = {.what = KUJI_DATASET_DRAWS, .slug = "box"};
    file_t *f = file_of(h);
    kuji_download_row_t row;
    kuji_event_t event;

    house_publish(h, "box", HOUR, BOX);
    ck_assert_int_eq(house_draw(h, "box", 3), 3);
    HOUSE_OK(kuji_event_void(&event, &h->why, &h->act, "box", 2, 0, "error",
                             NULL, unit_pool));
    HOUSE_OK(export(&row, f, &ask));
    ck_assert_str_eq(
        f->bytes,
        apr_pstrcat(unit_pool,
                    "n,time,outcome,prize,prize_name,state,voided,first,"
                    "participant,flags\r\n",
                    expected_draws(h), NULL));
    is_sum_of(&row, f);
    ck_assert_int_eq(row.end.outcome, KUJI_DOWNLOAD_COMPLETE);
    ck_assert_int_eq(row.end.count.rows, 3);
    ck_assert_str_eq(row.what, "draws");
    ck_assert_str_eq(row.slug, "box");
    ck_assert_str_eq(row.actor, "tester");
    ck_assert_str_eq(row.filter, "{}");
    ck_assert_str_eq(row.format, "csv");
    ck_assert_str_eq(row.encoding, "utf-8");
    ck_assert_ptr_null(row.address);
    ck_assert_ptr_null(row.login);
}
END_TEST

START_TEST(each_form)
{
    static const char *const labels[] = {"番号",   "日時",  "結果", "賞品",
                                         "名前",   "状態",  "無効", "最初",
                                         "参加者", "要確認"};
    house_t *h = house_make();
    kuji_export_ask_t ask = {
        .what = KUJI_DATASET_DRAWS, .slug = "odds", .labels = labels};
    kuji_download_row_t row;
    json_t *object;
    file_t *f;

    house_publish(h, "odds", HOUR, ODDS);
    ck_assert_int_eq(house_draw(h, "odds", 20), 20);
    ask.form = KUJI_ROWS_UTF8_BOM;
    HOUSE_OK(export(&row, f = file_of(h), &ask));
    ck_assert_int_eq(memcmp(f->bytes, "\xef\xbb\xbf番号,", 10), 0);
    ck_assert_str_eq(row.encoding, "utf-8-bom");
    ask.form = KUJI_ROWS_CP932;
    HOUSE_OK(export(&row, f = file_of(h), &ask));
    ck_assert_int_eq(memcmp(f->bytes, "\x94\xd4\x8d\x86,", 5), 0);
    ck_assert_str_eq(row.encoding, "cp932");
    ck_assert_int_eq(row.end.count.replaced, 0);
    is_sum_of(&row, f);
    ask.form = KUJI_ROWS_JSONL;
    HOUSE_OK(export(&row, f = file_of(h), &ask));
    ck_assert_str_eq(row.format, "jsonl");
    ck_assert_int_eq(lines(f), 20);
    object = json_loads(f->bytes, JSON_DISABLE_EOF_CHECK, NULL);
    ck_assert_int_eq(json_integer_value(json_object_get(object, "n")), 1);
    ck_assert(json_is_false(json_object_get(object, "voided")));
    ck_assert_ptr_nonnull(
        strstr(json_string_value(json_object_get(object, "time")), "+09:00"));
    json_decref(object);
}
END_TEST

START_TEST(pages_and_filters)
{
    house_t *h = house_make();
    kuji_export_ask_t ask = {.what = KUJI_DATASET_DRAWS, .slug = "odds"};
    kuji_download_row_t row;
    int64_t a, c, i;
    file_t *f;

    house_publish(h, "odds", HOUR, ODDS);
    for (i = 0; i < 9; i++) {
        ck_assert_int_eq(house_draw(h, "odds", 1000), 1000);
    }
    a = house_view(h, "odds")->prizes[0].awarded;
    c = house_view(h, "odds")->prizes[1].awarded;
    HOUSE_OK(export(&row, f = file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, 9000);
    ck_assert_int_eq(lines(f), 9001);
    is_sum_of(&row, f);
    ask.filter.prize = "A";
    HOUSE_OK(export(&row, file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, a);
    ck_assert_str_eq(row.filter, "{\"prize\": \"A\"}");
    ask.filter.prize = NULL;
    ask.what = KUJI_DATASET_WINNERS;
    HOUSE_OK(export(&row, file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, a + c);
    ask.filter.state = "won";
    HOUSE_OK(export(&row, file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, a + c);
    ask.filter.state = "shipped";
    HOUSE_OK(export(&row, f = file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, 0);
    ck_assert_int_eq(lines(f), 1);
    ask.filter.state = NULL;
    ask.filter.to = house_now(h) - HOUR;
    HOUSE_OK(export(&row, file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, 0);
    ask.filter.from = ask.filter.to;
    ask.filter.to = house_now(h) + HOUR;
    HOUSE_OK(export(&row, file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, a + c);
    /* nothing in a filter is SQL */
    ask.filter.prize = "A' OR '1'='1";
    HOUSE_OK(export(&row, file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, 0);
}
END_TEST

START_TEST(refusals)
{
    house_t *h = house_make(), *other = house_make();
    kuji_export_ask_t ask = {.what = KUJI_DATASET_DRAWS, .slug = "box"};
    const kuji_download_row_t *rows;
    kuji_export_t *e;
    kuji_pg_t *reader = reader_of(h);
    int count;

    house_publish(other, "box", HOUR, BOX);
    HOUSE_REFUSED(KUJI_ENOTFOUND, kuji_export_start(&e, &h->why, &h->act,
                                                    reader, &ask, unit_pool));
    ask.filter.state = "won";
    HOUSE_REFUSED(KUJI_EINVAL, kuji_export_start(&e, &h->why, &h->act, reader,
                                                 &ask, unit_pool));
    ask.filter.state = NULL;
    ask.filter.actor = "x";
    HOUSE_REFUSED(KUJI_EINVAL, kuji_export_start(&e, &h->why, &h->act, reader,
                                                 &ask, unit_pool));
    ask.what = KUJI_DATASET_AUDIT;
    HOUSE_REFUSED(KUJI_EINVAL, kuji_export_start(&e, &h->why, &h->act, reader,
                                                 &ask, unit_pool));
    ask.what = KUJI_DATASET_CODES;
    ask.filter.actor = NULL;
    ask.filter.to = 1;
    HOUSE_REFUSED(KUJI_EINVAL, kuji_export_start(&e, &h->why, &h->act, reader,
                                                 &ask, unit_pool));
    /* what was refused is in no log */
    HOUSE_OK(
        kuji_download_list(&rows, &count, &h->act, NULL, 0, 10, unit_pool));
    ck_assert_int_eq(count, 0);
}
END_TEST

static const char *of_campaign(house_t *h, const char *format)
{
    return apr_psprintf(unit_pool, format, h->act.tenant);
}

START_TEST(nothing_missing_goes_unsaid)
{
    house_t *h = house_make();
    kuji_export_ask_t ask = {.what = KUJI_DATASET_DRAWS, .slug = "odds"};
    kuji_download_row_t row;
    file_t *f = file_of(h);
    int i;

    house_publish(h, "odds", HOUR, ODDS);
    for (i = 0; i < 9; i++) {
        ck_assert_int_eq(house_draw(h, "odds", 1000), 1000);
    }
    /* a client that goes away */
    f->refuses = APR_ECONNABORTED;
    ask.what = KUJI_DATASET_WINNERS;
    ck_assert_int_eq(export(&row, f, &ask), APR_ECONNABORTED);
    ck_assert_int_eq(row.end.outcome, KUJI_DOWNLOAD_BROKEN);
    ask.what = KUJI_DATASET_DRAWS;
    f = file_of(h);
    /* a leaf that goes while the file is on its way */
    f->sql = of_campaign(h, "DELETE FROM kuji.ledger WHERE tenant_id = '%s' "
                            "AND i = 8500");
    ck_assert_int_eq(export(&row, f, &ask), KUJI_EDATABASE);
    ck_assert_int_eq(row.end.outcome, KUJI_DOWNLOAD_FAILED);
    ck_assert_int_gt(row.end.bytes, 0);
    is_sum_of(&row, f);
    /* a draw that is not there at all */
    house_sql(h, of_campaign(h, "DELETE FROM kuji.draw WHERE tenant_id = '%s' "
                                "AND n = 10"));
    ck_assert_int_eq(export(&row, file_of(h), &ask), KUJI_EDATABASE);
    ck_assert_int_eq(row.end.outcome, KUJI_DOWNLOAD_FAILED);
    ck_assert_int_eq(row.end.bytes, 0);
}
END_TEST

/* A connection that dies between two pages is no reason to stop. */
START_TEST(survives_a_lost_connection)
{
    house_t *h = house_make();
    kuji_export_ask_t ask = {.what = KUJI_DATASET_DRAWS, .slug = "odds"};
    kuji_download_row_t row;
    file_t *f = file_of(h);
    int i;

    house_publish(h, "odds", HOUR, ODDS);
    for (i = 0; i < 9; i++) {
        ck_assert_int_eq(house_draw(h, "odds", 1000), 1000);
    }
    f->sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
             "WHERE application_name = 'exports'";
    HOUSE_OK(export(&row, f, &ask));
    ck_assert_int_eq(lines(f), 9001);
    ck_assert_int_eq(row.end.count.rows, 9000);
}
END_TEST

START_TEST(codes_without_codes)
{
    house_t *h = house_make();
    kuji_export_ask_t ask = {.what = KUJI_DATASET_CODES, .slug = "box"};
    kuji_download_row_t row;
    file_t *f = file_of(h);

    house_publish(h, "box", HOUR, BOX);
    HOUSE_OK(export(&row, f, &ask));
    ck_assert_str_eq(f->bytes,
                     "id,batch,batch_name,uses,left,state,disabled\r\n");
    house_sql(h, of_campaign(
                     h, "WITH b AS (INSERT INTO kuji.code_batch (campaign_id, "
                        "tenant_id, name, size, uses, created_at) SELECT id, "
                        "tenant_id, '春,=1', 9000, 2, 1 FROM kuji.campaign "
                        "WHERE tenant_id = '%s' RETURNING *) INSERT INTO "
                        "kuji.code (campaign_id, batch_id, uses_left, "
                        "tenant_id, digest) SELECT campaign_id, id, g %% 3, "
                        "tenant_id, substr(sha256(g::text::bytea), 1, 16) "
                        "FROM b, generate_series(1, 9000) g"));
    HOUSE_OK(export(&row, f = file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, 9000);
    ck_assert_ptr_nonnull(strstr(f->bytes, ",\"春,=1\",2,2,unused,false\r\n"));
    ck_assert_ptr_nonnull(strstr(f->bytes, ",\"春,=1\",2,1,partly,false\r\n"));
    ck_assert_ptr_nonnull(strstr(f->bytes, ",\"春,=1\",2,0,used,false\r\n"));
    ask.filter.state = "used";
    HOUSE_OK(export(&row, f = file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, 3000);
    ck_assert_ptr_null(strstr(f->bytes, "unused"));
}
END_TEST

/* What a winner gave comes out as it was; who else it is of does not. */
START_TEST(claims_opened)
{
    house_t *h = house_make();
    kuji_export_ask_t ask = {
        .what = KUJI_DATASET_CLAIMS, .slug = "box", .form = KUJI_ROWS_JSONL};
    json_t *data =
        json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", "=髙橋　𠮷子", "postal",
                  "0600001", "address", "北海道札幌市\n中央区〜1−2", "phone",
                  "+819012345678", "shoe", "26");
    kuji_download_row_t row;
    json_t *object;
    file_t *f = file_of(h);
    const char *n;

    house_publish(h, "box", HOUR, BOX);
    ck_assert_int_eq(house_draw(h, "box", 3), 3);
    n = house_ask(h, of_campaign(h, "SELECT min(n) FROM kuji.claim WHERE "
                                    "tenant_id = '%s'"));
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "box", (uint64_t)apr_atoi64(n),
                               NULL, data, KUJI_BY_OWNER, unit_pool));
    HOUSE_OK(export(&row, f, &ask));
    ck_assert_int_eq(row.end.count.rows, 2);
    object = json_loads(f->bytes, JSON_DISABLE_EOF_CHECK, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(object, "state")),
                     "claimed");
    ck_assert_str_eq(json_string_value(json_object_get(object, "name")),
                     "=髙橋　𠮷子");
    ck_assert_str_eq(
        json_string_value(json_object_get(object, "postal_address")),
        "北海道札幌市\n中央区〜1−2");
    ck_assert_str_eq(json_string_value(json_object_get(
                         json_object_get(object, "more"), "shoe")),
                     "26");
    ck_assert(json_is_null(json_object_get(object, "mail")));
    json_decref(object);
    ask.form = KUJI_ROWS_CP932;
    HOUSE_OK(export(&row, f = file_of(h), &ask));
    /* '=髙橋　〓子 */
    ck_assert_ptr_nonnull(
        strstr(f->bytes, ",\"'=\xfb\xfc\x8b\xb4\x81\x40\x81\xac\x8e\x71\","));
    ck_assert_ptr_nonnull(strstr(f->bytes, ",\"0600001\","));
    ck_assert_ptr_nonnull(strstr(f->bytes, ",\"'+819012345678\","));
    ck_assert_int_eq(row.end.count.replaced, 1);
    ck_assert_int_eq(row.end.count.replaced_row, 1);
    /* what does not open is no empty cell */
    house_sql(h, of_campaign(h, "UPDATE kuji.claim_detail SET data = "
                                "set_byte(data, 60, get_byte(data, 60) # 1) "
                                "WHERE tenant_id = '%s'"));
    ck_assert_int_eq(export(&row, file_of(h), &ask), KUJI_ECRYPT);
    ck_assert_int_eq(row.end.outcome, KUJI_DOWNLOAD_FAILED);
    json_decref(data);
}
END_TEST

static void write_entries(house_t *h, int count)
{
    house_sql(h, apr_psprintf(unit_pool,
                              "INSERT INTO kuji.audit (tenant_id, actor, "
                              "action, object, detail) SELECT '%s', 'job', "
                              "'entry', g::text, '{\"a\": \"=1\"}' FROM "
                              "generate_series(1, %d) g",
                              h->act.tenant, count));
}

START_TEST(audit_log)
{
    house_t *h = house_make();
    kuji_export_ask_t ask = {.what = KUJI_DATASET_AUDIT,
                             .form = KUJI_ROWS_JSONL,
                             .zone = "Asia/Tokyo"};
    const kuji_audit_row_t *rows;
    const kuji_audit_words_t *words;
    kuji_audit_filter_t filter = {.action = "campaign.pause"};
    kuji_download_row_t row;
    file_t *f = file_of(h);
    int count;

    h->act.address = "2001:db8::7";
    house_publish(h, "box", HOUR, BOX);
    HOUSE_OK(kuji_campaign_pause(&h->why, &h->act, "box", 1, unit_pool));
    h->act.address = "192.0.2.1";
    HOUSE_OK(kuji_campaign_pause(&h->why, &h->act, "box", 0, unit_pool));
    write_entries(h, 5000);
    HOUSE_OK(
        kuji_audit_list(&rows, &count, &h->act, &filter, 0, 10, unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert_str_eq(rows[0].address, "2001:db8::7");
    filter.action = NULL;
    filter.actor = "job";
    HOUSE_OK(
        kuji_audit_list(&rows, &count, &h->act, &filter, 0, 10, unit_pool));
    ck_assert_int_eq(count, 10);
    filter.from = house_now(h) + 1000;
    HOUSE_OK(
        kuji_audit_list(&rows, &count, &h->act, &filter, 0, 10, unit_pool));
    ck_assert_int_eq(count, 0);
    HOUSE_OK(kuji_audit_words(&words, &h->act, unit_pool));
    ck_assert_int_eq(words->nactors, 2);
    ck_assert_int_eq(words->nactions, 6);
    HOUSE_OK(export(&row, f, &ask));
    ck_assert_int_eq(row.end.count.rows, 5005);
    ck_assert_ptr_nonnull(strstr(f->bytes, "\"address\":\"192.0.2.1\""));
    ck_assert_ptr_nonnull(strstr(f->bytes, "\"detail\":{\"a\": \"=1\"}"));
    ask.form = KUJI_ROWS_UTF8;
    ask.filter.actor = "job";
    HOUSE_OK(export(&row, f = file_of(h), &ask));
    ck_assert_int_eq(row.end.count.rows, 5000);
    ck_assert_ptr_nonnull(strstr(f->bytes, ",\"{\"\"a\"\": \"\"=1\"\"}\","));
}
END_TEST

START_TEST(walks_the_chain)
{
    house_t *h = house_make();
    kuji_audit_report_t report;
    char hex[2 * KUJI_HASH_LEN + 1];

    write_entries(h, 12345);
    HOUSE_OK(kuji_audit_verify(&report, &h->act, unit_pool));
    ck_assert_int_eq(report.entries, 12346);
    ck_assert_int_eq(report.broken, 0);
    sodium_bin2hex(hex, sizeof(hex), report.head, sizeof(report.head));
    ck_assert_str_eq(
        hex, house_ask(h, of_campaign(h, "SELECT encode(hash, 'hex') FROM "
                                         "kuji.audit WHERE tenant_id = '%s' "
                                         "ORDER BY seq DESC LIMIT 1")));
    house_sql(h, of_campaign(h, "DELETE FROM kuji.audit WHERE tenant_id = '%s' "
                                "AND seq BETWEEN 7000 AND 12340"));
    HOUSE_OK(kuji_audit_verify(&report, &h->act, unit_pool));
    ck_assert_int_eq(report.broken, 12341);
    house_sql(h, of_campaign(h, "UPDATE kuji.audit SET detail = '{}' WHERE "
                                "tenant_id = '%s' AND seq = 5001"));
    HOUSE_OK(kuji_audit_verify(&report, &h->act, unit_pool));
    ck_assert_int_eq(report.broken, 5001);
}
END_TEST

START_TEST(download_log)
{
    house_t *h = house_make();
    kuji_download_ask_t ask = {.what = "draws", .form = KUJI_ROWS_CP932};
    kuji_download_end_t end = {
        .outcome = KUJI_DOWNLOAD_COMPLETE, .count = {7, 3, 2}, .bytes = 99};
    const kuji_download_row_t *rows;
    int64_t first, second;
    int count;

    h->act.address = "192.0.2.9";
    HOUSE_OK(kuji_download_start(&first, &h->act, &ask, unit_pool));
    h->act.actor = "somebody";
    HOUSE_OK(kuji_download_start(&second, &h->act, &ask, unit_pool));
    HOUSE_OK(kuji_download_end(&h->act, second, &end, unit_pool));
    ck_assert_int_eq(kuji_download_end(&h->act, second, &end, unit_pool),
                     KUJI_ECONFLICT);
    HOUSE_OK(
        kuji_download_list(&rows, &count, &h->act, NULL, 0, 10, unit_pool));
    ck_assert_int_eq(count, 2);
    ck_assert_int_eq(rows[0].id, second);
    ck_assert_int_eq(rows[0].end.outcome, KUJI_DOWNLOAD_COMPLETE);
    ck_assert_int_eq(rows[0].end.count.replaced, 3);
    ck_assert_int_eq(rows[0].end.count.replaced_row, 2);
    ck_assert_int_ge(rows[0].ended_at, rows[0].at);
    ck_assert_str_eq(rows[0].address, "192.0.2.9");
    ck_assert_int_eq(rows[1].end.outcome, KUJI_DOWNLOAD_RUNNING);
    ck_assert_int_eq(rows[1].ended_at, 0);
    /* a day later it can only have been broken off */
    house_sql(h, of_campaign(h, "UPDATE kuji.download SET at = at - 86400001 "
                                "WHERE tenant_id = '%s'"));
    HOUSE_OK(
        kuji_download_list(&rows, &count, &h->act, "tester", 0, 10, unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(rows[0].id, first);
    ck_assert_int_eq(rows[0].end.outcome, KUJI_DOWNLOAD_BROKEN);
    HOUSE_OK(kuji_download_list(&rows, &count, &h->act, NULL, second, 10,
                                unit_pool));
    ck_assert_int_eq(count, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/export");

    UNIT_TEST(suite, draws_byte_for_byte);
    UNIT_TEST(suite, each_form);
    UNIT_TEST(suite, pages_and_filters);
    UNIT_TEST(suite, refusals);
    UNIT_TEST(suite, nothing_missing_goes_unsaid);
    UNIT_TEST(suite, survives_a_lost_connection);
    UNIT_TEST(suite, codes_without_codes);
    UNIT_TEST(suite, claims_opened);
    UNIT_TEST(suite, audit_log);
    UNIT_TEST(suite, walks_the_chain);
    UNIT_TEST(suite, download_log);
    return unit_main(suite);
}
