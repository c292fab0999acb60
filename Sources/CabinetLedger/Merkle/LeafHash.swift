internal import CabinetCrypto

/// The hash of an entry: SHA-256(0x00 ‖ entry). The first byte keeps an entry from passing for a
/// node (RFC 6962, section 2.1).
///
/// A type of its own, so that a node's hash is not appended or proved as if it were an entry's.
public struct LeafHash: Hashable, Sendable, BitwiseCopyable {
    /// The hash of the subtree that consists of this leaf.
    public let merkleHash: MerkleHash

    /// The hash of an entry with these bytes.
    public init(entry: Span<UInt8>) {
        merkleHash = MerkleHash(SHA256.digest(of: Self.prefix.span, entry))
    }

    /// The hash of an entry with these bytes.
    public init(entry: [UInt8]) {
        self.init(entry: entry.span)
    }

    /// A leaf hash that was computed before, by this type or by another implementation.
    public init(computed merkleHash: MerkleHash) {
        self.merkleHash = merkleHash
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { merkleHash.bytes }

    private static let prefix: [UInt8] = [0x00]
}

extension LeafHash: CustomStringConvertible {
    /// Base64.
    public var description: String { merkleHash.description }
}
