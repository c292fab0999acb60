// Subscribers of one server, as many as there are to be, and the publisher, on one thread: it
// publishes, notes when what it has published arrives, and says what it has measured in JSON, one line
// for each command on standard input.
#include "connection.h"
#include "histogram.h"
#include "machine.h"
#include "tls.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { maxEvents = 256, maxCommits = 4096 };
static const uint64_t second = 1000000000;
// For an event to arrive everywhere, and for a subscription to begin.
static const uint64_t patience = 20 * second;
// For what a server has still to do when its last event has arrived.
static const uint64_t afterwards = second / 500;

static const char *folder, *publisherName = "client";
static Target target = {.port = 0};
static int maxConnections = 1, identityCount, connectionsOfIdentity = 1;
static pid_t server;

static int poller;
static SSL_CTX *publisherContext, **contexts;
static Connection publisher, *connections;
static int connectionCount;

// What has come since the last publication, or since the burst began.
static uint64_t publishedAt, deliveries, firstAt, lastAt, arrivals;
static uint64_t answers, answeredAt, commits[maxCommits];
static int commitCount;
static Histogram latencies;

// MARK: Arrivals

static void note_answer(uint64_t commit, uint64_t now) {
    answers++;
    answeredAt = now;
    for (int i = 0; i < commitCount; i++)
        if (commits[i] == commit) return;
    if (commitCount < maxCommits) commits[commitCount++] = commit;
}

static void take(Connection *connection, const Arrival *arrival, uint64_t now) {
    (void)connection;
    if (arrival->isAnswer || arrival->events > 0) arrivals++;
    if (arrival->isAnswer) note_answer(arrival->commit, now);
    if (arrival->events == 0) return;
    if (deliveries == 0) firstAt = now;
    lastAt = now;
    deliveries += arrival->events;
    histogram_add(&latencies, now - publishedAt);
}

// Serves the connections for which there is something, and says whether there is a command.
static int serve_all(int timeoutMilliseconds) {
    struct epoll_event events[maxEvents];
    int hasCommand = 0;
    int count = epoll_wait(poller, events, maxEvents, timeoutMilliseconds);
    if (count < 0 && errno != EINTR) bench_fail("epoll_wait");
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr) connection_serve(events[i].data.ptr, target.protocol, take);
        else hasCommand = 1;
    }
    return hasCommand;
}

// Waits until no event comes any more. Servers ask now and then whether we are there, thousands of
// connections all the time.
static void settle(void) {
    static const uint64_t quiet = second / 50;
    for (uint64_t seen = arrivals, since = bench_now_ns(); bench_now_ns() - since < quiet;) {
        serve_all(1);
        if (arrivals != seen) {
            seen = arrivals;
            since = bench_now_ns();
        }
    }
}

static void serve_for(uint64_t duration) {
    for (uint64_t begin = bench_now_ns(); bench_now_ns() - begin < duration;) serve_all(0);
}

// MARK: Commands

static void watch(Connection *connection) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    int fd = connection ? connection->fd : STDIN_FILENO;
    if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0) bench_fail("epoll_ctl");
}

static void connect_up_to(int count) {
    if (count > maxConnections) bench_refuse("more connections than --connections");
    if (!publisher.ssl) {
        connection_open(&publisher, publisherContext, &target, maxConnections, 1);
        watch(&publisher);
    }
    for (; connectionCount < count; connectionCount++) {
        int identity = connectionCount / connectionsOfIdentity % identityCount;
        Connection *connection = &connections[connectionCount];
        connection_open(connection, contexts[identity], &target, connectionCount, 0);
        watch(connection);
        // Servers that have waited for long ask whether we are there.
        if (connectionCount % 16 == 15) serve_all(0);
    }
    uint64_t begin = bench_now_ns();
    for (int ready = 0; ready < connectionCount;) {
        if (connections[ready].subscription.isReady) ready++;
        else if (serve_all(10), bench_now_ns() - begin > patience)
            bench_fail("a subscription does not begin");
    }
    settle();
    printf("{\"connected\": %d}\n", connectionCount);
}

static void publish(void) {
    uint8_t output[maxOutputBytes];
    size_t count = target.protocol->publish(output);
    if (count == 0) bench_refuse("there are no more ballots");
    connection_send(&publisher, output, count);
}

static void begin_count(void) {
    deliveries = answers = 0;
    commitCount = 0;
    publishedAt = bench_now_ns();
}

static void await_deliveries(uint64_t events) {
    uint64_t wantedAnswers = target.protocol->answers ? events : 0;
    // Without sleeping: waking a sleeping client is work that loopback would charge to the server.
    while (deliveries < events * (uint64_t)connectionCount || answers < wantedAnswers) {
        serve_all(0);
        if (bench_now_ns() - publishedAt > patience) bench_fail("an event does not arrive");
    }
}

static double *make_times(int count) {
    double *times = calloc((size_t)count, sizeof *times);
    if (!times) bench_fail("no memory");
    return times;
}

static void print_times(const char *name, const double *times, int count) {
    printf(", \"%s\": [", name);
    for (int i = 0; i < count; i++) printf(i ? ", %.1f" : "%.1f", times[i]);
    printf("]");
}

// Publishes events one after the other, each when the one before has arrived everywhere.
static void measure(int events) {
    double *first = make_times(events), *last = make_times(events), *answer = make_times(events);
    settle();
    memset(&latencies, 0, sizeof latencies);
    double serverCPU = bench_cpu_seconds(server), clientCPU = bench_cpu_seconds(getpid());
    for (int i = 0; i < events; i++) {
        begin_count();
        publish();
        await_deliveries(1);
        first[i] = (double)(firstAt - publishedAt) / 1e3;
        last[i] = (double)(lastAt - publishedAt) / 1e3;
        answer[i] = (double)(answeredAt - publishedAt) / 1e3;
    }
    serve_for(afterwards);
    serverCPU = bench_cpu_seconds(server) - serverCPU;
    clientCPU = bench_cpu_seconds(getpid()) - clientCPU;
    double delivered = (double)events * connectionCount;
    printf("{\"subscribers\": %d, \"events\": %d, \"event_bytes\": %zu", connectionCount, events,
           eventBytes);
    print_times("first_us", first, events);
    print_times("last_us", last, events);
    if (target.protocol->answers) print_times("answer_us", answer, events);
    printf(", \"delivery_us\": {\"p50\": %.1f, \"p99\": %.1f}",
           (double)histogram_quantile(&latencies, 0.5) / 1e3,
           (double)histogram_quantile(&latencies, 0.99) / 1e3);
    printf(", \"server_cpu_us\": %.4f, \"client_cpu_us\": %.4f}\n", serverCPU / delivered * 1e6,
           clientCPU / delivered * 1e6);
    free(first);
    free(last);
    free(answer);
}

// Publishes events over some time, without waiting, and counts what they cost each subscriber.
static void burst(int events, int milliseconds) {
    settle();
    for (int i = 0; i < connectionCount; i++) connections[i].records = 0;
    begin_count();
    uint64_t begin = publishedAt, interval = (uint64_t)milliseconds * 1000000 / (uint64_t)events;
    for (int i = 0; i < events; i++) {
        while (bench_now_ns() < begin + (uint64_t)i * interval) serve_all(0);
        publish();
    }
    await_deliveries((uint64_t)events);
    uint32_t most = 0;
    uint64_t all = 0;
    for (int i = 0; i < connectionCount; i++) {
        all += connections[i].records;
        if (connections[i].records > most) most = connections[i].records;
    }
    printf("{\"subscribers\": %d, \"events\": %d, \"milliseconds\": %d, \"commits\": %d, "
           "\"records_most\": %u, \"records_mean\": %.2f}\n",
           connectionCount, events, milliseconds, commitCount, most, (double)all / connectionCount);
}

// Returns 0 at the end of the commands.
static int obey(void) {
    char line[4096], argument[4000];
    if (!fgets(line, sizeof line, stdin)) return 0;
    int number, other;
    size_t bytes;
    if (sscanf(line, "connect %d", &number) == 1) {
        connect_up_to(number);
    } else if (sscanf(line, "measure %d", &number) == 1) {
        measure(number);
    } else if (sscanf(line, "burst %d %d", &number, &other) == 2) {
        burst(number, other);
    } else if (sscanf(line, "ballots %3999s", argument) == 1) {
        read_ballots(argument);
        printf("{}\n");
    } else if (sscanf(line, "size %zu", &bytes) == 1) {
        eventBytes = bytes;
        printf("{}\n");
    } else {
        bench_refuse("what is %s", line);
    }
    fflush(stdout);
    return 1;
}

// MARK: The command line

static void read_arguments(int argc, char **argv) {
    enum { pki = 1, ports, protocols, most, pid, follow, publishes, identities, ofIdentity, ofAddress };
    static const struct option options[] = {
        {"pki", 1, 0, pki}, {"port", 1, 0, ports}, {"protocol", 1, 0, protocols},
        {"connections", 1, 0, most}, {"server", 1, 0, pid}, {"follow", 1, 0, follow},
        {"publisher", 1, 0, publishes}, {"identities", 1, 0, identities},
        {"connections-of-identity", 1, 0, ofIdentity},
        {"connections-of-address", 1, 0, ofAddress}, {0, 0, 0, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) switch (option) {
        case pki: folder = optarg; break;
        case ports: target.port = atoi(optarg); break;
        case protocols: target.protocol = protocol_named(optarg); break;
        case most: maxConnections = atoi(optarg); break;
        case pid: server = atoi(optarg); break;
        case follow: read_follow_request(optarg); break;
        case publishes: publisherName = optarg; break;
        case identities: identityCount = atoi(optarg); break;
        case ofIdentity: connectionsOfIdentity = atoi(optarg); break;
        case ofAddress: target.clientsOfAddress = atoi(optarg); break;
        default: exit(64);
        }
    if (!folder || !target.protocol || target.port < 1 || target.port > 65535 || maxConnections < 1 ||
        identityCount < 0 || connectionsOfIdentity < 1)
        bench_refuse("it needs --pki FOLDER, --port NUMBER and --protocol cwp, raw, nats or mqtt");
}

// Subscribers have certificates of their own, or that of the publisher.
static void make_contexts(void) {
    publisherContext = bench_tls_context(folder, publisherName, 0);
    int hasOwn = identityCount > 0;
    if (!hasOwn) identityCount = 1;
    contexts = calloc((size_t)identityCount, sizeof *contexts);
    if (!contexts) bench_fail("no memory");
    for (int i = 0; i < identityCount; i++) {
        char name[32];
        snprintf(name, sizeof name, "subscriber-%d", i);
        contexts[i] = hasOwn ? bench_tls_context(folder, name, 0) : publisherContext;
    }
}

int main(int argc, char **argv) {
    read_arguments(argc, argv);
    bench_allow_connections(maxConnections + 1);
    signal(SIGPIPE, SIG_IGN);
    make_contexts();
    connections = calloc((size_t)maxConnections, sizeof *connections);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (!connections || poller < 0) bench_fail("no memory");
    // A command is a line, and comes when the one before is done.
    setvbuf(stdin, NULL, _IONBF, 0);
    watch(NULL);
    while (!serve_all(-1) || obey()) {}
    return 0;
}
