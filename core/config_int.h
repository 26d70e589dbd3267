/* Shared by core/config*.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CONFIG_INT_H
#define KUJI_CORE_CONFIG_INT_H

#include "core/config.h"
#include "core/fields.h"

#define KUJI_CONFIG_LIMITS 5
/** The manifest's limits by name. */
extern const char *const kuji_config__limits[KUJI_CONFIG_LIMITS];

/** A member's text, "" where it is none. */
const char *kuji_config__text(const json_t *config, const char *name);

/* What handing prizes over needs (config_claim.c): the list claim_fields, and
 * the fields of a prize that its kind has. */
void kuji_config__claim_fields(kuji_fields_t *f);
void kuji_config__prize_kind(kuji_fields_t *f);

/** Takes the member purchase and looks at the gates for it
 * (config_purchase.c). */
void kuji_config__purchase(kuji_fields_t *f, const json_t *config);

/** Takes the members reveal and counts (config_reveal.c). */
void kuji_config__reveal(kuji_fields_t *f);

#endif
