/* POST /api/v1/campaigns/{slug}/draws: the hot path. Nothing is logged, the
 * answer is written by hand into one buffer.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/gates.h"
#include "web/api/answer.h"
#include "web/api/api.h"
#include "web/entry.h"
#include "web/request.h"
#include "web/tries.h"

#define BODY_MAX 4096
#define KEY_MAX 64
#define CODE_BYTES_MAX 256

/* 1 .. KEY_MAX visible ASCII characters. */
static int is_key(const char *key)
{
    const char *c = key;

    while (*c > 0x20 && *c < 0x7f) {
        c++;
    }
    return key != c && !*c && c - key <= KEY_MAX;
}

/* Returns NULL or what is wrong. */
static const char *read_entry(kuji_entry_t *e, json_t *doc)
{
    const json_t *participant = json_object_get(doc, "participant");
    const json_t *code = json_object_get(doc, "code");
    const json_t *count = json_object_get(doc, "count");
    json_int_t value;

    if (json_object_size(doc) != 1u + (code != NULL) + (count != NULL) ||
        !json_is_string(participant)) {
        return "the body has participant, and optionally code and count";
    }
    e->participant = json_string_value(participant);
    if (!json_string_length(participant) ||
        json_string_length(participant) > KUJI_PARTICIPANT_MAX) {
        return "participant has 1 to 128 bytes";
    }
    if (code) {
        if (!json_is_string(code) ||
            json_string_length(code) > CODE_BYTES_MAX) {
            return "code is a string of 256 bytes at most";
        }
        e->code = json_string_value(code);
    }
    value = count ? json_integer_value(count) : 1;
    if ((count && !json_is_integer(count)) || value < 1 ||
        value > KUJI_COUNT_MAX) {
        return "count is a number of 1 to 100";
    }
    e->count = (int)value;
    return NULL;
}

static int send_answer(kuji_web_t *web, const kuji_draw_answer_t *answer)
{
    apr_size_t len;
    const char *text = kuji_answer_write(&len, web, answer);

    return kuji_send(web,
                     answer->outcome == KUJI_DRAWN ? HTTP_CREATED : HTTP_OK,
                     "application/json", KUJI_CACHE_NO_STORE, text, len);
}

/* Wrong codes are counted by the program's participant: the program's own
 * address stands for everybody who uses it. Whoever is not listened to still
 * gets the draw that the key has already. */
static int check_tries(kuji_web_t *web, const kuji_entry_t *entry)
{
    const char *path;
    int wait = web->campaign->gates & KUJI_GATE_CODE
                   ? kuji_tries_wait(web, entry->participant)
                   : 0;
    apr_status_t rv = wait ? kuji_entry_find(&path, web, entry) : APR_SUCCESS;

    if (rv == APR_SUCCESS) {
        return DECLINED;
    }
    return rv == KUJI_ENOTFOUND
               ? kuji_tries_refuse(web, wait)
               : kuji_failure(web, rv, "looking for a draw by its key");
}

static int refused(kuji_web_t *web, const kuji_entry_t *entry,
                   const kuji_draw_answer_t *answer)
{
    const char *why, *code = entry->code;
    kuji_problem_e problem = kuji_entry_problem(&why, answer, web->r->pool);

    if (code && *code &&
        (problem == KUJI_PROBLEM_CODE_UNKNOWN ||
         problem == KUJI_PROBLEM_CODE_USED)) {
        kuji_tries_wrong(web, entry->participant);
    }
    if (problem == KUJI_PROBLEM_CODE_UNKNOWN && code &&
        kuji_entry_is_mistyped(web, code)) {
        why = "the code is mistyped: its check symbol does not fit";
    }
    return kuji_problem(web, problem, why);
}

int kuji_api_draws(kuji_web_t *web)
{
    kuji_entry_t entry = {.count = 1};
    const kuji_draw_answer_t *answer;
    const char *why;
    json_t *doc;
    apr_status_t rv;
    int done;

    entry.key = apr_table_get(web->r->headers_in, "Idempotency-Key");
    if (!entry.key || !is_key(entry.key)) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            "the header Idempotency-Key is needed: 1 to 64 "
                            "visible ASCII characters");
    }
    if ((rv = kuji_body_json(&doc, &why, web, BODY_MAX))) {
        return kuji_body_problem(web, rv, why);
    }
    if ((why = read_entry(&entry, doc))) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST, why);
    }
    if ((done = check_tries(web, &entry)) != DECLINED) {
        return done;
    }
    if ((rv = kuji_entry_draw(&answer, web, &entry))) {
        return kuji_failure(web, rv, "drawing");
    }
    return kuji_entry_is_drawn(answer) ? send_answer(web, answer)
                                       : refused(web, &entry, answer);
}
