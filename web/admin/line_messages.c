/* /admin/line/messages: what LINE was given to deliver, what it was not, and
 * how much of the month's quota is left. Whom a message is for stands nowhere
 * here.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/line_message.h"
#include "store/line.h"
#include "store/outbox.h"
#include "web/admin/admin.h"
#include "web/admin/line_reason.h"
#include "web/number.h"

#include <apr_strings.h>

static const char *count_text(const kuji_console_page_t *page, int64_t count)
{
    return kuji_number_text(count, page->pool);
}

/* What LINE says, asked with a page's patience; the store knows the rest. */
static void add_quota(kuji_console_page_t *page,
                      const kuji_line_settings_t *settings)
{
    const kuji_line_bot_t bot = {settings->config.api, settings->config.bot,
                                 settings->config.bot_secret, NULL};
    kuji_line_quota_t quota;
    const char *why;
    json_t *data;

    if (!*bot.id || !bot.secret || !*bot.secret) {
        json_object_set_new(page->data, "no_bot", json_true());
        return;
    }
    if (kuji_line_quota(&quota, &why, page->web->process->line, &bot,
                        page->pool) != KUJI_LINE_DONE) {
        json_object_set_new(page->data, "no_quota", json_true());
        return;
    }
    data = json_pack("{s:s, s:o}", "used", count_text(page, quota.used), "at",
                     kuji_console_time(page, apr_time_as_msec(quota.at), NULL));
    if (quota.limit >= 0) {
        json_object_set_new(data, "limit",
                            json_string(count_text(page, quota.limit)));
        json_object_set_new(data, "spent",
                            json_boolean(quota.used >= quota.limit));
    }
    json_object_set_new(page->data, "quota", data);
}

static void add_reason(json_t *list, const kuji_console_page_t *page,
                       const kuji_outbox_sum_t *sum)
{
    const char *label = kuji_render_text(
        page->web,
        apr_pstrcat(page->pool, "admin.mail.state.", sum->state, NULL), NULL);

    json_array_append_new(list,
                          json_pack("{s:s, s:s, s:s, s:s}", "name", sum->state,
                                    "label", label, "reason",
                                    kuji_line_reason(page->web, sum->reason),
                                    "count", count_text(page, sum->count)));
}

static apr_status_t add_sums(kuji_console_page_t *page)
{
    kuji_act_t act = kuji_console_act(page->web);
    const kuji_outbox_sum_t *sums;
    kuji_outbox_counts_t c;
    json_t *reasons = json_array();
    int64_t friends, left;
    int count = 0, i;
    apr_status_t rv =
        kuji_outbox_sums(&sums, &count, &c, &friends, &left, &act, page->pool);

    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        if (sums[i].reason) {
            add_reason(reasons, page, &sums[i]);
        }
    }
    json_object_set_new(page->data, "reasons_any",
                        json_boolean(json_array_size(reasons) > 0));
    json_object_set_new(page->data, "reasons", reasons);
    if (rv == APR_SUCCESS) {
        json_object_update_new(
            page->data,
            json_pack(
                "{s:{s:s, s:s, s:s, s:s}, s:s, s:s}", "counts", "queued",
                count_text(page, c.queued), "sent", count_text(page, c.sent),
                "bounced", count_text(page, c.bounced), "gave_up",
                count_text(page, c.gave_up), "friends",
                count_text(page, friends), "left", count_text(page, left)));
    }
    return rv;
}

static apr_status_t add_held(kuji_console_page_t *page)
{
    kuji_act_t act = kuji_console_act(page->web);
    int64_t count, until;
    apr_status_t rv = kuji_outbox_held(&count, &until, &act, page->pool);

    if (rv == APR_SUCCESS && count) {
        json_object_set_new(page->data, "held",
                            json_pack("{s:s, s:o}", "count",
                                      count_text(page, count), "until",
                                      kuji_console_time(page, until, NULL)));
    }
    return rv;
}

int kuji_console_line_again(kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    int64_t count;
    apr_status_t rv = kuji_outbox_release(&count, &act, web->r->pool);

    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "having messages tried again");
    }
    return kuji_console_done(web, "/admin/line/messages",
                             count ? "line_again" : "line_none_held",
                             json_pack("{s:I}", "count", (json_int_t)count));
}

int kuji_console_line_messages(kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    kuji_console_page_t page;
    kuji_line_settings_t settings;
    apr_status_t rv;
    int done = kuji_console_open(&page, web, "line");

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_line_settings(&settings, &act, 1, page.pool);
    if (rv == APR_SUCCESS || rv == KUJI_ENOTFOUND) {
        rv = add_sums(&page);
    }
    if (rv == APR_SUCCESS) {
        rv = add_held(&page);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "reading the messages");
    }
    add_quota(&page, &settings);
    return kuji_console_send(&page, HTTP_OK, "line-messages");
}
