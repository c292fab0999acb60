// CWP/1, as proto/CWP.md has it: what subscribers and a device that carries ballots need of it.
#ifndef BENCH_CWP_H
#define BENCH_CWP_H

#include "protocols.h"

size_t cwp_open(uint8_t *out, int isPublisher);
size_t cwp_publish(uint8_t *out);
Arrival cwp_read(Subscription *subscription, const uint8_t *bytes, size_t count);

// Takes events with sequence numbers from `first` on. Ends the program where there is a gap.
void follow(Subscription *subscription, uint64_t first, uint64_t count);

// A varint of protobuf. Both return its bytes; reading returns 0 where it is not complete.
size_t write_varint(uint8_t *out, uint64_t value);
size_t read_varint(const uint8_t *bytes, size_t count, uint64_t *value);

#endif
