/* SPDX-License-Identifier: Apache-2.0 */
#include "core/disposable.h"

#include <stddef.h>
#include <string.h>

/* As strcmp, of a line that ends with its newline. The head's lines begin below
 * every domain, so that they need no exception. */
static int compare(const char *line, const char *domain)
{
    while (*domain && *line == *domain) {
        line++;
        domain++;
    }
    if (*line == '\n' || *domain == '\0') {
        return (*line != '\n') - (*domain != '\0');
    }
    return (unsigned char)*line < (unsigned char)*domain ? -1 : 1;
}

static int is_listed(const char *domain)
{
    const char *low = kuji_disposable__text, *high = low + strlen(low), *line;

    while (low < high) {
        line = low + (high - low) / 2;
        while (line > low && line[-1] != '\n') {
            line--;
        }
        switch (compare(line, domain)) {
        case 0:
            return 1;
        case -1:
            low = strchr(line, '\n') + 1;
            break;
        default:
            high = line;
            break;
        }
    }
    return 0;
}

int kuji_is_disposable(const char *domain)
{
    for (; domain && strchr(domain, '.'); domain = strchr(domain, '.') + 1) {
        if (is_listed(domain)) {
            return 1;
        }
    }
    return 0;
}
