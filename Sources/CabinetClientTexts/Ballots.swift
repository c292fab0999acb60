public import CabinetClient
internal import CabinetMapping
internal import CabinetRPC
public import CabinetTexts

extension CastError {
    /// What is known of the ballot now, and what the member does next.
    public func advice(in language: Language) -> Advice {
        switch self {
        case .noFurtherRevision:
            return Advice(
                happened: language.text(
                    vi: "Phiếu đã được thay đổi đủ số lần cho phép, không thay đổi thêm được nữa.",
                    en: "You have changed your ballot as often as it can be changed."
                ),
                next: language.text(vi: "Phiếu trước được tính.", en: "The last one counts.")
            )
        case .signing(let error):
            return Advice(
                happened: language.text(
                    vi: "Phiếu chưa được ký, chưa gửi gì đi.",
                    en: "The ballot was not signed, and nothing was sent."
                ),
                next: language.text(
                    vi: "Kiểm tra thiết bị ký số rồi biểu quyết lại.",
                    en: "Check the device that signs, then vote again."
                ),
                detail: "\(error)"
            )
        case .notSent(let error):
            return error.advice(in: language).after(
                language.text(vi: "Chưa gửi phiếu. ", en: "The ballot was not sent. ")
            )
        case .unsettled(_, let error):
            return error.advice(in: language).after(Self.mayCount(language))
        case .refused(let reason, let error):
            return reason.advice(error.reasonAttributes, in: language).after(
                language.text(vi: "Phiếu không được nhận. ", en: "The ballot was refused. ")
            )
        case .undelivered(_, let error):
            return Advice(
                happened: Self.mayCount(language) + error.advice(in: language).happened,
                next: Self.sentAgain(language),
                detail: error.message
            )
        case .unproven(_, let problem):
            return Advice(
                happened: Self.mayCount(language)
                    + language.text(
                        vi: "Máy chủ không chứng minh được rằng phiếu đã vào nhật ký.",
                        en: "The server does not prove that it is in the log."
                    ),
                next: Self.tellSecretary(language),
                detail: "\(problem)"
            )
        case .logNameTooLong:
            return .logNameTooLong(language)
        case .history(_, let error):
            return error.advice(in: language).after(
                language.text(
                    vi: "Phiếu có trong nhật ký mà máy chủ đưa ra. ",
                    en: "The ballot is in the log that the server shows. "
                )
            )
        }
    }

    private static func mayCount(_ language: Language) -> String {
        language.text(
            vi: "Chưa biết phiếu đã được tính hay chưa. ",
            en: "It is not known whether the ballot counts. "
        )
    }

    private static func sentAgain(_ language: Language) -> String {
        language.text(
            vi: "Phiếu đã được lưu trên thiết bị này, sẽ được gửi lại và chỉ được tính một lần.",
            en: "It is kept on this device, will be sent again, and counts once."
        )
    }

    private static func tellSecretary(_ language: Language) -> String {
        language.text(
            vi: "Báo cho thư ký phiên họp; câu trả lời của máy chủ được giữ lại trên thiết bị này.",
            en: "Tell the secretary; the server's answer is kept on this device."
        )
    }
}

extension Advice {
    /// With what is said first.
    fileprivate func after(_ beginning: String) -> Advice {
        Advice(happened: beginning + happened, next: next, detail: detail)
    }
}

extension BallotPaperError {
    /// Why there is nothing to vote on, and what to do.
    public func advice(in language: Language) -> Advice {
        switch self {
        case .call(let error): error.advice(in: language)
        case .history(let error): error.advice(in: language)
        case .journal(let error): error.advice(in: language)
        case .logNameTooLong: .logNameTooLong(language)
        case .notOnRoll: FailureReason.notOnRoll.advice(in: language)
        case .keyNotOnRoll: FailureReason.signingKeyNotOnRoll.advice(in: language)
        case .notOpened:
            Advice(
                happened: language.text(
                    vi: "Cuộc biểu quyết chưa bắt đầu.",
                    en: "The poll has not opened."
                ),
                next: language.text(
                    vi: "Chờ chủ tọa yêu cầu biểu quyết.",
                    en: "Wait for the chair to order the vote."
                )
            )
        case .malformed, .otherRoll, .receipt:
            Advice(
                happened: language.text(
                    vi: "Câu trả lời của máy chủ không đúng, không nên ký phiếu nào.",
                    en: "The server's answer does not hold, and no ballot should be signed."
                ),
                next: language.text(
                    vi: "Báo cho thư ký phiên họp.",
                    en: "Tell the secretary."
                ),
                detail: "\(self)"
            )
        }
    }
}
