// What a protocol's echo looks like to the driver: a request in a slot, and what comes back for it.
#ifndef BENCH_PROTOCOL_H
#define BENCH_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

enum { maxPayloadBytes = 16384, minPayloadBytes = 16, maxFrameBytes = maxPayloadBytes + 64 };

typedef enum {
    answerIncomplete,  // more bytes are needed
    answerReply,       // a reply, whose slot and payload are given
    answerError,       // the call in the slot failed
    answerOther,       // something else, with an answer in `respond` where it wants one
    answerFatal,       // the connection is of no use any more
} AnswerKind;

typedef struct {
    AnswerKind kind;
    size_t bytes;  // how long it is
    uint32_t slot;
    const uint8_t *payload;
    size_t payloadBytes;
    uint8_t respond[64];
    size_t respondBytes;
    char explanation[160];
} Answer;

typedef struct {
    const char *name;
    const char *applicationProtocol;
    // What a client says first. Returns the number of bytes.
    size_t (*open)(uint8_t *out);
    // A request. `out` has room for maxFrameBytes. Returns the number of bytes.
    // NULL where the protocol is here for idle connections alone.
    size_t (*request)(uint8_t *out, uint32_t slot, const uint8_t *payload, size_t payloadBytes);
    Answer (*read)(const uint8_t *bytes, size_t count, size_t payloadBytes);
} Protocol;

// By its name: cwp, raw or h2. NULL where there is none.
const Protocol *protocol_named(const char *name);

#endif
