/// A rehearsal of a meeting: who takes part, what happens when, and what is good enough.
///
/// It says nothing of the server, so that the same file rehearses on any.
public struct Scenario: Sendable, Hashable {
    /// For people.
    public var name: String
    /// Members of the meeting, each with a device and a key of its own.
    public var members = 27
    /// How many of the members never come; they neither check in nor vote.
    public var absent = 0
    /// How many of those present are not in the room.
    public var remote = 0
    /// Whether the device of each present member follows the meeting, as a tablet does.
    public var tablets = false
    /// Wall boards and guests who follow the meeting.
    public var displays = 0
    public var agenda = Agenda()
    /// In the order of their times.
    public var timeline: [Step]
    /// How long it goes on after the last step, at least. A rehearsal also waits for all that it has begun.
    public var ending = Duration.seconds(1)
    public var thresholds = Thresholds()

    /// What there is to read, which is what makes a snapshot of the meeting large.
    ///
    /// The server knows a document by title, digest and size; the papers themselves reach the members
    /// beforehand, on other ways.
    public struct Agenda: Sendable, Hashable {
        public var items = 1
        /// Of each item.
        public var documents = 0
        /// Bytes that each document is said to have.
        public var documentBytes = 1 << 20

        public init() {}
    }

    /// Something that happens once, or begins.
    public struct Step: Sendable, Hashable {
        /// Since the beginning of the rehearsal.
        public var at: Duration
        public var action: Action

        public init(at: Duration, _ action: Action) {
            self.at = at
            self.action = action
        }
    }

    public enum Action: Sendable, Hashable {
        case poll(Poll)
        case reads(Reads)
        case presence(Presence)
        case drop(Drop)
        case stall(Stall)
        case restart(Restart)
    }

    /// The secretary opens a poll at the time of the step. The members begin to vote ``lead`` later, when
    /// their ballots have been signed, and the poll is closed when all of them are settled.
    public struct Poll: Sendable, Hashable {
        /// From the opening of the poll to the beginning of the arrivals.
        public static let lead = Duration.seconds(1)

        public var arrival = Arrival.allAtOnce
        /// How many of the present members vote; `nil` for all.
        public var voters: Int?
        /// Ballots of each, of which the later ones replace the earlier ones.
        public var ballots = 1

        public init() {}
    }

    /// Members look at the meeting, at a steady rate, whatever the server does.
    public struct Reads: Sendable, Hashable {
        /// Of all members together.
        public var perSecond: Double
        public var duration: Duration
        /// Whether the calls come at random times, at this rate in the mean.
        public var isPoisson = true

        public init(perSecond: Double, duration: Duration) {
            self.perSecond = perSecond
            self.duration = duration
        }
    }

    /// Members move to another place, and the secretary checks them in there.
    public struct Presence: Sendable, Hashable {
        public var perSecond: Double
        public var duration: Duration

        public init(perSecond: Double, duration: Duration) {
            self.perSecond = perSecond
            self.duration = duration
        }
    }

    /// Connections end without a word, all at once, and are made again.
    public struct Drop: Sendable, Hashable {
        public enum Group: String, Sendable, Hashable, CaseIterable {
            /// The connections with which members vote.
            case members
            /// The tablets and boards that follow the meeting.
            case followers
            case everybody
        }

        public var who = Group.everybody
        /// Which part of them, from 0 to 1.
        public var share = 1.0
        /// Until followers connect again. A member does with its next call.
        public var away = Duration.zero
        /// Whether followers have lost what they knew and need a snapshot, as devices that were started
        /// anew.
        public var forget = false

        public init() {}
    }

    /// Boards stop reading what they are sent, and go on later.
    public struct Stall: Sendable, Hashable {
        public var displays: Int
        public var duration: Duration

        public init(displays: Int, duration: Duration) {
            self.displays = displays
            self.duration = duration
        }
    }

    /// The server ends and starts again.
    public struct Restart: Sendable, Hashable {
        public enum Way: String, Sendable, Hashable, CaseIterable {
            /// As after a loss of power, with SIGKILL.
            case kill
            /// As for an upgrade, with SIGTERM.
            case stop
        }

        public var way = Way.kill

        public init() {}
    }

    public init(name: String, timeline: [Step] = []) {
        self.name = name
        self.timeline = timeline
    }
}

extension Scenario {
    /// Who is there to vote.
    public var present: Int { members - absent }

    public var hasRestart: Bool {
        timeline.contains { if case .restart = $0.action { true } else { false } }
    }

    /// Boards that stop reading at some time, at most.
    public var stallingDisplays: Int {
        timeline.map { if case .stall(let stall) = $0.action { stall.displays } else { 0 } }.max()
            ?? 0
    }

    /// Who follows the meeting.
    public var followers: Int { displays + (tablets ? present : 0) }

    /// Polls that are to take place.
    public var plannedPolls: Int {
        timeline.count { if case .poll = $0.action { true } else { false } }
    }

    /// Ballots that are to be cast.
    public var plannedBallots: Int {
        timeline.reduce(0) { sum, step in
            guard case .poll(let poll) = step.action else { return sum }
            return sum + (poll.voters ?? present) * poll.ballots
        }
    }

    /// How long it takes where nothing is late.
    public var plannedDuration: Duration {
        (timeline.map(\.end).max() ?? .zero) + ending
    }
}

extension Scenario.Step {
    /// When it is over where nothing is late.
    var end: Duration {
        switch action {
        case .poll(let poll): at + Scenario.Poll.lead + poll.arrival.duration
        case .reads(let reads): at + reads.duration
        case .presence(let presence): at + presence.duration
        case .drop(let drop): at + drop.away
        case .stall(let stall): at + stall.duration
        case .restart: at
        }
    }
}
