/* SPDX-License-Identifier: Apache-2.0 */
#include "core/claim_form.h"

#include "core/error.h"
#include "core/kana.h"
#include "core/postal.h"
#include "core/utf8.h"

#include <string.h>

/** Bytes of an input that is one line. */
#define LINE_MAX_BYTES 300
#define MAIL_MAX_BYTES 254

static const char *const names[KUJI_FIELD_LAST] = {
    "name", "kana", "postal", "address", "phone", "mail", "note"};
static const char *const wrongs[KUJI_WRONG_LAST] = {
    "",       "missing",    "long",  "character", "kana",
    "postal", "prefecture", "phone", "mail"};

const char *kuji_claim_field_name(kuji_claim_field_e field)
{
    return names[field];
}

kuji_claim_field_e kuji_claim_field_find(const char *name)
{
    int i;

    for (i = 0; i < KUJI_FIELD_LAST && (!name || strcmp(names[i], name) != 0);
         i++) {
    }
    return (kuji_claim_field_e)i;
}

const char *kuji_claim_wrong_name(kuji_claim_wrong_e wrong)
{
    return wrongs[wrong];
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text && *text ? text : NULL;
}

/* A name alone is a field that must be filled in; a question may be left. */
static void add(kuji_claim_form_t *form, const json_t *entry)
{
    const char *name = json_is_string(entry) ? json_string_value(entry)
                                             : text_of(entry, "name");
    kuji_claim_ask_t *ask = &form->asks[form->count];

    ask->field = kuji_claim_field_find(name);
    if (ask->field == KUJI_FIELD_LAST || form->count == KUJI_FIELD_LAST) {
        return;
    }
    ask->is_required = json_is_string(entry)
                           ? ask->field != KUJI_FIELD_NOTE
                           : json_is_true(json_object_get(entry, "required"));
    ask->label = text_of(entry, "label");
    ask->label_en = text_of(entry, "label_en");
    form->count++;
}

void kuji_claim_form_read(kuji_claim_form_t *form, const json_t *config)
{
    static const kuji_claim_field_e usual[] = {
        KUJI_FIELD_NAME, KUJI_FIELD_POSTAL, KUJI_FIELD_ADDRESS,
        KUJI_FIELD_PHONE};
    const json_t *list = json_object_get(config, "claim_fields"), *entry;
    size_t i;

    memset(form, 0, sizeof *form);
    json_array_foreach(list, i, entry)
    {
        if (form->count < KUJI_FIELD_LAST) {
            add(form, entry);
        }
    }
    for (i = 0; !json_array_size(list) && i < 4; i++) {
        form->asks[form->count].field = usual[i];
        form->asks[form->count++].is_required = 1;
    }
}

int kuji_claim_form_inputs(kuji_claim_input_t inputs[KUJI_CLAIM_INPUTS_MAX],
                           const kuji_claim_form_t *form)
{
    static const char *const parts[] = {"prefecture", "city", "street",
                                        "building"};
    int count = 0, i, k;

    for (i = 0; i < form->count; i++) {
        const kuji_claim_ask_t *ask = &form->asks[i];
        int nparts = ask->field == KUJI_FIELD_ADDRESS ? 4 : 1;

        for (k = 0; k < nparts; k++) {
            inputs[count].name = nparts == 4 ? parts[k] : names[ask->field];
            inputs[count].field = ask->field;
            /* Many live in a house without a name. */
            inputs[count].is_required = ask->is_required && k < 3;
            inputs[count++].ask = ask;
        }
    }
    return count;
}

/* The characters of a line; a note has several lines. */
static kuji_claim_wrong_e check_characters(const char *text, int lines)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t left = strlen(text), used;
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        used = kuji_utf8_next(&c, at, left);
        if (used == 0 || (c < ' ' && !(lines && (c == '\n' || c == '\t'))) ||
            (c >= 0x7f && c < 0xa0)) {
            return KUJI_WRONG_CHARACTER;
        }
    }
    return KUJI_WRONG_NOTHING;
}

static kuji_claim_wrong_e check_kana(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t left = strlen(text), used;
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        used = kuji_utf8_next(&c, at, left);
        if (!used || (c != ' ' && (c < 0x30a1 || c > 0x30fe))) {
            return KUJI_WRONG_KANA;
        }
    }
    return KUJI_WRONG_NOTHING;
}

static kuji_claim_wrong_e check_postal(char *text)
{
    char code[KUJI_POSTAL_LEN + 1];

    if (!kuji_postal_code(code, text)) {
        return KUJI_WRONG_POSTAL;
    }
    memcpy(text, code, 3);
    text[3] = '-';
    memcpy(text + 4, code + 3, 5);
    return KUJI_WRONG_NOTHING;
}

/* Digits with one hyphen where something stood between them. */
static void write_phone(char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t left = strlen(text), used;
    char *to = text;
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        used = kuji_utf8_next(&c, at, left);
        if ((c >= '0' && c <= '9') || c == '+') {
            *to++ = (char)c;
        }
        else if (to > text && to[-1] != '-') {
            *to++ = '-';
        }
    }
    while (to > text && to[-1] == '-') {
        to--;
    }
    *to = '\0';
}

static kuji_claim_wrong_e check_phone(char *text)
{
    char digits[KUJI_IDENTIFIER_MAX + 1];
    int abroad;
    apr_size_t len;

    if (kuji_identifier_normalise(digits, KUJI_IDENTIFIER_PHONE, text,
                                  strlen(text)) != APR_SUCCESS) {
        return KUJI_WRONG_PHONE;
    }
    abroad = *text == '+' && *digits != '0';
    len = strlen(digits);
    if (!abroad && (*digits != '0' || len < 10 || len > 11)) {
        return KUJI_WRONG_PHONE;
    }
    write_phone(text);
    return KUJI_WRONG_NOTHING;
}

static kuji_claim_wrong_e check_mail(const char *text)
{
    char folded[KUJI_IDENTIFIER_MAX + 1];
    const char *dot;

    if (strlen(text) > MAIL_MAX_BYTES || strchr(text, ' ') ||
        kuji_identifier_normalise(folded, KUJI_IDENTIFIER_MAIL, text,
                                  strlen(text)) != APR_SUCCESS) {
        return KUJI_WRONG_MAIL;
    }
    dot = strchr(strchr(folded, '@'), '.');
    return dot && dot[-1] != '@' && dot[1] ? KUJI_WRONG_NOTHING
                                           : KUJI_WRONG_MAIL;
}

static kuji_claim_wrong_e check_value(char *out,
                                      const kuji_claim_input_t *input)
{
    switch (input->field) {
    case KUJI_FIELD_KANA:
        return check_kana(out);
    case KUJI_FIELD_POSTAL:
        return check_postal(out);
    case KUJI_FIELD_ADDRESS:
        return strcmp(input->name, "prefecture") != 0 || kuji_is_prefecture(out)
                   ? KUJI_WRONG_NOTHING
                   : KUJI_WRONG_PREFECTURE;
    case KUJI_FIELD_PHONE:
        return check_phone(out);
    case KUJI_FIELD_MAIL:
        return check_mail(out);
    default:
        return KUJI_WRONG_NOTHING;
    }
}

/* A question's answer as it was written, but for the ends of its lines. */
static void write_note(char *out, const char *text)
{
    for (; *text; text++) {
        if (*text != '\r') {
            *out++ = *text;
        }
    }
    *out = '\0';
}

kuji_claim_wrong_e kuji_claim_input_check(char *out,
                                          const kuji_claim_input_t *input,
                                          const char *text)
{
    int note = input->field == KUJI_FIELD_NOTE;
    kuji_claim_wrong_e wrong;

    *out = '\0';
    text = text ? text : "";
    if (strlen(text) > KUJI_PERSON_VALUE_MAX) {
        return KUJI_WRONG_LONG;
    }
    if (note) {
        write_note(out, text);
    }
    else if (kuji_kana_tidy(out, KUJI_PERSON_VALUE_MAX + 1, text,
                            input->field == KUJI_FIELD_KANA) < 0) {
        *out = '\0';
        return KUJI_WRONG_CHARACTER;
    }
    if (!out[strspn(out, " \t\n")]) {
        *out = '\0';
        return input->is_required ? KUJI_WRONG_MISSING : KUJI_WRONG_NOTHING;
    }
    wrong = check_characters(out, note);
    if (wrong == KUJI_WRONG_NOTHING && !note && strlen(out) > LINE_MAX_BYTES) {
        wrong = KUJI_WRONG_LONG;
    }
    return wrong == KUJI_WRONG_NOTHING ? check_value(out, input) : wrong;
}
