/* What a CONFIG says about handing prizes over: the winner's form, and what
 * each kind of prize needs.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/claim.h"
#include "core/claim_form.h"
#include "core/config_int.h"
#include "core/fields.h"

#include <string.h>

#define LABEL_MAX 300
#define TEXT_MAX 20000
#define URL_MAX 2000
/** As the manifest's times: before the year 10000. */
#define TIME_MAX INT64_C(253402300799999)

static void text(kuji_fields_t *f, const char *name, apr_size_t max)
{
    if (kuji_fields_has(f, name) && strlen(kuji_fields_word(f, name)) > max) {
        kuji_fields_wrong(f, name, "is too long");
    }
}

/* A field by its name alone, or with what is asked about it. */
static kuji_claim_field_e check_entry(kuji_fields_t *parent,
                                      const json_t *entry)
{
    kuji_claim_field_e field;
    kuji_fields_t f;

    if (json_is_string(entry)) {
        return kuji_claim_field_find(json_string_value(entry));
    }
    kuji_fields_init(&f, entry, "claim_fields", parent->why, parent->pool);
    field = kuji_claim_field_find(kuji_fields_word(&f, "name"));
    if (kuji_fields_has(&f, "required")) {
        kuji_fields_bool(&f, "required");
    }
    if (field == KUJI_FIELD_NOTE) {
        text(&f, "label", LABEL_MAX);
        text(&f, "label_en", LABEL_MAX);
    }
    kuji_fields_end(&f);
    return field;
}

void kuji_config__claim_fields(kuji_fields_t *f)
{
    const json_t *list, *entry;
    kuji_claim_field_e field;
    unsigned seen = 0;
    size_t i;

    if (!kuji_fields_has(f, "claim_fields")) {
        return;
    }
    list = kuji_fields_array(f, "claim_fields");
    json_array_foreach(list, i, entry)
    {
        field = check_entry(f, entry);
        if (field == KUJI_FIELD_LAST || seen & 1u << field) {
            kuji_fields_wrong(f, "claim_fields",
                              "holds a field twice or one that no form has");
            return;
        }
        seen |= 1u << field;
    }
}

int kuji_config_is_link(const char *url)
{
    static const char scheme[] = "https://";
    const char *host = url + strlen(scheme), *c;

    if (strncmp(url, scheme, strlen(scheme)) != 0 || strlen(url) > URL_MAX ||
        !strchr(
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
            *host) ||
        !*host) {
        return 0;
    }
    for (c = host; *c > ' ' && *c != 0x7f && !strchr("\"<>\\^`{|}", *c); c++) {
    }
    return !*c && !memchr(host, '@', strcspn(host, "/?#"));
}

static void check_validity(kuji_fields_t *f)
{
    int64_t from = 0, until = TIME_MAX;

    if (kuji_fields_has(f, "valid_from")) {
        from = kuji_fields_int(f, "valid_from", 0, TIME_MAX);
    }
    if (kuji_fields_has(f, "valid_until")) {
        until = kuji_fields_int(f, "valid_until", 0, TIME_MAX);
    }
    if (from >= until) {
        kuji_fields_wrong(f, "valid_until", "must be after valid_from");
    }
}

void kuji_config__prize_kind(kuji_fields_t *f)
{
    switch (kuji_claim_kind(
        json_string_value(json_object_get(f->object, "kind")))) {
    case KUJI_KIND_COUPON:
        check_validity(f);
        text(f, "terms", TEXT_MAX);
        text(f, "terms_en", TEXT_MAX);
        break;
    case KUJI_KIND_LINK:
        if (kuji_fields_has(f, "url") &&
            !kuji_config_is_link(kuji_fields_word(f, "url"))) {
            kuji_fields_wrong(f, "url", "must begin with https://");
        }
        break;
    case KUJI_KIND_MESSAGE:
        text(f, "message", TEXT_MAX);
        text(f, "message_en", TEXT_MAX);
        break;
    default:
        break;
    }
}
