import CabinetClient
import CabinetClientTexts
import CabinetMapping
import CabinetModel
import CabinetTexts

extension [JournalledBallot] {
    /// The ballot that is meant on the command line.
    ///
    /// - Parameter name: Its id, the beginning of that, or the poll: the latest in it that counts, or else the
    ///   latest.
    func named(_ name: String) throws(Failure) -> JournalledBallot {
        let inPoll = filter { $0.statement.poll.text == name }
        if let meant = inPoll.last(where: \.isCounted) ?? inPoll.last { return meant }
        let prefix = name.lowercased()
        let found = filter { Hexadecimal.text($0.statement.ballot.bytes).hasPrefix(prefix) }
        guard let first = found.first else { throw Failure(noReceipt: name) }
        guard found.count == 1 else {
            let ids = found.map { Hexadecimal.text($0.statement.ballot.bytes) }
            throw Failure(
                .usage,
                "RECEIPT_UNCLEAR",
                Phrase(
                    "«\(name)» is the beginning of several receipts",
                    vi: "«\(name)» là phần đầu của nhiều biên nhận"
                ),
                because: Phrase(untranslated: ids.joined(separator: "\n")),
                advice: Phrase("give more digits", vi: "hãy ghi thêm chữ số")
            )
        }
        return first
    }
}

extension JournalledBallot {
    fileprivate var isCounted: Bool {
        if case .counted = outcome { true } else { false }
    }

    /// The proof that it counts, verified once more.
    ///
    /// - Throws: ``Failure`` where there is none, or it proves nothing.
    func proof(in installation: TrustedInstallation) throws(Failure) -> ProvenBallot {
        let id = Hexadecimal.text(statement.ballot.bytes)
        let proven: ProvenBallot?
        do throws(ReceiptProblem) {
            proven = try self.proven(in: installation)
        } catch {
            throw Failure(unverified: id, error)
        }
        if let proven { return proven }
        if case .refused(let reason) = outcome {
            throw Failure(
                .refused,
                "BALLOT_REFUSED",
                Phrase(
                    "the ballot \(id) has no receipt: it was refused",
                    vi: "phiếu \(id) không có biên nhận: phiếu đã bị từ chối"
                ),
                because: FailureReason(rawValue: reason).map {
                    Phrase(
                        $0.advice(in: .english).happened,
                        vi: $0.advice(in: .vietnamese).happened
                    )
                } ?? Phrase(untranslated: reason),
                advice: Phrase(
                    "vote again, where the poll is still open",
                    vi: "hãy biểu quyết lại, nếu cuộc biểu quyết còn nhận phiếu"
                ),
                attributes: [.init("reason", .string(reason))]
            )
        }
        throw Failure(
            .refused,
            "BALLOT_PENDING",
            Phrase(
                "the ballot \(id) has no receipt yet: it is not known whether it counts",
                vi: "phiếu \(id) chưa có biên nhận: chưa biết có được tính hay không"
            ),
            advice: Phrase(
                "«ecabinet receipt settle» sends it again; it counts once",
                vi: "«ecabinet receipt settle» gửi lại phiếu đó; phiếu chỉ được tính một lần"
            )
        )
    }
}

extension Failure {
    fileprivate init(noReceipt name: String) {
        self.init(
            .noInput,
            "RECEIPT_NOT_FOUND",
            Phrase(
                "this profile has kept no ballot «\(name)»",
                vi: "hồ sơ này không lưu phiếu «\(name)»"
            ),
            advice: Phrase(
                "«ecabinet receipt list» says which there are",
                vi: "«ecabinet receipt list» cho biết các phiếu đã lưu"
            )
        )
    }

    /// A receipt that does not hold.
    init(unverified name: String, _ problem: ReceiptProblem) {
        self.init(
            .badData,
            "RECEIPT_UNVERIFIED",
            Phrase("not verified: \(name)", vi: "không xác minh được: \(name)"),
            because: Phrase(
                detail: "\(problem)",
                vi: "biên nhận không khớp với nhật ký, hoặc khóa không đúng"
            ),
            advice: Phrase(
                "it proves nothing; is --log-key the key of the server that it came from?",
                vi:
                    "biên nhận không chứng minh được gì; --log-key có đúng là khóa của máy chủ đó không?"
            )
        )
    }
}
