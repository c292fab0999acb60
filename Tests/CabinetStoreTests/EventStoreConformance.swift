import CabinetStore
import TestSupport
import Testing

/// What every store has to do. A further store is added to ``Implementation``.
@Suite struct EventStoreConformance {
    enum Implementation: CaseIterable, Sendable {
        case memory, sqlite

        func with(_ body: (any EventStore) throws -> Void) throws {
            switch self {
            case .memory: try body(MemoryEventStore())
            case .sqlite: try Folder.with { try body(SQLiteEventStore(folder: $0.path)) }
            }
        }
    }

    private let log = LogID("2019-06-24")

    private func entries(_ range: Range<UInt64>) -> [StoredEntry] {
        range.map { index in
            StoredEntry(
                index: index,
                bytes: Array("entry \(index)".utf8),
                leafHash: Array(repeating: UInt8(truncatingIfNeeded: index), count: 32)
            )
        }
    }

    private func batch(_ range: Range<UInt64>, in log: LogID? = nil) -> StoreBatch {
        var batch = StoreBatch()
        batch.appends = [
            .init(
                log: log ?? self.log,
                entries: entries(range),
                checkpoint: Array("note \(range.upperBound)".utf8)
            )
        ]
        return batch
    }

    private func outcome(_ key: UInt8, _ response: [UInt8] = [1]) -> StoredOutcome {
        StoredOutcome(
            key: OutcomeKey(principal: "minister-1", key: Array(repeating: key, count: 16)),
            requestDigest: Array(repeating: key, count: 32),
            response: response
        )
    }

    private func read(
        _ store: any EventStore,
        _ log: LogID,
        from first: UInt64 = 0
    ) throws -> [StoredEntry] {
        var read: [StoredEntry] = []
        try store.readEntries(of: log, from: first) { entry in
            read.append(entry)
            return true
        }
        var besides: [StoredEntry] = []
        try store.reader().readEntries(of: log, from: first) { entry in
            besides.append(entry)
            return true
        }
        #expect(read == besides)
        return read
    }

    @Test("Several reads that are done together read what is there, and a commit may follow")
    func readingTogether() throws {
        for implementation in Implementation.allCases {
            try implementation.with { store in
                var first = batch(0..<1)
                first.outcomes = [outcome(1)]
                try store.commit(first)
                var found: [StoredOutcome?] = []
                try store.reading { () throws(StoreError) in
                    found.append(try store.outcome(outcome(1).key))
                    found.append(try store.outcome(outcome(2).key))
                }
                #expect(found == [outcome(1), nil])
                #expect(throws: StoreError.self) {
                    try store.reading { () throws(StoreError) in
                        throw StoreError(.io, "as when the disk fails")
                    }
                }
                try store.commit(batch(1..<2))
                #expect(try read(store, log).count == 2)
            }
        }
    }

    @Test("What was committed is read as it was written", arguments: Implementation.allCases)
    func roundTrip(_ implementation: Implementation) throws {
        try implementation.with { store in
            #expect(try store.logs() == [])
            try store.commit(batch(0..<3))
            try store.commit(batch(3..<4))
            try store.commit(batch(0..<1, in: LogID("other")))
            #expect(
                try store.logs() == [
                    StoredLog(id: log, entryCount: 4, checkpoint: Array("note 4".utf8)),
                    StoredLog(id: LogID("other"), entryCount: 1, checkpoint: Array("note 1".utf8)),
                ]
            )
            #expect(try read(store, log) == entries(0..<4))
            #expect(try read(store, log, from: 2) == entries(2..<4))
            #expect(try read(store, log, from: 4) == [])
            #expect(try read(store, log, from: .max) == [])
        }
    }

    @Test("A reader that wants no more gets no more", arguments: Implementation.allCases)
    func stop(_ implementation: Implementation) throws {
        try implementation.with { store in
            try store.commit(batch(0..<10))
            var count = 0
            try store.readEntries(of: log, from: 0) { _ in
                count += 1
                return count < 3
            }
            #expect(count == 3)
            // And what it left open is in nobody's way.
            try store.commit(batch(10..<11))
            #expect(try read(store, log).count == 11)
        }
    }

    @Test(
        "Bytes are kept exactly: empty ones, zeros, long ones",
        arguments: Implementation.allCases
    )
    func bytes(_ implementation: Implementation) throws {
        var generator = Seed.generator(1)
        let contents: [[UInt8]] = [[], [0], [0, 0xff, 0], generator.bytes(12_288)]
        try implementation.with { store in
            var batch = StoreBatch()
            let entries = contents.enumerated().map { index, bytes in
                StoredEntry(index: UInt64(index), bytes: bytes, leafHash: generator.bytes(32))
            }
            batch.appends = [.init(log: log, entries: entries, checkpoint: [])]
            batch.outcomes = [outcome(1, [])]
            batch.records = contents.enumerated().map {
                StoredRecord(kind: .principal, name: "p\($0)", bytes: $1)
            }
            try store.commit(batch)
            #expect(try read(store, log) == entries)
            #expect(try store.outcome(outcome(1).key)?.response == [])
            #expect(try store.records(.principal) == batch.records)
        }
    }

    @Test("An unknown log is an error", arguments: Implementation.allCases)
    func unknownLog(_ implementation: Implementation) throws {
        try implementation.with { store in
            let error = #expect(throws: StoreError.self) { try read(store, log) }
            #expect(error?.kind == .notFound)
            #expect(
                throws: StoreError(.notFound, "there is no log «2019-06-24»")
            ) { try store.reader().readEntries(of: log, from: 0) { _ in true } }
        }
    }

    @Test("A batch that does not fit is refused as a whole", arguments: Implementation.allCases)
    func conflicts(_ implementation: Implementation) throws {
        try implementation.with { store in
            var first = batch(0..<2)
            first.outcomes = [outcome(1)]
            try store.commit(first)

            var twice = batch(2..<3)
            twice.appends += twice.appends
            var empty = batch(2..<3)
            empty.appends[0].entries = []
            var gap = batch(2..<4)
            gap.appends[0].entries.remove(at: 0)
            var sameKey = batch(2..<3)
            sameKey.outcomes = [outcome(2), outcome(1)]
            var sameKeyTwice = batch(2..<3)
            sameKeyTwice.outcomes = [outcome(2), outcome(2)]
            // The good part comes before the bad one.
            var partly = batch(2..<3)
            partly.records = [StoredRecord(kind: .principal, name: "x", bytes: [1])]
            partly.appends.append(batch(1..<2, in: LogID("other")).appends[0])
            let bad = [
                batch(0..<1), batch(1..<3), batch(3..<4), batch(1..<2, in: LogID("new")), twice,
                empty, gap, sameKey, sameKeyTwice, partly,
            ]
            for batch in bad {
                let error = #expect(throws: StoreError.self) { try store.commit(batch) }
                #expect(error?.kind == .conflict)
                #expect(try store.logs().map(\.entryCount) == [2])
                #expect(try store.outcome(outcome(2).key) == nil)
                #expect(try store.records(.principal) == [])
            }
            // It goes on with what fits.
            try store.commit(self.batch(2..<3))
        }
    }

    @Test(
        "Outcomes are found by who gave the command, and its key",
        arguments: Implementation.allCases
    )
    func outcomes(_ implementation: Implementation) throws {
        try implementation.with { store in
            var batch = StoreBatch()
            let mine = outcome(1, [7])
            let theirs = StoredOutcome(
                key: OutcomeKey(principal: "minister-2", key: mine.key.key),
                requestDigest: Array(repeating: 9, count: 32),
                response: [8]
            )
            batch.outcomes = [mine, theirs]
            try store.commit(batch)
            #expect(try store.outcome(mine.key) == mine)
            #expect(try store.outcome(theirs.key) == theirs)
            #expect(try store.outcome(outcome(2).key) == nil)
        }
    }

    @Test("A record replaces the one of the same name", arguments: Implementation.allCases)
    func records(_ implementation: Implementation) throws {
        try implementation.with { store in
            func put(_ name: String, _ bytes: [UInt8]) throws {
                var batch = StoreBatch()
                batch.records = [StoredRecord(kind: .principal, name: name, bytes: bytes)]
                try store.commit(batch)
            }
            try put("b", [1])
            try put("a", [2])
            try put("b", [3])
            #expect(try store.records(.principal).map(\.name) == ["a", "b"])
            #expect(try store.records(.principal).map(\.bytes) == [[2], [3]])
        }
    }

    @Test(
        "A reader reads on its own thread while the writer writes",
        arguments: Implementation.allCases
    )
    func concurrentReader(_ implementation: Implementation) async throws {
        // The store itself stays on one thread at a time; the reader does not.
        let folder = try Folder()
        defer { folder.remove() }
        let store: any EventStore =
            switch implementation {
            case .memory: MemoryEventStore()
            case .sqlite: try SQLiteEventStore(folder: folder.path)
            }
        try store.commit(batch(0..<1))
        let reader = try store.reader()
        let log = log
        let reading = Task.detached {
            var seen = 0
            while seen < 200 {
                var count = 0
                try reader.readEntries(of: log, from: 0) { entry in
                    // Contiguous, whatever is written meanwhile.
                    guard entry.index == UInt64(count) else { return false }
                    count += 1
                    return true
                }
                #expect(count >= seen)
                seen = count
                await Task.yield()
            }
        }
        for index in 1..<200 as Range<UInt64> { try store.commit(batch(index..<index + 1)) }
        try await reading.value
    }
}
