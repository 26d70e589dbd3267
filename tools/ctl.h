/* Inside of kujictl: what its command groups share. For tools/ctl*.c and
 * tools/kujictl.c only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_TOOLS_CTL_H
#define KUJI_TOOLS_CTL_H

#include "core/keyfile.h"
#include "store/act.h"

#include <jansson.h>

/** Exit codes. */
enum { CTL_OK = 0, CTL_FAILED = 1, CTL_USAGE = 2 };

typedef struct ctl_t {
    apr_pool_t *pool;
    const char *conninfo; /* --database, KUJI_DATABASE; NULL: neither */
    const char *keyfile;  /* --keys, KUJI_KEYFILE; NULL: neither */
    const char *usage;    /* of the command that runs */
    kuji_act_t act;       /* filled by ctl_open and ctl_open_tenant */
    char last_log[512];   /* what store had to say last */
} ctl_t;

/** argv are the words behind the command's name. Returns an exit code. */
typedef int ctl_fn(ctl_t *ctl, int argc, const char **argv);

typedef struct ctl_command_t {
    const char *group, *verb; /* "campaign", "publish" */
    const char *args;         /* for the usage line */
    ctl_fn *run;
} ctl_command_t;

/* One table a group, ended by a group of NULL. */
extern const ctl_command_t ctl_keys_commands[];
extern const ctl_command_t ctl_tenant_commands[];
extern const ctl_command_t ctl_campaign_commands[];
extern const ctl_command_t ctl_event_commands[];
extern const ctl_command_t ctl_codes_commands[];
extern const ctl_command_t ctl_audit_commands[];
extern const ctl_command_t ctl_postal_commands[];
extern const ctl_command_t ctl_pay_commands[];

/** One option of a command: --name VALUE or --name=VALUE into *value, or, where
 * value is NULL, --name into *flag. */
typedef struct ctl_option_t {
    const char *name;
    const char **value;
    int *flag;
} ctl_option_t;

/** Takes the options (ended by a name of NULL) out of argv; what remains must
 * be `words` words. Says so and returns CTL_USAGE otherwise. */
int ctl_parse(ctl_t *ctl, int argc, const char **argv, int words,
              const ctl_option_t *options);

/** A positive integer argument; CTL_USAGE after a complaint. */
int ctl_number(ctl_t *ctl, int64_t *out, const char *name, const char *text);

/** "kujictl: <text>" on stderr. Each returns CTL_FAILED or CTL_USAGE. */
int ctl_complain(ctl_t *ctl, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int ctl_usage(ctl_t *ctl, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** For a status of store's; why may be NULL. */
int ctl_failed(ctl_t *ctl, apr_status_t rv, const char *why);

/** Connects nothing yet; needs --database. CTL_OK or after a complaint. */
int ctl_open(ctl_t *ctl);
/** Reads the key file into act.keys; needs --keys. */
int ctl_open_keys(ctl_t *ctl);
/** All of it, for one tenant. */
int ctl_open_tenant(ctl_t *ctl, const char *tenant);
/** One tenant without the keys: for what reads no secret. */
int ctl_open_log(ctl_t *ctl, const char *tenant);

/** Reads a key file's text into sodium_malloc'ed memory that goes with the
 * pool. Refuses a file that others may read. */
int ctl_read_keyfile(ctl_t *ctl, const char **text, apr_size_t *len,
                     const char *path);
/** Parses it, into memory of the same kind. */
int ctl_parse_keyfile(ctl_t *ctl, kuji_keyfile_t **keys, const char *text,
                      apr_size_t len);

/** Prints value as indented JSON on stdout and releases it. */
int ctl_print(ctl_t *ctl, json_t *value);

#endif
