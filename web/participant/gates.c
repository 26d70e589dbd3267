/* SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/gates.h"

#include "core/phrase.h"
#include "web/consent.h"
#include "web/identity.h"
#include "web/tries.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000

static const char *value_of(const kuji_form_t *form, const char *name)
{
    const char *value = kuji_form_get(form, name);

    return value ? value : "";
}

int kuji_gates_count(const kuji_form_t *form)
{
    const char *text = value_of(form, "count");
    apr_size_t len = strlen(text);

    if (!len) {
        return 1;
    }
    if (len > 3 || strspn(text, "0123456789") != len) {
        return 0;
    }
    return atoi(text) <= KUJI_COUNT_MAX ? atoi(text) : 0;
}

static apr_status_t release(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

/* What the problem's page needs to show the form again. */
static json_t *form_data(kuji_web_t *web, const kuji_form_t *form)
{
    static const char *const typed[] = {"key", "code", "passphrase"};
    const json_t *privacy = json_object_get(web->campaign->config, "privacy");
    json_t *page = json_pack(
        "{s:b, s:b, s:s, s:b, s:b, s:{}, s:{}}", "safe", 1, "recode", 1,
        "button", kuji_render_text(web, "button.draw", NULL), "consent",
        json_is_string(json_object_get(privacy, "purpose")), "consent_given",
        *value_of(form, "consent") != '\0', "gate", "error");
    size_t i;

    for (i = 0; i < sizeof typed / sizeof *typed; i++) {
        json_object_set_new(page, typed[i],
                            json_string(value_of(form, typed[i])));
    }
    kuji_page_gates(json_object_get(page, "gate"), web->campaign->gates);
    json_object_set_new(page, "marketing_given",
                        json_boolean(*value_of(form, "marketing") != '\0'));
    kuji_consents_add(page, web);
    if (kuji_gates_count(form) > 1) {
        json_object_set_new(page, "count",
                            json_integer(kuji_gates_count(form)));
    }
    return page;
}

static void set_page(kuji_web_t *web, json_t *page)
{
    web->page = page;
    apr_pool_cleanup_register(web->r->pool, page, release,
                              apr_pool_cleanup_null);
}

/* Another tab, or the same page from before: the press ends at the result that
 * there is already. */
void kuji_gates_result(kuji_web_t *web)
{
    kuji_page_t page = {.web = web, .pool = web->r->pool};
    const kuji_draw_row_t *rows = NULL;
    int count = 0;

    if (kuji_page_mine(&rows, &count, &page, 0, 1) == APR_SUCCESS && count) {
        json_object_set_new(web->page, "result",
                            json_sprintf("%s/k/%s/draws/%" APR_UINT64_T_FMT,
                                         web->prefix, web->campaign->slug,
                                         (apr_uint64_t)rows[0].first_n));
    }
}

int kuji_gates_again(kuji_web_t *web, const kuji_form_t *form,
                     const char *field, kuji_problem_e problem)
{
    const char *title = apr_pstrcat(
        web->r->pool, "problem.", kuji_problems[problem].name, ".title", NULL);
    json_t *page;

    if (web->process->render) {
        page = form_data(web, form);
        if (field) {
            json_object_set_new(
                json_object_get(page, "error"), field,
                json_string(kuji_render_text(web, title, NULL)));
        }
        set_page(web, page);
        if (problem == KUJI_PROBLEM_CODE_USED) {
            kuji_gates_result(web);
        }
    }
    return kuji_problem(web, problem, NULL);
}

/* Gates whose pass comes from elsewhere. */
static int check_passes(kuji_web_t *web)
{
    unsigned missing = kuji_identity_missing(web);

    if (!missing) {
        return DECLINED;
    }
    set_page(web, json_pack("{s:b}", "safe", 1));
    return kuji_problem(web,
                        missing & KUJI_GATE_API    ? KUJI_PROBLEM_LINK_NEEDED
                        : missing & KUJI_GATE_LINE ? KUJI_PROBLEM_LINE_NEEDED
                        : missing & KUJI_GATE_EMAIL
                            ? KUJI_PROBLEM_EMAIL_NEEDED
                            : KUJI_PROBLEM_PURCHASE_NEEDED,
                        NULL);
}

static int check_tries(kuji_web_t *web, const kuji_form_t *form)
{
    int wait = kuji_tries_wait(web, kuji_identity(web)->id);
    json_t *page;

    if (wait == 0) {
        return DECLINED;
    }
    if (web->process->render) {
        page = form_data(web, form);
        json_object_set_new(page, "what", json_string("tries"));
        json_object_set_new(page, "seconds", json_integer(wait));
        set_page(web, page);
    }
    return kuji_tries_refuse(web, wait);
}

void kuji_gates_wrong(kuji_web_t *web)
{
    kuji_tries_wrong(web, kuji_identity(web)->id);
}

static int check_code(kuji_web_t *web, const kuji_form_t *form)
{
    const char *code = value_of(form, "code");

    if (!(web->campaign->gates & KUJI_GATE_CODE) ||
        !kuji_entry_is_mistyped(web, code)) {
        return DECLINED;
    }
    if (*code) {
        kuji_gates_wrong(web);
        kuji_traffic_refusal(web->process->traffic, web->campaign,
                             KUJI_REFUSED_CODE_UNKNOWN);
    }
    return kuji_gates_again(web, form, "code", KUJI_PROBLEM_CODE_MISTYPED);
}

/* Days since 1970 where the campaign lives, by the database's clock. */
static int today(const kuji_web_t *web)
{
    const kuji_campaign_t *c = web->campaign;
    int64_t ms = apr_time_as_msec(web->r->request_time) + c->clock;
    const kuji_zone_t *zone = kuji_zone_load(c->time_zone, web->r->pool);

    return (int)((ms + (int64_t)kuji_zone_offset(zone, ms) * 1000) / DAY_MS);
}

static int is_passphrase(const kuji_web_t *web, const char *typed)
{
    const kuji_phrases_t *phrases = web->campaign->phrases;
    unsigned char digest[KUJI_DIGEST_LEN];
    int i, day = -2, right = 0;
    const char *plain;

    if (kuji_phrase_normalise(&plain, typed, strlen(typed), web->r->pool)) {
        return 0;
    }
    kuji_seal_digest(digest, web->campaign->digest_key, "passphrase", plain,
                     strlen(plain));
    for (i = 0; i < phrases->count; i++) {
        if (sodium_memcmp(digest, phrases->digests[i], KUJI_DIGEST_LEN)) {
            continue;
        }
        if (phrases->days[i] == KUJI_PHRASE_ANY_DAY) {
            return 1;
        }
        day = day == -2 ? today(web) : day;
        right |= phrases->days[i] == day;
    }
    return right;
}

/* Yesterday's passphrase still leads to yesterday's draw. */
static int check_passphrase(kuji_web_t *web, const kuji_form_t *form,
                            const kuji_entry_t *entry)
{
    const char *typed = value_of(form, "passphrase");
    const char *where;
    apr_status_t rv;

    if (!(web->campaign->gates & KUJI_GATE_PASSPHRASE) ||
        is_passphrase(web, typed)) {
        return DECLINED;
    }
    rv = kuji_entry_find(&where, web, entry);
    if (rv == APR_SUCCESS) {
        return kuji_redirect(web, where);
    }
    if (rv != KUJI_ENOTFOUND) {
        return kuji_failure(web, rv, "looking for a draw by its key");
    }
    if (*typed) {
        kuji_gates_wrong(web);
    }
    kuji_traffic_refusal(web->process->traffic, web->campaign,
                         KUJI_REFUSED_PASSPHRASE);
    return kuji_gates_again(web, form, "passphrase", KUJI_PROBLEM_PASSPHRASE);
}

int kuji_gates_check(kuji_web_t *web, const kuji_form_t *form,
                     const kuji_entry_t *entry)
{
    int done;

    if ((done = check_passes(web)) != DECLINED) {
        return done;
    }
    if (!(web->campaign->gates & (KUJI_GATE_CODE | KUJI_GATE_PASSPHRASE))) {
        return DECLINED;
    }
    if ((done = check_tries(web, form)) != DECLINED ||
        (done = check_code(web, form)) != DECLINED) {
        return done;
    }
    return check_passphrase(web, form, entry);
}
