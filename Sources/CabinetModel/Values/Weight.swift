/// The weight of a member's vote: 1…1,000 (directory.proto).
public struct Weight: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let value: UInt32

    /// - Throws: ``InvalidValue`` where it is not 1…1,000.
    public init(_ value: UInt32) throws(InvalidValue) {
        guard Limits.weight.contains(value) else { throw InvalidValue("a weight is 1 to 1,000") }
        self.value = value
    }

    private init(proven value: UInt32) {
        self.value = value
    }

    /// What a member has of whom nothing else is said.
    public static let one = Weight(proven: 1)

    public var description: String { String(value) }

    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// Members by head, and their weight together.
public struct HeadCount: Hashable, Sendable {
    /// Heads.
    public let members: UInt32

    /// Weight of all of them.
    public let weight: UInt32

    public init(members: UInt32, weight: UInt32) {
        self.members = members
        self.weight = weight
    }

    /// Nobody.
    public static let zero = HeadCount(members: 0, weight: 0)

    /// Both together. Numbers of a meeting are far below the end of the range; those that a replica
    /// is told by a server that lies stop there and do not trap.
    public static func + (left: Self, right: Self) -> Self {
        HeadCount(
            members: left.members.addingSaturated(right.members),
            weight: left.weight.addingSaturated(right.weight)
        )
    }

    static func + (left: Self, right: Weight) -> Self {
        left + HeadCount(members: 1, weight: right.value)
    }
}

extension UInt32 {
    func addingSaturated(_ other: UInt32) -> UInt32 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
