/* SPDX-License-Identifier: Apache-2.0 */
#include "web/letter.h"
#include "core/gates.h"
#include "core/line_text.h"
#include "store/mail_gate.h"
#include "web/render.h"
#include "web/request.h"
#include "web/zone.h"

#include <apr_strings.h>

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text && *text ? text : NULL;
}

/* The organiser's text in the reader's language, else in Japanese. */
static const char *own_text(const kuji_outbox_mail_t *mail, const char *name)
{
    const json_t *texts = json_object_get(mail->config, "texts");
    const char *text = member(json_object_get(texts, mail->language), name);

    return text ? text : member(json_object_get(texts, "ja"), name);
}

static void add_prize(json_t *data, const kuji_outbox_mail_t *mail)
{
    const json_t *prize = json_array_get(
        json_object_get(mail->config, "prizes"), (size_t)mail->prize);
    const char *name =
        strcmp(mail->language, "en") == 0 ? member(prize, "name_en") : NULL;

    name = name ? name : member(prize, "name");
    json_object_set_new(data, "prize", json_string(name ? name : ""));
    json_object_set_new(data, "grade", json_string(member(prize, "grade")));
}

/* LINE's browser knows nobody until a log-in, which goes on to the prize. */
static void add_line_link(json_t *data, const kuji_outbox_mail_t *mail)
{
    if (mail->n) {
        json_object_set_new(
            data, "link",
            json_sprintf("%s/k/%s/line?draw=%" JSON_INTEGER_FORMAT, mail->base,
                         mail->slug, (json_int_t)mail->n));
        json_object_set_new(data, "number", json_integer(mail->n));
    }
    else {
        json_object_set_new(data, "link",
                            json_sprintf("%s/k/%s", mail->base, mail->slug));
    }
}

/* A mail may be read where the browser is not known: the link leads by the
 * gate, where there is one. */
static void add_link(json_t *data, const kuji_outbox_mail_t *mail)
{
    const char *token = member(mail->data, "token");

    if (mail->by_line) {
        add_line_link(data, mail);
    }
    else if (mail->kind == KUJI_MAIL_CODE) {
        json_object_set_new(data, "link",
                            json_sprintf("%s/k/%s/mail?token=%s", mail->base,
                                         mail->slug, token ? token : ""));
    }
    else if (mail->n) {
        json_object_set_new(
            data, "link",
            json_sprintf(
                "%s/k/%s/%s%" JSON_INTEGER_FORMAT, mail->base, mail->slug,
                kuji_gates_of(mail->config) & KUJI_GATE_EMAIL ? "mail?n="
                                                              : "claims/",
                (json_int_t)mail->n));
        json_object_set_new(data, "number", json_integer(mail->n));
    }
}

static json_t *facts(const kuji_outbox_mail_t *mail, apr_pool_t *pool)
{
    const char *title = member(mail->config, "title");
    const char *organiser = own_text(mail, "organiser");
    json_t *data = json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:i}",
                             "campaign", title ? title : "", "organiser",
                             organiser ? organiser : mail->tenant_title,
                             "contact", own_text(mail, "contact"), "tracking",
                             mail->tracking, "code", member(mail->data, "code"),
                             "receipt", member(mail->data, "receipt"),
                             "minutes", KUJI_MAIL_CODE_MINUTES);

    add_link(data, mail);
    if (mail->prize >= 0) {
        add_prize(data, mail);
    }
    if (mail->deadline) {
        json_object_set_new(
            data, "deadline",
            json_string(kuji_zone_text(kuji_zone_load(mail->time_zone, pool),
                                       mail->deadline, mail->language, pool)));
    }
    return data;
}

const char *kuji_letter_text(int *own, const kuji_render_t *render,
                             const json_t *config, kuji_mail_kind_e kind,
                             const char *language, const char *part,
                             apr_pool_t *pool)
{
    const char *text = kuji_mail_text(config, kind, language, part);

    if (own) {
        *own = text != NULL;
    }
    if (!text) {
        text = kuji_render_mail(
            render, language,
            apr_pstrcat(pool, kuji_mail_kind_name(kind), ".", part, NULL));
    }
    return text ? text : "";
}

apr_status_t kuji_letter_write(const char **subject, const char **body,
                               const kuji_render_t *render,
                               const kuji_outbox_mail_t *mail,
                               const char *draft_subject,
                               const char *draft_body, apr_pool_t *pool)
{
    json_t *data = facts(mail, pool);
    apr_status_t rv;

    if (!draft_subject) {
        draft_subject = kuji_letter_text(NULL, render, mail->config, mail->kind,
                                         mail->language, "subject", pool);
    }
    if (!draft_body) {
        draft_body = kuji_letter_text(NULL, render, mail->config, mail->kind,
                                      mail->language, "body", pool);
    }
    rv = kuji_mail_text_render(subject, draft_subject, data, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_mail_text_render(body, draft_body, data, pool);
    }
    json_decref(data);
    return rv;
}

apr_status_t kuji_letter_words(void *baton, const char **subject,
                               const char **body,
                               const kuji_outbox_mail_t *mail, apr_pool_t *pool)
{
    if (mail->kind == KUJI_MAIL_TEST) {
        *subject = member(mail->data, "subject");
        *body = member(mail->data, "body");
        return *subject && *body ? APR_SUCCESS : KUJI_EINVAL;
    }
    return kuji_letter_write(subject, body, baton, mail, NULL, NULL, pool);
}

apr_status_t kuji_letter_line(void *baton, const char **subject,
                              const char **body, const kuji_outbox_mail_t *mail,
                              apr_pool_t *pool)
{
    const char *draft =
        kuji_mail_text(mail->config, mail->kind, mail->language, "body");
    json_t *data = facts(mail, pool);
    apr_status_t rv;

    *subject = NULL;
    if (!draft) {
        draft = kuji_letter_text(NULL, baton, mail->config, mail->kind,
                                 mail->language, "line", pool);
    }
    rv = kuji_mail_text_render(body, draft, data, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_line_text_fit(
            body, *body, json_string_value(json_object_get(data, "link")),
            pool);
    }
    json_decref(data);
    return rv;
}

const char *kuji_letter_base(const kuji_web_t *web)
{
    return apr_pstrcat(web->r->pool,
                       kuji_is_https(web->r) ? "https://" : "http://",
                       web->tenant->host, web->prefix, NULL);
}

int kuji_can_mail(const kuji_web_t *web)
{
    return web->process->outbox != NULL;
}
