internal import COpenSSL

extension PublicKey {
    /// Returns only if `signature` is this key's over `message`.
    ///
    /// ECDSA signatures have to be DER: OpenSSL encodes again what it has read and compares. Both
    /// values of s that an ECDSA signature can have are accepted, as FIPS 186-4 has it, so that a
    /// signature is not a name for what it signs.
    ///
    /// - Throws: ``SignatureError``. Whatever it is, the signature must not be accepted.
    public func verify(_ signature: [UInt8], over message: [UInt8]) throws(SignatureError) {
        guard signatureByteCount.contains(signature.count) else {
            throw .wrongLength(byteCount: signature.count, allowed: signatureByteCount)
        }
        if let template {
            return try template.verify(signature, over: SHA256.digest(of: message))
        }
        let operation = try DigestOperation<SignatureError>(SignatureError.library)
        try operation.start(.verify, with: self.handle, for: algorithm)
        let context = operation.context
        let result = EVP_DigestVerify(context, signature, signature.count, message, message.count)
        if result != 1 { throw .refused(result, by: "EVP_DigestVerify") }
    }

    /// The same for a signature that claims an algorithm, which has to be the key's.
    ///
    /// - Throws: ``SignatureError``. Whatever it is, the signature must not be accepted.
    public func verify(
        _ signature: [UInt8],
        over message: [UInt8],
        algorithm claimed: SignatureAlgorithm
    ) throws(SignatureError) {
        guard claimed == algorithm else {
            throw .wrongAlgorithm(claimed: claimed, key: algorithm)
        }
        try verify(signature, over: message)
    }
}
