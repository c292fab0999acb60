// The header of a frame of CWP/1 (proto/CWP.md, section 2), and the numbers that go with it.
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <stddef.h>
#include <stdint.h>

enum {
    frameHello = 0x01,
    frameCall = 0x02,
    frameReply = 0x03,
    framePing = 0x08,
    framePong = 0x09,
    frameBound = 0x0B,
    frameEvent = 0x10,
    frameBatch = 0x11,
    frameMark = 0x12,
    frameSnapshot = 0x13,
};
enum { frameEnd = 0x01, frameMore = 0x02, frameKey = 0x04 };
enum { frameHeaderBytes = 8, frameSequenceBytes = 8 };

static inline uint64_t read_number(const uint8_t *bytes, int count) {
    uint64_t number = 0;
    for (int i = 0; i < count; i++) number = number << 8 | bytes[i];
    return number;
}

static inline void write_number(uint8_t *out, int count, uint64_t number) {
    for (int i = count - 1; i >= 0; i--, number >>= 8) out[i] = (uint8_t)number;
}

static inline void frame_write_header(uint8_t *out, size_t bodyBytes, uint8_t type, uint8_t flags,
                                      uint32_t id) {
    write_number(out, 3, bodyBytes);
    out[3] = type;
    out[4] = flags;
    write_number(out + 5, 3, id);
}

#endif
