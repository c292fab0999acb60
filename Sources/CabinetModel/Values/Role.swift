/// What a principal may do. Raw values are those of `cabinet.v1.Role`.
public enum Role: Int32, Hashable, Sendable, CaseIterable {
    /// Belongs to the governing body, counts as one of «all members» and votes.
    case member = 1
    /// Presides over the meeting, orders its votes and decides ties.
    case chair = 2
    /// Prepares the meeting and runs it on the chair's word.
    case secretary = 3
    /// Attends without a vote.
    case guest = 4
    /// A wall board: reads the public state.
    case display = 5
    /// Reads the ledger.
    case auditor = 6
    /// Keeps the directory.
    case administrator = 7

    /// As in the attributes of a status: the name in the schema without its prefix.
    public var name: String {
        switch self {
        case .member: "MEMBER"
        case .chair: "CHAIR"
        case .secretary: "SECRETARY"
        case .guest: "GUEST"
        case .display: "DISPLAY"
        case .auditor: "AUDITOR"
        case .administrator: "ADMINISTRATOR"
        }
    }
}

/// Roles, each at most once, in the order of the schema.
public struct RoleSet: Hashable, Sendable, ExpressibleByArrayLiteral {
    private var bits: UInt8 = 0

    public init(_ roles: some Sequence<Role>) {
        for role in roles { bits |= Self.bit(of: role) }
    }

    public init(arrayLiteral roles: Role...) {
        self.init(roles)
    }

    public func contains(_ role: Role) -> Bool { bits & Self.bit(of: role) != 0 }

    public var isEmpty: Bool { bits == 0 }

    /// The roles in the order of the schema.
    public var roles: [Role] { Role.allCases.filter(contains) }

    private static func bit(of role: Role) -> UInt8 {
        1 << UInt8(truncatingIfNeeded: role.rawValue)
    }
}
