// What Swift cannot import from OpenSSL 3.0: macros, and functions with callbacks that are easier to
// get right in C. Each function is the macro of the same name, unless its comment says otherwise.

#ifndef CABINET_OPENSSL_SHIMS_H
#define CABINET_OPENSSL_SHIMS_H

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Contexts.

static inline int cabinet_SSL_CTX_require_tls13(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
}

static inline void cabinet_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
    SSL_CTX_set_mode(context, mode);
}

static inline void cabinet_SSL_CTX_set_max_cert_list(SSL_CTX *context, long byte_count) {
    SSL_CTX_set_max_cert_list(context, byte_count);
}

static inline void cabinet_SSL_CTX_set_read_ahead(SSL_CTX *context, int on) {
    SSL_CTX_set_read_ahead(context, on);
}

static inline void cabinet_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
    SSL_CTX_set_session_cache_mode(context, mode);
}

static inline int cabinet_SSL_CTX_add1_chain_cert(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

// The options of every context: no compression, no renegotiation, nothing but TLS 1.3 anyway.
static inline void cabinet_SSL_CTX_set_options(SSL_CTX *context) {
    SSL_CTX_set_options(
        context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
}

// Connections.

static inline int cabinet_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline int cabinet_ERR_R_MALLOC_FAILURE(void) { return ERR_R_MALLOC_FAILURE; }

// RFC 2253, in UTF-8: bytes above 127 are not escaped.
static inline int cabinet_X509_NAME_print_rfc2253(BIO *bio, const X509_NAME *name) {
    return X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

// Stacks of certificates.

static inline STACK_OF(X509) *cabinet_sk_X509_new(void) { return sk_X509_new_null(); }

static inline int cabinet_sk_X509_num(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }

static inline X509 *cabinet_sk_X509_value(const STACK_OF(X509) *stack, int index) {
    return sk_X509_value(stack, index);
}

// The stack gets its own reference.
static inline int cabinet_sk_X509_push_up_ref(STACK_OF(X509) *stack, X509 *certificate) {
    if (!X509_up_ref(certificate)) return 0;
    if (sk_X509_push(stack, certificate) > 0) return 1;
    X509_free(certificate);
    return 0;
}

static inline void cabinet_sk_X509_pop_free(STACK_OF(X509) *stack) {
    sk_X509_pop_free(stack, X509_free);
}

// BIO.

static inline void cabinet_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }

static inline void cabinet_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }

static inline long cabinet_BIO_get_mem_data(BIO *bio, char **data) {
    return BIO_get_mem_data(bio, data);
}

// Session tickets: AES-256-CBC, then HMAC-SHA-256 (RFC 5077, section 4). The context and the MAC
// are those that OpenSSL hands to the ticket key callback.

static inline int cabinet_ticket_cipher_init(
    EVP_CIPHER_CTX *context, EVP_MAC_CTX *mac, const EVP_CIPHER *cipher,
    const unsigned char cipher_key[32], const unsigned char mac_key[32], const unsigned char iv[16],
    int encrypt) {
    OSSL_PARAM params[3];
    params[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)mac_key, 32);
    params[1] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0);
    params[2] = OSSL_PARAM_construct_end();
    return EVP_CipherInit_ex(context, cipher, NULL, cipher_key, iv, encrypt) == 1 &&
           EVP_MAC_CTX_set_params(mac, params) == 1;
}

#endif
