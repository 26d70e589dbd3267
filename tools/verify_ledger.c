/* Reading the ledger, twice, line by line, and replaying it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "tools/verify.h"

#include <stdlib.h>
#include <string.h>

#define BUFFER_MIN ((apr_size_t)256 << 10)
/** A raffle leaf names every winner; nothing honest is longer. */
#define LINE_MAX_BYTES ((apr_size_t)1 << 30)

/* The bytes between from and to are read and not yet handed out. */
typedef struct lines_t {
    FILE *in;
    char *buffer;
    apr_size_t size, from, to;
} lines_t;

/* The callers mark far fewer than KUJI_MARKS_MAX. */
static kuji_mark_t *mark(kuji_mark_t *marks, int *count, uint64_t at)
{
    int i = 0;

    while (i < *count && marks[i].at != at) {
        i++;
    }
    if (i == *count) {
        marks[(*count)++] = (kuji_mark_t){.at = at};
    }
    return &marks[i];
}

void kuji_verify_mark_root(kuji_verify_t *v, uint64_t size)
{
    kuji_mark_t *root = mark(v->roots, &v->nroots, size);

    if (size == 0) { /* known before the first leaf */
        kuji_tree_root(kuji_replay_report(v->replay)->tree, root->hash);
        root->found = 1;
    }
}

void kuji_verify_mark_leaf(kuji_verify_t *v, uint64_t index)
{
    mark(v->leaves, &v->nleaves, index);
}

static const unsigned char *find(const kuji_mark_t *marks, int count,
                                 uint64_t at)
{
    for (int i = 0; i < count; i++) {
        if (marks[i].at == at && marks[i].found) {
            return marks[i].hash;
        }
    }
    return NULL;
}

const unsigned char *kuji_verify_root(const kuji_verify_t *v, uint64_t size)
{
    return find(v->roots, v->nroots, size);
}

const unsigned char *kuji_verify_leaf(const kuji_verify_t *v, uint64_t index)
{
    return find(v->leaves, v->nleaves, index);
}

/* Makes room and reads on; 0 at the end of the file. */
static apr_size_t fill(lines_t *lines)
{
    apr_size_t got;

    memmove(lines->buffer, lines->buffer + lines->from,
            lines->to - lines->from);
    lines->to -= lines->from;
    lines->from = 0;
    if (lines->to == lines->size && lines->size < LINE_MAX_BYTES) {
        char *larger = realloc(lines->buffer, 2 * lines->size);

        if (!larger) {
            return 0;
        }
        lines->buffer = larger;
        lines->size *= 2;
    }
    got =
        fread(lines->buffer + lines->to, 1, lines->size - lines->to, lines->in);
    lines->to += got;
    return got;
}

/* The next line without its newline; NULL at the end, where *len counts what
 * is left over without a newline. */
static const char *next_line(lines_t *lines, apr_size_t *len)
{
    apr_size_t seen = 0;

    for (;;) {
        char *line = lines->buffer + lines->from;
        char *end = memchr(line + seen, '\n', lines->to - lines->from - seen);

        if (end) {
            *len = (apr_size_t)(end - line);
            lines->from += *len + 1;
            return line;
        }
        seen = lines->to - lines->from;
        if (fill(lines) == 0) {
            *len = seen;
            return NULL;
        }
    }
}

static void note_marks(kuji_verify_t *v, const kuji_tree_t *tree,
                       const char *line, apr_size_t len)
{
    for (int i = 0; i < v->nroots; i++) {
        if (v->roots[i].at == tree->size) {
            kuji_tree_root(tree, v->roots[i].hash);
            v->roots[i].found = 1;
        }
    }
    for (int i = 0; i < v->nleaves; i++) {
        if (v->leaves[i].at == tree->size - 1) {
            kuji_tree_leaf_hash(v->leaves[i].hash, line, len);
            v->leaves[i].found = 1;
        }
    }
}

static apr_status_t preview(kuji_verify_t *v, lines_t *lines)
{
    const char *line;
    apr_size_t len;

    while ((line = next_line(lines, &len))) {
        kuji_replay_preview(v->replay, line, len);
    }
    return ferror(lines->in) ? kuji_verify_failed(v, "the ledger: read error")
                             : APR_SUCCESS;
}

static apr_status_t replay(kuji_verify_t *v, lines_t *lines)
{
    const kuji_replay_report_t *report = kuji_replay_report(v->replay);
    const char *line;
    apr_size_t len;

    while ((line = next_line(lines, &len))) {
        apr_status_t rv = kuji_replay_leaf(v->replay, line, len);

        if (rv) {
            return report->why
                       ? kuji_verify_differs(v,
                                             "leaf %" APR_UINT64_T_FMT ": %s",
                                             report->at, report->why)
                       : kuji_verify_failed(v, "out of memory");
        }
        note_marks(v, report->tree, line, len);
    }
    if (len > 0) {
        return kuji_verify_differs(
            v, "leaf %" APR_UINT64_T_FMT ": the ledger's last line has no end",
            report->tree->size);
    }
    return report->tree->size > 0
               ? APR_SUCCESS
               : kuji_verify_differs(v, "leaf 0: the ledger is empty");
}

static apr_status_t read_twice(kuji_verify_t *v, lines_t *lines)
{
    apr_status_t rv = preview(v, lines);

    if (rv) {
        return rv;
    }
    rewind(lines->in);
    lines->from = lines->to = 0;
    rv = kuji_replay_start(v->replay);
    return rv ? kuji_verify_failed(v, "too many winning moments, or out of "
                                      "memory")
              : replay(v, lines);
}

apr_status_t kuji_verify_ledger(kuji_verify_t *v)
{
    lines_t lines = {v->ledger, malloc(BUFFER_MIN), BUFFER_MIN, 0, 0};
    apr_status_t rv = lines.buffer ? read_twice(v, &lines)
                                   : kuji_verify_failed(v, "out of memory");

    free(lines.buffer);
    return rv;
}
