import CabinetAPI
import CabinetCodec

/// The messages that are measured: invented, but of the sizes that a government's meeting has.
enum Fixtures {
    /// A signed ballot as a member's tablet sends it, with its certificate.
    static func castBallotRequest() -> CastBallotRequest {
        var random = Bytes(seed: 1)
        let statement = BallotStatement(
            ballotID: random.next(16),
            meetingID: meetingID,
            pollID: "bieu-quyet-04",
            memberID: memberID(14),
            purpose: .vote,
            choice: .yes,
            motionDigest: random.next(32),
            rollDigest: random.next(32),
            revision: 1
        )
        let ballot = SignedBallot(
            statement: statement.serialized(),
            signature: random.next(71),
            algorithm: .ecdsaP256Sha256,
            keyFingerprint: random.next(32),
            certificate: random.next(604)
        )
        return CastBallotRequest(ballot: ballot)
    }

    /// What a member's tablet is given when it joins in the middle of a meeting: 27 members with two
    /// devices each, an agenda of eight items, four polls, one of them open.
    static func meetingSnapshot() -> MeetingSnapshot {
        var random = Bytes(seed: 2)
        let fingerprints = offices.map { _ in [random.next(32), random.next(32)] }
        let participants = offices.indices.map { index in
            Attendance(
                participant: Participant(
                    principalID: memberID(index),
                    displayName: names[index % names.count],
                    office: offices[index],
                    roles: index == 0 ? [.member, .chair] : [.member],
                    weight: 1,
                    keyFingerprints: fingerprints[index]
                ),
                state: index % 5 == 4 ? .remote : .inRoom,
                changedUnixMs: startUnixMs + Int64(index) * 41_000
            )
        }
        let agenda = subjects.enumerated().map { index, subject in
            AgendaItem(
                agendaItemID: "noi-dung-\(index + 1)",
                title: subject,
                reportingOffice: offices[index + 4],
                documents: ["Tờ trình", "Báo cáo tiếp thu, giải trình"].map { kind in
                    document("\(kind) số \(100 + index)/TTr", &random)
                },
                state: index < 3 ? .decided : index == 3 ? .discussing : .pending
            )
        }
        let roll = Roll(
            voters: offices.indices.map { index in
                RollVoter(
                    memberID: memberID(index),
                    weight: 1,
                    keyFingerprints: fingerprints[index]
                )
            }
        )
        let rollCall = RollCall(
            marks: offices.indices.map { $0 % 9 == 8 ? .notVoted : $0 % 4 == 3 ? .no : .yes },
            places: offices.indices.map { $0 % 5 == 4 ? .remote : .room }
        )
        return MeetingSnapshot(
            meeting: Meeting(
                meetingID: meetingID,
                title: "Phiên họp Chính phủ thường kỳ tháng 6 năm 2025",
                state: .open,
                scheduledUnixMs: startUnixMs,
                openedUnixMs: startUnixMs + 312_000,
                defaultRule: rule,
                currentAgendaItemID: "noi-dung-4"
            ),
            participants: participants,
            agenda: agenda,
            polls: (0..<4).map { poll($0, &random) },
            pollInProgress: PollInProgress(
                pollID: "bieu-quyet-04",
                roll: roll.serialized(),
                rollCall: rollCall
            ),
            log: LogOpened(
                formatVersion: 1,
                meetingID: meetingID,
                origin: "e-cabinet.example/\(meetingID)",
                logPublicKey: random.next(32),
                epoch: 1
            )
        )
    }

    private static let meetingID = "hop-chinh-phu-2025-06"
    private static let startUnixMs: Int64 = 1_751_335_200_000

    private static func memberID(_ index: Int) -> String {
        index < 9 ? "thanh-vien-0\(index + 1)" : "thanh-vien-\(index + 1)"
    }

    private static let rule = PollRule(
        quorum: Fraction(numerator: 2, denominator: 3),
        quorumIncludesRemote: true,
        thresholdBase: .allMembers,
        threshold: Fraction(numerator: 1, denominator: 2),
        comparison: .moreThan,
        tie: .chairDecides,
        revocable: false,
        visibility: .named
    )

    private static func poll(_ index: Int, _ random: inout Bytes) -> Poll {
        let motion = Motion(
            text: "Thông qua dự thảo Nghị quyết của Chính phủ về \(subjects[index]), giao cơ quan "
                + "chủ trì phối hợp với các Bộ, ngành liên quan hoàn thiện, trình Thủ tướng ký ban hành.",
            documents: [document("Dự thảo Nghị quyết số \(index + 40)/NQ-CP", &random)]
        )
        let opened = startUnixMs + Int64(index + 1) * 1_800_000
        var poll = Poll(
            pollID: "bieu-quyet-0\(index + 1)",
            agendaItemID: "noi-dung-\(index + 1)",
            state: .open,
            motion: motion.serialized(),
            motionDigest: random.next(32),
            rule: rule,
            rollDigest: random.next(32),
            rollPartCount: 1,
            openedUnixMs: opened,
            closesUnixMs: opened + 300_000,
            chairID: memberID(0)
        )
        if index < 3 {
            poll.state = .decided
            poll.closedUnixMs = opened + 187_000
            poll.closeCause = .order
            poll.verdict = verdict
        }
        return poll
    }

    private static let verdict = Verdict(
        outcome: .carried,
        ground: .thresholdReached,
        tally: Tally(
            yes: ChoiceCount(roomMembers: 17, remoteMembers: 4, roomWeight: 17, remoteWeight: 4),
            no: ChoiceCount(roomMembers: 2, roomWeight: 2),
            abstain: ChoiceCount(roomMembers: 1, remoteMembers: 1, roomWeight: 1, remoteWeight: 1),
            notVotedMembers: 2,
            notVotedWeight: 2
        ),
        quorum: QuorumCount(
            allMembers: 27,
            roomMembers: 21,
            remoteMembers: 5,
            countedMembers: 26,
            neededMembers: 18,
            marginMembers: 8
        ),
        threshold: ThresholdCount(baseWeight: 27, neededWeight: 14, yesWeight: 21),
        rule: rule
    )

    private static func document(_ title: String, _ random: inout Bytes) -> DocumentReference {
        DocumentReference(
            title: title,
            digest: random.next(32),
            mediaType: "application/pdf",
            sizeBytes: 482_133
        )
    }

    private static let names = [
        "Nguyễn Văn An", "Trần Thị Bích Hằng", "Lê Quang Dũng", "Phạm Minh Đức", "Hoàng Thị Thu Hà",
        "Phan Đình Khôi", "Vũ Ngọc Lan", "Đặng Hữu Nghĩa", "Bùi Thanh Sơn Tùng",
    ]

    private static let offices = [
        "Thủ tướng Chính phủ",
        "Phó Thủ tướng Thường trực Chính phủ",
        "Phó Thủ tướng Chính phủ, phụ trách nội chính",
        "Phó Thủ tướng Chính phủ, phụ trách kinh tế ngành",
        "Phó Thủ tướng Chính phủ, phụ trách khoa giáo - văn xã",
        "Bộ trưởng Bộ Quốc phòng",
        "Bộ trưởng Bộ Công an",
        "Bộ trưởng Bộ Ngoại giao",
        "Bộ trưởng Bộ Nội vụ",
        "Bộ trưởng Bộ Tư pháp",
        "Bộ trưởng Bộ Tài chính",
        "Bộ trưởng Bộ Công Thương",
        "Bộ trưởng Bộ Nông nghiệp và Môi trường",
        "Bộ trưởng Bộ Xây dựng",
        "Bộ trưởng Bộ Khoa học và Công nghệ",
        "Bộ trưởng Bộ Giáo dục và Đào tạo",
        "Bộ trưởng Bộ Y tế",
        "Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch",
        "Bộ trưởng Bộ Dân tộc và Tôn giáo",
        "Tổng Thanh tra Chính phủ",
        "Thống đốc Ngân hàng Nhà nước Việt Nam",
        "Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ",
        "Thứ trưởng Bộ Quốc phòng, được ủy quyền",
        "Thứ trưởng Bộ Công an, được ủy quyền",
        "Thứ trưởng Bộ Tài chính, được ủy quyền",
        "Thứ trưởng Bộ Ngoại giao, được ủy quyền",
        "Thứ trưởng Bộ Công Thương, được ủy quyền",
    ]

    private static let subjects = [
        "kế hoạch đầu tư công trung hạn giai đoạn 2026-2030",
        "chính sách đặc thù phát triển nhà ở xã hội",
        "dự án Luật Trí tuệ nhân tạo",
        "phương án điều chỉnh lương tối thiểu vùng",
        "quy hoạch mạng lưới đường sắt đô thị",
        "chương trình mục tiêu quốc gia về y tế cơ sở",
        "cơ chế mua bán điện trực tiếp",
        "tình hình kinh tế - xã hội tháng 6 và 6 tháng đầu năm",
    ]
}

/// Bytes that look random and are the same in every run.
private struct Bytes {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in
            // SplitMix64.
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return UInt8(truncatingIfNeeded: mixed ^ (mixed >> 31))
        }
    }
}
