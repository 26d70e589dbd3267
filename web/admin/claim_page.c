/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/claim_page.h"

#include "store/admin.h"
#include "store/flag.h"

#include <apr_strings.h>
#include <stdlib.h>

int kuji_claims_open(kuji_claims_page_t *p, kuji_web_t *web, const char *rail,
                     int drafts)
{
    int done = kuji_console_open(&p->page, web, rail);
    apr_status_t rv;

    if (done != DECLINED) {
        return done;
    }
    p->act = kuji_console_act(web);
    rv = kuji_campaign_get(&p->view, &p->act, web->slug, p->page.pool);
    if (rv == APR_SUCCESS && p->view->phase == KUJI_PHASE_DRAFT && !drafts) {
        rv = KUJI_ENOTFOUND;
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&p->page, rv, "reading a campaign");
    }
    kuji_console_campaign(&p->page, p->view);
    json_object_set_new(
        p->page.data, "base",
        json_sprintf("%s/admin/campaigns/%s", web->prefix, p->view->slug));
    json_object_set_new(p->page.data, "personal",
                        json_boolean(kuji_claims_personal(web)));
    return DECLINED;
}

int kuji_claims_personal(const kuji_web_t *web)
{
    return web->admin && web->admin->role_bit == KUJI_ROLE_OWNER;
}

const char *kuji_claims_prize(const kuji_claims_page_t *p, const char *code)
{
    int i;

    for (i = 0; code && i < p->view->nprizes; i++) {
        if (strcmp(p->view->prizes[i].code, code) == 0) {
            return p->view->prizes[i].name;
        }
    }
    return code;
}

json_t *kuji_claims_state(const kuji_claims_page_t *p, const char *state)
{
    const char *name = state ? state : "blank";

    return json_pack(
        "{s:s, s:s}", "name", name, "label",
        kuji_render_text(
            p->page.web,
            apr_pstrcat(p->page.pool, "admin.claims.state.", name, NULL),
            NULL));
}

json_t *kuji_claims_time(const kuji_claims_page_t *p, int64_t ms)
{
    return kuji_console_time(&p->page, ms, p->view->timezone);
}

void kuji_claims_select(kuji_claims_page_t *p, const char *name,
                        const char *value, const char *all, json_t *options)
{
    json_t *list = json_array(), *option;
    const char *own;
    size_t i;

    json_array_append_new(list,
                          json_pack("{s:s, s:s}", "value", "", "label",
                                    kuji_render_text(p->page.web, all, NULL)));
    json_array_foreach(options, i, option)
    {
        own = json_string_value(json_object_get(option, "value"));
        if (value && own && strcmp(value, own) == 0) {
            json_object_set_new(option, "selected", json_true());
        }
        json_array_append(list, option);
    }
    json_decref(options);
    kuji_console_field(&p->page, name, value);
    json_object_set_new(
        json_object_get(json_object_get(p->page.data, "field"), name),
        "options", list);
}

json_t *kuji_claims_steps(const kuji_claims_page_t *p, const char *kind,
                          const char *state, kuji_claim_by_e by)
{
    static const kuji_claim_e targets[] = {
        KUJI_CLAIM_REDEEMED, KUJI_CLAIM_SHIPPED, KUJI_CLAIM_DELIVERED,
        KUJI_CLAIM_EXPIRED};
    json_t *list = json_array();
    const char *name, *text;
    unsigned i;

    for (i = 0; i < sizeof targets / sizeof *targets; i++) {
        if (!kuji_claim_may(kuji_claim_kind(kind), kuji_claim_state(state),
                            targets[i], by)) {
            continue;
        }
        name = kuji_claim_name(targets[i]);
        text = apr_pstrcat(p->page.pool, "admin.claims.do.", name, NULL);
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:b}", "to", name, "label",
                            kuji_render_text(p->page.web, text, NULL),
                            "tracking", targets[i] == KUJI_CLAIM_SHIPPED));
    }
    return list;
}

int64_t kuji_claims_number(const kuji_console_page_t *page, const char *name)
{
    const char *text = kuji_console_get(page, name);

    return text && strspn(text, "0123456789") == strlen(text) &&
                   strlen(text) < 16
               ? apr_atoi64(text)
               : 0;
}

int kuji_claims_confirmed(kuji_console_page_t *page, int64_t n)
{
    const char *typed = kuji_console_get(page, "confirm");

    if (typed && strcmp(typed, apr_psprintf(page->pool, "%" APR_INT64_T_FMT,
                                            (apr_int64_t)n)) == 0) {
        return 1;
    }
    kuji_console_field(page, "confirm", NULL);
    kuji_console_error(page, "confirm", "admin.claims.confirm_wrong", NULL);
    return 0;
}

apr_status_t kuji_claims_list_body(const char **text, apr_size_t *len,
                                   kuji_web_t *web, const char *field)
{
    const kuji_form_t *form;
    apr_status_t rv = kuji_body_read(text, len, web, KUJI_CLAIMS_LIST_MAX);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (kuji_has_content_type(web->r, "text/csv") ||
        kuji_has_content_type(web->r, "text/plain")) {
        return *len ? APR_SUCCESS : KUJI_EINVAL;
    }
    if (!kuji_has_content_type(web->r, "application/x-www-form-urlencoded")) {
        return KUJI_EINVAL;
    }
    rv = kuji_form_parse(&form, *text, *len, web->r->pool);
    if (rv == APR_SUCCESS) {
        *text = kuji_form_get(form, field);
        *len = *text ? strlen(*text) : 0;
    }
    return rv == APR_SUCCESS && !*len ? KUJI_EINVAL : rv;
}

json_t *kuji_claims_flags(const kuji_claims_page_t *p, unsigned reasons)
{
    json_t *list = reasons ? json_array() : NULL;
    const char *key;
    int i;

    for (i = 0; reasons && kuji_flag_names[i]; i++) {
        if (reasons & 1u << i) {
            key = apr_pstrcat(p->page.pool, "admin.flag.", kuji_flag_names[i],
                              NULL);
            json_array_append_new(
                list, json_pack("{s:s}", "label",
                                kuji_render_text(p->page.web, key, NULL)));
        }
    }
    return list;
}
