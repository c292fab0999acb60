internal import COpenSSL

/// What every verification with a key begins with: a context with the key and the parameters of its
/// algorithm, which each verification takes a copy of. To set one up, with OpenSSL's look-ups by name, takes
/// a tenth of the time of a verification on P-256.
///
/// Ed25519 has none: it verifies whole messages, and this verifies digests.
///
/// `@unchecked Sendable`: nothing changes the context after `init`, a copy only reads it and counts
/// references, which OpenSSL does atomically.
final class VerificationTemplate: @unchecked Sendable {
    private let context: OpaquePointer

    /// - Returns: `nil` for Ed25519.
    /// - Throws: ``KeyError/library(_:)``.
    init?(_ key: KeyHandle, _ algorithm: SignatureAlgorithm) throws(KeyError) {
        guard algorithm != .ed25519 else { return nil }
        ErrorQueue.clear()
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else {
            throw .library(ErrorQueue.drain(after: "EVP_PKEY_CTX_new_from_pkey"))
        }
        self.context = context
        guard EVP_PKEY_verify_init(context) == 1 else {
            throw .library(ErrorQueue.drain(after: "EVP_PKEY_verify_init"))
        }
        let sha256 = SHA256Implementation.shared.messageDigest
        guard EVP_PKEY_CTX_set_signature_md(context, sha256) == 1 else {
            throw .library(ErrorQueue.drain(after: "EVP_PKEY_CTX_set_signature_md"))
        }
        if algorithm == .rsaPSSSHA256, let failed = PSSParameters.set(on: context) {
            throw .library(ErrorQueue.drain(after: failed))
        }
    }

    deinit {
        EVP_PKEY_CTX_free(context)
    }

    /// Returns only if `signature` is the key's over a message with this digest.
    func verify(_ signature: [UInt8], over digest: SHA256Digest) throws(SignatureError) {
        ErrorQueue.clear()
        guard let copy = EVP_PKEY_CTX_dup(context) else {
            throw .library(ErrorQueue.drain(after: "EVP_PKEY_CTX_dup"))
        }
        defer { EVP_PKEY_CTX_free(copy) }
        let result = digest.withUnsafeBytes { digest in
            EVP_PKEY_verify(
                copy,
                signature,
                signature.count,
                digest.baseAddress?.assumingMemoryBound(to: UInt8.self),
                digest.count
            )
        }
        if result != 1 { throw .refused(result, by: "EVP_PKEY_verify") }
    }
}

extension SignatureError {
    /// What OpenSSL means with a result that is not 1: 0 or less than 0 for a wrong signature, and its queue
    /// has what it disliked about the form.
    static func refused(_ result: Int32, by call: StaticString) -> SignatureError {
        let failure = ErrorQueue.drain(after: call)
        return result == 0 ? .mismatch : .malformed(failure)
    }
}
