/* Manifest, key, checkpoint and proofs of a campaign (fairness.md 3).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/proof.h"
#include "web/public/public.h"
#include "web/request.h"
#include "web/response.h"

#include <apr_strings.h>
#include <sodium.h>

void kuji_public_act(kuji_act_t *act, kuji_web_t *web)
{
    memset(act, 0, sizeof(*act));
    act->pg = web->process->pg;
    act->tenant = web->tenant->id;
}

int kuji_public_manifest(kuji_web_t *web)
{
    const kuji_manifest_t *m = web->campaign->manifest;
    char etag[2 * KUJI_HASH_LEN + 3];
    int done;

    etag[0] = '"';
    sodium_bin2hex(etag + 1, sizeof(etag) - 1, m->hash, KUJI_HASH_LEN);
    memcpy(etag + 2 * KUJI_HASH_LEN + 1, "\"", 2);
    kuji_headers_caching(web, KUJI_CACHE_LONG);
    if ((done = kuji_is_fresh(web, apr_pstrdup(web->r->pool, etag), 0))) {
        return done;
    }
    return kuji_send(web, HTTP_OK, "application/json", KUJI_CACHE_LONG,
                     m->bytes, m->len);
}

int kuji_public_key(kuji_web_t *web)
{
    const char *vkey =
        kuji_note_vkey(web->campaign->manifest->origin,
                       web->process->keys->signer.public_key, web->r->pool);

    return kuji_send(web, HTTP_OK, "text/plain; charset=utf-8", KUJI_CACHE_LONG,
                     vkey, strlen(vkey));
}

int kuji_public_checkpoint(kuji_web_t *web)
{
    unsigned char root[KUJI_HASH_LEN];
    char *note = apr_palloc(web->r->pool, KUJI_NOTE_MAX);
    kuji_act_t act;
    apr_size_t len;
    uint64_t size;
    apr_status_t rv;

    kuji_public_act(&act, web);
    rv = kuji_proof_head(&size, root, &act, web->campaign->id, web->r->pool);
    if (rv) {
        return kuji_failure(web, rv, "reading a checkpoint");
    }
    len = kuji_note_sign(note, &web->process->keys->signer,
                         web->campaign->manifest->origin, size, root);
    return kuji_send(web, HTTP_OK, "text/plain; charset=utf-8",
                     KUJI_CACHE_SHORT, note, len);
}

typedef apr_status_t proof_fn(unsigned char (*hashes)[KUJI_HASH_LEN],
                              int *count, const kuji_act_t *act,
                              int64_t campaign_id, uint64_t a, uint64_t b,
                              apr_pool_t *pool);

static json_t *hashes_json(unsigned char (*hashes)[KUJI_HASH_LEN], int count)
{
    json_t *list = json_array();
    char hex[2 * KUJI_HASH_LEN + 1];
    int i;

    for (i = 0; i < count; i++) {
        sodium_bin2hex(hex, sizeof(hex), hashes[i], KUJI_HASH_LEN);
        json_array_append_new(list, json_string(hex));
    }
    return list;
}

/* Both proofs: two numbers in, a list of hashes out. They never change once
 * they exist. */
static int send_proof(kuji_web_t *web, proof_fn *prove, const char *a_name,
                      const char *b_name)
{
    unsigned char hashes[64][KUJI_HASH_LEN];
    int64_t a = kuji_query_int(web, a_name, -1);
    int64_t b = kuji_query_int(web, b_name, -1);
    kuji_act_t act;
    int count;
    apr_status_t rv;

    if (a < 0 || b < 0) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            apr_psprintf(web->r->pool,
                                         "?%s=&%s= are needed, as numbers",
                                         a_name, b_name));
    }
    kuji_public_act(&act, web);
    rv = prove(hashes, &count, &act, web->campaign->id, (uint64_t)a,
               (uint64_t)b, web->r->pool);
    if (rv == KUJI_EINVAL) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            "the ledger has no such leaf or size");
    }
    if (rv) {
        return kuji_failure(web, rv, "making a proof");
    }
    return kuji_send_json(web, HTTP_OK, KUJI_CACHE_LONG,
                          json_pack("{s:I, s:I, s:o}", a_name, (json_int_t)a,
                                    b_name, (json_int_t)b, "hashes",
                                    hashes_json(hashes, count)));
}

int kuji_public_inclusion(kuji_web_t *web)
{
    return send_proof(web, kuji_proof_inclusion, "leaf", "size");
}

int kuji_public_consistency(kuji_web_t *web)
{
    return send_proof(web, kuji_proof_consistency, "from", "to");
}
