/* Compiling Mustache: source text to an array of nodes in one pass.
 *
 * Most of the work is white space. A tag that has its line for itself takes
 * the line with it; parents and blocks reach over several lines, so whether
 * theirs are "for itself" is known at the closing tag only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/mustache_node.h"
#include "core/error.h"

#include <apr_strings.h>
#include <apr_tables.h>
#include <string.h>

#define DELIMITER_MAX 16

typedef struct tag_t {
    const char *from, *to; /* with its delimiters */
    char kind;             /* the sigil; 'v' for a plain value */
    const char *name;
    apr_size_t len;
} tag_t;

typedef struct open_t {
    int node;
    int margin; /* parent: the text node of blanks before it, or -1 */
    const char *name;
    apr_size_t len;
    const char *content; /* block: where its content begins */
} open_t;

typedef struct compile_t {
    const char *src, *end;
    const char *pos; /* text from here is not yet a node */
    char open[DELIMITER_MAX], close[DELIMITER_MAX];
    apr_size_t open_len, close_len;
    apr_array_header_t *nodes;
    open_t stack[KUJI_MUSTACHE_DEPTH];
    int depth;
    const char *error;
    const char *error_at;
    apr_pool_t *pool;
} compile_t;

static apr_status_t fail(compile_t *c, const char *at, const char *error)
{
    c->error = error;
    c->error_at = at;
    return KUJI_EINVAL;
}

static int blank(char ch)
{
    return ch == ' ' || ch == '\t';
}

static int space(char ch)
{
    return blank(ch) || ch == '\r' || ch == '\n';
}

static void trim(const char **from, const char **to)
{
    while (*from < *to && space(**from)) {
        (*from)++;
    }
    while (*to > *from && space((*to)[-1])) {
        (*to)--;
    }
}

/* Start of the line if only blanks lie between it and at, else NULL. */
static const char *line_before(const compile_t *c, const char *at)
{
    while (at > c->src && blank(at[-1])) {
        at--;
    }
    return at == c->src || at[-1] == '\n' ? at : NULL;
}

/* Start of the next line if only blanks lie between at and it, else NULL. */
static const char *line_after(const compile_t *c, const char *at)
{
    while (at < c->end && blank(*at)) {
        at++;
    }
    if (at < c->end && *at == '\r') {
        at++;
    }
    if (at == c->end) {
        return at;
    }
    return *at == '\n' ? at + 1 : NULL;
}

static kuji_mustache_node_t *node_at(compile_t *c, int i)
{
    return &APR_ARRAY_IDX(c->nodes, i, kuji_mustache_node_t);
}

static kuji_mustache_node_t *push(compile_t *c, kuji_mustache_kind_e kind)
{
    kuji_mustache_node_t *node = apr_array_push(c->nodes);

    memset(node, 0, sizeof *node);
    node->kind = kind;
    node->next = c->nodes->nelts;
    return node;
}

/* Turns the pending text up to `to` into a node. */
static void flush(compile_t *c, const char *to)
{
    kuji_mustache_node_t *node;

    if (to > c->pos) {
        node = push(c, KUJI_NODE_TEXT);
        node->text = c->pos;
        node->len = to - c->pos;
        node->line_start = c->pos == c->src || c->pos[-1] == '\n';
        c->pos = to;
    }
}

/* Text before the tag, and the tag's whole line where it has one for itself;
 * whether it had. */
static int take_line(compile_t *c, const tag_t *tag)
{
    const char *before = line_before(c, tag->from);
    const char *after = line_after(c, tag->to);

    if (before && after) {
        flush(c, before);
        c->pos = after;
        return 1;
    }
    flush(c, tag->from);
    c->pos = tag->to;
    return 0;
}

static kuji_mustache_node_t *push_named(compile_t *c, kuji_mustache_kind_e kind,
                                        const tag_t *tag)
{
    kuji_mustache_node_t *node = push(c, kind);

    node->text = apr_pstrmemdup(c->pool, tag->name, tag->len);
    node->len = tag->len;
    return node;
}

/* A name that is looked up in the data: split at its dots. */
static void push_path(compile_t *c, kuji_mustache_kind_e kind, const tag_t *tag)
{
    kuji_mustache_node_t *node = push(c, kind);
    char *name = apr_pstrmemdup(c->pool, tag->name, tag->len);

    node->text = name;
    node->len = tag->len;
    if (strcmp(name, ".") == 0) {
        return;
    }
    for (node->parts = 1; (name = strchr(name, '.')); node->parts++) {
        *name++ = '\0';
    }
}

static apr_status_t enter(compile_t *c, const tag_t *tag, int margin)
{
    open_t *open = &c->stack[c->depth];

    if (c->depth == KUJI_MUSTACHE_DEPTH) {
        return fail(c, tag->from, "nested too deep");
    }
    open->node = c->nodes->nelts - 1;
    open->margin = margin;
    open->name = tag->name;
    open->len = tag->len;
    open->content = c->pos;
    c->depth++;
    return APR_SUCCESS;
}

static int inside_parent(compile_t *c)
{
    return c->depth > 0 &&
           node_at(c, c->stack[c->depth - 1].node)->kind == KUJI_NODE_PARENT;
}

static apr_status_t open_section(compile_t *c, const tag_t *tag)
{
    take_line(c, tag);
    push_path(c, tag->kind == '#' ? KUJI_NODE_SECTION : KUJI_NODE_INVERTED,
              tag);
    return enter(c, tag, -1);
}

static void add_partial(compile_t *c, const tag_t *tag)
{
    const char *before = line_before(c, tag->from);
    int standalone = take_line(c, tag);
    kuji_mustache_node_t *node = push_named(c, KUJI_NODE_PARTIAL, tag);

    if (standalone) {
        node->standalone = 1;
        node->indent = before;
        node->indent_len = tag->from - before;
    }
}

/* The blanks before a parent become a node of their own, which its closing
 * tag empties if nothing follows there. */
static apr_status_t open_parent(compile_t *c, const tag_t *tag)
{
    const char *before = line_before(c, tag->from);
    kuji_mustache_node_t *node;
    int margin = -1;

    if (before && before >= c->pos) {
        flush(c, before);
        margin = c->nodes->nelts;
        push(c, KUJI_NODE_TEXT)->text = before;
        node_at(c, margin)->line_start = 1;
        node_at(c, margin)->len = tag->from - before;
    }
    else {
        flush(c, tag->from);
    }
    c->pos = tag->to;
    node = push_named(c, KUJI_NODE_PARENT, tag);
    node->indent = margin < 0 ? tag->from : before;
    return enter(c, tag, margin);
}

static void close_parent(compile_t *c, const tag_t *tag, const open_t *open)
{
    const char *after = line_after(c, tag->to);
    kuji_mustache_node_t *node = node_at(c, open->node), *margin;

    flush(c, tag->from);
    c->pos = tag->to;
    node = node_at(c, open->node);
    if (open->margin >= 0 && after) {
        margin = node_at(c, open->margin);
        node->standalone = 1;
        node->indent_len = margin->len;
        margin->len = 0;
        c->pos = after;
    }
}

static apr_status_t open_block(compile_t *c, const tag_t *tag)
{
    const char *before = line_before(c, tag->from);
    const char *after = line_after(c, tag->to);
    kuji_mustache_node_t *node;
    int standalone;

    /* What else a parent holds is not rendered: it does not count here. */
    if (!before && inside_parent(c)) {
        before = tag->from;
    }
    standalone = before && after && after > tag->to && after[-1] == '\n';
    flush(c, standalone ? before : tag->from);
    c->pos = standalone ? after : tag->to;
    node = push_named(c, KUJI_NODE_BLOCK, tag);
    node->standalone = standalone;
    node->indent = before;
    node->indent_len = before ? tag->from - before : 0;
    return enter(c, tag, -1);
}

/* A standalone block's content is indented as its first line with anything in
 * it: that much comes off when it is an argument, and goes before each line of
 * what replaces it. */
static void measure(kuji_mustache_node_t *node, const char *content,
                    const char *end)
{
    const char *line = content, *at = content;

    while (at < end && space(*at)) {
        if (*at++ == '\n') {
            line = at;
        }
    }
    node->indent = line;
    node->indent_len = node->strip = at - line;
}

static void close_block(compile_t *c, const tag_t *tag, const open_t *open)
{
    const char *before = line_before(c, tag->from);
    const char *after = line_after(c, tag->to);
    kuji_mustache_node_t *node;

    if (before && (after || inside_parent(c))) {
        flush(c, before);
        c->pos = after ? after : tag->to;
    }
    else {
        flush(c, tag->from);
        c->pos = tag->to;
    }
    node = node_at(c, open->node);
    if (node->standalone && c->nodes->nelts > open->node + 1) {
        measure(node, open->content, tag->from);
    }
}

static apr_status_t close_tag(compile_t *c, const tag_t *tag)
{
    const open_t *open;

    if (c->depth == 0) {
        return fail(c, tag->from, "closes what is not open");
    }
    open = &c->stack[--c->depth];
    if (open->len != tag->len || memcmp(open->name, tag->name, tag->len)) {
        return fail(c, tag->from, "closes another tag than the last opened");
    }
    switch (node_at(c, open->node)->kind) {
    case KUJI_NODE_PARENT:
        close_parent(c, tag, open);
        break;
    case KUJI_NODE_BLOCK:
        close_block(c, tag, open);
        break;
    default:
        take_line(c, tag);
        break;
    }
    node_at(c, open->node)->next = c->nodes->nelts;
    return APR_SUCCESS;
}

static apr_status_t set_delimiters(compile_t *c, const tag_t *tag)
{
    const char *from = tag->name, *to = from + tag->len, *mid, *second;

    for (mid = from; mid < to && !space(*mid); mid++) {
        ;
    }
    for (second = mid; second < to && space(*second); second++) {
        ;
    }
    for (from = second; from < to && !space(*from) && *from != '='; from++) {
        ;
    }
    if (mid == tag->name || second == to || from != to ||
        memchr(tag->name, '=', mid - tag->name) ||
        mid - tag->name > DELIMITER_MAX || to - second > DELIMITER_MAX) {
        return fail(c, tag->from, "bad delimiters");
    }
    take_line(c, tag);
    c->open_len = mid - tag->name;
    memcpy(c->open, tag->name, c->open_len);
    c->close_len = to - second;
    memcpy(c->close, second, c->close_len);
    return APR_SUCCESS;
}

/* Where the tag whose content begins at `at` ends; *content_end is before the
 * '}' or '=' that some kinds have there as well. */
static const char *tag_end(const compile_t *c, const char *at, char last,
                           const char **content_end)
{
    const char *close = at;

    while ((close = memmem(close, c->end - close, c->close, c->close_len))) {
        if (last == '}' && c->close[0] == '}') {
            /* {{{a}}}: the first of three is the one that belongs to us. */
            if (close + c->close_len < c->end && close[c->close_len] == '}') {
                *content_end = close;
                return close + c->close_len + 1;
            }
        }
        else if (!last || (close > at && close[-1] == last)) {
            *content_end = last ? close - 1 : close;
            return close + c->close_len;
        }
        close++;
    }
    return NULL;
}

/* APR_EOF: no further tag. */
static apr_status_t next_tag(tag_t *tag, compile_t *c)
{
    const char *at, *to;
    char last = 0;

    tag->from = memmem(c->pos, c->end - c->pos, c->open, c->open_len);
    if (!tag->from) {
        return APR_EOF;
    }
    at = tag->from + c->open_len;
    tag->kind = 'v';
    while (at < c->end && space(*at)) {
        at++;
    }
    if (at < c->end && strchr("#^/>&!<$={", *at) && *at) {
        tag->kind = *at++;
        last = tag->kind == '{' ? '}' : tag->kind == '=' ? '=' : 0;
    }
    tag->to = tag_end(c, at, last, &to);
    if (!tag->to) {
        return fail(c, tag->from, "tag without end");
    }
    trim(&at, &to);
    tag->name = at;
    tag->len = to - at;
    if (tag->kind != '!' && tag->len == 0) {
        return fail(c, tag->from, "tag without name");
    }
    return APR_SUCCESS;
}

static apr_status_t add_tag(compile_t *c, const tag_t *tag)
{
    switch (tag->kind) {
    case '#':
    case '^':
        return open_section(c, tag);
    case '<':
        return open_parent(c, tag);
    case '$':
        return open_block(c, tag);
    case '/':
        return close_tag(c, tag);
    case '=':
        return set_delimiters(c, tag);
    case '!':
        take_line(c, tag);
        return APR_SUCCESS;
    case '>':
        add_partial(c, tag);
        return APR_SUCCESS;
    default:
        flush(c, tag->from);
        c->pos = tag->to;
        push_path(c, tag->kind == 'v' ? KUJI_NODE_VALUE : KUJI_NODE_RAW, tag);
        return APR_SUCCESS;
    }
}

static apr_status_t compile(compile_t *c)
{
    apr_status_t rv;
    tag_t tag;

    while ((rv = next_tag(&tag, c)) == APR_SUCCESS) {
        if ((rv = add_tag(c, &tag)) != APR_SUCCESS) {
            return rv;
        }
    }
    if (rv != APR_EOF) {
        return rv;
    }
    flush(c, c->end);
    if (c->depth > 0) {
        return fail(c, c->stack[c->depth - 1].name, "never closed");
    }
    return APR_SUCCESS;
}

static const char *explain(const compile_t *c)
{
    const char *at;
    int line = 1;

    for (at = c->src; at < c->error_at; at++) {
        line += *at == '\n';
    }
    return apr_psprintf(c->pool, "line %d: %s", line, c->error);
}

apr_status_t kuji_mustache_compile(const kuji_mustache_t **out,
                                   const char **why, const char *text,
                                   apr_size_t len, apr_pool_t *pool)
{
    compile_t *c = apr_pcalloc(pool, sizeof *c);
    kuji_mustache_t *tmpl = apr_pcalloc(pool, sizeof *tmpl);
    apr_status_t rv;

    c->src = c->pos = apr_pstrmemdup(pool, text, len);
    c->end = c->src + len;
    c->open_len = c->close_len = 2;
    memcpy(c->open, "{{", 2);
    memcpy(c->close, "}}", 2);
    c->nodes = apr_array_make(pool, 32, sizeof(kuji_mustache_node_t));
    c->pool = pool;
    rv = compile(c);
    if (rv != APR_SUCCESS) {
        *why = explain(c);
        return rv;
    }
    tmpl->count = c->nodes->nelts;
    tmpl->nodes = (const kuji_mustache_node_t *)c->nodes->elts;
    *out = tmpl;
    return APR_SUCCESS;
}
