internal import DequeModule

/// Tells how long events take to those who follow a meeting.
///
/// Nobody but the server knows when an entry was committed, and clocks of different machines differ. What
/// comes closest is the answer to the ballot, which the server sends when the entry is durable, and which
/// takes the same way: a delivery counts from the moment at which the voter has the answer. An event that
/// is there earlier took no time.
///
/// Events and answers come in any order, so that arrivals wait for their answer for a while.
public struct DeliveryTimes: Sendable {
    /// Answers that are known, the newest.
    public static let maximumAnswers = 8_192
    /// Arrivals that wait for their answer. Events of which there is no answer here, of other people's
    /// commands, leave it as newer ones come.
    public static let maximumWaiting = 131_072

    private var answers: [UInt64: Duration] = [:]
    /// In the order in which they came, as far as they may be there yet.
    private var answerOrder: Deque<UInt64> = []
    private var waiting: [UInt64: [Duration]] = [:]
    /// Those that wait, in the order in which the first arrival of each came.
    private var arrivalOrder: Deque<UInt64> = []
    private var waitingCount = 0
    public private(set) var series: TimeSeries

    /// - Parameter duration: That of the run.
    public init(for duration: Duration) { series = TimeSeries(for: duration) }

    /// The answer to the command of an entry has come.
    ///
    /// - Parameters:
    ///   - sequence: The number of its event.
    ///   - time: Since the beginning of the run, as all times here.
    public mutating func answered(_ sequence: UInt64, at time: Duration) {
        guard answers[sequence] == nil else { return }
        answers[sequence] = time
        answerOrder.append(sequence)
        if answerOrder.count > Self.maximumAnswers { answers[answerOrder.removeFirst()] = nil }
        guard let arrivals = waiting.removeValue(forKey: sequence) else { return }
        waitingCount -= arrivals.count
        for arrival in arrivals { record(arrival, after: time) }
    }

    /// One of the followers has an event.
    public mutating func arrived(_ sequence: UInt64, at time: Duration) {
        if let answer = answers[sequence] { return record(time, after: answer) }
        if waiting[sequence] == nil { arrivalOrder.append(sequence) }
        waiting[sequence, default: []].append(time)
        waitingCount += 1
        while waitingCount > Self.maximumWaiting || arrivalOrder.count > Self.maximumWaiting,
            let oldest = arrivalOrder.popFirst()
        {
            waitingCount -= waiting.removeValue(forKey: oldest)?.count ?? 0
        }
    }

    private mutating func record(_ arrival: Duration, after answer: Duration) {
        series.record(max(.zero, arrival - answer), at: answer)
    }
}
