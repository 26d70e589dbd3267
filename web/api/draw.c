/* GET /api/v1/campaigns/{slug}/draws/{n}: one draw, with its later fate.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/draw.h"
#include "store/proof.h"
#include "web/api/api.h"

#include <apr_strings.h>
#include <sodium.h>

static json_t *prize_of(const kuji_manifest_t *m, const char *code)
{
    int i = code ? kuji_manifest_prize(m, code) : KUJI_BLANK;

    if (i < 0) {
        return json_null();
    }
    return json_pack("{s:s, s:s}", "code", code, "name", m->prizes[i].name);
}

static const char *outcome_of(const kuji_leaf_t *leaf)
{
    if (leaf->kind == KUJI_LEAF_ENTRY) {
        return "entry";
    }
    return leaf->prize ? "prize" : "blank";
}

static json_t *salt_of(const kuji_draw_row_t *row)
{
    char hex[2 * KUJI_SALT_LEN + 1];

    if (!row->has_salt) {
        return json_null();
    }
    sodium_bin2hex(hex, sizeof(hex), row->salt, KUJI_SALT_LEN);
    return json_string(hex);
}

/* A raffle's winners are told by "won": their leaf is an entry for good. */
static json_t *draw_json(const kuji_campaign_t *campaign,
                         const kuji_draw_row_t *row, const char *checkpoint)
{
    const kuji_manifest_t *m = campaign->manifest;
    const kuji_leaf_t *leaf = row->read;

    return json_pack(
        "{s:s, s:I, s:I, s:s, s:o, s:{s:s, s:I, s:o}, s:o, s:b, s:s?, s:s}",
        "campaign", campaign->slug, "n", (json_int_t)row->n, "t",
        (json_int_t)leaf->t, "outcome", outcome_of(leaf), "prize",
        prize_of(m, leaf->kind == KUJI_LEAF_DRAW ? leaf->prize : NULL),
        "receipt", "leaf", row->leaf, "index", (json_int_t)row->i, "salt",
        salt_of(row), "won", prize_of(m, row->won), "void", row->is_void,
        "claim", row->claim, "checkpoint", checkpoint);
}

int kuji_api_draw(kuji_web_t *web)
{
    unsigned char root[KUJI_HASH_LEN];
    char checkpoint[KUJI_NOTE_MAX];
    const kuji_draw_row_t *row;
    kuji_act_t act;
    uint64_t size;
    apr_status_t rv;

    kuji_api_act(&act, web);
    rv = kuji_draw_get(&row, &act, web->campaign->id, (uint64_t)web->n,
                       web->r->pool);
    if (!rv) {
        rv =
            kuji_proof_head(&size, root, &act, web->campaign->id, web->r->pool);
    }
    if (rv) {
        return kuji_failure(web, rv, "reading a draw");
    }
    kuji_note_sign(checkpoint, &web->process->keys->signer,
                   web->campaign->manifest->origin, size, root);
    return kuji_send_json(web, HTTP_OK, KUJI_CACHE_NO_STORE,
                          draw_json(web->campaign, row, checkpoint));
}
