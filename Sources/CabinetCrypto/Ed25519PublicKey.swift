/// An Ed25519 public key (RFC 8032, section 5.1.5).
public struct Ed25519PublicKey: Hashable, Sendable {
    /// The length of a key in bytes.
    public static let byteCount = 32

    /// The length of a signature in bytes.
    public static let signatureByteCount = 64

    /// The same key among those of other algorithms.
    public let publicKey: PublicKey

    /// The key with these 32 bytes.
    ///
    /// - Throws: ``KeyError/wrongLength(_:byteCount:expected:)`` and
    ///   ``KeyError/ed25519PointUnacceptable``.
    public init(_ bytes: [UInt8]) throws(KeyError) {
        guard bytes.count == Self.byteCount else {
            throw .wrongLength(
                .ed25519PublicKey,
                byteCount: bytes.count,
                expected: Self.byteCount
            )
        }
        publicKey = try PublicKey(PublicKey.ed25519Prefix + bytes, from: .ed25519PublicKey)
    }

    /// The key, if it is for Ed25519.
    ///
    /// - Throws: ``KeyError/wrongAlgorithm(found:expected:)``.
    public init(_ publicKey: PublicKey) throws(KeyError) {
        guard publicKey.algorithm == .ed25519 else {
            throw .wrongAlgorithm(found: publicKey.algorithm, expected: .ed25519)
        }
        self.publicKey = publicKey
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        Array(publicKey.subjectPublicKeyInfo.suffix(Self.byteCount))
    }

    /// Returns only if `signature` is this key's over `message`.
    ///
    /// - Throws: ``SignatureError``. Whatever it is, the signature must not be accepted.
    public func verify(_ signature: [UInt8], over message: [UInt8]) throws(SignatureError) {
        try publicKey.verify(signature, over: message)
    }
}
