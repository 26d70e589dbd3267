/* Addresses that are thrown away: domains that give mailboxes to whoever asks,
 * for a while (core/disposable.txt names where the list is from).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_DISPOSABLE_H
#define KUJI_CORE_DISPOSABLE_H

/** Whether a domain (lower case, ASCII) or one that it is below is listed. */
int kuji_is_disposable(const char *domain);

/** The list as text: a head, then a domain a line, sorted by byte. */
extern const char kuji_disposable__text[];

#endif
