/* Templates, texts and assets from directories.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/template.h"
#include "t/unit/unit.h"

#include <apr_file_io.h>
#include <apr_strings.h>
#include <string.h>

static char *dir;

static void put(const char *path, const char *text)
{
    const char *full = apr_pstrcat(unit_pool, dir, "/", path, NULL);
    char *folder = apr_pstrdup(unit_pool, full);
    apr_size_t len = strlen(text);
    apr_file_t *file;

    *strrchr(folder, '/') = '\0';
    ck_assert(!apr_dir_make_recursive(folder, APR_OS_DEFAULT, unit_pool));
    ck_assert(!apr_file_open(&file, full, APR_WRITE | APR_CREATE | APR_TRUNCATE,
                             APR_OS_DEFAULT, unit_pool));
    ck_assert(!apr_file_write_full(file, text, len, NULL));
    apr_file_close(file);
}

static void make(void)
{
    const char *temp;
    char name[] = "kuji-template-XXXXXX";

    unit_setup();
    ck_assert(!apr_temp_dir_get(&temp, unit_pool));
    dir = apr_pstrcat(unit_pool, temp, "/", name, NULL);
    ck_assert_ptr_nonnull(mkdtemp(dir));
    put("a/participant/page.mustache", "{{<frame}}{{$in}}{{>t.hi}}{{/in}}"
                                       "{{/frame}}");
    put("a/participant/frame.mustache", "[{{$in}}{{/in}}]");
    put("a/locale/ja.json",
        "{\"hi\": \"やあ {{who}}\", \"p\": {\"q\": \"{{{who}}}\"}}");
    put("a/locale/en.json", "{\"hi\": \"hi {{who}}\"}");
    put("a/assets/look.css", "a{}");
    put("a/assets/notes.txt", "not served");
}

static void remove_all(const char *path)
{
    apr_finfo_t info;
    apr_dir_t *open;
    const char *child;

    if (apr_dir_open(&open, path, unit_pool)) {
        apr_file_remove(path, unit_pool);
        return;
    }
    while (!apr_dir_read(&info, APR_FINFO_NAME, open)) {
        child = apr_pstrcat(unit_pool, path, "/", info.name, NULL);
        if (strcmp(info.name, ".") != 0 && strcmp(info.name, "..") != 0) {
            remove_all(child);
        }
    }
    apr_dir_close(open);
    apr_dir_remove(path, unit_pool);
}

static void clean(void)
{
    remove_all(dir);
    unit_teardown();
}

static const kuji_templates_t *load(const char *override_dir)
{
    const kuji_templates_t *templates;
    const char *why = "";

    ck_assert_msg(!kuji_templates_load(&templates, &why,
                                       apr_pstrcat(unit_pool, dir, "/a", NULL),
                                       override_dir, unit_pool),
                  "%s", why);
    return templates;
}

static void expect(const kuji_templates_t *templates, const char *language,
                   const char *expected)
{
    json_t *data = json_pack("{s:s}", "who", "<x>");
    const char *out = "";
    apr_size_t len;

    ck_assert(!kuji_templates_render(&out, &len, templates, "participant/page",
                                     language, data, unit_pool));
    ck_assert_str_eq(out, expected);
    json_decref(data);
}

START_TEST(test_languages)
{
    const kuji_templates_t *templates = load(NULL);
    json_t *data = json_pack("{s:s}", "who", "<x>");
    const char *out;
    apr_size_t len;

    expect(templates, "ja", "[やあ &lt;x&gt;]");
    expect(templates, "en", "[hi &lt;x&gt;]");
    /* Meant as data: plain; what English lacks is said in Japanese. */
    ck_assert_str_eq(
        kuji_templates_text(templates, "en", "p.q", data, unit_pool), "<x>");
    ck_assert_ptr_null(
        kuji_templates_text(templates, "ja", "p", data, unit_pool));
    ck_assert_int_eq(kuji_templates_render(&out, &len, templates,
                                           "participant/none", "ja", data,
                                           unit_pool),
                     KUJI_ENOTFOUND);
    json_decref(data);
}
END_TEST

START_TEST(test_override)
{
    const char *other = apr_pstrcat(unit_pool, dir, "/b", NULL);
    const char *before, *after;
    json_t *urls;

    urls = kuji_templates_asset_urls(load(NULL), "/s/");
    before = apr_pstrdup(unit_pool,
                         json_string_value(json_object_get(urls, "look_css")));
    json_decref(urls);
    put("b/participant/frame.mustache", "<{{$in}}{{/in}}>");
    put("b/assets/look.css", "b{}");
    expect(load(other), "en", "<hi &lt;x&gt;>");
    urls = kuji_templates_asset_urls(load(other), "/s/");
    after = json_string_value(json_object_get(urls, "look_css"));
    ck_assert_uint_eq(json_object_size(urls), 1);
    ck_assert_str_ne(before, after);
    ck_assert_ptr_null(kuji_templates_asset(load(other), before + 3));
    ck_assert_str_eq(kuji_templates_asset(load(other), after + 3)->bytes,
                     "b{}");
    json_decref(urls);
}
END_TEST

START_TEST(test_faults_name_their_place)
{
    const kuji_templates_t *templates;
    const char *path = apr_pstrcat(unit_pool, dir, "/a", NULL), *why = "";

    put("a/participant/bad.mustache", "x\n{{#a}}");
    ck_assert(kuji_templates_load(&templates, &why, path, NULL, unit_pool) !=
              0);
    ck_assert_ptr_nonnull(strstr(why, "bad.mustache: line 2: never closed"));
    put("a/participant/bad.mustache", "");
    put("a/locale/en.json", "{\"a\": {\"b\": \"{{x\"}}");
    ck_assert(kuji_templates_load(&templates, &why, path, NULL, unit_pool) !=
              0);
    ck_assert_ptr_nonnull(strstr(why, "en.json: a.b: line 1: tag without end"));
    path = apr_pstrcat(unit_pool, dir, "/nothing", NULL);
    ck_assert_int_eq(
        kuji_templates_load(&templates, &why, path, NULL, unit_pool),
        KUJI_ENOTFOUND);
}
END_TEST

static void add(Suite *suite, const char *name, const TTest *test)
{
    TCase *one = tcase_create(name);

    tcase_add_checked_fixture(one, make, clean);
    tcase_add_test(one, test);
    suite_add_tcase(suite, one);
}

int main(void)
{
    Suite *suite = suite_create("template");

    add(suite, "languages", test_languages);
    add(suite, "override", test_override);
    add(suite, "faults", test_faults_name_their_place);
    return unit_main(suite);
}
