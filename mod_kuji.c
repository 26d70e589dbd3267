/* The front door: module record, directives, hooks; nothing else.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "auth.h"
#include "config.h"
#include "front.h"
#include "start.h"

#include <apr_optional_hooks.h>
#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_status.h>

static void register_hooks(apr_pool_t *p)
{
    /* Rewritten and aliased paths are decided first; what they leave below a
     * mount is ours. */
    static const char *const translators[] = {"mod_rewrite.c", "mod_alias.c",
                                              "mod_proxy.c", NULL};

    ap_hook_post_config(kuji_start_server, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(kuji_start_child, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_read_request(kuji_front_mask, NULL, NULL,
                              APR_HOOK_REALLY_FIRST);
    ap_hook_translate_name(kuji_front_translate, translators, NULL,
                           APR_HOOK_LAST);
    /* First of all: the walk through directories costs a third of the
     * throughput, and no AddHandler may take a path away. */
    ap_hook_map_to_storage(kuji_front_claim, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_type_checker(kuji_front_claim, NULL, NULL, APR_HOOK_REALLY_FIRST);
    kuji_auth_register(p);
    ap_hook_handler(kuji_front_handle, NULL, NULL, APR_HOOK_FIRST);
    APR_OPTIONAL_HOOK(ap, status_hook, kuji_front_status, NULL, NULL,
                      APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(kuji) = {
    STANDARD20_MODULE_STUFF,  kuji_config_create_dir,
    kuji_config_merge_dir,    kuji_config_create_server,
    kuji_config_merge_server, kuji_config_commands,
    register_hooks,           AP_MODULE_FLAG_NONE,
};
