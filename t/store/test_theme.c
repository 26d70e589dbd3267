/* Images and themes: kept once, never changed, nobody else's; versions, going
 * back, two admins at once.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"
#include "store/image.h"
#include "store/theme.h"
#include "t/store/house.h"

#include <apr_file_io.h>
#include <apr_strings.h>
#include <string.h>

#define HOUR 3600000
#define ODDS                                                                   \
    "\"odds_total\":100,\"prizes\":[{\"code\":\"A\",\"name\":\"一等\","      \
    "\"kind\":\"parcel\",\"units\":3,\"weight\":20}]"
#define NOWHERE                                                                \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff.png"

static apr_size_t slurp(char *bytes, apr_size_t room, const char *name)
{
    apr_file_t *file;

    ck_assert_int_eq(0,
                     apr_file_open(&file,
                                   apr_pstrcat(unit_pool, unit_source_dir(),
                                               "/t/unit/images/", name, NULL),
                                   APR_READ | APR_BINARY, 0, unit_pool));
    ck_assert_int_eq(0, apr_file_read(file, bytes, &room));
    apr_file_close(file);
    return room;
}

static const char *add_image(house_t *h, const char *file)
{
    char bytes[8192];
    const char *name;
    apr_size_t len = slurp(bytes, sizeof(bytes), file);

    HOUSE_OK(kuji_image_add(&name, &h->why, &h->act, bytes, len, unit_pool));
    return name;
}

static int audited(house_t *h, const char *action)
{
    const kuji_audit_row_t *rows;
    int count, i, found = 0;

    HOUSE_OK(kuji_audit_list(&rows, &count, &h->act, NULL, 0, 100, unit_pool));
    for (i = 0; i < count; i++) {
        found += !strcmp(rows[i].action, action);
    }
    return found;
}

START_TEST(test_images)
{
    house_t *h = house_make(), *other = house_make();
    const char *png = add_image(h, "rgb.png"), *gif, *bytes, *name;
    const kuji_image_row_t *rows;
    apr_size_t len;
    int count;

    gif = add_image(h, "loop.gif");
    ck_assert_str_eq(add_image(h, "rgb.png"), png);
    ck_assert_int_eq(audited(h, "image.add"), 2);
    HOUSE_OK(kuji_image_get(&bytes, &len, &h->act, png, unit_pool));
    ck_assert_mem_eq(bytes, "\x89PNG", 4);
    ck_assert_ptr_null(memmem(bytes, len, "SECRET", 6));
    HOUSE_OK(kuji_image_list(&rows, &count, &h->act, 0, 10, unit_pool));
    ck_assert_int_eq(count, 2);
    ck_assert_str_eq(rows[0].name, gif);
    ck_assert_int_eq(rows[0].width, 10);
    ck_assert_int_eq(rows[1].len, len);
    HOUSE_OK(kuji_image_list(&rows, &count, &h->act, 1, 10, unit_pool));
    ck_assert_int_eq(count, 1);

    /* by another type, by nobody's name, by another tenant */
    ck_assert_int_eq(
        kuji_image_get(&bytes, &len, &h->act,
                       apr_pstrcat(unit_pool, apr_pstrndup(unit_pool, png, 65),
                                   "gif", NULL),
                       unit_pool),
        KUJI_ENOTFOUND);
    ck_assert_int_eq(kuji_image_get(&bytes, &len, &h->act, NOWHERE, unit_pool),
                     KUJI_ENOTFOUND);
    ck_assert_int_eq(
        kuji_image_get(&bytes, &len, &h->act, "../../etc", unit_pool),
        KUJI_ENOTFOUND);
    ck_assert_int_eq(kuji_image_get(&bytes, &len, &other->act, png, unit_pool),
                     KUJI_ENOTFOUND);
    HOUSE_OK(kuji_image_list(&rows, &count, &other->act, 0, 10, unit_pool));
    ck_assert_int_eq(count, 0);

    HOUSE_REFUSED(KUJI_EINVAL, kuji_image_add(&name, &h->why, &h->act, "<svg/>",
                                              6, unit_pool));
    house_sql(h, apr_psprintf(
                     unit_pool,
                     "INSERT INTO kuji.image SELECT '%s', sha256(b), 'png', 1, "
                     "1, b, 1 FROM generate_series(1, 998) n, LATERAL (SELECT "
                     "n::text::bytea AS b) x",
                     h->act.tenant));
    ck_assert_str_eq(add_image(h, "rgb.png"), png);
    len =
        slurp((char *)(bytes = apr_palloc(unit_pool, 8192)), 8192, "still.gif");
    HOUSE_REFUSED(KUJI_ESTATE, kuji_image_add(&name, &h->why, &h->act, bytes,
                                              len, unit_pool));
}
END_TEST

static kuji_theme_t theme_of(const char *css, const char *logo)
{
    kuji_theme_t theme = {.base = "yuki", .logo = logo, .css = css};

    return theme;
}

static const char *current(house_t *h, int *version)
{
    kuji_theme_t theme = {.css = "none"};

    HOUSE_OK(kuji_theme_current(&theme, version, &h->act, "odds", unit_pool));
    return theme.css;
}

START_TEST(test_versions)
{
    house_t *h = house_make(), *other = house_make();
    kuji_theme_t theme = theme_of("p{top:0}", NULL);
    const kuji_theme_row_t *rows;
    const char *sheet;
    int version, count;
    int64_t id;

    house_publish(h, "odds", HOUR, ODDS);
    id = house_view(h, "odds")->id;
    ck_assert_str_eq(current(h, &version), "none");
    ck_assert_int_eq(version, 0);
    HOUSE_OK(kuji_theme_save(&version, &h->why, &h->act, "odds", 0, &theme,
                             unit_pool));
    ck_assert_int_eq(version, 1);
    theme = theme_of("q{top:0}", NULL);
    /* the second admin began before the first saved */
    HOUSE_REFUSED(KUJI_ECONFLICT,
                  kuji_theme_save(&version, &h->why, &h->act, "odds", 0, &theme,
                                  unit_pool));
    HOUSE_OK(kuji_theme_save(&version, &h->why, &h->act, "odds", 1, &theme,
                             unit_pool));
    ck_assert_int_eq(version, 2);
    ck_assert_str_eq(current(h, &version), "q{top:0}");

    HOUSE_REFUSED(KUJI_ECONFLICT,
                  kuji_theme_show(&h->why, &h->act, "odds", 1, 1, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_theme_show(&h->why, &h->act, "odds", 2, 3, unit_pool));
    HOUSE_OK(kuji_theme_show(&h->why, &h->act, "odds", 2, 1, unit_pool));
    ck_assert_str_eq(current(h, &version), "p{top:0}");
    ck_assert_int_eq(version, 1);
    HOUSE_OK(kuji_theme_save(&version, &h->why, &h->act, "odds", 1, &theme,
                             unit_pool));
    ck_assert_int_eq(version, 3);
    HOUSE_OK(kuji_theme_show(&h->why, &h->act, "odds", 3, 0, unit_pool));
    ck_assert_str_eq(current(h, &version), "none");
    HOUSE_OK(kuji_theme_list(&rows, &count, &h->act, "odds", 0, 10, unit_pool));
    ck_assert_int_eq(count, 3);
    ck_assert_int_eq(rows[0].version, 3);
    ck_assert_int_eq(rows[0].is_current, 0);
    ck_assert_str_eq(rows[0].actor, "tester");
    HOUSE_OK(kuji_theme_list(&rows, &count, &h->act, "odds", 2, 10, unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(audited(h, "theme.save"), 3);
    ck_assert_int_eq(audited(h, "theme.show"), 2);

    HOUSE_OK(kuji_theme_sheet_get(&sheet, &h->act, id, 2, unit_pool));
    ck_assert_ptr_nonnull(strstr(sheet, ".organiser q{top:0;}"));
    ck_assert_int_eq(kuji_theme_sheet_get(&sheet, &h->act, id, 4, unit_pool),
                     KUJI_ENOTFOUND);
    ck_assert_int_eq(
        kuji_theme_sheet_get(&sheet, &other->act, id, 2, unit_pool),
        KUJI_ENOTFOUND);
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_theme_save(&version, &h->why, &other->act, "odds", 0,
                                  &theme, unit_pool));
}
END_TEST

START_TEST(test_refusals)
{
    house_t *h = house_make(), *other = house_make();
    kuji_theme_t theme;
    int version;

    house_publish(h, "odds", HOUR, ODDS);
    theme = theme_of("@import 'x';", NULL);
    HOUSE_REFUSED(KUJI_EINVAL, kuji_theme_save(&version, &h->why, &h->act,
                                               "odds", 0, &theme, unit_pool));
    ck_assert_ptr_nonnull(strstr(h->why, "line 1: at-rule import"));
    theme = theme_of("a{background:url(" NOWHERE ")}", NULL);
    HOUSE_REFUSED(KUJI_EINVAL, kuji_theme_save(&version, &h->why, &h->act,
                                               "odds", 0, &theme, unit_pool));
    theme = theme_of("", add_image(other, "rgb.png"));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_theme_save(&version, &h->why, &h->act,
                                               "odds", 0, &theme, unit_pool));
    theme = theme_of("", NULL);
    theme.colours[0][0] = "#fefefe"; /* primary, on which white is written */
    HOUSE_REFUSED(KUJI_EINVAL, kuji_theme_save(&version, &h->why, &h->act,
                                               "odds", 0, &theme, unit_pool));
    ck_assert_int_eq(audited(h, "theme.save"), 0);
}
END_TEST

/* What is shown reaches the page; what is tried, only who tries it. */
START_TEST(test_shown_and_tried)
{
    house_t *h = house_make();
    const kuji_tenant_t *tenant;
    const kuji_campaign_t *campaign;
    const char *logo = add_image(h, "turned.jpg"), *sheet;
    kuji_theme_t theme = theme_of("", logo), back;
    kuji_act_t colleague = h->act;
    int version;

    house_publish(h, "odds", HOUR, ODDS);
    HOUSE_OK(kuji_cache_tenant(&tenant, h->cache, h->tenant_name, unit_pool));
    HOUSE_OK(
        kuji_cache_campaign(&campaign, h->cache, tenant, "odds", unit_pool));
    ck_assert_int_eq(campaign->looks->version, 0);
    HOUSE_OK(kuji_theme_save(&version, &h->why, &h->act, "odds", 0, &theme,
                             unit_pool));
    apr_sleep(apr_time_from_msec(2100)); /* what the cache may be behind */
    HOUSE_OK(
        kuji_cache_campaign(&campaign, h->cache, tenant, "odds", unit_pool));
    ck_assert_int_eq(campaign->looks->version, 1);
    ck_assert_str_eq(campaign->looks->base, "yuki");
    ck_assert_str_eq(campaign->looks->logo.name, logo);
    ck_assert_int_eq(campaign->looks->logo.width, 8);
    ck_assert_ptr_null(campaign->looks->visual.name);

    theme = theme_of("body{top:0} p{top:0}", NULL);
    HOUSE_OK(kuji_theme_try(&h->why, &h->act, "odds", &theme, unit_pool));
    HOUSE_OK(kuji_theme_try(&h->why, &h->act, "odds", &theme, unit_pool));
    HOUSE_OK(kuji_theme_tried(&back, &sheet, &h->act, "odds", unit_pool));
    ck_assert_str_eq(back.css, theme.css);
    ck_assert_ptr_nonnull(strstr(sheet, ".organiser p{top:0;}"));
    ck_assert_ptr_null(strstr(sheet, "body"));
    colleague.actor = "colleague";
    ck_assert_int_eq(
        kuji_theme_tried(&back, &sheet, &colleague, "odds", unit_pool),
        KUJI_ENOTFOUND);
    theme.visual = NOWHERE;
    HOUSE_REFUSED(KUJI_EINVAL,
                  kuji_theme_try(&h->why, &h->act, "odds", &theme, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND, kuji_theme_try(&h->why, &h->act, "nothing",
                                                 &theme, unit_pool));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/theme");

    UNIT_TEST(suite, test_images);
    UNIT_TEST(suite, test_versions);
    UNIT_TEST(suite, test_refusals);
    UNIT_TEST(suite, test_shown_and_tried);
    return unit_main(suite);
}
