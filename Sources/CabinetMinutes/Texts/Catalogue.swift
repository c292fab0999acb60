internal import CabinetModel

// What minutes say, in each language, side by side, so that whoever changes one sees the other. The
// Vietnamese is that of minutes of the Government's sessions («Biên bản phiên họp»).

extension MinutesLanguage {
    /// One text in this language.
    func text(vi: String, en: String) -> String {
        switch self {
        case .vietnamese: vi
        case .english: en
        }
    }

    func name(of choice: Choice) -> String {
        switch choice {
        case .yes: text(vi: "Tán thành", en: "In favour")
        case .no: text(vi: "Không tán thành", en: "Against")
        case .abstain: text(vi: "Không có ý kiến", en: "Abstaining")
        }
    }

    var notVoted: String { text(vi: "Không biểu quyết", en: "No ballot") }

    func name(of place: Place) -> String {
        switch place {
        case .room: text(vi: "Tại phòng họp", en: "In the room")
        case .remote: text(vi: "Từ xa", en: "Remote")
        }
    }

    func name(of role: Role) -> String {
        switch role {
        case .member: text(vi: "Thành viên", en: "Member")
        case .chair: text(vi: "Chủ tọa", en: "Chair")
        case .secretary: text(vi: "Thư ký", en: "Secretary")
        case .guest: text(vi: "Khách mời", en: "Guest")
        case .display: text(vi: "Màn hình", en: "Display")
        case .auditor: text(vi: "Kiểm toán viên", en: "Auditor")
        case .administrator: text(vi: "Quản trị viên", en: "Administrator")
        }
    }

    func name(of attendance: Attendance) -> String {
        switch attendance {
        case .expected: text(vi: "Chưa ghi nhận", en: "Not recorded")
        case .present(let place, _): name(of: place)
        case .left: text(vi: "Đã rời phiên họp", en: "Left")
        case .onLeave: text(vi: "Vắng mặt có phép", en: "On leave")
        case .absent: text(vi: "Vắng mặt", en: "Absent")
        }
    }

    func name(of state: AgendaItemState) -> String {
        switch state {
        case .pending: text(vi: "Chưa xem xét", en: "Not taken up")
        case .discussing: text(vi: "Đang thảo luận", en: "Under discussion")
        case .decided: text(vi: "Đã kết luận", en: "Dealt with")
        case .deferred: text(vi: "Tạm hoãn", en: "Put off")
        }
    }

    /// How a list of offices or roles is written on one line.
    func list(_ parts: [String]) -> String { parts.joined(separator: ", ") }
}
