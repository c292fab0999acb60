import CabinetCrypto
import CabinetLocks
import CabinetModel
import CabinetRPC
import CabinetStore
import ModelTestSupport
import Testing

@testable import CabinetServer

/// A store that fails at one commit, and whether it has written it then is the test's to say.
private final class FaultyStore: EventStore {
    private let base = MemoryEventStore()
    /// Of the next commit. It happens once.
    var fault: Fault?

    enum Fault {
        case beforeWriting, afterWriting
    }

    func logs() throws(StoreError) -> [StoredLog] { try base.logs() }

    func readEntries(
        of log: LogID,
        from first: UInt64,
        _ body: (StoredEntry) -> Bool
    ) throws(StoreError) {
        try base.readEntries(of: log, from: first, body)
    }

    func outcome(_ key: OutcomeKey) throws(StoreError) -> StoredOutcome? { try base.outcome(key) }

    func records(_ kind: RecordKind) throws(StoreError) -> [StoredRecord] {
        try base.records(kind)
    }

    func commit(_ batch: StoreBatch) throws(StoreError) {
        defer { fault = nil }
        if fault != .beforeWriting { try base.commit(batch) }
        if fault != nil { throw StoreError(.io, "the disk does not answer") }
    }

    func reader() throws(StoreError) -> any EventReader { try base.reader() }
}

/// What happens where a batch cannot be signed or stored: nobody is told anything, and a server that
/// starts again finds out what is true.
@Suite struct FailureTests {
    /// A log key that signs until it is broken.
    private final class BreakableKey: Sendable {
        private let key: Ed25519PrivateKey
        private let broken = Guarded(false)

        init() throws {
            key = try .generate()
        }

        func identity() throws -> LogIdentity {
            try LogIdentity(name: "cabinet.example", publicKey: key.ed25519PublicKey) {
                [self] text throws(SigningError) in
                guard !broken.withLock({ $0 }) else {
                    throw .device("the token does not answer")
                }
                return try key.sign(text)
            }
        }

        func breakDown() { broken.withLock { $0 = true } }
        func repair() { broken.withLock { $0 = false } }
    }

    @Test("Nothing is answered, shown or stored of a batch whose checkpoint cannot be signed")
    func unsignedCheckpoint() throws {
        let key = try BreakableKey()
        let chamber = try Chamber(identity: key.identity())
        try chamber.openPoll()
        let state = try chamber.view.state
        let logs = try chamber.store.logs()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        let (first, firstReply) = chamber.order(ballot)
        let (second, secondReply) = chamber.order(.openMeeting, by: chamber.caller("m1"))
        key.breakDown()
        let failure = #expect(throws: SequencerFailure.self) {
            try chamber.process([first, second])
        }
        guard case .signing? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(chamber.core.answeredCount == 0)
        #expect(firstReply.result == nil && secondReply.result == nil)
        #expect(try chamber.view.state == state)
        #expect(try chamber.store.logs() == logs)
        // A server that starts again takes the same ballot, once.
        key.repair()
        try chamber.restart()
        try chamber.expect(chamber.cast(ballot), isOf: ballot)
        #expect(try chamber.storedBallots() == [ballot])
    }

    @Test("A sequencer that cannot sign says so first, and answers nobody with success")
    func failStop() async throws {
        let key = try BreakableKey()
        let maker = try Chamber(identity: key.identity())
        let store = MemoryEventStore()
        try Chamber.fillDirectory(store)
        let now = maker.clock
        let failure = Guarded<String?>(nil)
        let (schedule, scheduled) = maker.order(try maker.schedule(), by: maker.caller("secretary"))
        key.breakDown()
        let sequencer = try Sequencer(
            store,
            identity: key.identity(),
            clock: { .at(now) },
            reportDamage: { Issue.record("damaged: \($0): \($1)") },
            fail: { error in
                failure.withLock { $0 = "\(error)" }
                #expect(scheduled.result == nil)
            }
        )
        sequencer.submit(schedule, byteCount: 100)
        await sequencer.shutDown()
        #expect(failure.withLock { $0 }?.contains("a checkpoint could not be signed") == true)
        guard case .failure(let error)? = scheduled.result else {
            Issue.record("answered")
            return
        }
        #expect(error.code == .unavailable && !error.isNotProcessed)
    }

    @Test(
        "A commit that fails is answered to nobody, whether it was written or not",
        arguments: [true, false]
    )
    func failedCommit(isWritten: Bool) throws {
        let store = FaultyStore()
        let chamber = try Chamber(store)
        try chamber.openPoll()
        let checkpoint = try chamber.view.checkpoint
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        let (order, reply) = chamber.order(ballot)
        store.fault = isWritten ? .afterWriting : .beforeWriting
        #expect(throws: SequencerFailure.self) { try chamber.process([order]) }
        #expect(reply.result == nil)
        #expect(try chamber.view.checkpoint == checkpoint)
        try chamber.restart()
        #expect(chamber.damage.isEmpty)
        #expect(try chamber.storedBallots().count == (isWritten ? 1 : 0))
        try chamber.expect(chamber.cast(ballot), isOf: ballot)
        #expect(try chamber.storedBallots() == [ballot])
    }
}
