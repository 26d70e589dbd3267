/* kuji-verify: what its parts share.
 *
 * Every step returns APR_SUCCESS, KUJI_EVERIFY after telling the first
 * difference (exit 1), or another status after telling what went wrong with
 * files or the network (exit 2).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_TOOLS_VERIFY_H
#define KUJI_TOOLS_VERIFY_H

#include "core/note.h"
#include "core/replay.h"

#include <stdio.h>

#define KUJI_MARKS_MAX 16

/** A hash to be had while the ledger passes by: the root of its first `at`
 * leaves, or the hash of leaf `at`. */
typedef struct kuji_mark_t {
    uint64_t at;
    unsigned char hash[KUJI_HASH_LEN];
    int found;
} kuji_mark_t;

typedef struct kuji_verify_t {
    /* What was asked. */
    const char *url; /* without a slash at its end; NULL: files */
    const char *manifest_file, *ledger_file, *checkpoint_file;
    const char *receipt_file, *old_file;
    const char *key;         /* a vkey, or a file that holds one */
    const char *participant; /* opens the receipt's `who` */
    const char *cacert;
    int quiet;

    /* What was read. */
    const char *manifest, *vkey, *note, *newer_note, *old_note;
    apr_size_t manifest_len;
    FILE *ledger;
    kuji_checkpoint_t checkpoint, newer, old, receipt_checkpoint;
    const char *receipt_leaf;
    uint64_t receipt_index;
    unsigned char receipt_salt[KUJI_SALT_LEN];

    /* What came out. */
    kuji_replay_t *replay;
    int nroots, nleaves;
    kuji_mark_t roots[KUJI_MARKS_MAX], leaves[KUJI_MARKS_MAX];
    int days_needed, days_known;   /* the manifest limits by day; its time zone
                                      is known here */
    int inclusions, consistencies; /* proofs that the server gave and hold */

    apr_pool_t *pool;
} kuji_verify_t;

/* verify_say.c: control characters of others' text are never printed. */
apr_status_t kuji_verify_differs(kuji_verify_t *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
apr_status_t kuji_verify_failed(kuji_verify_t *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** The summary on stdout. */
void kuji_verify_report(kuji_verify_t *v);

/* verify_day.c */
/** Before the ledger is read: how the replay tells days, if it needs to. */
void kuji_verify_use_days(kuji_verify_t *v);

/* verify_file.c */
/** A whole file of at most max bytes, zero-terminated, in v->pool. */
apr_status_t kuji_verify_slurp(kuji_verify_t *v, const char **bytes,
                               apr_size_t *len, const char *file,
                               apr_size_t max);
/** Everything from the files that were named. */
apr_status_t kuji_verify_open_files(kuji_verify_t *v);

/* verify_fetch.c */
/** Everything from the campaign's page; the ledger into a temporary file. */
apr_status_t kuji_verify_fetch(kuji_verify_t *v);
/** One small document under the page, at most max bytes. */
apr_status_t kuji_verify_get(kuji_verify_t *v, const char **bytes,
                             apr_size_t *len, const char *name, apr_size_t max);

/* verify_note.c */
/** Opens checkpoints and the receipt, and marks what they need. */
apr_status_t kuji_verify_open_notes(kuji_verify_t *v);
/** After the ledger: do its roots equal theirs? */
apr_status_t kuji_verify_check_notes(kuji_verify_t *v);

/* verify_receipt.c */
apr_status_t kuji_verify_open_receipt(kuji_verify_t *v);
apr_status_t kuji_verify_check_receipt(kuji_verify_t *v);
/** Opens a signed note by the campaign's key and marks its root. what names it
 * in complaints. */
apr_status_t kuji_verify_open_note(kuji_verify_t *v,
                                   kuji_checkpoint_t *checkpoint,
                                   const char *note, const char *what);
/** Is the marked root the checkpoint's? */
apr_status_t kuji_verify_check_root(kuji_verify_t *v,
                                    const kuji_checkpoint_t *checkpoint,
                                    const char *what);

/* verify_ledger.c */
void kuji_verify_mark_root(kuji_verify_t *v, uint64_t size);
void kuji_verify_mark_leaf(kuji_verify_t *v, uint64_t index);
/** NULL where the ledger did not reach it. */
const unsigned char *kuji_verify_root(const kuji_verify_t *v, uint64_t size);
const unsigned char *kuji_verify_leaf(const kuji_verify_t *v, uint64_t index);
/** Replays the whole ledger. */
apr_status_t kuji_verify_ledger(kuji_verify_t *v);

/* verify_proof.c: asks the server for proofs and checks them. */
void kuji_verify_mark_samples(kuji_verify_t *v);
apr_status_t kuji_verify_proofs(kuji_verify_t *v);

#endif
