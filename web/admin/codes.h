/* Shared by web/admin/codes*.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_CODES_H
#define KUJI_WEB_ADMIN_CODES_H

#include "store/code.h"
#include "web/admin/admin.h"
#include "web/admin/desk.h"

/* As store/code.c has them. */
#define KUJI_CODES_NAME_MAX 200
#define KUJI_CODES_USES_MAX 1000000
/** Codes that are made at once at most. */
#define KUJI_CODES_COUNT_MAX 5000000

/** The page of codes; fields of its forms that were not put there yet are. */
kuji_desk_show_fn kuji_codes_show;
/** Puts them there. */
void kuji_codes_fields(kuji_desk_t *desk);

#endif
