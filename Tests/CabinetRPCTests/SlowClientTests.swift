import CabinetAPI
import CabinetCodec
import CabinetDiagnostics
import CabinetTLS
import CabinetWire
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import CabinetRPC

/// A client that takes what is written slowly has not stalled; one that takes nothing has.
@Suite struct SlowClientTests {
    /// A transport that is full, of which the peer takes some when a test says so.
    private final class FullTransport: SessionTransport {
        let eventLoop: any EventLoop
        var isWritable = false
        var isClosed = false

        init(_ eventLoop: any EventLoop) {
            self.eventLoop = eventLoop
        }

        func writeAndFlush(_ bytes: ByteBuffer) {}
        func close() { isClosed = true }
    }

    @Test(arguments: [true, false])
    func onlyAClientThatTakesNothingIsCutOff(takesSome: Bool) throws {
        let eventLoop = EmbeddedEventLoop()
        let transport = FullTransport(eventLoop)
        var configuration = RPCServerConfiguration()
        configuration.liveness.ping = nil
        let core = ServerCore(
            MethodRouter(),
            configuration,
            Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let session = ServerSession(
            core.environment,
            peer: PeerIdentity(
                subject: "CN=slow",
                publicKeyFingerprint: PeerIdentity.Fingerprint(bytes: [])
            ),
            transport: transport,
            loop: LoopContext(eventLoop),
            remoteAddress: "nowhere"
        )
        session.open()
        let hello = Hello(versions: [1]).serialized()
        var bytes = ByteBuffer()
        bytes.writeInteger(FrameHeader(type: .hello, id: 0, bodyByteCount: hello.count).word)
        bytes.writeBytes(hello)
        session.received(bytes)
        session.finishedReading()
        // Every six seconds the peer takes so much that the transport has room, which what waited
        // behind fills at once: the session sees it full each time.
        for _ in 0..<5 {
            eventLoop.advanceTime(by: .seconds(6))
            if takesSome { session.writabilityChanged() }
        }
        #expect(transport.isClosed == !takesSome)
        session.closed()
    }
}
