public import CabinetCrypto

extension SignedNote {
    /// Verifies every signature by a known key, and returns those keys, each once and in the order
    /// of `keys`. Signatures by other keys are ignored.
    ///
    /// Source: C2SP signed-note, «Signatures». One wrong signature by a known key refuses the note.
    ///
    /// - Throws: ``NoteVerificationError``.
    public func verify(
        with keys: [NoteVerifierKey]
    ) throws(NoteVerificationError) -> [NoteVerifierKey] {
        var signers: Set<NoteVerifierKey> = []
        for (position, key) in keys.enumerated() {
            let isAmbiguous = keys[..<position].contains {
                $0.name == key.name && $0.id == key.id && $0 != key
            }
            guard !isAmbiguous else { throw .ambiguousKeys(key.name, key.id) }
        }
        for signature in signatures {
            let signer = keys.first { $0.name == signature.keyName && $0.id == signature.keyID }
            guard let signer else { continue }
            do throws(SignatureError) {
                try signer.publicKey.verify(signature.signature, over: text)
            } catch {
                throw .wrongSignature(signer.name, signer.id, error)
            }
            signers.insert(signer)
        }
        guard !signers.isEmpty else { throw .noKnownKey }
        return keys.filter { signers.remove($0) != nil }
    }
}

/// Why a note is not to be believed.
public enum NoteVerificationError: Error, Hashable, Sendable {
    /// No signature is by a known key.
    case noKnownKey

    /// A signature by a known key is wrong.
    case wrongSignature(NoteKeyName, NoteKeyID, SignatureError)

    /// Two known keys have the same name and identifier, so that signatures do not tell them apart.
    case ambiguousKeys(NoteKeyName, NoteKeyID)
}

extension NoteVerificationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noKnownKey: "note has no signature by a known key"
        case .wrongSignature(let name, let id, let error): "signature by \(name)+\(id): \(error)"
        case .ambiguousKeys(let name, let id): "two known keys are \(name)+\(id)"
        }
    }
}
