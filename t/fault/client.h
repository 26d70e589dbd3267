/* A small HTTP/1.1 client over one blocking connection, for the load
 * generator: it opens, asks again and again, and says so when the other side
 * has gone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_T_FAULT_CLIENT_H
#define KUJI_T_FAULT_CLIENT_H

#include <stddef.h>

#define CLIENT_ROOM 65536

typedef struct client_t {
    int port;     /* on 127.0.0.1 */
    int patience; /* seconds to wait for an answer */
    int fd;       /* -1: closed */
    int status;
    char *body; /* zero-terminated, within buffer */
    size_t body_len;
    char buffer[CLIENT_ROOM];
} client_t;

void client_init(client_t *c, int port, int patience);

/** Sends request (its exact bytes) and reads the whole answer into status and
 * body. 0, or -1 where nobody knows what became of the request: refused,
 * reset, timed out or cut short; the connection is closed then. */
int client_ask(client_t *c, const char *request, size_t len);

void client_close(client_t *c);

#endif
