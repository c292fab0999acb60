public import CabinetModel

/// What the directory says of a principal, as far as a meeting freezes it.
public struct DirectoryFacts: Hashable, Sendable {
    public let displayName: DisplayName
    /// `nil` where there is none.
    public let office: Office?
    /// What the principal may be in any meeting.
    public let roles: RoleSet
    /// Of the signing certificates that are valid and not revoked.
    public let signingKeys: SigningKeys

    public init(
        displayName: DisplayName,
        office: Office? = nil,
        roles: RoleSet,
        signingKeys: SigningKeys = .empty
    ) {
        self.displayName = displayName
        self.office = office
        self.roles = roles
        self.signingKeys = signingKeys
    }
}

extension DirectoryFacts {
    /// What the directory says of a principal at a time. Of one that is suspended it says the same: it
    /// stays one of all members, and is shut out of connections, not of the roll.
    public init(_ principal: Principal, at time: Moment) {
        self.init(
            displayName: principal.displayName,
            office: principal.office,
            roles: principal.roles,
            signingKeys: principal.signingKeys(at: time)
        )
    }
}
