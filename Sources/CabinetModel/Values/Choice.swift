/// What a member chooses. Raw values are those of `cabinet.v1.Choice`.
public enum Choice: Int32, Hashable, Sendable, CaseIterable {
    /// For the motion.
    case yes = 1
    /// Against the motion.
    case no = 2
    /// Neither.
    case abstain = 3
}

/// What decides a tie: one cannot abstain from it. Raw values are those of `cabinet.v1.Choice`.
public enum TieChoice: Int32, Hashable, Sendable, CaseIterable {
    /// For the motion.
    case yes = 1
    /// Against the motion.
    case no = 2

    /// - Returns: `nil` for an abstention.
    public init?(_ choice: Choice) {
        switch choice {
        case .yes: self = .yes
        case .no: self = .no
        case .abstain: return nil
        }
    }
}
