public import CabinetCrypto

/// The hash of a node of the Merkle tree, of a whole tree, or of a subtree: 32 bytes, inline.
///
/// Source: RFC 6962, section 2.1, with SHA-256.
public struct MerkleHash: Hashable, Sendable, BitwiseCopyable {
    /// The length of a hash in bytes.
    public static let byteCount = SHA256Digest.byteCount

    /// The hash as a digest.
    public let digest: SHA256Digest

    /// The hash that this digest is.
    public init(_ digest: SHA256Digest) {
        self.digest = digest
    }

    /// The hash with these bytes; nil where they are not exactly 32.
    public init?(_ bytes: some Collection<UInt8>) {
        guard let digest = SHA256Digest(bytes) else { return nil }
        self.digest = digest
    }

    /// The hash of the node over two subtrees: SHA-256(0x01 ‖ left ‖ right).
    public init(left: MerkleHash, right: MerkleHash) {
        digest = SHA256.digest(prefix: 0x01, left.digest, right.digest)
    }

    /// The root of the tree without leaves: SHA-256 of nothing.
    public static let emptyTree = MerkleHash(SHA256.digest(of: []))

    /// The 32 bytes.
    public var bytes: [UInt8] { digest.bytes }
}

extension MerkleHash: CustomStringConvertible {
    /// Base64, as in a checkpoint.
    public var description: String {
        String(decoding: Base64.encode(bytes), as: UTF8.self)
    }
}
