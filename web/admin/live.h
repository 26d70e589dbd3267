/* What a form of a campaign would do if it were saved, said beside it: what the
 * odds add up to, what so many visitors would win, what participants would see.
 * The form asks with its button "check"; live.js presses it as one types.
 *
 *   take(&desk, config);
 *   if (kuji_live_asked(&desk)) return kuji_live_answer(&desk, config, show);
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_LIVE_H
#define KUJI_WEB_ADMIN_LIVE_H

#include "web/admin/desk.h"

/** Adds {{>live}}'s data to a form's page: the form has been shown. numbers:
 * the form changes what the draws do. */
void kuji_live_show(kuji_desk_t *desk, int numbers);

/** Whether the form that was sent only asks. */
int kuji_live_asked(const kuji_desk_t *desk);

/** Answers it from config as the form would make it, faults and all: the form
 * again (422 where it has faults), or the participants' page. Nothing is saved.
 */
int kuji_live_answer(kuji_desk_t *desk, const json_t *config,
                     kuji_desk_show_fn *show);

#endif
