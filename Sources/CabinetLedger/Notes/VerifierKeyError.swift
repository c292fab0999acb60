public import CabinetCrypto

/// Why a text is not a verifier key.
public enum VerifierKeyError: Error, Hashable, Sendable {
    /// The text is longer than ``LedgerLimits/maximumVerifierKeyBytes``.
    case tooLong(byteCount: Int, limit: Int)

    /// The text is not `name+id+base64`.
    case malformed

    /// The name is empty, too long, or has a space.
    case invalidName

    /// The signature type is not Ed25519's (0x01).
    case unsupportedType(UInt8)

    /// The key is no Ed25519 key.
    case invalidKey(KeyError)

    /// Name and key have another identifier: one of the three was changed.
    case wrongID(found: String, computed: NoteKeyID)
}

extension VerifierKeyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLong(let byteCount, let limit):
            "verifier key of \(byteCount) bytes, the limit is \(limit)"
        case .malformed: "verifier key is not «name+id+base64»"
        case .invalidName: "verifier key has an empty or too long name, or one with a space"
        case .unsupportedType(let type): "verifier key of type \(type), only 1 (Ed25519) is known"
        case .invalidKey(let error): "\(error)"
        case .wrongID(let found, let computed):
            "verifier key has the id \(found), but name and key have \(computed)"
        }
    }
}
