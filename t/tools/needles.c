/* Looks for many needles at once in files of any size. Never installed.
 *
 *   needles NEEDLES < names-of-files
 *
 * A line of NEEDLES is "hex name": a needle's bytes, at least PREFIX of them,
 * and what to call it. Prints "file<TAB>name" once for each needle in a file. A
 * file that cannot be opened is gone; one that cannot be read is an error.
 *
 * Every position of a file is asked whether its next PREFIX bytes begin a
 * needle: first a bitmap, which says no to nearly all, then a hash table.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX 8
#define BITS 24 /* of the bitmap's index */
#define PIECE (4u << 20)

typedef struct needle_t {
    unsigned char *bytes;
    size_t len;
    char *name;
    uint32_t next; /* of the same slot, + 1; 0: none */
    uint32_t file; /* the last in which it was found */
} needle_t;

static needle_t *needles;
static uint32_t count, room;
static size_t longest;
static uint32_t *slots; /* index into needles + 1, by hash */
static uint64_t *bitmap;

static void die(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static void *get(size_t size)
{
    void *block = calloc(1, size);

    if (!block) {
        die("memory");
    }
    return block;
}

static uint32_t hash_of(const unsigned char *at)
{
    uint64_t word;

    memcpy(&word, at, PREFIX);
    return (uint32_t)(word * UINT64_C(0x9e3779b97f4a7c15) >> (64 - BITS));
}

static int digit(int c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

static void add(needle_t *n, char *line)
{
    size_t i, hex = strcspn(line, " ");

    n->len = hex / 2;
    n->bytes = get(n->len);
    for (i = 0; i < n->len; i++) {
        int high = digit(line[2 * i]), low = digit(line[2 * i + 1]);

        if (high < 0 || low < 0) {
            n->len = 0;
        }
        n->bytes[i] = (unsigned char)(high << 4 | low);
    }
    if (n->len < PREFIX || !line[hex] || !(n->name = strdup(line + hex + 1))) {
        fprintf(stderr, "needles: no needle: %s\n", line);
        exit(EXIT_FAILURE);
    }
    longest = n->len > longest ? n->len : longest;
}

/* The next line without its end; NULL at the end of the file. */
static char *next_line(FILE *file)
{
    static char *line;
    static size_t size;
    ssize_t len = getline(&line, &size, file);

    if (len < 0) {
        return NULL;
    }
    line[len - (len > 0 && line[len - 1] == '\n')] = '\0';
    return line;
}

static void read_needles(const char *name)
{
    FILE *file = fopen(name, "r");
    char *line;
    uint32_t hash;

    if (!file) {
        die(name);
    }
    while ((line = next_line(file))) {
        if (count == room) {
            room = room ? 2 * room : 1024;
            needles = realloc(needles, room * sizeof(*needles));
            if (!needles) {
                die("memory");
            }
        }
        memset(&needles[count], 0, sizeof(*needles));
        add(&needles[count], line);
        hash = hash_of(needles[count].bytes);
        needles[count].next = slots[hash];
        slots[hash] = ++count;
        bitmap[hash / 64] |= UINT64_C(1) << hash % 64;
    }
    fclose(file);
}

static void compare(const unsigned char *at, size_t left, uint32_t hash,
                    const char *name, uint32_t file)
{
    uint32_t i;

    for (i = slots[hash]; i; i = needles[i - 1].next) {
        needle_t *n = &needles[i - 1];

        if (n->file != file && n->len <= left &&
            memcmp(n->bytes, at, n->len) == 0) {
            n->file = file;
            printf("%s\t%s\n", name, n->name);
        }
    }
}

static void look(const unsigned char *at, size_t len, const char *name,
                 uint32_t file)
{
    size_t i;

    for (i = 0; i + PREFIX <= len; i++) {
        uint32_t hash = hash_of(at + i);

        if (bitmap[hash / 64] >> hash % 64 & 1) {
            compare(at + i, len - i, hash, name, file);
        }
    }
}

/* Pieces overlap by the longest needle: one across a border is found in the
 * second, one that is there twice is told once. */
static void look_into(const char *name, unsigned char *piece, uint32_t file)
{
    size_t held = 0;
    ssize_t len;
    int fd = open(name, O_RDONLY);

    if (fd < 0) {
        return;
    }
    while ((len = read(fd, piece + held, PIECE)) > 0) {
        size_t all = held + (size_t)len;

        look(piece, all, name, file);
        held = all < longest ? all : longest;
        memmove(piece, piece + all - held, held);
    }
    if (len < 0) {
        die(name);
    }
    close(fd);
}

int main(int argc, char **argv)
{
    unsigned char *piece;
    char *name;
    uint32_t file = 0;

    if (argc != 2) {
        fputs("usage: needles NEEDLES < names-of-files\n", stderr);
        return 2;
    }
    slots = get(sizeof(*slots) << BITS);
    bitmap = get((size_t)1 << (BITS - 3));
    read_needles(argv[1]);
    piece = get(longest + PIECE);
    while ((name = next_line(stdin))) {
        look_into(name, piece, ++file);
    }
    return fflush(stdout) || ferror(stdin) ? EXIT_FAILURE : EXIT_SUCCESS;
}
