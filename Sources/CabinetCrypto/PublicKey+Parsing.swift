internal import COpenSSL

extension PublicKey {
    static func parse(
        _ encoded: [UInt8],
        from source: KeyError.Source
    ) throws(KeyError) -> KeyHandle {
        ErrorQueue.clear()
        if isEd25519(encoded) {
            // OpenSSL's general decoders take longer than a verification.
            let bytes = Array(encoded.dropFirst(ed25519Prefix.count))
            let pointer = EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count)
            guard let pointer else {
                throw .library(ErrorQueue.drain(after: "EVP_PKEY_new_raw_public_key_ex"))
            }
            return KeyHandle(adopting: pointer)
        }
        let (pointer, consumed) = decodeDER(encoded) { d2i_PUBKEY(nil, $0, $1) }
        guard let pointer else {
            throw .malformed(source, ErrorQueue.drain(after: "d2i_PUBKEY"))
        }
        let handle = KeyHandle(adopting: pointer)
        // Some decoders leave an error behind although they succeed after it.
        ErrorQueue.clear()
        guard consumed == encoded.count else { throw .trailingBytes(source, offset: consumed) }
        return handle
    }

    /// The SubjectPublicKeyInfo of a certificate, in DER, and the key that OpenSSL sees in it.
    static func key(ofCertificate encoded: [UInt8]) throws(KeyError) -> ([UInt8], KeyHandle) {
        ErrorQueue.clear()
        let (certificate, consumed) = decodeDER(encoded) { d2i_X509(nil, $0, $1) }
        guard let certificate else {
            throw .malformed(.certificate, ErrorQueue.drain(after: "d2i_X509"))
        }
        defer { X509_free(certificate) }
        guard consumed == encoded.count else {
            throw .trailingBytes(.certificate, offset: consumed)
        }
        guard let pointer = X509_get0_pubkey(certificate) else {
            throw .malformed(.certificate, ErrorQueue.drain(after: "X509_get0_pubkey"))
        }
        guard EVP_PKEY_up_ref(pointer) == 1 else {
            throw .library(ErrorQueue.drain(after: "EVP_PKEY_up_ref"))
        }
        let handle = KeyHandle(adopting: pointer)
        let information = X509_get_X509_PUBKEY(certificate)
        guard let bytes = encodeDER({ i2d_X509_PUBKEY(information, $0) }) else {
            throw .library(ErrorQueue.drain(after: "i2d_X509_PUBKEY"))
        }
        // Some decoders leave an error behind although they succeed after it.
        ErrorQueue.clear()
        return (bytes, handle)
    }

    /// The algorithm of a key.
    ///
    /// - Throws: ``KeyError`` where the key is of another kind, outside the limits, or not encoded
    ///   in the one way.
    static func algorithm(
        of handle: KeyHandle,
        encoded: [UInt8]
    ) throws(KeyError) -> SignatureAlgorithm {
        switch EVP_PKEY_get_id(handle.pointer) {
        case EVP_PKEY_EC:
            try checkP256(encoded)
            return .ecdsaP256SHA256
        case EVP_PKEY_RSA:
            try checkRSA(handle)
            // What is written back differs from what was read wherever the input was not DER.
            guard try handle.subjectPublicKeyInfo() == encoded else { throw .notCanonical }
            return .rsaPSSSHA256
        case EVP_PKEY_ED25519:
            guard isEd25519(encoded) else { throw .notCanonical }
            guard Ed25519PointCheck.accepts(encoded.suffix(32)) else {
                throw .ed25519PointUnacceptable
            }
            return .ed25519
        default:
            let name = EVP_PKEY_get0_type_name(handle.pointer)
            throw .unsupportedKind(name.map { String(cString: $0) } ?? "unknown")
        }
    }

    /// The encoding of a P-256 key with a named curve and an uncompressed point is this, and 64
    /// bytes of coordinates (RFC 5480, sections 2.1.1 and 2.2).
    private static let p256Prefix: [UInt8] = [
        0x30, 0x59,
        0x30, 0x13,
        0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
        0x03, 0x42, 0x00, 0x04,
    ]

    /// The encoding of an Ed25519 key is this, and its 32 bytes (RFC 8410, section 4).
    static let ed25519Prefix: [UInt8] = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    private static func isEd25519(_ encoded: [UInt8]) -> Bool {
        encoded.count == ed25519Prefix.count + 32 && encoded.starts(with: ed25519Prefix)
    }

    private static func checkP256(_ encoded: [UInt8]) throws(KeyError) {
        guard encoded.count == p256Prefix.count + 64, encoded.starts(with: p256Prefix) else {
            // The other form of a P-256 point begins with the algorithm and the curve as well.
            let isP256 = encoded.dropFirst(2).starts(with: p256Prefix[2..<23])
            throw isP256 ? .notCanonical : .unsupportedKind("EC on another curve than P-256")
        }
    }

    private static func checkRSA(_ handle: KeyHandle) throws(KeyError) {
        let bits = Int(EVP_PKEY_get_bits(handle.pointer))
        guard KeyLimits.rsaModulusBits.contains(bits) else { throw .rsaModulusSize(bits: bits) }
        var exponent: OpaquePointer?
        // "e" is the parameter's name in EVP_PKEY-RSA(7).
        guard EVP_PKEY_get_bn_param(handle.pointer, "e", &exponent) == 1 else {
            throw .library(ErrorQueue.drain(after: "EVP_PKEY_get_bn_param"))
        }
        defer { BN_free(exponent) }
        guard BN_is_odd(exponent) == 1,
            KeyLimits.rsaExponentBits.contains(Int(BN_num_bits(exponent)))
        else { throw .rsaExponentUnacceptable }
    }
}
