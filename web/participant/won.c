/* A win in the list of one's draws: where it stands, until when, and what to do
 * next.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/claim.h"
#include "web/participant/page.h"

#include <apr_strings.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

static const char *text(const kuji_page_t *page, const char *group,
                        const char *name)
{
    return kuji_render_text(
        page->web, apr_pstrcat(page->pool, "me.", group, ".", name, NULL),
        NULL);
}

/* When a win that nobody has claimed ends: its days, or a coupon's validity. */
static int64_t due_at(const kuji_page_t *page, const kuji_draw_row_t *row,
                      const json_t *prize)
{
    int64_t days =
        json_integer_value(json_object_get(page->config, "claim_days"));
    int64_t until = json_integer_value(json_object_get(prize, "valid_until"));
    int64_t due = days ? row->claimed_at + days * DAY_MS : 0;

    if (strcmp(row->claim, "won") != 0) {
        return 0;
    }
    return until && (!due || until < due) ? until : due;
}

static const char *next_of(const kuji_page_t *page, const char *kind,
                           const char *state)
{
    const char *name = apr_pstrcat(page->pool, kind, "_", state, NULL);
    const char *next = text(page, "next", name);

    return *next ? next : text(page, "next", "other");
}

void kuji_page_add_win(kuji_page_t *page, const kuji_draw_row_t *row,
                       json_t *draw)
{
    const json_t *prizes = json_object_get(page->config, "prizes"), *prize;
    const char *kind, *label;
    int64_t due;
    int late;

    if (!row->claim || !row->won || row->is_void) {
        return;
    }
    prize =
        json_array_get(prizes, (size_t)kuji_manifest_prize(page->m, row->won));
    kind = json_string_value(json_object_get(prize, "kind"));
    kind = kind ? kind : "parcel";
    due = due_at(page, row, prize);
    late = due && due <= page->view->now;
    label = late ? text(page, "state", "expired")
            : strcmp(kind, "coupon") == 0 && strcmp(row->claim, "won") == 0
                ? kuji_render_text(page->web, "me.usable", NULL)
                : text(page, "state", row->claim);
    json_object_update_new(
        draw,
        json_pack("{s:s, s:s, s:s, s:b, s:b}", "state",
                  late ? "expired" : row->claim, "state_label", label, "next",
                  next_of(page, kind, late ? "expired" : row->claim), "owed",
                  strcmp(kind, "gift_code") == 0 &&
                      strcmp(row->claim, "claimed") == 0,
                  "won", !late && strcmp(row->claim, "won") == 0));
    if (due) {
        json_object_set_new(draw, "due", kuji_page_time(page, due));
    }
}
