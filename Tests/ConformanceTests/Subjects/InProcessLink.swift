import CabinetRPC
import CabinetTLS
import NIOCore

/// A server within the process, on an event loop whose time the case moves.
final class InProcessLink: SubjectLink {
    private let eventLoop = CaseEventLoop()
    private let server: InProcessServer
    private let patienceMilliseconds: Int
    private var pipe: InProcessPipe?
    private var received: [UInt8] = []
    private var isClosed = false
    /// The ends of connections that were left.
    private var left: [InProcessPipe] = []

    /// - Parameter patienceMilliseconds: How long to wait for what is expected.
    init(
        _ settings: [String: String],
        isInline: Bool,
        patienceMilliseconds: Int = 20_000
    ) throws {
        self.patienceMilliseconds = patienceMilliseconds
        server = InProcessServer(
            ServerSubject.router(LoopClock(eventLoop: eventLoop), settings, isInline: isInline),
            configuration: try ServerSubject.configuration(settings),
            logger: ServerSubject.logger
        )
    }

    private func connected() -> InProcessPipe {
        if let pipe { return pipe }
        let pipe = server.connect(
            as: PeerIdentity(
                subject: "CN=suite",
                publicKeyFingerprint: .init(bytes: [UInt8](repeating: 0, count: 32))
            ),
            on: eventLoop
        )
        pipe.attach(
            onBytes: { [self] bytes in received += bytes.readableBytesView },
            onClosed: { [self] in isClosed = true }
        )
        self.pipe = pipe
        return pipe
    }

    func send(_ bytes: [UInt8]) {
        connected().writeAndFlush(ByteBuffer(bytes: bytes))
        eventLoop.run()
    }

    func receive(isExpected: Bool) -> Arrival {
        _ = connected()
        return eventLoop.poll(for: isExpected ? patienceMilliseconds : 0) {
            guard received.isEmpty else {
                defer { received = [] }
                return .bytes(received)
            }
            return isClosed ? .closed : nil
        } ?? .nothing
    }

    func advance(milliseconds: UInt64) {
        _ = connected()
        eventLoop.advance(by: .milliseconds(Int64(milliseconds)))
    }

    func stall(_ isStalled: Bool) {
        connected().stall(isStalled)
        eventLoop.run()
    }

    func drain() {
        eventLoop.run()
        Task(executorPreference: LoopExecutor(eventLoop)) { [server] in await server.shutdown() }
        eventLoop.run()
    }

    func close() {
        connected().close()
        eventLoop.run()
    }

    func reconnect() {
        if let pipe { left.append(pipe) }
        pipe?.attach(onBytes: { _ in }, onClosed: {})
        pipe = nil
        received = []
        isClosed = false
    }

    func finish() {
        for pipe in left { pipe.close() }
        pipe?.close()
        eventLoop.run()
        // What handlers and sessions wait for ends with them.
        eventLoop.advance(by: .hours(48))
        pipe = nil
    }
}
