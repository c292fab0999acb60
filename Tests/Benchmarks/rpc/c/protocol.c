#include "protocol.h"

#include <stdio.h>
#include <string.h>

static uint32_t read_u24(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
}

static void write_u24(uint8_t *out, uint32_t value) {
    out[0] = value >> 16;
    out[1] = value >> 8;
    out[2] = value;
}

// MARK: CWP/1, as proto/CWP.md has it

enum { cwpHello = 1, cwpCall, cwpReply, cwpStatus, cwpPing = 8, cwpPong, cwpGoAway };
enum { cwpHeaderBytes = 8, cwpEnd = 1, cwpMethodEcho = 1 };

static size_t cwp_header(uint8_t *out, size_t bodyBytes, uint8_t type, uint8_t flags, uint32_t id) {
    write_u24(out, (uint32_t)bodyBytes);
    out[3] = type;
    out[4] = flags;
    write_u24(out + 5, id);
    return cwpHeaderBytes;
}

static size_t cwp_open(uint8_t *out) {
    // Hello { versions: [1] }
    static const uint8_t hello[] = {0x0A, 0x01, 0x01};
    size_t count = cwp_header(out, sizeof hello, cwpHello, 0, 0);
    memcpy(out + count, hello, sizeof hello);
    return count + sizeof hello;
}

// The varint of a length below 2^21, for which there is room.
static size_t write_length(uint8_t *out, size_t value) {
    size_t count = 0;
    while (value >= 0x80) {
        out[count++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    out[count++] = (uint8_t)value;
    return count;
}

static size_t cwp_request(uint8_t *out, uint32_t slot, const uint8_t *payload, size_t count) {
    uint8_t *end = out + cwpHeaderBytes;
    *end++ = 0;
    *end++ = cwpMethodEcho;
    memset(end, 0, 4);  // no timeout
    end += 4;
    *end++ = 0x0A;  // EchoRequest.payload
    end += write_length(end, count);
    memcpy(end, payload, count);
    end += count;
    cwp_header(out, (size_t)(end - out) - cwpHeaderBytes, cwpCall, cwpEnd, slot);
    return (size_t)(end - out);
}

// EchoResponse: the payload, then the server's time.
static int cwp_payload(Answer *answer, const uint8_t *body, size_t count, size_t payloadBytes) {
    uint8_t prefix[8];
    prefix[0] = 0x0A;
    size_t prefixBytes = 1 + write_length(prefix + 1, payloadBytes);
    if (count < prefixBytes + payloadBytes + 2 || memcmp(body, prefix, prefixBytes) != 0) return 0;
    answer->payload = body + prefixBytes;
    answer->payloadBytes = payloadBytes;
    const uint8_t *time = body + prefixBytes + payloadBytes;
    // A varint ends with the message, and not before.
    if (time[0] != 0x10 || body[count - 1] & 0x80) return 0;
    for (const uint8_t *byte = time + 1; byte < body + count - 1; byte++)
        if (!(*byte & 0x80)) return 0;
    return 1;
}

static Answer cwp_read(const uint8_t *bytes, size_t count, size_t payloadBytes) {
    Answer answer = {.kind = answerIncomplete};
    if (count < cwpHeaderBytes) return answer;
    size_t bodyBytes = read_u24(bytes);
    if (count < cwpHeaderBytes + bodyBytes) return answer;
    const uint8_t *body = bytes + cwpHeaderBytes;
    answer.bytes = cwpHeaderBytes + bodyBytes;
    answer.slot = read_u24(bytes + 5);
    switch (bytes[3]) {
    case cwpReply:
        answer.kind = cwp_payload(&answer, body, bodyBytes, payloadBytes) ? answerReply : answerError;
        break;
    case cwpStatus: answer.kind = answerError; break;
    case cwpHello: answer.kind = answerOther; break;
    case cwpPing:
        answer.kind = answerOther;
        answer.respondBytes = cwp_header(answer.respond, 8, cwpPong, 0, 0) + 8;
        memcpy(answer.respond + cwpHeaderBytes, body, bodyBytes < 8 ? bodyBytes : 8);
        break;
    default:
        answer.kind = answerFatal;
        snprintf(
            answer.explanation, sizeof answer.explanation, "a frame of type %02x: %.*s", bytes[3],
            (int)(bodyBytes < 100 ? bodyBytes : 100), (const char *)body);
    }
    return answer;
}

// MARK: The floor: messages of the same length as CWP's, sent back as they are

// Slot and payload where CWP has them.
enum { rawPrefixBytes = 14 };

static size_t raw_prefix_bytes(size_t payloadBytes) {
    uint8_t length[4];
    return rawPrefixBytes + 1 + write_length(length, payloadBytes);
}

static size_t raw_open(uint8_t *out) {
    (void)out;
    return 0;
}

static size_t raw_request(uint8_t *out, uint32_t slot, const uint8_t *payload, size_t count) {
    size_t prefixBytes = raw_prefix_bytes(count);
    memset(out, 0, prefixBytes);
    write_u24(out + 5, slot);
    memcpy(out + prefixBytes, payload, count);
    return prefixBytes + count;
}

static Answer raw_read(const uint8_t *bytes, size_t count, size_t payloadBytes) {
    Answer answer = {.kind = answerIncomplete};
    size_t prefixBytes = raw_prefix_bytes(payloadBytes);
    if (count < prefixBytes + payloadBytes) return answer;
    answer.kind = answerReply;
    answer.bytes = prefixBytes + payloadBytes;
    answer.slot = read_u24(bytes + 5);
    answer.payload = bytes + prefixBytes;
    answer.payloadBytes = payloadBytes;
    return answer;
}

// MARK: HTTP/2 (RFC 9113), as far as an idle connection needs it

enum { h2Settings = 4, h2Ping = 6, h2WindowUpdate = 8, h2HeaderBytes = 9, h2Ack = 1 };

static size_t h2_open(uint8_t *out) {
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    memcpy(out, preface, sizeof preface - 1);
    memset(out + sizeof preface - 1, 0, h2HeaderBytes);
    out[sizeof preface - 1 + 3] = h2Settings;
    return sizeof preface - 1 + h2HeaderBytes;
}

static Answer h2_read(const uint8_t *bytes, size_t count, size_t payloadBytes) {
    (void)payloadBytes;
    Answer answer = {.kind = answerIncomplete};
    if (count < h2HeaderBytes) return answer;
    size_t bodyBytes = read_u24(bytes);
    if (count < h2HeaderBytes + bodyBytes) return answer;
    answer.bytes = h2HeaderBytes + bodyBytes;
    answer.kind = answerOther;
    int isAck = bytes[4] & h2Ack;
    switch (bytes[3]) {
    case h2Settings:
    case h2Ping:
        if (isAck) break;
        answer.respond[3] = bytes[3];
        answer.respond[4] = h2Ack;
        answer.respondBytes = h2HeaderBytes;
        if (bytes[3] == h2Ping && bodyBytes == 8) {
            answer.respond[2] = 8;
            memcpy(answer.respond + h2HeaderBytes, bytes + h2HeaderBytes, 8);
            answer.respondBytes += 8;
        }
        break;
    case h2WindowUpdate: break;
    default:
        answer.kind = answerFatal;
        snprintf(answer.explanation, sizeof answer.explanation, "a frame of type %02x", bytes[3]);
    }
    return answer;
}

const Protocol *protocol_named(const char *name) {
    static const Protocol protocols[] = {
        {"cwp", "\x09" "cabinet/1", cwp_open, cwp_request, cwp_read},
        {"raw", NULL, raw_open, raw_request, raw_read},
        {"h2", "\x02h2", h2_open, NULL, h2_read},
    };
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++)
        if (strcmp(name, protocols[i].name) == 0) return &protocols[i];
    return NULL;
}
