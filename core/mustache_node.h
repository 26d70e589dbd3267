/* What a compiled template is made of; for core/mustache*.c only.
 *
 * Nodes lie in one array in the order of the source; the children of node i
 * are those from i + 1 up to its next.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_MUSTACHE_NODE_H
#define KUJI_CORE_MUSTACHE_NODE_H

#include "core/mustache.h"

/** Nesting of tags in a source, and of everything while rendering. */
#define KUJI_MUSTACHE_DEPTH 64

typedef enum kuji_mustache_kind_e {
    KUJI_NODE_TEXT,
    KUJI_NODE_VALUE, /* escaped */
    KUJI_NODE_RAW,   /* as it is */
    KUJI_NODE_SECTION,
    KUJI_NODE_INVERTED,
    KUJI_NODE_PARTIAL,
    KUJI_NODE_PARENT,
    KUJI_NODE_BLOCK
} kuji_mustache_kind_e;

typedef struct kuji_mustache_node_t {
    kuji_mustache_kind_e kind;
    int next; /* index behind the last child */
    /* Text: its bytes. Otherwise the name, zero-terminated; a value's or
     * section's dotted name has a zero byte for each dot, parts says how many
     * pieces that makes (0 for "."). */
    const char *text;
    apr_size_t len;
    int parts;
    int line_start;     /* text: begins where a line of the source does */
    int standalone;     /* partial, parent, block: has its lines for itself */
    const char *indent; /* goes before each line of what is put here */
    apr_size_t indent_len;
    apr_size_t strip; /* block: comes off each line where it is an argument */
} kuji_mustache_node_t;

struct kuji_mustache_t {
    int count;
    const kuji_mustache_node_t *nodes;
};

#endif
