/* Rendering compiled Mustache over a jansson value.
 *
 * Contexts, arguments of parents and indentation are lists whose links live on
 * the C stack, so rendering allocates its output and nothing else.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/mustache_node.h"
#include "core/error.h"

#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

/* Nodes one render may visit: templates that include each other can be tiny
 * and endless while putting out nothing. */
#define STEPS_MAX (1 << 20)

typedef struct context_t {
    json_t *value;
    const struct context_t *outer;
} context_t;

/* The arguments that one parent tag passes: its child blocks. */
typedef struct frame_t {
    const kuji_mustache_t *tmpl;
    int parent;
    const struct frame_t *outer;
} frame_t;

typedef struct indent_t {
    const char *text;
    apr_size_t len;
    const struct indent_t *outer;
} indent_t;

/* Where rendering is. */
typedef struct place_t {
    const kuji_mustache_t *tmpl;
    const context_t *context;
    const frame_t *frames;
    const indent_t *indent;
    apr_size_t strip; /* blanks that come off each line of the source */
} place_t;

typedef struct render_t {
    char *out;
    apr_size_t len, room, max_len;
    int line_start; /* the template (not data) has just begun a line */
    int depth, steps;
    int plain; /* nothing is escaped */
    kuji_mustache_find_fn *find;
    void *baton;
    apr_pool_t *pool;
} render_t;

static apr_status_t nodes(render_t *r, const place_t *place, int from, int to);

static apr_status_t put(render_t *r, const char *bytes, apr_size_t len)
{
    apr_size_t room = r->room;
    char *out;

    if (len > r->max_len - r->len) {
        return KUJI_ETOOBIG;
    }
    while (r->len + len >= room) {
        room *= 2;
    }
    if (room != r->room) {
        out = apr_palloc(r->pool, room);
        memcpy(out, r->out, r->len);
        r->out = out;
        r->room = room;
    }
    memcpy(r->out + r->len, bytes, len);
    r->len += len;
    return APR_SUCCESS;
}

static apr_status_t put_indent(render_t *r, const indent_t *indent)
{
    apr_status_t rv;

    if (!indent) {
        return APR_SUCCESS;
    }
    rv = put_indent(r, indent->outer);
    return rv == APR_SUCCESS ? put(r, indent->text, indent->len) : rv;
}

/* Before anything that a line begins with. */
static apr_status_t begin(render_t *r, const place_t *place)
{
    if (!r->line_start) {
        return APR_SUCCESS;
    }
    r->line_start = 0;
    return put_indent(r, place->indent);
}

static apr_status_t text(render_t *r, const place_t *place,
                         const kuji_mustache_node_t *node)
{
    const char *at = node->text, *end = at + node->len, *line, *to;
    int line_start = node->line_start;
    apr_status_t rv = APR_SUCCESS;

    for (; at < end && rv == APR_SUCCESS; at = to, line_start = 1) {
        line = at;
        while (line_start && at < end && (*at == ' ' || *at == '\t') &&
               (apr_size_t)(at - line) < place->strip) {
            at++;
        }
        to = memchr(at, '\n', end - at);
        to = to ? to + 1 : end;
        if (to == at) {
            continue;
        }
        /* An empty line stays empty. */
        rv = *at == '\n' ? APR_SUCCESS : begin(r, place);
        if (rv == APR_SUCCESS) {
            rv = put(r, at, to - at);
        }
        r->line_start = to[-1] == '\n';
    }
    return rv;
}

/* Beyond the spec: a count has a member is_one, which English needs. */
static json_t *member(const json_t *value, const char *name)
{
    const char *text = json_string_value(value);

    if (strcmp(name, "is_one") == 0 && (text || json_is_integer(value))) {
        return json_boolean(text ? strcmp(text, "1") == 0
                                 : json_integer_value(value) == 1);
    }
    return json_object_get(value, name);
}

/* NULL: there is nothing by that name. */
static json_t *look_up(const place_t *place, const kuji_mustache_node_t *node)
{
    const context_t *context = place->context;
    const char *name = node->text;
    json_t *value = NULL;
    int part;

    if (node->parts == 0) {
        return context->value;
    }
    for (; context && !value; context = context->outer) {
        value = json_object_get(context->value, name);
    }
    for (part = 1; part < node->parts && value; part++) {
        name += strlen(name) + 1;
        value = member(value, name);
    }
    return value;
}

/* null, false, "" and [] are false. */
static int truth(const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_NULL:
    case JSON_FALSE:
        return 0;
    case JSON_STRING:
        return json_string_length(value) > 0;
    case JSON_ARRAY:
        return json_array_size(value) > 0;
    default:
        return 1;
    }
}

static const char *entity(char ch)
{
    switch (ch) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static apr_status_t put_escaped(render_t *r, const char *bytes, apr_size_t len)
{
    const char *end = bytes + len, *from = bytes, *name;
    apr_status_t rv = APR_SUCCESS;

    for (; bytes < end && rv == APR_SUCCESS; bytes++) {
        if ((name = entity(*bytes))) {
            rv = put(r, from, bytes - from);
            if (rv == APR_SUCCESS) {
                rv = put(r, name, strlen(name));
            }
            from = bytes + 1;
        }
    }
    return rv == APR_SUCCESS ? put(r, from, bytes - from) : rv;
}

static apr_status_t value(render_t *r, const place_t *place,
                          const kuji_mustache_node_t *node)
{
    const json_t *found = look_up(place, node);
    apr_status_t rv = begin(r, place);
    char number[64];

    if (rv != APR_SUCCESS || !found) {
        return rv;
    }
    switch (json_typeof(found)) {
    case JSON_STRING:
        return node->kind == KUJI_NODE_RAW || r->plain
                   ? put(r, json_string_value(found), json_string_length(found))
                   : put_escaped(r, json_string_value(found),
                                 json_string_length(found));
    case JSON_INTEGER:
        return put(r, number,
                   snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
                            json_integer_value(found)));
    case JSON_REAL:
        return put(
            r, number,
            snprintf(number, sizeof number, "%.15g", json_real_value(found)));
    case JSON_TRUE:
        return put(r, "true", 4);
    case JSON_FALSE:
        return put(r, "false", 5);
    default:
        return APR_SUCCESS; /* null, and what has no text form */
    }
}

static apr_status_t section(render_t *r, const place_t *place, int i)
{
    const kuji_mustache_node_t *node = &place->tmpl->nodes[i];
    json_t *found = look_up(place, node);
    context_t context = {found, place->context};
    place_t inner = *place;
    apr_status_t rv = APR_SUCCESS;
    size_t k;

    inner.context = &context;
    if (!truth(found)) {
        return APR_SUCCESS;
    }
    if (!json_is_array(found)) {
        return nodes(r, &inner, i + 1, node->next);
    }
    for (k = 0; k < json_array_size(found) && rv == APR_SUCCESS; k++) {
        context.value = json_array_get(found, k);
        rv = nodes(r, &inner, i + 1, node->next);
    }
    return rv;
}

/* What is put in place of a node gets the node's indentation, as far as that
 * is not coming off anyway. */
static void indent_by(indent_t *indent, place_t *inner, const place_t *place,
                      const kuji_mustache_node_t *node)
{
    apr_size_t off =
        place->strip < node->indent_len ? place->strip : node->indent_len;

    indent->text = node->indent + off;
    indent->len = node->indent_len - off;
    indent->outer = place->indent;
    if (indent->len > 0) {
        inner->indent = indent;
    }
}

/* A partial, or a parent with its arguments. */
static apr_status_t include(render_t *r, const place_t *place, int i)
{
    const kuji_mustache_node_t *node = &place->tmpl->nodes[i];
    frame_t frame = {place->tmpl, i, place->frames};
    place_t inner = *place;
    indent_t indent;

    inner.tmpl = r->find ? r->find(r->baton, node->text) : NULL;
    if (!inner.tmpl) {
        return APR_SUCCESS;
    }
    indent_by(&indent, &inner, place, node);
    inner.strip = 0;
    if (node->kind == KUJI_NODE_PARENT) {
        inner.frames = &frame;
    }
    if (node->standalone) {
        r->line_start = 1;
    }
    return nodes(r, &inner, 0, inner.tmpl->count);
}

/* Index of the block that frame passes under that name, or -1. */
static int argument(const frame_t *frame, const char *name)
{
    const kuji_mustache_node_t *all = frame->tmpl->nodes;
    int i;

    for (i = frame->parent + 1; i < all[frame->parent].next; i = all[i].next) {
        if (all[i].kind == KUJI_NODE_BLOCK && strcmp(all[i].text, name) == 0) {
            return i;
        }
    }
    return -1;
}

static apr_status_t block(render_t *r, const place_t *place, int i)
{
    const kuji_mustache_node_t *node = &place->tmpl->nodes[i];
    const frame_t *frame, *by = NULL;
    place_t inner = *place;
    indent_t indent;
    int at, found = -1;

    /* The outermost wins: who inherits last has the last word. */
    for (frame = place->frames; frame; frame = frame->outer) {
        if ((at = argument(frame, node->text)) >= 0) {
            by = frame;
            found = at;
        }
    }
    if (!by) {
        return nodes(r, place, i + 1, node->next);
    }
    indent_by(&indent, &inner, place, node);
    inner.tmpl = by->tmpl;
    /* An argument belongs to the template that passes it: the blocks in it may
     * be replaced from further out, never by the argument itself. */
    inner.frames = by->outer;
    inner.strip = by->tmpl->nodes[found].strip;
    if (node->standalone) {
        r->line_start = 1;
    }
    return nodes(r, &inner, found + 1, by->tmpl->nodes[found].next);
}

static apr_status_t one(render_t *r, const place_t *place, int i)
{
    const kuji_mustache_node_t *node = &place->tmpl->nodes[i];

    switch (node->kind) {
    case KUJI_NODE_TEXT:
        return text(r, place, node);
    case KUJI_NODE_VALUE:
    case KUJI_NODE_RAW:
        return value(r, place, node);
    case KUJI_NODE_SECTION:
        return section(r, place, i);
    case KUJI_NODE_INVERTED:
        return truth(look_up(place, node)) ? APR_SUCCESS
                                           : nodes(r, place, i + 1, node->next);
    case KUJI_NODE_BLOCK:
        return block(r, place, i);
    default:
        return include(r, place, i);
    }
}

static apr_status_t nodes(render_t *r, const place_t *place, int from, int to)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    if (r->depth == KUJI_MUSTACHE_DEPTH) {
        return KUJI_ETOOBIG;
    }
    r->depth++;
    for (i = from; i < to && rv == APR_SUCCESS;
         i = place->tmpl->nodes[i].next) {
        rv = ++r->steps > STEPS_MAX ? KUJI_ETOOBIG : one(r, place, i);
    }
    r->depth--;
    return rv;
}

static apr_status_t render(const char **out, apr_size_t *out_len, render_t *r,
                           const kuji_mustache_t *tmpl, json_t *data)
{
    context_t context = {data, NULL};
    place_t place = {tmpl, &context, NULL, NULL, 0};
    apr_status_t rv;

    r->room = 4096;
    r->line_start = 1;
    r->out = apr_palloc(r->pool, r->room);
    rv = nodes(r, &place, 0, tmpl->count);
    if (rv == APR_SUCCESS) {
        r->out[r->len] = '\0';
        *out = r->out;
        *out_len = r->len;
    }
    return rv;
}

apr_status_t kuji_mustache_render(const char **out, apr_size_t *out_len,
                                  const kuji_mustache_t *tmpl, json_t *data,
                                  kuji_mustache_find_fn *find, void *baton,
                                  apr_size_t max_len, apr_pool_t *pool)
{
    render_t r = {
        .max_len = max_len, .find = find, .baton = baton, .pool = pool};

    return render(out, out_len, &r, tmpl, data);
}

apr_status_t kuji_mustache_render_text(const char **out, apr_size_t *out_len,
                                       const kuji_mustache_t *tmpl,
                                       json_t *data, apr_size_t max_len,
                                       apr_pool_t *pool)
{
    render_t r = {.max_len = max_len, .plain = 1, .pool = pool};

    return render(out, out_len, &r, tmpl, data);
}

static int is_known(const kuji_mustache_node_t *node, const char *const *names)
{
    if (node->kind != KUJI_NODE_VALUE && node->kind != KUJI_NODE_RAW &&
        node->kind != KUJI_NODE_SECTION && node->kind != KUJI_NODE_INVERTED) {
        return node->kind == KUJI_NODE_TEXT;
    }
    for (; node->parts == 1 && *names; names++) {
        if (strcmp(*names, node->text) == 0) {
            return 1;
        }
    }
    return 0;
}

const char *kuji_mustache_stranger(const kuji_mustache_t *tmpl,
                                   const char *const *names, apr_pool_t *pool)
{
    const kuji_mustache_node_t *node;
    int i;

    for (i = 0; i < tmpl->count; i++) {
        node = &tmpl->nodes[i];
        if (!is_known(node, names)) {
            return node->parts == 1 || !node->parts
                       ? apr_pstrdup(pool, node->parts ? node->text : ".")
                       : apr_pstrcat(pool, node->text, ".", NULL);
        }
    }
    return NULL;
}
