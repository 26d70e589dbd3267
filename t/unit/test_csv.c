/* CSV: cells, records, and rows with their encodings.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "core/csv.h"
#include "core/rows.h"

#include <apr_strings.h>
#include <string.h>

static const struct {
    const char *text, *cell;
} cells[] = {
    {"", ""},
    {"A", "A"},
    {"2026-11-22 18:00:00", "2026-11-22 18:00:00"},
    {"東京都港区", "東京都港区"},
    {"a b", "a b"},
    {" a", "\" a\""},
    {"a ", "\"a \""},
    {"a,b", "\"a,b\""},
    {"a;b", "\"a;b\""},
    {"a\tb", "\"a\tb\""},
    {"a\"b", "\"a\"\"b\""},
    {"\"", "\"\"\"\""},
    {"a\r\nb", "\"a\r\nb\""},
    {"0", "0"},
    /* every zero stays */
    {"0600001", "\"0600001\""},
    {"09012345678", "\"09012345678\""},
    {"007", "\"007\""},
    {"0x1F", "\"0x1F\""},
    /* formulas */
    {"=1+1", "\"'=1+1\""},
    {"+1", "\"'+1\""},
    {"-1", "\"'-1\""},
    {"@SUM(A1)", "\"'@SUM(A1)\""},
    {"＝1+1", "\"'＝1+1\""},
    {"＋1", "\"'＋1\""},
    {"－1", "\"'－1\""},
    {"−1", "\"'−1\""},
    {"＠SUM", "\"'＠SUM\""},
    {"\t=1", "\"'\t=1\""},
    {"\r=1", "\"'\r=1\""},
    {"\n=1", "\"'\n=1\""},
    {"\tx", "\"'\tx\""},
    {" =1", "\"' =1\""},
    {"　=1", "\"'　=1\""},
    {"　　＝1", "\"'　　＝1\""},
    {"\xc2\xa0-1", "\"'\xc2\xa0-1\""},
    {"\xe2\x80\x8b=1", "\"'\xe2\x80\x8b=1\""},
    {"\xef\xbb\xbf=1", "\"'\xef\xbb\xbf=1\""},
    {"=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""},
    {"=HYPERLINK(\"http://x\",\"y\")",
     "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
    {"+81-90-1234-5678", "\"'+81-90-1234-5678\""},
    /* no formulas */
    {"a=1", "a=1"},
    {"1+1", "1+1"},
    {"090-1234-5678", "\"090-1234-5678\""},
    {"'=1", "\"'=1\""},
    {"~1", "~1"},
    {"ー", "ー"},
    {"〜", "〜"},
};

START_TEST(writes_a_cell)
{
    const char *text = cells[_i].text;
    apr_size_t len = strlen(text), got;
    char *out = malloc(KUJI_CSV_CELL_MAX(len));

    got = kuji_csv_cell(out, text, len);
    ck_assert_uint_le(got, KUJI_CSV_CELL_MAX(len));
    ck_assert_uint_eq(got, strlen(cells[_i].cell));
    ck_assert_mem_eq(out, cells[_i].cell, got);
    free(out);
}
END_TEST

/* What a reader says of a file: records as "line:a|b|c", then the failure. */
typedef struct heard_t {
    const char *text;
} heard_t;

static apr_status_t hear(void *baton, const kuji_csv_record_t *record,
                         apr_pool_t *pool)
{
    heard_t *heard = baton;
    int i;

    if (strcmp(record->cells[0], "stop") == 0) {
        return KUJI_ECONFLICT;
    }
    heard->text = apr_psprintf(unit_pool, "%s%" APR_INT64_T_FMT ":",
                               heard->text, (apr_int64_t)record->line);
    for (i = 0; i < record->count; i++) {
        heard->text = apr_pstrcat(unit_pool, heard->text, i ? "|" : "",
                                  record->cells[i], NULL);
    }
    heard->text = apr_pstrcat(unit_pool, heard->text, "/", NULL);
    return APR_SUCCESS;
}

static const char *read_csv(const char *bytes, apr_size_t len, apr_size_t piece,
                            const kuji_cp932_t *cp932)
{
    const kuji_csv_limits_t limits = {
        .record = 20, .cells = 4, .bytes = 100, .records = 5};
    heard_t heard = {""};
    kuji_csv_reader_t *reader =
        kuji_csv_reader(&limits, cp932, hear, &heard, unit_pool);
    apr_status_t rv = APR_SUCCESS;
    apr_size_t at, step;

    for (at = 0; at < len && !rv; at += step) {
        step = len - at < piece ? len - at : piece;
        rv = kuji_csv_read(reader, bytes + at, step);
    }
    rv = rv ? rv : kuji_csv_end(reader);
    if (!rv) {
        return heard.text;
    }
    return apr_psprintf(unit_pool, "%s%s %" APR_INT64_T_FMT ": %s", heard.text,
                        rv == KUJI_EINVAL      ? "EINVAL"
                        : rv == KUJI_ETOOBIG   ? "ETOOBIG"
                        : rv == KUJI_ECONFLICT ? "ECONFLICT"
                                               : "?",
                        (apr_int64_t)kuji_csv_line(reader),
                        kuji_csv_why(reader) ? kuji_csv_why(reader) : "-");
}

#define FILE_OF(text) text, sizeof(text) - 1

static const struct {
    const char *bytes;
    apr_size_t len;
    const char *heard;
} files[] = {
    {FILE_OF(""), ""},
    {FILE_OF("\r\n\n\r\n"), ""},
    {FILE_OF("a,b\r\nc,d\r\n"), "1:a|b/2:c|d/"},
    {FILE_OF("a,b\nc,d"), "1:a|b/2:c|d/"},
    {FILE_OF("a\n\n\r\nb\n"), "1:a/4:b/"},
    {FILE_OF(",\n"), "1:|/"},
    {FILE_OF("a,\r\n,b"), "1:a|/2:|b/"},
    {FILE_OF("\"\"\n"), "1:/"},
    {FILE_OF("\"\""), "1:/"},
    {FILE_OF("\"\",\"\"\r\n"), "1:|/"},
    {FILE_OF("\"a\"\"b\",\"c,d\"\n"), "1:a\"b|c,d/"},
    {FILE_OF("\"a\r\nb\",c\r\nd"), "1:a\r\nb|c/3:d/"},
    {FILE_OF("\"\"\"\"\n"), "1:\"/"},
    {FILE_OF(" a , b \n"), "1: a | b /"},
    {FILE_OF("0012,=1\n"), "1:0012|=1/"},
    {FILE_OF("\xef\xbb\xbf"
             "a,b\n"),
     "1:a|b/"},
    {FILE_OF("\xef\xbb\xbf"), ""},
    {FILE_OF("\xef\xbb\xbf\"a\"\n"), "1:a/"},
    {FILE_OF("東京,くじ\r\n"), "1:東京|くじ/"},
    {FILE_OF("a,\xef\xbb\xbf\n"), "1:a|\xef\xbb\xbf/"},
    /* refused, with the line */
    {FILE_OF("a\nb\"c\n"),
     "1:a/EINVAL 2: a quote inside a cell without quotes"},
    {FILE_OF("a\n\"b\"c\n"), "1:a/EINVAL 2: text behind a closing quote"},
    {FILE_OF("a\n\"b\" \n"), "1:a/EINVAL 2: text behind a closing quote"},
    {FILE_OF("a\n\n\"b\n\nc"), "1:a/EINVAL 3: a quote is never closed"},
    {FILE_OF("a\rb"), "EINVAL 1: a carriage return inside a line"},
    {FILE_OF("a\r\r\n"), "EINVAL 1: a carriage return inside a line"},
    {FILE_OF("a\r"), "EINVAL 1: a carriage return inside a line"},
    {FILE_OF("\r"), "EINVAL 1: a carriage return inside a line"},
    {FILE_OF("a\nb\0c\n"), "1:a/EINVAL 2: a zero byte"},
    {FILE_OF("a\n\x82\xa0\n"), "1:a/EINVAL 2: not UTF-8"},
    {FILE_OF("\xef\xbb"), "EINVAL 1: not UTF-8"},
    {FILE_OF("\xef\xbb,\n"), "EINVAL 1: not UTF-8"},
    {FILE_OF("\xed\xa0\x80\n"), "EINVAL 1: not UTF-8"},
    {FILE_OF("a\nstop\nb\n"), "1:a/ECONFLICT 2: -"},
    {FILE_OF("a,b,c,d\n,,,\n"), "1:a|b|c|d/2:|||/"},
    {FILE_OF("a\n,,,,\n"), "1:a/ETOOBIG 2: too many cells in one record"},
    {FILE_OF("a\na,b,c,d,e\n"), "1:a/ETOOBIG 2: too many cells in one record"},
    {FILE_OF("1234567890123456789\n"), "1:1234567890123456789/"},
    {FILE_OF("12345678901234567890\n"), "ETOOBIG 1: a record is too long"},
    {FILE_OF("a\n\"234567\n0123456\n901\"\n"),
     "1:a/ETOOBIG 2: a record is too long"},
    {FILE_OF("1\n2\n3\n4\n5\n"), "1:1/2:2/3:3/4:4/5:5/"},
    {FILE_OF("1\n2\n3\n4\n5\n6\n"),
     "1:1/2:2/3:3/4:4/5:5/ETOOBIG 6: too many records"},
    {FILE_OF("\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
             "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
             "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
             "\n\n\n\n\n\n\n\n"),
     "ETOOBIG 101: the file is too large"},
};

START_TEST(reads_a_file)
{
    apr_size_t piece;

    for (piece = 1; piece <= files[_i].len + 1; piece++) {
        ck_assert_str_eq(read_csv(files[_i].bytes, files[_i].len, piece, NULL),
                         files[_i].heard);
    }
}
END_TEST

START_TEST(reads_shift_jis)
{
    const kuji_cp932_t *t = kuji_cp932_create(unit_pool);

    /* 東京, ソ (its second byte is a backslash), ｱ, ① */
    ck_assert_str_eq(
        read_csv(FILE_OF("\x93\x8c\x8b\x9e,\"\x83\x5c\"\r\n\xb1,\x87\x40"), 1,
                 t),
        "1:東京|ソ/2:ｱ|①/");
    ck_assert_str_eq(read_csv(FILE_OF("a\n\x81\n"), 3, t),
                     "1:a/EINVAL 2: not Shift_JIS (CP932)");
    ck_assert_str_eq(read_csv(FILE_OF("a\n\xf0\x40\n"), 3, t),
                     "1:a/EINVAL 2: not Shift_JIS (CP932)");
    /* a mark says that it is UTF-8 after all */
    ck_assert_str_eq(read_csv(FILE_OF("\xef\xbb\xbfくじ\n"), 2, t), "1:くじ/");
}
END_TEST

/* Rows, all of them in one piece. */
typedef struct taken_t {
    char bytes[4096];
    apr_size_t len;
    int pieces;
    apr_status_t answer;
} taken_t;

static apr_status_t take(void *baton, const char *bytes, apr_size_t len)
{
    taken_t *t = baton;

    if (t->answer) {
        return t->answer;
    }
    t->pieces++;
    t->len += len;
    if (t->len <= sizeof(t->bytes)) {
        memcpy(t->bytes + t->len - len, bytes, len);
    }
    return APR_SUCCESS;
}

static const kuji_column_t columns[] = {
    {"n", "番号"}, {"name", "氏名"}, {"detail", "内容"}};

static kuji_rows_t *rows_of(kuji_rows_form_e form, taken_t *t)
{
    memset(t, 0, sizeof(*t));
    return kuji_rows_create(form, columns, 3, take, t, unit_pool);
}

static const kuji_rows_count_t *two_rows(kuji_rows_form_e form, taken_t *t)
{
    kuji_rows_t *rows = rows_of(form, t);

    kuji_rows_int(rows, -1);
    kuji_rows_text(rows, "髙橋 〜\"𠮷\"−");
    kuji_rows_json(rows, "{\"a\": [1, \"b\"]}");
    ck_assert_int_eq(kuji_rows_end(rows), APR_SUCCESS);
    kuji_rows_int(rows, 2);
    kuji_rows_text(rows, NULL);
    kuji_rows_none(rows);
    ck_assert_int_eq(kuji_rows_end(rows), APR_SUCCESS);
    ck_assert_int_eq(t->pieces, 0);
    ck_assert_int_eq(kuji_rows_finish(rows), APR_SUCCESS);
    ck_assert_int_eq(t->pieces, 1);
    ck_assert_int_eq(kuji_rows_count(rows)->rows, 2);
    return kuji_rows_count(rows);
}

static void is_bytes(const taken_t *t, const char *bytes, apr_size_t len)
{
    ck_assert_uint_eq(t->len, len);
    ck_assert_mem_eq(t->bytes, bytes, len);
}

#define CSV_OF_TWO                                                             \
    "番号,氏名,内容\r\n"                                                 \
    "-1,\"髙橋 〜\"\"𠮷\"\"−\",\"{\"\"a\"\": [1, \"\"b\"\"]}\"\r\n"     \
    "2,,\r\n"

START_TEST(writes_utf8)
{
    taken_t t;

    ck_assert_int_eq(two_rows(KUJI_ROWS_UTF8, &t)->replaced, 0);
    is_bytes(&t, FILE_OF(CSV_OF_TWO));
    ck_assert_int_eq(two_rows(KUJI_ROWS_UTF8_BOM, &t)->replaced, 0);
    is_bytes(&t, FILE_OF("\xef\xbb\xbf" CSV_OF_TWO));
}
END_TEST

START_TEST(writes_json_lines)
{
    taken_t t;

    two_rows(KUJI_ROWS_JSONL, &t);
    is_bytes(&t, FILE_OF("{\"n\":-1,\"name\":\"髙橋 〜\\\"𠮷\\\"−\","
                         "\"detail\":{\"a\": [1, \"b\"]}}\n"
                         "{\"n\":2,\"name\":null,\"detail\":null}\n"));
}
END_TEST

START_TEST(writes_shift_jis)
{
    const kuji_rows_count_t *count;
    taken_t t;

    count = two_rows(KUJI_ROWS_CP932, &t);
    /* 番号,氏名,内容 / 髙橋 ～"〓"－ */
    is_bytes(&t, FILE_OF("\x94\xd4\x8d\x86,\x8e\x81\x96\xbc,\x93\xe0\x97\x65"
                         "\r\n-1,\"\xfb\xfc\x8b\xb4 \x81\x60\"\"\x81\xac\"\""
                         "\x81\x7c\",\"{\"\"a\"\": [1, \"\"b\"\"]}\"\r\n"
                         "2,,\r\n"));
    ck_assert_int_eq(count->replaced, 1);
    ck_assert_int_eq(count->replaced_row, 1);
}
END_TEST

START_TEST(gives_pieces)
{
    taken_t t;
    kuji_rows_t *rows = rows_of(KUJI_ROWS_UTF8, &t);
    int i;

    for (i = 0; i < 10000; i++) {
        kuji_rows_int(rows, 1000000 + i);
        kuji_rows_text(rows, "0600001");
        kuji_rows_none(rows);
        ck_assert_int_eq(kuji_rows_end(rows), APR_SUCCESS);
    }
    ck_assert_int_eq(t.pieces, 3);
    ck_assert_int_eq(kuji_rows_finish(rows), APR_SUCCESS);
    ck_assert_uint_eq(t.len, 10000 * 20 + sizeof("番号,氏名,内容\r\n") - 1);
    /* a sink that takes no more ends it */
    t.answer = APR_ECONNABORTED;
    for (i = 0; i < 10000; i++) {
        kuji_rows_int(rows, i);
        kuji_rows_none(rows);
        kuji_rows_none(rows);
        if (kuji_rows_end(rows)) {
            break;
        }
    }
    ck_assert_int_lt(i, 10000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("csv");
    TCase *table = tcase_create("tables");

    tcase_add_checked_fixture(table, unit_setup, unit_teardown);
    tcase_add_loop_test(table, writes_a_cell, 0,
                        (int)(sizeof(cells) / sizeof(cells[0])));
    tcase_add_loop_test(table, reads_a_file, 0,
                        (int)(sizeof(files) / sizeof(files[0])));
    suite_add_tcase(suite, table);
    UNIT_TEST(suite, reads_shift_jis);
    UNIT_TEST(suite, writes_utf8);
    UNIT_TEST(suite, writes_json_lines);
    UNIT_TEST(suite, writes_shift_jis);
    UNIT_TEST(suite, gives_pieces);
    return unit_main(suite);
}
