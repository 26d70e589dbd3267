/* /admin/campaigns/{slug}/draws/{n}: one draw with its leaf, the proof that it
 * is in the ledger, and what became of the prize.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/draw.h"
#include "store/link.h"
#include "store/proof.h"
#include "web/admin/admin.h"
#include "web/admin/claim_page.h"
#include "web/admin/draw.h"

#include <apr_strings.h>
#include <sodium.h>

static json_t *hex(const unsigned char hash[KUJI_HASH_LEN])
{
    char text[2 * KUJI_HASH_LEN + 1];

    sodium_bin2hex(text, sizeof text, hash, KUJI_HASH_LEN);
    return json_string(text);
}

/* The audit path of the leaf in the tree as it is now. */
static apr_status_t add_proof(kuji_claims_page_t *p, const kuji_draw_row_t *row)
{
    unsigned char root[KUJI_HASH_LEN], hashes[64][KUJI_HASH_LEN];
    json_t *list = json_array();
    uint64_t size;
    int count = 0, i;
    apr_status_t rv =
        kuji_proof_head(&size, root, &p->act, p->view->id, p->page.pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_proof_inclusion(hashes, &count, &p->act, p->view->id, row->i,
                                  size, p->page.pool);
    }
    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        json_array_append_new(list, hex(hashes[i]));
    }
    json_object_set_new(p->page.data, "ledger",
                        json_pack("{s:s, s:I, s:I, s:o, s:o}", "leaf",
                                  row->leaf, "index", (json_int_t)row->i,
                                  "size", (json_int_t)size, "root", hex(root),
                                  "path", list));
    return rv;
}

static json_t *steps_data(const kuji_claims_page_t *p,
                          const kuji_claim_t *claim, int64_t t)
{
    json_t *list = json_array();
    int i;

    json_array_append_new(list, json_pack("{s:o, s:o}", "state",
                                          kuji_claims_state(p, "won"), "at",
                                          kuji_claims_time(p, t)));
    for (i = 0; i < claim->nsteps; i++) {
        const kuji_claim_step_t *step = &claim->steps[i];

        json_array_append_new(
            list, json_pack("{s:o, s:o, s:s*}", "state",
                            kuji_claims_state(p, step->state), "at",
                            kuji_claims_time(p, step->at), "back",
                            step->back ? kuji_claims_back_text(p, step->back)
                                       : NULL));
    }
    return list;
}

static json_t *claim_data(const kuji_claims_page_t *p,
                          const kuji_claim_t *claim, int64_t t)
{
    kuji_claim_by_e by = kuji_claim_role(p->page.web->admin->role);
    json_t *data = json_pack(
        "{s:o, s:o, s:s*, s:s*, s:b, s:b, s:o}", "steps",
        steps_data(p, claim, t), "state", kuji_claims_state(p, claim->state),
        "tracking", claim->tracking, "gift", claim->gift, "has_data",
        claim->has_data, "has_tracking", claim->has_tracking, "actions",
        kuji_claims_steps(p, claim->kind, claim->state, by));

    if (claim->gift) {
        json_object_set_new(data, "gift_id", json_integer(claim->gift_id));
    }
    if (claim->shop) {
        json_object_set_new(data, "shop", json_string(claim->shop));
    }
    if (claim->due_at) {
        json_object_set_new(data, "due", kuji_claims_time(p, claim->due_at));
    }
    if (claim->erased_at) {
        json_object_set_new(data, "erased",
                            kuji_claims_time(p, claim->erased_at));
    }
    if (claim->data) {
        json_object_set_new(data, "given",
                            kuji_persons_fields(&p->page, claim->data));
        json_object_set_new(data, "any_given", json_true());
    }
    return data;
}

/* What voiding would need: open until the close, once a draw. */
static void add_void(kuji_claims_page_t *p, const kuji_draw_row_t *row,
                     const kuji_claim_t *claim)
{
    static const char *const reasons[] = {
        "declined", "disqualified", "duplicate", "unreachable",
        "expired",  "error",        NULL};
    int holds = claim && strcmp(claim->state, "void") != 0;
    int open = strcmp(p->view->status, "closed") != 0 && !row->is_void;

    kuji_console_select(&p->page, "reason", "declined", reasons,
                        "admin.draw.reason");
    kuji_console_field(&p->page, "note", NULL);
    if (!json_object_get(json_object_get(p->page.data, "field"), "confirm")) {
        kuji_console_field(&p->page, "confirm", NULL);
    }
    json_object_update_new(
        p->page.data,
        json_pack("{s:b, s:b, s:b}", "can_void", open, "can_return",
                  holds && p->view->method != KUJI_MOMENT, "can_substitute",
                  open && holds && p->view->method == KUJI_RAFFLE));
}

/* Why it is flagged, and what its link carried: that may be personal. */
static apr_status_t add_how(kuji_claims_page_t *p)
{
    int64_t n = p->page.web->n;
    const unsigned *reasons;
    const char *carried = NULL;
    apr_status_t rv =
        kuji_flags_read(&reasons, &p->act, p->view->id, &n, 1, p->page.pool);

    if (rv == APR_SUCCESS && kuji_claims_personal(p->page.web)) {
        rv = kuji_link_data(&carried, &p->act, p->view->id, (uint64_t)n,
                            p->page.pool);
    }
    if (rv == APR_SUCCESS) {
        json_object_update_new(
            p->page.data,
            json_pack("{s:b, s:o*, s:s*}", "flagged", reasons[0] != 0, "flags",
                      kuji_claims_flags(p, reasons[0]), "carried", carried));
    }
    return rv;
}

int kuji_draw_show(kuji_claims_page_t *p, int status)
{
    int64_t n = p->page.web->n;
    const kuji_draw_row_t *row;
    const kuji_claim_t *claim = NULL;
    apr_status_t rv =
        kuji_draw_get(&row, &p->act, p->view->id, (uint64_t)n, p->page.pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_claim_get(&claim, &p->act, p->view->slug, (uint64_t)n,
                            kuji_claims_personal(p->page.web), p->page.pool);
    }
    if (rv == APR_SUCCESS) {
        rv = add_proof(p, row);
    }
    if (rv == APR_SUCCESS) {
        rv = add_how(p);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&p->page, rv, "reading a draw");
    }
    json_object_update_new(
        p->page.data,
        json_pack("{s:I, s:o, s:s*, s:o, s:b, s:b}", "n", (json_int_t)n, "at",
                  kuji_claims_time(p, row->read->t), "prize",
                  kuji_claims_prize(p, claim ? claim->prize : NULL), "state",
                  kuji_claims_state(p, claim          ? claim->state
                                       : row->is_void ? "void"
                                                      : NULL),
                  "void", row->is_void, "unlinked", !row->has_participant));
    if (claim) {
        json_object_set_new(p->page.data, "claim",
                            claim_data(p, claim, row->read->t));
        kuji_claims_add_back(p, claim,
                             apr_psprintf(p->page.pool,
                                          "/draws/%" APR_INT64_T_FMT "/back",
                                          (apr_int64_t)n));
        kuji_console_select(&p->page, "fault", *kuji_claim_faults,
                            kuji_claim_faults, "admin.draw.gift_fault");
    }
    add_void(p, row, claim);
    return kuji_console_send(&p->page, status, "draw");
}

int kuji_console_draw(kuji_web_t *web)
{
    kuji_claims_page_t p;
    int done = kuji_claims_open(&p, web, "winners", 0);

    return done == DECLINED ? kuji_draw_show(&p, HTTP_OK) : done;
}
