public import CabinetCrypto

/// A private key that signs notes, with the name that it signs under.
public struct NoteSigner: Sendable {
    /// What verifies the signatures.
    public let verifierKey: NoteVerifierKey

    private let key: Ed25519PrivateKey

    /// The signer with this name and key. A log's name is its origin.
    public init(name: NoteKeyName, key: Ed25519PrivateKey) {
        self.key = key
        verifierKey = NoteVerifierKey(name: name, publicKey: key.ed25519PublicKey)
    }

    func signature(over text: [UInt8]) throws(NoteSigningError) -> NoteSignature {
        do throws(SigningError) {
            return NoteSignature(
                keyName: verifierKey.name,
                keyID: verifierKey.id,
                signature: try key.sign(text)
            )
        } catch {
            throw .signing(error)
        }
    }
}

/// Why a note is not signed.
public enum NoteSigningError: Error, Hashable, Sendable {
    /// The text cannot be that of a note.
    case textUnacceptable(NoteFormatError)

    /// The note has ``LedgerLimits/maximumNoteSignatures`` already.
    case tooManySignatures(limit: Int)

    /// The key did not sign.
    case signing(SigningError)
}

extension NoteSigningError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .textUnacceptable(let error): "\(error)"
        case .tooManySignatures(let limit): "note has \(limit) signatures already, the limit"
        case .signing(let error): "\(error)"
        }
    }
}
