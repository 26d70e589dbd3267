/* What may be missing, what may change, and one edit as a merge patch.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config.h"
#include "core/error.h"
#include "t/unit/unit.h"

#include <apr_strings.h>
#include <string.h>

#define DRAFT                                                                  \
    "{\"slug\":\"x\",\"title\":\"x\",\"method\":\"odds\",\"opens_at\":10,"     \
    "\"closes_at\":20,\"timezone\":\"UTC\",\"gates\":[\"open\"],"              \
    "\"odds_total\":100,\"sold_out\":\"blank\",\"prizes\":[%s]%s}"
#define PRIZE                                                                  \
    "{\"code\":\"A\",\"name\":\"A\",\"kind\":\"parcel\",\"units\":1,"          \
    "\"weight\":5}"

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

static json_t *draft(const char *prizes, const char *more)
{
    return parse(apr_psprintf(unit_pool, DRAFT, prizes, more));
}

static void ck_good(const json_t *config)
{
    const char *why = NULL;

    ck_assert_msg(!kuji_config_check(&why, config, unit_pool), "%s", why);
}

START_TEST(drafts_lack_things)
{
    static const struct {
        const char *prizes, *more;
        unsigned missing;
    } cases[] = {
        {"", "",
         KUJI_CONFIG_NO_PRIZES | KUJI_CONFIG_NO_PURPOSE |
             KUJI_CONFIG_NO_RETENTION},
        {PRIZE, "", KUJI_CONFIG_NO_PURPOSE | KUJI_CONFIG_NO_RETENTION},
        {PRIZE, ",\"privacy\":{\"purpose\":\" \\n\",\"retention_days\":1}",
         KUJI_CONFIG_NO_PURPOSE},
        {PRIZE, ",\"privacy\":{\"purpose\":\"x\"}", KUJI_CONFIG_NO_RETENTION},
        {PRIZE, ",\"privacy\":{\"purpose\":\"x\",\"retention_days\":90}", 0},
        {PRIZE, ",\"privacy\":{\"purpose\":\"x\",\"retention_days\":0}", 0},
    };
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        json_t *config = draft(cases[i].prizes, cases[i].more);

        ck_good(config);
        ck_assert_uint_eq(kuji_config_missing(config), cases[i].missing);
    }
}
END_TEST

START_TEST(settings_are_checked)
{
    static const struct {
        const char *more, *says;
    } cases[] = {
        {",\"claim_fields\":[\"name\",\"name\"]", "claim_fields"},
        {",\"claim_fields\":[\"shoe\"]", "claim_fields"},
        {",\"claim_fields\":[1]", "claim_fields"},
        {",\"claim_fields\":{}", "claim_fields"},
        {",\"privacy\":{\"retention_days\":-1}", "retention_days"},
        {",\"privacy\":{\"retention_days\":36501}", "retention_days"},
        {",\"sold_out\":\"Z\"", "sold_out"},
        {",\"reveal\":\"fireworks\"", "reveal"},
        {",\"counts\":[]", "counts"},
        {",\"counts\":[10,1]", "counts"},
        {",\"counts\":[0]", "counts"},
        {",\"counts\":[1,101]", "counts"},
        {",\"counts\":[1,2,3,4,5]", "counts"},
        {",\"counts\":[1,\"2\"]", "counts"},
        {",\"closes_at\":10", "closes_at"},
    };
    const char *why;
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        why = NULL;
        ck_assert_int_eq(
            kuji_config_check(&why, draft("", cases[i].more), unit_pool),
            KUJI_EINVAL);
        ck_assert_msg(strstr(why, cases[i].says), "case %u: %s", i, why);
    }
    ck_good(draft(PRIZE, ",\"claim_fields\":[\"name\",\"kana\","
                         "\"postal\",\"address\",\"phone\",\"mail\","
                         "\"note\"],\"texts\":{\"ja\":{\"consent\":\"x\"}}"));
}
END_TEST

START_TEST(promises)
{
    static const struct {
        const char *patch;
        int same;
    } cases[] = {
        {"{\"texts\":{\"ja\":{\"lead\":\"y\"}}}", 1},
        {"{\"privacy\":{\"retention_days\":3}}", 1},
        {"{\"claim_fields\":[\"phone\"],\"theme\":\"yuki\"}", 1},
        {"{\"show_left\":false}", 1},
        {"{\"reveal\":\"slot\",\"counts\":[1,10]}", 1},
        {"{\"sold_out\":null}", 1}, /* is blank anyway */
        {"{\"title\":\"y\"}", 0},
        {"{\"gates\":[\"code\"]}", 0},
        {"{\"email_fold\":false}", 1}, /* is so anyway */
        {"{\"email_fold\":true}", 0},
        {"{\"limits\":{\"draws\":3}}", 0},
        {"{\"closes_at\":21}", 0},
        {"{\"prizes\":[]}", 0},
        {"{\"prizes\":[{\"code\":\"A\",\"name\":\"A\",\"kind\":\"coupon\","
         "\"units\":1,\"weight\":5}]}",
         0},
        {"{\"prizes\":[{\"code\":\"A\",\"name\":\"A\",\"kind\":\"parcel\","
         "\"units\":1,\"weight\":5,\"description\":\"y\"}]}",
         1},
    };
    json_t *config = draft(PRIZE, "");
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        json_t *other = json_deep_copy(config);

        apr_pool_cleanup_register(unit_pool, other, drop,
                                  apr_pool_cleanup_null);
        kuji_config_merge(other, parse(cases[i].patch));
        ck_good(other);
        ck_assert_msg(kuji_config_same_promise(config, other) == cases[i].same,
                      "%s", cases[i].patch);
    }
}
END_TEST

START_TEST(a_method_brings_its_fields)
{
    static const char *const methods[] = {"box", "moment", "raffle", "odds",
                                          "box"};
    json_t *config = draft(PRIZE, "");
    unsigned i;

    for (i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        json_object_set_new(config, "method", json_string(methods[i]));
        kuji_config_fit(config);
        ck_good(config);
    }
    ck_assert_ptr_null(json_object_get(config, "odds_total"));
    ck_assert_int_eq(json_integer_value(json_object_get(config, "blanks")), 0);
    json_object_set_new(config, "method", json_string("moment"));
    kuji_config_fit(config);
    ck_good(config);
    ck_assert_int_eq(
        json_integer_value(json_object_get(
            json_array_get(json_object_get(config, "prizes"), 0), "until")),
        20);
}
END_TEST

START_TEST(a_diff_leads_there_and_back)
{
    static const struct {
        const char *from, *to, *patch;
    } cases[] = {
        {"{}", "{}", "{}"},
        {"{\"a\":1}", "{\"a\":1}", "{}"},
        {"{\"a\":1}", "{\"a\":2,\"b\":[]}", "{\"a\":2,\"b\":[]}"},
        {"{\"a\":1,\"b\":2}", "{\"b\":2}", "{\"a\":null}"},
        {"{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"x\":3}}",
         "{\"a\":{\"x\":3,\"y\":null}}"},
        {"{\"a\":[1,2]}", "{\"a\":[2]}", "{\"a\":[2]}"},
        {"{\"a\":{\"x\":1}}", "{\"a\":7}", "{\"a\":7}"},
        {"{\"a\":7}", "{\"a\":{\"x\":1}}", "{\"a\":{\"x\":1}}"},
    };
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        json_t *from = parse(cases[i].from), *to = parse(cases[i].to);
        json_t *there = kuji_config_diff(from, to);
        json_t *back = kuji_config_diff(to, from);

        ck_assert_msg(json_equal(there, parse(cases[i].patch)), "case %u", i);
        kuji_config_merge(from, there);
        ck_assert_msg(json_equal(from, to), "case %u", i);
        kuji_config_merge(from, back);
        ck_assert_msg(json_equal(from, parse(cases[i].from)), "case %u", i);
        json_decref(there);
        json_decref(back);
    }
}
END_TEST

static const char usual_form[] = "[{\"name\":\"name\",\"required\":true},"
                                 "{\"name\":\"postal\",\"required\":true},"
                                 "{\"name\":\"address\",\"required\":true},"
                                 "{\"name\":\"phone\",\"required\":true}]";

/* ' for ", and the usual form by its name. */
static const char *quoted(const char *text)
{
    const char *usual = strstr(text, "USUAL");
    char *out = apr_pstrdup(unit_pool, text), *c;

    if (usual) {
        out = apr_psprintf(unit_pool, "%.*s%s%s", (int)(usual - text), text,
                           usual_form, usual + 5);
    }
    for (c = out; *c; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    return out;
}

START_TEST(an_edit_is_what_it_changed)
{
    static const struct {
        const char *from, *to, *patch;
    } cases[] = {
        {"{}", "{'show_left':true,'reveal':'garapon','sold_out':'blank'}",
         "{}"},
        {"{}", "{'limits':{},'texts':{'ja':{}},'alternates':0}", "{}"},
        {"{}", "{'claim_fields':USUAL}", "{}"},
        {"{'claim_fields':[]}", "{'claim_fields':USUAL}", "{}"},
        {"{'claim_fields':['note']}", "{'claim_fields':USUAL}",
         "{'claim_fields':USUAL}"},
        {"{'show_left':false}", "{'show_left':true}", "{'show_left':true}"},
        {"{'show_left':true}", "{'show_left':false}", "{'show_left':false}"},
        {"{}", "{'show_left':false}", "{'show_left':false}"},
        {"{'reveal':'slot'}", "{'reveal':'garapon'}", "{'reveal':'garapon'}"},
        {"{'limits':{'draws':null,'x':1}}", "{'limits':{'x':1}}", "{}"},
        {"{'limits':{'draws':null,'x':1}}", "{'limits':{'x':2}}",
         "{'limits':{'x':2}}"},
        {"{'limits':{'draws':2}}", "{'limits':{}}",
         "{'limits':{'draws':null}}"},
        {"{'gates':['email','code','open']}", "{'gates':['code','email']}",
         "{}"},
        {"{'gates':['open']}", "{'gates':['code']}", "{'gates':['code']}"},
        {"{'texts':{'ja':{'lead':'a\\r\\nb\\rc\\n'}}}",
         "{'texts':{'ja':{'lead':'a\\nb\\nc\\n'}}}", "{}"},
        {"{'texts':{'ja':{'lead':'a\\r\\nb'}}}",
         "{'texts':{'ja':{'lead':'ab'}}}", "{'texts':{'ja':{'lead':'ab'}}}"},
        {"{'texts':{'ja':{'lead':'','rules':'x'}}}",
         "{'texts':{'ja':{'rules':'y'}}}", "{'texts':{'ja':{'rules':'y'}}}"},
        {"{'prizes':[{'code':'A','grade':''}]}", "{'prizes':[{'code':'A'}]}",
         "{}"},
        {"{'prizes':[{'code':'A'}]}", "{'prizes':[{'code':'A'},{'code':'B'}]}",
         "{'prizes':[{'code':'A'},{'code':'B'}]}"},
        {"{'purchase':{'price':1}}",
         "{'purchase':{'price':1,'sold_alone':false}}", "{}"},
        {"{'odds_total':0}", "{'odds_total':1}", "{'odds_total':1}"},
        {"{'counts':[1]}", "{}", "{'counts':null}"},
    };
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        json_t *from = parse(quoted(cases[i].from));
        json_t *patch = kuji_config_edit(from, parse(quoted(cases[i].to)));

        ck_assert_msg(json_equal(patch, parse(quoted(cases[i].patch))),
                      "case %u", i);
        json_decref(patch);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config");

    UNIT_TEST(suite, drafts_lack_things);
    UNIT_TEST(suite, settings_are_checked);
    UNIT_TEST(suite, promises);
    UNIT_TEST(suite, a_method_brings_its_fields);
    UNIT_TEST(suite, a_diff_leads_there_and_back);
    UNIT_TEST(suite, an_edit_is_what_it_changed);
    return unit_main(suite);
}
