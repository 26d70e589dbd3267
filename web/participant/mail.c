/* /k/{slug}/mail: an address is confirmed by six digits, or by a link. Whether
 * an address is known, or has had enough mails, no page tells.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/mail_gate.h"
#include "web/identity.h"
#include "web/letter.h"
#include "web/participant/page.h"
#include "web/request.h"
#include "web/session.h"

#include <apr_network_io.h>
#include <apr_strings.h>
#include <arpa/inet.h>

/** A pass is renewed by another code. */
#define PASS_SECONDS (30 * 86400)
#define ADDRESS_MAX 400

typedef struct gate_t {
    kuji_page_t page;
    kuji_act_t act;
    const kuji_form_t *form; /* NULL: nothing was sent */
    const char *n;           /* the draw to go on to, digits; NULL: none */
} gate_t;

static int is_number(const char *text)
{
    apr_size_t len = text ? strlen(text) : 0;

    return len >= 1 && len <= 15 && strspn(text, "0123456789") == len;
}

static const char *sent(const gate_t *g, const char *name)
{
    return g->form ? kuji_form_get(g->form, name)
                   : kuji_query_get(g->page.web, name);
}

/* DECLINED, or what was answered. */
static int begin(gate_t *g, kuji_web_t *web, int reads_form)
{
    apr_status_t rv = APR_SUCCESS;

    memset(g, 0, sizeof *g);
    if (!(web->campaign->gates & KUJI_GATE_EMAIL)) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    if (reads_form && (rv = kuji_body_form(&g->form, web)) != APR_SUCCESS) {
        return kuji_body_problem(web, rv, "the body must be a form");
    }
    kuji_page_act(&g->act, web);
    g->act.actor = "participant";
    g->page.web = web;
    g->n = sent(g, "n");
    g->n = is_number(g->n) ? g->n : NULL;
    return kuji_page_open(&g->page, web);
}

static int show(gate_t *g, int status, const char *state, const char *error)
{
    json_t *data = g->page.data;

    json_object_set_new(data, state, json_true());
    json_object_set_new(data, "minutes", json_integer(KUJI_MAIL_CODE_MINUTES));
    json_object_set_new(data, "for_n", json_string(g->n));
    json_object_set_new(data, "before",
                        json_string(sent(g, g->form ? "challenge" : "before")));
    if (error) {
        json_object_set_new(
            data, "error",
            json_string(kuji_render_text(
                g->page.web,
                apr_pstrcat(g->page.pool, "mail.error.", error, NULL), NULL)));
    }
    return kuji_page_send(&g->page, status, KUJI_CACHE_NO_STORE, "mail");
}

/* Where it goes on: to the draw, or to the prize that a mail was about. */
static const char *onwards(const gate_t *g)
{
    const char *slug = g->page.web->slug;

    return g->n ? apr_pstrcat(g->page.pool, "/k/", slug, "/claims/", g->n, NULL)
                : apr_pstrcat(g->page.pool, "/k/", slug, NULL);
}

static int go_on(gate_t *g)
{
    json_decref(g->page.data);
    return kuji_redirect(g->page.web, onwards(g));
}

/* The network that a reader belongs to: a carrier's customers share it. */
static const char *network(const kuji_web_t *web)
{
    const char *ip = web->r->useragent_ip;
    unsigned char bytes[16];

    if (inet_pton(AF_INET, ip, bytes) == 1) {
        return apr_psprintf(web->r->pool, "%d.%d.%d", bytes[0], bytes[1],
                            bytes[2]);
    }
    if (inet_pton(AF_INET6, ip, bytes) == 1) {
        return apr_psprintf(web->r->pool, "%02x%02x:%02x%02x:%02x%02x:%02x",
                            bytes[0], bytes[1], bytes[2], bytes[3], bytes[4],
                            bytes[5], bytes[6]);
    }
    return "elsewhere";
}

static int show_code(gate_t *g, const char *id, int status, const char *error)
{
    json_object_set_new(g->page.data, "challenge", json_string(id));
    return show(g, status, "sent", error);
}

int kuji_page_mail(kuji_web_t *web)
{
    kuji_mail_shown_t shown;
    const char *token, *challenge;
    gate_t g;
    apr_status_t rv;
    int done = begin(&g, web, 0);

    if (done != DECLINED) {
        return done;
    }
    token = sent(&g, "token");
    challenge = sent(&g, "c");
    if (token) {
        rv = kuji_mail_gate_link(&shown, &g.act, web->campaign, token, 1,
                                 g.page.pool);
        if (rv != APR_SUCCESS) {
            return kuji_page_failure(&g.page, rv, "looking at a link");
        }
        if (shown.tried != KUJI_MAIL_SHOWN) {
            return show(&g, HTTP_OK, "ask", "over");
        }
        json_object_set_new(g.page.data, "token", json_string(token));
        return show(&g, HTTP_OK, "link", NULL);
    }
    if (!(kuji_identity_missing(web) & KUJI_GATE_EMAIL)) {
        return go_on(&g);
    }
    kuji_session_start(web);
    return challenge ? show_code(&g, challenge, HTTP_OK, NULL)
                     : show(&g, HTTP_OK, "ask", NULL);
}

static int asked(gate_t *g, const kuji_mail_ask_t *ask)
{
    kuji_web_t *web = g->page.web;
    kuji_mail_asked_e outcome;
    const char *id;
    apr_status_t rv = kuji_mail_gate_ask(&outcome, &id, &g->act, web->campaign,
                                         ask, g->page.pool);

    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&g->page, rv, "asking for a code");
    }
    if (outcome == KUJI_MAIL_TOO_MANY) {
        apr_table_setn(web->r->err_headers_out, "Retry-After", "600");
        return show(g, HTTP_TOO_MANY_REQUESTS, "ask", "many");
    }
    json_decref(g->page.data);
    return kuji_redirect(web, apr_pstrcat(g->page.pool, "/k/", web->slug,
                                          "/mail?c=", id, g->n ? "&n=" : NULL,
                                          g->n, NULL));
}

int kuji_page_mail_ask(kuji_web_t *web)
{
    kuji_mail_address_t address;
    kuji_mail_ask_t ask = {.address = &address};
    const char *typed;
    unsigned fold;
    gate_t g;
    int done = begin(&g, web, 1);

    if (done != DECLINED) {
        return done;
    }
    if (!web->process->outbox) {
        return show(&g, HTTP_SERVICE_UNAVAILABLE, "ask", "no_mail");
    }
    typed = sent(&g, "address");
    ask.before = sent(&g, "challenge");
    fold = json_is_true(json_object_get(web->campaign->config, "email_fold"))
               ? KUJI_MAIL_FOLD
               : 0;
    if (!typed || strlen(typed) > ADDRESS_MAX ||
        kuji_mail_address_read(&address, typed, strlen(typed), fold)) {
        json_object_set_new(
            g.page.data, "address",
            json_string(typed && strlen(typed) <= ADDRESS_MAX ? typed : ""));
        return show(&g, HTTP_UNPROCESSABLE_ENTITY, "ask", "address");
    }
    ask.language = web->language;
    ask.base = kuji_letter_base(web);
    ask.prefix = network(web);
    kuji_session_start(web);
    return asked(&g, &ask);
}

static int passed(gate_t *g, const kuji_mail_shown_t *shown)
{
    if (shown->disposable) {
        kuji_identity_mark(g->page.web, KUJI_PASS_MARK_MAIL);
    }
    kuji_identity_pass(g->page.web, KUJI_IDENTITY_MAIL, shown->participant,
                       PASS_SECONDS);
    return go_on(g);
}

int kuji_page_mail_code(kuji_web_t *web)
{
    kuji_mail_shown_t shown;
    const char *id, *code;
    gate_t g;
    apr_status_t rv;
    int done = begin(&g, web, 1);

    if (done != DECLINED) {
        return done;
    }
    id = sent(&g, "challenge");
    code = sent(&g, "code");
    rv = kuji_mail_gate_code(&shown, &g.act, web->campaign, id ? id : "",
                             code ? code : "", g.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&g.page, rv, "reading a code");
    }
    switch (shown.tried) {
    case KUJI_MAIL_SHOWN:
        return passed(&g, &shown);
    case KUJI_MAIL_WRONG:
        return show_code(&g, id, HTTP_UNPROCESSABLE_ENTITY, "code");
    default:
        return show(&g, HTTP_UNPROCESSABLE_ENTITY, "ask", "over");
    }
}

int kuji_page_mail_link(kuji_web_t *web)
{
    kuji_mail_shown_t shown;
    const char *token;
    gate_t g;
    apr_status_t rv;
    int done = begin(&g, web, 1);

    if (done != DECLINED) {
        return done;
    }
    token = sent(&g, "token");
    rv = kuji_mail_gate_link(&shown, &g.act, web->campaign, token ? token : "",
                             0, g.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&g.page, rv, "following a link");
    }
    return shown.tried == KUJI_MAIL_SHOWN
               ? passed(&g, &shown)
               : show(&g, HTTP_UNPROCESSABLE_ENTITY, "ask", "over");
}
