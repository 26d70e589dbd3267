/* Campaigns: drafts, their public state, pausing.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_CAMPAIGN_H
#define KUJI_STORE_CAMPAIGN_H

#include "core/config.h"
#include "store/act.h"

typedef enum kuji_phase_e {
    KUJI_PHASE_DRAFT,
    KUJI_PHASE_BEFORE,
    KUJI_PHASE_OPEN,
    KUJI_PHASE_PAUSED,
    KUJI_PHASE_SOLD_OUT, /* box: no ticket left */
    KUJI_PHASE_CLOSED    /* from closes_at on, or closed early */
} kuji_phase_e;

typedef struct kuji_prize_view_t {
    const char *code, *name, *kind;
    int64_t planned, awarded, left; /* units; awarded is net of returned */
} kuji_prize_view_t;

typedef struct kuji_campaign_view_t {
    int64_t id;
    const char *uuid, *slug, *title, *status, *timezone;
    kuji_method_e method;
    kuji_phase_e phase;
    int64_t opens_at, closes_at, now; /* ms; now: the database's */
    int version;
    int64_t draws;                 /* or entries, so far */
    int64_t size;                  /* leaves */
    int64_t blanks_left;           /* box; -1 elsewhere */
    int64_t raffled_at, closed_at; /* ms; 0: not yet */
    int64_t archived_at;           /* ms; 0: it is in the console's list */
    int nprizes;
    const kuji_prize_view_t *prizes;
    const char *config; /* CONFIG as JSON text */
} kuji_campaign_view_t;

/** "draft", "before", "open", "paused", "sold_out", "closed". */
const char *kuji_phase_name(kuji_phase_e phase);

/** Checks CONFIG (core/config.h) and stores a draft. KUJI_EINVAL,
 * KUJI_ECONFLICT (slug taken). */
apr_status_t kuji_campaign_create(const char **uuid, const char **why,
                                  const kuji_act_t *act, const json_t *config,
                                  apr_pool_t *pool);

/** Merges patch (RFC 7396) into the CONFIG of a campaign whose version is
 * `version`. KUJI_ECONFLICT: it is another version by now. KUJI_ESTATE: it is
 * published and the patch would change what it promised (core/config.h). */
apr_status_t kuji_campaign_patch(int *new_version, const char **why,
                                 const kuji_act_t *act, const char *slug,
                                 int version, const json_t *patch,
                                 apr_pool_t *pool);

/** Makes a draft of a campaign's CONFIG under another slug and title; a
 * raffle's beacon, whose round is over, is left out. As kuji_campaign_create;
 * KUJI_ENOTFOUND. */
apr_status_t kuji_campaign_duplicate(const char **uuid, const char **why,
                                     const kuji_act_t *act, const char *slug,
                                     const char *new_slug, const char *title,
                                     apr_pool_t *pool);

/** Takes a draft or a closed campaign out of the console's list (archive 1) or
 * puts it back (0). KUJI_ESTATE: it is running; so it was already. */
apr_status_t kuji_campaign_archive(const char **why, const kuji_act_t *act,
                                   const char *slug, int archive,
                                   apr_pool_t *pool);

/** Stops (pause 1) or resumes (0) draws of a published campaign. */
apr_status_t kuji_campaign_pause(const char **why, const kuji_act_t *act,
                                 const char *slug, int pause, apr_pool_t *pool);

/** KUJI_ENOTFOUND. */
apr_status_t kuji_campaign_get(const kuji_campaign_view_t **view,
                               const kuji_act_t *act, const char *slug,
                               apr_pool_t *pool);

/** A view's prizes as everybody may read them, a new reference: a list of
 * {code, name, kind, planned, awarded, left}. */
json_t *kuji_campaign_prizes_json(const kuji_campaign_view_t *view);

/** The tenant's campaigns, the latest opening first; prizes and config are not
 * filled in. */
apr_status_t kuji_campaign_list(const kuji_campaign_view_t **views, int *count,
                                const kuji_act_t *act, apr_pool_t *pool);

/** A line of the console's list. */
typedef struct kuji_campaign_row_t {
    kuji_campaign_view_t view;      /* without prizes and config */
    int64_t planned, awarded, left; /* units of all prizes */
    int64_t today;                  /* draws since midnight where it lives */
} kuji_campaign_row_t;

typedef struct kuji_campaign_find_t {
    const char *text; /* in slug or title, whatever its case; "": any */
    int archived;     /* 1: the archived ones, 0: the others */
    int skip, limit;
} kuji_campaign_find_t;

/** As kuji_campaign_list, those that are asked for. */
apr_status_t kuji_campaign_find(const kuji_campaign_row_t **rows, int *count,
                                const kuji_act_t *act,
                                const kuji_campaign_find_t *find,
                                apr_pool_t *pool);

#endif
