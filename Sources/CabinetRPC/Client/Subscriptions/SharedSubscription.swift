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
        case entry(EventHistory.Entry)
        /// The channel has ended.
        case end
        case failed(RPCError)
    }

    private struct Reader {
        var position: EventHistory.Position
        var wait: LoopWait<Next>?
    }

    let key: Key
    private let manager: ConnectionManager
    private var history: EventHistory
    private var readers: [SubscriptionReader.ID: Reader] = [:]
    /// Readers that wait until the server has accepted the subscription.
    private var joining: [SubscriptionReader.ID: (RPCError?) -> Void] = [:]
    private var call: SubscriptionCall?
    private var epoch: UInt64 = 0
    /// The newest event that has arrived.
    private var token: ResumeToken?
    /// The parts of a snapshot that have arrived.
    private var snapshot = ByteBuffer()
    private var isBound = false
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
        var position = token.flatMap { history.position(after: $0) } ?? .beginning
        // The first reader's token is the subscription's.
        if isFirst, token != nil { position = .firstEntry }
        readers[reader.id] = Reader(position: position)
        if isBound { return joined(nil) }
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
        let next = history.next(&reader.position)
        reader.wait = nil
        switch next {
        case .entry(let entry):
            readers[id] = reader
            return wait.resume(.entry(entry))
        case .nothing, .lost:
            if let ending {
                readers[id] = reader
                return wait.resume(ending)
            }
            reader.wait = wait
            readers[id] = reader
        }
        // Without a token a snapshot is on its way already.
        if case .lost = next, isBound, token != nil { restart() }
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
        isBound = false
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

    /// A frame of the channel.
    func take(_ frame: ClientCall.ChannelFrame, _ body: RawSpan) {
        switch frame {
        case .bound(let bound):
            epoch = bound.epoch
            isBound = true
            wasEverBound = true
            boundSince = manager.now
            endJoining(nil)
        case .snapshot(let sequence, let isLast):
            snapshot.writeBytes(body.extracting(SequenceBody.byteCount...))
            guard isLast else { return }
            let message = snapshot
            snapshot = ByteBuffer()
            token = ResumeToken(epoch: epoch, sequence: sequence)
            history.begin(with: entry(sequence, message, isSnapshot: true))
        case .event(let sequence):
            append(sequence, body.extracting(SequenceBody.byteCount...))
        case .batch(let batch):
            for (offset, range) in batch.messages.enumerated() {
                append(batch.firstSequence + UInt64(offset), body.extracting(range))
            }
        case .mark:
            return
        }
        serveAll()
    }

    private func append(_ sequence: UInt64, _ message: RawSpan) {
        var bytes = ByteBuffer()
        bytes.writeBytes(message)
        token = ResumeToken(epoch: epoch, sequence: sequence)
        history.append(entry(sequence, bytes, isSnapshot: false))
    }

    private func entry(
        _ sequence: UInt64,
        _ message: ByteBuffer,
        isSnapshot: Bool
    ) -> EventHistory.Entry {
        EventHistory.Entry(
            token: ResumeToken(epoch: epoch, sequence: sequence),
            isSnapshot: isSnapshot,
            message: message
        )
    }

    /// The call has ended: the subscription goes on with another, if it can.
    func ended(_ ended: SubscriptionCall, _ error: RPCError?) {
        guard ended === call, ending == nil else { return }
        call = nil
        isBound = false
        guard let error else { return finish(.end) }
        if error.code == .outOfRange, token != nil {
            // The server has another history, or less of it, than the token needs.
            token = nil
            return begin()
        }
        if let boundSince, manager.now.since(boundSince) >= ConnectionManager.standingTime {
            failures = 0
        }
        boundSince = nil
        failures = min(failures + 1, 1_000)
        guard mayPass(error) else { return finish(.failed(error)) }
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
