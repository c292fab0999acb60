import CabinetAPI
import CabinetClient
import CabinetLedger
import LogTestSupport
import Testing

/// What comes of a log from a server that nobody trusts.
@Suite struct ExportedLogTests {
    private static let entries = (0..<5).map { [UInt8](repeating: UInt8($0), count: 40) }
    private static let checkpoint = try! SignedMaterials.checkpoint(of: entries)

    private static func part(
        _ range: Range<Int>,
        at index: Int? = nil,
        _ checkpoint: SignedCheckpoint? = nil
    ) -> ExportLogResponse {
        ExportLogResponse(
            firstIndex: UInt64(index ?? range.lowerBound),
            entries: range.map { entries[$0 % entries.count] },
            checkpoint: checkpoint.map { CabinetAPI.Checkpoint(note: $0.serialized) }
        )
    }

    private func failure(_ parts: [ExportLogResponse]) -> LogExportError? {
        var log = ExportedLog(of: Self.checkpoint.unverified.origin)
        do throws(LogExportError) {
            for part in parts { _ = try log.take(part) }
            _ = try log.finish()
            return nil
        } catch {
            return error
        }
    }

    @Test("Parts in their order are the log file")
    func whole() throws {
        var log = ExportedLog(of: Self.checkpoint.unverified.origin)
        let bytes =
            try log.take(Self.part(0..<2, Self.checkpoint)) + log.take(Self.part(2..<5))
        #expect(try log.finish() == Self.checkpoint)
        #expect(bytes == (try SignedMaterials.file(of: Self.entries)))
    }

    @Test("What comes after the checkpoint's last entry is not taken")
    func bound() {
        let first = Self.part(0..<3, Self.checkpoint)
        let goesOn = LogExportError.beyondCheckpoint(treeSize: 5)
        #expect(failure([first, Self.part(3..<5)]) == nil)
        #expect(failure([first, Self.part(3..<6)]) == goesOn)
        #expect(failure([first, Self.part(3..<5), Self.part(5..<6)]) == goesOn)
        #expect(failure([Self.part(0..<6, Self.checkpoint)]) == goesOn)
    }

    @Test("A part without entries is not taken: a server could send them for ever")
    func emptyParts() {
        let first = Self.part(0..<3, Self.checkpoint)
        let whole = Self.part(0..<5, Self.checkpoint)
        #expect(failure([Self.part(0..<0, Self.checkpoint)]) == .empty(entry: 0))
        #expect(failure([first, Self.part(3..<3)]) == .empty(entry: 3))
        #expect(failure([whole, Self.part(5..<5)]) == .empty(entry: 5))
    }

    @Test("A log that ends early, has a gap or goes back is not taken")
    func gaps() {
        let first = Self.part(0..<3, Self.checkpoint)
        #expect(failure([first]) == .ended(entryCount: 3))
        #expect(failure([]) == .ended(entryCount: 0))
        #expect(failure([first, Self.part(4..<5)]) == .missing(entry: 3))
        #expect(failure([first, Self.part(2..<4)]) == .missing(entry: 3))
        #expect(failure([Self.part(1..<5, Self.checkpoint)]) == .missing(entry: 0))
        #expect(failure([Self.part(0..<5)]) == .noCheckpoint)
    }

    @Test("The log of another meeting is not taken, however sound it is")
    func otherLog() throws {
        let other = try #require(NoteLine(utf8: Array("cabinet.example/another".utf8)))
        var log = ExportedLog(of: other)
        let origin = Self.checkpoint.unverified.origin
        #expect(throws: LogExportError.otherLog(origin: origin)) {
            try log.take(Self.part(0..<5, Self.checkpoint))
        }
    }

    @Test("A checkpoint of more entries than any log has is not believed")
    func tooLong() throws {
        let signer = SignedMaterials.signer
        let treeSize = ExportedLog.maximumEntries + 1
        let made = CabinetLedger.Checkpoint(
            origin: signer.verifierKey.name.line,
            treeSize: treeSize,
            rootHash: Self.checkpoint.unverified.rootHash
        )
        let checkpoint = try SignedCheckpoint(#require(made), signedBy: signer)
        #expect(failure([Self.part(0..<2, checkpoint)]) == .tooLong(treeSize: treeSize))
    }
}
