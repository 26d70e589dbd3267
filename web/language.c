/* SPDX-License-Identifier: Apache-2.0 */
#include "web/language.h"

#include <string.h>
#include <strings.h>

#define SPACE " \t"
/* The weight of what the header does not name. */
#define UNSAID (-1)

/* What the header says of one language. */
typedef struct wish_t {
    int weight; /* thousandths, or UNSAID */
    int place;  /* of the range in the header */
} wish_t;

/* "1", "0.8", "1.000" as thousandths; -1: no weight of RFC 9110 §12.4.2. */
static int read_weight(const char *text, size_t len)
{
    int value, scale = 100;
    size_t i;

    if (!len || len > 5 || (text[0] != '0' && text[0] != '1') ||
        (len > 1 && text[1] != '.')) {
        return -1;
    }
    value = (text[0] - '0') * 1000;
    for (i = 2; i < len; i++, scale /= 10) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value += (text[i] - '0') * scale;
    }
    return value <= 1000 ? value : -1;
}

/* The weight of one element of the list, its range being `len` long. */
static int weight_of(const char *element, size_t len, size_t end)
{
    const char *at = element + len, *last = element + end;

    at += strspn(at, SPACE);
    if (at >= last) {
        return 1000;
    }
    if (*at++ != ';') {
        return -1;
    }
    at += strspn(at, SPACE);
    if (last - at < 3 || strncasecmp(at, "q=", 2) != 0) {
        return -1;
    }
    at += 2;
    while (last > at && strchr(SPACE, last[-1])) {
        last--;
    }
    return read_weight(at, (size_t)(last - at));
}

/* Of several ranges of one language the greatest weight counts. */
static void wish(wish_t *of, int weight, int place)
{
    if (weight > of->weight) {
        of->weight = weight;
        of->place = place;
    }
}

static int is_language(const char *range, size_t len, const char *name)
{
    return len >= 2 && strncasecmp(range, name, 2) == 0 &&
           (len == 2 || range[2] == '-');
}

static const char *choose(const wish_t *ja, const wish_t *en)
{
    if (ja->weight == 0 && en->weight != 0) {
        return "en";
    }
    if (en->weight <= 0) {
        return "ja";
    }
    if (en->weight != ja->weight) {
        return en->weight > ja->weight ? "en" : "ja";
    }
    return en->place < ja->place ? "en" : "ja";
}

const char *kuji_language_preferred(const char *accept)
{
    wish_t ja = {UNSAID, 0}, en = {UNSAID, 0}, any = {UNSAID, 0};
    int place, weight;
    size_t len, end;

    for (place = 0; accept && *accept; place++) {
        accept += strspn(accept, SPACE);
        end = strcspn(accept, ",");
        len = strcspn(accept, "," SPACE ";");
        weight = len ? weight_of(accept, len, end) : -1;
        if (weight >= 0) {
            if (is_language(accept, len, "ja")) {
                wish(&ja, weight, place);
            }
            else if (is_language(accept, len, "en")) {
                wish(&en, weight, place);
            }
            else if (len == 1 && *accept == '*') {
                wish(&any, weight, place);
            }
        }
        accept += end;
        accept += *accept == ',';
    }
    ja = ja.weight == UNSAID ? any : ja;
    en = en.weight == UNSAID ? any : en;
    return choose(&ja, &en);
}

const char *kuji_language_named(const char *text)
{
    if (!text) {
        return NULL;
    }
    return strcmp(text, "ja") == 0   ? "ja"
           : strcmp(text, "en") == 0 ? "en"
                                     : NULL;
}

const char *kuji_language_of_text(const char *text)
{
    const unsigned char *p = (const unsigned char *)(text ? text : "");

    /* U+3040 to U+9FFF in UTF-8: E3 81 80 to E9 BF BF. */
    for (; *p; p++) {
        if ((*p == 0xe3 && p[1] >= 0x81) || (*p > 0xe3 && *p <= 0xe9)) {
            return "ja";
        }
    }
    return NULL;
}
