import CabinetStore
import Foundation
import TestSupport
import Testing

/// What is particular to the embedded store: its files, and who may have them.
@Suite struct SQLiteEventStoreTests {
    private func sqlite(_ folder: Folder, _ sql: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2])",
            "\(folder.path)/\(SQLiteEventStore.fileName)", sql,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    private func batch(_ index: UInt64, _ byteCount: Int = 100) -> StoreBatch {
        var batch = StoreBatch()
        batch.appends = [
            .init(
                log: LogID("log"),
                entries: [
                    StoredEntry(
                        index: index,
                        bytes: Array(repeating: UInt8(truncatingIfNeeded: index), count: byteCount),
                        leafHash: Array(repeating: 0, count: 32)
                    )
                ],
                checkpoint: [UInt8(truncatingIfNeeded: index)]
            )
        ]
        return batch
    }

    @Test("What was committed is there when the store is opened again")
    func reopen() throws {
        try Folder.with { folder in
            for index in 0..<5 as Range<UInt64> {
                let store = try SQLiteEventStore(folder: folder.path)
                #expect(try store.logs().first?.entryCount ?? 0 == index)
                try store.commit(batch(index))
            }
        }
    }

    /// What a process that was killed leaves: the files as they are, and maybe not synced.
    private func killed(_ body: (Folder) throws -> Void) throws {
        try Folder.with { folder in
            let store = try SQLiteEventStore(folder: folder.path)
            for index in 0..<5 as Range<UInt64> { try store.commit(batch(index)) }
            try Folder.with { left in
                for suffix in ["", "-wal"] {
                    let name = SQLiteEventStore.fileName + suffix
                    try FileManager.default.copyItem(
                        atPath: "\(folder.path)/\(name)",
                        toPath: "\(left.path)/\(name)"
                    )
                }
                try body(left)
            }
            try withExtendedLifetime(store) { try store.commit(batch(5)) }
        }
    }

    @Test("What a killed process wrote is copied from the log and synced before anything is read")
    func durableBeforeRead() throws {
        try killed { folder in
            let store = try SQLiteEventStore(folder: folder.path)
            let path = "\(folder.path)/\(SQLiteEventStore.fileName)"
            #expect(try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).isEmpty)
            // The database has all of it, without its log.
            try Folder.with { other in
                try FileManager.default.copyItem(
                    atPath: path,
                    toPath: "\(other.path)/\(SQLiteEventStore.fileName)"
                )
                let copy = try SQLiteEventStore(folder: other.path)
                #expect(try copy.logs().first?.entryCount == 5)
            }
            try withExtendedLifetime(store) { try store.commit(batch(5)) }
        }
    }

    @Test("A program that reads the log of a killed process keeps the store from starting")
    func busyCheckpoint() throws {
        try killed { folder in
            let reader = Process()
            reader.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            reader.arguments = [
                "-c",
                """
                import sqlite3, sys
                c = sqlite3.connect(sys.argv[1], isolation_level=None)
                c.execute("BEGIN")
                c.execute("SELECT count(*) FROM log").fetchall()
                print("reads", flush=True)
                sys.stdin.read()
                """,
                "\(folder.path)/\(SQLiteEventStore.fileName)",
            ]
            let input = Pipe()
            let output = Pipe()
            reader.standardInput = input
            reader.standardOutput = output
            try reader.run()
            #expect(!output.fileHandleForReading.availableData.isEmpty)
            let error = #expect(throws: StoreError.self) {
                try SQLiteEventStore(folder: folder.path)
            }
            #expect(error?.kind == .locked)
            try input.fileHandleForWriting.close()
            reader.waitUntilExit()
            let store = try SQLiteEventStore(folder: folder.path)
            #expect(try store.logs().first?.entryCount == 5)
        }
    }

    @Test("The write-ahead log does not grow without end")
    func checkpoints() throws {
        try Folder.with { folder in
            let store = try SQLiteEventStore(folder: folder.path)
            for index in 0..<60 as Range<UInt64> { try store.commit(batch(index, 400_000)) }
            let path = "\(folder.path)/\(SQLiteEventStore.fileName)-wal"
            let log = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            #expect(try #require(log) < 8 << 20)
            #expect(try store.logs().first?.entryCount == 60)
        }
    }

    @Test(
        "A folder is free again although a process that is being started still has the lock's file"
    )
    func unlocked() throws {
        try Folder.with { folder in
            var store: SQLiteEventStore? = try SQLiteEventStore(folder: folder.path)
            let path = "\(folder.path)/lock"
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
                .compactMap(Int32.init)
                .first {
                    let target = try? FileManager.default
                        .destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
                    return target == path
                }
            // What a child has between fork and exec.
            let inherited = dup(try #require(open))
            defer { close(inherited) }
            withExtendedLifetime(store) {}
            store = nil
            #expect(throws: Never.self) { try SQLiteEventStore(folder: folder.path) }
        }
    }

    @Test("A folder is one store's at a time")
    func locked() throws {
        try Folder.with { folder in
            let first = try SQLiteEventStore(folder: folder.path)
            let error = #expect(throws: StoreError.self) {
                try SQLiteEventStore(folder: folder.path)
            }
            #expect(error?.kind == .locked)
            #expect(error?.explanation.contains(folder.path) == true)
            try withExtendedLifetime(first) { try first.commit(batch(0)) }
        }
    }

    @Test("A folder that is not there, or not to be written, is named")
    func unreachable() throws {
        let missing = #expect(throws: StoreError.self) {
            try SQLiteEventStore(folder: "/nonexistent/folder")
        }
        #expect(missing?.kind == .cannotOpen)
        #expect(missing?.explanation.contains("/nonexistent/folder") == true)
    }

    @Test("The database of another program, and that of a later version, are left alone")
    func unknownFormat() throws {
        try Folder.with { folder in
            try sqlite(folder, "CREATE TABLE photos (name TEXT)")
            let error = #expect(throws: StoreError.self) {
                try SQLiteEventStore(folder: folder.path)
            }
            #expect(error?.kind == .unknownFormat)
        }
        try Folder.with { folder in
            _ = try SQLiteEventStore(folder: folder.path)
            try sqlite(folder, "PRAGMA user_version = 99")
            let error = #expect(throws: StoreError.self) {
                try SQLiteEventStore(folder: folder.path)
            }
            #expect(error?.kind == .unknownFormat)
            #expect(error?.explanation.contains("newer software") == true)
        }
        try Folder.with { folder in
            try Data("no database at all, but long enough to be one".utf8)
                .write(to: URL(fileURLWithPath: "\(folder.path)/\(SQLiteEventStore.fileName)"))
            let error = #expect(throws: StoreError.self) {
                try SQLiteEventStore(folder: folder.path)
            }
            #expect(error?.kind == .unknownFormat)
        }
    }

    @Test("A damaged file is found damaged, or gives what was written: nothing else, and no trap")
    func damaged() throws {
        var generator = Seed.generator(2)
        try Folder.with { folder in
            let path = URL(fileURLWithPath: "\(folder.path)/\(SQLiteEventStore.fileName)")
            do {
                let store = try SQLiteEventStore(folder: folder.path)
                for index in 0..<50 as Range<UInt64> { try store.commit(batch(index, 500)) }
            }
            let intact = try Data(contentsOf: path)
            for _ in 0..<60 {
                var bytes = intact
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                try bytes.write(to: path)
                do throws(StoreError) {
                    let store = try SQLiteEventStore(folder: folder.path)
                    for log in try store.logs() {
                        try store.readEntries(of: log.id, from: 0) { _ in true }
                    }
                } catch {
                    #expect([.damaged, .unknownFormat, .io, .cannotOpen].contains(error.kind))
                }
                for suffix in ["-wal", "-shm"] {
                    try? FileManager.default.removeItem(atPath: path.path + suffix)
                }
            }
        }
    }
}
