/// The signature algorithms that are accepted, each with all of its parameters. A key has exactly
/// one of them, so that no message can choose how it is to be verified.
public enum SignatureAlgorithm: Hashable, Sendable, CaseIterable {
    /// ECDSA on P-256 with SHA-256 (FIPS 186-4); the signature is an `ECDSA-Sig-Value` in DER
    /// (RFC 3279, section 2.2.3).
    case ecdsaP256SHA256

    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes (RFC 8017, section 8.1),
    /// by a key of 2048…4096 bits.
    case rsaPSSSHA256

    /// Ed25519, without prehashing and context (RFC 8032, section 5.1).
    case ed25519
}

extension SignatureAlgorithm: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ecdsaP256SHA256: "ECDSA P-256 with SHA-256"
        case .rsaPSSSHA256: "RSA-PSS with SHA-256"
        case .ed25519: "Ed25519"
        }
    }
}
