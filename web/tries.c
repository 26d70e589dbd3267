/* SPDX-License-Identifier: Apache-2.0 */
#include "web/tries.h"
#include "web/response.h"
#include "web/session.h"

#include <apr_network_io.h>
#include <apr_strings.h>
#include <string.h>

#define SETTLED_SECONDS 10

static const kuji_throttle_rule_t person = {"person", 10, 30000};
static const kuji_throttle_rule_t arrivals = {"arrivals", 100, 2000};
static const kuji_throttle_rule_t settled = {"settled", 400, 1000};
static const kuji_throttle_rule_t everybody = {"everybody", 5000, 100};
/* For kuji_tries_crowd: a participant counts once in ten minutes. */
static const kuji_throttle_rule_t seen = {"seen", 1, 600000};
static const kuji_throttle_rule_t crowd = {"crowd", 50, 12000};

static int64_t now_of(const kuji_web_t *web)
{
    return apr_time_as_msec(web->r->request_time);
}

const char *kuji_tries_network(const kuji_web_t *web)
{
    const apr_sockaddr_t *address = web->r->useragent_addr;
    const unsigned char *b = address->ipaddr_ptr;

    if (address->ipaddr_len == 4) {
        return apr_psprintf(web->r->pool, "%u.%u.%u.0/24", b[0], b[1], b[2]);
    }
    if (memcmp(b, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0) {
        return apr_psprintf(web->r->pool, "%u.%u.%u.0/24", b[12], b[13], b[14]);
    }
    return apr_psprintf(web->r->pool, "%02x%02x:%02x%02x:%02x%02x:%02x00::/56",
                        b[0], b[1], b[2], b[3], b[4], b[5], b[6]);
}

static kuji_throttle_key_t key_of(const kuji_web_t *web,
                                  const kuji_throttle_rule_t *rule,
                                  const char *a, const char *b)
{
    const char *texts[] = {a, b, NULL};

    return kuji_throttle_key(web->process->throttle, rule, web->campaign->id,
                             texts);
}

static int64_t wait_for(const kuji_web_t *web, const kuji_throttle_rule_t *rule,
                        const char *text)
{
    return kuji_throttle_wait(web->process->throttle, rule,
                              key_of(web, rule, text, NULL), now_of(web));
}

static void charge(kuji_web_t *web, const kuji_throttle_rule_t *rule,
                   const char *text)
{
    kuji_throttle_charge(web->process->throttle, rule,
                         key_of(web, rule, text, NULL), now_of(web));
}

/* How long this browser has had its cookie, in seconds. */
static int64_t age_of(const kuji_web_t *web)
{
    return web->session && !web->session->is_new
               ? apr_time_sec(web->r->request_time) + KUJI_SESSION_SECONDS -
                     web->session->expires
               : 0;
}

static int is_settled(const kuji_web_t *web)
{
    return age_of(web) >= SETTLED_SECONDS;
}

static int has_passed(kuji_web_t *web)
{
    const kuji_identity_t *identity = web->token ? NULL : kuji_identity(web);

    return web->token || (identity && identity->passed);
}

/* An identity that this very request began with says nothing, and would take
 * a bucket from somebody. */
static int is_known(const kuji_web_t *web)
{
    return web->token || (web->session && !web->session->is_new);
}

static int64_t max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ms; of whoever came just now, until it counts as one that did not. */
static int64_t wait_for_network(const kuji_web_t *web)
{
    const char *network = kuji_tries_network(web);
    int64_t wait;

    if (is_settled(web)) {
        return wait_for(web, &settled, network);
    }
    wait =
        max(wait_for(web, &arrivals, network), wait_for(web, &everybody, ""));
    return wait > 0 ? (SETTLED_SECONDS - age_of(web)) * 1000 : 0;
}

int kuji_tries_wait(kuji_web_t *web, const char *participant)
{
    int64_t wait;

    if (!web->process->throttle) {
        return 0;
    }
    wait = is_known(web) ? wait_for(web, &person, participant) : 0;
    if (!has_passed(web)) {
        wait = max(wait, wait_for_network(web));
    }
    return (int)((wait + 999) / 1000);
}

void kuji_tries_wrong(kuji_web_t *web, const char *participant)
{
    if (!web->process->throttle) {
        return;
    }
    if (is_known(web)) {
        charge(web, &person, participant);
    }
    if (!has_passed(web)) {
        charge(web, is_settled(web) ? &settled : &arrivals,
               kuji_tries_network(web));
        charge(web, &everybody, "");
    }
}

int kuji_tries_refuse(kuji_web_t *web, int seconds)
{
    web->retry_after = seconds;
    return kuji_problem(web, KUJI_PROBLEM_RATE_LIMITED, NULL);
}

static int take(const kuji_web_t *web, const kuji_throttle_rule_t *rule,
                const char *who)
{
    const char *texts[] = {who, NULL};
    kuji_throttle_t *throttle = web->process->throttle;
    kuji_throttle_key_t key = kuji_throttle_key(throttle, rule, 0, texts);
    int64_t wait = kuji_throttle_wait(throttle, rule, key, now_of(web));

    if (wait == 0) {
        kuji_throttle_charge(throttle, rule, key, now_of(web));
    }
    return (int)((wait + 999) / 1000);
}

int kuji_tries_take(const kuji_web_t *web, const kuji_throttle_rule_t *own,
                    const kuji_throttle_rule_t *network)
{
    int wait = 0;

    if (!web->process->throttle) {
        return 0;
    }
    if (web->session && !web->session->is_new) {
        wait = take(web, own, web->session->id);
    }
    return wait ? wait : take(web, network, kuji_tries_network(web));
}

int kuji_tries_crowd(kuji_web_t *web, const char *participant)
{
    kuji_throttle_t *throttle = web->process->throttle;
    const char *network;
    kuji_throttle_key_t key;

    if (!throttle) {
        return 0;
    }
    network = kuji_tries_network(web);
    key = key_of(web, &seen, network, participant);
    if (kuji_throttle_wait(throttle, &seen, key, now_of(web)) == 0) {
        kuji_throttle_charge(throttle, &seen, key, now_of(web));
        charge(web, &crowd, network);
    }
    return wait_for(web, &crowd, network) > 0;
}
