#include "cwp.h"

#include "frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { methodFollowMeeting = 500, methodCastBallot = 310, slots = 64, keyBytes = 16 };

static struct {
    uint8_t *bytes;
    size_t count;
} followRequest, ballots;
static size_t ballotOffset;

// MARK: Files

static void read_file(const char *path, uint8_t **bytes, size_t *count) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) bench_refuse("%s cannot be read", path);
    long size = ftell(file);
    rewind(file);
    free(*bytes);
    *bytes = malloc((size_t)size + 1);
    *count = (size_t)size;
    if (!*bytes || fread(*bytes, 1, *count, file) != *count)
        bench_refuse("%s cannot be read", path);
    fclose(file);
}

void read_follow_request(const char *path) {
    read_file(path, &followRequest.bytes, &followRequest.count);
}

void read_ballots(const char *path) {
    read_file(path, &ballots.bytes, &ballots.count);
    ballotOffset = 0;
}

// MARK: Varints

size_t write_varint(uint8_t *out, uint64_t value) {
    size_t count = 0;
    for (; value >= 0x80; value >>= 7) out[count++] = (uint8_t)(value | 0x80);
    out[count++] = (uint8_t)value;
    return count;
}

size_t read_varint(const uint8_t *bytes, size_t count, uint64_t *value) {
    *value = 0;
    for (size_t i = 0; i < count && i < 10; i++) {
        *value |= (uint64_t)(bytes[i] & 0x7F) << (7 * i);
        if (!(bytes[i] & 0x80)) return i + 1;
    }
    return 0;
}

// The bytes of the first field of a message that has this number and a length; NULL where there is
// none.
static const uint8_t *field(const uint8_t *bytes, size_t count, unsigned number, size_t *length) {
    for (size_t offset = 0; offset < count;) {
        uint64_t tag, value;
        size_t tagBytes = read_varint(bytes + offset, count - offset, &tag);
        if (tagBytes == 0) return NULL;
        offset += tagBytes;
        size_t valueBytes = read_varint(bytes + offset, count - offset, &value);
        if (valueBytes == 0) return NULL;
        offset += valueBytes;
        if ((tag & 7) != 2) continue;
        if (value > count - offset) return NULL;
        *length = value;
        if (tag >> 3 == number) return bytes + offset;
        offset += value;
    }
    return NULL;
}

// MARK: Sending

static size_t call(uint8_t *out, uint32_t slot, uint16_t method, const uint8_t *key,
                   const uint8_t *message, size_t messageBytes) {
    uint8_t *end = out + frameHeaderBytes;
    write_number(end, 2, method);
    write_number(end + 2, 4, 0);  // no timeout
    end += 6;
    if (key) memcpy(end, key, keyBytes);
    end += key ? keyBytes : 0;
    memcpy(end, message, messageBytes);
    end += messageBytes;
    frame_write_header(out, (size_t)(end - out) - frameHeaderBytes, frameCall,
                       (uint8_t)(frameEnd | (key ? frameKey : 0)), slot);
    return (size_t)(end - out);
}

size_t cwp_open(uint8_t *out, int isPublisher) {
    // Hello { versions: [1] }
    static const uint8_t hello[] = {0x0A, 0x01, 0x01};
    frame_write_header(out, sizeof hello, frameHello, 0, 0);
    memcpy(out + frameHeaderBytes, hello, sizeof hello);
    size_t end = frameHeaderBytes + sizeof hello;
    if (isPublisher) return end;
    return end + call(out + end, 1, methodFollowMeeting, NULL, followRequest.bytes,
                      followRequest.count);
}

// Each ballot is its key, the length of its message in 4 bytes, and the message: a CastBallotRequest.
size_t cwp_publish(uint8_t *out) {
    static uint32_t number;
    if (ballotOffset == ballots.count) return 0;
    const uint8_t *key = ballots.bytes + ballotOffset;
    size_t messageBytes = read_number(key + keyBytes, 4);
    const uint8_t *message = key + keyBytes + 4;
    ballotOffset += keyBytes + 4 + messageBytes;
    return call(out, 1 + number++ % slots, methodCastBallot, key, message, messageBytes);
}

// MARK: Receiving

void follow(Subscription *subscription, uint64_t first, uint64_t count) {
    if (subscription->isFollowing && first != subscription->sequence + 1)
        bench_refuse("an event is missing before %lu", (unsigned long)first);
    subscription->isFollowing = 1;
    subscription->sequence = first + count - 1;
}

// The checkpoint in the receipt of a CastBallotResponse is another with each commit.
static uint64_t commit_of(const uint8_t *body, size_t count) {
    size_t receiptBytes, checkpointBytes;
    const uint8_t *receipt = field(body, count, 1, &receiptBytes);
    const uint8_t *checkpoint = receipt ? field(receipt, receiptBytes, 4, &checkpointBytes) : NULL;
    if (!checkpoint) bench_refuse("an answer has no receipt");
    uint64_t hash = 0xCBF29CE484222325;  // FNV-1a
    for (size_t i = 0; i < checkpointBytes; i++) hash = (hash ^ checkpoint[i]) * 0x100000001B3;
    return hash;
}

static void take_snapshot(Subscription *subscription, uint64_t sequence, uint8_t flags) {
    if (flags & frameMore) return;
    subscription->isReady = 1;
    subscription->isFollowing = 1;
    subscription->sequence = sequence;
}

Arrival cwp_read(Subscription *subscription, const uint8_t *bytes, size_t count) {
    Arrival arrival = {0};
    if (count < frameHeaderBytes) return arrival;
    size_t bodyBytes = read_number(bytes, 3);
    if (count < frameHeaderBytes + bodyBytes) return arrival;
    const uint8_t *body = bytes + frameHeaderBytes;
    arrival.bytes = frameHeaderBytes + bodyBytes;
    uint64_t number = bodyBytes >= 8 ? read_number(body, 8) : 0;
    switch (bytes[3]) {
    case frameEvent:
        follow(subscription, number, 1);
        arrival.events = 1;
        eventBytes = arrival.bytes;
        break;
    case frameBatch:
        arrival.events = (uint32_t)read_number(body + 8, 2);
        follow(subscription, number, arrival.events);
        break;
    case frameMark:
        if (number != subscription->sequence) bench_refuse("a MARK of an event that has not come");
        break;
    case frameSnapshot: take_snapshot(subscription, number, bytes[4]); break;
    case frameReply:
        arrival.isAnswer = 1;
        arrival.commit = commit_of(body, bodyBytes);
        break;
    case framePing:
        frame_write_header(arrival.respond, 8, framePong, 0, 0);
        memcpy(arrival.respond + frameHeaderBytes, body, 8);
        arrival.respondBytes = frameHeaderBytes + 8;
        break;
    case frameHello: break;
    case frameBound: break;
    default:
        bench_refuse("the server sends a frame of type %02x: %.*s", bytes[3], (int)bodyBytes, body);
    }
    return arrival;
}
