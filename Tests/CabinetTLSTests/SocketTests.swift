import CabinetTLS
import NIOCore
import NIOPosix
import TLSTestSupport
import Testing

/// Over real sockets, with two event loops.
@Suite(.serialized) struct SocketTests {
    /// Sends back what it receives, and notes what happens.
    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let log: Lines

        init(_ log: Lines) { self.log = log }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.write(data, promise: nil)
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            context.flush()
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? TLSHandshakeCompleted { log.add(event.peer.subject) }
            if event is TLSInputClosed { log.add("close_notify") }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            log.add((error as? TLSError)?.reason.rawValue ?? "\(error)")
        }
    }

    /// Collects a number of bytes.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let byteCount: Int
        private let done: EventLoopPromise<[UInt8]>
        private var bytes: [UInt8] = []

        init(_ byteCount: Int, _ done: EventLoopPromise<[UInt8]>) {
            self.byteCount = byteCount
            self.done = done
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes += unwrapInboundIn(data).readableBytesView
            if bytes.count >= byteCount { done.succeed(bytes) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            done.fail(error)
        }

        func channelInactive(context: ChannelHandlerContext) {
            done.fail(ChannelError.eof)
        }
    }

    private let group = MultiThreadedEventLoopGroup.singleton

    private func listen(_ context: TLSServerContext, _ log: Lines) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler(context), Echo(log),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private func connect(
        _ context: TLSClientContext,
        to address: SocketAddress,
        collecting byteCount: Int
    ) async throws -> (any Channel, EventLoopFuture<[UInt8]>) {
        let loop = group.next()
        let done = loop.makePromise(of: [UInt8].self)
        let connected = ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler(context, serverName: "127.0.0.1"), Collector(byteCount, done),
                    ])
                }
            }
            .connect(to: address)
        connected.cascadeFailure(to: done)
        return (try await connected.get(), done.futureResult)
    }

    @Test(arguments: [1, 16_383, 16_384, 16_385, 1 << 20, 5_000_000])
    func bytesGoThereAndBack(_ byteCount: Int) async throws {
        let log = Lines()
        let listener = try await listen(makeServer(), log)
        let address = try #require(listener.localAddress)
        let (channel, echo) = try await connect(makeClient(), to: address, collecting: byteCount)
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        #expect(try await echo.get() == bytes)
        try await channel.close()
        try await waitUntil { log.all.contains("close_notify") }
        #expect(log.all == [#"CN=member\, one,O=Βουλή"#, "close_notify"])
        try await listener.close()
    }

    @Test func aRefusedClientLearnsWhy() async throws {
        let log = Lines()
        let listener = try await listen(makeServer(), log)
        let address = try #require(listener.localAddress)
        let (channel, echo) = try await connect(
            makeClient("stranger"),
            to: address,
            collecting: 1
        )
        // The first flight, which the server does not read any more.
        channel.writeAndFlush(ByteBuffer(repeating: 1, count: 100_000), promise: nil)
        let error = await #expect(throws: TLSError.self) { try await echo.get() }
        #expect(error?.reason == .peerAlert)
        try await waitUntil { log.all == ["UNTRUSTED"] }
        try await listener.close()
    }

    // MARK: - openssl s_client and s_server

    private func openSSLClient(
        _ arguments: [String],
        input: String = "hello\n",
        server: TLSServerContext
    ) async throws -> (output: String, log: [String]) {
        let log = Lines()
        let listener = try await listen(server, log)
        let port = try #require(listener.localAddress?.port)
        let result = try run(
            "/bin/bash",
            [
                "-c",
                "(printf '%s' \"$0\"; sleep 1) | openssl s_client -quiet -no_ign_eof "
                    + "-connect 127.0.0.1:\(port) \"$@\" 2>&1",
                input,
            ] + arguments,
            in: PKI.shared.folder
        )
        try await waitUntil { !log.all.isEmpty }
        try await listener.close()
        return (result.output, log.all)
    }

    private let certificate = ["-cert", "client.pem", "-key", "client.key", "-CAfile", "ca.pem"]

    @Test func openSSLIsAClient() async throws {
        let (output, log) = try await openSSLClient(
            certificate + ["-alpn", "http/1.1,cabinet/1", "-verify_return_error"],
            server: makeServer()
        )
        #expect(output.contains("hello"))
        #expect(log.first == #"CN=member\, one,O=Βουλή"#)
    }

    @Test func anotherTLSThanOursIsRefusedByName() async throws {
        let server = try makeServer()
        let noProtocol = try await openSSLClient(certificate, server: server)
        #expect(noProtocol.log == ["NO_COMMON_PROTOCOL"])
        #expect(noProtocol.output.contains("no application protocol"))
        let wrongProtocol = try await openSSLClient(certificate + ["-alpn", "h2"], server: server)
        #expect(wrongProtocol.log == ["NO_COMMON_PROTOCOL"])
        let old = try await openSSLClient(
            certificate + ["-alpn", "cabinet/1", "-tls1_2"],
            server: server
        )
        #expect(old.log == ["UNSUPPORTED_VERSION"])
        #expect(old.output.contains("alert protocol version"))
        let anonymous = try await openSSLClient(["-alpn", "cabinet/1"], server: server)
        #expect(anonymous.log == ["NO_CERTIFICATE"])
        #expect(anonymous.output.contains("certificate required"))
    }

    @Test func openSSLMayAskForNewKeys() async throws {
        let log = Lines()
        let listener = try await listen(makeServer(), log)
        let port = try #require(listener.localAddress?.port)
        let result = try run(
            "/bin/bash",
            [
                "-c",
                "(echo one; sleep 0.3; echo K; sleep 0.3; echo two; sleep 0.5) | openssl"
                    + " s_client -connect 127.0.0.1:\(port) -alpn cabinet/1 \"$@\" 2>&1", "",
            ] + certificate,
            in: PKI.shared.folder
        )
        #expect(result.output.contains("KEYUPDATE"))
        #expect(result.output.contains("two"))
        try await listener.close()
    }

    @Test(arguments: [("-alpn cabinet/1", nil), ("", TLSError.Reason.noCommonProtocol)])
    func openSSLIsAServer(_ options: String, _ reason: TLSError.Reason?) async throws {
        // The port is free now, and taken at once: s_server cannot say which one it got.
        let probe = try await listen(makeServer(), Lines())
        let address = try #require(probe.localAddress)
        let port = try #require(address.port)
        try await probe.close()
        let server = try Background(
            "exec openssl s_server -accept 127.0.0.1:\(port) -cert server.pem"
                + " -key server.key -CAfile ca.pem -Verify 3 -rev \(options)"
        )
        defer { server.end() }
        let context = try makeClient()
        var connected: ((any Channel), EventLoopFuture<[UInt8]>)?
        try await waitUntil {
            connected = try? await connect(context, to: address, collecting: 6)
            return connected != nil
        }
        let (channel, answer) = try #require(connected)
        channel.writeAndFlush(ByteBuffer(string: "abcde\n"), promise: nil)
        if let reason {
            let error = await #expect(throws: TLSError.self) { try await answer.get() }
            #expect(error?.reason == reason)
        } else {
            #expect(try await answer.get() == Array("edcba\n".utf8))
        }
        try? await channel.close()
    }
}

/// Looks every few milliseconds whether something has happened, for five seconds.
func waitUntil(_ condition: () async throws -> Bool) async throws {
    for _ in 0..<1_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("what was waited for did not happen")
}
