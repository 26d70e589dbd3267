/* kujictl campaign: what happens to a published one.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/raffle.h"
#include "tools/ctl.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* Prints the new leaf: its exact bytes. */
static int done(ctl_t *ctl, apr_status_t rv, const char *why,
                const kuji_event_t *event)
{
    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, why);
    }
    printf("%s\n", event->leaf);
    return CTL_OK;
}

static int stock(ctl_t *ctl, int argc, const char **argv)
{
    const char *reason = NULL, *note = NULL, *why = NULL;
    const ctl_option_t options[] = {
        {"reason", &reason, NULL}, {"note", &note, NULL}, {NULL, NULL, NULL}};
    kuji_event_t event;
    apr_status_t rv;
    int64_t units = 0;
    int code = ctl_parse(ctl, argc, argv, 4, options);

    if (code == CTL_OK) {
        code = ctl_number(ctl, &units, "UNITS", argv[3]);
    }
    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_event_stock(&event, &why, &ctl->act, argv[1], argv[2], units,
                          reason, note, ctl->pool);
    return done(ctl, rv, why, &event);
}

/* What is said of one draw, where a prize is taken from its winner. */
typedef struct draw_ask_t {
    const char *reason, *note;
    int64_t n;
    int returned;
} draw_ask_t;

/* TENANT SLUG N --reason REASON [--note TEXT], and where may_return is set
 * [--returned]; opens the tenant. */
static int take_draw(ctl_t *ctl, draw_ask_t *ask, int argc, const char **argv,
                     int may_return)
{
    const ctl_option_t options[] = {
        {"reason", &ask->reason, NULL},
        {"note", &ask->note, NULL},
        {may_return ? "returned" : NULL, NULL, &ask->returned},
        {NULL, NULL, NULL}};
    int code;

    memset(ask, 0, sizeof(*ask));
    code = ctl_parse(ctl, argc, argv, 3, options);
    if (code == CTL_OK && !ask->reason) {
        code = ctl_usage(ctl, "--reason is needed");
    }
    if (code == CTL_OK) {
        code = ctl_number(ctl, &ask->n, "N", argv[2]);
    }
    return code == CTL_OK ? ctl_open_tenant(ctl, argv[0]) : code;
}

static int void_draw(ctl_t *ctl, int argc, const char **argv)
{
    const char *why = NULL;
    kuji_event_t event;
    apr_status_t rv;
    draw_ask_t ask;
    int code = take_draw(ctl, &ask, argc, argv, 1);

    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_event_void(&event, &why, &ctl->act, argv[1], (uint64_t)ask.n,
                         ask.returned, ask.reason, ask.note, ctl->pool);
    return done(ctl, rv, why, &event);
}

static int close_campaign(ctl_t *ctl, int argc, const char **argv)
{
    const char *reason = NULL, *note = NULL, *why = NULL;
    const ctl_option_t options[] = {
        {"reason", &reason, NULL}, {"note", &note, NULL}, {NULL, NULL, NULL}};
    kuji_event_t event;
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 2, options);

    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_event_close(&event, &why, &ctl->act, argv[1], reason, note,
                          ctl->pool);
    return done(ctl, rv, why, &event);
}

static int read_beacon(ctl_t *ctl, kuji_beacon_value_t *beacon,
                       const char *randomness, const char *signature)
{
    size_t len = 0;
    const char *end = NULL;

    if (!randomness != !signature) {
        return ctl_usage(ctl, "--randomness and --signature go together");
    }
    if (randomness && (strlen(randomness) != 64 ||
                       sodium_hex2bin(beacon->randomness, 32, randomness, 64,
                                      NULL, &len, &end) != 0 ||
                       len != 32)) {
        return ctl_usage(ctl, "--randomness must be 64 hex digits");
    }
    beacon->signature = signature;
    return CTL_OK;
}

static int raffle(ctl_t *ctl, int argc, const char **argv)
{
    const char *randomness = NULL, *signature = NULL, *why = NULL;
    const ctl_option_t options[] = {{"randomness", &randomness, NULL},
                                    {"signature", &signature, NULL},
                                    {NULL, NULL, NULL}};
    kuji_beacon_value_t beacon;
    kuji_event_t event;
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 2, options);

    if (code == CTL_OK) {
        code = read_beacon(ctl, &beacon, randomness, signature);
    }
    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_raffle_run(&event, &why, &ctl->act, argv[1],
                         randomness ? &beacon : NULL, ctl->pool);
    return done(ctl, rv, why, &event);
}

static int substitute(ctl_t *ctl, int argc, const char **argv)
{
    const char *why = NULL;
    kuji_event_t event;
    apr_status_t rv;
    uint64_t alternate;
    draw_ask_t ask;
    int code = take_draw(ctl, &ask, argc, argv, 0);

    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_raffle_substitute(&event, &alternate, &why, &ctl->act, argv[1],
                                (uint64_t)ask.n, ask.reason, ask.note,
                                ctl->pool);
    return done(ctl, rv, why, &event);
}

const ctl_command_t ctl_event_commands[] = {
    {"campaign", "stock",
     "TENANT SLUG PRIZE UNITS [--reason REASON] [--note TEXT]", stock},
    {"campaign", "void",
     "TENANT SLUG N --reason REASON [--returned] [--note TEXT]", void_draw},
    {"campaign", "raffle", "TENANT SLUG [--randomness HEX --signature HEX]",
     raffle},
    {"campaign", "substitute", "TENANT SLUG N --reason REASON [--note TEXT]",
     substitute},
    {"campaign", "close", "TENANT SLUG [--reason REASON] [--note TEXT]",
     close_campaign},
    {NULL, NULL, NULL, NULL},
};
