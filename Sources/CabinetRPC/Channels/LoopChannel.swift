internal import CabinetWire
internal import NIOCore

/// A channel on one event loop: its history as of there, and the subscribers whose connections run
/// there. The loops share the bytes of the events, and no lock.
///
/// `@unchecked Sendable`: it is made under the channel's lock, and used on its event loop alone.
final class LoopChannel: @unchecked Sendable {
    let core: ChannelCore
    let eventLoop: any EventLoop
    private(set) var history: ChannelHistory
    private var subscribers: [ChannelSubscriber] = []
    private var nextMark: Scheduled<Void>?
    private var hasPublishedSinceMark = false

    init(_ core: ChannelCore, on eventLoop: any EventLoop, _ history: ChannelHistory) {
        self.core = core
        self.eventLoop = eventLoop
        self.history = history
    }

    // MARK: - Subscribers

    func add(_ subscriber: ChannelSubscriber) {
        subscriber.index = subscribers.count
        subscribers.append(subscriber)
        if nextMark == nil { scheduleMark() }
    }

    func remove(_ subscriber: ChannelSubscriber) {
        let index = subscriber.index
        guard subscribers.indices.contains(index), subscribers[index] === subscriber else { return }
        subscribers.swapAt(index, subscribers.count - 1)
        subscribers[index].index = index
        subscribers.removeLast()
        retireIfUnused()
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
        eventLoop.execute { [self] in deliver(publication) }
    }

    private func deliver(_ publication: ChannelCore.Publication) {
        for message in publication.messages { history.append(message) }
        hasPublishedSinceMark = true
        for subscriber in subscribers { subscriber.deliver(publication.frames) }
    }

    func enqueueEnd(_ error: RPCError?) {
        eventLoop.execute { [self] in
            for subscriber in Array(subscribers) { subscriber.end(error) }
        }
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
        var stalled: [ChannelSubscriber] = []
        var frame: ByteBuffer?
        if !hasPublishedSinceMark {
            var made = ByteBuffer()
            made.write(
                FrameHeader(type: .mark, id: core.id, bodyByteCount: SequenceBody.byteCount)
            )
            made.writeInteger(history.nextSequence - 1)
            frame = made
        }
        for subscriber in subscribers {
            if subscriber.isStalled(at: now, after: maxStall) {
                stalled.append(subscriber)
            } else if let frame {
                subscriber.mark(frame)
            }
        }
        hasPublishedSinceMark = false
        for subscriber in stalled {
            subscriber.endStalled()
        }
    }
}
