import CabinetClient
import CabinetLedger
import CabinetModel
import CabinetTexts
import Foundation

/// A receipt as two files: the proof, and the bytes of the entry that it is of.
struct ReceiptFiles: Sendable {
    private let ballot: ProvenBallot
    /// Whose key proved it.
    private let installation: TrustedInstallation

    init(_ ballot: ProvenBallot, in installation: TrustedInstallation) {
        self.ballot = ballot
        self.installation = installation
    }

    /// `poll-1-5f2c9a01`.
    private var name: String {
        "\(ballot.statement.poll)-\(ballot.receiptID.prefix(8))"
    }

    /// Makes both files, or none.
    ///
    /// - Throws: ``Failure``, also where one is there already.
    func write(into folder: String) throws(Failure) -> ReceiptFilesReport {
        let path = URL(fileURLWithPath: folder).appending(path: name).path
        let proof = path + ".tlog-proof"
        let entry = path + ".entry"
        try Files.create(proof, with: try proofBytes())
        do {
            try Files.create(entry, with: ballot.receipt.entry)
        } catch {
            unlink(proof)
            throw error
        }
        return ReceiptFilesReport(
            ballot: ballot,
            proof: proof,
            entry: entry,
            installation: installation
        )
    }

    private func proofBytes() throws(Failure) -> [UInt8] {
        do throws(TlogProofError) {
            return try ballot.receipt.receipt.tlogProof().serialized
        } catch {
            throw Failure(reporting: error)
        }
    }
}

/// Where a receipt was written, as it is printed.
struct ReceiptFilesReport: Report {
    let ballot: ProvenBallot
    let proof: String
    let entry: String
    let installation: TrustedInstallation

    var json: JSONValue {
        .object(
            ballot.members + [.init("proof", .string(proof)), .init("entry", .string(entry))]
        )
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let texts = language.texts
        var facts = ballot.facts(texts)
        facts.add(texts.text(vi: "tệp chứng minh", en: "proof"), proof)
        facts.add(texts.text(vi: "tệp mục nhật ký", en: "entry's bytes"), entry)
        facts.add(
            texts.text(vi: "để xác minh", en: "to verify"),
            ToldCommand.verify(proof, installation)
        )
        return facts.lines(style)
    }
}
