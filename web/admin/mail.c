/* /admin/campaigns/{slug}/mail: the mails' texts by kind, and what was sent.
 * Whom a mail is for is not shown: its draw's page says that to who may know.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/claim_form.h"
#include "core/gates.h"
#include "store/line.h"
#include "store/outbox.h"
#include "web/admin/admin.h"
#include "web/admin/desk.h"
#include "web/admin/line_reason.h"
#include "web/letter.h"

#include <apr_strings.h>

#define PAGE 50

static const char *text_of(kuji_desk_t *desk, const char *group,
                           const char *name)
{
    return kuji_render_text(
        desk->page.web,
        apr_pstrcat(desk->page.pool, "admin.mail.", group, ".", name, NULL),
        NULL);
}

static json_t *kinds(kuji_desk_t *desk)
{
    json_t *list = json_array();
    const json_t *mail = json_object_get(desk->config, "mail");
    int i;

    for (i = 0; i < KUJI_MAIL_TEXTS; i++) {
        const char *name = kuji_mail_kind_name((kuji_mail_kind_e)i);

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b}", "name", name, "label",
                            text_of(desk, "kind", name), "when",
                            text_of(desk, "when", name), "own",
                            json_object_get(mail, name) != NULL));
    }
    return list;
}

static json_t *row_data(kuji_desk_t *desk, const kuji_outbox_row_t *row)
{
    json_t *data = json_pack(
        "{s:s, s:s, s:s, s:s, s:s*, s:i, s:b, s:o}", "id", row->id, "kind",
        text_of(desk, "kind", row->kind), "name", row->state, "label",
        text_of(desk, "state", row->state), "reason",
        kuji_line_reason(desk->page.web, row->reason), "tries", row->tries,
        "can_again", row->can_again && desk->can_write, "at",
        kuji_console_time(&desk->page,
                          row->ended_at ? row->ended_at : row->created_at,
                          desk->view->timezone));

    json_object_set_new(data, "by_line", json_boolean(row->by_line));
    if (row->n) {
        json_object_set_new(data, "n", json_integer((json_int_t)row->n));
    }
    return data;
}

static const char *known_state(const char *state)
{
    static const char *const states[] = {"queued", "sent", "bounced",
                                         "gave_up"};
    unsigned i;

    for (i = 0; state && i < sizeof states / sizeof *states; i++) {
        if (strcmp(states[i], state) == 0) {
            return states[i];
        }
    }
    return NULL;
}

static const char *page_link(kuji_desk_t *desk, const char *state, int64_t skip)
{
    return apr_psprintf(desk->page.pool, "?skip=%" APR_INT64_T_FMT "%s%s",
                        (apr_int64_t)skip, state ? "&state=" : "",
                        state ? state : "");
}

static apr_status_t add_outbox(kuji_desk_t *desk)
{
    const char *state = known_state(kuji_query_get(desk->page.web, "state"));
    int64_t skip = kuji_query_int(desk->page.web, "skip", 0);
    const kuji_outbox_row_t *rows;
    kuji_outbox_counts_t c;
    json_t *list = json_array();
    int count = 0, i;
    apr_status_t rv;

    skip = skip < 0 || skip > 1000000 ? 0 : skip;
    rv = kuji_outbox_list(&rows, &count, &c, &desk->act, desk->view->id, state,
                          PAGE + 1, skip, desk->page.pool);
    for (i = 0; rv == APR_SUCCESS && i < count && i < PAGE; i++) {
        json_array_append_new(list, row_data(desk, &rows[i]));
    }
    json_object_set_new(desk->page.data, "mails", list);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    json_object_set_new(desk->page.data, "counts",
                        json_pack("{s:s, s:s, s:s, s:s, s:b}", "queued",
                                  kuji_desk_count(desk, c.queued), "sent",
                                  kuji_desk_count(desk, c.sent), "bounced",
                                  kuji_desk_count(desk, c.bounced), "gave_up",
                                  kuji_desk_count(desk, c.gave_up),
                                  "any_bounced", c.bounced > 0));
    json_object_set_new(desk->page.data, "any", json_boolean(count > 0));
    kuji_console_pager(
        &desk->page,
        skip ? page_link(desk, state, skip > PAGE ? skip - PAGE : 0) : NULL,
        count > PAGE ? page_link(desk, state, skip + PAGE) : NULL);
    return APR_SUCCESS;
}

/* Whether the campaign comes to know anybody's address. */
static int asks_address(const json_t *config)
{
    kuji_claim_form_t form;
    int i;

    if (kuji_gates_of(config) & KUJI_GATE_EMAIL) {
        return 1;
    }
    kuji_claim_form_read(&form, config);
    for (i = 0; i < form.count && form.asks[i].field != KUJI_FIELD_MAIL; i++) {
    }
    return i < form.count;
}

static void hint(kuji_desk_t *desk, const char *name, int is_so)
{
    json_object_set_new(desk->page.data, name, json_boolean(is_so));
}

/* What people are told by, and what of it is not there. */
static apr_status_t add_hints(kuji_desk_t *desk)
{
    int by_mail = asks_address(desk->config);
    int by_line = (kuji_gates_of(desk->config) & KUJI_GATE_LINE) != 0;
    kuji_line_settings_t settings;
    apr_status_t rv =
        kuji_line_settings(&settings, &desk->act, 0, desk->page.pool);

    hint(desk, "unasked", !by_mail && !by_line);
    hint(desk, "line_alone", by_line && !by_mail);
    hint(desk, "no_server", by_mail && !kuji_can_mail(desk->page.web));
    hint(desk, "no_bot", by_line && !*settings.config.bot);
    hint(desk, "can_line",
         (kuji_route_roles("/admin/line") & desk->page.web->admin->role_bit) !=
             0);
    return rv == KUJI_ENOTFOUND ? APR_SUCCESS : rv;
}

static int show(kuji_desk_t *desk, int status)
{
    apr_status_t rv = add_outbox(desk);

    if (rv == APR_SUCCESS) {
        rv = add_hints(desk);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk->page, rv, "reading the outbox");
    }
    json_object_set_new(desk->page.data, "kinds", kinds(desk));
    return kuji_console_send(&desk->page, status, "mail");
}

int kuji_console_mail(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "mail");

    return done == DECLINED ? show(&desk, HTTP_OK) : done;
}

int kuji_console_mail_again(kuji_web_t *web)
{
    const char *why = NULL;
    kuji_desk_t desk;
    apr_status_t rv;
    int done = kuji_desk_open(&desk, web, "mail");

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_outbox_again(&why, &desk.act, desk.view->id, desk.view->uuid,
                           web->id, desk.page.pool);
    return rv == APR_SUCCESS
               ? kuji_desk_done(&desk, "/mail", "mail_again", NULL)
               : kuji_desk_refused(&desk, rv, why, "sending a mail again",
                                   show);
}
