public import CabinetModel

/// A directory under test: an administrator, a member with a tablet and a key, and whoever is added.
public struct DirectorySession {
    public private(set) var state = DirectoryState()
    /// Milliseconds on the server's clock.
    public var clock: Int64 = 1_561_341_600_000

    public var now: Moment { .at(clock) }

    public init() {}

    /// «root», who may, and «m1», who may not.
    public static func started() throws(DirectoryRejection) -> DirectorySession {
        var session = DirectorySession()
        try session.put("root", [.administrator])
        try session.add(.transport("root"), to: "root")
        try session.put("m1", [.member])
        try session.add(.transport("m1"), to: "m1")
        try session.add(.signing("m1 signs"), to: "m1")
        return session
    }

    /// Gives a command and applies what it leads to.
    @discardableResult
    public mutating func run(
        _ command: DirectoryCommand,
        by actor: Actor = .server
    ) throws(DirectoryRejection) -> Principal? {
        guard let principal = try state.decide(command, by: actor, at: now) else { return nil }
        state.apply(principal)
        return principal
    }

    /// The reason of a command's rejection; `nil` where it is accepted. Nothing is changed.
    public func rejection(
        of command: DirectoryCommand,
        by actor: Actor = .server
    ) -> DirectoryRejection? {
        do {
            _ = try state.decide(command, by: actor, at: now)
            return nil
        } catch {
            return error
        }
    }

    /// A principal over a connection with the key of this name; its own is named after it.
    public static func caller(
        _ id: PrincipalID,
        key: String? = nil,
        roles: RoleSet = []
    ) -> Actor {
        .principal(
            Caller(
                id,
                transportKey: .named(key ?? id.text),
                commandKey: .numbered(0),
                directoryRoles: roles
            )
        )
    }

    // MARK: - Steps that many tests take

    /// Creates a principal, or changes it as it stands.
    @discardableResult
    public mutating func put(
        _ id: PrincipalID,
        _ roles: RoleSet,
        name: DisplayName = "Somebody",
        office: Office? = nil,
        isSuspended: Bool = false
    ) throws(DirectoryRejection) -> Principal? {
        try run(
            .put(
                id,
                roles,
                name: name,
                office: office,
                isSuspended: isSuspended,
                revision: state.principals[id]?.revision
            )
        )
    }

    @discardableResult
    public mutating func add(
        _ certificate: PrincipalCertificate,
        to id: PrincipalID
    ) throws(DirectoryRejection) -> Principal? {
        try run(.addCertificate(id, certificate))
    }

    @discardableResult
    public mutating func revoke(
        _ key: String,
        of id: PrincipalID
    ) throws(DirectoryRejection) -> Principal? {
        try run(.revokeCertificate(id, .named(key), reason: "lost"))
    }
}

extension DirectoryCommand {
    public static func put(
        _ id: PrincipalID,
        _ roles: RoleSet,
        name: DisplayName = "Somebody",
        office: Office? = nil,
        isSuspended: Bool = false,
        revision: UInt64? = nil
    ) -> DirectoryCommand {
        .putPrincipal(
            try! PutPrincipal(
                id,
                displayName: name,
                office: office,
                roles: roles,
                isSuspended: isSuspended,
                expectedRevision: revision
            )
        )
    }
}

extension PrincipalCertificate {
    /// A certificate of the key with this name.
    public static func transport(
        _ key: String,
        _ device: DeviceKind = .tablet,
        _ validity: Validity = .wholeSession
    ) -> PrincipalCertificate {
        try! PrincipalCertificate(
            .named(key),
            use: .transport(device),
            validity: validity,
            der: Array("certificate of \(key)".utf8)
        )
    }

    /// A certificate of the key with this name.
    public static func signing(
        _ key: String,
        _ validity: Validity = .wholeSession
    ) -> PrincipalCertificate {
        try! PrincipalCertificate(
            .named(key),
            use: .signing,
            validity: validity,
            der: Array("certificate of \(key)".utf8)
        )
    }
}

extension Validity {
    /// The years 2019 and 2020.
    public static let wholeSession = Validity(1_546_300_800_000, 1_609_459_199_000)

    public init(_ notBefore: Int64, _ notAfter: Int64) {
        try! self.init(notBefore: .at(notBefore), notAfter: .at(notAfter))
    }
}
