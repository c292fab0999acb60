// What protobuf-c costs without any Swift: loops in C over the messages that are measured.

#ifndef BARE_PROTOBUF_C_H
#define BARE_PROTOBUF_C_H

#include <stddef.h>
#include <stdint.h>

/// The messages that are measured.
typedef enum {
    BARE_CAST_BALLOT_REQUEST,
    BARE_MEETING_SNAPSHOT,
} bare_message_type;

/// Unpacks and frees the message `iterations` times with the default allocator, which is malloc.
/// Returns how many times that succeeded.
size_t bare_unpack_malloc(
    bare_message_type type, const uint8_t *bytes, size_t byte_count, size_t iterations);

/// Unpacks the message `iterations` times into an arena that is reset before each: the least that
/// unpacking can cost. Returns how many times that succeeded.
size_t bare_unpack_arena(
    bare_message_type type, const uint8_t *bytes, size_t byte_count, size_t iterations);

/// A message in its C form, for packing.
typedef struct bare_message bare_message;

/// Unpacks a message once. Returns NULL where protobuf-c refuses the bytes.
bare_message *bare_message_new(bare_message_type type, const uint8_t *bytes, size_t byte_count);

void bare_message_free(bare_message *message);

/// Computes the size and packs into `buffer`, `iterations` times. Returns the size, or 0 where
/// `capacity` is too small.
size_t bare_pack(
    const bare_message *message, uint8_t *buffer, size_t capacity, size_t iterations);

#endif
