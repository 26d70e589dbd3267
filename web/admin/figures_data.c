/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/figures_data.h"

#include "core/gates.h"
#include "web/number.h"
#include "web/zone.h"

#include <apr_strings.h>

typedef struct put_t {
    kuji_console_page_t *page;
    const kuji_figures_t *f;
    const kuji_zone_t *zone;
    const char *language;
} put_t;

static const char *text(const put_t *p, const char *name, json_t *data)
{
    const char *found = kuji_render_text(p->page->web, name, data);

    json_decref(data);
    return found;
}

/* {"value", "text"}: for programs and for people. */
static json_t *number(const put_t *p, int64_t value)
{
    return json_pack("{s:I, s:s}", "value", (json_int_t)value, "text",
                     kuji_number_text(value, p->page->pool));
}

/* Width of a bar of 100. */
static json_t *bar(int64_t part, int64_t whole)
{
    int64_t width = whole > 0 ? (part * 100 + whole / 2) / whole : 0;

    return json_pack("{s:I}", "percent",
                     (json_int_t)(width > 100 ? 100 : width));
}

/* -- visited, passed, drew, won, claimed ----------------------------------- */

static void add_step(const put_t *p, json_t *list, const char *name,
                     int64_t count, int64_t before, int64_t most)
{
    const char *label =
        apr_pstrcat(p->page->pool, "admin.figures.step.", name, NULL);
    const char *share = kuji_number_share(count, before, p->page->pool);

    json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s*}", "label",
                                          text(p, label, NULL), "count",
                                          number(p, count), "bar",
                                          bar(count, most), "share", share));
}

static void add_funnel(const put_t *p)
{
    const kuji_figures_t *f = p->f;
    int raffle = f->view->method == KUJI_RAFFLE;
    int64_t draws = f->view->draws;
    int64_t most = f->visits > f->passed ? f->visits : f->passed;
    json_t *list = json_array();

    most = most > f->won ? most : f->won;
    add_step(p, list, "visited", f->visits, 0, most);
    add_step(p, list, "passed", f->passed, f->visits, most);
    add_step(p, list, raffle ? "entered" : "drew", draws, f->passed, most);
    add_step(p, list, "won", f->won, draws, most);
    add_step(p, list, "claimed", f->claimed, f->won, most);
    json_object_set_new(p->page->data, "funnel", list);
}

/* -- by hour or day -------------------------------------------------------- */

static json_t *span_data(const put_t *p, const kuji_figures_span_t *s,
                         kuji_figures_by_e by)
{
    apr_pool_t *pool = p->page->pool;
    const char *when =
        by == KUJI_FIGURES_BY_DAY
            ? kuji_zone_date(p->zone, s->from, p->language, pool)
            : kuji_zone_brief(p->zone, s->from, p->language, pool);

    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "iso",
                     kuji_zone_iso(p->zone, s->from, pool), "when", when,
                     "visits", number(p, s->visits), "draws",
                     number(p, s->draws), "wins", number(p, s->wins), "refused",
                     number(p, s->refused));
}

/* The newest first, as people look for it. */
static void add_spans(const put_t *p, kuji_figures_by_e by)
{
    json_t *list = json_array();
    int i;

    for (i = p->f->nspans - 1; i >= 0; i--) {
        json_array_append_new(list, span_data(p, &p->f->spans[i], by));
    }
    json_object_set_new(p->page->data, "spans", list);
    json_object_set_new(p->page->data, "spans_any",
                        json_boolean(p->f->nspans > 0));
}

/* -- lists of counts ------------------------------------------------------- */

/* A name that has no text (a state to come) stands for itself. */
static json_t *counts(const put_t *p, const kuji_figures_count_t *list,
                      int count, const char *labels)
{
    json_t *data = json_array();
    const char *label;
    int i;

    for (i = 0; i < count; i++) {
        label =
            text(p, apr_pstrcat(p->page->pool, labels, ".", list[i].name, NULL),
                 NULL);
        json_array_append_new(data,
                              json_pack("{s:s, s:o}", "label",
                                        *label ? label : list[i].name, "count",
                                        number(p, list[i].count)));
    }
    return data;
}

static void add_lists(const put_t *p)
{
    json_t *data = p->page->data;

    if (p->f->nrefusals) {
        json_object_set_new(data, "refusals",
                            json_pack("{s:o}", "rows",
                                      counts(p, p->f->refusals, p->f->nrefusals,
                                             "admin.figures.refusal")));
    }
    if (p->f->nclaims) {
        json_object_set_new(data, "claims",
                            json_pack("{s:o}", "rows",
                                      counts(p, p->f->claims, p->f->nclaims,
                                             "admin.figures.claim")));
    }
}

/* -- prizes ---------------------------------------------------------------- */

static const char *outlook(const put_t *p, const kuji_figures_prize_t *prize)
{
    switch (prize->runout) {
    case KUJI_RUNOUT_GONE:
        return text(p, "admin.figures.outlook.gone", NULL);
    case KUJI_RUNOUT_AT:
        return text(p, "admin.figures.outlook.at",
                    json_pack("{s:s}", "when",
                              kuji_zone_brief(p->zone, prize->runs_out_at,
                                              p->language, p->page->pool)));
    case KUJI_RUNOUT_LASTS:
        return text(p, "admin.figures.outlook.lasts", NULL);
    case KUJI_RUNOUT_UNKNOWN:
        break;
    }
    return text(p, "admin.figures.outlook.unknown", NULL);
}

/* Nothing runs out while nothing is won: before, after, in a raffle. */
static int has_outlook(const kuji_figures_t *f)
{
    return f->prizes && f->view->phase == KUJI_PHASE_OPEN &&
           f->view->method != KUJI_RAFFLE;
}

static void add_prizes(const put_t *p)
{
    const kuji_campaign_view_t *v = p->f->view;
    json_t *list = json_array();
    int i;

    for (i = 0; i < v->nprizes; i++) {
        const kuji_prize_view_t *prize = &v->prizes[i];

        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:o, s:o, s:o, s:s*}", "name", prize->name,
                      "planned", number(p, prize->planned), "awarded",
                      number(p, prize->awarded), "left", number(p, prize->left),
                      "bar", bar(prize->left, prize->planned), "outlook",
                      has_outlook(p->f) ? outlook(p, &p->f->prizes[i]) : NULL));
    }
    json_object_set_new(p->page->data, "prizes", list);
    json_object_set_new(p->page->data, "has_outlook",
                        json_boolean(has_outlook(p->f)));
}

/* -- serial codes ---------------------------------------------------------- */

static int asks_codes(const kuji_campaign_view_t *v)
{
    json_t *config = v->config ? json_loads(v->config, 0, NULL) : NULL;
    unsigned gates = kuji_gates_of(config);

    json_decref(config);
    return (gates & KUJI_GATE_CODE) != 0;
}

static void add_codes(const put_t *p)
{
    const kuji_figures_t *f = p->f;
    int64_t used = f->view->draws, left = f->code_draws - used;

    if (!asks_codes(f->view)) {
        return;
    }
    json_object_set_new(
        p->page->data, "codes",
        json_pack(
            "{s:o, s:o, s:o, s:o, s:o, s:o*}", "issued", number(p, f->codes),
            "worth", number(p, f->code_draws), "used", number(p, used), "left",
            number(p, left > 0 ? left : 0), "bar",
            bar(left > 0 ? left : 0, f->code_draws), "disabled",
            f->code_draws_disabled ? number(p, f->code_draws_disabled) : NULL));
}

void kuji_figures_add(kuji_console_page_t *page, const kuji_figures_t *f,
                      kuji_figures_by_e by)
{
    put_t p = {page, f, kuji_zone_load(f->view->timezone, page->pool),
               page->web->language};

    json_object_set_new(
        page->data, "now",
        kuji_console_time(page, f->view->now, f->view->timezone));
    add_prizes(&p);
    if (f->view->phase == KUJI_PHASE_DRAFT) {
        return;
    }
    json_object_set_new(page->data, "published", json_true());
    add_funnel(&p);
    add_spans(&p, by);
    add_lists(&p);
    add_codes(&p);
}
