/* POST /k/{slug}/draw: the form. Drawn or drawn before: 303 to the result;
 * refused: a page that says why, and carries on where that makes sense.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/mail_gate.h"
#include "web/entry.h"
#include "web/identity.h"
#include "web/participant/gates.h"
#include "web/request.h"
#include "web/session.h"
#include "web/tries.h"

#include <apr_strings.h>
#include <stdlib.h>

#define KEY_MAX 64
#define CODE_BYTES_MAX 256

static int is_key(const char *key)
{
    const char *c = key;

    while (*c > 0x20 && *c < 0x7f) {
        c++;
    }
    return key != c && !*c && c - key <= KEY_MAX;
}

/* NULL, or what is wrong: an English sentence; *text names the page's. */
static const char *read_entry(kuji_entry_t *entry, kuji_consents_t *consents,
                              const char **text, kuji_web_t *web,
                              const kuji_form_t *form)
{
    const char *key = kuji_form_get(form, "key");
    const char *code = kuji_form_get(form, "code");

    *text = NULL;
    if (!key || !is_key(key)) {
        return "the field key is needed: 1 to 64 visible ASCII characters";
    }
    if (code && strlen(code) > CODE_BYTES_MAX) {
        return "code has 256 bytes at most";
    }
    if ((*text = kuji_consents_read(consents, web, form))) {
        return strcmp(*text, "consent") == 0
                   ? "the field consent is needed"
                   : "what was agreed to is not what the page says now";
    }
    entry->consents = consents;
    entry->key = key;
    entry->key_per_participant = 1;
    entry->code = code && *code ? code : NULL;
    entry->count = kuji_gates_count(form);
    return entry->count ? NULL : "count is a number of 1 to 100";
}

static json_t *hidden(const kuji_form_t *form)
{
    static const char *const names[] = {"code",      "passphrase", "consent",
                                        "marketing", "count",      "from"};
    json_t *list = json_array();
    const char *value;
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        if ((value = kuji_form_get(form, names[i]))) {
            json_array_append_new(list, json_pack("{s:s, s:s}", "name",
                                                  names[i], "value", value));
        }
    }
    return list;
}

static apr_status_t release(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

static void set_page(kuji_web_t *web, json_t *data)
{
    web->page = data;
    apr_pool_cleanup_register(web->r->pool, data, release,
                              apr_pool_cleanup_null);
}

/* The page's form, but not the cookie that came with the page: whoever drew
 * now could never come back to the result. Nothing is drawn, no code is used;
 * the cookie is sent once more. */
static int without_cookie(kuji_web_t *web, const kuji_entry_t *entry,
                          const kuji_form_t *form)
{
    kuji_session_start(web);
    set_page(web,
             json_pack("{s:b, s:s, s:s, s:{s:o}}", "safe", 1, "key", entry->key,
                       "what", "cookies", "retry", "fields", hidden(form)));
    return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                        "the cookie of the campaign's page is needed");
}

/* Nobody knows whether it was drawn: the same form once more, same key. */
static int undecided(kuji_web_t *web, const kuji_entry_t *entry,
                     const kuji_form_t *form, apr_status_t rv)
{
    set_page(web, json_pack("{s:s, s:s, s:{s:o}}", "key", entry->key, "what",
                            "what", "retry", "fields", hidden(form)));
    return kuji_failure(web, rv, "drawing");
}

/* A right that is used up or paid back is one that is not there. */
static kuji_problem_e problem_of(const char **detail, const kuji_web_t *web,
                                 const kuji_draw_answer_t *answer)
{
    kuji_problem_e problem = kuji_entry_problem(detail, answer, web->r->pool);

    return web->campaign->gates & KUJI_GATE_PURCHASE &&
                   (problem == KUJI_PROBLEM_LINK_NEEDED ||
                    problem == KUJI_PROBLEM_LINK_USED ||
                    problem == KUJI_PROBLEM_LINK_EXPIRED)
               ? KUJI_PROBLEM_PURCHASE_NEEDED
               : problem;
}

static int refused(kuji_web_t *web, const kuji_form_t *form,
                   const kuji_draw_answer_t *answer)
{
    const char *detail;
    kuji_problem_e problem = problem_of(&detail, web, answer);

    if (problem == KUJI_PROBLEM_CODE_UNKNOWN ||
        problem == KUJI_PROBLEM_CODE_USED) {
        kuji_gates_wrong(web);
    }
    if (!web->process->render) {
        return kuji_problem(web, problem, detail);
    }
    switch (problem) {
    case KUJI_PROBLEM_CODE_UNKNOWN:
    case KUJI_PROBLEM_CODE_USED:
        return kuji_gates_again(web, form, "code", problem);
    case KUJI_PROBLEM_LIMIT_REACHED:
        set_page(web,
                 json_pack("{s:b, s:s*}", "safe", 1, "what", answer->limit));
        kuji_gates_result(web);
        break;
    default:
        set_page(web,
                 json_pack("{s:b, s:s*}", "safe", 1, "name",
                           answer->outcome == KUJI_REFUSED_PAUSED ? "paused"
                                                                  : NULL));
        break;
    }
    return kuji_problem(web, problem, detail);
}

/* What an admin should look at; nobody else learns of it. */
static void flag(kuji_web_t *web, const kuji_draw_answer_t *answer)
{
    const kuji_identity_t *identity = kuji_identity(web);
    unsigned reasons = 0;

    if (kuji_tries_crowd(web, identity->id)) {
        reasons |= KUJI_FLAG_CROWD;
    }
    if (identity->marks & KUJI_PASS_MARK_DEVICE) {
        reasons |= KUJI_FLAG_DEVICE;
    }
    if (identity->marks & KUJI_PASS_MARK_MAIL) {
        reasons |= KUJI_FLAG_MAIL;
    }
    if (reasons) {
        kuji_flags_add(web->process->flags, web->campaign, answer->draws[0].n,
                       answer->count, reasons);
    }
}

/* A redirect's target, for a script: fetch() follows a 303 by itself, and the
 * result's first look would be gone before anybody saw it. */
static int drawn_by_script(kuji_web_t *web, const char *path)
{
    return kuji_send_json(web, HTTP_OK, KUJI_CACHE_NO_STORE,
                          json_pack("{s:o}", "location",
                                    json_sprintf("%s%s", web->prefix, path)));
}

static int drawn(kuji_web_t *web, const kuji_draw_answer_t *answer)
{
    const char *n = apr_psprintf(web->r->pool, "%" APR_UINT64_T_FMT,
                                 (apr_uint64_t)answer->draws[0].n);
    const char *path = apr_pstrcat(web->r->pool, "/k/", web->campaign->slug,
                                   "/draws/", n, NULL);

    apr_table_addn(web->r->err_headers_out, "Set-Cookie",
                   apr_pstrcat(web->r->pool, KUJI_PAGE_NEW_COOKIE "=", n,
                               "; Max-Age=300; Path=", web->prefix, path,
                               "; HttpOnly; SameSite=Lax",
                               kuji_is_https(web->r) ? "; Secure" : "", NULL));
    kuji_gates_used(web);
    if (answer->outcome == KUJI_DRAWN) {
        flag(web, answer);
    }
    return apr_table_get(web->r->headers_in, "Kuji-Draw")
               ? drawn_by_script(web, path)
               : kuji_redirect(web, path);
}

static void identify(kuji_entry_t *entry, kuji_web_t *web)
{
    const kuji_identity_t *identity = kuji_identity_start(web);

    entry->participant = identity->id;
    entry->session = web->session->id;
    entry->link = identity->has_link ? identity->link : NULL;
}

/* Who came by LINE wins under that name; an address from the other gate is to
 * be found there, for the day that LINE does not deliver. */
static apr_status_t join_address(kuji_web_t *web)
{
    const unsigned both = KUJI_GATE_LINE | KUJI_GATE_EMAIL;
    unsigned char from[KUJI_DIGEST_LEN], to[KUJI_DIGEST_LEN];
    kuji_act_t act;

    if ((web->campaign->gates & both) != both ||
        !kuji_identity_digest(from, web, KUJI_IDENTITY_MAIL) ||
        !kuji_identity_digest(to, web, KUJI_IDENTITY_LINE)) {
        return APR_SUCCESS;
    }
    kuji_page_act(&act, web);
    return kuji_mail_gate_also(from, to, &act, web->campaign, web->r->pool);
}

int kuji_page_draw(kuji_web_t *web)
{
    kuji_entry_t entry = {.count = 1};
    const kuji_draw_answer_t *answer;
    kuji_consents_t consents;
    const kuji_form_t *form;
    const char *why, *text;
    apr_status_t rv;
    int done;

    if ((rv = kuji_body_form(&form, web)) != APR_SUCCESS) {
        return kuji_body_problem(web, rv, "the body must be a form");
    }
    if ((why = read_entry(&entry, &consents, &text, web, form))) {
        set_page(web, json_pack("{s:b, s:s*}", "safe", 1, "what", text));
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST, why);
    }
    if (!web->session && kuji_form_get(form, "from")) {
        return without_cookie(web, &entry, form);
    }
    identify(&entry, web);
    if ((done = kuji_gates_check(web, form, &entry)) != DECLINED) {
        return done;
    }
    rv = kuji_consents_keep(web, &consents);
    if (rv == APR_SUCCESS) {
        rv = join_address(web);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_entry_draw(&answer, web, &entry);
    }
    if (rv != APR_SUCCESS) {
        return undecided(web, &entry, form, rv);
    }
    return kuji_entry_is_drawn(answer) ? drawn(web, answer)
                                       : refused(web, form, answer);
}
