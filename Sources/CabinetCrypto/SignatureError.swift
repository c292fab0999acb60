/// Why a signature is not accepted.
public enum SignatureError: Error, Hashable, Sendable {
    /// The signature claims another algorithm than that of the key.
    case wrongAlgorithm(claimed: SignatureAlgorithm, key: SignatureAlgorithm)

    /// No signature by this key has that length.
    case wrongLength(byteCount: Int, allowed: ClosedRange<Int>)

    /// The signature is not by this key over this message.
    case mismatch

    /// The signature is not encoded as its algorithm demands.
    case malformed(OpenSSLFailure)

    /// OpenSSL could not verify. The signature is not accepted.
    case library(OpenSSLFailure)
}

extension SignatureError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongAlgorithm(let claimed, let key):
            "signature claims \(claimed), the key is for \(key)"
        case .wrongLength(let byteCount, let allowed):
            "signature of \(byteCount) bytes, this key's have \(allowed)"
        case .mismatch:
            "signature is not by this key over this message"
        case .malformed(let failure):
            "signature is malformed: \(failure)"
        case .library(let failure):
            "signature could not be verified: \(failure)"
        }
    }
}

/// Why there is no signature.
public enum SigningError: Error, Hashable, Sendable {
    /// OpenSSL could not sign.
    case library(OpenSSLFailure)

    /// A device that holds the key, such as a smart card, refused or did not answer; the text is
    /// for people.
    case device(String)
}

extension SigningError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .library(let failure): "\(failure)"
        case .device(let reason): "signing device: \(reason)"
        }
    }
}
