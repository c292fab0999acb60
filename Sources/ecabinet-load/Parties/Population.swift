import CabinetAPI
import CabinetRPC

/// Whoever takes part in meetings that are put up for a load: members, of whom the first is in the
/// chair, a secretary, an auditor and wall boards.
struct Population: Sendable {
    /// Calls of one device under way while it is put into the directory: a device may have some.
    private static let callsAtOnce = 16

    let members: [Person]
    let secretary: Person
    let auditor: Person
    let displays: [Person]

    /// Makes people with new keys.
    ///
    /// - Parameter tag: What their identifiers begin with: no other population of the server has it.
    init(
        memberCount: Int,
        displayCount: Int = 0,
        tag: String,
        knownTo authority: TrialAuthority
    ) throws {
        func person(_ id: String, _ name: String, _ roles: [Role]) throws -> Person {
            try Person("\(tag)-\(id)", named: name, roles, knownTo: authority)
        }
        secretary = try person("secretary", "Thư ký", [.secretary])
        auditor = try person("auditor", "Kiểm toán viên", [.auditor])
        members = try (0..<memberCount).map { index in
            try person(
                "m\(index)",
                "Ủy viên \(index)",
                index == 0 ? [.member, .chair] : [.member]
            )
        }
        displays = try (0..<displayCount).map { index in
            try person("d\(index)", "Bảng điện tử \(index)", [.display])
        }
    }

    /// Those who are admitted to a meeting; its secretary is whoever schedules it.
    var participants: [Person] { members + displays }

    var everybody: [Person] { [secretary, auditor] + participants }

    /// Puts everybody into the directory.
    ///
    /// - Parameter administrator: The connection of an administrator's device.
    func enter(by administrator: RPCClient) async throws {
        let directory = DirectoryService.Client(administrator)
        try await concurrently(everybody, atMost: Self.callsAtOnce) { person in
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
