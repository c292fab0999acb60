public import CabinetMapping
public import CabinetTexts

extension FailureReason {
    /// What happened and what to do next. The reason's own name stays the same in every language.
    ///
    /// - Parameter attributes: Those that came with the reason.
    public func advice(_ attributes: [String: String] = [:], in language: Language) -> Advice {
        let facts = ReasonFacts(attributes, in: language)
        return Advice(happened: happened(facts, language), next: next(facts, language))
    }

    /// What happened, in a sentence.
    private func happened(_ facts: ReasonFacts, _ language: Language) -> String {
        switch self {
        case .principalUnknown:
            language.text(
                vi:
                    "Chứng thư của thiết bị không thuộc về ai trong danh bạ, hoặc người đó đang bị tạm"
                    + " ngừng quyền truy cập.",
                en:
                    "This device's certificate belongs to nobody in the directory, or to somebody who"
                    + " is suspended."
            )
        case .roleRequired:
            language.text(
                vi: "Việc này cần vai trò: \(facts.roles).",
                en: "This takes the role: \(facts.roles)."
            )
        case .fieldInvalid:
            language.text(
                vi: "Một giá trị trong yêu cầu bị thiếu hoặc không hợp lệ"
                    + "\(facts.note("field", "rule")).",
                en:
                    "A value of the request is missing or not allowed\(facts.note("field", "rule"))."
            )
        case .pageTokenInvalid:
            language.text(
                vi: "Không thể đọc tiếp danh sách từ chỗ này.",
                en: "The list cannot be read on from this place."
            )
        case .idempotencyKeyRequired:
            language.text(
                vi: "Yêu cầu thiếu khóa chống gửi lặp.",
                en: "The command came without an idempotency key."
            )
        case .idempotencyKeyReused:
            language.text(
                vi: "Khóa chống gửi lặp này đã được dùng cho một yêu cầu khác.",
                en: "The idempotency key was used for another command."
            )
        case .meetingNotFound:
            language.text(
                vi: "Không có phiên họp này, hoặc thiết bị này không thuộc thành phần tham dự.",
                en: "There is no such meeting, or none that you take part in."
            )
        case .logDamaged:
            language.text(
                vi:
                    "Nhật ký của phiên họp bị hỏng\(facts.note("index")), máy chủ không phục vụ phiên"
                    + " họp này.",
                en:
                    "The meeting's log is damaged\(facts.note("index")), and the server does not serve"
                    + " the meeting."
            )
        case .logUnreadable:
            language.text(
                vi: "Hiện máy chủ không đọc được nhật ký của phiên họp.",
                en: "The server cannot read the meeting's log at the moment."
            )
        case .principalNotFound:
            language.text(
                vi: "Trong danh bạ không có người này\(facts.note("principal_id")).",
                en: "There is no such person in the directory\(facts.note("principal_id"))."
            )
        case .principalChanged:
            language.text(
                vi: "Thông tin của người này vừa được người khác thay đổi.",
                en: "Somebody else has changed this person's data meanwhile."
            )
        case .certificateInvalid:
            language.text(
                vi: "Chứng thư không được chấp nhận\(facts.brokenRule).",
                en: "The certificate is not accepted\(facts.brokenRule)."
            )
        case .certificateExists:
            language.text(
                vi: "Khóa của chứng thư này đã thuộc về một người trong danh bạ.",
                en: "The key of this certificate belongs to somebody in the directory already."
            )
        case .certificateNotFound:
            language.text(
                vi: "Người này không có chứng thư với khóa đó.",
                en: "This person has no certificate with that key."
            )
        case .meetingExists:
            language.text(
                vi: "Đã có phiên họp khác mang mã này.",
                en: "Another meeting has this identifier."
            )
        case .meetingNotScheduled:
            language.text(
                vi: "Phiên họp đã khai mạc trước đó: \(facts.state).",
                en: "The meeting has been opened before: it is \(facts.state)."
            )
        case .meetingNotOpen:
            language.text(
                vi: "Phiên họp hiện không họp: \(facts.state).",
                en: "The meeting is not in session: it is \(facts.state)."
            )
        case .meetingNotInRecess:
            language.text(
                vi: "Phiên họp không trong giờ nghỉ: \(facts.state).",
                en: "The meeting is not in recess: it is \(facts.state)."
            )
        case .meetingAdjourned:
            language.text(
                vi: "Phiên họp đã bế mạc, không ghi thêm được nữa.",
                en: "The meeting is over, and nothing more can be recorded in it."
            )
        case .limitReached:
            language.text(
                vi: "Đã đạt giới hạn\(facts.note("limit", "maximum")).",
                en: "A limit is reached\(facts.note("limit", "maximum"))."
            )
        case .chairRequired:
            language.text(
                vi: "Phiên họp phải có đúng một chủ tọa.",
                en: "The meeting needs exactly one participant in the chair."
            )
        case .quorumNotMet:
            language.text(
                vi:
                    "Chưa đủ túc số: có mặt \(facts.value("counted")), cần \(facts.value("needed")).",
                en: "The quorum is not met: \(facts.value("counted")) are present,"
                    + " \(facts.value("needed")) are needed."
            )
        case .participantNotFound:
            language.text(
                vi: "Người này không tham dự phiên họp.",
                en: "This person does not take part in the meeting."
            )
        case .participantInUse:
            language.text(
                vi: "Người này có tên trong danh sách của cuộc biểu quyết chưa có kết quả.",
                en: "This person is on the roll of a poll that has no verdict yet."
            )
        case .notCheckedIn:
            language.text(
                vi: "Thành viên chưa điểm danh vào phiên họp.",
                en: "The member is not checked in."
            )
        case .checkedIn:
            language.text(
                vi: "Người này đang có mặt theo điểm danh.",
                en: "This person is checked in."
            )
        case .agendaItemNotFound:
            language.text(
                vi: "Chương trình họp không có nội dung này.",
                en: "There is no such item on the agenda."
            )
        case .agendaItemInUse:
            language.text(
                vi: "Nội dung này đang được thảo luận hoặc đã có biểu quyết.",
                en: "The agenda item is the current one or has a poll."
            )
        case .pollNotFound:
            language.text(vi: "Không có cuộc biểu quyết này.", en: "There is no such poll.")
        case .pollExists:
            language.text(
                vi: "Phiên họp đã có cuộc biểu quyết khác mang mã này.",
                en: "Another poll of the meeting has this identifier."
            )
        case .pollRuleInvalid:
            language.text(
                vi: "Quy tắc biểu quyết tự mâu thuẫn\(facts.brokenRule).",
                en: "The poll's rule contradicts itself\(facts.brokenRule)."
            )
        case .pollNotDraft:
            language.text(
                vi: "Cuộc biểu quyết đã bắt đầu trước đó: \(facts.state).",
                en: "The poll is no draft any more: it is \(facts.state)."
            )
        case .pollNotOpen:
            language.text(
                vi: "Cuộc biểu quyết hiện không nhận phiếu: \(facts.state).",
                en: "The poll takes no ballots now: it is \(facts.state)."
            )
        case .pollNotHeld:
            language.text(
                vi: "Cuộc biểu quyết không ở trạng thái tạm dừng: \(facts.state).",
                en: "The poll is not on hold: it is \(facts.state)."
            )
        case .pollInProgress:
            language.text(
                vi: "Đang có một cuộc biểu quyết chưa có kết quả\(facts.note("poll_id")).",
                en: "A poll is in progress\(facts.note("poll_id"))."
            )
        case .pollFinished:
            language.text(
                vi: "Cuộc biểu quyết đã xong: \(facts.state).",
                en: "The poll is finished: it is \(facts.state)."
            )
        case .pollNotDecided:
            language.text(
                vi: "Cuộc biểu quyết chưa có kết quả: \(facts.state).",
                en: "The poll has no verdict: it is \(facts.state)."
            )
        case .tieNotPending:
            language.text(
                vi: "Cuộc biểu quyết không chờ ý kiến của chủ tọa: \(facts.state).",
                en: "The poll does not wait for the chair's choice: it is \(facts.state)."
            )
        case .statementInvalid:
            language.text(
                vi: "Nội dung phiếu biểu quyết không hợp lệ\(facts.brokenRule).",
                en: "What the ballot says is not valid\(facts.brokenRule)."
            )
        case .ballotIDMismatch:
            language.text(
                vi: "Mã của phiếu không khớp với yêu cầu gửi phiếu.",
                en: "The ballot's id is not that of the call that carries it."
            )
        case .signatureInvalid:
            language.text(
                vi: "Chữ ký số trên phiếu không đúng.",
                en: "The digital signature on the ballot does not verify."
            )
        case .notOnRoll:
            language.text(
                vi: "Thành viên không có tên trong danh sách biểu quyết của cuộc biểu quyết này.",
                en: "You are not on the roll of this poll."
            )
        case .signingKeyNotOnRoll:
            language.text(
                vi: "Khóa ký số này chưa được đăng ký khi cuộc biểu quyết bắt đầu.",
                en: "This signing key was not registered when the poll opened."
            )
        case .signingKeyRevoked:
            language.text(vi: "Khóa ký số này đã bị thu hồi.", en: "This signing key was revoked.")
        case .motionDigestMismatch:
            language.text(
                vi: "Phiếu được ký cho một nội dung khác với nội dung đang biểu quyết.",
                en: "The ballot was signed for another motion than the one that is voted on."
            )
        case .rollDigestMismatch:
            language.text(
                vi: "Phiếu được ký cho một danh sách biểu quyết khác.",
                en: "The ballot was signed for another roll."
            )
        case .ballotNotRevocable:
            language.text(
                vi: "Thành viên đã biểu quyết, và theo quy tắc phiếu đã gửi không thay đổi được.",
                en: "You have voted, and by the poll's rule a ballot cannot be changed."
            )
        case .revisionStale:
            language.text(
                vi: "Đã có phiếu mới hơn của thành viên (lần \(facts.value("revision"))).",
                en: "There is a newer ballot of this member (revision \(facts.value("revision")))."
            )
        case .entryNotFound:
            language.text(
                vi: "Không có mục này trong nhật ký, hoặc không được quyền xem mục này.",
                en: "There is no such entry in the log, or none that you may see."
            )
        case .beyondLog:
            language.text(
                vi: "Nhật ký của máy chủ ngắn hơn nhật ký đã thấy trước đây"
                    + "\(facts.note("tree_size")).",
                en: "The server's log is shorter than what was seen of it before"
                    + "\(facts.note("tree_size"))."
            )
        case .chairSignatureRequired:
            language.text(
                vi: "Chỉ chữ ký của chủ tọa mới quyết định được khi số phiếu ngang nhau.",
                en: "A tie is decided by the chair's signature alone."
            )
        case .administratorRequired:
            language.text(
                vi: "Danh bạ phải còn ít nhất một quản trị viên đăng nhập được.",
                en: "The directory would be left without an administrator who can connect."
            )
        }
    }
}
