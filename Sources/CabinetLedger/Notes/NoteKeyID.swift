internal import CabinetCrypto

/// The short identifier of a key that signs notes. With the key's name it tells keys apart; it does
/// not authenticate them.
///
/// Source: C2SP signed-note, «Signatures».
public struct NoteKeyID: Hashable, Sendable {
    /// The identifier as a number, whose big-endian bytes are in a signature.
    public let value: UInt32

    /// The identifier with this value.
    public init(_ value: UInt32) {
        self.value = value
    }

    /// The identifier of an Ed25519 key: the first four bytes of
    /// SHA-256(name ‖ 0x0A ‖ type ‖ public key).
    init(name: NoteKeyName, typedPublicKey: [UInt8]) {
        let digest = SHA256.digest(of: name.line.bytes + [0x0a], typedPublicKey)
        self.init(bigEndian: digest.bytes.prefix(4))
    }

    /// The identifier with these big-endian bytes.
    init(bigEndian bytes: some Sequence<UInt8>) {
        value = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The four bytes in big-endian order.
    var bytes: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

extension NoteKeyID: CustomStringConvertible {
    /// Eight lower-case hexadecimal digits.
    public var description: String {
        hexadecimal(bytes)
    }
}
