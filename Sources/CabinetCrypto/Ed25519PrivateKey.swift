internal import COpenSSL

/// An Ed25519 private key in memory (RFC 8032, section 5.1.5). The log's own key is one.
public struct Ed25519PrivateKey: Signer {
    /// The length of a seed in bytes.
    public static let seedByteCount = 32

    private let key: PrivateKey

    /// The key that verifies the signatures.
    public let ed25519PublicKey: Ed25519PublicKey

    public var publicKey: PublicKey { key.publicKey }

    /// A new key from OpenSSL's random generator.
    ///
    /// - Throws: ``KeyError/library(_:)``.
    public static func generate() throws(KeyError) -> Ed25519PrivateKey {
        try Ed25519PrivateKey(PrivateKey.generate(.ed25519))
    }

    /// The key that follows from 32 bytes of seed: what RFC 8032 calls the private key.
    ///
    /// - Throws: ``KeyError/wrongLength(_:byteCount:expected:)``.
    public init(seed: [UInt8]) throws(KeyError) {
        guard seed.count == Self.seedByteCount else {
            throw .wrongLength(.ed25519Seed, byteCount: seed.count, expected: Self.seedByteCount)
        }
        ErrorQueue.clear()
        let pointer = EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count)
        guard let pointer else {
            throw .library(ErrorQueue.drain(after: "EVP_PKEY_new_raw_private_key_ex"))
        }
        try self.init(PrivateKey(KeyHandle(adopting: pointer)))
    }

    /// The key of a PEM text, as ``PrivateKey/init(pem:)`` reads it.
    ///
    /// - Throws: ``KeyError``, also where the key is for another algorithm.
    public init(pem: String) throws(KeyError) {
        try self.init(PrivateKey(pem: pem))
    }

    /// The key, if it is for Ed25519.
    ///
    /// - Throws: ``KeyError/wrongAlgorithm(found:expected:)``.
    public init(_ key: PrivateKey) throws(KeyError) {
        ed25519PublicKey = try Ed25519PublicKey(key.publicKey)
        self.key = key
    }

    /// The key in PKCS#8, not encrypted. Whoever has this text can sign.
    ///
    /// - Throws: ``KeyError/library(_:)``.
    public func pem() throws(KeyError) -> String {
        try key.pem()
    }

    /// The signature of `message`, 64 bytes, the same each time.
    ///
    /// - Throws: ``SigningError``.
    public func sign(_ message: [UInt8]) throws(SigningError) -> [UInt8] {
        try key.sign(message)
    }
}
