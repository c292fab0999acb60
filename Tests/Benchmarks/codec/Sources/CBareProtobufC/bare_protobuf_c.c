#include "bare_protobuf_c.h"

#include <protobuf-c/protobuf-c.h>

extern const ProtobufCMessageDescriptor cabinet__v1__cast_ballot_request__descriptor;
extern const ProtobufCMessageDescriptor cabinet__v1__meeting_snapshot__descriptor;

static const ProtobufCMessageDescriptor *descriptor_of(bare_message_type type) {
    switch (type) {
    case BARE_CAST_BALLOT_REQUEST:
        return &cabinet__v1__cast_ballot_request__descriptor;
    case BARE_MEETING_SNAPSHOT:
        return &cabinet__v1__meeting_snapshot__descriptor;
    }
    return NULL;
}

// The optimizer may not assume that nobody looks at what the pointer leads to.
static inline void keep(const void *pointer) {
    __asm__ volatile("" : : "g"(pointer) : "memory");
}

size_t bare_unpack_malloc(
    bare_message_type type, const uint8_t *bytes, size_t byte_count, size_t iterations) {
    const ProtobufCMessageDescriptor *descriptor = descriptor_of(type);
    size_t successes = 0;
    for (size_t i = 0; i < iterations; i++) {
        ProtobufCMessage *message =
            protobuf_c_message_unpack(descriptor, NULL, byte_count, bytes);
        keep(message);
        successes += message != NULL;
        protobuf_c_message_free_unpacked(message, NULL);
    }
    return successes;
}

typedef struct {
    uint8_t *start;
    size_t capacity;
    size_t used;
} arena;

static void *arena_allocate(void *context, size_t size) {
    arena *memory = context;
    size = (size + 7) & ~(size_t)7;
    if (size > memory->capacity - memory->used)
        return NULL;
    void *result = memory->start + memory->used;
    memory->used += size;
    return result;
}

static void arena_free(void *context, void *pointer) {
    (void)context;
    (void)pointer;
}

size_t bare_unpack_arena(
    bare_message_type type, const uint8_t *bytes, size_t byte_count, size_t iterations) {
    static _Alignas(16) uint8_t memory[256 * 1024];
    const ProtobufCMessageDescriptor *descriptor = descriptor_of(type);
    arena context = {.start = memory, .capacity = sizeof memory};
    ProtobufCAllocator allocator = {
        .alloc = arena_allocate, .free = arena_free, .allocator_data = &context};
    size_t successes = 0;
    for (size_t i = 0; i < iterations; i++) {
        context.used = 0;
        ProtobufCMessage *message =
            protobuf_c_message_unpack(descriptor, &allocator, byte_count, bytes);
        keep(message);
        successes += message != NULL;
    }
    return successes;
}

bare_message *bare_message_new(bare_message_type type, const uint8_t *bytes, size_t byte_count) {
    return (bare_message *)protobuf_c_message_unpack(
        descriptor_of(type), NULL, byte_count, bytes);
}

void bare_message_free(bare_message *message) {
    protobuf_c_message_free_unpacked((ProtobufCMessage *)message, NULL);
}

size_t bare_pack(
    const bare_message *message, uint8_t *buffer, size_t capacity, size_t iterations) {
    const ProtobufCMessage *packed = (const ProtobufCMessage *)message;
    size_t size = 0;
    for (size_t i = 0; i < iterations; i++) {
        size = protobuf_c_message_get_packed_size(packed);
        if (size > capacity)
            return 0;
        protobuf_c_message_pack(packed, buffer);
        keep(buffer);
    }
    return size;
}
