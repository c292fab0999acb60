/// Why a key is not accepted.
public enum KeyError: Error, Hashable, Sendable {
    /// What was being read.
    public enum Source: String, Hashable, Sendable {
        case subjectPublicKeyInfo = "SubjectPublicKeyInfo"
        case certificate = "certificate"
        case publicKeyPEM = "public key PEM"
        case privateKeyPEM = "private key PEM"
        case ed25519PublicKey = "Ed25519 public key"
        case ed25519Seed = "Ed25519 seed"
    }

    /// The input is longer than its limit in ``KeyLimits``.
    case tooLong(Source, byteCount: Int, limit: Int)

    /// The input does not have its one length.
    case wrongLength(Source, byteCount: Int, expected: Int)

    /// The input cannot be parsed.
    case malformed(Source, OpenSSLFailure)

    /// There are bytes after the end of the structure, the first at this offset.
    case trailingBytes(Source, offset: Int)

    /// The key could be written in another way than it is. Its one encoding is DER with a named
    /// curve and an uncompressed point, or else one key would have several fingerprints.
    case notCanonical

    /// The PEM block that was found holds something else, or there is none (the label is empty).
    case unexpectedPEMLabel(Source, label: String)

    /// The private key is encrypted. Decrypt it before, for example with `openssl pkcs8`.
    case encrypted

    /// The key's kind is none of ``SignatureAlgorithm``.
    case unsupportedKind(String)

    /// The key is for another algorithm than the one asked for.
    case wrongAlgorithm(found: SignatureAlgorithm, expected: SignatureAlgorithm)

    /// The RSA modulus has a size outside ``KeyLimits/rsaModulusBits``.
    case rsaModulusSize(bits: Int)

    /// The RSA public exponent is even, or has a size outside ``KeyLimits/rsaExponentBits``.
    case rsaExponentUnacceptable

    /// The Ed25519 public key is not reduced, or is a point of small order, for which anybody can
    /// make signatures.
    case ed25519PointUnacceptable

    /// OpenSSL could not do what it should be able to do with every accepted key.
    case library(OpenSSLFailure)
}

extension KeyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLong(let source, let byteCount, let limit):
            "\(source.rawValue) of \(byteCount) bytes, the limit is \(limit)"
        case .wrongLength(let source, let byteCount, let expected):
            "\(source.rawValue) of \(byteCount) bytes instead of \(expected)"
        case .malformed(let source, let failure):
            "\(source.rawValue) cannot be parsed: \(failure)"
        case .trailingBytes(let source, let offset):
            "\(source.rawValue) ends at byte \(offset), but bytes follow"
        case .notCanonical:
            "key is not encoded in the one form accepted: DER, named curve, uncompressed point"
        case .unexpectedPEMLabel(let source, let label):
            label.isEmpty
                ? "no PEM block where a \(source.rawValue) was expected"
                : "PEM block «\(label)» where a \(source.rawValue) was expected"
        case .encrypted:
            "private key is encrypted; decrypt it before, for example with «openssl pkcs8»"
        case .unsupportedKind(let kind):
            "key of kind \(kind) is none of P-256, RSA and Ed25519"
        case .wrongAlgorithm(let found, let expected):
            "key is for \(found), not for \(expected)"
        case .rsaModulusSize(let bits):
            "RSA key of \(bits) bits, accepted are \(KeyLimits.rsaModulusBits)"
        case .rsaExponentUnacceptable:
            "RSA public exponent is even, below 65,537 or above 64 bits"
        case .ed25519PointUnacceptable:
            "Ed25519 public key is not reduced or has small order"
        case .library(let failure):
            "\(failure)"
        }
    }
}
