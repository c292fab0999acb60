internal import COpenSSLShims
internal import Glibc

/// The text of a file that is expected to be PEM (RFC 7468).
struct PEMFile: Sendable {
    /// More is not a file of certificates, but a mistake. Revocation lists are what can be long.
    static let maxBytes = 16 << 20

    let path: String
    let bytes: [UInt8]

    /// - Throws: ``TLSConfigurationError`` where the file cannot be read or has no PEM in it.
    init(path: String) throws(TLSConfigurationError) {
        self.path = path
        ErrorQueue.clear()
        guard let file = BIO_new_file(path, "r") else {
            let cause = String(cString: strerror(errno))
            ERR_clear_error()
            throw TLSConfigurationError(
                .unreadable,
                file: path,
                "cannot be read (\(cause)); check the path and its permissions"
            )
        }
        defer { BIO_free(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = BIO_read(file, &chunk, Int32(chunk.count))
            if count < 0 {
                let cause = String(cString: strerror(errno))
                ERR_clear_error()
                throw TLSConfigurationError(
                    .unreadable,
                    file: path,
                    "cannot be read (\(cause)); it should be a file in PEM format"
                )
            }
            if count == 0 { break }
            bytes += chunk[..<Int(count)]
            guard bytes.count <= Self.maxBytes else {
                throw TLSConfigurationError(
                    .malformed,
                    file: path,
                    "is longer than \(Self.maxBytes) bytes; it should be a file in PEM format"
                )
            }
        }
        // So that no bytes of a key are left in a buffer that is used again.
        OPENSSL_cleanse(&chunk, chunk.count)
        self.bytes = bytes
    }

    /// The certificates, in the order of the file, at least one.
    func certificates() throws(TLSConfigurationError) -> [Certificate] {
        try readAll("CERTIFICATE") { PEM_read_bio_X509($0, nil, nil, nil) }
            .map(Certificate.init(owning:))
    }

    /// The revocation lists, at least one.
    func revocationLists() throws(TLSConfigurationError) -> [RevocationList] {
        try readAll("X509 CRL") { PEM_read_bio_X509_CRL($0, nil, nil, nil) }
            .map(RevocationList.init(owning:))
    }

    private func readAll(
        _ label: String,
        _ read: (OpaquePointer) -> OpaquePointer?
    ) throws(TLSConfigurationError) -> [OpaquePointer] {
        guard let bio = BIO_new_mem_buf(bytes, Int32(bytes.count)) else {
            throw TLSConfigurationError(.refusedByOpenSSL, file: path, ErrorQueue.drainText())
        }
        defer { BIO_free(bio) }
        ErrorQueue.clear()
        var found: [OpaquePointer] = []
        while let next = read(bio) { found.append(next) }
        let errors = ErrorQueue.drain()
        guard errors.contains(where: { $0.is(ERR_LIB_PEM, PEM_R_NO_START_LINE) }) else {
            throw TLSConfigurationError(
                .malformed,
                file: path,
                "its part \(found.count + 1) cannot be decoded"
                    + " (\(errors.map(\.text).joined(separator: ", "))); copy the file again"
            )
        }
        guard !found.isEmpty else {
            throw TLSConfigurationError(
                .noPEM,
                file: path,
                "has no PEM in it that begins with -----BEGIN \(label)-----; check which file it is"
            )
        }
        return found
    }

    /// The private key.
    func privateKey(
        passphrase: (@Sendable () -> String)?
    ) throws(TLSConfigurationError) -> PrivateKey {
        guard let bio = BIO_new_mem_buf(bytes, Int32(bytes.count)) else {
            throw TLSConfigurationError(.refusedByOpenSSL, file: path, ErrorQueue.drainText())
        }
        defer { BIO_free(bio) }
        ErrorQueue.clear()
        var request = PassphraseRequest(passphrase: passphrase)
        let key = withUnsafeMutablePointer(to: &request) { request in
            // The callback runs within this call, which the pointer outlives.
            PEM_read_bio_PrivateKey(
                bio,
                nil,
                { buffer, capacity, _, argument in
                    guard let buffer, let argument else { return -1 }
                    return argument.assumingMemoryBound(to: PassphraseRequest.self).pointee
                        .answer(buffer, capacity: Int(capacity))
                },
                request
            )
        }
        let errors = ErrorQueue.drain()
        if let key { return PrivateKey(owning: key) }
        switch (request.wasMade, passphrase != nil) {
        case (true, false):
            throw TLSConfigurationError(
                .keyEncrypted,
                file: path,
                "the key is encrypted and there is no passphrase; give one, or decrypt the key"
            )
        case (true, true):
            throw TLSConfigurationError(
                .wrongPassphrase,
                file: path,
                "the passphrase does not decrypt the key"
            )
        case (false, _) where !String(decoding: bytes, as: UTF8.self).contains("PRIVATE KEY-----"):
            throw TLSConfigurationError(
                .noPEM,
                file: path,
                "has no private key in PEM in it; check which file it is"
            )
        case (false, _):
            throw TLSConfigurationError(
                .malformed,
                file: path,
                "the key cannot be decoded (\(errors.map(\.text).joined(separator: ", ")))"
            )
        }
    }
}

/// OpenSSL's question for a passphrase, which says at the same time that the key is encrypted.
private struct PassphraseRequest {
    let passphrase: (@Sendable () -> String)?
    var wasMade = false

    mutating func answer(_ buffer: UnsafeMutablePointer<CChar>, capacity: Int) -> Int32 {
        wasMade = true
        guard var text = passphrase?(), text.utf8.count <= capacity else { return -1 }
        return text.withUTF8 { bytes in
            for (index, byte) in bytes.enumerated() { buffer[index] = CChar(bitPattern: byte) }
            return Int32(bytes.count)
        }
    }
}

/// A private key.
///
/// `@unchecked Sendable`: nothing changes the EVP_PKEY after it was read, and OpenSSL signs with one
/// from several threads.
final class PrivateKey: @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit { EVP_PKEY_free(pointer) }
}

/// A certificate revocation list (RFC 5280, section 5).
///
/// `@unchecked Sendable`: nothing changes the X509_CRL after it was read.
final class RevocationList: @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit { X509_CRL_free(pointer) }

    var issuer: String { Certificate.text(X509_CRL_get_issuer(pointer)) }

    /// When the next list is due; `nil` where the list does not say.
    var nextUpdate: WallTime? {
        X509_CRL_get0_nextUpdate(pointer).map { Certificate.wallTime($0, ifUnreadable: .min) }
    }

    func isIssued(by authority: Certificate) -> Bool {
        X509_NAME_cmp(X509_CRL_get_issuer(pointer), X509_get_subject_name(authority.x509)) == 0
    }

    func isSigned(by authority: Certificate) -> Bool {
        guard let key = X509_get0_pubkey(authority.x509) else { return false }
        defer { ErrorQueue.clear() }
        return X509_CRL_verify(pointer, key) == 1
    }
}
