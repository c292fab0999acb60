import CabinetRPC
import CabinetTLS
import CabinetWire
import Glibc
import NIOCore
import NIOPosix

/// Somebody who follows a meeting and does as little as can be done for it, so that thousands of them fit
/// one thread: it looks at sequence numbers, and comes back after the last that it has.
///
/// It belongs to the event loop of its ``FollowerGroup``.
final class Follower {
    /// Socket buffers of one who is to stop reading: what the system takes in the reader's place is small,
    /// as on a real network, where the loopback would take megabytes.
    private static let smallReceiveBytes = 4_096
    private static let segmentBytes = 1_400
    private static let connectTimeout = TimeAmount.seconds(10)

    private let target: SocketAddress
    /// The address to come from; `nil` for the system's choice.
    private let source: SocketAddress?
    /// In the server's certificate.
    private let serverName: String
    /// Of its own, since a context keeps one session to be resumed.
    private let tls: TLSClientContext
    private let request: [UInt8]
    private let backoff = Backoff()
    private unowned let group: FollowerGroup
    private var generator: SeededGenerator

    private var connection: FollowerConnection?
    /// Connections that failed, one after the other.
    private var failures = 0
    private var isWanted = false
    private(set) var isReading = true
    /// Whether it has all that there was when it subscribed, and gets what comes.
    private(set) var isLive = false
    /// The last event that it has; `nil` where it has nothing, or is to forget it.
    private(set) var place: CallHeader.Resume?
    /// The last event that it is to go on from, also where the server cannot.
    private var wantedAfter: UInt64?
    /// Since when it tries to be live again.
    private var awaySince: NIODeadline?
    /// Whether it is one of those who may stop reading.
    let hasSmallBuffers: Bool

    init(
        of group: FollowerGroup,
        at target: SocketAddress,
        from source: SocketAddress?,
        serverName: String,
        _ tls: TLSClientContext,
        request: [UInt8],
        hasSmallBuffers: Bool,
        generator: SeededGenerator
    ) {
        self.group = group
        self.target = target
        self.source = source
        self.serverName = serverName
        self.tls = tls
        self.request = request
        self.hasSmallBuffers = hasSmallBuffers
        self.generator = generator
    }

    // MARK: - From the group

    /// Connects, and again whenever the connection ends.
    func follow() {
        isWanted = true
        awaySince = .now()
        connect()
    }

    /// Forgets what it has, as a program does that is started anew.
    func forget() {
        place = nil
        wantedAfter = nil
    }

    /// Ends the connection without a word.
    ///
    /// - Parameter isWanted: Whether it is to come back at once.
    func drop(andReturn isWanted: Bool) {
        self.isWanted = isWanted
        isLive = false
        failures = 0
        awaySince = .now()
        guard let connection else { return }
        self.connection = nil
        connection.cut()
        if isWanted { connect() }
    }

    /// Stops reading, or goes on.
    func setReading(_ isReading: Bool) {
        self.isReading = isReading
        connection?.setReading(isReading)
    }

    // MARK: - Its connection

    private func connect() {
        guard isWanted, connection == nil else { return }
        let handler = FollowerConnection(self, request: request, after: place)
        connection = handler
        var bootstrap = ClientBootstrap(group: group.eventLoop)
            .connectTimeout(Self.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.maxMessagesPerRead, value: 1)
        if let source { bootstrap = bootstrap.bind(to: source) }
        if hasSmallBuffers {
            bootstrap =
                bootstrap
                .channelOption(.socketOption(.so_rcvbuf), value: .init(Self.smallReceiveBytes))
                .channelOption(
                    .tcpOption(NIOBSDSocket.Option(rawValue: TCP_MAXSEG)),
                    value: .init(Self.segmentBytes)
                )
        }
        let parts = NIOLoopBound((tls, handler, serverName), eventLoop: group.eventLoop)
        bootstrap.channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let (tls, handler, serverName) = parts.value
                var limits = TLSLimits()
                limits.maxHandshakesPerLoop = .max
                try channel.pipeline.syncOperations.addHandlers([
                    handler.socketEnd,
                    TLSHandler(tls, serverName: serverName, limits: limits), handler,
                ])
            }
        }.connect(to: target).assumeIsolated().whenFailure { [self] in ended(handler, "\($0)") }
    }

    /// The connection is over, or was never made.
    ///
    /// - Parameter reason: As far as it is known.
    func ended(_ ended: FollowerConnection, _ reason: String?) {
        guard connection === ended else { return }
        connection = nil
        if isLive { awaySince = .now() }
        failures += 1
        group.lost(self, reason)
        isLive = false
        guard isWanted else { return }
        let pause = backoff.pause(afterFailures: failures, using: &generator)
        group.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) { [self] in
            connect()
        }
    }

    /// The handshake is done.
    func connected(isResumed: Bool) {
        group.connected(isResumed: isResumed)
    }

    /// It has, from now on, what comes.
    func becameLive() {
        isLive = true
        failures = 0
        group.becameLive(awaySince.map { .now() - $0 } ?? .zero)
        awaySince = nil
    }

    /// The server cannot go on from its place.
    func placeIsStale() { place = nil }

    /// Events have arrived, in order: the first of them, and the last.
    func arrived(from first: UInt64, _ place: CallHeader.Resume) {
        self.place = place
        wantedAfter = place.sequence
        group.arrived(self, first...place.sequence)
    }

    func tookSnapshot(_ place: CallHeader.Resume) {
        self.place = place
        let last = wantedAfter ?? place.sequence
        group.tookSnapshot(self, place.sequence, passedOver: max(last, place.sequence) - last)
        wantedAfter = place.sequence
    }

    /// The server has broken its word.
    func found(_ error: any Error) { group.found("\(error)") }
}
