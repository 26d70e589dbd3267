/* A participants' page that stands for no published campaign: of a CONFIG as it
 * is being written, with looks that are being tried. Nobody can draw on it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PARTICIPANT_PREVIEW_H
#define KUJI_WEB_PARTICIPANT_PREVIEW_H

#include "web/participant/page.h"

typedef struct kuji_preview_t {
    const kuji_campaign_view_t *view; /* whose counts are shown */
    const json_t *config;      /* borrowed for as long as the request lasts */
    const kuji_looks_t *looks; /* NULL: those of CONFIG's theme */
    const char *css;           /* their stylesheet, below the mount; or NULL */
    kuji_phase_e phase;
    int is_rules;  /* the page of the rules */
    int is_framed; /* our own pages may frame it */
    json_t *links; /* data.preview, the bar above the page; released. Or NULL */
} kuji_preview_t;

/** Makes the campaign that a participant's request would have found, in
 * web->campaign. KUJI_ESTATE: CONFIG is not complete enough. */
apr_status_t kuji_preview_make(kuji_web_t *web, const kuji_preview_t *what);

/** Answers with its page. */
int kuji_preview_send(kuji_web_t *web, const kuji_preview_t *what);

#endif
