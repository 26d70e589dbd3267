/* See client.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "t/fault/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

void client_init(client_t *c, int port, int patience)
{
    c->port = port;
    c->patience = patience;
    c->fd = -1;
    c->status = 0;
    c->body = c->buffer;
    c->body_len = 0;
}

void client_close(client_t *c)
{
    if (c->fd >= 0) {
        close(c->fd);
    }
    c->fd = -1;
}

static int open_socket(client_t *c)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(c->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = c->patience};
    int on = 1;

    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0) {
        return -1;
    }
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
        client_close(c);
        return -1;
    }
    return 0;
}

static int send_all(client_t *c, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = send(c->fd, bytes, len, MSG_NOSIGNAL);

        if (n <= 0) {
            return -1;
        }
        bytes += n;
        len -= n;
    }
    return 0;
}

/* Reads more behind the have bytes in buffer; how many there are then, or -1
 * at the end of the stream, an error or a full buffer. */
static ssize_t more(client_t *c, size_t have)
{
    ssize_t n;

    if (have + 1 >= CLIENT_ROOM) {
        return -1;
    }
    n = recv(c->fd, c->buffer + have, CLIENT_ROOM - 1 - have, 0);
    if (n <= 0) {
        return -1;
    }
    c->buffer[have + n] = '\0';
    return (ssize_t)(have + n);
}

/* Joins the chunks of the body that starts at c->body, reading as needed. */
static int read_chunks(client_t *c, size_t have)
{
    char *in = c->body, *out = c->body, *end;

    for (;;) {
        size_t size;
        ssize_t n = (ssize_t)have;

        while (!(end = strstr(in, "\r\n"))) {
            if ((n = more(c, have)) < 0) {
                return -1;
            }
            have = n;
        }
        size = strtoul(in, NULL, 16);
        in = end + 2;
        while (c->buffer + have < in + size + 2) {
            if ((n = more(c, have)) < 0) {
                return -1;
            }
            have = n;
        }
        memmove(out, in, size);
        out += size;
        in += size + 2;
        if (size == 0) {
            *out = '\0';
            c->body_len = out - c->body;
            return 0;
        }
    }
}

static int read_length(client_t *c, size_t have, size_t length)
{
    size_t start = c->body - c->buffer;

    while (have < start + length) {
        ssize_t n = more(c, have);

        if (n < 0) {
            return -1;
        }
        have = n;
    }
    c->body[length] = '\0';
    c->body_len = length;
    return 0;
}

static int read_answer(client_t *c)
{
    size_t have = 0;
    ssize_t n;
    char *end, *field;
    int rv, last;

    c->buffer[0] = '\0';
    while (!(end = strstr(c->buffer, "\r\n\r\n"))) {
        if ((n = more(c, have)) < 0) {
            return -1;
        }
        have = n;
    }
    *end = '\0';
    c->body = end + 4;
    if (strncmp(c->buffer, "HTTP/1.1 ", 9) != 0) {
        return -1;
    }
    c->status = atoi(c->buffer + 9);
    last = strcasestr(c->buffer, "\nConnection: close") != NULL;
    if ((field = strcasestr(c->buffer, "\nContent-Length:"))) {
        rv = read_length(c, have, strtoul(field + 16, NULL, 10));
    }
    else if (strcasestr(c->buffer, "\nTransfer-Encoding: chunked")) {
        rv = read_chunks(c, have);
    }
    else {
        return -1;
    }
    if (last) {
        client_close(c);
    }
    return rv;
}

int client_ask(client_t *c, const char *request, size_t len)
{
    if ((c->fd < 0 && open_socket(c) != 0) || send_all(c, request, len) != 0 ||
        read_answer(c) != 0) {
        client_close(c);
        return -1;
    }
    return 0;
}
