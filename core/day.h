/* Days of the calendar.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_DAY_H
#define KUJI_CORE_DAY_H

/** Days from 1970-01-01, years 1970 .. 9999; -1: there is no such day. */
int kuji_day_of(int year, int month, int day);

#endif
