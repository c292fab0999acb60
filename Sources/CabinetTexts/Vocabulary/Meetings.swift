public import CabinetModel

// The words for what a meeting is made of.

extension MeetingPhase.Name {
    /// For example «in session».
    public func text(in language: Language) -> String {
        switch self {
        case .scheduled: language.text(vi: "đã lên lịch", en: "scheduled")
        case .open: language.text(vi: "đang họp", en: "in session")
        case .recess: language.text(vi: "tạm nghỉ", en: "in recess")
        case .adjourned: language.text(vi: "đã bế mạc", en: "adjourned")
        }
    }
}

extension AgendaItemState {
    /// For example «being discussed».
    public func text(in language: Language) -> String {
        switch self {
        case .pending: language.text(vi: "chưa xem xét", en: "not taken up yet")
        case .discussing: language.text(vi: "đang thảo luận", en: "being discussed")
        case .decided: language.text(vi: "đã kết luận", en: "dealt with")
        case .deferred: language.text(vi: "tạm hoãn", en: "put off")
        }
    }
}

extension Place {
    /// For example «in the room».
    public func text(in language: Language) -> String {
        switch self {
        case .room: language.text(vi: "tại phòng họp", en: "in the room")
        case .remote: language.text(vi: "từ xa", en: "remote")
        }
    }
}

extension Attendance {
    /// For example «in the room».
    public func text(in language: Language) -> String {
        switch self {
        case .expected: language.text(vi: "chưa điểm danh", en: "not checked in")
        case .present(.room, _): language.text(vi: "có mặt tại phòng họp", en: "in the room")
        case .present(.remote, _): language.text(vi: "dự họp từ xa", en: "remote")
        case .left: language.text(vi: "đã rời phiên họp", en: "left")
        case .onLeave: language.text(vi: "vắng mặt có phép", en: "on leave")
        case .absent: language.text(vi: "vắng mặt", en: "absent")
        }
    }
}

extension Role {
    /// For example «secretary».
    public func text(in language: Language) -> String {
        switch self {
        case .member: language.text(vi: "Thành viên Chính phủ", en: "member")
        case .chair: language.text(vi: "chủ tọa", en: "chair")
        case .secretary: language.text(vi: "thư ký phiên họp", en: "secretary")
        case .guest: language.text(vi: "khách mời", en: "guest")
        case .display: language.text(vi: "màn hình phòng họp", en: "wall board")
        case .auditor: language.text(vi: "kiểm toán viên", en: "auditor")
        case .administrator: language.text(vi: "quản trị viên", en: "administrator")
        }
    }
}

extension RoleSet {
    /// The roles in the order of the schema, for example «member, chair».
    public func text(in language: Language) -> String {
        roles.map { $0.text(in: language) }.joined(separator: ", ")
    }
}

extension DeviceKind {
    /// For example «seat tablet».
    public func text(in language: Language) -> String {
        switch self {
        case .seatTablet: language.text(vi: "máy tính bảng tại chỗ ngồi", en: "seat tablet")
        case .tablet: language.text(vi: "máy tính bảng", en: "tablet")
        case .phone: language.text(vi: "điện thoại", en: "phone")
        case .computer: language.text(vi: "máy tính", en: "computer")
        case .wallBoard: language.text(vi: "màn hình lớn", en: "wall board")
        }
    }
}

extension Audience {
    /// For example «members».
    public func text(in language: Language) -> String {
        switch self {
        case .members: language.text(vi: "Thành viên Chính phủ", en: "members")
        case .secretariat: language.text(vi: "chủ tọa và thư ký", en: "secretariat")
        case .display: language.text(vi: "màn hình và khách mời", en: "displays and guests")
        }
    }
}
