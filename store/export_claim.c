/* Claims with their winners' personal data: the one place of an export that
 * opens what is sealed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/export_int.h"
#include "store/link.h"

#include <apr_strings.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/** The result's columns with the sealed texts. */
#define DATA 8
#define TRACKING 9
/** … and the plain ones behind them. */
#define SHOP 10
#define CONSENT_AT 11
#define MARKETING_AT 12
/** The link by which the draw came, sealed too. */
#define LINK 13
#define LINK_SEALED 14

const char *const kuji_export__claim_keys[] = {
    "n",        "time",           "prize",      "prize_name",   "kind",
    "state",    "changed_at",     "voided",     "name",         "kana",
    "postal",   "postal_address", "phone",      "mail",         "note",
    "more",     "tracking",       "prefecture", "city",         "street",
    "building", "shop",           "consent_at", "marketing_at", "carried",
    NULL};

/* What a claim's form may ask for (core/config.c), in the columns' order; any
 * other field goes into "more". */
static const char *const fields[] = {"name",  "kana", "postal", "address",
                                     "phone", "mail", "note",   NULL};
/* An address by its parts, for carriers' forms; behind the other columns, and
 * as one text in "postal_address" too. */
static const char *const parts[] = {"prefecture", "city", "street", "building"};
#define PARTS 4

apr_status_t kuji_export__claim_open(kuji_export_t *export, kuji_conn_t *conn)
{
    return export->vault ? APR_SUCCESS
                         : kuji_vault_open(&export->vault, export->act, conn,
                                           export->pool);
}

/* The address as one text, where it was given by its parts. */
static void join_address(json_t *data, apr_pool_t *pool)
{
    const char *text = "", *part;
    int i;

    for (i = 0; i < PARTS; i++) {
        part = json_string_value(json_object_get(data, parts[i]));
        if (part) {
            text = apr_pstrcat(pool, text, i == 3 ? " " : "", part, NULL);
        }
    }
    if (*text && !json_object_get(data, "address")) {
        json_object_set_new(data, "address", json_string(text));
    }
}

static void write_parts(kuji_rows_t *rows, const char *const texts[PARTS])
{
    int i;

    for (i = 0; i < PARTS; i++) {
        kuji_rows_text(rows, texts[i]);
    }
}

static void write_fields(kuji_rows_t *rows, json_t *data)
{
    const char *const *field;
    char *rest;

    for (field = fields; *field; field++) {
        kuji_rows_text(rows, json_string_value(json_object_get(data, *field)));
        json_object_del(data, *field);
    }
    rest = json_object_size(data) ? json_dumps(data, JSON_SORT_KEYS) : NULL;
    if (rest) {
        kuji_rows_json(rows, rest);
    }
    else {
        kuji_rows_none(rows);
    }
    free(rest);
}

static apr_status_t open_text(const char **text, const kuji_export_t *export,
                              const char *label, const PGresult *res, int row,
                              int col, apr_pool_t *pool)
{
    const char *purpose = kuji_vault_purpose(label, export->campaign->uuid,
                                             kuji_pg_int(res, row, 0), pool);

    return kuji_vault_text(text, export->vault, purpose, res, row, col, pool);
}

/* What the link by which the draw came had with it. */
static apr_status_t write_carried(kuji_export_t *export, const PGresult *res,
                                  int row, apr_pool_t *pool)
{
    json_t *doc = NULL, *carried;
    apr_status_t rv = APR_SUCCESS;
    char *text;

    if (!PQgetisnull(res, row, LINK)) {
        rv = kuji_link_open(&doc, export->vault, res, row, LINK, LINK_SEALED,
                            pool);
    }
    carried = json_object_get(doc, "data");
    text = carried ? json_dumps(carried, JSON_SORT_KEYS) : NULL;
    if (text) {
        kuji_rows_json(export->rows, text);
    }
    else {
        kuji_rows_none(export->rows);
    }
    free(text);
    json_decref(doc);
    return rv;
}

apr_status_t kuji_export__claim_rest(kuji_export_t *export, const PGresult *res,
                                     int row, apr_pool_t *pool)
{
    const char *text = NULL, *tracking = NULL, *texts[PARTS], *part;
    int i;
    json_t *data = NULL;
    apr_status_t rv = open_text(&text, export, "claim", res, row, DATA, pool);

    if (rv == APR_SUCCESS) {
        rv = open_text(&tracking, export, "tracking", res, row, TRACKING, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (text && !(data = json_loads(text, 0, NULL))) {
        return KUJI_ECRYPT;
    }
    join_address(data, pool);
    for (i = 0; i < PARTS; i++) {
        part = json_string_value(json_object_get(data, parts[i]));
        texts[i] = part ? apr_pstrdup(pool, part) : NULL;
        json_object_del(data, parts[i]);
    }
    write_fields(export->rows, data);
    json_decref(data);
    kuji_rows_text(export->rows, tracking);
    write_parts(export->rows, texts);
    kuji_rows_text(export->rows, kuji_pg_text(res, row, SHOP));
    kuji_rows_text(export->rows, kuji_pg_text(res, row, CONSENT_AT));
    kuji_rows_text(export->rows, kuji_pg_text(res, row, MARKETING_AT));
    return write_carried(export, res, row, pool);
}
