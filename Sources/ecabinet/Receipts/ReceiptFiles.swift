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
        // Both are on the disk before the first has its name.
        let proofFile = try NewFile(proof, existing: .stays)
        try proofFile.write(try proofBytes())
        let entryFile = try NewFile(entry, existing: .stays)
        try entryFile.write(ballot.receipt.entry)
        try proofFile.finish()
        do {
            try entryFile.finish()
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
        var facts = ballot.facts(language)
        facts.add(language.text(vi: "tệp chứng minh", en: "proof"), proof)
        facts.add(language.text(vi: "tệp mục nhật ký", en: "entry's bytes"), entry)
        facts.add(
            language.text(vi: "để xác minh", en: "to verify"),
            ToldCommand.verify(proof, installation)
        )
        return facts.lines(style)
    }
}
