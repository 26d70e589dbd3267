/* The public Mustache specification, every case of every file, and what it
 * leaves open: limits, errors, escaping.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/mustache.h"
#include "core/error.h"
#include "t/unit/unit.h"

#include <stdio.h>
#include <string.h>

#define ROOM (1 << 20)

/* baton: an object of name -> source, or NULL. */
static const kuji_mustache_t *find(void *baton, const char *name)
{
    const char *source = json_string_value(json_object_get(baton, name));
    const kuji_mustache_t *tmpl = NULL;
    const char *why = "";

    if (source) {
        ck_assert_msg(kuji_mustache_compile(&tmpl, &why, source, strlen(source),
                                            unit_pool) == APR_SUCCESS,
                      "partial %s: %s", name, why);
    }
    return tmpl;
}

static apr_status_t render(const char **out, const char *source, json_t *data,
                           json_t *partials, apr_size_t max)
{
    const kuji_mustache_t *tmpl;
    const char *why = "";
    apr_size_t len;
    apr_status_t rv;

    rv = kuji_mustache_compile(&tmpl, &why, source, strlen(source), unit_pool);
    ck_assert_msg(rv == APR_SUCCESS, "%s: %s", source, why);
    rv = kuji_mustache_render(out, &len, tmpl, data, find, partials, max,
                              unit_pool);
    if (rv == APR_SUCCESS) {
        ck_assert_uint_eq(len, strlen(*out));
    }
    return rv;
}

static void spec_case(json_t *test)
{
    const char *out = NULL, *name, *expected, *source;

    name = json_string_value(json_object_get(test, "name"));
    source = json_string_value(json_object_get(test, "template"));
    expected = json_string_value(json_object_get(test, "expected"));
    ck_assert(name && source && expected);
    ck_assert_msg(render(&out, source, json_object_get(test, "data"),
                         json_object_get(test, "partials"),
                         ROOM) == APR_SUCCESS,
                  "%s: does not render", name);
    ck_assert_msg(strcmp(out, expected) == 0, "%s: got '%s', expected '%s'",
                  name, out, expected);
}

static void spec_file(const char *file, size_t expected)
{
    const char *source = getenv("KUJI_SRC");
    char path[4096];
    json_t *doc, *tests, *test;
    json_error_t error;
    size_t i;

    snprintf(path, sizeof path, "%s/t/unit/mustache-spec/%s.json",
             source ? source : SOURCE_DIR, file);
    doc = json_load_file(path, 0, &error);
    ck_assert_msg(doc != NULL, "%s: %s", path, error.text);
    tests = json_object_get(doc, "tests");
    ck_assert_uint_eq(json_array_size(tests), expected);
    json_array_foreach(tests, i, test)
    {
        spec_case(test);
    }
    json_decref(doc);
}

START_TEST(test_spec_comments)
{
    spec_file("comments", 12);
}
END_TEST

START_TEST(test_spec_delimiters)
{
    spec_file("delimiters", 14);
}
END_TEST

START_TEST(test_spec_inheritance)
{
    spec_file("inheritance", 27);
}
END_TEST

START_TEST(test_spec_interpolation)
{
    spec_file("interpolation", 42);
}
END_TEST

START_TEST(test_spec_inverted)
{
    spec_file("inverted", 22);
}
END_TEST

START_TEST(test_spec_partials)
{
    spec_file("partials", 12);
}
END_TEST

START_TEST(test_spec_sections)
{
    spec_file("sections", 34);
}
END_TEST

static void expect(const char *source, const char *data, const char *partials,
                   const char *expected)
{
    json_t *values = json_loads(data, 0, NULL);
    json_t *others = partials ? json_loads(partials, 0, NULL) : NULL;
    const char *out = NULL;

    ck_assert(values && (others || !partials));
    ck_assert_int_eq(render(&out, source, values, others, ROOM), APR_SUCCESS);
    ck_assert_str_eq(out, expected);
    json_decref(values);
    json_decref(others);
}

START_TEST(test_values)
{
    expect("{{a}}", "{\"a\":\"<b title='x'>\\\"&\"}", NULL,
           "&lt;b title=&#39;x&#39;&gt;&quot;&amp;");
    expect("{{{a}}}|{{&a}}", "{\"a\":\"<&>\"}", NULL, "<&>|<&>");
    expect("{{a}}{{b}}{{c}}{{d}}",
           "{\"a\":true,\"b\":false,\"c\":[1],\"d\":{}}", NULL, "truefalse");
    expect("{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":\"\"}", NULL, "y");
    expect("{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":0}", NULL, "x");
    expect("{{a}}", "{\"a\":-9007199254740991}", NULL, "-9007199254740991");
}
END_TEST

START_TEST(test_inherits_over_levels)
{
    const char *partials =
        "{\"base\":\"<body>\\n  {{$main}}\\n  nothing\\n  {{/main}}\\n</body>"
        "\\n\",\"page\":\"{{<base}}\\n{{$main}}\\n<h1>{{$title}}T{{/title}}"
        "</h1>\\n<p>{{t}}</p>\\n{{/main}}\\n{{/base}}\\n\"}";

    expect("{{>base}}", "{}", partials, "<body>\n  nothing\n</body>\n");
    expect("{{>page}}", "{\"t\":\"a\\nb\"}", partials,
           "<body>\n  <h1>T</h1>\n  <p>a\nb</p>\n</body>\n");
    expect("{{<page}}{{$title}}U{{/title}}{{/page}}", "{\"t\":1}", partials,
           "<body>\n  <h1>U</h1>\n  <p>1</p>\n</body>\n");
    /* A block inside its own argument is its default, not itself again. */
    expect("{{<base}}{{$main}}[{{$main}}in{{/main}}]{{/main}}{{/base}}", "{}",
           partials, "<body>\n  [in]</body>\n");
}
END_TEST

START_TEST(test_errors_name_the_line)
{
    static const struct {
        const char *source, *why;
    } cases[] = {
        {"a\n{{#b}}", "line 2: never closed"},
        {"{{/b}}", "line 1: closes what is not open"},
        {"{{#a}}\n{{#b}}\n{{/a}}{{/b}}",
         "line 3: closes another tag than the last opened"},
        {"x {{a", "line 1: tag without end"},
        {"{{{a}}", "line 1: tag without end"},
        {"{{ }}", "line 1: tag without name"},
        {"{{#}}", "line 1: tag without name"},
        {"{{=<% =}}", "line 1: bad delimiters"},
        {"{{=a b c=}}", "line 1: bad delimiters"},
        {"{{==}}", "line 1: tag without name"},
    };
    const kuji_mustache_t *tmpl;
    const char *why;
    size_t i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        why = "";
        ck_assert_int_eq(kuji_mustache_compile(&tmpl, &why, cases[i].source,
                                               strlen(cases[i].source),
                                               unit_pool),
                         KUJI_EINVAL);
        ck_assert_str_eq(why, cases[i].why);
    }
}
END_TEST

/* depth times {{#a}}, then as many {{/a}}. */
static const char *nested(int depth)
{
    char *source = apr_pcalloc(unit_pool, depth * 12 + 1);
    int i;

    for (i = 0; i < depth; i++) {
        memcpy(source + i * 6, "{{#a}}", 6);
        memcpy(source + (depth + i) * 6, "{{/a}}", 6);
    }
    return source;
}

START_TEST(test_limits)
{
    json_t *data = json_loads("{\"a\":\"0123456789\"}", 0, NULL);
    json_t *loops = json_loads(
        "{\"one\":\"{{>one}}\",\"two\":\"{{>two}}{{>two}}\"}", 0, NULL);
    const kuji_mustache_t *tmpl;
    const char *out = NULL, *why, *source = nested(65);

    ck_assert_int_eq(render(&out, "{{a}}", data, NULL, 10), APR_SUCCESS);
    ck_assert_int_eq(render(&out, "{{a}}", data, NULL, 9), KUJI_ETOOBIG);
    ck_assert_int_eq(render(&out, "{{a}}x", data, NULL, 10), KUJI_ETOOBIG);
    ck_assert_int_eq(render(&out, "{{>one}}", data, loops, ROOM), KUJI_ETOOBIG);
    ck_assert_int_eq(render(&out, "{{>two}}", data, loops, ROOM), KUJI_ETOOBIG);
    ck_assert_int_eq(render(&out, nested(63), data, NULL, ROOM), APR_SUCCESS);
    ck_assert_int_eq(render(&out, nested(64), data, NULL, ROOM), KUJI_ETOOBIG);
    ck_assert_int_eq(
        kuji_mustache_compile(&tmpl, &why, source, strlen(source), unit_pool),
        KUJI_EINVAL);
    json_decref(data);
    json_decref(loops);
}
END_TEST

START_TEST(test_output_grows)
{
    json_t *data = json_object(), *list = json_array();
    const char *out = NULL;
    int i;

    for (i = 0; i < 20000; i++) {
        json_array_append_new(list, json_integer(i % 10));
    }
    json_object_set_new(data, "list", list);
    ck_assert_int_eq(
        render(&out, "{{#list}}{{.}}\n{{/list}}", data, NULL, ROOM),
        APR_SUCCESS);
    ck_assert_uint_eq(strlen(out), 40000);
    ck_assert_str_eq(out + 39996, "8\n9\n");
    json_decref(data);
}
END_TEST

START_TEST(test_counts_know_whether_they_are_one)
{
    static const struct {
        const char *data, *out;
    } cases[] = {
        {"{\"n\": 1}", "1 prize"},
        {"{\"n\": 0}", "0 prizes"},
        {"{\"n\": 2}", "2 prizes"},
        {"{\"n\": \"1\"}", "1 prize"},
        {"{\"n\": \"1,001\"}", "1,001 prizes"},
        {"{\"n\": true}", "true prizes"},
    };
    const char *out;
    json_t *data;
    size_t i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        data = json_loads(cases[i].data, 0, NULL);
        ck_assert_int_eq(render(&out,
                                "{{#n.is_one}}{{n}} prize{{/n.is_one}}"
                                "{{^n.is_one}}{{n}} prizes{{/n.is_one}}",
                                data, NULL, ROOM),
                         APR_SUCCESS);
        ck_assert_str_eq(out, cases[i].out);
        json_decref(data);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mustache");

    UNIT_TEST(suite, test_spec_comments);
    UNIT_TEST(suite, test_spec_delimiters);
    UNIT_TEST(suite, test_spec_inheritance);
    UNIT_TEST(suite, test_spec_interpolation);
    UNIT_TEST(suite, test_spec_inverted);
    UNIT_TEST(suite, test_spec_partials);
    UNIT_TEST(suite, test_spec_sections);
    UNIT_TEST(suite, test_values);
    UNIT_TEST(suite, test_inherits_over_levels);
    UNIT_TEST(suite, test_errors_name_the_line);
    UNIT_TEST(suite, test_limits);
    UNIT_TEST(suite, test_output_grows);
    UNIT_TEST(suite, test_counts_know_whether_they_are_one);
    return unit_main(suite);
}
