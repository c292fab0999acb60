import CabinetLedger
import TestSupport
import Testing

@Suite struct LogFileTests {
    private static let fixture = try! LedgerFixture(size: 9)
    private static let file = try! bytes(of: fixture.entries)

    private static func bytes(of entries: [[UInt8]]) throws -> [UInt8] {
        let checkpoint = try fixture.signedCheckpoint()
        return try entries.enumerated().reduce(into: LogFile.beginning(with: checkpoint)) {
            $0 += try LogFile.piece(ofEntry: $1.element, at: UInt64($1.offset))
        }
    }

    /// Reads a file in parts of so many bytes.
    private func read(
        _ file: [UInt8],
        partBytes: Int = .max
    ) throws(LogFileError) -> (SignedCheckpoint?, [[UInt8]]) {
        var reader = LogFileReader()
        var entries: [[UInt8]] = []
        var rest = file[...]
        while !rest.isEmpty {
            reader.append(rest.prefix(partBytes))
            rest = rest.dropFirst(partBytes)
            while let entry = try reader.next() { entries.append(entry) }
        }
        try reader.finish()
        return (reader.checkpoint, entries)
    }

    private func error(of file: [UInt8]) -> LogFileError? {
        do {
            _ = try read(file)
            return nil
        } catch {
            return error
        }
    }

    @Test("What is written is read, in parts of any length")
    func roundTrip() throws {
        for partBytes in [1, 2, 3, 5, 16, 100, 4_096] {
            let (checkpoint, entries) = try read(Self.file, partBytes: partBytes)
            #expect(entries == Self.fixture.entries)
            #expect(try checkpoint == Self.fixture.signedCheckpoint())
        }
    }

    @Test("It has the bytes that proto/log-file.md says")
    func form() throws {
        let note = try Self.fixture.signedCheckpoint().serialized
        let magic = Array("e-cabinet/log/v1\n".utf8)
        #expect(
            Self.file.starts(
                with: magic + [0, 0, UInt8(note.count >> 8), UInt8(note.count & 255)] + note
            )
        )
        let last = try #require(Self.fixture.entries.last)
        #expect(Self.file.suffix(last.count + 4) == [0, 0, 0, UInt8(last.count)] + last)
    }

    @Test("A file that was cut off anywhere is said to be so")
    func truncated() {
        for count in 1..<Self.file.count {
            guard case .truncated? = error(of: Array(Self.file.prefix(count))) else {
                Issue.record("\(count) bytes of \(Self.file.count) pass")
                continue
            }
        }
        #expect(error(of: []) == .truncated(entryCount: 0, expected: nil))
    }

    @Test("What comes after the last entry is refused")
    func trailing() {
        #expect(error(of: Self.file + [0]) == .bytesAfterEnd(entryCount: 9))
    }

    @Test("Another format, or another version, is refused at once")
    func magic() {
        #expect(error(of: Array("e-cabinet/log/v2\n".utf8)) == .unknownFormat)
        #expect(error(of: [0x1f]) == .unknownFormat)
    }

    @Test("Lengths out of bounds are refused before anybody waits for the bytes")
    func limits() throws {
        let magic = LogFile.magic
        #expect(error(of: magic + [0, 2, 0, 1]) == .checkpointTooLong(byteCount: 131_073))
        #expect(error(of: magic + [0, 0, 0, 1, 0x41]) == .checkpoint(.note(.unterminatedLine)))
        let beginning = LogFile.beginning(with: try Self.fixture.signedCheckpoint())
        #expect(error(of: beginning + [0, 0, 0, 0]) == .entryEmpty(index: 0))
        #expect(
            error(of: beginning + [0xff, 0xff, 0xff, 0xff])
                == .entryTooLong(index: 0, byteCount: 4_294_967_295)
        )
        #expect(
            error(of: beginning + [0, 0, 0x30, 0x01])
                == .entryTooLong(index: 0, byteCount: 12_289)
        )
        #expect(throws: LogFileError.entryTooLong(index: 7, byteCount: 12_289)) {
            try LogFile.piece(ofEntry: Array(repeating: 0, count: 12_289), at: 7)
        }
        #expect(throws: LogFileError.entryEmpty(index: 7)) {
            try LogFile.piece(ofEntry: [], at: 7)
        }
    }

    @Test("Random bytes are refused with an error, and nothing else happens")
    func random() {
        var generator = Seed.generator(31)
        for _ in 0..<500 {
            var file = Self.file
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let position = Int.random(in: 0..<file.count, using: &generator)
                file[position] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? read(file, partBytes: Int.random(in: 1...64, using: &generator))
        }
    }
}
