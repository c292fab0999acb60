import CabinetClient
import CabinetCrypto
import CabinetTLS

extension TLSConfigurationError: FailureConvertible {
    var failure: Failure {
        let isAbsent = reason == .unreadable
        return Failure(
            isAbsent ? .noInput : .configuration,
            "FILE_\(reason.rawValue)",
            Phrase("\(file) cannot be used", vi: "không dùng được \(file)"),
            because: Phrase(explanation),
            advice: reason.advice,
            attributes: [.init("file", .string(file))]
        )
    }
}

extension TLSConfigurationError.Reason {
    fileprivate var advice: Phrase? {
        switch self {
        case .expired:
            Phrase(
                "ask whoever issued it for a new one, and name that in the profile",
                vi: "hãy xin nơi cấp một chứng thư mới, rồi ghi vào hồ sơ"
            )
        case .keyMismatch:
            Phrase(
                "--certificate and --key have to belong together",
                vi: "--certificate và --key phải là một cặp"
            )
        case .keyEncrypted, .wrongPassphrase:
            Phrase(
                "keep the key without a passphrase, in a file of your own alone",
                vi: "hãy để khoá không có mật khẩu, trong tệp chỉ mình bạn đọc được"
            )
        default: nil
        }
    }
}

extension BallotSignerError: FailureConvertible {
    var failure: Failure {
        Failure(
            .configuration,
            "SIGNING_KEY",
            Phrase("ballots cannot be signed", vi: "không ký được phiếu"),
            because: Phrase("\(self)"),
            advice: Phrase(
                "--signing-key and --signing-certificate have to be the member's, and belong together",
                vi: "--signing-key và --signing-certificate phải là của đại biểu, và là một cặp"
            )
        )
    }
}

extension JournalError: FailureConvertible {
    var failure: Failure {
        let advice: Phrase? =
            switch kind {
            case .locked:
                Phrase(
                    "another command of the same profile is running; wait until it has ended",
                    vi: "một lệnh khác của hồ sơ này đang chạy; hãy chờ lệnh đó kết thúc"
                )
            case .pending:
                Phrase(
                    "find out what became of the earlier ballot first",
                    vi: "hãy kiểm tra kết quả của lá phiếu trước đã"
                )
            case .io, .cannotOpen, .full:
                Phrase(
                    "is there room on the disk, and may you write there?",
                    vi: "ổ đĩa còn chỗ không, và bạn có quyền ghi ở đó không?"
                )
            default: nil
            }
        return Failure(
            kind == .pending ? .refused : .cannotWrite,
            "JOURNAL_\(kind.rawValue)",
            Phrase("the journal of ballots cannot be used", vi: "không dùng được nhật ký phiếu"),
            because: Phrase(explanation),
            advice: advice
        )
    }
}

extension HistoryError: FailureConvertible {
    var failure: Failure {
        if case .call(let error) = self { return error.failure }
        if case .journal(let error) = self { return error.failure }
        return Failure(
            .badData,
            isContradiction ? "HISTORY_CONTRADICTED" : "HISTORY_UNVERIFIED",
            isContradiction
                ? Phrase(
                    "the log contradicts what was seen of it before",
                    vi: "nhật ký của máy chủ mâu thuẫn với những gì đã thấy trước đó"
                )
                : Phrase(
                    "the log of the server does not verify",
                    vi: "không xác minh được nhật ký của máy chủ"
                ),
            because: Phrase("\(self)"),
            advice: isContradiction
                ? Phrase(
                    "do not rely on this server; tell the auditor, and keep the profile's journal, which"
                        + " has the proof",
                    vi:
                        "đừng tin máy chủ này; hãy báo kiểm soát viên, và giữ nhật ký của hồ sơ, trong"
                        + " đó có bằng chứng"
                )
                : Phrase(
                    "does --log-key name the key of this server?",
                    vi: "--log-key có đúng là khoá của máy chủ này không?"
                )
        )
    }
}
