/* Canonical JSON: RFC 8785's published examples as far as integers go, and what
 * must be refused.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/canon.h"
#include "core/error.h"
#include "t/unit/unit.h"

#include <string.h>

static const char *dump(const char *text, apr_status_t want)
{
    json_error_t error;
    json_t *value = json_loads(text, JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
    const char *bytes = NULL;
    apr_size_t len = 0;

    ck_assert_msg(value != NULL, "%s: %s", text, error.text);
    ck_assert_msg(kuji_canon_dump(&bytes, &len, value, unit_pool) == want, "%s",
                  text);
    json_decref(value);
    if (want) {
        return NULL;
    }
    ck_assert_uint_eq(strlen(bytes), len);
    return bytes;
}

static const struct {
    const char *in, *out;
} examples[] = {
    /* RFC 8785 3.2.3, the sorting example (its keys and order). */
    {"{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":"
     "\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":"
     "\"Emoji: Grinning Face\",\"\\u0080\":\"Control\",\"\\u00f6\":"
     "\"Latin Small Letter O With Diaeresis\"}",
     "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
     "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\","
     "\"\xE2\x82\xAC\":\"Euro Sign\",\"\xF0\x9F\x98\x80\":"
     "\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":"
     "\"Hebrew Letter Dalet With Dagesh\"}"},
    /* RFC 8785 3.2.2, its strings and literals. */
    {"{\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/"
     "\",\"literals\":[null,true,false]}",
     "{\"literals\":[null,true,false],\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B"
     "\\\"\\\\\\\\\\\"/\"}"},
    /* The author's test data: weird, french, structures, unicode, arrays. */
    {"{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\u000a\":"
     "\"Newline\",\"1\":\"One\",\"\\u0080\":\"Control\\u007f\","
     "\"\\ud83d\\ude02\":\"Smiley\",\"\\u00f6\":"
     "\"Latin Small Letter O With Diaeresis\",\"\\ufb33\":"
     "\"Hebrew Letter Dalet With Dagesh\",\"</script>\":"
     "\"Browser Challenge\"}",
     "{\"\\n\":\"Newline\",\"\\r\":\"Carriage Return\",\"1\":\"One\","
     "\"</script>\":\"Browser Challenge\",\"\xC2\x80\":\"Control\x7F\","
     "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\","
     "\"\xE2\x82\xAC\":\"Euro Sign\",\"\xF0\x9F\x98\x82\":\"Smiley\","
     "\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}"},
    {"{\"peach\":\"This sorting order\",\"p\xC3\xA9"
     "ch\xC3\xA9\":\"is wrong according to French\",\"p\xC3\xAA"
     "che\":\"but canonicalization MUST\",\"sin\":\"ignore locale\"}",
     "{\"peach\":\"This sorting order\",\"p\xC3\xA9"
     "ch\xC3\xA9\":\"is wrong according to French\",\"p\xC3\xAA"
     "che\":\"but canonicalization MUST\",\"sin\":\"ignore locale\"}"},
    {"{\"1\":{\"f\":{\"f\":\"hi\",\"F\":5} ,\"\\n\":56},\"10\":{ },\"\":"
     "\"empty\",\"a\":{ },\"111\":[ {\"e\":\"yes\",\"E\":\"no\" } ],\"A\":{ "
     "}}",
     "{\"\":\"empty\",\"1\":{\"\\n\":56,\"f\":{\"F\":5,\"f\":\"hi\"}},\"10\":"
     "{},\"111\":[{\"E\":\"no\",\"e\":\"yes\"}],\"A\":{},\"a\":{}}"},
    {"{\"Unnormalized Unicode\":\"A\\u030a\"}",
     "{\"Unnormalized Unicode\":\"A\xCC\x8A\"}"},
    {"[56,{\"d\":true,\"10\":null,\"1\":[ ]}]",
     "[56,{\"1\":[],\"10\":null,\"d\":true}]"},
    /* Our integers, and every control character. */
    {"[0,-1,9007199254740991,-9007199254740991]",
     "[0,-1,9007199254740991,-9007199254740991]"},
    {"\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\"",
     "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\""},
    /* Surrogates before U+E000 .. U+FFFF, in the middle of a key too. */
    {"{\"a\\uffff\":1,\"a\\ud800\\udc00\":2,\"a\\ue000\":3,\"a\\ud7ff\":4,"
     "\"a\":5}",
     "{\"a\":5,\"a\xED\x9F\xBF\":4,\"a\xF0\x90\x80\x80\":2,\"a\xEE\x80\x80\":"
     "3,\"a\xEF\xBF\xBF\":1}"},
};

START_TEST(test_examples)
{
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        ck_assert_str_eq(dump(examples[i].in, APR_SUCCESS), examples[i].out);
    }
}
END_TEST

START_TEST(test_no_numbers)
{
    dump("[1.5]", KUJI_EINVAL);
    dump("[1.0]", KUJI_EINVAL);
    dump("[1e3]", KUJI_EINVAL);
    dump("[9007199254740992]", KUJI_EINVAL);
    dump("[-9007199254740992]", KUJI_EINVAL);
}
END_TEST

static void nested(char *out, int depth)
{
    memset(out, '[', (size_t)depth);
    memset(out + depth, ']', (size_t)depth);
    out[2 * depth] = '\0';
}

START_TEST(test_depth)
{
    char text[4 * KUJI_CANON_DEPTH];

    nested(text, KUJI_CANON_DEPTH + 1);
    ck_assert_str_eq(dump(text, APR_SUCCESS), text);
    nested(text, KUJI_CANON_DEPTH + 2);
    dump(text, KUJI_ETOOBIG);
}
END_TEST

#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *bytes;
    apr_size_t len;
    int ok;
} foreign[] = {
    {BYTES("{\"a\":1,\"b\":\"\\u0000\"}"), 1},
    {BYTES("[]"), 1},
    {BYTES("{}"), 1},
    {BYTES("{\"b\":1,\"a\":2}"), 0},
    {BYTES("{\"a\": 1}"), 0},
    {BYTES("{\"a\":1}\n"), 0},
    {BYTES(" {\"a\":1}"), 0},
    {BYTES("\xEF\xBB\xBF{\"a\":1}"), 0},
    {BYTES("{\"a\":1,\"a\":1}"), 0},
    {BYTES("{\"a\":-0}"), 0},
    {BYTES("{\"a\":01}"), 0},
    {BYTES("{\"a\":1.0}"), 0},
    {BYTES("{\"a\":9007199254740992}"), 0},
    {BYTES("{\"a\":99999999999999999999}"), 0},
    {BYTES("{\"a\":\"\\/\"}"), 0},
    {BYTES("{\"a\":\"\\u0041\"}"), 0},
    {BYTES("{\"a\":\"\\u000A\"}"), 0},
    {BYTES("{\"a\":\"\\u000a\"}"), 0},
    {BYTES("{\"a\":\"\\n\"}"), 1},
    {BYTES("{\"a\":\"\\u001f\"}"), 1},
    {BYTES("{\"a\":\"\\u001F\"}"), 0},
    {BYTES("{\"a\":\"\\ud800\"}"), 0},
    {BYTES("{\"a\":\"\\udc00\\ud800\"}"), 0},
    {BYTES("{\"a\":\"\\ud83d\\ude00\"}"), 0},
    {BYTES("{\"a\":\"\xF0\x9F\x98\x80\"}"), 1},
    {BYTES("{\"a\":\"\xED\xA0\x80\"}"), 0},
    {BYTES("{\"a\":\"\xC0\x80\"}"), 0},
    {BYTES("{\"a\":\"\xFF\"}"), 0},
    {BYTES("{\"a\":\"\x7F\"}"), 1},
    {BYTES("{\"a\":\"\n\"}"), 0},
    {BYTES("{\"a\":1}\0"), 0},
    {BYTES("{\"a\":1"), 0},
    {BYTES("1"), 0},
    {BYTES("\"a\""), 0},
    {BYTES(""), 0},
};

START_TEST(test_foreign)
{
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        const char *why = NULL;
        json_t *value;
        apr_status_t rv = kuji_canon_load(&value, &why, foreign[i].bytes,
                                          foreign[i].len, unit_pool);

        ck_assert_msg(rv == (foreign[i].ok ? APR_SUCCESS : KUJI_EINVAL),
                      "%s: %s", foreign[i].bytes, why);
        ck_assert(foreign[i].ok || why);
    }
}
END_TEST

START_TEST(test_string)
{
    char out[16];

    ck_assert_uint_eq(kuji_canon_string(NULL, "\"\1", 2), 10);
    ck_assert_uint_eq(kuji_canon_string(out, "\"\1", 2), 10);
    ck_assert_mem_eq(out, "\"\\\"\\u0001\"", 10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("canon");

    UNIT_TEST(suite, test_examples);
    UNIT_TEST(suite, test_no_numbers);
    UNIT_TEST(suite, test_depth);
    UNIT_TEST(suite, test_foreign);
    UNIT_TEST(suite, test_string);
    return unit_main(suite);
}
