/// What was measured in a rehearsal, by one process or by several together.
public struct RunRecord: Sendable {
    /// Calls of one kind.
    public struct Calls: Sendable {
        /// How many were to be made.
        public var planned = 0
        /// From the planned time to the end of those that succeeded.
        public var series: TimeSeries
        /// How many failed for good, by reason.
        public var failures = Tally()
        /// How many were made again because there was no answer, or none yet.
        public var resent = 0

        public init(for duration: Duration) { series = TimeSeries(for: duration) }

        public var succeeded: Int { series.total.count }

        public mutating func add(_ other: Calls) {
            planned += other.planned
            series.add(other.series)
            failures.add(other.failures)
            resent += other.resent
        }
    }

    /// Those who follow the meeting.
    public struct Followers: Sendable {
        /// From the first that is heard of a ballot until each has its event.
        public var deliveries: TimeSeries
        public var connections = 0
        /// Those of the connections that went on with an earlier session of TLS.
        public var resumedSessions = 0
        /// Connections that ended or could not be made.
        public var losses = 0
        public var snapshots = 0
        /// Connections that ended of those who had all that there was, though neither the plan nor a restart
        /// ended them.
        public var unwantedLosses = 0
        /// Events that came after a return, and so were late for whoever had been away. They are no
        /// deliveries.
        public var madeUp = 0
        /// Events that somebody did not get, since a snapshot took their place.
        public var passedOver = 0
        /// From a loss of connections that was wanted until each was live again.
        public var returns: TimeSeries

        public init(for duration: Duration) {
            deliveries = TimeSeries(for: duration)
            returns = TimeSeries(for: duration)
        }

        public mutating func add(_ other: Followers) {
            deliveries.add(other.deliveries)
            connections += other.connections
            resumedSessions += other.resumedSessions
            losses += other.losses
            snapshots += other.snapshots
            unwantedLosses += other.unwantedLosses
            madeUp += other.madeUp
            passedOver += other.passedOver
            returns.add(other.returns)
        }
    }

    /// What was to be done on this side, and was not done in time for want of a processor.
    public struct Lateness: Sendable {
        /// Less than this is nothing that a person would notice.
        public static let tolerance = Duration.milliseconds(10)

        /// All that was to be done.
        public var count = 0
        public var late = 0
        public var greatest = Duration.zero

        public init() {}

        public mutating func record(_ delay: Duration) {
            count += 1
            greatest = max(greatest, delay)
            if delay > Self.tolerance { late += 1 }
        }

        public mutating func add(_ other: Lateness) {
            count += other.count
            late += other.late
            greatest = max(greatest, other.greatest)
        }

        /// In percent.
        public var share: Double { count == 0 ? 0 : 100 * Double(late) / Double(count) }
    }

    /// Something that happened, for whoever reads a curve.
    public struct Mark: Sendable, Hashable {
        /// Since the beginning.
        public var at: Duration
        public var text: String

        public init(at: Duration, _ text: String) {
            self.at = at
            self.text = text
        }
    }

    /// From the beginning of the timeline to the end of all that was begun.
    public var duration = Duration.zero
    public var ballots: Calls
    public var reads: Calls
    /// Calls of the secretary: polls, presence.
    public var commands: Calls
    public var followers: Followers
    /// Of what was to be sent.
    public var lateness = Lateness()
    /// Of looks at what had arrived for those who follow: what the server had delivered by then may have
    /// waited on this side, and looks late.
    public var readLateness = Lateness()
    public var marks: [Mark] = []
    public var polls: [PollOutcome] = []
    /// Polls that were opened more than ``Scenario/Poll/lead`` late, for whatever the server did before. They
    /// are the coordinator's to know.
    public var latePolls = 0
    /// What the server did against its word: the first of it. A run with this has failed.
    public var broken: String?

    /// Whether anybody followed the meeting. In a quiet run nobody connects anew.
    public var hasFollowers: Bool { readLateness.count > 0 || followers.connections > 0 }

    /// - Parameter duration: As planned; see ``Scenario/plannedDuration``.
    public init(for duration: Duration) {
        ballots = Calls(for: duration)
        reads = Calls(for: duration)
        commands = Calls(for: duration)
        followers = Followers(for: duration)
    }

    /// Adds what another process measured in the same run.
    public mutating func add(_ other: RunRecord) {
        duration = max(duration, other.duration)
        ballots.add(other.ballots)
        reads.add(other.reads)
        commands.add(other.commands)
        followers.add(other.followers)
        lateness.add(other.lateness)
        readLateness.add(other.readLateness)
        marks = (marks + other.marks).sorted { $0.at < $1.at }
        polls += other.polls
        latePolls += other.latePolls
        broken = broken ?? other.broken
    }
}

/// How often each of a few reasons occurred.
public struct Tally: Sendable, Hashable {
    /// Reasons that are told apart; what is more is counted together.
    public static let maximumReasons = 64
    /// The reason of those that are counted together.
    public static let others = "OTHERS"

    public private(set) var counts: [String: Int] = [:]

    public init() {}

    public var total: Int { counts.values.reduce(0, +) }

    public mutating func record(_ reason: String, _ count: Int = 1) {
        // Those that are counted together do not take the room of one that is told apart.
        let apart = counts.count - (counts[Self.others] == nil ? 0 : 1)
        let isKnown = counts[reason] != nil || apart < Self.maximumReasons
        counts[isKnown ? reason : Self.others, default: 0] += count
    }

    public mutating func add(_ other: Tally) {
        for (reason, count) in other.counts { record(reason, count) }
    }

    /// The most frequent first.
    public var sorted: [(reason: String, count: Int)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }
}
