import CabinetTLS
import NIOCore
import NIOEmbedded
import Testing

/// Tests of plaintext that goes past the pipeline.
@Suite struct ReceiverTests {
    /// Writes down what it gets, in the order in which it does.
    private final class Receiver: TLSReceiver {
        var events: [String] = []
        var onFinished: () -> Void = {}

        func received(_ plaintext: ByteBuffer) {
            events.append(String(buffer: plaintext))
        }

        func finishedReading() {
            events.append("finished")
            onFinished()
        }
    }

    /// A pair, and the handler of its server.
    private func open(isShaken: Bool = true) throws -> (EmbeddedPair, TLSHandler) {
        let pair = try EmbeddedPair(makeServer(), makeClient())
        if isShaken {
            try pair.pump()
            try #require(pair.client.recorder.handshake != nil)
        }
        let handler = try pair.server.channel.pipeline.syncOperations.handler(type: TLSHandler.self)
        return (pair, handler)
    }

    private func text(_ end: EmbeddedEnd) -> String {
        String(decoding: end.recorder.plaintext, as: UTF8.self)
    }

    @Test func aReceiverGetsPlaintextInPlaceOfTheNextHandler() throws {
        let (pair, handler) = try open()
        defer { pair.finish() }
        let receiver = Receiver()
        handler.deliver(to: receiver)
        _ = pair.client.send("one")
        try pair.pump()
        _ = pair.client.send("two")
        try pair.pump()
        #expect(receiver.events == ["one", "finished", "two", "finished"])
        #expect(pair.server.recorder.reads == 0)
    }

    @Test func whatAReceiverSaysWhenItHasReadIsWrittenAtOnce() throws {
        let (pair, handler) = try open()
        defer { pair.finish() }
        let receiver = Receiver()
        receiver.onFinished = { handler.writeAndFlush(ByteBuffer(string: "answer")) }
        handler.deliver(to: receiver)
        _ = pair.client.send("question")
        for buffer in try pair.client.takeCiphertext() {
            try pair.server.channel.writeInbound(buffer)
        }
        let written = try pair.server.takeCiphertext()
        #expect(written.count == 1)
        for buffer in written { try pair.client.channel.writeInbound(buffer) }
        #expect(text(pair.client) == "answer")
    }

    @Test func theEndOfTheConnectionStillComesAlongThePipeline() throws {
        let (pair, handler) = try open()
        defer { pair.finish() }
        handler.deliver(to: Receiver())
        pair.client.channel.close(promise: nil)
        try pair.pump()
        #expect(pair.server.recorder.isInputClosed)
        #expect(pair.server.recorder.isInactive)
    }

    @Test func aReceiverIsLetGoWithItsConnection() throws {
        let (pair, handler) = try open()
        weak var gone: Receiver?
        do {
            let receiver = Receiver()
            gone = receiver
            handler.deliver(to: receiver)
        }
        #expect(gone != nil)
        pair.server.breakOff()
        #expect(gone == nil)
        let late = Receiver()
        gone = late
        handler.deliver(to: late)
        #expect(late.events.isEmpty)
        pair.finish()
    }

    @Test func writesKeepTheirOrderWithThoseOfTheNextHandler() throws {
        let (pair, handler) = try open()
        defer { pair.finish() }
        pair.server.channel.write(ByteBuffer(string: "1"), promise: nil)
        handler.writeAndFlush(ByteBuffer(string: "2"))
        handler.writeAndFlush(ByteBuffer(string: "3"))
        pair.server.channel.writeAndFlush(ByteBuffer(string: "4"), promise: nil)
        try pair.pump()
        #expect(text(pair.client) == "1234")
    }

    @Test func aWriteWaitsForTheHandshake() throws {
        let (pair, handler) = try open(isShaken: false)
        defer { pair.finish() }
        handler.writeAndFlush(ByteBuffer(string: "early"))
        #expect(text(pair.client) == "")
        try pair.pump()
        #expect(text(pair.client) == "early")
    }

    @Test func aWriteWaitsForAChannelThatTakesNoMore() throws {
        let (pair, handler) = try open()
        defer { pair.finish() }
        pair.server.setWritable(false)
        handler.writeAndFlush(ByteBuffer(string: "1"))
        handler.writeAndFlush(ByteBuffer(string: "2"))
        try #expect(pair.server.takeCiphertext().isEmpty)
        pair.server.setWritable(true)
        handler.writeAndFlush(ByteBuffer(string: "3"))
        try pair.pump()
        #expect(text(pair.client) == "123")
    }

    @Test(arguments: [65_536, 65_537, 300_000])
    func aLongWriteArrivesAsItIs(_ byteCount: Int) throws {
        let (pair, handler) = try open()
        defer { pair.finish() }
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        handler.writeAndFlush(ByteBuffer(bytes: bytes))
        try pair.pump()
        #expect(pair.client.recorder.plaintext == bytes)
    }

    @Test func nothingIsWrittenAfterTheEnd() throws {
        let (pair, handler) = try open()
        defer { pair.finish() }
        pair.server.channel.close(promise: nil)
        handler.writeAndFlush(ByteBuffer(string: "late"))
        try pair.pump()
        handler.writeAndFlush(ByteBuffer(string: "later"))
        #expect(text(pair.client) == "")
        #expect(pair.client.recorder.errors == [])
    }
}
