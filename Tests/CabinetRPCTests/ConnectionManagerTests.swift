import CabinetCodec
import CabinetTLS
import CabinetWire
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import CabinetRPC

/// How a client connects, waits and gives up, by a clock that the tests move.
@Suite struct ConnectionManagerTests {
    /// A call that notes how it ended.
    private final class NotedCall: ClientCall, @unchecked Sendable {
        var outcome: Result<[UInt8], RPCError>?

        init(deadline: Timestamp? = nil) {
            super.init(
                CallHeader(method: 1),
                metadata: [],
                message: [1, 2, 3],
                responses: .single,
                deadline: deadline
            )
        }

        override func replied(_ response: RawSpan, _ session: ClientSession) {
            outcome = .success(response.withUnsafeBytes { Array($0) })
        }

        override func ended(_ error: RPCError?) {
            outcome = .failure(error ?? RPCError(.ok, ""))
        }

        var error: RPCError? {
            if case .failure(let error) = outcome { error } else { nil }
        }

        var reason: String? { error?.details.first?.reason }
    }

    /// The server's end of a connection: what has arrived, and what a test sends.
    private final class Server {
        let pipe: InProcessPipe
        private var reader = FrameReader(from: .client)
        private var input = ByteBuffer()
        var frames: [FrameHeader] = []
        var isClosed = false

        init(_ pipe: InProcessPipe) {
            self.pipe = pipe
            pipe.attach(
                onBytes: { [unowned self] in receive($0) },
                onClosed: { [unowned self] in isClosed = true }
            )
        }

        private func receive(_ bytes: ByteBuffer) {
            var bytes = bytes
            input.writeBuffer(&bytes)
            while case .frame(let header) = try? reader.next(in: input.readableBytesSpan) {
                input.moveReaderIndex(forwardBy: FrameHeader.byteCount + header.bodyByteCount)
                frames.append(header)
                reader.maxBodyBytes = 65_536
            }
        }

        var types: [FrameType] { frames.map(\.type) }

        /// - Parameter byteCount: What the header says of the body, where it is not the body's.
        func send(
            _ type: FrameType,
            id: UInt32,
            _ body: [UInt8],
            announcing byteCount: Int? = nil
        ) {
            var bytes = ByteBuffer()
            bytes.writeInteger(
                FrameHeader(type: type, id: id, bodyByteCount: byteCount ?? body.count).word
            )
            bytes.writeBytes(body)
            pipe.writeAndFlush(bytes)
        }

        func hello() { send(.hello, id: 0, Hello(versions: [1]).serialized()) }

        func goAway(_ reconnectAfterMs: UInt32 = 0) {
            send(
                .goAway,
                id: 0,
                GoAway(reason: .drain, reconnectAfterMs: reconnectAfterMs).serialized()
            )
        }
    }

    /// A client whose attempts succeed or fail as a test says.
    private final class Client {
        let loop = EmbeddedEventLoop()
        let connector: TestConnector
        let manager: ConnectionManager

        init(_ change: (inout RPCClientConfiguration) -> Void = { _ in }) {
            var configuration = RPCClientConfiguration()
            change(&configuration)
            connector = TestConnector()
            manager = ConnectionManager(
                connector,
                on: loop,
                configuration,
                Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        }

        deinit {
            manager.close(nil)
            loop.run()
        }

        var servers: [Server] { connector.servers }

        func start(timeout: Interval? = nil) -> NotedCall {
            let call = NotedCall(deadline: timeout.map { manager.now + $0 })
            manager.start(call)
            loop.run()
            return call
        }

        func advance(_ time: TimeAmount) {
            loop.advanceTime(by: time)
            loop.run()
        }
    }

    private final class TestConnector: Connector, @unchecked Sendable {
        let target = "test"
        var servers: [Server] = []
        var attempts = 0
        /// What the next attempts fail with.
        var failures: [any Error] = []
        /// Whether attempts stay under way.
        var isSlow = false

        func connect(_ parts: ClientSession.Parts) -> EventLoopFuture<ClientSession> {
            attempts += 1
            let eventLoop = parts.loop.eventLoop
            if isSlow { return eventLoop.makePromise(of: ClientSession.self).futureResult }
            if !failures.isEmpty { return eventLoop.makeFailedFuture(failures.removeFirst()) }
            let (client, server) = InProcessPipe.pair(on: eventLoop)
            servers.append(Server(server))
            let session = parts.open(
                client,
                to: PeerIdentity(subject: "CN=test", publicKeyFingerprint: .init(bytes: []))
            )
            client.attach(session)
            return eventLoop.makeSucceededFuture(session)
        }
    }

    @Test("Nothing is connected before there is something to do, and one connection serves all")
    func lazy() {
        let client = Client()
        client.advance(.seconds(1))
        #expect(client.connector.attempts == 0)
        let calls = (0..<3).map { _ in client.start() }
        #expect(client.connector.attempts == 1)
        // Calls do not wait for the server's HELLO.
        #expect(client.servers[0].types == [.hello, .call, .call, .call])
        client.servers[0].hello()
        client.servers[0].send(.reply, id: 2, [7])
        client.loop.run()
        #expect(calls.map { $0.outcome == nil } == [true, false, true])
        if case .success(let bytes) = calls[1].outcome { #expect(bytes == [7]) }
    }

    @Test(
        "An attempt that fails ends the calls that waited for it, and the next comes after a pause"
    )
    func failure() {
        struct Broken: Error {}
        let client = Client { $0.reconnect = Backoff(first: .seconds(10), most: .seconds(10)) }
        client.connector.failures = [Broken(), Broken()]
        let first = client.start()
        #expect(first.reason == "NO_CONNECTION")
        #expect(first.error?.isNotProcessed == true)
        // The pause is drawn at random, up to its bound.
        let second = client.start()
        client.advance(.seconds(10))
        #expect(client.connector.attempts == 2)
        #expect(second.reason == "NO_CONNECTION")
        _ = client.start()
        client.advance(.seconds(10))
        #expect(client.connector.attempts == 3)
    }

    @Test("A call ends at its deadline, whatever it waits for")
    func deadlines() {
        let client = Client()
        client.connector.isSlow = true
        let unconnected = client.start(timeout: .seconds(1))
        let patient = client.start(timeout: .seconds(2))
        client.advance(.milliseconds(999))
        #expect(unconnected.outcome == nil)
        client.advance(.milliseconds(1))
        #expect(unconnected.reason == "DEADLINE_PASSED")
        #expect(unconnected.error?.isNotProcessed == true)
        #expect(patient.outcome == nil)
        client.advance(.seconds(1))
        #expect(patient.reason == "DEADLINE_PASSED")
    }

    @Test("A call that was sent is cancelled at its deadline, and its outcome is unknown")
    func deadlineOfSentCall() {
        let client = Client()
        let call = client.start(timeout: .seconds(1))
        let slots = (0..<63).map { _ in client.start() }
        let unsent = client.start(timeout: .seconds(2))
        client.servers[0].hello()
        client.advance(.seconds(1))
        #expect(call.reason == "DEADLINE_PASSED")
        #expect(call.error?.isNotProcessed == false)
        #expect(client.servers[0].types.last == .cancel)
        // The slot is the server's until it has ended the call.
        #expect(client.servers[0].types.filter { $0 == .call }.count == 64)
        client.advance(.seconds(1))
        #expect(unsent.reason == "DEADLINE_PASSED")
        #expect(unsent.error?.isNotProcessed == true)
        #expect(slots.allSatisfy { $0.outcome == nil })
    }

    @Test("After GOAWAY calls go to the next connection, not before the time that the server says")
    func goAway() {
        let client = Client()
        let calls = (0..<70).map { _ in client.start() }
        client.servers[0].hello()
        client.servers[0].goAway(500)
        client.loop.run()
        client.advance(.milliseconds(499))
        #expect(client.connector.attempts == 1)
        client.advance(.milliseconds(1))
        #expect(client.connector.attempts == 2)
        // What had no slot yet is made there; what was sent is answered where it was sent.
        #expect(client.servers[1].types.filter { $0 == .call }.count == 6)
        for slot in 1...64 as ClosedRange<UInt32> { client.servers[0].send(.reply, id: slot, []) }
        client.loop.run()
        #expect(calls.filter { $0.outcome != nil }.count == 64)
        #expect(client.servers[0].isClosed)
        #expect(!client.servers[1].isClosed)
    }

    @Test("A server that does not answer is given up, and the next call connects anew")
    func silence() {
        let client = Client()
        let call = client.start()
        client.servers[0].hello()
        client.loop.run()
        client.advance(.seconds(20))
        #expect(client.servers[0].types.last == .ping)
        #expect(call.outcome == nil)
        client.advance(.seconds(20))
        #expect(call.reason == "SERVER_SILENT")
        #expect(call.error?.isNotProcessed == false)
        _ = client.start()
        client.advance(.seconds(1))
        #expect(client.connector.attempts == 2)
    }

    @Test("A server that does not say HELLO in time is given up, as one whose link is lost")
    func noHello() {
        let client = Client()
        let call = client.start()
        client.advance(.seconds(2))
        #expect(call.reason == "SERVER_SILENT")
        #expect(call.error?.code == .unavailable)
        #expect(client.servers[0].isClosed)
        _ = client.start()
        client.advance(.seconds(1))
        #expect(client.connector.attempts == 2)
    }

    @Test("A server that does not go on with a frame is given up, as one whose link is lost")
    func brokenOff() {
        let client = Client()
        let call = client.start()
        client.servers[0].hello()
        client.servers[0].send(.reply, id: 1, [1], announcing: 100)
        client.loop.run()
        client.advance(.seconds(10))
        #expect(call.reason == "SERVER_SILENT")
        #expect(call.error?.code == .unavailable)
        #expect(call.error?.isNotProcessed == false)
    }

    @Test(
        "A server that says GOAWAY in place of HELLO has refused, and is left in peace for a while"
    )
    func refusal() {
        let client = Client { $0.reconnect = Backoff(first: .seconds(10), most: .seconds(10)) }
        let calls = (0..<70).map { _ in client.start() }
        client.servers[0].send(
            .goAway,
            id: 0,
            GoAway(reason: .version, message: "too old").serialized()
        )
        client.loop.run()
        #expect(calls.allSatisfy { $0.outcome != nil })
        #expect(calls.last?.reason == "NO_CONNECTION")
        #expect(calls.last?.error?.message.contains("too old") == true)
        #expect(calls.allSatisfy { $0.error?.isNotProcessed == true })
        #expect(client.connector.attempts == 1)
    }

    @Test("No more calls wait than the limit says")
    func tooMany() {
        let client = Client { $0.maxWaitingCalls = 2 }
        client.connector.isSlow = true
        let calls = (0..<3).map { _ in client.start() }
        #expect(calls.map(\.reason) == [nil, nil, "TOO_MANY_WAITING_CALLS"])
        // One that was cancelled makes room.
        client.manager.cancel(calls[0])
        #expect(client.start().outcome == nil)
    }

    @Test("When the client is closed all calls end, and the connection")
    func close() {
        let client = Client()
        let sent = client.start()
        let promise = client.loop.makePromise(of: Void.self)
        client.manager.close(promise)
        client.loop.run()
        #expect(sent.reason == "CLIENT_CLOSED")
        #expect(sent.error?.isNotProcessed == false)
        #expect(client.servers[0].isClosed)
        #expect(throws: Never.self) { try promise.futureResult.wait() }
        #expect(client.start().reason == "CLIENT_CLOSED")
    }

    @Test("Cancellations beyond the budget wait, so that the server has no reason to complain")
    func cancellations() {
        let client = Client { $0.maxWaitingCalls = 1_024 }
        let calls = (0..<64).map { _ in client.start() }
        client.servers[0].hello()
        for call in calls { client.manager.cancel(call) }
        for slot in 1...64 as ClosedRange<UInt32> { client.servers[0].send(.status, id: slot, []) }
        client.loop.run()
        let more = (0..<64).map { _ in client.start() }
        for call in more { client.manager.cancel(call) }
        client.loop.run()
        #expect(client.servers[0].types.filter { $0 == .cancel }.count == 100)
        client.advance(.seconds(3))
        #expect(client.servers[0].types.filter { $0 == .cancel }.count == 128)
    }
}
