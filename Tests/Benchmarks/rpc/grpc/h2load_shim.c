// Loaded into h2load with LD_PRELOAD, to make it the same client as driver.c: it gets the client
// certificate that it has no option for, it does not sleep, and at its end it says how many bytes its
// connections have received and sent, TLS records and handshakes included.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

static unsigned long long byteCount;

static void *original(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) {
        fprintf(stderr, "bench: no %s\n", name);
        abort();
    }
    return found;
}

SSL_CTX *SSL_CTX_new(const SSL_METHOD *method) {
    SSL_CTX *(*make)(const SSL_METHOD *) = (SSL_CTX * (*)(const SSL_METHOD *)) original("SSL_CTX_new");
    SSL_CTX *context = make(method);
    const char *certificate = getenv("BENCH_CERTIFICATE"), *key = getenv("BENCH_KEY");
    if (!context || !certificate || !key ||
        SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
        fprintf(stderr, "bench: the client certificate cannot be used\n");
        abort();
    }
    return context;
}

int epoll_wait(int poller, struct epoll_event *events, int limit, int timeout) {
    static int (*wait)(int, struct epoll_event *, int, int);
    if (!wait) wait = (int (*)(int, struct epoll_event *, int, int))original("epoll_wait");
    (void)timeout;
    return wait(poller, events, limit, 0);
}

void SSL_free(SSL *ssl) {
    void (*release)(SSL *) = (void (*)(SSL *))original("SSL_free");
    BIO *bio = ssl ? SSL_get_rbio(ssl) : NULL;
    if (bio) byteCount += BIO_number_read(bio) + BIO_number_written(bio);
    release(ssl);
}

__attribute__((destructor)) static void report(void) {
    const char *path = getenv("BENCH_BYTES");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%llu\n", byteCount);
    fclose(file);
}
