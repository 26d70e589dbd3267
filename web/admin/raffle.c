/* A raffle: who takes part and what looks doubtful, running it once, who won
 * and who stands by.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"

#include "store/raffle.h"
#include "store/raffle_view.h"

#include <apr_strings.h>
#include <sodium.h>

/** Winners, and alternates, of one page. */
#define PAGE 100

static const char *const reasons[] = {
    "declined", "disqualified", "duplicate", "unreachable",
    "expired",  "error",        NULL};

static json_t *suspect_row(kuji_desk_t *desk, const kuji_suspect_t *s)
{
    const char *kind = s->kind == KUJI_SUSPECT_CODE
                           ? "admin.raffle.same_code"
                           : "admin.raffle.same_participant";
    json_t *numbers = json_array();
    int i;

    for (i = 0; i < s->listed; i++) {
        json_array_append_new(numbers,
                              json_pack("{s:I}", "n", (json_int_t)s->n[i]));
    }
    return json_pack("{s:s, s:s, s:o, s:b}", "kind",
                     kuji_render_text(desk->page.web, kind, NULL), "entries",
                     kuji_desk_count(desk, s->entries), "numbers", numbers,
                     "more", s->entries > s->listed);
}

static apr_status_t add_preview(kuji_desk_t *desk)
{
    kuji_raffle_preview_t p;
    json_t *list = json_array();
    apr_status_t rv =
        kuji_raffle_preview(&p, &desk->act, desk->view->slug, desk->page.pool);
    int i;

    if (rv != APR_SUCCESS) {
        json_decref(list);
        return rv;
    }
    for (i = 0; i < p.listed; i++) {
        json_array_append_new(list, suspect_row(desk, &p.suspects[i]));
    }
    json_object_set_new(
        desk->page.data, "entries",
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:b}", "all",
                  kuji_desk_count(desk, p.entries), "voided",
                  kuji_desk_count(desk, p.voided), "valid",
                  kuji_desk_count(desk, p.entries - p.voided), "participants",
                  kuji_desk_count(desk, p.participants), "nsuspects",
                  kuji_desk_count(desk, p.nsuspects), "suspects", list, "any",
                  p.nsuspects > 0, "more", p.nsuspects > p.listed));
    return APR_SUCCESS;
}

static const char *prize_name(const kuji_desk_t *desk, const char *code)
{
    int i;

    for (i = 0; code && i < desk->view->nprizes; i++) {
        if (!strcmp(desk->view->prizes[i].code, code)) {
            return desk->view->prizes[i].name;
        }
    }
    return NULL;
}

static json_t *pick_row(kuji_desk_t *desk, const kuji_raffle_pick_t *p,
                        int64_t place)
{
    json_t *row = json_pack("{s:s, s:I, s:s*, s:b, s:b, s:b}", "place",
                            kuji_desk_count(desk, place), "n", (json_int_t)p->n,
                            "prize", prize_name(desk, p->prize), "is_void",
                            p->is_void, "used", p->is_used, "may_substitute",
                            p->prize && !p->is_void && !desk->view->closed_at);

    if (p->substitute) {
        json_object_set_new(row, "substitute",
                            json_integer((json_int_t)p->substitute));
    }
    return row;
}

static json_t *picks(kuji_desk_t *desk, const kuji_raffle_pick_t *list,
                     int64_t count, int64_t from)
{
    json_t *rows = json_array();
    int64_t i;

    for (i = from; i < count && i < from + PAGE; i++) {
        json_array_append_new(rows, pick_row(desk, &list[i], i + 1));
    }
    return rows;
}

static void add_pages(kuji_desk_t *desk, int64_t from, int64_t count)
{
    apr_pool_t *pool = desk->page.pool;
    int64_t newer = from > PAGE ? from - PAGE : 0;

    kuji_console_pager(
        &desk->page,
        from ? apr_psprintf(pool, "?from=%" APR_INT64_T_FMT, (apr_int64_t)newer)
             : NULL,
        from + PAGE < count ? apr_psprintf(pool, "?from=%" APR_INT64_T_FMT,
                                           (apr_int64_t)(from + PAGE))
                            : NULL);
}

static apr_status_t add_result(kuji_desk_t *desk)
{
    kuji_raffle_result_t r;
    int64_t from = kuji_query_int(desk->page.web, "from", 0), longest;
    apr_status_t rv =
        kuji_raffle_result(&r, &desk->act, desk->view->slug, desk->page.pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    from = from < 0 ? 0 : from;
    longest = r.nwinners > r.nalternates ? r.nwinners : r.nalternates;
    add_pages(desk, from, longest);
    json_object_set_new(
        desk->page.data, "result",
        json_pack("{s:o, s:s, s:s, s:o, s:o, s:b}", "at",
                  kuji_console_time(&desk->page, r.t, desk->view->timezone),
                  "nwinners", kuji_desk_count(desk, r.nwinners), "nalternates",
                  kuji_desk_count(desk, r.nalternates), "winners",
                  picks(desk, r.winners, r.nwinners, from), "alternates",
                  picks(desk, r.alternates, r.nalternates, from),
                  "alternates_any", r.nalternates > 0));
    return APR_SUCCESS;
}

static void show_fields(kuji_desk_t *desk)
{
    kuji_console_field(&desk->page, "confirm", NULL);
    kuji_console_field(&desk->page, "randomness", NULL);
    kuji_console_field(&desk->page, "signature", NULL);
    kuji_console_field(&desk->page, "n", NULL);
    kuji_console_field(&desk->page, "note", NULL);
    kuji_console_select(&desk->page, "reason", "duplicate", reasons,
                        "admin.reason");
}

/* The public round that was promised, and where to read it. */
static void add_beacon(kuji_desk_t *desk)
{
    const json_t *beacon = json_object_get(desk->config, "beacon");
    json_int_t time = json_integer_value(json_object_get(beacon, "time"));

    if (!json_is_object(beacon)) {
        return;
    }
    json_object_set_new(
        desk->page.data, "beacon",
        json_pack("{s:I, s:s, s:o, s:b}", "round",
                  json_integer_value(json_object_get(beacon, "round")), "chain",
                  kuji_desk_member(beacon, "chain_hash"), "at",
                  kuji_console_time(&desk->page, time, desk->view->timezone),
                  "spoken", desk->view->now >= time));
}

static int show(kuji_desk_t *desk, int status)
{
    const kuji_campaign_view_t *v = desk->view;
    apr_status_t rv = APR_SUCCESS;

    if (!json_object_size(json_object_get(desk->page.data, "field"))) {
        show_fields(desk);
    }
    if (v->raffled_at) {
        rv = add_result(desk);
    }
    else if (!desk->is_draft) {
        rv = add_preview(desk);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk->page, rv, "reading a raffle");
    }
    add_beacon(desk);
    json_object_update_new(
        desk->page.data,
        json_pack("{s:b, s:b, s:b, s:o}", "no_raffle", v->method != KUJI_RAFFLE,
                  "over", v->now >= v->closes_at, "may_void",
                  !desk->is_draft && !v->raffled_at, "closes",
                  kuji_console_time(&desk->page, v->closes_at, v->timezone)));
    return kuji_console_send(&desk->page, status, "raffle");
}

int kuji_console_raffle(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "raffle");

    return done == DECLINED ? show(&desk, HTTP_OK) : done;
}

/* What the beacon said, where the manifest names one; marks what is none. */
static const kuji_beacon_value_t *take_beacon(kuji_desk_t *desk,
                                              kuji_beacon_value_t *value)
{
    const char *hex;
    size_t len = 0;

    if (!json_is_object(json_object_get(desk->config, "beacon"))) {
        return NULL;
    }
    hex = kuji_desk_text(desk, "randomness", 64);
    value->signature = kuji_desk_text(desk, "signature", 1000);
    if (hex && (strlen(hex) != 64 ||
                sodium_hex2bin(value->randomness, sizeof value->randomness, hex,
                               64, NULL, &len, NULL) ||
                len != sizeof value->randomness)) {
        kuji_console_error(&desk->page, "randomness", "admin.error.hex", NULL);
    }
    return value;
}

int kuji_console_raffle_run(kuji_web_t *web)
{
    const kuji_beacon_value_t *beacon;
    kuji_beacon_value_t value;
    const char *why = NULL;
    kuji_event_t event;
    kuji_desk_t desk;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "raffle");

    if (done != DECLINED) {
        return done;
    }
    show_fields(&desk);
    beacon = take_beacon(&desk, &value);
    if (!kuji_desk_confirmed(&desk) || desk.page.errors) {
        return show(&desk, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv = kuji_raffle_run(&event, &why, &desk.act, web->slug, beacon,
                         desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "running a raffle", show);
    }
    kuji_cache_forget(web->process->cache, web->tenant->id, web->slug);
    return kuji_desk_done(&desk, "/raffle", "raffled", NULL);
}

/* Both forms of the page name an entry and a reason. */
static int open_entry(kuji_desk_t *desk, kuji_web_t *web, uint64_t *n,
                      const char **reason)
{
    int done = kuji_desk_open_form(desk, web, "raffle");

    if (done == DECLINED) {
        show_fields(desk);
        *n = (uint64_t)kuji_desk_int(desk, "n", 1, KUJI_INT_MAX, NULL);
        *reason = kuji_desk_choice(desk, "reason", reasons);
        done = desk->page.errors ? show(desk, HTTP_UNPROCESSABLE_ENTITY)
                                 : DECLINED;
    }
    return done;
}

int kuji_console_raffle_void(kuji_web_t *web)
{
    const char *why = NULL, *reason;
    kuji_event_t event;
    kuji_desk_t desk;
    uint64_t n;
    apr_status_t rv;
    int done = open_entry(&desk, web, &n, &reason);

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_event_void(&event, &why, &desk.act, web->slug, n, 0, reason,
                         kuji_console_get(&desk.page, "note"), desk.page.pool);
    if (rv == KUJI_ENOTFOUND) {
        kuji_console_error(&desk.page, "n", "admin.error.entry", NULL);
        return show(&desk, HTTP_UNPROCESSABLE_ENTITY);
    }
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "voiding an entry", show);
    }
    return kuji_desk_done(&desk, "/raffle", "entry_voided",
                          json_pack("{s:I}", "n", (json_int_t)n));
}

int kuji_console_substitute(kuji_web_t *web)
{
    const char *why = NULL, *reason;
    uint64_t n, alternate = 0;
    kuji_event_t event;
    kuji_desk_t desk;
    apr_status_t rv;
    int done = open_entry(&desk, web, &n, &reason);

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_raffle_substitute(&event, &alternate, &why, &desk.act, web->slug,
                                n, reason, kuji_console_get(&desk.page, "note"),
                                desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "naming a substitute", show);
    }
    return kuji_desk_done(&desk, "/raffle", "substituted",
                          json_pack("{s:I, s:I}", "n", (json_int_t)n,
                                    "alternate", (json_int_t)alternate));
}
