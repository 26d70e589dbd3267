/* SPDX-License-Identifier: Apache-2.0 */
#include "core/colour.h"

#include <math.h>
#include <string.h>

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) & 15 : -1;
}

int kuji_colour_read(kuji_colour_t *colour, const char *text)
{
    size_t len = strlen(text), each = len == 7 ? 2 : 1, i;
    unsigned char parts[3];
    int high, low;

    if (text[0] != '#' || (len != 4 && len != 7)) {
        return 0;
    }
    for (i = 0; i < 3; i++) {
        high = hex_value(text[1 + each * i]);
        low = hex_value(text[each + each * i]);
        if (high < 0 || low < 0) {
            return 0;
        }
        parts[i] = (unsigned char)(high << 4 | low);
    }
    colour->red = parts[0];
    colour->green = parts[1];
    colour->blue = parts[2];
    return 1;
}

void kuji_colour_write(char out[8], const kuji_colour_t *colour)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char parts[3] = {colour->red, colour->green, colour->blue};
    int i;

    out[0] = '#';
    for (i = 0; i < 3; i++) {
        out[1 + 2 * i] = digits[parts[i] >> 4];
        out[2 + 2 * i] = digits[parts[i] & 15];
    }
    out[7] = '\0';
}

static double linear(unsigned char part)
{
    double c = part / 255.0;

    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(const kuji_colour_t *c)
{
    return 0.2126 * linear(c->red) + 0.7152 * linear(c->green) +
           0.0722 * linear(c->blue);
}

double kuji_colour_contrast(const kuji_colour_t *a, const kuji_colour_t *b)
{
    double one = luminance(a) + 0.05, other = luminance(b) + 0.05;

    return one > other ? one / other : other / one;
}
