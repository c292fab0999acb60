internal import COpenSSL

/// Owns an `EVP_PKEY`.
///
/// `@unchecked Sendable`: nothing changes the key after `init`, every operation has a context of
/// its own, OpenSSL locks what it caches inside a key, and only `deinit` releases it.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over the caller's reference.
    init(adopting pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// The DER encoding of the key's SubjectPublicKeyInfo.
    func subjectPublicKeyInfo() throws(KeyError) -> [UInt8] {
        ErrorQueue.clear()
        let encoded = encodeDER { i2d_PUBKEY(pointer, $0) }
        guard let encoded else { throw .library(ErrorQueue.drain(after: "i2d_PUBKEY")) }
        return encoded
    }
}
