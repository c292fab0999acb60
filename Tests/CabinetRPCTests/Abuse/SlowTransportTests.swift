import CabinetCodec
import CabinetTLS
import CabinetWire
import NIOCore
import NIOEmbedded
import Testing

@testable import CabinetRPC

/// A server's connection whose client takes what is written in parts, and slowly.
@Suite struct SlowTransportTests {
    /// A transport as TLS is: when its socket has taken some, it writes of what it holds itself, and is
    /// as full as before when the session looks.
    private final class Transport: SessionTransport {
        let eventLoop: any EventLoop
        var isWritable = true
        var isClosed = false

        init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

        func writeAndFlush(_ bytes: ByteBuffer) { isWritable = false }
        func close() { isClosed = true }
    }

    private static func session(
        on eventLoop: EmbeddedEventLoop
    ) -> (ServerSession, Transport) {
        let transport = Transport(eventLoop)
        let core = ServerCore(MethodRouter(), RPCServerConfiguration(), LogRecorder().logger)
        let session = ServerSession(
            core.environment,
            peer: PeerIdentity(
                subject: "CN=test",
                publicKeyFingerprint: .init(bytes: Array(repeating: 1, count: 32))
            ),
            transport: transport,
            loop: LoopContext(eventLoop),
            remoteAddress: "test"
        )
        session.open()
        session.received(
            ByteBuffer(bytes: HandPeer.frame(.hello, Hello(versions: [1]).serialized()))
        )
        session.finishedReading()
        eventLoop.run()
        // An answer that has to wait.
        session.received(ByteBuffer(bytes: HandPeer.frame(.ping, HandPeer.bytes(1))))
        session.finishedReading()
        eventLoop.run()
        return (session, transport)
    }

    @Test("A client that takes some of what is written every few seconds is not stalled")
    func slow() {
        let eventLoop = EmbeddedEventLoop()
        let (session, transport) = Self.session(on: eventLoop)
        for _ in 0..<3 {
            eventLoop.advanceTime(by: .seconds(6))
            #expect(!transport.isClosed)
            // It was writable for a moment.
            session.writabilityChanged()
        }
        #expect(!transport.isClosed)
        eventLoop.advanceTime(by: .milliseconds(9_999))
        #expect(!transport.isClosed)
        eventLoop.advanceTime(by: .milliseconds(1))
        #expect(transport.isClosed)
        session.closed()
    }
}
