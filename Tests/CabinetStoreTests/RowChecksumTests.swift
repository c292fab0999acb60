import Foundation
import TestSupport
import Testing

@testable import CabinetStore

/// Outcomes and records that a disk or a memory has changed.
@Suite struct RowChecksumTests {
    private func outcome(_ number: UInt8, _ bytes: [UInt8]) -> StoredOutcome {
        StoredOutcome(
            key: OutcomeKey(
                principal: "minister-\(number)",
                key: Array(repeating: number, count: 16)
            ),
            requestDigest: Array(bytes.prefix(32)),
            response: bytes
        )
    }

    private func path(_ folder: Folder) -> URL {
        URL(fileURLWithPath: "\(folder.path)/\(SQLiteEventStore.fileName)")
    }

    private func python(_ folder: Folder, _ sql: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2])",
            path(folder).path, sql,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test("The checksum is that of the standard")
    func vector() {
        var checksum = CRC32C()
        checksum.update(Array("123456789".utf8))
        #expect(checksum.value == 0xe306_9283)
        #expect(CRC32C().value == 0)
    }

    @Test("Every flipped bit of an outcome or a record is found at start, and the row named")
    func flippedBits() throws {
        var generator = Seed.generator(0x12)
        try Folder.with { folder in
            var needles: [[UInt8]] = []
            do {
                let store = try SQLiteEventStore(folder: folder.path)
                var batch = StoreBatch()
                for number in 1...20 as ClosedRange<UInt8> {
                    let bytes = generator.bytes(60)
                    let outcome = outcome(number, bytes)
                    batch.outcomes.append(outcome)
                    let record = StoredRecord(
                        kind: .principal,
                        name: "person-\(number)",
                        bytes: generator.bytes(60)
                    )
                    batch.records.append(record)
                    needles += [
                        bytes, outcome.key.key, Array(outcome.key.principal.utf8), record.bytes,
                        Array(record.name.utf8),
                    ]
                }
                try store.commit(batch)
            }
            let intact = try Data(contentsOf: path(folder))
            for _ in 0..<200 {
                let needle = try #require(needles.randomElement(using: &generator))
                let range = try #require(intact.range(of: Data(needle)))
                let bit = Int.random(in: 0..<needle.count * 8, using: &generator)
                var flipped = intact
                flipped[range.lowerBound + bit / 8] ^= 1 << (bit % 8)
                try flipped.write(to: path(folder))
                let error = #expect(throws: StoreError.self) {
                    try SQLiteEventStore(folder: folder.path)
                }
                #expect(error?.kind == .damaged)
            }
            try intact.write(to: path(folder))
            let store = try SQLiteEventStore(folder: folder.path)
            #expect(try store.records(.principal).count == 20)
        }
    }

    @Test("What has changed while the store is open is found when it is read")
    func changedMeanwhile() throws {
        try Folder.with { folder in
            let store = try SQLiteEventStore(folder: folder.path)
            let kept = outcome(1, Array(repeating: 9, count: 40))
            var batch = StoreBatch()
            batch.outcomes = [kept, outcome(2, Array(repeating: 8, count: 40))]
            try store.commit(batch)
            try python(folder, "UPDATE outcome SET response = x'00' WHERE principal = 'minister-2'")
            #expect(try store.outcome(kept.key) == kept)
            let error = #expect(throws: StoreError.self) {
                try store.outcome(batch.outcomes[1].key)
            }
            #expect(error?.kind == .damaged)
            #expect(error?.explanation.contains("«minister-2»") == true)
        }
    }

    @Test("A file of the first format gets its checksums when it is opened")
    func migration() throws {
        try Folder.with { folder in
            let first = SQLiteSchema.eventStore.migrations[0]
            try python(
                folder,
                """
                \(first)
                INSERT INTO outcome VALUES ('minister-1', x'\(hex(1, 16))', x'\(hex(9, 32))', x'0908');
                INSERT INTO record VALUES (1, 'minister-1', x'070605');
                PRAGMA application_id = \(SQLiteSchema.eventStore.applicationID);
                PRAGMA user_version = 1;
                """
            )
            let key = OutcomeKey(principal: "minister-1", key: Array(repeating: 1, count: 16))
            do {
                let store = try SQLiteEventStore(folder: folder.path)
                #expect(
                    try store.outcome(key)
                        == StoredOutcome(
                            key: key,
                            requestDigest: Array(repeating: 9, count: 32),
                            response: [9, 8]
                        )
                )
                #expect(
                    try store.records(.principal)
                        == [StoredRecord(kind: .principal, name: "minister-1", bytes: [7, 6, 5])]
                )
            }
            try python(folder, "UPDATE record SET bytes = x'070604'")
            let error = #expect(throws: StoreError.self) {
                try SQLiteEventStore(folder: folder.path)
            }
            #expect(error?.kind == .damaged)
            #expect(error?.explanation.contains("the record «minister-1»") == true)
        }
    }

    private func hex(_ byte: UInt8, _ count: Int) -> String {
        String(
            repeating: byte < 16 ? "0\(String(byte, radix: 16))" : String(byte, radix: 16),
            count: count
        )
    }
}
