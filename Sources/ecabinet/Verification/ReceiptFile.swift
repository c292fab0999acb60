import CabinetClient
import CabinetLedger
import CabinetTexts

/// A receipt in two files, verified without a server.
enum ReceiptFile {
    /// What a proof begins with (C2SP tlog-proof).
    static let magic = Array("c2sp.org/tlog-proof@".utf8)

    private static let proofEnding = ".tlog-proof"

    static func proof(_ path: String) throws(Failure) -> TlogProof {
        let bytes = try Files.read(path, atMost: LedgerLimits.maximumTlogProofBytes)
        do throws(TlogProofError) {
            return try TlogProof(parsing: bytes)
        } catch {
            throw Failure(unverifiedReceipt: path, "\(error)", reason: "RECEIPT_MALFORMED")
        }
    }

    /// Verifies a proof with its entry.
    ///
    /// - Parameter entryPath: The file of the entry; `nil` for the one beside the proof.
    static func verify(
        _ path: String,
        entry entryPath: String?,
        in installation: TrustedInstallation
    ) throws(Failure) -> any Report {
        let proof = try proof(path)
        let entryPath = if let entryPath { entryPath } else { try besideProof(path) }
        let entry = try Files.read(entryPath, atMost: LedgerLimits.maximumEntryBytes)
        let origin = proof.checkpoint.unverified.origin
        guard let log = installation.log(origin) else {
            throw Failure(otherInstallation: path, origin, installation)
        }
        let receipt: Receipt
        do throws(ReceiptError) {
            receipt = try Receipt(proof, entry: entry)
        } catch {
            throw Failure(unverifiedReceipt: path, "\(error)", reason: "RECEIPT_UNVERIFIED")
        }
        do throws(ReceiptProblem) {
            return ReceiptReport(ballot: try ProvenBallot(verifying: receipt, in: installation))
        } catch .noBallot {
            return try otherEntry(receipt, log, path)
        } catch {
            throw Failure(unverified: path, error)
        }
    }

    /// A receipt of an entry that is no ballot.
    private static func otherEntry(
        _ receipt: Receipt,
        _ log: TrustedLog,
        _ path: String
    ) throws(Failure) -> any Report {
        do throws(ReceiptError) {
            return EntryReport(
                verified: try receipt.verified(origin: log.origin, logKey: log.key)
            )
        } catch {
            throw Failure(unverifiedReceipt: path, "\(error)", reason: "RECEIPT_UNVERIFIED")
        }
    }

    private static func besideProof(_ path: String) throws(Failure) -> String {
        guard path.hasSuffix(proofEnding) else {
            throw Failure(
                .usage,
                "ENTRY_MISSING",
                Phrase(
                    "\(path) is a proof, and the entry that it is of is missing",
                    vi: "\(path) là tệp chứng minh, còn thiếu tệp mục nhật ký"
                ),
                advice: Phrase(
                    "name the file with the entry's bytes with --entry",
                    vi: "hãy ghi tệp mục nhật ký bằng --entry"
                )
            )
        }
        return path.dropLast(proofEnding.count) + ".entry"
    }
}

extension Failure {
    fileprivate init(unverifiedReceipt path: String, _ explanation: String, reason: String) {
        self.init(
            .badData,
            reason,
            Phrase("not verified: \(path)", vi: "không xác minh được: \(path)"),
            because: Phrase(technical: explanation),
            advice: Phrase(
                "it proves nothing; get it anew from who holds it",
                vi: "tệp này không chứng minh được gì; hãy lấy lại từ nơi lưu giữ"
            ),
            attributes: [.init("file", .string(path))]
        )
    }
}

/// An entry that is proven to be in a log and is no ballot, as it is printed.
private struct EntryReport: Report {
    let verified: VerifiedReceipt

    var json: JSONValue {
        let head = verified.checkpoint.checkpoint
        return .object([
            .init("verified", .bool(true)),
            .init("index", .unsigned(verified.index)),
            .init("origin", .string(head.origin.text)),
            .init("tree_size", .unsigned(head.treeSize)),
            .init("root_hash", .string("\(head.rootHash)")),
        ])
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let texts = language
        let title = texts.text(
            vi: "đã xác minh: mục nhật ký này không phải phiếu biểu quyết",
            en: "verified: an entry that is no ballot"
        )
        return [style.paint(title, .green, .bold)] + verified.explanation(in: texts)
    }
}
