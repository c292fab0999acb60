import Foundation
import NIOCore
import NIOPosix

/// What a server's metrics endpoint says at a moment.
struct Scrape {
    struct Family: Hashable {
        let name: String
        var help = ""
        var type = ""
    }

    let text: String
    private(set) var families: [Family] = []
    /// Values by everything that stands before them, as `calls_total{code="OK"}`.
    private(set) var samples: [String: Double] = [:]

    /// Asks the endpoint of a server on this machine.
    init(port: Int) async throws {
        let answer = try await Self.get(port)
        guard let end = answer.firstRange(of: "\r\n\r\n"), answer.hasPrefix("HTTP/1.1 200 ") else {
            throw Running.NothingSaid(description: answer)
        }
        self.init(parsing: String(answer[end.upperBound...]))
    }

    init(parsing text: String) {
        self.text = text
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# HELP ") {
                let parts = line.split(separator: " ", maxSplits: 3)
                families.append(Family(name: String(parts[2]), help: String(parts[3])))
            } else if line.hasPrefix("# TYPE ") {
                families[families.count - 1].type = String(line.split(separator: " ")[3])
            } else if let space = line.lastIndex(of: " ") {
                samples[String(line[..<space])] = Double(line[line.index(after: space)...])
            }
        }
    }

    func value(_ series: String) -> Double? { samples[series] }

    /// Series of a family that have a value, those of histograms by the names of their parts.
    func series(of family: String) -> [String] {
        let names = ["", "_bucket", "_sum", "_count"].map { family + $0 }
        return samples.keys.filter { key in names.contains(String(key.prefix { $0 != "{" })) }
    }

    private static func get(_ port: Int) async throws -> String {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let answer = loop.makePromise(of: String.self)
        let request = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n"
        ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(answer))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .flatMap { $0.writeAndFlush(ByteBuffer(string: request)) }
            .cascadeFailure(to: answer)
        return try await answer.futureResult.get()
    }
}

/// Reads until the other side has ended.
private final class Reader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let answer: EventLoopPromise<String>
    private var bytes = ByteBuffer()

    init(_ answer: EventLoopPromise<String>) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.writeImmutableBuffer(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.succeed(String(buffer: bytes))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }
}
