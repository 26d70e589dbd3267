/* SPDX-License-Identifier: Apache-2.0 */
#include "core/day.h"

/* Howard Hinnant, "chrono-compatible low-level date algorithms". */
int kuji_day_of(int y, int m, int d)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    int leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0), era, of_era;

    if (y < 1970 || y > 9999 || m < 1 || m > 12 || d < 1 ||
        d > lengths[m - 1] + (m == 2 && leap)) {
        return -1;
    }
    y -= m <= 2;
    era = y / 400;
    of_era = y % 400;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
           (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1 - 719468;
}
