/* Colours and how well one is read on another.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_COLOUR_H
#define KUJI_CORE_COLOUR_H

typedef struct kuji_colour_t {
    unsigned char red, green, blue; /* sRGB */
} kuji_colour_t;

/** "#rgb" or "#rrggbb", in either case. 0: something else. */
int kuji_colour_read(kuji_colour_t *colour, const char *text);

/** "#rrggbb"; out has room for 8. */
void kuji_colour_write(char out[8], const kuji_colour_t *colour);

/** The contrast ratio, 1 to 21, of WCAG 2.2 (relative luminance, W3C). */
double kuji_colour_contrast(const kuji_colour_t *a, const kuji_colour_t *b);

#endif
