/* GET /k/{slug}/fairness: the proof page.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/claim.h"
#include "store/proof.h"
#include "web/participant/words.h"
#include "web/request.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define ROWS 20

static apr_status_t add_checkpoint(kuji_page_t *page)
{
    unsigned char root[KUJI_HASH_LEN];
    char note[KUJI_NOTE_MAX];
    kuji_act_t act;
    uint64_t size;
    apr_status_t rv;

    kuji_page_act(&act, page->web);
    rv =
        kuji_proof_head(&size, root, &act, page->web->campaign->id, page->pool);
    if (rv == APR_SUCCESS) {
        kuji_note_sign(note, &page->web->process->keys->signer, page->m->origin,
                       size, root);
        json_object_set_new(page->data, "checkpoint", json_string(note));
    }
    return rv;
}

/* Won prizes that their winners have, or that are on their way to them. */
static int is_delivered(const char *state)
{
    return strcmp(state, "shipped") == 0 || strcmp(state, "redeemed") == 0 ||
           strcmp(state, "delivered") == 0;
}

static apr_status_t add_delivered(kuji_page_t *page)
{
    json_t *prizes = json_object_get(page->data, "prizes"), *prize;
    const kuji_claim_count_t *counts;
    kuji_act_t act;
    int count;
    size_t i;
    apr_status_t rv;

    kuji_page_act(&act, page->web);
    rv = kuji_claim_counts(&counts, &count, &act, page->web->campaign->id,
                           page->pool);
    json_array_foreach(prizes, i, prize)
    {
        int64_t delivered = 0;

        for (int k = 0; rv == APR_SUCCESS && k < count; k++) {
            if (is_delivered(counts[k].state) &&
                strcmp(counts[k].prize, page->m->prizes[i].code) == 0) {
                delivered += counts[k].count;
            }
        }
        json_object_set_new(
            prize, "delivered",
            json_string(kuji_words_count(delivered, page->pool)));
    }
    return rv;
}

static void add_commitment(kuji_page_t *page)
{
    char hex[2 * KUJI_HASH_LEN + 1];

    sodium_bin2hex(hex, sizeof hex, page->m->commitment, KUJI_HASH_LEN);
    json_object_set_new(page->data, "commitment", json_string(hex));
    json_object_set_new(
        page->data, "origin_url",
        json_sprintf("%s://%s", kuji_is_https(page->web->r) ? "https" : "http",
                     page->m->origin));
}

int kuji_page_fairness(kuji_web_t *web)
{
    kuji_page_t page;
    apr_status_t rv;
    int done;

    if ((done = kuji_page_open(&page, web)) != DECLINED) {
        return done;
    }
    rv = kuji_page_read(&page);
    if (rv == APR_SUCCESS) {
        rv = kuji_page_add_mine(&page, 0, ROWS);
    }
    if (rv == APR_SUCCESS) {
        rv = add_delivered(&page);
    }
    if (rv == APR_SUCCESS) {
        rv = add_checkpoint(&page);
    }
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&page, rv, "reading a proof page");
    }
    add_commitment(&page);
    kuji_words_add_rules(&page);
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_PRIVATE, "fairness");
}
