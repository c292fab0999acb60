import CabinetAPI
import CabinetLedger
import CabinetMapping
import CabinetMinutes
import CabinetModel
import LogTestSupport
import ModelTestSupport

/// A meeting in which everything happens that minutes have to say, or must not.
enum SampleMeeting {
    /// Names that would be markup, a folder, or written from right to left.
    static let names: [DisplayName] = [
        "Nguyễn Thị <b>Ánh</b>", "Trần & Con \"\u{202e}gnôĐ\"", "Lê O'Đức", "Phạm Hồng", "Đỗ Văn",
        "Vũ Minh", "Bùi Lan",
    ]
    static let offices: [Office] = [
        "Thủ tướng", "Phó Thủ tướng", "Bộ trưởng <script>alert(1)</script>", "Bộ trưởng",
        "Bộ trưởng", "Tổng Thanh tra", "Thống đốc",
    ]

    static let session: Session = {
        var session = try! Session.scheduled(materials: SignedMaterials.materials)
        try! admit(&session)
        try! revocable(&session)
        try! tied(&session)
        try! voided(&session)
        try! named(&session)
        try! session.draft("draft")
        try! session.run(.restoreLog(Epoch(2), reason: "đĩa hỏng"), by: .server)
        try! session.run(.moveToAgendaItem(nil, leaving: .decided), by: "m1")
        try! session.run(.adjournMeeting, by: "m1")
        return session
    }()
    static let log = try! SignedMaterials.file(of: session.log)
    static let key = SignedMaterials.signer.verifierKey
    static let bundle = try! MinutesBundle(of: log, key: key)

    private static func admit(_ session: inout Session) throws {
        let members = try names.indices.map { index in
            let id = Session.member(index + 1)
            return try CabinetModel.Participant(
                id,
                displayName: names[index],
                office: offices[index],
                roles: index == 0 ? [.member, .chair] : [.member],
                weight: index == 1 ? 2 : 1,
                keys: SigningKeys([session.materials.key(id)])
            )
        }
        try session.run(.admitParticipants(members + [.of([.display], "wall")]), by: "secretary")
        for number in 1...4 {
            try session.run(.checkIn(nil, from: .room), by: Session.member(number))
        }
        try session.run(.checkIn(nil, from: .remote), by: "m5")
        try session.run(.recordLeave("m6"), by: "secretary")
        try session.run(.recordAbsence("m7"), by: "secretary")
        try session.run(
            .setAgendaItem(
                SetAgendaItem(
                    "item",
                    title: "Dự thảo <i>nghị quyết</i>",
                    reportingOffice: "Văn phòng Chính phủ",
                    documents: [
                        CabinetModel.DocumentReference(
                            title: "Dự thảo & phụ lục",
                            digest: .standIn("draft"),
                            mediaType: "application/pdf",
                            sizeBytes: 1_000
                        )
                    ]
                )
            ),
            by: "secretary"
        )
        session.clock += 60_000
        try session.run(.openMeeting, by: "m1")
        try session.run(.moveToAgendaItem("item", leaving: nil), by: "m1")
    }

    /// A poll in which a member changes a ballot that nobody was shown.
    private static func revocable(_ session: inout Session) throws {
        try session.draft("revocable", rule: PollRule(isRevocable: true, visibility: .counts))
        try session.openPoll("revocable")
        try session.cast("m2", .no, poll: "revocable")
        for number in [1, 3, 5] {
            session.clock += 1_500
            try session.cast(Session.member(number), .yes, poll: "revocable")
        }
        try session.cast("m2", .yes, revision: 2, poll: "revocable")
        try session.run(.closePoll("revocable"), by: "m1")
    }

    private static func tied(_ session: inout Session) throws {
        try session.draft("tied", rule: PollRule(threshold: .twoThirds))
        try session.openPoll("tied", duration: 60_000)
        try session.cast("m2", .yes, poll: "tied")
        try session.cast("m3", .no, poll: "tied")
        try session.cast("m4", .no, poll: "tied")
        try session.cast("m1", .abstain, poll: "tied")
        session.clock += 60_000
        try session.run(.timeIsUp("tied"), by: .server)
        try session.decideTie("m1", .no, poll: "tied")
    }

    /// A poll that nobody may know the ballots of.
    private static func voided(_ session: inout Session) throws {
        try session.draft("voided", rule: PollRule(visibility: .nothing))
        try session.openPoll("voided")
        try session.cast("m3", .no, poll: "voided")
        try session.run(.voidPoll("voided", reason: "sai <nội dung>"), by: "m1")
    }

    /// A poll whose ballots everybody saw, the replaced one as well; and a key that is lost after it.
    private static func named(_ session: inout Session) throws {
        try session.draft("named", rule: PollRule(isRevocable: true, visibility: .named))
        try session.openPoll("named")
        try session.cast("m3", .no, poll: "named")
        try session.cast("m3", .yes, revision: 2, poll: "named")
        try session.run(.holdPoll("named"), by: "m1")
        try session.run(.startRecess, by: "m1")
        session.clock += 600_000
        try session.run(.resumeMeeting, by: "m1")
        try session.run(.resumePoll("named"), by: "m1")
        try session.cast("m4", .abstain, poll: "named")
        try session.run(.closePoll("named"), by: "m1")
        try session.run(
            .revokeSigningKey("m4", session.materials.key("m4"), reason: "mất điện thoại"),
            by: .server
        )
        try session.run(.checkOut(nil), by: "m4")
    }
}
