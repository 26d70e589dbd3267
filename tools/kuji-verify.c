/* kuji-verify: replays a campaign from what it publishes, without trusting
 * whoever published it. See kuji-verify(1).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "tools/verify.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <curl/curl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_OK = 0, EXIT_DIFFERS = 1, EXIT_TROUBLE = 2 };

static const char usage[] =
    "usage: kuji-verify [options] URL          the campaign's page\n"
    "       kuji-verify [options] DIRECTORY    manifest.json, ledger.jsonl "
    "and,\n"
    "                                          if there, checkpoint and key\n"
    "       kuji-verify [options] --manifest FILE --ledger FILE\n"
    "  --checkpoint FILE      the signed checkpoint to compare with\n"
    "  --key FILE|VKEY        the key to trust, instead of the page's own\n"
    "  --old-checkpoint FILE  an earlier one, which must be a prefix\n"
    "  --receipt FILE         a participant's receipt\n"
    "  --participant ID       whose receipt it is\n"
    "  --cacert FILE          certificates to trust\n"
    "  --quiet                no summary\n";

enum {
    OPT_MANIFEST = 256,
    OPT_LEDGER,
    OPT_CHECKPOINT,
    OPT_KEY,
    OPT_OLD,
    OPT_RECEIPT,
    OPT_PARTICIPANT,
    OPT_CACERT
};

static const struct option options[] = {
    {"manifest", required_argument, NULL, OPT_MANIFEST},
    {"ledger", required_argument, NULL, OPT_LEDGER},
    {"checkpoint", required_argument, NULL, OPT_CHECKPOINT},
    {"key", required_argument, NULL, OPT_KEY},
    {"old-checkpoint", required_argument, NULL, OPT_OLD},
    {"receipt", required_argument, NULL, OPT_RECEIPT},
    {"participant", required_argument, NULL, OPT_PARTICIPANT},
    {"cacert", required_argument, NULL, OPT_CACERT},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0}};

static const char **slot(kuji_verify_t *v, int option)
{
    switch (option) {
    case OPT_MANIFEST:
        return &v->manifest_file;
    case OPT_LEDGER:
        return &v->ledger_file;
    case OPT_CHECKPOINT:
        return &v->checkpoint_file;
    case OPT_KEY:
        return &v->key;
    case OPT_OLD:
        return &v->old_file;
    case OPT_RECEIPT:
        return &v->receipt_file;
    case OPT_PARTICIPANT:
        return &v->participant;
    case OPT_CACERT:
        return &v->cacert;
    default:
        return NULL;
    }
}

static int misused(void)
{
    fputs(usage, stderr);
    return EXIT_TROUBLE;
}

/* -1: go on. */
static int read_options(kuji_verify_t *v, int argc, char **argv)
{
    int option;

    while ((option = getopt_long(argc, argv, "qhV", options, NULL)) != -1) {
        const char **value = slot(v, option);

        if (value) {
            *value = optarg;
        }
        else if (option == 'q') {
            v->quiet = 1;
        }
        else if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_OK;
        }
        else if (option == 'V') {
            puts("kuji-verify " KUJI_VERSION);
            return EXIT_OK;
        }
        else {
            return misused();
        }
    }
    return -1;
}

static const char *in_directory(kuji_verify_t *v, const char *directory,
                                const char *name, int needed)
{
    const char *file = apr_pstrcat(v->pool, directory, "/", name, NULL);
    struct stat st;

    return needed || !stat(file, &st) ? file : NULL;
}

static void use_directory(kuji_verify_t *v, const char *directory)
{
    v->manifest_file = in_directory(v, directory, "manifest.json", 1);
    v->ledger_file = in_directory(v, directory, "ledger.jsonl", 1);
    if (!v->checkpoint_file) {
        v->checkpoint_file = in_directory(v, directory, "checkpoint", 0);
    }
    if (!v->key) {
        v->key = in_directory(v, directory, "key", 0);
    }
}

static int is_url(const char *text)
{
    return !strncmp(text, "https://", 8) || !strncmp(text, "http://", 7);
}

/* -1: go on. */
static int read_source(kuji_verify_t *v, int count, char **words)
{
    int files = v->manifest_file || v->ledger_file;

    if (count > 1 || (count == 1) == files ||
        (files && !(v->manifest_file && v->ledger_file)) ||
        (v->participant && !v->receipt_file)) {
        return misused();
    }
    if (count == 1 && is_url(words[0])) {
        char *url = apr_pstrdup(v->pool, words[0]);
        apr_size_t len = strlen(url);

        while (len > 0 && url[len - 1] == '/') {
            url[--len] = '\0';
        }
        v->url = url;
        return strpbrk(url, "?#") || v->checkpoint_file ? misused() : -1;
    }
    if (count == 1) {
        use_directory(v, words[0]);
    }
    return -1;
}

static apr_status_t begin(kuji_verify_t *v)
{
    const char *why = NULL;
    apr_status_t rv = v->url ? kuji_verify_fetch(v) : kuji_verify_open_files(v);

    if (rv) {
        return rv;
    }
    if (kuji_replay_make(&v->replay, &why, v->manifest, v->manifest_len,
                         v->pool)) {
        return kuji_verify_differs(v, "leaf 0: the manifest: %s", why);
    }
    kuji_verify_use_days(v);
    return APR_SUCCESS;
}

static apr_status_t verify(kuji_verify_t *v)
{
    apr_status_t rv = begin(v);

    if (!rv) {
        rv = kuji_verify_open_notes(v);
    }
    if (!rv && v->url) {
        kuji_verify_mark_samples(v);
    }
    if (!rv) {
        rv = kuji_verify_ledger(v);
    }
    if (!rv) {
        rv = kuji_verify_check_notes(v);
    }
    if (!rv) {
        rv = kuji_verify_proofs(v);
    }
    if (!rv && !v->quiet) {
        kuji_verify_report(v);
    }
    return rv;
}

int main(int argc, char **argv)
{
    kuji_verify_t *v;
    apr_pool_t *pool;
    apr_status_t rv;
    int code;

    apr_initialize();
    atexit(apr_terminate);
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT)) {
        return EXIT_TROUBLE;
    }
    apr_pool_create(&pool, NULL);
    v = apr_pcalloc(pool, sizeof(*v));
    v->pool = pool;
    code = read_options(v, argc, argv);
    if (code < 0) {
        code = read_source(v, argc - optind, argv + optind);
    }
    if (code >= 0) {
        return code;
    }
    rv = verify(v);
    if (v->ledger) {
        fclose(v->ledger);
    }
    return rv == APR_SUCCESS    ? EXIT_OK
           : rv == KUJI_EVERIFY ? EXIT_DIFFERS
                                : EXIT_TROUBLE;
}
