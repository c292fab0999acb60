import CabinetLocks
import CabinetRPC
import CabinetTLS
import Logging
import NIOCore
import NIOPosix

/// The link of a device to a server within the process, which a test cuts and stalls.
final class CutLink: Sendable {
    /// Both ends of a connection's way. Used on the event loop.
    private struct Way {
        let client: InProcessPipe
        let server: InProcessPipe
    }

    private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    private let peer: PeerIdentity
    private let server: @Sendable () -> InProcessServer?
    private let ways: NIOLoopBoundBox<[Way]>
    private let isStalled: NIOLoopBoundBox<Bool>

    /// - Parameter server: The one that there is now; `nil` where there is none.
    init(as peer: PeerIdentity, _ server: @escaping @Sendable () -> InProcessServer?) {
        self.peer = peer
        self.server = server
        ways = .makeBoxSendingValue([], eventLoop: eventLoop)
        isStalled = .makeBoxSendingValue(false, eventLoop: eventLoop)
    }

    /// A client whose connections go this way.
    func client(_ configuration: RPCClientConfiguration) -> RPCClient {
        RPCClient(
            inProcessOn: eventLoop,
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { [self] client in connect(client) }
    }

    private func connect(_ client: InProcessPipe) {
        guard let server = server()?.connect(as: peer, on: eventLoop) else {
            // In the next tick: the client has not begun its session yet.
            return eventLoop.execute { client.close() }
        }
        client.attach(
            onBytes: { server.writeAndFlush($0) },
            onClosed: { server.close() }
        )
        server.attach(
            onBytes: { client.writeAndFlush($0) },
            onClosed: { client.close() }
        )
        server.stall(isStalled.value)
        ways.value.append(Way(client: client, server: server))
    }

    /// Ends all connections.
    func cut() {
        eventLoop.execute { [self] in
            for way in ways.value {
                way.server.stall(false)
                way.client.close()
                way.server.close()
            }
            ways.value = []
        }
    }

    /// Lets nothing through to the client from now on, or again.
    func stall(_ stalls: Bool) {
        eventLoop.execute { [self] in
            isStalled.value = stalls
            for way in ways.value { way.server.stall(stalls) }
        }
    }
}
