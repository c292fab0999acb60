internal import CabinetCodec
internal import CabinetTLS
internal import CabinetWire
internal import Logging
internal import NIOCore

/// Keeps a client connected while something is to be done: one connection at a time, which all calls
/// share, and the next one when it is gone.
///
/// `@unchecked Sendable`: everything that changes in it is used on its event loop alone.
final class ConnectionManager: @unchecked Sendable {
    private enum State {
        case idle
        case connecting
        case open(ClientSession)
        case closed
    }

    let loop: LoopContext
    let configuration: RPCClientConfiguration
    private let connector: any Connector
    private let logger: Logger
    private let hello: [UInt8]

    private var state = State.idle
    /// Calls that wait for a connection, or for the next one.
    private var waiting: [ClientCall] = []
    private var connectWaits: [LoopWait<Result<PeerIdentity, RPCError>>] = []
    /// Connections that end when their calls have ended.
    private var leaving: [ObjectIdentifier: ClientSession] = [:]
    /// A connection, or a subscription, that has stood for so long was a good one: the pauses begin anew.
    static let standingTime = Interval.seconds(5)

    /// Attempts at a connection since there is this client.
    private var attempts: UInt64 = 0
    /// Connections in a row that did not come to be, or ended soon.
    private var failures = 0
    /// When the server said HELLO on the newest connection.
    private var readySince: Timestamp?
    /// Why there is no connection, since there was one.
    private var lastFailure: RPCError?
    private var isConnecting = false
    /// There is no attempt before.
    private var notBefore = Timestamp(nanoseconds: 0)
    private var isAttemptScheduled = false
    private var timer: SessionTimer
    private var generator = SystemRandomNumberGenerator()
    private var closePromises: [EventLoopPromise<Void>] = []
    var subscriptions = SubscriptionTable()

    var eventLoop: any EventLoop { loop.eventLoop }
    var now: Timestamp { Timestamp(eventLoop.now) }

    init(
        _ connector: any Connector,
        on eventLoop: any EventLoop,
        _ configuration: RPCClientConfiguration,
        _ logger: Logger
    ) {
        loop = LoopContext(eventLoop)
        self.connector = connector
        self.configuration = configuration
        var logger = logger
        logger[metadataKey: "server"] = "\(connector.target)"
        self.logger = logger
        hello = Hello.of(
            limits: configuration.limits,
            ping: configuration.liveness.ping,
            schemaHash: configuration.schemaHash,
            agent: configuration.agent
        ).serialized()
        timer = SessionTimer(eventLoop)
    }

    // MARK: - Calls

    /// Makes a call, now or when there is a connection.
    func start(_ call: ClientCall) {
        guard !call.isOver else { return }
        switch state {
        case .open(let session):
            session.start(call)
        case .closed:
            call.end(.clientIsClosed)
        case .idle, .connecting:
            if waiting.count >= configuration.maxWaitingCalls {
                waiting.removeAll { $0.isOver }
            }
            guard waiting.count < configuration.maxWaitingCalls else {
                return call.end(.tooManyWaitingCalls)
            }
            waiting.append(call)
            armTimer(call.deadline)
            connect()
        }
    }

    /// The caller wants to know no more, and the server is told.
    func cancel(_ call: ClientCall) {
        guard !call.isOver else { return }
        let place = call.place
        call.forget()
        if let place { place.session.cancel(place.id) }
    }

    /// Ends a call for a reason of the caller's own.
    func fail(_ call: ClientCall, _ error: RPCError) {
        guard !call.isOver else { return }
        let place = call.place
        call.end(error)
        if let place { place.session.cancel(place.id) }
    }

    // MARK: - Connections

    /// Waits for a connection on which the server has said HELLO, and gives the server's identity.
    func waitForConnection(_ wait: LoopWait<Result<PeerIdentity, RPCError>>) {
        switch state {
        case .open(let session) where session.isReady:
            wait.resume(.success(session.server))
        case .closed:
            wait.resume(.failure(.clientIsClosed))
        case .open, .idle, .connecting:
            connectWaits.removeAll { $0.isOver }
            guard connectWaits.count < configuration.maxWaitingCalls else {
                return wait.resume(.failure(.tooManyWaitingCalls))
            }
            connectWaits.append(wait)
            connect()
        }
    }

    /// What the server has said on the connection that there is; `nil` where there is none.
    var greeting: ServerGreeting? {
        guard case .open(let session) = state else { return nil }
        return session.greeting
    }

    private func connect() {
        guard case .idle = state, !waiting.isEmpty || !connectWaits.isEmpty, !isAttemptScheduled
        else { return }
        guard now >= notBefore else {
            isAttemptScheduled = true
            eventLoop.assumeIsolated().scheduleTask(deadline: NIODeadline(notBefore)) { [self] in
                isAttemptScheduled = false
                connect()
            }
            return
        }
        state = .connecting
        isConnecting = true
        attempts += 1
        logger.debug("connecting")
        connector.connect(parts).assumeIsolated().whenComplete { [self] in connected($0) }
    }

    private var parts: ClientSession.Parts {
        ClientSession.Parts(
            number: attempts,
            loop: loop,
            configuration: configuration,
            hello: hello,
            logger: logger,
            events: ClientSession.Events(
                isReady: { [self] in isReady($0) },
                goesAway: { [self] in goesAway($0, $1, $2) },
                ended: { [self] in ended($0, $1) },
                closed: { [self] in closed($0) }
            )
        )
    }

    private func connected(_ result: Result<ClientSession, any Error>) {
        isConnecting = false
        switch (result, state) {
        case (.success(let session), .connecting):
            state = .open(session)
            let calls = waiting
            waiting = []
            for call in calls where !call.isOver { session.start(call) }
        case (.success(let session), _):
            // The client was closed meanwhile.
            leaving[ObjectIdentifier(session)] = session
            session.close()
        case (.failure(let error), .connecting):
            state = .idle
            failed(RPCError(cannotConnect: error, to: connector.target))
        case (.failure, _):
            finishClosing()
        }
    }

    /// An attempt has failed: so have those who waited for it.
    private func failed(_ error: RPCError) {
        lastFailure = error
        failures = min(failures + 1, 1_000)
        pause()
        logger.info("no connection", metadata: ["error": "\(error)"])
        let calls = waiting
        waiting = []
        for call in calls { call.end(error) }
        endConnectWaits(.failure(error))
        connect()
    }

    /// Puts the next attempt off.
    private func pause() {
        let pause = configuration.reconnect.pause(
            afterFailures: max(failures, 1),
            using: &generator
        )
        notBefore = max(notBefore, now + Interval(pause))
    }

    private func endConnectWaits(_ result: Result<PeerIdentity, RPCError>) {
        let waits = connectWaits
        connectWaits = []
        for wait in waits { wait.resume(result) }
    }

    /// Ends the connection that there is.
    func loseConnection() {
        if case .open(let session) = state { session.lose() }
    }

    // MARK: - What a session says

    private func isReady(_ session: ClientSession) {
        readySince = now
        lastFailure = nil
        logger.debug("connected", metadata: ["subject": "\(session.server.subject)"])
        endConnectWaits(.success(session.server))
    }

    private func goesAway(_ session: ClientSession, _ goAway: GoAway, _ unsent: [ClientCall]) {
        guard case .open(let current) = state, current === session else {
            for call in unsent { call.end(.connectionIsClosing) }
            return
        }
        state = .idle
        leaving[ObjectIdentifier(session)] = session
        notBefore = max(notBefore, now + .milliseconds(goAway.reconnectAfterMs))
        // In place of HELLO it says that the server does not want this connection.
        guard session.isReady else {
            for call in unsent { waiting.append(call) }
            return failed(.refused(by: goAway))
        }
        switch goAway.reason {
        case .drain, .idle: failures = 0
        default: endedSoon()
        }
        for call in unsent { start(call) }
        connect()
    }

    /// Counts a connection that was of no use for long, and puts the next attempt off.
    private func endedSoon() {
        if let readySince, now.since(readySince) >= Self.standingTime { failures = 0 }
        readySince = nil
        failures = min(failures + 1, 1_000)
        pause()
    }

    private func ended(_ session: ClientSession, _ error: RPCError) {
        guard case .open(let current) = state, current === session else { return }
        state = .idle
        leaving[ObjectIdentifier(session)] = session
        if session.isReady {
            endedSoon()
            logger.info("the connection was lost", metadata: ["error": "\(error)"])
            connect()
        } else {
            failed(error)
        }
    }

    private func closed(_ session: ClientSession) {
        leaving[ObjectIdentifier(session)] = nil
        finishClosing()
    }

    // MARK: - Time

    private func armTimer(_ deadline: Timestamp?) {
        timer.set(deadline) { [self] in expire() }
    }

    private func expire() {
        timer.fired()
        let now = now
        let late = waiting.filter { $0.deadline.map { $0 <= now } ?? false }
        waiting.removeAll { $0.isOver || $0.deadline.map { $0 <= now } ?? false }
        for call in late { call.end(.deadlineExceeded(while: lastFailure)) }
        armTimer(waiting.compactMap(\.deadline).min())
    }

    // MARK: - The end

    /// Ends the connection and all calls. What comes later fails.
    func close(_ promise: EventLoopPromise<Void>?) {
        if let promise { closePromises.append(promise) }
        if case .closed = state { return finishClosing() }
        if case .open(let session) = state { leaving[ObjectIdentifier(session)] = session }
        state = .closed
        timer.cancel()
        let calls = waiting
        waiting = []
        for call in calls { call.end(.clientIsClosed) }
        endConnectWaits(.failure(.clientIsClosed))
        for session in Array(leaving.values) { session.close() }
        for subscription in subscriptions.removeAll() { subscription.close() }
        finishClosing()
    }

    private func finishClosing() {
        guard case .closed = state, leaving.isEmpty, !isConnecting else { return }
        let promises = closePromises
        closePromises = []
        for promise in promises { promise.succeed() }
    }
}
