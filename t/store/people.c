/* SPDX-License-Identifier: Apache-2.0 */
#include "t/store/people.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

void people_publish(house_t *h, const char *kind, int units, const char *extra)
{
    house_publish(h, "odds", HOUR,
                  apr_psprintf(unit_pool,
                               "%s\"odds_total\":1,\"prizes\":[{\"code\":\"A\","
                               "\"name\":\"一等\",\"kind\":\"%s\","
                               "\"units\":%d,\"weight\":1}]",
                               extra, kind, units));
}

static const char *campaign(house_t *h)
{
    return apr_psprintf(unit_pool,
                        "(SELECT id FROM kuji.campaign WHERE tenant_id = '%s' "
                        "AND slug = 'odds')",
                        h->act.tenant);
}

const unsigned char *people_digest(house_t *h, uint64_t n)
{
    unsigned char *digest = apr_palloc(unit_pool, 16);
    const char *hex = house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT encode(participant, 'hex') FROM kuji.draw "
                        "WHERE campaign_id = %s AND n = %d",
                        campaign(h), (int)n));

    ck_assert_ptr_nonnull(hex);
    sodium_hex2bin(digest, 16, hex, 32, NULL, NULL, NULL);
    return digest;
}

static apr_status_t drop(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

const json_t *people_data(const char *text)
{
    char *json = apr_pstrdup(unit_pool, text), *c;
    json_t *doc;

    for (c = json; *c; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    doc = json_loads(json, 0, NULL);
    ck_assert_msg(doc, "%s", json);
    apr_pool_cleanup_register(unit_pool, doc, drop, apr_pool_cleanup_null);
    return doc;
}

const char *people_ask(house_t *h, uint64_t n, const char *what)
{
    return house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT %s FROM kuji.claim c LEFT JOIN "
                        "kuji.claim_detail d USING (campaign_id, n) WHERE "
                        "c.campaign_id = %s AND c.n = %d",
                        what, campaign(h), (int)n));
}

const char *people_audit(house_t *h)
{
    return house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT string_agg(action, ' ' ORDER BY seq) FROM "
                        "kuji.audit WHERE tenant_id = '%s' AND seq > 3",
                        h->act.tenant));
}
