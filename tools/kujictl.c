/* kujictl: the operator's hand on an installation, without httpd. What it does
 * is store's; here are the command's words. No password and no key is ever
 * taken from the command line, where everybody can read it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "tools/ctl.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const ctl_command_t *const groups[] = {
    ctl_keys_commands,   ctl_tenant_commands, ctl_campaign_commands,
    ctl_event_commands,  ctl_codes_commands,  ctl_audit_commands,
    ctl_postal_commands, ctl_pay_commands,    NULL,
};

static void print_usage(FILE *to)
{
    const ctl_command_t *const *group, *c;

    fputs("usage: kujictl [--database CONNINFO] [--keys FILE] COMMAND\n"
          "\n"
          "  --database CONNINFO  a libpq connection string (KUJI_DATABASE)\n"
          "  --keys FILE          the key file (KUJI_KEYFILE)\n"
          "\n"
          "commands:\n",
          to);
    for (group = groups; *group; group++) {
        for (c = *group; c->group; c++) {
            fprintf(to, "  %s %s %s\n", c->group, c->verb, c->args);
        }
    }
}

static const ctl_command_t *find(const char *group, const char *verb)
{
    const ctl_command_t *const *g, *c;

    for (g = groups; *g; g++) {
        for (c = *g; c->group; c++) {
            if (strcmp(c->group, group) == 0 && strcmp(c->verb, verb) == 0) {
                return c;
            }
        }
    }
    return NULL;
}

/* The options in front of the command; argc and argv move to the command. */
static int take_globals(ctl_t *ctl, int *argc, const char ***argv)
{
    const struct {
        const char *name;
        const char **value;
    } options[] = {{"--database", &ctl->conninfo}, {"--keys", &ctl->keyfile}};
    apr_size_t len;
    unsigned i;

    while (*argc > 0 && strncmp(**argv, "--", 2) == 0) {
        len = strcspn(**argv, "=");
        for (i = 0; i < 2 && (strlen(options[i].name) != len ||
                              strncmp(options[i].name, **argv, len) != 0);
             i++) {
        }
        if (i == 2 || (!(**argv)[len] && *argc < 2)) {
            return CTL_USAGE;
        }
        if ((**argv)[len]) {
            *options[i].value = **argv + len + 1;
        }
        else {
            *options[i].value = *++*argv;
            --*argc;
        }
        ++*argv;
        --*argc;
    }
    return CTL_OK;
}

/* The database, the ledger and JSON know no other text. */
static int is_text(const char *word)
{
    json_t *text = json_string(word);

    json_decref(text);
    return text != NULL;
}

static int run(ctl_t *ctl, int argc, const char **argv)
{
    const ctl_command_t *command;
    int i;

    if (argc > 0 &&
        (strcmp(*argv, "--help") == 0 || strcmp(*argv, "-h") == 0)) {
        print_usage(stdout);
        return CTL_OK;
    }
    if (take_globals(ctl, &argc, &argv) != CTL_OK || argc < 2) {
        print_usage(stderr);
        return CTL_USAGE;
    }
    command = find(argv[0], argv[1]);
    if (!command) {
        fprintf(stderr, "kujictl: no command %s %s; see kujictl --help\n",
                argv[0], argv[1]);
        return CTL_USAGE;
    }
    ctl->usage = apr_pstrcat(ctl->pool, command->group, " ", command->verb, " ",
                             command->args, NULL);
    for (i = 2; i < argc; i++) {
        if (!is_text(argv[i])) {
            return ctl_usage(ctl, "argument %d is not UTF-8", i - 1);
        }
    }
    return command->run(ctl, argc - 2, argv + 2);
}

int main(int argc, const char **argv)
{
    const struct rlimit no_core = {0, 0};
    ctl_t ctl = {0};
    int code;

    setrlimit(RLIMIT_CORE, &no_core); /* keys are in memory */
    if (apr_initialize() != APR_SUCCESS || sodium_init() < 0 ||
        apr_pool_create(&ctl.pool, NULL) != APR_SUCCESS) {
        fputs("kujictl: cannot start\n", stderr);
        return CTL_FAILED;
    }
    ctl.conninfo = getenv("KUJI_DATABASE");
    ctl.keyfile = getenv("KUJI_KEYFILE");
    code = run(&ctl, argc - 1, argv + 1);
    /* A token is told once: its loss must not pass for success. */
    if (code == CTL_OK && (fflush(stdout) != 0 || ferror(stdout))) {
        code = ctl_complain(&ctl, "cannot write to the standard output");
    }
    apr_pool_destroy(ctl.pool);
    apr_terminate();
    return code;
}
