/* Shared by note.c and note_open.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_NOTE_INT_H
#define KUJI_CORE_NOTE_INT_H

#include "core/note.h"

/** First 4 bytes of SHA256(name || 0A || 01 || public key). */
void kuji_note__key_id(unsigned char id[4], const char *name,
                       const unsigned char public_key[KUJI_SIGN_PUBLIC_LEN]);

#endif
