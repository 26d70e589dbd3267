/* /admin/people: whom an identifier means. What is looked for is in the form's
 * body, never in an address.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/person.h"
#include "web/admin/admin.h"

#include <apr_strings.h>

static json_t *match_data(const kuji_console_page_t *page,
                          const kuji_person_match_t *match)
{
    const char *base = apr_pstrcat(page->pool, page->web->prefix,
                                   "/admin/people/", match->slug, "/", NULL);
    json_t *data = json_pack("{s:s, s:s, s:s*}", "slug", match->slug, "title",
                             match->title ? match->title : match->slug, "name",
                             match->name);

    if (match->n) {
        json_object_update_new(
            data, json_pack("{s:I, s:o}", "n", (json_int_t)match->n, "href",
                            json_sprintf("%s%" APR_UINT64_T_FMT, base,
                                         (apr_uint64_t)match->n)));
    }
    else {
        json_object_set_new(data, "href",
                            json_sprintf("%sgate/%s", base, match->who));
    }
    return data;
}

int kuji_persons_found(kuji_console_page_t *page, const char *q,
                       const char *slug)
{
    const kuji_person_match_t *matches;
    kuji_act_t act = kuji_console_act(page->web);
    json_t *list = json_array();
    const char *why;
    int count = 0, is_partial, i;
    apr_status_t rv = kuji_person_find(&matches, &count, &is_partial, &why,
                                       &act, q, slug, page->pool);

    if (rv != APR_SUCCESS && rv != KUJI_EINVAL) {
        json_decref(list);
        return kuji_console_failure(page, rv, "looking for a person");
    }
    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        json_array_append_new(list, match_data(page, &matches[i]));
    }
    if (rv != APR_SUCCESS) {
        kuji_console_refuse(page, "admin.people.nothing", NULL);
    }
    kuji_console_field(page, "q", NULL);
    json_object_update_new(page->data,
                           json_pack("{s:b, s:b, s:b, s:b, s:o}", "searched",
                                     rv == APR_SUCCESS, "any", count > 0,
                                     "many", count == KUJI_PERSON_MATCHES_MAX,
                                     "partial", is_partial, "matches", list));
    return kuji_console_send(
        page, rv == APR_SUCCESS ? HTTP_OK : HTTP_UNPROCESSABLE_ENTITY,
        "people");
}

int kuji_console_people(kuji_web_t *web)
{
    kuji_console_page_t page;
    int done = kuji_console_open(&page, web, "people");

    if (done != DECLINED) {
        return done;
    }
    kuji_console_field(&page, "q", NULL);
    return kuji_console_send(&page, HTTP_OK, "people");
}

int kuji_console_people_search(kuji_web_t *web)
{
    kuji_console_page_t page;
    const char *q;
    int done = kuji_console_open(&page, web, "people");

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    q = kuji_console_get(&page, "q");
    return kuji_persons_found(&page, q ? q : "", NULL);
}
