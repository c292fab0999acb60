/// A receipt of which every part holds. There is no other way to get one than
/// ``Receipt/verified(origin:logKey:otherKeys:)``.
public struct VerifiedReceipt: Hashable, Sendable {
    /// What was verified.
    public let receipt: Receipt

    /// The hash of the entry.
    public let leafHash: LeafHash

    /// The checkpoint that the entry is under.
    public let checkpoint: VerifiedCheckpoint

    /// The entry's position in the log.
    public var index: UInt64 { receipt.index }

    /// The exact bytes of the entry.
    public var entry: [UInt8] { receipt.entry }

    /// What was found, step by step, in sentences that a member can be shown and an auditor can
    /// follow with other tools. For people; the wording is not stable.
    public var explanation: [String] {
        let head = checkpoint.checkpoint
        let signers = checkpoint.signers.map { "\($0.name)+\($0.id)" }.joined(separator: ", ")
        let count = receipt.inclusionHashes.count
        return [
            "The entry has \(entry.count) bytes and the leaf hash \(leafHash).",
            "The log «\(head.origin)» has signed that it has \(head.treeSize) entries "
                + "with the root hash \(head.rootHash).",
            "The signature verifies with \(signers).",
            "The leaf hash at index \(index) leads to that root hash over \(count) hashes.",
            "Therefore the entry is in the log at index \(index), unchanged.",
        ]
    }
}

extension VerifiedReceipt: CustomStringConvertible {
    /// The explanation, one sentence a line.
    public var description: String {
        explanation.joined(separator: "\n")
    }
}
