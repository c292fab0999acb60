/// Proof that an entry is in a log, as it came or as it was made. Nothing about it is verified;
/// that is what ``verified(origin:logKey:otherKeys:)`` is for, which needs no network.
public struct Receipt: Hashable, Sendable {
    /// The entry's position in the log. The first is 0.
    public let index: UInt64

    /// The exact bytes of the entry.
    public let entry: [UInt8]

    /// The inclusion proof's hashes, from the leaf's sibling upwards.
    public let inclusionHashes: [MerkleHash]

    /// The checkpoint of the tree that the proof is for.
    public let checkpoint: SignedCheckpoint

    /// A receipt with these parts.
    ///
    /// - Throws: ``ReceiptError/entryTooLong(byteCount:limit:)`` and
    ///   ``ReceiptError/tooManyHashes(count:limit:)``.
    public init(
        index: UInt64,
        entry: [UInt8],
        inclusionHashes: [MerkleHash],
        checkpoint: SignedCheckpoint
    ) throws(ReceiptError) {
        try Self.checkLimits(entry: entry, hashCount: inclusionHashes.count)
        self.index = index
        self.entry = entry
        self.inclusionHashes = inclusionHashes
        self.checkpoint = checkpoint
    }

    /// A receipt with these parts in the form that messages carry them in.
    ///
    /// - Throws: ``ReceiptError``, of the kinds that concern the form.
    public init(
        index: UInt64,
        entry: [UInt8],
        inclusionHashes: [[UInt8]],
        checkpointNote: [UInt8]
    ) throws(ReceiptError) {
        try Self.checkLimits(entry: entry, hashCount: inclusionHashes.count)
        var hashes: [MerkleHash] = []
        for (position, bytes) in inclusionHashes.enumerated() {
            guard let hash = MerkleHash(bytes) else {
                throw .malformedHash(position: position, byteCount: bytes.count)
            }
            hashes.append(hash)
        }
        let checkpoint: SignedCheckpoint
        do throws(CheckpointFormatError) {
            checkpoint = try SignedCheckpoint(parsing: checkpointNote)
        } catch {
            throw .malformedCheckpoint(error)
        }
        try self.init(
            index: index,
            entry: entry,
            inclusionHashes: hashes,
            checkpoint: checkpoint
        )
    }

    /// The receipt of a tlog-proof and the entry that was kept beside it.
    ///
    /// - Throws: ``ReceiptError``, of the kinds that concern the form.
    public init(_ proof: TlogProof, entry: [UInt8]) throws(ReceiptError) {
        try self.init(
            index: proof.index,
            entry: entry,
            inclusionHashes: proof.inclusionHashes,
            checkpoint: proof.checkpoint
        )
    }

    /// The proof for a file of its own, without the entry.
    ///
    /// - Throws: ``TlogProofError/malformedIndex``, which no receipt that verifies leads to.
    public func tlogProof() throws(TlogProofError) -> TlogProof {
        try TlogProof(index: index, inclusionHashes: inclusionHashes, checkpoint: checkpoint)
    }

    /// The inclusion proof in the tree of the checkpoint.
    public var inclusionProof: InclusionProof {
        InclusionProof(
            leafIndex: index,
            treeSize: checkpoint.unverified.treeSize,
            hashes: inclusionHashes
        )
    }

    /// The receipt's finding, if every part of it holds.
    ///
    /// The index that stands inside a `LedgerEntry` is not looked at, because an entry is only bytes
    /// here. Whoever decodes it compares that with ``VerifiedReceipt/index``.
    ///
    /// - Parameters:
    ///   - origin: the log's name.
    ///   - logKey: the log's key, known from elsewhere than the receipt.
    ///   - otherKeys: keys of witnesses whose signatures may be on the checkpoint.
    /// - Throws: ``ReceiptError/untrustedCheckpoint(_:)`` and ``ReceiptError/notIncluded(_:)``.
    public func verified(
        origin: NoteLine,
        logKey: NoteVerifierKey,
        otherKeys: [NoteVerifierKey] = []
    ) throws(ReceiptError) -> VerifiedReceipt {
        let checkpoint: VerifiedCheckpoint
        do throws(CheckpointVerificationError) {
            checkpoint = try self.checkpoint.verified(
                origin: origin,
                logKey: logKey,
                otherKeys: otherKeys
            )
        } catch {
            throw .untrustedCheckpoint(error)
        }
        let leafHash = LeafHash(entry: entry)
        do throws(ProofError) {
            try inclusionProof.verify(leafHash, in: checkpoint.checkpoint.rootHash)
        } catch {
            throw .notIncluded(error)
        }
        return VerifiedReceipt(receipt: self, leafHash: leafHash, checkpoint: checkpoint)
    }

    private static func checkLimits(entry: [UInt8], hashCount: Int) throws(ReceiptError) {
        guard entry.count <= LedgerLimits.maximumEntryBytes else {
            throw .entryTooLong(byteCount: entry.count, limit: LedgerLimits.maximumEntryBytes)
        }
        guard hashCount <= LedgerLimits.maximumProofHashes else {
            throw .tooManyHashes(count: hashCount, limit: LedgerLimits.maximumProofHashes)
        }
    }
}
