import CabinetAPI
import CabinetCodec
import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import CabinetServer

/// What auditors and members take away from a server is verified without it, by the library and by
/// programs that know nothing of it.
@Suite struct ExportTests {
    /// A meeting that has come to a verdict, and the receipts of its ballots.
    private func vote(_ node: ServedNode) async throws -> [CabinetLedger.Receipt] {
        try await node.openPoll()
        var receipts: [CabinetLedger.Receipt] = []
        for (number, name) in ["m1", "m2", "m3"].enumerated() {
            let choice: CabinetModel.Choice = name == "m2" ? .no : .yes
            let (ballot, options) = try await node.ballot(name, .vote(choice, 1), id: number)
            let response = try await node.voting(name)
                .castBallot(CastBallotRequest(ballot: ballot), options: options)
            receipts.append(try CabinetLedger.Receipt(try #require(response.receipt)))
        }
        _ = try await node.voting("m1").closePoll(
            ClosePollRequest(meetingID: "meeting", pollID: "poll")
        )
        return receipts
    }

    /// The log key, as the installation publishes it.
    private func logKey(_ node: ServedNode) async throws -> NoteVerifierKey {
        let first = try await node.ledger("auditor").getReceipt(
            GetReceiptRequest(meetingID: "meeting", entry: .index(0))
        )
        let entry = try LedgerEntry(serialized: try #require(first.receipt).entry)
        guard case .logOpened(let opened)? = entry.body else {
            throw RPCError(.dataLoss, "the log does not begin with its opening")
        }
        return NoteVerifierKey(
            name: try #require(NoteKeyName(opened.origin)),
            publicKey: try Ed25519PublicKey(opened.logPublicKey)
        )
    }

    @Test("The stream of an export, written into a file, is a whole meeting that verifies")
    func export() async throws {
        try await ServedNode.run { node in
            _ = try await vote(node)
            var file: [UInt8] = []
            let export = try await node.ledger("auditor").exportLog(
                ExportLogRequest(meetingID: "meeting")
            )
            for try await part in export {
                if let note = part.checkpoint?.note {
                    #expect(file.isEmpty)
                    file = LogFile.beginning(with: try SignedCheckpoint(parsing: note))
                }
                for (offset, entry) in part.entries.enumerated() {
                    file += try LogFile.piece(ofEntry: entry, at: part.firstIndex + UInt64(offset))
                }
            }
            let key = try await logKey(node)
            let report = try AuditReport(auditing: [file], logKey: key)
            #expect(report.polls.map(\.verdict?.outcome) == [.carried])
            #expect(report.polls.map(\.castBallots) == [3])
            try otherProgram(file, key, finds: report)
        }
    }

    private func otherProgram(
        _ file: [UInt8],
        _ key: NoteVerifierKey,
        finds report: AuditReport
    ) throws {
        guard Script.hasCryptography else { return }
        // The log's own key, and that of the installation, from which it follows.
        let installation = NoteVerifierKey(
            name: try #require(NoteKeyName("cabinet.example")),
            publicKey: key.publicKey
        )
        let line = try #require("\(report)".split(separator: "\n").last)
        for key in [key, installation] {
            let (status, output) = try Script.run(
                "verify-log",
                ["--key", key.text],
                file: file
            )
            #expect(status == 0)
            #expect(output.split(separator: "\n").last == line)
        }
    }

    @Test(
        "A member's receipt is a tlog-proof that another program verifies",
        .enabled(if: Script.hasCryptography, "no python3 with the package «cryptography»")
    )
    func receipts() async throws {
        try await ServedNode.run { node in
            let receipts = try await vote(node)
            let key = try await logKey(node)
            for receipt in receipts {
                let folder = try TemporaryFolder()
                defer { folder.remove() }
                try folder.write(receipt.tlogProof().serialized, "receipt.tlog-proof")
                let (status, output) = try Script.run(
                    "verify-receipt",
                    [
                        "--key", key.text, "--origin", key.name.line.text,
                        folder.path("receipt.tlog-proof"),
                    ],
                    file: receipt.entry
                )
                #expect(status == 0)
                #expect(output.hasPrefix("verified: the entry is in the log at index "))
            }
        }
    }

    @Test(
        "A ballot of the log exports as a detached CMS file that openssl verifies, and no other's"
    )
    func detachedSignatures() async throws {
        try await ServedNode.run { node in
            let receipts = try await vote(node)
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            try folder.write(Array(node.signingAuthority().utf8), "ca.pem")
            // OpenSSL's command verifies no Ed25519 in CMS files; the third member has such a key.
            for receipt in receipts.prefix(2) {
                var coding = EntryCoding()
                let entry = try coding.parse(receipt.entry, at: receipt.index)
                guard case .ballotCast(let ballot, _) = entry.body else {
                    Issue.record("a receipt of something else")
                    continue
                }
                let signature = DetachedSignature(
                    certificate: try SignerCertificate(der: ballot.certificate),
                    signature: ballot.signature
                )
                try folder.write(signature.der, "ballot.p7s")
                try folder.write(ballot.signedMessage, "ballot")
                #expect(try folder.verifies())
                try folder.write(ballot.signedMessage + [0], "ballot")
                #expect(try !folder.verifies())
            }
        }
    }
}

/// A folder for a test, with the openssl command in it.
private struct TemporaryFolder {
    private let url = FileManager.default.temporaryDirectory
        .appendingPathComponent("cabinet-export-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: url.appendingPathComponent(name))
    }

    /// Whether openssl accepts the ballot.
    func verifies() throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "ballot.p7s",
            "-content", "ballot", "-CAfile", "ca.pem", "-purpose", "any", "-out", "/dev/null",
        ]
        process.currentDirectoryURL = url
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
