/* The download log: who took what out of the house, from where, and whether it
 * arrived whole. Two rows a download, never changed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_DOWNLOAD_H
#define KUJI_STORE_DOWNLOAD_H

#include "core/rows.h"
#include "core/tree.h"
#include "store/act.h"

typedef enum kuji_download_e {
    KUJI_DOWNLOAD_RUNNING,  /* no end yet, and begun lately */
    KUJI_DOWNLOAD_COMPLETE, /* every byte was handed over */
    KUJI_DOWNLOAD_BROKEN,   /* the client went away, or no end was written */
    KUJI_DOWNLOAD_FAILED    /* we could not go on; the client saw it */
} kuji_download_e;

/** "running", "complete", "broken", "failed". */
const char *kuji_download_name(kuji_download_e outcome);

/** One without an end counts as broken from this age on, in ms: nobody
 * downloads for a day. */
#define KUJI_DOWNLOAD_LONGEST ((int64_t)24 * 3600 * 1000)

/** What is about to leave. */
typedef struct kuji_download_ask_t {
    const char *what;    /* "draws", "codes_made": a-z and _ */
    int64_t campaign_id; /* 0: of no campaign */
    const char *slug;    /* NULL likewise */
    const char *filter;  /* JSON object without personal data; NULL: none */
    kuji_rows_form_e form;
} kuji_download_ask_t;

/** Written before the first byte leaves: no row, no download. */
apr_status_t kuji_download_start(int64_t *id, const kuji_act_t *act,
                                 const kuji_download_ask_t *ask,
                                 apr_pool_t *pool);

typedef struct kuji_download_end_t {
    kuji_download_e outcome; /* not RUNNING */
    kuji_rows_count_t count;
    int64_t bytes;
    unsigned char sha256[KUJI_HASH_LEN]; /* of these bytes */
} kuji_download_end_t;

/** KUJI_ECONFLICT: it has its end already. */
apr_status_t kuji_download_end(const kuji_act_t *act, int64_t id,
                               const kuji_download_end_t *end,
                               apr_pool_t *pool);

typedef struct kuji_download_row_t {
    int64_t id, at; /* ms */
    const char *actor;
    const char *login;   /* NULL: the actor is no admin */
    const char *address; /* NULL: no request */
    const char *what;
    const char *slug;   /* NULL: of no campaign */
    const char *filter; /* JSON object */
    const char *format, *encoding;
    int64_t ended_at; /* ms; 0: no end */
    kuji_download_end_t end;
} kuji_download_row_t;

/** Rows with id < before (0: from the newest), newest first; actor: only that
 * one's (NULL: everybody's). */
apr_status_t kuji_download_list(const kuji_download_row_t **rows, int *count,
                                const kuji_act_t *act, const char *actor,
                                int64_t before, int limit, apr_pool_t *pool);

#endif
