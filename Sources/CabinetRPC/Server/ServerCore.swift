internal import CabinetCodec
internal import CabinetWire
internal import Logging
internal import NIOCore

/// A server without its transport: the methods, and the connections that are served.
final class ServerCore: Sendable {
    let environment: ServerEnvironment
    let loops = ServerLoops()
    private let configuration: RPCServerConfiguration

    init(_ router: MethodRouter, _ configuration: RPCServerConfiguration, _ logger: Logger) {
        environment = ServerEnvironment(
            router.withStandardServices(of: configuration),
            configuration: configuration,
            logger: logger
        )
        self.configuration = configuration
    }

    /// Refuses a connection that came too late: GOAWAY in place of HELLO (CWP/1, rule 1.3).
    func refuse(_ transport: any SessionTransport, _ loop: ServerLoop) {
        var output = FrameOutput()
        let goAway = GoAway(
            reason: .drain,
            reconnectAfterMs: reconnectAfterMilliseconds,
            message: "the server is stopping"
        )
        loop.context.encoder.encode(goAway) { byteCount, write in
            output.append(
                FrameHeader(type: .goAway, id: 0, bodyByteCount: byteCount),
                loop.context,
                message: byteCount,
                write
            )
        }
        transport.writeAndFlush(output.take())
        transport.close()
    }

    private var reconnectAfterMilliseconds: UInt32 {
        let spread = max(0, configuration.reconnectSpread.nanoseconds / 1_000_000)
        return UInt32.random(in: 0...UInt32(clamping: spread))
    }

    /// Tells all clients to go, and waits until they have gone: no longer than the grace and a second.
    func drain() async {
        // First, so that those who watch learn it before they are told to go.
        configuration.health?.drain()
        let grace = Interval(nanoseconds: UInt64(max(0, configuration.drainGrace.nanoseconds)))
        for loop in loops.all {
            let done = loop.context.eventLoop.flatSubmit { [self] in
                loop.drain(grace: grace) { reconnectAfterMilliseconds }
                return loop.whenEmpty()
            }
            // A loop that was shut down has no connections.
            try? await done.get()
        }
    }
}
