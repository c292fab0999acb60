#include "histogram.h"

// Values below 64 have buckets of their own. Above, each doubling has 64 buckets.
static unsigned bucket_of(uint64_t value) {
    unsigned bits = 63 - __builtin_clzll(value | 1);
    if (bits < histogramSubBits) return (unsigned)value;
    unsigned shift = bits - histogramSubBits;
    unsigned sub = (unsigned)(value >> shift) - (1u << histogramSubBits);
    return ((shift + 1) << histogramSubBits) + sub;
}

static uint64_t highest_in(unsigned bucket) {
    unsigned group = bucket >> histogramSubBits;
    if (group == 0) return bucket;
    uint64_t sub = (bucket & ((1u << histogramSubBits) - 1)) + (1u << histogramSubBits);
    return ((sub + 1) << (group - 1)) - 1;
}

void histogram_add(Histogram *histogram, uint64_t value) {
    histogram->count++;
    if (value > histogram->max) histogram->max = value;
    histogram->buckets[bucket_of(value)]++;
}

uint64_t histogram_quantile(const Histogram *histogram, double part) {
    uint64_t wanted = (uint64_t)(part * (double)histogram->count + 0.5), seen = 0;
    if (wanted == 0) wanted = 1;
    for (unsigned bucket = 0; bucket < histogramBuckets; bucket++) {
        seen += histogram->buckets[bucket];
        if (seen < wanted) continue;
        uint64_t value = highest_in(bucket);
        return value < histogram->max ? value : histogram->max;
    }
    return histogram->max;
}
