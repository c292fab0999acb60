// Counts of latencies, in buckets that are at most a 64th of their value wide.
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

enum { histogramSubBits = 6, histogramBuckets = (64 - histogramSubBits + 1) << histogramSubBits };

typedef struct {
    uint64_t count;
    uint64_t max;
    uint64_t buckets[histogramBuckets];
} Histogram;

void histogram_add(Histogram *histogram, uint64_t value);
// The value that this part (0 to 1) of all values does not exceed.
uint64_t histogram_quantile(const Histogram *histogram, double part);

#endif
