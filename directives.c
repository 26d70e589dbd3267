/* The directives and their setters.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <http_core.h>
#include <stddef.h>

static kuji_server_config_t *server_config(cmd_parms *cmd)
{
    return ap_get_module_config(cmd->server->module_config, &kuji_module);
}

static const char *complain(cmd_parms *cmd, const char *what)
{
    return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", what, NULL);
}

/* Digits only, min .. max; 0 on success. */
static int parse_int(int *value, const char *arg, int min, int max)
{
    apr_size_t len = strlen(arg);

    if (!len || len > 9 || strspn(arg, "0123456789") != len) {
        return -1;
    }
    *value = atoi(arg);
    return *value < min || *value > max ? -1 : 0;
}

/* Only <Location PREFIX> with a plain prefix: links are built from it. */
static int is_plain_location(const cmd_parms *cmd)
{
    const ap_directive_t *parent = cmd->directive->parent;

    return parent && !strcasecmp(parent->directive, "<Location") && cmd->path &&
           cmd->path[0] == '/' && !strpbrk(cmd->path, "*?[");
}

static const char *set_kuji(cmd_parms *cmd, void *dir_config, int on)
{
    kuji_dir_config_t *dir = dir_config;
    apr_size_t len;

    if (!is_plain_location(cmd)) {
        return complain(cmd, "belongs into <Location PREFIX>, PREFIX being a "
                             "plain path");
    }
    len = strlen(cmd->path);
    while (len && cmd->path[len - 1] == '/') {
        len--;
    }
    dir->on = on;
    dir->prefix = apr_pstrmemdup(cmd->pool, cmd->path, len);
    if (on) {
        server_config(cmd)->mounted = 1;
    }
    return NULL;
}

static const char *set_tenant(cmd_parms *cmd, void *dir, const char *arg)
{
    const char *c;

    for (c = arg; *c; c++) {
        if (!apr_islower(*c) && !apr_isdigit(*c) && *c != '-') {
            return complain(cmd, "a tenant's name has a-z, 0-9 and - only");
        }
    }
    if (c == arg || c - arg > 63) {
        return complain(cmd, "a tenant's name has 1 to 63 characters");
    }
    server_config(cmd)->site.tenant = arg;
    return NULL;
}

static const char *set_metrics(cmd_parms *cmd, void *dir, const char *arg)
{
    kuji_server_config_t *config = server_config(cmd);

    if (!strcasecmp(arg, "off")) {
        config->site.metrics = KUJI_METRICS_OFF;
    }
    else if (!strcasecmp(arg, "local")) {
        config->site.metrics = KUJI_METRICS_LOCAL;
    }
    else if (!strcasecmp(arg, "on")) {
        config->site.metrics = KUJI_METRICS_ON;
    }
    else {
        return complain(cmd, "Off, Local or On");
    }
    config->metrics_set = 1;
    return NULL;
}

static const char *set_maintenance(cmd_parms *cmd, void *dir, int on)
{
    kuji_server_config_t *config = server_config(cmd);

    config->site.maintenance = on;
    config->maintenance_set = 1;
    return NULL;
}

/* The directives below are one installation's and belong to the main server. */
static const char *installation(kuji_installation_t **in, cmd_parms *cmd)
{
    *in = &server_config(cmd)->installation;
    return ap_check_cmd_context(cmd, GLOBAL_ONLY);
}

/* cmd->info: the offset of a string member. */
static const char *set_string(cmd_parms *cmd, void *dir, const char *arg)
{
    kuji_installation_t *in;
    const char *error = installation(&in, cmd);

    if (!error) {
        *(const char **)((char *)in + (apr_size_t)cmd->info) = arg;
    }
    return error;
}

static const char *set_path(cmd_parms *cmd, void *dir, const char *arg)
{
    const char *path = ap_server_root_relative(cmd->pool, arg);

    return path ? set_string(cmd, dir, path) : complain(cmd, "no such path");
}

/* cmd->info: the offset of an int member, 1 .. 100000. */
static const char *set_count(cmd_parms *cmd, void *dir, const char *arg)
{
    kuji_installation_t *in;
    const char *error = installation(&in, cmd);

    if (!error && parse_int((int *)((char *)in + (apr_size_t)cmd->info), arg, 1,
                            100000)) {
        error = complain(cmd, "a number of 1 to 100000");
    }
    return error;
}

static const char *set_scheduling(cmd_parms *cmd, void *dir, const char *arg)
{
    kuji_installation_t *in;
    const char *error = installation(&in, cmd);

    if (!error && strcasecmp(arg, "batch") && strcasecmp(arg, "normal")) {
        error = complain(cmd, "Batch or Normal");
    }
    if (!error) {
        in->scheduling_normal = !strcasecmp(arg, "normal");
    }
    return error;
}

static const char *set_remote(cmd_parms *cmd, void *dir, const char *arg)
{
    kuji_installation_t *in;
    const char *error = installation(&in, cmd);

    if (!error && strcasecmp(arg, "any") && strcasecmp(arg, "public")) {
        error = complain(cmd, "Any or Public");
    }
    if (!error) {
        in->remote_public = !strcasecmp(arg, "public");
    }
    return error;
}

static const char *set_timeout(cmd_parms *cmd, void *dir, const char *arg)
{
    kuji_installation_t *in;
    const char *error = installation(&in, cmd);

    if (!error && (ap_timeout_parameter_parse(arg, &in->draw_timeout, "s") ||
                   in->draw_timeout < apr_time_from_msec(100) ||
                   in->draw_timeout > apr_time_from_sec(30))) {
        error = complain(cmd, "a time of 100ms to 30s");
    }
    return error;
}

static const char *set_pool(cmd_parms *cmd, void *dir, int argc,
                            char *const argv[])
{
    kuji_installation_t *in;
    const char *error = installation(&in, cmd);
    int wait_ms;

    if (error) {
        return error;
    }
    if (argc != 4 || parse_int(&in->pool_min, argv[0], 0, 1000) ||
        parse_int(&in->pool_keep, argv[1], 0, 1000) ||
        parse_int(&in->pool_max, argv[2], 1, 1000) ||
        parse_int(&wait_ms, argv[3], 1, 60000)) {
        return complain(cmd, "min keep max wait-ms");
    }
    if (in->pool_min > in->pool_keep || in->pool_keep > in->pool_max) {
        return complain(cmd, "min <= keep <= max");
    }
    in->pool_wait = apr_time_from_msec(wait_ms);
    in->pool_set = 1;
    return NULL;
}

/* What it means is found out at start (mail.c). */
static const char *set_mail_server(cmd_parms *cmd, void *dir, const char *url,
                                   const char *word)
{
    kuji_installation_t *in;
    const char *error = installation(&in, cmd);

    if (!error) {
        in->mail_server = url;
        in->mail_word = word;
    }
    return error;
}

static const char *set_mail_from(cmd_parms *cmd, void *dir, const char *address,
                                 const char *name)
{
    kuji_installation_t *in;
    const char *error = installation(&in, cmd);

    if (!error) {
        in->mail_from = address;
        in->mail_name = name;
    }
    return error;
}

#define MEMBER(name) (void *)offsetof(kuji_installation_t, name)

const command_rec kuji_config_commands[] = {
    AP_INIT_FLAG("Kuji", set_kuji, NULL, ACCESS_CONF,
                 "On mounts the module below a <Location>, Off frees a path"),
    AP_INIT_TAKE1("KujiTenant", set_tenant, NULL, RSRC_CONF,
                  "the tenant that this host belongs to"),
    AP_INIT_TAKE1("KujiMetrics", set_metrics, NULL, RSRC_CONF,
                  "who sees /metrics: Off, Local (loopback) or On"),
    AP_INIT_FLAG("KujiMaintenance", set_maintenance, NULL, RSRC_CONF,
                 "On sends participants and programs away for a while"),
    AP_INIT_TAKE1("KujiDatabase", set_string, MEMBER(database), RSRC_CONF,
                  "connection string of PostgreSQL"),
    AP_INIT_TAKE_ARGV("KujiDatabasePool", set_pool, NULL, RSRC_CONF,
                      "connections: min keep max wait-ms"),
    AP_INIT_TAKE1("KujiKeyFile", set_path, MEMBER(key_file), RSRC_CONF,
                  "the installation's keys, mode 0600"),
    AP_INIT_TAKE1("KujiTemplateDir", set_path, MEMBER(template_dir), RSRC_CONF,
                  "the templates that were installed"),
    AP_INIT_TAKE1("KujiTemplateOverride", set_path, MEMBER(template_override),
                  RSRC_CONF, "templates that replace those of the same name"),
    AP_INIT_TAKE1("KujiQueueLength", set_count, MEMBER(queue_length), RSRC_CONF,
                  "draws that wait in a process at most"),
    AP_INIT_TAKE1("KujiDrawTimeout", set_timeout, NULL, RSRC_CONF,
                  "longest wait of a draw"),
    AP_INIT_TAKE1("KujiBatchMax", set_count, MEMBER(batch_max), RSRC_CONF,
                  "draws in one transaction at most"),
    AP_INIT_TAKE1("KujiCommitters", set_count, MEMBER(committers), RSRC_CONF,
                  "threads that commit draws in a process"),
    AP_INIT_TAKE12("KujiMailServer", set_mail_server, NULL, RSRC_CONF,
                   "smtp[s]://host:port of the mail server, and StartTLS or "
                   "Plain"),
    AP_INIT_TAKE12("KujiMailFrom", set_mail_from, NULL, RSRC_CONF,
                   "the address that mails come from, and a name"),
    AP_INIT_TAKE1("KujiMailLogin", set_path, MEMBER(mail_login), RSRC_CONF,
                  "a file of two lines, user and password, mode 0600"),
    AP_INIT_TAKE1("KujiRemote", set_remote, NULL, RSRC_CONF,
                  "servers that tenants may name as LINE's and for payments: "
                  "Any or Public"),
    AP_INIT_TAKE1("KujiScheduling", set_scheduling, NULL, RSRC_CONF,
                  "how Linux schedules the processes' threads: Batch or "
                  "Normal"),
    {.name = NULL}};
