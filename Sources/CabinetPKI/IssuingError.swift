public import CabinetCrypto

/// Why a certificate or a revocation list was not made.
public enum IssuingError: Error, Hashable, Sendable {
    /// The authority's key is not the one of its certificate.
    case otherKey
    /// The authority's key is not of P-256.
    case notP256
    /// The certificate would be valid for longer than its authority.
    case outlivesAuthority
    /// A name is empty or too long, or has a control character.
    case invalidName(String)
    /// A host is neither a name nor an address, or there is none.
    case invalidHost(String)
    /// A time is not between the years 1970 and 9999.
    case invalidTime(Int64)
    /// The authority's key did not sign.
    case signing(SigningError)
    /// What was made cannot be read.
    case unreadable(KeyError)
}

extension IssuingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .otherKey: "the authority's key is not the one of its certificate"
        case .notP256: "the authority's key is not of P-256"
        case .outlivesAuthority: "the certificate would be valid for longer than its authority"
        case .invalidName(let name):
            "«\(name)» is no name for a certificate: it has 1 to 64 characters, none of control"
        case .invalidHost(let host): "«\(host)» is no host name and no IP address"
        case .invalidTime(let seconds):
            "\(seconds) s after 1970 is not between the years 1970 and 9999"
        case .signing(let error): "the authority's key did not sign: \(error)"
        case .unreadable(let error): "what was made cannot be read: \(error)"
        }
    }
}
