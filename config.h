/* What the directives mean: create, merge, set, check.
 *
 * Creating a configuration leaves everything unset; defaults live in
 * kuji_config_prepare.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CONFIG_H
#define KUJI_CONFIG_H

#include "web/web.h"

#include <http_config.h>

extern module AP_MODULE_DECLARE_DATA kuji_module;

/** Of the main server only: one installation behind all virtual hosts. */
typedef struct kuji_installation_t {
    const char *database; /* KujiDatabase: conninfo */
    int pool_set, pool_min, pool_keep, pool_max;
    apr_interval_time_t pool_wait;
    const char *key_file;
    const char *template_dir, *template_override;
    int queue_length; /* 0: unset */
    apr_interval_time_t draw_timeout;
    int batch_max, committers;
    int scheduling_normal;               /* KujiScheduling Normal */
    int remote_public;                   /* KujiRemote Public */
    const char *mail_server, *mail_word; /* KujiMailServer */
    const char *mail_from, *mail_name;   /* KujiMailFrom */
    const char *mail_login;              /* KujiMailLogin: a file */
} kuji_installation_t;

typedef struct kuji_server_config_t {
    kuji_site_t site;
    int metrics_set, maintenance_set;
    int mounted; /* some "Kuji On" was read */
    kuji_installation_t installation;
} kuji_server_config_t;

typedef struct kuji_dir_config_t {
    int on;             /* -1: unset */
    const char *prefix; /* mount point without its last slash */
} kuji_dir_config_t;

void *kuji_config_create_server(apr_pool_t *p, server_rec *s);
void *kuji_config_merge_server(apr_pool_t *p, void *base, void *add);
void *kuji_config_create_dir(apr_pool_t *p, char *path);
void *kuji_config_merge_dir(apr_pool_t *p, void *base, void *add);

extern const command_rec kuji_config_commands[];

/** Whether any host mounts the module. */
int kuji_config_is_used(const server_rec *s);

/** Fills in defaults and clamps the queue to the MPM; logs warnings. An error
 * is text for the log and stops the start. */
const char *kuji_config_prepare(server_rec *main_server);

#endif
