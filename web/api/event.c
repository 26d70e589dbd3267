/* Events of a published campaign: each answers with its ledger leaf.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/event.h"
#include "store/raffle.h"
#include "web/api/api.h"

#include <sodium.h>

/* The leaf, or the problem; extra (consumed) adds fields. */
static int answer(kuji_web_t *web, apr_status_t rv, const kuji_event_t *event,
                  const char *why, const char *what, json_t *extra)
{
    json_t *doc;

    if (rv) {
        json_decref(extra);
        return kuji_api_failure(web, rv, why, what);
    }
    kuji_cache_forget(web->process->cache, web->tenant->id, web->slug);
    doc = json_pack("{s:s, s:I, s:I, s:s}", "campaign", web->slug, "index",
                    (json_int_t)event->i, "t", (json_int_t)event->t, "leaf",
                    event->leaf);
    if (extra) {
        json_object_update_missing_new(doc, extra);
    }
    return kuji_send_json(web, HTTP_OK, KUJI_CACHE_NO_STORE, doc);
}

int kuji_api_close(kuji_web_t *web)
{
    const char *reason = NULL, *note = NULL, *why = NULL;
    kuji_event_t event;
    kuji_act_t act;
    apr_status_t rv;
    int done =
        kuji_api_unpack(web, "{s?s, s?s}", "reason", &reason, "note", &note);

    if (done != DECLINED) {
        return done;
    }
    kuji_api_act(&act, web);
    rv = kuji_event_close(&event, &why, &act, web->slug, reason, note,
                          web->r->pool);
    return answer(web, rv, &event, why, "closing a campaign", NULL);
}

int kuji_api_stock(kuji_web_t *web)
{
    const char *prize, *reason = NULL, *note = NULL, *why = NULL;
    json_int_t units;
    kuji_event_t event;
    kuji_act_t act;
    apr_status_t rv;
    int done =
        kuji_api_unpack(web, "{s:s, s:I, s?s, s?s}", "prize", &prize, "units",
                        &units, "reason", &reason, "note", &note);

    if (done != DECLINED) {
        return done;
    }
    kuji_api_act(&act, web);
    rv = kuji_event_stock(&event, &why, &act, web->slug, prize, units, reason,
                          note, web->r->pool);
    return answer(web, rv, &event, why, "adding stock", NULL);
}

int kuji_api_void(kuji_web_t *web)
{
    const char *reason, *note = NULL, *why = NULL;
    json_int_t n;
    int returned;
    kuji_event_t event;
    kuji_act_t act;
    apr_status_t rv;
    int done = kuji_api_unpack(web, "{s:I, s:b, s:s, s?s}", "n", &n, "returned",
                               &returned, "reason", &reason, "note", &note);

    if (done != DECLINED) {
        return done;
    }
    if (n < 1) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST, "n is 1 or more");
    }
    kuji_api_act(&act, web);
    rv = kuji_event_void(&event, &why, &act, web->slug, (uint64_t)n, returned,
                         reason, note, web->r->pool);
    return answer(web, rv, &event, why, "voiding a draw", NULL);
}

/* NULL where the body says none; *bad is set for what is no beacon. */
static const kuji_beacon_value_t *read_beacon(kuji_beacon_value_t *value,
                                              json_t *doc, int *bad)
{
    const char *hex = NULL;
    size_t len = 0;

    *bad = 0;
    if (!doc || json_is_null(doc)) {
        return NULL;
    }
    *bad = json_unpack_ex(doc, NULL, JSON_STRICT, "{s:s, s:s}", "randomness",
                          &hex, "signature", &value->signature) ||
           strlen(hex) != 64 ||
           sodium_hex2bin(value->randomness, 32, hex, 64, NULL, &len, NULL) ||
           len != 32;
    return value;
}

int kuji_api_raffle(kuji_web_t *web)
{
    const kuji_beacon_value_t *beacon;
    kuji_beacon_value_t value;
    const char *why = NULL;
    json_t *doc = NULL;
    kuji_event_t event;
    kuji_act_t act;
    apr_status_t rv;
    int bad, done = kuji_api_unpack(web, "{s?o}", "beacon", &doc);

    if (done != DECLINED) {
        return done;
    }
    beacon = read_beacon(&value, doc, &bad);
    if (bad) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            "beacon is null or has randomness and signature");
    }
    kuji_api_act(&act, web);
    rv = kuji_raffle_run(&event, &why, &act, web->slug, beacon, web->r->pool);
    return answer(web, rv, &event, why, "running a raffle", NULL);
}

int kuji_api_substitute(kuji_web_t *web)
{
    const char *reason, *note = NULL, *why = NULL;
    uint64_t alternate = 0;
    json_int_t n;
    kuji_event_t event;
    kuji_act_t act;
    apr_status_t rv;
    int done = kuji_api_unpack(web, "{s:I, s:s, s?s}", "n", &n, "reason",
                               &reason, "note", &note);

    if (done != DECLINED) {
        return done;
    }
    if (n < 1) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST, "n is 1 or more");
    }
    kuji_api_act(&act, web);
    rv = kuji_raffle_substitute(&event, &alternate, &why, &act, web->slug,
                                (uint64_t)n, reason, note, web->r->pool);
    return answer(web, rv, &event, why, "naming a substitute",
                  json_pack("{s:I}", "n", (json_int_t)alternate));
}
