internal import CabinetWire
internal import NIOCore

/// A channel on one event loop: its history as of there, and the subscribers whose connections run
/// there. The loops share the bytes of the events, and no lock.
///
/// Events go out in rounds: all that has come, to each subscriber that has everything before. So do MARKs,
/// while nothing comes. A round takes turns with the streams of the loop (``StreamTurns``): with thousands of
/// subscribers the calls of all connections would wait for its end, the votes among them. What comes during a
/// round goes out together in the next one.
///
/// `@unchecked Sendable`: it is made under the channel's lock, and used on its event loop alone.
final class LoopChannel: TurnTaker, @unchecked Sendable {
    /// What a delivery counts for in a turn, at least: each is a write to a socket of its own.
    private static let leastDeliveryBytes = 2_048

    /// Events, or a MARK, on their way to all subscribers.
    struct Round {
        let first: UInt64
        /// The number after the last.
        let next: UInt64
        /// `nil` where the history has lost them already.
        let frames: ByteBuffer?
        var isMark: Bool { first == next }
        /// The subscriber whose turn it is.
        fileprivate var position = 0
    }

    let core: ChannelCore
    let eventLoop: any EventLoop
    private(set) var history: ChannelHistory
    private let turns: StreamTurns
    private var subscribers: [ChannelSubscriber] = []
    private var round: Round?
    /// The first event that has been in no round.
    private var undelivered: UInt64
    /// The frames of what waits for a round; `nil` where that was published in several pieces, or goes out
    /// in several.
    private var waitingFrames: ByteBuffer?
    /// How the channel ended, when the round is over.
    private var end: RPCError??
    private var nextMark: Scheduled<Void>?
    private var hasPublishedSinceMark = false
    var waitsForTurn = false

    init(_ core: ChannelCore, on loop: LoopContext, _ history: ChannelHistory) {
        self.core = core
        eventLoop = loop.eventLoop
        turns = loop.turns
        self.history = history
        undelivered = history.nextSequence
    }

    // MARK: - Subscribers

    func add(_ subscriber: ChannelSubscriber) {
        subscriber.index = subscribers.count
        subscribers.append(subscriber)
        if nextMark == nil { scheduleMark() }
    }

    func remove(_ subscriber: ChannelSubscriber) {
        var gap = subscriber.index
        guard subscribers.indices.contains(gap), subscribers[gap] === subscriber else { return }
        if let position = round?.position, gap < position {
            // Those who have had their turn stay before those who have not.
            move(position - 1, to: gap)
            gap = position - 1
            round?.position = gap
        }
        move(subscribers.count - 1, to: gap)
        subscribers.removeLast()
        retireIfUnused()
    }

    private func move(_ index: Int, to gap: Int) {
        subscribers.swapAt(index, gap)
        subscribers[gap].index = gap
    }

    /// Leaves the channel where there is no subscriber.
    func retireIfUnused() {
        guard subscribers.isEmpty else { return }
        nextMark?.cancel()
        nextMark = nil
        core.remove(self)
    }

    // MARK: - From the channel

    /// Called under the channel's lock.
    func enqueue(_ publication: ChannelCore.Publication) {
        eventLoop.execute { [self] in take(publication) }
    }

    private func take(_ publication: ChannelCore.Publication) {
        // What is too much for a connection at once goes out in several rounds, of a frame each.
        let isOneRound =
            undelivered == history.nextSequence
            && publication.frames.readableBytes <= FrameOutput.pauseBytes
        waitingFrames = isOneRound ? publication.frames : nil
        for message in publication.messages { history.append(message) }
        hasPublishedSinceMark = true
        // An event says what a MARK does.
        guard round?.isMark != false else { return }
        beginRound()
        deliver()
    }

    /// Called under the channel's lock.
    func enqueueEnd(_ error: RPCError?) {
        eventLoop.execute { [self] in
            end = .some(error)
            if round == nil { endAll() }
        }
    }

    // MARK: - Rounds

    /// Begins a round with what waits for one, if anything does.
    private func beginRound() {
        guard undelivered < history.nextSequence, !subscribers.isEmpty else {
            undelivered = history.nextSequence
            waitingFrames = nil
            round = nil
            return
        }
        let first = undelivered
        if let frames = waitingFrames {
            undelivered = history.nextSequence
            round = Round(first: first, next: undelivered, frames: frames)
        } else if history.contains(first) {
            var frame = ByteBuffer()
            undelivered = history.writeFrame(from: first, channelID: core.id, to: &frame)
            round = Round(first: first, next: undelivered, frames: frame)
        } else {
            undelivered = history.nextSequence
            round = Round(first: first, next: undelivered, frames: nil)
        }
        waitingFrames = nil
    }

    /// Goes on with the round, and with those after it, as far as the turn goes.
    private func deliver() {
        while let current = round {
            if current.position < subscribers.count {
                guard turns.allows(self) else { return }
                round?.position += 1
                // It may end its connection, and so take subscribers out.
                if subscribers[current.position].deliver(current) {
                    turns.spend(max(current.frames?.readableBytes ?? 0, Self.leastDeliveryBytes))
                }
            } else {
                beginRound()
            }
        }
        if end != nil { endAll() }
    }

    func turnBegan() {
        waitsForTurn = false
        deliver()
    }

    private func endAll() {
        guard let end else { return }
        for subscriber in Array(subscribers) { subscriber.end(end) }
    }

    // MARK: - Time

    private func scheduleMark() {
        nextMark = eventLoop.assumeIsolated().scheduleTask(in: core.limits.markInterval) { [self] in
            nextMark = nil
            mark()
            if !subscribers.isEmpty { scheduleMark() }
        }
    }

    /// Tells those who have everything that there is nothing newer, and ends those who take nothing.
    private func mark() {
        let now = Timestamp(eventLoop.now)
        let maxStall = Interval(nanoseconds: UInt64(max(0, core.limits.maxStall.nanoseconds)))
        for subscriber in subscribers.filter({ $0.isStalled(at: now, after: maxStall) }) {
            subscriber.endStalled()
        }
        if !hasPublishedSinceMark, round == nil {
            var frame = ByteBuffer()
            frame.write(
                FrameHeader(type: .mark, id: core.id, bodyByteCount: SequenceBody.byteCount)
            )
            frame.writeInteger(history.nextSequence - 1)
            round = Round(first: history.nextSequence, next: history.nextSequence, frames: frame)
            deliver()
        }
        hasPublishedSinceMark = false
    }
}
