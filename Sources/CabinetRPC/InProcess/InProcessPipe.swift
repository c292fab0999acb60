internal import CabinetTLS
package import NIOCore

/// One end of a connection within the process. What is written at one end arrives at the other in the
/// next tick of their event loop, as it was written.
///
/// `@unchecked Sendable`: it is used on its event loop alone.
package final class InProcessPipe: SessionTransport, @unchecked Sendable {
    /// What is on its way before ``isWritable`` says that it is enough.
    static let highWaterBytes = 65_536

    package let eventLoop: any EventLoop
    private var other: InProcessPipe?
    private var session: (any Session)?
    private var bytesUnderWay = 0
    private var isClosed = false
    /// Whether the other end takes nothing, as one whose network is gone.
    private var isStalled = false
    private var stalled: [ByteBuffer] = []
    /// Whether the connection has ended behind what this end has not taken.
    private var endsAfterStall = false

    private init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Two ends that are joined.
    static func pair(on eventLoop: any EventLoop) -> (InProcessPipe, InProcessPipe) {
        let ends = (InProcessPipe(eventLoop), InProcessPipe(eventLoop))
        ends.0.other = ends.1
        ends.1.other = ends.0
        return ends
    }

    func attach(_ session: any Session) {
        self.session = session
    }

    package var isWritable: Bool { bytesUnderWay < Self.highWaterBytes }

    package func writeAndFlush(_ bytes: ByteBuffer) {
        guard !isClosed else { return }
        bytesUnderWay += bytes.readableBytes
        eventLoop.execute { [self] in other?.arrive(bytes) }
    }

    package func close() {
        guard !isClosed else { return }
        isClosed = true
        eventLoop.execute { [self] in
            other?.end()
            end()
        }
    }

    /// Lets this end take nothing from now on, or again.
    package func stall(_ isStalled: Bool) {
        self.isStalled = isStalled
        guard !isStalled else { return }
        let late = stalled
        stalled = []
        for bytes in late { arrive(bytes) }
        if endsAfterStall { end() }
    }

    private func arrive(_ bytes: ByteBuffer) {
        guard !isStalled else { return stalled.append(bytes) }
        session?.received(bytes)
        session?.finishedReading()
        other?.taken(bytes.readableBytes)
    }

    private func taken(_ byteCount: Int) {
        let wasWritable = isWritable
        bytesUnderWay -= byteCount
        if !wasWritable, isWritable { session?.writabilityChanged() }
    }

    private func end() {
        isClosed = true
        // What was written before the end arrives before it, as on a socket.
        endsAfterStall = isStalled && !stalled.isEmpty
        guard !endsAfterStall else { return }
        let session = session
        self.session = nil
        other = nil
        session?.closed()
    }
}

/// A session that hands everything to closures: for tests that speak the protocol by hand.
private final class RawSession: Session {
    private let onBytes: (ByteBuffer) -> Void
    private let onClosed: () -> Void

    init(onBytes: @escaping (ByteBuffer) -> Void, onClosed: @escaping () -> Void) {
        self.onBytes = onBytes
        self.onClosed = onClosed
    }

    func received(_ bytes: ByteBuffer) { onBytes(bytes) }
    func finishedReading() {}
    func writabilityChanged() {}
    func failed(_ error: any Error) {}
    func closed() { onClosed() }
}

extension InProcessPipe {
    /// Receives what arrives at this end.
    package func attach(
        onBytes: @escaping (ByteBuffer) -> Void,
        onClosed: @escaping () -> Void
    ) {
        attach(RawSession(onBytes: onBytes, onClosed: onClosed))
    }
}
