public import CabinetCrypto

/// What signs notes with a private key, and the name that it signs under.
public struct NoteSigner: Sendable {
    /// What verifies the signatures.
    public let verifierKey: NoteVerifierKey

    private let sign: @Sendable ([UInt8]) throws(SigningError) -> [UInt8]

    /// The signer with this name and key. A log's name is its origin.
    public init(name: NoteKeyName, key: Ed25519PrivateKey) {
        self.init(name: name, publicKey: key.ed25519PublicKey) { text throws(SigningError) in
            try key.sign(text)
        }
    }

    /// A signer whose key is elsewhere, in hardware for example.
    ///
    /// - Parameter sign: Makes the Ed25519 signature of a text, 64 bytes.
    public init(
        name: NoteKeyName,
        publicKey: Ed25519PublicKey,
        sign: @escaping @Sendable ([UInt8]) throws(SigningError) -> [UInt8]
    ) {
        self.sign = sign
        verifierKey = NoteVerifierKey(name: name, publicKey: publicKey)
    }

    func signature(over text: [UInt8]) throws(NoteSigningError) -> NoteSignature {
        do throws(SigningError) {
            return NoteSignature(
                keyName: verifierKey.name,
                keyID: verifierKey.id,
                signature: try sign(text)
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
