import BallotTestSupport
import CabinetAPI
import CabinetClient
import CabinetCodec
import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC
import Foundation
import ModelTestSupport
import Testing

/// A server, or whoever is between, that answers what is not so.
@Suite(.serialized) struct LyingServerTests {
    // MARK: - Receipts

    /// Answers of CastBallot that prove nothing.
    enum Lie: String, CaseIterable, CustomTestStringConvertible {
        case noReceipt
        case emptyReceipt
        case otherEntry
        case anothersBallot
        case changedEntry
        case changedHash
        case otherIndex
        case otherLogKey

        var testDescription: String { rawValue }
    }

    @Test("No answer but a true receipt makes a vote count", arguments: Lie.allCases)
    func receipts(_ lie: Lie) async throws {
        try await Room.run { room in
            let tablet = try room.tablet
            let carried = try room.voting("m2", over: tablet)
            let other = try await carried.cast(
                .no,
                on: carried.ballotPaper(of: Room.poll, in: Room.meeting)
            )
            let first = try await LedgerService.Client(room.device("client3")).getReceipt(
                GetReceiptRequest(meetingID: "meeting", entry: .index(0))
            )
            let others = CabinetAPI.Receipt(other.receipt.receipt)
            let forger = try NoteSigner(
                name: try #require(NoteKeyName("cabinet.example/meeting")),
                key: Ed25519PrivateKey.generate()
            )
            let link = MeddlingCaller(tablet) { method, _ in
                guard method == "VotingService.CastBallot" else { return .none }
                return .answer { message in
                    guard var response = message as? CastBallotResponse else { return message }
                    Self.tell(lie, in: &response.receipt, others, first.receipt, forger)
                    return response
                }
            }
            let journal = MemoryBallotJournal()
            let client = try room.voting("m1", over: link, journal)
            let paper = try await client.ballotPaper(of: Room.poll, in: Room.meeting)
            let error = await #expect(throws: CastError.self) {
                try await client.cast(.yes, on: paper)
            }
            guard case .unproven? = error else {
                Issue.record("it was \(String(describing: error))")
                return
            }
            #expect(journal.evidence().count == 1)
            // An honest answer settles it.
            #expect(journal.pendingBallots().count == 1)
            let honest = try room.voting("m1", over: tablet, journal)
            let results = try await honest.deliverPending()
            #expect(throws: Never.self) { try results.first?.1.get() }
        }
    }

    private static func tell(
        _ lie: Lie,
        in receipt: inout CabinetAPI.Receipt?,
        _ others: CabinetAPI.Receipt,
        _ first: CabinetAPI.Receipt?,
        _ forger: NoteSigner
    ) {
        switch lie {
        case .noReceipt: receipt = nil
        case .emptyReceipt: receipt = CabinetAPI.Receipt()
        case .otherEntry: receipt = first
        case .anothersBallot: receipt = others
        case .changedEntry:
            let last = (receipt?.entry.count ?? 1) - 1
            receipt?.entry[last] ^= 1
        case .changedHash: receipt?.inclusionHashes[0][0] ^= 1
        case .otherIndex: receipt?.index -= 1
        case .otherLogKey:
            guard let note = receipt?.checkpoint?.note,
                let signed = try? SignedCheckpoint(parsing: note),
                let forged = try? SignedCheckpoint(signed.unverified, signedBy: forger)
            else { return }
            receipt?.checkpoint = Checkpoint(note: forged.serialized)
        }
    }

    // MARK: - Papers

    @Test("What is shown of a poll has the digests that are signed")
    func papers() async throws {
        try await Room.run { room in
            let tablet = try room.tablet
            let lies: [(String, @Sendable (any Message) -> any Message, BallotPaperError)] = [
                (
                    "VotingService.GetPoll",
                    { message in
                        guard var response = message as? GetPollResponse else { return message }
                        response.poll?.motion = CabinetAPI.Motion(text: "Bác bỏ").serialized()
                        return response
                    },
                    .malformed(
                        try invalid("poll.motion_digest", "it is the digest of the motion")
                    )
                ),
                (
                    "VotingService.GetPoll",
                    { message in
                        guard var response = message as? GetPollResponse else { return message }
                        response.poll?.pollID = "other"
                        return response
                    },
                    .malformed(
                        try invalid("poll.poll_id", "it is the one that was asked for")
                    )
                ),
                (
                    "VotingService.GetRoll",
                    { message in
                        guard var response = message as? GetRollResponse else { return message }
                        response.roll?.roll = CabinetAPI.Roll(
                            voters: [CabinetAPI.RollVoter(memberID: "m1", weight: 1_000)]
                        ).serialized()
                        return response
                    },
                    .otherRoll
                ),
            ]
            for (method, change, expected) in lies {
                let link = MeddlingCaller(tablet) { name, _ in
                    name == method ? .answer(change) : .none
                }
                let client = try room.voting("m1", over: link)
                await #expect(throws: expected) {
                    try await client.ballotPaper(of: Room.poll, in: Room.meeting)
                }
            }
        }
    }

    /// The error of a mapping, which only mappings make.
    private func invalid(_ path: String, _ rule: String) throws -> InvalidField {
        var found: InvalidField?
        do {
            switch path {
            case "poll.poll_id":
                var response = GetPollResponse(poll: Self.samplePoll)
                response.poll?.pollID = "other"
                _ = try CabinetModel.Poll(response, asked: "poll")
            default:
                var response = GetPollResponse(poll: Self.samplePoll)
                response.poll?.motion = [1]
                _ = try CabinetModel.Poll(response, asked: "poll")
            }
        } catch {
            found = error
        }
        let field = try #require(found)
        #expect(field.path == path && field.rule == rule)
        return field
    }

    private static var samplePoll: CabinetAPI.Poll {
        let motion = CabinetAPI.Motion(text: "Thông qua").serialized()
        return CabinetAPI.Poll(
            pollID: "poll",
            agendaItemID: "item",
            state: .draft,
            motion: motion,
            motionDigest: (try? CabinetModel.Motion(serialized: motion).digest.bytes) ?? [],
            rule: CabinetAPI.PollRule(.governmentDefault)
        )
    }

    // MARK: - History

    @Test(
        "A log that was begun anew with the same key is found out by the first client that returns"
    )
    func rewrittenHistory() async throws {
        let key = try Ed25519PrivateKey.generate()
        let journal = MemoryBallotJournal()
        try await Room.run(logKey: key) { room in
            let client = try room.voting("m1", journal)
            _ = try await client.cast(
                .yes,
                on: client.ballotPaper(of: Room.poll, in: Room.meeting)
            )
            try await client.verifyHistory(of: Room.meeting)
        }
        // The same meeting, in another folder: one entry fewer than before, and others.
        try await Room.run(logKey: key) { room in
            let client = try room.voting("m1", journal)
            let lost = await #expect(throws: HistoryError.self) {
                try await client.verifyHistory(of: Room.meeting)
            }
            guard case .lost? = lost else {
                Issue.record("it was \(String(describing: lost))")
                return
            }
            // It grows past what was seen.
            let tablet = try room.tablet
            for name in ["m2", "m3"] {
                let other = try room.voting(name, over: tablet)
                _ = try await other.cast(
                    .yes,
                    on: other.ballotPaper(of: Room.poll, in: Room.meeting)
                )
            }
            let rewritten = await #expect(throws: HistoryError.self) {
                try await client.verifyHistory(of: Room.meeting)
            }
            guard case .rewritten? = rewritten else {
                Issue.record("it was \(String(describing: rewritten))")
                return
            }
            #expect(rewritten?.isContradiction == true)
            #expect(journal.evidence().count == 2)
            await #expect(throws: BallotPaperError.self) {
                try await client.ballotPaper(of: Room.poll, in: Room.meeting)
            }
        }
    }

    @Test("Receipts of a log that split are found out where two trees of one size differ")
    func splitLog() async throws {
        let key = try Ed25519PrivateKey.generate()
        let journal = MemoryBallotJournal()
        try await Room.run(logKey: key) { room in
            let paper = try await room.voting("m1").ballotPaper(of: Room.poll, in: Room.meeting)
            _ = try await room.voting("m1", journal).cast(.yes, on: paper)
        }
        try await Room.run(logKey: key) { room in
            // What is shown comes by another client: the journal has seen nothing of this log.
            let paper = try await room.voting("m1").ballotPaper(of: Room.poll, in: Room.meeting)
            let error = await #expect(throws: CastError.self) {
                try await room.voting("m1", journal).cast(.yes, on: paper)
            }
            guard case .history(_, .rewritten)? = error else {
                Issue.record("it was \(String(describing: error))")
                return
            }
        }
    }

    @Test("Two histories of different sizes are found out, though each goes on from itself")
    func forks() async throws {
        let key = try Ed25519PrivateKey.generate()
        let journal = MemoryBallotJournal()
        try await Room.run(logKey: key) { room in
            try await room.voting("m1", journal).verifyHistory(of: Room.meeting)
        }
        try await Room.run(logKey: key) { room in
            let tablet = try room.tablet
            let other = try room.voting("m2", over: tablet)
            let paper = try await other.ballotPaper(of: Room.poll, in: Room.meeting)
            let counted = try await other.cast(.yes, on: paper)
            // A receipt of this log is kept beside the checkpoint of the other one.
            try journal.keep(counted.receipt.receipt.checkpoint, inPlaceOf: [])
            let error = await #expect(throws: HistoryError.self) {
                try await room.voting("m1", journal).verifyHistory(of: Room.meeting)
            }
            #expect(error?.isContradiction == true)
            let evidence = try #require(journal.evidence().first)
            #expect(evidence.kind == .contradiction)
            let notes = String(decoding: evidence.answer, as: UTF8.self)
            #expect(notes.components(separatedBy: "cabinet.example/meeting\n").count == 3)
        }
    }

    @Test("After a restoration that the member accepts, its lost ballot is entered again")
    func restoration() async throws {
        try await Room.run { room in
            let journal = MemoryBallotJournal()
            try await room.stop()
            let copy = try room.copyDatabase()
            try await room.start()
            let client = try room.voting("m1", journal)
            let paper = try await client.ballotPaper(of: Room.poll, in: Room.meeting)
            let lost = try await client.cast(.yes, on: paper)
            try await client.verifyHistory(of: Room.meeting)

            try await room.stop()
            try room.putBack(copy)
            try await room.start()
            let other = try room.voting("m2", over: try room.tablet)
            _ = try await other.cast(
                .no,
                on: other.ballotPaper(of: Room.poll, in: Room.meeting)
            )
            let error = await #expect(throws: BallotPaperError.self) {
                try await client.ballotPaper(of: Room.poll, in: Room.meeting)
            }
            guard case .history(let history)? = error, history.isContradiction else {
                Issue.record("it was \(String(describing: error))")
                return
            }
            try await client.acceptRestoration(of: Room.meeting)
            let results = try await client.deliverPending()
            let again = try #require(results.first).1.get()
            #expect(again.statement == lost.statement)
            #expect(again.receipt != lost.receipt)
            let found = try await client.ballotPaper(of: Room.poll, in: Room.meeting)
            #expect(found.counting?.statement == lost.statement)
            #expect(journal.evidence().count >= 2)
            #expect(try await room.ballotsInLog().count == 2)
        }
    }
}
