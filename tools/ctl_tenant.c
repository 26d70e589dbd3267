/* kujictl database, tenant, admin, token.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/admin.h"
#include "store/tenant.h"
#include "store/token.h"
#include "tools/ctl.h"

#include <apr_escape.h>
#include <apr_strings.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Sqitch wants a URI; a password goes by the environment, not by argv. */
static const char *uri_of(ctl_t *ctl, PQconninfoOption *o)
{
    const char *user = "", *database = "", *rest = "", *value;

    for (; o->keyword; o++) {
        if (!o->val) {
            continue;
        }
        if (strcmp(o->keyword, "password") == 0) {
            setenv("PGPASSWORD", o->val, 1);
            continue;
        }
        value = apr_pescape_urlencoded(ctl->pool, o->val);
        if (strcmp(o->keyword, "user") == 0) {
            user = apr_pstrcat(ctl->pool, value, "@", NULL);
        }
        else if (strcmp(o->keyword, "dbname") == 0) {
            database = value;
        }
        else {
            rest = apr_pstrcat(ctl->pool, rest, *rest ? "&" : "?", o->keyword,
                               "=", value, NULL);
        }
    }
    return apr_pstrcat(ctl->pool, "db:pg://", user, "/", database, rest, NULL);
}

/* An installation that was moved says where it is now. */
static const char *deploy_script(ctl_t *ctl)
{
    const char *data = getenv("KUJI_DATA");

    return apr_pstrcat(ctl->pool, data ? data : KUJI_DATADIR, "/sql/deploy.sh",
                       NULL);
}

static int deploy(ctl_t *ctl, int argc, const char **argv)
{
    PQconninfoOption *parsed;
    char *message = NULL;
    const char *uri, *script;
    int code = ctl_parse(ctl, argc, argv, 0, NULL);

    if (code != CTL_OK) {
        return code;
    }
    if (!ctl->conninfo) {
        return ctl_usage(ctl, "--database or KUJI_DATABASE is needed");
    }
    parsed = PQconninfoParse(ctl->conninfo, &message);
    if (!parsed) {
        code = ctl_complain(ctl, "--database: %s", message ? message : "");
        PQfreemem(message);
        return code;
    }
    uri = uri_of(ctl, parsed);
    PQconninfoFree(parsed);
    script = deploy_script(ctl);
    execl(script, script, uri, (char *)NULL);
    return ctl_complain(ctl, "%s cannot be run: %s", script, strerror(errno));
}

static int tenant_create(ctl_t *ctl, int argc, const char **argv)
{
    const char *id, *why = NULL;
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 3, NULL);

    if (code == CTL_OK) {
        code = ctl_open_keys(ctl);
    }
    if (code == CTL_OK) {
        code = ctl_open(ctl);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_tenant_create(&id, &why, &ctl->act, argv[0], argv[1], argv[2],
                            ctl->pool);
    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, why);
    }
    printf("%s\n", id);
    return CTL_OK;
}

/* The first line of a file, without its end. */
static int read_password(ctl_t *ctl, char *out, size_t size, const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    const char *line;

    if (!file) {
        return ctl_complain(ctl, "%s cannot be opened: %s", path,
                            strerror(errno));
    }
    line = fgets(out, (int)size, file);
    if (file != stdin) {
        fclose(file);
    }
    if (!line) {
        return ctl_complain(ctl, "%s holds no password", path);
    }
    out[strcspn(out, "\r\n")] = '\0';
    return CTL_OK;
}

static int admin_create(ctl_t *ctl, int argc, const char **argv)
{
    char password[256] = "";
    const char *role = NULL, *file = NULL, *id, *why = NULL;
    const ctl_option_t options[] = {{"role", &role, NULL},
                                    {"password-file", &file, NULL},
                                    {NULL, NULL, NULL}};
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 2, options);

    if (code == CTL_OK && !role) {
        code = ctl_usage(ctl, "--role is needed");
    }
    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code == CTL_OK && file) {
        code = read_password(ctl, password, sizeof(password), file);
    }
    if (code != CTL_OK) {
        return code;
    }
    if (!file) {
        kuji_admin_passphrase(password);
    }
    rv = kuji_admin_create(&id, &why, &ctl->act, argv[1], password, role,
                           ctl->pool);
    if (rv == APR_SUCCESS && !file) {
        printf("%s\n", password);
    }
    sodium_memzero(password, sizeof(password));
    return rv == APR_SUCCESS ? CTL_OK : ctl_failed(ctl, rv, why);
}

static int token_create(ctl_t *ctl, int argc, const char **argv)
{
    char token[KUJI_TOKEN_LEN + 1];
    const char *scopes = NULL, *why = NULL;
    const ctl_option_t options[] = {{"scopes", &scopes, NULL},
                                    {NULL, NULL, NULL}};
    int64_t id;
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 2, options);

    if (code == CTL_OK && !scopes) {
        code = ctl_usage(ctl, "--scopes is needed");
    }
    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_token_create(token, &id, &why, &ctl->act, argv[1], scopes,
                           ctl->pool);
    if (rv == APR_SUCCESS) {
        printf("%s\n", token);
    }
    sodium_memzero(token, sizeof(token));
    return rv == APR_SUCCESS ? CTL_OK : ctl_failed(ctl, rv, why);
}

static int token_revoke(ctl_t *ctl, int argc, const char **argv)
{
    const char *why = NULL;
    int64_t id = 0;
    apr_status_t rv;
    int code = ctl_parse(ctl, argc, argv, 2, NULL);

    if (code == CTL_OK) {
        code = ctl_number(ctl, &id, "ID", argv[1]);
    }
    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_token_revoke(&why, &ctl->act, id, ctl->pool);
    return rv == APR_SUCCESS ? CTL_OK : ctl_failed(ctl, rv, why);
}

static int token_list(ctl_t *ctl, int argc, const char **argv)
{
    const kuji_token_row_t *tokens;
    int i, count, code = ctl_parse(ctl, argc, argv, 1, NULL);
    apr_status_t rv;

    if (code == CTL_OK) {
        code = ctl_open_tenant(ctl, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    rv = kuji_token_list(&tokens, &count, &ctl->act, ctl->pool);
    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, NULL);
    }
    for (i = 0; i < count; i++) {
        printf("%" APR_INT64_T_FMT "\t%s\t%s\t%s\n", (apr_int64_t)tokens[i].id,
               tokens[i].scopes, tokens[i].revoked_at ? "revoked" : "in force",
               tokens[i].name);
    }
    return CTL_OK;
}

const ctl_command_t ctl_tenant_commands[] = {
    {"database", "deploy", "", deploy},
    {"tenant", "create", "NAME HOST TITLE", tenant_create},
    {"admin", "create", "TENANT LOGIN --role ROLE [--password-file FILE]",
     admin_create},
    {"token", "create", "TENANT NAME --scopes read,draw,write", token_create},
    {"token", "revoke", "TENANT ID", token_revoke},
    {"token", "list", "TENANT", token_list},
    {NULL, NULL, NULL, NULL},
};
