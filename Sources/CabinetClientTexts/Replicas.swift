public import CabinetClient
public import CabinetTexts

extension ReplicaCondition {
    /// How current what is shown is, for example «offline for 0:42».
    ///
    /// - Parameter now: Of the clock that the replica has.
    public func text(in language: Language, now: ContinuousClock.Instant) -> String {
        switch self {
        case .connecting: language.text(vi: "đang kết nối", en: "connecting")
        case .catchingUp: language.text(vi: "đang cập nhật", en: "catching up")
        case .live: language.text(vi: "trực tuyến", en: "live")
        case .offline(let since, _):
            language.text(
                vi: "mất kết nối \(language.clock(seconds: (now - since).components.seconds))",
                en: "offline for \(language.clock(seconds: (now - since).components.seconds))"
            )
        case .startingAnew:
            language.text(vi: "đang tải lại từ đầu", en: "starting anew")
        case .ended: language.text(vi: "đã dừng theo dõi", en: "ended")
        }
    }
}

extension ReplicaError {
    /// Why the meeting is not followed any more, and what to do.
    public func advice(in language: Language) -> Advice {
        switch self {
        case .refused(let error): error.advice(in: language)
        case .history(let error): error.advice(in: language)
        case .cannotFollow(let fault):
            Advice(
                happened: language.text(
                    vi: "Không theo dõi được những gì máy chủ gửi.",
                    en: "What the server sends cannot be followed."
                ),
                next: language.text(
                    vi: "Dùng chương trình và máy chủ cùng phiên bản, và báo cho bộ phận kỹ thuật.",
                    en: "Use a program and a server of the same version, and report it."
                ),
                detail: "\(fault)"
            )
        }
    }
}

extension HistoryError {
    /// Why the log is not shown to be the one that was seen before, and what to do.
    public func advice(in language: Language) -> Advice {
        switch self {
        case .call(let error): return error.advice(in: language)
        case .journal(let error): return error.advice(in: language)
        case .lost, .rewritten, .shorter:
            return Advice(
                happened: language.text(
                    vi:
                        "Nhật ký của phiên họp không khớp với những gì thiết bị này đã thấy: có mục đã"
                        + " bị mất hoặc bị thay đổi.",
                    en:
                        "The meeting's log contradicts what this device has seen of it: entries were"
                        + " lost or changed."
                ),
                next: language.text(
                    vi:
                        "Không tiếp tục; giữ lại dữ liệu của thiết bị này làm bằng chứng và báo cho chủ"
                        + " tọa và kiểm toán viên.",
                    en:
                        "Do not go on; keep what this device has as evidence, and tell the chair and an"
                        + " auditor."
                ),
                detail: "\(self)"
            )
        case .malformedCheckpoint, .untrustedCheckpoint:
            return Advice(
                happened: language.text(
                    vi: "Máy chủ không chứng minh được nhật ký của phiên họp.",
                    en: "The server does not prove the meeting's log."
                ),
                next: language.text(
                    vi: "Kiểm tra khóa của nhật ký mà người vận hành đã cung cấp (log-key.vkey).",
                    en: "Check the log's key that the operator has handed out (log-key.vkey)."
                ),
                detail: "\(self)"
            )
        case .logNameTooLong:
            return .logNameTooLong(language)
        }
    }
}

extension JournalError {
    /// Why the device's journal of ballots does not serve, and what to do.
    public func advice(in language: Language) -> Advice {
        Advice(happened: happened(language), next: next(language), detail: explanation)
    }

    private func happened(_ language: Language) -> String {
        switch kind {
        case .cannotOpen:
            language.text(
                vi: "Không mở được sổ phiếu của thiết bị.",
                en: "The journal of ballots cannot be opened."
            )
        case .locked:
            language.text(
                vi: "Sổ phiếu đang được một chương trình khác sử dụng.",
                en: "Another program has the journal of ballots open."
            )
        case .otherMember:
            language.text(
                vi: "Sổ phiếu này là của thành viên khác.",
                en: "This journal of ballots belongs to another member."
            )
        case .damaged, .conflict:
            language.text(
                vi: "Sổ phiếu của thiết bị tự mâu thuẫn.",
                en: "The journal of ballots contradicts itself."
            )
        case .pending:
            language.text(
                vi: "Chưa biết phiếu trước đó trong cuộc biểu quyết này có được tính hay không.",
                en: "It is not known yet whether an earlier ballot in this poll counts."
            )
        case .full:
            language.text(vi: "Sổ phiếu đã đầy.", en: "The journal of ballots is full.")
        case .io:
            language.text(
                vi: "Không đọc hoặc không ghi được sổ phiếu.",
                en: "The journal of ballots cannot be read or written."
            )
        case .closed:
            language.text(vi: "Sổ phiếu đã đóng.", en: "The journal of ballots was closed.")
        }
    }

    private func next(_ language: Language) -> String {
        switch kind {
        case .cannotOpen, .io:
            language.text(
                vi: "Kiểm tra thư mục của sổ phiếu, quyền truy cập và dung lượng đĩa.",
                en: "Check the journal's folder, its permissions, and the space on the disk."
            )
        case .locked:
            language.text(vi: "Đóng chương trình đó trước.", en: "End that program first.")
        case .otherMember:
            language.text(
                vi: "Dùng thư mục riêng cho mỗi thành viên.",
                en: "Use a folder for each member."
            )
        case .damaged, .conflict:
            language.text(
                vi: "Giữ lại tệp này và báo cho bộ phận kỹ thuật.",
                en: "Keep the file and report it."
            )
        case .pending:
            language.text(
                vi: "Chờ có kết nối: phiếu đó sẽ được gửi lại và chỉ được tính một lần.",
                en: "Wait for a connection: that ballot is sent again, and counts once."
            )
        case .full:
            language.text(
                vi: "Cất giữ thư mục này và dùng thư mục mới.",
                en: "Put this folder away safely, and use a new one."
            )
        case .closed:
            language.text(vi: "Mở lại chương trình.", en: "Start the program again.")
        }
    }
}

extension Advice {
    static func logNameTooLong(_ language: Language) -> Advice {
        Advice(
            happened: language.text(
                vi: "Tên hệ thống và mã phiên họp cộng lại quá dài.",
                en: "The names of installation and meeting are together too long."
            ),
            next: language.text(
                vi: "Dùng mã phiên họp ngắn hơn.",
                en: "Use a shorter identifier for the meeting."
            )
        )
    }
}
