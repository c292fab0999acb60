internal import CabinetMapping
public import CabinetRPC
internal import CabinetTLS
public import CabinetTexts

extension RPCError {
    /// What happened and what to do next. What the server or the runtime said itself, in English, is the
    /// detail.
    public func advice(in language: Language) -> Advice {
        if let reason = failureReason { return reason.advice(reasonAttributes, in: language) }
        let reasons = details.filter { $0.domain == "cabinet.rpc" }.map(\.reason)
        for reason in reasons {
            if let failure = LinkFailure(reason) {
                return Advice(
                    happened: failure.happened(in: language),
                    next: failure.next(in: language),
                    detail: message
                )
            }
        }
        return Advice(
            happened: code.happened(in: language),
            next: code.next(in: language),
            detail: message
        )
    }
}

/// What can be wrong between two machines, as people tell it apart.
private enum LinkFailure {
    case noConnection
    case lost
    case silent
    case revoked
    case certificateOfServer
    case certificateOfClient
    case otherProtocol

    /// - Parameter reason: Of the domain `cabinet.rpc`.
    init?(_ reason: String) {
        switch reason {
        case "NO_CONNECTION": self = .noConnection
        case "CONNECTION_LOST", "CONNECTION_CLOSING", "GO_AWAY": self = .lost
        case "SERVER_SILENT": self = .silent
        case "CLIENT_REVOKED": self = .revoked
        default:
            guard reason.hasPrefix("TLS_"),
                let tls = TLSError.Reason(rawValue: String(reason.dropFirst(4)))
            else { return nil }
            self = LinkFailure(tls)
        }
    }

    private init(_ reason: TLSError.Reason) {
        switch reason {
        case .untrusted, .expired, .notYetValid, .revoked, .revocationUnknown, .wrongHost,
            .wrongPurpose, .weakCertificate, .badCertificate:
            self = .certificateOfServer
        case .noCertificate, .peerAlert:
            self = .certificateOfClient
        case .plainHTTP, .notTLS, .unsupportedVersion, .noCommonProtocol, .protocolError:
            self = .otherProtocol
        case .tooManyHandshakes, .silentDisplaced, .handshakeTimeout, .closedDuringHandshake:
            self = .noConnection
        case .truncated, .outputClosed, .internalError:
            self = .lost
        }
    }

    func happened(in language: Language) -> String {
        switch self {
        case .noConnection:
            language.text(
                vi: "Không kết nối được với máy chủ.",
                en: "There is no connection to the server."
            )
        case .lost:
            language.text(
                vi: "Mất kết nối với máy chủ.",
                en: "The connection to the server was lost."
            )
        case .silent:
            language.text(
                vi: "Máy chủ không trả lời: đường truyền bị gián đoạn.",
                en: "The server does not answer: the link is lost."
            )
        case .revoked:
            language.text(
                vi: "Máy chủ không còn chấp nhận thiết bị này.",
                en: "The server does not accept this device any more."
            )
        case .certificateOfServer:
            language.text(
                vi: "Chứng thư của máy chủ không được chấp nhận.",
                en: "The server's certificate is not accepted."
            )
        case .certificateOfClient:
            language.text(
                vi: "Máy chủ không chấp nhận chứng thư của thiết bị này.",
                en: "The server does not accept this device's certificate."
            )
        case .otherProtocol:
            language.text(
                vi: "Máy ở địa chỉ đó không phải là máy chủ e-Cabinet.",
                en: "What answers at that address does not speak e-Cabinet's protocol."
            )
        }
    }

    func next(in language: Language) -> String {
        switch self {
        case .noConnection:
            language.text(
                vi: "Kiểm tra địa chỉ máy chủ, mạng, và máy chủ có đang chạy hay không.",
                en: "Check the server's address and the network, and whether the server runs."
            )
        case .lost, .silent:
            language.text(
                vi: "Kiểm tra mạng rồi thử lại.",
                en: "Check the network, then try again."
            )
        case .revoked, .certificateOfClient:
            language.text(
                vi:
                    "Đề nghị quản trị viên kiểm tra chứng thư của thiết bị: có thể đã hết hạn hoặc bị"
                    + " thu hồi.",
                en:
                    "Ask an administrator about this device's certificate: it may have expired or been"
                    + " revoked."
            )
        case .certificateOfServer:
            language.text(
                vi:
                    "Không gửi gì qua kết nối này; kiểm tra địa chỉ và chứng thư gốc với quản trị viên.",
                en:
                    "Send nothing over this connection; check the address and the trusted authorities"
                    + " with an administrator."
            )
        case .otherProtocol:
            language.text(
                vi: "Kiểm tra địa chỉ và cổng.",
                en: "Check the address and the port."
            )
        }
    }
}

extension Code {
    fileprivate func happened(in language: Language) -> String {
        switch self {
        case .cancelled:
            language.text(vi: "Yêu cầu đã bị hủy.", en: "The call was cancelled.")
        case .invalidArgument:
            language.text(vi: "Yêu cầu không hợp lệ.", en: "The request is not valid.")
        case .deadlineExceeded:
            language.text(
                vi: "Máy chủ không trả lời kịp.",
                en: "The server did not answer in time."
            )
        case .notFound:
            language.text(vi: "Không tìm thấy.", en: "There is no such thing.")
        case .alreadyExists:
            language.text(vi: "Đã tồn tại.", en: "It exists already.")
        case .permissionDenied:
            language.text(vi: "Không có quyền làm việc này.", en: "You may not do this.")
        case .resourceExhausted:
            language.text(
                vi: "Máy chủ đang quá tải hoặc đã đạt giới hạn.",
                en: "The server is overloaded, or a limit is reached."
            )
        case .failedPrecondition, .aborted, .outOfRange:
            language.text(
                vi: "Tình trạng hiện tại không cho phép.",
                en: "As things stand this cannot be done."
            )
        case .unimplemented:
            language.text(
                vi: "Máy chủ không có chức năng này.",
                en: "The server does not have this function."
            )
        case .unavailable:
            language.text(
                vi: "Máy chủ hiện không phục vụ được.",
                en: "The server cannot answer now."
            )
        case .dataLoss:
            language.text(vi: "Dữ liệu bị mất hoặc hỏng.", en: "Data is lost or damaged.")
        case .unauthenticated:
            language.text(
                vi: "Máy chủ không biết thiết bị này là của ai.",
                en: "The server does not know whose device this is."
            )
        case .ok, .unknown, .internal, .unrecognized:
            language.text(vi: "Máy chủ gặp lỗi.", en: "The server failed.")
        }
    }

    fileprivate func next(in language: Language) -> String {
        switch self {
        case .deadlineExceeded, .resourceExhausted, .unavailable, .cancelled, .aborted:
            language.text(vi: "Thử lại sau ít phút.", en: "Try again in a moment.")
        case .invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .outOfRange:
            language.text(
                vi: "Kiểm tra lại yêu cầu và trạng thái hiện tại.",
                en: "Check the request and how things stand."
            )
        case .permissionDenied, .unauthenticated:
            language.text(vi: "Hỏi quản trị viên.", en: "Ask an administrator.")
        case .unimplemented:
            language.text(
                vi: "Dùng chương trình và máy chủ cùng phiên bản.",
                en: "Use a program and a server of the same version."
            )
        case .dataLoss, .ok, .unknown, .internal, .unrecognized:
            language.text(
                vi: "Báo cho người vận hành máy chủ.",
                en: "Tell the server's operator."
            )
        }
    }
}
