import CabinetRPC
import CabinetTLS
import Foundation
import NIOCore
import NIOPosix
import TLSTestSupport

/// A server on a socket, and a client of the suite's own, with TLS.
final class TLSLink: SubjectLink {
    /// What has come, handed from the event loop to the thread of the case.
    private final class Mailbox: @unchecked Sendable {
        private let condition = NSCondition()
        private var bytes: [UInt8] = []
        private var end: Arrival?

        func add(_ more: some Sequence<UInt8>) {
            condition.withLock {
                bytes += more
                condition.signal()
            }
        }

        func end(_ arrival: Arrival) {
            condition.withLock {
                end = end ?? arrival
                condition.signal()
            }
        }

        func take(patience: TimeInterval) -> Arrival {
            let limit = Date(timeIntervalSinceNow: patience)
            return condition.withLock {
                while bytes.isEmpty, end == nil, condition.wait(until: limit) {}
                guard bytes.isEmpty else {
                    defer { bytes = [] }
                    return .bytes(bytes)
                }
                return end ?? .nothing
            }
        }
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let mailbox: Mailbox

        init(_ mailbox: Mailbox) {
            self.mailbox = mailbox
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            mailbox.add(unwrapInboundIn(data).readableBytesView)
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event is TLSInputClosed { mailbox.end(.closed) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            mailbox.end(.failed("\((error as? TLSError)?.reason.rawValue ?? "\(error)")"))
        }

        func channelInactive(context: ChannelHandlerContext) {
            mailbox.end(.failed("the socket was closed"))
        }
    }

    private static let serverContext = Result {
        try TLSServerContext(PKI.shared.files("server", crl: "revoked.crl"))
    }
    private static let clientContext = Result {
        try TLSClientContext(PKI.shared.files("client2"))
    }

    /// The certificates of cases that have another name among those of the tests.
    private static let certificates = ["expired": "past", "revoked": "client"]

    /// Those that our own client has no use for.
    private static let refusedCertificates: Set = ["none", "expired", "future", "server"]

    private let group = MultiThreadedEventLoopGroup.singleton
    private let server: RPCServer
    private let address: SocketAddress
    private var mailbox = Mailbox()
    private var channel: (any Channel)?
    /// Connections that were left.
    private var left: [any Channel] = []
    /// Whether the connection has come and gone: it is not made again.
    private var isOver = false
    private var stopping: Task<Void, Never>?

    init(_ settings: [String: String]) throws {
        var configuration = try ServerSubject.configuration(settings)
        configuration.admission.connectionBurstPerAddress = 10_000
        let server = RPCServer(
            ServerSubject.router(LoopClock(eventLoop: group.next()), settings, isInline: true),
            tls: try Self.serverContext.get(),
            configuration: configuration,
            logger: ServerSubject.logger
        )
        self.server = server
        address = try waiting { try await server.start() }
    }

    private func connected() -> (any Channel)? {
        if let channel { return channel }
        channel = try? bootstrap(Self.clientContext.get()).connect(to: address).wait()
        return channel
    }

    private func bootstrap(_ context: TLSClientContext?) -> ClientBootstrap {
        ClientBootstrap(group: group)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { [mailbox] channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        var limits = TLSLimits()
                        limits.allowsHalfClosure = true
                        try channel.pipeline.syncOperations.addHandler(
                            TLSHandler(context, serverName: "127.0.0.1", limits: limits)
                        )
                    }
                    try channel.pipeline.syncOperations.addHandler(Receiver(mailbox))
                }
            }
    }

    func connect(_ options: [String: String]) throws {
        let certificate = options["certificate"] ?? "client2"
        if options["tls"] == "none" {
            channel = try bootstrap(nil).connect(to: address).wait()
        } else if options["tls"] != nil || options["alpn"] != nil
            || Self.refusedCertificates.contains(certificate)
        {
            let bytes = try StrangeClient.run(
                to: address,
                version: options["tls"],
                protocolName: (options["alpn"] ?? "cabinet/1").nilIfNone,
                certificate: (Self.certificates[certificate] ?? certificate).nilIfNone
            )
            mailbox.add(bytes)
            mailbox.end(bytes.isEmpty ? .failed("refused") : .closed)
            channel = nil
            isOver = true
        } else {
            let context = try TLSClientContext(
                PKI.shared.files(Self.certificates[certificate] ?? certificate)
            )
            channel = try bootstrap(context).connect(to: address).wait()
        }
    }

    func send(_ bytes: [UInt8]) {
        guard !isOver else { return }
        connected()?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func receive(isExpected: Bool) -> Arrival {
        if !isOver { _ = connected() }
        return mailbox.take(patience: isExpected ? 30 : 0.05)
    }

    /// What `openssl s_client` says of the handshake and of the tickets after it.
    func handshakeReport() throws -> String {
        try StrangeClient.report(to: address)
    }

    func advance(milliseconds: UInt64) {
        Thread.sleep(forTimeInterval: Double(milliseconds) / 1_000)
    }

    func reconnect() {
        if let channel { left.append(channel) }
        channel = nil
        mailbox = Mailbox()
    }

    func drain() {
        stopping = Task { [server] in await server.shutdown() }
    }

    func close() {
        connected()?.close(promise: nil)
    }

    func cut() {
        guard let channel = connected() else { return }
        let socket = channel.pipeline
        // Past TLS, which would say goodbye.
        socket.eventLoop.execute {
            socket.close(mode: .all, promise: nil)
        }
    }

    func finish() {
        for channel in left { channel.close(promise: nil) }
        channel?.close(promise: nil)
        try? waiting { [server, stopping] in
            await server.shutdown()
            await stopping?.value
        }
    }
}

extension String {
    fileprivate var nilIfNone: String? { self == "none" ? nil : self }
}

/// Waits, on a thread of its own, for what is asynchronous.
private func waiting<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
) throws -> Value {
    let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Value.self)
    promise.completeWithTask(body)
    return try promise.futureResult.wait()
}
