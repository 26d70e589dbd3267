/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/reason.h"

#include <apr_strings.h>
#include <string.h>

typedef struct reason_t {
    const char *why;
    const char *name;
} reason_t;

/* t/guard/reasons.t holds them against what store writes. */
static const reason_t reasons[] = {
    {"somebody else has changed the campaign meanwhile", "meanwhile"},
    {"another campaign has this slug", "slug"},
    {"timezone: not the name of a time zone, such as Asia/Tokyo", "timezone"},
    {"only a running campaign can be paused", "not_running"},
    {"the campaign is not paused", "not_paused"},
    {"the campaign is published: what it says cannot change", "promised"},
    {"privacy: purpose and retention_days cannot be taken away from a "
     "published campaign",
     "privacy"},
    {"there is no such campaign", "no_campaign"},
    {"a campaign that is running stays in the list", "running"},
    {"the campaign is archived already", "archived_already"},
    {"the campaign is not archived", "not_archived"},
    {"the campaign is archived", "archived"},
    {"the campaign is published already", "published_already"},
    {"a raffle is closed after it was run, which is after closes_at",
     "raffle_early"},
    {"the raffle has not been run yet", "not_run"},
    {"the campaign is closed", "closed"},
    {"the campaign is a draft", "draft"},
    {"closes_at has not come: closing early needs a reason", "early"},
    {"the note is longer than 2000 bytes", "note"},
    {"the reason must be one of added, declined, disqualified, duplicate, "
     "unreachable, expired, error and early",
     "reason"},
    {"the beacon has spoken: nothing changes before the raffle",
     "beacon_spoken"},
    {"the raffle has been run", "raffled"},
    {"the raffle has been run: it cannot be run again", "raffled_again"},
    {"the campaign has no such prize", "no_prize"},
    {"units: more than 2^53 - 1 in all", "units_many"},
    {"winning moments are fixed: no unit can be added", "moments_fixed"},
    {"prizes: there is none", "no_prizes"},
    {"privacy: purpose is needed to publish", "no_purpose"},
    {"privacy: retention_days is needed to publish", "no_retention"},
    {"closes_at has passed", "over"},
    {"the gate passphrase has no passphrase yet", "no_passphrase"},
    {"the gate email needs a mail server", "no_mail"},
    {"the gate code has no code yet", "no_codes"},
    {"the gate line has no channel of LINE yet", "no_line"},
    {"purchase: goods with a name and a price of their own are needed to "
     "publish: a draw is never sold",
     "no_goods"},
    {"purchase: goods names a fee for a draw, which is never sold", "fee"},
    {"purchase: sold_alone is needed to publish: the goods are sold at this "
     "price without a draw too",
     "tied"},
    {"the gate purchase needs a payment provider that takes its currency",
     "no_provider"},
    {"a call about this payment is still under way", "pay_under_way"},
    {"the payment is not in a state for that", "pay_state"},
    {"more than is left cannot be paid back", "pay_much"},
    {"payments are not set up", "pay_unset"},
    {"the payment was begun with another provider than is set up now",
     "pay_other"},
    {"no raffle has been run", "none_run"},
    {"units must be 1 or more", "units_few"},
    {"it is void already", "void"},
    {"there is no such draw", "no_draw"},
    {"it holds no prize that could be returned", "no_return"},
    {"a winning moment cannot be returned", "moment"},
    {"the campaign is no raffle", "no_raffle"},
    {"entries are taken until closes_at", "taking"},
    {"the beacon has not spoken yet", "beacon_silent"},
    {"the beacon's randomness and signature are needed", "beacon_needed"},
    {"the manifest names no beacon", "no_beacon"},
    {"the beacon's signature must be lower-case hex", "signature"},
    {"no alternate is left", "no_alternate"},
    {"its prize was not returned when it was voided", "not_returned"},
    {"a substitute must follow the void directly, but something else did",
     "late"},
    {"it holds no prize", "holds_none"},
    {"uses must be 1 to 1000000", "uses"},
    {"the batch's name must be 1 to 200 bytes", "batch_name"},
    {"the campaign has no such batch of codes", "no_batch"},
    {"the batch is disabled already", "disabled"},
    {"the batch is not disabled", "enabled"},
    {"this cannot be done with the prize as it is now", "claim"},
};

const char *kuji_console_reason(kuji_web_t *web, const char *why)
{
    unsigned i;

    for (i = 0; why && i < sizeof reasons / sizeof *reasons; i++) {
        if (!strcmp(reasons[i].why, why)) {
            return kuji_render_text(
                web,
                apr_pstrcat(web->r->pool, "admin.why.", reasons[i].name, NULL),
                NULL);
        }
    }
    return NULL;
}
