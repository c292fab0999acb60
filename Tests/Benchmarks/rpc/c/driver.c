// The client of the benchmark, the same for all servers that it can speak to: it opens connections,
// keeps requests in flight on each, checks what comes back, and says what it has measured in JSON.
#include "histogram.h"
#include "machine.h"
#include "protocol.h"
#include "tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { maxEvents = 256, maxInFlight = 64, inputBytes = 131072 };

typedef struct {
    int isBusy;
    uint64_t number;
    uint64_t sentAt;
} Slot;

typedef struct {
    int fd;
    SSL *ssl;
    // What has arrived of an answer that is not complete; NULL for nothing.
    uint8_t *held;
    size_t heldBytes;
    Slot *slots;
} Connection;

static const char *folder, *protocolName = "cwp";
static const Protocol *protocol;
static int port, connectionCount = 1, inFlight = 1, payloadBytes = 60, isIdle;
static double warmUpSeconds = 1, seconds = 3;
static pid_t server;

static int poller;
static Connection *connections;
static Histogram histogram;
static uint64_t requests, errors, number;
static int isMeasuring, isSending;
static uint8_t pattern[maxPayloadBytes];
static uint8_t input[inputBytes];
static uint8_t output[maxInFlight * maxFrameBytes];

static void refuse(const char *what) {
    fprintf(stderr, "bench: %s\n", what);
    exit(64);
}

// MARK: Connecting

static void watch(Connection *connection) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, connection->fd, &event) != 0) bench_fail("epoll_ctl");
}

static void send_all(Connection *connection, const uint8_t *bytes, size_t count) {
    if (count == 0) return;
    // What is in flight is far less than a socket's buffer, so a short write is a dead peer.
    int sent = SSL_write(connection->ssl, bytes, (int)count);
    if (sent != (int)count) bench_fail("a connection does not take what is sent");
}

static void connect_one(Connection *connection, SSL_CTX *context) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->fd < 0) bench_fail("no socket: are there enough file descriptors?");
    int on = 1;
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) != 0)
        bench_fail("the server cannot be reached");
    connection->ssl = SSL_new(context);
    if (!connection->ssl || !SSL_set_fd(connection->ssl, connection->fd)) bench_fail("SSL_new");
    if (SSL_connect(connection->ssl) != 1) bench_fail("the handshake failed");
    connection->slots = calloc((size_t)inFlight, sizeof *connection->slots);
    if (!connection->slots) bench_fail("no memory");
    uint8_t first[64];
    send_all(connection, first, protocol->open(first));
    fcntl(connection->fd, F_SETFL, O_NONBLOCK);
    watch(connection);
}

// MARK: Requests and replies

// A payload begins with the request's number and goes on with a pattern.
static size_t append_request(Connection *connection, uint32_t slot, uint64_t now, uint8_t *out) {
    static uint8_t payload[maxPayloadBytes];
    Slot *state = &connection->slots[slot - 1];
    *state = (Slot){.isBusy = 1, .number = ++number, .sentAt = now};
    memcpy(payload, &state->number, sizeof state->number);
    size_t rest = (size_t)payloadBytes - sizeof state->number;
    memcpy(payload + sizeof state->number, pattern + sizeof state->number, rest);
    return protocol->request(out, slot, payload, (size_t)payloadBytes);
}

static int is_right(const Slot *state, const Answer *answer) {
    size_t numberBytes = sizeof state->number;
    return answer->payloadBytes == (size_t)payloadBytes &&
           memcmp(answer->payload, &state->number, numberBytes) == 0 &&
           memcmp(answer->payload + numberBytes, pattern + numberBytes,
                  (size_t)payloadBytes - numberBytes) == 0;
}

// Counts an answer, and sends the next request in its place.
static size_t take(Connection *connection, const Answer *answer, uint64_t now, uint8_t *out) {
    if (answer->kind == answerFatal) {
        fprintf(stderr, "bench: the server sent %s\n", answer->explanation);
        exit(1);
    }
    if (answer->kind == answerOther) {
        memcpy(out, answer->respond, answer->respondBytes);
        return answer->respondBytes;
    }
    if (answer->slot < 1 || answer->slot > (uint32_t)inFlight ||
        !connection->slots[answer->slot - 1].isBusy)
        bench_fail("an answer to nothing that was asked");
    Slot *state = &connection->slots[answer->slot - 1];
    state->isBusy = 0;
    int isGood = answer->kind == answerReply && is_right(state, answer);
    if (isMeasuring) {
        requests++;
        if (!isGood) errors++;
        histogram_add(&histogram, now - state->sentAt);
    } else if (!isGood) {
        bench_fail("a wrong answer before the measurement");
    }
    return isSending ? append_request(connection, answer->slot, now, out) : 0;
}

static void keep(Connection *connection, const uint8_t *bytes, size_t count) {
    free(connection->held);
    connection->held = NULL;
    connection->heldBytes = count;
    if (count == 0) return;
    uint8_t *copy = malloc(count);
    if (!copy) bench_fail("no memory");
    memcpy(copy, bytes, count);
    connection->held = copy;
}

static void serve(Connection *connection) {
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
        size_t begin = 0, end = 0;
        for (;;) {
            Answer answer = protocol->read(input + begin, count - begin, (size_t)payloadBytes);
            if (answer.kind == answerIncomplete) break;
            end += take(connection, &answer, now, output + end);
            begin += answer.bytes;
        }
        if (connection->held || begin < count) keep(connection, input + begin, count - begin);
        send_all(connection, output, end);
    }
}

static void serve_all(int timeoutMilliseconds) {
    struct epoll_event events[maxEvents];
    int count = epoll_wait(poller, events, maxEvents, timeoutMilliseconds);
    if (count < 0 && errno != EINTR) bench_fail("epoll_wait");
    for (int i = 0; i < count; i++) serve(events[i].data.ptr);
}

static void serve_for(double duration) {
    uint64_t end = bench_now_ns() + (uint64_t)(duration * 1e9);
    // Without sleeping: waking a sleeping client is work that loopback would charge to the server,
    // the more of it the slower the server is.
    while (bench_now_ns() < end) serve_all(0);
}

static void begin_requests(Connection *connection) {
    size_t end = 0;
    uint64_t now = bench_now_ns();
    for (uint32_t slot = 1; slot <= (uint32_t)inFlight; slot++)
        end += append_request(connection, slot, now, output + end);
    send_all(connection, output, end);
}

// MARK: Measuring

typedef struct {
    uint64_t at;
    double serverCPU, clientCPU;
    uint64_t bytes;
} Reading;

static Reading take_reading(void) {
    Reading reading = {bench_now_ns(), bench_cpu_seconds(server), bench_cpu_seconds(getpid()), 0};
    for (int i = 0; i < connectionCount; i++) {
        // TLS records with their headers, both ways.
        BIO *bio = SSL_get_rbio(connections[i].ssl);
        reading.bytes += BIO_number_read(bio) + BIO_number_written(bio);
    }
    return reading;
}

static void measure(void) {
    isSending = 1;
    for (int i = 0; i < connectionCount; i++) begin_requests(&connections[i]);
    serve_for(warmUpSeconds);
    Reading begin = take_reading();
    isMeasuring = 1;
    serve_for(seconds);
    Reading end = take_reading();

    if (requests == 0) bench_fail("no answer came during the measurement");
    double duration = (double)(end.at - begin.at) / 1e9;
    printf("{\"requests\": %lu, \"errors\": %lu, \"seconds\": %.3f, \"rate_per_s\": %.1f,\n", requests,
           errors, duration, (double)requests / duration);
    printf(" \"latency_us\": {\"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, \"p999\": %.1f, "
           "\"max\": %.1f},\n",
           (double)histogram_quantile(&histogram, 0.5) / 1e3,
           (double)histogram_quantile(&histogram, 0.9) / 1e3,
           (double)histogram_quantile(&histogram, 0.99) / 1e3,
           (double)histogram_quantile(&histogram, 0.999) / 1e3, (double)histogram.max / 1e3);
    printf(" \"server_cpu_us\": %.4f, \"client_cpu_us\": %.4f, \"wire_bytes\": %.2f, "
           "\"cipher\": \"%s\"}\n",
           (end.serverCPU - begin.serverCPU) / (double)requests * 1e6,
           (end.clientCPU - begin.clientCPU) / (double)requests * 1e6,
           (double)(end.bytes - begin.bytes) / (double)requests,
           SSL_get_cipher_name(connections[0].ssl));
}

// Keeps the connections until standard input ends, so that someone can look at the server.
static void stay_idle(void) {
    if (protocol->request)
        for (int i = 0; i < connectionCount; i++) begin_requests(&connections[i]);
    serve_for(seconds);
    printf("idle\n");
    fflush(stdout);
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    char byte;
    while (read(STDIN_FILENO, &byte, 1) != 0) serve_all(100);
}

static void read_arguments(int argc, char **argv) {
    enum { pki = 1, ports, protocols, count, flight, payload, warmUp, duration, pid, idle };
    static const struct option options[] = {
        {"pki", 1, 0, pki}, {"port", 1, 0, ports}, {"protocol", 1, 0, protocols},
        {"connections", 1, 0, count}, {"in-flight", 1, 0, flight}, {"payload", 1, 0, payload},
        {"warm-up", 1, 0, warmUp}, {"seconds", 1, 0, duration}, {"server", 1, 0, pid},
        {"idle", 0, 0, idle}, {0, 0, 0, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) switch (option) {
        case pki: folder = optarg; break;
        case ports: port = atoi(optarg); break;
        case protocols: protocolName = optarg; break;
        case count: connectionCount = atoi(optarg); break;
        case flight: inFlight = atoi(optarg); break;
        case payload: payloadBytes = atoi(optarg); break;
        case warmUp: warmUpSeconds = atof(optarg); break;
        case duration: seconds = atof(optarg); break;
        case pid: server = atoi(optarg); break;
        case idle: isIdle = 1; break;
        default: exit(64);
        }
    protocol = protocol_named(protocolName);
    if (!protocol) refuse("--protocol is cwp, raw or h2");
    if (!isIdle && !protocol->request) refuse("h2 is for --idle alone");
    if (!folder || port < 1 || port > 65535) refuse("it needs --pki FOLDER and --port NUMBER");
    if (connectionCount < 1 || inFlight < 1 || inFlight > maxInFlight ||
        payloadBytes < minPayloadBytes || payloadBytes > maxPayloadBytes)
        refuse("connections, requests in flight (1 to 64) or payload (16 to 16384) out of range");
}

int main(int argc, char **argv) {
    read_arguments(argc, argv);
    bench_allow_connections(connectionCount);
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof pattern; i++) pattern[i] = (uint8_t)(i * 7 + 1);
    SSL_CTX *context = bench_tls_context(folder, "client", 0);
    const char *name = protocol->applicationProtocol;
    if (name) SSL_CTX_set_alpn_protos(context, (const uint8_t *)name, (unsigned)strlen(name));
    poller = epoll_create1(EPOLL_CLOEXEC);
    connections = calloc((size_t)connectionCount, sizeof *connections);
    if (!connections) bench_fail("no memory");
    for (int i = 0; i < connectionCount; i++) {
        connect_one(&connections[i], context);
        // Servers that have waited for long ask whether we are there.
        if (i % 64 == 63) serve_all(0);
    }
    if (isIdle) stay_idle();
    else measure();
    return 0;
}
