import CabinetAPI
import CabinetLedger
import LogTestSupport
import Testing

@testable import ecabinet

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

    private func failure(_ parts: [ExportLogResponse]) -> String? {
        var log = ExportedLog()
        do throws(Failure) {
            for part in parts { _ = try log.take(part) }
            _ = try log.finish()
            return nil
        } catch {
            return error.cause?.english ?? error.happened.english
        }
    }

    @Test("Parts in their order are the log file")
    func whole() throws {
        var log = ExportedLog()
        let bytes =
            try log.take(Self.part(0..<2, Self.checkpoint)) + log.take(Self.part(2..<2))
            + log.take(Self.part(2..<5))
        #expect(try log.finish() == Self.checkpoint)
        #expect(bytes == (try SignedMaterials.file(of: Self.entries)))
    }

    @Test("What comes after the checkpoint's last entry is not taken")
    func bound() {
        let first = Self.part(0..<3, Self.checkpoint)
        let goesOn = "the log goes on after 5 entries"
        #expect(failure([first, Self.part(3..<5)]) == nil)
        #expect(failure([first, Self.part(3..<6)])?.contains(goesOn) == true)
        #expect(failure([first, Self.part(3..<5), Self.part(5..<6)])?.contains(goesOn) == true)
        #expect(failure([Self.part(0..<6, Self.checkpoint)])?.contains(goesOn) == true)
    }

    @Test("A log that ends early, has a gap or goes back is not taken")
    func gaps() {
        let first = Self.part(0..<3, Self.checkpoint)
        #expect(failure([first])?.contains("the log ends after 3 entries") == true)
        #expect(failure([])?.contains("the log ends after 0 entries") == true)
        #expect(failure([first, Self.part(4..<5)])?.contains("entry 3 of the log") == true)
        #expect(failure([first, Self.part(2..<4)])?.contains("entry 3 of the log") == true)
        #expect(failure([Self.part(0..<5)]) != nil)
    }

    @Test("A checkpoint of more entries than any log has is not believed")
    func tooLong() throws {
        let signer = SignedMaterials.signer
        let made = CabinetLedger.Checkpoint(
            origin: signer.verifierKey.name.line,
            treeSize: ExportedLog.maximumEntries + 1,
            rootHash: Self.checkpoint.unverified.rootHash
        )
        let checkpoint = try SignedCheckpoint(#require(made), signedBy: signer)
        #expect(failure([Self.part(0..<2, checkpoint)])?.contains("is to have 1001001") == true)
    }
}
