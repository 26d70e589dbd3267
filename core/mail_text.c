/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mail_text.h"

#include "core/fields.h"
#include "core/mail_message.h"
#include "core/mustache.h"

#include <apr_strings.h>
#include <string.h>

/* What each kind can say. `link` leads to where the reader can do what the mail
 * is about. */
static const char *const of_code[] = {
    "campaign", "organiser", "contact", "code", "link", "minutes", NULL};
static const char *const of_win[] = {"campaign", "organiser", "contact",
                                     "prize",    "grade",     "number",
                                     "link",     "deadline",  NULL};
static const char *const of_shipped[] = {"campaign", "organiser", "contact",
                                         "prize",    "grade",     "number",
                                         "link",     "tracking",  NULL};
static const char *const of_erased[] = {"campaign", "organiser", "contact",
                                        "receipt", NULL};
static const char *const of_none[] = {NULL};
static const char *const of_keyword[] = {"campaign", "organiser", "link", NULL};

static const struct {
    const char *name;
    const char *const *variables;
} kinds[KUJI_MAIL_KINDS] = {
    {"code", of_code},   {"win", of_win},         {"remind", of_win},
    {"claimed", of_win}, {"shipped", of_shipped}, {"erased", of_erased},
    {"test", of_none},   {"keyword", of_keyword},
};

const char *kuji_mail_kind_name(kuji_mail_kind_e kind)
{
    return kinds[kind].name;
}

kuji_mail_kind_e kuji_mail_kind(const char *name)
{
    int i;

    for (i = 0; i < KUJI_MAIL_KINDS; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            break;
        }
    }
    return (kuji_mail_kind_e)i;
}

const char *const *kuji_mail_variables(kuji_mail_kind_e kind)
{
    return kinds[kind].variables;
}

static apr_status_t check_one(const char **why, kuji_mail_kind_e kind,
                              const char *text, apr_pool_t *pool)
{
    const kuji_mustache_t *tmpl;
    const char *stranger;
    apr_status_t rv =
        kuji_mustache_compile(&tmpl, why, text, strlen(text), pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    stranger = kuji_mustache_stranger(tmpl, kinds[kind].variables, pool);
    if (stranger) {
        *why = apr_pstrcat(pool, "{{", stranger, "}} is nothing that this mail",
                           " can say", NULL);
        return KUJI_EINVAL;
    }
    return APR_SUCCESS;
}

apr_status_t kuji_mail_text_check(const char **why, kuji_mail_kind_e kind,
                                  const char *subject, const char *body,
                                  apr_pool_t *pool)
{
    apr_status_t rv;

    if (strlen(subject) > KUJI_MAIL_SUBJECT_TEXT_MAX ||
        strlen(body) > KUJI_MAIL_BODY_TEXT_MAX) {
        *why = "the text is too long";
        return KUJI_EINVAL;
    }
    if (strpbrk(subject, "\r\n")) {
        *why = "a subject is one line";
        return KUJI_EINVAL;
    }
    rv = check_one(why, kind, subject, pool);
    return rv == APR_SUCCESS ? check_one(why, kind, body, pool) : rv;
}

static const char *part_of(const json_t *texts, const char *part)
{
    const char *text = json_string_value(json_object_get(texts, part));

    return text ? text : "";
}

static void check_language(kuji_fields_t *parent, const char *language,
                           kuji_mail_kind_e kind)
{
    const json_t *texts;
    const char *what;
    kuji_fields_t f;

    if (!kuji_fields_has(parent, language)) {
        return;
    }
    texts = kuji_fields_any(parent, language);
    kuji_fields_init(
        &f, texts,
        apr_pstrcat(parent->pool, parent->where, ".", language, NULL),
        parent->why, parent->pool);
    if (kuji_fields_has(&f, "subject")) {
        kuji_fields_word(&f, "subject");
    }
    if (kuji_fields_has(&f, "body")) {
        kuji_fields_word(&f, "body");
    }
    if (kuji_fields_end(&f) == APR_SUCCESS &&
        kuji_mail_text_check(&what, kind, part_of(texts, "subject"),
                             part_of(texts, "body"), parent->pool)) {
        kuji_fields_wrong(parent, language, what);
    }
}

apr_status_t kuji_mail_texts_check(const char **why, const json_t *mail,
                                   apr_pool_t *pool)
{
    kuji_fields_t f, in;
    int i;

    kuji_fields_init(&f, mail, "mail", why, pool);
    for (i = 0; i < KUJI_MAIL_TEXTS; i++) {
        if (!kuji_fields_has(&f, kinds[i].name)) {
            continue;
        }
        kuji_fields_init(&in, kuji_fields_any(&f, kinds[i].name),
                         apr_pstrcat(pool, "mail.", kinds[i].name, NULL), why,
                         pool);
        check_language(&in, "ja", (kuji_mail_kind_e)i);
        check_language(&in, "en", (kuji_mail_kind_e)i);
        kuji_fields_end(&in);
    }
    return kuji_fields_end(&f);
}

const char *kuji_mail_text(const json_t *config, kuji_mail_kind_e kind,
                           const char *language, const char *part)
{
    const json_t *mail = json_object_get(config, "mail");
    const json_t *of_kind = json_object_get(mail, kinds[kind].name);
    const char *text = json_string_value(
        json_object_get(json_object_get(of_kind, language), part));

    return text && *text ? text : NULL;
}

apr_status_t kuji_mail_text_render(const char **out, const char *text,
                                   json_t *data, apr_pool_t *pool)
{
    const kuji_mustache_t *tmpl;
    const char *why;
    apr_size_t len;
    apr_status_t rv =
        kuji_mustache_compile(&tmpl, &why, text, strlen(text), pool);

    return rv == APR_SUCCESS
               ? kuji_mustache_render_text(out, &len, tmpl, data,
                                           KUJI_MAIL_BODY_MAX, pool)
               : rv;
}
