import CabinetAPI
import CabinetLoad
import CabinetRPC

/// The members and wall boards that have their keys in this process: all, or its share of them.
struct People: Sendable {
    /// Calls of one device under way while people are put into the directory: a device may have some.
    private static let callsAtOnce = 16

    /// In the order of their numbers.
    let members: [Person]
    let displays: [Person]

    /// Makes people with new keys.
    ///
    /// - Parameters:
    ///   - members: Their numbers; that of who is in the chair is 0.
    ///   - displays: Theirs.
    ///   - tag: What their identifiers begin with.
    init(
        members: some Sequence<Int>,
        displays: some Sequence<Int>,
        tag: String,
        knownTo authority: TrialAuthority
    ) throws {
        self.members = try members.map { number in
            try Person(
                Participants.member(number, tag),
                named: "Ủy viên \(number)",
                Participants.roles(ofMember: number),
                knownTo: authority
            )
        }
        self.displays = try displays.map { number in
            try Person(
                Participants.display(number, tag),
                named: "Bảng điện tử \(number)",
                [.display],
                knownTo: authority
            )
        }
    }

    /// Puts people into the directory.
    ///
    /// - Parameter administrator: The connection of an administrator's device.
    static func enter(_ people: [Person], by administrator: RPCClient) async throws {
        let directory = DirectoryService.Client(administrator)
        try await concurrently(people, atMost: callsAtOnce) { person in
            _ = try await directory.putPrincipal(
                PutPrincipalRequest(
                    principalID: person.id,
                    displayName: person.displayName,
                    roles: person.roles
                )
            )
            _ = try await directory.addCertificate(
                AddCertificateRequest(
                    principalID: person.id,
                    use: .transport,
                    deviceKind: .tablet,
                    der: person.device.certificate
                )
            )
            guard let signature = person.signature else { return }
            _ = try await directory.addCertificate(
                AddCertificateRequest(
                    principalID: person.id,
                    use: .signing,
                    der: signature.certificate
                )
            )
        }
    }
}

/// Does something with each element, with some of them at a time, and throws the first error.
func concurrently<Element: Sendable>(
    _ elements: some Sequence<Element>,
    atMost limit: Int,
    _ body: @escaping @Sendable (Element) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, element) in elements.enumerated() {
            if index >= limit { try await group.next() }
            group.addTask { try await body(element) }
        }
        try await group.waitForAll()
    }
}
