internal import NIOCore
internal import NIOHTTP1

/// Answers the one request of a connection, and ends it.
///
/// The answer is followed by the end of the output alone: where the client has sent something that nobody
/// reads, a socket that is closed at once would take the answer back. The client closes then, or the
/// timeout does.
final class MetricsResponder: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    static let path = "/metrics"

    private enum State {
        case awaitingRequest
        /// The output ends when the answer is written.
        case answered
        /// The output has ended as well.
        case finished
    }

    private let registry: MetricsRegistry
    private let timeout: TimeAmount
    private var state = State.awaitingRequest
    private var isInputClosed = false
    private var deadline: Scheduled<Void>?

    init(_ registry: MetricsRegistry, timeout: TimeAmount) {
        self.registry = registry
        self.timeout = timeout
    }

    /// Makes a pipeline of a connection.
    static func configure(
        _ channel: any Channel,
        _ registry: MetricsRegistry,
        _ limits: MetricsLimits
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(RequestByteLimit(limits.maxRequestBytes))
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false,
            withErrorHandling: false
        )
        try pipeline.addHandler(MetricsResponder(registry, timeout: limits.timeout))
    }

    // MARK: - Time

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            channel.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
        context.fireChannelInactive()
    }

    // MARK: - The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What comes after the head matters no more.
        guard case .head(let head) = unwrapInboundIn(data), state == .awaitingRequest else {
            return
        }
        // Whoever has a browser on this machine look up a name that leads here would read the answer.
        if context.channel.localAddress?.isLoopback ?? false,
            let host = head.headers.first(name: "host"), !Self.isLocal(host)
        {
            return answer(
                context,
                .misdirectedRequest,
                "these metrics are read at an address or at localhost, and not at another name\n"
            )
        }
        guard head.uri.prefix(while: { $0 != "?" }) == Self.path else {
            return answer(context, .notFound, "metrics are at \(Self.path)\n")
        }
        switch head.method {
        case .GET:
            answer(context, .ok, registry.exposition, type: TextExposition.contentType)
        case .HEAD:
            answer(
                context,
                .ok,
                registry.exposition,
                type: TextExposition.contentType,
                isHead: true
            )
        default:
            answer(
                context,
                .methodNotAllowed,
                "metrics can be read, with GET or HEAD\n",
                [("Allow", "GET, HEAD")]
            )
        }
    }

    /// Whether the value of «Host» is an address or localhost, with a port or without.
    static func isLocal(_ host: String) -> Bool {
        let name: Substring
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            name = host[host.index(after: host.startIndex)..<end]
        } else {
            name = host.prefix { $0 != ":" }
        }
        return name.lowercased() == "localhost"
            || (try? SocketAddress(ipAddress: String(name), port: 0)) != nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            isInputClosed = true
            switch state {
            case .awaitingRequest, .finished: context.close(promise: nil)
            case .answered: break
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // At the end of a connection the parser complains about half a request: to nobody.
        guard context.channel.isActive else { return }
        guard state == .awaitingRequest else {
            // Of what came after the request, or of the connection.
            if !(error is HTTPParserError), !(error is RequestTooLong) {
                context.close(promise: nil)
            }
            return
        }
        switch error {
        case is RequestTooLong, HTTPParserError.headerOverflow:
            answer(context, .requestHeaderFieldsTooLarge, "the request is too long\n")
        case is HTTPParserError:
            answer(context, .badRequest, "this is no request of HTTP/1.1\n")
        default:
            context.close(promise: nil)
        }
    }

    // MARK: - The answer

    private func answer(
        _ context: ChannelHandlerContext,
        _ status: HTTPResponseStatus,
        _ text: String,
        type: String = "text/plain; charset=utf-8",
        _ others: [(String, String)] = [],
        isHead: Bool = false
    ) {
        state = .answered
        let body = ByteBuffer(string: text)
        let headers = HTTPHeaders(
            [
                ("Content-Type", type), ("Content-Length", "\(body.readableBytes)"),
                ("Connection", "close"),
            ] + others
        )
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = context.loopBound
        written.futureResult.assumeIsolated().whenComplete { [self] result in
            finish(bound.value, result)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func finish(_ context: ChannelHandlerContext, _ written: Result<Void, any Error>) {
        state = .finished
        if case .success = written, !isInputClosed {
            context.close(mode: .output, promise: nil)
        } else {
            context.close(promise: nil)
        }
    }
}

extension SocketAddress {
    fileprivate var isLoopback: Bool {
        guard let ipAddress else { return false }
        return ipAddress.hasPrefix("127.") || ipAddress == "::1"
    }
}
