// Connections of subscribers and of the publisher, on one thread.
#ifndef BENCH_CONNECTION_H
#define BENCH_CONNECTION_H

#include "protocols.h"

#include <openssl/ssl.h>

typedef struct {
    int fd;
    SSL *ssl;
    Subscription subscription;
    // What has arrived and is not complete; NULL for nothing.
    uint8_t *held;
    size_t heldBytes;
    // TLS records with events that have come since they were last counted.
    uint32_t records;
} Connection;

// Where connections go to.
typedef struct {
    const Protocol *protocol;
    int port;
    // Clients come from so many addresses of the loopback; 0 for the usual one alone.
    int clientsOfAddress;
} Target;

// Called with what has arrived, and the time.
typedef void Taker(Connection *connection, const Arrival *arrival, uint64_t now);

// Connects a client, the number of which decides its address, and says what it says first. Ends the
// program where that fails.
void connection_open(Connection *connection, SSL_CTX *context, const Target *target, int number,
                     int isPublisher);

void connection_send(Connection *connection, const uint8_t *bytes, size_t count);

// Reads what there is.
void connection_serve(Connection *connection, const Protocol *protocol, Taker *take);

#endif
