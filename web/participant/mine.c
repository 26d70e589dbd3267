/* Draws as data: what became of each, in the reader's words.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/identity.h"
#include "web/participant/page.h"

#include <apr_strings.h>
#include <string.h>

/* The prize that a draw holds: decided at once, or by the raffle later. */
static const char *prize_code(const kuji_draw_row_t *row)
{
    return row->read->kind == KUJI_LEAF_DRAW ? row->read->prize : row->won;
}

static const char *kind_of(const kuji_page_t *page, const kuji_draw_row_t *row)
{
    if (row->is_void) {
        return "void";
    }
    if (prize_code(row)) {
        return "win";
    }
    return row->read->kind == KUJI_LEAF_ENTRY && !page->view->raffled_at
               ? "entry"
               : "blank";
}

/* The prize's place in the list, the best first; after all of them what holds
 * none. */
static int rank_of(const kuji_page_t *page, const kuji_draw_row_t *row)
{
    const char *code = row->is_void ? NULL : prize_code(row);
    int i = code ? kuji_manifest_prize(page->m, code) : KUJI_BLANK;

    return i < 0 ? page->m->nprizes : i;
}

static const json_t *prize_data(const kuji_page_t *page,
                                const kuji_draw_row_t *row)
{
    const char *code = prize_code(row);
    int i = code ? kuji_manifest_prize(page->m, code) : KUJI_BLANK;

    return i < 0 ? NULL
                 : json_array_get(json_object_get(page->data, "prizes"), i);
}

json_t *kuji_page_draw_data(const kuji_page_t *page, const kuji_draw_row_t *row)
{
    const char *kind = kind_of(page, row);
    const json_t *prize = prize_data(page, row);
    const char *name = json_string_value(json_object_get(prize, "name"));
    const char *grade = json_string_value(json_object_get(prize, "grade"));
    const char *what = name;

    if (*kind != 'w') {
        what = kuji_render_text(
            page->web, apr_pstrcat(page->pool, "result.short_", kind, NULL),
            NULL);
    }
    return json_pack("{s:I, s:i, s:s, s:b, s:s, s:s, s:s, s:s*, s:s*, s:s*}",
                     "n", (json_int_t)row->n, "rank", rank_of(page, row),
                     "kind", kind, kind, 1, "what", what ? what : "", "at",
                     kuji_zone_brief(page->zone, row->read->t,
                                     page->web->language, page->pool),
                     "iso", kuji_zone_iso(page->zone, row->read->t, page->pool),
                     "prize", name, "grade", grade, "own_lang",
                     kuji_render_lang(page->web, what));
}

/* Two lists, each the newest first, as one of at most limit. */
static const kuji_draw_row_t *merge(const kuji_draw_row_t *a, int *na,
                                    const kuji_draw_row_t *b, int nb, int limit,
                                    apr_pool_t *pool)
{
    kuji_draw_row_t *out = apr_palloc(pool, sizeof *out * (limit + 1));
    int i = 0, k = 0, n = 0;

    while (n < limit && (i < *na || k < nb)) {
        out[n++] = k == nb || (i < *na && a[i].n > b[k].n) ? a[i++] : b[k++];
    }
    *na = n;
    return out;
}

apr_status_t kuji_page_mine(const kuji_draw_row_t **rows, int *count,
                            kuji_page_t *page, uint64_t before, int limit)
{
    unsigned char digest[KUJI_DIGEST_LEN];
    const kuji_draw_row_t *more;
    apr_status_t rv = APR_SUCCESS;
    kuji_act_t act;
    int kind, n;

    kuji_page_act(&act, page->web);
    *count = 0;
    for (kind = 0; rv == APR_SUCCESS && kind < KUJI_IDENTITY_KINDS; kind++) {
        if (!kuji_identity_digest(digest, page->web, kind)) {
            continue;
        }
        rv = kuji_draw_mine(&more, &n, &act, page->web->campaign->id, digest,
                            before, limit, page->pool);
        if (rv == APR_SUCCESS) {
            *rows = merge(*rows, count, more, n, limit, page->pool);
        }
    }
    return rv;
}

apr_status_t kuji_page_add_mine(kuji_page_t *page, uint64_t before, int limit)
{
    const kuji_draw_row_t *rows = NULL;
    json_t *list = json_array(), *draw;
    int count, i;
    apr_status_t rv = kuji_page_mine(&rows, &count, page, before, limit + 1);

    for (i = 0; rv == APR_SUCCESS && i < count && i < limit; i++) {
        draw = kuji_page_draw_data(page, &rows[i]);
        kuji_page_add_win(page, &rows[i], draw);
        json_array_append_new(list, draw);
    }
    if (rv == APR_SUCCESS && count > limit) {
        json_object_set_new(page->data, "older",
                            json_integer((json_int_t)rows[limit - 1].n));
    }
    json_object_set_new(page->data, "draws_any", json_boolean(count > 0));
    json_object_set_new(page->data, "draws", list);
    return rv;
}

apr_status_t kuji_page_own_draw(const kuji_draw_row_t **row, kuji_web_t *web)
{
    kuji_act_t act;
    apr_status_t rv;

    if (!kuji_identity(web)) {
        return KUJI_ENOTFOUND;
    }
    kuji_page_act(&act, web);
    rv = kuji_draw_get(row, &act, web->campaign->id, (uint64_t)web->n,
                       web->r->pool);
    if (rv == APR_SUCCESS && (!(*row)->has_participant ||
                              !kuji_identity_find(web, (*row)->participant))) {
        rv = KUJI_ENOTFOUND;
    }
    return rv;
}
