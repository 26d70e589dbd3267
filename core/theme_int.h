/* The shipped themes' colours, made from their stylesheet by the build.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_THEME_INT_H
#define KUJI_CORE_THEME_INT_H

#include <stddef.h>

typedef struct kuji_theme_token_t {
    const char *base, *name;
    int mode;
    unsigned colour; /* 0xrrggbb */
} kuji_theme_token_t;

/** A NULL base ends it. */
extern const kuji_theme_token_t kuji_theme__tokens[];

#endif
