internal import DequeModule

/// Tells how long events take to those who follow a meeting.
///
/// Nobody but the server knows when an entry was committed, and clocks of different machines differ. What
/// comes closest is the first that anybody here hears of it: as a rule the answer to the ballot, which the
/// server sends when the entry is durable, or else the first arrival of its event. A delivery counts from
/// that moment.
///
/// Events and answers come in any order, so that arrivals wait for their answer for a while.
public struct DeliveryTimes: Sendable {
    /// Answers that are known, the newest.
    public static let maximumAnswers = 8_192
    /// Arrivals that wait for their answer. Events of which there is no answer here, of other people's
    /// commands, leave it as newer ones come.
    public static let maximumWaiting = 131_072

    /// From when the deliveries of an event count.
    private var begins: [UInt64: Duration] = [:]
    /// Of the events whose answers are known, in the order in which the answers came.
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
        guard begins[sequence] == nil else { return }
        let arrivals = waiting.removeValue(forKey: sequence) ?? []
        waitingCount -= arrivals.count
        let begin = arrivals.min().map { min($0, time) } ?? time
        begins[sequence] = begin
        answerOrder.append(sequence)
        if answerOrder.count > Self.maximumAnswers { begins[answerOrder.removeFirst()] = nil }
        for arrival in arrivals { record(arrival, after: begin) }
    }

    /// One of the followers has an event.
    public mutating func arrived(_ sequence: UInt64, at time: Duration) {
        if let begin = begins[sequence] { return record(time, after: begin) }
        if waiting[sequence] == nil { arrivalOrder.append(sequence) }
        waiting[sequence, default: []].append(time)
        waitingCount += 1
        while waitingCount > Self.maximumWaiting || arrivalOrder.count > Self.maximumWaiting,
            let oldest = arrivalOrder.popFirst()
        {
            waitingCount -= waiting.removeValue(forKey: oldest)?.count ?? 0
        }
    }

    private mutating func record(_ arrival: Duration, after begin: Duration) {
        series.record(max(.zero, arrival - begin), at: begin)
    }
}
