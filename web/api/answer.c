/* The answer to a draw, written by hand: jansson would allocate some thirty
 * times for the same bytes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/api/answer.h"

#include <sodium.h>
#include <stdio.h>

/* Everything of a draw but its leaf and its prize's name: field names, three
 * numbers of 20 digits, prize code, salt. */
#define DRAW_ROOM 320

static char *put(char *out, const char *text)
{
    apr_size_t len = strlen(text);

    memcpy(out, text, len);
    return out + len;
}

static char *put_number(char *out, int64_t value)
{
    char digits[24];
    char *at = digits + sizeof(digits);
    uint64_t rest = (uint64_t)value;

    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    memcpy(out, at, (apr_size_t)(digits + sizeof(digits) - at));
    return out + (digits + sizeof(digits) - at);
}

char *kuji_answer_quote(char *out, const char *text)
{
    *out++ = '"';
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\') {
            *out++ = '\\';
            *out++ = (char)c;
        }
        else if (c == '\n') {
            *out++ = '\\';
            *out++ = 'n';
        }
        else if (c < 0x20) {
            out += sprintf(out, "\\u%04x", c);
        }
        else {
            *out++ = (char)c;
        }
    }
    *out++ = '"';
    return out;
}

static char *put_prize(char *out, const kuji_manifest_t *m,
                       const kuji_drawn_t *draw)
{
    const kuji_prize_t *prize;

    if (draw->prize < 0) {
        return put(out, m->method == KUJI_RAFFLE
                            ? "\"outcome\":\"entry\",\"prize\":null"
                            : "\"outcome\":\"blank\",\"prize\":null");
    }
    prize = &m->prizes[draw->prize];
    out = put(out, "\"outcome\":\"prize\",\"prize\":{\"code\":\"");
    out = put(out, prize->code);
    out = put(out, "\",\"name\":");
    out = kuji_answer_quote(out, prize->name);
    return put(out, "}");
}

/* salt: hex with quotes, or null. */
static char *put_draw(char *out, const kuji_manifest_t *m,
                      const kuji_drawn_t *draw, const char *salt)
{
    out = put(out, "{\"n\":");
    out = put_number(out, (int64_t)draw->n);
    out = put(out, ",\"t\":");
    out = put_number(out, draw->t);
    *out++ = ',';
    out = put_prize(out, m, draw);
    out = put(out, ",\"receipt\":{\"leaf\":");
    out = kuji_answer_quote(out, draw->leaf);
    out = put(out, ",\"index\":");
    out = put_number(out, (int64_t)draw->i);
    out = put(out, ",\"salt\":");
    out = put(out, salt);
    return put(out, "}}");
}

static apr_size_t room_for(const kuji_manifest_t *m,
                           const kuji_draw_answer_t *answer)
{
    apr_size_t room = 512 + 2 * strlen(answer->checkpoint);
    int i;

    for (i = 0; i < answer->count; i++) {
        int prize = answer->draws[i].prize;

        room += DRAW_ROOM + 2 * KUJI_LEAF_DRAW_MAX;
        room += prize >= 0 ? 6 * strlen(m->prizes[prize].name) : 0;
    }
    return room;
}

const char *kuji_answer_write(apr_size_t *len, kuji_web_t *web,
                              const kuji_draw_answer_t *answer)
{
    const kuji_manifest_t *m = web->campaign->manifest;
    char *text = apr_palloc(web->r->pool, room_for(m, answer));
    char salt[2 * KUJI_SALT_LEN + 3] = "null";
    char *out;
    int i;

    if (answer->has_salt) {
        salt[0] = '"';
        sodium_bin2hex(salt + 1, 2 * KUJI_SALT_LEN + 1, answer->salt,
                       KUJI_SALT_LEN);
        memcpy(salt + 2 * KUJI_SALT_LEN + 1, "\"", 2);
    }
    out = put(text, "{\"campaign\":\"");
    out = put(out, web->campaign->slug);
    out = put(out, "\",\"draws\":[");
    for (i = 0; i < answer->count; i++) {
        if (i) {
            *out++ = ',';
        }
        out = put_draw(out, m, &answer->draws[i], salt);
    }
    out = put(out, "],\"checkpoint\":");
    out = kuji_answer_quote(out, answer->checkpoint);
    out = put(out, "}");
    *len = (apr_size_t)(out - text);
    return text;
}
