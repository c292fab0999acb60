import CabinetTLS
import NIOCore
import NIOEmbedded
import Testing

@Suite struct ClosingTests {
    private func open(allowsHalfClosure: Bool = false) throws -> EmbeddedPair {
        var limits = TLSLimits()
        limits.allowsHalfClosure = allowsHalfClosure
        let pair = try EmbeddedPair(
            makeServer(),
            makeClient(),
            serverLimits: limits,
            clientLimits: limits
        )
        try pair.pump()
        try #require(pair.client.recorder.handshake != nil)
        return pair
    }

    @Test func aCloseIsSeenAsOneAndAnswered() throws {
        let pair = try open()
        let last = pair.client.send("goodbye")
        let closed = pair.client.channel.close()
        try last.wait()
        #expect(pair.client.channel.isActive)
        try pair.pump()
        try closed.wait()
        #expect(pair.server.recorder.plaintext == Array("goodbye".utf8))
        #expect(pair.server.recorder.isInputClosed)
        #expect(pair.server.recorder.errors == [])
        #expect(pair.client.recorder.errors == [])
        #expect(!pair.client.channel.isActive)
        #expect(!pair.server.channel.isActive)
        pair.finish()
    }

    @Test func bothMayCloseAtOnce() throws {
        let pair = try open()
        let first = pair.client.channel.close()
        let second = pair.server.channel.close()
        let third = pair.server.channel.close()
        try pair.pump()
        try first.wait()
        try second.wait()
        try third.wait()
        #expect(pair.server.recorder.errors == [])
        #expect(pair.client.recorder.errors == [])
        pair.finish()
    }

    @Test func theEndWithoutCloseNotifyIsTruncation() throws {
        let pair = try open()
        defer { pair.finish() }
        pair.server.breakOff()
        #expect(pair.server.recorder.errors.map(\.reason) == [.truncated])
        #expect(!pair.server.recorder.isInputClosed)
        #expect(pair.server.recorder.isInactive)
    }

    @Test func theEndOfInputWithoutCloseNotifyIsTruncation() throws {
        let pair = try open()
        defer { pair.finish() }
        pair.server.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(pair.server.recorder.errors.map(\.reason) == [.truncated])
        #expect(!pair.server.channel.isActive)
    }

    @Test func aPeerThatDoesNotAnswerACloseIsNotWaitedForForever() throws {
        let pair = try open()
        defer { pair.finish() }
        let closed = pair.client.channel.close()
        pair.loop.advanceTime(by: .milliseconds(999))
        #expect(pair.client.channel.isActive)
        pair.loop.advanceTime(by: .milliseconds(1))
        #expect(!pair.client.channel.isActive)
        try closed.wait()
    }

    @Test func oneDirectionMayEndBeforeTheOther() throws {
        let pair = try open(allowsHalfClosure: true)
        _ = pair.client.send("question")
        let ended = pair.client.channel.close(mode: .output)
        try pair.pump()
        try ended.wait()
        #expect(pair.server.recorder.isInputClosed)
        #expect(pair.server.channel.isActive)
        #expect(throws: TLSError.self) { try pair.client.send("more").wait() }
        _ = pair.server.send("answer")
        try pair.pump()
        #expect(pair.client.recorder.plaintext == Array("answer".utf8))
        pair.server.channel.close(mode: .output, promise: nil)
        try pair.pump()
        #expect(pair.client.recorder.isInputClosed)
        #expect(!pair.client.channel.isActive)
        #expect(!pair.server.channel.isActive)
        #expect(pair.server.recorder.errors == [])
        #expect(pair.client.recorder.errors == [])
        pair.finish()
    }

    @Test func everyPromiseIsCompletedOnceWhenTheConnectionIsLost() throws {
        let pair = try open()
        pair.client.setWritable(false)
        let flushed = pair.client.send("flushed")
        let unflushed = pair.client.channel.write(ByteBuffer(string: "unflushed"))
        pair.client.breakOff()
        #expect(throws: TLSError.self) { try flushed.wait() }
        #expect(throws: TLSError.self) { try unflushed.wait() }
        #expect(throws: (any Error).self) { try pair.client.send("late").wait() }
        pair.finish()
    }

    @Test func aPromiseThatWritesAgainDoesNoHarm() throws {
        let pair = try open()
        pair.client.setWritable(false)
        let channel = pair.client.channel
        var inner: EventLoopFuture<Void>?
        pair.client.send("first").assumeIsolated().whenFailure { _ in
            inner = channel.writeAndFlush(ByteBuffer(string: "second"))
        }
        pair.client.breakOff()
        #expect(throws: (any Error).self) { try inner?.wait() }
        pair.finish()
    }

    @Test func whatWasFlushedIsWrittenWhenAPromiseClosesTheConnection() throws {
        let pair = try open()
        let channel = pair.client.channel
        let bytes = ByteBuffer(repeating: 7, count: 100_000)
        channel.write(ByteBuffer(string: "a")).assumeIsolated().whenComplete { _ in
            channel.close(promise: nil)
        }
        for _ in 0..<3 { channel.write(bytes, promise: nil) }
        channel.flush()
        try pair.pump()
        #expect(pair.server.recorder.plaintext.count == 300_001)
        #expect(pair.server.recorder.isInputClosed)
        #expect(pair.server.recorder.errors == [])
        pair.finish()
    }

    @Test func writesBeforeTheHandshakeFailWithItsError() throws {
        let loop = EmbeddedEventLoop()
        // Handlers leave a closed pipeline on a later tick.
        defer { loop.advanceTime(by: .seconds(10)) }
        let client = try EmbeddedEnd(TLSHandler(makeClient(), serverName: "localhost"), loop: loop)
        let written = client.send("early")
        loop.advanceTime(by: .seconds(5))
        #expect(throws: TLSError.self) { try written.wait() }
        #expect(client.recorder.reason == .handshakeTimeout)
    }

    @Test func inputAloneCannotBeClosed() throws {
        let pair = try open()
        defer { pair.finish() }
        #expect(throws: ChannelError.self) { try pair.client.channel.close(mode: .input).wait() }
    }
}
