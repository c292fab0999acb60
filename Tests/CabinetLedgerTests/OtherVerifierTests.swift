import CabinetLedger
import Foundation
import TestSupport
import Testing

/// scripts/verify-receipt, in Python, was written from the specifications. It and the library have
/// to agree on what is exported, and on what was changed after that.
@Suite(.enabled(if: OtherVerifier.isAvailable, "no python3 with the package «cryptography»"))
struct OtherVerifierTests {
    @Test("Both verify the receipts of every entry in trees of several sizes")
    func valid() throws {
        let other = try OtherVerifier()
        for (size, indices) in [(1, [0]), (2, [1]), (7, [0, 5, 6]), (11, [3, 8, 10])] {
            let fixture = try LedgerFixture(size: size)
            for index in indices {
                let receipt = try fixture.receipt(UInt64(index))
                let proof = try receipt.tlogProof().serialized
                #expect(accepts(proof, receipt.entry, fixture))
                #expect(try other.accepts(proof, receipt.entry, fixture))
            }
        }
    }

    @Test("Both accept a proof with extra data and a witness' signature")
    func additions() throws {
        let fixture = try LedgerFixture()
        let receipt = try fixture.receipt(4)
        var note = receipt.checkpoint.note
        try note.sign(with: fixture.witness)
        let proof = try TlogProof(
            extra: [1],
            index: 4,
            inclusionHashes: receipt.inclusionHashes,
            checkpoint: SignedCheckpoint(note)
        ).serialized
        #expect(accepts(proof, receipt.entry, fixture))
        #expect(try OtherVerifier().accepts(proof, receipt.entry, fixture))
    }

    @Test("Both refuse a receipt in which a byte was changed")
    func changed() throws {
        var generator = Seed.generator(9)
        let other = try OtherVerifier()
        let fixture = try LedgerFixture()
        let receipt = try fixture.receipt(5)
        let proof = try receipt.tlogProof().serialized
        for _ in 0..<16 {
            var changed = proof
            let position = Int.random(in: 0..<proof.count, using: &generator)
            changed[position] ^= UInt8.random(in: 1...255, using: &generator)
            #expect(!accepts(changed, receipt.entry, fixture), "byte \(position)")
            #expect(try !other.accepts(changed, receipt.entry, fixture), "byte \(position)")
        }
        #expect(!accepts(proof, receipt.entry + [0], fixture))
        #expect(try !other.accepts(proof, receipt.entry + [0], fixture))
    }

    private func accepts(_ proof: [UInt8], _ entry: [UInt8], _ fixture: LedgerFixture) -> Bool {
        do {
            _ = try Receipt(TlogProof(parsing: proof), entry: entry)
                .verified(origin: fixture.origin, logKey: fixture.signer.verifierKey)
            return true
        } catch {
            return false
        }
    }
}

/// Runs scripts/verify-receipt in a temporary folder.
final class OtherVerifier {
    static let isAvailable = run(["python3", "-c", "import cryptography"]).status == 0

    struct Failure: Error {
        let status: Int32
        let output: String
    }

    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("cabinet-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Whether the script accepts the receipt. That it refuses has to be its own finding.
    func accepts(_ proof: [UInt8], _ entry: [UInt8], _ fixture: LedgerFixture) throws -> Bool {
        let proofFile = folder.appendingPathComponent("receipt.tlog-proof")
        let entryFile = folder.appendingPathComponent("entry")
        try Data(proof).write(to: proofFile)
        try Data(entry).write(to: entryFile)
        let script = Vectors.packageRoot.appendingPathComponent("scripts/verify-receipt")
        let result = Self.run([
            script.path, "--key", fixture.signer.verifierKey.text, "--origin", fixture.origin.text,
            proofFile.path, entryFile.path,
        ])
        switch result.status {
        case 0 where result.output.hasPrefix("verified:"): return true
        case 1 where result.output.hasPrefix("not verified:"): return false
        default: throw Failure(status: result.status, output: result.output)
        }
    }

    private static func run(_ command: [String]) -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        do {
            try process.run()
            let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: output, as: UTF8.self))
        } catch {
            return (-1, "\(error)")
        }
    }
}
