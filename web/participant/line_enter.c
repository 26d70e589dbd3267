/* SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/line_enter.h"

#include "web/identity.h"
#include "web/letter.h"
#include "web/request.h"

#include <apr_strings.h>
#include <http_log.h>
#include <string.h>

APLOG_USE_MODULE(kuji);

/** How long a pass lasts: a campaign's day or two, then LINE is asked again. */
#define PASS_SECONDS (30 * 86400)

void kuji_line_visit(kuji_line_visit_t *visit, kuji_web_t *web,
                     const kuji_line_settings_t *settings)
{
    memset(visit, 0, sizeof(*visit));
    visit->web = web;
    visit->settings = settings;
    visit->channel.base = settings->config.api;
    visit->channel.id = settings->config.channel;
    visit->channel.secret = settings->config.secret;
    visit->person = (kuji_line_person_t){
        "", "", "", -1, kuji_request_language(web), kuji_letter_base(web)};
    if (settings->config.profile) { /* what was agreed to before still holds */
        visit->person.name = visit->person.picture = NULL;
    }
}

void kuji_line_agree(kuji_line_visit_t *visit,
                     const unsigned char words[KUJI_DIGEST_LEN],
                     const char *area)
{
    apr_pool_t *pool = visit->web->r->pool;

    if (visit->settings->config.profile) {
        visit->given.count = 1;
        visit->given.digests = apr_pmemdup(pool, words, KUJI_DIGEST_LEN);
        visit->given.page =
            apr_pstrcat(pool, "/", area, "/", visit->web->campaign->slug, NULL);
    }
}

/* The friendship says nothing about whose it is; the profile does. */
static kuji_line_end_e look_at_profile(kuji_line_visit_t *visit)
{
    kuji_line_profile_t profile = {"", "", ""};
    kuji_line_end_e end =
        kuji_line_profile(&profile, &visit->why, visit->web->process->line,
                          &visit->channel, visit->access, visit->web->r->pool);

    if (end != KUJI_LINE_DONE) {
        return end;
    }
    if (strcmp(profile.subject, visit->person.subject) != 0) {
        visit->why = "the profile is another user's";
        return KUJI_LINE_REFUSED;
    }
    if (visit->given.count > 0) {
        visit->person.name = profile.name;
        visit->person.picture = profile.picture;
    }
    return KUJI_LINE_DONE;
}

kuji_line_end_e kuji_line_look_closer(kuji_line_visit_t *visit)
{
    const kuji_line_config_t *config = &visit->settings->config;
    kuji_line_end_e end = KUJI_LINE_DONE;

    if (!visit->access || (!config->friendship && visit->given.count == 0)) {
        return KUJI_LINE_DONE;
    }
    end = look_at_profile(visit);
    if (end == KUJI_LINE_DONE && config->friendship) {
        end = kuji_line_is_friend(&visit->person.is_friend, &visit->why,
                                  visit->web->process->line, &visit->channel,
                                  visit->access, visit->web->r->pool);
    }
    return end;
}

int kuji_line_is_welcome(const kuji_line_visit_t *visit)
{
    return !visit->settings->config.friendship || visit->person.is_friend == 1;
}

apr_status_t kuji_line_enter(kuji_line_visit_t *visit)
{
    kuji_web_t *web = visit->web;
    unsigned char digest[KUJI_DIGEST_LEN];
    const char *id;
    kuji_act_t act;
    apr_status_t rv;

    kuji_page_act(&act, web);
    rv = kuji_line_identity(&id, visit->person.subject, &act, web->r->pool);
    if (rv == APR_SUCCESS) {
        kuji_seal_digest(digest, web->campaign->digest_key, "participant", id,
                         strlen(id));
        rv = kuji_line_person_put(&visit->person, web->campaign->id,
                                  web->campaign->uuid, digest, &visit->given,
                                  &act, web->r->pool);
    }
    if (rv == APR_SUCCESS) {
        kuji_identity_pass(web, KUJI_IDENTITY_LINE, id, PASS_SECONDS);
    }
    return rv;
}

void kuji_line_log(kuji_web_t *web, kuji_line_end_e end, const char *why)
{
    ap_log_rerror(APLOG_MARK, end == KUJI_LINE_AWAY ? APLOG_ERR : APLOG_WARNING,
                  0, web->r, "KJ0601: a log-in by LINE: %s",
                  why ? why : "no reason given");
}
