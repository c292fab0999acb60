/// Proof that some entry is in a log, as a text file that tools for transparency logs read. The
/// entry, or what it is made from, is kept elsewhere.
///
/// Source: C2SP tlog-proof, version 1. The file's extension should be `.tlog-proof`.
public struct TlogProof: Hashable, Sendable {
    /// Opaque data; empty where there is none. Nothing vouches for it.
    public let extra: [UInt8]

    /// The entry's position in the log. Below ``LedgerLimits/maximumTreeSize``.
    public let index: UInt64

    /// The inclusion proof's hashes, from the leaf's sibling upwards.
    public let inclusionHashes: [MerkleHash]

    /// The checkpoint of the tree that the proof is for. Not verified.
    public let checkpoint: SignedCheckpoint

    /// A proof with these parts.
    ///
    /// - Throws: ``TlogProofError``, where a part is above its limit.
    public init(
        extra: [UInt8] = [],
        index: UInt64,
        inclusionHashes: [MerkleHash],
        checkpoint: SignedCheckpoint
    ) throws(TlogProofError) {
        let hashLimit = LedgerLimits.maximumProofHashes
        guard extra.count <= LedgerLimits.maximumExtraBytes else { throw .malformedExtra }
        guard index < LedgerLimits.maximumTreeSize else { throw .malformedIndex }
        guard inclusionHashes.count <= hashLimit else { throw .tooManyHashes(limit: hashLimit) }
        self.extra = extra
        self.index = index
        self.inclusionHashes = inclusionHashes
        self.checkpoint = checkpoint
    }

    /// Parses the text of a proof.
    ///
    /// - Throws: ``TlogProofError``.
    public init(parsing bytes: [UInt8]) throws(TlogProofError) {
        let limit = LedgerLimits.maximumTlogProofBytes
        guard bytes.count <= limit else { throw .tooLong(byteCount: bytes.count, limit: limit) }
        var lines = LineReader(bytes[...])
        guard let header = lines.next(), header.elementsEqual(Self.header) else {
            throw .wrongHeader
        }
        var line = lines.next()
        var extra: [UInt8] = []
        if let text = line?.after(Self.extraPrefix) {
            // Without data there is no such line.
            guard let data = Base64.decode(text), !data.isEmpty else { throw .malformedExtra }
            extra = data
            line = lines.next()
        }
        let index = line?.after(Self.indexPrefix)
            .flatMap { Decimal.parse($0, limit: LedgerLimits.maximumTreeSize) }
        guard let index else { throw .malformedIndex }
        try self.init(
            extra: extra,
            index: index,
            inclusionHashes: Self.readHashes(&lines),
            checkpoint: Self.readCheckpoint(lines.rest)
        )
    }

    /// The text of the proof: what ``init(parsing:)`` reads, byte for byte.
    public var serialized: [UInt8] {
        let newline = UInt8(ascii: "\n")
        var text = Self.header + [newline]
        if !extra.isEmpty { text += Self.extraPrefix + Base64.encode(extra) + [newline] }
        text += Self.indexPrefix + Array("\(index)\n".utf8)
        for hash in inclusionHashes { text += Base64.encode(hash.bytes) + [newline] }
        return text + [newline] + checkpoint.serialized
    }

    /// Reads hashes up to and with the empty line.
    private static func readHashes(
        _ lines: inout LineReader
    ) throws(TlogProofError) -> [MerkleHash] {
        let limit = LedgerLimits.maximumProofHashes
        var hashes: [MerkleHash] = []
        while let line = lines.next() {
            if line.isEmpty { return hashes }
            guard hashes.count < limit else { throw .tooManyHashes(limit: limit) }
            guard let hash = MerkleHash(base64: line) else {
                throw .malformedHash(lineNumber: lines.lineNumber)
            }
            hashes.append(hash)
        }
        throw .noCheckpoint
    }

    private static func readCheckpoint(
        _ bytes: ArraySlice<UInt8>
    ) throws(TlogProofError) -> SignedCheckpoint {
        do throws(CheckpointFormatError) {
            return try SignedCheckpoint(parsing: Array(bytes))
        } catch {
            throw .malformedCheckpoint(error)
        }
    }

    private static let header = Array("c2sp.org/tlog-proof@v1".utf8)
    private static let extraPrefix = Array("extra ".utf8)
    private static let indexPrefix = Array("index ".utf8)
}
