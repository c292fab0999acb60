// What the programs of the benchmarks ask of the machine.
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <stdint.h>
#include <sys/types.h>

uint64_t bench_now_ns(void);

// Processor time of all threads of a process, in user and system mode; 0 for the process 0.
double bench_cpu_seconds(pid_t process);

// Has the process allowed so many file descriptors for connections, and some more. Ends the program
// where that cannot be.
void bench_allow_connections(int count);

// Listens on a free port of the loopback, without blocking, and says so on standard output.
int bench_listen(void);

// Takes a connection that waits, without blocking; -1 where there is none.
int bench_accept(int listener);

#endif
