// How subscribers and the publisher speak to the servers that are compared.
#ifndef BENCH_PROTOCOLS_H
#define BENCH_PROTOCOLS_H

#include <stddef.h>
#include <stdint.h>

enum { maxOutputBytes = 16384 };

// What a connection has been told so far.
typedef struct {
    // Whether whatever is published from now on will come.
    int isReady;
    // Whether the sequence is known; it is that of the last event.
    int isFollowing;
    uint64_t sequence;
} Subscription;

// What the bytes that have come begin with.
typedef struct {
    size_t bytes;  // 0 where more are needed
    uint32_t events;
    // The outcome of what the publisher has sent, and what tells its commit from others.
    int isAnswer;
    uint64_t commit;
    uint8_t respond[32];
    size_t respondBytes;
} Arrival;

typedef struct {
    const char *name;
    // With its length in front, as TLS has it; NULL for none.
    const char *applicationProtocol;
    // Whether the server says a line before TLS begins.
    int beginsInPlain;
    // Whether what is published gets an answer.
    int answers;
    // What a subscriber, or the publisher, says first. Returns the number of bytes.
    size_t (*open)(uint8_t *out, int isPublisher);
    // Publishes an event. Returns the number of bytes; 0 where there is nothing more to publish.
    size_t (*publish)(uint8_t *out);
    Arrival (*read)(Subscription *subscription, const uint8_t *bytes, size_t count);
} Protocol;

// By its name: cwp, raw, nats or mqtt. NULL where there is none.
const Protocol *protocol_named(const char *name);

// How long an event is, with the header of its frame: what comes is as long with cwp, and what is
// published with the others.
extern size_t eventBytes;

// Reads the request with which a subscriber of cwp begins.
void read_follow_request(const char *path);
// Reads the ballots that the publisher of cwp casts, in place of those that it had.
void read_ballots(const char *path);

// Ends the program.
void bench_refuse(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
