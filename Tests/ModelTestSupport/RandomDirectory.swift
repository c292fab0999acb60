public import CabinetModel
public import TestSupport

/// Commands to a directory at random: mostly such as it gets, and some of those that make no sense.
public struct RandomDirectory {
    public private(set) var session: DirectorySession
    public private(set) var acceptedCount = 0
    public private(set) var rejections: Set<DirectoryReason> = []
    private var random: SplitMix64

    private static let names: [DisplayName] = [
        "An", "an", "Ân", "Đặng An", "Đặng Ân", "Dang An", "Bình", "Bính", "Vũ Đức Đam", "Müller",
    ]

    public init(random: SplitMix64) {
        session = try! DirectorySession.started()
        self.random = random
    }

    /// Gives one command, and returns what it led to; `nil` where it was refused or changed nothing.
    public mutating func step() -> Principal? {
        // The clock is sometimes set back, and months pass.
        session.clock += Int64.random(in: -60_000...120_000, using: &random)
        if chance(1) { session.clock += 30 * 86_400_000 }
        let command = command()
        let actor = actor()
        do {
            let principal = try session.run(command, by: actor)
            acceptedCount += principal == nil ? 0 : 1
            return principal
        } catch {
            rejections.insert(error.reason)
            return nil
        }
    }

    // MARK: - What comes next

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    /// The server keeps the directory going when no administrator can.
    private mutating func actor() -> Actor {
        if chance(40) { return .server }
        let principals = session.state.principals.values.sorted { $0.id < $1.id }
        let administrators = principals.filter { $0.roles.contains(.administrator) }
        let caller = (chance(80) ? administrators : principals).randomElement(using: &random)
        let key = caller?.certificates.randomElement(using: &random)?.fingerprint
        return .principal(
            Caller(
                caller?.id ?? "nobody",
                transportKey: key ?? .named("unknown"),
                commandKey: .numbered(0),
                directoryRoles: [.administrator]
            )
        )
    }

    /// Some get most of the certificates, so that they come to the limits.
    private mutating func principal() -> PrincipalID {
        if chance(30) { return "root" }
        let number = Int.random(in: 0...(chance(70) ? 2 : 9), using: &random)
        return Identifier(stringLiteral: "p\(number)")
    }

    private mutating func command() -> DirectoryCommand {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<35: put(principal())
        case 35..<75: .addCertificate(principal(), certificate())
        default: revoke(principal())
        }
    }

    private mutating func put(_ id: PrincipalID) -> DirectoryCommand {
        let revision = session.state.principals[id]?.revision
        let roles = Role.allCases.filter { _ in chance(30) }
        return .put(
            id,
            RoleSet(roles + (chance(40) || roles.isEmpty ? [.administrator] : [])),
            name: Self.names.randomElement(using: &random) ?? "An",
            office: chance(50) ? "Bộ Tư pháp" : nil,
            isSuspended: chance(20),
            revision: chance(90) ? revision : UInt64.random(in: 1...4, using: &random)
        )
    }

    private mutating func certificate() -> PrincipalCertificate {
        let key = "key \(Int.random(in: 0..<400, using: &random))"
        let start = session.clock + Int64.random(in: -100_000_000...1_000_000, using: &random)
        let validity = Validity(start, start + Int64.random(in: 0...9_000_000_000, using: &random))
        return chance(50)
            ? .transport(key, DeviceKind.allCases.randomElement(using: &random) ?? .phone, validity)
            : .signing(key, validity)
    }

    private mutating func revoke(_ id: PrincipalID) -> DirectoryCommand {
        let key = session.state.principals[id]?.certificates.randomElement(using: &random)
        return .revokeCertificate(id, key?.fingerprint ?? .named("unknown"), reason: "lost")
    }
}
