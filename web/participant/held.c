/* SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/held.h"

#include <string.h>

kuji_act_t kuji_held_act(kuji_web_t *web)
{
    kuji_act_t act = {.pg = web->process->pg,
                      .keys = web->process->keys,
                      .tenant = web->tenant->id,
                      .actor = "participant"};

    return act;
}

int kuji_held_read(kuji_held_t *held, kuji_page_t *page, int limit)
{
    kuji_act_t act = kuji_held_act(page->web);
    unsigned char *digest;
    apr_status_t rv;
    int kind;

    held->count = 0;
    for (kind = 0; kind < KUJI_IDENTITY_KINDS; kind++) {
        digest = held->digests[held->count];
        if (!kuji_identity_digest(digest, page->web,
                                  (kuji_identity_kind_e)kind)) {
            continue;
        }
        rv = kuji_person_mine(&held->people[held->count], &act, page->web->slug,
                              digest, limit, page->pool);
        if (rv == APR_SUCCESS) {
            held->count++;
        }
        else if (rv != KUJI_ENOTFOUND) {
            return kuji_page_failure(page, rv, "reading what is held");
        }
    }
    return DECLINED;
}

int kuji_held_pace(kuji_web_t *web)
{
    unsigned char digest[KUJI_DIGEST_LEN];

    if (!kuji_identity_digest(digest, web, KUJI_IDENTITY_COOKIE) ||
        kuji_pace_allows(web->process->pace, digest,
                         apr_time_sec(web->r->request_time))) {
        return DECLINED;
    }
    return kuji_problem(web, KUJI_PROBLEM_RATE_LIMITED, NULL);
}

const char *kuji_held_address(const kuji_held_t *held, int i)
{
    const char *address = held->people[i]->address;
    int k;

    for (k = 0; address && k < i; k++) {
        if (held->people[k]->address &&
            strcmp(held->people[k]->address, address) == 0) {
            return NULL;
        }
    }
    return address;
}

int kuji_held_is_waiting(const kuji_person_draw_t *draw)
{
    static const char *const states[] = {"won", "claimed"};
    unsigned i;

    for (i = 0; draw->state && i < sizeof states / sizeof *states; i++) {
        if (strcmp(draw->state, states[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

const char *kuji_held_prize(const kuji_page_t *page, const char *code)
{
    int i = code ? kuji_manifest_prize(page->m, code) : KUJI_BLANK;
    const char *name =
        i < 0 ? NULL
              : json_string_value(json_object_get(
                    json_array_get(json_object_get(page->data, "prizes"),
                                   (size_t)i),
                    "name"));

    return name ? name : code;
}
