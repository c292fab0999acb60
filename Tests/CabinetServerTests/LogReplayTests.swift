import CabinetCrypto
import CabinetLedger
import CabinetModel
import CabinetStore
import ModelTestSupport
import TestSupport
import Testing

@testable import CabinetServer

/// A store whose contents are not what was written.
private final class TamperedStore: EventStore {
    let base: any EventStore
    var entry: (StoredEntry) -> StoredEntry? = { $0 }
    var log: (StoredLog) -> StoredLog = { $0 }

    init(_ base: any EventStore) {
        self.base = base
    }

    func logs() throws(StoreError) -> [StoredLog] { try base.logs().map(log) }

    func readEntries(
        of log: LogID,
        from first: UInt64,
        _ body: (StoredEntry) -> Bool
    ) throws(StoreError) {
        try base.readEntries(of: log, from: first) { stored in
            guard let changed = entry(stored) else { return true }
            return body(changed)
        }
    }

    func outcome(_ key: OutcomeKey) throws(StoreError) -> StoredOutcome? { try base.outcome(key) }
    func records(_ kind: RecordKind) throws(StoreError) -> [StoredRecord] {
        try base.records(kind)
    }
    func commit(_ batch: StoreBatch) throws(StoreError) { try base.commit(batch) }
    func reader() throws(StoreError) -> any EventReader { try base.reader() }
}

@Suite struct LogReplayTests {
    private func voted() throws -> (Chamber, TamperedStore) {
        let store = TamperedStore(MemoryEventStore())
        let chamber = try Chamber(store)
        try chamber.openPoll()
        _ = try chamber.cast(chamber.ballot(2, .vote(.yes, 1), id: 1))
        return (chamber, store)
    }

    @Test("What is read at start is what was there before")
    func identical() throws {
        let (chamber, _) = try voted()
        let before = try chamber.view
        try chamber.restart()
        #expect(chamber.damage.isEmpty)
        #expect(try chamber.view.state == before.state)
        #expect(try chamber.view.checkpoint == before.checkpoint)
    }

    @Test("Every flipped bit of an entry is found, and the entry named")
    func flippedBits() throws {
        let (chamber, store) = try voted()
        var generator = Seed.generator(0x10)
        let count = try chamber.view.state.entryCount
        for _ in 0..<200 {
            let index = UInt64.random(in: 0..<count, using: &generator)
            store.entry = { stored in
                guard stored.index == index else { return stored }
                var bytes = stored.bytes
                let bit = Int.random(in: 0..<bytes.count * 8, using: &generator)
                bytes[bit / 8] ^= 1 << (bit % 8)
                return StoredEntry(index: index, bytes: bytes, leafHash: stored.leafHash)
            }
            try chamber.restart()
            #expect(chamber.damage["meeting"]?.index == index)
            // Who takes part in it cannot be told any more.
            for (id, reason) in [
                ("admin" as PrincipalID, "LOG_DAMAGED"), ("m1", "MEETING_NOT_FOUND"),
                ("stranger", "MEETING_NOT_FOUND"),
            ] {
                let (order, reply) = chamber.order(.closePoll("poll"), by: chamber.caller(id))
                try chamber.process([order])
                #expect(reply.reason == reason)
            }
        }
        store.entry = { $0 }
        try chamber.restart()
        #expect(chamber.damage.isEmpty)
    }

    @Test("An entry that is replaced with its hash, is missing, or is one too many does not pass")
    func otherTampering() throws {
        let (chamber, store) = try voted()
        let count = try chamber.view.state.entryCount
        // Somebody who can write the database, and has no log key.
        store.entry = { stored in
            guard stored.index == count - 1 else { return stored }
            let bytes = stored.bytes + [0x98, 0x06, 0x01]
            return StoredEntry(
                index: stored.index,
                bytes: bytes,
                leafHash: LeafHash(entry: bytes).bytes
            )
        }
        try chamber.restart()
        #expect(chamber.damage["meeting"] != nil)
        store.entry = { $0.index == 4 ? nil : $0 }
        try chamber.restart()
        #expect(chamber.damage["meeting"]?.index == 4)
        store.entry = { $0.index == count - 1 ? nil : $0 }
        try chamber.restart()
        #expect(chamber.damage["meeting"]?.index == count - 1)
    }

    @Test("A checkpoint that was changed, or is an older one, does not pass")
    func checkpoints() throws {
        let (chamber, store) = try voted()
        store.log = { log in
            var checkpoint = log.checkpoint
            checkpoint[checkpoint.count / 2] ^= 1
            return StoredLog(id: log.id, entryCount: log.entryCount, checkpoint: checkpoint)
        }
        try chamber.restart()
        #expect(chamber.damage["meeting"] != nil)
        store.log = { $0 }
        let older = try #require(try store.logs().first).checkpoint
        try chamber.restart()
        try chamber.give(.closePoll("poll"), by: "m1")
        store.log = { StoredLog(id: $0.id, entryCount: $0.entryCount, checkpoint: older) }
        try chamber.restart()
        #expect(chamber.damage["meeting"] != nil)
    }

    @Test("A log that is a day ahead of the clock is not served, unless the meeting is over")
    func future() throws {
        let (chamber, _) = try voted()
        let last = try #require(try chamber.view.state.lastTime)
        let count = try chamber.view.state.entryCount
        let day: Int64 = 86_400_000
        try chamber.restart(startingAt: last.unixMilliseconds - day)
        #expect(chamber.damage.isEmpty)
        // The clock goes on from there, so that timers run.
        #expect(chamber.core.newestEntry == last)
        try chamber.restart(startingAt: last.unixMilliseconds - day - 1)
        #expect(chamber.damage["meeting"]?.index == count - 1)
        #expect(chamber.damage["meeting"]?.explanation.contains("24 hours") == true)
        #expect(chamber.core.newestEntry == nil)
        try chamber.restart()
        try chamber.give(.closePoll("poll"), by: "m1")
        try chamber.give(.adjournMeeting, by: "m1")
        try chamber.restart(startingAt: 1_000)
        #expect(chamber.damage.isEmpty)
        #expect(chamber.core.newestEntry == nil)
    }

    @Test("A server with another log key than the logs were begun with does not start, and says so")
    func otherKey() throws {
        let (chamber, store) = try voted()
        let error = #expect(throws: StoreError.self) {
            try Chamber(store)
        }
        #expect(error?.kind == .conflict)
        #expect(error?.explanation.contains("another log key") == true)
        #expect(chamber.damage.isEmpty)
    }

    @Test("A server with another name than the logs were begun with does not start, and says so")
    func otherName() throws {
        let key = try Ed25519PrivateKey.generate()
        let store = MemoryEventStore()
        let chamber = try Chamber(
            store,
            identity: LogIdentity(name: "cabinet.example", key: key)
        )
        try chamber.openPoll()
        let error = #expect(throws: StoreError.self) {
            try Chamber(store, identity: LogIdentity(name: "cabinet.exmaple", key: key))
        }
        #expect(error?.kind == .conflict)
    }
}
