// libFuzzer as a library: what compiler-rt declares in FuzzerInterface.h, which toolchains for
// Swift do not ship. https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library

#ifndef LIBFUZZER_H
#define LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// Takes libFuzzer's options from the arguments, and calls `callback` with inputs until it is done.
int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

#endif
