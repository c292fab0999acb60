import CabinetAPI
import CabinetRPC

/// Whoever takes part in meetings that are put up for a load, with those who conduct them: members, of whom
/// the first is in the chair, wall boards, a secretary, an auditor.
struct Population: Sendable {
    let people: People
    let secretary: Person
    let auditor: Person

    /// Makes people with new keys.
    ///
    /// - Parameter tag: What their identifiers begin with: no other population of the server has it.
    init(
        memberCount: Int,
        displayCount: Int = 0,
        tag: String,
        knownTo authority: TrialAuthority
    ) throws {
        try self.init(
            try People(
                members: 0..<memberCount,
                displays: 0..<displayCount,
                tag: tag,
                knownTo: authority
            ),
            tag: tag,
            knownTo: authority
        )
    }

    /// Adds those who conduct meetings to people.
    init(_ people: People, tag: String, knownTo authority: TrialAuthority) throws {
        self.people = people
        secretary = try Person(
            "\(tag)-secretary",
            named: "Thư ký",
            [.secretary],
            knownTo: authority
        )
        auditor = try Person(
            "\(tag)-auditor",
            named: "Kiểm toán viên",
            [.auditor],
            knownTo: authority
        )
    }

    var members: [Person] { people.members }
    var displays: [Person] { people.displays }

    /// Those who are admitted to a meeting; its secretary is whoever schedules it.
    var participants: Participants {
        Participants(members: members.map(\.id), displays: displays.map(\.id))
    }

    /// Puts everybody into the directory.
    ///
    /// - Parameter administrator: The connection of an administrator's device.
    func enter(by administrator: RPCClient) async throws {
        try await People.enter([secretary, auditor] + members + displays, by: administrator)
    }
}
