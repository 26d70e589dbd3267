/* One kind of mail: its words in both languages, a preview, a test, and back to
 * the words that it had at first.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/mail_address.h"
#include "core/mail_message.h"
#include "store/outbox.h"
#include "web/admin/admin.h"
#include "web/admin/desk.h"
#include "web/letter.h"

#include <apr_strings.h>

#define DAY_MS ((int64_t)86400000)

static const char *const languages[] = {"ja", "en"};
static const char *const parts[] = {"subject", "body"};

typedef struct words_t {
    kuji_desk_t desk;
    kuji_mail_kind_e kind;
    const kuji_render_t *render;
} words_t;

static const char *field_of(const words_t *w, int language, int part)
{
    return apr_pstrcat(w->desk.page.pool, languages[language], "_", parts[part],
                       NULL);
}

/* As typed, line ends as ours; NULL: nothing. */
static const char *typed(const words_t *w, int language, int part)
{
    const char *text =
        kuji_console_get(&w->desk.page, field_of(w, language, part));
    char *out = text ? apr_pstrdup(w->desk.page.pool, text) : NULL, *to = out;

    for (; text && *text; text++) {
        if (*text != '\r') {
            *to++ = *text;
        }
    }
    if (to) {
        *to = '\0';
    }
    return out;
}

static const char *ours(const words_t *w, int language, int part)
{
    return kuji_letter_text(NULL, w->render, NULL, w->kind, languages[language],
                            parts[part], w->desk.page.pool);
}

/* A mail about nothing that is: every variable has something to say. */
static void sample(kuji_outbox_mail_t *mail, const words_t *w,
                   const char *language)
{
    const kuji_campaign_view_t *v = w->desk.view;
    json_t *data =
        json_pack("{s:s, s:s, s:s}", "code", "123456", "token", "0000",
                  "receipt", "00000000-0000-4000-8000-000000000000");

    memset(mail, 0, sizeof *mail);
    mail->kind = w->kind;
    mail->language = language;
    mail->base = kuji_letter_base(w->desk.page.web);
    mail->n = w->kind == KUJI_MAIL_CODE || w->kind == KUJI_MAIL_ERASED ? 0 : 1;
    mail->slug = v->slug;
    mail->time_zone = v->timezone;
    mail->tenant_title = w->desk.page.web->tenant->title;
    mail->config = w->desk.config;
    mail->data = data;
    mail->prize = mail->n ? 0 : -1;
    mail->deadline = v->now + 7 * DAY_MS;
    mail->tracking = "1234-5678-9012";
    json_object_set_new(w->desk.page.data, language, data); /* keeps it */
}

static apr_status_t write_sample(const char **subject, const char **body,
                                 const words_t *w, int language, int draft)
{
    kuji_outbox_mail_t mail;

    sample(&mail, w, languages[language]);
    return kuji_letter_write(
        subject, body, w->render, &mail, draft ? typed(w, language, 0) : NULL,
        draft ? typed(w, language, 1) : NULL, w->desk.page.pool);
}

static void show_fields(words_t *w)
{
    kuji_desk_t *desk = &w->desk;
    int l, p;

    for (l = 0; l < 2; l++) {
        for (p = 0; p < 2; p++) {
            kuji_console_field(&desk->page, field_of(w, l, p),
                               kuji_letter_text(NULL, w->render, desk->config,
                                                w->kind, languages[l], parts[p],
                                                desk->page.pool));
        }
    }
    kuji_console_field(&desk->page, "to", desk->page.web->admin->login);
}

static void show_variables(words_t *w)
{
    const char *const *names = kuji_mail_variables(w->kind);
    json_t *list = json_array();
    apr_pool_t *pool = w->desk.page.pool;

    for (; *names; names++) {
        json_array_append_new(
            list,
            json_pack("{s:s, s:s}", "name",
                      apr_pstrcat(pool, "{{", *names, "}}", NULL), "text",
                      kuji_render_text(w->desk.page.web,
                                       apr_pstrcat(pool, "admin.mail.variable.",
                                                   *names, NULL),
                                       NULL)));
    }
    json_object_set_new(w->desk.page.data, "variables", list);
}

/* Braces in a text would be read as a tag. */
static const char *about_variables(words_t *w)
{
    json_t *data = json_pack("{s:s, s:s}", "open", "{{", "close", "}}");
    const char *text =
        kuji_render_text(w->desk.page.web, "admin.mail.variables_text", data);

    json_decref(data);
    return text;
}

static const char *with_max(kuji_web_t *web, const char *name)
{
    json_t *data = json_pack("{s:i}", "max", KUJI_OUTBOX_TESTS_MAX);
    const char *text = kuji_render_text(web, name, data);

    json_decref(data);
    return text;
}

static int show(kuji_desk_t *desk, int status)
{
    words_t *w = (words_t *)desk; /* its first member */
    kuji_web_t *web = desk->page.web;
    const char *name = kuji_mail_kind_name(w->kind);
    apr_pool_t *pool = desk->page.pool;

    if (!json_object_size(json_object_get(desk->page.data, "field"))) {
        show_fields(w);
    }
    show_variables(w);
    json_object_update_new(
        desk->page.data,
        json_pack(
            "{s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "kind", name, "label",
            kuji_render_text(
                web, apr_pstrcat(pool, "admin.mail.kind.", name, NULL), NULL),
            "when",
            kuji_render_text(
                web, apr_pstrcat(pool, "admin.mail.when.", name, NULL), NULL),
            "variables_text", about_variables(w), "test_text",
            with_max(web, "admin.mail.test_text"), "own",
            json_object_get(json_object_get(desk->config, "mail"), name) !=
                NULL,
            "can_test", web->process->outbox != NULL));
    return kuji_console_send(&desk->page, status, "mail-text");
}

/* DECLINED, or what was answered. */
static int begin(words_t *w, kuji_web_t *web, int reads_form)
{
    int done;

    w->kind = kuji_mail_kind(web->name);
    if (w->kind >= KUJI_MAIL_TEXTS) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    done = reads_form ? kuji_desk_open_form(&w->desk, web, "mail")
                      : kuji_desk_open(&w->desk, web, "mail");
    w->render = web->process->render;
    return done;
}

int kuji_console_mail_text(kuji_web_t *web)
{
    words_t w;
    int done = begin(&w, web, 0);

    return done == DECLINED ? show(&w.desk, HTTP_OK) : done;
}

/* Marks what cannot be sent. */
static void check(words_t *w)
{
    int l, p;

    for (l = 0; l < 2; l++) {
        for (p = 0; p < 2; p++) {
            const char *text = typed(w, l, p), *why = NULL;
            json_t *data;

            if (!text) {
                continue;
            }
            if (kuji_mail_text_check(&why, w->kind, p ? "" : text,
                                     p ? text : "", w->desk.page.pool)) {
                data = json_pack("{s:s}", "why", why ? why : "");
                kuji_console_error(&w->desk.page, field_of(w, l, p),
                                   "admin.mail.error.text", data);
                json_decref(data);
            }
        }
    }
}

/* CONFIG's mail with what was typed; what is ours, or nothing, is left out, and
 * so is what has become empty. */
static void take(words_t *w, json_t *config, int restore)
{
    const char *name = kuji_mail_kind_name(w->kind);
    json_t *mail = json_object_get(config, "mail"), *kind = json_object();
    int l, p;

    for (l = 0; !restore && l < 2; l++) {
        json_t *words = json_object();

        for (p = 0; p < 2; p++) {
            const char *text = typed(w, l, p);

            if (text && strcmp(text, ours(w, l, p)) != 0) {
                json_object_set_new(words, parts[p], json_string(text));
            }
        }
        if (json_object_size(words)) {
            json_object_set(kind, languages[l], words);
        }
        json_decref(words);
    }
    if (!json_is_object(mail)) {
        mail = json_object();
        json_object_set_new(config, "mail", mail);
    }
    if (json_object_size(kind)) {
        json_object_set(mail, name, kind);
    }
    else {
        json_object_del(mail, name);
    }
    json_decref(kind);
    if (!json_object_size(mail)) {
        json_object_del(config, "mail");
    }
}

static int save(words_t *w, int restore)
{
    kuji_desk_next_t next = {show, "/mail",
                             restore ? "mail_default" : "mail_saved"};
    json_t *config = kuji_desk_copy(&w->desk);

    take(w, config, restore);
    return kuji_desk_save(&w->desk, config, &next);
}

static int preview(words_t *w)
{
    json_t *list = json_array();
    const char *subject, *body;
    int l;

    for (l = 0; l < 2; l++) {
        if (write_sample(&subject, &body, w, l, 1) == APR_SUCCESS) {
            json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "language",
                                                  languages[l], "subject",
                                                  subject, "body", body));
        }
    }
    json_object_set_new(w->desk.page.data, "preview", list);
    json_object_set_new(w->desk.page.data, "has_preview", json_true());
    return show(&w->desk, HTTP_OK);
}

static int refuse_test(words_t *w, const char *text)
{
    json_t *data = json_pack("{s:i}", "max", KUJI_OUTBOX_TESTS_MAX);

    kuji_console_error(&w->desk.page, "to", text, data);
    json_decref(data);
    return show(&w->desk, HTTP_UNPROCESSABLE_ENTITY);
}

static int test(words_t *w)
{
    kuji_web_t *web = w->desk.page.web;
    const char *to = kuji_console_get(&w->desk.page, "to"), *why = NULL;
    const char *subject, *body;
    int language = strcmp(web->language, "en") == 0;
    kuji_mail_address_t address;
    kuji_outbox_letter_t letter;
    json_t *data;
    apr_status_t rv;

    if (!to || kuji_mail_address_read(&address, to, strlen(to), 0)) {
        return refuse_test(w, "admin.mail.error.address");
    }
    rv = write_sample(&subject, &body, w, language, 0);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&w->desk.page, rv, "writing a test mail");
    }
    data = json_pack("{s:s, s:s}", "subject", subject, "body", body);
    letter = (kuji_outbox_letter_t){.kind = KUJI_MAIL_TEST,
                                    .campaign_id = w->desk.view->id,
                                    .address = address.text,
                                    .language = languages[language],
                                    .base = kuji_letter_base(web),
                                    .data = data,
                                    .useful = 3600000};
    rv = kuji_outbox_test(&why, &w->desk.act, w->desk.view->uuid, &letter,
                          w->desk.page.pool);
    json_decref(data);
    if (rv == KUJI_ETOOBIG) {
        return refuse_test(w, "admin.mail.error.many");
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&w->desk.page, rv, "adding a test mail");
    }
    return kuji_desk_done(&w->desk, "/mail", "mail_tested", NULL);
}

int kuji_console_mail_save(kuji_web_t *web)
{
    const char *what;
    words_t w;
    int done = begin(&w, web, 1);

    if (done != DECLINED) {
        return done;
    }
    what = kuji_console_get(&w.desk.page, "do");
    show_fields(&w);
    if (what && strcmp(what, "restore") == 0) {
        return save(&w, 1);
    }
    if (what && strcmp(what, "test") == 0 && web->process->outbox) {
        return test(&w);
    }
    check(&w);
    if (w.desk.page.errors) {
        return show(&w.desk, HTTP_UNPROCESSABLE_ENTITY);
    }
    return what && strcmp(what, "preview") == 0 ? preview(&w) : save(&w, 0);
}
