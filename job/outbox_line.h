/* Rows of the outbox that LINE carries, each by its tenant's own channel.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_JOB_OUTBOX_LINE_H
#define KUJI_JOB_OUTBOX_LINE_H

#include "job/outbox.h"
#include "remote/line.h"

/** A tenant whose channel does not answer is left alone for a while. */
#define KUJI_OUTBOX_PAUSED 64

/** Outlives the outbox; the first three are set by who makes it. */
typedef struct kuji_outbox_line_config_t {
    kuji_line_t *line;
    kuji_outbox_words_fn *words; /* the body is the message */
    void *words_baton;
    struct {
        char tenant[37];
        apr_time_t until;
    } paused[KUJI_OUTBOX_PAUSED];
    int next_paused;
} kuji_outbox_line_config_t;

/** config is borrowed. */
void kuji_outbox_by_line(kuji_outbox_carrier_t *carrier,
                         kuji_outbox_line_config_t *config);

#endif
