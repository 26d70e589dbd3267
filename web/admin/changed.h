/* What an edit of a campaign changed, in the words of its forms; and taking it
 * back.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_CHANGED_H
#define KUJI_WEB_ADMIN_CHANGED_H

#include "web/admin/desk.h"

/** Lines of a campaign.edit entry's detail (JSON text), a new array: as
 * kuji_change_lines, and each with its "label" where it has one. */
json_t *kuji_changed_lines(const kuji_console_page_t *page, const char *detail);

/** Gives the lines of any other entry their labels and words. */
void kuji_changed_words(const kuji_console_page_t *page, json_t *lines);

/** On the page after a save (data.undo, which the flash has set, is its
 * version): adds data.changed = {lines, undo: address}. A later change or
 * anything that fails leaves it out. */
void kuji_changed_show(kuji_desk_t *desk);

#endif
