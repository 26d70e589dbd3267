/* Reading one leaf strictly.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/canon.h"
#include "core/error.h"
#include "core/fields.h"
#include "core/ledger_int.h"

#include <apr_strings.h>
#include <string.h>

static const char *const kinds[] = {"draw",   "entry",      "stock", "void",
                                    "raffle", "substitute", "close"};

static const char *const reasons[] = {
    "added",       "declined", "disqualified", "duplicate",
    "unreachable", "expired",  "error",        "early"};

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])))

const char *kuji_ledger__kind_name(kuji_leaf_e kind)
{
    return kinds[kind];
}

static int index_of(const char *const *list, int count, const char *text)
{
    for (int i = 0; i < count; i++) {
        if (!strcmp(list[i], text)) {
            return i;
        }
    }
    return -1;
}

int kuji_ledger_reason_ok(const char *text)
{
    return index_of(reasons, COUNT(reasons), text) >= 0;
}

static void read_cause(kuji_leaf_t *leaf, kuji_fields_t *f)
{
    leaf->by = kuji_fields_text(f, "by");
    leaf->reason = kuji_fields_word(f, "reason");
    if (!kuji_ledger_reason_ok(leaf->reason)) {
        kuji_fields_wrong(f, "reason", "is none of the allowed ones");
    }
}

static const char *read_code(kuji_fields_t *f)
{
    const char *code = kuji_fields_word(f, "prize");

    if (!kuji_manifest_code_ok(code)) {
        kuji_fields_wrong(f, "prize", "is no prize's code");
    }
    return code;
}

static void read_draw(kuji_leaf_t *leaf, kuji_fields_t *f)
{
    leaf->n = (uint64_t)kuji_fields_int(f, "n", 1, KUJI_INT_MAX);
    kuji_fields_hex(f, "who", leaf->who, KUJI_HASH_LEN);
    if (leaf->kind == KUJI_LEAF_DRAW) {
        leaf->prize = json_is_null(json_object_get(f->object, "prize"))
                          ? (kuji_fields_any(f, "prize"), NULL)
                          : read_code(f);
    }
}

static void read_stock(kuji_leaf_t *leaf, kuji_fields_t *f)
{
    leaf->prize = read_code(f);
    leaf->units = kuji_fields_int(f, "units", 1, KUJI_INT_MAX);
    read_cause(leaf, f);
}

static void read_void(kuji_leaf_t *leaf, kuji_fields_t *f)
{
    leaf->n = (uint64_t)kuji_fields_int(f, "n", 1, KUJI_INT_MAX);
    leaf->returned = kuji_fields_bool(f, "returned");
    read_cause(leaf, f);
}

static void read_substitute(kuji_leaf_t *leaf, kuji_fields_t *f)
{
    leaf->n = (uint64_t)kuji_fields_int(f, "n", 1, KUJI_INT_MAX);
    leaf->prize = read_code(f);
    read_cause(leaf, f);
}

static void read_beacon(kuji_leaf_t *leaf, kuji_fields_t *outer)
{
    const json_t *value = kuji_fields_any(outer, "beacon");
    kuji_fields_t f;

    if (json_is_null(value)) {
        return;
    }
    leaf->has_beacon = 1;
    kuji_fields_init(&f, value, "beacon", outer->why, outer->pool);
    leaf->beacon_round = kuji_fields_int(&f, "round", 1, KUJI_INT_MAX);
    kuji_fields_hex(&f, "randomness", leaf->beacon_randomness, 32);
    leaf->beacon_signature = kuji_fields_word(&f, "signature");
    if (!kuji_fields_is_hex(leaf->beacon_signature)) {
        kuji_fields_wrong(&f, "signature", "must be lower-case hex");
    }
    kuji_fields_end(&f);
}

static kuji_pick_t *new_picks(kuji_fields_t *f, size_t count, int *out)
{
    *out = (int)count;
    return apr_pcalloc(f->pool, (count + 1) * sizeof(kuji_pick_t));
}

static void read_winners(kuji_leaf_t *leaf, kuji_fields_t *outer)
{
    const json_t *list = kuji_fields_array(outer, "winners");
    kuji_pick_t *picks =
        new_picks(outer, json_array_size(list), &leaf->nwinners);

    for (int i = 0; i < leaf->nwinners && !*outer->why; i++) {
        kuji_fields_t f;

        kuji_fields_init(&f, json_array_get(list, (size_t)i), "a winner",
                         outer->why, outer->pool);
        picks[i].n = (uint64_t)kuji_fields_int(&f, "n", 1, KUJI_INT_MAX);
        picks[i].prize = read_code(&f);
        kuji_fields_end(&f);
    }
    leaf->winners = picks;
}

static void read_alternates(kuji_leaf_t *leaf, kuji_fields_t *f)
{
    const json_t *list = kuji_fields_array(f, "alternates");
    kuji_pick_t *picks =
        new_picks(f, json_array_size(list), &leaf->nalternates);

    for (int i = 0; i < leaf->nalternates; i++) {
        const json_t *n = json_array_get(list, (size_t)i);

        if (!json_is_integer(n) || json_integer_value(n) < 1) {
            kuji_fields_wrong(f, "alternates", "must be a list of n");
        }
        picks[i].n = (uint64_t)json_integer_value(n);
    }
    leaf->alternates = picks;
}

static void read_awarded(kuji_leaf_t *leaf, kuji_fields_t *f)
{
    const json_t *awarded = kuji_fields_any(f, "awarded");
    kuji_pick_t *picks =
        new_picks(f, json_object_size(awarded), &leaf->nawarded);
    kuji_pick_t *pick = picks;
    const char *code;
    json_t *units;

    if (!json_is_object(awarded)) {
        kuji_fields_wrong(f, "awarded", "must be an object");
        return;
    }
    json_object_foreach((json_t *)awarded, code, units)
    {
        if (!json_is_integer(units) || json_integer_value(units) < 0) {
            kuji_fields_wrong(f, "awarded", "must hold numbers of units");
        }
        pick->prize = code;
        pick++->n = (uint64_t)json_integer_value(units);
    }
    leaf->awarded = picks;
}

static void read_close(kuji_leaf_t *leaf, kuji_fields_t *f)
{
    read_awarded(leaf, f);
    kuji_fields_hex(f, "seed", leaf->seed, KUJI_SEED_LEN);
    if (kuji_fields_has(f, "by") || kuji_fields_has(f, "reason")) {
        read_cause(leaf, f);
    }
}

static void read_kind(kuji_leaf_t *leaf, kuji_fields_t *f)
{
    switch (leaf->kind) {
    case KUJI_LEAF_DRAW:
    case KUJI_LEAF_ENTRY:
        read_draw(leaf, f);
        break;
    case KUJI_LEAF_STOCK:
        read_stock(leaf, f);
        break;
    case KUJI_LEAF_VOID:
        read_void(leaf, f);
        break;
    case KUJI_LEAF_RAFFLE:
        read_beacon(leaf, f);
        read_winners(leaf, f);
        read_alternates(leaf, f);
        break;
    case KUJI_LEAF_SUBSTITUTE:
        read_substitute(leaf, f);
        break;
    case KUJI_LEAF_CLOSE:
        read_close(leaf, f);
        break;
    }
}

apr_status_t kuji_ledger_read(kuji_leaf_t *leaf, const char **why,
                              const char *bytes, apr_size_t len,
                              apr_pool_t *pool)
{
    const char *unheard;
    kuji_fields_t f;
    json_t *object;
    int kind;

    memset(leaf, 0, sizeof(*leaf));
    if (kuji_ledger__scan(leaf, bytes, len, pool)) {
        return APR_SUCCESS;
    }
    memset(leaf, 0, sizeof(*leaf));
    why = why ? why : &unheard;
    if (kuji_canon_load(&object, why, bytes, len, pool)) {
        return KUJI_EINVAL;
    }
    *why = NULL;
    kuji_fields_init(&f, object, "the leaf", why, pool);
    kind = index_of(kinds, COUNT(kinds), kuji_fields_word(&f, "kind"));
    if (kind < 0) {
        kuji_fields_wrong(&f, "kind", "is unknown");
        return KUJI_EINVAL;
    }
    leaf->kind = (kuji_leaf_e)kind;
    leaf->i = (uint64_t)kuji_fields_int(&f, "i", 1, KUJI_INT_MAX);
    leaf->t = kuji_fields_int(&f, "t", 0, KUJI_INT_MAX);
    read_kind(leaf, &f);
    return kuji_fields_end(&f);
}
