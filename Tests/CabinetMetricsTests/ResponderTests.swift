import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import CabinetMetrics

/// What a connection to the endpoint is answered, whatever comes on it.
@Suite struct ResponderTests {
    private static let body = """
        # HELP up Whether it is up.
        # TYPE up gauge
        up 1

        """

    private let channel = EmbeddedChannel()
    private let limits = MetricsLimits()

    init() throws {
        let registry = MetricsRegistry([MetricFamily("up", .gauge, "Whether it is up.")])
        registry.observe("up") { [.init(1)] }
        channel.pipeline.fireUserInboundEventTriggered(())
        try MetricsResponder.configure(channel, registry, limits)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// Sends bytes, and gives everything that is answered.
    private func send(_ text: String) throws -> String {
        // What is wrong with a request is answered, and goes no further.
        try channel.writeInbound(ByteBuffer(string: text))
        channel.embeddedEventLoop.run()
        return try answer()
    }

    private func answer() throws -> String {
        var answer = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            answer += String(buffer: bytes)
        }
        return answer
    }

    private func status(_ answer: String) -> String {
        String(answer.dropFirst("HTTP/1.1 ".count).prefix(3))
    }

    @Test("GET gets the metrics, and the end of the connection")
    func get() throws {
        #expect(
            try send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n") == """
                HTTP/1.1 200 OK\r
                Content-Type: text/plain; version=0.0.4; charset=utf-8\r
                Content-Length: \(Self.body.utf8.count)\r
                Connection: close\r
                \r
                \(Self.body)
                """
        )
    }

    @Test("HEAD gets the same without the body")
    func head() throws {
        #expect(
            try send("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n") == """
                HTTP/1.1 200 OK\r
                Content-Type: text/plain; version=0.0.4; charset=utf-8\r
                Content-Length: \(Self.body.utf8.count)\r
                Connection: close\r
                \r

                """
        )
    }

    @Test(
        "What is no such request is answered with what is wrong",
        arguments: [
            ("GET /metrics?name=x HTTP/1.1\r\nHost: a\r\n\r\n", "200"),
            ("GET /metrics HTTP/1.0\r\n\r\n", "200"),
            ("GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", "200"),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "404"),
            ("GET /metrics/ HTTP/1.1\r\nHost: a\r\n\r\n", "404"),
            ("GET /../metrics HTTP/1.1\r\nHost: a\r\n\r\n", "404"),
            ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", "404"),
            ("POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", "405"),
            ("DELETE /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "405"),
            ("DELETE /others HTTP/1.1\r\nHost: a\r\n\r\n", "404"),
            ("garbage\r\n\r\n", "400"),
            ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}", "400"),
            ("GET /metrics HTTP/1.1\r\nA: b\u{0}c\r\n\r\n", "400"),
            ("GET /metrics HTTP/9.9\r\nHost: a\r\n\r\n", "400"),
            (
                "GET /metrics HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "400"
            ),
        ]
    )
    func requests(_ request: String, _ expected: String) throws {
        let answer = try send(request)
        #expect(status(answer) == expected)
        #expect(answer.contains("\r\nConnection: close\r\n"))
        if expected == "405" { #expect(answer.contains("\r\nAllow: GET, HEAD\r\n")) }
    }

    @Test("A request that is too long is said to be so, wherever it is", arguments: 0...3)
    func tooLong(_ place: Int) throws {
        let long = String(repeating: "x", count: limits.maxRequestBytes)
        let request =
            switch place {
            case 0: "GET /metrics HTTP/1.1\r\nA: \(long)\r\n\r\n"
            case 1: "GET /\(long) HTTP/1.1\r\n\r\n"
            case 2: long + long
            default:
                "GET /metrics HTTP/1.1\r\n"
                    + (0..<300).map { "A\($0): b\r\n" }.joined() + "\r\n"
            }
        // As it comes, in pieces.
        var answered = ""
        var rest = Substring(request)
        while !rest.isEmpty {
            answered += try send(String(rest.prefix(700)))
            rest = rest.dropFirst(700)
        }
        #expect(status(answered) == (place == 2 ? "400" : "431"))
        #expect(answered.components(of: "HTTP/1.1 ") == 1)
    }

    @Test("Of several requests in one the first is answered")
    func pipelined() throws {
        let request = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
        let answer = try send(request + request + "garbage" + request)
        #expect(answer.hasSuffix(Self.body))
        #expect(answer.components(of: "HTTP/1.1 ") == 1)
        #expect(try send(request).isEmpty)
    }

    @Test("A request may come byte by byte")
    func bytes() throws {
        var answer = ""
        for character in "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".unicodeScalars {
            answer += try send(String(character))
        }
        #expect(answer.hasSuffix(Self.body))
    }

    @Test("Who does not finish a request is cut off")
    func stalledRequest() throws {
        #expect(try send("GET /metrics HTTP/1.1\r\nHost:").isEmpty)
        channel.embeddedEventLoop.advanceTime(by: limits.timeout - .nanoseconds(1))
        #expect(channel.isActive)
        // Whatever comes meanwhile.
        #expect(try send(" a").isEmpty)
        channel.embeddedEventLoop.advanceTime(by: .nanoseconds(1))
        #expect(!channel.isActive)
        #expect(try answer().isEmpty)
    }

    @Test("Who says nothing, or does not go, is cut off", arguments: [true, false])
    func silence(_ asks: Bool) throws {
        if asks { _ = try send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n") }
        channel.embeddedEventLoop.advanceTime(by: limits.timeout)
        #expect(!channel.isActive)
    }

    @Test("Who has sent all that it sends still gets an answer, and who has sent none gets an end")
    func halfClosed() throws {
        let answer = try send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        channel.embeddedEventLoop.run()
        #expect(answer.hasSuffix(Self.body))
        #expect(!channel.isActive)

        let other = try ResponderTests()
        _ = try other.send("GET /met")
        other.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        other.channel.embeddedEventLoop.run()
        #expect(!other.channel.isActive)
    }

    @Test("Whatever comes, there is one answer at most, and an end")
    func random() throws {
        var generator = Seed.generator(0x6d65_7472)
        let pieces = [
            "GET ", "POST", " /metrics", " HTTP/1.1", " HTTP/1.", "\r\n", "\n", "\r\n\r\n",
            "Host: a",
            "Content-Length: ", "99999999999999999999", "Transfer-Encoding: chunked", ": ", "\u{0}",
            "Upgrade: h2c", "Connection: upgrade", "é", "%", "?", "CONNECT", "PRI * HTTP/2.0", "5",
            "Expect: 100-continue",
        ]
        for _ in 0..<2_000 {
            let other = try ResponderTests()
            var answer = ""
            for _ in 0..<Int.random(in: 1...30, using: &generator) {
                guard other.channel.isActive else { break }
                if Int.random(in: 0..<8, using: &generator) == 0 {
                    let bytes = generator.bytes(Int.random(in: 1...50, using: &generator))
                    try other.channel.writeInbound(ByteBuffer(bytes: bytes))
                } else if let piece = pieces.randomElement(using: &generator) {
                    answer += try other.send(piece)
                }
            }
            answer += try other.answer()
            #expect(answer.isEmpty || answer.components(of: "HTTP/1.1 ") == 1)
            other.channel.embeddedEventLoop.advanceTime(by: limits.timeout)
            #expect(!other.channel.isActive)
        }
    }
}

extension String {
    /// How often a text is in this one.
    fileprivate func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
