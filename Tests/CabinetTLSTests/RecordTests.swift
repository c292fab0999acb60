import CabinetTLS
import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@Suite struct RecordTests {
    private func open(
        serverLimits: TLSLimits = TLSLimits(),
        clientLimits: TLSLimits = TLSLimits()
    ) throws -> EmbeddedPair {
        let pair = try EmbeddedPair(
            makeServer(),
            makeClient(),
            serverLimits: serverLimits,
            clientLimits: clientLimits
        )
        try pair.pump()
        try #require(pair.server.recorder.handshake != nil)
        try #require(pair.client.recorder.handshake != nil)
        return pair
    }

    /// The lengths of the records in some ciphertext.
    private func records(_ buffers: [ByteBuffer]) -> [Int] {
        var all = ByteBuffer()
        for var buffer in buffers { all.writeBuffer(&buffer) }
        var lengths: [Int] = []
        while all.readSlice(length: 3) != nil, let length = all.readInteger(as: UInt16.self) {
            lengths.append(Int(length))
            all.moveReaderIndex(forwardBy: Int(length))
        }
        return lengths
    }

    @Test func manySmallWritesAreOneRecordAndOneWrite() throws {
        let pair = try open()
        defer { pair.finish() }
        var futures: [EventLoopFuture<Void>] = []
        for index in 0..<100 {
            futures.append(pair.client.channel.write(ByteBuffer(string: "\(index),")))
        }
        pair.client.channel.flush()
        let buffers = try pair.client.takeCiphertext()
        #expect(buffers.count == 1)
        #expect(records(buffers).count == 1)
        for future in futures { try future.wait() }
        for buffer in buffers { try pair.server.channel.writeInbound(buffer) }
        let expected = (0..<100).map { "\($0)," }.joined()
        #expect(pair.server.recorder.plaintext == Array(expected.utf8))
        #expect(pair.server.recorder.reads == 1)
    }

    @Test func flushesWhileReadingAreOneRecord() throws {
        let pair = try open()
        defer { pair.finish() }
        pair.server.recorder.onRead = { context, _ in
            for _ in 0..<10 { context.writeAndFlush(NIOAny(ByteBuffer(string: "x")), promise: nil) }
        }
        _ = pair.client.send("go")
        for buffer in try pair.client.takeCiphertext() {
            try pair.server.channel.writeInbound(buffer)
        }
        let answer = try pair.server.takeCiphertext()
        #expect(records(answer).count == 1)
        #expect(answer.count == 1)
    }

    @Test(arguments: [1, 16_383, 16_384, 16_385, 32_768, 65_536, 65_537, 1 << 20])
    func everyLengthArrives(_ byteCount: Int) throws {
        let pair = try open()
        defer { pair.finish() }
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let done = pair.client.channel.writeAndFlush(ByteBuffer(bytes: bytes))
        let ciphertext = try pair.client.takeCiphertext()
        #expect(records(ciphertext).count == (byteCount + 16_383) / 16_384)
        try done.wait()
        for buffer in ciphertext { try pair.server.channel.writeInbound(buffer) }
        #expect(pair.server.recorder.plaintext == bytes)
    }

    @Test func writesOfAnySizesArriveInOrder() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("writesOfAnySizesArriveInOrder: seed \(seed)")
        var random = SplitMix64(state: seed)
        let pair = try open()
        defer { pair.finish() }
        var expected: [UInt8] = []
        for _ in 0..<200 {
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let limit = [0, 1, 100, 16_384, 16_385, 70_000].randomElement(using: &random) ?? 0
                let byteCount = Int.random(in: 0...limit, using: &random)
                let bytes = [UInt8](
                    repeating: .random(in: 0...255, using: &random),
                    count: byteCount
                )
                expected += bytes
                pair.client.channel.write(ByteBuffer(bytes: bytes), promise: nil)
            }
            pair.client.channel.flush()
            // The network cuts where it likes.
            for var buffer in try pair.client.takeCiphertext() {
                while buffer.readableBytes > 0 {
                    let cut = min(buffer.readableBytes, Int.random(in: 1...20_000, using: &random))
                    if let part = buffer.readSlice(length: cut) {
                        try pair.server.channel.writeInbound(part)
                    }
                }
            }
        }
        #expect(pair.server.recorder.plaintext == expected)
    }

    @Test func anEmptyWriteCompletesWithoutARecord() throws {
        let pair = try open()
        defer { pair.finish() }
        try pair.client.channel.writeAndFlush(ByteBuffer()).wait()
        #expect(try pair.client.takeCiphertext().isEmpty)
    }

    @Test func whatAChannelDoesNotTakeWaitsAsPlaintext() throws {
        let pair = try open()
        defer { pair.finish() }
        pair.client.setWritable(false)
        let written = pair.client.send("later")
        #expect(try pair.client.takeCiphertext().isEmpty)
        pair.client.setWritable(true)
        #expect(records(try pair.client.takeCiphertext()).count == 1)
        try written.wait()
    }

    @Test func aByteThatIsChangedEndsTheConnection() throws {
        let pair = try open()
        defer { pair.finish() }
        _ = pair.client.send("secret")
        for var buffer in try pair.client.takeCiphertext() {
            buffer.setInteger(
                buffer.getInteger(at: buffer.writerIndex - 1, as: UInt8.self).map { $0 ^ 1 } ?? 0,
                at: buffer.writerIndex - 1
            )
            try pair.server.channel.writeInbound(buffer)
        }
        #expect(pair.server.recorder.reason == .protocolError)
        #expect(pair.server.recorder.plaintext.isEmpty)
        try pair.pump()
        #expect(pair.client.recorder.reason == .peerAlert)
    }

    @Test func garbageAfterTheHandshakeEndsTheConnection() throws {
        let pair = try open()
        defer { pair.finish() }
        try pair.server.channel.writeInbound(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
        #expect(pair.server.recorder.errors.count == 1)
        pair.loop.advanceTime(by: .seconds(1))
        #expect(!pair.server.channel.isActive)
    }
}
