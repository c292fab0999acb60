/// What is put to the vote: the exact bytes of a serialized `Motion`, and their digest.
///
/// The voting service serializes a motion once, when the poll is created, and hashes it
/// (voting.proto: SHA-256("e-cabinet/motion/v1\n" ‖ motion)); whoever reads the log hashes the bytes
/// that are there. The model never parses them.
public struct Motion: Hashable, Sendable {
    /// 1…8,192 bytes.
    public let bytes: [UInt8]
    public let digest: Digest

    /// - Throws: ``InvalidValue`` where the bytes are out of bounds.
    public init(bytes: [UInt8], digest: Digest) throws(InvalidValue) {
        guard Limits.motionBytes.contains(bytes.count) else {
            throw InvalidValue("a motion has 1 to 8,192 bytes")
        }
        self.bytes = bytes
        self.digest = digest
    }
}

/// Where a poll is in its life. Raw values are those of `cabinet.v1.PollState`.
public enum PollState: Int32, Hashable, Sendable, CaseIterable {
    /// Prepared.
    case draft = 1
    /// Takes ballots.
    case open = 2
    /// Takes no ballots for the moment.
    case held = 3
    /// Takes no more ballots and waits for the chair's choice in a tie.
    case closed = 4
    /// Has its verdict.
    case decided = 5
    /// Was voided.
    case voided = 6

    /// As in the attributes of a status: the name in the schema without its prefix.
    public var name: String {
        switch self {
        case .draft: "DRAFT"
        case .open: "OPEN"
        case .held: "HELD"
        case .closed: "CLOSED"
        case .decided: "DECIDED"
        case .voided: "VOIDED"
        }
    }
}

/// Why a poll closed. Raw values are those of `cabinet.v1.PollCloseCause`.
public enum PollCloseCause: Int32, Hashable, Sendable {
    /// By an order, of the chair or of a secretary.
    case order = 1
    /// Its time was over.
    case timer = 2
}

/// A poll, without its ballots.
public struct Poll: Hashable, Sendable {
    /// What was frozen when it opened, beside motion and rule.
    public struct Opening: Hashable, Sendable {
        public let moment: Moment
        public let rollDigest: Digest
        /// Parts that the roll is kept in.
        public let rollPartCount: UInt32
        /// Whose choice decides a tie, whoever is in the chair later.
        public let chair: PrincipalID

        public init(
            moment: Moment,
            rollDigest: Digest,
            rollPartCount: UInt32,
            chair: PrincipalID
        ) {
            self.moment = moment
            self.rollDigest = rollDigest
            self.rollPartCount = rollPartCount
            self.chair = chair
        }
    }

    /// How it closed.
    public struct Closing: Hashable, Sendable {
        public let moment: Moment
        public let cause: PollCloseCause

        public init(moment: Moment, cause: PollCloseCause) {
            self.moment = moment
            self.cause = cause
        }
    }

    /// Where it is in its life, with all that is known there.
    public enum Stage: Hashable, Sendable {
        case draft
        /// `closesAt` is `nil` where it has no timer.
        case open(Opening, closesAt: Moment?)
        /// `remainingMilliseconds` is `nil` where it has no timer, otherwise at least 1.
        case held(Opening, remainingMilliseconds: UInt32?)
        case closed(Opening, Closing)
        case decided(Opening, Closing, Verdict)
        /// Opening and closing are `nil` where it had not come to that.
        case voided(Opening?, Closing?, reason: Explanation)
    }

    public let id: PollID
    public let agendaItem: AgendaItemID
    public let motion: Motion
    public let rule: PollRule
    public internal(set) var stage: Stage

    public init(
        _ id: PollID,
        agendaItem: AgendaItemID,
        motion: Motion,
        rule: PollRule,
        stage: Stage
    ) {
        self.id = id
        self.agendaItem = agendaItem
        self.motion = motion
        self.rule = rule
        self.stage = stage
    }

    public var state: PollState {
        switch stage {
        case .draft: .draft
        case .open: .open
        case .held: .held
        case .closed: .closed
        case .decided: .decided
        case .voided: .voided
        }
    }

    /// `nil` where it never opened.
    public var opening: Opening? {
        switch stage {
        case .draft: nil
        case .open(let opening, _), .held(let opening, _), .closed(let opening, _),
            .decided(let opening, _, _):
            opening
        case .voided(let opening, _, _): opening
        }
    }

    /// `nil` where it never closed.
    public var closing: Closing? {
        switch stage {
        case .draft, .open, .held: nil
        case .closed(_, let closing), .decided(_, let closing, _): closing
        case .voided(_, let closing, _): closing
        }
    }

    /// `nil` where it has none.
    public var verdict: Verdict? {
        if case .decided(_, _, let verdict) = stage { verdict } else { nil }
    }

    /// When its timer closes it; `nil` where it has no timer or is not open.
    public var closesAt: Moment? {
        if case .open(_, let closesAt) = stage { closesAt } else { nil }
    }

    /// Its state at a time: a poll whose timer has run out takes no more ballots, even before the
    /// entry that says so.
    func state(at now: Moment) -> PollState {
        if let closesAt, closesAt <= now { return .closed }
        return state
    }
}
