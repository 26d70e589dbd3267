/* Any bytes as a password for any login (both are before and behind the first
 * newline): what is
 * allowed has the right length and is not the login.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/password.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *password = calloc(1, size + 1), *login;
    kuji_flaw_e flaw;

    if (!password) {
        return 0;
    }
    memcpy(password, data, size);
    login = password + strcspn(password, "\n");
    if (*login) {
        *login++ = '\0';
    }
    flaw = kuji_password_flaw(password, login);
    if (flaw == KUJI_FLAW_NONE && (strlen(password) < KUJI_PASSWORD_MIN ||
                                   strlen(password) > KUJI_PASSWORD_MAX ||
                                   strcmp(password, login) == 0)) {
        abort();
    }
    if (!kuji_flaw_name(flaw) != (flaw == KUJI_FLAW_NONE)) {
        abort();
    }
    free(password);
    return 0;
}
