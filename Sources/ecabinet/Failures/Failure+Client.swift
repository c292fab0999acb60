import CabinetClient
import CabinetClientTexts
import CabinetCrypto
import CabinetTLS

extension TLSConfigurationError: FailureConvertible {
    var failure: Failure {
        let isAbsent = reason == .unreadable
        return Failure(
            isAbsent ? .noInput : .configuration,
            "FILE_\(reason.rawValue)",
            Phrase("\(file) cannot be used", vi: "không dùng được \(file)"),
            because: Phrase(detail: explanation, vi: reason.vietnamese),
            advice: reason.advice,
            attributes: [.init("file", .string(file))]
        )
    }
}

extension TLSConfigurationError.Reason {
    /// What is wrong with the file, in Vietnamese.
    fileprivate var vietnamese: String {
        switch self {
        case .unreadable: "không đọc được tệp"
        case .noPEM, .malformed: "nội dung tệp không đúng định dạng PEM"
        case .keyEncrypted, .wrongPassphrase: "khóa được bảo vệ bằng mật khẩu"
        case .keyMismatch: "khóa và chứng thư không phải một cặp"
        case .expired: "chứng thư đã hết hạn"
        case .notYetValid: "chứng thư chưa có hiệu lực"
        case .wrongPurpose: "chứng thư không dành cho mục đích này"
        case .weakKey: "khóa quá yếu"
        case .notAnAuthority: "chứng thư không phải của cơ quan cấp chứng thư"
        case .revocationListMissing, .revocationListNotSigned, .revocationListExpired:
            "danh sách thu hồi bị thiếu, không có chữ ký đúng, hoặc đã hết hạn"
        case .refusedByOpenSSL: "OpenSSL không chấp nhận tệp"
        }
    }

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
                vi: "hãy để khóa không có mật khẩu, trong tệp chỉ mình bạn đọc được"
            )
        default:
            Phrase(
                "ask whoever issued it for a file that can be used",
                vi: "hãy xin nơi cấp một tệp dùng được"
            )
        }
    }
}

extension BallotSignerError: FailureConvertible {
    var failure: Failure {
        Failure(
            .configuration,
            "SIGNING_KEY",
            Phrase("ballots cannot be signed", vi: "không ký được phiếu"),
            because: Phrase(
                detail: "\(self)",
                vi: "khóa hoặc chứng thư không dùng được để ký phiếu của thành viên này"
            ),
            advice: Phrase(
                "--signing-key and --signing-certificate have to be the member's, and belong together",
                vi: "--signing-key và --signing-certificate phải là của thành viên, và là một cặp"
            )
        )
    }
}

extension JournalError: FailureConvertible {
    var failure: Failure {
        Failure(kind == .pending ? .refused : .cannotWrite, "JOURNAL_\(kind.rawValue)") {
            advice(in: $0)
        }
    }
}

extension HistoryError: FailureConvertible {
    var failure: Failure {
        switch self {
        case .call(let error): error.failure
        case .journal(let error): error.failure
        case .logNameTooLong: Failure(.configuration, "LOG_NAME_TOO_LONG") { advice(in: $0) }
        default:
            Failure(.badData, isContradiction ? "HISTORY_CONTRADICTED" : "HISTORY_UNVERIFIED") {
                advice(in: $0)
            }
        }
    }
}
