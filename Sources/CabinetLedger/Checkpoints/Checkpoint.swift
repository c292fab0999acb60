/// What a log says of itself: who it is, how many entries it has, and the root over them.
///
/// Source: C2SP tlog-checkpoint, «Note text».
public struct Checkpoint: Hashable, Sendable {
    /// The log's unique name.
    public let origin: NoteLine

    /// The number of leaves. At most ``LedgerLimits/maximumTreeSize``.
    public let treeSize: UInt64

    /// The root hash of the tree of that size.
    public let rootHash: MerkleHash

    /// Further lines, whose meaning is not known here.
    public let extensionLines: [NoteLine]

    /// The checkpoint with these parts; nil where the tree size is above
    /// ``LedgerLimits/maximumTreeSize``.
    public init?(
        origin: NoteLine,
        treeSize: UInt64,
        rootHash: MerkleHash,
        extensionLines: [NoteLine] = []
    ) {
        guard treeSize <= LedgerLimits.maximumTreeSize else { return nil }
        self.origin = origin
        self.treeSize = treeSize
        self.rootHash = rootHash
        self.extensionLines = extensionLines
    }

    /// Parses the text of a note.
    ///
    /// - Throws: ``CheckpointFormatError``.
    public init(parsing text: [UInt8]) throws(CheckpointFormatError) {
        var lines = LineReader(text[...])
        guard let origin = lines.next().flatMap({ NoteLine(utf8: Array($0)) }) else {
            throw .malformedOrigin
        }
        let limit = LedgerLimits.maximumTreeSize
        guard let size = lines.next().flatMap({ Decimal.parse($0, limit: limit) }) else {
            throw .malformedTreeSize
        }
        guard let rootHash = lines.next().flatMap({ MerkleHash(base64: $0) }) else {
            throw .malformedRootHash
        }
        var extensionLines: [NoteLine] = []
        while let line = lines.next() {
            guard let line = NoteLine(utf8: Array(line)) else {
                throw .malformedExtension(lineNumber: lines.lineNumber)
            }
            extensionLines.append(line)
        }
        guard lines.rest.isEmpty else { throw .unterminatedLine }
        self.origin = origin
        self.treeSize = size
        self.rootHash = rootHash
        self.extensionLines = extensionLines
    }

    /// The text of a note: what ``init(parsing:)`` reads, byte for byte.
    public var noteText: [UInt8] {
        let newline = UInt8(ascii: "\n")
        var text = origin.bytes + [newline]
        text += Array("\(treeSize)\n\(rootHash)\n".utf8)
        for line in extensionLines {
            text += line.bytes
            text.append(newline)
        }
        return text
    }
}

extension MerkleHash {
    /// The hash of a line of a C2SP text; nil where it is not the base64 of 32 bytes.
    init?(base64 line: ArraySlice<UInt8>) {
        guard line.count == 44, let bytes = Base64.decode(line) else { return nil }
        self.init(bytes)
    }
}
