internal import CabinetWire
internal import NIOCore

/// A client's subscription to a channel, which all its readers share (CWP/1, rule 5.10). It goes on
/// from where it was when a connection is lost, and from a new snapshot where that cannot be.
///
/// `@unchecked Sendable`: it is used on the event loop of its client alone.
final class SharedSubscription: @unchecked Sendable {
    /// What has to be the same for a subscription to be shared.
    struct Key: Hashable, Sendable {
        let method: UInt16
        let request: [UInt8]
        let metadata: [UInt8]
    }

    /// What a reader gets.
    enum Next: Sendable {
        case update(SubscriptionReader.Update)
        /// The channel has ended.
        case end
        case failed(RPCError)
    }

    private struct Reader {
        var position: EventHistory.Position
        /// The last event that it has read, or began with.
        var last: ResumeToken?
        /// The condition that it was told last.
        var told: SubscriptionCondition?
        /// How often in a row it has lost its place, and not caught up since.
        var losses = 0
        /// Whether it pauses before the subscription is made anew for its sake.
        var pauses = false
        var wait: LoopWait<Next>?
    }

    /// What carries the subscription now.
    private enum Link {
        /// The call is on its way, or waits for a connection, and nothing has failed.
        case connecting
        case offline(RPCError)
        case bound(SubscriptionBinding)
    }

    let key: Key
    private let manager: ConnectionManager
    private var history: EventHistory
    private var readers: [SubscriptionReader.ID: Reader] = [:]
    /// Readers that wait until the server has accepted the subscription.
    private var joining: [SubscriptionReader.ID: (RPCError?) -> Void] = [:]
    private var call: SubscriptionCall?
    private var link = Link.connecting
    /// The newest event that has arrived.
    private var token: ResumeToken?
    /// The parts of a snapshot that have arrived.
    private var snapshot = ByteBuffer()
    private var wasEverBound = false
    private var boundSince: Timestamp?
    private var failures = 0
    private var ending: Next?
    private var generator = SystemRandomNumberGenerator()

    init(_ key: Key, resumingAfter token: ResumeToken?, _ manager: ConnectionManager) {
        self.key = key
        self.token = token
        self.manager = manager
        history = EventHistory(manager.configuration.subscriptions)
    }

    // MARK: - Readers

    /// Adds a reader, and says when the server has accepted the subscription, or why not.
    ///
    /// A reader without a token, or with one that is not at hand, begins with a snapshot.
    func join(
        _ reader: SubscriptionReader,
        resumingAfter token: ResumeToken?,
        _ joined: @escaping (RPCError?) -> Void
    ) {
        let isFirst = readers.isEmpty && call == nil
        var position = token.flatMap { history.position(after: $0) }
        // The first reader's token is the subscription's.
        if isFirst, token != nil { position = .firstEntry }
        readers[reader.id] = Reader(
            position: position ?? .beginning,
            last: position == nil ? nil : token
        )
        if binding != nil { return joined(nil) }
        joining[reader.id] = joined
        if isFirst { begin() }
    }

    /// Removes a reader. When there is none left, the subscription ends.
    func leave(_ reader: SubscriptionReader.ID) {
        readers[reader] = nil
        joining[reader] = nil
        guard readers.isEmpty, ending == nil else { return }
        ending = .end
        manager.subscriptions.remove(self)
        if let call { manager.cancel(call) }
        call = nil
        endJoining(.runtime(.cancelled, "SUBSCRIPTION_ENDED", "the subscription has ended"))
    }

    /// Gives the next event to `wait`, now or when there is one.
    func read(_ reader: SubscriptionReader.ID, _ wait: LoopWait<Next>) {
        guard let known = readers[reader] else { return wait.resume(.end) }
        if let pending = known.wait, !pending.isOver {
            return wait.resume(.failed(.streamHasAReader))
        }
        readers[reader]?.wait = wait
        serve(reader)
    }

    private func serve(_ id: SubscriptionReader.ID) {
        guard var reader = readers[id], let wait = reader.wait, !wait.isOver else { return }
        reader.wait = nil
        let upcoming = history.next(at: reader.position)
        if let condition = condition(for: reader, before: upcoming), condition != reader.told {
            reader.told = condition
            if case .live = condition { reader.losses = 0 }
            readers[id] = reader
            return wait.resume(.update(.condition(condition)))
        }
        switch upcoming {
        case .entry(let entry):
            reader.position = history.position(behind: reader.position)
            reader.last = entry.token
            readers[id] = reader
            return wait.resume(.update(.entry(entry)))
        case .nothing, .lost:
            if let ending {
                readers[id] = reader
                return wait.resume(ending)
            }
            reader.wait = wait
            readers[id] = reader
        }
        if needsSnapshot(id) { lose(id) }
    }

    /// Whether a reader waits for what is not kept any more, and there is nothing on its way to it.
    private func needsSnapshot(_ id: SubscriptionReader.ID) -> Bool {
        guard let reader = readers[id], reader.wait != nil, binding != nil,
            case .lost = history.next(at: reader.position)
        else { return false }
        // Without a token a snapshot is on its way already.
        return token != nil
    }

    /// Subscribes anew for a reader who has lost its place: at once for the first time, and with pauses where
    /// it does so again and again, so that one who is too slow costs the others little.
    private func lose(_ id: SubscriptionReader.ID) {
        guard let reader = readers[id], !reader.pauses else { return }
        let losses = min(reader.losses + 1, 1_000)
        readers[id]?.losses = losses
        guard losses > 1 else { return restart() }
        readers[id]?.pauses = true
        let pause = manager.configuration.reconnect.pause(
            afterFailures: losses - 1,
            using: &generator
        )
        manager.eventLoop.assumeIsolated().scheduleTask(
            deadline: NIODeadline(manager.now + Interval(pause))
        ) { [self] in
            readers[id]?.pauses = false
            if needsSnapshot(id) { restart() }
        }
    }

    /// How the link stands for a reader before what it reads next; `nil` where that is not known or of no
    /// interest any more.
    private func condition(
        for reader: Reader,
        before upcoming: EventHistory.Next
    ) -> SubscriptionCondition? {
        if case .entry(let entry) = upcoming, entry.binding != binding {
            // Of a connection that is gone.
            return entry.binding == reader.told?.binding
                ? reader.told : .catchingUp(entry.binding)
        }
        switch link {
        case .connecting: return ending == nil ? .connecting : nil
        case .offline(let error):
            return ending == nil ? .offline(error.ofCall, failures: failures) : nil
        case .bound(let binding):
            return hasAll(reader, of: binding, before: upcoming)
                ? .live(binding) : .catchingUp(binding)
        }
    }

    /// Whether a reader has read what there was when the connection began to carry the subscription.
    private func hasAll(
        _ reader: Reader,
        of binding: SubscriptionBinding,
        before upcoming: EventHistory.Next
    ) -> Bool {
        // Without a token a snapshot is on its way.
        guard let last = reader.last, token != nil else { return false }
        switch upcoming {
        case .entry(let entry) where entry.isSnapshot: return false
        case .lost: return false
        case .entry, .nothing:
            return last.epoch == binding.epoch && last.sequence >= binding.lastSequence
        }
    }

    private func serveAll() {
        for id in Array(readers.keys) { serve(id) }
    }

    private func endJoining(_ error: RPCError?) {
        let joined = joining
        joining = [:]
        for joined in joined.values { joined(error) }
    }

    // MARK: - The call

    private func begin() {
        guard ending == nil else { return }
        if binding != nil { link = .connecting }
        snapshot = ByteBuffer()
        let header = CallHeader(
            method: key.method,
            resume: token.map { CallHeader.Resume(epoch: $0.epoch, sequence: $0.sequence) },
            metadataByteCount: key.metadata.isEmpty ? nil : key.metadata.count
        )
        let call = SubscriptionCall(header, key, self)
        self.call = call
        manager.start(call)
    }

    /// Subscribes anew, for the sake of a reader who needs a snapshot.
    private func restart() {
        token = nil
        if let call { manager.cancel(call) }
        begin()
    }

    /// What the server said of the call; `nil` before, and while there is none.
    private var binding: SubscriptionBinding? {
        if case .bound(let binding) = link { binding } else { nil }
    }

    /// A frame of the channel.
    ///
    /// - Parameter connection: The number of the connection on which it came.
    func take(_ frame: ClientCall.ChannelFrame, _ body: RawSpan, _ connection: UInt64) {
        if case .bound(let bound) = frame {
            accepted(bound, connection)
        } else if let binding {
            take(frame, body, binding)
        }
        serveAll()
    }

    private func accepted(_ bound: BoundBody, _ connection: UInt64) {
        link = .bound(
            SubscriptionBinding(
                connection: connection,
                epoch: bound.epoch,
                // The next is at least 1 (rule 5.2).
                lastSequence: bound.nextSequence - 1
            )
        )
        wasEverBound = true
        boundSince = manager.now
        endJoining(nil)
    }

    private func take(
        _ frame: ClientCall.ChannelFrame,
        _ body: RawSpan,
        _ binding: SubscriptionBinding
    ) {
        switch frame {
        case .snapshot(let sequence, let isLast):
            snapshot.writeBytes(body.extracting(SequenceBody.byteCount...))
            guard isLast else { return }
            let message = snapshot
            snapshot = ByteBuffer()
            let entry = entry(sequence, message, isSnapshot: true, binding)
            token = entry.token
            history.begin(with: entry)
        case .event(let sequence):
            append(sequence, body.extracting(SequenceBody.byteCount...), binding)
        case .batch(let batch):
            for (offset, range) in batch.messages.enumerated() {
                append(batch.firstSequence + UInt64(offset), body.extracting(range), binding)
            }
        case .bound, .mark:
            return
        }
    }

    private func append(_ sequence: UInt64, _ message: RawSpan, _ binding: SubscriptionBinding) {
        var bytes = ByteBuffer()
        bytes.writeBytes(message)
        let entry = entry(sequence, bytes, isSnapshot: false, binding)
        token = entry.token
        history.append(entry)
    }

    private func entry(
        _ sequence: UInt64,
        _ message: ByteBuffer,
        isSnapshot: Bool,
        _ binding: SubscriptionBinding
    ) -> EventHistory.Entry {
        EventHistory.Entry(
            token: ResumeToken(epoch: binding.epoch, sequence: sequence),
            isSnapshot: isSnapshot,
            message: message,
            binding: binding
        )
    }

    /// The call has ended: the subscription goes on with another, if it can.
    func ended(_ ended: SubscriptionCall, _ error: RPCError?) {
        guard ended === call, ending == nil else { return }
        call = nil
        guard let error else { return finish(.end) }
        if error.code == .outOfRange, token != nil {
            // The server has another history, or less of it, than the token needs.
            token = nil
            // One that says so of a subscription that it had accepted is not asked again at once.
            if boundSince == nil { return begin() }
        }
        if let boundSince, manager.now.since(boundSince) >= ConnectionManager.standingTime {
            failures = 0
        }
        boundSince = nil
        failures = min(failures + 1, 1_000)
        guard mayPass(error) else { return finish(.failed(error)) }
        link = .offline(error)
        serveAll()
        let pause = manager.configuration.reconnect.pause(
            afterFailures: failures,
            using: &generator
        )
        manager.eventLoop.assumeIsolated().scheduleTask(
            deadline: NIODeadline(manager.now + Interval(pause))
        ) { [self] in
            begin()
        }
    }

    /// Whether another attempt may succeed. One that was accepted once is not given up while the
    /// server is just not there.
    private func mayPass(_ error: RPCError) -> Bool {
        guard wasEverBound || failures < manager.configuration.retry.maxAttempts else {
            return false
        }
        return switch error.code {
        case .unavailable: !error.isLastingRefusal
        case .resourceExhausted: error.isNotProcessed
        // What was cancelled a moment ago is not gone yet.
        case .alreadyExists: wasEverBound
        // The token that did not fit is gone.
        case .outOfRange: wasEverBound
        default: false
        }
    }

    /// The client was closed.
    func close() {
        guard ending == nil else { return }
        if let call { manager.cancel(call) }
        call = nil
        finish(.failed(.clientIsClosed))
    }

    private func finish(_ ending: Next) {
        self.ending = ending
        manager.subscriptions.remove(self)
        if case .failed(let error) = ending {
            endJoining(error)
        } else {
            endJoining(nil)
        }
        serveAll()
    }
}
