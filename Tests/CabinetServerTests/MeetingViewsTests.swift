import CabinetModel
import ModelTestSupport
import Testing

@testable import CabinetServer

/// Lists of meetings, and of those who take part, as the sequencer keeps them for readers.
@Suite struct MeetingViewsTests {
    private func give(_ command: Command, in meeting: MeetingID, _ chamber: Chamber) throws {
        let (order, reply) = chamber.order(command, by: chamber.caller("secretary"), in: meeting)
        try chamber.process([order])
        _ = try reply.value
    }

    private func guest(_ id: PrincipalID, _ name: DisplayName) throws -> Participant {
        try Participant(id, displayName: name, roles: [.guest])
    }

    @Test("Meetings are listed with the latest first, for all and for those who take part")
    func meetings() throws {
        let chamber = try Chamber()
        let start = chamber.clock
        // Two at the same time, and none in the order in which they are scheduled.
        for (id, scheduled) in [("c", 2), ("a", 1), ("d", 3), ("b", 2)] as [(MeetingID, Int64)] {
            let clock = chamber.clock
            chamber.clock = start + scheduled
            let command = try chamber.schedule(id)
            chamber.clock = clock
            try give(command, in: id, chamber)
        }
        for id in ["a", "b", "d"] as [MeetingID] {
            try give(.admitParticipants([guest("m2", "An")]), in: id, chamber)
        }
        try give(.removeParticipant("m2"), in: "b", chamber)
        func check() {
            let views = chamber.core.views
            #expect(views.meetings(of: nil) == ["d", "b", "c", "a"])
            #expect(views.meetings(of: "secretary") == ["d", "b", "c", "a"])
            #expect(views.meetings(of: "m2") == ["d", "a"])
            #expect(views.meetings(of: "m3") == [])
        }
        check()
        try chamber.restart()
        check()
    }

    @Test("Participants are listed by name as they come and go")
    func participants() throws {
        let chamber = try Chamber()
        try chamber.give(chamber.schedule())
        try chamber.give(
            .admitParticipants([guest("m1", "Đặng"), guest("m2", "Êban"), guest("m3", "An")])
        )
        // The secretary's name is «Thư ký». By bytes, «Ê» would be before «Đ».
        #expect(try chamber.view.participants == ["m3", "m1", "m2", "secretary"])
        try chamber.give(.removeParticipant("m1"))
        try chamber.give(.admitParticipants([guest("m3", "Vũ")]))
        #expect(try chamber.view.participants == ["m2", "secretary", "m3"])
        try chamber.restart()
        #expect(try chamber.view.participants == ["m2", "secretary", "m3"])
    }
}
