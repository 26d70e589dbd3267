/* kujictl campaign: drafts, publishing, looking.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/campaign.h"
#include "store/publish.h"
#include "tools/ctl.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static int read_json(ctl_t *ctl, json_t **value, const char *path)
{
    json_error_t error;

    *value = strcmp(path, "-") == 0
                 ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &error)
                 : json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (*value) {
        return CTL_OK;
    }
    return error.line < 1 /* it was not even opened */
               ? ctl_complain(ctl, "%s", error.text)
               : ctl_complain(ctl, "%s, line %d: %s", path, error.line,
                              error.text);
}

static int create(ctl_t *ctl, int argc, const char **argv)
{
    const char *uuid, *why = NULL;
    json_t *config;
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 2, NULL);

    if (code == CTL_OK) {
        code = read_json(ctl, &config, argv[1]);
    }
    if (code != CTL_OK) {
        return code;
    }
    code = ctl_open_tenant(ctl, argv[0]);
    if (code == CTL_OK) {
        rv = kuji_campaign_create(&uuid, &why, &ctl->act, config, ctl->pool);
        code = rv == APR_SUCCESS ? CTL_OK : ctl_failed(ctl, rv, why);
    }
    json_decref(config);
    if (code == CTL_OK) {
        printf("%s\n", uuid);
    }
    return code;
}

static int publish(ctl_t *ctl, int argc, const char **argv)
{
    char hex[2 * KUJI_HASH_LEN + 1];
    const kuji_manifest_t *m;
    const char *why = NULL;
    int mail = 0; /* the hosts' KujiMailServer is not ours to read */
    const ctl_option_t options[] = {{"mail", NULL, &mail}, {NULL, NULL, NULL}};
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 2, options);

    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_publish(&m, &why, &ctl->act, argv[1], mail, ctl->pool);
    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, why);
    }
    if (why) {
        fprintf(stderr, "kujictl: warning: %s\n", why);
    }
    sodium_bin2hex(hex, sizeof(hex), m->hash, sizeof(m->hash));
    printf("manifest %s\n", hex);
    return CTL_OK;
}

static int set_paused(ctl_t *ctl, int argc, const char **argv, int pause)
{
    const char *why = NULL;
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 2, NULL);

    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_campaign_pause(&why, &ctl->act, argv[1], pause, ctl->pool);
    return rv == APR_SUCCESS ? CTL_OK : ctl_failed(ctl, rv, why);
}

static int pause_campaign(ctl_t *ctl, int argc, const char **argv)
{
    return set_paused(ctl, argc, argv, 1);
}

static int resume_campaign(ctl_t *ctl, int argc, const char **argv)
{
    return set_paused(ctl, argc, argv, 0);
}

static json_t *time_or_null(int64_t t)
{
    return t ? json_integer((json_int_t)t) : json_null();
}

static int show(ctl_t *ctl, int argc, const char **argv)
{
    const kuji_campaign_view_t *v;
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 2, NULL);

    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_campaign_get(&v, &ctl->act, argv[1], ctl->pool);
    if (rv != APR_SUCCESS) {
        return ctl_failed(
            ctl, rv, rv == KUJI_ENOTFOUND ? "there is no such campaign" : NULL);
    }
    return ctl_print(
        ctl,
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:i, s:I, "
                  "s:I, s:o, s:o, s:o, s:o}",
                  "campaign", v->uuid, "slug", v->slug, "title", v->title,
                  "method", kuji_method_name(v->method), "status", v->status,
                  "phase", kuji_phase_name(v->phase), "opens_at",
                  (json_int_t)v->opens_at, "closes_at",
                  (json_int_t)v->closes_at, "timezone", v->timezone, "version",
                  v->version, "draws", (json_int_t)v->draws, "leaves",
                  (json_int_t)v->size, "blanks_left",
                  v->blanks_left < 0 ? json_null()
                                     : json_integer((json_int_t)v->blanks_left),
                  "raffled_at", time_or_null(v->raffled_at), "closed_at",
                  time_or_null(v->closed_at), "prizes",
                  kuji_campaign_prizes_json(v)));
}

static int list(ctl_t *ctl, int argc, const char **argv)
{
    const kuji_campaign_view_t *v;
    apr_status_t rv;
    int i, count, code = ctl_parse(ctl, argc, argv, 1, NULL);

    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_campaign_list(&v, &count, &ctl->act, ctl->pool);
    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, NULL);
    }
    for (i = 0; i < count; i++) {
        printf("%s\t%s\t%s\t%" APR_INT64_T_FMT "\t%s\n", v[i].slug,
               kuji_method_name(v[i].method), kuji_phase_name(v[i].phase),
               (apr_int64_t)v[i].draws, v[i].title);
    }
    return CTL_OK;
}

const ctl_command_t ctl_campaign_commands[] = {
    {"campaign", "create", "TENANT FILE.json", create},
    {"campaign", "publish", "TENANT SLUG [--mail]", publish},
    {"campaign", "pause", "TENANT SLUG", pause_campaign},
    {"campaign", "resume", "TENANT SLUG", resume_campaign},
    {"campaign", "show", "TENANT SLUG", show},
    {"campaign", "list", "TENANT", list},
    {NULL, NULL, NULL, NULL},
};
