/* Proofs from the server: what a phone would ask for must hold too.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "tools/verify.h"

#include <apr_strings.h>
#include <string.h>

#define PROOF_MAX (64 << 10)
#define HASHES_MAX 64

typedef struct proof_t {
    unsigned char hashes[HASHES_MAX][KUJI_HASH_LEN];
    int count;
} proof_t;

/* First, last, and some between, on both sides of a stored subtree's border. */
static uint64_t sample(uint64_t size, int i)
{
    const uint64_t at[] = {0, size - 1, size / 2, size / 3, 255, 256};

    return at[i] < size ? at[i] : 0;
}

#define SAMPLES 6

void kuji_verify_mark_samples(kuji_verify_t *v)
{
    uint64_t size = v->checkpoint.size;

    for (int i = 0; i < SAMPLES && size > 0; i++) {
        kuji_verify_mark_leaf(v, sample(size, i));
        kuji_verify_mark_root(v, sample(size, i) + 1);
    }
}

static apr_status_t read_hashes(proof_t *proof, const json_t *list)
{
    proof->count = (int)json_array_size(list);
    if (!json_is_array(list) || proof->count > HASHES_MAX) {
        return KUJI_EINVAL;
    }
    for (int i = 0; i < proof->count; i++) {
        const char *hex = json_string_value(json_array_get(list, (size_t)i));
        size_t len = 0;

        if (!hex ||
            sodium_hex2bin(proof->hashes[i], KUJI_HASH_LEN, hex, strlen(hex),
                           NULL, &len, NULL) ||
            len != KUJI_HASH_LEN || strlen(hex) != 2 * KUJI_HASH_LEN) {
            return KUJI_EINVAL;
        }
    }
    return APR_SUCCESS;
}

static int says(const json_t *object, const char *name, uint64_t value)
{
    const json_t *number = json_object_get(object, name);

    return json_is_integer(number) &&
           (uint64_t)json_integer_value(number) == value;
}

/* Gets {a_name: a, b_name: b, "hashes": [...]}. */
static apr_status_t ask(kuji_verify_t *v, proof_t *proof, const char *document,
                        const char *a_name, uint64_t a, const char *b_name,
                        uint64_t b)
{
    const char *name = apr_psprintf(
        v->pool, "%s?%s=%" APR_UINT64_T_FMT "&%s=%" APR_UINT64_T_FMT, document,
        a_name, a, b_name, b);
    const char *text;
    apr_size_t len;
    json_t *object;
    int ok;
    apr_status_t rv = kuji_verify_get(v, &text, &len, name, PROOF_MAX);

    if (rv) {
        return rv;
    }
    object = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    ok = says(object, a_name, a) && says(object, b_name, b) &&
         !read_hashes(proof, json_object_get(object, "hashes"));
    json_decref(object);
    return ok ? APR_SUCCESS : kuji_verify_differs(v, "%s is no proof", name);
}

static apr_status_t inclusion(kuji_verify_t *v, uint64_t leaf)
{
    uint64_t size = v->checkpoint.size;
    proof_t proof;
    apr_status_t rv = ask(v, &proof, "proof", "leaf", leaf, "size", size);

    if (rv) {
        return rv;
    }
    if (kuji_tree_check_inclusion(
            kuji_verify_leaf(v, leaf), leaf, size,
            (const unsigned char(*)[KUJI_HASH_LEN])proof.hashes, proof.count,
            v->checkpoint.root)) {
        return kuji_verify_differs(
            v, "leaf %" APR_UINT64_T_FMT ": the server's proof fails", leaf);
    }
    v->inclusions++;
    return APR_SUCCESS;
}

static apr_status_t consistency(kuji_verify_t *v, uint64_t from,
                                const unsigned char *root_from, uint64_t to,
                                const unsigned char *root_to)
{
    proof_t proof;
    apr_status_t rv = ask(v, &proof, "consistency", "from", from, "to", to);

    if (rv) {
        return rv;
    }
    if (kuji_tree_check_consistency(
            from, to, (const unsigned char(*)[KUJI_HASH_LEN])proof.hashes,
            proof.count, root_from, root_to)) {
        return kuji_verify_differs(v,
                                   "the server's proof that %" APR_UINT64_T_FMT
                                   " leaves became %" APR_UINT64_T_FMT " fails",
                                   from, to);
    }
    v->consistencies++;
    return APR_SUCCESS;
}

static apr_status_t samples(kuji_verify_t *v)
{
    uint64_t size = v->checkpoint.size;
    apr_status_t rv = APR_SUCCESS;

    for (int i = 0; i < SAMPLES && !rv; i++) {
        uint64_t from = sample(size, i) + 1;

        if (i > 0 && from == 1) {
            continue; /* had already */
        }
        rv = inclusion(v, from - 1);
        if (!rv) {
            rv = consistency(v, from, kuji_verify_root(v, from), size,
                             v->checkpoint.root);
        }
    }
    return rv;
}

apr_status_t kuji_verify_proofs(kuji_verify_t *v)
{
    apr_status_t rv;

    if (!v->url || v->checkpoint.size == 0) {
        return APR_SUCCESS;
    }
    if (v->newer.size < v->checkpoint.size ||
        v->old.size > v->checkpoint.size) {
        return kuji_verify_differs(v, "the server's checkpoint went back");
    }
    rv = samples(v);
    if (!rv && v->old_file && v->old.size > 0) {
        rv = consistency(v, v->old.size, v->old.root, v->checkpoint.size,
                         v->checkpoint.root);
    }
    if (!rv) {
        rv = consistency(v, v->checkpoint.size, v->checkpoint.root,
                         v->newer.size, v->newer.root);
    }
    return rv;
}
