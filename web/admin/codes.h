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
/** And as a sheet to be printed. */
#define KUJI_CODES_SHEET_MAX 500

/** What the codes that are made come as, ending with NULL: "codes", "links",
 * "sheet". The last two lead to the page with the code in its field. */
extern const char *const kuji_codes_forms[];

/** The page of codes; fields of its forms that were not put there yet are. */
kuji_desk_show_fn kuji_codes_show;
/** Puts them there. */
void kuji_codes_fields(kuji_desk_t *desk);

/** What stands before a code in its link: "https://host/k/SLUG?code=". */
const char *kuji_codes_link(const kuji_desk_t *desk);

/** Makes the codes (KUJI_CODES_SHEET_MAX at most), ends the batch and sends
 * them as a sheet (codes_sheet.c). */
int kuji_codes_sheet(kuji_desk_t *desk, kuji_code_batch_t *batch, int64_t count,
                     int symbols);

#endif
