import CabinetAPI
import CabinetBoard
import CabinetClient
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetTexts
import ModelTestSupport

/// The government in session on 24 June 2019, seats by office, and what a board may have to show of it.
enum Cabinet {
    static let offices = [
        "Thủ tướng Chính phủ", "Phó Thủ tướng Thường trực",
        "Phó Thủ tướng, Bộ trưởng Bộ Ngoại giao",
        "Phó Thủ tướng phụ trách kinh tế", "Phó Thủ tướng phụ trách khoa giáo",
        "Phó Thủ tướng phụ trách công nghiệp", "Bộ trưởng Bộ Quốc phòng", "Bộ trưởng Bộ Công an",
        "Bộ trưởng Bộ Nội vụ", "Bộ trưởng Bộ Tư pháp", "Bộ trưởng Bộ Kế hoạch và Đầu tư",
        "Bộ trưởng Bộ Tài chính", "Bộ trưởng Bộ Công Thương",
        "Bộ trưởng Bộ Nông nghiệp và Phát triển nông thôn", "Bộ trưởng Bộ Giao thông vận tải",
        "Bộ trưởng Bộ Xây dựng", "Bộ trưởng Bộ Tài nguyên và Môi trường",
        "Bộ trưởng Bộ Thông tin và Truyền thông",
        "Bộ trưởng Bộ Lao động - Thương binh và Xã hội",
        "Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch", "Bộ trưởng Bộ Khoa học và Công nghệ",
        "Bộ trưởng Bộ Giáo dục và Đào tạo", "Bộ trưởng Bộ Y tế", "Tổng Thanh tra Chính phủ",
        "Thống đốc Ngân hàng Nhà nước", "Bộ trưởng, Chủ nhiệm Ủy ban Dân tộc",
        "Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ",
    ]

    static let materials = Materials(
        motion: { text in
            try! CabinetModel.Motion(serializing: CabinetAPI.Motion(text: text))
        },
        roll: Materials.standIn.roll,
        ballot: Materials.standIn.ballot
    )

    static let poll: PollID = "nghi-quyet-1"

    /// A scheduled session with its agenda, before anybody is there.
    static func scheduled(_ names: [String] = offices, asPersons: Bool = false) throws -> Session {
        var session = try Session.scheduled(materials: materials)
        try session.run(
            .admitParticipants(
                try names.enumerated().map { index, name in
                    try Participant(
                        Session.member(index + 1),
                        displayName: DisplayName(name),
                        office: asPersons ? Office("Bộ số \(index + 1)") : nil,
                        roles: index == 0 ? [.member, .chair] : [.member],
                        keys: SigningKeys([.named("m\(index + 1)")])
                    )
                }
            ),
            by: "secretary"
        )
        let items: [(AgendaItemID, Title, Office?)] = [
            ("khai-mac", "Khai mạc Hệ thống e-Cabinet", "Văn phòng Chính phủ"),
            (
                "item", "Dự thảo Nghị quyết về định danh và xác thực điện tử",
                "Văn phòng Chính phủ"
            ),
            ("thong-tin", "Kết nối, liên thông phần mềm quản lý văn bản", nil),
        ]
        for (id, title, office) in items {
            try session.run(
                .setAgendaItem(SetAgendaItem(id, title: title, reportingOffice: office)),
                by: "secretary"
            )
        }
        return session
    }

    /// In session: 21 in the room, 4 remote, one on leave, one absent; of more members all but two in the
    /// room.
    static func open(_ names: [String] = offices, asPersons: Bool = false) throws -> Session {
        var session = try scheduled(names, asPersons: asPersons)
        for number in 1...names.count - 2 {
            let isRemote = names.count == 27 && number > 21
            try session.run(
                .checkIn(nil, from: isRemote ? .remote : .room),
                by: Session.member(number)
            )
        }
        try session.run(.recordLeave(Session.member(names.count - 1)), by: "secretary")
        try session.run(.recordAbsence(Session.member(names.count)), by: "secretary")
        try session.run(.openMeeting, by: "m1")
        try session.run(.moveToAgendaItem("khai-mac", leaving: nil), by: "m1")
        try session.run(.moveToAgendaItem("item", leaving: .decided), by: "m1")
        return session
    }

    /// With a poll of five minutes, and so many ballots, of which the fifth is against and the tenth abstains.
    static func voting(
        _ visibility: CabinetModel.Visibility = .named,
        ballots: Int = 13,
        _ names: [String] = offices,
        asPersons: Bool = false
    ) throws -> Session {
        var session = try open(names, asPersons: asPersons)
        let text = "Thông qua Nghị quyết của Chính phủ về định danh và xác thực điện tử."
        try session.run(
            .createPoll(
                CreatePoll(
                    poll,
                    agendaItem: "item",
                    motion: materials.motion(text),
                    rule: PollRule(visibility: visibility)
                )
            ),
            by: "secretary"
        )
        try session.openPoll(poll, duration: 300_000)
        for number in 1...max(ballots, 1) where number <= ballots {
            let choice: CabinetModel.Choice = number == 5 ? .no : number == 10 ? .abstain : .yes
            try session.cast(Session.member(number), choice, poll: poll)
        }
        return session
    }

    /// With a verdict: 25 in favour.
    static func decided() throws -> Session {
        var session = try voting(.counts, ballots: 0)
        for number in 1...25 { try session.cast(Session.member(number), .yes, poll: poll) }
        try session.run(.closePoll(poll), by: "m1")
        return session
    }

    /// Everybody who is checked in is connected, but for some.
    static func connected(_ session: Session, butFor lost: Set<PrincipalID> = [])
        -> ConnectedDevices
    {
        var connected = ConnectedDevices()
        for (id, attendee) in session.state.proceedings.attendees {
            guard let place = attendee.attendance.place, !lost.contains(id) else { continue }
            connected[id] = [place == .room ? .seatTablet : .phone]
        }
        return connected
    }
}

extension Session {
    /// What a board shows of it, so many seconds after its last command.
    func scene(
        _ audience: CabinetModel.Audience = .secretariat,
        condition: ReplicaCondition = .live,
        connected: ConnectedDevices? = nil,
        secondsLater: Int64 = 0
    ) -> BoardScene {
        BoardScene(
            meeting: Session.id,
            state: replica(audience),
            condition: condition,
            connected: connected,
            now: .at(clock + secondsLater * 1_000),
            instant: Instants.start.advanced(by: .seconds(secondsLater))
        )
    }
}

/// Instants of the tests' clock.
enum Instants {
    static let start = ContinuousClock().now

    /// The link has been lost since the start.
    static let offline = ReplicaCondition.offline(
        since: start,
        reason: RPCError(
            .unavailable,
            "no connection to 127.0.0.1:7443: it did not answer in time",
            details: [StatusDetail(reason: "NO_CONNECTION", domain: "cabinet.rpc")]
        )
    )
}
