internal import CabinetCodec
internal import CabinetTLS
internal import CabinetWire
internal import Logging
internal import NIOCore

/// A server without its transport: the methods, and the connections that are served.
final class ServerCore: Sendable {
    let environment: ServerEnvironment
    let loops = ServerLoops()
    let peers: ConnectedPeers
    private let configuration: RPCServerConfiguration
    private let reviews = SharedRun()
    private let subscriptionReviews = SharedRun()
    private let verdict: (@Sendable (PeerIdentity) -> IdentityVerdict)?

    /// - Parameter verdict: What is to be thought of the certificate of somebody who is connected; `nil`
    ///   where there are none.
    init(
        _ router: MethodRouter,
        _ configuration: RPCServerConfiguration,
        _ logger: Logger,
        verdict: (@Sendable (PeerIdentity) -> IdentityVerdict)? = nil
    ) {
        environment = ServerEnvironment(
            router.withStandardServices(of: configuration),
            configuration: configuration,
            logger: logger
        )
        self.configuration = configuration
        self.verdict = verdict
        peers = configuration.connectedPeers
    }

    /// Why a connection with a peer is refused now; `nil` where it is not. One that is not is counted
    /// until ``ConnectedPeers/remove(_:)``.
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
        guard peers.add(peer, limit: configuration.admission.maxConnectionsPerPeer) else {
            report(peer, "TOO_MANY_CONNECTIONS_OF_PEER", loop)
            return GoAway(
                reason: .limitExceeded,
                reconnectAfterMs: reconnectAfterMilliseconds,
                message: "there are as many connections with this certificate as there may be"
            )
        }
        return nil
    }

    /// Ends the connections and subscriptions of those who may not have them any more. Where this is called
    /// again while it runs, one more look serves all who call.
    func review() async {
        environment.accessChanged()
        await reviews.run { [self] in
            await reviewPeers()
            await endRefusedSubscriptions()
        }
    }

    /// The same of subscriptions alone: from now on nothing is sent to those who may not have it any more, and
    /// soon they are told so.
    func subscriptionAccessChanged() {
        environment.accessChanged()
        Task { await subscriptionReviews.run { [self] in await endRefusedSubscriptions() } }
    }

    private func endRefusedSubscriptions() async {
        _ = await loops.onEach { loop in
            for connection in Array(loop.connections.values) { connection.reviewSubscriptions() }
        }
    }

    private func reviewPeers() async {
        let peers = await loops.onEach { loop in loop.connections.values.compactMap(\.peer) }
        var refused: [PeerIdentity: (reason: String, explanation: String)] = [:]
        for peer in Set(peers.joined()) {
            if case .refused(let error)? = verdict?(peer) {
                refused[peer] = (error.reason.rawValue, error.explanation)
            } else if let explanation = configuration.refusal?(peer) {
                refused[peer] = ("REFUSED", explanation)
            }
        }
        guard !refused.isEmpty else { return }
        let verdicts = refused
        _ = await loops.onEach { loop in
            for connection in Array(loop.connections.values) {
                guard let peer = connection.peer, let verdict = verdicts[peer] else { continue }
                connection.end(.revoked, verdict.explanation)
            }
        }
        for (peer, verdict) in refused {
            environment.logger.notice(
                "ended the connections of a client",
                metadata: [
                    "peer": "\(peer.publicKeyFingerprint)", "subject": "\(peer.subject)",
                    "reason": "\(verdict.reason)",
                ]
            )
        }
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
