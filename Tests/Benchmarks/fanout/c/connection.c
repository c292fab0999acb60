#include "connection.h"

#include "machine.h"
#include "tls.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { inputBytes = 262144 };

static uint8_t input[inputBytes];

// A server limits how many come from one address.
static void choose_address(int fd, const Target *target, int number) {
    if (target->clientsOfAddress == 0) return;
    struct sockaddr_in address = {.sin_family = AF_INET};
    uint32_t host = 1 + (uint32_t)(number / target->clientsOfAddress);
    address.sin_addr.s_addr = htonl((127u << 24 | 1u << 8) + host);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) bench_fail("bind");
}

static void skip_line(int fd) {
    for (char byte = 0; byte != '\n';)
        if (read(fd, &byte, 1) != 1) bench_fail("the server says nothing");
}

void connection_open(Connection *connection, SSL_CTX *context, const Target *target, int number,
                     int isPublisher) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)target->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *connection = (Connection){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (connection->fd < 0) bench_fail("no socket: are there enough file descriptors?");
    int on = 1;
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    choose_address(connection->fd, target, number);
    if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) != 0)
        bench_fail("the server cannot be reached");
    if (target->protocol->beginsInPlain) skip_line(connection->fd);
    connection->ssl = SSL_new(context);
    if (!connection->ssl || !SSL_set_fd(connection->ssl, connection->fd)) bench_fail("SSL_new");
    const char *name = target->protocol->applicationProtocol;
    if (name) SSL_set_alpn_protos(connection->ssl, (const uint8_t *)name, (unsigned)strlen(name));
    if (SSL_connect(connection->ssl) != 1) bench_fail("the handshake failed");
    uint8_t first[maxOutputBytes];
    connection_send(connection, first, target->protocol->open(first, isPublisher));
    fcntl(connection->fd, F_SETFL, O_NONBLOCK);
}

void connection_send(Connection *connection, const uint8_t *bytes, size_t count) {
    if (count == 0) return;
    // What is under way is far less than a socket's buffer, so a short write is a dead peer.
    if (SSL_write(connection->ssl, bytes, (int)count) != (int)count)
        bench_fail("a connection does not take what is sent");
}

static void keep(Connection *connection, const uint8_t *bytes, size_t count) {
    uint8_t *copy = NULL;
    if (count > 0) {
        copy = malloc(count);
        if (!copy) bench_fail("no memory");
        memcpy(copy, bytes, count);
    }
    free(connection->held);
    connection->held = copy;
    connection->heldBytes = count;
}

void connection_serve(Connection *connection, const Protocol *protocol, Taker *take) {
    // What OpenSSL has read ahead makes no event, so nothing of it may remain.
    for (int hasMore = 1; hasMore;) {
        size_t count = connection->heldBytes;
        if (count > 0) memcpy(input, connection->held, count);
        int read = SSL_read(connection->ssl, input + count, (int)(inputBytes - count));
        if (read <= 0) {
            if (SSL_get_error(connection->ssl, read) == SSL_ERROR_WANT_READ) return;
            bench_fail("the server ended a connection");
        }
        count += (size_t)read;
        hasMore = SSL_has_pending(connection->ssl);

        uint64_t now = bench_now_ns();
        size_t begin = 0;
        uint32_t events = 0;
        while (begin < count) {
            Arrival arrival =
                protocol->read(&connection->subscription, input + begin, count - begin);
            if (arrival.bytes == 0) break;
            connection_send(connection, arrival.respond, arrival.respondBytes);
            take(connection, &arrival, now);
            events += arrival.events;
            begin += arrival.bytes;
        }
        // What is read at once is what one record holds. A part of an event counts as one.
        if (events > 0 || begin < count) connection->records++;
        if (connection->held || begin < count) keep(connection, input + begin, count - begin);
    }
}
