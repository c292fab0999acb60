internal import CabinetLocks
internal import CabinetWire
internal import NIOCore

/// Something that a server has to end: a connection in its handshake, or a session.
protocol ServedConnection: AnyObject {
    /// Lets calls in flight finish, and ends the connection after `grace` at the latest.
    func drain(grace: Interval, reconnectAfterMilliseconds: UInt32)
    /// Whom it is with; `nil` before that is known.
    var peer: PeerIdentity? { get }
    /// Ends the connection at once.
    func end(_ reason: GoAwayReason, _ message: String)
    /// Ends the subscriptions of which the client may not have the events any more.
    func reviewSubscriptions()
}

/// The connections of one event loop.
///
/// `@unchecked Sendable`: it is handed from thread to thread, but used on its event loop alone.
final class ServerLoop: @unchecked Sendable {
    let context: LoopContext
    private(set) var connections: [ObjectIdentifier: any ServedConnection] = [:]
    /// Set when the server was told to stop: what comes later is ended at once.
    private(set) var drainGrace: Interval?
    private var emptyPromises: [EventLoopPromise<Void>] = []

    init(_ context: LoopContext, drainGrace: Interval?) {
        self.context = context
        self.drainGrace = drainGrace
    }

    func add(_ connection: any ServedConnection) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: any ServedConnection) {
        connections[ObjectIdentifier(connection)] = nil
        guard connections.isEmpty else { return }
        let promises = emptyPromises
        emptyPromises = []
        for promise in promises { promise.succeed() }
    }

    /// Ends all connections.
    ///
    /// - Parameter reconnectAfter: Milliseconds for each connection, drawn anew.
    func drain(grace: Interval, reconnectAfter: () -> UInt32) {
        drainGrace = grace
        for connection in Array(connections.values) {
            connection.drain(grace: grace, reconnectAfterMilliseconds: reconnectAfter())
        }
    }

    /// Completes when there are no connections.
    func whenEmpty() -> EventLoopFuture<Void> {
        guard !connections.isEmpty else { return context.eventLoop.makeSucceededVoidFuture() }
        let promise = context.eventLoop.makePromise(of: Void.self)
        emptyPromises.append(promise)
        return promise.futureResult
    }
}

/// The ``ServerLoop`` of each event loop that a server uses.
final class ServerLoops: Sendable {
    private struct State {
        // One for each loop, and loops live as long as their group.
        var loops: [ObjectIdentifier: ServerLoop] = [:]
        var drainGrace: Interval?
    }

    private let state = Guarded(State())

    func loop(of eventLoop: any EventLoop) -> ServerLoop {
        state.withLock { state in
            let id = ObjectIdentifier(eventLoop)
            if let found = state.loops[id] { return found }
            let made = ServerLoop(LoopContext(eventLoop), drainGrace: state.drainGrace)
            state.loops[id] = made
            return made
        }
    }

    var all: [ServerLoop] {
        state.withLock { Array($0.loops.values) }
    }

    /// The loops to be drained. Those that come later are from the beginning.
    func beginDrain(grace: Interval) -> [ServerLoop] {
        state.withLock { state in
            state.drainGrace = grace
            return Array(state.loops.values)
        }
    }

    /// Runs `body` on each loop, and gives what it returns. A loop that was shut down has no
    /// connections, and gives nothing.
    func onEach<Result: Sendable>(
        _ body: @escaping @Sendable (ServerLoop) -> Result
    ) async -> [Result] {
        var results: [Result] = []
        for loop in all {
            let result = try? await loop.context.eventLoop.submit { body(loop) }.get()
            if let result { results.append(result) }
        }
        return results
    }
}
