// TLS as both ends of the benchmark use it: version 1.3, one cipher, certificates on both sides.
#ifndef BENCH_TLS_H
#define BENCH_TLS_H

#include <openssl/ssl.h>

// Makes a context from the files of a folder: ca.pem, and NAME.pem with NAME.key. Ends the program
// where that fails.
SSL_CTX *bench_tls_context(const char *folder, const char *name, int is_server);

// Ends the program with a message, and what OpenSSL has to say about it.
void bench_fail(const char *what) __attribute__((noreturn));

#endif
