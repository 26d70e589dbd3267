/* GET /k/{slug}/draws/{n}/receipt.json: what a participant keeps to prove a
 * draw later (fairness.md 3), in the form that kuji-verify --receipt reads.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/proof.h"
#include "web/identity.h"
#include "web/participant/page.h"

#include <apr_strings.h>
#include <sodium.h>

static json_t *receipt(kuji_web_t *web, const kuji_draw_row_t *row,
                       const char *checkpoint)
{
    char salt[2 * KUJI_SALT_LEN + 1];

    sodium_bin2hex(salt, sizeof salt, row->salt, KUJI_SALT_LEN);
    return json_pack("{s:s, s:I, s:s, s:s, s:I, s:s?, s:s}", "campaign",
                     web->campaign->slug, "n", (json_int_t)row->n,
                     "participant", kuji_identity_find(web, row->participant),
                     "leaf", row->leaf, "index", (json_int_t)row->i, "salt",
                     row->has_salt ? salt : NULL, "checkpoint", checkpoint);
}

int kuji_page_receipt(kuji_web_t *web)
{
    unsigned char root[KUJI_HASH_LEN];
    char checkpoint[KUJI_NOTE_MAX];
    const kuji_draw_row_t *row;
    kuji_act_t act;
    uint64_t size;
    apr_status_t rv;

    kuji_page_act(&act, web);
    rv = kuji_page_own_draw(&row, web);
    if (rv == APR_SUCCESS) {
        rv =
            kuji_proof_head(&size, root, &act, web->campaign->id, web->r->pool);
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "reading a receipt");
    }
    kuji_note_sign(checkpoint, &web->process->keys->signer,
                   web->campaign->manifest->origin, size, root);
    apr_table_setn(web->r->headers_out, "Content-Disposition",
                   apr_psprintf(web->r->pool,
                                "attachment; filename=\"receipt-%s-"
                                "%" APR_INT64_T_FMT ".json\"",
                                web->campaign->slug, (apr_int64_t)web->n));
    return kuji_send_json(web, HTTP_OK, KUJI_CACHE_NO_STORE,
                          receipt(web, row, checkpoint));
}
