/* A participant's receipt: {"leaf", "index", "salt", "checkpoint"?}, or the
 * file that the result page hands out, {"participant", "receipt": {"leaf",
 * "index", "salt"}, "checkpoint", ...}.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "tools/verify.h"

#include <string.h>

#define RECEIPT_MAX (1 << 20)

static apr_status_t release(void *receipt)
{
    json_decref(receipt);
    return APR_SUCCESS;
}

static apr_status_t load(kuji_verify_t *v, json_t **receipt)
{
    const char *text;
    apr_size_t len;
    json_error_t error;
    apr_status_t rv =
        kuji_verify_slurp(v, &text, &len, v->receipt_file, RECEIPT_MAX);

    if (rv) {
        return rv;
    }
    *receipt = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (!*receipt) {
        return kuji_verify_differs(v, "the receipt is not JSON: %s",
                                   error.text);
    }
    apr_pool_cleanup_register(v->pool, *receipt, release,
                              apr_pool_cleanup_null);
    return APR_SUCCESS;
}

/* From the receipt within, or from the object itself. */
static const json_t *field(const json_t *receipt, const char *name)
{
    const json_t *inner = json_object_get(receipt, "receipt");
    const json_t *value = json_object_get(inner, name);

    return value ? value : json_object_get(receipt, name);
}

static apr_status_t read_salt(kuji_verify_t *v, const json_t *receipt)
{
    const char *salt = json_string_value(field(receipt, "salt"));
    size_t len = 0;

    return salt && strlen(salt) == 2 * KUJI_SALT_LEN &&
                   !sodium_hex2bin(v->receipt_salt, KUJI_SALT_LEN, salt,
                                   strlen(salt), NULL, &len, NULL) &&
                   len == KUJI_SALT_LEN
               ? APR_SUCCESS
               : kuji_verify_differs(v, "the receipt's salt is not 32 hex "
                                        "digits");
}

static apr_status_t read_checkpoint(kuji_verify_t *v, const json_t *receipt)
{
    const char *note = json_string_value(field(receipt, "checkpoint"));
    apr_status_t rv;

    if (!note) {
        return APR_SUCCESS;
    }
    rv = kuji_verify_open_note(v, &v->receipt_checkpoint, note,
                               "the receipt's checkpoint");
    if (!rv && v->receipt_checkpoint.size <= v->receipt_index) {
        rv = kuji_verify_differs(v, "the receipt's checkpoint does not cover "
                                    "its leaf");
    }
    return rv;
}

apr_status_t kuji_verify_open_receipt(kuji_verify_t *v)
{
    const json_t *index, *leaf;
    json_t *receipt;
    apr_status_t rv = load(v, &receipt);

    if (rv) {
        return rv;
    }
    index = field(receipt, "index");
    leaf = field(receipt, "leaf");
    if (!v->participant && json_is_string(field(receipt, "salt"))) {
        v->participant = json_string_value(field(receipt, "participant"));
    }
    if (!json_is_integer(index) || json_integer_value(index) < 1 ||
        !json_is_string(leaf)) {
        return kuji_verify_differs(v, "the receipt has no leaf or index");
    }
    v->receipt_index = (uint64_t)json_integer_value(index);
    v->receipt_leaf = json_string_value(leaf);
    kuji_verify_mark_leaf(v, v->receipt_index);
    rv = read_checkpoint(v, receipt);
    if (!rv && v->participant) {
        rv = read_salt(v, receipt);
    }
    return rv;
}

static apr_status_t check_who(kuji_verify_t *v)
{
    unsigned char who[KUJI_HASH_LEN];
    kuji_leaf_t leaf;

    if (kuji_ledger_read(&leaf, NULL, v->receipt_leaf, strlen(v->receipt_leaf),
                         v->pool) ||
        (leaf.kind != KUJI_LEAF_DRAW && leaf.kind != KUJI_LEAF_ENTRY)) {
        return kuji_verify_differs(v, "the receipt's leaf is no draw");
    }
    kuji_ledger_who(who, v->receipt_salt, v->participant,
                    strlen(v->participant));
    return memcmp(who, leaf.who, KUJI_HASH_LEN)
               ? kuji_verify_differs(v, "the receipt is not of this "
                                        "participant")
               : APR_SUCCESS;
}

apr_status_t kuji_verify_check_receipt(kuji_verify_t *v)
{
    const unsigned char *have = kuji_verify_leaf(v, v->receipt_index);
    unsigned char want[KUJI_HASH_LEN];

    kuji_tree_leaf_hash(want, v->receipt_leaf, strlen(v->receipt_leaf));
    if (!have) {
        return kuji_verify_differs(v, "the ledger does not reach the receipt's "
                                      "leaf");
    }
    if (memcmp(have, want, KUJI_HASH_LEN) != 0) {
        return kuji_verify_differs(
            v, "leaf %" APR_UINT64_T_FMT ": is not the receipt's",
            v->receipt_index);
    }
    if (v->receipt_checkpoint.origin) {
        apr_status_t rv = kuji_verify_check_root(v, &v->receipt_checkpoint,
                                                 "the receipt's checkpoint");

        if (rv) {
            return rv;
        }
    }
    return v->participant ? check_who(v) : APR_SUCCESS;
}
