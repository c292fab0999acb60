internal import CabinetMapping
internal import CabinetModel
internal import CabinetTexts

extension FailureReason {
    /// What to do next, in a sentence.
    func next(_ facts: ReasonFacts, _ language: Language) -> String {
        switch self {
        case .principalUnknown:
            language.text(
                vi: "Đề nghị quản trị viên đăng ký chứng thư của thiết bị này.",
                en: "Ask an administrator to register this device's certificate."
            )
        case .roleRequired:
            language.text(
                vi: "Đề nghị người có vai trò đó thực hiện.",
                en: "Ask somebody who has it to do this."
            )
        case .fieldInvalid, .pollRuleInvalid, .statementInvalid:
            language.text(
                vi: "Sửa giá trị đó rồi gửi lại.",
                en: "Correct the value and send it again."
            )
        case .pageTokenInvalid:
            language.text(vi: "Đọc lại danh sách từ đầu.", en: "Read the list from its beginning.")
        case .idempotencyKeyRequired, .idempotencyKeyReused, .ballotIDMismatch:
            language.text(
                vi: "Đây là lỗi của chương trình: hãy cập nhật và báo cho bộ phận kỹ thuật.",
                en: "This is a fault of the program: update it, and report it."
            )
        case .meetingNotFound:
            language.text(
                vi: "Kiểm tra mã phiên họp, hoặc hỏi thư ký phiên họp về danh sách tham dự.",
                en: "Check the meeting's identifier, or ask its secretary whether you are admitted."
            )
        case .logDamaged:
            language.text(
                vi: "Báo ngay cho người vận hành máy chủ.",
                en: "Tell the server's operator at once."
            )
        case .logUnreadable:
            language.text(
                vi: "Thử lại sau ít phút; nếu vẫn lỗi, báo cho người vận hành máy chủ.",
                en: "Try again in a few minutes; if it goes on, tell the server's operator."
            )
        case .principalNotFound, .participantNotFound:
            language.text(
                vi: "Kiểm tra mã của người đó, hoặc bổ sung người đó trước.",
                en: "Check the identifier, or add the person first."
            )
        case .principalChanged:
            language.text(
                vi: "Đọc lại thông tin mới rồi thay đổi lại.",
                en: "Read the present data, and change that."
            )
        case .certificateInvalid:
            language.text(
                vi: "Dùng chứng thư còn hiệu lực, đúng mục đích, do cơ quan được tin cậy cấp.",
                en:
                    "Use a certificate that is valid now, for this purpose, from a trusted authority."
            )
        case .certificateExists:
            language.text(
                vi: "Tạo khóa mới và cấp chứng thư mới: một khóa chỉ thuộc về một người.",
                en: "Make a new key and a new certificate: a key belongs to one person for ever."
            )
        case .certificateNotFound:
            language.text(
                vi: "Kiểm tra dấu vân tay của khóa trong danh bạ.",
                en: "Check the key's fingerprint in the directory."
            )
        case .meetingExists, .pollExists:
            language.text(vi: "Chọn một mã khác.", en: "Choose another identifier.")
        case .meetingAdjourned:
            Self.meetingIsOver(language)
        case .meetingNotScheduled, .meetingNotInRecess, .meetingNotOpen:
            if facts.isAdjourned {
                Self.meetingIsOver(language)
            } else if self == .meetingNotOpen {
                language.text(
                    vi: "Chờ chủ tọa khai mạc hoặc họp tiếp.",
                    en: "Wait until the chair opens or resumes the meeting."
                )
            } else {
                Self.lookAgain(language)
            }
        case .pollNotDraft, .pollNotHeld, .pollFinished, .tieNotPending:
            Self.lookAgain(language)
        case .limitReached:
            language.text(
                vi: "Giảm bớt số lượng, hoặc chuyển sang phiên họp khác.",
                en: "Make do with fewer, or use another meeting."
            )
        case .chairRequired:
            language.text(
                vi: "Chỉ định một chủ tọa trong danh sách tham dự.",
                en: "Admit one member in the chair."
            )
        case .quorumNotMet:
            language.text(
                vi: "Chờ thêm thành viên điểm danh.",
                en: "Wait until more members check in."
            )
        case .participantInUse, .pollInProgress, .pollNotDecided:
            language.text(
                vi: "Kết thúc biểu quyết đó trước, hoặc chờ kết quả.",
                en: "Close that poll first, or wait for its verdict."
            )
        case .notCheckedIn:
            language.text(
                vi: "Điểm danh rồi thực hiện lại.",
                en: "Check in, then try again."
            )
        case .checkedIn:
            language.text(
                vi: "Ghi nhận người đó rời phiên họp trước.",
                en: "Check the person out first."
            )
        case .agendaItemNotFound, .pollNotFound, .entryNotFound:
            language.text(
                vi: "Kiểm tra lại mã đã nhập.",
                en: "Check the identifier."
            )
        case .agendaItemInUse:
            language.text(
                vi: "Chuyển sang nội dung khác trước; nội dung đã có biểu quyết thì phải giữ lại.",
                en: "Move to another item first; an item that has a poll stays on the agenda."
            )
        case .pollNotOpen:
            Self.ballotIsNotTaken(facts.pollState, language)
        case .signatureInvalid, .motionDigestMismatch, .rollDigestMismatch:
            language.text(
                vi: "Mở lại phiếu biểu quyết, đọc kỹ nội dung, rồi ký và gửi lại.",
                en: "Open the ballot paper anew, read the motion, and sign again."
            )
        case .notOnRoll:
            language.text(
                vi:
                    "Hỏi thư ký phiên họp: chỉ thành viên có tên khi cuộc biểu quyết bắt đầu mới được"
                    + " biểu quyết.",
                en: "Ask the secretary: the members of the meeting when the poll opened may vote."
            )
        case .signingKeyNotOnRoll, .signingKeyRevoked:
            language.text(
                vi: "Dùng khóa ký số khác đã đăng ký, hoặc báo ngay cho thư ký phiên họp.",
                en: "Use another key that is registered, or tell the secretary at once."
            )
        case .ballotNotRevocable:
            language.text(
                vi: "Phiếu trước vẫn được tính.",
                en: "Your earlier ballot counts."
            )
        case .revisionStale:
            language.text(
                vi: "Phiếu mới hơn được tính; mở lại phiếu biểu quyết nếu muốn thay đổi.",
                en: "The newer one counts; open the ballot paper anew to change it."
            )
        case .beyondLog:
            language.text(
                vi:
                    "Giữ lại những gì thiết bị này đã lưu và báo cho kiểm toán viên: lịch sử có thể đã"
                    + " bị mất.",
                en: "Keep what this device has stored and tell an auditor: history may be lost."
            )
        case .chairSignatureRequired:
            language.text(
                vi: "Đề nghị chủ tọa ký quyết định.",
                en: "Ask the chair to sign the choice."
            )
        case .administratorRequired:
            language.text(
                vi: "Bổ sung quản trị viên khác trước.",
                en: "Add another administrator first."
            )
        }
    }

    private static func lookAgain(_ language: Language) -> String {
        language.text(
            vi: "Xem trạng thái hiện tại.",
            en: "Look at how things stand now."
        )
    }

    private static func meetingIsOver(_ language: Language) -> String {
        language.text(
            vi:
                "Phiên họp không mở lại được: lập biên bản hoặc xuất nhật ký, và đưa nội dung vào phiên"
                + " họp sau.",
            en:
                "It does not open again: make its minutes or export its log, and take the matter to"
                + " another meeting."
        )
    }

    /// - Parameter state: Of the poll; `nil` where it is not known.
    private static func ballotIsNotTaken(_ state: PollState?, _ language: Language) -> String {
        switch state {
        case .closed, .decided:
            language.text(
                vi: "Phiếu gửi lúc này không được tính; các phiếu đã gửi trước đó vẫn được tính.",
                en: "A ballot that comes now does not count; those that were cast before do."
            )
        case .voided:
            language.text(
                vi: "Không phiếu nào được tính; nội dung có thể được đưa ra biểu quyết lại.",
                en: "No ballot of it counts; the motion can be put to the vote in another poll."
            )
        case .draft, .open, .held, nil:
            language.text(
                vi: "Phiếu gửi lúc này không được tính; chờ thông báo của chủ tọa.",
                en: "A ballot that comes now does not count; wait for the chair's word."
            )
        }
    }
}
