internal import CabinetCodec
internal import CabinetTLS
internal import CabinetWire
internal import Logging
internal import NIOCore

/// A server without its transport: the methods, and the connections that are served.
final class ServerCore: Sendable {
    let environment: ServerEnvironment
    let loops = ServerLoops()
    let peers: PeerCounts
    private let configuration: RPCServerConfiguration

    init(_ router: MethodRouter, _ configuration: RPCServerConfiguration, _ logger: Logger) {
        environment = ServerEnvironment(
            router.withStandardServices(of: configuration),
            configuration: configuration,
            logger: logger
        )
        self.configuration = configuration
        peers = PeerCounts(limit: configuration.admission.maxConnectionsPerPeer)
    }

    /// Why a connection with a peer is refused now; `nil` where it is not. One that is not is counted
    /// until ``PeerCounts/remove(_:)``.
    func refusal(of peer: PeerIdentity, _ loop: ServerLoop) -> GoAway? {
        guard loop.drainGrace == nil else {
            return GoAway(
                reason: .drain,
                reconnectAfterMs: reconnectAfterMilliseconds,
                message: "the server is stopping"
            )
        }
        if let refusal = configuration.refusal?(peer) {
            report(peer, "REFUSED", loop)
            return GoAway(reason: .revoked, message: refusal)
        }
        guard peers.add(peer) else {
            report(peer, "TOO_MANY_CONNECTIONS_OF_PEER", loop)
            return GoAway(
                reason: .limitExceeded,
                reconnectAfterMs: reconnectAfterMilliseconds,
                message: "there are as many connections with this certificate as there may be"
            )
        }
        return nil
    }

    private func report(_ peer: PeerIdentity, _ reason: String, _ loop: ServerLoop) {
        environment.metrics.refused(reason)
        environment.strangers.write(
            .notice,
            environment.logger,
            "no connection",
            ["peer": "\(peer.publicKeyFingerprint)", "reason": "\(reason)"],
            at: Timestamp(loop.context.eventLoop.now)
        )
    }

    /// Refuses a connection: GOAWAY in place of HELLO (CWP/1, rule 1.3).
    func refuse(_ transport: any SessionTransport, _ loop: ServerLoop, _ goAway: GoAway) {
        var output = FrameOutput()
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
        // All at the same time: the grace is the same for every client.
        let done = loops.beginDrain(grace: grace).map { loop in
            loop.context.eventLoop.flatSubmit { [self] in
                loop.drain(grace: grace) { reconnectAfterMilliseconds }
                return loop.whenEmpty()
            }
        }
        // A loop that was shut down has no connections.
        for done in done { try? await done.get() }
        let running = environment.runningTasks
        if running > 0 {
            environment.logger.warning(
                "handlers are still running after the time to finish",
                metadata: ["handlers": "\(running)"]
            )
        }
    }
}
