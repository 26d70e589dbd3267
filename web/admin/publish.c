/* The great steps: publishing, pausing, closing early. What cannot be taken
 * back asks for the campaign's title.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"
#include "web/admin/missing.h"

#include "store/event.h"
#include "store/publish.h"
#include "web/letter.h"

#include <apr_strings.h>
#include <sodium.h>

static void forget(const kuji_web_t *web)
{
    kuji_cache_forget(web->process->cache, web->tenant->id, web->slug);
}

/* What the page about to be published says is missing, and the period. */
static int show_publish(kuji_desk_t *desk, int status)
{
    const kuji_campaign_view_t *v = desk->view;
    unsigned found;
    apr_status_t rv = kuji_missing_show(desk, &found);

    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk->page, rv, "reading a campaign");
    }
    if (!json_object_size(json_object_get(desk->page.data, "field"))) {
        kuji_console_field(&desk->page, "confirm", NULL);
    }
    json_object_update_new(
        desk->page.data,
        json_pack("{s:o, s:o, s:s}", "opens",
                  kuji_console_time(&desk->page, v->opens_at, v->timezone),
                  "closes",
                  kuji_console_time(&desk->page, v->closes_at, v->timezone),
                  "timezone", v->timezone));
    return kuji_console_send(&desk->page, status, "publish");
}

int kuji_console_publish_page(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "overview");

    return done == DECLINED ? show_publish(&desk, HTTP_OK) : done;
}

/* What was looked at is what is published. */
static int same_version(kuji_desk_t *desk)
{
    const char *version = kuji_console_get(&desk->page, "version");

    return version && apr_atoi64(version) == desk->view->version;
}

int kuji_console_publish(kuji_web_t *web)
{
    const kuji_manifest_t *manifest;
    const char *why = NULL;
    char hex[2 * KUJI_HASH_LEN + 1];
    kuji_desk_t desk;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    kuji_console_field(&desk.page, "confirm", NULL);
    if (!same_version(&desk)) {
        kuji_console_refuse(&desk.page, "admin.refused.looked", NULL);
        return show_publish(&desk, HTTP_CONFLICT);
    }
    if (!kuji_desk_confirmed(&desk)) {
        return show_publish(&desk, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv = kuji_publish(&manifest, &why, &desk.act, web->slug, kuji_can_mail(web),
                      desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "publishing a campaign",
                                 show_publish);
    }
    forget(web);
    sodium_bin2hex(hex, sizeof hex, manifest->hash, KUJI_HASH_LEN);
    return kuji_desk_done(&desk, "", "published",
                          json_pack("{s:s}", "hash", hex));
}

static int show_refusal(kuji_desk_t *desk, int status)
{
    return kuji_console_send(&desk->page, status, "refusal");
}

static int set_pause(kuji_web_t *web, int pause)
{
    const char *why = NULL;
    kuji_desk_t desk;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_campaign_pause(&why, &desk.act, web->slug, pause, desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "pausing a campaign",
                                 show_refusal);
    }
    forget(web);
    return kuji_desk_done(&desk, "", pause ? "paused" : "resumed", NULL);
}

int kuji_console_pause(kuji_web_t *web)
{
    return set_pause(web, 1);
}

int kuji_console_resume(kuji_web_t *web)
{
    return set_pause(web, 0);
}

static int show_close(kuji_desk_t *desk, int status)
{
    if (!json_object_size(json_object_get(desk->page.data, "field"))) {
        kuji_console_field(&desk->page, "confirm", NULL);
        kuji_console_field(&desk->page, "note", NULL);
    }
    json_object_set_new(desk->page.data, "early",
                        json_boolean(desk->view->now < desk->view->closes_at));
    json_object_set_new(desk->page.data, "closes",
                        kuji_console_time(&desk->page, desk->view->closes_at,
                                          desk->view->timezone));
    return kuji_console_send(&desk->page, status, "close");
}

int kuji_console_close_page(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "overview");

    return done == DECLINED ? show_close(&desk, HTTP_OK) : done;
}

int kuji_console_close(kuji_web_t *web)
{
    const char *why = NULL;
    kuji_event_t event;
    kuji_desk_t desk;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    kuji_console_field(&desk.page, "confirm", NULL);
    kuji_console_field(&desk.page, "note", NULL);
    if (!kuji_desk_confirmed(&desk)) {
        return show_close(&desk, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv = kuji_event_close(&event, &why, &desk.act, web->slug, "early",
                          kuji_console_get(&desk.page, "note"), desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "closing a campaign",
                                 show_close);
    }
    forget(web);
    return kuji_desk_done(&desk, "", "closed", NULL);
}
