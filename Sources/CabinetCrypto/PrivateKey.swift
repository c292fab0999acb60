internal import COpenSSL

/// A private key in memory, of any accepted algorithm.
public struct PrivateKey: Signer {
    public let publicKey: PublicKey

    private let handle: KeyHandle

    /// A new key from OpenSSL's random generator. RSA keys have 3072 bits, and take a second.
    ///
    /// - Throws: ``KeyError/library(_:)``.
    public static func generate(_ algorithm: SignatureAlgorithm) throws(KeyError) -> PrivateKey {
        try PrivateKey(KeyGeneration.generate(algorithm))
    }

    /// The key of a PEM text: PKCS#8 (RFC 5958) or the traditional forms, not encrypted.
    ///
    /// - Throws: ``KeyError``.
    public init(pem: String) throws(KeyError) {
        // OpenSSL writes the curve in front of a traditional EC key.
        let block = try PEMBlock(
            firstIn: pem,
            skipping: ["EC PARAMETERS"],
            source: .privateKeyPEM
        )
        switch block.label {
        case _ where block.isEncrypted: throw .encrypted
        case "ENCRYPTED PRIVATE KEY": throw .encrypted
        case "PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY": break
        default: throw .unexpectedPEMLabel(.privateKeyPEM, label: block.label)
        }
        ErrorQueue.clear()
        let (pointer, consumed) = decodeDER(block.bytes) { d2i_AutoPrivateKey(nil, $0, $1) }
        guard let pointer else {
            throw .malformed(.privateKeyPEM, ErrorQueue.drain(after: "d2i_AutoPrivateKey"))
        }
        let handle = KeyHandle(adopting: pointer)
        ErrorQueue.clear()
        guard consumed == block.bytes.count else {
            throw .trailingBytes(.privateKeyPEM, offset: consumed)
        }
        try self.init(handle)
    }

    init(_ handle: KeyHandle) throws(KeyError) {
        self.handle = handle
        publicKey = try PublicKey(handle.subjectPublicKeyInfo(), from: .subjectPublicKeyInfo)
    }

    /// The key in PKCS#8, not encrypted. Whoever has this text can sign.
    ///
    /// - Throws: ``KeyError/library(_:)``.
    public func pem() throws(KeyError) -> String {
        let memory = try MemoryFile()
        let key = handle.pointer
        guard PEM_write_bio_PKCS8PrivateKey(memory.bio, key, nil, nil, 0, nil, nil) == 1 else {
            throw .library(ErrorQueue.drain(after: "PEM_write_bio_PKCS8PrivateKey"))
        }
        return String(decoding: memory.contents(), as: UTF8.self)
    }

    public func sign(_ message: [UInt8]) throws(SigningError) -> [UInt8] {
        let operation = try DigestOperation<SigningError>(SigningError.library)
        try operation.start(.sign, with: handle, for: publicKey.algorithm)
        var count = publicKey.signatureByteCount.upperBound
        let context = operation.context
        var isSigned = false
        let signature = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            let start = buffer.baseAddress
            isSigned = EVP_DigestSign(context, start, &count, message, message.count) == 1
            initializedCount = isSigned ? count : 0
        }
        guard isSigned else { throw .library(ErrorQueue.drain(after: "EVP_DigestSign")) }
        return signature
    }
}
