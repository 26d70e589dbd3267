/* Made of core/cp932.txt by the build. For core/cp932.c only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CP932_INT_H
#define KUJI_CORE_CP932_INT_H

/** A line a lead byte, in the order of preference: two hex digits, then the
 * 188 characters of the trail bytes 40 .. 7E and 80 .. FC; "." for none. */
extern const char kuji_cp932__text[];

#endif
