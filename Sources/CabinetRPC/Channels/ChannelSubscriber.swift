internal import CabinetWire
internal import Logging
internal import NIOCore

/// One connection's subscription to a channel: a place in its events, and no queue.
///
/// Used on the event loop of its connection alone.
final class ChannelSubscriber {
    private enum State {
        /// Has everything, and gets what is published as it comes.
        case live
        /// Gets the history from its place on, when the connection takes more.
        case lagging
        case awaitingSnapshot
        /// Has a snapshot with events that have not come to this event loop yet.
        case ahead(SnapshotCache.Encoded)
        /// Gets the rest of a snapshot.
        case inSnapshot(SnapshotCache.Encoded, nextFrame: Int)
        case ended
    }

    let id: CallID
    /// Why the client may not have the events any more; `nil` while it may.
    private let refusal: (@Sendable () -> RPCError?)?
    /// When that was asked last: ``ServerEnvironment/accessVersion``.
    private var accessVersion: UInt64
    private let session: ServerSession
    private let channel: LoopChannel
    private var state: State
    /// The sequence number of the event that it gets next.
    private var cursor: UInt64
    private var lastProgress: Timestamp
    /// Its place among the subscribers of the loop.
    var index = 0

    /// - Parameters:
    ///   - cursor: The event that comes next; `nil` where a snapshot comes first.
    ///   - access: Why the client may not have the events any more, and when that was asked.
    init(
        _ id: CallID,
        _ session: ServerSession,
        _ channel: LoopChannel,
        from cursor: UInt64?,
        access: (version: UInt64, refusal: (@Sendable () -> RPCError?)?)
    ) {
        self.id = id
        accessVersion = access.version
        refusal = access.refusal
        self.session = session
        self.channel = channel
        self.cursor = cursor ?? 0
        state = .lagging
        lastProgress = session.now
    }

    var channelID: UInt32 { channel.core.id }

    // MARK: - From the channel

    /// Gets what the round has, if it has everything before.
    ///
    /// - Returns: Whether anything was written.
    func deliver(_ round: LoopChannel.Round) -> Bool {
        guard isAllowed() else { return false }
        switch state {
        case .ahead(let snapshot):
            send(snapshot)
            return false
        // Nothing is new in a mark: it has a number, and no events.
        case .live where round.isMark ? cursor == round.next : cursor < round.next:
            break
        case .live, .lagging, .awaitingSnapshot, .inSnapshot, .ended:
            return false
        }
        guard let frames = round.frames, session.hasRoom else {
            if !round.isMark { fallBehind() }
            return false
        }
        guard cursor == round.first else {
            // It came when a part of this was published.
            catchUpFromHistory()
            return false
        }
        // Before the frames are written, which may end the connection.
        cursor = round.next
        session.append(frames)
        if !round.isMark { session.environment.metrics.delivered(events: round.next - round.first) }
        return true
    }

    /// It does not take what is published as it comes.
    private func fallBehind() {
        session.environment.metrics.subscriptionFellBehind()
        catchUpFromHistory()
    }

    private func catchUpFromHistory() {
        state = .lagging
        session.environment.metrics.subscriptionIsBehind()
        lastProgress = session.now
        advance()
    }

    /// Whether it is behind, and has taken nothing for so long.
    func isStalled(at now: Timestamp, after interval: Interval) -> Bool {
        switch state {
        // Whoever has room waits for a turn.
        case .lagging, .inSnapshot: !session.hasRoom && now.since(lastProgress) >= interval
        case .live, .awaitingSnapshot, .ahead, .ended: false
        }
    }

    /// Ends the subscription: well where there is no error.
    func end(_ error: RPCError?) {
        guard detach() else { return }
        session.endSubscription(self, error)
    }

    /// Ends the subscription of one who takes nothing.
    func endStalled() {
        session.environment.metrics.subscriptionStalled()
        end(
            .runtime(
                .unavailable,
                "SUBSCRIBER_STALLED",
                "the subscriber takes nothing: it may resume when it can"
            )
        )
    }

    /// Asks again whether the client may have the events, where that may have changed, and ends the
    /// subscription where it may not.
    func isAllowed() -> Bool {
        let version = session.environment.accessVersion
        guard version != accessVersion else { return true }
        accessVersion = version
        guard let refusal = refusal?() else { return true }
        end(refusal)
        return false
    }

    /// Leaves the channel.
    ///
    /// - Returns: `false` where it had left before.
    @discardableResult
    func detach() -> Bool {
        switch state {
        case .ended: return false
        case .live: break
        case .lagging, .awaitingSnapshot, .ahead, .inSnapshot:
            session.environment.metrics.subscriptionIsNotBehind()
        }
        state = .ended
        channel.remove(self)
        return true
    }

    // MARK: - From the connection

    /// Sends what is due, as far as the connection takes it.
    func advance() {
        while true {
            switch state {
            case .live, .awaitingSnapshot, .ahead, .ended:
                return
            case .inSnapshot(let snapshot, let nextFrame):
                guard session.takesMore, isAllowed() else { return }
                // Before the frame is written, which may make the session call this again.
                if nextFrame + 1 < snapshot.frames.count {
                    state = .inSnapshot(snapshot, nextFrame: nextFrame + 1)
                } else {
                    cursor = snapshot.sequence + 1
                    state = .lagging
                }
                write(snapshot.frames[nextFrame])
            case .lagging:
                guard session.takesMore, isAllowed() else { return }
                catchUp()
            }
        }
    }

    /// Sends a frame from the history.
    private func catchUp() {
        let history = channel.history
        if cursor == history.nextSequence {
            state = .live
            session.environment.metrics.subscriptionIsNotBehind()
        } else if history.contains(cursor) {
            var frame = ByteBuffer()
            let first = cursor
            cursor = history.writeFrame(from: first, channelID: channelID, to: &frame)
            session.environment.metrics.delivered(events: cursor - first)
            write(frame)
        } else {
            requestSnapshot()
        }
    }

    /// Sends frames to one who is behind: as much as all streams together may send now.
    private func write(_ frames: ByteBuffer) {
        session.append(frames)
        session.loop.turns.spend(frames.readableBytes)
        lastProgress = session.now
    }

    /// Takes the newest snapshot, if there is little to add to it, or waits for another one.
    private func requestSnapshot() {
        let cache = channel.core.snapshots
        if let newest = cache.newest {
            if newest.sequence >= channel.history.nextSequence {
                // What it has is on its way to this event loop.
                state = .ahead(newest)
                return
            }
            if channel.history.contains(newest.sequence + 1),
                channel.history.byteCount(from: newest.sequence + 1) <= UInt64(newest.byteCount)
            {
                state = .inSnapshot(newest, nextFrame: 0)
                return
            }
        }
        state = .awaitingSnapshot
        let waiter = NIOLoopBound(self, eventLoop: channel.eventLoop)
        let isMade = cache.make { [eventLoop = channel.eventLoop] result in
            eventLoop.execute { waiter.value.take(result) }
        }
        if isMade { session.environment.metrics.snapshotMade() }
    }

    private func send(_ snapshot: SnapshotCache.Encoded) {
        if snapshot.sequence >= channel.history.nextSequence {
            state = .ahead(snapshot)
            return
        }
        if channel.history.contains(snapshot.sequence + 1) {
            state = .inSnapshot(snapshot, nextFrame: 0)
        } else {
            // More was published meanwhile than the history holds.
            requestSnapshot()
        }
        advance()
    }

    private func take(_ result: Result<SnapshotCache.Encoded, any Error>) {
        guard case .awaitingSnapshot = state else { return }
        lastProgress = session.now
        switch result {
        case .success(let snapshot):
            send(snapshot)
        case .failure(let error):
            let reported = error as? RPCError
            if reported == nil {
                session.logger.error(
                    "a snapshot failed",
                    metadata: ["channel": "\(channel.core.name)", "error": "\(error)"]
                )
            }
            end(
                reported
                    ?? .runtime(
                        .internal,
                        "SNAPSHOT_FAILED",
                        "the server failed to make a snapshot of the channel"
                    )
            )
        }
    }
}
