#include "tls.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>

void bench_fail(const char *what) {
    fprintf(stderr, "bench: %s\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

SSL_CTX *bench_tls_context(const char *folder, const char *name, int is_server) {
    char certificate[4096], key[4096], authority[4096];
    snprintf(certificate, sizeof certificate, "%s/%s.pem", folder, name);
    snprintf(key, sizeof key, "%s/%s.key", folder, name);
    snprintf(authority, sizeof authority, "%s/ca.pem", folder);

    SSL_CTX *context = SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method());
    if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) ||
        !SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384") ||
        SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_load_verify_locations(context, authority, NULL) != 1)
        bench_fail("the certificates cannot be used");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    // One read of the socket for a whole record, and for all records that are there.
    SSL_CTX_set_read_ahead(context, 1);
    // What is sent is the certificate alone, without the authority that the peer has.
    SSL_CTX_set_mode(context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_NO_AUTO_CHAIN);
    return context;
}
