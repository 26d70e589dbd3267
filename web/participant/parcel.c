/* The winner's form: 入力 → 確認 → 完了, and changing it until the deadline.
 *
 * Nothing is kept between the steps: the confirming page carries what was typed
 * and everything is checked again when it is sent.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/claim_form.h"
#include "store/postal.h"
#include "web/consent.h"
#include "web/letter.h"
#include "web/participant/winner.h"

#include <apr_strings.h>
#include <string.h>

/** What a browser fills an input in with, and which keyboard it shows. */
static const struct {
    const char *name, *autocomplete, *inputmode;
} looks[] = {
    {"name", "name", "text"},
    {"kana", "on", "text"},
    {"postal", "postal-code", "numeric"},
    {"prefecture", "address-level1", "text"},
    {"city", "address-level2", "text"},
    {"street", "address-line1", "text"},
    {"building", "address-line2", "text"},
    {"phone", "tel", "tel"},
    {"mail", "email", "email"},
    {"note", "on", "text"},
};
#define LOOKS (sizeof looks / sizeof *looks)

typedef struct parcel_t {
    kuji_winner_t *w;
    kuji_claim_form_t form;
    kuji_claim_input_t inputs[KUJI_CLAIM_INPUTS_MAX];
    const char *values[KUJI_CLAIM_INPUTS_MAX]; /* shown; never NULL */
    kuji_claim_wrong_e wrong[KUJI_CLAIM_INPUTS_MAX];
    int count, errors;
    int version; /* of the data that the form began with */
} parcel_t;

static void begin(parcel_t *p, kuji_winner_t *w)
{
    int i;

    memset(p, 0, sizeof *p);
    p->w = w;
    p->version = w->claim->version;
    kuji_claim_form_read(&p->form, w->page.config);
    p->count = kuji_claim_form_inputs(p->inputs, &p->form);
    for (i = 0; i < p->count; i++) {
        p->values[i] = "";
    }
}

static int find(const parcel_t *p, const char *name)
{
    int i;

    for (i = 0; i < p->count; i++) {
        if (strcmp(p->inputs[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

static int is_open(const kuji_winner_t *w)
{
    int64_t end = w->claim->due_at ? w->claim->due_at : w->claim->edit_until;
    int state = strcmp(w->claim->state, "won") == 0 ||
                strcmp(w->claim->state, "claimed") == 0;

    return state && !w->row->is_void && !w->claim->erased_at &&
           (!end || w->page.view->now < end);
}

static const char *label_of(const parcel_t *p, const kuji_claim_input_t *in)
{
    int english = strcmp(p->w->page.web->language, "en") == 0;
    const char *own =
        english && in->ask->label_en ? in->ask->label_en : in->ask->label;

    return own ? own : kuji_winner_text(p->w, "field", in->name);
}

static json_t *prefectures(const char *chosen)
{
    json_t *list = json_array();
    int i;

    for (i = 0; kuji_prefectures[i]; i++) {
        json_array_append_new(
            list,
            json_pack("{s:s, s:b}", "value", kuji_prefectures[i], "selected",
                      strcmp(kuji_prefectures[i], chosen) == 0));
    }
    return list;
}

static json_t *input_data(const parcel_t *p, int i)
{
    const kuji_claim_input_t *in = &p->inputs[i];
    const char *hint = kuji_winner_text(p->w, "hint", in->name);
    const char *wrong = kuji_claim_wrong_name(p->wrong[i]);
    json_t *data;
    unsigned k;

    for (k = 0; k + 1 < LOOKS && strcmp(looks[k].name, in->name) != 0; k++) {
    }
    data = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "name", in->name,
                     "label", label_of(p, in), "value", p->values[i],
                     "autocomplete", looks[k].autocomplete, "inputmode",
                     looks[k].inputmode, "required", in->is_required,
                     strcmp(in->name, "prefecture") == 0 ? "choice"
                     : in->field == KUJI_FIELD_NOTE      ? "lines"
                                                         : "line",
                     1);
    if (*hint) {
        json_object_set_new(data, "hint", json_string(hint));
    }
    if (*wrong) {
        json_object_set_new(
            data, "error", json_string(kuji_winner_text(p->w, "wrong", wrong)));
    }
    if (json_object_get(data, "choice")) {
        json_object_set_new(data, "options", prefectures(p->values[i]));
    }
    return data;
}

/* Whether both a postal code and an address are asked for. */
static int looks_up(const parcel_t *p)
{
    return find(p, "postal") >= 0 && find(p, "prefecture") >= 0;
}

static void add_inputs(parcel_t *p)
{
    json_t *list = json_array(), *data = p->w->page.data, *input;
    int i;

    for (i = 0; i < p->count; i++) {
        input = input_data(p, i);
        if (strcmp(p->inputs[i].name, "postal") == 0 && looks_up(p)) {
            json_object_set_new(input, "look_up", json_true());
        }
        json_array_append_new(list, input);
    }
    json_object_set_new(data, "fields", list);
    json_object_set_new(data, "version", json_integer(p->version));
    json_object_set_new(
        data, "again",
        json_boolean(strcmp(p->w->claim->state, "claimed") == 0));
    kuji_winner_add_end(p->w, "until", p->w->claim->edit_until,
                        p->w->page.view->now);
}

static int show_form(parcel_t *p, int status, const char *refused)
{
    add_inputs(p);
    json_object_set_new(p->w->page.data, "form", json_true());
    json_object_set_new(p->w->page.data, "step_input", json_true());
    json_object_set_new(p->w->page.data, "has_errors",
                        json_boolean(p->errors > 0));
    return kuji_winner_show(p->w, status, NULL, refused);
}

/* What the winner gave before. */
static void recall(parcel_t *p)
{
    const char *text;
    int i;

    for (i = 0; i < p->count; i++) {
        text = json_string_value(
            json_object_get(p->w->claim->data, p->inputs[i].name));
        p->values[i] = text ? text : "";
    }
}

int kuji_parcel_show(kuji_winner_t *w)
{
    int claimed = strcmp(w->claim->state, "claimed") == 0;
    parcel_t p;

    begin(&p, w);
    if (is_open(w) && (!claimed || kuji_query_get(w->page.web, "edit"))) {
        recall(&p);
        return show_form(&p, HTTP_OK, NULL);
    }
    if (claimed) {
        json_object_set_new(w->page.data, "step_done", json_true());
        json_object_set_new(w->page.data, "may_edit", json_boolean(is_open(w)));
        kuji_winner_add_end(w, "until", w->claim->edit_until,
                            w->page.view->now);
    }
    return kuji_winner_show(w, HTTP_OK, NULL, NULL);
}

/* What was typed, as it was; no input is shown longer than it could be. 0: no
 * form of ours has sent it. */
static int take(parcel_t *p)
{
    const char *value, *version = kuji_form_get(p->w->form, "version");
    int i;

    for (i = 0; i < p->count; i++) {
        value = kuji_form_get(p->w->form, p->inputs[i].name);
        p->values[i] = value ? value : "";
    }
    p->version = -1;
    if (!version) {
        return 1;
    }
    if (!*version || strspn(version, "0123456789") != strlen(version) ||
        strlen(version) > 8) {
        return 0;
    }
    p->version = (int)apr_atoi64(version);
    return 1;
}

/* Checks all inputs; values become what is kept. */
static void check(parcel_t *p)
{
    char *out;
    int i;

    for (i = 0; i < p->count; i++) {
        out = apr_palloc(p->w->page.pool, KUJI_PERSON_VALUE_MAX + 1);
        p->wrong[i] = kuji_claim_input_check(out, &p->inputs[i], p->values[i]);
        if (p->wrong[i] == KUJI_WRONG_NOTHING) {
            p->values[i] = out;
        }
        p->errors += p->wrong[i] != KUJI_WRONG_NOTHING;
    }
}

/* Fills in what the postal code says where nothing was typed. */
static int fill_address(parcel_t *p)
{
    static const char *const names[] = {"prefecture", "city", "street"};
    kuji_postal_found_t found = {0, "", "", ""};
    char code[KUJI_POSTAL_LEN + 1];
    const char *parts[3], *said = "found";
    int i, at, postal = find(p, "postal");
    apr_status_t rv;

    if (postal < 0 || !kuji_postal_code(code, p->values[postal])) {
        if (postal >= 0) {
            p->wrong[postal] = KUJI_WRONG_POSTAL;
        }
        return show_form(p, HTTP_UNPROCESSABLE_ENTITY, NULL);
    }
    rv = kuji_postal_find(&found, p->w->act.pg, code, p->w->page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&p->w->page, rv, "looking a place up");
    }
    parts[0] = found.prefecture;
    parts[1] = found.city;
    parts[2] = found.town;
    for (i = 0; i < 3; i++) {
        at = find(p, names[i]);
        if (at >= 0 && !*p->values[at]) {
            p->values[at] = parts[i];
        }
        else if (at >= 0 && found.found) {
            said = "kept";
        }
    }
    json_object_set_new(p->w->page.data, "looked_up",
                        json_string(kuji_winner_text(
                            p->w, "postal", found.found ? said : "nowhere")));
    return show_form(p, HTTP_OK, NULL);
}

/* What is agreed to by sending stands beside the button; a tick of one's own
 * stays while one goes back and forth. */
static void add_consents(parcel_t *p)
{
    const char *marketing = kuji_form_get(p->w->form, "marketing");

    kuji_consents_add(p->w->page.data, p->w->page.web);
    json_object_set_new(p->w->page.data, "marketing_given",
                        json_boolean(marketing && *marketing));
}

static int show_confirm(parcel_t *p, int status, const char *refused)
{
    json_t *list = json_array();
    int i;

    add_consents(p);

    for (i = 0; i < p->count; i++) {
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b}", "name", p->inputs[i].name,
                            "label", label_of(p, &p->inputs[i]), "value",
                            p->values[i], "given", *p->values[i] != '\0'));
    }
    json_object_update_new(p->w->page.data,
                           json_pack("{s:o, s:i, s:b, s:b}", "given", list,
                                     "version", p->version, "step_confirm", 1,
                                     "confirm", 1));
    return kuji_winner_show(p->w, status, NULL, refused);
}

/* Where the winner reads this: for a mail, if there is who sends it. */
static void set_mail(kuji_claim_sent_t *sent, const kuji_web_t *web)
{
    if (web->process->outbox) {
        sent->language = web->language;
        sent->base = kuji_letter_base(web);
    }
}

static apr_status_t submit(parcel_t *p, const char **why,
                           const kuji_consents_t *consents)
{
    kuji_winner_t *w = p->w;
    kuji_claim_sent_t sent = {
        .version = p->version,
        .consents = {consents->count, consents->digests, kuji_winner_path(w)}};
    json_t *data = json_object();
    apr_status_t rv;
    int i;

    set_mail(&sent, w->page.web);

    for (i = 0; i < p->count; i++) {
        if (*p->values[i]) {
            json_object_set_new(data, p->inputs[i].name,
                                json_string(p->values[i]));
        }
    }
    rv = kuji_consents_keep(w->page.web, consents);
    if (rv == APR_SUCCESS) {
        rv = kuji_claim_send(why, &w->act, w->page.web->slug, w->row->n,
                             w->digest, data, &sent, w->page.pool);
    }
    json_decref(data);
    return rv;
}

static int finish(parcel_t *p)
{
    kuji_consents_t consents;
    const char *why = kuji_consents_read(&consents, p->w->page.web, p->w->form);
    apr_status_t rv;

    if (why) {
        return show_confirm(p, HTTP_UNPROCESSABLE_ENTITY, why);
    }
    rv = submit(p, &why, &consents);
    switch (rv) {
    case APR_SUCCESS:
        return kuji_winner_done(p->w);
    case KUJI_EINVAL: /* all that was asked for was left out */
        return show_form(p, HTTP_UNPROCESSABLE_ENTITY, "field");
    case KUJI_ECONFLICT:
        p->version = p->w->claim->version;
        return show_form(p, HTTP_CONFLICT, "changed");
    case KUJI_ESTATE:
        return kuji_winner_show(p->w, HTTP_CONFLICT, NULL, "state");
    default:
        return kuji_page_failure(&p->w->page, rv, "claiming a parcel");
    }
}

int kuji_parcel_post(kuji_winner_t *w)
{
    const char *step = kuji_form_get(w->form, "step");
    parcel_t p;

    begin(&p, w);
    if (!take(&p)) {
        json_decref(w->page.data);
        return kuji_problem(w->page.web, KUJI_PROBLEM_BAD_REQUEST,
                            "version is the number that the form came with");
    }
    step = step ? step : "send";
    if (!is_open(w)) {
        return kuji_winner_show(w, HTTP_CONFLICT, NULL, "state");
    }
    if (strcmp(step, "address") == 0) {
        return fill_address(&p);
    }
    if (strcmp(step, "edit") == 0) {
        add_consents(&p);
        return show_form(&p, HTTP_OK, NULL);
    }
    check(&p);
    if (p.errors) {
        return show_form(&p, HTTP_UNPROCESSABLE_ENTITY, "field");
    }
    return strcmp(step, "confirm") == 0 ? show_confirm(&p, HTTP_OK, NULL)
                                        : finish(&p);
}
