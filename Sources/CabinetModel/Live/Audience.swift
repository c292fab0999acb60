/// Who events are made for. Raw values are those of `cabinet.v1.Audience`.
public enum Audience: Int32, Hashable, Sendable, CaseIterable {
    /// Members on their tablets and phones.
    case members = 1
    /// Chair and secretary, who also see drafts.
    case secretariat = 2
    /// Wall boards and guests: the public state.
    case display = 3

    /// Whether a participant with these roles may follow the meeting as one of this audience
    /// (live.proto, `FollowMeeting`).
    public func admits(_ roles: RoleSet) -> Bool {
        switch self {
        case .members: roles.contains(.member) || roles.contains(.chair)
        case .secretariat: roles.contains(.chair) || roles.contains(.secretary)
        case .display: !roles.isEmpty
        }
    }
}
