/// What an administrator wants the directory to become. Each is a call of
/// `cabinet.v1.DirectoryService`.
public enum DirectoryCommand: Hashable, Sendable {
    /// DirectoryService.PutPrincipal.
    case putPrincipal(PutPrincipal)
    /// DirectoryService.AddCertificate, with what was read in the certificate. Who parsed it has seen
    /// that its key and its issuer are accepted.
    case addCertificate(PrincipalID, PrincipalCertificate)
    /// DirectoryService.RevokeCertificate. The directory does not keep the reason: it is for the
    /// meetings that have frozen the key (``Command/revokeSigningKey(_:_:reason:)``).
    case revokeCertificate(PrincipalID, KeyFingerprint, reason: RevocationReason)

    /// The principal that is to change.
    public var principal: PrincipalID {
        switch self {
        case .putPrincipal(let request): request.id
        case .addCertificate(let id, _), .revokeCertificate(let id, _, _): id
        }
    }
}

/// Creates a principal, or replaces everything of it but its certificates.
public struct PutPrincipal: Hashable, Sendable {
    public let id: PrincipalID
    public let displayName: DisplayName
    public let office: Office?
    /// At least one.
    public let roles: RoleSet
    public let isSuspended: Bool
    /// The revision that the change is based on; `nil` where the principal is new.
    public let expectedRevision: UInt64?

    /// - Throws: ``InvalidValue`` where there is no role.
    public init(
        _ id: PrincipalID,
        displayName: DisplayName,
        office: Office? = nil,
        roles: RoleSet,
        isSuspended: Bool = false,
        expectedRevision: UInt64? = nil
    ) throws(InvalidValue) {
        guard !roles.isEmpty else { throw InvalidValue("a principal has a role") }
        self.id = id
        self.displayName = displayName
        self.office = office
        self.roles = roles
        self.isSuspended = isSuspended
        self.expectedRevision = expectedRevision
    }
}
