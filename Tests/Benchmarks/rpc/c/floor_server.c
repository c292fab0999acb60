// The floor: what a server on TLS costs that does nothing but send back what it has received.
// One thread, epoll, OpenSSL on the socket itself; one read and one write for each event.
#include "machine.h"
#include "tls.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { maxEvents = 256, bufferBytes = 65536 };

typedef struct {
    int fd;
    SSL *ssl;
    // What the socket did not take. While there is any, nothing is read.
    char *held;
    int heldBytes;
} Connection;

static int poller;
static SSL_CTX *context;
static char buffer[bufferBytes];

static void watch(Connection *connection, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(poller, operation, connection->fd, &event) != 0) bench_fail("epoll_ctl");
}

static void end(Connection *connection) {
    SSL_free(connection->ssl);
    close(connection->fd);
    free(connection->held);
    free(connection);
}

static void take_connections(int listener) {
    for (;;) {
        int fd = bench_accept(listener);
        if (fd < 0) return;
        Connection *connection = calloc(1, sizeof *connection);
        if (!connection) bench_fail("no memory");
        connection->fd = fd;
        connection->ssl = SSL_new(context);
        if (!connection->ssl || !SSL_set_fd(connection->ssl, fd)) bench_fail("SSL_new");
        SSL_set_accept_state(connection->ssl);
        watch(connection, EPOLL_CTL_ADD, EPOLLIN);
    }
}

// Returns 0 where the connection is over.
static int send_back(Connection *connection, const char *bytes, int count) {
    int sent = SSL_write(connection->ssl, bytes, count);
    if (sent == count) return 1;
    if (SSL_get_error(connection->ssl, sent) != SSL_ERROR_WANT_WRITE) return 0;
    if (!connection->held) {
        connection->held = malloc(count);
        if (!connection->held) bench_fail("no memory");
        memcpy(connection->held, bytes, count);
        connection->heldBytes = count;
        watch(connection, EPOLL_CTL_MOD, EPOLLOUT);
    }
    return 1;
}

static int serve(Connection *connection) {
    if (connection->held) {
        if (!send_back(connection, connection->held, connection->heldBytes)) return 0;
        if (SSL_want(connection->ssl) == SSL_WRITING) return 1;
        free(connection->held);
        connection->held = NULL;
        watch(connection, EPOLL_CTL_MOD, EPOLLIN);
    }
    // What OpenSSL has read ahead makes no event, so nothing of it may remain.
    for (int hasMore = 1; hasMore && !connection->held;) {
        int count = 0;
        while (hasMore && count < bufferBytes) {
            int read = SSL_read(connection->ssl, buffer + count, bufferBytes - count);
            if (read > 0) {
                count += read;
                hasMore = SSL_has_pending(connection->ssl);
            } else if (SSL_get_error(connection->ssl, read) == SSL_ERROR_WANT_READ) {
                hasMore = 0;
            } else {
                return 0;
            }
        }
        if (count > 0 && !send_back(connection, buffer, count)) return 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 2) bench_fail("usage: floor-server FOLDER_WITH_CERTIFICATES");
    signal(SIGPIPE, SIG_IGN);
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
            if (connection == &listening) take_connections(listener);
            else if (!serve(connection)) end(connection);
        }
    }
}
