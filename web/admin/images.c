/* /admin/images: the tenant's images. An upload is the file itself as the
 * request's body; the one thing in the console that needs JavaScript.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/image.h"
#include "web/admin/admin.h"

#include <apr_strings.h>

#define PER_PAGE 48

static json_t *image_data(const kuji_console_page_t *page,
                          const kuji_image_row_t *row)
{
    return json_pack("{s:s, s:o, s:i, s:i, s:o, s:o}", "name", row->name, "src",
                     json_sprintf("%s/i/%s", page->web->prefix, row->name),
                     "width", row->width, "height", row->height, "size",
                     json_sprintf("%d", (int)((row->len + 1023) / 1024)), "at",
                     kuji_console_time(page, row->at, NULL));
}

static void add_pager(kuji_console_page_t *page, int64_t at, int more)
{
    const char *newer = at > 2
                            ? apr_psprintf(page->pool, "?page=%d", (int)at - 1)
                            : (at == 2 ? "?" : NULL);

    kuji_console_pager(page, newer,
                       more ? apr_psprintf(page->pool, "?page=%d", (int)at + 1)
                            : NULL);
}

int kuji_console_images(kuji_web_t *web)
{
    kuji_console_page_t page;
    const kuji_image_row_t *rows;
    kuji_act_t act = kuji_console_act(web);
    int64_t at = kuji_query_int(web, "page", 1);
    json_t *list;
    int count, i, done;
    apr_status_t rv;

    if (at < 1 || at > KUJI_IMAGES_MAX) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            "page is a number from 1");
    }
    if ((done = kuji_console_open(&page, web, "images")) != DECLINED) {
        return done;
    }
    rv = kuji_image_list(&rows, &count, &act, (int)(at - 1) * PER_PAGE,
                         PER_PAGE + 1, page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "listing images");
    }
    list = json_array();
    for (i = 0; i < count && i < PER_PAGE; i++) {
        json_array_append_new(list, image_data(&page, &rows[i]));
    }
    json_object_set_new(page.data, "images", list);
    json_object_set_new(page.data, "images_any", json_boolean(count > 0));
    add_pager(&page, at, count > PER_PAGE);
    return kuji_console_send(&page, HTTP_OK, "images");
}

/* Whatever the Content-Type says: the content decides. */
int kuji_console_image_add(kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    const char *body, *name, *why = NULL;
    apr_size_t len;
    apr_status_t rv = kuji_body_read(&body, &len, web, KUJI_IMAGE_MAX);

    if (rv != APR_SUCCESS) {
        return kuji_body_problem(web, rv, NULL);
    }
    rv = kuji_image_add(&name, &why, &act, body, len, web->r->pool);
    if (rv == KUJI_EINVAL) {
        return kuji_problem(web, KUJI_PROBLEM_MEDIA_TYPE, why);
    }
    if (rv == KUJI_ESTATE) {
        return kuji_problem(web, KUJI_PROBLEM_CONFLICT, why);
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "keeping an image");
    }
    apr_table_setn(web->r->headers_out, "Location",
                   apr_pstrcat(web->r->pool, web->prefix, "/i/", name, NULL));
    return kuji_send_json(
        web, HTTP_CREATED, KUJI_CACHE_NO_STORE,
        json_pack("{s:s, s:o}", "name", name, "href",
                  json_sprintf("%s/i/%s", web->prefix, name)));
}
