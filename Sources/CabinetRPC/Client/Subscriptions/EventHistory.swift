internal import NIOCore

/// What a client keeps of a channel: the newest snapshot and the events after it, as far as the limits
/// allow. Each reader has a position in it.
struct EventHistory {
    struct Entry: Sendable {
        let token: ResumeToken
        let isSnapshot: Bool
        let message: ByteBuffer
        /// What brought it.
        let binding: SubscriptionBinding
    }

    /// A reader's place: the number of the entry that comes next, counted from the first ever.
    struct Position: Hashable, Sendable {
        fileprivate var number: Int

        /// Before everything: goes on from the snapshot, if the history begins with one.
        static let beginning = Position(number: -1)
        /// Before the first entry of a history that has none yet.
        static let firstEntry = Position(number: 0)
    }

    /// What a reader gets.
    enum Next {
        case entry(Entry)
        /// There is nothing newer yet.
        case nothing
        /// What comes next for this reader is not kept any more.
        case lost
    }

    private let limits: SubscriptionLimits
    private var entries = CircularBuffer<Entry>()
    /// The number of the first entry that is kept.
    private var firstNumber = 0
    /// Bytes of the events; those of a snapshot have a bound of their own.
    private var byteCount = 0
    /// What is kept for now.
    private var room: SubscriptionLimits

    init(_ limits: SubscriptionLimits) {
        self.limits = limits
        room = limits
    }

    /// A snapshot replaces all that was before.
    ///
    /// Servers send one that they have, and the events after it, as long as these have no more bytes: there
    /// is room for so many, or a reader who was behind would lose its place again before it has caught up,
    /// and again by the next snapshot. No event has fewer than ``minEventBytes``.
    mutating func begin(with snapshot: Entry) {
        firstNumber += entries.count
        entries.removeAll(keepingCapacity: true)
        entries.append(snapshot)
        byteCount = 0
        room = limits
        room.maxBytes = max(limits.maxBytes, snapshot.message.readableBytes)
        room.maxEvents = max(
            limits.maxEvents,
            snapshot.message.readableBytes / Self.minEventBytes
        )
    }

    private static let minEventBytes = 8

    /// Takes the next event, and drops the oldest entries beyond the limits. The newest stays.
    mutating func append(_ event: Entry) {
        entries.append(event)
        byteCount += event.message.readableBytes
        while entries.count > 1, byteCount > room.maxBytes || entries.count > room.maxEvents {
            let first = entries.removeFirst()
            byteCount -= first.isSnapshot ? 0 : first.message.readableBytes
            firstNumber += 1
        }
    }

    /// The place after the event that a token names; `nil` where that is not kept.
    func position(after token: ResumeToken) -> Position? {
        guard let first = entries.first, first.token.epoch == token.epoch else { return nil }
        // A snapshot stands for all events up to its number.
        let firstSequence = first.isSnapshot ? first.token.sequence : first.token.sequence - 1
        guard token.sequence >= firstSequence,
            let distance = Int(exactly: token.sequence - firstSequence),
            distance <= entries.count
        else { return nil }
        let offset = distance + (first.isSnapshot ? 1 : 0)
        return offset <= entries.count ? Position(number: firstNumber + offset) : nil
    }

    /// What is to be read at a position.
    func next(at position: Position) -> Next {
        if position.number < firstNumber {
            guard let first = entries.first, first.isSnapshot else { return .lost }
            return .entry(first)
        }
        let offset = position.number - firstNumber
        guard offset < entries.count else { return .nothing }
        return .entry(entries[entries.index(entries.startIndex, offsetBy: offset)])
    }

    /// The position behind the entry that is read at one.
    func position(behind position: Position) -> Position {
        Position(number: max(position.number, firstNumber) + 1)
    }
}
