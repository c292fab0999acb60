import BallotTestSupport
import CabinetAPI
import CabinetClient
import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetModel
import Foundation
import ModelTestSupport
import Testing

/// What holds of every journal, and what holds of the one on a disk.
@Suite struct BallotJournalTests {
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case memory
        case sqlite

        var testDescription: String { rawValue }

        func run(_ body: (any BallotJournal) async throws -> Void) async throws {
            switch self {
            case .memory:
                try await body(MemoryBallotJournal())
            case .sqlite:
                let folder = try Folder()
                defer { folder.remove() }
                let journal = try SQLiteBallotJournal(folder: folder.path, of: "m1")
                try await body(journal)
                await journal.close()
            }
        }
    }

    // MARK: - Values

    private static func ballot(_ number: Int, _ poll: String? = nil) throws -> (
        SignedBallot, CabinetModel.BallotStatement
    ) {
        let unsigned = UnsignedBallot(
            CabinetModel.BallotStatement(
                ballot: .numbered(number),
                meeting: "meeting",
                poll: try PollID(poll ?? "poll-\(number)"),
                member: "m1",
                purpose: .vote(.yes, .first),
                motionDigest: try Digest([UInt8](repeating: 1, count: 32)),
                rollDigest: try Digest([UInt8](repeating: 2, count: 32))
            )
        )
        let signed = unsigned.signed(
            with: try TestKeys.p256.sign(unsigned.messageToSign),
            by: TestKeys.p256.publicKey,
            certificate: [3]
        )
        return (signed, unsigned.statement)
    }

    private static let logKey = try! Ed25519PrivateKey.generate()

    private static func checkpoint(_ size: UInt64, _ origin: String = "a/b") throws
        -> SignedCheckpoint
    {
        let name = try #require(NoteKeyName(origin))
        let checkpoint = try #require(
            Checkpoint(origin: name.line, treeSize: size, rootHash: .emptyTree)
        )
        return try SignedCheckpoint(checkpoint, signedBy: NoteSigner(name: name, key: logKey))
    }

    private static func receipt() throws -> CabinetLedger.Receipt {
        try CabinetLedger.Receipt(
            CabinetAPI.Receipt(
                index: 0,
                entry: [7],
                checkpoint: CabinetAPI.Checkpoint(note: checkpoint(1).serialized)
            )
        )
    }

    // MARK: - All journals

    @Test("Ballots are kept in their order, with what became of them", arguments: Kind.allCases)
    func ballots(_ kind: Kind) async throws {
        try await kind.run { journal in
            let kept = try (0..<3).map { try Self.ballot($0) }
            for (ballot, statement) in kept { try await journal.add(ballot, statement) }
            let receipt = try Self.receipt()
            try await journal.settle(.numbered(1), as: .counted(receipt))
            try await journal.settle(.numbered(2), as: .refused(reason: "POLL_NOT_OPEN"))
            #expect(
                try await journal.ballots(in: "meeting")
                    == [
                        JournalledBallot(kept[0].0, kept[0].1, .pending),
                        JournalledBallot(kept[1].0, kept[1].1, .counted(receipt)),
                        JournalledBallot(kept[2].0, kept[2].1, .refused(reason: "POLL_NOT_OPEN")),
                    ]
            )
            #expect(try await journal.pendingBallots().map(\.statement) == [kept[0].1])
        }
    }

    @Test("A ballot is added once, and settled where it is known", arguments: Kind.allCases)
    func conflicts(_ kind: Kind) async throws {
        try await kind.run { journal in
            let (ballot, statement) = try Self.ballot(0)
            try await journal.add(ballot, statement)
            let twice = await #expect(throws: JournalError.self) {
                try await journal.add(ballot, statement)
            }
            #expect(twice?.kind == .conflict)
            let unknown = await #expect(throws: JournalError.self) {
                try await journal.settle(.numbered(9), as: .pending)
            }
            #expect(unknown?.kind == .conflict)
        }
    }

    @Test("A poll has one ballot of which nothing is known", arguments: Kind.allCases)
    func onePending(_ kind: Kind) async throws {
        try await kind.run { journal in
            let (ballot, statement) = try Self.ballot(0, "poll")
            let (next, nextStatement) = try Self.ballot(1, "poll")
            try await journal.add(ballot, statement)
            let second = await #expect(throws: JournalError.self) {
                try await journal.add(next, nextStatement)
            }
            #expect(second?.kind == .pending)
            try await journal.settle(.numbered(0), as: .refused(reason: "POLL_NOT_OPEN"))
            try await journal.add(next, nextStatement)
        }
    }

    @Test("What counts stays so, until all of a meeting is asked again", arguments: Kind.allCases)
    func countedStays(_ kind: Kind) async throws {
        try await kind.run { journal in
            let (ballot, statement) = try Self.ballot(0)
            try await journal.add(ballot, statement)
            let counted = BallotOutcome.counted(try Self.receipt())
            try await journal.settle(.numbered(0), as: counted)
            try await journal.settle(.numbered(0), as: .refused(reason: "POLL_NOT_OPEN"))
            try await journal.settle(.numbered(0), as: .pending)
            #expect(try await journal.ballots(in: "meeting").map(\.outcome) == [counted])
            try await journal.reopenBallots(in: "other")
            #expect(try await journal.pendingBallots().isEmpty)
            try await journal.reopenBallots(in: "meeting")
            #expect(try await journal.pendingBallots().map(\.statement) == [statement])
        }
    }

    @Test("Many false answers push out no contradiction", arguments: Kind.allCases)
    func evidence(_ kind: Kind) async throws {
        try await kind.run { journal in
            for number in 0..<JournalLimits.evidence + 2 {
                for kind in [Evidence.Kind.falseAnswer, .contradiction] {
                    try await journal.keep(
                        Evidence(kind, finding: "\(number)", answer: [1])
                    )
                }
            }
            let kept = try await journal.evidence()
            let limit = JournalLimits.evidence
            #expect(
                kept.filter { $0.kind == .contradiction }.map(\.finding)
                    == (0..<limit).map(String.init)
            )
            #expect(
                kept.filter { $0.kind == .falseAnswer }.map(\.finding)
                    == (2..<limit + 2).map(String.init)
            )
        }
    }

    @Test("Checkpoints are kept for each log, within their limit", arguments: Kind.allCases)
    func checkpoints(_ kind: Kind) async throws {
        try await kind.run { journal in
            let origin = try Self.checkpoint(1).unverified.origin
            let two = try [Self.checkpoint(1), Self.checkpoint(2)]
            try await journal.keep(two[0], inPlaceOf: [])
            try await journal.keep(two[1], inPlaceOf: [])
            try await journal.keep(two[1], inPlaceOf: [])
            #expect(try await Set(journal.checkpoints(of: origin)) == Set(two))
            try await journal.keep(Self.checkpoint(3), inPlaceOf: two)
            #expect(try await journal.checkpoints(of: origin) == [Self.checkpoint(3)])
            let other = try Self.checkpoint(1, "a/c")
            #expect(try await journal.checkpoints(of: other.unverified.origin).isEmpty)

            for size in 4..<UInt64(JournalLimits.checkpoints + 3) {
                try await journal.keep(Self.checkpoint(size), inPlaceOf: [])
            }
            let full = await #expect(throws: JournalError.self) {
                try await journal.keep(Self.checkpoint(1_000), inPlaceOf: [])
            }
            #expect(full?.kind == .full)
            try await journal.keep(other, inPlaceOf: [])
        }
    }

    // MARK: - On a disk

    @Test("A journal is found again as it was, by its member alone")
    func reopened() async throws {
        let folder = try Folder()
        defer { folder.remove() }
        let (ballot, statement) = try Self.ballot(0)
        let first = try SQLiteBallotJournal(folder: folder.path, of: "m1")
        try await first.add(ballot, statement)
        try await first.keep(Self.checkpoint(5), inPlaceOf: [])
        for name in ["", "-wal", "-shm"] {
            let path = "\(folder.path)/ballots.sqlite\(name)"
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(path)")
        }
        let taken = #expect(throws: JournalError.self) {
            try SQLiteBallotJournal(folder: folder.path, of: "m1")
        }
        #expect(taken?.kind == .locked)
        await first.close()

        let other = #expect(throws: JournalError.self) {
            try SQLiteBallotJournal(folder: folder.path, of: "m2")
        }
        #expect(other?.kind == .otherMember)

        let second = try SQLiteBallotJournal(folder: folder.path, of: "m1")
        #expect(
            try await second.pendingBallots()
                == [JournalledBallot(ballot, statement, .pending)]
        )
        #expect(
            try await second.checkpoints(of: Self.checkpoint(5).unverified.origin)
                == [Self.checkpoint(5)]
        )
        await second.close()
        await #expect(throws: JournalError(.closed, "it was closed")) {
            try await second.pendingBallots()
        }
    }

    @Test("A journal that nobody closed is free soon after nobody has it")
    func abandoned() async throws {
        let folder = try Folder()
        defer { folder.remove() }
        var journal: SQLiteBallotJournal? = try SQLiteBallotJournal(
            folder: folder.path,
            of: "m1"
        )
        #expect(try await journal?.pendingBallots().isEmpty == true)
        journal = nil
        var reopened: SQLiteBallotJournal?
        // Far more than any machine needs.
        for _ in 0..<1_000 where reopened == nil {
            reopened = try? SQLiteBallotJournal(folder: folder.path, of: "m1")
            if reopened == nil { try await Task.sleep(for: .milliseconds(10)) }
        }
        try await #require(reopened).close()
    }

    @Test("A file that is no journal is refused and left as it is")
    func otherFile() async throws {
        let folder = try Folder()
        defer { folder.remove() }
        let text = String(repeating: "no journal\n", count: 100)
        let path = "\(folder.path)/ballots.sqlite"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: JournalError.self) {
            try SQLiteBallotJournal(folder: folder.path, of: "m1")
        }
        #expect(error?.kind == .cannotOpen)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
}
