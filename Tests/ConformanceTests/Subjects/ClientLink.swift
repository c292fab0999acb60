import CabinetRPC
import CabinetWire
import NIOCore

/// The suite as the server of a client within the process.
final class ClientLink: SubjectLink {
    /// What has come on a connection.
    private final class Connection {
        let pipe: InProcessPipe
        var received: [UInt8] = []
        var isClosed = false

        init(_ pipe: InProcessPipe) {
            self.pipe = pipe
            pipe.attach(
                onBytes: { [self] bytes in received += bytes.readableBytesView },
                onClosed: { [self] in isClosed = true }
            )
        }
    }

    /// The connections that the client has made. On the thread of the case alone.
    private final class Connections: @unchecked Sendable {
        var all: [Connection] = []
    }

    private let eventLoop = CaseEventLoop()
    private let connections = Connections()
    private let client: RPCClient
    private var calls: [String: ClientCallRecord] = [:]
    /// Which connection the case is about.
    private var index = 0

    init(_ settings: [String: String]) throws {
        var configuration = RPCClientConfiguration()
        let server = try ServerSubject.configuration(settings)
        configuration.limits = server.limits
        configuration.liveness.ping = server.liveness.ping
        configuration.defaultTimeout = nil
        client = RPCClient(
            inProcessOn: eventLoop,
            configuration: configuration,
            logger: ServerSubject.logger
        ) { [connections] pipe in connections.all.append(Connection(pipe)) }
    }

    /// For what tasks of the client do on other threads, before nothing is said to have come.
    private static let settlingMilliseconds = 5

    private func settle() {
        _ = eventLoop.poll(for: Self.settlingMilliseconds) { nil as Never? }
    }

    private var connection: Connection? {
        connections.all.indices.contains(index) ? connections.all[index] : nil
    }

    /// Whether the client has made the connection that the case is about.
    var isConnected: Bool {
        eventLoop.run()
        return connection != nil
    }

    func send(_ bytes: [UInt8]) {
        eventLoop.run()
        connection?.pipe.writeAndFlush(ByteBuffer(bytes: bytes))
        eventLoop.run()
    }

    func receive(isExpected: Bool) -> Arrival {
        eventLoop.poll(for: isExpected ? 20_000 : Self.settlingMilliseconds) {
            guard let connection else { return nil }
            guard connection.received.isEmpty else {
                defer { connection.received = [] }
                return .bytes(connection.received)
            }
            return connection.isClosed ? .closed : nil
        } ?? (connection == nil ? .failed("the client has not connected") : .nothing)
    }

    func advance(milliseconds: UInt64) {
        settle()
        eventLoop.advance(by: .milliseconds(Int64(milliseconds)))
        settle()
    }

    func stall(_ isStalled: Bool) {
        connection?.pipe.stall(isStalled)
        eventLoop.run()
    }

    func drain() {
        Task(executorPreference: LoopExecutor(eventLoop)) { [client] in await client.close() }
        eventLoop.run()
    }

    func close() {
        connection?.pipe.close()
        eventLoop.run()
    }

    func reconnect() {
        index += 1
    }

    func finish() {
        for call in calls.values { call.task?.cancel() }
        drain()
        for connection in connections.all { connection.pipe.close() }
        advance(milliseconds: 48 * 3_600_000)
        connections.all = []
    }

    // MARK: - Calls

    func begin(_ text: ClientCallText) throws(Mismatch) {
        let caller = ClientCaller(client: client, eventLoop: eventLoop)
        calls[text.name] = try caller.begin(text)
        eventLoop.run()
    }

    /// The call of that name.
    ///
    /// - Parameter isReady: What is waited for.
    func call(
        _ name: String,
        when isReady: ((ClientCallRecord) -> Bool)? = nil
    ) throws(Mismatch) -> ClientCallRecord {
        guard let call = calls[name] else { throw Mismatch("no call has the name \(name)") }
        if let isReady {
            _ = eventLoop.poll(for: 20_000) { isReady(call) ? call : nil }
        } else {
            eventLoop.run()
        }
        return call
    }

    func write(_ payload: [UInt8], _ name: String) throws(Mismatch) {
        try call(name).continuation.yield(payload)
        eventLoop.run()
    }

    func finishRequests(_ name: String) throws(Mismatch) {
        try call(name).continuation.finish()
        eventLoop.run()
    }

    func cancel(_ name: String) throws(Mismatch) {
        try call(name).task?.cancel()
        eventLoop.run()
    }
}
