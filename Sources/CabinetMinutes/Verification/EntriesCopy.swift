internal import CabinetMapping
internal import CabinetModel
internal import Foundation

/// The bytes of entries, from whatever says what they are. Nothing about them is verified: they name what
/// is wrong, and prove nothing.
protocol EntryBytes {
    func bytes(at index: UInt64) -> [UInt8]?
}

extension EntryBytes {
    /// The ballot that an entry is; `nil` where it is none, or cannot be read.
    func ballot(at index: UInt64) -> BallotReference? {
        guard let bytes = bytes(at: index) else { return nil }
        var coding = EntryCoding()
        guard let entry = try? coding.parse(bytes, at: index) else { return nil }
        switch entry.body {
        case .ballotCast(let ballot, _), .tieDecided(let ballot):
            return BallotReference(
                poll: ballot.statement.poll,
                member: ballot.statement.member,
                entry: index
            )
        case .fact, .verdictReached:
            return nil
        }
    }
}

/// The pieces of a log file as far as they can be told apart.
struct LogPieces: EntryBytes {
    /// Where each entry is, without its length.
    private(set) var ranges: [Range<Int>] = []
    private let log: [UInt8]
    private static let magicBytes = 17

    init(_ log: [UInt8]) {
        self.log = log
        var offset = Self.magicBytes
        var isCheckpoint = true
        while offset <= log.count - 4 {
            let length = log[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            let start = offset + 4
            guard length > 0, length <= log.count - start else { return }
            if !isCheckpoint { ranges.append(start..<start + length) }
            isCheckpoint = false
            offset = start + length
        }
    }

    func bytes(at index: UInt64) -> [UInt8]? {
        guard let index = Int(exactly: index), ranges.indices.contains(index) else { return nil }
        return Array(log[ranges[index]])
    }
}

/// The entries in `ledger/entries.jsonl`: a second copy of them.
struct EntriesCopy: EntryBytes {
    private var entries: [[UInt8]?] = []

    init(_ file: [UInt8]) {
        let opening = Array("\"bytes\":\"".utf8)
        for line in file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            // It is the last member of every line.
            guard let end = line.lastIndex(of: UInt8(ascii: "\"")),
                let start = line[..<end].lastIndex(of: UInt8(ascii: "\"")),
                line[..<line.index(after: start)].reversed().starts(with: opening.reversed()),
                let data = Data(
                    base64Encoded: Data(line[line.index(after: start)..<end])
                )
            else {
                entries.append(nil)
                continue
            }
            entries.append(Array(data))
        }
    }

    func bytes(at index: UInt64) -> [UInt8]? {
        guard let index = Int(exactly: index), entries.indices.contains(index) else { return nil }
        return entries[index]
    }

    /// The first entry that a log file has in other bytes, or not at all; `nil` where there is none, or
    /// nothing to compare with.
    func firstDifference(from log: [UInt8]) -> UInt64? {
        guard !entries.isEmpty else { return nil }
        let pieces = LogPieces(log)
        for index in 0..<UInt64(max(entries.count, pieces.ranges.count)) {
            if bytes(at: index) != pieces.bytes(at: index) { return index }
        }
        return nil
    }
}
