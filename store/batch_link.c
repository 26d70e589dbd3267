/* Links in the batch: only campaigns whose gate they are have statements for
 * them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/batch_int.h"

#include <apr_strings.h>

void kuji_batch__gather_links(kuji_batch_t *b)
{
    int i;

    if (!(b->campaign->gates & KUJI_GATES_BY_LINK)) {
        return;
    }
    b->links = apr_pcalloc(b->pool, b->count * sizeof(*b->links));
    kuji_digestmap_init(&b->links_by_digest, b->count, b->pool);
    for (i = 0; i < b->count; i++) {
        const kuji_draw_ask_t *ask = &b->items[i]->ask;

        if (ask->has_link &&
            kuji_digestmap_add(&b->links_by_digest, ask->link_digest,
                               b->nlinks) == b->nlinks) {
            b->links[b->nlinks++].digest = ask->link_digest;
        }
    }
}

kuji_link_t *kuji_batch__link(const kuji_batch_t *b, const kuji_draw_ask_t *ask)
{
    return ask->has_link && b->links
               ? &b->links[kuji_digestmap_find(&b->links_by_digest,
                                               ask->link_digest)]
               : NULL;
}

apr_status_t kuji_batch__take_links(kuji_batch_t *b, const PGresult *res)
{
    int i, k;

    for (i = 0; i < PQntuples(res); i++) {
        const unsigned char *session = kuji_batch__bytes(res, i, 3);

        k = kuji_digestmap_find(&b->links_by_digest,
                                kuji_batch__bytes(res, i, 0));
        if (k < 0 || (session && PQgetlength(res, i, 3) != KUJI_DIGEST_LEN)) {
            return KUJI_EDATABASE;
        }
        b->links[k].known = 1;
        b->links[k].uses_left = kuji_batch__int(res, i, 1);
        b->links[k].expires_at = kuji_batch__int(res, i, 2);
        b->links[k].session =
            session ? apr_pmemdup(b->pool, session, KUJI_DIGEST_LEN) : NULL;
    }
    return APR_SUCCESS;
}

static apr_status_t use_links(kuji_batch_t *b, int *sent)
{
    apr_size_t room = b->nlinks + 1;
    const unsigned char **digest = apr_palloc(b->pool, room * sizeof(*digest));
    const unsigned char **session =
        apr_palloc(b->pool, room * sizeof(*session));
    int64_t *used = apr_palloc(b->pool, room * sizeof(*used));
    kuji_args_t args;
    int i, n = 0;

    for (i = 0; i < b->nlinks; i++) {
        if (b->links[i].used) {
            digest[n] = b->links[i].digest;
            session[n] = b->links[i].session;
            used[n++] = b->links[i].used;
        }
    }
    if (n == 0) {
        return APR_SUCCESS;
    }
    kuji_args_init(&args, b->pool);
    kuji_args_int(&args, b->campaign->id);
    kuji_args_bytes_array(&args, digest, NULL, KUJI_DIGEST_LEN, n);
    kuji_args_int_array(&args, used, n);
    kuji_args_bytes_array(&args, session, NULL, KUJI_DIGEST_LEN, n);
    ++*sent;
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_USE_LINKS, &args);
}

/* Which draw came by which link. */
static apr_status_t add_link_draws(kuji_batch_t *b, int *sent)
{
    apr_size_t room = b->nrows + 1;
    const unsigned char **link = apr_palloc(b->pool, room * sizeof(*link));
    int64_t *n = apr_palloc(b->pool, room * sizeof(*n));
    kuji_args_t args;
    int i, count = 0;

    for (i = 0; i < b->nrows; i++) {
        if (kuji_batch__link(b, &b->rows[i].item->ask)) {
            n[count] = (int64_t)b->rows[i].drawn->n;
            link[count++] = b->rows[i].item->ask.link_digest;
        }
    }
    if (count == 0) {
        return APR_SUCCESS;
    }
    kuji_args_init(&args, b->pool);
    kuji_args_int(&args, b->campaign->id);
    kuji_args_uuid(&args, b->campaign->tenant_id);
    kuji_args_int_array(&args, n, count);
    kuji_args_bytes_array(&args, link, NULL, KUJI_DIGEST_LEN, count);
    ++*sent;
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_ADD_LINK_DRAWS, &args);
}

apr_status_t kuji_batch__write_links(kuji_batch_t *b, int *sent)
{
    apr_status_t rv = APR_SUCCESS;

    if (b->nlinks) {
        rv = use_links(b, sent);
        if (rv == APR_SUCCESS) {
            rv = add_link_draws(b, sent);
        }
    }
    return rv;
}
