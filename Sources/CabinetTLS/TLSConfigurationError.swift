/// A mistake in the files of a ``TLSFiles``: which file, what is wrong, and what to do.
public struct TLSConfigurationError: Error, Hashable, Sendable {
    /// What is wrong. The raw value is stable.
    public enum Reason: String, Sendable {
        case unreadable = "UNREADABLE"
        case noPEM = "NO_PEM"
        case malformed = "MALFORMED"
        case keyEncrypted = "KEY_ENCRYPTED"
        case wrongPassphrase = "WRONG_PASSPHRASE"
        case keyMismatch = "KEY_MISMATCH"
        case expired = "EXPIRED"
        case notYetValid = "NOT_YET_VALID"
        case wrongPurpose = "WRONG_PURPOSE"
        case weakKey = "WEAK_KEY"
        case notAnAuthority = "NOT_AN_AUTHORITY"
        case revocationListMissing = "REVOCATION_LIST_MISSING"
        case revocationListNotSigned = "REVOCATION_LIST_NOT_SIGNED"
        case revocationListExpired = "REVOCATION_LIST_EXPIRED"
        case refusedByOpenSSL = "REFUSED_BY_OPENSSL"
    }

    public let reason: Reason
    /// The path of the file, as it was given.
    public let file: String
    /// What is wrong and what to do, in English.
    public let explanation: String

    init(_ reason: Reason, file: String, _ explanation: String) {
        self.reason = reason
        self.file = file
        self.explanation = explanation
    }
}

extension TLSConfigurationError: CustomStringConvertible {
    public var description: String { "\(file): \(explanation) (\(reason.rawValue))" }
}
