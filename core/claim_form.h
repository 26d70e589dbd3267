/* The form by which winners say where a parcel goes: which fields an organiser
 * asks for (CONFIG claim_fields), and what was typed into them, understood
 * kindly.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CLAIM_FORM_H
#define KUJI_CORE_CLAIM_FORM_H

#include "core/person.h"

typedef enum kuji_claim_field_e {
    KUJI_FIELD_NAME,
    KUJI_FIELD_KANA,
    KUJI_FIELD_POSTAL,
    KUJI_FIELD_ADDRESS, /* prefecture, city, street, building */
    KUJI_FIELD_PHONE,
    KUJI_FIELD_MAIL,
    KUJI_FIELD_NOTE, /* the organiser's own question */
    KUJI_FIELD_LAST
} kuji_claim_field_e;

/** "name", "kana", …, as in CONFIG. */
const char *kuji_claim_field_name(kuji_claim_field_e field);
/** KUJI_FIELD_LAST: none of that name. */
kuji_claim_field_e kuji_claim_field_find(const char *name);

typedef struct kuji_claim_ask_t {
    kuji_claim_field_e field;
    int is_required;
    const char *label, *label_en; /* the note's question; NULL: none */
} kuji_claim_ask_t;

typedef struct kuji_claim_form_t {
    int count;
    kuji_claim_ask_t asks[KUJI_FIELD_LAST]; /* in the organiser's order */
} kuji_claim_form_t;

/** What a checked CONFIG asks for; where it names nothing: name, postal code,
 * address and phone. Texts are borrowed of config. */
void kuji_claim_form_read(kuji_claim_form_t *form, const json_t *config);

/** One input of the form; an address has four. */
typedef struct kuji_claim_input_t {
    const char *name; /* also of the member in the data */
    kuji_claim_field_e field;
    int is_required;
    const kuji_claim_ask_t *ask;
} kuji_claim_input_t;
#define KUJI_CLAIM_INPUTS_MAX (KUJI_FIELD_LAST + 3)

/** Fills inputs; returns how many. form outlives them. */
int kuji_claim_form_inputs(kuji_claim_input_t inputs[KUJI_CLAIM_INPUTS_MAX],
                           const kuji_claim_form_t *form);

/** What is wrong with an input. */
typedef enum kuji_claim_wrong_e {
    KUJI_WRONG_NOTHING,
    KUJI_WRONG_MISSING,
    KUJI_WRONG_LONG,
    KUJI_WRONG_CHARACTER, /* a control character, malformed UTF-8 */
    KUJI_WRONG_KANA,
    KUJI_WRONG_POSTAL,
    KUJI_WRONG_PREFECTURE,
    KUJI_WRONG_PHONE,
    KUJI_WRONG_MAIL,
    KUJI_WRONG_LAST
} kuji_claim_wrong_e;

/** "missing", "long", …; "" for nothing. */
const char *kuji_claim_wrong_name(kuji_claim_wrong_e wrong);

/** Reads what was typed (NULL: nothing) and writes it as it is kept: widths
 * made alike (core/kana.h), kana as katakana, "123-4567", a phone number's
 * digits and hyphens. out has room for KUJI_PERSON_VALUE_MAX + 1 bytes; "" for
 * an optional input that was left empty. */
kuji_claim_wrong_e kuji_claim_input_check(char *out,
                                          const kuji_claim_input_t *input,
                                          const char *text);

#endif
