/// Everything about a connection that depends on the passing of time alone (CWP/1, rules 1.6, 2.7,
/// 6.1 to 6.4, 9.3).
///
/// A connection has one timer. It is set to ``nextDeadline``, and when it fires ``expire(at:)`` is
/// asked until it has no more to say.
public struct Liveness: Sendable {
    /// How long things may take.
    public struct Settings: Sendable, Hashable {
        public var hello: Interval
        public var incompleteFrame: Interval
        public var stalledWrite: Interval
        /// Silence after which this side sends PING, and again after which the connection is dead.
        /// `nil`: it never does.
        public var ping: Interval?
        /// How long a connection may be without calls and subscriptions. `nil`: for ever.
        public var idle: Interval?

        public init(
            hello: Interval = .seconds(2),
            incompleteFrame: Interval = .seconds(10),
            stalledWrite: Interval = .seconds(10),
            ping: Interval? = .seconds(20),
            idle: Interval? = .seconds(300)
        ) {
            self.hello = hello
            self.incompleteFrame = incompleteFrame
            self.stalledWrite = stalledWrite
            self.ping = ping
            self.idle = idle
        }
    }

    /// What the passing of time asks for.
    public enum Expiry: Hashable, Sendable {
        /// The peer broke a rule by being slow.
        case violation(ProtocolViolation)
        /// PING is to be sent, with this number in its body.
        case ping(UInt64)
        /// The peer did not answer: the connection is dead.
        case dead
        /// Nothing was asked of this connection for the idle time.
        case idle
    }

    private let settings: Settings
    private var helloDeadline: Timestamp?
    private var incompleteFrameDeadline: Timestamp?
    private var stalledWriteDeadline: Timestamp?
    private var idleDeadline: Timestamp?
    /// When bytes have arrived last.
    public private(set) var lastReceived: Timestamp
    /// PINGs are numbered from 1, and answered in their order.
    private var sentPings: UInt64 = 0
    private var answeredPings: UInt64 = 0
    /// When the PING was sent after which nothing has arrived.
    private var unansweredPing: Timestamp?
    /// The connection is over: nothing is due any more.
    private var isOver = false

    /// - Parameter now: The moment at which this side's HELLO is sent.
    public init(_ settings: Settings = Settings(), at now: Timestamp) {
        self.settings = settings
        helloDeadline = now + settings.hello
        lastReceived = now
        idleDeadline = settings.idle.map { now + $0 }
    }

    // MARK: - What happens

    /// Bytes have arrived.
    public mutating func received(at now: Timestamp) {
        lastReceived = now
        unansweredPing = nil
    }

    /// The connection is over.
    public mutating func stop() {
        isOver = true
    }

    /// The peer's HELLO has arrived.
    public mutating func receivedHello() {
        helloDeadline = nil
    }

    /// All that had arrived is read.
    ///
    /// - Parameter isIncomplete: Whether it ended within a frame.
    public mutating func finishedReading(isIncomplete: Bool, at now: Timestamp) {
        if !isIncomplete {
            incompleteFrameDeadline = nil
        } else if incompleteFrameDeadline == nil {
            incompleteFrameDeadline = now + settings.incompleteFrame
        }
    }

    /// A whole frame was read: the time for an incomplete one begins anew with the next.
    public mutating func finishedFrame() {
        incompleteFrameDeadline = nil
    }

    /// The peer has taken some of what was to be written.
    ///
    /// - Parameter isPending: Whether there is more to be written.
    public mutating func wrote(isPending: Bool, at now: Timestamp) {
        stalledWriteDeadline = isPending ? now + settings.stalledWrite : nil
    }

    /// There is something to be written, and there was nothing before.
    public mutating func beganWriting(at now: Timestamp) {
        if stalledWriteDeadline == nil {
            stalledWriteDeadline = now + settings.stalledWrite
        }
    }

    /// The number of calls and subscriptions has changed.
    public mutating func changedUse(isInUse: Bool, at now: Timestamp) {
        idleDeadline = isInUse ? nil : settings.idle.map { now + $0 }
    }

    /// PONG has arrived.
    ///
    /// - Returns: `false` where it answers no PING.
    public mutating func receivedPong(_ number: UInt64) -> Bool {
        guard answeredPings < sentPings, number == answeredPings + 1 else { return false }
        answeredPings += 1
        return true
    }

    // MARK: - Time

    /// When ``expire(at:)`` is to be asked next.
    public var nextDeadline: Timestamp? {
        if isOver { return nil }
        // Asked often, so without an array.
        var earliest = pingDeadline ?? idleDeadline
        func take(_ deadline: Timestamp?) {
            guard let deadline else { return }
            earliest = min(earliest ?? deadline, deadline)
        }
        take(idleDeadline)
        take(helloDeadline)
        take(incompleteFrameDeadline)
        take(stalledWriteDeadline)
        return earliest
    }

    private var pingDeadline: Timestamp? {
        settings.ping.map { (unansweredPing ?? lastReceived) + $0 }
    }

    /// - Returns: What is due, one thing at a time, and `nil` where nothing more is.
    public mutating func expire(at now: Timestamp) -> Expiry? {
        func isDue(_ deadline: Timestamp?) -> Bool {
            deadline.map { !isOver && now >= $0 } ?? false
        }
        if isDue(helloDeadline) {
            helloDeadline = nil
            return .violation(ProtocolViolation(.timeout, rule: "1.6", "no HELLO in time"))
        }
        if isDue(incompleteFrameDeadline) {
            incompleteFrameDeadline = nil
            return .violation(
                ProtocolViolation(.stalled, rule: "2.7", "a frame was begun and not completed")
            )
        }
        if isDue(stalledWriteDeadline) {
            stalledWriteDeadline = nil
            return .violation(
                ProtocolViolation(
                    .stalled,
                    rule: "9.3",
                    "the peer takes nothing of what is written"
                )
            )
        }
        if isDue(idleDeadline) {
            idleDeadline = nil
            return .idle
        }
        if isDue(pingDeadline) {
            if unansweredPing != nil {
                // A PING that still waits to be written cannot be answered; rule 9.3 covers that.
                if stalledWriteDeadline != nil {
                    unansweredPing = now
                    return nil
                }
                isOver = true
                return .dead
            }
            sentPings += 1
            unansweredPing = now
            return .ping(sentPings)
        }
        return nil
    }
}
