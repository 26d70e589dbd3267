/* Writing leaves of any kind. What is written is read back, so that nothing is
 * ever appended which a verifier would refuse.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/canon.h"
#include "core/error.h"
#include "core/ledger.h"
#include "core/ledger_int.h"

#include <sodium.h>
#include <string.h>

static void set_hex(json_t *object, const char *name,
                    const unsigned char bytes[32])
{
    char hex[65];

    sodium_bin2hex(hex, sizeof(hex), bytes, 32);
    json_object_set_new(object, name, json_string(hex));
    sodium_memzero(hex, sizeof(hex));
}

static void set_integer(json_t *object, const char *name, uint64_t value)
{
    json_object_set_new(object, name, json_integer((json_int_t)value));
}

static void set_text(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, text ? json_string(text) : json_null());
}

static void set_cause(json_t *object, const kuji_leaf_t *leaf)
{
    set_text(object, "by", leaf->by);
    set_text(object, "reason", leaf->reason);
}

static json_t *winners(const kuji_leaf_t *leaf)
{
    json_t *list = json_array();

    for (int i = 0; i < leaf->nwinners; i++) {
        json_t *winner = json_object();

        set_integer(winner, "n", leaf->winners[i].n);
        set_text(winner, "prize", leaf->winners[i].prize);
        json_array_append_new(list, winner);
    }
    return list;
}

static json_t *alternates(const kuji_leaf_t *leaf)
{
    json_t *list = json_array();

    for (int i = 0; i < leaf->nalternates; i++) {
        json_array_append_new(list,
                              json_integer((json_int_t)leaf->alternates[i].n));
    }
    return list;
}

static json_t *beacon(const kuji_leaf_t *leaf)
{
    json_t *object;

    if (!leaf->has_beacon) {
        return json_null();
    }
    object = json_object();
    set_integer(object, "round", (uint64_t)leaf->beacon_round);
    set_hex(object, "randomness", leaf->beacon_randomness);
    set_text(object, "signature", leaf->beacon_signature);
    return object;
}

static void set_close(json_t *object, const kuji_leaf_t *leaf)
{
    json_t *awarded = json_object();

    for (int i = 0; i < leaf->nawarded; i++) {
        set_integer(awarded, leaf->awarded[i].prize, leaf->awarded[i].n);
    }
    json_object_set_new(object, "awarded", awarded);
    set_hex(object, "seed", leaf->seed);
    if (leaf->by || leaf->reason) {
        set_cause(object, leaf);
    }
}

static void set_fields(json_t *object, const kuji_leaf_t *leaf)
{
    switch (leaf->kind) {
    case KUJI_LEAF_STOCK:
        set_text(object, "prize", leaf->prize);
        set_integer(object, "units", (uint64_t)leaf->units);
        set_cause(object, leaf);
        break;
    case KUJI_LEAF_VOID:
        set_integer(object, "n", leaf->n);
        json_object_set_new(object, "returned", json_boolean(leaf->returned));
        set_cause(object, leaf);
        break;
    case KUJI_LEAF_RAFFLE:
        json_object_set_new(object, "beacon", beacon(leaf));
        json_object_set_new(object, "winners", winners(leaf));
        json_object_set_new(object, "alternates", alternates(leaf));
        break;
    case KUJI_LEAF_SUBSTITUTE:
        set_integer(object, "n", leaf->n);
        set_text(object, "prize", leaf->prize);
        set_cause(object, leaf);
        break;
    case KUJI_LEAF_CLOSE:
        set_close(object, leaf);
        break;
    case KUJI_LEAF_DRAW:
    case KUJI_LEAF_ENTRY:
        break;
    }
}

static apr_status_t write_object(const char **bytes, apr_size_t *len,
                                 const kuji_leaf_t *leaf, apr_pool_t *pool)
{
    json_t *object = json_object();
    apr_status_t rv;

    set_integer(object, "i", leaf->i);
    set_integer(object, "t", (uint64_t)leaf->t);
    set_text(object, "kind", kuji_ledger__kind_name(leaf->kind));
    set_fields(object, leaf);
    rv = kuji_canon_dump(bytes, len, object, pool);
    json_decref(object);
    return rv;
}

/* The hot writers trust what they are given; this one checks first. */
static apr_status_t write_short(const char **bytes, apr_size_t *len,
                                const kuji_leaf_t *leaf, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, KUJI_LEAF_DRAW_MAX);

    if (leaf->i > (uint64_t)KUJI_INT_MAX || leaf->n > (uint64_t)KUJI_INT_MAX ||
        leaf->t < 0 || leaf->t > KUJI_INT_MAX ||
        (leaf->prize && strlen(leaf->prize) > 32)) {
        return KUJI_EINVAL;
    }
    *len = leaf->kind == KUJI_LEAF_DRAW
               ? kuji_ledger_draw(out, leaf->i, leaf->n, leaf->prize, leaf->t,
                                  leaf->who)
               : kuji_ledger_entry(out, leaf->i, leaf->n, leaf->t, leaf->who);
    *bytes = out;
    return APR_SUCCESS;
}

apr_status_t kuji_ledger_write(const char **bytes, apr_size_t *len,
                               const kuji_leaf_t *leaf, apr_pool_t *pool)
{
    int is_short =
        leaf->kind == KUJI_LEAF_DRAW || leaf->kind == KUJI_LEAF_ENTRY;
    kuji_leaf_t again;
    const char *why;
    apr_status_t rv = is_short ? write_short(bytes, len, leaf, pool)
                               : write_object(bytes, len, leaf, pool);

    return rv ? KUJI_EINVAL
              : kuji_ledger_read(&again, &why, *bytes, *len, pool);
}
