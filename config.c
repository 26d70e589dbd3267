/* Create, merge and check. Setters are in directives.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <ap_mpm.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>

APLOG_USE_MODULE(kuji);

#define DEFAULT_DRAW_TIMEOUT apr_time_from_sec(2)
#define DEFAULT_BATCH 200
#define DEFAULT_COMMITTERS 2
#define DEFAULT_POOL_MIN 0
#define DEFAULT_POOL_KEEP 4
#define DEFAULT_POOL_MAX 10
#define DEFAULT_POOL_WAIT apr_time_from_msec(500)

void *kuji_config_create_server(apr_pool_t *p, server_rec *s)
{
    return apr_pcalloc(p, sizeof(kuji_server_config_t));
}

/* The tenant is not inherited: a host without its own has none. */
void *kuji_config_merge_server(apr_pool_t *p, void *base, void *add)
{
    const kuji_server_config_t *b = base, *a = add;
    kuji_server_config_t *merged = apr_pmemdup(p, a, sizeof(*a));

    if (!a->metrics_set) {
        merged->site.metrics = b->site.metrics;
        merged->metrics_set = b->metrics_set;
    }
    if (!a->maintenance_set) {
        merged->site.maintenance = b->site.maintenance;
        merged->maintenance_set = b->maintenance_set;
    }
    return merged;
}

void *kuji_config_create_dir(apr_pool_t *p, char *path)
{
    kuji_dir_config_t *dir = apr_pcalloc(p, sizeof(*dir));

    dir->on = -1;
    return dir;
}

void *kuji_config_merge_dir(apr_pool_t *p, void *base, void *add)
{
    const kuji_dir_config_t *b = base, *a = add;

    return apr_pmemdup(p, a->on == -1 ? b : a, sizeof(*a));
}

int kuji_config_is_used(const server_rec *s)
{
    for (; s; s = s->next) {
        const kuji_server_config_t *config =
            ap_get_module_config(s->module_config, &kuji_module);

        if (config->mounted) {
            return 1;
        }
    }
    return 0;
}

/* Waiting draws hold at most half of a process's threads, so that a stuck
 * database never starves the neighbouring hosts. */
static void clamp_queue(kuji_installation_t *in, server_rec *s)
{
    int threads = 0, half;

    ap_mpm_query(AP_MPMQ_MAX_THREADS, &threads);
    if (threads < 2) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "KJ0101: this MPM has one thread a process: draws cannot "
                     "share a transaction; use the event MPM");
    }
    half = threads < 2 ? 1 : threads / 2;
    if (in->queue_length > half) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "KJ0102: KujiQueueLength %d is lowered to %d, half of "
                     "ThreadsPerChild",
                     in->queue_length, half);
    }
    if (!in->queue_length || in->queue_length > half) {
        in->queue_length = half;
    }
}

static void set_defaults(kuji_installation_t *in)
{
    if (!in->draw_timeout) {
        in->draw_timeout = DEFAULT_DRAW_TIMEOUT;
    }
    if (!in->batch_max) {
        in->batch_max = DEFAULT_BATCH;
    }
    if (!in->committers) {
        in->committers = DEFAULT_COMMITTERS;
    }
    if (!in->template_dir) {
        in->template_dir = KUJI_DATADIR "/templates";
    }
    if (!in->pool_set) {
        in->pool_min = DEFAULT_POOL_MIN;
        in->pool_keep = DEFAULT_POOL_KEEP;
        in->pool_max = DEFAULT_POOL_MAX;
        in->pool_wait = DEFAULT_POOL_WAIT;
    }
}

const char *kuji_config_prepare(server_rec *main_server)
{
    kuji_server_config_t *config =
        ap_get_module_config(main_server->module_config, &kuji_module);
    kuji_installation_t *in = &config->installation;

    if (!in->database) {
        return "Kuji On needs KujiDatabase";
    }
    if (!in->key_file) {
        return "Kuji On needs KujiKeyFile";
    }
    set_defaults(in);
    if (in->pool_max <= in->committers) {
        return "KujiDatabasePool needs a maximum above KujiCommitters";
    }
    clamp_queue(in, main_server);
    return NULL;
}
