internal import CabinetModel

/// Checks that the parts of a roll come whole and in order, directly before the opening of their
/// poll, and that the opening says of the roll what is in the parts.
///
/// The model takes that for granted. It holds of what a server wrote; who reads a log or follows a
/// meeting makes sure of it, because a member signs the digest of the roll.
struct RollAssembly {
    /// What a fact breaks, in English.
    struct Broken: Error {
        let rule: String
    }

    private var poll: PollID?
    private var partCount: UInt32 = 0
    private var parts: [RollPart] = []

    /// Whether no part is waiting for the others, or for the opening of its poll.
    var isEmpty: Bool { poll == nil }

    /// Takes the next thing that happened; `nil` for what is no fact.
    mutating func take(_ fact: Fact?) throws(Broken) {
        switch fact {
        case .rollFrozen(let id, let number, let count, let part):
            try take(part, number, of: count, id)
        case .pollOpened(let opened):
            try check(opened)
            self = RollAssembly()
        default:
            guard poll == nil else {
                throw Broken(rule: "the parts of a roll are followed by the opening of the poll")
            }
        }
    }

    private mutating func take(
        _ part: RollPart,
        _ number: UInt32,
        of count: UInt32,
        _ id: PollID
    ) throws(Broken) {
        if poll == nil {
            poll = id
            partCount = count
        }
        guard poll == id, partCount == count, number == UInt32(clamping: parts.count) else {
            throw Broken(rule: "the parts of a roll follow each other in their order")
        }
        parts.append(part)
    }

    private func check(_ opened: PollOpened) throws(Broken) {
        guard poll == opened.poll, parts.count == Int(clamping: partCount) else {
            throw Broken(rule: "all parts of a poll's roll come before its opening")
        }
        let roll: FrozenRoll
        do {
            roll = try FrozenRoll(parts: parts, digest: Digest(rollOf: parts))
        } catch {
            throw Broken(rule: error.rule)
        }
        guard roll.digest == opened.rollDigest else {
            throw Broken(rule: "the roll has the digest that the opening of the poll says")
        }
        guard roll.roll.total == opened.roll else {
            throw Broken(rule: "the roll has the voters and the weight that the opening says")
        }
    }
}
