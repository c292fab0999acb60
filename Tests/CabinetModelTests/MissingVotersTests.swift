import CabinetModel
import ModelTestSupport
import Testing

/// Who has not voted, as the chair sees it before closing a poll.
@Suite struct MissingVotersTests {
    /// What is known of a member, and where it is then: nowhere, if it has voted.
    private static let table: [(Bool, Bool, Bool, String?)] = [
        // Checked in, connected, voted.
        (true, true, false, "connected"),
        (true, false, false, "link lost"),
        (false, true, false, "connected"),
        (false, false, false, "away"),
        (true, true, true, nil),
        (true, false, true, nil),
        (false, true, true, nil),
        (false, false, true, nil),
    ]

    /// One member for each line of the table.
    private func session(_ visibility: Visibility) throws -> (Session, ConnectedDevices) {
        var session = try Session.voting(
            members: Self.table.count,
            rule: PollRule(visibility: visibility)
        )
        var connected = ConnectedDevices()
        for (number, (isCheckedIn, isConnected, hasVoted, _)) in zip(1..., Self.table) {
            let member = Session.member(number)
            if hasVoted { try session.cast(member, .yes) }
            if !isCheckedIn { try session.run(.checkOut(nil), by: member) }
            if isConnected { connected[member] = [.tablet] }
        }
        return (session, connected)
    }

    private func members(_ place: String) -> [PrincipalID] {
        zip(1..., Self.table).filter { $0.1.3 == place }.map { Session.member($0.0) }
    }

    @Test(
        "Those who have not voted are connected, have lost the link, or are away",
        arguments: [Visibility.named, .nothing],
        Audience.allCases
    )
    func table(_ visibility: Visibility, _ audience: Audience) throws {
        let (session, connected) = try session(visibility)
        let replica = session.state.snapshot(for: audience)
        let missing = try #require(replica.missingVoters(connected: connected))
        #expect(missing.connected == members("connected"))
        #expect(missing.linkLost == members("link lost"))
        #expect(missing.away == members("away"))
    }

    @Test("Where counts alone are shown nobody learns who has not voted")
    func counts() throws {
        let (session, connected) = try session(.counts)
        let replica = session.state.snapshot(for: .secretariat)
        #expect(replica.missingVoters(connected: connected) == nil)
    }

    @Test("It is told of a poll that is open or held, and of no other")
    func states() throws {
        let none = ConnectedDevices()
        var session = try Session.open(rule: PollRule(visibility: .named))
        func missing() -> MissingVoters? {
            session.state.snapshot(for: .secretariat).missingVoters(connected: none)
        }
        #expect(missing() == nil)
        try session.draft("poll")
        #expect(missing() == nil)
        try session.openPoll("poll")
        #expect(missing()?.linkLost.count == 5)
        try session.run(.holdPoll("poll"), by: "m1")
        #expect(missing()?.linkLost.count == 5)
        try session.run(.resumePoll("poll"), by: "m1")
        try session.run(.closePoll("poll"), by: "m1")
        #expect(missing() == nil)
    }

    @Test("A device that is gone is no device")
    func devices() {
        var connected = ConnectedDevices()
        connected["m1"] = [.phone, .tablet]
        #expect(connected.isConnected("m1"))
        #expect(!connected.isConnected("m2"))
        connected["m1"] = []
        #expect(connected == ConnectedDevices())
    }
}
