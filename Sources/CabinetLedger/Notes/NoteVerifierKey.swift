public import CabinetCrypto

/// A public key that verifies notes, with the name that it signs under. The one signature type is
/// Ed25519 (type 0x01).
///
/// Source: C2SP signed-note, «Verifier keys».
public struct NoteVerifierKey: Hashable, Sendable {
    /// The name in the key's signatures.
    public let name: NoteKeyName

    /// The identifier in the key's signatures. It follows from name and key.
    public let id: NoteKeyID

    /// The key.
    public let publicKey: Ed25519PublicKey

    /// The verifier key for a key and its name.
    public init(name: NoteKeyName, publicKey: Ed25519PublicKey) {
        self.name = name
        self.publicKey = publicKey
        id = NoteKeyID(name: name, typedPublicKey: [Self.ed25519Type] + publicKey.bytes)
    }

    /// Parses `name+id+base64(type ‖ key)`, with the identifier in eight lower-case hexadecimal
    /// digits.
    ///
    /// - Throws: ``VerifierKeyError``.
    public init(parsing text: String) throws(VerifierKeyError) {
        let bytes = Array(text.utf8)
        let limit = LedgerLimits.maximumVerifierKeyBytes
        guard bytes.count <= limit else { throw .tooLong(byteCount: bytes.count, limit: limit) }
        // Base64 has plus signs as well.
        let parts = bytes.split(
            separator: UInt8(ascii: "+"),
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard parts.count == 3, let key = Base64.decode(parts[2]), let type = key.first else {
            throw .malformed
        }
        guard let name = NoteKeyName(utf8: Array(parts[0])) else { throw .invalidName }
        guard type == Self.ed25519Type else { throw .unsupportedType(type) }
        do throws(KeyError) {
            self.init(name: name, publicKey: try Ed25519PublicKey(Array(key.dropFirst())))
        } catch {
            throw .invalidKey(error)
        }
        // The identifier is recomputed, so that a mistyped name is found out.
        guard parts[1].elementsEqual(id.description.utf8) else {
            throw .wrongID(found: String(decoding: parts[1], as: UTF8.self), computed: id)
        }
    }

    /// `name+id+base64(type ‖ key)`: what ``init(parsing:)`` reads.
    public var text: String {
        let key = Base64.encode([Self.ed25519Type] + publicKey.bytes)
        return "\(name)+\(id)+\(String(decoding: key, as: UTF8.self))"
    }

    private static let ed25519Type: UInt8 = 0x01
}

extension NoteVerifierKey: CustomStringConvertible {
    public var description: String { text }
}
