import CabinetLoad
import CommandSupport
import Foundation
import NIOCore
import NIOPosix

/// The page on which a server says how it is, in the text format of Prometheus.
///
/// A plain GET over HTTP/1.0 is all that it takes: the answer ends with the connection.
struct MetricsPage: Sendable {
    /// Bytes of a page, at most.
    private static let maximumBytes = 4 << 20
    private static let timeLimit = TimeAmount.seconds(5)

    let address: HostAndPort

    /// - Returns: `nil` where it cannot be read, which ends no rehearsal.
    func read() async -> MetricsSnapshot? {
        do {
            return try MetricsSnapshot(text: try await page())
        } catch {
            Output.complain("the metrics of \(address) cannot be read: \(error)")
            return nil
        }
    }

    private func page() async throws -> String {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let channel = try await ClientBootstrap(group: eventLoop)
            .connectTimeout(Self.timeLimit)
            .connect(host: address.host, port: address.port).get()
        let promise = eventLoop.makePromise(of: [UInt8].self)
        // A page that does not come to its end is none: half a number is another one.
        let timeout = eventLoop.scheduleTask(in: Self.timeLimit) {
            promise.fail(ChannelError.connectTimeout(Self.timeLimit))
            channel.close(promise: nil)
        }
        defer { timeout.cancel() }
        try await eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(
                Whole(promise, maximumBytes: Self.maximumBytes)
            )
        }.get()
        let request = "GET /metrics HTTP/1.0\r\nHost: \(address)\r\nAccept: text/plain\r\n\r\n"
        try await channel.writeAndFlush(ByteBuffer(string: request))
        let answer = String(decoding: try await promise.futureResult.get(), as: UTF8.self)
        guard let end = answer.range(of: "\r\n\r\n"), answer.hasPrefix("HTTP/1."),
            answer.prefix(12).hasSuffix("200")
        else {
            throw Failure(.requestsFailed, "the answer is no page of metrics")
        }
        return String(answer[end.upperBound...])
    }

    /// All that arrives until the connection ends.
    private final class Whole: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let promise: EventLoopPromise<[UInt8]>
        private let maximumBytes: Int
        private var bytes: [UInt8] = []

        init(_ promise: EventLoopPromise<[UInt8]>, maximumBytes: Int) {
            self.promise = promise
            self.maximumBytes = maximumBytes
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes += Array(buffer: unwrapInboundIn(data))
            guard bytes.count > maximumBytes else { return }
            promise.fail(Failure(.requestsFailed, "it has more than \(maximumBytes) bytes"))
            context.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            promise.fail(error)
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            promise.succeed(bytes)
        }

        func handlerRemoved(context: ChannelHandlerContext) {
            // As long as nothing else has been said of it.
            promise.fail(ChannelError.eof)
        }
    }
}
