/// What a meeting freezes of a principal when it admits it (directory.proto, `Participant`).
public struct Participant: Hashable, Sendable {
    /// What a member has that others have not.
    public struct Membership: Hashable, Sendable {
        /// Weight of the member's vote.
        public let weight: Weight
        /// Keys that the member may sign ballots with. None in what displays receive.
        public internal(set) var keys: SigningKeys
    }

    /// The roles that a participant can have in a meeting.
    public static let possibleRoles: RoleSet = [.member, .chair, .secretary, .guest, .display]

    public let id: PrincipalID
    /// Display name at that time.
    public let displayName: DisplayName
    /// Office at that time; `nil` where there is none.
    public let office: Office?
    /// Roles in this meeting.
    public let roles: RoleSet
    /// `nil` for who is not a member.
    public internal(set) var membership: Membership?

    /// - Parameters:
    ///   - weight: Of a member's vote; `nil` is 1 for a member, and none for anyone else.
    ///   - keys: What a member may sign with; none for anyone else.
    /// - Throws: ``InvalidValue`` where there is no role, a role is none of a meeting, GUEST goes with
    ///   another, CHAIR goes without MEMBER, or one who is not a member has a weight or a key.
    public init(
        _ id: PrincipalID,
        displayName: DisplayName,
        office: Office? = nil,
        roles: RoleSet,
        weight: Weight? = nil,
        keys: SigningKeys = .empty
    ) throws(InvalidValue) {
        guard !roles.isEmpty else { throw InvalidValue("a participant has a role") }
        guard roles.roles.allSatisfy(Self.possibleRoles.contains) else {
            throw InvalidValue("auditor and administrator are no roles of a meeting")
        }
        guard !roles.contains(.guest) || roles == [.guest] else {
            throw InvalidValue("GUEST goes with no other role")
        }
        guard !roles.contains(.chair) || roles.contains(.member) else {
            throw InvalidValue("CHAIR goes with MEMBER")
        }
        if roles.contains(.member) {
            membership = Membership(weight: weight ?? .one, keys: keys)
        } else {
            guard weight == nil, keys == .empty else {
                throw InvalidValue("only a member has a weight and signing keys")
            }
            membership = nil
        }
        self.id = id
        self.displayName = displayName
        self.office = office
        self.roles = roles
    }

    /// The secretary that a meeting begins with.
    init(secretary id: PrincipalID, displayName: DisplayName, office: Office?) {
        self.id = id
        self.displayName = displayName
        self.office = office
        roles = [.secretary]
        membership = nil
    }

    /// Without the keys that are removed.
    public func removingKeys(_ isRemoved: (KeyFingerprint) -> Bool) -> Participant {
        var copy = self
        copy.membership = membership.map {
            Membership(weight: $0.weight, keys: $0.keys.removing(isRemoved))
        }
        return copy
    }
}

/// What the log says of a participant's attendance.
public enum Attendance: Hashable, Sendable {
    /// Invited, and nothing recorded yet.
    case expected
    /// Checked in.
    case present(Place, since: Moment)
    /// Checked in before, and left.
    case left(Moment)
    /// Excused.
    case onLeave(Moment)
    /// Absent without leave.
    case absent(Moment)

    /// Where the participant is checked in; `nil` where nowhere.
    public var place: Place? {
        if case .present(let place, _) = self { place } else { nil }
    }

    /// When it last changed; `nil` where nothing is recorded.
    public var changed: Moment? {
        switch self {
        case .expected: nil
        case .present(_, let moment), .left(let moment), .onLeave(let moment),
            .absent(let moment):
            moment
        }
    }

    /// The number in `cabinet.v1.AttendanceState`.
    public var number: Int32 {
        switch self {
        case .expected: 1
        case .present(.room, _): 2
        case .present(.remote, _): 3
        case .left: 4
        case .onLeave: 5
        case .absent: 6
        }
    }
}

/// A participant and its attendance.
public struct Attendee: Hashable, Sendable {
    public internal(set) var participant: Participant
    public internal(set) var attendance: Attendance

    public init(_ participant: Participant, attendance: Attendance = .expected) {
        self.participant = participant
        self.attendance = attendance
    }
}
