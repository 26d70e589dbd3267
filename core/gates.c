/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gates.h"

#include <string.h>

const char *const kuji_gate_words[] = {
    "open", "code", "api", "passphrase", "email", "line", "purchase", NULL};

unsigned kuji_gate_parse(const char *word)
{
    unsigned i;

    for (i = 0; kuji_gate_words[i]; i++) {
        if (strcmp(kuji_gate_words[i], word) == 0) {
            return 1u << i;
        }
    }
    return 0;
}

unsigned kuji_gates_of(const json_t *config)
{
    const json_t *gate;
    unsigned bits = 0;
    size_t i;

    json_array_foreach(json_object_get(config, "gates"), i, gate)
    {
        if (json_is_string(gate)) {
            bits |= kuji_gate_parse(json_string_value(gate));
        }
    }
    return bits;
}
