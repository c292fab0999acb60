internal import CabinetAPI
internal import CabinetCodec
internal import CabinetDiagnostics
internal import CabinetRPC
internal import CabinetTLS
internal import CabinetWire
internal import Logging
internal import NIOCore
internal import NIOEmbedded

/// Drives a server's session within the process: handlers run, timers fire, and the client sends
/// anything at all and reads when it likes.
///
/// A connection ends once a rule was broken, or in time; nothing of it is left then; and what the
/// server has to say to a client that does not read is bounded.
enum SessionTarget {
    static func run(_ input: UnsafeRawBufferPointer) throws {
        weak var probe: Probe?
        do {
            let visit = SessionVisit(ProgramReader(input))
            probe = visit.probe
            try visit.run()
        }
        try require(probe == nil, "something of the server is left when it is gone")
    }

    /// Lives as long as the handlers.
    final class Probe: Sendable {}
}

/// Runs tasks on an event loop whose time a test moves.
private final class EmbeddedExecutor: TaskExecutor {
    private let eventLoop: EmbeddedEventLoop

    init(_ eventLoop: EmbeddedEventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}

/// A client's visit to a server.
private final class SessionVisit {
    /// A client that has read so much reads no more.
    private static let maxReadBytes = 1 << 20

    let probe = SessionTarget.Probe()
    private var program: ProgramReader
    private let eventLoop = EmbeddedEventLoop()
    private let server: InProcessServer
    private let client: InProcessPipe
    private let methods: [UInt16]
    private var output = Output()

    /// What has come from the server. Its own class, because the pipe holds it.
    private final class Output {
        var arrived = ArrivedBytes(from: .server)
        var byteCount = 0
        var frameCount = 0
        var hasSaidGoodbye = false
        var isClosed = false
        var finding: (any Error)?

        init() {
            arrived.reader.maxBodyBytes = ConnectionLimits.default.maxFrameBytes
        }

        func take(_ bytes: ByteBuffer) {
            byteCount += bytes.readableBytes
            arrived.append(bytes.readableBytesView)
            do {
                try require(!isClosed, "bytes after the end")
                while let (header, body) = try arrived.next() { try take(header, body) }
                try require(!arrived.isIncomplete, "part of a frame is written")
            } catch {
                finding = finding ?? error
            }
        }

        private func take(_ header: FrameHeader, _ body: [UInt8]) throws {
            frameCount += 1
            try require(
                (header.type == .hello) == (frameCount == 1),
                "HELLO is not the first frame"
            )
            try require(!hasSaidGoodbye, "a frame after the last")
            guard header.type == .goAway else { return }
            let goAway = try GoAway(serialized: body)
            // A drain is said twice: at its begin, and at its end.
            if goAway.reason != .drain { hasSaidGoodbye = true }
        }
    }

    init(_ program: ProgramReader) {
        self.program = program
        var router = MethodRouter()
        let eventLoop = eventLoop
        let probe = probe
        let handler = DiagnosticsHandler(
            wallClock: {
                withExtendedLifetime(probe) { 0 }
            },
            sleep: { duration in
                let promise = eventLoop.makePromise(of: Void.self)
                let timer = eventLoop.scheduleTask(in: TimeAmount(duration)) { promise.succeed() }
                try await withTaskCancellationHandler {
                    try await promise.futureResult.get()
                } onCancel: {
                    timer.cancel()
                    promise.fail(CancellationError())
                }
            }
        )
        if self.program.bool() {
            handler.register(inlineIn: &router)
        } else {
            router.register(handler)
        }
        methods = router.descriptions.map(\.number) + [0, .max]
        var configuration = RPCServerConfiguration()
        configuration.maxTasks = self.program.choose([10_000, 2])
        server = InProcessServer(
            router,
            configuration: configuration,
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        )
        client = server.connect(
            as: PeerIdentity(
                subject: "CN=fuzz",
                publicKeyFingerprint: PeerIdentity.Fingerprint(bytes: [])
            ),
            on: eventLoop
        )
        client.attach(
            onBytes: { [output] in output.take($0) },
            onClosed: { [output] in output.isClosed = true }
        )
    }

    func run() throws {
        while !program.isAtEnd, !output.isClosed {
            try step()
            try check()
        }
        // Time alone ends the connection: nobody answers its PINGs.
        try readAgain()
        eventLoop.advanceTime(by: .hours(1))
        try check()
        try require(output.isClosed, "a connection goes on without end")
    }

    private func check() throws {
        eventLoop.run()
        if let finding = output.finding { throw finding }
        if output.byteCount > Self.maxReadBytes { client.stall(true) }
        try require(
            !output.hasSaidGoodbye || output.isClosed,
            "a connection goes on after the last frame"
        )
    }

    /// The client reads again. What has waited for it is bounded: outcomes by the slots, streams by
    /// what makes them pause, and control frames by their budget.
    private func readAgain() throws {
        let before = output.byteCount
        client.stall(false)
        let limits = ConnectionLimits.default
        let bound = limits.maxCalls * (limits.maxFrameBytes + FrameHeader.byteCount) + 4 * 65_536
        try require(output.byteCount - before <= bound, "output without bound")
    }

    private func step() throws {
        switch program.byte() % 12 {
        case 0:
            eventLoop.advanceTime(
                by: .milliseconds(Int64(program.choose(ConnectionTarget.steps)))
            )
        case 1: if program.bool() { client.stall(true) } else { try readAgain() }
        case 2 where program.byte() == 0: client.close()
        case 3 where program.byte() == 0:
            let server = server
            Task(executorPreference: EmbeddedExecutor(eventLoop)) { await server.shutdown() }
        case 4, 5: send(call())
        case 6: send(frame(.item, program.bool() ? .end : [], request()))
        case 7: send(frame(.credit, [], numberBody(UInt64(program.byte()) << 10)))
        case 8: send(frame(.cancel, [], []))
        case 9:
            let hello = Hello(versions: [1]).serialized()
            var bytes: [UInt8] = []
            bytes.append(FrameHeader(type: .hello, id: 0, bodyByteCount: hello.count))
            send(bytes + hello)
        default: send(ConnectionTarget.hostileBytes(&program))
        }
    }

    private func send(_ bytes: [UInt8]) {
        client.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// A frame of a call in one of the first slots.
    private func frame(_ type: FrameType, _ flags: FrameFlags, _ body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(
            FrameHeader(
                type: type,
                flags: flags,
                id: UInt32(program.byte() % 5) + 1,
                bodyByteCount: body.count
            )
        )
        return bytes + body
    }

    private func call() -> [UInt8] {
        let choice = program.byte()
        let header = CallHeader(
            method: program.choose(methods),
            timeoutMicroseconds: choice & 2 != 0 ? UInt32(program.byte()) << 12 : 0,
            key: choice & 4 != 0 ? .init(high: 1, low: 2) : nil,
            trace: choice & 8 != 0
                ? .init(traceID: .init(high: 1, low: 2), parentID: 3, flags: 1) : nil
        )
        let body = written(byteCount: header.byteCount) { header.write(to: &$0) }
        let isWhole = choice & 1 == 0
        return frame(
            .call,
            isWhole ? header.flags.union(.end) : header.flags,
            isWhole ? body + request() : body
        )
    }

    /// A request of one of the methods, or bytes that are none.
    private func request() -> [UInt8] {
        let payload = [UInt8](repeating: 5, count: Int(program.byte()) << 6)
        switch program.byte() % 6 {
        case 0: return EchoRequest(payload: payload).serialized()
        case 1: return EchoStreamRequest(payload: payload).serialized()
        case 2: return SleepRequest(sleepMs: UInt32(program.byte()) << 8).serialized()
        case 3:
            return EchoRepeatRequest(
                payload: payload,
                responseCount: UInt32(program.byte()) << 12,
                intervalMs: UInt32(program.byte())
            ).serialized()
        case 4:
            return ReturnStatusRequest(
                status: RequestedStatus(code: UInt32(program.byte() % 20), message: "no")
            ).serialized()
        default: return program.bytes(Int(program.byte() % 64))
        }
    }
}
