// The floor: what fan-out over TLS costs a server that does nothing but encrypt and send. Whatever
// frame one connection sends goes to all others. One thread, epoll, OpenSSL on the socket itself.
#include "frames.h"
#include "machine.h"
#include "tls.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { maxEvents = 256, bufferBytes = 65536, maxConnections = 65536 };

typedef struct {
    int fd;
    SSL *ssl;
    int index;
    int isGreeted;
    // What the socket did not take.
    uint8_t *held;
    int heldBytes;
} Connection;

static int poller;
static SSL_CTX *context;
static Connection *connections[maxConnections];
static int connectionCount;
static uint8_t buffer[bufferBytes];

static void watch(Connection *connection, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(poller, operation, connection->fd, &event) != 0) bench_fail("epoll_ctl");
}

static void end(Connection *connection) {
    connections[connection->index] = connections[--connectionCount];
    connections[connection->index]->index = connection->index;
    SSL_free(connection->ssl);
    close(connection->fd);
    free(connection->held);
    free(connection);
}

static void take_connections(int listener) {
    for (int fd; (fd = bench_accept(listener)) >= 0;) {
        Connection *connection = calloc(1, sizeof *connection);
        if (!connection || connectionCount == maxConnections) bench_fail("no room");
        connection->fd = fd;
        connection->ssl = SSL_new(context);
        if (!connection->ssl || !SSL_set_fd(connection->ssl, fd)) bench_fail("SSL_new");
        SSL_set_accept_state(connection->ssl);
        connection->index = connectionCount;
        connections[connectionCount++] = connection;
        watch(connection, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static void hold(Connection *connection, const uint8_t *bytes, int count) {
    uint8_t *held = realloc(connection->held, (size_t)(connection->heldBytes + count));
    if (!held) bench_fail("no memory");
    memcpy(held + connection->heldBytes, bytes, (size_t)count);
    connection->held = held;
    connection->heldBytes += count;
    watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

// A connection that is over says so when it is read.
static void send_frame(Connection *connection, const uint8_t *bytes, int count) {
    if (connection->held) return hold(connection, bytes, count);
    int sent = SSL_write(connection->ssl, bytes, count);
    if (sent != count && SSL_get_error(connection->ssl, sent) == SSL_ERROR_WANT_WRITE)
        hold(connection, bytes, count);
}

static void send_held(Connection *connection) {
    int sent = SSL_write(connection->ssl, connection->held, connection->heldBytes);
    if (sent != connection->heldBytes) return;
    free(connection->held);
    connection->held = NULL;
    connection->heldBytes = 0;
    watch(connection, EPOLL_CTL_MOD, EPOLLIN);
}

static void send_to_others(const Connection *sender, const uint8_t *bytes, int count) {
    for (int i = 0; i < connectionCount; i++)
        if (connections[i] != sender && connections[i]->isGreeted)
            send_frame(connections[i], bytes, count);
}

// Says to a client that it will get what comes from now on.
static void greet(Connection *connection) {
    if (connection->isGreeted || !SSL_is_init_finished(connection->ssl)) return;
    uint8_t hello[frameHeaderBytes];
    frame_write_header(hello, 0, frameHello, 0, 0);
    connection->isGreeted = 1;
    send_frame(connection, hello, sizeof hello);
}

// Returns 0 where the connection is over.
static int serve(Connection *connection) {
    for (int hasMore = 1; hasMore;) {
        int read = SSL_read(connection->ssl, buffer, bufferBytes);
        int error = SSL_get_error(connection->ssl, read);
        greet(connection);
        if (read <= 0) return error == SSL_ERROR_WANT_READ;
        // The publisher sends whole frames, each smaller than a record.
        send_to_others(connection, buffer, read);
        hasMore = SSL_has_pending(connection->ssl);
    }
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 3) bench_fail("usage: floor-server FOLDER_WITH_CERTIFICATES CONNECTIONS");
    signal(SIGPIPE, SIG_IGN);
    bench_allow_connections(atoi(argv[2]));
    context = bench_tls_context(argv[1], "server", 1);
    poller = epoll_create1(EPOLL_CLOEXEC);
    int listener = bench_listen();
    Connection listening = {.fd = listener};
    watch(&listening, EPOLL_CTL_ADD, EPOLLIN);
    for (;;) {
        struct epoll_event events[maxEvents];
        int count = epoll_wait(poller, events, maxEvents, -1);
        if (count < 0 && errno != EINTR) bench_fail("epoll_wait");
        for (int i = 0; i < count; i++) {
            Connection *connection = events[i].data.ptr;
            if (connection == &listening) {
                take_connections(listener);
                continue;
            }
            if (connection->held && events[i].events & EPOLLOUT) send_held(connection);
            if (events[i].events & ~(uint32_t)EPOLLOUT && !serve(connection)) end(connection);
        }
    }
}
