/* Checkpoints: signatures before the ledger is read, roots after.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "tools/verify.h"

#include <apr_strings.h>
#include <string.h>

static const kuji_manifest_t *manifest(const kuji_verify_t *v)
{
    return kuji_replay_report(v->replay)->manifest;
}

apr_status_t kuji_verify_open_note(kuji_verify_t *v,
                                   kuji_checkpoint_t *checkpoint,
                                   const char *note, const char *what)
{
    apr_status_t rv;

    if (!v->vkey) {
        return kuji_verify_failed(v, "%s needs a key (--key)", what);
    }
    rv = kuji_note_open(checkpoint, note, strlen(note), v->vkey, v->pool);
    if (rv) {
        return kuji_verify_differs(v, "%s %s", what,
                                   rv == KUJI_EVERIFY
                                       ? "is not signed by the campaign's key"
                                       : "is not well-formed");
    }
    if (strcmp(checkpoint->origin, manifest(v)->origin) != 0) {
        return kuji_verify_differs(v, "%s is of %s, not of %s", what,
                                   checkpoint->origin, manifest(v)->origin);
    }
    kuji_verify_mark_root(v, checkpoint->size);
    return APR_SUCCESS;
}

apr_status_t kuji_verify_check_root(kuji_verify_t *v,
                                    const kuji_checkpoint_t *checkpoint,
                                    const char *what)
{
    const unsigned char *root = kuji_verify_root(v, checkpoint->size);

    if (!root) {
        return kuji_verify_differs(
            v,
            "%s has %" APR_UINT64_T_FMT
            " leaves, but the ledger only %" APR_UINT64_T_FMT,
            what, checkpoint->size, kuji_replay_report(v->replay)->tree->size);
    }
    return memcmp(root, checkpoint->root, KUJI_HASH_LEN)
               ? kuji_verify_differs(v,
                                     "%s has another root than the ledger's "
                                     "first %" APR_UINT64_T_FMT " leaves",
                                     what, checkpoint->size)
               : APR_SUCCESS;
}

/* A vkey itself, or a file that holds one and perhaps a newline. */
static apr_status_t given_key(kuji_verify_t *v)
{
    unsigned char public_key[KUJI_SIGN_PUBLIC_LEN];
    const char *name, *text;
    apr_size_t len;
    apr_status_t rv;

    if (!kuji_note_vkey_parse(&name, public_key, v->key, v->pool)) {
        v->vkey = v->key;
        return APR_SUCCESS;
    }
    rv = kuji_verify_slurp(v, &text, &len, v->key, 4096);
    v->vkey = rv ? NULL : text;
    return rv;
}

static apr_status_t open_key(kuji_verify_t *v)
{
    unsigned char public_key[KUJI_SIGN_PUBLIC_LEN];
    const char *name;
    apr_status_t rv = v->key ? given_key(v) : APR_SUCCESS;

    if (rv || !v->vkey) {
        return rv;
    }
    v->vkey = apr_pstrmemdup(v->pool, v->vkey, strcspn(v->vkey, "\r\n"));
    if (kuji_note_vkey_parse(&name, public_key, v->vkey, v->pool)) {
        return kuji_verify_differs(v, "the key is no vkey");
    }
    if (strcmp(name, manifest(v)->origin) != 0) {
        return kuji_verify_differs(v, "the key is of %s, not of %s", name,
                                   manifest(v)->origin);
    }
    return APR_SUCCESS;
}

static apr_status_t open_old(kuji_verify_t *v)
{
    apr_size_t len;
    apr_status_t rv =
        kuji_verify_slurp(v, &v->old_note, &len, v->old_file, 64 << 10);

    return rv ? rv
              : kuji_verify_open_note(v, &v->old, v->old_note,
                                      "the old checkpoint");
}

apr_status_t kuji_verify_open_notes(kuji_verify_t *v)
{
    apr_status_t rv = open_key(v);

    if (!rv && v->note) {
        rv =
            kuji_verify_open_note(v, &v->checkpoint, v->note, "the checkpoint");
    }
    if (!rv && v->newer_note) {
        rv = kuji_verify_open_note(v, &v->newer, v->newer_note,
                                   "the newer checkpoint");
    }
    if (!rv && v->old_file) {
        rv = open_old(v);
    }
    if (!rv && v->receipt_file) {
        rv = kuji_verify_open_receipt(v);
    }
    return rv;
}

apr_status_t kuji_verify_check_notes(kuji_verify_t *v)
{
    apr_status_t rv = APR_SUCCESS;

    if (v->note) {
        rv = kuji_verify_check_root(v, &v->checkpoint, "the checkpoint");
    }
    /* One signed while the ledger was on its way may well be ahead of it. */
    if (!rv && v->newer_note && kuji_verify_root(v, v->newer.size)) {
        rv = kuji_verify_check_root(v, &v->newer, "the newer checkpoint");
    }
    if (!rv && v->old_file) {
        rv = kuji_verify_check_root(v, &v->old, "the old checkpoint");
    }
    if (!rv && v->receipt_file) {
        rv = kuji_verify_check_receipt(v);
    }
    return rv;
}
